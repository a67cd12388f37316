"""Whether the last days hold more of a thing, or fewer, than its past says: a conditional ratio test, source by source.

Of the texts that hold a thing, how many fall into the last days? If its share had stayed as it was, each source's would fall
there as that source's texts do: a hypergeometric count. So weekends, holidays, gaps in the crawl and growing volume are on both
sides of the comparison, and a source that came last week, whose past nobody knows, proves nothing. It is the Poisson ratio test
(Przyborowski and Wilenski 1940) with two amendments: sources are strata, and counts may vary more than chance has them vary
(deadlines, waves of one story), as much as all things of the corpus did; that much a rise has to exceed.

Kleinberg's automaton (2002) would name the days of a burst, but it has no error rate that could be controlled over thousands of
phrases, and its two parameters are the user's to choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Bursts", "beyond_chance", "bursts", "discoveries"]

_NOTHING = 1e-9
_MEDIAN = 0.4549  # of chi-squared with one degree of freedom
_TELLING = 3.0  # a variance from which a deviation is near enough to normal
_ENOUGH = 50
_USUAL_SPREAD = 0.05  # of one period
_MOST_SPREAD = 0.25


@dataclass(frozen=True, slots=True)
class Bursts:
    """For each thing, ``(things,)`` float64: counts in the last days, those expected, and both tails of the test."""

    recent: Floats
    expected: Floats
    more: Floats
    fewer: Floats


@dataclass(frozen=True, slots=True)
class _Null:
    """What the last days would hold of each thing had its share stayed: mean and variance, of the sources with a past."""

    seen: Floats
    mean: Floats
    variance: Floats
    expected: Floats
    newcomers: Floats


def bursts(recent: Floats, before: Floats, volume_recent: Floats, volume_before: Floats, spread: float = 0.0) -> Bursts:
    """Test each thing; ``recent`` and ``before`` are ``(things, sources)`` counts, the volumes ``(sources,)``.

    ``spread`` is the variance, beyond chance, of the logarithm of how a thing's share then and now relate.
    """
    null = _null(recent, before, volume_recent, volume_before)
    more, fewer = _tails(null.seen, null.mean, null.variance * (1 + spread * null.variance))
    return Bursts(null.seen + null.newcomers, null.expected + null.newcomers, more, fewer)


def beyond_chance(counts: Floats, volumes: Floats, span: int) -> float:
    """The ``spread`` of ``(things, periods, sources)`` counts between the last ``span`` periods and those before.

    Every other period is compared with those between, in which rises and falls are even and only what comes in waves is not,
    by the median of the squared deviations; the variance falls with the number of periods. Where few things tell, a usual value.
    """
    number = len(volumes)
    halves = (
        counts[:, ::2].sum(axis=1),
        counts[:, 1::2].sum(axis=1),
        volumes[::2].sum(axis=0),
        volumes[1::2].sum(axis=0),
    )
    null = _null(*halves)
    tells = null.variance >= _TELLING
    each = _USUAL_SPREAD
    if tells.sum() >= _ENOUGH:
        variance = null.variance[tells]
        half = _spread((null.seen - null.mean)[tells] ** 2 / variance, variance)
        each = half / (1 / len(volumes[::2]) + 1 / len(volumes[1::2]))
    return round(each * (1 / span + 1 / (number - span)), 6)


def _spread(ratios: Floats, variances: Floats) -> float:
    """The spread at which the middle one of the ratios is as chance has it."""
    import numpy as np

    low, high = 0.0, _MOST_SPREAD
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if np.median(ratios / (1 + middle * variances)) > _MEDIAN else (low, middle)
    return low


def discoveries(p_values: Floats) -> Floats:
    """The false discovery rate at which each is a discovery (Benjamini and Hochberg 1995), ``(n,)`` in [0, 1]."""
    import numpy as np

    if not len(p_values):
        return np.zeros(0)
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * len(p_values) / np.arange(1, len(p_values) + 1)
    least = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    found = np.empty_like(least)
    found[order] = least
    return found


def _null(recent: Floats, before: Floats, volume_recent: Floats, volume_before: Floats) -> _Null:
    import numpy as np

    known = (volume_recent > 0) & (volume_before > 0)
    total = (volume_recent + volume_before)[known]
    share = volume_recent[known] / total
    told = (recent + before)[:, known]
    mean = told @ share
    variance = (told * (share * (1 - share)) * (total - told) / np.maximum(1.0, total - 1)).sum(axis=1)
    seen, rest = recent[:, known].sum(axis=1), told.sum(axis=1)
    # Of one source that is its volume times the share before; of several it weighs each by what can be compared.
    past = (rest - seen) * np.divide(mean, rest - mean, out=np.zeros_like(mean), where=rest - mean > _NOTHING)
    return _Null(seen, mean, variance, past, recent[:, ~known].sum(axis=1))


def _tails(seen: Floats, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The probabilities of ``seen`` or more, and of ``seen`` or fewer, by the distribution of this mean and variance.

    Binomial where the variance is less than the mean, else negative binomial.
    """
    import numpy as np

    sure = variance <= _NOTHING
    mean, variance = np.where(sure, 1.0, mean), np.where(sure, 0.5, variance)
    thin = variance < mean * (1 - 1e-6)
    more, fewer = (
        np.where(thin, one, other)
        for one, other in zip(_thin(seen, mean, variance), _wide(seen, mean, variance), strict=True)
    )
    return np.where(sure, 1.0, more), np.where(sure, 1.0, fewer)


def _thin(seen: Floats, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    import numpy as np
    from scipy.special import betainc

    chance = np.clip(1 - variance / mean, 1e-12, 1.0)
    trials = np.maximum(mean / chance, seen)  # no more can be seen than there are
    chance = np.minimum(mean / trials, 1.0)
    more = np.where(seen > 0, betainc(np.maximum(seen, 0.5), trials - seen + 1, chance), 1.0)
    fewer = np.where(seen < trials, 1 - betainc(seen + 1, np.maximum(trials - seen, _NOTHING), chance), 1.0)
    return more, fewer


def _wide(seen: Floats, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    import numpy as np
    from scipy.special import betainc

    size = mean**2 / np.maximum(variance - mean, mean * 1e-6)
    stops = size / (size + mean)
    more = np.where(seen > 0, betainc(np.maximum(seen, 0.5), size, 1 - stops), 1.0)
    return more, betainc(size, seen + 1, stops)
