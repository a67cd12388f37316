"""Items as rows: the columns of an item, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from sqlalchemy import Row

from notes.model import Item, ItemStatus, PaperVersion, Sighting, Slip, SourceType
from slipway.store.columns import storable

__all__ = [
    "bounded",
    "index_text",
    "item_columns",
    "items_columns",
    "sighting_of",
    "sightings_columns",
    "slip_of",
    "version_of",
]

KEY_BYTES = 1_000  # PostgreSQL indexes no more than 2,704 bytes a row, and a sighting's index holds two texts

_FIELDS = (
    "key",
    "source",
    "source_title",
    "external_id",
    "url",
    "title",
    "authors",
    "blocks",
    "published",
    "updated",
    "lang",
    "categories",
    "tags",
    "references",
    "arxiv_id",
    "arxiv_version",
    "doi",
    "comment",
    "content_hash",
    "announced",
)


_FIELD_OF = {name: attrgetter(name) for name in _FIELDS}


def bounded(item: Item) -> Item:
    """The item with its key, external id and title as they will be stored, so that they are found again."""
    # Nearly every item is as it should be, which shows at once; and a copy of so many fields takes its time.
    whole = f"{item.key}{item.external_id}{item.title}{item.url}"
    if whole.isascii() and "\0" not in whole and 4 * max(len(item.key), len(item.external_id)) <= KEY_BYTES:
        return item
    key, external_id, title, url = (
        index_text(item.key),
        index_text(item.external_id),
        storable(item.title),
        storable(item.url),
    )
    if (key, external_id, title, url) == (item.key, item.external_id, item.title, item.url):
        return item
    return replace(item, key=key, external_id=external_id, title=title, url=url)


def index_text(text: str) -> str:
    """A key or id as it is stored: what is too long for an index by its hash."""
    text = storable(text)
    if len(text) * 4 <= KEY_BYTES or len(text.encode()) <= KEY_BYTES:
        return text
    kind = text.partition(":")[0]
    return f"{kind if len(kind) < 10 else 'long'}:sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def item_columns(item: Item) -> dict[str, Any]:
    """The columns of ``items`` that hold the item itself."""
    return {name: value for name, (value,) in items_columns([item]).items()}


def items_columns(items: Sequence[Item]) -> dict[str, list[Any]]:
    """The columns of ``items`` that hold these items themselves."""
    types = [item.source_type for item in items]
    # Nearly always they are of one type, and to ask an enumeration for a value takes its time.
    is_one = types.count(types[0]) == len(types) if types else False
    named = [types[0].value] * len(types) if is_one else [one.value for one in types]
    return {"source_type": named} | {name: list(map(field_of, items)) for name, field_of in _FIELD_OF.items()}


def sightings_columns(entries: Sequence[Item]) -> dict[str, list[Any]]:
    """The columns of ``sightings`` that entries give."""
    return {
        name: list(map(_FIELD_OF[name], entries)) for name in ("source", "source_title", "external_id", "url", "title")
    }


def sighting_of(row: Row[Any]) -> Sighting:
    """The sighting in a row of ``sightings``."""
    return Sighting(row.source, row.source_title, row.external_id, row.url, row.title, row.seen)


def version_of(row: Row[Any]) -> PaperVersion:
    """The version in a row of ``versions``."""
    return PaperVersion(row.version, row.date, row.comment)


def slip_of(row: Row[Any], sightings: tuple[Sighting, ...], versions: tuple[PaperVersion, ...] = ()) -> Slip:
    """The slip in a row of ``items``, with its sightings and its paper's version log."""
    found = row._mapping  # noqa: SLF001 - the public name for it
    return Slip(
        id=row.id,
        item=Item(
            source_type=SourceType(row.source_type), versions=versions, **{name: found[name] for name in _FIELDS}
        ),
        status=ItemStatus(row.status),
        first_seen=row.first_seen,
        score=row.score,
        reasons=row.reasons,
        note_id=row.note_id,
        sightings=sightings,
        parts=row.parts,
        explored=row.explored,
        rewritten=row.score is not None and row.scored_on is None,
    )
