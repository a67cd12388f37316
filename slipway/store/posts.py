"""The store's posts, with the sentences that they are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from notes.model import Claim, Post
from slipway.store.database import Database
from slipway.store.records import PostRecord
from slipway.store.tables import PostClaimRow, PostNoteRow, PostRow

__all__ = ["PostStore"]

_POST_COLUMNS = ("id", "kind", "date", "path", "title", "lang", "report")
_CLAIM_COLUMNS = ("text", "note_ids", "quotes", "writer")


class PostStore(Database):
    """Posts, each with its notes and its claims in order."""

    def posts(self) -> tuple[PostRecord, ...]:
        """The posts that were written, by date and id."""
        with self._reading() as connection:
            return tuple(_posts(connection).values())

    def post(self, post_id: str) -> PostRecord | None:
        """The post with this id."""
        with self._reading() as connection:
            return _posts(connection).get(post_id)

    def claims(self, post_id: str) -> tuple[Claim, ...]:
        """The sentences of a post in its order, without their tallies and links; none where they are not known."""
        columns = [getattr(PostClaimRow, name) for name in _CLAIM_COLUMNS]
        its = select(*columns).where(PostClaimRow.post_id == post_id).order_by(PostClaimRow.position)
        with self._reading() as connection:
            return tuple(Claim(**row._mapping) for row in connection.execute(its))  # noqa: SLF001 - its public name

    def record_post(self, post: Post) -> None:
        """Remember a post, its notes and its claims; the same post again changes nothing."""
        record = _record(post)
        rows = [{name: getattr(claim, name) for name in _CLAIM_COLUMNS} for claim in post.claims]
        with self._writing() as connection:
            if _posts(connection).get(post.id) == record and _claim_rows(connection, post.id) == rows:
                return
            for table in (PostClaimRow, PostNoteRow):
                connection.execute(delete(table).where(table.post_id == post.id))
            connection.execute(delete(PostRow).where(PostRow.id == post.id))
            _insert_post(connection, record)
            if rows:
                placed = [{"post_id": post.id, "position": at, **row} for at, row in enumerate(rows)]
                connection.execute(insert(PostClaimRow), placed)


def _record(post: Post) -> PostRecord:
    return PostRecord(
        post.id, post.kind.value, post.date, post.path, post.title, post.note_ids, post.lang, tuple(post.report)
    )


def _claim_rows(connection: Connection, post_id: str) -> Sequence[dict[str, object]]:
    columns = [getattr(PostClaimRow, name) for name in _CLAIM_COLUMNS]
    its = select(*columns).where(PostClaimRow.post_id == post_id).order_by(PostClaimRow.position)
    return [dict(row._mapping) for row in connection.execute(its)]  # noqa: SLF001 - its public name


def _posts(connection: Connection) -> dict[str, PostRecord]:
    members = _members(connection)
    columns = [getattr(PostRow, name) for name in _POST_COLUMNS]
    rows = connection.execute(select(*columns).order_by(PostRow.date, PostRow.id))
    return {row.id: PostRecord(note_ids=tuple(members[row.id]), **row._mapping) for row in rows}  # noqa: SLF001 - its public name


def _members(connection: Connection) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    its = PostNoteRow
    for name, note_id in connection.execute(select(its.post_id, its.note_id).order_by(its.post_id, its.position)):
        found[name].append(note_id)
    return found


def _insert_post(connection: Connection, post: PostRecord) -> None:
    connection.execute(insert(PostRow).values({name: getattr(post, name) for name in _POST_COLUMNS}))
    rows = [{"post_id": post.id, "position": at, "note_id": note_id} for at, note_id in enumerate(post.note_ids)]
    if rows:
        connection.execute(insert(PostNoteRow), rows)
