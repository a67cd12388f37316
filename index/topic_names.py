"""What a topic is about: the phrases that its notes share and other notes do not.

A phrase weighs ``p log(p / q)²`` with ``p`` and ``q`` the shares of notes that hold it inside and outside the topic. It is
class-based TF-IDF (Grootendorst 2022) with notes counted instead of words, so that no single note names a topic, and with
the lift squared, so that ``language models`` does not name every one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from math import log
from typing import TypeAlias

from index.tokens import tokenise
from notes.keyphrases import phrases

__all__ = ["Text", "name_of", "topic_terms"]

Text: TypeAlias = tuple[str, str, str]
"""Title, text and language of a note."""

Key: TypeAlias = tuple[str, ...]
Held: TypeAlias = Mapping[Key, tuple[float, str]]
"""The phrases of a note, each with its weight and its spelling."""

_MOST_TERMS = 8
_READ_AT_MOST = 4000
_TITLE_COUNTS = 2.0  # what a note is called says more than what it mentions
_LENGTH = {1: 1.0, 2: 1.8, 3: 1.8}
_RARE_OUTSIDE = 0.02  # below this share outside it matters no more how rare
_LEAST_SHARE = 0.2  # of a topic's notes that must hold a term, and at least two notes
_SECOND_SHARE = 0.3  # of the first term's weight that the second must have to stand in the name
_SAME_STEM = 4  # letters: routing, router
_PROPERTY = re.compile(r"[a-z-]+(?:ive|ous|ful|ble|ed|ly|ical|ual|ral|cial|scale|wise|level|time|shot|free|big|top)")


def topic_terms(groups: Sequence[Sequence[str]], texts: Mapping[str, Text]) -> list[tuple[str, ...]]:
    """The terms of each group, those that name it first and then the most telling, up to eight; never empty."""
    held = {key: _held(text) for key, text in texts.items()}
    spelling = _spellings(held.values())
    outside = Counter(key for found in held.values() for key in found)
    return [_terms(group, held, outside, spelling) or (_fallback(group, texts),) for group in groups]


def name_of(terms: Sequence[str]) -> str:
    """A name that reads well: the two best terms, each beginning with a capital unless its first word is a name."""
    return " · ".join(map(_capital, terms[:2]))


def _capital(term: str) -> str:
    return term if re.search("[A-Z]", term.partition(" ")[0]) else term[:1].upper() + term[1:]


def _held(text: Text) -> Held:
    """Each phrase of a note once: its weight (a title's counts twice) and its spelling."""
    title, body, lang = text
    called = frozenset(tokenise(title))
    found: dict[Key, tuple[float, str]] = {}
    for phrase in phrases(f"{title}.\n\n{body[:_READ_AT_MOST]}", lang):
        key = _key(phrase)
        found.setdefault(key, (_TITLE_COUNTS if called.issuperset(key) else 1.0, phrase))
    return found


@lru_cache(maxsize=200_000)
def _key(phrase: str) -> Key:
    return tuple(tokenise(phrase))


def _spellings(held: Iterable[Held]) -> dict[Key, str]:
    """How most notes write each phrase; ties by the spelling itself."""
    seen: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for found in held:
        for key, (_, phrase) in found.items():
            seen[key][phrase] += 1
    return {key: min(counts, key=lambda phrase: (-counts[phrase], phrase)) for key, counts in seen.items()}


def _terms(
    group: Sequence[str], held: Mapping[str, Held], everywhere: Mapping[Key, int], spelling: Mapping[Key, str]
) -> tuple[str, ...]:
    inside = [held[key] for key in group if key in held]
    notes = Counter(key for found in inside for key in found)
    others = max(1, len(held) - len(inside))
    weighed = []
    for key, count in notes.items():
        if count >= max(2, _LEAST_SHARE * len(group)):
            share = sum(found[key][0] for found in inside if key in found) / len(inside)
            outside = _RARE_OUTSIDE + (everywhere[key] - count) / others
            lift = max(0.0, log(count / len(inside) / outside))
            weight = share * lift**2 * _LENGTH[_words(spelling[key])]
            weighed.append((-weight, -_words(spelling[key]), spelling[key], key))
    titled = {spelling[key] for found in inside for key, (weight, _) in found.items() if weight == _TITLE_COUNTS}
    return tuple(_in_order(_apart((-weight, text, key) for weight, _, text, key in sorted(weighed)), titled))


def _words(phrase: str) -> int:
    return min(3, len(phrase.split()) if phrase.isascii() else max(1, len(phrase) // 2))


def _apart(weighed: Iterable[tuple[float, str, Key]]) -> list[tuple[float, str]]:
    """The first terms of which no two share a word and none is short for another."""
    chosen: list[tuple[float, str, set[str]]] = []
    for weight, text, key in weighed:
        if not any(set(key) & taken or text in other or _is_short_for(text, other) for _, other, taken in chosen):
            chosen.append((weight, text, set(key)))
        if len(chosen) == _MOST_TERMS:
            break
    return [(weight, text) for weight, text, _ in chosen]


def _is_short_for(text: str, other: str) -> bool:
    """Whether one of the two is made of the other's initials: RAG, retrieval-augmented generation."""
    short, long = sorted((text, other), key=len)
    initials = "".join(word[0] for word in re.split(r"[\s-]+", long) if word)
    return len(initials) > 1 and short.rstrip("s").lower() == initials.lower()


def _in_order(terms: Sequence[tuple[float, str]], titled: Collection[str]) -> list[str]:
    """The terms with the two that name the topic first: things before properties, titles' words, none of one stem."""
    if not terms:
        return []
    telling = [text for weight, text in terms if weight >= _SECOND_SHARE * terms[0][0]]
    names = [text for text in telling if not _PROPERTY.fullmatch(text) and (text in titled or _words(text) > 1)]
    first = (names or telling)[0]
    second = next((text for text in names[1:] if text[:_SAME_STEM] != first[:_SAME_STEM]), "")
    named = [first, second] if second else [first]
    return [*named, *(text for _, text in terms if text not in named)]


def _fallback(group: Sequence[str], texts: Mapping[str, Text]) -> str:
    """Notes that share no phrase: the first one's title."""
    return next((texts[key][0] for key in group if key in texts and texts[key][0]), group[0])
