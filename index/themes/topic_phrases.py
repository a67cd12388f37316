"""The phrases that texts hold, counted once a text: how each is written, in how many texts, titles and works it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from index.themes.word_edges import WordEdges
from notes.quantities.names import proper_names
from notes.text.fold import fold, to_simplified
from notes.text.keyphrases import han_parts, phrases

__all__ = ["Held", "Key", "Phrases", "Text", "words_of"]

Text: TypeAlias = tuple[str, str, str]
"""Title, text and language of a note or an item."""

Key: TypeAlias = str
"""A phrase without its spelling: lower case, singular, simplified."""

Held: TypeAlias = Mapping[Key, str]
"""The phrases of a text, those of its title first, each with its first spelling."""

_PLURAL = 0.2  # of the texts with a phrase's usual spelling, from which its plural names it
_READ_AT_MOST = 4000
_LEAD_WORDS = 4
_FIELD_TITLES = 5  # a name in more titles than these is a field's
_NAME_SHARE = 0.9  # of a word's uses inside sentences that are capitalised when it is a name
_NAME_USES = 2
_INSIDE = re.compile(
    r"(?:(?<=[a-z,;] )|(?<=[\u4e00-\u9fff，、])|(?<=[\u4e00-\u9fff，、] ))[A-Za-z][a-z]{2,}(?![A-Za-z\d-])"
)
"""A word that no sentence begins with, so that its capital says something."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """What is known of the phrases of many texts.

    ``held`` gives the phrases of each text, ``titled`` those of its title, ``everywhere`` in how many texts each stands and
    ``headlines`` in how many titles, ``works`` the work that a text tells of, ``names`` the words, lower case, that stand with
    a capital inside sentences too, ``edges`` which Chinese phrases are whole words.
    """

    texts: Mapping[str, Text]
    held: Mapping[str, Held]
    titled: Mapping[str, frozenset[Key]]
    everywhere: Mapping[Key, int]
    headlines: Mapping[Key, int]
    works: Mapping[str, str]
    names: frozenset[str]
    edges: WordEdges

    @classmethod
    def of(cls, texts: Mapping[str, Text], read: dict[str, Held] | None = None) -> Phrases:
        """Read the phrases of all ``texts``; those that ``read`` has are not read again, and what was read is put there."""
        read = {} if read is None else read
        read |= {key: _held(text) for key, text in texts.items() if key not in read}
        alone = {key: read[key] for key in texts}
        terms = _shared_terms(alone.values())
        held = {key: {**_within(texts[key], terms), **found} for key, found in alone.items()}
        titled = {key: _titled(text, terms) for key, text in texts.items()}
        return cls(
            texts,
            held,
            titled,
            Counter(phrase for found in held.values() for phrase in found),
            Counter(phrase for found in titled.values() for phrase in found),
            _works(texts),
            _capitalised(text[1][:_READ_AT_MOST] for text in texts.values()),
            WordEdges({key: _whole(text) for key, text in texts.items()}, held, terms),
        )

    def spelling(self, phrase: Key, among: Iterable[str]) -> tuple[str, str]:
        """How most of the texts ``among`` write a phrase, names in it with their capitals, and how it stands alone.

        Ties by the spelling itself. What is one beside other nouns (medical image segmentation) is several alone.
        """
        counts = Counter(self.held[key][phrase] for key in among if phrase in self.held[key])
        text = min(counts, key=lambda spelled: (-counts[spelled], spelled))
        several = [spelled for spelled in counts if spelled.endswith("s") and counts[spelled] >= _PLURAL * counts[text]]
        alone = min(several, key=lambda spelled: (-counts[spelled], spelled)) if several and " " in text else text
        return self._named(text), self._named(alone)

    def _named(self, text: str) -> str:
        words = text.split(" ")
        if words[0] not in self.names:
            return text
        return " ".join(word.capitalize() if word in self.names else word for word in words)


def words_of(phrase: str) -> int:
    """How many words a phrase has: two Chinese characters are one."""
    return len(phrase.split()) if phrase.isascii() else max(1, len(phrase) // 2)


def _held(text: Text) -> dict[Key, str]:
    """Each phrase of a text once, with its first spelling."""
    found: dict[Key, str] = {}
    for phrase in phrases(_whole(text), text[2]):
        found.setdefault(_key(phrase), phrase)
    return found


def _whole(text: Text) -> str:
    return f"{text[0]}.\n\n{text[1][:_READ_AT_MOST]}"


def _shared_terms(held: Iterable[Held]) -> frozenset[Key]:
    """The Chinese phrases of two texts or more."""
    counts = Counter(phrase for found in held for phrase in found if not phrase.isascii())
    return frozenset(phrase for phrase, count in counts.items() if count > 1)


def _within(text: Text, terms: Collection[Key]) -> dict[Key, str]:
    """The ``terms`` that stand in a text, inside a longer stretch too: what is a term elsewhere is one here."""
    if text[2] == "en" or not terms:
        return {}
    parts = dict.fromkeys(han_parts(_whole(text)))
    return {key: part for part in parts if (key := _key(part)) in terms}


def _titled(text: Text, terms: Collection[Key]) -> frozenset[Key]:
    return frozenset((*map(_key, phrases(text[0], text[2])), *_within((text[0], "", text[2]), terms)))


def _key(phrase: str) -> Key:
    if not phrase.isascii():
        return to_simplified(phrase).lower()
    key = phrase.lower()
    if key[-1] != "s" or len(key) <= 3 or key.endswith(("ss", "us", "is")):
        return key
    return key[:-3] + "y" if key.endswith("ies") and len(key) > 5 else key[:-1]


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
