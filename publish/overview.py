"""The head of a synthesis: range, sources and the main point, core insights, the table of figures."""

from __future__ import annotations

from collections.abc import Sequence

from notes import inert
from notes.model import Tally, TallyKind
from publish import telling
from publish.brief import Story
from publish.draft import Draft
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
    """One line for each leading topic: how many notes, how many before, the work to know."""
    return draft.lines(_insight(draft, group) for group in seen.groups[:_MOST_INSIGHTS])


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
    names = sorted({inert.one_line(note.source) for note in seen.notes if note.source})
    text = words.source_count(len({note.source for note in seen.notes}))
    shown = joined(words, [outside(name) for name in names[:_MOST_SOURCES]], open_ended=len(names) > _MOST_SOURCES)
    if len(names) > _MOST_SOURCES:
        shown = fill(words.and_others, names=shown)
    phrase = fill(words.data_text, notes=count, sources=fixed(text), names=shown)
    return Statement(phrase, ids, tallies=(tally, Tally(text, TallyKind.SOURCES, ids)), cited=True)


def core(draft: Draft, seen: Window) -> Statement | None:
    """The main point: the leading topic and its most striking figure; None without topics."""
    words = draft.words
    if not seen.groups:
        return None
    group = seen.groups[0]
    count, tally = telling.count_of(words, group.notes)
    ids = tuple(note.id for note in group.notes)
    topic = _bold(group.topic.name)
    best = _best_figure(group.stories)
    if best is None:
        return Statement(fill(words.core_plain, topic=topic, notes=count), ids, tallies=(tally,), cited=True)
    story, found = best
    more = fill("{name}{figure}", name=telling.label(story, words), figure=_figure(found, words))
    phrase = fill(words.core_text, topic=topic, notes=count, more=more)
    return Statement((*phrase, Span("", refs=(found.note_id,))), ids, tallies=(tally,), cited=True)


def _insight(draft: Draft, group: Group) -> Statement:
    """The topic with its number of notes, and the weightiest work of it with a figure in its source's words."""
    words = draft.words
    count, tally = telling.count_of(words, group.notes)
    ids = tuple(note.id for note in group.notes)
    lines = (telling.figure_line(story, words, worded=True) for story in group.stories)
    line = next((line for line in lines if line), None)
    if line:
        more, quotes = fill(words.insight_figure, figure=line.phrase), line.quotes
    else:
        more, quotes = fill(words.insight_lead, name=telling.named(group.stories[0], words)), ()
    phrase = fill(
        f"{{topic}}{words.colon}{{notes}}{{more}}", topic=telling.topic_link(group.topic), notes=count, more=more
    )
    return Statement(phrase, ids, quotes, tallies=(tally,), cited=True)


def _best_figure(told: Sequence[Story]) -> tuple[Story, StoryFigure] | None:
    found = ((story, one) for story in told for one in story.figures if _is_own(story, one))
    return next(found, None)


def _is_own(story: Story, found: StoryFigure) -> bool:
    """A measured figure on a benchmark that the source gives to the work itself."""
    figure = found.figure
    return bool(figure.benchmark) and is_measured(figure) and telling.is_own(story, found)


def _figure(found: StoryFigure, words: Words) -> Phrase:
    figure = found.figure
    bold = Span(figure.text, bold=(figure.text,))
    return (
        *fixed(words.bracket_open),
        bold,
        *fixed(words.aside),
        *outside(figure.benchmark),
        *fixed(words.bracket_close),
    )


def _bold(text: str) -> Phrase:
    return (Span(text, bold=(text,)),)
