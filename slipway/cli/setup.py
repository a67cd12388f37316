"""``init`` and ``doctor``: before the first night, and when something is wrong."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from notes.errors import UsageError
from slipway.cli.group import Session, pass_session
from slipway.cli.languages import LanguageName
from slipway.cli.options import as_json
from slipway.console import emit, emit_json, style

__all__ = ["doctor_command", "init_command"]


@click.command("init")
@click.argument("folder", default=".", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path))
@click.option("--language", type=LanguageName(), default="en", show_default=True, help="Slipway's own words.")
@click.option(
    "--timezone", "zone", default="", metavar="ZONE", help="Such as Asia/Hong_Kong (default: this machine's)."
)
@click.option(
    "--vault",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="A vault that you have; its files and Obsidian's settings stay as they are.",
)
def init_command(folder: Path, language: str, zone: str, vault: Path | None) -> None:
    """Make DIR/slipway.toml and DIR/vault, with a good set of feeds.

    With --vault Slipway keeps its notes in a vault of yours: starter pages are added where their names are free, and
    configuration, database and site lie in DIR, beside it.
    """
    from slipway.starter import make_starter
    from slipway.zones import known_zone, local_zone

    where = known_zone(zone) if zone else local_zone()
    made = make_starter(_place(folder), language=language, zone=where, vault=_place(vault) if vault else None)
    for path in made:
        emit(str(path))
    emit()
    emit(
        f"Now: edit {made[0].name}, try it with `slipway --config {shlex.quote(str(made[0]))} doctor`, then `slipway run`."
    )


def _place(named: Path) -> Path:
    try:
        return named.expanduser().resolve()
    except (OSError, RuntimeError) as error:  # a home that nobody has; before Python 3.13 also links in a circle
        raise UsageError(f"{named}: {error}", hint="name another folder") from None


@click.command("doctor")
@as_json
@pass_session
def doctor_command(session: Session, as_json: bool) -> None:
    """Check configuration, database, model, vault and site, without touching the network."""
    from slipway.doctor import examine

    findings = examine(session)
    if as_json:
        emit_json({"ok": all(one.ok for one in findings), "findings": [one.document() for one in findings]})
    else:
        for one in findings:
            mark = style("ok   ", fg="green") if one.ok else style("fault" if one.fatal else "look ", fg="red")
            emit(f"{mark}  {one.what}: {one.told}")
            if one.remedy:
                emit(f"       remedy: {one.remedy}")
    if any(not one.ok and one.fatal for one in findings):
        raise click.exceptions.Exit(2)
