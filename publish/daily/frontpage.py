"""What stands above the sections of a daily post: its title, its standfirst, its introduction.

Title and standfirst name the lead and say what it is, in its source's words; the introduction groups the works by topic, says
which topics are on the rise, and shows the figures of the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from notes.markup import inert
from notes.model import Tally, TallyKind, Topic
from notes.text.fold import fold
from notes.trends import Trend, TrendClass, TrendKind
from publish.charts import volumes
from publish.daily.edition import Edition
from publish.post import page, telling
from publish.post.assignment import Assignment, Part
from publish.post.draft import Draft
from publish.post.phrase import Phrase, Span, Statement, fill, fixed, joined, outside, plain
from publish.sources.addressed import is_title
from publish.sources.brief import Story
from publish.sources.evidence import carriers, source_text
from publish.synthesis.courses import counted
from publish.wording.words import Words

__all__ = ["introduction", "standfirst", "title"]

_MOST_FIGURES = 4
_MOST_NAMES = 3
_LONGEST_TITLE = 110
_NAME_JOINT = " · "  # of a topic that goes by two phrases
_RISING = (TrendClass.EMERGING, TrendClass.RISING)


def title(draft: Draft, edition: Edition, day: date) -> Statement:
    """The lead by its title, with the names of those that follow; what cannot be named truly goes by the day."""
    told = edition.told or edition.every
    own = next((one for one in _titles(told, draft.words) if _stands(draft, one)), _day_alone(draft, edition, day))
    return draft.worded(Assignment(part=Part.TITLE, stories=tuple(told[:_MOST_NAMES]), most=1), own)


def _stands(draft: Draft, statement: Statement) -> bool:
    return not draft.judge(statement.claim, draft.notes)


def _titles(told: Sequence[Story], words: Words) -> Iterator[Statement]:
    """Titles from the fullest to the barest, none too long but the last."""
    lead, named = told[0], [story for story in told if story.name]
    others_named = [story for story in told[1:] if not _is_cut(plain(telling.label(story, words)))]
    whole = outside(telling.shown_title(lead.headline, words))
    fits = len(plain(whole)) <= _LONGEST_TITLE and is_title(lead.headline.title)
    for number in range(_MOST_NAMES - 1, 0, -1):
        others = others_named[:number]
        names = joined(words, [telling.label(story, words) for story in others])
        phrase = fill(words.daily_title, lead=whole, names=names)
        if fits and others and len(plain(phrase)) <= _LONGEST_TITLE:
            yield _titled(phrase, (lead, *others))
    if not fits and len(named) > 1:
        several = named[:_MOST_NAMES]
        yield _titled(joined(words, [telling.label(story, words) for story in several]), several)
    yield _titled(whole, (lead,))


def _is_cut(label: str) -> bool:
    return "…" in label[-2:]


def _titled(phrase: Phrase, told: Sequence[Story]) -> Statement:
    return Statement(phrase, tuple(note_id for story in told for note_id in story.note_ids), cited=True)


def _day_alone(draft: Draft, edition: Edition, day: date) -> Statement:
    """The title of a day whose works cannot be named truly."""
    shown = draft.words.day(day)
    ids = tuple(note.id for note in edition.notes)
    return Statement(fixed(shown), ids, tallies=(Tally(shown, TallyKind.DAY, ids),), cited=True)


def standfirst(draft: Draft, edition: Edition, day: date) -> tuple[Statement, str]:
    """What the day holds in one sentence, and the whole paragraph as Markdown: the sentence, and what else is told."""
    leads = list(_leads(draft, edition, day))
    own = next((one for one in leads if _stands(draft, one)), leads[-1])
    stories = tuple(edition.told or edition.every)
    first = draft.worded(Assignment(part=Part.STANDFIRST, stories=stories, most=1), own)
    parts = [draft.say(first, again=True)]
    others = edition.told[1:_MOST_NAMES]
    if first is own and others:
        # The first that stands; a generator, so that no other is said.
        parts.append(_first_said(draft, _with(draft, draft.words.daily_with, others)))
    if first is own and own not in leads[-2:]:
        # What the day is about goes before how much it was.
        parts.append(draft.say(_counted(draft.words, edition, draft.words.daily_counts), again=True))
    return first, draft.running(parts)


def _first_said(draft: Draft, ways: Iterator[Statement]) -> str:
    return next(filter(None, map(draft.say, ways)), "")


def _leads(draft: Draft, edition: Edition, day: date) -> Iterator[Statement]:
    """The day's lead by what it is, by its name alone; then the bare count; last the bare day, which always stands."""
    words, notes = draft.words, edition.notes
    ids = tuple(note.id for note in notes)
    dated = Tally(words.day(day), TallyKind.DAY, ids)
    if len(notes) > 1 and edition.told:
        lead = edition.told[0]
        for named, quotes in (telling.gisted(lead, words), (telling.named(lead, words), ())):
            phrase = fill(words.daily_lead, lead=named, day=fixed(words.day(day)))
            yield Statement(phrase, ids, quotes, (dated,), cited=True)
    # The notes are counted, not told: the numbers are those of the works with a section.
    told = tuple(note_id for story in edition.told or edition.every for note_id in story.note_ids)
    whole = _counted(words, edition, words.daily_standfirst if len(notes) > 1 else words.daily_quiet, day)
    yield replace(whole, phrase=(*whole.phrase, Span("", refs=told)), tallies=(dated, *whole.tallies))
    yield Statement((*fixed(words.day(day)), Span("", refs=told)), ids, tallies=(dated,), cited=True)


