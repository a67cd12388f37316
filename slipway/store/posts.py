"""The store's topics and posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from notes.model import Post, Topic
from slipway.store.database import Database
from slipway.store.records import PostRecord
from slipway.store.tables import MetaRow, PostNoteRow, PostRow, TopicNoteRow, TopicRow

__all__ = ["PostStore"]

_TOPICS_OF = "topics_of"
_TOPIC_COLUMNS = ("name", "terms", "medoid", "first_seen", "last_seen")


_Members = type[TopicNoteRow | PostNoteRow]


class PostStore(Database):
    """Topics and posts, each with its notes in order."""

    def topics(self) -> tuple[Topic, ...]:
        """The living topics, by id."""
        with self._reading() as connection:
            return tuple(_topics(connection).values())

    def topics_of(self) -> str:
        """The fingerprint of the notes and links whose topics are stored; empty when unknown."""
        with self._reading() as connection:
            return connection.scalar(select(MetaRow.value).where(MetaRow.name == _TOPICS_OF)) or ""

    def replace_topics(self, topics: Iterable[Topic], *, of: str = "") -> int:
        """Make these the topics; writes only rows that differ and returns how many topics those were of.

        ``of`` is remembered with them: the fingerprint of the notes and links that they were found in.
        """
        wanted = {topic.id: topic for topic in topics}
        with self._writing() as connection:
            stored = _topics(connection)
            changed = [name for name in sorted({*wanted, *stored}) if wanted.get(name) != stored.get(name)]
            for name in changed:
                _replace_topic(connection, stored.get(name), wanted.get(name))
            if connection.scalar(select(MetaRow.value).where(MetaRow.name == _TOPICS_OF)) != (of or None):
                connection.execute(delete(MetaRow).where(MetaRow.name == _TOPICS_OF))
                if of:
                    connection.execute(insert(MetaRow).values(name=_TOPICS_OF, value=of))
        return len(changed)

    def posts(self) -> tuple[PostRecord, ...]:
        """The posts that were written, by date and id."""
        with self._reading() as connection:
            return tuple(_posts(connection).values())

    def post(self, post_id: str) -> PostRecord | None:
        """The post with this id."""
        with self._reading() as connection:
            return _posts(connection).get(post_id)

    def record_post(self, post: Post) -> None:
        """Remember a post and its notes; the same post again changes nothing."""
        record = PostRecord(post.id, post.kind.value, post.date, post.path, post.title, post.note_ids)
        with self._writing() as connection:
            if _posts(connection).get(post.id) == record:
                return
            connection.execute(delete(PostNoteRow).where(PostNoteRow.post_id == post.id))
            connection.execute(delete(PostRow).where(PostRow.id == post.id))
            _insert_post(connection, record)


def _topics(connection: Connection) -> dict[str, Topic]:
    members = _members(connection, TopicNoteRow.topic_id, TopicNoteRow)
    rows = connection.execute(select(TopicRow).order_by(TopicRow.id))
    return {row.id: Topic(note_ids=tuple(members[row.id]), **row._mapping) for row in rows}  # noqa: SLF001 - its public name


def _posts(connection: Connection) -> dict[str, PostRecord]:
    members = _members(connection, PostNoteRow.post_id, PostNoteRow)
    rows = connection.execute(select(PostRow).order_by(PostRow.date, PostRow.id))
    return {row.id: PostRecord(note_ids=tuple(members[row.id]), **row._mapping) for row in rows}  # noqa: SLF001


def _members(connection: Connection, owner: Any, table: _Members) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, note_id in connection.execute(select(owner, table.note_id).order_by(owner, table.position)):
        found[name].append(note_id)
    return found


def _replace_topic(connection: Connection, stored: Topic | None, wanted: Topic | None) -> None:
    """Make a stored topic the wanted one: its row where that differs, and of its notes the places that do."""
    old, new = (topic.note_ids if topic else () for topic in (stored, wanted))
    places = [at for at, (one, other) in enumerate(zip_longest(old, new)) if one != other]
    name = stored.id if stored else wanted.id if wanted else ""
    gone = [{"its_topic": name, "its_place": at} for at in places if at < len(old)]
    if gone:
        its = (TopicNoteRow.topic_id == bindparam("its_topic")) & (TopicNoteRow.position == bindparam("its_place"))
        connection.execute(delete(TopicNoteRow).where(its), gone)
    if wanted is None:
        connection.execute(delete(TopicRow).where(TopicRow.id == name))
        return
    columns = {column: getattr(wanted, column) for column in _TOPIC_COLUMNS}
    if stored is None:
        connection.execute(insert(TopicRow).values(id=name, **columns))
    elif any(getattr(stored, column) != value for column, value in columns.items()):
        connection.execute(update(TopicRow).where(TopicRow.id == name).values(columns))
    come = [{"topic_id": name, "position": at, "note_id": new[at]} for at in places if at < len(new)]
    if come:
        connection.execute(insert(TopicNoteRow), come)


def _insert_post(connection: Connection, post: PostRecord) -> None:
    names = ("id", "kind", "date", "path", "title")
    connection.execute(insert(PostRow).values({name: getattr(post, name) for name in names}))
    _insert_members(connection, PostNoteRow, {"post_id": post.id}, post.note_ids)


def _insert_members(connection: Connection, table: _Members, owner: dict[str, str], note_ids: Sequence[str]) -> None:
    rows = [{**owner, "position": position, "note_id": note_id} for position, note_id in enumerate(note_ids)]
    if rows:
        connection.execute(insert(table), rows)
