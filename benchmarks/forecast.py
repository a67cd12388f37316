"""Which rising phrases kept rising? Standing at the end of each month of 2025, twenty are flagged from what was known then.

    python -m benchmarks forecast [--months 2025-07 ...] [--topics FOLDER] [--no-topics]

The papers, and the keywords of Hugging Face's daily papers, come from ``SLIPWAY_DATA``, vectors for the topics from
``SLIPWAY_BENCH_CACHE``; ``--topics`` names a folder in which BERTopic's topics are kept (fitting them takes minutes a month).

A flag is a phrase with up to two that tell of the same papers, or a topic, which stands by its three most telling phrases. It
**kept rising** when both hold of the two months after (together):

- corpus: more of the papers hold it, as a share, than of all papers known at the time (a topic: are assigned to it);
- Hugging Face: at least three papers have it among their keywords, and more, per keyword written, than in the months known.

The reference is all that was known and not the last month alone: with that, on the months of development, what had just fallen
"kept rising" in 15 to 26 of 100 cases and what had just risen in 2 to 5: it measures the return to the mean. Fewer than three
papers are chance (0 → 1). Nothing of Hugging Face is an input. The definition and all choices were made on April, May and June
2025; July and August are held out, and September, of whose future only October is known.

*Chance* is the precision of all phrases with ten papers in the last month; *naive growth* the twenty of these that grew most
against the months before; *BERTopic* its topics over time by the same growth, fitted on the same vectors. *Style*: flags of
which no keyword of any month holds a phrase.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks.forecast_topics import Fitted, fitted_topics
from index.models.embedder import ModelSettings, open_embedder
from index.storage.cache import IndexCache
from index.storage.refresh import embed_missing
from index.texts.documents import text_hash
from index.trends.dated import Dated
from index.trends.finding import Window, find_trends
from index.trends.phrase_sets import Key, key_of, phrase_sets
from notes.trends import TrendClass

MONTHS = ("2025-04", "2025-05", "2025-06", "2025-07", "2025-08", "2025-09")
TUNED = frozenset(MONTHS[:3])
FLAGS = 20
LEAST = 10
SPAN = 8
"""Weeks that are tested against all before: as long as the future that is asked for."""
_LEAST_PICKS = 3
_RISING = frozenset({TrendClass.EMERGING, TrendClass.RISING})


@dataclass(frozen=True, slots=True)
class Flag:
    """Something flagged: its phrases, and the papers that hold it now and later."""

    name: str
    keys: tuple[Key, ...]
    rows: frozenset[int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a flag kept rising in the corpus and at Hugging Face, and whether it is a matter of style."""

    corpus: bool
    picks: bool
    style: bool


