"""``slipway backfill``: weeks of an arXiv source at once."""

from __future__ import annotations

from datetime import date

import click

from slipway.cli.counting import said
from slipway.cli.group import Session, parse_day, pass_session
from slipway.cli.options import as_json
from slipway.console import emit, emit_json

__all__ = ["backfill_command"]


@click.command("backfill")
@click.argument("key", metavar="SOURCE")
@click.option("--since", required=True, callback=parse_day, metavar="DAY", help="The first day (YYYY-MM-DD, UTC).")
@click.option("--until", callback=parse_day, metavar="DAY", help="The last day (default: today).")
@as_json
@pass_session
def backfill_command(session: Session, key: str, since: date, until: date | None, as_json: bool) -> None:
    """Fetch what an arXiv source had on past days: by OAI-PMH for categories, by the API for a search.

    Takes minutes to hours, at one request in three seconds. It may be broken off and asked for again.
    """
    from slipway.cli.source import find_source
    from slipway.stages.backfill import backfill_source

    with session.app() as app:
        done = backfill_source(app, find_source(app.config, key), since, until)
        for warning in done.warnings:
            app.reporter.warn(f"{key}: {warning}")
    if as_json:
        emit_json({"source": key, "counts": done.counts, "warnings": list(done.warnings)})
    else:
        emit(said(done.counts.items()) or "no papers in those days")
