"""The courses of topics and phrases: counted over the periods, tested, classed, ranked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING

from index.trends.bursts import discoveries
from index.trends.courses import MOVING, course_of, order
from index.trends.dated import Dated, Step, stretches
from index.trends.groups import leaders
from index.trends.lasting import YEAR, lasting
from index.trends.phrase_sets import PhraseSets, phrase_sets
from index.trends.subjects import Subjects
from index.trends.tallies import Measured, Tallies
from index.trends.things import Phrase, holding, named_phrases
from notes.model import Topic
from notes.trends import Trend, TrendClass, TrendKind

if TYPE_CHECKING:
    from index.storage.cache import IndexCache

__all__ = ["Window", "find_trends"]

_MOST_PHRASES = 40  # that rise, and as many that fall
_MOST_NOTES = 12
_SEVERAL = 5  # topics
_OTHERWISE = 2.0  # the usual lift of several topics from which something else than the world has changed


@dataclass(frozen=True, slots=True)
class _Thing:
    """A topic or a phrase with the numbers of the texts that hold it, those kept before the weeks in ``past``."""

    kind: TrendKind
    id: str
    name: str
    terms: tuple[str, ...]
    rows: tuple[int, ...]
    past: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is looked at: the ``weeks`` up to ``today``, in periods of a ``step``.

    Tested are the last ``span`` periods against those before; 0 stands for half of those since the first text: rises that last
    are those of months, and two months foretell the next two better than their last weeks do (docs/benchmarks.md). A phrase
    must have ``least`` texts.
    ``sure`` is the share of false discoveries that is borne, among topics and among phrases.
    """

    today: date
    weeks: int = 8
    step: Step = Step.WEEK
    span: int = 0
    least: int = 5
    sure: float = 0.1

    def periods(self) -> tuple[tuple[date, date], ...]:
        """First and last days, oldest first."""
        return stretches(self.today, self.weeks, self.step)


