"""From a raw score to the chance that such an item is kept, learnt from what the user kept and put away.

Beta calibration (Kull, Silva Filho and Flach, 2017): ``logit p = a ln s - b ln(1 - s) + c``. With ``a = b = 1, c = 0`` it is the
identity, which is the prior: raw scores are made so that 0.5 is worth a note, and answers move the curve away from
that by as much as they say. Held to ``a, b > 0`` it never turns the order of two items round. Where a hundred answers and
more tell of a shape that such a curve cannot have (a user who keeps all from some score on), what they tell in each stretch of
scores corrects it, made to rise by pooling (isotonic regression).
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace

__all__ = ["LEAST_ANSWERS", "Curve", "Outcome", "fit_curve", "share_learnt"]

LEAST_ANSWERS = 20
"""Below so many answers the curve is the identity."""

_NOTHING_LEARNT, _ALL_LEARNT = 10.0, 60.0  # answers below which nothing counts, and from which on all of it does

_Vector = tuple[float, float, float]

_PRIOR: _Vector = (1.0, 1.0, 0.0)
# How sure the prior is, as 1/variance. Twenty answers tell how generous the user is, but hardly how steep the curve is.
_PRECISION: _Vector = (4.0, 4.0, 0.25)
_ALIKE_PRECISION = 1.0  # firmer: twenty dismissals of what waited should not end the box
_FARTHEST = 30.0
_LEAST_SLOPE = 0.1
_EDGE = 0.005  # a raw score of 0 or 1 is no certainty
_STEPS = 60
_STRETCH = 40  # answers in a stretch that may correct the curve
_CURVE_COUNTS = 10.0  # as many answers as the curve itself is worth in a stretch
_TOLERANCE = 1e-9
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item that had the raw score ``score``; ``weight`` in (0, 1] tells how much that says.

    ``asked`` is False for a note that stood without a word about it.
    """

    score: float
    kept: bool
    weight: float = 1.0
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Curve:
    """A map of [0, 1] to [0, 1] that never falls; ``answers`` and ``stood`` count its outcomes: without any the identity.

    ``bends`` are chances by the plain curve and what they turned out to be, both rising; straight lines lie between.
    """

    a: float = 1.0
    b: float = 1.0
    c: float = 0.0
    answers: int = 0
    bends: tuple[tuple[float, float], ...] = ()
    stood: int = 0

    def chance(self, score: float) -> float:
        """The chance in [0, 1] that an item with this raw score is kept."""
        if not self.answers + self.stood:
            return min(1.0, max(0.0, score))
        plain = _chance((self.a, self.b, self.c), _features(score))
        return _between(self.bends, plain) if self.bends else plain


def share_learnt(answers: float) -> float:
    """How much of what a model learnt from so many answers counts, in [0, 1]: nothing at 10, all from 60 on.

    A curve of three weights has a prior that does as much; a model of a thousand would turn the box over at the first word.
    """
    way = min(1.0, max(0.0, (answers - _NOTHING_LEARNT) / (_ALL_LEARNT - _NOTHING_LEARNT)))
    return way * way * (3.0 - 2.0 * way)


def fit_curve(outcomes: Sequence[Outcome]) -> Curve:
    """The curve of these outcomes: the likeliest under the prior. The identity while they are few.

    Where all say the same they tell how generous the user is, and nothing of the curve's shape.
    """
    if len(outcomes) < LEAST_ANSWERS:
        return Curve()
    if len({one.kept for one in outcomes}) < 2:
        stood = sum(not one.asked for one in outcomes)
        return Curve(c=_shift(outcomes), answers=len(outcomes) - stood, stood=stood)
    rows = [(_features(one.score), one.kept, one.weight) for one in outcomes]
    fixed: dict[int, float] = {}
    found = _fit(rows, fixed)
    for _ in range(2):
        flat = [place for place in (0, 1) if found[place] < _LEAST_SLOPE and place not in fixed]
        if not flat:
            break
        fixed |= dict.fromkeys(flat, _LEAST_SLOPE)
        found = _fit(rows, fixed)
    a, b, c = (round(value, _DIGITS) for value in found)
    stood = sum(not one.asked for one in outcomes)
    curve = Curve(a, b, c, len(outcomes) - stood, stood=stood)
    return replace(curve, bends=_bends(curve, outcomes))


def _shift(outcomes: Sequence[Outcome]) -> float:
    """The likeliest ``c`` where the slopes stay as they are, found by halving."""
    rows = [(_features(one.score), one.kept, one.weight) for one in outcomes]
    low, high = -_FARTHEST, _FARTHEST
    for _ in range(_STEPS):
        middle = (low + high) / 2
        pull = sum(weight * (kept - _chance((1.0, 1.0, middle), features)) for features, kept, weight in rows)
        low, high = (middle, high) if pull > _ALIKE_PRECISION * middle else (low, middle)
    return round((low + high) / 2, _DIGITS)


