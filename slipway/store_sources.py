"""The store's sources: what is remembered of each, and when it is to be asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from slipway.database import Database, chunks
from slipway.records import FailureRecord, FetchRecord, SourceRecord
from slipway.tables import SourceRow

__all__ = ["SourceStore", "store_outcomes"]

_VALIDATORS = ("etag", "last_modified", "body_sha256")


class SourceStore(Database):
    """Sources and their schedules."""

    def source_records(self) -> dict[str, SourceRecord]:
        """What is remembered of each source, by its key."""
        with self._reading() as connection:
            rows = connection.execute(select(SourceRow).order_by(SourceRow.key))
            return {row.key: SourceRecord(**row._mapping) for row in rows}  # noqa: SLF001 - its public name

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
    new = [row for key, row in rows.items() if key not in stored]
    old = [row | {"its_key": key} for key, row in rows.items() if key in stored]
    if new:
        connection.execute(insert(SourceRow), new)
    if old:
        connection.execute(update(SourceRow).where(SourceRow.key == bindparam("its_key")), old)


def _stored(connection: Connection, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for part in chunks(sorted(keys)):
        for row in connection.execute(select(SourceRow).where(SourceRow.key.in_(part))):
            found[row.key] = dict(row._mapping)  # noqa: SLF001 - its public name
    return found


def _changes(outcome: FetchRecord | FailureRecord, row: Mapping[str, Any]) -> dict[str, Any]:
    schedule = {} if outcome.schedule is None else asdict(outcome.schedule)
    changes = schedule | {"kind": outcome.kind, "url": outcome.url, "last_tried": outcome.now}
    if isinstance(outcome, FailureRecord):
        return changes | {"failures": row["failures"] + outcome.counts, "last_error": outcome.error}
    given = {name: getattr(outcome, name) for name in _VALIDATORS}
    # A "not modified" need not name them again (RFC 9111 §4.3.4).
    validators = {name: value for name, value in given.items() if value or not outcome.not_modified}
    return changes | validators | {"failures": 0, "last_error": "", "last_ok": outcome.now}
