"""``slipway explain``: where a note comes from, and what a post rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from itertools import chain, repeat
from typing import Any

import click

from slipway.cli.group import Session, pass_session
from slipway.cli.options import as_json
from slipway.cli.waiting import outlook
from slipway.console import emit, emit_json, local, style

__all__ = ["explain_command", "told"]

_TEXTS = {
    "due": "the linked article is still due",
    "refused": "the linked article is still due, and was refused so far",
    "done": "the linked article",
    "kept": "kept the feed's",
    "failed": "kept the feed's; the linked article could not be had",
}
_ANSWERS = {
    "promote": "promoted it",
    "dismiss": "dismissed it",
    "delete": "deleted its note",
    "restore": "brought its note back",
    "edit": "edited its note",
}
_WAYS = {"inbox": "by command", "page": "by a tick in Inbox.md"}


@click.command("explain")
@click.argument("name", metavar="ID")
@as_json
@pass_session
def explain_command(session: Session, name: str, as_json: bool) -> None:
    """Where a note or an item comes from, and what became of it; what each sentence of a post rests on.

    Of a note or an item: which feeds carried it and when, its score with the parts it is made of, what became of the full text,
    what you said to it, its links in and out and why, and the posts that tell it.

    Of a post (by id, path, title or day): for each sentence its notes with the passages that bear it, who worded it, and what
    was refused while it was written, and why.
    """
    from slipway.cli.explain_post import sentences_told
    from slipway.explaining import explain

    with session.app() as app:
        document = explain(app, name)
        zone, expire_days = app.config.zone, app.config.promote.expire_days
    if as_json:
        emit_json(document)
        return
    emit(style(_plain(document.get("title") or document["id"]), bold=True))
    for about, words in told(document, zone, expire_days):
        emit(f"  {about:<8}{words}".rstrip())
    for line in sentences_told(document):
        emit(line)


def told(document: dict[str, Any], zone: tzinfo, expire_days: int) -> Iterator[tuple[str, str]]:
    """What a person wants to know, each line with what it is about; the latter is empty where it goes on."""
    if "item" in document:
        yield from _judged(document, zone)
        yield from zip(chain(["waits"], repeat("")), outlook(document, expire_days, zone), strict=False)
    for answer in document["answers"]:
        taken_back = f"; taken back {local(answer['undone_at'], zone)}" if answer["undone_at"] else ""
        said = f"{_ANSWERS.get(answer['verdict'], answer['verdict'])} {_WAYS.get(answer['origin'], '')}".rstrip()
        yield "you", f"{local(answer['at'], zone)}  {said}{taken_back}"
    if "note" in document:
        yield from _noted(document, zone)


def _judged(document: dict[str, Any], zone: tzinfo) -> Iterator[tuple[str, str]]:
    yield "item", f"item-{document['item']}  {_plain(document['key'])}"
    for one in document["sightings"]:
        yield "seen", f"{local(one['seen'], zone)}  {_plain(one['source'])}  {_plain(one['url'])}".rstrip()
        if one["title"] and one["title"] != document["title"]:
            yield "", f"as “{_plain(one['title'])}”"
    score = "unscored" if document["score"] is None else f"score {document['score']:.2f}"
    yield "judged", f"{document['status']}, {score}" + (", explored" if document["explored"] else "")
    yield from (("", _plain(reason)) for reason in document["reasons"])
    if document["parts"]:
        yield "parts", ", ".join(map(_part, document["parts"]))
    if article := document["full_text"]:
        yield "text", _TEXTS[article["state"]] + (f": {_plain(article['reason'])}" if "reason" in article else "")


def _part(part: dict[str, Any]) -> str:
    """A part of the score: its weight where it has one; what other sources add; what the source's own weight scales."""
    value, weight = part["value"], part["weight"]
    sign = {"carried": "+", "source": "× "}.get(part["name"], "")
    return f"{_plain(part['name'])} {sign}{value:.2f}" + ("" if weight is None else f" × {weight:.2f}")


def _noted(document: dict[str, Any], zone: tzinfo) -> Iterator[tuple[str, str]]:
    from slipway.relating import why_told

    yield document["kind"], _plain(document["note"])
    if document["path"]:
        yield "", _plain(document["path"])
    else:
        yield "", f"gone since {local(document['gone_at'], zone)}" if document["gone_at"] else "its file is not there"
    if document["kind"] == "note":
        if "item" not in document:
            yield "", "written by hand, or by another program"
        yield "topic", _plain(document["topic"] or "none")
    yield from (("tells", _plain(note_id)) for note_id in document["tells"])
    for link, way in _links(document):
        yield "link", f"{link['score']:.2f} {way} {_plain(link['id'])}"
        yield "", f"         {_plain(why_told(link['kind'], link['why']))}"
    for post in document["told_in"]:
        yield "post", f"{post['id']}  {_plain(post['title'])}"


def _links(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every link once, with the way that it goes: most go both ways."""
    out = {(link["id"], link["kind"], link["why"]): link for link in document["links"]}
    come = {(link["id"], link["kind"], link["why"]): link for link in document["backlinks"]}
    for key, link in (come | out).items():
        yield link, "<->" if key in out and key in come else "-->" if key in out else "<--"


def _plain(text: str) -> str:
    from notes.markup.terminal import terminal

    return terminal(text)
