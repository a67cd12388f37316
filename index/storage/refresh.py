"""The index made equal to the documents: only what changed is written, only what is new is embedded.

::

    for each document         compare it with what the index says of it
        changed?              write it into a draft (made at the first change)
    what was not seen         is removed from the draft
    draft                     takes the place of the index
    passages without vector   are embedded in portions, newest documents first
    vectors                   are published for the dense half, for each model

Documents are taken one after the other and need not fit into memory together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.storage.cache import IndexCache
from index.storage.draft import IndexDraft, writing
from index.storage.embedding import Progress, embed_missing, embed_passages
from index.storage.forgetting import forget_models, forget_vectors
from index.storage.reading import DENSE_FOLDER
from index.storage.rows import add_document, remove_document, row_hash, storable
from index.storage.sqlite_errors import SQLITE_ERRORS, SqliteError, is_corruption, message_of
from notes.errors import IndexCacheError, UnsoundIndexError
from notes.files.remedies import remedy_of

if TYPE_CHECKING:
    from index.models.embedder import Embedder
    from index.texts.documents import Document

__all__ = ["Progress", "RefreshReport", "embed_missing", "publish_vectors", "refresh"]


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """How many documents were added, updated, removed and left alone, and how many texts were embedded."""

    added: int
    updated: int
    removed: int
    unchanged: int
    embedded: int
    warnings: tuple[str, ...] = ()


def refresh(
    cache: IndexCache,
    documents: Iterable[Document],
    embedder: Embedder | None,
    *,
    keep: Iterable[str] = (),
    progress: Progress | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> RefreshReport:
    """Make the cache hold exactly ``documents`` (ids unique) and their vectors; without an embedder words only.

    ``keep`` names the hashes of texts that are compared but not searched, whose vectors stay as well. ``enough`` may end the
    embedding early. What turns out to be damaged is made anew, with a warning; to that end ``documents`` may be read twice,
    unless it is an iterator. ValueError for two documents of one id, IndexCacheError when the cache cannot be written.
    """
    try:
        return _refresh(cache, documents, embedder, keep, progress, enough)
    except UnsoundIndexError as error:
        if iter(documents) is documents:
            raise
        cache.distrust(error.why)
    except SQLITE_ERRORS as error:
        if not is_corruption(error) or iter(documents) is documents:
            raise _unwritable(cache, error) from error
        cache.rebuild(f"it is damaged ({message_of(error)})")
    try:
        return _refresh(cache, documents, embedder, keep, progress, enough)
    except SQLITE_ERRORS as error:
        raise _unwritable(cache, error) from error


def publish_vectors(cache: IndexCache, models: Sequence[str]) -> None:
    """Make the files of the dense half equal to passages and vectors, for each of these models."""
    from index.dense.publishing import publish

    for model in models:
        publish(cache.connection, model, cache.path.parent / DENSE_FOLDER, cache.generation)


def _unwritable(cache: IndexCache, error: SqliteError) -> IndexCacheError:
    told = f"the search cache {cache.path} cannot be written: {message_of(error)}"
    return IndexCacheError(told, hint=remedy_of(error, cache.path.parent))


def _refresh(
    cache: IndexCache,
    documents: Iterable[Document],
    embedder: Embedder | None,
    keep: Iterable[str],
    progress: Progress | None,
    enough: Callable[[], bool],
) -> RefreshReport:
    with writing(cache.path):
        cache.attach()
        changes = _Changes(cache)
        try:
            for document in documents:
                changes.see(storable(document))
            changed = changes.finish()
        except BaseException:
            changes.discard()
            raise
        if changed:
            cache.attach(renewed=True)
    standing = cache.models()  # the files of one whose vectors are dropped are emptied, too
    forget_vectors(cache, keep)
    embedded = embed_passages(cache, embedder, progress=progress, enough=enough) if embedder else 0
    warnings = forget_models(cache, embedder.name) if embedder else ()
    publish_vectors(cache, sorted({*standing, *cache.models()}))
    slow = getattr(embedder, "note", "") if embedded else ""
    return RefreshReport(*changes.counts(), embedded, (*cache.warnings, *warnings, *([slow] if slow else [])))


class _Changes:
    """What differs between the index and the documents, written as it is found."""

    def __init__(self, cache: IndexCache) -> None:
        self._path = cache.path
        self._anew = bool(cache.unsound) or not cache.path.exists()
        self._known: dict[str, str] = dict(cache.connection.execute("SELECT id, row_hash FROM documents"))
        self._seen: set[str] = set()
        self._draft: IndexDraft | None = None
        self.added = self.updated = self.removed = 0

    def see(self, document: Document) -> None:
        """Write the document when it is new or not as the index has it."""
        if document.id in self._seen:
            raise ValueError(f"two documents with the id {document.id!r}")
        self._seen.add(document.id)
        known = self._known.get(document.id)
        if known is None:
            self.added += 1
        elif known != row_hash(document):
            self.updated += 1
            self._remove(document.id)
        else:
            return
        draft = self._open_draft()
        draft.count(add_document(draft.connection, document))

    def finish(self) -> bool:
        """Remove what was not seen, and put the draft in the place of the index; whether there was anything to change."""
        for gone in sorted(self._known.keys() - self._seen):
            self.removed += 1
            self._remove(gone)
        if self._anew:
            self._open_draft()
        if self._draft is not None:
            self._draft.publish()
        return self._draft is not None

    def discard(self) -> None:
        """Leave the index as it was."""
        if self._draft is not None:
            self._draft.discard()

    def counts(self) -> tuple[int, int, int, int]:
        """Added, updated, removed, unchanged."""
        return self.added, self.updated, self.removed, len(self._seen) - self.added - self.updated

    def _remove(self, key: str) -> None:
        draft = self._open_draft()
        draft.count(remove_document(draft.connection, key))

    def _open_draft(self) -> IndexDraft:
        if self._draft is None:
            self._draft = IndexDraft(self._path, anew=self._anew)
        return self._draft
