"""Items as rows: the columns of an item, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter
from typing import Any

from sqlalchemy import Row

from notes.model import Item, ItemStatus, PaperVersion, Sighting, Slip, SourceType
from slipway.store.columns import storable

__all__ = [
    "ITEM_COLUMNS",
    "SIGHTING_COLUMNS",
    "bounded",
    "item_columns",
    "item_values",
    "sighting_of",
    "sighting_values",
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


def bounded(item: Item) -> Item:
    """The item with its key, external id and title as they will be stored, so that they are found again."""
    # Nearly every item is as it should be, which shows at once; and a copy of so many fields takes its time.
    whole = f"{item.key}{item.external_id}{item.title}{item.url}"
    if whole.isascii() and "\0" not in whole and 4 * max(len(item.key), len(item.external_id)) <= KEY_BYTES:
        return item
    key, external_id, title, url = (
        _index_text(item.key),
        _index_text(item.external_id),
        storable(item.title),
        storable(item.url),
    )
    if (key, external_id, title, url) == (item.key, item.external_id, item.title, item.url):
        return item
    return replace(item, key=key, external_id=external_id, title=title, url=url)


def _index_text(text: str) -> str:
    text = storable(text)
    if len(text) * 4 <= KEY_BYTES or len(text.encode()) <= KEY_BYTES:
        return text
    kind = text.partition(":")[0]
    return f"{kind if len(kind) < 10 else 'long'}:sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def item_columns(item: Item) -> dict[str, Any]:
    """The columns of ``items`` that hold the item itself."""
    return dict(zip(ITEM_COLUMNS, item_values(item), strict=True))


ITEM_COLUMNS = ("source_type", *_FIELDS)
"""The columns of ``items`` that :func:`item_values` gives."""

SIGHTING_COLUMNS = ("source", "source_title", "external_id", "url", "title")
"""The columns of ``sightings`` that :func:`sighting_values` gives."""

_fields_of = attrgetter(*_FIELDS)
sighting_values: Callable[[Item], tuple[str, ...]] = attrgetter(*SIGHTING_COLUMNS)
"""What an entry gives to a row of ``sightings``."""


def item_values(item: Item) -> tuple[Any, ...]:
    """The item itself as a row of ``items`` holds it, in the order of ``ITEM_COLUMNS``."""
    return (item.source_type.value, *_fields_of(item))


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
    )
