"""What to watch: topics and phrases that rise, works that several sources carried. Derived, never invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from notes.markup import inert
from notes.model import Tally, TallyKind
from notes.trends import TrendClass, TrendKind, lines
from publish.post import telling
from publish.post.assignment import Assignment, Part
from publish.post.draft import Draft
from publish.post.phrase import Phrase, Span, Statement, fill, fixed, joined, outside
from publish.sources.brief import Story
from publish.synthesis.courses import counted, topic_name
from publish.synthesis.window import RISING, Group, Window

__all__ = ["watch"]

_MOST_WATCHED = 5
_MOST_PHRASES = 2
_MOST_NAMES = 3
_MOST_STORIES = 12
_MOST_BENCHMARKS = 2

_BENCHMARK = re.compile(r"\bbenchmark(?! of\b|ing of\b|s? results)|基准|基準|评测集|評測集", re.IGNORECASE)


def watch(draft: Draft, seen: Window) -> list[str]:
    """Topics that grow or are new (once the vault has a past to be new against), phrases, works that several sources carried."""
    begun = any(not group.is_new for group in seen.groups)
    grown = [_rising(draft, group) for group in seen.groups if _grows(group)]
    fresh = [_new(draft, group) for group in seen.groups if begun and _is_fresh(group)]
    carried = [_carried(draft, story) for story in seen.stories if story.several]
    phrases = list(_phrases(draft, seen))
    room = _MOST_WATCHED - len(phrases)
    ruled = [_benchmark(draft, story) for story in seen.stories if _is_benchmark(story)][:_MOST_BENCHMARKS]
    own = [*[*grown[:2], *fresh[:2], *carried[:2], *ruled, *grown[2:], *fresh[2:]][:room], *phrases]
    leading = tuple(group.stories[0] for group in seen.groups if group.stories)[:_MOST_STORIES]
    assignment = Assignment(part=Part.OUTLOOK, stories=leading, most=_MOST_WATCHED)
    return draft.tell(assignment, own) if leading else draft.lines(own)


def _grows(group: Group) -> bool:
    """Whether a test says so; where none was made, whether the window brought more notes than the one before."""
    if group.trend is not None:
        return group.rises and not _is_fresh(group)
    return 0 < len(group.before) < len(group.notes)


def _is_fresh(group: Group) -> bool:
    """Whether no earlier window holds a note of it, and no test denies that it is new."""
    tested = group.trend is None or group.trend.course is TrendClass.EMERGING
    return group.is_new and bool(group.earlier) and tested


def _is_benchmark(story: Story) -> bool:
    """Whether the work makes a benchmark of its own, with a name by which others may be measured on it."""
    own = story.gist.text if story.gist is not None else ""
    return bool(story.name) and bool(_BENCHMARK.search(own) or _BENCHMARK.search(story.headline.title))


def _benchmark(draft: Draft, story: Story) -> Statement:
    name = telling.named(story, draft.words)
    return Statement(fill(draft.words.watch_benchmark, name=name), story.note_ids, cited=True)


def _rising(draft: Draft, group: Group) -> Statement:
    latest = max(
        group.stories, key=lambda story: (story.lead.published or story.lead.created or date.min, story.lead.id)
    )
    name = telling.named(latest, draft.words)
    phrase = fill(draft.words.watch_rising, topic=_topic(draft, group), name=name)
    return Statement(phrase, latest.note_ids, cited=True)


def _new(draft: Draft, group: Group) -> Statement:
    first = group.stories[0]
    name = telling.named(first, draft.words)
    phrase = fill(draft.words.watch_new, topic=_topic(draft, group), name=name)
    return Statement(phrase, first.note_ids, cited=True)


def _phrases(draft: Draft, seen: Window) -> Iterator[Statement]:
    """Phrases that rise, each with the works that use it."""
    words = draft.words
    work = {note_id: story for story in seen.stories for note_id in story.note_ids}
    for trend, _ in lines(seen.moving(RISING, TrendKind.PHRASE))[:_MOST_PHRASES]:
        told = list({work[name].lead.id: work[name] for name in trend.notes if name in work}.values())[:_MOST_NAMES]
        if not told:
            continue
        counts, tallies = counted(trend, words)
        quoted = (*fixed(words.quote_open), *outside(trend.name), *fixed(words.quote_close))
        names = joined(words, [telling.named(story, words) for story in told])
        ids = tuple(note_id for story in told for note_id in story.note_ids)
        phrase = fill(words.watch_phrase, phrase=quoted, counts=counts, names=names)
        yield Statement(phrase, ids, tallies=tallies, cited=True)


def _carried(draft: Draft, story: Story) -> Statement:
    words = draft.words
    count = words.source_count(len(story.sources))
    names = joined(words, [outside(inert.one_line(source)) for source in story.sources])
    phrase = fill(words.watch_carried, name=telling.label(story, words), sources=fixed(count), names=names)
    return Statement(phrase, story.note_ids, tallies=(Tally(count, TallyKind.SOURCES, story.note_ids),))


def _topic(draft: Draft, group: Group) -> Phrase:
    name = topic_name(group.topic, draft.words)
    return (Span(name, bold=(name,)),)
