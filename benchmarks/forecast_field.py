"""The papers and keywords of :mod:`benchmarks.forecast`, its flags, and the judgement whether one kept rising."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np

from index.storage.cache import IndexCache
from index.trends.dated import Dated
from index.trends.phrase_sets import Key, key_of, phrase_sets

LEAST = 10
"""Papers that hold a phrase."""
LEAST_PICKS = 3
"""Papers that have it among their keywords."""
AFTER = timedelta(days=61)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something flagged: its phrases, and the papers that hold it now and later."""

    name: str
    keys: tuple[Key, ...]
    rows: frozenset[int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a flag kept rising in the corpus and at Hugging Face; ``strict``: both against the last two months."""

    corpus: bool
    picks: bool
    strict: bool
    unknown: bool


class Field:
    """All papers with their phrases, and the keywords of the picks by month."""

    def __init__(self, data: Path, cache: IndexCache) -> None:
        self.cache = cache
        papers = {paper["id"]: paper for paper in _lines(data / "arxiv" / "daily-en", "2025-*")}
        found = sorted(papers.values(), key=lambda paper: (paper["announced"], paper["id"]))
        self.texts = [_dated(paper) for paper in found]
        self.months = np.array([paper["announced"][:7] for paper in found])
        self.volumes = Counter(self.months.tolist())
        self.order = sorted(self.volumes)
        self.sets = phrase_sets(self.texts, cache)
        self._keywords: list[tuple[date, frozenset[Key]]] = []
        self.written: Counter[str] = Counter()
        self.written_days: Counter[date] = Counter()
        self.picked: list[Dated] = []
        for pick in _lines(data / "arxiv" / "hf-daily-papers", "202*"):
            self.picked.append(_dated(pick, "picks"))
            words = [key_of(word) for word in pick.get("ai_keywords") or ()]
            if words:
                day = date.fromisoformat(pick["day"])
                self.written[pick["day"][:7]] += len(words)
                self.written_days[day] += len(words)
                self._keywords.append((day, frozenset(part for word in words for part in _parts(word))))

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

    @cached_property
    def picked_rows(self) -> Mapping[Key, frozenset[int]]:
        """The picks whose texts hold each of these phrases."""
        return {key: self.all_picked_rows.get(key, frozenset()) for key in self.rows}

    @cached_property
    def all_picked_rows(self) -> Mapping[Key, frozenset[int]]:
        """The picks whose texts hold each phrase."""
        found: defaultdict[Key, set[int]] = defaultdict(set)
        for row, phrases in enumerate(phrase_sets(self.picked, self.cache)):
            for phrase in (*phrases[0], *phrases[1]):
                found[key_of(phrase)].add(row)
        return {key: frozenset(rows) for key, rows in found.items()}

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

        def more(reference: Sequence[str]) -> tuple[bool, bool]:
            return (
                _share(counts, self.volumes, future) > _share(counts, self.volumes, reference),
                _share(picks, self.written, future) > _share(picks, self.written, reference),
            )

        corpus, written = more(known)
        return Verdict(corpus, later >= LEAST_PICKS and written, all(more(known[-2:])), not any(picks.values()))

    def judge_day(self, flag: Flag, today: date) -> bool:
        """Whether the flag of a day kept rising in the two months (:data:`AFTER`) after it, by both."""
        papers = Counter(self.texts[row].day for row in flag.rows)
        wanted = set(flag.keys)
        picks = Counter(day for day, parts in self._keywords if not wanted.isdisjoint(parts))
        later = sum(count for day, count in picks.items() if today < day <= today + AFTER)
        every = Counter(text.day for text in self.texts)
        return later >= LEAST_PICKS and more(papers, every, today) and more(picks, self.written_days, today)

    def _picks(self, keys: Iterable[Key]) -> Counter[str]:
        wanted = set(keys)
        return Counter(day.isoformat()[:7] for day, parts in self._keywords if not wanted.isdisjoint(parts))


def more(held: Mapping[date, int], every: Mapping[date, int], today: date) -> bool:
    """Whether the share of what holds a thing is greater in the two months after ``today`` than up to it."""

    def share(first: date, last: date) -> float:
        counts = (sum(count for day, count in days.items() if first < day <= last) for days in (held, every))
        return next(counts) / max(1, next(counts))

    return share(today, today + AFTER) > share(date.min, today)


def _dated(paper: Mapping[str, str], source: str = "arxiv") -> Dated:
    title, abstract = (" ".join((paper.get(name) or "").split()) for name in ("title", "abstract"))
    day = date.fromisoformat(paper["announced" if source == "arxiv" else "day"])
    return Dated(f"{source}-{paper['id']}", day, source, title, abstract, "en", noted=source != "arxiv")


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
