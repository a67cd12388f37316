"""The head of a synthesis: range, sources and the main point, core insights, the table of figures."""

from __future__ import annotations

from collections.abc import Sequence

from notes import inert
from notes.model import Tally, TallyKind
from publish import page, telling
from publish.brief import Story
from publish.draft import Draft
from publish.extract import StoryFigure, clause_around, is_measured
from publish.phrase import Phrase, Span, Statement, fill, fixed, joined, outside
from publish.window import Group, Window
from publish.words import Words

__all__ = ["core", "figures", "header", "insights", "size"]

_MOST_INSIGHTS = 5
_MOST_ROWS = 12
_MOST_OF_A_WORK = 2
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
    # The earlier notes are counted, not quoted: only this window's stand among the sources.
    cited = Span("", refs=tuple(note.id for note in group.notes))
    return draft.say(Statement((*phrase, cited), ids, tallies=tuple(tallies), cited=True))


def figures(draft: Draft, seen: Window, told: frozenset[str]) -> list[str]:
    """The table of systems, benchmarks and figures in the words of their sources.

    ``told`` are the ids of the works whose results the synthesis tells in full: of these the table repeats no whole sentence.
    """
    listed = {_words_of(found): (story, found) for story, found in reversed(_rows(seen))}
    whole = {story.lead.id for story in seen.stories} - told
    rows = [
        row
        for story, found in reversed(listed.values())
        if (row := _row(draft, story, found, whole=story.lead.id in whole))
    ]
    return [page.table(draft.words.table_head, rows)] if rows else []


def _range(draft: Draft, seen: Window) -> Statement:
    span = draft.words.span(seen.start, seen.end)
    ids = tuple(note.id for note in seen.notes)
    tally = Tally(span, TallyKind.SPAN, ids, seen.start, seen.end)
    return Statement(fixed(span), ids, tallies=(tally,))


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
    return Statement(phrase, ids, tallies=(tally, Tally(text, TallyKind.SOURCES, ids)))


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
        return Statement(fill(words.core_plain, topic=topic, notes=count), ids, tallies=(tally,))
    story, found = best
    more = fill("{name}{figure}", name=telling.label(story, words), figure=_figure(found, words))
    phrase = fill(words.core_text, topic=topic, notes=count, more=more)
    return Statement(phrase, ids, tallies=(tally,))


def _insight(draft: Draft, group: Group) -> Statement:
    words = draft.words
    count, tally = telling.count_of(words, group.notes)
    lead: Phrase = fill(words.insight_lead, name=_lead(group, words)) if group.stories else fixed(words.stop)
    phrase = fill(f"{{topic}}{words.colon}{{notes}}{{lead}}", topic=_bold(group.topic.name), notes=count, lead=lead)
    return Statement(phrase, tuple(note.id for note in group.notes), tallies=(tally,))


def _lead(group: Group, words: Words) -> Phrase:
    """The work to know, with its own figure where it has one on a benchmark."""
    story = group.stories[0]
    own = next((found for found in story.figures if _is_own(story, found)), None)
    name = telling.label(story, words)
    return (*name, *_figure(own, words)) if own else name


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


def _rows(seen: Window) -> list[tuple[Story, StoryFigure]]:
    """Figures for the table, work by work: those on benchmarks first, then other measured ones."""
    rows = [(story, found) for story in seen.stories for found in _telling(story)[:_MOST_OF_A_WORK]]
    rows.sort(key=lambda row: not row[1].figure.benchmark)
    return rows[:_MOST_ROWS]


def _telling(story: Story) -> list[StoryFigure]:
    """The figures of a work that a table can show; a bare factor says little beside a score on a benchmark."""
    shown = [found for found in story.figures if found.figure.benchmark or is_measured(found.figure)]
    scored = any(found.figure.benchmark and found.figure.unit != "x" for found in shown)
    return [found for found in shown if found.figure.unit != "x"] if scored else shown


def _words_of(found: StoryFigure) -> tuple[str, str, str]:
    """One row is enough for a clause that holds two figures of one benchmark."""
    return found.note_id, found.figure.benchmark, clause_around(found.figure.sentence, found.figure.text)


def _row(draft: Draft, story: Story, found: StoryFigure, *, whole: bool) -> list[str]:
    figure = found.figure
    clause = clause_around(figure.sentence, figure.text)
    if clause == figure.sentence and not whole:
        clause = ""
    if not clause and not (figure.benchmark and figure.system):
        return []
    system = outside(figure.system) if figure.system else telling.label(story, draft.words)
    cells: list[Phrase] = [system, outside(figure.benchmark), _bold(figure.text), outside(clause)]
    spans = tuple(span for cell in cells for span in (*cell, *fixed(" ")))
    if not draft.say(Statement(spans, (found.note_id,), (clause,) if clause else ()), again=True):
        return []
    rendered = [page.render(cell, draft.number, draft.target) for cell in cells]
    rendered[-1] += page.references((found.note_id,), draft.number, draft.target)
    return rendered


def _bold(text: str) -> Phrase:
    return (Span(text, bold=(text,)),)
