"""Taste: how likely the user is to keep an item, learnt from their interests and from their answers.

Before the first answers an item is as relevant as the interest that it matches best. From :data:`LEAST_ANSWERS` answers on a
logistic model joins in: two linear models, one of the vectors and one of the words, tell how much an item is like what was kept;
a third weighs them together with the closeness to each interest, the authors' record and what the item looks like. Its prior
is the relevance before answers, and what it says comes in by degrees (:func:`notes.judging.keeping.share_learnt`), so that few
answers move it a little and many take over. Its output is a probability: of the items at 0.8 about eight in ten are kept.

The answers that train the third model are predicted by models that have not seen them (stacked generalisation, Wolpert 1992),
an author's record is what was known the day before, and later answers count more than earlier ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from index.taste.answers import Answer, example_of, records_of
from index.taste.interests import LOOSE, Interests, Match
from index.taste.likings import Example, Liking, learn_likings
from index.taste.seeds import Near, Seeds, Subject
from index.taste.stacking import Prior, calibrated, fit_weights, log_odds, probability
from index.taste.traits import AUTHOR_TRAITS, TRAITS, Reputation, table
from notes.judging.keeping import LEAST_ANSWERS, share_learnt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.models.embedder import Embedder

    Floats = NDArray[np.float64]

__all__ = ["LEAST_ANSWERS", "Judgement", "Taste"]


MOST_UNSHOWN = 1000

SEED_COUNTS = 0.5
"""How much a note or library paper counts as something that was kept; of these the last :data:`MOST_SEEDS` are read."""

MOST_SEEDS = 300

# What a kept author adds to the relevance before answers, as a share of what is missing to 1; all of them at most as much as
# the item has of its own: names are written down easily.
_KNOWN_AUTHOR = 0.1
_LIKE = 0.25  # closeness from which an answer is like the item
_LIKE_AT_MOST, _LIKE_AT_LEAST = 10, 3
_WORTH_SAYING = 0.02

# What is believed of each weight before any answer, and how firmly.
_AUTHOR_PRIOR = (0.3, 0.1, 0.5, 0.2, 0.1, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What taste says of a subject.

    ``relevance`` in [0, 1], ``prior`` the same before answers, ``effect`` what the answers changed; ``interest`` names the best
    match (empty when nothing matches), ``reason`` says it in one line.
    """

    id: str
    relevance: float
    prior: float
    interest: str
    effect: float
    reason: str


