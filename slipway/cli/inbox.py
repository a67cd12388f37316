"""``slipway inbox``: what waits, and the user's word on it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

import click

from notes.errors import UsageError
from slipway.cli.group import NearestGroup, Session, pass_session
from slipway.cli.item_numbers import chosen_items, item_ranges
from slipway.cli.options import as_json, limit_option
from slipway.cli.waiting import passed_over
from slipway.console import counted, emit, emit_json, emit_lines, local, style, table_lines

__all__ = ["inbox_command"]

_SHOWN = 3
_WAYS = {"inbox": "by command", "page": "by a tick", "vault": "in the vault"}


@click.group("inbox", cls=NearestGroup, invoke_without_command=True)
@click.pass_context
def inbox_command(ctx: click.Context) -> None:
    """What waits: list, promote, dismiss, undo, history."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_command)


@inbox_command.command("list")
@click.option("--all", "every", is_flag=True, help="Every status, not only what waits.")
@click.option(
    "--source", default="", metavar="NAME", help="Only what this source carried; its title or a part will do."
)
@click.option("--min-score", type=click.FloatRange(0, 1), help="Only what scored at least this.")
@click.option("-n", "limit", type=click.IntRange(1), metavar="N", help="Only the best N.")
@as_json
@pass_session
def list_command(
    session: Session,
    /,
    source: str = "",
    min_score: float | None = None,
    limit: int | None = None,
    *,
    every: bool = False,
    as_json: bool = False,
) -> None:
    """List what waits, best first."""
    from slipway.reading import inbox_items

    with session.app() as app:
        titles = {one.key: one.title for one in app.config.sources}
        items = inbox_items(app.config.database, all_statuses=every)
    key = _source_meant(source, titles, items) if source else ""
    shown = [item for item in items if _is_wanted(item, key, min_score)]
    if as_json:
        emit_json({"items": shown[:limit]})
    elif not shown:
        emit("nothing like that waits" if items else "the inbox is empty")
    else:
        rest = [f"and {counted(len(shown) - limit, 'more item')}"] if limit and len(shown) > limit else []
        emit_lines([*table_lines(_row(item) for item in shown[:limit]), *rest])
        if told := passed_over(shown[:limit]):
            click.echo(f"{style('note:', sys.stderr, fg='yellow')} {told}", err=True)


@inbox_command.command("promote")
@click.argument("ids", nargs=-1, required=True, callback=item_ranges, metavar="ID...")
@pass_session
def promote_command(session: Session, ids: tuple[range, ...]) -> None:
    """Make notes of these items now; the next night links them.

    ID is a number of `slipway inbox list`: 12, item-12, or 12-20 for those of them that wait.
    """
    from slipway.answering import promote_now

    with session.app() as app:
        for path in promote_now(app, chosen_items(app, ids)):
            emit(path)


@inbox_command.command("dismiss")
@click.argument("ids", nargs=-1, required=True, callback=item_ranges, metavar="ID...")
@pass_session
def dismiss_command(session: Session, ids: tuple[range, ...]) -> None:
    """Put these items away for good.

    ID is a number of `slipway inbox list`: 12, item-12, or 12-20 for those of them that wait.
    """
    from notes.markup.terminal import terminal
    from slipway.answering import dismiss_now

    with session.app() as app:
        chosen = chosen_items(app, ids)
        dismiss_now(app, chosen)
        titles = {slip.id: slip.item.title for slip in app.store.slips(ids=chosen)}
    for number in chosen:
        emit(f"dismissed item-{number}  {terminal(titles[number])}".rstrip())
    emit(f"`slipway inbox undo{f' -n {len(chosen)}' if len(chosen) > 1 else ''}` takes that back")


@inbox_command.command("undo")
@limit_option(1, "How many answers.")
@as_json
@pass_session
def undo_command(session: Session, limit: int, as_json: bool) -> None:
    """Take your last answers back, the newest first."""
    from notes.markup.terminal import terminal
    from slipway.answering import undo

    with session.app() as app:
        told = undo(app, limit)
    if as_json:
        emit_json({"undone": list(told)})
        return
    if not told:
        raise UsageError("there is nothing to take back", hint="`slipway inbox history` lists what you answered")
    for line in told:
        emit(terminal(line))


@inbox_command.command("history")
@limit_option(20, "How many.")
@as_json
@pass_session
def history_command(session: Session, limit: int, as_json: bool) -> None:
    """What you answered, the newest first.

    By command, by a tick in Inbox.md, and in the vault: a note that you deleted, brought back or edited. What you took back is
    marked.
    """
    from slipway.answering import history

    with session.app() as app:
        answers = history(app, limit)
        zone = app.config.zone
    if as_json:
        emit_json({"answers": answers})
    elif not answers:
        emit("you have answered nothing yet")
    else:
        emit_lines(
            table_lines(
                (
                    local(one["at"], zone),
                    one["verdict"],
                    _WAYS.get(one["origin"], one["origin"]),
                    f"item-{one['item']}" if one["item"] else "",
                    one["title"] + (f"  (taken back {local(one['undone_at'], zone)})" if one["undone_at"] else ""),
                )
                for one in answers
            )
        )


def _is_wanted(item: dict[str, Any], source: str, min_score: float | None) -> bool:
    is_good = min_score is None or (item["score"] is not None and item["score"] >= min_score)
    return is_good and (not source or source in _carriers(item))


def _carriers(item: dict[str, Any]) -> set[str]:
    return {item["source"], *(sighting["source"] for sighting in item["sightings"])}


def _source_meant(said: str, titles: Mapping[str, str], items: Iterable[dict[str, Any]]) -> str:
    """The key of a source by key or title, or by a part that only one has; UsageError names the nearest."""
    from difflib import get_close_matches

    from notes.text.fold import fold

    named = dict.fromkeys(sorted({key for item in items for key in _carriers(item)}), "") | dict(titles)
    if said in named:
        return said
    wanted, called = fold(said.strip()), {key: (fold(key), fold(title)) for key, title in named.items()}
    whole = [key for key, names in called.items() if wanted in names]
    found = whole or [key for key, names in called.items() if any(wanted in name for name in names)]
    if wanted and len(found) == 1:
        return found[0]
    near = found[:_SHOWN] or get_close_matches(said, named, n=1)
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "`slipway source list` shows the keys"
    raise UsageError(f"no source has the key or title {said!r}", hint=hint)


def _row(item: dict[str, Any]) -> tuple[str, ...]:
    score = item["score"]
    shown = f"{score:.2f}" if isinstance(score, float) else "  — "
    return (str(item["id"]), shown, str(item["status"]), str(item["source"]), str(item["title"]))
