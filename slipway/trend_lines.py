"""Trends as lines for a terminal: class, course over the periods, how many came and how many were expected, name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import ceil

from notes.markup.terminal import terminal
from notes.trends import Period, Trend, TrendClass, TrendKind, lines
from slipway.cells import cells, cut
from slipway.console import counted, style

__all__ = ["spark", "trend_lines"]

_BARS = "▁▂▃▄▅▆▇█"
_NONE, _GAP = "·", " "
_MOST_BARS = 24
_GAPS = "  "
_HEAD = ("", "", "now", "expected", "")
_COLOURS = {TrendClass.EMERGING: "green", TrendClass.RISING: "green", TrendClass.FADING: "red"}
_MOVING = (TrendClass.EMERGING, TrendClass.RISING, TrendClass.FADING)


def trend_lines(trends: Sequence[Trend], names: Mapping[str, str], width: int, *, every: bool) -> Iterator[str]:
    """What moves, then the other topics if ``every`` one is wanted, in lines of ``width`` cells; else how many these are.

    Phrases that tell of the same development are one line: the first of them with its numbers, the others named behind it.
    ``names`` are names of topics by id for this reader.
    """
    shown = [trend for trend in trends if every or trend.course in _MOVING]
    yield _told(trends[0])
    if shown:
        yield ""
        told = lines(shown)
        yield from _table([_row(one, names, behind) for one, behind in told], [one.course for one, _ in told], width)
    else:
        yield "nothing rises or falls for sure"
    rest = [counted_class(trends, course) for course in (TrendClass.STEADY, TrendClass.ASLEEP)]
    if not every and any(rest):
        yield ""
        yield f"{' and '.join(filter(None, rest))}; `--all` lists them"


def spark(periods: Sequence[Period]) -> str:
    """The shares of the periods as bars, the greatest the highest; a dot where none came, a blank where nothing at all came in.

    Neighbouring periods are drawn as one where there are too many for a line.
    """
    joined = _joined(periods)
    top = max((period.share for period in joined), default=0.0)
    return "".join(_bar(period, top) for period in joined)


def counted_class(trends: Sequence[Trend], course: TrendClass) -> str:
    """How many topics go like that; empty for none."""
    number = sum(trend.course is course and trend.kind is TrendKind.TOPIC for trend in trends)
    return f"{counted(number, 'topic')} {course.value}" if number else ""


def _told(trend: Trend) -> str:
    now, before = trend.latest, trend.earlier
    return f"{_days(now)}: {counted(now.volume, 'text')}; {_days(before)}: {counted(before.volume, 'text')}"


def _days(period: Period) -> str:
    first, last = period.start, period.end
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return day.isoformat()


def _row(trend: Trend, names: Mapping[str, str], behind: Sequence[Trend] = ()) -> tuple[str, ...]:
    is_topic = trend.kind is TrendKind.TOPIC
    name = names.get(trend.id, trend.name) if is_topic else f"“{', '.join(trend.terms)}”"
    also = f" (with {', '.join(one.name for one in behind)})" if behind else ""
    return (
        trend.course.value,
        spark(trend.periods),
        f"{trend.recent:,}",
        f"{trend.baseline:,.1f}",
        terminal(name + also),
    )


def _table(rows: Sequence[tuple[str, ...]], courses: Sequence[TrendClass], width: int) -> Iterator[str]:
    """Rows in columns: numbers to the right, the name cut where the line ends."""
    every = [_HEAD, *rows]
    widths = [max(cells(row[at]) for row in every) for at in range(len(_HEAD) - 1)]
    yield _line(_HEAD, widths, width)
    for row, course in zip(rows, courses, strict=True):
        line = _line(row, widths, width)
        colour = _COLOURS.get(course)
        yield style(line[: widths[0]], fg=colour) + line[widths[0] :] if colour else line


def _line(row: tuple[str, ...], widths: Sequence[int], width: int) -> str:
    first, second, *numbers = (
        " " * (room - cells(cell)) + cell if at > 1 else cell + " " * (room - cells(cell))
        for at, (cell, room) in enumerate(zip(row, widths, strict=False))
    )
    start = _GAPS.join((first, second, *numbers, ""))
    return (start + cut(row[-1], max(1, width - cells(start)))).rstrip()


def _bar(period: Period, top: float) -> str:
    if not period.volume:
        return _GAP
    return _BARS[ceil(period.share / top * len(_BARS)) - 1] if period.count else _NONE


def _joined(periods: Sequence[Period]) -> list[Period]:
    size = -(-len(periods) // _MOST_BARS) if periods else 1
    parts = [periods[max(0, end - size) : end] for end in range(len(periods), 0, -size)]
    return [
        Period(part[0].start, part[-1].end, sum(one.count for one in part), sum(one.volume for one in part))
        for part in reversed(parts)
    ]
