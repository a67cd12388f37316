"""What is counted: texts by the day they came, and the stretches of days they are counted in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from index.texts.documents import text_hash

__all__ = ["Dated", "Step", "stretches"]

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Dated:
    """A text and its local day; ``source`` is who brought it. Where it is ``noted``, ``id`` is that of its note."""

    id: str
    day: date
    source: str
    title: str
    text: str
    lang: str
    noted: bool = False

    @property
    def text_hash(self) -> str:
        """The key under which its phrases are kept."""
        return text_hash(f"{self.lang}\n{self.title}\n{self.text}")


class Step(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def stretches(today: date, weeks: int, step: Step = Step.WEEK) -> tuple[tuple[date, date], ...]:
    """First and last days of the periods of the ``weeks`` (one at least) up to ``today``, oldest first; two periods at least.

    Days and weeks are whole and end with ``today``. Months are the calendar's: the last one ends with ``today``, the first
    is the one that the weeks begin in.
    """
    first = today - timedelta(days=_WEEK * max(1, weeks) - 1)
    if step is Step.MONTH:
        return _months(first, today)
    days = _WEEK if step is Step.WEEK else 1
    number = max(2, _WEEK * max(1, weeks) // days)
    ends = [today - timedelta(days=days * back) for back in reversed(range(number))]
    return tuple((end - timedelta(days=days - 1), end) for end in ends)


def _months(first: date, today: date) -> tuple[tuple[date, date], ...]:
    found: list[tuple[date, date]] = []
    end = today
    while len(found) < 2 or end >= first:
        found.append((end.replace(day=1), end))
        end = end.replace(day=1) - timedelta(days=1)
    return tuple(reversed(found))


def places(days: Sequence[date], periods: Sequence[tuple[date, date]]) -> list[int]:
    """Of each day the number of the period that it lies in; -1 before the first and after the last."""
    numbers: dict[date, int] = {}
    for number, (start, end) in enumerate(periods):
        numbers |= {start + timedelta(days=offset): number for offset in range((end - start).days + 1)}
    return [numbers.get(day, -1) for day in days]
