"""The open index as both halves of a search see it, with what is worth keeping from one query to the next."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, NamedTuple, Protocol
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from index.dense.reader import DenseReader

__all__ = ["Found", "Place", "Searchable", "Shelf", "Term", "shelf_of"]

_MOST_KEPT = 200_000
"""Passages and tokens remembered; a vault's rarely are so many."""

_A_FEW = 16
_LONGEST_ENDING = 3  # letters that a stem lacks of its word: -ing


class Searchable(Protocol):
    """An index that can be searched; what it holds stays as it is as long as ``generation`` does."""

    @property
    def path(self) -> Path:
        """The file, for messages."""

    @property
    def connection(self) -> sqlite3.Connection:
        """Where ``documents``, ``passages`` and ``words`` are."""

    @property
    def warnings(self) -> list[str]:
        """What a user should know about its answers."""

    @property
    def generation(self) -> int:
        """Another number after each change."""

    def dense(self, model: str) -> DenseReader | None:
        """The vectors of ``model``, None when there are none."""


class Place(NamedTuple):
    """Where a passage stands: its document, the document's language, and the place in it from 0."""

    document: str
    lang: str
    position: int


class Found(NamedTuple):
    """A document by its best passage in one half, with that half's score."""

    document: str
    passage: int
    score: float


@dataclass(frozen=True, slots=True)
class Term:
    """A token that stands in ``count`` passages; ``rarity`` is the inverse document frequency of BM25."""

    token: str
    count: int
    rarity: float


class Shelf:
    """Counts of tokens and places of passages, read when first asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.passages = int(connection.execute("SELECT count(*) FROM words_docsize").fetchone()[0])
        self._counts: dict[str, int] = {}
        self._places: dict[int, Place] = {}
        connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.word_counts USING fts5vocab ('{_schema(connection)}', 'words', 'row')"
        )

    def terms(self, tokens: Iterable[str]) -> list[Term]:
        """Those of ``tokens`` that occur, the rarest first."""
        counts = [(self._count(token), token) for token in dict.fromkeys(tokens)]
        return [Term(token, count, self.rarity(count)) for count, token in sorted(counts) if count]

    def rarity(self, count: int) -> float:
        """What a token in ``count`` passages is worth, at least a little; as FTS5 reckons it."""
        return max(1e-6, log((self.passages - count + 0.5) / (count + 0.5)))

    def completions(self, beginning: str, most: int) -> list[str]:
        """The tokens that begin so, the most frequent first."""
        rows = self.connection.execute(
            "SELECT term FROM (SELECT term, doc FROM word_counts WHERE term >= ? AND term < ? LIMIT 2000)"
            " ORDER BY doc DESC, term LIMIT ?",
            (beginning, beginning + "\U0010ffff", most),
        )
        return [row[0] for row in rows]

    def counted(self, beginning: str, length: int, most: int) -> Iterator[tuple[str, int]]:
        """The tokens that begin so, with the numbers of their passages, that are not much shorter or longer than ``length``."""
        yield from self.connection.execute(
            "SELECT term, doc FROM word_counts WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
            (beginning, beginning + "\U0010ffff", length - most - _LONGEST_ENDING, length + most),
        )

    def places(self, passages: Sequence[int]) -> dict[int, Place]:
        """The places of those of ``passages`` that there are."""
        known = self._read(passages)
        return {passage: known[passage] for passage in passages if passage in known}

    def _read(self, passages: Sequence[int]) -> dict[int, Place]:
        """The places that are known, those of ``passages`` among them."""
        known = self._places
        if unknown := [passage for passage in passages if passage not in known]:
            if len(known) > _MOST_KEPT:
                known.clear()
                unknown = list(passages)
            rows = self.connection.execute(
                "SELECT p.id, p.document_id, d.lang, p.position FROM json_each(?) wanted"
                " CROSS JOIN passages p ON p.id = wanted.value CROSS JOIN documents d ON d.id = p.document_id",
                (json.dumps(unknown),),
            )
            known.update((row[0], Place(*row[1:])) for row in rows)
        return known

    def lay_out(self) -> None:
        """Read the places of all passages, unless there are too many to keep them; for who answers many queries."""
        if self.passages > _MOST_KEPT:
            return
        rows = self.connection.execute(
            "SELECT p.id, p.document_id, d.lang, p.position FROM passages p CROSS JOIN documents d ON d.id = p.document_id"
        )
        self._places = {passage: Place(document, intern(lang), position) for passage, document, lang, position in rows}

    def best(self, found: Iterable[tuple[int, float]], depth: int) -> list[Found]:
        """The best passage of each of the first ``depth`` documents; ties by document and place."""
        scored = sorted(found, key=itemgetter(1), reverse=True)
        best: dict[str, Found] = {}
        start = 0
        # Most documents have one passage or two: of many passages, the places of few are ever needed.
        while start < len(scored) and len(best) < depth:
            stop = _end_of_ties(scored, start + (depth - len(best)) * 5 // 4 + _A_FEW)
            for document, passage, score in self._in_order(scored[start:stop]):
                if document not in best:
                    best[document] = Found(document, passage, score)
                    if len(best) == depth:
                        break
            start = stop
        return list(best.values())

    def _in_order(self, scored: Sequence[tuple[int, float]]) -> Iterator[tuple[str, int, float]]:
        places = self._read([passage for passage, _ in scored])
        there = [
            (-score, place.document, place.position, passage)
            for passage, score in scored
            if (place := places.get(passage))
        ]
        for behind, document, _, passage in sorted(there):
            yield document, passage, -behind

    def _count(self, token: str) -> int:
        count = self._counts.get(token)
        if count is None:
            if len(self._counts) > _MOST_KEPT:
                self._counts.clear()
            row = self.connection.execute("SELECT doc FROM word_counts WHERE term = ?", (token,)).fetchone()
            count = self._counts[token] = int(row[0]) if row else 0
        return count


def _end_of_ties(scored: Sequence[tuple[int, float]], stop: int) -> int:
    """The place behind ``stop - 1`` and all that has the same score."""
    while 0 < stop < len(scored) and scored[stop][1] == scored[stop - 1][1]:
        stop += 1
    return stop


_shelves: WeakKeyDictionary[Searchable, tuple[int, Shelf]] = WeakKeyDictionary()


def shelf_of(index: Searchable) -> Shelf:
    """The shelf of an open index: the same one for every query until the index changes."""
    generation = index.generation
    known = _shelves.get(index)
    if known is None or known[0] != generation or known[1].connection is not index.connection:
        known = _shelves[index] = generation, Shelf(index.connection)
    return known[1]


def _schema(connection: sqlite3.Connection) -> str:
    """The name of the database that holds the words: a writer has it attached beside another."""
    for _, name, _ in connection.execute("PRAGMA database_list").fetchall():
        if (
            name != "temp"
            and connection.execute(
                f"SELECT 1 FROM \"{name}\".sqlite_master WHERE name = 'words'"  # noqa: S608 - a name of SQLite's own list
            ).fetchone()
        ):
            return str(name)
    return "main"
