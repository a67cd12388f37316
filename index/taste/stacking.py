"""Logistic regression whose prior is not zero: weights are pulled towards what is believed before any answer.

Newton's method on the posterior mode: with a Gaussian prior on each weight the loss is strictly convex, so that there is
one answer, and it does not depend on where one starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Prior", "calibrated", "fit_weights", "log_odds", "probability"]

_ROUNDS = 50
_ENOUGH = 1e-8
_NEWEST = 6  # of how many parts the newest calibrates
_LEAST_SLOPE = 0.2  # calibration never turns the order round
_SHIFT_PRECISION, _SLOPE_PRECISION = 4.0, 10.0
_FARTHEST = 30.0  # log-odds beyond which a double says 0 or 1


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of each weight before any answer: ``mean`` and ``precision`` (inverse variance, > 0), both ``(p,)``."""

    mean: Floats
    precision: Floats


def fit_weights(rows: Floats, kept: Floats, weights: Floats, prior: Prior) -> Floats:
    """The most probable weights ``(p,)``, given ``rows`` ``(n, p)``, ``kept`` ``(n,)`` of 0 and 1, and the rows' ``weights``.

    Without rows it is the prior's mean.
    """
    import numpy as np

    beta = prior.mean.astype(np.float64)
    loss = _loss(rows, kept, weights, prior, beta)
    for _ in range(_ROUNDS):
        chance = probability(rows @ beta)
        slope = rows.T @ (weights * (chance - kept)) + prior.precision * (beta - prior.mean)
        bend = (rows * (weights * chance * (1 - chance))[:, None]).T @ rows + np.diag(prior.precision)
        step = np.linalg.solve(bend, slope)
        # A full step may overshoot where probabilities saturate; half of it never needs many tries.
        while slope @ step > _ENOUGH and _loss(rows, kept, weights, prior, beta - step) > loss:
            step = step / 2
        beta = beta - step
        loss = _loss(rows, kept, weights, prior, beta)
        if slope @ step < _ENOUGH:
            break
    return beta


def calibrated(rows: Floats, kept: Floats, weights: Floats, prior: Prior) -> tuple[float, float]:
    """Shift and slope that make log-odds true of what comes later (Platt 1999): tastes drift, and models believe themselves.

    Learnt from the newest sixth of the rows, which come oldest first, predicted by what the older ones teach; few rows
    leave both as they are: 0 and 1.
    """
    import numpy as np

    old = len(rows) - len(rows) // _NEWEST
    odds = rows[old:] @ fit_weights(rows[:old], kept[:old], weights[:old], prior)
    line = np.stack([np.ones(len(odds)), odds], axis=1)
    as_it_is = Prior(np.array([0.0, 1.0]), np.array([_SHIFT_PRECISION, _SLOPE_PRECISION]))
    shift, slope = fit_weights(line, kept[old:], weights[old:], as_it_is)
    return float(shift), float(max(slope, _LEAST_SLOPE))


def probability(odds: Floats) -> Floats:
    """Log-odds as probabilities."""
    import numpy as np

    chances: Floats = 1 / (1 + np.exp(-np.clip(odds, -_FARTHEST, _FARTHEST)))
    return chances


def log_odds(chances: Floats, *, least: float = 0.05) -> Floats:
    """Probabilities as log-odds, those nearer to 0 or 1 than ``least`` taken for ``least``."""
    import numpy as np

    some = np.clip(chances.astype(np.float64), least, 1 - least)
    odds: Floats = np.log(some / (1 - some))
    return odds


def _loss(rows: Floats, kept: Floats, weights: Floats, prior: Prior, beta: Floats) -> float:
    import numpy as np

    odds = rows @ beta
    misfit = weights @ (np.logaddexp(0, odds) - kept * odds)
    return float(misfit + 0.5 * prior.precision @ (beta - prior.mean) ** 2)
