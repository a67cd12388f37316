"""What is stored that fetched batches may be about: the items, and where each batch's source has shown them.

::

    by name, text or guid     the items that entries of any batch may be     one statement each for all batches
    by likeness               those that share a band with what no name tells
    a shelf for each batch    of these what its own entries may be
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Executable,
    Integer,
    Row,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)

from notes.model import ItemStatus, SourceType, blocks_text
from slipway.sameness.candidates import Batch
from slipway.sameness.editions import STORED_FIELDS, StoredText, Told
from slipway.sameness.plan import ADDRESS, KnownItem, KnownSighting, Strangers, candidate_bands
from slipway.store.columns import Numbers, Plain, Texts
from slipway.store.tables import ItemRow, OtherKeyRow, SightingRow, SketchBandRow

__all__ = ["MAX_BEARERS", "Sent", "Shelf", "among", "gather"]

MAX_BEARERS = 200
_KNOWN_ALSO = ("id", "key", "tags", "sketch", "full_text")
_COLUMNS = tuple(getattr(ItemRow, name) for name in (*_KNOWN_ALSO, *STORED_FIELDS))
_OF_SIGHTING = ("id", "item_id", "source", "external_id", "url", "title", "kept_out")
_SEEN = tuple(getattr(SightingRow, name) for name in _OF_SIGHTING)


class Sent(NamedTuple):
    """What one source has sent: its key and the batch of its entries."""

    source: str
    batch: Batch


@dataclass(frozen=True, slots=True)
class _Questions:
    """The statements of :func:`gather`: ids by name or text, by guid and by band, rows by id.

    ``named`` gives the name as well where the item's row does not tell it.
    Built once, and each list of values is one parameter: a statement with hundreds takes longer to prepare than to run.
    """

    named: Executable
    called: Executable
    alike: Executable
    sketches: Executable
    items: Executable
    seen: Executable


@cache
def _questions(dialect: str) -> _Questions:
    of_sources = among(dialect, SightingRow.source, "sources")
    itself = select(ItemRow.id, literal_column("''", Plain()).label("other_key"))
    named = union_all(
        itself.where(among(dialect, ItemRow.key, "keys")),
        itself.where(among(dialect, ItemRow.content_hash, "texts")),
        itself.where(among(dialect, ItemRow.doi, "dois")),
        itself.where(among(dialect, ItemRow.arxiv_id, "papers")),
        select(OtherKeyRow.item_id, OtherKeyRow.key).where(among(dialect, OtherKeyRow.key, "addresses")),
    )
    called = select(SightingRow.item_id, SightingRow.source, SightingRow.external_id)
    # What so many share tells nothing: a title like "Weekly links", a notice below every post.
    telling = select(SketchBandRow.band).where(among(dialect, SketchBandRow.band, "bands")).group_by(SketchBandRow.band)
    few = SketchBandRow.band.in_(telling.having(func.count() <= MAX_BEARERS))
    return _Questions(
        named=named,
        called=called.where(of_sources & among(dialect, SightingRow.external_id, "guids")),
        alike=select(SketchBandRow.band, SketchBandRow.item_id).where(few),
        sketches=select(ItemRow.id, ItemRow.sketch).where(among(dialect, ItemRow.id, "ids")).order_by(ItemRow.id),
        items=select(*_COLUMNS).where(among(dialect, ItemRow.id, "ids")).order_by(ItemRow.id),
        seen=select(*_SEEN).where(of_sources & among(dialect, SightingRow.item_id, "ids")).order_by(SightingRow.id),
    )


def among(dialect: str, column: Any, name: str) -> ColumnElement[bool]:
    """That the column has one of the values in the list that is the parameter ``name``."""
    if dialect == "postgresql":
        return cast("ColumnElement[bool]", column == any_(bindparam(name, type_=ARRAY(column.type))))
    kind = Numbers() if isinstance(column.type, Integer) else Texts()
    listed = func.json_each(bindparam(name, type_=kind)).table_valued("value")
    return cast("ColumnElement[bool]", column.in_(select(listed.c.value)))


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is stored that a batch may be about: items by id, and where the batch's source has shown each, oldest first.

    ``bands`` are those by which likely kin of the batch were looked for; ``sketches`` those of the items that were found so,
    and are fetched whole when it turns out that they are kin.
    """

    stock: _Stock
    source: str
    rows: dict[int, Row[Any]]
    bands: frozenset[int]
    sketches: Mapping[int, str]

    def known(self) -> list[KnownItem]:
        """The items as the plan looks at them."""
        return [self._known(row) for row in self.rows.values()]

    def strangers(self) -> Strangers | None:
        """The others."""
        return Strangers(self.sketches, self._met) if self.sketches else None

    def holds_any(self, ids: AbstractSet[int]) -> bool:
        """Whether one of these items is among them."""
        return not (ids.isdisjoint(self.rows) and ids.isdisjoint(self.sketches))

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.rows) + len(self.sketches)

    def sightings(self, item_id: int) -> Sequence[Row[Any]]:
        """Where the batch's source has shown an item."""
        return self.stock.sightings.get((self.source, item_id), ())

    def text(self, item_id: int) -> StoredText:
        """The stored text as the rules of :mod:`slipway.sameness.editions` look at it."""
        found = self.rows[item_id]._mapping  # noqa: SLF001 - its public name
        fields = {name: found[name] for name in STORED_FIELDS}
        named = {"status": ItemStatus(found["status"]), "source_type": SourceType(found["source_type"])}
        return StoredText(**(fields | named))

    def told(self, item_id: int) -> Told:
        """What a stored item tells, which few ask for: the texts of all that a source shows would be too much."""
        its = select(ItemRow.title, ItemRow.blocks, ItemRow.sketch).where(ItemRow.id == item_id)
        row = self.stock.connection.execute(its).one()
        return Told(row.title, blocks_text(row.blocks), row.sketch)

    def _met(self, ids: Collection[int]) -> list[KnownItem]:
        self.stock.fetch(set(ids) - self.stock.rows.keys())
        self.rows.update((item_id, self.stock.rows[item_id]) for item_id in ids)
        return [self._known(self.rows[item_id]) for item_id in ids]

    def _known(self, row: Row[Any]) -> KnownItem:
        return _known_item(row, self.sightings(row.id), self.stock.other_keys.get(row.id, ()))


