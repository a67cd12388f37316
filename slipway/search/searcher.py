"""Search over the index on disk, built from the configuration alone: no database, no vault and no torch on the usual way.

What is wrong is told, and where it can be mended quickly it is mended: a damaged index is made anew from the vault, torn
files of vectors from the cache. An answer never lacks a part without a word in :attr:`Reply.warnings`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from index.storage.reading import INDEX_NAME, SearchIndex
from index.storage.seal import seal_of
from notes.errors import IndexCacheError, ModelError, UnsoundIndexError, UsageError
from slipway.search.answering_model import AnsweringModel, choose_model

if TYPE_CHECKING:
    from pathlib import Path

    from index.models.query_encoder import QueryEncoder
    from index.retrieval.query import Query
    from index.retrieval.reranking import Reranker
    from index.retrieval.search import Reply
    from slipway.app import App

__all__ = ["Searcher", "open_search"]

_ATTEMPTS = 3


def open_search(app: App, *, mend: bool = True) -> Searcher:
    """Open the index for queries; raises UsageError when there is none yet, IndexCacheError when it cannot be used.

    Without ``mend`` nothing is written, and what is damaged is an error, or a warning where one half can answer.
    """
    searcher = Searcher(app, mend=mend)
    assert searcher.index is not None
    return searcher


class Searcher:
    """Answers queries; may stay open for days, and follows the index as it is renewed."""

    def __init__(self, app: App, *, mend: bool) -> None:
        self._app = app
        self._mend = mend
        self._index: SearchIndex | None = None
        self._model: AnsweringModel | None = None
        self._told: tuple[str, ...] = ()
        self._stays = False

    @property
    def index(self) -> SearchIndex:
        """The index as it stood when it was last opened."""
        if self._index is None:
            self._index = self._open()
        return self._index

    @property
    def encoder(self) -> QueryEncoder:
        """The encoder of the model that answers; raises ModelError when it cannot be used."""
        return self._answering().encoder

    def __call__(self, query: Query) -> Reply:
        """Answer a query; UsageError, ModelError or IndexCacheError when nothing can be said."""
        for attempt in range(_ATTEMPTS):
            if self.renewed():
                self.close()
            index = self.index
            try:
                reply = self._answer(index, query, again=attempt > 0)
            except IndexCacheError as error:
                # Files that were only touched are hashed and trusted when they are opened again.
                if attempt and not isinstance(error, UnsoundIndexError):
                    raise
                self.close()
                continue
            # What was changed under our hands is not believed.
            if not index.renewed():
                self._told = ()  # what was mended is told once
                return reply
        raise IndexCacheError(f"{self._folder / INDEX_NAME} changes all the time", hint="try again")

    def renewed(self) -> bool:
        """Whether a newer index stands in the place of the one that is open; the next query takes it."""
        return self._index is not None and self._index.renewed()

    def lay_out(self) -> None:
        """Read into memory what makes queries faster, now and once a model answers; for who answers many of them."""
        from index.retrieval.shelf import shelf_of

        self._stays = True
        shelf_of(self.index).lay_out()

    def close(self) -> None:
        """Release the files; the next query opens them again."""
        if self._index is not None:
            self._index.close()
        self._index = self._model = None

    @property
    def _folder(self) -> Path:
        return self._app.config.cache

    def _answer(self, index: SearchIndex, query: Query, *, again: bool) -> Reply:
        from index.retrieval.search import search

        words = self._told
        if query.mode != "lexical":
            try:
                model = self._answering()
                words += model.words
                reply = search(index, query, model.encoder, self._reranker)
            except (ModelError, IndexCacheError) as error:
                if query.mode == "semantic" or (isinstance(error, IndexCacheError) and not again):
                    raise
                reply, words = search(index, query, None), (*words, _lexical_only(error))
        else:
            reply = search(index, query, None)
        return replace(reply, warnings=tuple(dict.fromkeys((*words, *reply.warnings))))

    @cached_property
    def _reranker(self) -> Reranker | None:
        """The configured cross-encoder, which is loaded when the first query has hits."""
        name = self._app.config.model.reranker
        if not name:
            return None
        from index.retrieval.reranking import CrossEncoderReranker

        return CrossEncoderReranker(name)

    def _answering(self) -> AnsweringModel:
        if self._model is None:
            self._model = choose_model(self._app, self.index, mend=self._mend)
            if self._stays:
                self._lay_out_dense(self._model.encoder)
        return self._model

    def _lay_out_dense(self, encoder: QueryEncoder) -> None:
        from index.models.light.encoder import LightQueryEncoder

        if (reader := self.index.dense(encoder.name)) is not None:
            reader.lay_out()
        if isinstance(encoder, LightQueryEncoder):
            encoder.lay_out()

    def _open(self) -> SearchIndex:
        try:
            return SearchIndex.open(self._folder, renew_seal=self._mend)
        except UnsoundIndexError as error:
            why, fault = error.why, error
        except IndexCacheError as error:
            if (self._folder / INDEX_NAME).exists():
                raise
            if not self._was_there():
                raise UsageError(
                    "there is no search index yet", hint="`slipway index` reads the vault; `slipway run` does the night"
                ) from None
            why, fault = "it was missing", UnsoundIndexError(error.message, hint=error.hint)
        if not self._mend:
            raise fault
        from slipway.search.mending import make_index_anew

        told = make_index_anew(self._app, why)
        self._told = told or (f"the search index was made anew: {why}",)
        return SearchIndex.open(self._folder)

    def _was_there(self) -> bool:
        """Whether there has been an index: its seal is left, or the cache was deleted in a house that has run before."""
        return seal_of(self._folder / INDEX_NAME).exists() or (self._app.config.state / "slipway.db").exists()


def _lexical_only(error: ModelError | IndexCacheError) -> str:
    return f"searched by words only: {error.message}" + (f" ({error.hint})" if error.hint else "")
