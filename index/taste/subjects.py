"""The phrases that tell what each document is about, read once for each text and kept in the search cache."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from notes.tags.tag_proposals import Subjects, subjects

if TYPE_CHECKING:
    from index.storage.cache import IndexCache
    from index.texts.documents import Document

__all__ = ["VERSION", "subjects_of"]

VERSION = 1
"""Of the way in which phrases are found; a change there needs another number here."""

_TABLE = """
CREATE TABLE IF NOT EXISTS subjects (
    text_hash TEXT NOT NULL, lang TEXT NOT NULL, version INTEGER NOT NULL, told TEXT NOT NULL,
    PRIMARY KEY (text_hash, lang, version)
) WITHOUT ROWID
"""


def subjects_of(cache: IndexCache, documents: Iterable[Document]) -> dict[str, Subjects]:
    """For each document's id its :func:`notes.tags.tag_proposals.subjects`."""
    keyed = [(document, (document.text_hash, document.lang)) for document in documents]
    cache.make_table(_TABLE)
    kept = _kept(cache, {key for _, key in keyed})
    unread = {key: document for document, key in keyed if key not in kept}
    missing = {key: subjects(one.title, one.text, one.lang) for key, one in unread.items()}
    if missing:
        rows = [
            (*key, VERSION, json.dumps([[name, *told] for name, told in found.items()], ensure_ascii=False))
            for key, found in missing.items()
        ]
        with cache.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO subjects VALUES (?, ?, ?, ?)", rows)
    known = kept | missing
    return {document.id: known[key] for document, key in keyed}


def _kept(cache: IndexCache, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Subjects]:
    rows = cache.connection.execute("SELECT text_hash, lang, told FROM subjects WHERE version = ?", (VERSION,))
    return {
        (row[0], row[1]): {name: (spelled, bool(titled)) for name, spelled, titled in json.loads(row[2])}
        for row in rows
        if (row[0], row[1]) in wanted
    }
