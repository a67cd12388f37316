"""The table of a synthesis: one row a system and a benchmark with its best figure, each in the words of its note."""

from __future__ import annotations

from notes.fold import fold
from notes.linking import names_in
from notes.model import Figure, Role
from publish import page
from publish.brief import Story
from publish.draft import Draft
from publish.evidence import normalise
from publish.extract import StoryFigure, clause_around, is_measured
from publish.phrase import Phrase, Span, Statement, fixed, outside
from publish.window import Window

__all__ = ["figures"]

_MOST_ROWS = 15
_MOST_OF_A_WORK = 3

Row = tuple[str, StoryFigure]
"""Whose figure it is, and the figure."""


def figures(draft: Draft, seen: Window) -> list[str]:
    """The table of systems, benchmarks and figures, by benchmark, the best figure first."""
    chosen = _chosen(seen)
    chosen.sort(
        key=lambda row: (not row[1].figure.benchmark, fold(row[1].figure.benchmark), -row[1].figure.value, row[0])
    )
    rows = [cells for system, found in chosen if (cells := _cells(draft, system, found))]
    return [page.table(draft.words.table_head, rows)] if rows else []


def _chosen(seen: Window) -> list[Row]:
    """The rows to show: the weightiest works first, figures on benchmarks before other measured ones."""
    benchmarks = frozenset(fold(one.name) for one in seen.benchmarks)
    of_work = [_rows_of(story, benchmarks) for story in seen.stories]
    scored = [row for rows in of_work for row in rows if row[1].figure.benchmark]
    bare = [rows[0] for rows in of_work if rows and not rows[0][1].figure.benchmark]
    best: dict[tuple[str, str], Row] = {}
    for system, found in (*scored, *bare):
        key = (fold(system), fold(found.figure.benchmark))
        if key not in best or found.figure.value > best[key][1].figure.value:
            best[key] = (system, found)
    return list(best.values())[:_MOST_ROWS]


def _rows_of(story: Story, benchmarks: frozenset[str]) -> list[Row]:
    """Figures of a work that a table can show, those on benchmarks first."""
    measured = [found for found in story.figures if is_measured(found.figure)]
    rows = [(system, found) for found in measured if (system := _system(story, found.figure, benchmarks))]
    rows.sort(key=lambda row: not row[1].figure.benchmark)
    return rows[:_MOST_OF_A_WORK]


def _system(story: Story, figure: Figure, benchmarks: frozenset[str]) -> str:
    """Whose figure it is: what the sentence says, else the work itself where it tells its result and names no other."""
    if figure.system:
        return "" if fold(figure.system) in benchmarks else figure.system
    if not story.name or fold(story.name) in benchmarks:
        return ""
    others = {fold(name) for name in names_in(figure.sentence)} - {fold(name) for name in names_in(story.name)}
    if fold(story.name) in fold(figure.sentence):
        return story.name if others <= benchmarks else ""
    results = [normalise(quote.text) for quote in story.told(Role.RESULT)]
    is_result = any(normalise(figure.sentence).endswith(one) for one in results)
    return story.name if is_result and others <= {fold(figure.benchmark)} else ""


def _cells(draft: Draft, system: str, found: StoryFigure) -> list[str]:
    figure = found.figure
    clause = clause_around(figure.sentence, figure.text)
    unit = draft.words.units.get(figure.unit, figure.unit)
    bold: Phrase = (Span(figure.text, bold=(figure.text,)),)
    told = () if draft.has_said(clause) else outside(clause)
    cells: list[Phrase] = [outside(system), outside(figure.benchmark), bold, fixed(unit), told]
    spans = tuple(span for cell in cells for span in (*cell, *fixed(" ")))
    if not draft.say(Statement(spans, (found.note_id,), (clause,)), again=True):
        return []
    rendered = [page.render(cell, draft.number, draft.target) for cell in cells]
    rendered[-1] += page.references((found.note_id,), draft.number, draft.target)
    return rendered
