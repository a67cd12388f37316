"""A finished post examined from the outside: every word and number of its file must stand in the notes that the file names.

The checker (:mod:`publish.checking.checker`) judges sentences while they are written, from what the writer says of them. This
reads the file alone (:mod:`publish.checking.reread`) and asks nothing of the writer: a stretch resolves when its notes exist,
each of its numbers stands in them or is a count or a date that comes out the same, each of its words stands in them, in the
title of a work that the post cites, or is one of Slipway's own fixed words, and each of its web addresses is one of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache

from notes.markup.obsidian import Targets
from notes.model import VaultNote
from notes.quantities.numbers import located, values
from notes.text.fold import fold, to_simplified
from publish.checking.passages import Bears, passages
from publish.checking.reread import Stretch, reread
from publish.sources.evidence import addresses, carriers, witness
from publish.wording.words import words_for

__all__ = ["Audit", "Finding", "audit"]

_WORD = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’]*|[\u3400-\u9fff]")
# What retelling puts in place of the first person (publish.sources.retelling), and how references are joined.
_RETELLING = "the authors authors’ they their them theirs themselves others’ paper work study 作者 该 該 等 与 和"
_PAGES = ("topics/",)


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch that does not resolve, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What a post is made of: stretches of text, those of them that a passage bears word for word, numbers, and the findings."""

    stretches: int
    verbatim: int
    numbers: int
    findings: tuple[Finding, ...]


def audit(
    markdown: str,
    notes: Mapping[str, VaultNote],
    *,
    lang: str,
    day: date,
    named: Iterable[str] = (),
    counted: Iterable[str] = (),
    posts: Collection[str] = (),
) -> Audit:
    """Examine a post. ``named`` are names of the house that may stand in it (topics, audience, title of the site).

    ``counted`` are wordings of counts that were made again by whoever asks; those of notes and sources are made here. ``posts``
    are what links to the posts before it hold, the only ones that it may lead to.
    """
    paths = Targets(note.path for note in notes.values())
    by_target = {paths.of(note): note for note in notes.values()}
    read = reread(markdown)
    fresh = tuple(note for note in notes.values() if note.created == day)
    cited = dict.fromkeys(target for one in read for target in one.targets if target in by_target)
    own_words = (*named, *(by_target[target].title for target in cited))
    longest_first = tuple(sorted(counted, key=len, reverse=True))
    desk = _Desk(lang, day, _vocabulary(lang, own_words), fresh, longest_first)
    findings: list[Finding] = []
    verbatim = numbers = 0
    for stretch in read:
        led = [one for one in stretch.targets if one not in by_target and one not in posts]
        missing = [one for one in led if not one.startswith(_PAGES)]
        own = [by_target[one] for one in stretch.targets if one in by_target]
        reason = f"no such note: {missing[0]}" if missing else desk.fault(stretch, own)
        numbers += len(located(stretch.text))
        verbatim += any(
            one.bears in {Bears.QUOTE, Bears.TITLE} for note in own for one in passages(stretch.text, (), note)
        )
        if reason:
            findings.append(Finding(stretch.text, reason))
    return Audit(len(read), verbatim, numbers, tuple(findings))


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a stretch is held against."""

    lang: str
    day: date
    vocabulary: frozenset[str]
    fresh: tuple[VaultNote, ...]
    counted: tuple[str, ...]

    def fault(self, stretch: Stretch, own: Sequence[VaultNote]) -> str:
        """Why the stretch does not resolve; empty when it does."""
        if not own:
            strange = sorted(_words(stretch.text) - self.vocabulary)
            return f"words of nobody: {', '.join(strange)}" if strange or values(stretch.text) else ""
        rest = self._uncounted(stretch.text, own)
        known = {round(value, 9) for note in own for text in _texts(note) for value in _values(text)}
        if numbers := sorted(value for value in values(rest) if round(value, 9) not in known):
            return f"a number that stands in none of its notes: {numbers[0]:g}"
        words = frozenset[str]().union(self.vocabulary, *(_held(note) for note in own))
        if strange := sorted(_words(rest) - words):
            return f"words that stand in none of its notes: {', '.join(strange)}"
        places = [address for note in own for address in (*addresses(note), *note.references)]
        # Of the address of a file in a repository the repository is shown.
        foreign = [link for link in stretch.links if not any(address.startswith(link) for address in places)]
        return f"a link that is none of its notes': {foreign[0]}" if foreign else ""

    def _uncounted(self, text: str, own: Sequence[VaultNote]) -> str:
        """The text without its counts and dates that come out the same when they are made again."""
        for told in (*self.counted, *self._recounted(own)):
            # "3 October" is no part of "13 October", nor "12 notes" of "112 notes".
            text = re.sub(rf"(?<![\d,.]){re.escape(told)}(?!\d)", " ", text)
        return text

    def _recounted(self, own: Sequence[VaultNote]) -> Iterator[str]:
        words = words_for(self.lang)
        days = {self.day, *(day for note in own for day in (note.created, note.published) if day)}
        yield from sorted((words.day(day) for day in days), key=len, reverse=True)
        for group in (self.fresh, own):
            yield words.notes(len(group))
            yield words.works(len(group))
            yield words.source_count(len(carriers(group)))


def _texts(note: VaultNote) -> tuple[str, ...]:
    return (*witness(note), *note.authors)


@lru_cache(maxsize=4096)
def _values(text: str) -> tuple[float, ...]:
    return values(text)


def _held(note: VaultNote) -> frozenset[str]:
    return frozenset().union(*(_words(text) for text in _texts(note)))


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    """The words of a text, Chinese by character, without case and script."""
    return frozenset(re.sub(r"['’]s?$", "", fold(word)) for word in _WORD.findall(to_simplified(text)))


@lru_cache(maxsize=64)
def _vocabulary(lang: str, named: tuple[str, ...]) -> frozenset[str]:
    """Slipway's own words of a language."""
    words = words_for(lang)
    own = (text for field in fields(words) for text in _strings(getattr(words, field.name)))
    return frozenset[str]().union(*(_words(text) for text in (*own, *named, _RETELLING)))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield re.sub(r"\{\w*\}", " ", value)
    elif isinstance(value, Mapping):
        yield from (text for one in value.values() for text in _strings(one))
    elif isinstance(value, (tuple, list)):
        yield from (text for one in value for text in _strings(one))
