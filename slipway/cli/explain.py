"""``slipway explain``: where a note comes from."""

from __future__ import annotations

import click

from slipway.cli.group import Session, pass_session
from slipway.cli.options import as_json
from slipway.console import emit, emit_json

__all__ = ["explain_command"]


@click.command("explain")
@click.argument("name", metavar="ID")
@as_json
@pass_session
def explain_command(session: Session, name: str, as_json: bool) -> None:
    """Feed, sightings, score and why, what became of the full text, links and why, and the posts that tell a note or slip."""
    from slipway.explaining import explain, told

    with session.app() as app:
        document = explain(app, name)
    if as_json:
        emit_json(document)
        return
    for line in told(document):
        emit(line)
