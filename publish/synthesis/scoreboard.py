"""The table of a synthesis: a row for each system and benchmark with its best figure in the words of its note; changes apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from notes.model import Figure
from notes.text.fold import fold
from notes.text.hedges import is_hedged
from publish.post import page
from publish.post.draft import Draft
from publish.post.phrase import Phrase, Span, Statement, fixed, outside
from publish.sources.brief import Story
from publish.sources.extract import StoryFigure, clause_around, is_measured
from publish.synthesis.credit import is_of_another, system_of
from publish.synthesis.window import Window
from publish.wording.words import Words

__all__ = ["best_score", "figures"]

_MOST_ROWS = 15
_MOST_OF_A_WORK = 4
_MOST_CHANGES = 3  # while there are scores enough
_NONE = "—"  # where there is no benchmark

_SIZE = re.compile(r"\b(?:size|larger|bigger|parameters)\b|大[一二三四五六七八九十百\d]|参数|參數", re.IGNORECASE)

# "on paraphrased Spider queries": another set than the one that is named.
_ALTERED = (
    r"(?:paraphras|perturb|modif|corrupt|adversarial|nois|translat|shuffl|obfuscat|mutat|alter|synthetic)\w* "
    r"(?:version of |variant of )?"
)

_PERCENTAGE = re.compile(r"percent|%|\bpp|百分", re.IGNORECASE)
# The unit of a score has a column of its own, in the reader's language; that of a change has not.
# What the column of units says in the reader's language.
_UNIT_WORD = re.compile(r"(?<=\d) (?:(?:percentage )?points?|(?:milli)?seconds?|minutes?|hours?|days?)$", re.IGNORECASE)
_DEALT = re.compile(r"\brespectively\b|分别|分別", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """Whose figure it is, the figure, and the words of its source that say so."""

    system: str
    found: StoryFigure
    words: str

    @property
    def figure(self) -> Figure:
        """The figure itself."""
        return self.found.figure


def figures(draft: Draft, seen: Window) -> list[str]:
    """The table of systems, benchmarks and figures, by benchmark, the best figure first; changes after the scores."""
    scores, changes = _chosen(seen)
    scores.sort(key=lambda row: (not row.figure.benchmark, fold(row.figure.benchmark), -row.figure.value, row.system))
    rows = [cells for row in (*scores, *changes) if (cells := _cells(draft, row))]
    return [page.table(draft.words.table_head, rows)] if rows else []


def best_score(seen: Window, story: Story) -> Row | None:
    """The first score of a work on a benchmark that the table could show."""
    rows = _rows_of(story, _benchmarks(seen), _shared(seen))
    return next((row for row in rows if row.figure.benchmark and not row.figure.change), None)


def _benchmarks(seen: Window) -> frozenset[str]:
    named = (fold(found.figure.benchmark) for story in seen.stories for found in story.figures)
    return frozenset(name for name in named if name)


def _shared(seen: Window) -> Counter[str]:
    return Counter(fold(one.name) for one in seen.benchmarks for _ in one.stories)


def _chosen(seen: Window) -> tuple[list[Row], list[Row]]:
    """The scores and the changes to show: each work's first before any work's second, those on benchmarks before others."""
    benchmarks, shared = _benchmarks(seen), _shared(seen)
    of_work = [_rows_of(story, benchmarks, shared) for story in seen.stories]
    scored = [[row for row in rows if row.figure.benchmark and not row.figure.change] for rows in of_work]
    bare = [[row for row in rows if not row.figure.benchmark and not row.figure.change] for rows in of_work]
    changed = [[row for row in rows if _is_gain(row.figure)] for rows in of_work]
    scores = [*_best(_in_turns(scored)), *_best(row for rows in bare for row in rows[:1])]
    changes = [*{row.system: row for rows in changed for row in rows[:1]}.values()][
        : max(_MOST_CHANGES, _MOST_ROWS - len(scores))
    ]
    return scores[: _MOST_ROWS - len(changes)], changes


def _is_gain(figure: Figure) -> bool:
    """A change of what was measured, not of how big a model is."""
    return figure.change and not _SIZE.search(clause_around(figure.sentence, figure.text))


def _in_turns(of_work: Sequence[Sequence[Row]]) -> Iterator[Row]:
    """The first of each, then the second of each, and so on."""
    for turn in zip_longest(*(rows[:_MOST_OF_A_WORK] for rows in of_work)):
        yield from (row for row in turn if row is not None)


def _best(rows: Iterable[Row]) -> list[Row]:
    """The best figure of each system on each benchmark."""
    best: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (fold(row.system), fold(row.figure.benchmark))
        if key not in best or row.figure.value > best[key].figure.value:
            best[key] = row
    return list(best.values())


def _rows_of(story: Story, benchmarks: frozenset[str], shared: Mapping[str, int]) -> list[Row]:
    """Figures of a work that a table can show, those on benchmarks first, and first on what other works are measured on."""
    measured = [found for found in story.figures if is_measured(found.figure) and not is_hedged(found.figure.sentence)]
    own = [found for found in measured if not _is_altered(found.figure) and not is_of_another(found.figure)]
    credited = [(found, system) for found in own if (system := system_of(story, found.figure, benchmarks))]
    rows = [Row(system, found, _wording(story, found.figure, system)) for found, system in credited]
    # Beside a figure of the same sentence with its benchmark one without says that there is none.
    placed = {row.figure.sentence for row in rows if row.figure.benchmark}
    rows = [row for row in rows if row.figure.benchmark or row.figure.sentence not in placed]
    return sorted(rows, key=lambda row: (not row.figure.benchmark, -shared.get(fold(row.figure.benchmark), 0)))


def _is_altered(figure: Figure) -> bool:
    """Whether the figure was measured on another version of the benchmark that its sentence names."""
    name = re.escape(figure.benchmark)
    return bool(name) and re.search(rf"\b{_ALTERED}(?:the )?{name}\b", figure.sentence, re.IGNORECASE) is not None


def _wording(story: Story, figure: Figure, system: str) -> str:
    """The clause that holds the figure; the whole sentence where it deals figures out, or names another's system elsewhere."""
    clause = clause_around(figure.sentence, figure.text)
    is_proof = system == story.name or story.owns(system) or system in clause
    return clause if is_proof and not _DEALT.search(figure.sentence) else figure.sentence


