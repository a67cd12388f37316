"""The index made equal to the documents: only what changed is written, only what is new is embedded.

Documents, passages and words change in one transaction. Vectors follow in portions, each kept as soon as it is made,
so a run that is killed while embedding goes on where it stopped.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.models.embedder import Embedder
from index.storage.cache import IndexCache, is_corruption
from index.texts.documents import Document, text_hash
from index.texts.passages import Passage, passages
from index.words.tokens import tokenise
from notes.errors import IndexCacheError, ModelError

if TYPE_CHECKING:
    from index.models.embedder import Vectors

__all__ = ["Progress", "RefreshReport", "embed_missing", "refresh"]

Progress = Callable[[int, int], None]
"""Called with the number of texts done and their total."""

_PORTION = 256


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
) -> RefreshReport:
    """Make the cache hold exactly ``documents`` (ids unique) and their vectors; without an embedder words only.

    ``keep`` names the hashes of texts that are compared but not searched, whose vectors stay as well.
    A cache that turns out to be damaged is rebuilt once, with a warning. IndexCacheError when it cannot be written.
    """
    wanted = _by_id(documents)
    try:
        try:
            return _refresh(cache, wanted, embedder, frozenset(keep), progress)
        except sqlite3.DatabaseError as error:
            if not is_corruption(error):
                raise
            cache.rebuild(f"it is damaged ({error})")
            return _refresh(cache, wanted, embedder, frozenset(keep), progress)
    except sqlite3.Error as error:
        raise IndexCacheError(f"the search cache {cache.path} cannot be written: {error}") from error


def embed_missing(
    cache: IndexCache, embedder: Embedder, texts: Mapping[str, str], *, progress: Progress | None = None
) -> int:
    """Embed the texts (by hash) that the cache lacks, and keep each portion at once; how many were embedded.

    A text that the model cannot read is left out, and tried again the next time. ModelError when the model cannot be used at all.
    """
    kept = cache.vectors(embedder.name, texts)
    missing = [key for key in texts if key not in kept]
    embedded = 0
    for start in range(0, len(missing), _PORTION):
        portion = missing[start : start + _PORTION]
        read, vectors = _encoded(embedder, [texts[key] for key in portion])
        cache.keep_vectors(embedder.name, [portion[place] for place in read], vectors)
        embedded += len(read)
        if progress:
            progress(min(start + _PORTION, len(missing)), len(missing))
    return embedded


def _encoded(embedder: Embedder, texts: Sequence[str]) -> tuple[list[int], Vectors]:
    """The places of the texts that the model can read, and their vectors; what is wrong is found by halving."""
    import numpy as np

    nothing = np.zeros((0, embedder.dim), dtype=np.float32)  # loads the model: not to be usable is no text's fault
    try:
        vectors = embedder.encode_passages(texts)
    except ModelError:
        vectors = np.full((len(texts), embedder.dim), np.nan, dtype=np.float32)
    if np.isfinite(vectors).all():
        return list(range(len(texts))), vectors
    if len(texts) == 1:
        return [], nothing
    half = len(texts) // 2
    (first, left), (second, right) = _encoded(embedder, texts[:half]), _encoded(embedder, texts[half:])
    return [*first, *(half + place for place in second)], np.concatenate([left, right])


def _by_id(documents: Iterable[Document]) -> dict[str, Document]:
    wanted: dict[str, Document] = {}
    for document in map(_storable, documents):
        if document.id in wanted:
            raise ValueError(f"two documents with the id {document.id!r}")
        wanted[document.id] = document
    return wanted


def _refresh(
    cache: IndexCache,
    wanted: dict[str, Document],
    embedder: Embedder | None,
    keep: frozenset[str],
    progress: Progress | None,
) -> RefreshReport:
    known: dict[str, str] = dict(cache.connection.execute("SELECT id, row_hash FROM documents"))
    added = [key for key in wanted if key not in known]
    updated = [key for key in wanted if key in known and known[key] != _row_hash(wanted[key])]
    removed = [key for key in known if key not in wanted]
    if added or updated or removed:
        _rewrite(cache, gone=[*updated, *removed], come=[wanted[key] for key in (*updated, *added)], keep=keep)
    embedded = _embed(cache, wanted, embedder, progress) if embedder else 0
    unchanged = len(wanted) - len(added) - len(updated)
    return RefreshReport(len(added), len(updated), len(removed), unchanged, embedded, tuple(cache.warnings))


def _rewrite(cache: IndexCache, *, gone: Sequence[str], come: Sequence[Document], keep: frozenset[str]) -> None:
    with cache.transaction() as connection:
        for key in gone:
            _remove(connection, key)
        for document in come:
            _add(connection, document)
        _forget_vectors(connection, keep)


def _forget_vectors(connection: sqlite3.Connection, keep: frozenset[str]) -> None:
    """A vector lives as long as something has its text; those of other models wait for their return."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS kept (text_hash TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM kept")
    connection.executemany("INSERT INTO kept VALUES (?)", ((key,) for key in keep))
    connection.execute(
        "DELETE FROM vectors WHERE text_hash NOT IN (SELECT text_hash FROM documents"
        " UNION SELECT vector_hash FROM passages UNION SELECT text_hash FROM kept)"
    )


