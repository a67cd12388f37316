"""Promotion: of each day's arXiv papers, which did the Hugging Face daily list pick, and who finds them among twenty a day?

The papers are arXiv's announcements of ``SLIPWAY_DATA`` (first announcement only), the picks those of Hugging Face within two
weeks. Everything that learns does so anew at the start of each month, from what was known then. Upvotes, keywords and
comments of Hugging Face are not looked at.

- random: by a hash of the id.
- formula: zotero-arxiv-daily's, the mean cosine to the picks so far, newer weighted more by 1 / (1 + log10 rank by age); its
  library grows every day.
- classifier: arxiv-sanity's way, logistic regression on the same vectors, picks against unpicked.
- taste: :mod:`index.taste.taste`; the picks of the year before the announcements begin are its library.

``python -m benchmarks promotion [--only months|answers]``. Vectors are kept in the folder that
``SLIPWAY_BENCH_CACHE`` names (else ``.cache``), and made where they are missing: half an hour at first.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.picks import NEVER, Field, Paper, gather
from index.models.embedder import Embedder, ModelSettings, open_embedder
from index.storage.cache import IndexCache
from index.taste.answers import Answer
from index.taste.seeds import Seeds
from index.taste.taste import Taste

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.models.embedder import Vectors

    Scores = NDArray[Any]

BUDGET = 20
TEST_MONTHS = tuple(date(2025, month, 1) for month in (6, 7, 8, 9, 10))
LIBRARY = 100  # picks before the first announcement that the simulated user brings along
EXPLORED = 3  # of the twenty that the simulated user is shown
ANSWERS = (0, 20, 100, 500, 1000)
CLASSIFIER_C = 1.0  # 0.3 and 10 give it 0.383 and 0.387 by month, 10 less after few answers; a balanced SVM finds fewer


def by_chance(papers: Sequence[Paper]) -> Scores:
    return np.array([crc32(paper.subject.document.id.encode()) for paper in papers], dtype=np.float64)


def by_formula(papers: Sequence[Paper], library: Sequence[Paper]) -> Scores:
    """zotero-arxiv-daily: ``library`` newest last."""
    weights = 1 / (1 + np.log10(np.arange(len(library)) + 1))
    profile = (weights / weights.sum()) @ _matrix(list(reversed(library)))
    scores: Scores = _matrix(papers) @ profile
    return scores


def by_classifier(papers: Sequence[Paper], known: Sequence[Paper], kept: Sequence[bool]) -> Scores:
    """arxiv-sanity: a linear classifier of the vectors."""
    if len(set(kept)) < 2:
        return by_chance(papers)
    scores: Scores = (
        LogisticRegression(C=CLASSIFIER_C, max_iter=1000).fit(_matrix(known), kept).decision_function(_matrix(papers))
    )
    return scores


def learnt(field: Field, start: date, embedder: Embedder) -> Taste:
    """Taste as it is on the morning of ``start``, every paper before it answered."""
    answers = [
        Answer(subject=one.subject, kept=one.is_pick(start), age=float((start - one.day).days))
        for one in field.papers
        if one.day < start
    ]
    library = tuple(one.subject for one in field.library(start) if one.picked < field.papers[0].day)
    return Taste.learn(Seeds(library=library), answers, embedder)


def _matrix(papers: Sequence[Paper]) -> Vectors:
    return np.stack([paper.subject.vector for paper in papers])


@dataclass(slots=True)
class Tally:
    """Picks found, places taken, picks there were."""

    found: int = 0
    taken: int = 0
    picks: int = 0

    def add(self, papers: Sequence[Paper], scores: Scores) -> None:
        """Take each day's best ``BUDGET``."""
        for day in sorted({paper.day for paper in papers}):
            rows = [row for row, paper in enumerate(papers) if paper.day == day]
            best = sorted(rows, key=lambda row: (-scores[row], papers[row].subject.document.id))[:BUDGET]
            self.found += sum(papers[row].is_pick() for row in best)
            self.taken += len(best)
            self.picks += sum(papers[row].is_pick() for row in rows)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.picks)

    @property
    def precision(self) -> float:
        return self.found / max(1, self.taken)


def months(field: Field, embedder: Embedder) -> list[tuple[Paper, float]]:
    """Print recall and precision by month; returns the tested papers with the probability that taste gave them."""
    tallies: dict[str, list[Tally]] = {name: [] for name in ("random", "formula", "classifier", "taste")}
    judged: list[tuple[Paper, float]] = []
    for start in TEST_MONTHS:
        papers = field.between(start, _next(start))
        known = field.between(date.min, start)
        kept = [one.is_pick(start) for one in known]
        scores: dict[str, Scores] = {
            "random": by_chance(papers),
            "formula": _formula_by_day(field, papers),
            "classifier": by_classifier(papers, known, kept),
            "taste": learnt(field, start, embedder).relevance([one.subject for one in papers]),
        }
        judged += zip(papers, scores["taste"].tolist(), strict=True)
        for name, tally in tallies.items():
            tally.append(Tally())
            tally[-1].add(papers, scores[name])
    print("| | recall | precision | " + " | ".join(f"{start:%Y-%m}" for start in TEST_MONTHS) + " |")
    print("|---|---|---|" + "---|" * len(TEST_MONTHS))
    for name, tally in tallies.items():
        whole = Tally(*(sum(getattr(one, part) for one in tally) for part in ("found", "taken", "picks")))
        by_month = " | ".join(f"{one.recall:.3f}" for one in tally)
        print(f"| {name} | {whole.recall:.3f} | {whole.precision:.3f} | {by_month} |", flush=True)
    return judged


