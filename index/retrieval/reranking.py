"""The best few hits put in order anew by a cross-encoder, which reads query and passage together.

It is slow: half a second to several for a query, and the seconds that torch takes to load. So it is off unless one is
configured. Only safetensors are read and no code of the model's repository is ever run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Protocol

from index.retrieval.query import Query
from index.retrieval.reply import Hit
from notes.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

__all__ = ["CrossEncoderReranker", "Reranker", "rerank"]

_DEPTH = 30
_BATCH = 16
_LONGEST = 4_000  # characters of a passage; a cross-encoder reads 512 tokens


class Reranker(Protocol):
    """What puts hits in order anew."""

    @property
    def name(self) -> str:
        """What it is called in an explanation."""

    @property
    def depth(self) -> int:
        """How many hits are read."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the query, in [0, 1]; raises ModelError."""


class CrossEncoderReranker:
    """A CrossEncoder of sentence-transformers, by folder or name on the model hub; loaded when first needed."""

    def __init__(self, model: str, *, depth: int = _DEPTH) -> None:
        self.name = model
        self.depth = depth

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the query, in [0, 1]; ModelError when the model cannot be used."""
        from torch.nn import Sigmoid

        pairs = [(query, text[:_LONGEST]) for text in texts]
        try:
            told = self._model.predict(pairs, batch_size=_BATCH, activation_fn=Sigmoid(), show_progress_bar=False)
            scores = [float(one) for one in told]
        except ModelError:
            raise
        except Exception as error:  # what a foreign model raises over a text is its trouble, not a bug of ours
            raise ModelError(f"the reranker {self.name!r} cannot read a passage: {error}") from error
        if not all(map(isfinite, scores)):
            raise ModelError(f"the reranker {self.name!r} gave what is no number")
        return scores

    @cached_property
    def _model(self) -> CrossEncoder:
        from index.models.model_folder import locate

        folder = locate(self.name)
        try:
            from sentence_transformers import CrossEncoder

            model: CrossEncoder = CrossEncoder(
                str(folder),
                num_labels=1,
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:  # what a foreign folder makes the loaders raise is its trouble, not a bug of ours
            raise ModelError(
                f"the reranker {self.name!r} cannot be loaded: {error}",
                hint=f"{folder} must hold a CrossEncoder with safetensors weights",
            ) from error
        return model


def rerank(query: Query, hits: Sequence[Hit], reranker: Reranker) -> tuple[Hit, ...]:
    """The hits in the reranker's order, ties as they were; those beyond its depth fall away. Raises ModelError."""
    first = hits[: reranker.depth]
    if not first:
        return ()
    asked = query.text if query.like is None else f"{query.like.title}\n{query.like.text}"[:_LONGEST]
    scores = reranker.scores(asked, ["\n".join(filter(None, (hit.title, hit.heading, hit.passage))) for hit in first])
    order = sorted(range(len(first)), key=lambda place: (-scores[place], place))
    return tuple(
        replace(
            first[place],
            rank=rank,
            score=round(scores[place], 6),
            explanation=_told(first[place], scores[place], reranker) if query.explain else (),
        )
        for rank, place in enumerate(order, 1)
    )


def _told(hit: Hit, score: float, reranker: Reranker) -> tuple[str, ...]:
    return (
        f"reranked by {reranker.name}: {score:.3f}, before that place {hit.rank} with {hit.score:.3f}",
        *hit.explanation,
    )
