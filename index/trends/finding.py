"""The courses of topics and phrases: counted over the periods, tested, classed, ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

from index.trends.bursts import discoveries
from index.trends.cohesion import COHESIVE, Cohesion
from index.trends.courses import MOVING, course_of, lasting_first, order
from index.trends.dated import Dated, Step, stretches
from index.trends.phrase_sets import phrase_sets
from index.trends.tallies import Measured, Tallies
from index.trends.things import Phrase, families, named_phrases
from notes.model import Topic
from notes.trends import Trend, TrendClass, TrendKind

if TYPE_CHECKING:
    from index.storage.cache import IndexCache

__all__ = ["Window", "find_trends"]

_MOST_PHRASES = 40  # that rise, and as many that fall
_MOST_NOTES = 12
_SEVERAL, _OTHERWISE = (
    5,
    2.0,
)  # topics, and the usual lift of so many from which something else than the world has changed


@dataclass(frozen=True, slots=True)
class _Thing:
    """A topic or a phrase with the numbers of the texts that hold it."""

    kind: TrendKind
    id: str
    name: str
    terms: tuple[str, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is looked at: the ``weeks`` up to ``today``, in periods of a ``step``.

    Tested are the last ``span`` periods against those before; 0 stands for half of those since the first text: rises that last
    are those of months, and two months foretell the next two better than their last weeks do (docs/benchmarks.md). A phrase
    must have ``least`` texts.
    ``sure`` is the share of false discoveries that is borne, among topics and among phrases. ``lasting`` ranks what rises by how
    likely it is to go on rising (:mod:`index.trends.lasting`), not by how sure it is that it rose.
    """

    today: date
    weeks: int = 8
    step: Step = Step.WEEK
    span: int = 0
    least: int = 5
    sure: float = 0.1
    lasting: bool = False

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
    """All topics, and the phrases that rise or fall for sure: surest rise first, what falls last, ties by kind and id.

    ``texts`` are all that came in, each once; ``members`` the ids of the texts of each topic besides its notes. With a ``cache``
    each text is read for its phrases once, not every time.
    """
    periods = window.periods()
    first = periods[0][0]
    known = sorted((text for text in texts if first <= text.day <= window.today), key=lambda text: (text.day, text.id))
    if not known:
        return ()
    phrases = named_phrases(phrase_sets(known, cache), least=window.least)
    # A house that is younger than the weeks asked for has its own past to be held against.
    lived = sum(end >= known[0].day for _, end in periods)
    span = min(window.span or max(1, lived // 2), len(periods) - 1)
    about = _topics(topics, members or {}, known)
    named = [_thing(phrase) for phrase in phrases]
    base = _comparable(known, periods, span, about)
    trends = [
        # Apart: thousands of phrases would take from a dozen topics what they can show.
        *_trends(
            about, Tallies.of(known, periods, [one.rows for one in about], base).measured(span), known, window.sure
        ),
        *_trends(named, Tallies.of(known, periods, [one.rows for one in named]).measured(span), known, window.sure),
    ]
    return _ranked(trends, phrases, len(known), lasting=window.lasting)


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


def _topics(topics: Sequence[Topic], members: Mapping[str, Sequence[str]], texts: Sequence[Dated]) -> list[_Thing]:
    place = {text.id: row for row, text in enumerate(texts)}
    found = []
    for topic in topics:
        ids = {*topic.note_ids, *members.get(topic.id, ())}
        rows = tuple(sorted(place[key] for key in ids if key in place))
        found.append(_Thing(TrendKind.TOPIC, topic.id, topic.name, topic.terms, rows))
    return found


def _thing(phrase: Phrase) -> _Thing:
    return _Thing(TrendKind.PHRASE, phrase.text, phrase.text, (phrase.text,), phrase.rows)


def _trends(things: Sequence[_Thing], measured: Measured, texts: Sequence[Dated], sure: float) -> list[Trend]:
    """The course of each thing, without its rank."""
    import numpy as np

    q_values = discoveries(np.minimum(1.0, 2 * np.minimum(measured.bursts.more, measured.bursts.fewer)))
    return [_trend(at, thing, measured, float(q_values[at]), texts, sure) for at, thing in enumerate(things)]


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
        course=course_of(measured.counts(at), span, expected, lift, sure=q_value <= sure),
        recent=int(recent),
        baseline=round(expected, 4),
        lift=round(lift, 4),
        p_value=_rounded(float(min(measured.bursts.fewer[at], measured.bursts.more[at]))),
        q_value=_rounded(q_value),
        periods=measured.periods(at),
        notes=tuple(note for note, _ in zip(notes, range(_MOST_NOTES), strict=False)),
        span=span,
        momentum=round(float(measured.momentum[at]), 4),
    )


def _rounded(probability: float) -> float:
    """Four digits that tell, so that the last bits of a library's arithmetic change nothing."""
    return float(f"{probability:.3e}")


def _ranked(trends: Sequence[Trend], phrases: Sequence[Phrase], size: int, *, lasting: bool) -> tuple[Trend, ...]:
    moving = [trend for trend in trends if trend.kind is TrendKind.PHRASE and trend.course in MOVING]
    told = [trend for trend in trends if trend.kind is TrendKind.TOPIC]
    if moving:
        said = _Said(phrases, size)
        for falls in (False, True):
            mine = [trend for trend in moving if (trend.course is TrendClass.FADING) is falls]
            told += said.apart(mine, lasting=lasting and not falls)
    by = lasting_first if lasting else order
    return tuple(replace(trend, rank=rank) for rank, trend in enumerate(sorted(told, key=by), 1))


class _Said:
    """The phrases of the texts, to tell which of them belong to a subject and which tell of the same."""

    def __init__(self, phrases: Sequence[Phrase], size: int) -> None:
        self._phrases = {phrase.text: phrase for phrase in phrases}
        self._place = {phrase.text: at for at, phrase in enumerate(phrases)}
        self._cohesion = Cohesion([phrase.rows for phrase in phrases], size)

    def apart(self, trends: Sequence[Trend], *, lasting: bool) -> list[Trend]:
        """The surest, or most ``lasting``, of ``trends`` that tell of different things, each with the terms of its family."""
        by_name = {trend.id: trend for trend in trends}
        ranked = sorted(trends, key=lasting_first if lasting else self._surest)
        cohesive = (self._phrases[trend.id] for trend in ranked if self._is_cohesive(trend.id))
        return [replace(by_name[one.lead.text], terms=one.terms) for one in families(cohesive, _MOST_PHRASES)]

    def _surest(self, trend: Trend) -> tuple[float, float, str]:
        """Of those that are as sure, which they often are of the same texts, that one first which the texts are about."""
        phrase = self._phrases[trend.id]
        return trend.p_value, -phrase.about / len(phrase.rows), trend.id

    def _is_cohesive(self, name: str) -> bool:
        return self._cohesion.of(self._place[name], self._phrases[name].rows) >= COHESIVE
