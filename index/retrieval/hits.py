"""From documents and scores to hits: the passage that is shown, the words in it, and why it came."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from index.retrieval.fusion import Fused
from index.retrieval.query import Query
from index.retrieval.reply import Hit, Ranks
from index.retrieval.shelf import Found, Shelf
from index.retrieval.shown_words import shown_words
from index.retrieval.wording import Wording
from index.words.tokens import tokenise

__all__ = ["Halves", "Pages", "hits_of"]

_CARRIES = 0.3
"""A passage that has less than this share of what the query's words are worth gives way to the one that means the same."""

_MOST_EXPLAINED = 8
_Row: TypeAlias = tuple[Any, ...]
_ROW = (
    "SELECT p.id, d.id, d.kind, d.title, d.path, d.url, d.created, d.source, d.tags, d.lang, d.topic, p.text, p.heading,"
    ' p.start, p."end", d.about, p.headings FROM json_each(?) wanted CROSS JOIN passages p ON p.id = wanted.value'
    " CROSS JOIN documents d ON d.id = p.document_id"
)


@dataclass(frozen=True, slots=True)
class Halves:
    """What each half has found, and ``told``: lines about them both for an explanation."""

    lexical: Sequence[Found] = ()
    semantic: Sequence[Found] = ()
    told: tuple[str, ...] = ()


class Pages:
    """The passages to show, each read once: its row, and the words of the query as they stand in it."""

    def __init__(self, shelf: Shelf, wording: Wording) -> None:
        self._connection = shelf.connection
        self._tokens = frozenset(term.token for term in wording.terms)
        self._read: dict[int, tuple[_Row, tuple[str, ...]]] = {}

    def read(self, passages: Iterable[int]) -> None:
        """Read those of ``passages`` that have not been."""
        wanted = [passage for passage in passages if passage not in self._read]
        for row in self._connection.execute(_ROW, (json.dumps(wanted),)) if wanted else ():
            self._read[row[0]] = row, shown_words(row[11], self._tokens)

    def __getitem__(self, passage: int) -> tuple[_Row, tuple[str, ...]]:
        return self._read[passage]


def hits_of(
    pages: Pages, query: Query, wording: Wording, halves: Halves, scores: Mapping[str, Fused]
) -> tuple[Hit, ...]:
    """The best ``query.n`` documents by score, ties by id."""
    order = [document for _, document in sorted((-one.score, document) for document, one in scores.items())]
    order = order[: max(0, query.n)]
    shown = _shown(wording, halves, order)
    pages.read(shown.values())
    places = tuple(
        {one.document: rank for rank, one in enumerate(half, 1) if one.document in shown}
        for half in (halves.lexical, halves.semantic)
    )
    return tuple(
        _hit(
            rank,
            *pages[shown[document]],
            scores[document].score,
            Ranks(places[0].get(document), places[1].get(document)),
            tuple(_explained(wording, halves, pages[shown[document]][0], scores[document])) if query.explain else (),
        )
        for rank, document in enumerate(order, 1)
    )


def _shown(wording: Wording, halves: Halves, order: Sequence[str]) -> dict[str, int]:
    """The passage to show of each document: the one with the query's words, unless it has hardly any."""
    wanted = frozenset(order)
    worded, meant = (
        {one.document: one for one in half if one.document in wanted} for half in (halves.lexical, halves.semantic)
    )
    shown = {}
    for document in order:
        one = worded.get(document)
        if one is None or (document in meant and one.score < _CARRIES * wording.rarity):
            one = meant[document]
        shown[document] = one.passage
    return shown


def _hit(rank: int, row: _Row, words: tuple[str, ...], score: float, ranks: Ranks, explanation: tuple[str, ...]) -> Hit:
    return Hit(
        rank=rank,
        id=row[1],
        kind=row[2],
        title=row[3],
        path=row[4],
        url=row[5],
        created=row[6] or "",
        source=row[7],
        tags=tuple(json.loads(row[8])),
        lang=row[9],
        topic=row[10],
        passage=row[11],
        heading=row[12],
        start=int(row[13]),
        end=int(row[14]),
        score=round(score, 6),
        ranks=ranks,
        terms=words,
        explanation=explanation,
    )


def _explained(wording: Wording, halves: Halves, row: _Row, fused: Fused) -> Iterator[str]:
    worded = {one.document: one for one in halves.lexical}.get(row[1])
    meant = {one.document: one for one in halves.semantic}.get(row[1])
    if worded:
        yield f"words: BM25 {worded.score:.2f}, share {fused.lexical:.3f}"
        if found := _matched(wording, row):
            yield f"matched (rarity, passages): {found}"
    else:
        yield "words: none of the first"
    if meant:
        yield f"meaning: cosine {meant.score:.3f}, share {fused.semantic:.3f}"
    if worded and meant and worded.passage != meant.passage:
        yield "the halves chose different passages of it"
    yield from halves.told


def _matched(wording: Wording, row: _Row) -> str:
    title, text, about = row[3], row[11], " ".join(json.loads(row[15]))
    tokens = set(tokenise("\n".join((title, row[16] or row[12], text, about))))
    found = [term for term in wording.terms if term.token in tokens]
    told = [f"{term.token} ({term.rarity:.1f}, {term.count:,})" for term in found[:_MOST_EXPLAINED]]
    return ", ".join(told) + (f" and {len(found) - len(told)} more" if len(found) > len(told) else "")
