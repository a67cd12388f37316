"""What the store hands out beside the values of :mod:`notes.model`: fetch state, note and file records, the ledger.

Frozen values; times are aware and UTC, dates are days in the user's zone. Importing this module loads no SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from notes.model import Item, ItemStatus, Slip

__all__ = [
    "ArticleState",
    "Decision",
    "DueArticle",
    "FailureRecord",
    "FeedbackRecord",
    "FetchCounts",
    "FetchRecord",
    "FileRecord",
    "FullText",
    "NoteRecord",
    "PostRecord",
    "Reconsidered",
    "RunRecord",
    "SourceRecord",
    "SourceSchedule",
    "StageRecord",
]


FullText = Literal["", "due", "refused", "done", "kept", "failed"]


@dataclass(frozen=True, slots=True)
class SourceSchedule:
    """When a source is to be asked again, and why then.

    ``rhythm_s`` are the seconds between two of its posts, None where that is not known; ``hints`` what its document says
    of when to come, which a 304 does not repeat (:mod:`slipway.sources.remembered`). ``adopted`` is asked instead of
    the configured address; ``moved_to`` is where permanent redirects led on ``moved_count`` nights in a row, ``gone_count``
    on how many nights in a row it answered 410. ``disabled`` is empty, or why the source is not asked any more.
    """

    next_due: datetime | None = None
    due_reason: str = ""
    rhythm_s: float | None = None
    hints: str = ""
    adopted: str = ""
    moved_to: str = ""
    moved_count: int = 0
    gone_count: int = 0
    disabled: str = ""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What is remembered of a source: its HTTP validators, how the last fetches went, and its schedule.

    ``failures`` counts the failures since the last success; ``last_error`` is empty after one. The fields from
    ``next_due`` on are those of :class:`SourceSchedule`.
    """

    key: str
    kind: str
    url: str
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    failures: int = 0
    last_error: str = ""
    last_ok: datetime | None = None
    last_tried: datetime | None = None
    next_due: datetime | None = None
    due_reason: str = ""
    rhythm_s: float | None = None
    hints: str = ""
    adopted: str = ""
    moved_to: str = ""
    moved_count: int = 0
    gone_count: int = 0
    disabled: str = ""

    @property
    def schedule(self) -> SourceSchedule:
        """When the source is to be asked again."""
        return SourceSchedule(
            next_due=self.next_due,
            due_reason=self.due_reason,
            rhythm_s=self.rhythm_s,
            hints=self.hints,
            adopted=self.adopted,
            moved_to=self.moved_to,
            moved_count=self.moved_count,
            gone_count=self.gone_count,
            disabled=self.disabled,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRecord:
    """A fetch that worked, to be recorded whole: items, validators and schedule.

    ``kept_out`` is empty, or says for each of ``items`` why the source's rules exclude it (empty text: they do not).
    ``sketches`` is empty, or holds the sketch of each of ``items`` (:func:`notes.text.likeness.sketch_of`), drawn beforehand.
    ``full_text`` says that the source asks for the linked articles, ``announce`` which of arXiv's announcements may make
    new items: the others only refresh what is known. Without ``schedule`` the stored one stays.
    """

    key: str
    kind: str
    url: str
    now: datetime
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    items: tuple[Item, ...] = ()
    not_modified: bool = False
    kept_out: tuple[str, ...] = ()
    sketches: tuple[str, ...] = ()
    full_text: bool = False
    announce: tuple[str, ...] = ("new", "cross")
    schedule: SourceSchedule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRecord:
    """A fetch that failed. Without ``schedule`` the stored one stays.

    ``failures`` are those in a row, this one included, None for one more than stored. An empty ``error`` leaves the stored
    one: it was not the source's failure.
    """

    key: str
    kind: str
    url: str
    now: datetime
    error: str
    failures: int | None = None
    schedule: SourceSchedule | None = None


@dataclass(frozen=True, slots=True)
class FetchCounts:
    """What a fetched batch came to, in distinct works.

    ``new`` in the inbox, ``seen`` again unchanged, ``updated`` by a better text, ``excluded`` new but kept out.
    """

    new: int = 0
    seen: int = 0
    updated: int = 0
    excluded: int = 0


@dataclass(frozen=True, slots=True)
class Reconsidered:
    """The ids of the slips that changed rules put out of the inbox, and of those that they let back in."""

    excluded: tuple[int, ...] = ()
    lifted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleState:
    """What became of the article behind a slip: '' is not asked for, ``refused`` still due, but not allowed so far.

    ``reason`` says why it is not ``done``; ``tried_on`` is the day of the last attempt while it is due.
    """

    state: FullText
    reason: str = ""
    tried_on: date | None = None


@dataclass(frozen=True, slots=True)
class DueArticle:
    """A slip whose linked article is to be fetched; ``tries`` counts the days with an attempt, the last on ``tried_on``."""

    slip: Slip
    tries: int = 0
    tried_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRecord:
    """An answer of the user's.

    ``verdict`` is ``promote`` or ``dismiss`` (``origin`` ``inbox``: by command; ``page``: by a tick), or what became of the note
    in the vault (``origin`` ``vault``): ``delete``, ``restore``, ``edit``. ``was`` is the slip's status before,
    empty where an older Slipway remembered it; ``undone_at`` tells when the answer was taken back.
    """

    id: int
    item_id: int
    note_id: str
    verdict: str
    at: datetime
    origin: str = "inbox"
    undone_at: datetime | None = None
    was: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of an item. ``note_id``, ``path`` and ``number`` are given for a promotion and only then.

    ``parts`` are the named parts of the score; ``explored`` says that the place was one kept for exploration.
    """

    item_id: int
    status: ItemStatus
    score: float | None = None
    reasons: tuple[str, ...] = ()
    note_id: str = ""
    path: str = ""
    number: int = 0
    parts: Mapping[str, float] = field(default_factory=dict)
    explored: bool = False


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A note that Slipway made.

    ``item_id`` is None for a synthesis, and where the promotion was taken back; ``gone_at`` says since when the note is gone.
    """

    id: str
    item_id: int | None
    path: str
    created: date
    number: int
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What Slipway last wrote under an id of the vault: its SHA-256 in hex, and the one it was about to write.

    ``inputs`` is the fingerprint of what the sheet was rendered from, empty when unknown.
    """

    id: str
    path: str
    sha: str = ""
    planned_sha: str = ""
    inputs: str = ""


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A post that was written and the notes that it tells of, in its order.

    ``report`` tells what the checker dropped or replaced; ``lang`` is empty for posts of older versions.
    """

    id: str
    kind: str
    date: date
    path: str
    title: str
    note_ids: tuple[str, ...] = ()
    lang: str = ""
    report: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageRecord:
    """A stage of a run; ``seconds`` of wall clock, ``error`` empty when it went well."""

    name: str
    status: str
    seconds: float
    counts: dict[str, int] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A row of the ledger; ``status`` is ``running`` until it ends, ``killed`` when nobody ended it."""

    id: int
    date: date
    started: datetime
    finished: datetime | None
    status: str
    exit_code: int | None
    warnings: tuple[str, ...] = ()
    stages: tuple[StageRecord, ...] = ()
