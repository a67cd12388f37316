"""The answers of the user, and what each of them counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from index.taste.likings import Example
from index.taste.seeds import Subject
from index.taste.traits import Reputation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["HALF_LIFE", "UNSHOWN_COUNTS", "Answer", "example_of", "records_of"]

HALF_LIFE = 180.0
"""Days after which an answer counts half: interests move."""

UNSHOWN_COUNTS = 0.3
"""How much an item that was never shown counts, as a share of an answer; of these the newest :data:`MOST_UNSHOWN` are read."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A verdict of the user on ``subject``, ``age`` days ago; ``weight`` 1 for a plain word, less for a hint.

    ``asked`` is False for what the user let stand without a word.
    ``shown`` is False for what came by and was never put before the user: no verdict, but it tells what the rest is like.
    """

    subject: Subject
    kept: bool
    age: float = 0.0
    weight: float = 1.0
    shown: bool = True
    asked: bool = True


def example_of(answer: Answer) -> Example:
    """The answer as something to learn likings from; it weighs less by its age, and where nobody was shown the item."""
    weight = answer.weight * 0.5 ** (max(0.0, answer.age) / HALF_LIFE)
    return Example(answer.subject, answer.kept, max(weight * (1.0 if answer.shown else UNSHOWN_COUNTS), 1e-6))


def records_of(reputation: Reputation, seeds: Sequence[Subject], answers: Sequence[Answer]) -> list[tuple[float, ...]]:
    """The authors' record for each answer, as it was before the answers of its day; ``reputation`` ends with all of them."""
    for seed in seeds:
        reputation.add(seed.authors, kept=True)
    found: list[tuple[float, ...]] = []
    for _, group in groupby(answers, key=lambda one: one.age):
        day = list(group)
        found += [reputation.traits(one.subject.authors) for one in day]
        for one in day:
            reputation.add(one.subject.authors, kept=one.kept, weight=one.weight if one.shown else UNSHOWN_COUNTS)
    return found
