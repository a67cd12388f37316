"""The store's sources: what is remembered of each, and when it is to be asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from slipway.store.bulk import insert_rows, update_rows
from slipway.store.database import Database, chunks
from slipway.store.records import FailureRecord, FetchRecord, SourceRecord, SourceSchedule
from slipway.store.tables import SightingRow, SourceRow

__all__ = ["SourceStore", "store_outcomes"]

_VALIDATORS = ("etag", "last_modified", "body_sha256")
_SCHEDULE = tuple(field.name for field in fields(SourceSchedule))


class SourceStore(Database):
    """Sources and their schedules."""

    def source_records(self) -> dict[str, SourceRecord]:
        """What is remembered of each source, by its key."""
        with self._reading() as connection:
            rows = connection.execute(select(SourceRow).order_by(SourceRow.key))
            return {row.key: SourceRecord(**row._mapping) for row in rows}  # noqa: SLF001 - its public name

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
    """Write what the outcomes, in their order, make of their sources: at most two writing statements for all."""
    stored = _stored(connection, {outcome.key for outcome in outcomes})
    rows = dict(stored)
    for outcome in outcomes:
        row = rows.get(outcome.key) or asdict(SourceRecord(outcome.key, outcome.kind, outcome.url))
        rows[outcome.key] = row | _changes(outcome, row)
    insert_rows(connection, SourceRow, [row for key, row in rows.items() if key not in stored])
    update_rows(connection, SourceRow, "key", [row for key, row in rows.items() if key in stored])


def _stored(connection: Connection, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for part in chunks(sorted(keys)):
        for row in connection.execute(select(SourceRow).where(SourceRow.key.in_(part))):
            found[row.key] = dict(row._mapping)  # noqa: SLF001 - its public name
    return found


def _changes(outcome: FetchRecord | FailureRecord, row: Mapping[str, Any]) -> dict[str, Any]:
    # asdict copies each value deeply: flat as it is, a schedule needs none of that.
    schedule = {} if outcome.schedule is None else {name: getattr(outcome.schedule, name) for name in _SCHEDULE}
    changes = schedule | {"kind": outcome.kind, "url": outcome.url, "last_tried": outcome.now}
    if isinstance(outcome, FailureRecord):
        failures = row["failures"] + 1 if outcome.failures is None else outcome.failures
        return changes | _of_old_place(outcome, row) | {"failures": failures} | _error(outcome)
    given = {name: getattr(outcome, name) for name in _VALIDATORS}
    # A "not modified" need not name them again (RFC 9111 §4.3.4).
    validators = {name: value for name, value in given.items() if value or not outcome.not_modified}
    return changes | validators | {"failures": 0, "last_error": "", "last_ok": outcome.now}


def _of_old_place(outcome: FailureRecord, row: Mapping[str, Any]) -> dict[str, Any]:
    """What must go with an address: a new one knows nothing of the old one's validators, nor whether it ever worked."""
    if outcome.url == row["url"]:
        return {}
    return dict.fromkeys(_VALIDATORS, "") | {"last_ok": None, "last_error": ""}


def _error(outcome: FailureRecord) -> dict[str, str]:
    return {"last_error": outcome.error} if outcome.error else {}
