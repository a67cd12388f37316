"""The closing section of a daily post: what the day holds for the readers whom it names."""

from __future__ import annotations

from collections.abc import Sequence

from notes.markup import inert
from publish.daily.edition import MOST_ALSO, Edition
from publish.post import page, telling
from publish.post.assignment import Assignment, Part
from publish.post.draft import Draft, section
from publish.post.phrase import Span, Statement, fill, joined
from publish.post.ties import tie_words
from publish.sources.brief import Story
from publish.sources.concerns import places_in, speaking_of
from publish.sources.extract import Quote, reports_of
from publish.sources.reading import nearness
from publish.wording.forms import Concern

__all__ = ["advice"]

_MOST_ADVICE = 4
_MOST_OF_A_CONCERN = 2
_MOST_NAMES = 3
_OWN_LANGUAGE = 1  # the farthest that still is: the other script of Chinese


def advice(draft: Draft, edition: Edition, audience: str) -> list[str]:
    """What concerns the audience, code to try, notes of their own to read beside it; nothing without an audience."""
    if not audience:
        return []
    places = places_in(audience)
    meaning = Assignment(part=Part.MEANING, stories=edition.told, most=_MOST_ADVICE)
    concerning = draft.retold(meaning) or [
        line for concern in Concern for line in _concerning(draft, edition, concern, places)
    ]
    lines = [*concerning, *draft.lines(_tasks(draft, edition)[:_MOST_ADVICE])]
    title = draft.words.for_audience.format(audience=inert.to_markdown(audience, links=False))
    return section(2, title, [page.bullets(lines)])


def _concerning(draft: Draft, edition: Edition, concern: Concern, places: tuple[str, ...]) -> list[str]:
    """The works of the post whose sources speak of the concern: in their sentence, or by name where that has been said."""
    words = draft.words
    said: list[tuple[Story, str]] = []
    lines: list[str] = []
    for story in (*edition.told, *edition.rest[:MOST_ALSO]):
        reports = reports_of(story.notes, words.lang)
        told = speaking_of(concern, reports, places)
        if told and draft.has_said(told.text):
            said.append((story, told.note_id))
            continue
        quote = speaking_of(concern, _readable(reports, words.lang), places)
        if quote and len(lines) < _MOST_OF_A_CONCERN and (sentence := draft.say(telling.quoted(quote, words=words))):
            name = page.render(telling.label(story, words), draft.number, draft.target)
            lines.append(f"{name}{words.colon}{sentence}")
    if said:
        named = [(*telling.label(story, words), Span("", refs=(note_id,))) for story, note_id in said[:_MOST_NAMES]]
        phrase = fill(words.concern_told, names=joined(words, named))
        lines.append(draft.say(Statement(phrase, tuple(note_id for _, note_id in said), cited=True), again=True))
    return [f"**{words.concerns[concern]}**{words.dash}{line}" for line in lines if line]


def _readable(reports: Sequence[Quote], lang: str) -> list[Quote]:
    """The reports in the reader's own language: here the post speaks to the reader, not for a source."""
    return [quote for quote in reports if nearness(quote.lang, lang) <= _OWN_LANGUAGE]


def _tasks(draft: Draft, edition: Edition) -> list[Statement]:
    words, known = draft.words, draft.notes
    tasks: list[Statement] = []
    for story in edition.told:
        if story.code:
            link = (Span(story.code.removeprefix("https://"), url=story.code),)
            phrase = fill(words.try_code, name=telling.label(story, words), link=link)
            tasks.append(Statement(phrase, story.note_ids))
        own = next((tie for tie in story.ties if tie.note_id in known and not known[tie.note_id].source_type), None)
        if own:
            note = (Span(telling.shown_title(known[own.note_id], words), target=own.note_id),)
            name, why = telling.label(story, words), tie_words(own, words)
            phrase = fill(words.read_beside, name=name, note=note, why=why)
            tasks.append(Statement(phrase, (*story.note_ids, own.note_id), cited=True))
    return tasks
