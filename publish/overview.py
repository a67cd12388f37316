"""The head of a synthesis: range, sources and the main point, core insights, the table of figures."""

from __future__ import annotations

from notes.markup import inert
from notes.model import Tally, TallyKind
from publish import telling
from publish.brief import Story
from publish.draft import Draft
from publish.evidence import carriers
from publish.extract import StoryFigure, is_measured
from publish.phrase import Phrase, Span, Statement, fill, fixed, joined, outside
from publish.window import Group, Window
from publish.words import Words

__all__ = ["core", "header", "insights", "size"]

_MOST_INSIGHTS = 5
_MOST_SOURCES = 8


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
    """One line for each leading topic: how many notes, and a figure in words that the main point has not used."""
    point = core(draft, seen)
    told = point.quotes if point else ()
    return draft.lines(_insight(draft, group, told) for group in seen.groups[:_MOST_INSIGHTS])


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


def core(draft: Draft, seen: Window) -> Statement | None:
    """The main point: the strongest figure of the leading topic in its source's words, then its size; None without topics."""
    words = draft.words
    if not seen.groups:
        return None
    group = seen.groups[0]
    count, tally = telling.count_of(words, group.notes)
    ids = tuple(note.id for note in group.notes)
    topic = _bold(group.topic.name)
    line = next(iter(_figure_lines(group, words)), None)
    if line is None:
        return Statement(fill(words.core_plain, topic=topic, notes=count), ids, tallies=(tally,), cited=True)
    phrase = fill(words.core_text, topic=topic, notes=count, more=line.phrase)
    return Statement(phrase, (*ids, *line.note_ids), line.quotes, (tally,), cited=True)


def _figure_lines(group: Group, words: Words) -> list[Statement]:
    """The figures of the topic's works in their sources' words: those on a benchmark of the work's own first."""
    lines = [(story, telling.figure_line(story, words, worded=True)) for story in group.stories]
    told = [(story, line) for story, line in lines if line is not None]
    told.sort(key=lambda one: not any(_is_scored(one[0], found) for found in one[0].figures))
    return [line for _, line in told]


def _insight(draft: Draft, group: Group, told: tuple[str, ...]) -> Statement:
    """The topic with its number of notes, and the weightiest work of it with a figure in its source's words."""
    words = draft.words
    count, tally = telling.count_of(words, group.notes)
    ids = tuple(note.id for note in group.notes)
    line = next((line for line in _figure_lines(group, words) if line.quotes != told), None)
    if line:
        more, quotes = fill(words.insight_figure, figure=line.phrase), line.quotes
    else:
        more, quotes = fill(words.insight_lead, name=telling.named(group.stories[0], words)), ()
    phrase = fill(
        f"{{topic}}{words.colon}{{notes}}{{more}}", topic=telling.topic_link(group.topic), notes=count, more=more
    )
    return Statement(phrase, ids, quotes, tallies=(tally,), cited=True)


def _is_scored(story: Story, found: StoryFigure) -> bool:
    """A measured figure on a benchmark that the source gives to the work itself."""
    return bool(found.figure.benchmark) and is_measured(found.figure) and telling.is_own(story, found)


def _bold(text: str) -> Phrase:
    return (Span(text, bold=(text,)),)
