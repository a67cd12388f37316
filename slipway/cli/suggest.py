"""``slipway suggest``: links for notes that are yours, and new tags, to take or to decline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from notes.errors import UsageError
from slipway.cli.group import Session, pass_session
from slipway.cli.options import as_json, limit_option
from slipway.console import emit, emit_json

if TYPE_CHECKING:
    from notes.pages.suggestions_page import TagOffer
    from slipway.suggesting import Suggestion

__all__ = ["suggest_command"]


@click.command("suggest")
@click.option("--apply", "taken", multiple=True, metavar="ID", help="Take this offer; more IDs may follow it.")
@click.option(
    "--dismiss", "declined", multiple=True, metavar="ID", help="Decline this offer for good; so may they here."
)
@click.argument("more", nargs=-1, metavar="[ID...]")
@limit_option(100, "Show this many links; --json has all.")
@as_json
@pass_session
def suggest_command(
    session: Session,
    taken: tuple[str, ...],
    declined: tuple[str, ...],
    more: tuple[str, ...],
    limit: int,
    as_json: bool,
) -> None:
    """Links that Slipway found for notes that you have edited or written, and new tags.

    A link that you take is added to the note's list of related notes; no other byte of the note changes.
    """
    given = _given(taken, declined, more)
    if given:
        _answer(session, given, as_json=as_json)
    else:
        _list(session, limit, as_json=as_json)


def _given(taken: Sequence[str], declined: Sequence[str], more: Sequence[str]) -> dict[str, bool]:
    if more and bool(taken) == bool(declined):
        raise UsageError(
            "it is not clear what is to become of " + ", ".join(more), hint="--apply ID... or --dismiss ID..."
        )
    both = set(taken) & set(declined)
    if both:
        raise UsageError(f"{min(both)} is both taken and declined")
    said = dict.fromkeys(taken, True) | dict.fromkeys(declined, False)
    return {name.removeprefix("^"): word for name, word in (said | dict.fromkeys(more, bool(taken))).items()}


def _answer(session: Session, given: dict[str, bool], *, as_json: bool) -> None:
    from slipway.night import run_lock
    from slipway.stages.sync import sync
    from slipway.suggesting import answer_by_id

    with session.app() as app, run_lock(app):
        reading = sync(app)
        done = answer_by_id(app, reading.files, reading.desk, given)
    paths = sorted(note.path for note in done.amended.values())
    if as_json:
        emit_json({"answered": len(given), "links": done.counts.get("links taken", 0), "changed": paths})
        return
    from notes.markup.terminal import terminal

    for path in paths:
        emit(terminal(path))
    emit(f"answered {len(given)}; the pages show it after the next run")


def _list(session: Session, limit: int, *, as_json: bool) -> None:
    from slipway.night import run_lock
    from slipway.stages.promote import gather
    from slipway.stages.sync import sync
    from slipway.suggesting import suggestions, tag_offers

    with session.app() as app, run_lock(app):
        reading = sync(app)
        found = suggestions(app, reading.files, reading.desk)
        tags = tag_offers(app, gather(app, reading))
    if as_json:
        emit_json({"suggestions": [_link(one) for one in found], "tags": [_tag(tag) for tag in tags]})
    elif not found and not tags:
        emit("nothing to suggest: every link that was found stands in its note or was answered")
    else:
        _print(found, tags, limit)


def _link(one: Suggestion) -> dict[str, Any]:
    from notes.markup.inert import wikilink

    offer = one.offer
    return {
        "note": one.note,
        "path": one.path,
        "link": wikilink(*offer.other),
        "why": offer.why,
        "id": one.id,
        "other": one.other,
        "score": offer.score,
    }


def _tag(offer: TagOffer) -> dict[str, Any]:
    from notes.pages.suggestions_page import short_id

    notes = [target for target, _ in offer.notes]
    return {"id": short_id(offer.id), "tag": offer.name, "notes": notes, "why": offer.why}


def _print(found: Sequence[Suggestion], tags: Sequence[TagOffer], limit: int) -> None:
    from notes.markup.terminal import terminal
    from notes.pages.suggestions_page import short_id

    last = ""
    for one in found[:limit]:
        if one.path != last:
            emit(terminal(one.path))
            last = one.path
        target, title = one.offer.other
        emit(f"  {one.id}  {terminal(title or target)} — {terminal(one.offer.why)}")
    if len(found) > limit:
        emit(f"and {len(found) - limit} more: -n shows them")
    if tags:
        emit("new tags")
    for tag in tags:
        emit(f"  {short_id(tag.id)}  {terminal(tag.name)}, {len(tag.notes)} notes — {terminal(tag.why)}")
