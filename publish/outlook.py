"""The end of a synthesis: what to watch, what to do, where to look, and what all of it rests on. Derived, never invented."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from notes.markup import inert
from notes.model import Role, Tally, TallyKind, VaultNote
from publish import page, telling
from publish.brief import Story
from publish.byline import source_list
from publish.draft import Draft
from publish.evidence import carriers
from publish.phrase import Phrase, Span, Statement, fill, fixed, joined, outside
from publish.window import Benchmark, Group, Window

__all__ = ["actions", "resources", "statement", "watch"]

_MOST_WATCHED = 4
_MOST_TO_READ = 3
_MOST_TO_TRY = 2
_MOST_TO_TEST = 2
_MOST_TO_COMPARE = 2
_MOST_TO_FOLLOW = 2
_MOST_BENCHMARKS = 6
_MOST_CODE = 8


def watch(draft: Draft, seen: Window) -> list[str]:
    """Topics that grow or are new (once the vault has a past to be new against), works that several sources carried."""
    begun = any(not group.is_new for group in seen.groups)
    grown = [_rising(draft, group) for group in seen.groups if 0 < len(group.before) < len(group.notes)]
    fresh = [_new(draft, group) for group in seen.groups if group.is_new and group.earlier and begun]
    carried = [_carried(draft, story) for story in seen.stories if story.several]
    return draft.lines([*grown, *fresh, *carried][:_MOST_WATCHED])


def actions(draft: Draft, seen: Window) -> list[str]:
    """Tasks for this week, month and quarter."""
    words = draft.words
    first = [story for story in seen.stories if story.quotes][:_MOST_TO_READ]
    reading = frozenset(story.lead.id for story in first)
    plans = (
        (words.this_week, [*_to_read(draft, first), *_to_try(draft, seen)]),
        (words.this_month, [*islice(_to_compare(draft, seen), _MOST_TO_COMPARE), *_to_test(draft, seen)]),
        (words.this_quarter, [_to_follow(draft, group, reading) for group in seen.groups[:_MOST_TO_FOLLOW]]),
    )
    parts: list[str] = []
    for title, statements in plans:
        lines = draft.lines(statements)
        if lines:
            parts += [page.heading(3, title), page.bullets(f"[ ] {line}" for line in lines)]
    return parts


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
    """Notes by source, sources that were silent, works that were not told, and how the text was made."""
    words = draft.words
    by_source: dict[str, list[VaultNote]] = {}
    for note in seen.notes:
        by_source.setdefault(note.source, []).append(note)
    ordered = sorted(by_source.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    statements = [_from_source(draft, source, held) for source, held in ordered if source]
    silent = sorted({source for source in sources if source} - set(carriers(seen.notes)))
    ids = tuple(note.id for note in seen.notes)
    if silent:
        names = joined(words, [outside(inert.one_line(source)) for source in silent])
        statements.append(Statement(fill(words.statement_silent, names=names), ids, cited=True))
    count, tally = telling.count_of(words, seen.notes)
    statements.append(Statement(fill(words.statement_method, notes=count), ids, tallies=(tally,), cited=True))
    untold = telling.remainder(draft, [story for story in seen.stories if not _is_told(draft, story)])
    return [*draft.lines(statements), *([untold] if untold else [])]


def _rising(draft: Draft, group: Group) -> Statement:
    latest = max(
        group.stories, key=lambda story: (story.lead.published or story.lead.created or date.min, story.lead.id)
    )
    phrase = fill(draft.words.watch_rising, topic=_topic(group), name=telling.named(latest, draft.words))
    return Statement(phrase, latest.note_ids, cited=True)


def _new(draft: Draft, group: Group) -> Statement:
    first = group.stories[0]
    phrase = fill(draft.words.watch_new, topic=_topic(group), name=telling.named(first, draft.words))
    return Statement(phrase, first.note_ids, cited=True)


def _carried(draft: Draft, story: Story) -> Statement:
    words = draft.words
    count = words.source_count(len(story.sources))
    names = joined(words, [outside(inert.one_line(source)) for source in story.sources])
    phrase = fill(words.watch_carried, name=telling.label(story, words), sources=fixed(count), names=names)
    return Statement(phrase, story.note_ids, tallies=(Tally(count, TallyKind.SOURCES, story.note_ids),))


def _to_read(draft: Draft, first: Sequence[Story]) -> Iterable[Statement]:
    words = draft.words
    for story in first:
        title = (Span(telling.shown_title(story.headline, words), target=story.headline.id),)
        address = page.address_of(story.lead)
        link: Phrase = (*fixed(" · "), Span(words.original, ours=True, url=address)) if address else ()
        yield Statement((*fill(words.read_deeply, name=title), *link), story.note_ids)


def _to_try(draft: Draft, seen: Window) -> Iterable[Statement]:
    for story in [story for story in seen.stories if story.code][:_MOST_TO_TRY]:
        link = (Span(story.code.removeprefix("https://"), url=story.code),)
        name = telling.label(story, draft.words)
        yield Statement(fill(draft.words.reproduce, name=name, link=link), story.note_ids)


def _to_compare(draft: Draft, seen: Window) -> Iterable[Statement]:
    words = draft.words
    for benchmark in (one for one in seen.benchmarks if len(one.stories) > 1):
        names = joined(words, [telling.named(story, words) for story in benchmark.stories])
        phrase = fill(words.month_compare, benchmark=outside(benchmark.name), names=names)
        yield Statement(phrase, _ids(benchmark.stories), cited=True)


def _to_test(draft: Draft, seen: Window) -> Iterable[Statement]:
    """Limits that the sources admit: in their words, or by pointing to where the synthesis has told them."""
    words = draft.words
    limits = [(story, limit) for story in seen.stories for limit in story.told(Role.LIMITATION)[:1]]
    limits.sort(key=lambda one: draft.has_said(one[1].text))
    for story, limit in limits[:_MOST_TO_TEST]:
        name = telling.label(story, words)
        if draft.has_said(limit.text):
            yield Statement(fill(words.month_limit, name=name), (limit.note_id,))
        else:
            yield Statement(
                fill(words.month_open, name=name, quote=outside(limit.text)), (limit.note_id,), (limit.text,)
            )


def _to_follow(draft: Draft, group: Group, reading: frozenset[str]) -> Statement:
    """The topic, and works of it that the week's reading does not hold."""
    words = draft.words
    further = [story for story in group.stories if story.lead.id not in reading][:_MOST_TO_READ]
    if not further:
        return Statement(fill(words.quarter_plain, topic=_topic(group)), _ids(group.stories))
    names = joined(words, [telling.named(story, words) for story in further])
    phrase = fill(words.quarter_topic, topic=_topic(group), names=names)
    return Statement(phrase, _ids(further), cited=True)


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
    return Statement(phrase, _ids(benchmark.stories), cited=True)


def _is_told(draft: Draft, story: Story) -> bool:
    """Whether the post leads to any of its notes."""
    return not draft.numbers.keys().isdisjoint(story.note_ids)


def _number(draft: Draft, told: Iterable[Story]) -> None:
    """All notes of a told work are among the sources, so that these and the further ones add up."""
    for note_id in _ids(told):
        draft.number(note_id)


def _ids(stories: Iterable[Story]) -> tuple[str, ...]:
    return tuple(note_id for story in stories for note_id in story.note_ids)


def _topic(group: Group) -> Phrase:
    return (Span(group.topic.name, bold=(group.topic.name,)),)
