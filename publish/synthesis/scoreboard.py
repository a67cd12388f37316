"""The table of a synthesis: a row for each system and benchmark with its best figure in the words of its note; changes apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from notes.links.linking import names_in
from notes.model import Figure, Role
from notes.text.fold import fold
from notes.text.hedges import is_hedged
from publish.post import page
from publish.post.draft import Draft
from publish.post.phrase import Phrase, Span, Statement, fixed, outside
from publish.sources.brief import Story
from publish.sources.evidence import normalise
from publish.sources.extract import StoryFigure, clause_around, is_measured
from publish.synthesis.window import Window

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
# The work's own model, whose score it is: "our AgentFounder-30B".
_OUR_SYSTEM = re.compile(r"\b[Oo]ur (?:[a-z]+ ){0,3}(?P<name>[A-Z][\w.+-]*)")
_OWN_SUBJECT = re.compile(
    r"\b(?:we|our|its?)\b|\b(?:the|this) (?:[\w-]+ ){0,2}(?:method|approach|model|framework|system|agents?|algorithm|pipeline)\b"
    r"|[\u3400-\u9fff]",
    re.IGNORECASE,
)

_DEALT = re.compile(r"\brespectively\b|分别|分別", re.IGNORECASE)

Row = tuple[str, StoryFigure]
"""Whose figure it is, and the figure."""


def figures(draft: Draft, seen: Window) -> list[str]:
    """The table of systems, benchmarks and figures, by benchmark, the best figure first; changes after the scores."""
    scores, changes = _chosen(seen)
    scores.sort(
        key=lambda row: (not row[1].figure.benchmark, fold(row[1].figure.benchmark), -row[1].figure.value, row[0])
    )
    rows = [cells for system, found in (*scores, *changes) if (cells := _cells(draft, system, found))]
    return [page.table(draft.words.table_head, rows)] if rows else []


def best_score(seen: Window, story: Story) -> Row | None:
    """The first score of a work on a benchmark that the table could show."""
    rows = _rows_of(story, _benchmarks(seen), _shared(seen))
    return next((row for row in rows if row[1].figure.benchmark and not row[1].figure.change), None)


def _benchmarks(seen: Window) -> frozenset[str]:
    named = (fold(found.figure.benchmark) for story in seen.stories for found in story.figures)
    return frozenset(name for name in named if name)


def _shared(seen: Window) -> Counter[str]:
    return Counter(fold(one.name) for one in seen.benchmarks for _ in one.stories)


def _chosen(seen: Window) -> tuple[list[Row], list[Row]]:
    """The scores and the changes to show: each work's first before any work's second, those on benchmarks before others."""
    benchmarks, shared = _benchmarks(seen), _shared(seen)
    of_work = [_rows_of(story, benchmarks, shared) for story in seen.stories]
    scored = [[row for row in rows if row[1].figure.benchmark and not row[1].figure.change] for rows in of_work]
    bare = [[row for row in rows if not row[1].figure.benchmark and not row[1].figure.change] for rows in of_work]
    changed = [[row for row in rows if _is_gain(row[1].figure)] for rows in of_work]
    scores = [*_best(_in_turns(scored)), *_best(row for rows in bare for row in rows[:1])]
    changes = [*{row[0]: row for rows in changed for row in rows[:1]}.values()][
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
    for system, found in rows:
        key = (fold(system), fold(found.figure.benchmark))
        if key not in best or found.figure.value > best[key][1].figure.value:
            best[key] = (system, found)
    return list(best.values())


def _rows_of(story: Story, benchmarks: frozenset[str], shared: Mapping[str, int]) -> list[Row]:
    """Figures of a work that a table can show, those on benchmarks first, and first on what other works are measured on."""
    measured = [found for found in story.figures if is_measured(found.figure) and not is_hedged(found.figure.sentence)]
    own = [found for found in measured if not _is_altered(found.figure)]
    rows = [(system, found) for found in own if (system := _system(story, found.figure, benchmarks))]
    # Beside a figure of the same sentence with its benchmark one without says that there is none.
    placed = {row[1].figure.sentence for row in rows if row[1].figure.benchmark}
    rows = [row for row in rows if row[1].figure.benchmark or row[1].figure.sentence not in placed]
    return sorted(rows, key=lambda row: (not row[1].figure.benchmark, -shared.get(fold(row[1].figure.benchmark), 0)))


def _is_altered(figure: Figure) -> bool:
    """Whether the figure was measured on another version of the benchmark that its sentence names."""
    name = re.escape(figure.benchmark)
    return bool(name) and re.search(rf"\b{_ALTERED}(?:the )?{name}\b", figure.sentence, re.IGNORECASE) is not None


def _system(story: Story, figure: Figure, benchmarks: frozenset[str]) -> str:
    """Whose figure it is: what the sentence says, else the work itself where it tells its result and names no other."""
    if figure.system:
        return "" if fold(figure.system) in benchmarks else figure.system
    # What follows the figure is what it is compared with.
    told = figure.sentence[: figure.sentence.find(figure.text) + len(figure.text)]
    ours = {found["name"] for found in _OUR_SYSTEM.finditer(told)}.intersection(names_in(told))
    if len(ours) == 1 and not {fold(name) for name in ours} & benchmarks:
        return ours.pop()
    if not story.name or fold(story.name) in benchmarks:
        return ""
    if fold(story.name) in fold(told):
        return story.name if _others(story, told) <= _words_of(benchmarks) else ""
    results = [normalise(quote.text) for quote in story.told(Role.RESULT)]
    is_result = any(normalise(figure.sentence).endswith(one) for one in results) and bool(_OWN_SUBJECT.search(told))
    return story.name if is_result and _others(story, figure.sentence) <= _words_of([fold(figure.benchmark)]) else ""


def _others(story: Story, text: str) -> set[str]:
    """The names in a text besides the work's own."""
    return {fold(name) for name in names_in(text)} - {fold(name) for name in names_in(story.name)}


def _words_of(benchmarks: Iterable[str]) -> set[str]:
    """The names of benchmarks whole and word by word, as a text is read: AIME of AIME 2024."""
    return {part for name in benchmarks for part in (name, *name.split())}


def _wording(figure: Figure) -> str:
    """The clause that holds the figure; of figures that are dealt out at the sentence's end, the whole sentence."""
    return figure.sentence if _DEALT.search(figure.sentence) else clause_around(figure.sentence, figure.text)


def _cells(draft: Draft, system: str, found: StoryFigure) -> list[str]:
    figure = found.figure
    clause = _wording(figure)
    change = figure.change
    unit = draft.words.units["change"] if change else draft.words.units.get(figure.unit, figure.unit)
    benchmark = fixed(_NONE) if change or not figure.benchmark else outside(figure.benchmark)
    bold: Phrase = (Span(figure.text, bold=(figure.text,)),)
    cells: list[Phrase] = [outside(system), benchmark, bold, fixed(unit), outside(clause)]
    spans = tuple(span for cell in cells for span in (*cell, *fixed(" ")))
    # Its words let a row be checked on the spot; that the text tells them too is no reason to leave the cell empty.
    if not draft.say(Statement(spans, (found.note_id,), (clause,)), aside=True):
        return []
    rendered = [page.render(cell, draft.number, draft.target) for cell in cells]
    rendered[-1] += page.references((found.note_id,), draft.number, draft.target)
    return rendered
