"""What can be said of an item besides its words: how known its authors are, whether it has code, how it is dressed.

Each trait is a number of about unit size, so that one prior fits all. What is counted of authors is what was known *before*
the item: nothing here looks ahead.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import log, log1p
from typing import TYPE_CHECKING

from index.taste.seeds import Subject
from notes.text.fold import fold

if TYPE_CHECKING:
    from index.models.embedder import Vectors

__all__ = ["AUTHOR_TRAITS", "TRAITS", "Reputation", "traits"]

AUTHOR_TRAITS = (
    "authors kept",
    "best author",
    "share of authors kept",
    "authors' rate",
    "best rate",
    "last author's rate",
)
TRAITS = (
    "code", "links in the text", "links in the comment", "a comment", "title with a colon", "long title", "length", "percentages",
    "categories", "authors", "open release", "survey", "accepted", "pages told", "question",
)  # fmt: skip

_CODE = re.compile(r"(?:github|gitlab|huggingface)\.(?:com|co|io)/?", re.IGNORECASE)
_OPEN = re.compile(r"open.?sourc|releas|publicly available|开源", re.IGNORECASE)
_SURVEY = re.compile(r"\b(?:survey|review|overview)\b|综述", re.IGNORECASE)
_ACCEPTED = re.compile(r"\b(?:accept|to appear|camera.ready|published)", re.IGNORECASE)
_PAGES = re.compile(r"\d+ pages", re.IGNORECASE)
_PERCENT = re.compile(r"\d(?:\.\d+)?\s?(?:%|\\%|×|x\b)")
_RATE_PRIOR = 2.0  # answers that an author is taken to have had at the common rate before the first
_MOST_AUTHORS = 60  # a list of a thousand names says nothing about any of them


class Reputation:
    """How often the works of each author were kept, and how often they were met, so far."""

    def __init__(self) -> None:
        self._kept: defaultdict[str, float] = defaultdict(float)
        self._met: defaultdict[str, float] = defaultdict(float)
        self._total_kept = self._total_met = 0.0

    def add(self, authors: Iterable[str], *, kept: bool, weight: float = 1.0) -> None:
        """Count one answer, or a paper of the library, for each of its authors."""
        self._total_met += weight
        self._total_kept += weight * kept
        for name in _names(authors):
            self._met[name] += weight
            self._kept[name] += weight * kept

    def kept(self, authors: Iterable[str]) -> int:
        """How many of ``authors`` the user has kept something of."""
        return sum(self._kept.get(name, 0.0) > 0 for name in _names(authors))

    def traits(self, authors: Sequence[str]) -> tuple[float, ...]:
        """The numbers of :data:`AUTHOR_TRAITS` for a work by ``authors``; zeros where nobody is known."""
        names = _names(authors)
        if not names:
            return (0.0,) * len(AUTHOR_TRAITS)
        kept = [self._kept.get(name, 0.0) for name in names]
        rates = [self._rate(name) for name in names]
        known = sum(value > 0 for value in kept) / len(names)
        return (log1p(sum(kept)), log1p(max(kept)), known, sum(rates) / len(rates), max(rates), rates[-1])

    def _rate(self, name: str) -> float:
        """How much oftener an author's works are kept than anybody's: a log ratio, 0 for the unknown."""
        common = (self._total_kept + 1) / (self._total_met + 4)
        met = self._met.get(name, 0.0)
        return log((self._kept.get(name, 0.0) + _RATE_PRIOR * common) / (met + _RATE_PRIOR) / common) if met else 0.0


def traits(subject: Subject) -> tuple[float, ...]:
    """The numbers of :data:`TRAITS`, read off the item itself."""
    title, text, comment = subject.document.title, subject.document.text, subject.comment
    places = (text, comment, *subject.references)
    return (
        float(any(_CODE.search(place) for place in places)),
        float("http" in text),
        float("http" in comment),
        float(bool(comment)),
        float(":" in title or "：" in title),
        min(len(title) / 80, 3.0) - 1,
        min(len(text) / 1200, 3.0) - 1,
        log1p(len(_PERCENT.findall(text))) / 2,
        log1p(len(subject.categories)) - 1,
        log1p(len(subject.authors)) - 1.5 if subject.authors else 0.0,
        float(_OPEN.search(text) is not None),
        float(_SURVEY.search(title) is not None),
        float(_ACCEPTED.search(comment) is not None),
        float(_PAGES.search(comment) is not None),
        float("?" in title or "？" in title),
    )


def table(subjects: Sequence[Subject]) -> Vectors:
    """``(n, traits)`` float32."""
    import numpy as np

    return np.array([traits(one) for one in subjects], dtype=np.float32).reshape(len(subjects), len(TRAITS))


def _names(authors: Iterable[str]) -> list[str]:
    """The authors as they are compared: folded, without dots, ``Family, Given`` turned round."""
    names = []
    for author in list(authors)[:_MOST_AUTHORS]:
        family, comma, given = author.partition(",")
        whole = fold(f"{given} {family}" if comma else author).replace(".", " ")
        names.append(" ".join(whole.split()))
    return [name for name in names if name]
