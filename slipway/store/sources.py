"""The store's sources: what is remembered of each, and when it is to be asked again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Executable, delete, func, or_, select, update

from slipway.store.bulk import insert_rows, update_rows
from slipway.store.database import Database
from slipway.store.gathering import among
from slipway.store.records import FailureRecord, FetchRecord, SourceRecord, SourceSchedule
from slipway.store.tables import SightingRow, SourceRow

__all__ = ["SourceStore", "store_outcomes"]

_VALIDATORS = ("etag", "last_modified", "body_sha256")
_SCHEDULE = tuple(field.name for field in fields(SourceSchedule))
_NEW_ROW = asdict(SourceRecord("", "", ""))
_fields_of = attrgetter(*_SCHEDULE)
_RECORD = tuple(getattr(SourceRow, field.name) for field in fields(SourceRecord))


class SourceStore(Database):
    """Sources and their schedules."""

    def source_records(self) -> dict[str, SourceRecord]:
        """What is remembered of each source, by its key."""
        with self._reading() as connection:
            # All at once: one by one they are asked for, each by several calls.
            rows = connection.execute(select(*_RECORD).order_by(SourceRow.key)).all()
            return {row[0]: SourceRecord(*row) for row in rows}

    def moved_records(self) -> dict[str, SourceRecord]:
        """What is remembered, by key, of the sources alone that moved, are about to, or are not asked any more."""
        is_told = or_(SourceRow.disabled != "", SourceRow.adopted != "", SourceRow.moved_to != "")
        with self._reading() as connection:
            rows = connection.execute(select(*_RECORD).where(is_told).order_by(SourceRow.key))
            return {row[0]: SourceRecord(*row) for row in rows}

    def source_titles(self) -> dict[str, str]:
        """What each source called itself last, by its key; without those that never said."""
        latest = func.max(SightingRow.id)
        query = select(SightingRow.source, SightingRow.source_title).where(SightingRow.source_title != "")
        with self._reading() as connection:
            rows = connection.execute(query.group_by(SightingRow.source, SightingRow.source_title).order_by(latest))
            return {row.source: row.source_title for row in rows}

    def enable_source(self, key: str) -> bool:
        """Ask a disabled source again, at the next run; False when nothing is remembered of it."""
        anew = {"disabled": "", "gone_count": 0, "next_due": None, "due_reason": "", "failures": 0, "last_error": ""}
        with self._writing() as connection:
            return connection.execute(update(SourceRow).where(SourceRow.key == key).values(anew)).rowcount > 0

    def forget_source(self, key: str) -> bool:
        """Forget a source that the user removed; its items stay. False when nothing is remembered of it."""
        with self._writing() as connection:
            return connection.execute(delete(SourceRow).where(SourceRow.key == key)).rowcount > 0


def store_outcomes(connection: Connection, outcomes: Sequence[FetchRecord | FailureRecord]) -> None:
    """Write what the outcomes, in their order, make of their sources: a statement for all whose same columns change."""
    stored = _stored(connection, {outcome.key for outcome in outcomes})
    rows: dict[str, dict[str, Any]] = {}
    for outcome in outcomes:
        row = rows.get(outcome.key) or stored.get(outcome.key) or _new_row(outcome)
        rows[outcome.key] = row | _changes(outcome, row)
    insert_rows(connection, SourceRow, [row for key, row in rows.items() if key not in stored])
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for key, row in rows.items():
        if key in stored:
            alike[tuple(row)].append(row)
    for changed in alike.values():
        update_rows(connection, SourceRow, "key", changed)


def _new_row(outcome: FetchRecord | FailureRecord) -> dict[str, Any]:
    return _NEW_ROW | {"key": outcome.key, "kind": outcome.kind, "url": outcome.url}


def _stored(connection: Connection, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Of the sources that are known what an outcome is held against."""
    rows = connection.execute(_known_sources(connection.dialect.name), {"keys": sorted(keys)}).all()
    return {key: {"key": key, "url": url, "failures": failures} for key, url, failures in rows}


@cache
def _known_sources(dialect: str) -> Executable:
    return select(SourceRow.key, SourceRow.url, SourceRow.failures).where(among(dialect, SourceRow.key, "keys"))


def _changes(outcome: FetchRecord | FailureRecord, row: Mapping[str, Any]) -> dict[str, Any]:
    # asdict copies each value deeply: flat as it is, a schedule needs none of that.
    schedule = () if outcome.schedule is None else zip(_SCHEDULE, _fields_of(outcome.schedule), strict=True)
    changes = dict(schedule, kind=outcome.kind, url=outcome.url, last_tried=outcome.now)
    if isinstance(outcome, FailureRecord):
        failures = row["failures"] + 1 if outcome.failures is None else outcome.failures
        return changes | _of_old_place(outcome, row) | {"failures": failures} | _error(outcome)
    given = zip(_VALIDATORS, (outcome.etag, outcome.last_modified, outcome.body_sha256), strict=True)
    # A "not modified" need not name them again (RFC 9111 §4.3.4).
    changes.update((name, value) for name, value in given if value or not outcome.not_modified)
    return changes | {"failures": 0, "last_error": "", "last_ok": outcome.now}


def _of_old_place(outcome: FailureRecord, row: Mapping[str, Any]) -> dict[str, Any]:
    """What must go with an address: a new one knows nothing of the old one's validators, nor whether it ever worked."""
    if outcome.url == row["url"]:
        return {}
    return dict.fromkeys(_VALIDATORS, "") | {"last_ok": None, "last_error": ""}


def _error(outcome: FailureRecord) -> dict[str, str]:
    return {"last_error": outcome.error} if outcome.error else {}
