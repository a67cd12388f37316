"""Whether a file still holds what is expected of it, which decides what becomes of an attempt to change it."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path

from notes.files.leases import is_being_written

__all__ = ["RemoveOutcome", "ReplaceOutcome", "compare", "is_settled", "sha256"]


class ReplaceOutcome(StrEnum):
    """What became of an attempt to replace a file."""

    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    CHANGED_BY_USER = "changed-by-user"
    GONE = "gone"


class RemoveOutcome(StrEnum):
    """What became of an attempt to take a file away."""

    REMOVED = "removed"
    CHANGED_BY_USER = "changed-by-user"
    GONE = "gone"


def sha256(content: str | bytes) -> str:
    """The SHA-256 of the bytes, or of the text as UTF-8, in hex."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()


def is_settled(path: Path, ours: tuple[str, ...]) -> bool:
    """Whether the file bears one of the hashes and nobody has it open for writing, as far as the system can tell."""
    try:
        with path.open("rb") as file:
            written = is_being_written(file.fileno())
            return not written and sha256(file.read()).startswith(tuple(filter(None, ours)))
    except FileNotFoundError:
        return False


def compare(place: Path, raw: bytes, expected_sha: str) -> ReplaceOutcome:
    """What would become of putting ``raw`` in the file's place: REPLACED while the file has the SHA-256 ``expected_sha``."""
    try:
        current = place.read_bytes()
    except FileNotFoundError:
        return ReplaceOutcome.GONE
    if raw and current == raw:
        return ReplaceOutcome.UNCHANGED
    return ReplaceOutcome.REPLACED if sha256(current) == expected_sha else ReplaceOutcome.CHANGED_BY_USER
