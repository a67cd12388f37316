"""One note, post, page or slip: as text for a person, as a document for a program, and where it opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from notes.errors import UsageError
from notes.model import Slip, VaultNote
from slipway.app import App
from slipway.finding import find_note, find_slip
from slipway.library import is_page, is_post

__all__ = ["note_document", "obsidian_address", "obsidian_uri", "openable", "show_document", "show_text"]


def show_document(app: App, name: str) -> dict[str, Any]:
    """The document of ``show --json``: of a note, post or page with its Markdown, or of a slip with its text."""
    if slip := find_slip(app, name):
        return _slip_document(slip)
    file = find_note(app, name)
    return note_document(file) | {
        "wikilinks": list(file.wikilinks),
        "trouble": file.trouble,
        "properties": file.properties,
        "body": file.body,
    }


def show_text(app: App, name: str) -> str:
    """The Markdown of a file, or a slip of the inbox (``item-12`` or ``12``) as plain text."""
    if slip := find_slip(app, name):
        item = slip.item
        score = "unscored" if slip.score is None else f"score {slip.score:.2f}"
        about = [item.title, item.url, ", ".join(item.authors), f"{slip.status.value}, {score}", *slip.reasons]
        return "\n".join([*filter(None, about), "", item.text])
    return app.vault.read(find_note(app, name).path).decode("utf-8", errors="replace")


def openable(app: App, name: str) -> VaultNote:
    """The file to open: that of a note, or of the note that an item became. UsageError for an item without one."""
    slip = find_slip(app, name)
    if slip is None:
        return find_note(app, name)
    if not slip.note_id:
        where = f"it is at {slip.item.url}; " if slip.item.url else ""
        raise UsageError(
            f"item {slip.id} is no note yet", hint=f"{where}`slipway show item-{slip.id}` shows what came of it"
        )
    return find_note(app, slip.note_id)


def obsidian_uri(app: App, file: VaultNote) -> str:
    """The address by which Obsidian opens the file in whatever vault holds it (help.obsidian.md: Obsidian URI)."""
    return obsidian_address(app.config.vault / file.path)


def obsidian_address(file: Path) -> str:
    """The address by which Obsidian opens a file in whatever vault holds it."""
    return f"obsidian://open?path={quote(str(file.resolve()), safe='')}"


def note_document(file: VaultNote) -> dict[str, Any]:
    """What is known of a file of the vault, without its text."""
    return {
        "id": file.id,
        "kind": "post" if is_post(file) else "page" if is_page(file) else "note",
        "path": file.path,
        "title": file.title,
        "aliases": list(file.aliases),
        "created": file.created,
        "published": file.published,
        "tags": list(file.tags),
        "source": file.source,
        "source_type": file.source_type,
        "url": file.url,
        "arxiv_id": file.arxiv_id,
        "doi": file.doi,
        "authors": list(file.authors),
        "quality_score": file.quality_score,
        "topic": file.topic,
        "lang": file.lang,
        "related": list(file.related),
    }


def _slip_document(slip: Slip) -> dict[str, Any]:
    from slipway.reading import item_document

    return {"kind": "item"} | item_document(slip) | {"lang": slip.item.lang, "text": slip.item.text}
