"""Words for the lexical half: English words lightly stemmed, Chinese as characters and bigrams.

Chinese has no spaces, so a run of ideographs gives each character and each pair of neighbours:
a query of two characters finds its documents, and no segmenter has to agree with itself. The
stemmer is the first step of Porter's (1980, https://tartarus.org/martin/PorterStemmer/), which joins
``agents`` to ``agent`` and ``trained`` to ``training`` and leaves meanings apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from notes.text.fold import fold

__all__ = ["TOKENS_VERSION", "is_ideographic", "query_expression", "stem", "tokenise"]

TOKENS_VERSION = 1
"""Raised when :func:`tokenise` gives other tokens than before: indexes made with the old ones are rebuilt."""

_IDEOGRAPHIC = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(
    rf"(?P<ideographs>[{_IDEOGRAPHIC}]+)|(?P<word>(?:[^\W_{_IDEOGRAPHIC}]+[.'’\-])*[^\W_{_IDEOGRAPHIC}]+)"
)
_JOINT = re.compile(r"[.'’\-]")
_NUMBER = re.compile(r"\d+(?:\.\d+)+")
_ONE_IDEOGRAPH = re.compile(rf"[{_IDEOGRAPHIC}]")
_VOWEL = re.compile(r"[aeiouy]")
_LONGEST_TOKEN = 60
_MOST_PARTS = 6
_MOST_QUERY_TOKENS = 256


def is_ideographic(character: str) -> bool:
    """Whether a character belongs to a script that is written without spaces (Chinese, kana, Hangul)."""
    return _ONE_IDEOGRAPH.match(character) is not None


def tokenise(text: str) -> list[str]:
    """The tokens of ``text`` in reading order, with repetitions; a joined word gives its parts and itself."""
    tokens: list[str] = []
    for match in _RUN.finditer(fold(text)):
        tokens.extend(_ideographs(match[0]) if match["ideographs"] else _word(match[0]))
    return tokens


def query_expression(query: str) -> str:
    """The FTS5 expression for what a person typed: quoted tokens joined by OR, empty when there is no token.

    Nothing of FTS5's own syntax can come through: a token holds letters, digits, and points between digits only.
    """
    tokens = dict.fromkeys(tokenise(query))
    return " OR ".join(f'"{token}"' for token in list(tokens)[:_MOST_QUERY_TOKENS])


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
    if _NUMBER.fullmatch(word):
        return (word[:_LONGEST_TOKEN],)
    parts = _JOINT.split(word)
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
        if rest != word and len(rest) >= 3 and _VOWEL.search(rest):
            return _repaired(rest)
    return word.removesuffix("e") if len(word) > 4 else word


def _repaired(rest: str) -> str:
    # "planning" and "plan" meet, "falling" and "fall" stay together; the silent e of "training"/"trade" is gone on both sides.
    if rest[-1] == rest[-2] and rest[-1] not in "lsz":
        return rest[:-1]
    return rest.removesuffix("e")
