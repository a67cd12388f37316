r"""The fields of a paper as arXiv's services write them: author lists, comments, TeX accents, categories."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ingest.reading.text import cut, one_line
from notes.identity import arxiv_category

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["authors", "categories", "comment", "untexed"]

_MAX_AUTHORS = 200_000  # characters: a collaboration of three thousand, with affiliations
_MAX_NESTING = 8
_MAX_COMMENT = 2_000  # characters; arXiv's form takes four hundred
_BETWEEN = re.compile(
    r"\s*[,;]\s*(?:and\s+)?|\s+(?:and|&)\s+|(?<=ollaboration):\s*|(?<=ollaborations):\s*|(?<=Team):\s*"
)
_SUFFIX = re.compile(r"(?:Jr|Sr|I{2,3}|IV)\.?")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_MATH = re.compile(r"(\$[^$]*\$)")
# https://info.arxiv.org/help/prep.html: what arXiv's own pages show as letters.
_COMBINING = "\u0301\u0300\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0328\u030a\u0323\u0331"
_MARKS = dict(zip("'`^\"~=.uvHckrdb", _COMBINING, strict=True))
_LETTERS = dict(zip("ss o O l L ae AE oe OE aa AA dh DH th TH i j".split(), "ßøØłŁæÆœŒåÅðÐþÞıȷ", strict=True))
_ACCENTED = re.compile(
    r"(?P<open>\{)?\\(?P<mark>['`^\"~=.]|[uvHckrdb](?=[\s{\\]))\s*"
    r"(?:\{\s*(?P<braced>\\?[A-Za-z])\s*\}|(?P<bare>\\[ij](?:\s+|(?![A-Za-z]))|[A-Za-z]))(?(open)\})"
)
# "GPT-4o\'s scores": an apostrophe that somebody escaped, which TeX would set over the s.
_POSSESSIVE = re.compile(r"(?<=[A-Za-z0-9])\\(?='s\b)")
_LETTER = re.compile(
    r"(?P<open>\{)?\\(?P<name>ss|ae|AE|oe|OE|aa|AA|dh|DH|th|TH|[oOlLij])(?:\{\}|\s+|(?![A-Za-z]))(?(open)\})"
)


def untexed(text: str) -> str:
    r"""The text with TeX's accents and letters as characters (``Erd\H{o}s``); formulas stay as they are."""
    if "\\" not in text:
        return text
    parts = _MATH.split(text)
    return "".join(part if place % 2 else _with_letters(part) for place, part in enumerate(parts))


def _with_letters(text: str) -> str:
    accented = _ACCENTED.sub(_accented, _POSSESSIVE.sub("", text))
    return _LETTER.sub(lambda match: _LETTERS[match["name"]], accented)


def _accented(match: re.Match[str]) -> str:
    letter = (match["braced"] or match["bare"]).removeprefix("\\").rstrip()
    made = unicodedata.normalize("NFC", letter + _MARKS[match["mark"]])
    # No such letter: the backslash meant something else.
    return made if len(made) == 1 else match[0]


def authors(text: str) -> tuple[str, ...]:
    """The names in a list such as ``A. Author (1), B. Author Jr. and C. Author ((1) Ohio)``, without affiliations."""
    text = untexed(one_line(text[:_MAX_AUTHORS]))
    for _ in range(_MAX_NESTING):
        before, text = text, _PARENTHESES.sub("", text)
        if text == before:
            break
    names: list[str] = []
    for name in (part.strip(" {}") for part in _BETWEEN.split(text)):
        if names and _SUFFIX.fullmatch(name):
            names[-1] += f" {name}"
        elif name and name.casefold() not in {"and", "et al.", "et al"}:
            names.append(name)
    return tuple(dict.fromkeys(names))


def categories(names: Iterable[str]) -> tuple[str, ...]:
    """The categories in their order, each once and by the name that arXiv itself uses; other classes are left out."""
    return tuple(dict.fromkeys(filter(None, map(arxiv_category, names))))


def comment(said: str, journal: str) -> str:
    """The authors' comment, and the journal where the paper appeared."""
    return cut("; ".join(part for part in (untexed(one_line(said)), untexed(one_line(journal))) if part), _MAX_COMMENT)