class Taste:
    """What was learnt; :meth:`learn` makes one, :meth:`judge` asks it. Deterministic; the same answers give the same taste."""

    def __init__(self, interests: Interests, answers: Sequence[Answer], embedder: Embedder, near: Near) -> None:
        self.interests, self._embedder = interests, embedder
        # Oldest first, and by id, so that the order in which answers come does not matter.
        self._answers = sorted(answers, key=lambda one: (-one.age, one.subject.document.id))
        self._shown = [one for one in self._answers if one.shown]
        self._reputation = Reputation()
        # A note that was made of an answered item, or its entry in a library, would tell of the answer before it was given.
        self._seeds = interests.without([one.subject for one in self._answers])
        records = records_of(self._reputation, self._seeds, self._answers)
        self._liking: Liking | None = None
        self._weights: Floats | None = None
        self._scale = (0.0, 1.0)
        if self.has_learnt:
            from threadpoolctl import threadpool_limits

            # One thread: the same bits whatever the number of cores, and on a busy machine many times faster for small matrices.
            with threadpool_limits(limits=1):
                self._fit(records, near)

    @classmethod
    def learn(cls, seeds: Seeds, answers: Sequence[Answer], embedder: Embedder, near: Near | None = None) -> Taste:
        """Learn from ``seeds`` and ``answers`` (one for each item, the last); ``near`` as in :meth:`judge`, for the answers."""
        return cls(Interests(seeds, embedder), answers, embedder, near or {})

    @property
    def has_learnt(self) -> bool:
        """Whether the answers say enough: :data:`LEAST_ANSWERS` of them, and not all the same."""
        return len(self._shown) >= LEAST_ANSWERS and len({one.kept for one in self._shown}) == 2

    @cached_property
    def _in_all(self) -> tuple[int, int]:
        """How many of the plain answers kept something, and how many there are."""
        plain = [one.kept for one in self._shown if one.asked]
        return sum(plain), len(plain)

    @property
    def has_seeds(self) -> bool:
        """Whether there is any interest, so that relevance means something before answers."""
        return bool(self.interests.all)

    def judge(
        self, subjects: Sequence[Subject], near: Near | None = None, stated: Near | None = None
    ) -> tuple[Judgement, ...]:
        """A judgement for each of ``subjects``, in their order.

        ``near`` and ``stated`` as :meth:`index.taste.interests.Interests.match` takes them.
        """
        if not subjects:
            return ()
        match = self.interests.match(subjects, near, stated)
        prior = self._prior(subjects, match)
        relevance = self._relevance(subjects, match, prior)
        kin = self._kin(subjects)
        return tuple(
            self._judgement(subject, match, at, float(prior[at]), float(relevance[at]), kin[at])
            for at, subject in enumerate(subjects)
        )

    def relevance(self, subjects: Sequence[Subject], near: Near | None = None, stated: Near | None = None) -> Floats:
        """``(n,)`` in [0, 1]: the relevance alone, without reasons."""
        match = self.interests.match(subjects, near, stated)
        return self._relevance(subjects, match, self._prior(subjects, match))

    def _prior(self, subjects: Sequence[Subject], match: Match) -> Floats:
        import numpy as np

        if not self.has_seeds:
            return np.full(len(subjects), 0.5)
        known = np.array([min(3, self._reputation.kept(one.authors)) for one in subjects], dtype=np.float64)
        best = match.best().astype(np.float64)
        return np.round(best + np.minimum((1 - best) * (1 - (1 - _KNOWN_AUTHOR) ** known), best), 4)

    def _relevance(self, subjects: Sequence[Subject], match: Match, prior: Floats) -> Floats:
        import numpy as np

        if self._weights is None or not subjects:
            return prior
        records = [self._reputation.traits(one.authors) for one in subjects]
        likings = np.zeros((len(subjects), 2)) if self._liking is None else self._liking.log_odds(subjects)
        rows = _rows(subjects, match, records, likings)
        shift, slope = self._scale
        learnt = probability(shift + slope * (rows @ self._weights))
        share = share_learnt(sum(one.weight for one in self._shown))
        return np.round(learnt + (1.0 - share) * (prior - learnt), 4)

    def _fit(self, records: Sequence[tuple[float, ...]], near: Near) -> None:
        import numpy as np

        asked = [at for at, one in enumerate(self._answers) if one.shown]
        examples = [example_of(self._answers[at]) for at in asked]
        others = [example_of(one) for one in self._answers if not one.shown][-MOST_UNSHOWN:]
        seeds = [Example(one, kept=True, weight=SEED_COUNTS) for one in self._seeds[-MOST_SEEDS:]]
        self._liking, unseen = learn_likings([*examples, *others, *seeds], len(examples))
        subjects = [one.subject for one in examples]
        match = self.interests.match(subjects, near, own=False)
        rows = _rows(subjects, match, [records[at] for at in asked], unseen)
        kept = np.array([one.kept for one in examples], dtype=np.float64)
        weights = np.array([one.weight for one in examples], dtype=np.float64)
        prior = _weights_before(len(self.interests.all))
        self._weights = fit_weights(rows, kept, weights, prior)
        self._scale = calibrated(rows, kept, weights, prior)

    def _kin(self, subjects: Sequence[Subject]) -> list[tuple[int, int]]:
        """For each subject how many of the answers most like it were kept, and how many there are."""
        import numpy as np

        from index.models.calibration import dense_scale

        if self._weights is None:
            return [(0, 0)] * len(subjects)
        known = [one for one in self._shown if one.asked and self._embedder.knows(one.subject.document.lang)]
        if not known:
            return [(0, 0)] * len(subjects)
        kept = np.array([one.kept for one in known])
        vectors = np.stack([one.subject.vector for one in known])
        found = []
        for subject in subjects:
            if not self._embedder.knows(lang := subject.document.lang):
                found.append((0, 0))
                continue
            closeness = dense_scale(self._embedder, lang, lang).closeness(vectors @ subject.vector)
            nearest = np.argsort(-closeness, kind="stable")[:_LIKE_AT_MOST]
            like = nearest[closeness[nearest] >= _LIKE]
            found.append((int(kept[like].sum()), len(like)))
        return found

    def _judgement(
        self, subject: Subject, match: Match, at: int, prior: float, relevance: float, kin: tuple[int, int]
    ) -> Judgement:
        row = match.closeness[at]
        best = int(row.argmax()) if len(row) and row.max() > 0 else -1
        interest = self.interests.all[best].name if best >= 0 else ""
        effect = round(relevance - prior, 4) if self._weights is not None else 0.0
        parts = [_matched(self.interests.all[best].kind, interest, match.nearest[at])] if interest else []
        if is_told := abs(effect) >= _WORTH_SAYING:
            like = f"what is like [[{match.nearest[at]}]]" if interest == LOOSE and match.nearest[at] else interest
            parts.append(_changed(like, effect, kin, self._in_all))
        known = self._reputation.kept(subject.authors)
        if known and not (is_told and effect < 0):  # what speaks for an item does not explain why it sank
            parts.append(f"{known} {'author' if known == 1 else 'authors'} of what you kept")
        return Judgement(
            id=subject.document.id,
            relevance=relevance,
            prior=prior,
            interest=interest,
            effect=effect,
            reason="; ".join(parts),
        )


