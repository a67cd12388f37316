"""What kept items have in common: two linear classifiers, one of the vectors and one of the words.

They see what the other misses: the vectors a field's manner of speaking, also in words that were never answered; the words
a name, a benchmark, a phrase of the comment, and every language that the model does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.taste.seeds import Subject

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Example", "Liking", "learn_likings"]

_FOLDS = 4
_VECTOR_C = 2.0
_WORDS_C = 2.0
_LEAST_DOCUMENTS = 2  # a term that one example holds says nothing of another
_SEED = 20260220


@dataclass(frozen=True, slots=True)
class Example:
    """A subject with its verdict and how much that counts (> 0)."""

    subject: Subject
    kept: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Liking:
    """The two fitted classifiers, the weight of each term (:attr:`Subject.terms`), and the log-odds of any example."""

    vectors: Any
    words: Any
    rarity: Floats
    base: float

    def log_odds(self, subjects: Sequence[Subject]) -> Floats:
        """``(n, 2)``: by vectors and by words, how much likelier than the rest each subject is to be kept, as log-odds."""
        return self.of_rows(_vectors(subjects), _words(subjects, self.rarity))

    def of_rows(self, vectors: Any, words: Any) -> Floats:
        """The same of rows that were made before."""
        import numpy as np

        both = self.vectors.decision_function(vectors), self.words.decision_function(words)
        found: Floats = np.stack(both, axis=1).astype(np.float64) - self.base
        return found


def learn_likings(examples: Sequence[Example], asked: int) -> tuple[Liking | None, Floats]:
    """The classifiers of all ``examples`` (None while these hold one verdict only), and ``(asked, 2)`` log-odds.

    These are for the first ``asked`` examples what classifiers say that have not seen them. Folds are stretches of the order
    in which the examples come, since neighbours in time resemble each other.
    """
    import numpy as np

    subjects = [one.subject for one in examples]
    kept = np.array([one.kept for one in examples])
    weights = np.array([one.weight for one in examples], dtype=np.float64)
    unseen = np.zeros((asked, 2))
    if len(set(kept.tolist())) < 2:
        return None, unseen
    rarity = _rarity(subjects)
    vectors, words = _vectors(subjects), _words(subjects, rarity)
    fold = np.full(len(examples), -1)
    fold[:asked] = np.arange(asked) * _FOLDS // max(1, asked)
    for one in range(_FOLDS):
        inside, rest = fold == one, fold != one
        liking = _fitted(vectors[rest], words[rest], kept[rest], weights[rest], rarity)
        if liking is not None and inside.any():
            unseen[inside[:asked]] = liking.of_rows(vectors[inside], words[inside])
    return _fitted(vectors, words, kept, weights, rarity), unseen


def _fitted(vectors: Any, words: Any, kept: Any, weights: Any, rarity: Floats) -> Liking | None:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    if len(set(kept.tolist())) < 2:
        return None
    by_vectors = LogisticRegression(C=_VECTOR_C, tol=1e-3, max_iter=1000)
    by_words = LogisticRegression(C=_WORDS_C, solver="liblinear", tol=1e-3, random_state=_SEED)
    by_vectors.fit(vectors, kept, sample_weight=weights)
    by_words.fit(words, kept, sample_weight=weights)
    share = float(weights[kept].sum() / weights.sum())
    return Liking(by_vectors, by_words, rarity, float(np.log(share / (1 - share))))


def _vectors(subjects: Sequence[Subject]) -> Any:
    import numpy as np

    return np.stack([one.vector for one in subjects]).astype(np.float64)


def _words(subjects: Sequence[Subject], rarity: Floats) -> Any:
    """``(n, terms)`` sparse: TF-IDF weights, rows of length 1."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    terms = [one.terms for one in subjects]
    numbers = np.concatenate([some for some, _ in terms])
    weights = (1 + np.log(np.concatenate([counts for _, counts in terms]))) * rarity[numbers]
    ends = np.cumsum([0, *(len(some) for some, _ in terms)])
    rows = csr_matrix((weights, numbers, ends), shape=(len(subjects), len(rarity)))
    # Only the columns that say something: the classifier's time goes by their number.
    return normalize(rows[:, np.flatnonzero(rarity)])


def _rarity(subjects: Sequence[Subject]) -> Floats:
    """``(terms,)``: the inverse document frequency of each term; 0 for those of a single example."""
    import numpy as np

    from index.taste.seeds import TERMS

    held = np.bincount(np.concatenate([one.terms[0] for one in subjects]), minlength=TERMS)
    rarity = 1 + np.log((1 + len(subjects)) / (1 + held))
    found: Floats = np.where(held >= _LEAST_DOCUMENTS, rarity, 0.0)
    return found
