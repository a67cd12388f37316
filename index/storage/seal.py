"""The seal of the search index: what the file's bytes were when it was finished, so that damage is noticed at no cost.

SQLite notices a torn tree, but not a flipped byte in a text. The index is therefore never changed in place: a writer
finishes a new file, seals it and puts it in the place of the old one (:mod:`index.storage.draft`). A reader compares the
file's status with the seal's. Where they differ (a copy that was restored, or damage) all its bytes are hashed once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from notes.errors import UnsoundIndexError

__all__ = [
    "Seal",
    "Stamp",
    "broken",
    "lock_of",
    "read_seal",
    "seal_of",
    "sha256_of",
    "stamp_of",
    "verify",
    "write_seal",
]

_MOST_BYTES = 100_000  # a seal has some 300

Stamp = tuple[int, int, int, int]
"""Size, mtime and ctime in nanoseconds, inode. Nobody can set a ctime: whoever writes to the file changes its stamp."""


@dataclass(frozen=True, slots=True)
class Seal:
    """``hashes`` are the sha256 that the file may have (two while one is exchanged for the next), ``stamp`` of the last."""

    hashes: tuple[str, ...]
    stamp: Stamp | None = None
    passages: int = 0


def stamp_of(path: Path) -> Stamp:
    """The stamp of a file; raises OSError."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal; raises OSError."""
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal_of(path: Path) -> Path:
    """Where the seal of the index at ``path`` lies."""
    return path.with_suffix(".seal")


def read_seal(path: Path) -> Seal | None:
    """The seal of the index at ``path``, or None when there is none that can be read."""
    try:
        with seal_of(path).open("rb") as file:
            told = json.loads(file.read(_MOST_BYTES))
        stamp = told["stamp"] and tuple(int(part) for part in told["stamp"])
        return Seal(tuple(map(str, told["sha256"])), stamp or None, int(told["passages"]))
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None


def write_seal(path: Path, seal: Seal) -> None:
    """Put the seal of the index at ``path`` in the place of the old one, in one step; raises OSError."""
    told = {"sha256": seal.hashes, "stamp": seal.stamp, "passages": seal.passages}
    waiting = seal_of(path).with_suffix(f".seal.{os.getpid()}")
    try:
        with waiting.open("w", encoding="ascii") as file:
            json.dump(told, file)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(seal_of(path))
    except BaseException:
        with suppress(OSError):
            waiting.unlink()
        raise


def verify(path: Path, stamp: Stamp, *, renew: bool = True) -> None:
    """Return when the file at ``path``, whose stamp is ``stamp``, is as it was sealed; else raise UnsoundIndexError.

    A copy of equal bytes gets a new seal, where one can be written, so that the next reader need not hash it.
    """
    seal = read_seal(path)
    if seal is None:
        raise broken(path, "it has no seal")
    if seal.stamp == stamp:
        return
    found = sha256_of(path)
    if found not in seal.hashes:
        raise broken(path, f"it is damaged: {_told(seal.stamp, stamp)}")
    if renew:
        _renew(path, Seal((found,), stamp, seal.passages))


def _renew(path: Path, seal: Seal) -> None:
    """Write the seal of a copy, unless a writer is at work, whose seal must not be overwritten by that of the file before."""
    from filelock import FileLock, Timeout

    with suppress(OSError, Timeout), FileLock(lock_of(path), blocking=False):
        if stamp_of(path) == seal.stamp:
            write_seal(path, seal)


def lock_of(path: Path) -> Path:
    """The lock of whoever exchanges the index at ``path``."""
    return path.with_suffix(".lock")


def broken(path: Path, why: str) -> UnsoundIndexError:
    """The error that says why the index cannot be trusted."""
    return UnsoundIndexError(f"the search index {path} cannot be used: {why}", hint="slipway index", why=why)


def _told(sealed: Iterable[int] | None, stamp: Stamp) -> str:
    size = next(iter(sealed), None) if sealed else None
    if size is not None and size != stamp[0]:
        return f"it has {stamp[0]:,} bytes and was finished with {size:,}"
    return "its bytes are not those that were written"
