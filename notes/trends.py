"""Trends: how a topic or a phrase rises and falls against the volume of everything that came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["Period", "Trend", "TrendClass", "TrendKind"]


class TrendKind(StrEnum):
    """What rises or falls."""

    TOPIC = "topic"
    PHRASE = "phrase"


class TrendClass(StrEnum):
    """How it goes, as far as a test can tell."""

    EMERGING = "emerging"
    RISING = "rising"
    STEADY = "steady"
    FADING = "fading"
    ASLEEP = "asleep"


@dataclass(frozen=True, slots=True)
class Period:
    """The texts of the days from ``start`` to ``end`` (both included): how many hold it, of how many that came in."""

    start: date
    end: date
    count: int
    volume: int

    @property
    def share(self) -> float:
        """The share of all texts of the period, 0 where nothing came in."""
        return self.count / self.volume if self.volume else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The course of a topic or a phrase, ``rank`` 1 for the surest rise.

    ``recent`` texts in the last period, ``baseline`` texts expected at the share of the periods before, ``lift`` their
    smoothed ratio, ``p_value`` the probability of so many or more (or, where it fades, so few or fewer) at that share,
    ``q_value`` the same after control of the false discovery rate over everything tested. ``periods`` oldest first;
    ``notes`` are the ids of the notes that bear it out, newest first.
    """

    rank: int
    kind: TrendKind
    id: str
    name: str
    terms: tuple[str, ...]
    course: TrendClass
    recent: int
    baseline: float
    lift: float
    p_value: float
    q_value: float
    periods: tuple[Period, ...]
    notes: tuple[str, ...]
