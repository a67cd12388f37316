"""The tables of the database; only :mod:`slipway.store.store` and its parts know them.

Ids of notes in ``links``, ``topic_notes``, ``post_notes`` and ``files`` are no foreign keys: the vault holds
notes that the user wrote and Slipway never made a row for.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, false, literal_column, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from notes.model import Block
from slipway.store.columns import Blocks, Counts, Moment, Plain, Texts

__all__ = [
    "ASKED_FOR_IN_FULL",
    "SCHEMA_VERSION",
    "ArrangedRow",
    "Base",
    "FeedbackRow",
    "FileRow",
    "ItemRow",
    "LinkRow",
    "MetaRow",
    "NoteRow",
    "OfferRow",
    "OtherKeyRow",
    "PostClaimRow",
    "PostNoteRow",
    "PostRow",
    "RunRow",
    "RunStageRow",
    "SightingRow",
    "SketchBandRow",
    "SourceRow",
    "TopicEventRow",
    "TopicItemRow",
    "TopicNoteRow",
    "TopicRow",
    "VersionRow",
]

# A change here needs a step in :mod:`slipway.store.migrations`.
SCHEMA_VERSION = 7


class Base(DeclarativeBase):
    """The registry of the tables."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Plain,
        datetime: Moment,
        tuple[str, ...]: Texts,
        tuple[Block, ...]: Blocks,
        dict[str, Any]: Counts,
    }


class MetaRow(Base):
    """Facts about the database itself: ``schema_version``."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class SourceRow(Base):
    """Fetch state of a source, and from ``next_due`` on when it is to be asked again."""

    __tablename__ = "sources"
    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    url: Mapped[str]
    etag: Mapped[str]
    last_modified: Mapped[str]
    body_sha256: Mapped[str]
    failures: Mapped[int]
    last_error: Mapped[str]
    last_ok: Mapped[datetime | None]
    last_tried: Mapped[datetime | None]
    next_due: Mapped[datetime | None]
    due_reason: Mapped[str]
    rhythm_s: Mapped[float | None]
    hints: Mapped[str]
    adopted: Mapped[str]
    moved_to: Mapped[str]
    moved_count: Mapped[int]
    gone_count: Mapped[int]
    disabled: Mapped[str]


class ItemRow(Base):
    """An item of the inbox and what became of it. ``source`` to ``content_hash`` are the fields of ``Item``.

    ``content_hash`` and ``sketch`` are of what the feed gave, also where ``blocks`` hold the article itself. ``parts`` are the
    named parts of the score, ``explored`` tells that the note got a place kept for exploration. ``scored_on`` is empty again once
    the text is another than the one that was scored.
    """

    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    source_title: Mapped[str]
    source_type: Mapped[str]
    external_id: Mapped[str]
    url: Mapped[str]
    title: Mapped[str]
    authors: Mapped[tuple[str, ...]]
    blocks: Mapped[tuple[Block, ...]]
    published: Mapped[datetime | None]
    updated: Mapped[datetime | None]
    lang: Mapped[str]
    categories: Mapped[tuple[str, ...]]
    tags: Mapped[tuple[str, ...]]
    references: Mapped[tuple[str, ...]]
    arxiv_id: Mapped[str] = mapped_column(index=True)
    arxiv_version: Mapped[int]
    doi: Mapped[str] = mapped_column(index=True)
    comment: Mapped[str]
    content_hash: Mapped[str] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(index=True)
    score: Mapped[float | None]
    reasons: Mapped[tuple[str, ...]]
    scored_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    note_id: Mapped[str] = mapped_column(index=True)
    first_seen: Mapped[datetime]
    announced: Mapped[str]
    full_text: Mapped[str]
    full_text_tries: Mapped[int]
    sketch: Mapped[str]
    edits: Mapped[int]
    # Whoever inserts an item knows nothing of its score: the database fills these two.
    parts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    explored: Mapped[bool] = mapped_column(server_default=false())


ASKED_FOR_IN_FULL = ItemRow.full_text != literal_column("''")
"""What a query says, word for word, that wants few rows of many by their ``full_text`` through the index below."""

# Few items have one, and each night asks for them: without the index it would read all that wait, texts and all.
Index("ix_items_full_text", ItemRow.full_text, sqlite_where=ASKED_FOR_IN_FULL, postgresql_where=ASKED_FOR_IN_FULL)


class SightingRow(Base):
    """A place where an item was seen; ``kept_out`` is empty or says why the source's rules exclude it."""

    __tablename__ = "sightings"
    __table_args__ = (UniqueConstraint("item_id", "source", "external_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    source: Mapped[str]
    source_title: Mapped[str]
    external_id: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    title: Mapped[str]
    seen: Mapped[datetime]
    kept_out: Mapped[str]


class OtherKeyRow(Base):
    """A key of an item beside its own: of the address at which another source, or a later entry, showed it.

    Few items have any: what is met at its own address costs no row.
    """

    __tablename__ = "other_keys"
    __table_args__ = ({"sqlite_with_rowid": False},)
    key: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True, autoincrement=False)


class VersionRow(Base):
    """A version of a paper, as far as it is known."""

    __tablename__ = "versions"
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    date: Mapped[datetime | None]
    comment: Mapped[str]
    seen: Mapped[datetime]


class SketchBandRow(Base):
    """A band of an item's sketch: items that share one may tell the same story.

    No foreign key: thousands are written a night, and they are found by the band alone.
    """

    __tablename__ = "sketch_bands"
    __table_args__ = ({"sqlite_with_rowid": False},)
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class NoteRow(Base):
    """A note that Slipway made; its bytes are accounted for in ``files``."""

    __tablename__ = "notes"
    id: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"), unique=True)
    path: Mapped[str]
    created: Mapped[date] = mapped_column(index=True)
    number: Mapped[int]
    gone_at: Mapped[datetime | None]


class FileRow(Base):
    """What Slipway wrote into the vault under an id, what it was about to write, and a fingerprint of what that was made from."""

    __tablename__ = "files"
    id: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    sha: Mapped[str]
    planned_sha: Mapped[str]
    inputs: Mapped[str] = mapped_column(server_default="")


class LinkRow(Base):
    """A link between notes."""

    __tablename__ = "links"
    src: Mapped[str] = mapped_column(primary_key=True)
    dst: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    score: Mapped[float]
    why: Mapped[str]


class ArrangedRow(Base):
    """What a note was when its links were last chosen: a hash of all that they rest on."""

    __tablename__ = "arranged"
    note_id: Mapped[str] = mapped_column(primary_key=True)
    evidence: Mapped[str]


class TopicRow(Base):
    """A living or sleeping topic (``level`` 0), or a field that holds such (1); ``names`` by language."""

    __tablename__ = "topics"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    terms: Mapped[tuple[str, ...]]
    medoid: Mapped[str]
    first_seen: Mapped[date]
    last_seen: Mapped[date]
    names: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    parent: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="")
    level: Mapped[int] = mapped_column(server_default="0")


