"""The search cache as its writers hold it: the index, which never changes in place, and the features of texts.

Both can be deleted at any time. What is corrupt, foreign or of another version is made anew, and
:attr:`IndexCache.warnings` says so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.storage.earlier import carry_vectors
from index.storage.features import FEATURES_NAME, FeatureFile, VectorRow
from index.storage.reading import DENSE_FOLDER, open_sealed, read_only_address
from index.storage.schema import make_tables
from index.storage.sqlite_errors import SQLITE_ERRORS, is_corruption, is_trouble_with_the_disk, message_of
from notes.errors import IndexCacheError, UnsoundIndexError
from notes.files.remedies import remedy_of

if TYPE_CHECKING:
    from index.dense.reader import DenseReader
    from index.models.embedder import Vectors

__all__ = ["IndexCache"]

_INDEX = "index_file"
"""The name under which the index is attached to the features' connection; its tables need no prefix."""


class IndexCache:
    """The open cache; a context manager. Any number of them may be open, in any number of processes.

    ``connection`` sees the tables of both files: ``documents``, ``passages``, ``words`` and ``meta``, read-only and as
    they were when it was opened or last refreshed, and ``vectors`` with what else is kept by the hash of a text.
    ``unsound`` says why the index has to be made anew, empty when it has not; ``warnings`` tell what had to be thrown away.
    Raises IndexCacheError when the files can be neither used nor replaced.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[str] = []
        self.unsound = ""
        self._told = self._distrusted = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._features = FeatureFile(path.with_name(FEATURES_NAME))
        except OSError as error:
            told = f"the folder of the search cache cannot be used: {error}"
            raise IndexCacheError(told, hint=remedy_of(error, path.parent)) from error
        except SQLITE_ERRORS as error:
            told = f"the search cache {path} cannot be opened: {message_of(error)}"
            raise IndexCacheError(told, hint=remedy_of(error, path.parent)) from error
        try:
            self.attach()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files."""
        self._features.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection to both files, in autocommit mode."""
        return self._features.connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All changes of features inside are kept together or not at all; IndexCacheError where the disk takes none."""
        with self._told_of_the_disk():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def make_table(self, statement: str) -> None:
        """Make a table of features by a statement that does nothing where there is one."""
        with self._told_of_the_disk():
            self.connection.execute(statement)

    @contextmanager
    def _told_of_the_disk(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if not is_trouble_with_the_disk(error):
                raise
            told = f"the search cache {self._features.path} cannot be written: {error}"
            raise IndexCacheError(told, hint=remedy_of(error, self.path.parent)) from error

    @property
    def generation(self) -> int:
        """The generation of the index that is attached."""
        return int(self.connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])

    def attach(self, *, renewed: bool = False) -> None:
        """See the index as it stands now; an empty one where there is none that is sound, which is told once.

        ``renewed`` says that it has just been made anew, so that former distrust ends.
        """
        if renewed:
            self._distrusted = ""
        if any(row[1] == _INDEX for row in self.connection.execute("PRAGMA database_list")):
            self.connection.execute(f"DETACH {_INDEX}")
        self.unsound = self._fault()
        if not self.unsound and self.path.exists():
            self.connection.execute(f"ATTACH ? AS {_INDEX}", (read_only_address(self.path),))
        else:
            self.connection.execute(f"ATTACH ':memory:' AS {_INDEX}")
            make_tables(self.connection, _INDEX)
        self._tell()

    def distrust(self, why: str) -> None:
        """Take the index for unsound, though its seal said otherwise: it is empty from here on."""
        self._distrusted = why
        self.attach()

    def models(self) -> tuple[str, ...]:
        """The models that vectors are kept of, by name."""
        found: list[str] = []
        row = self.connection.execute("SELECT min(model) FROM vectors").fetchone()
        while row[0] is not None:  # one step in the tree for each model, and not one for each vector
            found.append(row[0])
            row = self.connection.execute("SELECT min(model) FROM vectors WHERE model > ?", row).fetchone()
        return tuple(found)

    def rebuild(self, why: str) -> None:
        """Trust nothing: the index is empty from here on, the features are those that prove to be sound."""
        self._features.mend(why)
        self.distrust(why)

    def vectors(self, model: str, hashes: Iterable[str]) -> dict[str, Vectors]:
        """The sound vectors of ``model`` among ``hashes``, each ``(dim,)`` float32, read-only."""
        import numpy as np

        wanted = sorted(set(hashes))
        try:
            found = dict(self._features.vectors(model, wanted))
        except SQLITE_ERRORS as error:
            if not is_corruption(error):
                raise IndexCacheError(f"{self._features.path} cannot be read: {message_of(error)}") from error
            self.rebuild(message_of(error))
            found = dict(self._features.vectors(model, wanted))
        return {key: np.frombuffer(vector, dtype="<f4") for key, vector in found.items()}

    def keep_vectors(self, model: str, hashes: Sequence[str], vectors: Vectors) -> None:
        """Keep ``vectors`` (``(n, dim)`` float32, the rows of ``hashes``) for ``model``, in one transaction."""
        rows = ((model, key, vector.astype("<f4").tobytes()) for key, vector in zip(hashes, vectors, strict=True))
        self.keep_rows(rows)

    def keep_rows(self, rows: Iterable[VectorRow]) -> None:
        """Keep vectors as they are stored, in one transaction."""
        with self.transaction():
            self._features.keep(rows)

    def dense(self, model: str) -> DenseReader | None:
        """The published vectors of ``model``, to be closed by the caller; errors as of :meth:`SearchIndex.dense`."""
        from index.dense.reader import open_dense

        return open_dense(self.path.parent / DENSE_FOLDER, model)

    def _fault(self) -> str:
        if not self.path.exists():
            return ""
        if self._distrusted:
            return self._distrusted
        try:
            open_sealed(self.path)[0].close()
        except UnsoundIndexError as error:
            return error.why
        return ""

    def _tell(self) -> None:
        if self.unsound and self.unsound != self._told:
            self._told = self.unsound
            carried = carry_vectors(self.path, self)
            kept = f"; {carried:,} vectors are kept" if carried else ""
            self.warnings.append(f"the search index was made anew: {self.unsound}{kept}")
        self.warnings += [told for told in self._features.warnings if told not in self.warnings]
