"""The store's topics: their notes and items, the fields above them, what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from notes.model import Topic
from notes.topics import TopicChange, TopicEvent, TopicState
from slipway.store.database import Database
from slipway.store.tables import MetaRow, TopicEventRow, TopicItemRow, TopicNoteRow, TopicRow

__all__ = ["TopicStore"]

_TOPICS_OF = "topics_of"
_TOPIC, _FIELD = 0, 1


@dataclass(frozen=True, slots=True)
class _Row:
    """A topic or a field as its row has it."""

    id: str
    columns: Mapping[str, Any]
    note_ids: tuple[str, ...]


class TopicStore(Database):
    """Topics with their notes in order, the topics of items, and the history of both."""

    def topics(self) -> tuple[Topic, ...]:
        """The topics, living and asleep, by id."""
        with self._reading() as connection:
            return tuple(_topic(row) for row in _rows(connection).values() if row.columns["level"] == _TOPIC)

    def fields(self) -> tuple[Topic, ...]:
        """The fields, by id: each topic's ``parent`` names one. Their notes are the medoids of their topics."""
        with self._reading() as connection:
            rows = _rows(connection)
        medoids: defaultdict[str, list[str]] = defaultdict(list)
        for row in rows.values():
            medoids[row.columns["parent"]].append(row.columns["medoid"])
        return tuple(_topic(row, medoids[row.id]) for row in rows.values() if row.columns["level"] == _FIELD)

    def topics_of(self) -> str:
        """The fingerprint of the texts and links whose topics are stored; empty when unknown."""
        with self._reading() as connection:
            return connection.scalar(select(MetaRow.value).where(MetaRow.name == _TOPICS_OF)) or ""

    def topic_items(self) -> dict[int, str]:
        """The topic of each item that has one, by the item's number, whatever became of the item."""
        with self._reading() as connection:
            return _items(connection)

    def topic_events(self) -> tuple[TopicEvent, ...]:
        """What became of topics, by day and id."""
        its = TopicEventRow
        with self._reading() as connection:
            rows = connection.execute(select(its).order_by(its.day, its.topic_id, its.kind, its.other))
            return tuple(TopicEvent(row.day, row.topic_id, TopicChange(row.kind), row.other) for row in rows)

    def replace_topics(
        self,
        topics: Iterable[Topic],
        *,
        fields: Iterable[Topic] = (),
        items: Mapping[int, str] | None = None,
        events: Sequence[TopicEvent] = (),
        of: str = "",
    ) -> int:
        """Make these the topics; writes only rows that differ and returns how many topics and fields those were of.

        ``items`` gives the topics of the items that it names, an empty one for none; other items keep theirs, or follow it into
        the topic that it merged into by ``events``. ``of`` is remembered with them: the fingerprint of what they were found in.
        """
        wanted = {topic.id: _as_row(topic, _TOPIC) for topic in topics}
        wanted |= {field.id: _as_row(field, _FIELD) for field in fields}
        with self._writing() as connection:
            stored = _rows(connection)
            changed = [name for name in sorted({*wanted, *stored}) if wanted.get(name) != stored.get(name)]
            for name in changed:
                _replace(connection, stored.get(name), wanted.get(name))
            merged = {event.topic_id: event.other for event in events if event.kind is TopicChange.MERGED}
            living = {name for name, row in wanted.items() if row.columns["level"] == _TOPIC}
            _put_items(connection, items or {}, merged, living)
            _put_events(connection, events)
            _remember(connection, of)
        return len(changed)


def _topic(row: _Row, note_ids: Iterable[str] = ()) -> Topic:
    columns = {name: value for name, value in row.columns.items() if name not in {"names", "state", "level"}}
    return Topic(
        id=row.id,
        note_ids=(*row.note_ids, *note_ids),
        names=tuple(sorted(row.columns["names"].items())),
        state=TopicState(row.columns["state"] or TopicState.LIVING),
        **columns,
    )


