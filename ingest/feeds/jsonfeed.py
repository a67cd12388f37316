"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser does not read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ingest.reading.dates import read_moment
from ingest.reading.entries import RawEntry
from ingest.reading.text import one_line
from notes.errors import ParseError

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["MAX_ENTRIES", "looks_like_json", "read"]


MAX_ENTRIES = 20_000


def looks_like_json(text: str) -> bool:
    """Whether the document is meant as JSON, whatever its media type says."""
    return text.lstrip()[:1] in {"{", "["}


def read(text: str, base_url: str, *, cap: int = MAX_ENTRIES) -> tuple[str, tuple[RawEntry, ...], tuple[str, ...]]:
    """The feed's title, its first ``cap`` entries, and what was amiss; fields of a wrong type count as absent.

    Raises ParseError where the document is not JSON or no feed. Addresses that it names
    (``next_url``, ``feed_url``) are never followed.
    """
    document = _load(text)
    if not isinstance(document, dict) or not ("items" in document or "jsonfeed" in _text(document, "version")):
        raise ParseError("the document is JSON, but no JSON Feed", hint="a JSON Feed has the keys version and items")
    items = document.get("items") or []
    if not isinstance(items, list):
        raise ParseError("the items of the JSON Feed are no list")
    objects = [item for item in items if isinstance(item, dict)]
    faults = (
        ("entries that are no objects", len(items) - len(objects)),
        (f"entries beyond the first {cap} left out", len(objects) - cap),
    )
    warnings = tuple(f"{what}: {count}" for what, count in faults if count > 0)
    return one_line(_text(document, "title")), tuple(_entry(item, base_url) for item in objects[:cap]), warnings


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"the document is no valid JSON: {error}") from error


def _entry(item: dict[str, Any], base_url: str) -> RawEntry:
    markup = _text(item, "content_html")
    published, updated = _moment(item, "date_published"), _moment(item, "date_modified")
    return RawEntry(
        external_id=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        body=markup or _as_markup(_text(item, "content_text") or _text(item, "summary")),
        base_url=base_url,
        authors=_authors(item),
        categories=tuple(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        published=published,
        updated=updated,
        has_bad_date=bool(
            (item.get("date_published") and not published) or (item.get("date_modified") and not updated)
        ),
    )


def _text(mapping: dict[str, Any], key: str) -> str:
    value = mapping.get(key)
    if isinstance(value, str):
        return value
    # Ids written as numbers are common (version 1.1 asks readers to bear them).
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _list(mapping: dict[str, Any], key: str) -> list[Any]:
    value = mapping.get(key)
    return value if isinstance(value, list) else []


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    people = [*_list(item, "authors"), item.get("author")]
    return tuple(_text(person, "name") for person in people if isinstance(person, dict))


def _moment(item: dict[str, Any], key: str) -> datetime | None:
    return read_moment(_text(item, key)) if item.get(key) else None


def _as_markup(text: str) -> str:
    """Plain text as markup, so that one way serves both."""
    from html import escape

    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in text.split("\n\n") if part.strip())
