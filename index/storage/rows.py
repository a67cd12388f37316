"""Documents as rows of the index, and rows as the texts that a model is given."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.texts.documents import Document, text_hash
from index.texts.passages import Passage, passages
from index.texts.residue import residue
from index.words.tokens import tokenise

__all__ = ["add_document", "embedded_text", "remove_document", "row_hash", "storable"]

_BETWEEN = "\x1f"


def add_document(connection: sqlite3.Connection, document: Document) -> int:
    """Write a document, its passages and their words; how many passages."""
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*_columns(document), document.text_hash, row_hash(document)),
    )
    document = _whole(document)
    title, about, cut = _words(document.title), _words(" ".join(document.about)), passages(document)
    for passage, headings in zip(cut, _headings(document, cut), strict=True):
        row = connection.execute(
            'INSERT INTO passages (document_id, position, heading, headings, start, "end", text, vector_hash)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (document.id, passage.position, passage.heading, headings, *_rest(passage)),
        )
        connection.execute(
            "INSERT INTO words (rowid, title, heading, body, about) VALUES (?, ?, ?, ?, ?)",
            (row.lastrowid, title, _words(headings or passage.heading), _words(passage.text), about),
        )
    return len(cut)


def remove_document(connection: sqlite3.Connection, key: str) -> int:
    """Take a document, its passages and their words out; how many passages."""
    rows = connection.execute(
        "SELECT p.id, d.title, iif(p.headings = '', p.heading, p.headings), p.text, d.about FROM passages p"
        " JOIN documents d ON d.id = p.document_id WHERE d.id = ?",
        (key,),
    ).fetchall()
    connection.executemany(
        "INSERT INTO words (words, rowid, title, heading, body, about) VALUES ('delete', ?, ?, ?, ?, ?)",
        [(row[0], *map(_words, row[1:4]), _words(" ".join(json.loads(row[4])))) for row in rows],
    )
    connection.execute("DELETE FROM passages WHERE document_id = ?", (key,))
    connection.execute("DELETE FROM documents WHERE id = ?", (key,))
    return len(rows)


def embedded_text(title: str, heading: str, text: str, vector_hash: str) -> str | None:
    """What :attr:`Passage.embedded` was for a row: of its two forms the one that has the hash; None when neither has."""
    forms = (f"{title}\n{text}", "\n".join(part for part in (title, heading, text) if part))
    return next((form for form in forms if text_hash(form) == vector_hash), None)


def row_hash(document: Document) -> str:
    """A hash of all that the index keeps of a document, made anew for every document every night."""
    return text_hash(_BETWEEN.join(_strings(document)))


def storable(document: Document) -> Document:
    """The document without lone surrogates, which a broken feed can bring and SQLite does not take."""
    try:
        "".join(_strings(document)).encode()
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
            tags=tuple(map(_mended, document.tags)),
            about=tuple(map(_mended, document.about)),
            written=_mended(document.written),
            sections=tuple((_mended(heading), _mended(text)) for heading, text in document.sections),
        )
    return document


def _strings(document: Document) -> Iterator[str]:
    yield from (column or "" for column in _columns(document))
    yield document.written
    for heading, text in document.sections:
        yield heading
        yield text


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
        json.dumps(document.about, ensure_ascii=False),
    )


def _rest(passage: Passage) -> tuple[int, int, str, str]:
    return passage.start, passage.end, passage.text, passage.vector_hash


def _whole(document: Document) -> Document:
    """The document with a last section of what was written and is not in the plain text."""
    if not document.written:
        return document
    told = (document.title, *document.about, *(part for section in document.sections for part in section))
    left = residue(document.written, (token for text in told for token in tokenise(text)))
    return replace(document, sections=(*document.sections, ("", left))) if left else document


def _headings(document: Document, cut: Sequence[Passage]) -> list[str]:
    """The headings by which each passage is found, empty where that is its own alone.

    A passage may run over several short sections, and a heading without a text belongs to the passage that follows.
    """
    over: list[list[str]] = [[] for _ in cut]
    at = 0
    for (heading, _), start in zip(document.sections, document.section_starts(), strict=True):
        while at + 1 < len(cut) and cut[at].end <= start:
            at += 1
        if heading:
            over[at].append(heading)
    return [
        "" if set(found) <= {passage.heading} else "\n".join(dict.fromkeys(filter(None, (passage.heading, *found))))
        for passage, found in zip(cut, over, strict=True)
    ]


def _words(text: str) -> str:
    return " ".join(tokenise(text))


def _mended(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
