"""How topics grow and fade: notes by week, the last week against those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp
from typing import Any, Literal, TypeAlias

from notes.model import Topic

__all__ = ["Course", "Trend", "WeekCount", "topic_trends", "weekly_counts"]

Course: TypeAlias = Literal["new", "rising", "steady", "fading", "quiet"]

_WEEK = 7
_SURE = 0.05
_RISING, _FADING = 1.5, 0.5
_SMOOTHING = 0.5  # half a note on both sides, so that one note after none is no infinite rise


@dataclass(frozen=True, slots=True)
class WeekCount:
    """The notes of the seven days from ``start``."""

    start: date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A topic's course, ``rank`` 1 for the greatest rise.

    ``recent`` notes in the last week, ``baseline`` notes a week before that, ``lift`` their smoothed ratio, ``p_value`` the
    probability (Poisson) of so many notes or more at the baseline's rate, ``counts`` oldest week first.
    """

    rank: int
    topic: Topic
    course: Course
    recent: int
    baseline: float
    lift: float
    p_value: float
    counts: tuple[WeekCount, ...]

    def document(self) -> dict[str, Any]:
        """The trend as a value for JSON, in the keys of ``trends --json``."""
        return {
            "rank": self.rank,
            "kind": "topic",
            "id": self.topic.id,
            "name": self.topic.name,
            "terms": list(self.topic.terms),
            "class": self.course,
            "recent": self.recent,
            "baseline": self.baseline,
            "lift": self.lift,
            "p_value": self.p_value,
            "counts": [{"start": week.start.isoformat(), "count": week.count} for week in self.counts],
            "notes": list(self.topic.note_ids),
        }


def weekly_counts(days: Sequence[date], *, today: date, weeks: int) -> tuple[WeekCount, ...]:
    """``days`` counted by week, ``weeks`` of them, oldest first; the last one ends with ``today``, later days count nowhere."""
    starts = [today - timedelta(days=_WEEK * back - 1) for back in range(weeks, 0, -1)]
    ages = [(today - day).days // _WEEK for day in days]
    return tuple(WeekCount(start, ages.count(weeks - 1 - at)) for at, start in enumerate(starts))


def topic_trends(
    topics: Sequence[Topic], created: Mapping[str, date], *, today: date, weeks: int = 8
) -> tuple[Trend, ...]:
    """The course of each topic over ``weeks`` (two at least) up to ``today``: greatest rise first, ties by id.

    ``created`` gives the day of each note; notes that it lacks are not counted.
    """
    trends = [_trend(topic, created, today, max(2, weeks)) for topic in topics]
    trends.sort(key=lambda trend: (-trend.lift, -trend.recent, trend.topic.id))
    return tuple(replace(trend, rank=rank) for rank, trend in enumerate(trends, 1))


def _trend(topic: Topic, created: Mapping[str, date], today: date, weeks: int) -> Trend:
    days = [created[key] for key in topic.note_ids if key in created]
    counts = weekly_counts(days, today=today, weeks=weeks)
    recent, before = counts[-1].count, sum(week.count for week in counts[:-1])
    baseline = before / (weeks - 1)
    lift = (recent + _SMOOTHING) / (baseline + _SMOOTHING)
    p_value = _at_least(recent, max(baseline, _SMOOTHING / (weeks - 1)))
    return Trend(
        rank=0,
        topic=topic,
        course=_course(recent, before, lift, p_value),
        recent=recent,
        baseline=round(baseline, 4),
        lift=round(lift, 4),
        p_value=round(p_value, 6),
        counts=counts,
    )


def _course(recent: int, before: int, lift: float, p_value: float) -> Course:
    if not before:
        return "new" if recent else "quiet"
    if lift >= _RISING and p_value <= _SURE:
        return "rising"
    return "fading" if lift <= _FADING else "steady"


def _at_least(count: int, rate: float) -> float:
    """The probability of ``count`` or more events at a Poisson ``rate``."""
    term, below = exp(-rate), 0.0
    for event in range(count):
        below += term
        term *= rate / (event + 1)
    return max(0.0, min(1.0, 1.0 - below))