def find_trends(
    texts: Iterable[Dated],
    window: Window,
    topics: Sequence[Topic] = (),
    members: Mapping[str, Sequence[str]] | None = None,
    cache: IndexCache | None = None,
) -> tuple[Trend, ...]:
    """All topics, and the phrases that rise or fall for sure: what is likeliest to go on rising first, what falls last.

    The class of each follows from its test over the weeks; the order of what rises from :mod:`index.trends.lasting`, for which
    the notes of the year up to ``today`` count too. ``texts`` are all that came in, each once; ``members`` the ids of the texts
    of each topic besides its notes. With a ``cache`` each text is read for its phrases once, not every time.
    """
    periods = window.periods()
    known, earlier = _parted(texts, periods[0][0], window.today)
    if not known:
        return ()
    sets = phrase_sets(known, cache)
    phrases = named_phrases(sets, least=window.least)
    # A house that is younger than the weeks asked for has its own past to be held against.
    lived = sum(end >= known[0].day for _, end in periods)
    span = min(window.span or max(1, lived // 2), len(periods) - 1)
    about = _topics(topics, members or {}, known, earlier)
    past = holding(phrase_sets(earlier, cache), phrases)
    named = [_thing(phrase, rows, len(known)) for phrase, rows in zip(phrases, past, strict=True)]
    base = _comparable(known, periods, span, about)
    whole = [*known, *earlier]
    trends = []
    # Apart: thousands of phrases would take from a dozen topics what they can show.
    for things, among in ((about, base), (named, None)):
        measured = Tallies.of(known, periods, [one.rows for one in things], among).measured(span)
        rises = lasting([one.rows + one.past for one in things], whole, len(known), window.today)
        trends += _trends(things, measured, rises.tolist(), known, window.sure)
    return _ranked(trends, phrases, sets)


def _parted(texts: Iterable[Dated], first: date, today: date) -> tuple[list[Dated], list[Dated]]:
    """The texts from ``first`` to ``today``, and what was kept of the rest of the year, by day."""
    ordered = sorted((text for text in texts if text.day <= today), key=lambda text: (text.day, text.id))
    begin = today - timedelta(days=YEAR)
    return [text for text in ordered if text.day >= first], [
        text for text in ordered if begin <= text.day < first and text.noted
    ]


def _comparable(
    texts: Sequence[Dated], periods: Sequence[tuple[date, date]], span: int, topics: Sequence[_Thing]
) -> Sequence[int] | None:
    """The texts that the topics are counted among: all of them (None), or those that have a topic.

    Where topics were first looked for in the middle of the weeks, what came earlier has none, and every topic would rise: told by
    the median of several.
    """
    if len(topics) < _SEVERAL:
        return None
    whole = Tallies.of(texts, periods, [topic.rows for topic in topics]).measured(span)
    usual = median(whole.lift(at) for at in range(len(topics)))
    return None if 1 / _OTHERWISE < usual < _OTHERWISE else sorted({row for topic in topics for row in topic.rows})


def _topics(
    topics: Sequence[Topic], members: Mapping[str, Sequence[str]], texts: Sequence[Dated], earlier: Sequence[Dated]
) -> list[_Thing]:
    place = {text.id: row for row, text in enumerate((*texts, *earlier))}
    found = []
    for topic in topics:
        ids = {*topic.note_ids, *members.get(topic.id, ())}
        rows = sorted(place[key] for key in ids if key in place)
        cut = bisect_left(rows, len(texts))
        found.append(_Thing(TrendKind.TOPIC, topic.id, topic.name, topic.terms, tuple(rows[:cut]), tuple(rows[cut:])))
    return found


def _thing(phrase: Phrase, past: Iterable[int], start: int) -> _Thing:
    """A phrase; the texts of its ``past`` are numbered from ``start``."""
    rows = tuple(start + row for row in past)
    return _Thing(TrendKind.PHRASE, phrase.text, phrase.text, (phrase.text,), phrase.rows, rows)


def _trends(
    things: Sequence[_Thing], measured: Measured, rises: Sequence[float], texts: Sequence[Dated], sure: float
) -> list[Trend]:
    """The course of each thing, without its rank."""
    import numpy as np

    q_values = discoveries(np.minimum(1.0, 2 * np.minimum(measured.bursts.more, measured.bursts.fewer)))
    found = [_trend(at, thing, measured, float(q_values[at]), texts, sure) for at, thing in enumerate(things)]
    return [replace(one, momentum=round(rise, 4)) for one, rise in zip(found, rises, strict=True)]


def _trend(at: int, thing: _Thing, measured: Measured, q_value: float, texts: Sequence[Dated], sure: float) -> Trend:
    recent, expected = float(measured.bursts.recent[at]), float(measured.bursts.expected[at])
    lift, span = measured.lift(at), measured.span
    notes = (texts[row].id for row in reversed(thing.rows) if texts[row].noted)
    return Trend(
        rank=0,
        kind=thing.kind,
        id=thing.id,
        name=thing.name,
        terms=thing.terms,
        course=course_of(measured.counts(at), measured.volumes(), span, expected, lift, sure=q_value <= sure),
        recent=int(recent),
        baseline=round(expected, 4),
        lift=round(lift, 4),
        p_value=_rounded(float(min(measured.bursts.fewer[at], measured.bursts.more[at]))),
        q_value=_rounded(q_value),
        periods=measured.periods(at),
        notes=tuple(note for note, _ in zip(notes, range(_MOST_NOTES), strict=False)),
        span=span,
    )


def _rounded(probability: float) -> float:
    """Four digits that tell, so that the last bits of a library's arithmetic change nothing."""
    return float(f"{probability:.3e}")


def _ranked(trends: Sequence[Trend], phrases: Sequence[Phrase], sets: PhraseSets) -> tuple[Trend, ...]:
    moving = [trend for trend in trends if trend.kind is TrendKind.PHRASE and trend.course in MOVING]
    told = [trend for trend in trends if trend.kind is TrendKind.TOPIC]
    if moving:
        subjects = Subjects(phrases, sets)
        for falls in (False, True):
            told += _apart([one for one in moving if (one.course is TrendClass.FADING) is falls], subjects, len(sets))
    return tuple(replace(trend, rank=rank) for rank, trend in enumerate(sorted(told, key=order), 1))


def _apart(trends: Sequence[Trend], subjects: Subjects, texts: int) -> list[Trend]:
    """What is told first of ``trends`` that rise, or that fall, and tell of different subjects, each with its family's terms.

    Those of different texts may still tell of one development: they stand in the line of the first (:mod:`index.trends.groups`).
    """

    def place(trend: Trend) -> tuple[float, float, float, str]:
        phrase = subjects[trend.id]
        lasts = 0.0 if trend.course is TrendClass.FADING else -trend.momentum
        # Of those that are as sure, which they often are of the same texts, that one first which the texts are about.
        return lasts, trend.p_value, -phrase.about / len(phrase.rows), trend.id

    by_name = {trend.id: trend for trend in trends}
    told = subjects.families((trend.id for trend in sorted(trends, key=place)), _MOST_PHRASES)
    found = [replace(by_name[one.lead.text], terms=one.terms) for one in told]
    lead = leaders([subjects[one.id] for one in sorted(found, key=order)], texts)
    return [replace(one, group="" if lead[one.id] == one.id else lead[one.id]) for one in found]