def _formula_by_day(field: Field, papers: Sequence[Paper]) -> Scores:
    scores = np.zeros(len(papers))
    picks = sorted([*field.others, *(one for one in field.papers if one.is_pick())], key=lambda one: one.picked)
    for day in sorted({paper.day for paper in papers}):
        rows = [row for row, paper in enumerate(papers) if paper.day == day]
        scores[rows] = by_formula([papers[row] for row in rows], [one for one in picks if one.picked < day])
    return scores


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def calibration(judged: Sequence[tuple[Paper, float]]) -> None:
    """Print how many of the papers that got a probability were picked."""
    print("| told | papers | picked |\n|---|---|---|")
    edges = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
    for low, high in pairwise(edges):
        some = [(paper.is_pick(), chance) for paper, chance in judged if low <= chance < high]
        if some:
            told = sum(chance for _, chance in some) / len(some)
            print(f"| {told:.3f} | {len(some)} | {sum(pick for pick, _ in some) / len(some):.3f} |")


def answers(field: Field, embedder: Embedder) -> None:
    """Print recall after so many answers: a user with a small library is shown twenty papers a day and answers all of them."""
    library = field.library(field.papers[0].day)[-LIBRARY:]
    test = field.between(TEST_MONTHS[0], _next(TEST_MONTHS[-1]))
    given: list[Answer] = []
    print("| answers | kept | formula | classifier | taste |\n|---|---|---|---|---|")
    taste = Taste.learn(_seeds(library), (), embedder)
    _print_answers(0, test, library, given, taste)
    for day in sorted({paper.day for paper in field.papers}):
        given = [replace(one, age=one.age + 1) for one in given]
        papers = field.between(day, day + timedelta(days=1))
        given += _shown(papers, taste.relevance([one.subject for one in papers]))
        taste = Taste.learn(_seeds(library), given, embedder)
        count = sum(one.shown for one in given)
        if count in ANSWERS:
            _print_answers(count, test, library, given, taste)
        if count >= ANSWERS[-1]:
            break


def _seeds(library: Sequence[Paper]) -> Seeds:
    return Seeds(library=tuple(one.subject for one in library))


def _shown(papers: Sequence[Paper], scores: Scores) -> Iterator[Answer]:
    """The day's answers: the best and a few by chance are shown; the rest came by."""
    ranked = sorted(range(len(papers)), key=lambda row: (-scores[row], papers[row].subject.document.id))
    best, rest = ranked[: BUDGET - EXPLORED], ranked[BUDGET - EXPLORED :]
    chance = by_chance(papers)
    best += sorted(rest, key=lambda row: chance[row])[:EXPLORED]
    for row, paper in enumerate(papers):
        yield Answer(subject=paper.subject, kept=row in best and paper.is_pick(), shown=row in best)


def _print_answers(
    count: int, test: Sequence[Paper], library: Sequence[Paper], given: Sequence[Answer], taste: Taste
) -> None:
    # The classifier's negatives are all that came by and was not kept, shown or not: so arxiv-sanity does it.
    known = [Paper(one.subject, date.min, NEVER) for one in given]
    kept = [one.kept for one in given]
    liked = [*library, *(paper for paper, is_kept in zip(known, kept, strict=True) if is_kept)]
    scores: tuple[Scores, ...] = (
        by_formula(test, liked),
        by_classifier(test, [*library, *known], [*(True for _ in library), *kept]),
        taste.relevance([one.subject for one in test]),
    )
    tallies = Tally(), Tally(), Tally()
    for tally, score in zip(tallies, scores, strict=True):
        tally.add(test, score)
    print(f"| {count} | {sum(kept)} | " + " | ".join(f"{one.recall:.3f}" for one in tallies) + " |", flush=True)


def main(*options: str) -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--only", choices=("months", "answers"), default="")
    given = reader.parse_args(options)
    if "SLIPWAY_DATA" not in os.environ:
        print("left out: SLIPWAY_DATA names no folder of real data")
        return
    embedder = open_embedder(ModelSettings())
    with IndexCache(Path(os.environ.get("SLIPWAY_BENCH_CACHE", ".cache")) / "index.db") as cache:
        field = gather(Path(os.environ["SLIPWAY_DATA"]), cache, embedder)
    if given.only != "answers":
        print(f"Of {len(field.papers):,} papers, the {BUDGET} best of each day:\n")
        judged = months(field, embedder)
        print("\nCalibration on the test months:\n")
        calibration(judged)
    if given.only != "months":
        print(f"\nRecall over the test months after so many answers, with {LIBRARY} earlier picks as the library:\n")
        answers(field, embedder)
