"""The store's topics and posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from notes.model import Post, Topic
from slipway.store.database import Database
from slipway.store.records import PostRecord
from slipway.store.tables import PostNoteRow, PostRow, TopicNoteRow, TopicRow

__all__ = ["PostStore"]


_Members = type[TopicNoteRow | PostNoteRow]


class PostStore(Database):
    """Topics and posts, each with its notes in order."""

    def topics(self) -> tuple[Topic, ...]:
        """The living topics, by id."""
        with self._reading() as connection:
            return tuple(_topics(connection).values())

    def replace_topics(self, topics: Iterable[Topic]) -> int:
        """Make these the topics; writes only those that differ and returns how many those were."""
        wanted = {topic.id: topic for topic in topics}
        with self._writing() as connection:
            stored = _topics(connection)
            changed = [name for name in sorted({*wanted, *stored}) if wanted.get(name) != stored.get(name)]
            for name in changed:
                connection.execute(delete(TopicNoteRow).where(TopicNoteRow.topic_id == name))
                connection.execute(delete(TopicRow).where(TopicRow.id == name))
                if name in wanted:
                    _insert_topic(connection, wanted[name])
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


def _insert_topic(connection: Connection, topic: Topic) -> None:
    names = ("id", "name", "terms", "medoid", "first_seen", "last_seen")
    connection.execute(insert(TopicRow).values({name: getattr(topic, name) for name in names}))
    _insert_members(connection, TopicNoteRow, {"topic_id": topic.id}, topic.note_ids)


def _insert_post(connection: Connection, post: PostRecord) -> None:
    names = ("id", "kind", "date", "path", "title")
    connection.execute(insert(PostRow).values({name: getattr(post, name) for name in names}))
    _insert_members(connection, PostNoteRow, {"post_id": post.id}, post.note_ids)


def _insert_members(connection: Connection, table: _Members, owner: dict[str, str], note_ids: Sequence[str]) -> None:
    rows = [{**owner, "position": position, "note_id": note_id} for position, note_id in enumerate(note_ids)]
    if rows:
        connection.execute(insert(table), rows)
