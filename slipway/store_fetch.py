"""The store's fetch side: what is remembered of sources, and a fetched batch recorded with its validators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from notes.model import Item, ItemStatus, SourceType
from slipway.database import Database, chunks
from slipway.dedupe import KnownItem, KnownSighting, Work, candidate_keys, candidate_texts, plan
from slipway.item_rows import bounded, item_columns, sighting_columns
from slipway.records import FetchCounts, SourceRecord
from slipway.tables import ItemRow, SightingRow, SourceRow

__all__ = ["FetchStore"]

_KNOWN = (
    ItemRow.id,
    ItemRow.key,
    ItemRow.status,
    ItemRow.source_type,
    ItemRow.arxiv_version,
    ItemRow.content_hash,
    ItemRow.published,
    ItemRow.tags,
)


class FetchStore(Database):
    """Sources and the recording of what they sent."""

    def source_records(self) -> dict[str, SourceRecord]:
        """What is remembered of each source, by its key."""
        with self._reading() as connection:
            rows = connection.execute(select(SourceRow).order_by(SourceRow.key))
            return {row.key: SourceRecord(**row._mapping) for row in rows}  # noqa: SLF001 - its public name

    def record_fetch(  # noqa: PLR0913 - what a fetch brings, each by name
        self,
        key: str,
        kind: str,
        url: str,
        *,
        etag: str,
        last_modified: str,
        body_sha256: str,
        items: Sequence[Item],
        now: datetime,
        not_modified: bool = False,
    ) -> FetchCounts:
        """Record a successful fetch: new items, new sightings, better texts and the validators, all or nothing.

        Recording the same batch again changes nothing but the times of the fetch. After a "not modified" an empty
        validator leaves the stored one as it is.
        """
        batch = [bounded(item) for item in items]
        if any(item.source != key for item in batch):
            raise ValueError(f"items of another source than {key!r}")
        given = {"etag": etag, "last_modified": last_modified, "body_sha256": body_sha256}
        validators = {name: value for name, value in given.items() if value or not not_modified}
        with self._writing() as connection:
            works = plan(batch, _known(connection, key, batch))
            _store(connection, works, now)
            success = validators | {"failures": 0, "last_error": "", "last_ok": now, "last_tried": now}
            _store_source(connection, key, {"kind": kind, "url": url} | success)
        return _counts(works)

    def record_failure(self, key: str, kind: str, url: str, error: str, now: datetime) -> None:
        """Record a fetch that failed; validators stay what they were."""
        with self._writing() as connection:
            failures = connection.scalar(select(SourceRow.failures).where(SourceRow.key == key)) or 0
            failure = {"failures": failures + 1, "last_error": error, "last_tried": now}
            _store_source(connection, key, {"kind": kind, "url": url} | failure)


def _store_source(connection: Connection, key: str, values: dict[str, Any]) -> None:
    done = connection.execute(update(SourceRow).where(SourceRow.key == key).values(values))
    if done.rowcount == 0:
        blank = {"etag": "", "last_modified": "", "body_sha256": "", "failures": 0, "last_error": ""}
        connection.execute(insert(SourceRow).values(blank | values | {"key": key}))


def _known(connection: Connection, source: str, batch: Sequence[Item]) -> list[KnownItem]:
    """The stored items that an entry of the batch may be."""
    rows = {row.id: row for row in _rows_by_key_or_text(connection, batch)}
    called = _called(connection, source, batch) - rows.keys()
    for part in chunks(sorted(called)):
        rows |= {row.id: row for row in connection.execute(select(*_KNOWN).where(ItemRow.id.in_(part)))}
    sightings = _sightings(connection, source, rows)
    return [_known_item(row, tuple(sightings.get(row.id, ()))) for row in rows.values()]


def _rows_by_key_or_text(connection: Connection, batch: Sequence[Item]) -> list[Any]:
    wanted = ((ItemRow.key, candidate_keys(batch)), (ItemRow.content_hash, candidate_texts(batch)))
    named = [column.in_(part) for column, values in wanted for part in chunks(sorted(values))]
    return [row for those in named for row in connection.execute(select(*_KNOWN).where(those))]


def _called(connection: Connection, source: str, batch: Sequence[Item]) -> set[int]:
    """The items that the source has called by an external id of the batch."""
    names = sorted({item.external_id for item in batch} - {""})
    found: set[int] = set()
    for part in chunks(names):
        same = (SightingRow.source == source) & SightingRow.external_id.in_(part)
        found.update(connection.scalars(select(SightingRow.item_id).where(same)))
    return found


def _sightings(connection: Connection, source: str, items: dict[int, Any]) -> dict[int, list[KnownSighting]]:
    found: defaultdict[int, list[KnownSighting]] = defaultdict(list)
    for part in chunks(sorted(items)):
        theirs = (SightingRow.source == source) & SightingRow.item_id.in_(part)
        for row in connection.execute(select(SightingRow).where(theirs).order_by(SightingRow.id)):
            found[row.item_id].append(KnownSighting(row.external_id, row.url, row.title))
    return found


def _known_item(row: Any, sightings: tuple[KnownSighting, ...]) -> KnownItem:
    return KnownItem(
        id=row.id,
        key=row.key,
        status=ItemStatus(row.status),
        source_type=SourceType(row.source_type),
        arxiv_version=row.arxiv_version,
        content_hash=row.content_hash,
        published=row.published,
        tags=row.tags,
        sightings=sightings,
    )


def _store(connection: Connection, works: Sequence[Work], now: datetime) -> None:
    ids = _insert(connection, [work.item for work in works if work.known is None], now)
    for work in works:
        if work.known is not None and work.refresh:
            _refresh(connection, work.known, work.item)
    sightings = [
        sighting_columns(entry) | {"item_id": work.known or ids[work.item.key], "seen": now}
        for work in works
        for entry in work.sightings
    ]
    if sightings:
        connection.execute(insert(SightingRow), sightings)


def _insert(connection: Connection, items: Sequence[Item], now: datetime) -> dict[str, int]:
    """Insert new items in their order; returns their ids by key."""
    if not items:
        return {}
    fresh = {"status": ItemStatus.INBOX.value, "score": None, "reasons": (), "note_id": "", "first_seen": now}
    connection.execute(insert(ItemRow), [item_columns(item) | fresh for item in items])
    ids: dict[str, int] = {}
    for part in chunks([item.key for item in items]):
        rows = connection.execute(select(ItemRow.key, ItemRow.id).where(ItemRow.key.in_(part)))
        ids.update((row.key, row.id) for row in rows)
    return ids


def _refresh(connection: Connection, item_id: int, item: Item) -> None:
    """Put a better text in place; a slip that waits is to be scored anew."""
    connection.execute(update(ItemRow).where(ItemRow.id == item_id).values(item_columns(item) | {"scored_on": None}))


def _counts(works: Sequence[Work]) -> FetchCounts:
    new = sum(work.known is None for work in works)
    updated = sum(work.refresh for work in works)
    return FetchCounts(new=new, seen=len(works) - new - updated, updated=updated)
