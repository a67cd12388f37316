"""The phrases of a topic beside each other: which is part of another, says more than it, or tells something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.themes.topic_phrases import Key

__all__ = ["TopicPhrase", "apart", "goes_with", "is_fragment", "is_lone", "is_other", "says_more"]

_MOST_TERMS = 8
_TOGETHER = 1 / 3  # of the rarer phrase's texts that must hold the other as well
_SAME_STEM = 4  # letters: routing, router
_FRAGMENT = 0.7  # of a phrase's texts that hold a longer one with it, from which it is only part of that
_WHOLE = 0.25  # of a word's texts that hold a phrase with it, from which the phrase says it better


@dataclass(frozen=True, slots=True)
class TopicPhrase:
    """A phrase of a topic.

    How much it tells, how it is written in texts and how in a name, and which texts, how many works and titles hold it.
    """

    weight: float
    text: str
    shown: str
    key: Key
    holders: frozenset[str]
    works: int
    titles: int

    @property
    def notes(self) -> int:
        """How many texts hold it."""
        return len(self.holders)


def says_more(one: TopicPhrase, word: TopicPhrase) -> bool:
    """Whether a phrase of two words holds ``word`` and is written in so many of its texts that it tells the field better."""
    pair = one.text.split(" ")
    return len(pair) == 2 and word.text in pair and one.notes >= _WHOLE * word.notes


def is_lone(phrase: TopicPhrase) -> bool:
    """Whether a phrase is a single word of everyday English, which tells a field less well than any term."""
    word = phrase.text
    return word.isascii() and " " not in word and "-" not in word and word[1:].islower()


def is_fragment(one: TopicPhrase, other: TopicPhrase) -> bool:
    """Whether ``one`` is seldom met outside ``other``: recursive language, recursive language models."""
    if one.text == other.text:
        return False
    if one.text.isascii():
        inside = f" {one.key} " in f" {other.key} " or f" {one.text} " in f" {other.text} "
        return inside and other.notes >= (_WHOLE if is_lone(one) else _FRAGMENT) * one.notes
    return one.key in other.key and other.notes >= _FRAGMENT * one.notes


def goes_with(one: TopicPhrase, first: TopicPhrase) -> bool:
    """Whether a phrase is a companion of another and not of other texts of the topic."""
    return len(one.holders & first.holders) >= _TOGETHER * min(one.notes, first.notes)


def is_other(one: TopicPhrase, other: TopicPhrase) -> bool:
    """Whether two phrases of one script share no word, no stem and no Chinese character."""
    if not one.text.isascii() and set(one.key) & set(other.key):
        return False
    same_stem = one.text.isascii() and one.text[:_SAME_STEM].lower() == other.text[:_SAME_STEM].lower()
    return not same_stem and one.text.isascii() == other.text.isascii() and len(apart([one, other])) == 2


def apart(weighed: Iterable[TopicPhrase]) -> list[TopicPhrase]:
    """The first eight of which no two share a word and none is short for another."""
    chosen: list[TopicPhrase] = []
    for one in weighed:
        if not any(
            set(one.key.split()) & set(other.key.split()) or one.key in other.key or _is_short_for(one.text, other.text)
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
