"""``run`` and its stages one by one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from notes.errors import SlipwayError
from slipway.cli.counting import said
from slipway.cli.group import Session, pass_session
from slipway.cli.options import as_json, day_option
from slipway.console import emit, emit_json, local, style
from slipway.store.records import RunRecord

if TYPE_CHECKING:
    from slipway.app import App

__all__ = [
    "fetch_command",
    "index_command",
    "promote_command",
    "publish_command",
    "run_command",
    "run_stages",
]

offline_option = click.option("--offline", is_flag=True, help="Only sources that are files.")
now_option = click.option(
    "--now", "at_once", is_flag=True, help="Ask every source, also those not due; none that asked to be left alone."
)
_WAITING = {"not due", "backing off"}
strict_option = click.option("--strict", is_flag=True, help="Exit with 3 when anything was warned of.")


@click.command("run")
@day_option
@offline_option
@now_option
@strict_option
@as_json
@pass_session
def run_command(session: Session, day: date | None, offline: bool, at_once: bool, strict: bool, as_json: bool) -> None:
    """The night: fetch, promote, write, index, publish."""
    from slipway.night import STAGES

    run_stages(session, day, STAGES, offline=offline, at_once=at_once, strict=strict, as_json=as_json)


@click.command("fetch")
@day_option
@offline_option
@now_option
@strict_option
@as_json
@pass_session
def fetch_command(
    session: Session, day: date | None, offline: bool, at_once: bool, strict: bool, as_json: bool
) -> None:
    """Fetch the sources that are due into the inbox."""
    run_stages(session, day, ("fetch",), offline=offline, at_once=at_once, strict=strict, as_json=as_json)


@click.command("promote")
@day_option
@as_json
@pass_session
def promote_command(session: Session, day: date | None, as_json: bool) -> None:
    """Turn the slips that connect into notes, and link them."""
    run_stages(session, day, ("promote",), as_json=as_json)


@click.command("index")
@day_option
@as_json
@pass_session
def index_command(session: Session, day: date | None, as_json: bool) -> None:
    """Read the vault and refresh the search index."""
    run_stages(session, day, ("index",), as_json=as_json)


@click.command("publish")
@day_option
@as_json
@pass_session
def publish_command(session: Session, day: date | None, as_json: bool) -> None:
    """Build the static site."""
    run_stages(session, day, ("publish",), as_json=as_json)


def run_stages(
    session: Session,
    day: date | None,
    stages: tuple[str, ...],
    *,
    offline: bool = False,
    at_once: bool = False,
    strict: bool = False,
    as_json: bool = False,
) -> None:
    """Run stages of the night and tell of them, as lines or as the ledger's document."""
    from slipway.night import run_night

    with session.app(day) as app:
        record = run_night(app, stages, offline=offline, strict=strict, at_once=at_once)
        waits = "" if as_json else _waits(app, record)
    if as_json:
        emit_json(_document(record))
    else:
        _report(record)
    if waits:
        emit(waits)
    if record.exit_code == 1:
        raise SlipwayError("every source failed", hint=_remedy(record))
    if record.exit_code:
        raise click.exceptions.Exit(record.exit_code)


def _report(record: RunRecord) -> None:
    for stage in record.stages:
        told = said(stage.counts.items()) or "nothing to do"
        emit(f"{style(f'{stage.name:>8}', bold=True)}  {stage.seconds:6.1f} s  {told}")


def _remedy(record: RunRecord) -> str:
    """What to do where every source failed: most of them by the network, or by the guard."""
    counts = next((stage.counts for stage in record.stages if stage.name == "fetch"), {})
    failed, refused = counts.get("failed", 0), counts.get("refused addresses", 0)
    where = "`slipway source list` shows each source's error"
    if 2 * refused <= failed:
        return f"is the network up? {where}"
    return (
        f"{refused} of {failed} were refused: addresses of your own network need `allow` in the source's table, or "
        f"`--allow` where it is added (docs/configuration.md); {where}"
    )


def _waits(app: App, record: RunRecord) -> str:
    """What to do about a fetch that asked nobody, since nobody was due; empty where it is no such."""
    counts = next((stage.counts for stage in record.stages if stage.name == "fetch"), {})
    if any(counts.get(name) for name in ("sources", "failed", "spared")) or not _WAITING & counts.keys():
        return ""
    from slipway.sources.remembered import next_due

    due = next_due(app.config.sources, app.store.source_records(), app.config.fetch)
    first = f"the first is due {local(due.isoformat(), app.config.zone)}; " if due else ""
    return f"{first}`slipway fetch --now` asks at once all but those whose server asked for time"


def _document(record: RunRecord) -> dict[str, object]:
    from slipway.reading import run_document

    return run_document(record)
