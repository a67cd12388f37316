"""Finding things again: search over the cache, notes by a part of their name, related notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from notes.errors import UsageError
from notes.model import VaultNote

if TYPE_CHECKING:
    from index.search import Query, Reply
    from slipway.app import App

__all__ = ["find_note", "open_search", "related_notes", "show_text"]


def open_search(app: App) -> Callable[[Query], Reply]:
    """A function that answers queries over the cache; raises UsageError when there is no index yet.

    The model is loaded only for a query that needs it.
    """
    from index.search import search

    if not (app.config.cache / "index.db").is_file():
        raise UsageError(
            "there is no search index yet", hint="`slipway index` reads the vault; `slipway run` does the night"
        )
    return lambda query: search(app.cache, query, None if query.mode == "lexical" else app.embedder)


def find_note(app: App, name: str) -> VaultNote:
    """The file whose id, stem or path is ``name``, or whose id alone begins with it; raises UsageError."""
    files = app.vault.notes()
    exact = [file for file in files if name in (file.id, file.path, file.path.rpartition("/")[2].removesuffix(".md"))]
    found = exact or [file for file in files if file.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no note, post or page has the id {name!r}", hint="`slipway search` finds ids")
    several = ", ".join(file.id for file in found[:5])
    raise UsageError(f"{name!r} could be any of {len(found)}: {several}", hint="write more of the id")


def related_notes(app: App, note_id: str, limit: int) -> list[dict[str, object]]:
    """The stored links of a note, best first, in the form of ``related --json``."""
    files = {file.id: file for file in app.vault.notes()}
    links = [link for link in app.store.related(note_id) if link.dst in files]
    return [
        {
            "rank": rank,
            "id": link.dst,
            "title": files[link.dst].title,
            "path": files[link.dst].path,
            "score": link.score,
            "kind": link.kind.value,
            "why": link.why,
        }
        for rank, link in enumerate(links[:limit], start=1)
    ]


def show_text(app: App, name: str) -> str:
    """The Markdown of a file, or a slip of the inbox (``item-12`` or ``12``) as plain text."""
    number = name.removeprefix("item-")
    if number.isdigit() and (slip := app.store.slip(int(number))) is not None:
        item = slip.item
        about = [item.title, item.url, ", ".join(item.authors), f"{slip.status.value}, score {slip.score}"]
        return "\n".join([*filter(None, about), *slip.reasons, "", item.text])
    return app.vault.read(find_note(app, name).path).decode("utf-8", errors="replace")
