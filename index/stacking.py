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

__all__ = ["Prior", "fit_weights", "log_odds", "probability"]

_ROUNDS = 50
_ENOUGH = 1e-8
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