def _bends(curve: Curve, outcomes: Sequence[Outcome]) -> tuple[tuple[float, float], ...]:
    """What stretches of scores tell beyond the curve; nothing where there are fewer than three of them."""
    ordered = sorted(outcomes, key=lambda one: (one.score, one.kept, one.weight))
    count = len(ordered) // _STRETCH
    if count < 3:
        return ()
    parts = [ordered[len(ordered) * n // count : len(ordered) * (n + 1) // count] for n in range(count)]
    foreseen = [sum(curve.chance(one.score) for one in part) / len(part) for part in parts]
    levels = _pooled([_level(chance, part) for chance, part in zip(foreseen, parts, strict=True)])
    told = ((round(chance, _DIGITS), round(level, _DIGITS)) for chance, level in zip(foreseen, levels, strict=True))
    return ((0.0, 0.0), *told, (1.0, 1.0))


def _level(chance: float, part: Sequence[Outcome]) -> tuple[float, float]:
    """The share that was kept, the curve's own chance counting as some answers too, and the weight of both."""
    weight = sum(one.weight for one in part) + _CURVE_COUNTS
    return (sum(one.weight * one.kept for one in part) + _CURVE_COUNTS * chance) / weight, weight


def _pooled(levels: Sequence[tuple[float, float]]) -> list[float]:
    """The nearest levels that never fall: neighbours that do are pooled."""
    pools: list[tuple[float, float, int]] = []
    for level, weight in levels:
        pools.append((level, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (high, much, some), (low, more, others) = pools[-2:]
            pools[-2:] = [((high * much + low * more) / (much + more), much + more, some + others)]
    return [level for level, _, count in pools for _ in range(count)]


def _between(bends: Sequence[tuple[float, float]], chance: float) -> float:
    """What a chance turned out to be, on the lines between the bends, which begin at 0 and end at 1."""
    at = min(max(bisect([place for place, _ in bends], chance), 1), len(bends) - 1)
    (left, low), (right, high) = bends[at - 1], bends[at]
    return low if right <= left else low + (high - low) * (chance - left) / (right - left)


def _features(score: float) -> _Vector:
    inside = min(1.0 - _EDGE, max(_EDGE, score))
    return math.log(inside), -math.log(1.0 - inside), 1.0


def _chance(theta: _Vector, features: _Vector) -> float:
    logit = sum(weight * value for weight, value in zip(theta, features, strict=True))
    # exp of a large number overflows, of a very negative one it is 0.
    return 1.0 / (1.0 + math.exp(-logit)) if logit >= 0 else 1.0 - 1.0 / (1.0 + math.exp(logit))


def _fit(rows: Sequence[tuple[_Vector, bool, float]], fixed: dict[int, float]) -> _Vector:
    """Newton's method on the penalised likelihood, which has one maximum."""
    theta = [fixed.get(place, value) for place, value in enumerate(_PRIOR)]
    free = [place for place in range(3) if place not in fixed]
    for _ in range(_STEPS):
        slope, bend = _derivatives(rows, (theta[0], theta[1], theta[2]))
        step = _solved([[bend[i][j] for j in free] for i in free], [slope[i] for i in free])
        # The likelihood is nearly flat far from the prior, and a full step could leap over the maximum.
        size = min(1.0, 2.0 / max(map(abs, step)) if any(step) else 1.0)
        for place, change in zip(free, step, strict=True):
            theta[place] += size * change
        if max(map(abs, step)) < _TOLERANCE:
            break
    return theta[0], theta[1], theta[2]


def _derivatives(rows: Sequence[tuple[_Vector, bool, float]], theta: _Vector) -> tuple[list[float], list[list[float]]]:
    """The slope of the penalised likelihood and the negative of its bend."""
    slope = [sure * (prior - value) for sure, prior, value in zip(_PRECISION, _PRIOR, theta, strict=True)]
    bend = [[_PRECISION[i] if i == j else 0.0 for j in range(3)] for i in range(3)]
    for features, kept, weight in rows:
        chance = _chance(theta, features)
        for i in range(3):
            slope[i] += weight * (kept - chance) * features[i]
            for j in range(3):
                bend[i][j] += weight * chance * (1.0 - chance) * features[i] * features[j]
    return slope, bend


def _solved(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """The solution of a small positive definite system, by elimination."""
    size = len(vector)
    rows = [[*line, value] for line, value in zip(matrix, vector, strict=True)]
    for place in range(size):
        for below in range(place + 1, size):
            share = rows[below][place] / rows[place][place]
            rows[below] = [low - share * high for low, high in zip(rows[below], rows[place], strict=True)]
    found = [0.0] * size
    for place in reversed(range(size)):
        rest = sum(rows[place][other] * found[other] for other in range(place + 1, size))
        found[place] = (rows[place][size] - rest) / rows[place][place]
    return found
