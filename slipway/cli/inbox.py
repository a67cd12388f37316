"""``slipway inbox``: what waits, and the user's word on it."""

from __future__ import annotations

import click

from notes.errors import UsageError
from slipway.cli.group import NearestGroup, Session, pass_session
from slipway.cli.options import as_json
from slipway.console import emit, emit_json, table

__all__ = ["inbox_command"]


@click.group("inbox", cls=NearestGroup, invoke_without_command=True)
@click.pass_context
def inbox_command(ctx: click.Context) -> None:
    """What waits: list, promote, dismiss, undo."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_command)


@inbox_command.command("list")
@click.option("--all", "every", is_flag=True, help="Every status, not only what waits.")
@as_json
@pass_session
def list_command(session: Session, every: bool = False, as_json: bool = False) -> None:
    """List what waits, best first."""
    from slipway.reading import inbox_items

    with session.app() as app:
        items = inbox_items(app.config.database, all_statuses=every)
    if as_json:
        emit_json({"items": items})
    elif not items:
        emit("the inbox is empty")
    else:
        table(_row(item) for item in items)


@inbox_command.command("promote")
@click.argument("ids", nargs=-1, required=True, type=int, metavar="ID...")
@pass_session
def promote_command(session: Session, ids: tuple[int, ...]) -> None:
    """Make notes of these items now; the next night links them."""
    from slipway.answering import promote_now

    with session.app() as app:
        for path in promote_now(app, ids):
            emit(path)


@inbox_command.command("dismiss")
@click.argument("ids", nargs=-1, required=True, type=int, metavar="ID...")
@pass_session
def dismiss_command(session: Session, ids: tuple[int, ...]) -> None:
    """Put these items away for good."""
    from slipway.answering import dismiss_now

    with session.app() as app:
        dismiss_now(app, ids)
    emit(f"dismissed {len(ids)}; `slipway inbox undo` takes the last one back")


@inbox_command.command("undo")
@pass_session
def undo_command(session: Session) -> None:
    """Take the last dismissal back."""
    from slipway.answering import undo_last

    with session.app() as app:
        told = undo_last(app)
    if told is None:
        raise UsageError("there is nothing to take back")
    emit(told)


def _row(item: dict[str, object]) -> tuple[str, ...]:
    score = item["score"]
    shown = f"{score:.2f}" if isinstance(score, float) else "  — "
    return (str(item["id"]), shown, str(item["status"]), str(item["source"]), str(item["title"]))
