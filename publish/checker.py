"""Nothing invented: the judge of every sentence of a post, whoever wrote it.

A claim is kept when

1. it names at least one note and all that it names exist;
2. what it says it quotes, and whatever stands in quotation marks at length, stands word for word in one of those notes;
3. every number in it stands, by value, in the title or text of one of those notes, or is a tally that comes out the same when it
   is counted again (:class:`notes.model.Tally`);
4. it takes no figure out of a sentence that may take it back (:mod:`notes.text.hedges`): it is quoted whole or not at all.

The writers ask :func:`examine` before they place a sentence; :func:`check` judges a finished post.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from notes.model import Claim, Post, Tally, TallyKind, VaultNote
from notes.quantities.figures import numbers_rest_on, values
from notes.text import sentences
from notes.text.hedges import is_hedged
from notes.text.language import cjk_share
from publish.evidence import addresses, carriers, contains, normalise, source_text, witness
from publish.readable import readable
from publish.words import LANGUAGES, words_for

__all__ = ["CheckReport", "Judge", "check", "examine"]

Judge = Callable[[Claim, Mapping[str, VaultNote]], str]
"""Gives the reason why a claim must be dropped, or an empty string."""

_QUOTED = re.compile(r"“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|\"([^\"]+)\"")
# Shorter runs in quotation marks are names and terms, not speech.
_LONG_WORDS = 4
_LONG_CHARACTERS = 10
_DIGIT = re.compile(r"\d")
_STOPS = " .。!！?？…"
_CUT = "cut from a sentence that takes it back"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The claims of a post that stand, and those that do not with the reason."""

    kept: tuple[Claim, ...]
    dropped: tuple[tuple[Claim, str], ...]


def check(post: Post, notes: Mapping[str, VaultNote]) -> CheckReport:
    """Judge every claim of a finished post against the notes of the vault, by id."""
    verdicts = [(claim, examine(claim, notes)) for claim in post.claims]
    kept = tuple(claim for claim, reason in verdicts if not reason)
    return CheckReport(kept, tuple((claim, reason) for claim, reason in verdicts if reason))


def examine(claim: Claim, notes: Mapping[str, VaultNote]) -> str:
    """Why the claim must be dropped; empty when it stands."""
    if not claim.note_ids:
        return "names no note"
    missing = [note_id for note_id in claim.note_ids if note_id not in notes]
    if missing:
        return f"names a note that does not exist: {missing[0]}"
    named = [notes[note_id] for note_id in claim.note_ids]
    return _misquotes(claim, named) or _miscounts(claim, notes) or _invents(claim, named) or _takes_out(claim, named)


def _misquotes(claim: Claim, named: Sequence[VaultNote]) -> str:
    for quote in (*claim.quotes, *_quoted(claim.text)):
        # A long title may be cut, and says so.
        if not any(contains(note, quote.removesuffix("…")) for note in named):
            return f"not word for word in its notes: {quote}"
    return ""


def _miscounts(claim: Claim, notes: Mapping[str, VaultNote]) -> str:
    for tally in claim.tallies:
        if tally.text not in claim.text:
            return f"a tally that the sentence does not hold: {tally.text}"
        if not _tallies(tally, claim, notes):
            return f"comes out otherwise when counted again: {tally.text}"
    return ""


def _invents(claim: Claim, named: Sequence[VaultNote]) -> str:
    rest = _without(claim.text, [tally.text for tally in claim.tallies])
    if not _holds_number(rest):
        return ""
    evidence = [text for note in named for text in witness(note)]
    return "" if numbers_rest_on(rest, evidence) else f"a number that stands in none of its notes: {claim.text}"


