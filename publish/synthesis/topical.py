"""The trends one by one: how each goes, what bears it out, what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence

from notes.model import Role
from notes.text.fold import fold
from notes.trends import Trend
from publish import charts
from publish.post import page, telling
from publish.post.assignment import Assignment, Part
from publish.post.draft import Draft, section
from publish.post.phrase import Statement, fill, joined, outside, strong
from publish.sources.brief import Story
from publish.sources.extract import Quote
from publish.sources.findings import is_aside
from publish.sources.retelling import points_back
from publish.synthesis import overview
from publish.synthesis.courses import course_line, topic_name
from publish.synthesis.doubts import Doubt, doubts_of
from publish.synthesis.window import Group, Window
from publish.wording.words import Words

__all__ = ["named_line", "topical"]

_MOST_TRENDS = 6
_FEW_TRENDS = 2  # up to which each is told at length
_STORIES = 3
_MORE_STORIES = 6
_NAMES = 3
_MOST_AGAINST = 2
_MOST_TERMS = 6


def topical(draft: Draft, seen: Window, results: Sequence[Story]) -> list[str]:
    """A section for each leading topic, longer where there are few; what ``results`` found is left to their own sections."""
    later = frozenset(story.lead.id for story in results)
    groups = seen.groups[:_MOST_TRENDS]
    most = _MORE_STORIES if len(groups) <= _FEW_TRENDS else _STORIES
    return [part for group in groups for part in _trend(draft, group, most, later)]


def named_line(draft: Draft, story: Story, quotes: Sequence[Quote]) -> str:
    """The work by name and the first of the quotes that nobody has said."""
    words = draft.words
    # Beside a name alone nothing tells what "this gap" is.
    alone = [quote for quote in quotes if not points_back(quote.text)]
    sentence = next((said for quote in alone if (said := draft.say(telling.quoted(quote, words=words)))), "")
    name = page.render(strong(_label(draft, story)), draft.number, draft.target)
    return f"{name}{words.colon}{sentence}" if sentence else ""


def _trend(draft: Draft, group: Group, most: int, later: frozenset[str]) -> list[str]:
    """How it goes, its chart and terms, the works with the idea of each, what speaks against it, further names."""
    words = draft.words
    name = topic_name(group.topic, words)
    own = [story for story in group.stories if _idea(story, later)][:most]
    assignment = Assignment(part=Part.TREND, stories=group.stories[: 2 * most], subject=name, most=most)
    evidence = _evidence(draft, assignment, own, later)
    told: set[str] = set()
    against = _against(draft, group, told)
    course = course_line(draft, group.trend) if group.trend else ""
    chart = _chart(name, group.trend, words) if group.trend and course else ""
    # One that has just been told for what it found wanting is no further name.
    rest = [story for story in group.stories if story not in own and story.lead.id not in told][:_NAMES]
    return section(
        3,
        page.render(telling.topic_link(group.topic, words), draft.number, draft.target),
        [
            chart,
            course or overview.size(draft, group),
            _terms(draft, group),
            evidence,
            *against,
            _names(draft, words.trend_works, rest),
        ],
    )


def _chart(name: str, trend: Trend, words: Words) -> str:
    return charts.volumes([(name, trend.periods)], lang=words.lang, span=trend.span)


def _evidence(draft: Draft, assignment: Assignment, own: Sequence[Story], later: frozenset[str]) -> str:
    """The works with the idea of each and what it found, with its figure; another writer's sentences where there is one."""
    told = draft.retold(assignment)
    return page.bullets(told or [line for story in own if (line := named_line(draft, story, _idea(story, later)))])


def _idea(story: Story, later: frozenset[str]) -> tuple[Quote, ...]:
    """How the work goes about it, what it is first; else what came of it, unless that is told ``later``, or what it is about."""
    gist = story.gist.text if story.gist is not None else ""
    ideas = sorted(story.told(Role.APPROACH), key=lambda quote: not gist or gist not in quote.text)
    results = () if story.lead.id in later else story.told(Role.RESULT)
    every = (*ideas, *results) or (*story.told(Role.CONTEXT), *story.told(Role.PROBLEM))
    return tuple(sorted((one for one in every if not points_back(one.text)), key=lambda one: is_aside(one.text)))


def _against(draft: Draft, group: Group, told: set[str]) -> list[str]:
    """Findings that disappoint, then limits that the authors admit, each under its name: one of a work, the weightiest first.

    The works are added to ``told``.
    """
    words = draft.words
    parts: list[str] = []
    for kind, name in ((Doubt.FINDING, words.against), (Doubt.LIMIT, words.limits)):
        lines = _doubted(draft, group, kind, told)
        if lines:
            parts.append(f"**{name}**{words.colon}\n\n{page.bullets(lines)}")
    return parts


def _doubted(draft: Draft, group: Group, kind: Doubt, told: set[str]) -> list[str]:
    """A line for each work that says such a thing and is not ``told`` yet, as long as there is room; it is told then."""
    lines: list[str] = []
    for story in group.stories:
        if len(told) < _MOST_AGAINST and story.lead.id not in told:
            quotes = [quote for _, quote in doubts_of(story, draft.words.lang, (kind,))]
            if line := named_line(draft, story, quotes):
                told.add(story.lead.id)
                lines.append(line)
    return lines


def _terms(draft: Draft, group: Group) -> str:
    words = draft.words
    name = fold(topic_name(group.topic, words))
    terms = [outside(term) for term in group.topic.terms if fold(term) not in name][:_MOST_TERMS]
    if len(terms) < 2:
        return ""
    ids = tuple(note.id for note in group.notes)
    return draft.say(Statement(fill(words.trend_terms, terms=joined(words, terms, open_ended=True)), ids, cited=True))


def _names(draft: Draft, template: str, stories: Sequence[Story]) -> str:
    if not stories:
        return ""
    names = joined(draft.words, [telling.named(story, draft.words) for story in stories])
    ids = tuple(note_id for story in stories for note_id in story.note_ids)
    return draft.say(Statement(fill(template, names=names), ids, cited=True))


def _label(draft: Draft, story: Story) -> str:
    return "".join(span.text for span in telling.label(story, draft.words))
