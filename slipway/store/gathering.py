"""What is stored that a fetched batch may be about: the items, and where the batch's source has shown them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import ARRAY, ColumnElement, Connection, Executable, Row, any_, bindparam, func, select, union_all

from notes.model import ItemStatus, SourceType
from slipway.sameness.candidates import Batch
from slipway.sameness.editions import STORED_FIELDS, StoredText
from slipway.sameness.plan import KnownItem, KnownSighting, candidate_bands
from slipway.store.columns import Texts
from slipway.store.tables import ItemRow, SightingRow, SketchBandRow

__all__ = ["Shelf", "gather"]

MAX_BEARERS = 200
_KNOWN_ALSO = ("id", "key", "tags", "sketch", "full_text")
_COLUMNS = tuple(getattr(ItemRow, name) for name in (*_KNOWN_ALSO, *STORED_FIELDS))
_SEEN = tuple(getattr(SightingRow, name) for name in ("id", "item_id", "external_id", "url", "title", "kept_out"))


@dataclass(frozen=True, slots=True)
class _Questions:
    """The statements of :func:`gather`: ids by name or text, ids by likeness, rows by id.

    Built once, and each list of values is one parameter: a statement with hundreds takes longer to prepare than to run.
    """

    named: Executable
    alike: Executable
    items: Executable
    seen: Executable


@cache
def _questions(dialect: str) -> _Questions:
    among = _among_array if dialect == "postgresql" else _among_json
    of_source = SightingRow.source == bindparam("source")
    named = union_all(
        select(ItemRow.id).where(among(ItemRow.key, "keys")),
        select(ItemRow.id).where(among(ItemRow.content_hash, "texts")),
        select(ItemRow.id).where(among(ItemRow.doi, "dois")),
        select(ItemRow.id).where(among(ItemRow.arxiv_id, "papers")),
        select(SightingRow.item_id).where(of_source & among(SightingRow.external_id, "guids")),
    )
    # What so many share tells nothing: a title like "Weekly links", a notice below every post.
    telling = select(SketchBandRow.band).where(among(SketchBandRow.band, "bands")).group_by(SketchBandRow.band)
    return _Questions(
        named=named,
        alike=select(SketchBandRow.item_id).where(SketchBandRow.band.in_(telling.having(func.count() <= MAX_BEARERS))),
        items=select(*_COLUMNS).where(among(ItemRow.id, "ids")),
        seen=select(*_SEEN).where(of_source & among(SightingRow.item_id, "ids")).order_by(SightingRow.id),
    )


def _among_array(column: Any, name: str) -> ColumnElement[bool]:
    return cast("ColumnElement[bool]", column == any_(bindparam(name, type_=ARRAY(column.type))))


def _among_json(column: Any, name: str) -> ColumnElement[bool]:
    listed = func.json_each(bindparam(name, type_=Texts())).table_valued("value")
    return cast("ColumnElement[bool]", column.in_(select(listed.c.value)))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Rows of ``items`` by id, and for each the rows of ``sightings`` by the batch's source, oldest first."""

    rows: Mapping[int, Row[Any]]
    sightings: Mapping[int, Sequence[Row[Any]]]

    def known(self) -> list[KnownItem]:
        """The items as the plan looks at them."""
        return [_known_item(row, self.sightings.get(row.id, ())) for row in self.rows.values()]

    def text(self, item_id: int) -> StoredText:
        """The stored text as the rules of :mod:`slipway.sameness.editions` look at it."""
        found = self.rows[item_id]._mapping  # noqa: SLF001 - its public name
        fields = {name: found[name] for name in STORED_FIELDS}
        named = {"status": ItemStatus(found["status"]), "source_type": SourceType(found["source_type"])}
        return StoredText(**(fields | named))


def gather(connection: Connection, source: str, batch: Batch) -> Shelf:
    """The stored items that an entry of the batch may be."""
    if not batch.items:
        return Shelf({}, {})
    ask = _Asker(connection, source, _questions(connection.dialect.name))
    named = ask.shelf(ask.named(batch))
    # Only what no name tells is looked for by likeness.
    more = ask.shelf(ask.alike(candidate_bands(batch, named.known())) - named.rows.keys())
    return Shelf({**named.rows, **more.rows}, {**named.sightings, **more.sightings})


@dataclass(frozen=True, slots=True)
class _Asker:
    """Asks the database about a batch of one source. Values go in order: two runs do the same whatever a set's order is."""

    connection: Connection
    source: str
    questions: _Questions

    def named(self, batch: Batch) -> set[int]:
        """The items under a key, text, DOI or arXiv id of the batch, and those that the source has called by a guid of it."""
        values = {
            "keys": sorted(batch.keys),
            "texts": sorted(batch.texts),
            "dois": sorted(batch.dois),
            "papers": sorted(batch.papers),
            "guids": sorted(batch.guids),
        }
        return {row[0] for row in self.connection.execute(self.questions.named, {"source": self.source, **values})}

    def alike(self, bands: Collection[str]) -> set[int]:
        """The items whose sketches have one of these bands."""
        if not bands:
            return set()
        return {row[0] for row in self.connection.execute(self.questions.alike, {"bands": sorted(bands)})}

    def shelf(self, ids: Collection[int]) -> Shelf:
        """The items with these ids, and what the source has shown of them."""
        if not ids:
            return Shelf({}, {})
        values = {"source": self.source, "ids": sorted(ids)}
        sightings: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for seen in self.connection.execute(self.questions.seen, values):
            sightings[seen.item_id].append(seen)
        rows = self.connection.execute(self.questions.items, {"ids": values["ids"]})
        return Shelf({row.id: row for row in rows}, sightings)


def _known_item(row: Row[Any], sightings: Sequence[Row[Any]]) -> KnownItem:
    status = ItemStatus(row.status)
    return KnownItem(
        id=row.id,
        key=row.key,
        # What is kept out waits like the inbox: a better text may bring it in.
        status=ItemStatus.INBOX if status is ItemStatus.EXCLUDED else status,
        source_type=SourceType(row.source_type),
        arxiv_id=row.arxiv_id,
        arxiv_version=row.arxiv_version,
        doi=row.doi,
        content_hash=row.content_hash,
        sketch=row.sketch,
        published=row.published,
        tags=row.tags,
        sightings=tuple(KnownSighting(seen.external_id, seen.url, seen.title) for seen in sightings),
    )
