"""The head of a synthesis: range, sources and the main point, then the core insights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from notes.markup import inert
from notes.model import Tally, TallyKind
from notes.trends import TrendKind
from publish.post import telling
from publish.post.assignment import Assignment, Part
from publish.post.draft import Draft
from publish.post.phrase import Phrase, Span, Statement, fill, fixed, joined, outside
from publish.sources.brief import Story
from publish.sources.evidence import carriers
from publish.sources.extract import StoryFigure, is_measured
from publish.synthesis.courses import LEAST_LOST, counted, topic_name
from publish.synthesis.window import FALLING, RISING, Benchmark, Group, Window
from publish.wording.words import Words

__all__ = ["core", "header", "insights", "size"]

_MOST_INSIGHTS = 5
_MOST_TOPICS = 4  # of the insights, while there is something else to say
_MOST_COMPARED = 3
_MOST_SOURCES = 8
_MOST_STORIES = 12  # of the leading topics, handed to a writer

_LEANING = re.compile(
    r"(?:it|its|they|their|this|these|that|those|which|who|show\w*|(?:yield|outperform|achiev|reach|surpass|improv|reduc|result)ing"
    r"|where|while|when|access to|up to)\b|其|它|该|該|这|這",
    re.IGNORECASE,
)


def header(draft: Draft, seen: Window) -> list[str]:
    """The lines of the opening block: time range, sources, the main point."""
    words = draft.words
    lines = [
        (words.range_label, _range(draft, seen)),
        (words.data_label, _sources(draft, seen)),
        (words.core_label, core(draft, seen)),
    ]
    said = [(label, draft.say(statement)) for label, statement in lines if statement]
    return [f"**{label}**{words.colon}{text}" for label, text in said if text]


def insights(draft: Draft, seen: Window) -> list[str]:
    """What a reader should take away: the leading topics with a figure, a benchmark in common, what recedes."""
    point = core(draft, seen)
    told = point.quotes if point else ()
    topics = [_insight(draft, group, told) for group in seen.groups[:_MOST_INSIGHTS]]
    others = [*_compared(draft, seen), *_receding(draft, seen)]
    room = max(_MOST_TOPICS, _MOST_INSIGHTS - len(others))
    own = [*topics[:room], *others[: _MOST_INSIGHTS - len(topics[:room])]]
    leading = tuple(story for group in seen.groups[:_MOST_INSIGHTS] for story in group.stories[:_MOST_TOPICS])
    assignment = Assignment(part=Part.INSIGHTS, stories=leading[:_MOST_STORIES], most=_MOST_INSIGHTS)
    return draft.tell(assignment, own) if leading else draft.lines(own)


def size(draft: Draft, group: Group) -> str:
    """How many notes of the topic each window held, this one last; nothing where there was none before."""
    windows = [*group.earlier, group.notes]
    while windows and not windows[0]:
        windows = windows[1:]
    if len(windows) < 2:
        return ""
    words = draft.words
    counts, tallies = [], []
    for held in windows:
        count, tally = telling.count_of(words, held)
        counts.append(count)
        tallies.append(tally)
    spans = [span for position, count in enumerate(counts) for span in ((*fixed(" → "), *count) if position else count)]
    ids = tuple(note.id for held in windows for note in held)
    phrase = fill(words.trend_weeks, counts=tuple(spans))
    # Notes are counted here, not told: none takes a number among the sources.
    return draft.say(Statement(phrase, ids, tallies=tuple(tallies), cited=True))


def core(draft: Draft, seen: Window) -> Statement | None:
    """The main point: what moves most surely, or that nothing does and what is largest; then its strongest figure.

    None without topics.
    """
    words = draft.words
    if not seen.groups:
        return None
    leads, ids, tallies = _lead(draft, seen)
    line = _strongest(seen, words)
    if line is None:
        return Statement((*leads, *fixed(words.stop)), ids, tallies=tallies, cited=True)
    phrase = fill(f"{{leads}}{words.stop}{words.gap}{{more}}{words.stop}", more=line.phrase, leads=leads)
    return Statement(phrase, (*line.note_ids, *ids), line.quotes, tallies, cited=True)


def _lead(draft: Draft, seen: Window) -> tuple[Phrase, tuple[str, ...], tuple[Tally, ...]]:
    """What makes the topic the first: its rise where a test says so, else its size."""
    words, group = draft.words, seen.groups[0]
    ids = tuple(note.id for note in group.notes)
    topic = _bold(topic_name(group.topic, words))
    if group.trend is not None and group.rises:
        counts, tallies = counted(group.trend, words)
        course = fixed(words.courses[group.trend.course])
        return fill(words.core_course, topic=topic, course=course, counts=counts), ids, tallies
    count, tally = telling.count_of(words, group.notes)
    tested = any(trend.kind is TrendKind.TOPIC for trend in seen.trends) and not seen.moving(RISING, TrendKind.TOPIC)
    return fill(words.core_still if tested else words.core_plain, topic=topic, notes=count), ids, (tally,)


def _strongest(seen: Window, words: Words) -> Statement | None:
    """A figure of the topic that leads, in its source's words: of another topic it would be no proof of the point."""
    leading = {story.lead.id for story in seen.groups[0].stories}
    stories = [story for story in seen.stories if story.lead.id in leading]
    return next(iter(_lines(stories, words)), None)


def _range(draft: Draft, seen: Window) -> Statement:
    span = draft.words.span(seen.start, seen.end)
    ids = tuple(note.id for note in seen.notes)
    tally = Tally(span, TallyKind.SPAN, ids, seen.start, seen.end)
    return Statement(fixed(span), ids, tallies=(tally,), cited=True)


