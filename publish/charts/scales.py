"""From days and shares to places on a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from notes.trends import Period

__all__ = ["Plot", "percent", "percent_tick", "share_ticks"]

_LEAST_TOP = 0.01
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Plot:
    """A rectangle in which the days ``first`` to ``last`` go from left to right and shares from 0 up to ``most``."""

    left: float
    top: float
    right: float
    bottom: float
    first: date
    last: date
    most: float

    def begin(self, day: date) -> float:
        """Where a day begins."""
        days = (self.last - self.first).days + 1
        return self.left + (self.right - self.left) * (day - self.first).days / days

    def end(self, day: date) -> float:
        """Where a day ends."""
        return self.begin(day) + (self.right - self.left) / ((self.last - self.first).days + 1)

    def x(self, period: Period) -> float:
        """The middle of a period."""
        return (self.begin(period.start) + self.end(period.end)) / 2

    def y(self, share: float) -> float:
        """The height of a share."""
        return self.bottom - (self.bottom - self.top) * share / self.most

    def runs(self, periods: Sequence[Period]) -> list[list[tuple[float, float]]]:
        """The points of a line, parted where nothing at all came in."""
        runs: list[list[tuple[float, float]]] = [[]]
        for period in periods:
            if period.volume:
                runs[-1].append((self.x(period), self.y(period.share)))
            elif runs[-1]:
                runs.append([])
        return [run for run in runs if run]


def share_ticks(most: float, parts: int) -> tuple[float, ...]:
    """Round shares from 0 to at least ``most`` in at most ``parts`` steps."""
    least = max(most, _LEAST_TOP) / parts
    power = 10.0 ** floor(log10(least))
    # A share that is a step but for the noise of its last digit takes no further one.
    step = next(power * one for one in _STEPS if power * one >= least * (1 - 1e-9))
    return tuple(step * at for at in range(ceil(max(most, _LEAST_TOP) / step - 1e-9) + 1))


def percent(share: float) -> str:
    """A share as the words of a post have it, to a tenth of a percent."""
    return f"{100 * share:.1f}%"


def percent_tick(share: float) -> str:
    """A round share without noughts that say nothing."""
    return f"{100 * share:.4g}%"
