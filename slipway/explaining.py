"""The way of one entry: feed → item → score → note → links → posts, and what its reader said to it.

Of a post it is what the post rests on (:mod:`slipway.explaining_posts`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from notes.judging.quality import WEIGHTS
from notes.model import Slip, VaultNote
from slipway.app import App
from slipway.explaining_posts import explain_post, post_of_day
from slipway.finding import find_note, find_slip
from slipway.relating import link_documents
from slipway.showing import note_document

__all__ = ["explain"]

_MOST_LINKS = 100


def explain(app: App, name: str) -> dict[str, Any]:
    """Everything that is known of a note or an item; raises UsageError for a name that nothing has. Times are UTC.

    What Slipway never had in its box, such as a note written by hand, has neither ``item`` nor ``score``. A post, which goes by
    its day as well, has its ``sentences`` with what they rest on.
    """
    slip, file = _subject(app, post_of_day(app, name) or name)
    note_id = file.id if file else slip.note_id if slip else ""
    document: dict[str, Any] = {"id": note_id or f"item-{slip.id if slip else name}"}
    if slip is not None:
        document |= _origin(slip) | {"full_text": _full_text(app, slip)}
    document["answers"] = _answers(app, slip, note_id)
    return document | _note(app, note_id, file) if note_id else document


def _subject(app: App, name: str) -> tuple[Slip | None, VaultNote | None]:
    """The item and the file of one entry, as far as there are any."""
    slip = find_slip(app, name)
    if slip is not None:
        return slip, app.vault.find(slip.note_id) if slip.note_id else None
    # An item that became a note whose file is gone still has its history.
    if gone := app.store.slip_of_note(name):
        return gone, app.vault.find(name)
    file = find_note(app, name)
    return app.store.slip_of_note(file.id), file


def _origin(slip: Slip) -> dict[str, Any]:
    item = slip.item
    return {
        "item": slip.id,
        "key": item.key,
        "title": item.title,
        "url": item.url,
        "status": slip.status.value,
        "score": slip.score,
        "reasons": list(slip.reasons),
        "first_seen": slip.first_seen.isoformat(),
        "sightings": [
            {
                "source": one.source,
                "external_id": one.external_id,
                "url": one.url,
                "seen": one.seen.isoformat(),
                "source_title": one.source_title,
                "title": one.title,
            }
            for one in slip.sightings
        ],
        "source": item.source,
        "source_title": item.source_title,
        "published": item.published.isoformat() if item.published else None,
        "parts": [
            {"name": name, "value": slip.parts[name], "weight": WEIGHTS.get(name)}
            for name in sorted(slip.parts, key=lambda name: (-WEIGHTS.get(name, 0.0), name))
        ],
        "explored": slip.explored,
    }


def _full_text(app: App, slip: Slip) -> dict[str, str] | None:
    """What became of the linked article; None where the source asks for none."""
    article = app.store.article_state(slip.id)
    told = {"state": article.state, "reason": article.reason}
    return {name: value for name, value in told.items() if value} or None


def _answers(app: App, slip: Slip | None, note_id: str) -> list[dict[str, Any]]:
    """What the user said to it, oldest first, with what was taken back."""
    return [
        {
            "verdict": one.verdict,
            "origin": one.origin,
            "at": one.at.isoformat(),
            "undone_at": one.undone_at.isoformat() if one.undone_at else None,
        }
        for one in app.store.feedback(undone=True)
        if (slip is not None and one.item_id == slip.id) or (note_id and one.note_id == note_id)
    ]


def _note(app: App, note_id: str, file: VaultNote | None) -> dict[str, Any]:
    posts = [post for post in app.store.posts() if note_id in post.note_ids]
    document: dict[str, Any] = {
        "note": note_id,
        "topic": _first(topic.name for topic in app.store.topics() if note_id in topic.note_ids),
        "links": link_documents(app, app.store.related(note_id), _MOST_LINKS),
        "posts": [post.id for post in posts],
        "backlinks": link_documents(app, app.store.backlinks(note_id), _MOST_LINKS, incoming=True),
        "told_in": [
            {"id": post.id, "kind": post.kind, "date": post.date.isoformat(), "title": post.title, "path": post.path}
            for post in posts
        ],
        "kind": note_document(file)["kind"] if file else "note",
        "tells": list(own.note_ids) if (own := app.store.post(note_id)) else [],
        "path": file.path if file else None,
        "created": file.created.isoformat() if file and file.created else None,
        "gone_at": None,
    }
    if file is None:
        record = app.store.notes().get(note_id)
        document["gone_at"] = record.gone_at.isoformat() if record and record.gone_at else None
    else:
        document["title"] = file.title
    return document | explain_post(app, note_id, file) if document["kind"] == "post" else document


def _first(names: Iterable[str]) -> str | None:
    return next(iter(names), None)
