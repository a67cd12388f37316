"""What was computed from texts, by the hash of each text: vectors, and by others word counts and phrases. ``features.db``.

Vectors are dear (some 40 minutes for 100,000 passages), so they outlive the index: a damaged ``index.db`` costs a
tokenisation and no embedding. The file grows in small transactions, and each vector carries a checksum. Who opens the
file alone and finds it not as the last one left it looks at every row, and keeps those that are sound.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from index.storage.schema import uri
from index.storage.seal import Stamp, stamp_of
from index.storage.sqlite_errors import SQLITE_ERRORS, is_corruption, message_of
from notes.errors import IndexCacheError

__all__ = ["FEATURES_NAME", "FeatureFile", "VectorRow", "checksum"]

FEATURES_NAME = "features.db"
BUSY_TIMEOUT = 30.0
"""Seconds to wait for another process that writes."""

VectorRow = tuple[str, str, bytes]
"""Model, hash of the text, vector as little-endian float32."""

_APPLICATION_ID = 0x51AB0A9
_VERSION = 1
_SCHEMA = f"""
PRAGMA page_size = 16384;
PRAGMA journal_mode = WAL;
BEGIN EXCLUSIVE;
CREATE TABLE IF NOT EXISTS vectors (
    model TEXT NOT NULL, text_hash TEXT NOT NULL, vector BLOB NOT NULL, checksum INTEGER NOT NULL,
    UNIQUE (model, text_hash)
);
CREATE TABLE IF NOT EXISTS models (name TEXT PRIMARY KEY, idle INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_VERSION};
COMMIT;
"""
_BESIDE = ("-wal", "-shm", "-journal")
_AT_ONCE = 500  # SQLite before 3.32 takes at most 999 parameters
_STAMP = "features.seal"
_LOCK = "features.lock"
_SALVAGE = ".salvage"


class FeatureFile:
    """The open file; a context manager. ``connection`` is in autocommit mode, ``warnings`` tell what was lost."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[str] = []
        self._lock = _Shared(path.with_name(_LOCK))
        self._closed = False
        try:
            if self._lock.alone():
                self._settle()
            self.connection = self._open()
            self._lock.share()
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file; the last one to do so leaves word of how it was left."""
        if self._closed:
            return
        self._closed = True
        try:
            self.connection.close()  # the last connection moves the log into the file
            if self._lock.alone():
                with suppress(OSError):
                    self._leave_word()
        finally:
            self._lock.release()

    def vectors(self, model: str, hashes: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The hashes among ``hashes`` of which ``model`` has a sound vector, with it, in the order of hashes."""
        for some in _portions(sorted(set(hashes))):
            marks = ",".join("?" * len(some))
            statement = (
                f"SELECT text_hash, vector, checksum FROM vectors WHERE model = ? AND text_hash IN ({marks}) ORDER BY 1"  # noqa: S608 - only marks
            )
            for key, vector, kept in self.connection.execute(statement, (model, *some)):
                if kept == checksum((model, key, vector)):
                    yield key, vector

    def keep(self, rows: Iterable[VectorRow]) -> None:
        """Keep the rows, in the transaction of the caller."""
        told = ((*row, checksum(row)) for row in rows)
        self.connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", told)

    def mend(self, why: str) -> None:
        """Make the file anew from what is sound in it; IndexCacheError when other processes have it open."""
        if not self._lock.alone():
            raise IndexCacheError(
                f"{self.path} is damaged ({why}) and in use", hint="end what else uses it, then slipway index"
            )
        self.connection.close()
        self._salvage(why)
        self.connection = self._open()
        self._lock.share()

    # --- the file ---

    def _open(self) -> sqlite3.Connection:
        # By URI, so that the index can be attached by one.
        connection = sqlite3.connect(uri(self.path), uri=True, timeout=BUSY_TIMEOUT, isolation_level=None)
        try:
            if not _is_ours(connection):
                connection.executescript(_SCHEMA)
            # A cache may lose its last commits at a power cut, so NORMAL serves; losing its form it may not.
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _settle(self) -> None:
        """Before anybody uses the file: sound, or made so."""
        if not self.path.exists() or self._word() == list(stamp_of(self.path)):
            return
        fault = self._fault()
        if fault:
            self._salvage(fault)

    def _fault(self) -> str:
        """Why the file cannot stay as it is; looks at every row. What a killed writer has committed is sound."""
        try:
            connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT, isolation_level=None)
            try:
                return _fault(connection)
            finally:
                connection.close()
        except SQLITE_ERRORS as error:
            if not is_corruption(error):
                raise
            return message_of(error)

    def _salvage(self, why: str) -> None:
        """Another file in its place that holds the sound vectors; other features are computed again."""
        fresh = self.path.with_name(self.path.name + _SALVAGE)
        try:
            _remove(fresh, "", *_BESIDE)
            with suppress(*SQLITE_ERRORS):  # nothing could be read at all
                kept = _copy_sound(self.path, fresh)
                self.warnings.append(f"{self.path.name} was damaged ({why}): {kept:,} vectors were sound and are kept")
            if not fresh.exists():
                self.warnings.append(f"{self.path.name} was damaged ({why}): vectors are made anew")
            # A kill in between leaves the damaged file, and this is done again.
            _remove(self.path, *_BESIDE)
            if fresh.exists():
                fresh.replace(self.path)
            else:
                _remove(self.path, "")
        except OSError as error:
            raise IndexCacheError(f"the search cache {self.path} cannot be removed: {error}") from error

    def _word(self) -> object:
        try:
            with self.path.with_name(_STAMP).open("rb") as file:
                return json.loads(file.read(_AT_ONCE))
        except (OSError, ValueError, RecursionError):
            return None

    def _leave_word(self) -> None:
        """How the file was left; with a log beside it nothing is said, and the next one looks."""
        stamp: Stamp = stamp_of(self.path)
        waiting = self.path.with_name(f"{_STAMP}{_SALVAGE}")
        if not self.path.with_name(self.path.name + "-wal").exists():
            waiting.write_text(json.dumps(stamp), encoding="ascii")
            waiting.replace(self.path.with_name(_STAMP))


