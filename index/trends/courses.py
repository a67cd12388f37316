"""How a thing goes: its class, and the order in which trends are told."""

from __future__ import annotations

from collections.abc import Sequence

from notes.trends import Trend, TrendClass

__all__ = ["MOVING", "course_of", "order"]

MOVING = frozenset({TrendClass.EMERGING, TrendClass.RISING, TrendClass.FADING})

_RISING, _FADING = 1.25, 0.75
_LITTLE = 1.0  # texts a span expected, below which what rises is new
_ASLEEP = 4  # a quarter of the periods, and two at least, without a text
_LULL = 0.5  # of the usual volume, below which periods put nothing to sleep: holidays, a laptop that was shut
_PLACES = {TrendClass.STEADY: 1, TrendClass.ASLEEP: 2, TrendClass.FADING: 3}


def course_of(
    counts: Sequence[int], volumes: Sequence[int], span: int, expected: float, lift: float, *, sure: bool
) -> TrendClass:
    """The class of what came ``counts`` times by period, ``lift`` times what was ``expected`` of the last ``span`` periods.

    ``volumes`` are all that came by period. ``sure`` says that the test bears a rise or a fall out; without that nothing is
    said to move.
    """
    quiet = max(2, span, len(counts) // _ASLEEP)
    if not any(counts[-quiet:]) and not sure and not _is_lull(volumes, quiet):
        return TrendClass.ASLEEP
    if not sure or _FADING < lift < _RISING:
        return TrendClass.STEADY
    if lift < 1:
        return TrendClass.FADING
    return TrendClass.EMERGING if expected < _LITTLE else TrendClass.RISING


def _is_lull(volumes: Sequence[int], last: int) -> bool:
    """Whether little came at all in the ``last`` periods, by what the others had."""
    before = volumes[:-last]
    return sum(volumes[-last:]) * len(before) < _LULL * sum(before) * last


def order(trend: Trend) -> tuple[int, float, float, float, str, str]:
    """The rise likeliest to last first, then what stays and what sleeps, what falls last and the surest fall at the very end."""
    falls = trend.course is TrendClass.FADING
    place = _PLACES.get(trend.course, 0)
    sure = -trend.p_value if falls else trend.p_value
    return place, 0.0 if place else -trend.momentum, sure, -trend.lift, trend.kind.value, trend.id