class TopicNoteRow(Base):
    """A note of a topic, in reading order."""

    __tablename__ = "topic_notes"
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[str]


class TopicItemRow(Base):
    """The topic of an item that came in, whatever became of it. No foreign keys: thousands are written a night."""

    __tablename__ = "topic_items"
    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic_id: Mapped[str] = mapped_column(index=True)


class TopicEventRow(Base):
    """What became of a topic on a day; ``other`` is the topic that it came from or went into."""

    __tablename__ = "topic_events"
    day: Mapped[date] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    other: Mapped[str] = mapped_column(primary_key=True)


class PostRow(Base):
    """A post that was written; ``report`` holds what the checker dropped or replaced, and why."""

    __tablename__ = "posts"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    date: Mapped[date]
    path: Mapped[str]
    title: Mapped[str]
    lang: Mapped[str] = mapped_column(server_default="")
    report: Mapped[tuple[str, ...]] = mapped_column(server_default=text("'[]'"))


class PostClaimRow(Base):
    """A sentence of a post, in its order, with the notes that it rests on and the writer that made it."""

    __tablename__ = "post_claims"
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    note_ids: Mapped[tuple[str, ...]]
    quotes: Mapped[tuple[str, ...]]
    writer: Mapped[str]


class PostNoteRow(Base):
    """A note that a post tells of, in the post's order."""

    __tablename__ = "post_notes"
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[str]


class FeedbackRow(Base):
    """The user's word on an item: by command or tick, or told from what became of the note in the vault.

    Never deleted: what was taken back has ``undone_at``. ``was`` is the item's status before, empty in rows of schema 2.
    """

    __tablename__ = "feedback"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    note_id: Mapped[str]
    verdict: Mapped[str]
    at: Mapped[datetime]
    origin: Mapped[str]
    undone_at: Mapped[datetime | None]
    was: Mapped[str]


class OfferRow(Base):
    """The user's word on a link or a tag that was offered."""

    __tablename__ = "offers"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    verdict: Mapped[str]
    at: Mapped[datetime]


class RunRow(Base):
    """A run of the pipeline."""

    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    date: Mapped[date]
    started: Mapped[datetime]
    finished: Mapped[datetime | None]
    status: Mapped[str]
    exit_code: Mapped[int | None]
    warnings: Mapped[tuple[str, ...]]


class RunStageRow(Base):
    """A stage of a run, in order."""

    __tablename__ = "run_stages"
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    status: Mapped[str]
    seconds: Mapped[float]
    counts: Mapped[dict[str, Any]]
    error: Mapped[str]
