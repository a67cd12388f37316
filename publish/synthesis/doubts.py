"""What speaks against a work's claims, in its own words, by how hard it is: a finding, an admitted limit, an open problem."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from notes.model import Role
from publish.sources.brief import Story
from publish.sources.extract import Quote, reports_of
from publish.synthesis.admitted import disappoints, is_called_open, is_limit, is_open_problem

__all__ = ["Doubt", "doubts_of"]


class Doubt(IntEnum):
    """What a sentence says against, the hardest first."""

    FINDING = 1
    LIMIT = 2
    PROBLEM = 3


def doubts_of(story: Story, language: str, kinds: Sequence[Doubt] = tuple(Doubt)) -> list[tuple[Doubt, Quote]]:
    """The sentences of these kinds, the hardest first, then in reading order.

    Findings and limits stand behind the idea: before it stands what is wrong with others. Of problems the one that the work
    sets out to solve goes before those that it mentions.
    """
    idea = next((quote.position for quote in story.told(Role.APPROACH)), 0)
    sentences = {
        quote.text: quote
        for quote in (*story.told(Role.LIMITATION), *reports_of(story.notes, language, _speaks_against))
    }
    read = ((_kind(quote, idea), quote) for quote in sentences.values())
    found = [(kind, quote) for kind, quote in read if kind is not None and kind in kinds]
    told = {quote.text for quote in story.told(Role.PROBLEM)}
    return sorted(found, key=lambda one: (one[0], one[1].text not in told, one[1].position))


def _speaks_against(sentence: str) -> bool:
    return disappoints(sentence) or is_limit(sentence) or is_open_problem(sentence)


def _kind(quote: Quote, idea: int) -> Doubt | None:
    if quote.position > idea and disappoints(quote.text):
        return Doubt.FINDING
    by_place = quote.role is Role.LIMITATION
    if quote.position > idea and is_limit(quote.text, by_place=by_place):
        return Doubt.LIMIT
    # Before the idea stands what the work itself takes up; only what is called open stays so.
    is_left = quote.position > idea or is_called_open(quote.text)
    return Doubt.PROBLEM if is_left and is_open_problem(quote.text) else None
