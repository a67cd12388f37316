"""``slipway trends``: topics and phrases over the last weeks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from slipway.cells import terminal_width
from slipway.cli.group import Session, pass_session
from slipway.cli.options import as_json, day_option
from slipway.console import emit, emit_json, emit_lines

if TYPE_CHECKING:
    from slipway.app import App
    from slipway.trend_reach import Reach

__all__ = ["trends_command"]


@click.command("trends")
@click.option("--weeks", default=8, show_default=True, type=click.IntRange(2, 520), help="How many weeks to look back.")
@click.option(
    "--by",
    "step",
    default="week",
    show_default=True,
    type=click.Choice(("day", "week", "month")),
    help="Count by these.",
)
@click.option("--topics", "kind", flag_value="topic", help="Only topics.")
@click.option("--phrases", "kind", flag_value="phrase", help="Only phrases.")
@click.option("--all", "every", is_flag=True, help="Also the topics that neither rise nor fall.")
@day_option
@as_json
@pass_session
def trends_command(
    session: Session,
    /,
    weeks: int,
    step: str,
    kind: str | None,
    day: date | None,
    *,
    every: bool,
    as_json: bool,
) -> None:
    """What rises and what falls: topics and phrases of the last weeks against the volume of all that came in.

    The later half of the time is tested against the earlier one; of what is said to move at most one in ten is expected to
    stand still. First comes what is likeliest to go on rising, by a year of your notes too.
    """
    from slipway.trend_lines import trend_lines
    from slipway.trending import trend_document, trends_of

    with session.app(day) as app:
        today = app.clock.today()
        trends = [one for one in trends_of(app, today=today, weeks=weeks, step=step) if kind in (None, one.kind.value)]
        language = app.config.write.language
        names = {topic.id: topic.name_in(language) for topic in app.store.topics()}
        reach = _reach(app, today, weeks, step)
    if as_json:
        emit_json({"as_of": today.isoformat(), "trends": [trend_document(one) for one in trends]})
    elif not trends:
        emit(reach.why_nothing(kind or ""))
    else:
        emit_lines(trend_lines(trends, names, terminal_width(), every=every))
        if reach.is_young:
            emit(reach.told())


def _reach(app: App, today: date, weeks: int, step: str) -> Reach:
    from index.trends.dated import Step, stretches
    from slipway.trend_reach import reach_of

    first, _ = stretches(today, weeks, Step(step))[0]
    return reach_of(app.store.arrival_days(today, app.config.zone), first, today)
