"""Documents cut into passages: what a search hit shows and what is embedded.

Cuts fall between sections, else paragraphs, else sentences, else words. Offsets are into :attr:`Document.text`, so
``document.text[passage.start:passage.end] == passage.text`` always holds. Sentence ends are found here and not by
:mod:`notes.text.sentences`, which mends line breaks and so cannot give offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.texts.documents import Document, text_hash
from index.words.tokens import is_ideographic

__all__ = ["LIMIT", "Passage", "passages"]

LIMIT = 1000
"""Weighted characters of a passage; a model of 256 tokens reads about as much."""

WHOLE_LIMIT = 2000
"""A document up to this weight stays whole (an abstract, a short post), and its vector serves for both."""

_IDEOGRAPH_WEIGHT = 2.5  # a Chinese character says about as much as two and a half Latin letters
_ENDS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"(?<=[.!?])[\"'”’)\]]?\s+|(?<=[。！？；])[”’」』）]?|\n"),
    re.compile(r"\s+|(?<=[，、,])"),
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document: ``start`` and ``end`` are characters of its text, ``embedded`` what a model is given."""

    position: int
    heading: str
    start: int
    end: int
    text: str
    embedded: str

    @property
    def vector_hash(self) -> str:
        """The key of the passage's vector; a document that is one passage shares it with the whole."""
        return text_hash(self.embedded)


def passages(document: Document) -> tuple[Passage, ...]:
    """The passages of a document in reading order, at least one: a document without text is found by its title."""
    text = document.text
    if _weight(text) <= WHOLE_LIMIT:
        start, end = _trimmed(text, 0, len(text))
        return (Passage(0, _only_heading(document), start, end, text[start:end], document.whole),)
    return tuple(
        Passage(position, heading, start, end, text[start:end], _embedded(document.title, heading, text[start:end]))
        for position, (heading, start, end) in enumerate(_spans(document, text))
    )


def _only_heading(document: Document) -> str:
    headings = [heading for heading, text in document.sections if text.strip()]
    return headings[0] if len(headings) == 1 else ""


def _embedded(title: str, heading: str, text: str) -> str:
    return "\n".join(part for part in (title, heading, text) if part)


def _spans(document: Document, text: str) -> Iterator[tuple[str, int, int]]:
    for (heading, section), start in zip(document.sections, document.section_starts(), strict=True):
        for span in _merged(text, _pieces(text, start, start + len(section), level=0)):
            low, high = _trimmed(text, *span)
            if low < high:
                yield heading, low, high


def _pieces(text: str, start: int, end: int, *, level: int) -> Iterator[tuple[int, int]]:
    """Spans that cover ``start`` to ``end``, each light enough, cut at the coarsest boundary that does it."""
    if _weight(text[start:end]) <= LIMIT:
        yield start, end
    elif level == len(_ENDS):
        yield from _blunt(start, end)
    else:
        for low, high in _cut(text, start, end, _ENDS[level]):
            yield from _pieces(text, low, high, level=level + 1)


def _cut(text: str, start: int, end: int, boundary: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    low = start
    for match in boundary.finditer(text, start, end):
        if match.end() > low:
            yield low, match.end()
            low = match.end()
    if low < end:
        yield low, end


def _blunt(start: int, end: int) -> Iterator[tuple[int, int]]:
    step = int(LIMIT / _IDEOGRAPH_WEIGHT)
    for low in range(start, end, step):
        yield low, min(low + step, end)


def _merged(text: str, pieces: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring pieces joined as long as they stay light: a passage is a few sentences, not one."""
    low = high = -1
    weight = 0.0
    for start, end in pieces:
        added = _weight(text[start:end])
        if low >= 0 and weight + added <= LIMIT:
            high, weight = end, weight + added
            continue
        if low >= 0:
            yield low, high
        low, high, weight = start, end, added
    if low >= 0:
        yield low, high


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), max(start, end - len(piece) + len(piece.rstrip()))


def _weight(text: str) -> float:
    if text.isascii():
        return len(text)
    return len(text) + (_IDEOGRAPH_WEIGHT - 1) * sum(1 for character in text if is_ideographic(character))
