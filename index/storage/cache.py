"""The search cache: one SQLite file with documents, passages, their FTS5 index, and vectors by (model, text hash).

It can be deleted at any time. A file that is corrupt, foreign or of another version is removed and made anew,
and :attr:`IndexCache.warnings` says so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.words.tokens import TOKENS_VERSION
from notes.errors import IndexCacheError

if TYPE_CHECKING:
    from index.models.embedder import Vectors

__all__ = ["APPLICATION_ID", "SCHEMA_VERSION", "IndexCache"]

APPLICATION_ID = 0x51AB0A7  # marks the file as ours: https://www.sqlite.org/pragma.html#pragma_application_id
SCHEMA_VERSION = 100 * 1 + TOKENS_VERSION
BUSY_TIMEOUT = 30.0
"""Seconds to wait for another process that writes."""

_AT_ONCE = 500  # SQLite before 3.32 takes at most 999 parameters

# The FTS table keeps no text of its own. Its rows are deleted by handing their tokens in again, which the passages give;
# tokens come folded and split, so that "ascii", which splits at blanks and takes every letter beyond ASCII as it is, serves.
_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, path TEXT NOT NULL, url TEXT NOT NULL, created TEXT,
    source TEXT NOT NULL, source_type TEXT NOT NULL, tags TEXT NOT NULL, lang TEXT NOT NULL, topic TEXT NOT NULL,
    text_hash TEXT NOT NULL, row_hash TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents (id), position INTEGER NOT NULL,
    heading TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, vector_hash TEXT NOT NULL,
    UNIQUE (document_id, position)
);
CREATE INDEX passages_by_vector ON passages (vector_hash);
CREATE TABLE vectors (
    model TEXT NOT NULL, text_hash TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, text_hash)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (title, heading, body, content='', tokenize="ascii tokenchars '.'");
"""


class IndexCache:
    """The open cache; a context manager. One writer at a time, readers beside it see the last commit.

    ``warnings`` tells what had to be thrown away. Raises IndexCacheError when the file can be neither used nor replaced.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[str] = []
        self.connection = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All statements inside are kept together or not at all."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def rebuild(self, why: str) -> None:
        """Throw the file away and begin anew, with a warning that says why."""
        self.connection.close()
        self._discard(why)
        self.connection = self._open()

    def vectors(self, model: str, hashes: Iterable[str]) -> dict[str, Vectors]:
        """The kept vectors of ``model`` among ``hashes``, each ``(dim,)`` float32, read-only."""
        import numpy as np

        found: dict[str, Vectors] = {}
        for some in _portions(sorted(set(hashes))):
            marks = ",".join("?" * len(some))
            statement = f"SELECT text_hash, vector FROM vectors WHERE model = ? AND text_hash IN ({marks})"  # noqa: S608 - only marks
            rows = self.connection.execute(statement, (model, *some))
            found.update((row[0], np.frombuffer(row[1], dtype="<f4")) for row in rows)
        return found

    def keep_vectors(self, model: str, hashes: Sequence[str], vectors: Vectors) -> None:
        """Keep ``vectors`` (``(n, dim)`` float32, the rows of ``hashes``) for ``model``, in one transaction."""
        rows = [(model, key, vector.astype("<f4").tobytes()) for key, vector in zip(hashes, vectors, strict=True)]
        with self.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def _open(self) -> sqlite3.Connection:
        try:
            connection = self._usable()
        except sqlite3.DatabaseError as error:
            if not is_corruption(error):
                raise IndexCacheError(f"the search cache {self.path} cannot be opened: {error}") from error
            self._discard(f"it is damaged ({error})")
            return self._usable()
        return connection

    def _usable(self) -> sqlite3.Connection:
        connection = self._connect()
        try:
            fault = _fault(connection)
            if not fault:
                _prepare(connection)
                return connection
        except BaseException:
            connection.close()
            raise
        connection.close()
        self._discard(fault)
        return self._usable()

    def _connect(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexCacheError(f"the folder of the search cache cannot be made: {error}") from error
        return sqlite3.connect(self.path, timeout=BUSY_TIMEOUT, isolation_level=None)

    def _discard(self, why: str) -> None:
        try:
            for suffix in ("", "-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            raise IndexCacheError(f"the search cache {self.path} cannot be removed: {error}") from error
        self.warnings.append(f"the search cache was rebuilt: {why}")


def is_corruption(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault, and not a lock, a full disk or a statement."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _fault(connection: sqlite3.Connection) -> str:
    """Why the file cannot serve; empty when it can, or is new."""
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not tables:
        return ""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        return "it is not a file of Slipway"
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    return "" if version == SCHEMA_VERSION else f"its version is {version}, not {SCHEMA_VERSION}"


def _prepare(connection: sqlite3.Connection) -> None:
    # A cache may lose its last commits at a power cut, so NORMAL serves; losing its form it may not.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return
    try:
        stamp = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
        connection.executescript(f"BEGIN EXCLUSIVE; {_SCHEMA} {stamp} COMMIT;")
    except sqlite3.OperationalError:
        # Another process made the tables between our look and our lock.
        if _fault(connection) or not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise


def _portions(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
