"""The texts of each thing counted by period and source, and the last periods tested against those before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from index.trends.bursts import Bursts, beyond_chance, bursts
from index.trends.dated import Dated, places
from notes.trends import Period

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Measured", "Tallies"]

_SMOOTHING = 0.5  # half a text on both sides, so that one text after none is no infinite rise


@dataclass(frozen=True, slots=True)
class Measured:
    """Tallies, and what the test says of the last ``span`` periods of each thing."""

    tallies: Tallies
    span: int
    bursts: Bursts

    def lift(self, at: int) -> float:
        """How many times as many texts came as were expected, smoothed."""
        return (float(self.bursts.recent[at]) + _SMOOTHING) / (float(self.bursts.expected[at]) + _SMOOTHING)

    def counts(self, at: int) -> list[int]:
        """The texts of a thing by period."""
        return [int(count) for count in self.tallies.counts[at].sum(axis=1)]

    def volumes(self) -> list[int]:
        """All texts by period."""
        return [int(volume) for volume in self.tallies.volumes.sum(axis=1)]

    def periods(self, at: int) -> tuple[Period, ...]:
        """The counts beside the volumes."""
        of = zip(self.tallies.periods, self.counts(at), self.volumes(), strict=True)
        return tuple(Period(start, end, count, volume) for (start, end), count, volume in of)


@dataclass(frozen=True, slots=True)
class Tallies:
    """``counts`` is ``(things, periods, sources)``, ``volumes`` ``(periods, sources)``, float64."""

    periods: Sequence[tuple[date, date]]
    counts: Floats
    volumes: Floats

    @classmethod
    def of(
        cls,
        texts: Sequence[Dated],
        periods: Sequence[tuple[date, date]],
        rows: Sequence[Sequence[int]],
        among: Sequence[int] | None = None,
    ) -> Tallies:
        """Count the texts of each thing; ``rows`` are the numbers of its texts, ``among`` of those that count at all."""
        import numpy as np

        sources = {name: at for at, name in enumerate(sorted({text.source for text in texts}))}
        when = np.array(places([text.day for text in texts], periods), dtype=np.int64)
        cells = when * len(sources) + np.array([sources[text.source] for text in texts], dtype=np.int64)
        size = len(periods) * len(sources)
        counts = np.zeros((len(rows), size))
        for at, mine in enumerate(rows):
            picked = np.array(mine, dtype=np.int64)
            counts[at] = np.bincount(cells[picked][when[picked] >= 0], minlength=size)
        counted = when >= 0 if among is None else np.isin(np.arange(len(texts)), among) & (when >= 0)
        volumes = np.bincount(cells[counted], minlength=size).astype(np.float64)
        shape = (len(periods), len(sources))
        return cls(periods, counts.reshape(len(rows), *shape), volumes.reshape(shape))

    def measured(self, span: int) -> Measured:
        """The last ``span`` periods against those before, beyond what the usual thing varies."""
        cut = len(self.periods) - span
        recent, before = self.counts[:, cut:].sum(axis=1), self.counts[:, :cut].sum(axis=1)
        now, then = self.volumes[cut:].sum(axis=0), self.volumes[:cut].sum(axis=0)
        spread = beyond_chance(self.counts, self.volumes, span)
        return Measured(self, span, bursts(recent, before, now, then, spread))
