"""What leads to the sentences that tell a work: its background, what an objection objects to, the question that it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from notes.model import Role, VaultNote
from notes.text import sentences
from publish.sources.addressed import is_report
from publish.sources.evidence import source_text
from publish.sources.quote import Quote, quote_of
from publish.sources.retelling import points_back

__all__ = ["CONTRAST", "asked", "background", "lead_in"]

CONTRAST = re.compile(
    r"(?:however|yet|but|nevertheless|nonetheless|still)\b|[^,]{1,40}, however,|然而|但|不[过過]|可是", re.IGNORECASE
)
"""The opening of a sentence that objects to the one before it."""

_THIS_QUESTION = re.compile(r"\b(?:this|these) (?:\w+ )?questions?\b")
_MOST_LEAD_IN = 2  # sentences


def background(told: Sequence[Quote], by_note: Iterable[Sequence[Quote]]) -> list[Quote]:
    """What leads to the idea where no sentence tells the problem: the one before it, or the nearest."""
    idea = next((quote for quote in told if quote.role is Role.APPROACH), None)
    if idea is None or any(quote.role is Role.PROBLEM for quote in told):
        return []
    ahead = [
        quote
        for candidates in by_note
        for quote in candidates
        if quote.role is Role.CONTEXT and quote.note_id == idea.note_id and quote.position < idea.position
    ]
    return sorted(ahead, key=lambda quote: (points_back(quote.text), -quote.position))[:1]


def asked(told: Sequence[Quote], notes: Sequence[VaultNote]) -> list[Quote]:
    """The question that an idea answers ("we study this question by …"), where it stands right before it."""
    idea = next((quote for quote in told if quote.role is Role.APPROACH), None)
    if idea is None or not _THIS_QUESTION.search(idea.text):
        return []
    note = next(note for note in notes if note.id == idea.note_id)
    split = sentences.split(source_text(note))
    before = split[idea.position - 1] if 0 < idea.position < len(split) else ""
    if not before.endswith("?") or not is_report(before):
        return []
    return [replace(quote_of(before, Role.PROBLEM, note, idea.position - 1), figures=())]


def lead_in(told: Sequence[Quote], by_note: Iterable[Sequence[Quote]]) -> list[Quote]:
    """The sentence before one that objects ("However, …") or points back ("this paradigm suffers"): to what."""
    first = told[0]
    if first.role is not Role.PROBLEM or not (CONTRAST.match(first.text) or points_back(first.text)):
        return []
    chosen = {(quote.note_id, quote.position) for quote in told}
    every = {(quote.note_id, quote.position): quote for candidates in by_note for quote in candidates}
    ahead: list[Quote] = []
    for back in range(1, _MOST_LEAD_IN + 1):
        before = every.get((first.note_id, first.position - back))
        if before is None or (before.note_id, before.position) in chosen:
            return []
        ahead.insert(0, replace(before, role=Role.PROBLEM))
        if not (CONTRAST.match(before.text) or points_back(before.text)):
            return ahead
    return []
