"""The search index as a search reads it: sealed, read-only, open in a millisecond or two, and no numpy imported.

The file never changes in place, so it is opened as immutable: no locks, no files beside it, and it works where nothing
may be written. A newer index is another file in its place, which :meth:`SearchIndex.renewed` notices.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.storage.schema import fault_of, former, uri
from index.storage.seal import Stamp, broken, stamp_of, verify
from index.storage.sqlite_errors import SQLITE_ERRORS, SqliteError, is_corruption, message_of
from notes.errors import IndexCacheError

if TYPE_CHECKING:
    from index.dense.reader import DenseReader

__all__ = ["DENSE_FOLDER", "INDEX_NAME", "SearchIndex", "open_sealed", "read_only_address"]

INDEX_NAME = "index.db"
DENSE_FOLDER = "dense"
_TRIES = 5  # a writer may put a new file in place between our look and our opening it
_CACHE_KIB = 16_384


class SearchIndex:
    """The open index; a context manager. ``warnings`` tell what a user should know about its answers.

    ``generation`` grows with every change. Use :meth:`open`.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, stamp: Stamp) -> None:
        self.path = path
        self.connection = connection
        self.warnings: list[str] = []
        self.generation = int(connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])
        self._stamp = stamp
        self._dense: dict[str, DenseReader | None] = {}

    @classmethod
    def open(cls, cache_folder: Path, *, renew_seal: bool = True) -> Self:
        """Open the index in ``cache_folder``.

        IndexCacheError when there is none or it cannot be read, UnsoundIndexError (one of these) when it is damaged,
        foreign or of another version. ``renew_seal`` allows to write the seal of a restored copy anew.
        """
        path = cache_folder / INDEX_NAME
        connection, stamp = open_sealed(path, renew_seal=renew_seal)
        try:
            return cls(path, connection, stamp)
        except SQLITE_ERRORS as error:
            connection.close()
            raise broken(path, f"it is damaged ({message_of(error)})") from error
        except TypeError as error:
            connection.close()
            raise broken(path, f"it is damaged ({error})") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files."""
        for reader in self._dense.values():
            if reader is not None:
                reader.close()
        self._dense.clear()
        self.connection.close()

    def dense(self, model: str) -> DenseReader | None:
        """The vectors of ``model`` for these passages, or None when there are none.

        IndexCacheError when there are but they cannot be trusted: torn, foreign, of an index that is gone.
        """
        if model not in self._dense:
            self._dense[model] = self._open_dense(model)
        return self._dense[model]

    def _open_dense(self, model: str) -> DenseReader | None:
        from index.dense.reader import open_dense
        from index.models.light.threads import import_numpy

        import_numpy()  # with one thread, before anything else imports it with all
        reader = open_dense(self.path.parent / DENSE_FOLDER, model)
        if reader is not None and reader.generation not in (self.generation, *former(self.connection)):
            reader.close()
            raise IndexCacheError(f"the vectors of {model} belong to another index", hint="slipway index")
        return reader

    def renewed(self) -> bool:
        """Whether another index, or newer vectors, stand in the place of what is open here; also when they were touched."""
        try:
            if stamp_of(self.path) != self._stamp:
                return True
        except OSError:
            return True
        return any(self._stale(model, reader) for model, reader in self._dense.items())

    def _stale(self, model: str, reader: DenseReader | None) -> bool:
        if reader is not None:
            return reader.stale()
        from index.dense.header import HEADER, model_folder

        return (model_folder(self.path.parent / DENSE_FOLDER, model) / HEADER).exists()


def open_sealed(path: Path, *, renew_seal: bool = True) -> tuple[sqlite3.Connection, Stamp]:
    """A read-only connection to the index at ``path``, and its file's stamp; errors as in :meth:`SearchIndex.open`."""
    for _ in range(_TRIES):
        stamp = _stamp(path)
        try:
            return _opened(path, stamp, renew_seal=renew_seal), stamp
        except IndexCacheError:
            # What was changed while we looked is looked at again.
            if _stamp(path) == stamp:
                raise
    raise IndexCacheError(f"the search index {path} is being exchanged over and over", hint="try again")


def _opened(path: Path, stamp: Stamp, *, renew_seal: bool) -> sqlite3.Connection:
    connection = _connect(path)
    try:
        _examine(connection, path, stamp, renew_seal=renew_seal)
    except SQLITE_ERRORS as error:
        connection.close()
        raise _wrapped(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _examine(connection: sqlite3.Connection, path: Path, stamp: Stamp, *, renew_seal: bool) -> None:
    # A file of another version has no seal of ours: the word about it shall be the right one.
    fault = fault_of(connection)
    if fault:
        raise broken(path, fault)
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    verify(path, stamp, renew=renew_seal)
    if _stamp(path) != stamp:
        raise broken(path, "it was changed while it was opened")


def _stamp(path: Path) -> Stamp:
    try:
        return stamp_of(path)
    except FileNotFoundError:
        raise IndexCacheError(f"there is no search index {path}", hint="slipway index") from None
    except OSError as error:
        raise IndexCacheError(f"the search index {path} cannot be read: {error.strerror}") from error


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(read_only_address(path), uri=True, isolation_level=None, check_same_thread=False)
    except SQLITE_ERRORS as error:
        raise _wrapped(path, error) from error


def read_only_address(path: Path) -> str:
    """The URI under which SQLite opens a file that nobody changes."""
    return f"{uri(path)}?mode=ro&immutable=1"


def _wrapped(path: Path, error: SqliteError) -> IndexCacheError:
    if is_corruption(error):
        return broken(path, f"it is damaged ({message_of(error)})")
    from notes.files.remedies import remedy_of

    told = f"the search index {path} cannot be opened: {message_of(error)}"
    return IndexCacheError(told, hint=remedy_of(error, path.parent))