def _counted(words: Words, edition: Edition, form: str, day: date | None = None) -> Statement:
    """How many notes came in, and from where; ``day`` where the form names it."""
    ids = tuple(note.id for note in edition.notes)
    count, tally = telling.count_of(words, edition.notes)
    tallies = [tally]
    sources = sorted(carriers(edition.notes))
    shown: Phrase = outside(inert.one_line(sources[0])) if sources else ()
    if len(sources) > 1:
        shown = fixed(words.source_count(len(sources)))
        tallies.append(Tally(words.source_count(len(sources)), TallyKind.SOURCES, ids))
    dated = {"day": fixed(words.day(day))} if day else {}
    phrase = fill(form, group=(), notes=count, source=shown, sources=shown, **dated)
    return Statement(phrase, ids, tallies=tuple(tallies), cited=True)


def _with(draft: Draft, form: str, others: Sequence[Story]) -> Iterator[Statement]:
    """The works that follow the lead, each by what it is where that stands, else by name; last all by name."""
    words = draft.words
    ids = tuple(note_id for story in others for note_id in story.note_ids)
    for full in (True, False):
        told = [_by_gist(draft, form, story) if full else (telling.named(story, words), ()) for story in others]
        quotes = tuple(quote for _, quoted in told for quote in quoted)
        spans: list[Span] = []
        for position, (phrase, _) in enumerate(told):
            spans.extend(fixed(words.semicolon) if position else ())
            spans.extend(phrase)
        # Names and titles alone are an enumeration, what explains them needs a stronger mark.
        works = tuple(spans) if quotes else joined(words, [phrase for phrase, _ in told])
        yield Statement(fill(form, works=works), ids, quotes, cited=True)


def _by_gist(draft: Draft, form: str, story: Story) -> tuple[Phrase, tuple[str, ...]]:
    phrase, quotes = telling.gisted(story, draft.words)
    alone = Statement(fill(form, works=phrase), story.note_ids, quotes, cited=True)
    return (phrase, quotes) if _stands(draft, alone) else (telling.named(story, draft.words), ())