def _add(connection: sqlite3.Connection, document: Document) -> None:
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*_columns(document), document.text_hash, _row_hash(document)),
    )
    for passage in passages(document):
        row = connection.execute(
            'INSERT INTO passages (document_id, position, heading, start, "end", text, vector_hash)'
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (document.id, *_place(passage), passage.text, passage.vector_hash),
        )
        connection.execute(
            "INSERT INTO words (rowid, title, heading, body) VALUES (?, ?, ?, ?)",
            (row.lastrowid, *_words(document.title, passage.heading, passage.text)),
        )


def _remove(connection: sqlite3.Connection, key: str) -> None:
    rows = connection.execute(
        "SELECT p.id, d.title, p.heading, p.text FROM passages p JOIN documents d ON d.id = p.document_id WHERE d.id = ?",
        (key,),
    ).fetchall()
    connection.executemany(
        "INSERT INTO words (words, rowid, title, heading, body) VALUES ('delete', ?, ?, ?, ?)",
        [(row[0], *_words(*row[1:])) for row in rows],
    )
    connection.execute("DELETE FROM passages WHERE document_id = ?", (key,))
    connection.execute("DELETE FROM documents WHERE id = ?", (key,))


def _embed(cache: IndexCache, documents: Mapping[str, Document], embedder: Embedder, progress: Progress | None) -> int:
    lacking = cache.connection.execute(
        "SELECT DISTINCT p.document_id FROM passages p WHERE NOT EXISTS"
        " (SELECT 1 FROM vectors v WHERE v.model = ? AND v.text_hash = p.vector_hash) ORDER BY p.document_id",
        (embedder.name,),
    ).fetchall()
    texts = {passage.vector_hash: passage.embedded for (key,) in lacking for passage in passages(documents[key])}
    return embed_missing(cache, embedder, texts, progress=progress)


def _columns(document: Document) -> tuple[str | None, ...]:
    return (
        document.id,
        document.kind,
        document.title,
        document.path,
        document.url,
        document.created.isoformat() if document.created else None,
        document.source,
        document.source_type,
        json.dumps(document.tags, ensure_ascii=False),
        document.lang,
        document.topic,
    )


def _row_hash(document: Document) -> str:
    headings = [heading for heading, _ in document.sections]
    return text_hash(json.dumps([_columns(document), headings, list(document.section_starts()), document.text_hash]))


def _place(passage: Passage) -> tuple[int, str, int, int]:
    return passage.position, passage.heading, passage.start, passage.end


def _words(title: str, heading: str, text: str) -> tuple[str, str, str]:
    return " ".join(tokenise(title)), " ".join(tokenise(heading)), " ".join(tokenise(text))


def _storable(document: Document) -> Document:
    """The document without lone surrogates, which a broken feed can bring and SQLite does not take."""
    try:
        json.dumps([_columns(document), document.sections], ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return replace(
            document,
            id=_mended(document.id),
            title=_mended(document.title),
            path=_mended(document.path),
            url=_mended(document.url),
            source=_mended(document.source),
            source_type=_mended(document.source_type),
            lang=_mended(document.lang),
            topic=_mended(document.topic),
            tags=tuple(_mended(tag) for tag in document.tags),
            sections=tuple((_mended(heading), _mended(text)) for heading, text in document.sections),
        )
    return document


def _mended(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
