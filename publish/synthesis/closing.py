"""The end of a synthesis: where to look, what all of it rests on, and what it does not cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from notes.markup import inert
from notes.model import Tally, TallyKind, VaultNote
from publish.post import page, telling
from publish.post.byline import source_list
from publish.post.draft import Draft
from publish.post.phrase import Span, Statement, fill, fixed, joined, outside
from publish.sources.brief import Story
from publish.sources.evidence import carriers
from publish.synthesis.window import Benchmark, Window

__all__ = ["resources", "statement"]

_MOST_BENCHMARKS = 6
_MOST_CODE = 8
_MOST_SILENT = 12  # sources named that brought nothing
_FEW_UNTOLD = 2  # notes, to be named
_MOST_TOPICS = 6  # of the notes that are not told


def resources(draft: Draft, seen: Window) -> list[str]:
    """The papers and articles (the list that the reference numbers point to), code, benchmarks."""
    words = draft.words
    with_code = [story for story in seen.stories if story.code][:_MOST_CODE]
    code = [line for story in with_code if (line := _code_line(draft, story))]
    benchmarks = draft.lines(_benchmark_line(draft, one) for one in seen.benchmarks[:_MOST_BENCHMARKS])
    _number(draft, [story for story in seen.stories if _is_told(draft, story)])
    sources = source_list(draft, draft.notes)
    parts: list[str] = []
    for title, text in (
        (words.papers, sources),
        (words.code_links, page.bullets(code)),
        (words.benchmarks, page.bullets(benchmarks)),
    ):
        if text:
            parts += [page.heading(3, title), text]
    return parts


def statement(draft: Draft, seen: Window, sources: Sequence[str]) -> list[str]:
    """Notes by source, sources that were silent, works that were not told, what came in unread, and how the text was made."""
    words = draft.words
    by_source: dict[str, list[VaultNote]] = {}
    for note in seen.notes:
        by_source.setdefault(note.source, []).append(note)
    ordered = sorted(by_source.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    statements = [_from_source(draft, source, held) for source, held in ordered if source]
    silent = sorted({source for source in sources if source} - set(carriers(seen.notes)))
    ids = tuple(note.id for note in seen.notes)
    if silent:
        shown = [outside(inert.one_line(source)) for source in silent[:_MOST_SILENT]]
        names = joined(words, shown, open_ended=len(silent) > _MOST_SILENT)
        if len(silent) > _MOST_SILENT:
            names = fill(words.and_others, names=names)
        statements.append(Statement(fill(words.statement_silent, names=names), ids, cited=True))
    statements += _came_in(draft, seen)
    count, tally = telling.count_of(words, seen.notes)
    statements.append(Statement(fill(words.statement_method, notes=count), ids, tallies=(tally,), cited=True))
    untold = _untold(draft, seen)
    return [*draft.lines(statements), *([untold] if untold else []), *draft.colophon()]


def _untold(draft: Draft, seen: Window) -> str:
    """One line for the notes that are not told: by name where they are few, else by number, those of the largest topics first."""
    words = draft.words
    rest = [note for note in seen.notes if note.id not in draft.numbers]
    if len(rest) <= _FEW_UNTOLD:
        return telling.remainder(draft, [story for story in seen.stories if not _is_told(draft, story)])
    left = {note.id: note for note in rest}
    own = [(topic, [left[name] for name in topic.note_ids if name in left]) for topic in seen.topics.values()]
    own = sorted((one for one in own if one[1]), key=lambda one: (-len(one[1]), one[0].id))[:_MOST_TOPICS]
    named = {note.id for _, notes in own for note in notes}
    parts = [(words.further_topic, {"topic": telling.topic_link(topic, words)}, notes) for topic, notes in own]
    others = [note for note in rest if note.id not in named]
    parts += [(words.further_alone, {}, others)] if others else []
    listed, tallies = [], []
    for template, places, notes in parts:
        count, tally = telling.count_of(words, notes)
        listed.append(fill(template, notes=count, **places))
        tallies.append(tally)
    total, every = telling.count_of(words, rest)
    phrase = fill(words.further, notes=total, topics=joined(words, listed))
    return draft.say(Statement(phrase, tuple(left), tallies=(every, *tallies), cited=True))


def _came_in(draft: Draft, seen: Window) -> Iterable[Statement]:
    """How much came in over the very days of the window, where a trend's periods tell it."""
    words = draft.words
    for trend in seen.trends[:1]:
        starts, ends = {one.start for one in trend.periods}, {one.end for one in trend.periods}
        held = trend.over(seen.start, seen.end)
        if seen.start in starts and seen.end in ends and held.volume > len(seen.notes):
            count, tally = telling.count_of(words, seen.notes)
            came = Tally(words.texts(held.volume), TallyKind.TREND, (), seen.start, seen.end, trend.key)
            phrase = fill(words.statement_kept, texts=fixed(came.text), notes=count)
            yield Statement(phrase, tuple(note.id for note in seen.notes), tallies=(came, tally), cited=True)


def _from_source(draft: Draft, source: str, held: Sequence[VaultNote]) -> Statement:
    count, tally = telling.count_of(draft.words, held)
    phrase = fill(draft.words.statement_source, source=outside(inert.one_line(source)), notes=count)
    return Statement(phrase, tuple(note.id for note in held), tallies=(tally,), cited=True)


def _code_line(draft: Draft, story: Story) -> str:
    link = (Span(story.code.removeprefix("https://"), url=story.code),)
    phrase = fill("{name}" + draft.words.colon + "{link}", name=telling.label(story, draft.words), link=link)
    return draft.say(Statement(phrase, story.note_ids), again=True)


def _benchmark_line(draft: Draft, benchmark: Benchmark) -> Statement:
    words = draft.words
    names = joined(words, [telling.named(story, words) for story in benchmark.stories])
    phrase = fill(words.benchmark_line, benchmark=outside(benchmark.name), names=names)
    return Statement(phrase, tuple(name for story in benchmark.stories for name in story.note_ids), cited=True)


def _is_told(draft: Draft, story: Story) -> bool:
    """Whether the post leads to any of its notes."""
    return not draft.numbers.keys().isdisjoint(story.note_ids)


def _number(draft: Draft, told: Iterable[Story]) -> None:
    """All notes of a told work are among the sources, so that these and the further ones add up."""
    for note_id in (name for story in told for name in story.note_ids):
        draft.number(note_id)
