"""``slipway write``: the night's posts, or a synthesis of a topic or a question."""

from __future__ import annotations

from datetime import date

import click

from notes.errors import UsageError
from slipway.cli.group import Session, pass_session
from slipway.cli.languages import LanguageName
from slipway.cli.night import run_stages
from slipway.cli.options import as_json, completed, day_option
from slipway.console import counted, emit, emit_json

__all__ = ["write_command"]

_ASKED = ("topic", "query", "since", "until", "lang")


@click.command("write")
@click.option(
    "--topic", default=None, shell_complete=completed("topics"), help="A synthesis of this topic, by name or id."
)
@click.option("--query", default=None, metavar="Q", help="A synthesis of the notes that a search finds.")
@click.option("--since", default="", metavar="DAY", help="From this day on: 2026-02-20, 2026-02, 上週, 7d, 2w, 3m.")
@click.option("--until", default="", metavar="DAY", help="Up to this day, in the same forms.")
@click.option("--lang", type=LanguageName(), metavar="LANG", help="en, zh-Hans or zh-Hant.")
@click.option("--offline", is_flag=True, help="Ask no language model.")
@day_option
@as_json
@pass_session
def write_command(session: Session, /, day: date | None, *, offline: bool, as_json: bool, **said: str | None) -> None:
    """Write the day's post, the week's synthesis and, at its end, the month's.

    With --topic or --query a synthesis of that alone, over the days that you name: trends/<today>-<name>.md.
    """
    for name in ("topic", "query"):
        if said[name] is not None and not (said[name] or "").strip():
            raise UsageError(
                f"--{name} is empty", hint=f"name what the synthesis is of, or leave --{name} out for the day's posts"
            )
    asked = {name: value or "" for name, value in said.items()}
    if not asked["topic"] and not asked["query"]:
        given = [f"--{name}" for name in _ASKED if asked[name]]
        if given:
            raise UsageError(f"{given[0]} of what?", hint="name a --topic or a --query")
        run_stages(session, day, ("write",), offline=offline, as_json=as_json)
        return
    if asked["topic"] and asked["query"]:
        raise UsageError("a topic or a query?", hint="give --topic or --query, not both")
    _deliver(session, day, offline=offline, as_json=as_json, asked=asked)


def _deliver(session: Session, day: date | None, *, offline: bool, as_json: bool, asked: dict[str, str]) -> None:
    from slipway.commissions import Commission, deliver

    with session.app(day) as app:
        done = deliver(app, Commission(**asked, offline=offline))
        for warning in done.warnings:
            app.reporter.warn(warning)
    if as_json:
        told = {"id": done.id, "path": done.path, "title": done.title, "notes": done.notes, "fate": done.fate.value}
        emit_json(told | {"warnings": list(done.warnings)})
    else:
        emit(f"{done.path}  {done.title} ({counted(done.notes, 'note')}, {done.fate.value})")
