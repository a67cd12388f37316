"""``related``, ``show`` and ``open``: one note, post, page or item."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from slipway.cli.group import Session, pass_session
from slipway.cli.options import as_json, completed, limit_option
from slipway.console import emit, emit_json, emit_lines, plain_line, style

__all__ = ["open_command", "open_in_editor", "related_command", "show_command"]


def _nothing(name: str) -> str:
    if name.startswith("topic-"):
        return f"a topic's page is linked with nothing: `slipway show {name}` lists its notes and its neighbours"
    return "nothing yet; `slipway run` links what it promotes"


@click.command("related")
@click.argument("name", metavar="NOTE", shell_complete=completed("ids"))
@limit_option(10, "How many.")
@as_json
@pass_session
def related_command(session: Session, name: str, limit: int, as_json: bool) -> None:
    """Notes that belong with a note or an item, and why.

    NOTE is an id or its beginning, a file name, a path, an alias, a title or a part of one; or an item such as item-12.
    """
    from notes.markup.terminal import terminal
    from slipway.relating import related, why_told

    with session.app() as app:
        document = related(app, name, limit)
    if as_json:
        emit_json(document)
        return
    if not document["results"]:
        emit(_nothing(str(document["id"])))
    for one in document["results"]:
        emit(f"{one['score']:.2f}  {style(terminal(one['title']), bold=True)}")
        emit(f"      {terminal(one['id'])}")
        emit(f"      {terminal(why_told(one['kind'], one['why']))}")


@click.command("show")
@click.argument("name", metavar="ID", shell_complete=completed("ids"))
@as_json
@pass_session
def show_command(session: Session, name: str, as_json: bool) -> None:
    """Print a note, post, page or item.

    ID is an id or its beginning, a file name, a path, an alias, a title or a part of one; or an item such as item-12.
    """
    from slipway.showing import show_document, show_text

    with session.app() as app:
        if as_json:
            emit_json(show_document(app, name))
        else:
            emit_lines(map(plain_line, show_text(app, name).splitlines()))


@click.command("open")
@click.argument("name", metavar="ID", shell_complete=completed("ids"))
@click.option("--obsidian", is_flag=True, help="In Obsidian.")
@click.option("--print", "only_print", is_flag=True, help="Print the path, or Obsidian's address for it; open nothing.")
@pass_session
def open_command(session: Session, name: str, *, obsidian: bool, only_print: bool) -> None:
    """Open a note in $VISUAL or $EDITOR, or in Obsidian.

    ID is an id or its beginning, a file name, a path, an alias, a title or a part of one.
    """
    from notes.markup.terminal import terminal
    from slipway.showing import obsidian_uri, openable

    with session.app() as app:
        file = openable(app, name)
        path, address = app.config.vault / file.path, obsidian_uri(app, file)
    if only_print:
        # A program wants the path as it is; a terminal must not obey what somebody called a file.
        click.echo(address if obsidian else terminal(str(path)) if sys.stdout.isatty() else str(path), color=True)
    elif obsidian:
        from slipway.opening import open_address

        raise click.exceptions.Exit(open_address(address))
    else:
        open_in_editor(path)


def open_in_editor(path: Path) -> NoReturn:
    """Open a file in $VISUAL or $EDITOR and leave with the editor's exit code; UsageError where there is none."""
    from slipway.opening import EDITOR_MISSING, editor, start

    raise click.exceptions.Exit(start(editor(path), *EDITOR_MISSING))
