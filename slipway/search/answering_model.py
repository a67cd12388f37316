"""Which model answers: the configured one, or the last complete one while its vectors are being made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notes.errors import IndexCacheError, ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.dense.reader import DenseReader
    from index.models.embedder import ModelSettings
    from index.models.query_encoder import QueryEncoder
    from index.storage.reading import SearchIndex
    from slipway.app import App

__all__ = ["MODELS_FOLDER", "AnsweringModel", "choose_model", "known_models"]

MODELS_FOLDER = "models"
_FEW = 100
"""One passage in so many may lack a vector: there are texts that a model cannot read."""


@dataclass(frozen=True, slots=True)
class AnsweringModel:
    """The encoder of the model that answers, and what a user should know about that."""

    encoder: QueryEncoder
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    encoder: QueryEncoder
    reader: DenseReader | None
    missing: int


def known_models(folder: Path) -> dict[str, ModelSettings]:
    """The settings of the models whose vectors an index may hold and that can encode a query, by name."""
    from index.models.embedder import HASHING, ModelSettings
    from index.models.hashing import HashingEmbedder
    from index.models.preparing import prepared

    known = {one.name: one.settings for one in prepared(folder)}
    return known | {HashingEmbedder().name: ModelSettings(HASHING)}


def choose_model(app: App, index: SearchIndex, *, mend: bool) -> AnsweringModel:
    """The model whose vectors leave out the fewest passages, the configured one where several do.

    Raises ModelError when the configured one cannot be used, IndexCacheError when its vectors cannot be trusted, nor,
    with ``mend``, be made anew from the cache.
    """
    from index.models.query_encoder import open_query_encoder

    configured = open_query_encoder(app.model_settings, app.config.cache / MODELS_FOLDER, remember=mend)
    reader, words = _reader(app, index, configured.name, mend=mend)
    wanted = _candidate(index, configured, reader)
    if not wanted.missing:
        return _answering(wanted, index, words)
    total = _passages(index)
    if reader is not None and wanted.missing <= total // _FEW:
        return _answering(wanted, index, (*words, *_incomplete(wanted, index)))
    best = min((wanted, *_others(app, index, configured.name, mend=mend)), key=lambda one: one.missing)
    if best is wanted:
        return _answering(wanted, index, (*words, *_incomplete(wanted, index)))
    told = (
        f"vectors of {configured.name}: {total - wanted.missing:,} of {total:,} passages; "
        f"until all are there {best.encoder.name} answers: `slipway index` and the nights go on"
    )
    return _answering(best, index, (*words, told, *_incomplete(best, index)))


def _answering(chosen: _Candidate, index: SearchIndex, words: tuple[str, ...]) -> AnsweringModel:
    if chosen.reader is not None and chosen.reader.generation != index.generation and not chosen.missing:
        words += ("the index is being refreshed: the newest passages are found by words only so far",)
    return AnsweringModel(chosen.encoder, tuple(filter(None, (*words, chosen.encoder.note))))


def _candidate(index: SearchIndex, encoder: QueryEncoder, reader: DenseReader | None) -> _Candidate:
    return _Candidate(encoder, reader, _passages(index) if reader is None else reader.missing)


def _others(app: App, index: SearchIndex, configured: str, *, mend: bool) -> Iterator[_Candidate]:
    from index.models.query_encoder import open_query_encoder

    folder = app.config.cache / MODELS_FOLDER
    for name, settings in known_models(folder).items():
        if name == configured:
            continue
        try:
            reader = index.dense(name)
            encoder = open_query_encoder(settings, folder, remember=mend)
        except (IndexCacheError, ModelError):  # it is not asked for: its trouble is told when it is
            continue
        if reader is not None and encoder.name == name:
            yield _candidate(index, encoder, reader)


def _reader(app: App, index: SearchIndex, model: str, *, mend: bool) -> tuple[DenseReader | None, tuple[str, ...]]:
    try:
        return index.dense(model), ()
    except IndexCacheError as error:
        if not mend or index.renewed():  # they may be those of the index that stands now
            raise
        from slipway.search.mending import publish_anew

        publish_anew(app, model)
        return index.dense(model), (f"the files of the vectors were made anew: {error.message}",)


def _incomplete(chosen: _Candidate, index: SearchIndex) -> tuple[str, ...]:
    if not chosen.missing or chosen.reader is None:
        return ()  # without any vectors the search says so itself
    told = f"{chosen.missing:,} of {_passages(index):,} passages have no vector of {chosen.encoder.name} yet"
    return (f"{told} and are found by words only: `slipway index` goes on",)


def _passages(index: SearchIndex) -> int:
    return int(index.connection.execute("SELECT count(*) FROM passages").fetchone()[0])
