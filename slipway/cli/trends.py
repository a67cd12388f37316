"""``slipway trends``: topics over the last weeks."""

from __future__ import annotations

from datetime import date

import click

from slipway.cli.group import Session, pass_session
from slipway.cli.options import as_json, day_option
from slipway.console import emit, emit_json, table

__all__ = ["trends_command"]

BARS = " ▁▂▃▄▅▆▇█"


@click.command("trends")
@click.option("--weeks", default=8, show_default=True, type=click.IntRange(2, 520), help="How many weeks to look back.")
@day_option
@as_json
@pass_session
def trends_command(session: Session, weeks: int, day: date | None, as_json: bool) -> None:
    """Topics over the last weeks: how many notes each gained, and whether that is more than before."""
    from slipway.trending import trends

    with session.app(day) as app:
        document = trends(app, weeks)
    if as_json:
        emit_json(document)
    elif not document["trends"]:
        emit("no topic yet; topics form when several notes belong together")
    else:
        table(
            (one["class"], spark([c["count"] for c in one["counts"]]), f"{one['recent']}", one["name"])
            for one in document["trends"]
        )


def spark(counts: list[int]) -> str:
    """Counts as a line of bars; the highest bar is the highest count."""
    top = max(counts, default=0)
    return "".join(BARS[-(-count * 8 // top)] if top else BARS[0] for count in counts)