class Field:
    """All papers with their phrases, and the keywords of the picks by month."""

    def __init__(self, data: Path) -> None:
        papers = {paper["id"]: paper for paper in _lines(data / "arxiv" / "daily-en", "2025-*")}
        found = sorted(papers.values(), key=lambda paper: (paper["announced"], paper["id"]))
        self.texts = [_dated(paper) for paper in found]
        self.months = np.array([paper["announced"][:7] for paper in found])
        self.volumes = Counter(self.months.tolist())
        self.order = sorted(self.volumes)
        self.sets = phrase_sets(self.texts)
        self._keywords: list[tuple[str, frozenset[Key]]] = []
        self.written: Counter[str] = Counter()
        for pick in _lines(data / "arxiv" / "hf-daily-papers", "2025-*"):
            words = [key_of(word) for word in pick.get("ai_keywords") or ()]
            if words:
                self.written[pick["day"][:7]] += len(words)
                self._keywords.append((pick["day"][:7], frozenset(part for word in words for part in _parts(word))))

    @cached_property
    def rows(self) -> Mapping[Key, frozenset[int]]:
        """The papers that hold each phrase that at least ten do."""
        spelled: defaultdict[str, list[int]] = defaultdict(list)
        for row, (main, rest) in enumerate(self.sets):
            for phrase in (*main, *rest):
                spelled[phrase].append(row)
        found: defaultdict[Key, set[int]] = defaultdict(set)
        for phrase, rows in spelled.items():
            if len(rows) > 1:
                found[key_of(phrase)].update(rows)
        return {key: frozenset(rows) for key, rows in found.items() if len(rows) >= LEAST}

    def known(self, month: str) -> list[str]:
        """The months up to and with ``month``."""
        return [one for one in self.order if one <= month]

    def future(self, month: str) -> list[str]:
        """The two months after it, as far as there are any."""
        return [one for one in self.order if one > month][:2]

    def judge(self, flag: Flag, month: str) -> Verdict:
        """Whether the flag of the end of ``month`` kept rising."""
        known, future = self.known(month), self.future(month)
        counts = Counter(self.months[list(flag.rows)].tolist())
        picks = self._picks(flag.keys)
        later = sum(picks[one] for one in future)
        return Verdict(
            corpus=_share(counts, self.volumes, future) > _share(counts, self.volumes, known),
            picks=later >= _LEAST_PICKS and _share(picks, self.written, future) > _share(picks, self.written, known),
            style=not any(picks.values()),
        )

    def _picks(self, keys: Iterable[Key]) -> Counter[str]:
        wanted = set(keys)
        return Counter(month for month, parts in self._keywords if not wanted.isdisjoint(parts))


def main(*options: str) -> None:
    """Print the table, and the flags of each month."""
    parser = argparse.ArgumentParser(prog="benchmarks forecast")
    parser.add_argument("--months", nargs="*", default=list(MONTHS))
    parser.add_argument("--topics", type=Path, default=None, help="where BERTopic's topics are kept")
    parser.add_argument("--no-topics", action="store_true", help="leave BERTopic out")
    given = parser.parse_args(options)
    if "SLIPWAY_DATA" not in os.environ:
        print("left out: SLIPWAY_DATA names no folder of real data")
        return
    field = Field(Path(os.environ["SLIPWAY_DATA"]))
    methods: dict[str, Callable[[Field, str], list[Flag]]] = {"Slipway": ours, "naive growth": naive, "chance": chance}
    if not given.no_topics:
        methods["BERTopic"] = lambda field, month: topics(field, month, _fitted(field, month, given.topics))
    told = []
    print(
        "| month | method | kept rising | by corpus | by Hugging Face | style | flags | s |\n|---|---|---|---|---|---|---|---|"
    )
    for month in given.months:
        for name, method in methods.items():
            start = time.process_time()
            flags = method(field, month)
            spent = time.process_time() - start
            verdicts = [field.judge(flag, month) for flag in flags]
            print(
                f"| {month}{'' if month in TUNED else ' (held out)'} | {name} | {_row(verdicts)} | {spent:.1f} |",
                flush=True,
            )
            if name != "chance":
                told.append(f"- {month} {name}: " + ", ".join(map(_mark, flags, verdicts)))
    print("\nFlags; * kept rising, ~ style:\n", *told, sep="\n")


def ours(field: Field, month: str) -> list[Flag]:
    """The surest rises of phrases by ``find_trends``."""
    today = _last_day(month)
    texts = [text for text in field.texts if text.day <= today]
    weeks = (today - texts[0].day).days // 7 + 1
    window = Window(today=today, weeks=weeks, span=min(SPAN, weeks - 2), least=LEAST, sure=1.0)
    rising = [trend for trend in find_trends(texts, window) if trend.course in _RISING]
    return [_phrases(field, trend.terms) for trend in rising[:FLAGS]]


def naive(field: Field, month: str) -> list[Flag]:
    """The phrases whose share grew most in the month against the months before."""
    before = [one for one in field.known(month) if one != month]

    def growth(key: Key) -> float:
        counts = Counter(field.months[list(field.rows[key])].tolist())
        past = (sum(counts[one] for one in before) + 0.5) / sum(field.volumes[one] for one in before)
        return counts[month] / field.volumes[month] / past

    ranked = sorted(_common(field, month), key=lambda key: (-growth(key), key))
    return [Flag(" ".join(key), (key,), field.rows[key]) for key in ranked[:FLAGS]]