def _sources(draft: Draft, seen: Window) -> Statement:
    words = draft.words
    ids = tuple(note.id for note in seen.notes)
    count, tally = telling.count_of(words, seen.notes)
    names = sorted(inert.one_line(name) for name in carriers(seen.notes))
    text = words.source_count(len(names))
    shown = joined(words, [outside(name) for name in names[:_MOST_SOURCES]], open_ended=len(names) > _MOST_SOURCES)
    if len(names) > _MOST_SOURCES:
        shown = fill(words.and_others, names=shown)
    phrase = fill(words.data_text, notes=count, sources=fixed(text), names=shown)
    return Statement(phrase, ids, tallies=(tally, Tally(text, TallyKind.SOURCES, ids)), cited=True)


def _lines(stories: Sequence[Story], words: Words) -> list[Statement]:
    """Figures of works in their sources' words: first what reads by itself, and of that what is on a benchmark of their own."""
    lines = [(story, telling.figure_line(story, words, worded=True)) for story in stories]
    told = [(story, line) for story, line in lines if line is not None]
    told.sort(key=lambda one: (_leans(one[1]), not any(_is_scored(one[0], found) for found in one[0].figures)))
    return [line for _, line in told]


def _leans(line: Statement) -> bool:
    """Whether the clause begins with a word that points to what stood before it."""
    return any(_LEANING.match(quote) for quote in line.quotes)


def _insight(draft: Draft, group: Group, told: tuple[str, ...]) -> Statement:
    """The topic with its course or its number of notes, and the weightiest work of it with a figure in its source's words."""
    words = draft.words
    ids = tuple(note.id for note in group.notes)
    line = next((line for line in _lines(group.stories, words) if line.quotes != told), None)
    if line:
        more, quotes = fill(words.insight_figure, figure=line.phrase), line.quotes
        ids = (*line.note_ids, *ids)  # the quoted first: the checker looks there first
    else:
        name, quotes = telling.gisted(group.stories[0], words)
        more = fill(words.insight_lead, name=name)
    topic = telling.topic_link(group.topic, words)
    if group.trend is not None and group.moves:
        counts, tallies = counted(group.trend, words)
        course = fixed(words.courses[group.trend.course])
        phrase = fill(words.insight_course, topic=topic, course=course, counts=counts, more=more)
        return Statement(phrase, ids, quotes, tallies=tallies, cited=True)
    count, tally = telling.count_of(words, group.notes)
    phrase = fill(f"{{topic}}{words.colon}{{notes}}{{more}}", topic=topic, notes=count, more=more)
    return Statement(phrase, ids, quotes, tallies=(tally,), cited=True)


def _compared(draft: Draft, seen: Window) -> Iterable[Statement]:
    """The benchmark on which most works state a figure of their own, with those figures."""
    words = draft.words
    for benchmark in [one for one in seen.benchmarks if len(one.stories) > 1][:1]:
        best = _best_of_each(benchmark)[:_MOST_COMPARED]
        figures = [
            (
                *telling.label(story, words),
                *fixed(" "),
                Span(found.figure.text, bold=(found.figure.text,)),
                *_ref(found),
            )
            for story, found in best
        ]
        phrase = fill(words.insight_benchmark, benchmark=outside(benchmark.name), figures=joined(words, figures))
        ids = tuple(found.note_id for _, found in best)
        yield Statement(phrase, (*ids, *(note_id for story, _ in best for note_id in story.note_ids)), cited=True)


def _best_of_each(benchmark: Benchmark) -> list[tuple[Story, StoryFigure]]:
    """The best figure of each work, in the unit that most of them use, best first."""
    units = [found.figure.unit for _, found in benchmark.rows if not found.figure.change]
    unit = max(sorted(set(units)), key=units.count, default="")
    best: dict[str, tuple[Story, StoryFigure]] = {}
    for story, found in benchmark.rows:
        kept = best.get(story.lead.id)
        if found.figure.unit != unit or found.figure.change:
            continue
        if kept is None or found.figure.value > kept[1].figure.value:
            best[story.lead.id] = (story, found)
    return sorted(best.values(), key=lambda row: (-row[1].figure.value, row[0].lead.id)) if len(best) > 1 else []


def _receding(draft: Draft, seen: Window) -> Iterable[Statement]:
    """The topic that falls most surely."""
    words = draft.words
    told = {group.topic.id for group in seen.groups[:_MOST_TOPICS]}
    lost = [trend for trend in seen.moving(FALLING, TrendKind.TOPIC) if trend.recent + LEAST_LOST <= trend.baseline]
    for trend in [one for one in lost if one.id not in told][-1:]:
        counts, tallies = counted(trend, words)
        topic = seen.topics.get(trend.id)
        name = telling.topic_link(topic, words) if topic else outside(trend.name)
        ids = tuple(note_id for note_id in trend.notes if note_id in draft.notes)
        yield Statement(fill(words.receding, topic=name, counts=counts), ids, tallies=tallies, cited=True)


def _ref(found: StoryFigure) -> Phrase:
    return (Span("", refs=(found.note_id,)),)


def _is_scored(story: Story, found: StoryFigure) -> bool:
    """A measured figure on a benchmark that the source gives to the work itself."""
    return bool(found.figure.benchmark) and is_measured(found.figure) and telling.is_own(story, found)


def _bold(text: str) -> Phrase:
    return (Span(text, bold=(text,)),)