def _takes_out(claim: Claim, named: Sequence[VaultNote]) -> str:
    """A part of a hedged sentence with a number, or a number of one without its sentence, in a claim that does not hedge."""
    told = [sentence for note in named for sentence in _sentences(source_text(note))]
    quotes = [quote for quote in (*claim.quotes, *_quoted(claim.text)) if _holds_number(quote)]
    rest = _without(claim.text, [*quotes, *(tally.text for tally in claim.tallies)])
    if any(_is_cut(quote, told) for quote in quotes):
        return _CUT
    if not _holds_number(rest) or is_hedged(rest):
        return ""
    named_by = (text for note in named for text in (readable(note.title), *carriers([note]), *addresses(note)))
    stands = [*named_by, *(sentence for sentence, hedged in told if not hedged)]
    return "" if numbers_rest_on(rest, stands) else _CUT


def _is_cut(quote: str, told: Sequence[tuple[str, bool]]) -> bool:
    """Whether the quote stands only inside hedged sentences, as a part of each."""
    part = normalise(quote).rstrip(_STOPS)
    holding = [(sentence, hedged) for sentence, hedged in told if part in sentence]
    return bool(holding) and all(hedged and not _is_whole(part, sentence) for sentence, hedged in holding)


def _is_whole(part: str, sentence: str) -> bool:
    return part in {sentence.rstrip(_STOPS), sentences.tidy(sentence).rstrip(_STOPS)}


@lru_cache(maxsize=512)
def _sentences(text: str) -> tuple[tuple[str, bool], ...]:
    """The sentences of a text, each with whether it is hedged."""
    return tuple((normalise(sentence), is_hedged(sentence)) for sentence in sentences.split(text))


def _holds_number(text: str) -> bool:
    return bool(values(text)) or _DIGIT.search(text) is not None


def _without(text: str, parts: Sequence[str]) -> str:
    for part in parts:
        text = text.replace(part, " ", 1)
    return text


def _quoted(text: str) -> list[str]:
    found = ["".join(groups) for groups in _QUOTED.findall(text)]
    return [quote for quote in found if _is_long(quote)]


def _is_long(quote: str) -> bool:
    if cjk_share(quote) > 0.5:
        return len(quote) >= _LONG_CHARACTERS
    return len(quote.split()) >= _LONG_WORDS


def _tallies(tally: Tally, claim: Claim, notes: Mapping[str, VaultNote]) -> bool:
    """Count again; a tally may count only notes that its sentence names."""
    if not set(tally.note_ids) <= set(claim.note_ids):
        return False
    counted = [notes[note_id] for note_id in dict.fromkeys(tally.note_ids)]
    match tally.kind:
        case TallyKind.NOTES:
            return tally.text in _counted(len(counted))
        case TallyKind.SOURCES:
            sources = len(carriers(counted))
            return tally.text in {words_for(lang).source_count(sources) for lang in LANGUAGES}
        case TallyKind.DAY:
            return bool(counted) and all(_dated(tally.text, note) for note in counted)
        case TallyKind.SPAN:
            return _spans(tally, counted)
        case TallyKind.WEEK:
            return tally.end is not None and tally.text in _written("week", tally.end) and _by(tally.end, counted)


def _counted(number: int) -> set[str]:
    """The wordings of a number of notes; no other wording passes, so that no percentage hides behind a count."""
    return {count(number) for lang in LANGUAGES for count in (words_for(lang).notes, words_for(lang).works)}


def _dated(text: str, note: VaultNote) -> bool:
    return any(text in _written("day", day) for day in (note.created, note.published) if day is not None)


def _spans(tally: Tally, counted: list[VaultNote]) -> bool:
    if tally.start is None or tally.end is None:
        return False
    forms = {words_for(lang).span(tally.start, tally.end) for lang in LANGUAGES}
    within = all(note.created is not None and tally.start <= note.created <= tally.end for note in counted)
    return tally.text in forms and within


def _by(end: date, counted: list[VaultNote]) -> bool:
    return all(note.created is not None and note.created <= end for note in counted)


def _written(form: str, day: date) -> set[str]:
    forms = (words_for(lang) for lang in LANGUAGES)
    return {words.day(day) if form == "day" else words.week(day) for words in forms}