def chance(field: Field, month: str) -> list[Flag]:
    """Every phrase that could be flagged."""
    return [Flag(" ".join(key), (key,), field.rows[key]) for key in _common(field, month)]


def topics(field: Field, month: str, fitted: Fitted) -> list[Flag]:
    """BERTopic's topics that grew most in the month against the months before, as its topics over time count them."""
    before = [one for one in field.known(month) if one != month]
    found = []
    for topic, terms in sorted(fitted.terms.items()):
        rows = frozenset(row for row, own in enumerate(fitted.topics) if own == topic)
        counts = Counter(field.months[list(rows)].tolist())
        if topic >= 0 and counts[month] >= LEAST:
            past = (sum(counts[one] for one in before) + 0.5) / sum(field.volumes[one] for one in before)
            keys = tuple(key_of(term) for term in terms[:3])
            found.append((-counts[month] / field.volumes[month] / past, topic, Flag("/".join(terms[:3]), keys, rows)))
    return [flag for _, _, flag in sorted(found, key=lambda one: one[:2])[:FLAGS]]


def _common(field: Field, month: str) -> list[Key]:
    here = set(np.flatnonzero(field.months == month).tolist())
    return sorted(key for key, rows in field.rows.items() if len(rows & here) >= LEAST)


def _phrases(field: Field, terms: Sequence[str]) -> Flag:
    keys = tuple(key_of(term) for term in terms)
    return Flag(terms[0], keys, frozenset().union(*(field.rows.get(key, frozenset()) for key in keys)))


def _fitted(field: Field, month: str, folder: Path | None) -> Fitted:
    known = [row for row, one in enumerate(field.months) if one <= month]
    later = [row for row, one in enumerate(field.months) if one in field.future(month)]
    words = [f"{text.title}\n{text.text}" for text in field.texts]
    return fitted_topics(
        words, lambda: _vectors(field.texts), known, later, folder / f"{month}.json" if folder else None
    )


def _vectors(texts: Sequence[Dated]) -> np.ndarray:
    embedder = open_embedder(ModelSettings())
    words = {text_hash(text): text for text in (f"{one.title}\n{one.text}" for one in texts)}
    with IndexCache(Path(os.environ.get("SLIPWAY_BENCH_CACHE", ".cache")) / "index.db") as cache:
        embed_missing(cache, embedder, words)
        kept = cache.vectors(embedder.name, words)
    return np.stack([kept[text_hash(f"{one.title}\n{one.text}")] for one in texts])


def _dated(paper: Mapping[str, str]) -> Dated:
    title, abstract = (" ".join(paper[name].split()) for name in ("title", "abstract"))
    return Dated(paper["id"], date.fromisoformat(paper["announced"]), "arxiv", title, abstract, "en")


def _lines(folder: Path, months: str) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob(f"{months}.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _parts(word: Key) -> Iterator[Key]:
    for start in range(len(word)):
        for end in range(start + 1, min(len(word), start + 5) + 1):
            yield word[start:end]


def _share(counts: Mapping[str, int], volumes: Mapping[str, int], months: Sequence[str]) -> float:
    return sum(counts.get(one, 0) for one in months) / max(1, sum(volumes.get(one, 0) for one in months))


def _last_day(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _row(verdicts: Sequence[Verdict]) -> str:
    number = max(1, len(verdicts))
    both = sum(one.corpus and one.picks for one in verdicts) / number
    rates = (sum(getattr(one, name) for one in verdicts) / number for name in ("corpus", "picks", "style"))
    return " | ".join((f"{both:.2f}", *(f"{rate:.2f}" for rate in rates), f"{len(verdicts):,}"))


def _mark(flag: Flag, verdict: Verdict) -> str:
    return flag.name + "*" * (verdict.corpus and verdict.picks) + "~" * verdict.style