def gather(connection: Connection, sent: Sequence[Sent]) -> list[Shelf]:
    """For each batch the stored items that an entry of it may be."""
    stock = _Stock(connection, _questions(connection.dialect.name), sorted({one.source for one in sent}))
    stock.fetch_named(sent)
    named = [stock.named(one) for one in sent]
    # Only what no name tells is looked for by likeness.
    bands = [
        candidate_bands(one.batch, stock.shelf(one.source, ids).known() if ids else ())
        for one, ids in zip(sent, named, strict=True)
    ]
    stock.fetch_alike(frozenset().union(*bands))
    return [stock.shelf(one.source, ids, wanted) for one, ids, wanted in zip(sent, named, bands, strict=True)]


@dataclass(frozen=True, slots=True)
class _Stock:
    """What was found for all batches together, by each name by which a batch may ask for it.

    Names go to the database in order: two runs do the same whatever a set's order is. Bands, of which there are most, it
    sorts itself.
    """

    connection: Connection
    questions: _Questions
    sources: Sequence[str]
    rows: dict[int, Row[Any]] = field(default_factory=dict)
    sketches: dict[int, str] = field(default_factory=dict)
    sightings: defaultdict[tuple[str, int], list[Row[Any]]] = field(default_factory=lambda: defaultdict(list))
    other_keys: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_name: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_guid: defaultdict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    by_band: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def fetch_named(self, sent: Sequence[Sent]) -> None:
        """Take in the items under a key, text, DOI or arXiv id, and those that the sources have called by a guid."""
        batches = [one.batch for one in sent]
        keys = _all(batch.keys for batch in batches)
        values = {
            "keys": keys,
            # Two thirds of the keys are others.
            "addresses": [key for key in keys if key.startswith(ADDRESS)],
            "texts": _all(batch.texts for batch in batches),
            "dois": _all(batch.dois for batch in batches),
            "papers": _all(batch.papers for batch in batches),
        }
        named: set[int] = set()
        for item_id, other_key in self.connection.execute(self.questions.named, values).all():
            named.add(item_id)
            if other_key:
                self.other_keys[item_id].append(other_key)
                self.by_name[other_key].add(item_id)
        guids = {"sources": self.sources, "guids": _all(batch.guids for batch in batches)}
        for row in self.connection.execute(self.questions.called, guids):
            self.by_guid[row.source, row.external_id].add(row.item_id)
        self.fetch(named.union(*self.by_guid.values()))
        for row in self.rows.values():
            for name in {row.key, row.content_hash, row.doi, row.arxiv_id}:
                self.by_name[name].add(row.id)

    def fetch_alike(self, bands: Collection[int]) -> None:
        """Take in the sketches of the items that have one of these bands."""
        if not bands:
            return
        for band, item_id in self.connection.execute(self.questions.alike, {"bands": list(bands)}).all():
            self.by_band[band].add(item_id)
        if self.by_band:
            ids = sorted(set().union(*self.by_band.values()))
            drawn = self.connection.execute(self.questions.sketches, {"ids": ids})
            self.sketches.update([(item_id, sketch) for item_id, sketch in drawn.all()])

    def fetch(self, ids: Collection[int]) -> None:
        """Take in the items with these ids, and what the sources have shown of them."""
        if not ids:
            return
        values = {"sources": self.sources, "ids": sorted(ids)}
        for seen in self.connection.execute(self.questions.seen, values):
            self.sightings[seen.source, seen.item_id].append(seen)
        self.rows.update((row.id, row) for row in self.connection.execute(self.questions.items, {"ids": values["ids"]}))

    def named(self, one: Sent) -> set[int]:
        """The ids of what bears a name or a text of the batch."""
        if not self.rows:
            return set()
        batch = one.batch
        names = (*batch.keys, *batch.texts, *batch.dois, *batch.papers)
        calls = ((one.source, guid) for guid in batch.guids)
        return (
            set()
            .union(*(self.by_name[name] for name in names if name in self.by_name))
            .union(*(self.by_guid[call] for call in calls if call in self.by_guid))
        )

    def alike(self, bands: Iterable[int]) -> set[int]:
        """The ids of what shares a band."""
        return set().union(*(self.by_band[band] for band in bands if band in self.by_band)) if self.by_band else set()

    def shelf(self, source: str, named: Collection[int], bands: frozenset[int] = frozenset()) -> Shelf:
        """The shelf of a batch of one source: what is ``named`` by it, and what shares one of ``bands`` with it."""
        rows = {item_id: self.rows[item_id] for item_id in sorted(named)}
        alike = sorted(self.alike(bands).difference(rows))
        return Shelf(self, source, rows, bands, {item_id: self.sketches[item_id] for item_id in alike})


def _all(values: Iterable[Collection[str]]) -> list[str]:
    return sorted(frozenset().union(*values))


def _known_item(row: Row[Any], sightings: Sequence[Row[Any]], other_keys: Iterable[str]) -> KnownItem:
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
        other_keys=tuple(other_keys),
    )
