"""What a topic is about: the phrases that its notes share and other notes do not.

A phrase weighs ``p log(p / q)²`` with ``p`` and ``q`` the shares of notes that hold it inside and outside the topic. It is
class-based TF-IDF (Grootendorst 2022) with notes counted instead of words, so that no single note names a topic, and with
the lift squared, so that ``language models`` does not name every one. Notes of one work count half as often as notes of
several, and a topic's name is made of its field's phrases: a work's own name stands in it only where most notes tell of it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log
from typing import TypeAlias

from index.themes.topic_words import is_thing
from index.words.tokens import tokenise
from notes.quantities.names import proper_names
from notes.text.fold import fold
from notes.text.keyphrases import phrases
from notes.text.language import is_chinese

__all__ = ["Text", "Wording", "name_of", "wordings"]

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
_FIELD_SHARE = 1 / 3  # of a topic's notes that must hold what names it, if any phrase is so common, and at least three
_TINY = 4  # notes up to which two are enough
_MOST = 0.5  # the share above which a topic is about one work
_SECOND_SHARE = 0.15  # of the first part's weight that the second must have to stand in the name
_SAME_STEM = 4  # letters: routing, router
_FRAGMENT = 0.7  # of a phrase's notes that hold a longer one with it, from which it is only part of that
_LEAD_WORDS = 4
_FIELD_TITLES = 5  # a name in more titles than these is a field's
_FIELD_WORKS = 4  # a capitalised word that so many works hold is no name of one of them
_NAME_SHARE = 0.9  # of a word's uses inside sentences that are capitalised when it is a name
_NAME_USES = 2
_INSIDE = re.compile(
    r"(?:(?<=[a-z,;] )|(?<=[\u4e00-\u9fff，、])|(?<=[\u4e00-\u9fff，、] ))[A-Za-z][a-z]{2,}(?![A-Za-z\d-])"
)
"""A word that no sentence begins with, so that its capital says something."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a topic is put into words: the one or two ``parts`` of its name, and its ``terms``, which begin with them."""

    parts: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase of a topic: how much it tells, how many of the topic's notes, works and titles hold it."""

    weight: float
    text: str
    key: Key
    notes: int
    works: int
    titles: int


def wordings(groups: Sequence[Sequence[str]], texts: Mapping[str, Text]) -> list[Wording]:
    """The words for each group: parts of a name that tell the field, terms up to eight; neither is ever empty."""
    held = {key: _held(text) for key, text in texts.items()}
    names = _capitalised(text[1][:_READ_AT_MOST] for text in texts.values())
    spelling = {key: _with_capitals(phrase, names) for key, phrase in _spellings(held.values()).items()}
    everywhere = Counter(key for found in held.values() for key in found)
    works = _works(texts)
    return [_wording(group, texts, names, _weighed(group, held, everywhere, spelling, works)) for group in groups]


def name_of(parts: Sequence[str]) -> str:
    """A name that reads well: the parts, each beginning with a capital unless its first word is a name."""
    return " · ".join(map(_capital, parts))


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


def _capitalised(texts: Iterable[str]) -> frozenset[str]:
    """The words, lower case, that stand with a capital inside sentences too: Goodfire, Gaussian."""
    uses = Counter(word for text in texts for word in _INSIDE.findall(text))
    return frozenset(
        word.lower()
        for word, count in uses.items()
        if word[0].isupper() and count >= _NAME_USES and count >= _NAME_SHARE * (count + uses[word.lower()])
    )


def _with_capitals(phrase: str, names: Collection[str]) -> str:
    words = phrase.split(" ")
    return " ".join(word.capitalize() if word in names else word for word in words) if words[0] in names else phrase


def _works(texts: Mapping[str, Text]) -> dict[str, str]:
    """The work that each note tells of: notes whose titles share a name or a lead ("RLFR: ...") tell of one."""
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
    """The first note of the work that a note tells of, by steps that each leads to an earlier one."""
    while first[key] != key:
        first[key] = key = first[first[key]]
    return key


def _called(title: str) -> frozenset[str]:
    lead = fold(title).partition(":")[0].strip()
    names = {fold(name.text) for name in proper_names(title)}
    return frozenset({*names, lead} if lead and len(lead.split()) <= _LEAD_WORDS else {*names, fold(title).strip()})


def _weighed(
    group: Sequence[str],
    held: Mapping[str, Held],
    everywhere: Mapping[Key, int],
    spelling: Mapping[Key, str],
    works: Mapping[str, str],
) -> list[_Phrase]:
    """The phrases that enough of a group's notes hold, most telling first."""
    inside = [key for key in group if key in held]
    others = max(1, len(held) - len(inside))
    counts = Counter(phrase for key in inside for phrase in held[key])
    found = []
    for phrase, count in counts.items():
        if count >= max(2, _LEAST_SHARE * len(group)):
            weights = {key: held[key][phrase][0] for key in inside if phrase in held[key]}
            told = {works[key] for key in weights}
            lift = max(0.0, log(count / len(inside) / (_RARE_OUTSIDE + (everywhere[phrase] - count) / others)))
            share = sum(weights.values()) / len(inside) * (1 + len(told) / count) / 2
            weight = share * lift**2 * _LENGTH[_words(spelling[phrase])]
            titles = sum(weight == _TITLE_COUNTS for weight in weights.values())
            found.append(_Phrase(weight, spelling[phrase], phrase, count, len(told), titles))
    return sorted(found, key=lambda phrase: (-phrase.weight, -_words(phrase.text), phrase.text))


