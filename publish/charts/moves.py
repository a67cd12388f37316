"""What rises and what falls, as bars from a line that stands for what was before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor, log2

from notes.trends import Trend
from publish.charts.lettering import cut, wide
from publish.charts.marks import LABEL, SMALL, STYLES, WIDTH, chart, combined, group, label, rect, small
from publish.charts.scales import percent
from publish.charts.svg import Element
from publish.sources.tex import plain_title
from publish.wording.words import words_for

__all__ = ["movers"]

_LEFT, _RIGHT = 1.0, WIDTH - 1.0
_TOP, _ROW, _BAR = 21.0, 33.0, 8.0
_ABOVE = 19.0  # the bar
_MOST_TICKS = 5
_LEAST_LIFT = 2.0**-10


def movers(trends: Sequence[Trend], *, lang: str, names: Sequence[str] = ()) -> str:
    """Bars from left to right for what rises, to the left for what falls, in the order of ``trends``; '' where there are none.

    A bar is as long as the logarithm of the lift; the shares beside it are those of the periods before and of the latest ones.
    ``names`` stand for the trends' own where the reader knows them by others.
    """
    if not trends:
        return ""
    words = words_for(lang)
    lifts = [log2(min(max(trend.lift, _LEAST_LIFT), 1 / _LEAST_LIFT)) for trend in trends]
    shown = [plain_title(name) for name in (names or [trend.name for trend in trends])]
    low, high = min(0, floor(min(lifts))), max(1, ceil(max(lifts)))
    unit = (_RIGHT - _LEFT) / (high - low)
    zero = _LEFT - low * unit
    bottom = _TOP + _ROW * len(trends)
    parts = [small(0, 12, words.chart_lift), *_axis(low, high, unit, len(trends))]
    told = []
    for at, (trend, name, lift) in enumerate(zip(trends, shown, lifts, strict=True)):
        before, latest = (percent(one.share) for one in (trend.earlier, trend.latest))
        parts.append(group(*_row(_TOP + at * _ROW, name, f"{before} → {latest}", (zero, zero + lift * unit))))
        told.append(words.chart_moved.format(name=name, before=before, latest=latest))
    return chart(bottom + 18, words.movements, words.semicolon.join(told), parts)


def _row(top: float, name: str, shares: str, ends: tuple[float, float]) -> Iterator[Element]:
    """Name and shares above, the bar below; one that falls is drawn in outline, so that no colour is needed to tell."""
    room = _RIGHT - _LEFT - wide(shares, LABEL) - 22
    falls = ends[1] < ends[0]
    yield label(_LEFT, top + 12, f"{'▼' if falls else '▲'} {cut(name, room, LABEL)}")
    yield label(_RIGHT, top + 12, shares, "end")
    left, width = min(ends), max(abs(ends[1] - ends[0]), 1.0)
    box = (left, top + _ABOVE, width, _BAR)
    if falls:
        yield _outlined(box)
    else:
        yield rect(box, "rise", STYLES[0].colour)


def _outlined(box: tuple[float, float, float, float]) -> Element:
    drawn = rect(box, "fall", STYLES[1].colour, "0.25")
    return Element("rect", (*drawn.attributes, ("stroke", STYLES[1].colour)))


def _axis(low: int, high: int, unit: float, rows: int) -> Iterator[Element]:
    """Ticks at powers of two beside the bars, the line at one strongest."""
    bottom = _TOP + _ROW * rows
    bars = [_TOP + _ROW * at + _ABOVE - 3 for at in range(rows)]
    step = ceil((high - low) / _MOST_TICKS)
    for power in range(-(-low // step) * step, high + 1, step):
        x = _LEFT + (power - low) * unit
        pieces = [((x, top), (x, top + _BAR + 6)) for top in bars]
        yield combined(pieces, "grid" if power else "axis", "0.25" if power else "0.7")
        words = f"×{2.0**power:,.4g}"
        half = wide(words, SMALL) / 2
        yield small(min(max(x, _LEFT + half), _RIGHT - half), bottom + 13, words, "middle")
