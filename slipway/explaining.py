"""The way of one entry: feed → item → score → note → links → posts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from notes.errors import UsageError
from notes.inert import terminal
from notes.model import Slip
from slipway.app import App
from slipway.searching import find_note, related_notes

__all__ = ["explain", "told"]


_TEXTS = {
    "due": "the linked article is still due",
    "refused": "the linked article is still due, and was refused so far",
    "done": "the linked article",
    "kept": "kept the feed's",
    "failed": "kept the feed's; the linked article could not be had",
}


def explain(app: App, name: str) -> dict[str, Any]:
    """Everything that is known of a note (by id) or a slip (by number); raises UsageError when there is neither."""
    slip = _slip(app, name)
    note_id = slip.note_id if slip is not None else find_note(app, name).id
    document: dict[str, Any] = {"id": note_id or f"item-{slip.id if slip else name}"}
    if slip is not None:
        document |= _origin(slip) | {"full_text": _full_text(app, slip)}
    if note_id:
        topics = [topic.name for topic in app.store.topics() if note_id in topic.note_ids]
        document |= {"note": note_id, "topic": topics[0] if topics else None}
        document["links"] = related_notes(app, note_id, 100)
        document["posts"] = [post.id for post in app.store.posts() if note_id in post.note_ids]
    return document


def told(document: dict[str, Any]) -> Iterator[str]:
    """The same as lines for a person."""
    yield terminal(document.get("title", document["id"]))
    for sighting in document.get("sightings", ()):
        yield f"  seen    {sighting['seen'][:16]}  {terminal(sighting['source'])}  {terminal(sighting['url'])}"
    if "status" in document:
        score = "unscored" if document["score"] is None else f"{document['score']:.2f}"
        yield f"  judged  {document['status']}, score {score}"
        yield from (f"          {terminal(reason)}" for reason in document["reasons"])
    if article := document.get("full_text"):
        yield f"  text    {_TEXTS[article['state']]}" + (
            f": {terminal(article['reason'])}" if "reason" in article else ""
        )
    if document.get("note"):
        yield f"  note    {document['note']}"
        yield f"  topic   {terminal(document['topic'] or 'none')}"
        yield from (
            f"  link    {link['score']:.2f} {link['id']} — {terminal(link['why'])}" for link in document["links"]
        )
        yield from (f"  post    {post}" for post in document["posts"])


def _slip(app: App, name: str) -> Slip | None:
    number = name.removeprefix("item-")
    if number.isdigit():
        slip = app.store.slip(int(number))
        if slip is None:
            raise UsageError(f"no item has the number {number}", hint="`slipway inbox list --all` shows the numbers")
        return slip
    try:
        return app.store.slip_of_note(find_note(app, name).id)
    except UsageError:
        # A note whose file is gone still has its history.
        slip = app.store.slip_of_note(name)
        if slip is None:
            raise
        return slip


def _full_text(app: App, slip: Slip) -> dict[str, str] | None:
    """What became of the linked article; None where the source asks for none."""
    article = app.store.article_state(slip.id)
    told = {"state": article.state, "reason": article.reason}
    return {name: value for name, value in told.items() if value} or None


def _origin(slip: Slip) -> dict[str, Any]:
    return {
        "item": slip.id,
        "key": slip.item.key,
        "title": slip.item.title,
        "url": slip.item.url,
        "status": slip.status.value,
        "score": slip.score,
        "reasons": list(slip.reasons),
        "first_seen": slip.first_seen.isoformat(),
        "sightings": [
            {"source": one.source, "external_id": one.external_id, "url": one.url, "seen": one.seen.isoformat()}
            for one in slip.sightings
        ],
    }
