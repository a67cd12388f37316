"""The next index: a private copy of the present one, or a new file, that takes its place in one step.

A writer that is killed leaves the present index as it was. Nothing of a draft can be seen before :meth:`IndexDraft.publish`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep

from index.storage.schema import advance, make_tables
from index.storage.seal import Seal, broken, lock_of, read_seal, seal_of, sha256_of, stamp_of, write_seal
from notes.errors import IndexCacheError
from notes.files.remedies import remedy_of

__all__ = ["LOCK_SECONDS", "IndexDraft", "writing"]

LOCK_SECONDS = 30.0
"""How long a writer waits for another one."""

_DRAFT = ".draft"
_BLOCK = 1 << 22
_PAGE = 16_384
_CACHE_KIB = 131_072
_LEAST_TO_OPTIMISE = 5_000
_SHARE_TO_OPTIMISE = 10  # a tenth of the passages changed: one merged tree is read faster than the pieces
_SAMPLED = 256
# By hashes of texts: the same texts give the same sample, in whatever order they came, and are drawn from everywhere.
_SAMPLE = (
    "SELECT coalesce(group_concat(id, ' '), '') FROM"  # noqa: S608 - a number of ours
    f" (SELECT id FROM passages ORDER BY vector_hash, document_id, position LIMIT {_SAMPLED})"
)
_TICK = 0.002
_TICKS = 50


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Hold the lock of whoever exchanges the index at ``path``; IndexCacheError when another one keeps it."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(lock_of(path), timeout=LOCK_SECONDS):
            yield
    except Timeout:
        raise IndexCacheError(f"the search index {path} is locked by another process", hint="try again") from None
    except OSError as error:
        told = f"the search index {path} cannot be written: {error}"
        raise IndexCacheError(told, hint=remedy_of(error, path.parent)) from error


class IndexDraft:
    """A file beside the index, open for writing; whoever makes one holds :func:`writing`.

    ``anew`` begins with empty tables, else with a copy of what stands, whose bytes are held against the seal.
    UnsoundIndexError when they differ.
    """

    def __init__(self, path: Path, *, anew: bool) -> None:
        self._place = path
        self._file = path.with_name(path.name + _DRAFT)
        self._unlink()
        self._anew = anew
        self._written = 0
        self._standing = () if anew else (_copy(self._place, self._file),)
        self.connection = sqlite3.connect(self._file, isolation_level=None)
        try:
            self._prepare()
        except BaseException:
            self.discard()
            raise

    def _prepare(self) -> None:
        execute = self.connection.execute
        if self._anew:
            execute(f"PRAGMA page_size = {_PAGE}")
        # Nobody else sees this file, and after a crash it is thrown away: it needs neither journal nor sync.
        execute("PRAGMA journal_mode = OFF")
        execute("PRAGMA synchronous = OFF")
        execute("PRAGMA locking_mode = EXCLUSIVE")
        execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        execute("BEGIN")
        if self._anew:
            make_tables(self.connection)

    def count(self, passages: int) -> None:
        """Note that so many passages were written or removed."""
        self._written += passages

    def publish(self) -> None:
        """Finish the file, seal it and put it in the place of the index; IndexCacheError when that cannot be done."""
        execute = self.connection.execute
        passages = int(execute("SELECT count(*) FROM passages").fetchone()[0])
        if self._anew or self._written > max(_LEAST_TO_OPTIMISE, passages // _SHARE_TO_OPTIMISE):
            execute("INSERT INTO words (words) VALUES ('optimize')")
        advance(self.connection)
        execute(f"INSERT OR REPLACE INTO meta SELECT 'sample', ({_SAMPLE})")
        execute("COMMIT")
        self.connection.close()
        try:
            self._exchange(passages)
        except OSError as error:
            self._unlink()
            raise IndexCacheError(f"the search index {self._place} cannot be replaced: {error}") from error

    def discard(self) -> None:
        """Throw the draft away; the index stays as it is."""
        self.connection.close()
        self._unlink()

    def _exchange(self, passages: int) -> None:
        """Between the two seals a reader meets either file with a hash that is in the seal."""
        with self._file.open("r+b") as file:
            os.fsync(file.fileno())
        finished = sha256_of(self._file)
        before = read_seal(self._place)
        write_seal(self._place, Seal((finished, *self._standing), before.stamp if before else None, passages))
        for suffix in ("-wal", "-shm", "-journal"):  # of an earlier version, which changed its file in place
            self._place.with_name(self._place.name + suffix).unlink(missing_ok=True)
        self._file.replace(self._place)
        _sync(self._place.parent)
        _wait_for_the_next_tick(self._place)
        write_seal(self._place, Seal((finished,), stamp_of(self._place), passages))

    def _unlink(self) -> None:
        """Remove the draft, and what a writer that was killed has left."""
        try:
            self._file.unlink(missing_ok=True)
            for stray in self._place.parent.glob(f"{seal_of(self._place).name}.*"):
                stray.unlink(missing_ok=True)
        except OSError as error:
            raise IndexCacheError(f"{self._file} is in the way and cannot be removed: {error}") from error


def _copy(source: Path, target: Path) -> str:
    """Copy the index, and know that every byte is as it was sealed; returns the sha256."""
    import hashlib

    seal = read_seal(source)
    digest = hashlib.sha256()
    try:
        with source.open("rb") as whole, target.open("wb") as copy:
            while block := whole.read(_BLOCK):
                digest.update(block)
                copy.write(block)
    except OSError as error:
        with suppress(OSError):  # on a disk that is full half a copy would stand in everybody's way
            target.unlink(missing_ok=True)
        raise IndexCacheError(f"the search index {source} cannot be copied: {error}") from error
    if seal is None or digest.hexdigest() not in seal.hashes:
        with suppress(OSError):
            target.unlink()
        raise broken(source, "it is damaged: its bytes are not those that were written")
    return digest.hexdigest()


def _sync(folder: Path) -> None:
    """Make the names in ``folder`` durable, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _wait_for_the_next_tick(path: Path) -> None:
    """Return when a write would get another time stamp than the file has (https://git-scm.com/docs/racy-git)."""
    last = path.stat().st_ctime_ns
    probe = path.with_name(path.name + _DRAFT)
    try:
        for _ in range(_TICKS):  # bounded, for a clock that was set back
            probe.touch()
            if probe.stat().st_ctime_ns > last:
                return
            sleep(_TICK)
    finally:
        probe.unlink(missing_ok=True)