def _wording(
    group: Sequence[str], texts: Mapping[str, Text], names: Collection[str], weighed: Sequence[_Phrase]
) -> Wording:
    chinese = 2 * sum(is_chinese(texts[key][2]) for key in group if key in texts) > len(group)
    parts = _parts(len(group), chinese, names, weighed)
    terms = _apart([*parts, *weighed])
    if not terms:
        title = _fallback(group, texts)
        return Wording((title,), (title,))
    return Wording(tuple(part.text for part in parts or terms[:1]), tuple(term.text for term in terms))


def _parts(size: int, chinese: bool, names: Collection[str], weighed: Sequence[_Phrase]) -> list[_Phrase]:
    """The one or two phrases that tell the field of ``size`` notes: telling, common, of one script, apart in meaning."""
    common = 2 if size <= _TINY else max(3, ceil(size * _FIELD_SHARE))
    score = {one.text: one.weight * min(1.0, one.works / common) * _readable(one, size) for one in weighed}
    things = [one for one in weighed if one.weight and is_thing(one.text) and _tells(one, size, names)]
    whole = [one for one in things if not any(_is_fragment(one, other) for other in things)]
    whole.sort(key=lambda one: (one.text.isascii() == chinese, -score[one.text], one.text))
    if not whole:
        return []
    first = whole[0]
    others = [
        one for one in whole[1:] if score[one.text] >= _SECOND_SHARE * score[first.text] and _is_other(one, first)
    ]
    # Two words that the notes write as one phrase are one part: GUI, grounding.
    joined = {f"{one.text} {two.text}" for other in others[:1] for one, two in ((first, other), (other, first))}
    for one in weighed:
        if one.text in joined:
            return [one, *(other for other in others[1:] if _is_other(other, one))][:2]
    return [first, *others[:1]]


def _is_fragment(one: _Phrase, other: _Phrase) -> bool:
    """Whether ``one`` is seldom met outside ``other``: recursive language, recursive language models."""
    return one.text != other.text and f" {one.text} " in f" {other.text} " and other.notes >= _FRAGMENT * one.notes


def _is_other(one: _Phrase, other: _Phrase) -> bool:
    same_stem = one.text[:_SAME_STEM].lower() == other.text[:_SAME_STEM].lower()
    return not same_stem and one.text.isascii() == other.text.isascii() and len(_apart([one, other])) == 2


def _readable(phrase: _Phrase, size: int) -> float:
    """What a phrase's form counts: one word tells less of a field than two, unless titles hold it."""
    if _words(phrase.text) > 1:
        return 1.3 * (1 + phrase.titles / size)
    return 0.8 * (1 + phrase.titles / size) if phrase.titles else 0.5


def _tells(phrase: _Phrase, size: int, names: Collection[str]) -> bool:
    """Whether a phrase tells the field: most titles hold it, or notes of several works do and it names none of them."""
    if phrase.titles > _MOST * size:
        return True
    named = phrase.works < _FIELD_WORKS and phrase.text.split()[-1].lower() in names
    return phrase.works > 1 and not named and not proper_names(phrase.text)


def _words(phrase: str) -> int:
    return min(3, len(phrase.split()) if phrase.isascii() else max(1, len(phrase) // 2))


def _apart(weighed: Iterable[_Phrase]) -> list[_Phrase]:
    """The first eight of which no two share a word and none is short for another."""
    chosen: list[_Phrase] = []
    for one in weighed:
        if not any(
            set(one.key) & set(other.key) or one.text in other.text or _is_short_for(one.text, other.text)
            for other in chosen
        ):
            chosen.append(one)
        if len(chosen) == _MOST_TERMS:
            break
    return chosen


def _is_short_for(text: str, other: str) -> bool:
    """Whether one abbreviates the other: RAG, retrieval-augmented generation; PLMs, pre-trained language models."""
    short, long = sorted((text.removesuffix("s"), other.removesuffix("s")), key=len)
    initials = "".join(word[0] for word in re.split(r"[\s-]+", long) if word).lower()
    return short.isupper() and (_in_turn(short.lower(), initials) or _in_turn(initials, short.lower()))


def _in_turn(short: str, long: str) -> bool:
    """Whether the letters of ``short``, at least two, come in ``long`` in their order."""
    rest = iter(long)
    return len(short) > 1 and all(letter in rest for letter in short)


def _fallback(group: Sequence[str], texts: Mapping[str, Text]) -> str:
    """Notes that share no phrase: the first one's title."""
    return next((texts[key][0] for key in group if key in texts and texts[key][0]), group[0])
