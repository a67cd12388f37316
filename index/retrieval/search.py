"""Search over notes, posts and items: BM25, vectors, or both fused.

::

    words of the query → passages that hold them       (lexical)
    vector of the query → nearest passages             (semantic)
    both → a share of each, weighted (hybrid)          → the best few reranked, if a reranker is configured
    best documents → hits with the passage to show
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from index.retrieval.addresses import at_address, led
from index.retrieval.ahead import ahead
from index.retrieval.fusion import Fused, fill, fuse, voice
from index.retrieval.hits import Halves, Pages, hits_of
from index.retrieval.lexical import by_words
from index.retrieval.query import Mode, Query
from index.retrieval.remarks import remarks
from index.retrieval.reply import A_GUESS, Hit, Ranks, Reply
from index.retrieval.shelf import Found, Searchable, Shelf, shelf_of
from index.retrieval.wording import LONGEST, Wording, word_document, word_query
from index.storage.sqlite_errors import SQLITE_ERRORS, message_of
from index.words.tokens import tokenise
from notes.errors import IndexCacheError, ModelError, UsageError

if TYPE_CHECKING:
    from index.dense.reader import DenseReader
    from index.models.embedder import Vectors
    from index.models.query_encoder import QueryEncoder
    from index.retrieval.reranking import Reranker
    from index.retrieval.semantic import Nearest

__all__ = ["Hit", "Mode", "Query", "Ranks", "Reply", "Searchable", "search"]

_DEPTH = 200
"""How many documents each half puts forward."""

_LIKELY = 30
"""How many of the first by words are read before it is known whether they are shown, at most: three of four are."""

_BESIDE = ("numpy", "onnx")
"""Ways to encode a query that leave Python's lock alone while they work: then SQLite works at the same time."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """Halves and scores, the model whose vectors were used (empty for none), and warnings."""

    halves: Halves
    scores: dict[str, Fused]
    model: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    """What is looked at by meaning: the query's vector, and the passages that were found nearest at first.

    Either may still be in the making, in a thread beside; asking waits for it, and raises what went wrong.
    """

    reader: DenseReader
    vector: Callable[[], Vectors]
    nearest: Callable[[], Nearest]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query with its words looked up; ``look`` is there when it was begun beside that."""

    query: Query
    wording: Wording
    shelf: Shelf
    index: Searchable
    pages: Pages
    look: _Look | None = None

    @property
    def depth(self) -> int:
        return _depth(self.query)

    @property
    def lang(self) -> str:
        return _lang(self.query)


def search(index: Searchable, query: Query, encoder: QueryEncoder | None, reranker: Reranker | None = None) -> Reply:
    """The best ``query.n`` documents, ties by id. Without an encoder a hybrid query is answered lexically, with a warning.

    UsageError when a semantic query has no encoder, ModelError when the model cannot be used, IndexCacheError when the
    index is damaged. A reranker that fails leaves the order as it was, with a warning.
    """
    began = perf_counter()
    try:
        hits, model, warnings = _found(index, query, encoder, reranker)
    except SQLITE_ERRORS as error:
        raise IndexCacheError(
            f"the search index {index.path} cannot be read: {message_of(error)}", hint="slipway index"
        ) from error
    took = (perf_counter() - began) * 1000
    return Reply(query.asked, query.mode, model, round(took, 3), hits, (*index.warnings, *warnings))


def _found(
    index: Searchable, query: Query, encoder: QueryEncoder | None, reranker: Reranker | None
) -> tuple[tuple[Hit, ...], str, tuple[str, ...]]:
    if not (query.like or tokenise(query.text[:LONGEST])):
        return (), "", ()
    shelf = shelf_of(index)
    wide = replace(query, n=_candidates(query, reranker))
    with _looking(index, wide, encoder) as look:
        wording = word_document(shelf, query.like) if query.like else word_query(shelf, query.text, prefix=query.prefix)
        if not wording.words:
            return (), "", ()
        pages = Pages(shelf, wording)
        answer = _answer(_Asked(wide, wording, shelf, index, pages, look), encoder)
    halves, scores = led(answer.halves, answer.scores, at_address(shelf, query))
    hits = hits_of(pages, wide, wording, halves, scores)
    warnings = (*answer.warnings, *remarks(shelf, wide, wording, hits))
    if reranker is not None:
        hits, more = _reranked(query, hits, reranker)
        warnings += more
    return hits[: max(0, query.n)], answer.model, warnings


def _answer(asked: _Asked, encoder: QueryEncoder | None) -> _Answer:
    if asked.query.mode == "lexical":
        lexical = by_words(asked.shelf, asked.query, asked.wording, asked.query.n)
        return _Answer(Halves(lexical), {one.document: Fused(one.score, one.score) for one in lexical})
    if encoder is None:
        if asked.query.mode == "semantic":
            raise UsageError("a semantic search needs a model", hint="choose --mode lexical, or name a model")
        return _lexical_only(asked, "there is no model: the search was lexical")
    if asked.query.mode == "semantic":
        return _semantic(asked, encoder)
    return _hybrid(asked, encoder)


def _lexical_only(asked: _Asked, *warnings: str) -> _Answer:
    lexical = by_words(asked.shelf, asked.query, asked.wording, asked.depth)
    return _Answer(Halves(lexical), fill(asked.wording, lexical, ()), "", warnings)


def _semantic(asked: _Asked, encoder: QueryEncoder) -> _Answer:
    reader = asked.index.dense(encoder.name)
    if reader is None or not reader.count:
        return _Answer(Halves(), {}, encoder.name, _no_vectors(asked, encoder))
    semantic = _meant(asked, _look(asked.query, encoder, reader))
    scores = {one.document: Fused(one.score, 0.0, one.score) for one in semantic}
    told = _stranger(encoder, asked.lang) if semantic and not encoder.knows(asked.lang) else ()
    return _Answer(Halves((), semantic, _about(encoder, reader)), scores, encoder.name, told)


def _hybrid(asked: _Asked, encoder: QueryEncoder) -> _Answer:
    lexical = by_words(asked.shelf, asked.query, asked.wording, asked.depth)
    if asked.look is not None:
        asked.look.vector()  # from here on Python's lock is free: the rest of the look is a product with a matrix
        asked.pages.read(one.passage for one in lexical[: min(_LIKELY, asked.query.n)])
        return _both(asked, encoder, lexical, asked.look)
    knows = encoder.knows(asked.lang)
    if not knows and len(lexical) >= asked.query.n:  # nothing to add, and the model need not even be loaded
        told = (f"weights: words 1, meaning 0: the model does not know {asked.lang}",)
        return _Answer(Halves(lexical, (), told), fill(asked.wording, lexical, ()))
    reader = asked.index.dense(encoder.name)
    if reader is None or not reader.count:
        scores = fill(asked.wording, lexical, ())
        return _Answer(Halves(lexical), scores, encoder.name, _no_vectors(asked, encoder))
    return (_both if knows else _filled)(asked, encoder, lexical, _look(asked.query, encoder, reader))


def _both(asked: _Asked, encoder: QueryEncoder, lexical: list[Found], look: _Look) -> _Answer:
    from index.retrieval.semantic import closeness, cosines_of

    # Here, while the product with the matrix may still go on beside.
    cosines = cosines_of(asked.shelf, look.reader, look.vector(), [one.passage for one in lexical])
    semantic = _meant(asked, look)
    close = closeness(asked.shelf, look.reader, cosines, semantic)
    places = asked.shelf.places([one.passage for one in (*lexical, *semantic)]).values()
    known = {lang for lang in {place.lang for place in places} if encoder.knows(lang)}
    trusted = {place.document for place in places if place.lang in known}
    words, listed = asked.wording.words, asked.wording.listed
    weight = voice(words, listed=listed)
    told = (
        f"weights: words {1 - weight:.2f}, meaning {weight:.2f}: the query has {words} telling word{'s' * (words != 1)}"
        + " and no other" * listed,
        *_about(encoder, look.reader),
    )
    scores = fuse(asked.wording, lexical, semantic, close, trusted)
    return _Answer(Halves(lexical, semantic, told), scores, encoder.name)


def _filled(asked: _Asked, encoder: QueryEncoder, lexical: list[Found], look: _Look) -> _Answer:
    semantic = _meant(asked, look)
    told = (f"weights: words 1, meaning only behind them: {_title(encoder)} does not know {asked.lang}",)
    scores = fill(asked.wording, lexical, semantic)
    warnings = _stranger(encoder, asked.lang, after=len(lexical)) if len(scores) > len(lexical) else ()
    return _Answer(Halves(lexical, semantic, told + _about(encoder, look.reader)), scores, encoder.name, warnings)


@contextmanager
def _looking(index: Searchable, query: Query, encoder: QueryEncoder | None) -> Iterator[_Look | None]:
    """While inside, look by meaning in threads beside, which ask SQLite nothing; None where that is not to be done now."""
    reader = _reader_beside(index, query, encoder)
    if reader is None or encoder is None:
        yield None
        return
    from index.retrieval.semantic import first_nearest, vector_of

    # Two threads, so that the vector is to be had before its product with the matrix is.
    with (
        ahead(partial(vector_of, encoder, query)) as vector,
        ahead(lambda: first_nearest(reader, query, vector(), _depth(query))) as nearest,
    ):
        yield _Look(reader, vector, nearest)


def _reader_beside(index: Searchable, query: Query, encoder: QueryEncoder | None) -> DenseReader | None:
    """The vectors that a hybrid query is looked up in, when this can be done beside the words and is sure to be needed."""
    if query.mode != "hybrid" or encoder is None or encoder.way not in _BESIDE or not encoder.knows(_lang(query)):
        return None
    reader = index.dense(encoder.name)
    return reader if reader is not None and reader.count else None


def _look(query: Query, encoder: QueryEncoder, reader: DenseReader) -> _Look:
    """Encode the query and find the passages nearest to it, here and now."""
    from index.retrieval.semantic import first_nearest, vector_of

    vector = vector_of(encoder, query)
    nearest = first_nearest(reader, query, vector, _depth(query))
    return _Look(reader, lambda: vector, lambda: nearest)


def _meant(asked: _Asked, look: _Look) -> list[Found]:
    from index.retrieval.semantic import by_meaning

    return by_meaning(asked.shelf, look.reader, asked.query, look.vector(), asked.depth, look.nearest())


def _depth(query: Query) -> int:
    return max(_DEPTH, query.n)


def _lang(query: Query) -> str:
    """The language of the query, or of the document to be like."""
    from notes.text.language import detect

    return query.like.lang if query.like else detect(query.text[:LONGEST])


def _no_vectors(asked: _Asked, encoder: QueryEncoder) -> tuple[str, ...]:
    """A warning when there are passages but none has a vector of this model."""
    return (f"the index holds no vectors of {encoder.name}: run slipway index",) if asked.shelf.passages else ()


def _stranger(encoder: QueryEncoder, lang: str, after: int = 0) -> tuple[str, ...]:
    from_there = f"what follows the {after} found by words" if after else "the order"
    return (f"{_title(encoder)} does not know {lang}: {from_there} {A_GUESS}",)


def _about(encoder: QueryEncoder, reader: DenseReader) -> tuple[str, ...]:
    recall = "exact" if reader.recall is None else f"recall@10 {reader.recall:.3f}"
    return (f"model {encoder.name}, encoded by {encoder.way}; {reader.count:,} vectors, {reader.kind} ({recall})",)


def _title(encoder: QueryEncoder) -> str:
    return encoder.name.partition("@")[0]


def _candidates(query: Query, reranker: Reranker | None) -> int:
    return query.n if reranker is None else max(query.n, reranker.depth)


def _reranked(query: Query, hits: tuple[Hit, ...], reranker: Reranker) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
    from index.retrieval.reranking import rerank

    try:
        return rerank(query, hits, reranker), ()
    except ModelError as error:
        return hits, (f"not reranked: {error.message}" + (f" ({error.hint})" if error.hint else ""),)