def _as_row(topic: Topic, level: int) -> _Row:
    columns: dict[str, Any] = {
        "name": topic.name,
        "terms": topic.terms,
        "medoid": topic.medoid,
        "first_seen": topic.first_seen,
        "last_seen": topic.last_seen,
        "names": dict(sorted(topic.names)),
        "parent": topic.parent,
        # A migrated row has no word for what lives.
        "state": "" if topic.state is TopicState.LIVING else topic.state.value,
        "level": level,
    }
    return _Row(topic.id, columns, () if level == _FIELD else topic.note_ids)


def _rows(connection: Connection) -> dict[str, _Row]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    its = TopicNoteRow
    for name, note_id in connection.execute(select(its.topic_id, its.note_id).order_by(its.topic_id, its.position)):
        members[name].append(note_id)
    found = {}
    for row in connection.execute(select(TopicRow).order_by(TopicRow.id)):
        columns = dict(row._mapping)  # noqa: SLF001 - its public name
        found[row.id] = _Row(columns.pop("id"), columns, tuple(members[row.id]))
    return found


def _replace(connection: Connection, stored: _Row | None, wanted: _Row | None) -> None:
    """Make a stored topic the wanted one: its row where that differs, and of its notes the places that do."""
    old, new = (row.note_ids if row else () for row in (stored, wanted))
    places = [at for at, (one, other) in enumerate(zip_longest(old, new)) if one != other]
    name = stored.id if stored else wanted.id if wanted else ""
    gone = [{"its_topic": name, "its_place": at} for at in places if at < len(old)]
    if gone:
        its = (TopicNoteRow.topic_id == bindparam("its_topic")) & (TopicNoteRow.position == bindparam("its_place"))
        connection.execute(delete(TopicNoteRow).where(its), gone)
    if wanted is None:
        connection.execute(delete(TopicRow).where(TopicRow.id == name))
        return
    if stored is None:
        connection.execute(insert(TopicRow).values(id=name, **wanted.columns))
    elif stored.columns != wanted.columns:
        connection.execute(update(TopicRow).where(TopicRow.id == name).values(**wanted.columns))
    come = [{"topic_id": name, "position": at, "note_id": new[at]} for at in places if at < len(new)]
    if come:
        connection.execute(insert(TopicNoteRow), come)


def _items(connection: Connection) -> dict[int, str]:
    rows = connection.execute(select(TopicItemRow).order_by(TopicItemRow.item_id))
    return {row.item_id: row.topic_id for row in rows}


def _put_items(connection: Connection, items: Mapping[int, str], merged: Mapping[str, str], living: set[str]) -> None:
    stored = _items(connection)
    told = {number: merged.get(topic, topic) for number, topic in stored.items()} | dict(items)
    wanted = {number: topic for number, topic in told.items() if topic in living}
    its = TopicItemRow.item_id == bindparam("its_id")
    gone = [{"its_id": number} for number in sorted(stored.keys() - wanted.keys())]
    changed = [
        {"its_id": number, "topic_id": wanted[number]}
        for number in sorted(stored.keys() & wanted.keys())
        if stored[number] != wanted[number]
    ]
    come = [{"item_id": number, "topic_id": wanted[number]} for number in sorted(wanted.keys() - stored.keys())]
    if gone:
        connection.execute(delete(TopicItemRow).where(its), gone)
    if changed:
        connection.execute(update(TopicItemRow).where(its), changed)
    if come:
        connection.execute(insert(TopicItemRow), come)


def _put_events(connection: Connection, events: Iterable[TopicEvent]) -> None:
    """Add what is not told yet: the same night may come twice."""
    days = sorted({event.day for event in events})
    rows = connection.execute(select(TopicEventRow).where(TopicEventRow.day.in_(days))) if days else ()
    known = {tuple(row) for row in rows}
    told = {(event.day, event.topic_id, event.kind.value, event.other) for event in events} - known
    names = ("day", "topic_id", "kind", "other")
    if told:
        connection.execute(insert(TopicEventRow), [dict(zip(names, row, strict=True)) for row in sorted(told)])


def _remember(connection: Connection, of: str) -> None:
    if connection.scalar(select(MetaRow.value).where(MetaRow.name == _TOPICS_OF)) != (of or None):
        connection.execute(delete(MetaRow).where(MetaRow.name == _TOPICS_OF))
        if of:
            connection.execute(insert(MetaRow).values(name=_TOPICS_OF, value=of))
