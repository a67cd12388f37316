"""The passages of a note that bear a sentence of a post: what a reader compares it with.

They are the sentences that hold its quotes, then those that hold its numbers, the title where it is named, and where there is
none of these the sentence that shares most of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from notes.model import VaultNote
from notes.quantities.numbers import values
from notes.text import sentences
from notes.text.fold import fold
from notes.text.keyphrases import STOPWORDS
from notes.text.language import cjk_share
from publish.checking.worded_concepts import concepts
from publish.sources.evidence import normalise, source_text
from publish.sources.readable import readable
from publish.sources.retelling import is_retold

__all__ = ["Bears", "Passage", "passages"]

_MOST = 3
_LEAST_SHARE = 0.4  # of the words of a sentence
_LEAST_CONCEPTS = 2
_CHINESE_SHARE = 0.3
_WORD = re.compile(r"[a-z0-9][a-z0-9.%+-]*[a-z0-9%+]|[a-z0-9]|(?=([\u3400-\u9fff]{2}))")
_MARKED = re.compile(r"“([^“”]+)”|「([^「」]+)」|『([^『』]+)』")
# A label before a sentence: "Result: ", "结果：", a name.
_LABEL = re.compile(r"^[^:：.。]{1,60}(?:: |：)")
_LEAST_LENGTH = 8
_STOPS = " .。!！?？…"


class Bears(StrEnum):
    """What of the sentence a passage holds."""

    QUOTE = "quote"
    NUMBER = "number"
    TITLE = "title"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a note, or its title, and what it bears."""

    text: str
    bears: Bears


def passages(text: str, quotes: Sequence[str], note: VaultNote) -> tuple[Passage, ...]:
    """The passages of the note that bear the sentence ``text``, strongest first; none where it shares nothing with it."""
    found: dict[str, Bears] = {}
    for passage in (*_quoting(text, quotes, note), *_naming(text, note)):
        found.setdefault(passage.text, passage.bears)
    missing = set(values(text)) - {value for one in found for value in values(one)}
    for passage in _numbering(text, missing, note):
        found.setdefault(passage.text, passage.bears)
    if not found:
        found |= {passage.text: passage.bears for passage in _sharing(text, note)}
    order = list(Bears)
    ranked = sorted(found, key=lambda one: order.index(found[one]))
    return tuple(Passage(one, found[one]) for one in ranked[:_MOST])


@lru_cache(maxsize=1024)
def _told(text: str) -> tuple[str, ...]:
    return sentences.split(text)


def _quoting(text: str, quotes: Sequence[str], note: VaultNote) -> Iterator[Passage]:
    """The sentences that hold a quote or a part of a longer one, or of which the text is a retelling."""
    marked = ("".join(groups) for groups in _MARKED.findall(text))
    wanted = [part for quote in (*quotes, *marked) if (part := normalise(quote).rstrip(_STOPS))]
    spoken = (text, _LABEL.sub("", text, count=1))
    whole = normalise(text)
    for told in _told(source_text(note)):
        spelled = normalise(told).rstrip(_STOPS)
        if (
            any(part in spelled or spelled in part for part in wanted)
            or (len(spelled) >= _LEAST_LENGTH and spelled in whole)
            or any(is_retold(one, told) for one in spoken)
        ):
            yield Passage(told, Bears.QUOTE)


def _naming(text: str, note: VaultNote) -> Iterator[Passage]:
    title = readable(note.title)
    spelled = fold(normalise(title))
    if spelled and (spelled in fold(text) or any(fold(part.rstrip("…")) in spelled for part in _titles(text))):
        yield Passage(title, Bears.TITLE)


def _titles(text: str) -> Iterator[str]:
    """Parts of a text that may be a title: what is marked, a name before a colon, the whole."""
    yield from ("".join(groups) for groups in _MARKED.findall(text))
    head = re.split(r"[:：]", text)[0].strip()
    if head:
        yield head


def _numbering(text: str, wanted: set[float], note: VaultNote) -> Iterator[Passage]:
    """For each number the sentence that holds it and shares most words."""
    if not wanted:
        return
    told = [(one, set(values(one)) & wanted) for one in (readable(note.title), *_told(source_text(note)))]
    words = _words(text)
    holding = sorted((one for one in told if one[1]), key=lambda one: (-len(one[1]), -len(_words(one[0]) & words)))
    left = set(wanted)
    for one, held in holding:
        if held & left:
            yield Passage(one, Bears.NUMBER)
            left -= held


def _sharing(text: str, note: VaultNote) -> Iterator[Passage]:
    words = _words(text)
    shared = [(len(words & _words(one)), one) for one in _told(source_text(note))]
    most, best = max(shared, key=lambda one: one[0], default=(0, ""))
    if words and most >= _LEAST_SHARE * len(words):
        yield Passage(best, Bears.WORDS)
    elif _is_chinese(text) != _is_chinese(source_text(note)):
        yield from _translated(text, note)


def _is_chinese(text: str) -> bool:
    return cjk_share(text) > _CHINESE_SHARE


def _translated(text: str, note: VaultNote) -> Iterator[Passage]:
    """The sentence that speaks of most of what a sentence in the other language speaks of."""
    spoken = concepts(text)
    shared = [(len(spoken & concepts(one)), one) for one in _told(source_text(note))]
    most, best = max(shared, key=lambda one: one[0], default=(0, ""))
    if most >= _LEAST_CONCEPTS:
        yield Passage(best, Bears.WORDS)


def _words(text: str) -> frozenset[str]:
    found = (match[1] or match[0] for match in _WORD.finditer(fold(text)))
    return frozenset(word for word in found if word and word not in STOPWORDS)
