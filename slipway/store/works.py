"""The works of a batch, written: new items, better texts, sightings, version logs, bands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Executable, bindparam, delete, func, select, update

from notes.model import Item, ItemStatus, PaperVersion
from notes.text.bands import all_bands
from notes.text.likeness import sketch_of
from slipway.sameness.editions import (
    StoredText,
    additions,
    completes,
    identified,
    is_edit,
    may_complete,
    merged_log,
    succeeding,
    told_log,
)
from slipway.sameness.plan import Work
from slipway.store.band_rows import insert_bands
from slipway.store.bulk import insert_columns, insert_rows
from slipway.store.database import chunks
from slipway.store.gathering import Shelf, among
from slipway.store.item_rows import item_columns, items_columns, sightings_columns, version_of
from slipway.store.records import FetchCounts, FetchRecord
from slipway.store.rules import settle
from slipway.store.tables import ItemRow, OtherKeyRow, SightingRow, SketchBandRow, VersionRow

__all__ = ["Planned", "write_works"]

_UNSCORED: dict[str, Any] = {"scored_on": None}
_INBOX, _EXCLUDED = ItemStatus.INBOX.value, ItemStatus.EXCLUDED.value


class Planned(NamedTuple):
    """What is to become of a fetch: the plan for its batch, and ``shelf``, what the plan was made from."""

    fetch: FetchRecord
    works: Sequence[Work]
    shelf: Shelf


def write_works(connection: Connection, planned: Sequence[Planned]) -> list[FetchCounts]:
    """Write the plans for some batches that have nothing in common, in their order. Writes only what differs."""
    if not planned:
        return []
    writers = [_Writer.of(*one) for one in planned]
    ids = _insert_items(connection, writers)
    updated = [sum(writer.renew(work) for work in writer.works if work.known is not None) for writer in writers]
    for writer in writers:
        writer.write_changes(connection)
    placed = [
        [(work, work.known if work.known is not None else ids[work.item.key]) for work in writer.works]
        for writer in writers
    ]
    _insert_sightings(connection, zip(writers, placed, strict=True))
    others = [{"key": key, "item_id": item_id} for its in placed for work, item_id in its for key in work.other_keys]
    insert_rows(connection, OtherKeyRow, others)
    for writer, its in zip(writers, placed, strict=True):
        writer.follow(connection, its)
        writer.log(connection, its)
    return [writer.counts(number) for writer, number in zip(writers, updated, strict=True)]


def _insert_items(connection: Connection, writers: Sequence[_Writer]) -> dict[str, int]:
    """Insert new items in their order; returns their ids by key."""
    new = [(writer, work) for writer in writers for work in writer.works if work.known is None]
    if not new:
        return {}
    items = [work.item for _, work in new]
    insert_columns(connection, ItemRow, items_columns(items) | _fresh(new))
    ids = _numbers(connection, [item.key for item in items])
    insert_bands(connection, [(ids[work.item.key], work.sketch) for _, work in new])
    return ids


def _fresh(new: Sequence[tuple[_Writer, Work]]) -> dict[str, list[Any]]:
    """What stands in new rows beside the items."""
    count = len(new)
    reasons = [writer.reason(work) for writer, work in new]
    return {
        "status": [_EXCLUDED if reason else _INBOX for reason in reasons],
        "score": [None] * count,
        "reasons": [(reason,) if reason else () for reason in reasons],
        "note_id": [""] * count,
        "first_seen": [writer.fetch.now for writer, _ in new],
        "full_text": ["due" if writer.fetch.full_text and work.item.url else "" for writer, work in new],
        "full_text_tries": [0] * count,
        "sketch": [work.sketch for _, work in new],
        "edits": [0] * count,
    }


def _numbers(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """The ids of items that were just inserted in this order, by key."""
    if connection.dialect.name == "sqlite":
        # Each gets the number after the highest, and nobody else writes: https://www.sqlite.org/autoinc.html
        last = connection.scalar(_LAST) or 0
        return dict(zip(keys, range(last - len(keys) + 1, last + 1), strict=True))
    rows = connection.execute(_numbered(connection.dialect.name), {"keys": keys}).all()
    return {key: item_id for key, item_id in rows}  # noqa: C416 - rows are no pairs to mypy


def _insert_sightings(connection: Connection, placed: Iterable[tuple[_Writer, Sequence[tuple[Work, int]]]]) -> None:
    """Insert the sightings that are new."""
    new = [
        (entry, item_id, writer.fetch.now, writer.reason(work))
        for writer, its in placed
        for work, item_id in its
        for entry in work.sightings
    ]
    if not new:
        return
    entries, item_ids, seen, kept_out = map(list, zip(*new, strict=True))
    others = {"item_id": item_ids, "seen": seen, "kept_out": kept_out}
    insert_columns(connection, SightingRow, sightings_columns(entries) | others)


_LAST = select(func.max(ItemRow.id))


@cache
def _numbered(dialect: str) -> Executable:
    return select(ItemRow.key, ItemRow.id).where(among(dialect, ItemRow.key, "keys"))


_Mark = tuple[str, str, str, str]


def _mark(item: Item) -> _Mark:
    """By what an entry is found again after the plan has given it another key."""
    return item.external_id, item.url, item.title, item.content_hash


def _reasons(fetch: FetchRecord) -> Mapping[_Mark, str]:
    return {_mark(item): reason for item, reason in zip(fetch.items, fetch.kept_out, strict=False)}


def _entries(batch: Iterable[Item]) -> Mapping[str, Sequence[Item]]:
    """The entries of a batch by the paper that they are about."""
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for item in batch:
        if item.arxiv_id:
            found[item.arxiv_id].append(item)
    return found


def _whole(work: Work, papers: Mapping[str, Sequence[Item]]) -> Work:
    """The work with what the batch's other entries for its paper add: one feed may announce it in several categories."""
    entries = papers.get(work.item.arxiv_id, ())
    return work if len(entries) < 2 else replace(work, item=replace(work.item, **additions(entries, work.item)))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the works of one batch. ``changes`` gathers what is to be updated, by item."""

    fetch: FetchRecord
    works: Sequence[Work]
    shelf: Shelf
    reasons: Mapping[_Mark, str]
    papers: Mapping[str, Sequence[Item]]
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    redrawn: list[tuple[int, str]] = field(default_factory=list)

    @classmethod
    def of(cls, fetch: FetchRecord, works: Sequence[Work], shelf: Shelf) -> _Writer:
        """The writer of a plan."""
        papers = _entries(fetch.items)
        whole = [_whole(work, papers) for work in works] if papers else works
        return cls(fetch, whole, shelf, _reasons(fetch), papers)

    def reason(self, work: Work) -> str:
        """Why the source keeps the work out; empty when it does not."""
        return self.reasons.get(_mark(work.item), "") if self.reasons else ""

    def counts(self, updated: int) -> FetchCounts:
        """What the batch came to."""
        new = [work for work in self.works if work.known is None]
        excluded = sum(bool(self.reason(work)) for work in new) if self.reasons else 0
        seen = len(self.works) - len(new) - updated
        return FetchCounts(new=len(new) - excluded, seen=seen, updated=updated, excluded=excluded)

    def renew(self, work: Work) -> bool:
        """Gather what changes in a known item; returns whether its text gives way."""
        assert work.known is not None
        stored = self.shelf.text(work.known)
        completed = not work.refresh and self._completes(work, stored)
        edited = completed or (not work.refresh and is_edit(work.item, stored))
        if work.refresh or edited:
            drawn = work.sketch or sketch_of(work.item)
            columns = item_columns(succeeding(work.item, stored)) | _UNSCORED | {"sketch": drawn}
            article = self.shelf.rows[work.known].full_text
            changed = _edited(columns, stored.edits + 1, article, is_whole=completed)
            self.changes[work.known] = changed if edited else columns | _NO_ARTICLE
            self.redrawn.append((work.known, drawn))
        elif grown := additions(self.papers.get(stored.arxiv_id, ()), stored) | identified(work.item, stored):
            self.changes[work.known] = grown
        return work.refresh or edited

    def _completes(self, work: Work, stored: StoredText) -> bool:
        """Whether the entry brings whole what has become a note before."""
        if work.known is None or not may_complete(work.item, stored):
            return False
        return completes(work.item, work.sketch or sketch_of(work.item), self.shelf.told(work.known))

    def write_changes(self, connection: Connection) -> None:
        """Update the items whose text or record changed."""
        alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for item_id, columns in self.changes.items():
            alike[tuple(columns)].append(columns | {"its_id": item_id})
        for rows in alike.values():
            connection.execute(update(ItemRow).where(ItemRow.id == bindparam("its_id")), rows)
        for item_id, drawn in self.redrawn:
            before = self.shelf.rows[item_id].sketch
            if drawn != before:
                # A sketch of another version does not tell its bands, of which some may be the same; and once there were more.
                its = {*all_bands(before), *all_bands(drawn)}
                gone = SketchBandRow.band.in_(its) & (SketchBandRow.item_id == item_id)
                connection.execute(delete(SketchBandRow).where(gone))
                insert_bands(connection, [(item_id, drawn)])

    def follow(self, connection: Connection, placed: Sequence[tuple[Work, int]]) -> None:
        """Follow what the source's rules now say of the sightings that it had."""
        turned = [
            {"its_id": seen.id, "kept_out": self.reason(work)}
            for work, item_id in placed
            for seen in self.shelf.sightings(item_id)
            if seen.kept_out != self.reason(work)
        ]
        if turned:
            connection.execute(update(SightingRow).where(SightingRow.id == bindparam("its_id")), turned)
        settle(connection, [work.known for work in self._in_question(placed)])

    def _in_question(self, placed: Sequence[tuple[Work, int]]) -> list[Any]:
        return [
            work
            for work, item_id in placed
            if work.known is not None and (self.reason(work) or self.shelf.rows[item_id].status == _EXCLUDED)
        ]

    def log(self, connection: Connection, placed: Sequence[tuple[Work, int]]) -> None:
        """Write what the batch tells of its papers' versions."""
        if not self.papers:
            return
        told = {item_id: told_log(self.papers.get(work.item.arxiv_id, ())) for work, item_id in placed}
        told = {item_id: log for item_id, log in told.items() if log}
        if not told:
            return
        known = {work.known for work, _ in placed if work.known is not None} & told.keys()
        stored = _stored_logs(connection, known)
        new: list[dict[str, Any]] = []
        old: list[dict[str, Any]] = []
        for item_id, log in told.items():
            before = {version.version: version for version in stored.get(item_id, ())}
            for version in merged_log(before.values(), log):
                if version.version not in before:
                    new.append(_version_columns(version) | {"item_id": item_id, "seen": self.fetch.now})
                elif version != before[version.version]:
                    old.append(_version_columns(version) | {"its_item": item_id, "its_version": version.version})
        insert_rows(connection, VersionRow, new)
        if old:
            ends = (VersionRow.item_id == bindparam("its_item")) & (VersionRow.version == bindparam("its_version"))
            connection.execute(update(VersionRow).where(ends), old)


_NO_ARTICLE: dict[str, Any] = {"full_text": "", "full_text_tries": 0}


def _edited(columns: dict[str, Any], edits: int, full_text: str, *, is_whole: bool) -> dict[str, Any]:
    """The columns of an item that its source has edited; the article behind it is to be fetched again.

    Until that is done a fetched article stands: it is more than the feed gives, unless the edit is known to be whole.
    """
    changed = columns | {"edits": edits}
    if not full_text:
        return changed
    kept = {"blocks", "references"} if full_text == "done" and not is_whole else set()
    due = {"full_text": "due", "full_text_tries": 0}
    return {name: value for name, value in changed.items() if name not in kept} | due


def _stored_logs(connection: Connection, items: Iterable[int]) -> Mapping[int, Sequence[PaperVersion]]:
    found: defaultdict[int, list[PaperVersion]] = defaultdict(list)
    for part in chunks(sorted(items)):
        for row in connection.execute(select(VersionRow).where(VersionRow.item_id.in_(part))):
            found[row.item_id].append(version_of(row))
    return found


def _version_columns(version: PaperVersion) -> dict[str, Any]:
    return {"version": version.version, "date": version.date, "comment": version.comment}
