"""The peer of :mod:`benchmarks.forecast`: BERTopic (Grootendorst 2022) on given vectors, UMAP seeded so that it repeats."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_NEIGHBOURS, _DIMENSIONS, _SEED = 15, 5, 1
_LEAST_DOCUMENTS = 5


@dataclass(frozen=True, slots=True)
class Fitted:
    """``terms`` of each topic, most telling first; the topic of each row, -1 for outliers and for rows of neither kind."""

    terms: Mapping[int, Sequence[str]]
    topics: Sequence[int]


def fitted_topics(
    texts: Sequence[str],
    vectors: Callable[[], np.ndarray],
    known: Sequence[int],
    later: Sequence[int],
    kept: Path | None,
) -> Fitted:
    """Topics of the ``known`` rows, to which the ``later`` ones are then assigned; ``kept`` names a file to keep them in."""
    if kept is not None and kept.is_file():
        told = json.loads(kept.read_text(encoding="utf-8"))
        return Fitted({int(topic): terms for topic, terms in told["terms"].items()}, told["topics"])
    fitted = _fit(texts, vectors(), known, later)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"terms": fitted.terms, "topics": fitted.topics}), encoding="utf-8")
    return fitted


def _fit(texts: Sequence[str], vectors: np.ndarray, known: Sequence[int], later: Sequence[int]) -> Fitted:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bertopic import BERTopic
        from sklearn.feature_extraction.text import CountVectorizer
        from umap import UMAP

        model = BERTopic(
            umap_model=UMAP(
                n_neighbors=_NEIGHBOURS, n_components=_DIMENSIONS, min_dist=0.0, metric="cosine", random_state=_SEED
            ),
            vectorizer_model=CountVectorizer(stop_words="english", ngram_range=(1, 2), min_df=_LEAST_DOCUMENTS),
        )
        topics = [-1] * len(texts)
        for rows, assign in ((known, model.fit_transform), (later, model.transform)):
            if len(rows):
                found, _ = assign([texts[row] for row in rows], vectors[list(rows)])
                for row, topic in zip(rows, found, strict=True):
                    topics[row] = int(topic)
    return Fitted({int(topic): [word for word, _ in words] for topic, words in model.get_topics().items()}, topics)
