"""Which rises last: those that are great even at the least, among all that came and among what people kept of it.

How much a thing rose is told by its texts of the last month, two months and quarter against its earlier ones. Both counts are
small, so the greatest ratios are mostly luck. They are shrunk by as much as they are luck: of the texts that hold a thing, how
many are of the last days is taken for beta-binomial about what the volumes of its sources let expect, and how far things differ
from that (the one parameter) is what makes all things together likeliest. Things are ranked by the lower bound of the logarithm
of their rise: one chance in twenty that it was less; by the mean of the three, for no length of a look is the best for long: a
quarter sees a current that goes on, and still sees it when it has turned. To weigh the lengths by what each foretold of late does
no better than to count them alike (benchmarks.forecast_looks).

The two witnesses are counted apart and their logarithms added: all that came, and what was kept of it, which needs no more than
its notes and so looks back for a year. What people keep foretells better than what comes (benchmarks.forecast). A source that
has no past as long as a look is held against the half of its time, one that came today says nothing; and where nothing was kept
before, in a new house, all that came speaks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from index.trends.dated import Dated

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["LOOKS", "YEAR", "lasting"]

YEAR = 365
"""Days over which what was kept is looked at."""

LOOKS = (30, 61, 91)
"""Days that are held against all before: a month, two, a quarter."""
_DOUBT = 1.645  # standard deviations: one chance in twenty
_USUAL = 15.0  # texts: what houses with many things come to
_ENOUGH = 50
_LEAST, _MOST = 1.0, 10_000.0


def lasting(
    rows: Sequence[Sequence[int]], texts: Sequence[Dated], window: int, today: date, looks: Sequence[int] = LOOKS
) -> Floats:
    """Of each thing the lower bound of the logarithm of its rise, ``(things,)``; 0 where nobody knows its past.

    ``rows`` are the numbers of each thing's texts. The first ``window`` of the ``texts`` are all that came in a time, the
    others what was kept before it. ``looks`` are days, ascending.
    """
    import numpy as np

    number = len(texts)
    kept = np.array([text.noted for text in texts], dtype=bool)
    ages = np.array([(today - text.day).days for text in texts], dtype=np.int64)
    names = {name: at for at, name in enumerate(sorted({text.source for text in texts}))}
    sources = np.array([names[text.source] for text in texts], dtype=np.int64)
    mean, variance = np.zeros((len(looks), len(rows))), np.zeros((len(looks), len(rows)))
    for counted in (np.arange(number) < window, kept):
        held, volumes = _counts(rows, ages, sources, counted, len(names), looks)
        for look in range(len(looks)):
            recent, before = held[..., : look + 1].sum(axis=-1), held[..., look + 1 :].sum(axis=-1)
            now, then = volumes[..., : look + 1].sum(axis=-1), volumes[..., look + 1 :].sum(axis=-1)
            rose, doubt = _risen(recent, before, now, then)
            mean[look] += rose
            variance[look] += doubt
    bound: Floats = (mean - _DOUBT * np.sqrt(variance)).mean(axis=0)
    return bound


def _counts(
    rows: Sequence[Sequence[int]],
    ages: NDArray[np.int64],
    sources: NDArray[np.int64],
    counted: NDArray[np.bool_],
    size: int,
    looks: Sequence[int],
) -> tuple[Floats, Floats]:
    """Of each thing, and of all, the texts of each source by age: ``(things, sources, looks + 1)`` and ``(sources, looks + 1)``.

    The first are those of the shortest look, the next what a longer one adds, the last what is older than every look. A look
    is at most the half of its source's time.
    """
    import numpy as np

    oldest = np.zeros(size, dtype=np.int64)
    np.maximum.at(oldest, sources[counted], ages[counted])
    bounds = np.minimum(np.array(looks)[:, None], (oldest + 1) // 2)
    steps = len(looks) + 1
    cells = np.where(counted, steps * sources + (ages >= bounds[:, sources]).sum(axis=0), steps * size)
    held = np.zeros((len(rows), steps * size + 1))
    for at, mine in enumerate(rows):
        held[at] = np.bincount(cells[np.array(mine, dtype=np.int64)], minlength=steps * size + 1)
    volumes = np.bincount(cells, minlength=steps * size + 1).astype(np.float64)
    return held[:, :-1].reshape(-1, size, steps), volumes[:-1].reshape(size, steps)


def _risen(recent: Floats, before: Floats, now: Floats, then: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the logarithm of the odds that a text of a thing is of the last days, over those to be expected.

    ``recent`` and ``before`` are the texts of each thing by source, ``(things, sources)``, ``now`` and ``then`` those of all.
    """
    import numpy as np
    from scipy.special import digamma, polygamma

    known = (now > 0) & (then > 0)
    if not known.any():
        return np.zeros(len(recent)), np.zeros(len(recent))
    share = now[known] / (now + then)[known]
    usual = now[known].sum() / (now + then)[known].sum()
    seen, told = recent[:, known].sum(axis=1), (recent + before)[:, known]
    number = told.sum(axis=1)
    chance = np.divide(told @ share, number, out=np.full(len(told), usual), where=number > 0)
    size = _alike(seen, number, chance)
    late, early = seen + size * chance, number - seen + size * (1 - chance)
    rose: Floats = digamma(late) - digamma(early) - np.log(chance / (1 - chance))
    return rose, polygamma(1, late) + polygamma(1, early)


def _alike(seen: Floats, number: Floats, chance: Floats) -> float:
    """How many texts' worth things are alike: the size of the beta distribution that makes what was ``seen`` likeliest."""
    import numpy as np
    from scipy.special import betaln

    tells = number > 0
    if tells.sum() < _ENOUGH:
        return _USUAL
    seen, number, chance = seen[tells], number[tells], chance[tells]

    def likely(size: float) -> float:
        late, early = size * chance, size * (1 - chance)
        return float((betaln(seen + late, number - seen + early) - betaln(late, early)).sum())

    low, high = float(np.log(_LEAST)), float(np.log(_MOST))
    for _ in range(24):
        one, other = low + (high - low) / 3, high - (high - low) / 3
        low, high = (one, high) if likely(np.exp(one)) < likely(np.exp(other)) else (low, other)
    return float(f"{np.exp((low + high) / 2):.3g}")
