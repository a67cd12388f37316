"""Nothing invented: the judge of every sentence of a post, whoever wrote it.

A claim is kept when

1. it names at least one note and all that it names exist;
2. what it says it quotes, and whatever stands in quotation marks at length, stands word for word in one of those notes;
3. every number in it stands, by value, in the title or text of one of those notes, or is a tally that comes out the same when it
   is counted again (:class:`notes.model.Tally`);
4. it takes no figure out of a sentence that may take it back (:mod:`notes.text.hedges`), nor one out of a list that the sentence
   deals out (:mod:`publish.sources.dealing`): it is quoted whole or not at all;
5. what it says of how one work stands to another is read again from the sentence that it names (:class:`notes.model.Relation`);
6. a sentence that a model worded goes beyond its notes in nothing else either (:mod:`publish.checking.worded`).

The writers ask :func:`examine` before they place a sentence; :func:`check` judges a finished post.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain

from notes.model import Claim, Post, RelationKind, Tally, TallyKind, VaultNote
from notes.quantities.figures import numbers_rest_on, values
from notes.text import sentences
from notes.text.hedges import is_hedged
from notes.text.language import cjk_share
from notes.trends import Trend
from publish.checking.worded import strays
from publish.checking.worded_spelling import as_noted
from publish.sources.dealing import breaks_list
from publish.sources.evidence import addresses, carriers, contains, normalise, source_text, witness
from publish.sources.readable import readable
from publish.sources.relations import naming, relation
from publish.sources.works import short_name
from publish.wording.words import LANGUAGES, words_for

__all__ = ["CheckReport", "Judge", "check", "examine"]

Judge = Callable[[Claim, Mapping[str, VaultNote]], str]
"""Gives the reason why a claim must be dropped, or an empty string."""

_QUOTED = re.compile(r"“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|\"([^\"]+)\"")
# Shorter runs in quotation marks are names and terms, not speech.
_LONG_WORDS = 4
_LONG_CHARACTERS = 10
_DIGIT = re.compile(r"\d")
# What takes no figure back that is told in other words: a figure beside another, a failure that is what was counted.
_SET_BESIDE = re.compile(
    r"\b(?:instead of|rather than|as opposed to|in place of|fail(?:s|ed|ing|ures?)?(?! to\b)|contradict\w*)\b|而不是|而非|失败",
    re.IGNORECASE,
)
_CONTRASTED = re.compile(r"[;；]|,?\s(?:while|whereas)\s")
_STOPS = " .。!！?？…"
_CUT = "cut from a sentence that takes it back"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The claims of a post that stand, and those that do not with the reason."""

    kept: tuple[Claim, ...]
    dropped: tuple[tuple[Claim, str], ...]


def check(post: Post, notes: Mapping[str, VaultNote], trends: Sequence[Trend] = ()) -> CheckReport:
    """Judge every claim of a finished post against the notes of the vault, by id, and the trends as of its day."""
    verdicts = [(claim, examine(claim, notes, trends)) for claim in post.claims]
    kept = tuple(claim for claim, reason in verdicts if not reason)
    return CheckReport(kept, tuple((claim, reason) for claim, reason in verdicts if reason))


def examine(claim: Claim, notes: Mapping[str, VaultNote], trends: Sequence[Trend] = ()) -> str:
    """Why the claim must be dropped; empty when it stands. Without the ``trends`` no count of one stands."""
    if not claim.note_ids:
        return "names no note"
    missing = [note_id for note_id in claim.note_ids if note_id not in notes]
    if missing:
        return f"names a note that does not exist: {missing[0]}"
    named = [notes[note_id] for note_id in claim.note_ids]
    found = (
        _misquotes(claim, named)
        or _miscounts(claim, notes, trends)
        or _leads_astray(claim, named)
        or _misrelates(claim, notes)
    )
    spelled = replace(claim, text=as_noted(claim.text, named)) if claim.writer else claim
    return found or _invents(spelled, named) or _takes_out(spelled, named) or _strays(spelled, named)


def _leads_astray(claim: Claim, named: Sequence[VaultNote]) -> str:
    if not claim.links:
        return ""
    known = {address for note in named for address in (*addresses(note), *note.references)}
    strange = [link for link in claim.links if link not in known]
    return f"a link that stands in none of its notes: {strange[0]}" if strange else ""


def _strays(claim: Claim, named: Sequence[VaultNote]) -> str:
    """What a model worded is asked for more than its numbers."""
    return strays(_without(claim.text, [tally.text for tally in claim.tallies]), named) if claim.writer else ""


def _misquotes(claim: Claim, named: Sequence[VaultNote]) -> str:
    for quote in (*claim.quotes, *_quoted(claim.text)):
        # A long title may be cut, and says so.
        if not any(contains(note, quote.removesuffix("…")) for note in named):
            return f"not word for word in its notes: {quote}"
    return ""


def _miscounts(claim: Claim, notes: Mapping[str, VaultNote], trends: Sequence[Trend]) -> str:
    for tally in claim.tallies:
        if tally.text not in claim.text:
            return f"a tally that the sentence does not hold: {tally.text}"
        if not (_trends(tally, trends) if tally.kind is TallyKind.TREND else _tallies(tally, claim, notes)):
            return f"comes out otherwise when counted again: {tally.text}"
    return ""


