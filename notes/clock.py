"""The one clock: every "now" and "today" of Slipway comes from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

__all__ = ["Clock", "FixedClock", "HeldDay", "SystemClock", "is_made_up"]


class Clock(Protocol):
    """What Slipway asks of time."""

    def now(self) -> datetime:
        """The moment, aware, UTC."""

    def today(self) -> date:
        """The day in the user's time zone."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock, with the day of ``zone``."""

    zone: ZoneInfo

    def now(self) -> datetime:
        """The moment, aware, UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The day in ``zone``."""
        return self.now().astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still on the last minute of ``day``: what ``--date`` sets.

    The last minute, so that all that was published on the day lies in the past of its night.
    """

    day: date
    zone: ZoneInfo

    def now(self) -> datetime:
        """23:59 of the day in ``zone``, as UTC."""
        return datetime.combine(self.day, time(23, 59), self.zone).astimezone(UTC)

    def today(self) -> date:
        """The day itself."""
        return self.day


@dataclass(frozen=True, slots=True)
class HeldDay:
    """A clock that goes on, within a ``day`` that does not: a night that runs over midnight is the night on which it began."""

    clock: Clock
    day: date

    def now(self) -> datetime:
        """The moment, aware, UTC."""
        return self.clock.now()

    def today(self) -> date:
        """The day that is held."""
        return self.day


def is_made_up(clock: Clock) -> bool:
    """Whether somebody said which day it is, to make up for it, and what is stored of later days is no clock's mistake."""
    return isinstance(clock.clock if isinstance(clock, HeldDay) else clock, FixedClock)
