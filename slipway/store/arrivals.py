"""The store's arrivals: what came in, day by day, whatever became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from notes.model import ItemStatus, blocks_text
from slipway.store.database import Database
from slipway.store.tables import ItemRow

__all__ = ["Arrival", "ArrivalStore"]

_NEVER_COUNTED = (ItemStatus.DUPLICATE.value, ItemStatus.EXCLUDED.value)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item as it is counted: its number, its local day, its source, its words, and its note if it became one."""

    id: int
    day: date
    source: str
    title: str
    text: str
    lang: str
    note_id: str


class ArrivalStore(Database):
    """Items as they are counted."""

    def arrivals(self, first: date, last: date, zone: ZoneInfo, *, noted: bool = False) -> tuple[Arrival, ...]:
        """What is of the days from ``first`` to ``last`` in ``zone``, by number; ``noted`` asks for what became a note only.

        An item's day is that of its publication, or that of its arrival where that is earlier or no other is known. What its
        source's rules keep out and what tells a story once more is not counted.
        """
        begin = datetime.combine(first, time.min, zone).astimezone(UTC) - timedelta(seconds=1)
        end = datetime.combine(last, time.max, zone).astimezone(UTC) + timedelta(seconds=1)
        published = ItemRow.published
        statement = (
            select(
                ItemRow.id,
                ItemRow.source,
                ItemRow.title,
                ItemRow.blocks,
                ItemRow.lang,
                ItemRow.note_id,
                ItemRow.published,
                ItemRow.first_seen,
            )
            .where(ItemRow.first_seen >= begin, published.is_(None) | (published >= begin))
            .where((ItemRow.first_seen <= end) | (published <= end))
            .where(ItemRow.status.not_in(_NEVER_COUNTED))
            .order_by(ItemRow.id)
        )
        if noted:
            statement = statement.where(ItemRow.note_id != "")
        with self._reading() as connection:
            return tuple(_between(connection.execute(statement), first, last, zone))

    def arrival_days(self, last: date, zone: ZoneInfo) -> Counter[date]:
        """How many items each day up to ``last`` has, counted as :meth:`arrivals` counts them; no text is read."""
        statement = select(ItemRow.published, ItemRow.first_seen).where(ItemRow.status.not_in(_NEVER_COUNTED))
        with self._reading() as connection:
            days = Counter(_day(row.published, row.first_seen, zone) for row in connection.execute(statement))
        return Counter({day: count for day, count in sorted(days.items()) if day <= last})


def _between(rows: Iterable[Row[Any]], first: date, last: date, zone: ZoneInfo) -> Iterator[Arrival]:
    for row in rows:
        day = _day(row.published, row.first_seen, zone)
        if first <= day <= last:
            yield Arrival(row.id, day, row.source, row.title, blocks_text(row.blocks), row.lang, row.note_id)


def _day(published: datetime | None, first_seen: datetime, zone: ZoneInfo) -> date:
    return min(published or first_seen, first_seen).astimezone(zone).date()
