"""Key results and open problems: what works found with figures, and what their authors say is not solved."""

from __future__ import annotations

from collections import Counter

from notes.model import Role
from publish.post import page, telling
from publish.post.byline import byline
from publish.post.draft import Draft, section
from publish.post.phrase import outside
from publish.sources.brief import Story
from publish.sources.evidence import source_text
from publish.sources.extract import Quote
from publish.sources.retelling import speaks_of_itself
from publish.synthesis.doubts import Doubt, doubts_of
from publish.synthesis.topical import named_line
from publish.synthesis.window import Window

__all__ = ["chosen_results", "key_results", "open_problems"]

_FEW, _MANY = 4, 6  # results of a window, and of one with many notes
_MANY_NOTES = 100
_OF_A_TOPIC = 2
_FEW_LIMITS, _MANY_LIMITS = 6, 8
_MOST_ASKED = 300  # works, weightiest first, whose sentences are looked through for doubts
_ROLES = (Role.PROBLEM, Role.APPROACH, Role.RESULT)


def chosen_results(seen: Window) -> tuple[Story, ...]:
    """The weightiest works whose result is told with a figure, few of one topic."""
    most = _MANY if len(seen.notes) >= _MANY_NOTES else _FEW
    of_topic: Counter[str] = Counter()
    chosen: list[Story] = []
    for story in seen.stories:
        topic = story.topic.id if story.topic else story.lead.id
        if len(chosen) < most and _is_measured(story) and of_topic[topic] < _OF_A_TOPIC:
            of_topic[topic] += 1
            chosen.append(story)
    return tuple(chosen)


def key_results(draft: Draft, results: tuple[Story, ...]) -> list[str]:
    """Each work with a section of its own: where it comes from, problem, idea, result."""
    return [part for story in results for part in _result(draft, story)]


def open_problems(draft: Draft, seen: Window) -> list[str]:
    """What was found wanting, what authors admit, what they call unsolved: one of a work, few of a topic and of a kind."""
    many = len(seen.notes) >= _MANY_NOTES
    most = _MANY_LIMITS if many else _FEW_LIMITS
    doubts = {story.lead.id: doubts_of(story, draft.words.lang) for story in seen.stories[:_MOST_ASKED]}
    of_topic: Counter[str] = Counter()
    lines: dict[str, str] = {}
    for kind in Doubt:
        room = len(lines) + most - (most // 2 if kind is Doubt.FINDING else 0)
        for story in seen.stories[:_MOST_ASKED]:
            topic = story.topic.id if story.topic else story.lead.id
            if len(lines) >= min(most, room) or story.lead.id in lines or of_topic[topic] >= _OF_A_TOPIC:
                continue
            own = [quote for held, quote in doubts[story.lead.id] if held is kind and _is_authors(draft, quote)]
            if line := named_line(draft, story, own):
                of_topic[topic] += 1
                lines[story.lead.id] = line
    return list(lines.values())


def _is_authors(draft: Draft, quote: Quote) -> bool:
    """Whether those who did the work speak: in a paper, or in a text that says "we"; an article about others does not."""
    return quote.paper or speaks_of_itself(source_text(draft.notes[quote.note_id]))


def _result(draft: Draft, story: Story) -> list[str]:
    told = [quotes for role in _ROLES if (quotes := story.told(role)) and not _is_told(draft, role, quotes)]
    parts = [telling.role_paragraph(draft, quotes) for quotes in told]
    if not any(parts):
        return []
    title = outside(telling.shown_title(story.headline, draft.words))
    return section(
        3,
        page.render(title, draft.number, draft.target),
        [draft.say(byline(story, draft.words), again=True), *parts],
    )


def _is_told(draft: Draft, role: Role, quotes: tuple[Quote, ...]) -> bool:
    """Whether the trends have told the idea: what follows it does not stand alone."""
    return role is Role.APPROACH and draft.has_said(quotes[0].text)


def _is_measured(story: Story) -> bool:
    """Whether a result of the work is told with a figure."""
    return any(quote.figures for quote in story.told(Role.RESULT))
