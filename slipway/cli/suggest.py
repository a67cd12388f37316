"""``slipway suggest``: links for notes that are yours."""

from __future__ import annotations

from dataclasses import asdict

import click

from slipway.cli.group import Session, pass_session
from slipway.cli.options import as_json
from slipway.console import emit, emit_json

__all__ = ["suggest_command"]


@click.command("suggest")
@as_json
@pass_session
def suggest_command(session: Session, as_json: bool) -> None:
    """Links that Slipway found for notes that you have edited or written, to copy where you like."""
    from notes.inert import terminal
    from slipway.night import run_lock
    from slipway.suggesting import suggestions

    with session.app() as app, run_lock(app):
        found = suggestions(app)
    if as_json:
        emit_json({"suggestions": [asdict(one) for one in found]})
        return
    if not found:
        emit("nothing to suggest: every link that was found stands in its note")
    last = ""
    for one in found:
        if one.path != last:
            emit(terminal(one.path))
            last = one.path
        emit(f"  - {terminal(one.link)} — {terminal(one.why)}")