def _misrelates(claim: Claim, notes: Mapping[str, VaultNote]) -> str:
    """Read each relation again: the name in a sentence of the one note, what it says, and that the other goes by it."""
    for told in claim.relations:
        if told.of not in claim.note_ids or told.to not in claim.note_ids:
            return f"relates works that it does not name: {told.name}"
        note, other = notes[told.of], notes[told.to]
        if told.sentence not in naming(note, told.name) or told.name != short_name(other.title):
            return f"no sentence of its note names it: {told.name}"
        if relation(told.sentence, told.name, own=short_name(note.title), to=other) is not told.kind:
            return f"its sentence does not say so: {told.kind.value} {told.name}"
        if not _says(claim.text, told.kind):
            return f"says another relation than its sentence: {told.name}"
    return ""


def _says(text: str, kind: RelationKind) -> bool:
    """Whether a text holds the fixed words of a relation in one of the languages."""
    forms = (getattr(words_for(lang), f"tie_{kind.value}").partition("{name}") for lang in LANGUAGES)
    return any(before.strip() in text and after.strip() in text for before, _, after in forms)


def _invents(claim: Claim, named: Sequence[VaultNote]) -> str:
    rest = _without(claim.text, [tally.text for tally in claim.tallies])
    if not _holds_number(rest):
        return ""
    evidence = (text for note in named for text in witness(note))
    return "" if numbers_rest_on(rest, evidence) else f"a number that stands in none of its notes: {claim.text}"


def _takes_out(claim: Claim, named: Sequence[VaultNote]) -> str:
    """A part of a sentence that says otherwise as a whole, or, where nothing hedges, a number of a hedged one."""
    quotes = [quote for quote in (*claim.quotes, *_quoted(claim.text)) if _holds_number(quote)]
    for quote in quotes:
        if reason := _is_cut(quote, named):
            return reason
    rest = _without(claim.text, [*quotes, *(tally.text for tally in claim.tallies)])
    if not _holds_number(rest) or is_hedged(rest):
        return ""
    named_by = (text for note in named for text in (readable(note.title), *carriers([note]), *addresses(note)))
    told = (one for note in named for one in _sentences(source_text(note)))
    stands = (part for one, hedged in told for part in _unhedged(one, hedged, is_retold=bool(claim.writer)))
    return "" if numbers_rest_on(rest, chain(named_by, stands)) else _CUT


def _unhedged(sentence: str, hedged: bool, *, is_retold: bool) -> Iterator[str]:
    """Of a hedged sentence nothing; where it is told in other words, its parts that are not hedged themselves."""
    if not hedged:
        yield sentence
    elif is_retold:
        yield from (part for part in _CONTRASTED.split(sentence) if not is_hedged(_SET_BESIDE.sub(" ", part)))


def _is_cut(quote: str, named: Sequence[VaultNote]) -> str:
    """Why the quote may not be cut as it is, where it stands only inside such sentences; empty where it may."""
    part = normalise(quote).rstrip(_STOPS)
    reason = ""
    for text in (source_text(note) for note in named):
        # Splitting is dear: a claim may name thousands of notes.
        for sentence, hedged in _sentences(text) if part in normalise(text) else ():
            if part not in sentence:
                continue
            if _is_whole(part, sentence) or not (hedged or breaks_list(part, sentence)):
                return ""
            reason = reason or (_CUT if hedged else "cut from a list that its sentence deals out")
    return reason


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
    if tally.kind is TallyKind.TREND or not set(tally.note_ids) <= set(claim.note_ids):
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
        case TallyKind.WEEK | TallyKind.MONTH as kind:
            return tally.end is not None and tally.text in _written(kind.value, tally.end) and _by(tally.end, counted)


def _trends(tally: Tally, trends: Sequence[Trend]) -> bool:
    """Count a trend again over its periods; all that came in, where the text tells no share."""
    if tally.start is None or tally.end is None:
        return False
    held = [trend.over(tally.start, tally.end) for trend in trends if trend.key == tally.of]
    forms = [words_for(lang) for lang in LANGUAGES]
    told = {words.share(one.count, one.volume) for words in forms for one in held}
    told |= {words.texts(one.volume) for words in forms for one in held}
    return tally.text in told | {trend.certainty for trend in trends if trend.key == tally.of}


def _counted(number: int) -> set[str]:
    """The wordings of a number of notes; no other wording passes, so that no percentage hides behind a count."""
    return {count(number) for lang in LANGUAGES for count in (words_for(lang).notes, words_for(lang).works)}


def _dated(text: str, note: VaultNote) -> bool:
    return any(text in _written("day", day) for day in (note.created, note.published) if day is not None)


def _spans(tally: Tally, counted: list[VaultNote]) -> bool:
    if tally.start is None or tally.end is None:
        return False
    forms = {form for lang in LANGUAGES for form in words_for(lang).spans(tally.start, tally.end)}
    within = all(note.created is not None and tally.start <= note.created <= tally.end for note in counted)
    return tally.text in forms and within


def _by(end: date, counted: list[VaultNote]) -> bool:
    return all(note.created is not None and note.created <= end for note in counted)


def _written(form: str, day: date) -> set[str]:
    return {getattr(words_for(lang), form)(day) for lang in LANGUAGES}