class _Shared:
    """A lock that all who have the file open share; :meth:`alone` is whether nobody else does."""

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] | None = None
        try:
            import fcntl
        except ImportError:  # Windows: a file in use can be neither removed nor replaced there
            return
        self._file = path.open("ab")
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def alone(self) -> bool:
        """Whether nobody else has the lock. It is held alone from then on until released."""
        if self._file is None:
            return True
        import fcntl

        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fcntl.flock(self._file, fcntl.LOCK_SH)  # a failed change may have given the lock up
            return False
        return True

    def share(self) -> None:
        """Let others in again."""
        if self._file is not None:
            import fcntl

            fcntl.flock(self._file, fcntl.LOCK_SH)

    def release(self) -> None:
        """Let the lock go."""
        if self._file is not None:
            self._file.close()
            self._file = None


def checksum(row: VectorRow) -> int:
    """What a row must have as its checksum: its bytes under another name are no vector of that name."""
    model, key, vector = row
    return zlib.crc32(vector, zlib.crc32(f"{model}\0{key}".encode("utf-8", "surrogatepass")))


def _is_ours(connection: sqlite3.Connection) -> bool:
    told = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    return tuple(told) == (_APPLICATION_ID, _VERSION)


def _fault(connection: sqlite3.Connection) -> str:
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return ""
    if not _is_ours(connection):
        return "it is not a file of Slipway, or of another version"
    complaint = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if complaint != "ok":
        return complaint
    rows = connection.execute("SELECT model, text_hash, vector, checksum FROM vectors")
    unsound = sum(not _is_sound(row) for row in rows)
    return f"{unsound:,} vectors are not as they were written" if unsound else ""


def _is_sound(row: tuple[object, ...]) -> bool:
    model, key, vector, kept = row
    return (
        isinstance(model, str)
        and isinstance(key, str)
        and isinstance(vector, bytes)
        and kept == checksum((model, key, vector))
    )


def _copy_sound(damaged: Path, fresh: Path) -> int:
    """Copy the rows that can be read and are sound; how many. One of SQLITE_ERRORS when the file is no database at all."""
    source = sqlite3.connect(damaged, timeout=BUSY_TIMEOUT, isolation_level=None)
    source.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        rows = source.execute("SELECT model, text_hash, vector, checksum FROM vectors")
        target = sqlite3.connect(fresh, isolation_level=None)
        try:
            target.executescript(_SCHEMA)
            target.execute("BEGIN")
            with suppress(*SQLITE_ERRORS):  # where the tree is torn, what came before is kept
                for row in rows:
                    if _is_sound(row):
                        target.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?, ?)", row)
            target.execute("COMMIT")
            return int(target.execute("SELECT count(*) FROM vectors").fetchone()[0])
        finally:
            target.close()
    finally:
        source.close()


def _remove(path: Path, *suffixes: str) -> None:
    for suffix in suffixes:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _portions(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
