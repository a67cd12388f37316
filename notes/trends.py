"""Trends: how a topic or a phrase rises and falls against the volume of everything that came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["Period", "Trend", "TrendClass", "TrendKind", "lines"]


_SHOWN = 0.001  # the smallest q-value that is written out


class TrendKind(StrEnum):
    """What rises or falls."""

    TOPIC = "topic"
    PHRASE = "phrase"


class TrendClass(StrEnum):
    """How it goes, as far as a test can tell."""

    EMERGING = "emerging"
    RISING = "rising"
    STEADY = "steady"
    FADING = "fading"
    ASLEEP = "asleep"


@dataclass(frozen=True, slots=True)
class Period:
    """The texts of the days from ``start`` to ``end`` (both included): how many hold it, of how many that came in."""

    start: date
    end: date
    count: int
    volume: int

    @property
    def share(self) -> float:
        """The share of all texts of the period, 0 where nothing came in."""
        return self.count / self.volume if self.volume else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The course of a topic or a phrase, ``rank`` 1 for the rise likeliest to last.

    ``recent`` texts in the last ``span`` periods, ``baseline`` texts expected of these at the share of the periods before,
    ``lift`` their smoothed ratio, ``p_value`` the probability of so many or more (or, where it fades, so few or fewer) at that
    share, ``q_value`` the same after control of the false discovery rate over everything tested. ``periods`` oldest first;
    ``terms`` of a phrase are it and those that tell of the same texts; ``notes`` are the ids of the notes that bear it out,
    newest first. ``momentum`` is the greater the likelier a rise is to last: the lower bound of its logarithm.
    ``group`` is the id of the phrase in whose line one that tells of the same development stands; empty for all that have a line.
    """

    rank: int
    kind: TrendKind
    id: str
    name: str
    terms: tuple[str, ...]
    course: TrendClass
    recent: int
    baseline: float
    lift: float
    p_value: float
    q_value: float
    periods: tuple[Period, ...]
    notes: tuple[str, ...]
    span: int = 1
    momentum: float = 0.0
    group: str = ""

    @property
    def latest(self) -> Period:
        """The periods that ``recent`` counts, as one."""
        return self.over(self.periods[-self.span].start, self.periods[-1].end)

    @property
    def earlier(self) -> Period:
        """The periods before those, as one."""
        return self.over(self.periods[0].start, self.periods[-self.span - 1].end)

    @property
    def key(self) -> str:
        """What a tally calls it: kind and id."""
        return f"{self.kind.value}:{self.id}"

    def over(self, start: date, end: date) -> Period:
        """Its periods that lie within ``start`` to ``end``, as one."""
        inside = [period for period in self.periods if start <= period.start and period.end <= end]
        return Period(start, end, sum(one.count for one in inside), sum(one.volume for one in inside))

    @property
    def certainty(self) -> str:
        """The q-value as a reader may be shown it, to three digits."""
        return f"q = {self.q_value:.3f}" if self.q_value >= _SHOWN else f"q < {_SHOWN}"


def lines(trends: Sequence[Trend]) -> tuple[tuple[Trend, tuple[Trend, ...]], ...]:
    """The trends that have a line, in their order, each with those that tell of the same development behind it."""
    behind: dict[str, list[Trend]] = {}
    leading = {one.id for one in trends if one.kind is TrendKind.PHRASE}
    for one in trends:
        if one.group in leading:
            behind.setdefault(one.group, []).append(one)
    return tuple(
        (one, tuple(behind.get(one.id, ())) if one.kind is TrendKind.PHRASE else ())
        for one in trends
        if one.group not in leading
    )
