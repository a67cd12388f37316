"""Words for the lexical half: English words lightly stemmed, Chinese as characters and bigrams.

Chinese has no spaces, so a run of ideographs gives each character and each pair of neighbours:
a query of two characters finds its documents, and no segmenter has to agree with itself. The
stemmer is the first step of Porter's (1980, https://tartarus.org/martin/PorterStemmer/), which joins
``agents`` to ``agent`` and ``trained`` to ``training`` and leaves meanings apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from notes.text.fold import fold

__all__ = ["TOKENS_VERSION", "is_ideographic", "runs", "stem", "tokenise", "tokens_of"]

TOKENS_VERSION = 2
"""Raised when :func:`tokenise` gives other tokens than before: indexes made with the old ones are rebuilt."""

_IDEOGRAPHIC = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# C++, C#, F#: a letter and a sign that is half of the name.
_SIGNED = r"[A-Za-z](?:\+\+|#)(?![+#]|{letter})"
_SIGNS = {"++": "plusplus", "#": "sharp"}
_VOWELS = frozenset("aeiouy")
_LONGEST_TOKEN = 60
_MOST_PARTS = 6


@cache  # patterns with ranges take a millisecond each to compile, which not every command should pay
def _ideograph() -> re.Pattern[str]:
    return re.compile(rf"[{_IDEOGRAPHIC}]")


@cache
def _run() -> re.Pattern[str]:
    letter = rf"[^\W_{_IDEOGRAPHIC}]"
    signed = _SIGNED.format(letter=letter)
    return re.compile(rf"(?P<ideographs>[{_IDEOGRAPHIC}]+)|{signed}|(?:{letter}+[.'’\-])*{letter}+")


@cache
def _ascii_run() -> re.Pattern[str]:
    signed = _SIGNED.format(letter="[A-Za-z0-9]")
    return re.compile(rf"{signed}|(?:[A-Za-z0-9]+[.'\-])*[A-Za-z0-9]+")


@cache
def _number() -> re.Pattern[str]:
    """A decimal or version, and arXiv's number of a paper with or without its version."""
    return re.compile(r"(\d+(?:\.\d+)+)(v\d+)?")


def is_ideographic(character: str) -> bool:
    """Whether a character belongs to a script that is written without spaces (Chinese, kana, Hangul)."""
    return character > "\u3004" and _ideograph().match(character) is not None


def tokenise(text: str) -> list[str]:
    """The tokens of ``text`` in reading order, with repetitions; a joined word gives its parts and itself."""
    tokens: list[str] = []
    folded = fold(text)
    if folded.isascii():
        for word in _ascii_run().findall(folded):
            tokens.extend(_word(word))
        return tokens
    for match in _run().finditer(folded):
        tokens.extend(_ideographs(match[0]) if match["ideographs"] else _word(match[0]))
    return tokens


def tokens_of(word: str) -> tuple[str, ...]:
    """The tokens of one word of :func:`runs` (not of ideographs)."""
    return _word(word.lower()) if word.isascii() else tuple(tokenise(word))


def runs(text: str) -> Iterator[tuple[int, str, bool]]:
    """The words and the runs of ideographs of ``text`` as they stand in it: place, text, whether of ideographs."""
    if text.isascii():
        yield from ((match.start(), match[0], False) for match in _ascii_run().finditer(text))
    else:
        yield from ((match.start(), match[0], bool(match["ideographs"])) for match in _run().finditer(text))


def stem(word: str) -> str:
    """``word`` (folded) without plural, ``-ed`` and ``-ing``; short words, names with digits and others stay."""
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    return _without_ending(_singular(word))


def _ideographs(run: str) -> Iterator[str]:
    for at, character in enumerate(run):
        yield character
        if at + 1 < len(run):
            yield run[at : at + 2]


@lru_cache(maxsize=100_000)  # a corpus says a million words, and few different ones
def _word(word: str) -> tuple[str, ...]:
    if word[0].isdigit() and (number := _number().fullmatch(word)):
        return tuple(part[:_LONGEST_TOKEN] for part in (number[1], number[2] and word) if part)
    if word[-1] in "+#":
        return word[0], word[0] + _SIGNS[word[1:]]
    parts = word.replace("'", "-").replace("’", "-").replace(".", "-").split("-")
    tokens = [stem(part)[:_LONGEST_TOKEN] for part in parts if part != "s"]
    if 1 < len(parts) <= _MOST_PARTS and parts[-1] != "s":
        tokens.append("".join(parts)[:_LONGEST_TOKEN])
    return tuple(tokens)


def _singular(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and not _VOWELS.isdisjoint(rest):
            return _repaired(rest)
    return word.removesuffix("e") if len(word) > 4 else word


def _repaired(rest: str) -> str:
    # "planning" and "plan" meet, "falling" and "fall" stay together; the silent e of "training"/"trade" is gone on both sides.
    if rest[-1] == rest[-2] and rest[-1] not in "lsz":
        return rest[:-1]
    return rest.removesuffix("e")
