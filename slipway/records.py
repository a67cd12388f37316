"""What the store hands out beside the values of :mod:`notes.model`: fetch state, note and file records, the ledger.

Frozen values; times are aware and UTC, dates are days in the user's zone. Importing this module loads no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from notes.model import ItemStatus

__all__ = [
    "Decision",
    "FetchCounts",
    "FileRecord",
    "NoteRecord",
    "PostRecord",
    "RunRecord",
    "SourceRecord",
    "StageRecord",
]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What is remembered of a source: its HTTP validators and how the last fetches went.

    ``failures`` counts the failures since the last success; ``last_error`` is empty after one.
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


@dataclass(frozen=True, slots=True)
class FetchCounts:
    """What a fetched batch came to, in distinct works: new, seen again unchanged, seen again in a better version."""

    new: int = 0
    seen: int = 0
    updated: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of an item. ``note_id``, ``path`` and ``number`` are given for a promotion and only then."""

    item_id: int
    status: ItemStatus
    score: float | None = None
    reasons: tuple[str, ...] = ()
    note_id: str = ""
    path: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A note that Slipway made. ``item_id`` is None for a synthesis; ``gone_at`` says when the user had deleted it."""

    id: str
    item_id: int | None
    path: str
    created: date
    number: int
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What Slipway last wrote under an id of the vault: its SHA-256 in hex, and the one it was about to write."""

    id: str
    path: str
    sha: str = ""
    planned_sha: str = ""


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A post that was written and the notes that it tells of, in its order."""

    id: str
    kind: str
    date: date
    path: str
    title: str
    note_ids: tuple[str, ...] = ()


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