def _unit(figure: Figure, words: Words) -> str:
    """The unit for the reader; points are those of a percentage only where the figure says so."""
    unit = "percentage points" if figure.unit == "points" and _PERCENTAGE.search(figure.text) else figure.unit
    unit = "change" if figure.change else unit
    return words.units.get(unit, unit)


def _bounded(number: str, words: Words) -> str:
    """A number whose bound ("more than 15%") is said in the reader's words."""
    bound = next((one for one in words.bounds if number.casefold().startswith(f"{one} ")), "")
    return f"{words.bounds[bound]} {number[len(bound) + 1 :]}" if bound else number


def _cells(draft: Draft, row: Row) -> list[str]:
    found, figure, clause = row.found, row.figure, row.words
    change = figure.change
    unit = _unit(figure, draft.words)
    benchmark = fixed(_NONE) if change or not figure.benchmark else outside(figure.benchmark)
    number = _bounded(figure.text if change else _UNIT_WORD.sub("", figure.text), draft.words)
    bold: Phrase = (Span(number, bold=(number,)),)
    cells: list[Phrase] = [outside(row.system), benchmark, bold, fixed(unit), outside(clause)]
    spans = tuple(span for cell in cells for span in (*cell, *fixed(" ")))
    # Its words let a row be checked on the spot; that the text tells them too is no reason to leave the cell empty.
    if not draft.say(Statement(spans, (found.note_id,), (clause,)), aside=True):
        return []
    rendered = [page.render(cell, draft.number, draft.target) for cell in cells]
    rendered[-1] += page.references((found.note_id,), draft.number, draft.target)
    return rendered
