"""Sentences in the making: spans of our own words and of outside text, kept apart until the page is written.

A template of :mod:`publish.wording.words` is trusted, what fills its places is not; a :data:`Phrase` remembers which is which,
so that the page escapes exactly the outside text and the checker reads exactly the words that a reader will.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import Formatter

from notes.model import Claim, Relation, Tally
from publish.wording.words import Words

__all__ = ["Phrase", "Span", "Statement", "fill", "fixed", "joined", "linked", "outside", "plain", "strong"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence.

    ``ours`` marks fixed words; everything else came from outside. ``bold`` are the parts of ``text`` to set in bold (the whole,
    when it names the whole). ``target`` makes it a wikilink to a note, ``url`` a link; ``refs`` are the notes whose reference
    numbers follow it.
    """

    text: str
    ours: bool = False
    bold: tuple[str, ...] = ()
    target: str = ""
    url: str = ""
    refs: tuple[str, ...] = ()


Phrase = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence ready for the checker: its spans, the notes it rests on, what it quotes and what it counts.

    ``cited`` tells that the spans carry the references themselves; otherwise they follow the sentence. ``writer`` is who worded
    it, empty for Slipway's own extractive writer. ``relations`` rest on sentences that the phrase does not show.
    """

    phrase: Phrase
    note_ids: tuple[str, ...]
    quotes: tuple[str, ...] = ()
    tallies: tuple[Tally, ...] = ()
    cited: bool = False
    writer: str = ""
    relations: tuple[Relation, ...] = ()

    @property
    def claim(self) -> Claim:
        """The sentence as the checker sees it."""
        links = tuple(dict.fromkeys(span.url for span in self.phrase if span.url))
        ids = tuple(dict.fromkeys(self.note_ids))
        proof = tuple(one.sentence for one in self.relations)
        return Claim(plain(self.phrase), ids, (*self.quotes, *proof), self.tallies, links, self.writer, self.relations)


def fixed(text: str) -> Phrase:
    """Words of our own."""
    return (Span(text, ours=True),)


def outside(text: str, *, refs: Sequence[str] = ()) -> Phrase:
    """Text of a source."""
    return (Span(text, refs=tuple(refs)),)


def strong(text: str, *, refs: Sequence[str] = ()) -> Phrase:
    """Text of a source in bold."""
    return (Span(text, bold=(text,), refs=tuple(refs)),)


def linked(text: str, target: str) -> Phrase:
    """A wikilink to a note under the text."""
    return (Span(text, target=target),)


def plain(phrase: Phrase) -> str:
    """The words that a reader sees, without references and markup."""
    return "".join(span.text for span in phrase)


def fill(template: str, **values: Phrase) -> Phrase:
    """The template with its places filled; a space goes where Chinese meets Latin letters or digits at a joint."""
    spans: list[Span] = []
    for literal, name, _, _ in Formatter().parse(template):
        if literal:
            spans.append(Span(literal, ours=True))
        if name:
            spans.extend(values[name])
    return _spaced(spans)


def joined(words: Words, phrases: Iterable[Phrase], *, open_ended: bool = False) -> Phrase:
    """An enumeration: ``A, B and C``; with ``open_ended`` commas only."""
    parts = list(phrases)
    spans: list[Span] = []
    for position, part in enumerate(parts):
        if position:
            last = position == len(parts) - 1 and not open_ended
            spans.append(Span(words.last_comma if last else words.comma, ours=True))
        spans.extend(part)
    return _spaced(spans)


_HAN = r"[\u3400-\u9fff\uf900-\ufaff]"
_LATIN = r"[A-Za-z0-9\u00c0-\u024f\u0370-\u04ff%$+]"
_JOINT = re.compile(rf"{_HAN}{_LATIN}|{_LATIN}{_HAN}")


def _spaced(spans: Sequence[Span]) -> Phrase:
    kept: list[Span] = []
    for span in spans:
        if not span.text and not span.refs:
            continue
        if (
            span.text
            and kept
            and kept[-1].text
            and not kept[-1].refs
            and _JOINT.fullmatch(kept[-1].text[-1] + span.text[0])
        ):
            kept.append(Span(" ", ours=True))
        kept.append(span)
    return tuple(kept)
