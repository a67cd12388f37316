"""Shares of all texts over time, as lines; as many small charts where there are too many lines for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from notes.trends import Period
from publish.charts.lettering import cut, wide, wrapped
from publish.charts.marks import (
    LABEL,
    SMALL,
    STYLES,
    WIDTH,
    Style,
    chart,
    group,
    label,
    line,
    mark,
    path,
    rect,
    small,
    strong,
)
from publish.charts.scales import Plot, percent, percent_tick, share_ticks
from publish.charts.svg import Element
from publish.sources.tex import plain_title
from publish.wording.words import Words, words_for

__all__ = ["spark", "volumes"]

_Series = tuple[str, Sequence[Period]]

_LEFT, _RIGHT = 34.0, WIDTH - 6.0
_CAPTION = 12.0  # the line of the caption
_MOST_MARKS = 26  # periods up to which each has a mark
_NAMES_LEFT = 240.0  # where the names of several lines begin
_LINE = 13.5
_FEW = 3  # names that may take three lines
_COLUMNS, _GAP, _PANEL = 2, 14.0, 62.0
_STEPS = 3  # of an axis
_SPARK = (72, 16)


def volumes(series: Sequence[_Series], *, lang: str, span: int = 0) -> str:
    """The shares of ``series`` (name and periods of each) over time; '' where there are no periods.

    Of one series the last ``span`` periods are set apart from those before, each with its share.
    """
    shown = [(plain_title(name), tuple(periods)) for name, periods in series if periods]
    if not shown:
        return ""
    words = words_for(lang)
    if len(shown) == 1:
        height, parts = _one(*shown[0], words, span)
    elif len(shown) <= len(STYLES):
        height, parts = _several(shown, words)
    else:
        height, parts = _many(shown, words)
    title = words.chart_over_time.format(names=words.comma.join(name for name, _ in shown))
    return chart(height, title, words.semicolon.join(_told(one, words, span) for one in shown), parts)


def spark(periods: Sequence[Period]) -> str:
    """The shares of ``periods`` as a line as small as a word; '' where there are none."""
    if not periods:
        return ""
    wide_, tall = _SPARK
    most = max(period.share for period in periods) or 1.0
    plot = Plot(3, 3, wide_ - 3, tall - 3, periods[0].start, periods[-1].end, most)
    runs = plot.runs(periods)
    drawn = [path(run, STYLES[0]) for run in runs if len(run) > 1]
    drawn += [mark(*run[-1], STYLES[0]) for run in runs[-1:]]
    days = f"{plot.first.isoformat()} – {plot.last.isoformat()}"
    told = f"{percent(periods[0].share)} → {percent(periods[-1].share)}"
    return chart(tall, days, told, drawn, wide_)


def _one(name: str, periods: Sequence[Period], words: Words, span: int) -> tuple[float, list[Element]]:
    plot = _plot([(name, periods)], _LEFT, 39, _RIGHT, 111)
    parts = [*_apart(periods, plot, words, span), *_axis(plot, words), *_days(plot, words)]
    for run in plot.runs(periods):
        area = [(run[0][0], plot.bottom), *run, (run[-1][0], plot.bottom)]
        parts += [_area(area), path(run, STYLES[0])] if len(run) > 1 else []
    return 130, [*parts, *_marks(plot, periods, STYLES[0])]


def _apart(periods: Sequence[Period], plot: Plot, words: Words, span: int) -> Iterator[Element]:
    """What is latest on a ground of its own, and the share of it and of what was before."""
    if not 0 < span < len(periods):
        return
    parted = periods[-span].start
    _, _, latest, before = words.movements_head
    start = plot.begin(parted)
    yield rect((start, 19, plot.right - start, plot.bottom - 19), "band", "currentColor", "0.07")
    for held, ends in ((periods[:-span], (plot.left, start)), (periods[-span:], (start, plot.right))):
        share = _share(held)
        yield line((ends[0], plot.y(share)), (ends[1], plot.y(share)), "mean", "0.6", "1 3")
    shown = f"{latest} {percent(_share(periods[-span:]))}"
    yield small(plot.left, 30, f"{before} {percent(_share(periods[:-span]))}")
    if plot.right - start > wide(shown, LABEL) + 8:
        yield strong(start + 5, 30, shown)
    else:
        yield strong(plot.right, 30, shown, "end")


def _several(shown: Sequence[_Series], words: Words) -> tuple[float, list[Element]]:
    """All in one, each name at the end of its line."""
    plot = _plot(shown, _LEFT, 26, _NAMES_LEFT - 14, 164)
    parts = [*_axis(plot, words), *_days(plot, words)]
    ends: list[tuple[float, float]] = []
    for (_, periods), style in zip(shown, STYLES, strict=False):
        runs = plot.runs(periods)
        ends.append(runs[-1][-1] if runs else (plot.left, plot.bottom))
        if runs:
            drawn = [path(run, style) for run in runs if len(run) > 1]
            parts.append(group(*drawn, *_marks(plot, periods, style)))
    rows = 3 if len(shown) <= _FEW else 2
    names = [wrapped(name, WIDTH - _NAMES_LEFT - 10, LABEL, rows) for name, _ in shown]
    return 183, [*parts, *_names(names, ends)]


def _names(names: Sequence[tuple[str, ...]], ends: Sequence[tuple[float, float]]) -> Iterator[Element]:
    """Names beside the ends of their lines, moved apart where they would touch, each with the mark of its line."""
    order = sorted(range(len(names)), key=lambda at: (ends[at][1], at))
    heights = [len(names[at]) * _LINE + 3 for at in order]
    tops = _apart_from_each_other([ends[at][1] - _LINE / 2 for at in order], heights, 15, 181)
    for at, top in zip(order, tops, strict=True):
        x, y = ends[at]
        middle = top + _LINE / 2
        yield line((x + 4, y), (_NAMES_LEFT - 4, middle), "lead", "0.35")
        yield mark(_NAMES_LEFT + 2, middle, STYLES[at])
        for row, words in enumerate(names[at]):
            yield label(_NAMES_LEFT + 10, top + 11 + row * _LINE, words)


def _apart_from_each_other(wanted: Sequence[float], heights: Sequence[float], first: float, last: float) -> list[float]:
    """Tops as near to those wanted as they can be without touching, none above ``first``, none ending below ``last``."""
    tops: list[float] = []
    for want, _ in zip(wanted, heights, strict=True):
        after = tops[-1] + heights[len(tops) - 1] if tops else first
        tops.append(max(want, after))
    limit = last
    for at in range(len(tops) - 1, -1, -1):
        limit -= heights[at]
        tops[at] = min(tops[at], limit)
        limit = tops[at]
    return tops


def _many(shown: Sequence[_Series], words: Words) -> tuple[float, list[Element]]:
    """A small chart for each, all on one scale."""
    width = (_RIGHT - _LEFT - (_COLUMNS - 1) * _GAP) / _COLUMNS
    parts: list[Element] = [small(0, _CAPTION, words.chart_axis)]
    rows = -(-len(shown) // _COLUMNS)
    for at, (name, periods) in enumerate(shown):
        row, column = divmod(at, _COLUMNS)
        left, top = _LEFT + column * (width + _GAP), 22 + row * _PANEL
        plot = _plot(shown, left, top + 16, left + width, top + _PANEL - 8)
        runs = plot.runs(periods)
        panel = [label(left, top + 11, cut(name, width, LABEL)), *_grid(plot, (0.0, plot.most), labelled=column == 0)]
        panel += [path(run, STYLES[0]) for run in runs if len(run) > 1] or _marks(plot, periods, STYLES[0])
        if row == rows - 1 or at + _COLUMNS >= len(shown):
            panel += _days(plot, words)
        parts.append(group(*panel))
    return 22 + rows * _PANEL + 10, parts


def _plot(shown: Sequence[_Series], left: float, top: float, right: float, bottom: float) -> Plot:
    periods = [period for _, held in shown for period in held]
    first, last = min(period.start for period in periods), max(period.end for period in periods)
    most = share_ticks(max(period.share for period in periods), _STEPS)[-1]
    return Plot(left, top, right, bottom, first, last, most)


def _axis(plot: Plot, words: Words) -> Iterator[Element]:
    yield small(0, _CAPTION, words.chart_axis)
    yield from _grid(plot, share_ticks(plot.most, _STEPS), labelled=True)


def _grid(plot: Plot, ticks: Sequence[float], *, labelled: bool) -> Iterator[Element]:
    for share in ticks:
        y = plot.y(share)
        yield line((plot.left, y), (plot.right, y), "axis" if share == 0 else "grid", "0.45" if share == 0 else "0.18")
        if labelled:
            yield small(plot.left - 5, y + 3.5, percent_tick(share), "end")


def _days(plot: Plot, words: Words) -> Iterator[Element]:
    """The first and the last day, in figures where they would touch."""
    days = (plot.first, plot.last) if plot.last > plot.first else (plot.first,)
    shown = [words.day(day) for day in days]
    if sum(wide(day, SMALL) for day in shown) + _GAP > plot.right - plot.left:
        shown = [day.isoformat() for day in days]
    for day, x, anchor in zip(shown, (plot.left, plot.right), ("start", "end"), strict=False):
        yield small(x, plot.bottom + 14, day, anchor)


def _marks(plot: Plot, periods: Sequence[Period], style: Style) -> list[Element]:
    points = [point for run in plot.runs(periods) for point in run]
    alone = [run[0] for run in plot.runs(periods) if len(run) == 1]
    return [mark(x, y, style) for x, y in (points if len(points) <= _MOST_MARKS else alone)]


def _area(points: Sequence[tuple[float, float]]) -> Element:
    drawn = dict(path(points, STYLES[0]).attributes)
    return Element(
        "path", (("class", "c1 area"), ("d", drawn["d"] + " Z"), ("fill", drawn["stroke"]), ("fill-opacity", "0.13"))
    )


def _share(periods: Sequence[Period]) -> float:
    volume = sum(period.volume for period in periods)
    return sum(period.count for period in periods) / volume if volume else 0.0


def _told(one: _Series, words: Words, span: int) -> str:
    name, periods = one
    if 0 < span < len(periods):
        before, latest = percent(_share(periods[:-span])), percent(_share(periods[-span:]))
        return words.chart_moved.format(name=name, before=before, latest=latest)
    first, last = periods[0].share, periods[-1].share
    most = max(period.share for period in periods)
    return words.chart_told.format(name=name, first=percent(first), most=percent(most), last=percent(last))
