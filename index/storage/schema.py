"""The tables of the search index, and how a file of them is made and told from others."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from index.words.tokens import TOKENS_VERSION

__all__ = [
    "APPLICATION_ID",
    "SCHEMA_VERSION",
    "advance",
    "counted",
    "fault_of",
    "former",
    "make_tables",
    "uri",
]

APPLICATION_ID = 0x51AB0A7  # marks the file as ours: https://www.sqlite.org/pragma.html#pragma_application_id
SCHEMA_VERSION = 100 * 2 + TOKENS_VERSION

# The FTS table keeps no text of its own. Its rows are deleted by handing their tokens in again, which documents and passages
# give; tokens come folded and split, so that "ascii", which splits at blanks and takes every letter beyond ASCII as it is,
# serves. AUTOINCREMENT: the id of a passage that is gone may still stand in the files of the vectors.
_SCHEMA = """
CREATE TABLE {at}meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE {at}documents (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, path TEXT NOT NULL, url TEXT NOT NULL, created TEXT,
    source TEXT NOT NULL, source_type TEXT NOT NULL, tags TEXT NOT NULL, lang TEXT NOT NULL, topic TEXT NOT NULL,
    about TEXT NOT NULL, text_hash TEXT NOT NULL, row_hash TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE {at}passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL REFERENCES documents (id), position INTEGER NOT NULL,
    heading TEXT NOT NULL, headings TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL,
    vector_hash TEXT NOT NULL,
    UNIQUE (document_id, position)
);
CREATE VIRTUAL TABLE {at}words USING fts5 (
    title, heading, body, about, content='', tokenize="ascii tokenchars '.'"
);
"""
_LINEAGE_BITS, _COUNTER_BITS, _NONCE_BITS = 31, 20, 12
_REMEMBERED = 200


def make_tables(connection: sqlite3.Connection, schema: str = "main") -> None:
    """Make the tables in an empty database that is attached as ``schema``.

    ``meta`` holds the generation, a number of 63 bits that grows with every change: the upper 31 are drawn anew for each new
    file, then comes a counter, and the last 12 are drawn anew for each change. So what was derived from the ids of another
    file, or of a copy of this one that has gone its own way since, can be told from what fits.
    """
    for statement in filter(str.strip, _SCHEMA.format(at=f"{schema}.").split(";\n")):
        connection.execute(statement)
    connection.execute(f"INSERT INTO {schema}.meta VALUES ('generation', ?)", (_first(),))  # noqa: S608 - a name of ours
    connection.execute(f"PRAGMA {schema}.application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA {schema}.user_version = {SCHEMA_VERSION}")


def advance(connection: sqlite3.Connection) -> None:
    """Give the index its next generation; those before it stay known, as many as there may be nights without vectors."""
    standing = int(connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])
    lineage, counter = standing >> (_COUNTER_BITS + _NONCE_BITS), counted(standing) + 1
    following = ((lineage << _COUNTER_BITS | counter) << _NONCE_BITS) | _drawn(_NONCE_BITS)
    before = [*sorted(former(connection)), standing][-_REMEMBERED:]
    told = " ".join(map(str, before))
    generation = following if counter >> _COUNTER_BITS == 0 else _first()
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?), ('former', ?)", (generation, told))


def former(connection: sqlite3.Connection) -> frozenset[int]:
    """The generations from which this one came, the last ones."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'former'").fetchone()
    return frozenset(map(int, row[0].split())) if row else frozenset()


def counted(generation: int) -> int:
    """How many changes a generation stands for, as a person may be told."""
    return generation >> _NONCE_BITS & ((1 << _COUNTER_BITS) - 1)


def fault_of(connection: sqlite3.Connection) -> str:
    """Why a file cannot serve as the index; empty when it can."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        return "it is not a file of Slipway"
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    return "" if version == SCHEMA_VERSION else f"its version is {version}, not {SCHEMA_VERSION}"


def uri(path: Path) -> str:
    """The address of a database file as SQLite wants it, without parameters (https://www.sqlite.org/uri.html)."""
    told = path.absolute().as_posix().replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{'' if told.startswith('/') else '/'}{told}"


def _first() -> int:
    return (1 + _drawn(_LINEAGE_BITS) % ((1 << _LINEAGE_BITS) - 1)) << (_COUNTER_BITS + _NONCE_BITS)


def _drawn(bits: int) -> int:
    return int.from_bytes(os.urandom(8), "big") >> (64 - bits)
