"""What to do this week, this month, this quarter: derived from the works, told in the post, and given as tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from notes.model import Role
from publish.post import page, telling
from publish.post.draft import Draft
from publish.post.phrase import Phrase, Span, Statement, fill, fixed, joined, outside
from publish.sources.brief import Story
from publish.sources.extract import Quote, StoryFigure
from publish.sources.retelling import points_back
from publish.synthesis.admitted import is_limit
from publish.synthesis.courses import topic_name
from publish.synthesis.results import chosen_results
from publish.synthesis.scoreboard import best_score
from publish.synthesis.window import Group, Window
from publish.wording.words import Words

__all__ = ["Action", "Term", "Verb", "actions"]

_MOST_TO_READ = 3
_MOST_TO_TRY = 2
_MOST_TO_TEST = 2
_MOST_TO_COMPARE = 2
_MOST_TO_FOLLOW = 2


class Term(StrEnum):
    """By when."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Verb(StrEnum):
    """What is to be done."""

    READ = "read"
    REPRODUCE = "reproduce"
    COMPARE = "compare"
    EXAMINE = "examine"
    FOLLOW = "follow"


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do with the note ``note_id``; ``subject`` is the benchmark to compare on, or the topic to follow."""

    term: Term
    verb: Verb
    note_id: str
    title: str
    subject: str = ""

    @property
    def key(self) -> str:
        """By which the same action is known again, in whatever synthesis."""
        return f"{self.verb.value}:{self.subject or self.note_id}"


_Plan = Iterable[tuple[Action, Statement]]


def actions(draft: Draft, seen: Window) -> tuple[list[str], tuple[Action, ...]]:
    """The part of the post, and the actions that stand in it."""
    words = draft.words
    results = chosen_results(seen)
    quoted = {story.lead.id: story for story in (*results, *seen.stories) if story.quotes}
    first = [*quoted.values()][:_MOST_TO_READ]
    reading = frozenset(story.lead.id for story in first)
    # What recedes is followed only where nothing else is left.
    groups = sorted(seen.groups, key=lambda group: group.moves and not group.rises)[:_MOST_TO_FOLLOW]
    follow = (_to_follow(draft, group, reading) for group in groups)
    plans: tuple[tuple[str, _Plan], ...] = (
        (words.this_week, [*_to_read(draft, seen, first), *_to_try(draft, seen)]),
        (words.this_month, [*islice(_to_compare(draft, seen), _MOST_TO_COMPARE), *_to_test(draft, seen)]),
        (words.this_quarter, list(follow)),
    )
    parts: list[str] = []
    standing: list[Action] = []
    for title, plan in plans:
        said = [(action, line) for action, statement in plan if (line := draft.say(statement))]
        if said:
            parts += [page.heading(3, title), page.bullets(line for _, line in said)]
            standing += [action for action, _ in said]
    return parts, tuple(standing)


def _to_read(draft: Draft, seen: Window, first: Sequence[Story]) -> Iterator[tuple[Action, Statement]]:
    words = draft.words
    for story in first:
        title = (
            Span(telling.shown_title(story.headline, words), target=story.headline.id),
            *_to_check(seen, story, words),
        )
        address = page.address_of(story.lead)
        link: Phrase = (*fixed(" · "), Span(words.original, ours=True, url=address)) if address else ()
        statement = Statement((*fill(words.read_deeply, name=title), *link), story.note_ids)
        yield _action(draft, Term.WEEK, Verb.READ, story), statement


def _to_check(seen: Window, story: Story, words: Words) -> Phrase:
    """The score by which a work stands out, to be read with care; nothing where its source names no benchmark for it."""
    best = best_score(seen, story)
    if best is None:
        return ()
    figure, benchmark = outside(best.figure.text), outside(best.figure.benchmark)
    return fill(words.read_for, system=outside(best.system), figure=figure, benchmark=benchmark)


def _to_try(draft: Draft, seen: Window) -> Iterator[tuple[Action, Statement]]:
    """Works with code of which the synthesis has told."""
    told = [story for story in seen.stories if story.code and not draft.numbers.keys().isdisjoint(story.note_ids)]
    for story in told[:_MOST_TO_TRY]:
        link = (Span(story.code.removeprefix("https://"), url=story.code),)
        name = telling.label(story, draft.words)
        statement = Statement(fill(draft.words.reproduce, name=name, link=link), story.note_ids)
        yield _action(draft, Term.WEEK, Verb.REPRODUCE, story), statement


def _to_compare(draft: Draft, seen: Window) -> Iterator[tuple[Action, Statement]]:
    words = draft.words
    for benchmark in (one for one in seen.benchmarks if len(one.stories) > 1):
        best = {story.lead.id: found for story, found in reversed(benchmark.rows) if not found.figure.change}
        names = joined(words, [_with_figure(story, best.get(story.lead.id), words) for story in benchmark.stories])
        phrase = fill(words.month_compare, benchmark=outside(benchmark.name), names=names)
        ids = tuple(note_id for story in benchmark.stories for note_id in story.note_ids)
        action = _action(draft, Term.MONTH, Verb.COMPARE, benchmark.stories[0], benchmark.name)
        yield action, Statement(phrase, ids, cited=True)


def _with_figure(story: Story, found: StoryFigure | None, words: Words) -> Phrase:
    if found is None:
        return telling.named(story, words)
    refs = (Span("", refs=story.note_ids),)
    return (*telling.label(story, words), *fixed(" "), *outside(found.figure.text), *refs)


def _to_test(draft: Draft, seen: Window) -> Iterator[tuple[Action, Statement]]:
    """Limits that the sources admit: in their words, or by pointing to where the synthesis has told them."""
    words = draft.words
    limits = [(story, limit) for story in seen.stories for limit in _limits(story)[:1]]
    limits.sort(key=lambda one: draft.has_said(one[1].text))
    for story, limit in limits[:_MOST_TO_TEST]:
        name = telling.label(story, words)
        action = _action(draft, Term.MONTH, Verb.EXAMINE, story)
        if draft.has_said(limit.text):
            yield action, Statement(fill(words.month_limit, name=name), (limit.note_id,))
        else:
            phrase = fill(words.month_open, name=name, quote=telling.quoted(limit, words=words).phrase)
            yield action, Statement(phrase, (limit.note_id,), (limit.text,))


def _limits(story: Story) -> list[Quote]:
    return [
        quote
        for quote in story.told(Role.LIMITATION)
        if is_limit(quote.text, by_place=True) and not points_back(quote.text)
    ]


def _to_follow(draft: Draft, group: Group, reading: frozenset[str]) -> tuple[Action, Statement]:
    """The topic, and works of it that the week's reading does not hold."""
    words = draft.words
    name = topic_name(group.topic, words)
    topic = (Span(name, bold=(name,)),)
    further = [story for story in group.stories if story.lead.id not in reading][:_MOST_TO_READ]
    told = further or list(group.stories)
    action = _action(draft, Term.QUARTER, Verb.FOLLOW, told[0], name)
    ids = tuple(note_id for story in told for note_id in story.note_ids)
    if not further:
        return action, Statement(fill(words.quarter_plain, topic=topic), ids)
    names = joined(words, [telling.named(story, words) for story in further])
    return action, Statement(fill(words.quarter_topic, topic=topic, names=names), ids, cited=True)


def _action(draft: Draft, term: Term, verb: Verb, story: Story, subject: str = "") -> Action:
    return Action(term, verb, story.headline.id, telling.shown_title(story.headline, draft.words), subject)