def introduction(draft: Draft, edition: Edition, trends: Sequence[Trend]) -> list[str]:
    """What else has a section, the works by topic, the topics on the rise, and the figures of the day."""
    told = edition.told
    if len(told) < 2:
        return []
    words = draft.words
    own = [
        *(one for topic, held in edition.by_topic() if topic and (one := _group(topic, held, words))),
        *_on_the_rise(edition, trends, words),
    ]
    if further := told[_MOST_NAMES:]:
        ways = _with(draft, words.daily_further, further)
        own[:0] = [one for one in ways if _stands(draft, one)][:1]
    sentences = draft.tell(Assignment(part=Part.INTRODUCTION, stories=tuple(told), most=3), own)
    lines = (telling.figure_line(story, words) for story in told)
    figures = draft.lines([line for line in lines if line][:_MOST_FIGURES])
    listed = [f"**{words.daily_figures}**{words.colon.rstrip()}", page.bullets(figures)] if figures else []
    rises = _charted(draft, [rise for rise in _rises(edition, trends) if _is_news(rise.trend)])
    return [text for text in (draft.running(sentences), *rises, *listed) if text]


def _group(topic: Topic, told: Sequence[Story], words: Words) -> Statement | None:
    """The works of a topic, under as much of its name as stands in the text of each; None where that is nothing."""
    texts = [fold(f"{story.headline.title} {source_text(note)}") for story in told for note in story.notes[:1]]
    every = topic.name_in(words.lang).split(_NAME_JOINT)
    shown = [part for part in every if all(fold(part).removesuffix("s") in text for text in texts)]
    if not shown:
        return None
    link = (replace(telling.topic_link(topic, words)[0], text=_NAME_JOINT.join(shown)),)
    ids = tuple(note_id for story in told for note_id in story.note_ids)
    names = joined(words, [telling.named(story, words) for story in told])
    return Statement(fill(words.daily_topic, topic=link, names=names), ids, cited=True)


@dataclass(frozen=True, slots=True)
class _Rise:
    """A topic on the rise, with the notes of the day that belong to it."""

    trend: Trend
    topic: Topic
    note_ids: tuple[str, ...]


def _rises(edition: Edition, trends: Sequence[Trend]) -> list[_Rise]:
    """The topics of the day's works that are emerging or rising, the surest first."""
    held: dict[str, tuple[Topic, list[str]]] = {}
    for story in edition.every:
        if story.topic:
            held.setdefault(story.topic.id, (story.topic, []))[1].extend(story.note_ids)
    rising = [one for one in trends if one.kind is TrendKind.TOPIC and one.course in _RISING and one.id in held]
    rising.sort(key=lambda one: one.rank)
    return [_Rise(one, held[one.id][0], tuple(held[one.id][1])) for one in rising[:_MOST_NAMES]]


def _on_the_rise(edition: Edition, trends: Sequence[Trend], words: Words) -> list[Statement]:
    rises = _rises(edition, trends)
    if not rises:
        return []
    names = joined(words, [(*telling.topic_link(one.topic, words), Span("", refs=one.note_ids)) for one in rises])
    ids = tuple(note_id for one in rises for note_id in one.note_ids)
    return [Statement(fill(words.daily_rising, topics=names), ids, cited=True)]


def _is_news(trend: Trend) -> bool:
    """Whether the topic stands higher than ever in the time that is counted; a rise of weeks is not shown each day."""
    came_before = any(period.volume for period in trend.periods[: -trend.span])
    return came_before and all(trend.periods[-1].share > period.share for period in trend.periods[:-1])


def _charted(draft: Draft, rises: Sequence[_Rise]) -> list[str]:
    """A chart of the topics over time above the counts, which can be counted again; only with those that stand."""
    lines = [(one, line) for one in rises if (line := draft.say(_counts(one, draft.words), again=True))]
    if not lines:
        return []
    series = [(one.topic.name_in(draft.words.lang), one.trend.periods) for one, _ in lines]
    chart = volumes(series, lang=draft.words.lang, span=lines[0][0].trend.span)
    return [chart, page.bullets(line for _, line in lines)]


def _counts(rise: _Rise, words: Words) -> Statement:
    counts, tallies = counted(rise.trend, words)
    phrase = fill(
        words.insight_course,
        topic=telling.topic_link(rise.topic, words),
        course=fixed(words.courses[rise.trend.course]),
        counts=counts,
        more=fixed(words.stop),
    )
    return Statement(phrase, rise.note_ids, tallies=tallies, cited=True)