def _matched(kind: str, interest: str, nearest: str) -> str:
    if kind == "notes":
        return f"close to [[{nearest}]]" if nearest else interest
    return f"interest {interest}" if kind == "stated" else interest


def _changed(what: str, effect: float, kin: tuple[int, int], in_all: tuple[int, int]) -> str:
    """What the answers did, and those counts that point the same way: the like of the item, else all of them."""
    told = f"your answers {'raise' if effect > 0 else 'lower'} {what or 'it'} by {abs(effect):.2f}"
    for (kept, answers), which in ((kin, "like it"), (in_all, "in all")):
        if answers >= _LIKE_AT_LEAST and (2 * kept - answers) * effect > 0:
            return f"{told}: you kept {kept} of {answers} {which}"
    return told


def _rows(subjects: Sequence[Subject], match: Match, records: Sequence[tuple[float, ...]], likings: Floats) -> Floats:
    """``(n, p)``: what the third model sees of each subject; the columns of :func:`_weights_before`."""
    import numpy as np

    count = len(subjects)
    before = log_odds(match.best().astype(np.float64)) if match.closeness.shape[1] else np.zeros(count)
    parts = (
        np.ones((count, 1)),
        before[:, None],
        likings,
        np.array(records, dtype=np.float64).reshape(count, len(AUTHOR_TRAITS)),
        table(subjects).astype(np.float64),
        match.closeness.astype(np.float64),
    )
    return np.concatenate(parts, axis=1)


def _weights_before(interests: int) -> Prior:
    """What the third model believes before any answer."""
    import numpy as np

    mean = [0.0, 1.0, 0.5, 0.5, *_AUTHOR_PRIOR, *(0.0,) * len(TRAITS), *(0.0,) * interests]
    precision = [0.1, 4.0, 2.0, 2.0, *(4.0,) * len(AUTHOR_TRAITS), *(4.0,) * len(TRAITS), *(2.0,) * interests]
    return Prior(np.array(mean), np.array(precision))
