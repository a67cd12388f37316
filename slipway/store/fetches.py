"""The store's fetch side: fetched batches recorded, each with its source's validators and schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from operator import is_

from sqlalchemy import Connection

from ingest.arxiv.announcing import admitted
from notes.model import Item
from slipway.sameness.candidates import Batch
from slipway.sameness.plan import Work, plan
from slipway.store.gathering import Sent
from slipway.store.item_rows import bounded
from slipway.store.records import FailureRecord, FetchCounts, FetchRecord, SourceSchedule
from slipway.store.shelves import Shelves
from slipway.store.sources import SourceStore, store_outcomes
from slipway.store.works import Planned, write_works

__all__ = ["FetchStore"]

# Of many more, every other one would be like one that was written since.
GATHERED_AT_ONCE = 25


class FetchStore(SourceStore):
    """The recording of what sources sent."""

    def record_many(self, outcomes: Sequence[FetchRecord | FailureRecord]) -> tuple[FetchCounts, ...]:
        """Record what fetches came to, in their order and all in one transaction; returns the counts of each.

        New items, new sightings, better texts, validators and schedules: all or nothing. Recording the same batch again
        changes nothing but the times of the fetch. After a "not modified" an empty validator leaves the stored one
        as it is; after a failure all do.
        """
        prepared = [_prepared(outcome) for outcome in outcomes]
        if not prepared:
            return ()
        with self._writing() as connection:
            counts = _record(connection, prepared)
            store_outcomes(connection, prepared)
        return counts

    def record_items(self, fetch: FetchRecord) -> FetchCounts:
        """Record what a fetch brought beside the nightly one: all or nothing, and the source's row stays as it is."""
        prepared = _prepared(fetch)
        with self._writing() as connection:
            (counts,) = _record(connection, [prepared])
        return counts

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
        kept_out: Sequence[str] = (),
        full_text: bool = False,
        schedule: SourceSchedule | None = None,
    ) -> FetchCounts:
        """Record one fetch that worked; see :class:`~slipway.store.records.FetchRecord` and :meth:`record_many`."""
        fetch = FetchRecord(
            key=key,
            kind=kind,
            url=url,
            now=now,
            etag=etag,
            last_modified=last_modified,
            body_sha256=body_sha256,
            items=tuple(items),
            not_modified=not_modified,
            kept_out=tuple(kept_out),
            full_text=full_text,
            schedule=schedule,
        )
        (counts,) = self.record_many([fetch])
        return counts

    def record_failure(
        self, key: str, kind: str, url: str, error: str, now: datetime, schedule: SourceSchedule | None = None
    ) -> None:
        """Record a fetch that failed; validators stay what they were."""
        self.record_many([FailureRecord(key=key, kind=kind, url=url, error=error, now=now, schedule=schedule)])


def _prepared(outcome: FetchRecord | FailureRecord) -> FetchRecord | FailureRecord:
    """The outcome with its items as they will be stored; raises ValueError for what no fetch can bring."""
    if isinstance(outcome, FailureRecord):
        return outcome
    if any(item.source != outcome.key for item in outcome.items):
        raise ValueError(f"items of another source than {outcome.key!r}")
    if outcome.sketches and len(outcome.sketches) != len(outcome.items):
        raise ValueError(f"{len(outcome.sketches)} sketches for {len(outcome.items)} items of {outcome.key!r}")
    if outcome.kept_out and len(outcome.kept_out) != len(outcome.items):
        raise ValueError(f"{len(outcome.kept_out)} reasons for {len(outcome.items)} items of {outcome.key!r}")
    items = tuple(bounded(item) for item in outcome.items)
    if all(map(is_, items, outcome.items)):
        return outcome
    # A sketch is of the title as it will be stored.
    return replace(outcome, items=items, sketches=())


def _record(connection: Connection, outcomes: Sequence[FetchRecord | FailureRecord]) -> tuple[FetchCounts, ...]:
    """Write what came, in the order of the outcomes; returns the counts of each."""
    counts = [FetchCounts()] * len(outcomes)
    fetches = [(place, one) for place, one in enumerate(outcomes) if isinstance(one, FetchRecord) and one.items]
    for at in range(0, len(fetches), GATHERED_AT_ONCE):
        part = fetches[at : at + GATHERED_AT_ONCE]
        done = _record_part(connection, [fetch for _, fetch in part])
        for (place, _), its in zip(part, done, strict=True):
            counts[place] = its
    return tuple(counts)


def _record_part(connection: Connection, fetches: Sequence[FetchRecord]) -> list[FetchCounts]:
    """Write some fetches: what is known of all is gathered at once, and their works are written at once as well.

    Works wait for being written until a batch may have to do with them.
    """
    shelves = Shelves.of(connection, [Sent(fetch.key, Batch.of(fetch.items, fetch.sketches)) for fetch in fetches])
    waiting: list[Planned] = []
    counts: list[FetchCounts] = []

    def write() -> None:
        counts.extend(write_works(connection, waiting))
        waiting.clear()

    for place, fetch in enumerate(fetches):
        shelf = shelves.shelf(place, write)
        planned = plan(shelves.sent[place].batch, shelf.known(), shelf.strangers())
        works = [work for work in planned if _is_wanted(work, fetch.announce)]
        shelves.planned(place, works, shelf)
        waiting.append(Planned(fetch, works, shelf))
    write()
    return counts


def _is_wanted(work: Work, announce: tuple[str, ...]) -> bool:
    """Whether the work is known, or was announced in a way that makes new items."""
    return work.known is not None or any(admitted(entry, announce) for entry in work.sightings)
