"""The phrases that texts hold, counted once a text: how each is written, in how many texts, titles and works it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from notes.quantities.names import proper_names
from notes.text.fold import fold, to_simplified
from notes.text.keyphrases import phrases

__all__ = ["Key", "Phrases", "Text", "is_cut", "words_of"]

Text: TypeAlias = tuple[str, str, str]
"""Title, text and language of a note or an item."""

Key: TypeAlias = str
"""A phrase without its spelling: lower case, singular, simplified."""

_READ_AT_MOST = 4000
_LEAD_WORDS = 4
_FIELD_TITLES = 5  # a name in more titles than these is a field's
_NAME_SHARE = 0.9  # of a word's uses inside sentences that are capitalised when it is a name
_NAME_USES = 2
_CUT = (
    0.7  # of a Chinese phrase's places where the same character stands beside it, from which it is part of a longer one
)
_CUT_PLACES = 3
_HAN = re.compile(r"[\u3400-\u9fff]")
_INSIDE = re.compile(
    r"(?:(?<=[a-z,;] )|(?<=[\u4e00-\u9fff，、])|(?<=[\u4e00-\u9fff，、] ))[A-Za-z][a-z]{2,}(?![A-Za-z\d-])"
)
"""A word that no sentence begins with, so that its capital says something."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """What is known of the phrases of many texts.

    ``held`` gives the phrases of each text, ``titled`` those of its title, ``everywhere`` in how many texts each stands,
    ``works`` the work that a text tells of, ``names`` the words, lower case, that stand with a capital inside sentences too.
    """

    texts: Mapping[str, Text]
    held: Mapping[str, Mapping[Key, str]]
    titled: Mapping[str, frozenset[Key]]
    everywhere: Mapping[Key, int]
    works: Mapping[str, str]
    names: frozenset[str]

    @classmethod
    def of(cls, texts: Mapping[str, Text]) -> Phrases:
        """Read the phrases of all ``texts``."""
        held = {key: _held(text) for key, text in texts.items()}
        return cls(
            texts,
            held,
            {key: frozenset(map(_key, phrases(text[0], text[2]))) for key, text in texts.items()},
            Counter(phrase for found in held.values() for phrase in found),
            _works(texts),
            _capitalised(text[1][:_READ_AT_MOST] for text in texts.values()),
        )

    def spelling(self, phrase: Key, among: Iterable[str]) -> str:
        """How most of the texts ``among`` write a phrase, names in it with their capitals; ties by the spelling itself."""
        counts = Counter(self.held[key][phrase] for key in among if phrase in self.held[key])
        text = min(counts, key=lambda spelled: (-counts[spelled], spelled))
        words = text.split(" ")
        if words[0] not in self.names:
            return text
        return " ".join(word.capitalize() if word in self.names else word for word in words)


def words_of(phrase: str) -> int:
    """How many words a phrase has: two Chinese characters are one."""
    return len(phrase.split()) if phrase.isascii() else max(1, len(phrase) // 2)


def is_cut(phrase: str, texts: Iterable[str]) -> bool:
    """Whether a Chinese phrase is part of a longer word: the same character stands beside it nearly everywhere."""
    if not _HAN.match(phrase[0]) or not _HAN.match(phrase[-1]):
        return False
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    places, simple = 0, to_simplified(phrase)
    for text in texts:
        at = text.find(simple)
        while at >= 0:
            places += 1
            before[text[at - 1 : at]] += 1
            after[text[at + len(simple) : at + len(simple) + 1]] += 1
            at = text.find(simple, at + len(simple))
    return places >= _CUT_PLACES and any(
        _HAN.match(beside) is not None and beside not in "的和与及对在了是并用为" and count >= _CUT * places
        for counts in (before, after)
        for beside, count in counts.most_common(1)
        if beside
    )


def _held(text: Text) -> dict[Key, str]:
    """Each phrase of a text once, with its first spelling."""
    title, body, lang = text
    found: dict[Key, str] = {}
    for phrase in phrases(f"{title}.\n\n{body[:_READ_AT_MOST]}", lang):
        found.setdefault(_key(phrase), phrase)
    return found


@lru_cache(maxsize=500_000)
def _key(phrase: str) -> Key:
    if not phrase.isascii():
        return to_simplified(phrase).lower()
    key = phrase.lower()
    if key.endswith("ies") and len(key) > 5:
        return key[:-3] + "y"
    return key[:-1] if key.endswith("s") and not key.endswith(("ss", "us", "is")) and len(key) > 3 else key


def _capitalised(texts: Iterable[str]) -> frozenset[str]:
    """The words, lower case, that stand with a capital inside sentences too: Goodfire, Gaussian."""
    uses = Counter(word for text in texts for word in _INSIDE.findall(text))
    return frozenset(
        word.lower()
        for word, count in uses.items()
        if word[0].isupper() and count >= _NAME_USES and count >= _NAME_SHARE * (count + uses[word.lower()])
    )


def _works(texts: Mapping[str, Text]) -> dict[str, str]:
    """The work that each text tells of: those whose titles share a name or a lead ("RLFR: ...") tell of one."""
    called = {key: _called(title) for key, (title, _, _) in texts.items()}
    titles = Counter(name for names in called.values() for name in names)
    first: dict[str, str] = {}
    owner: dict[str, str] = {}
    for key in sorted(texts):
        first[key] = key
        known = sorted({_first(first, owner[name]) for name in called[key] if name in owner})
        first |= dict.fromkeys((*known[1:], key), known[0]) if known else {}
        owner |= {name: key for name in called[key] if titles[name] <= _FIELD_TITLES}
    return {key: _first(first, key) for key in texts}


def _first(first: dict[str, str], key: str) -> str:
    """The first text of the work that a text tells of, by steps that each leads to an earlier one."""
    while first[key] != key:
        first[key] = key = first[first[key]]
    return key


@lru_cache(maxsize=50_000)
def _called(title: str) -> frozenset[str]:
    lead = fold(title).partition(":")[0].strip()
    names = {fold(name.text) for name in proper_names(title)}
    return frozenset({*names, lead} if lead and len(lead.split()) <= _LEAD_WORDS else {*names, fold(title).strip()})
