"""From scores to chances: 0.8 means that about eight in ten such items are kept."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.judging.keeping import LEAST_ANSWERS, Curve, Outcome, fit_curve

USERS = {
    "strict": lambda score: 1 / (1 + math.exp(-10 * (score - 0.7))),
    "generous": lambda score: 0.4 + 0.55 * score,
    "square": lambda score: score**2,
    "step": lambda score: 0.9 if score > 0.5 else 0.1,
    "as foreseen": lambda score: score,
    "no taste at all": lambda score: 0.3,
}
"""Simulated users: the true chance that they keep an item of a raw score."""

# Expected calibration errors, as measured, with a little room: mean over six seeds after 20, 100 and 500 answers.
BARS = {
    "strict": (0.12, 0.08, 0.05),
    "generous": (0.10, 0.08, 0.05),
    "square": (0.10, 0.06, 0.05),
    "step": (0.23, 0.18, 0.09),
    "as foreseen": (0.11, 0.08, 0.05),
    "no taste at all": (0.18, 0.11, 0.05),
}


def score_of(dice) -> float:
    return min(1.0, max(0.0, dice.betavariate(3, 3)))


def answers(keeps, count, seed=1):
    dice = random.Random(seed)
    return [Outcome(score, dice.random() < keeps(score)) for score in (score_of(dice) for _ in range(count))]


def calibration_error(curve, keeps, seed=99, count=4_000) -> float:
    """The expected calibration error over ten bins, on items that the curve has not seen."""
    bins: dict[int, list[float]] = {}
    dice = random.Random(seed)
    for _ in range(count):
        score = score_of(dice)
        chance = curve.chance(score)
        bins.setdefault(min(9, int(10 * chance)), []).append(chance - (dice.random() < keeps(score)))
    return sum(abs(sum(gaps)) for gaps in bins.values()) / count


@pytest.mark.parametrize("user", USERS)
def test_the_chances_come_true(user):
    keeps = USERS[user]
    errors = [
        sum(calibration_error(fit_curve(answers(keeps, count, seed)), keeps) for seed in range(6)) / 6
        for count in (20, 100, 500)
    ]
    assert all(error <= bar for error, bar in zip(errors, BARS[user], strict=True)), errors
    uncorrected = calibration_error(Curve(), keeps)
    assert user == "as foreseen" or errors[-1] < uncorrected / 2


def test_control_answers_that_are_turned_round_give_another_curve():
    keeps = USERS["strict"]
    lying = fit_curve([Outcome(one.score, not one.kept) for one in answers(keeps, 500)])
    assert calibration_error(lying, keeps) > 0.3


def test_few_answers_change_nothing():
    told = answers(USERS["strict"], LEAST_ANSWERS - 1)
    assert fit_curve(told) == Curve()
    assert fit_curve([]) == Curve()
    assert [Curve().chance(score) for score in (-1, 0, 0.3, 1, 2)] == [0, 0, 0.3, 1, 1]
    assert fit_curve([*told, Outcome(0.5, kept=True)]).answers == LEAST_ANSWERS


@pytest.mark.parametrize("score", [0.3, 0.6, 0.9])
def test_answers_that_are_all_alike_teach_the_more_the_more_there_are(score):
    away = [fit_curve([Outcome(0.6, kept=False)] * count).chance(score) for count in (0, 20, 200)]
    kept = [fit_curve([Outcome(0.6, kept=True)] * count).chance(score) for count in (0, 20, 200)]
    assert away[0] > away[1] > away[2]
    assert kept[0] < kept[1] < kept[2]
    assert away[2] < 0.2
    assert kept[2] > 0.9


def test_twenty_dismissals_of_what_waited_do_not_end_the_box():
    assert fit_curve([Outcome(0.4, kept=False)] * LEAST_ANSWERS).chance(0.9) > 0.5


def test_the_same_answers_in_any_order_give_the_same_curve():
    told = answers(USERS["step"], 300)
    assert fit_curve(told) == fit_curve(told)
    # Sums in another order differ in the last bit, far below the four digits that are kept.
    assert fit_curve(told) == fit_curve(told[::-1]) == fit_curve(sorted(told, key=lambda one: one.score))


def test_what_weighs_little_says_little():
    keeps = USERS["strict"]
    told = answers(keeps, 100)
    faint = [Outcome(one.score, kept=True, weight=0.01) for one in told]
    loud = [Outcome(one.score, kept=True) for one in told]
    alone, faintly, loudly = (fit_curve([*told, *more]).chance(0.4) for more in ([], faint, loud))
    assert abs(faintly - alone) < 0.05 < loudly - alone


@given(
    st.lists(st.builds(Outcome, st.floats(0, 1), st.booleans(), st.floats(0.01, 1)), min_size=20, max_size=200),
    st.lists(st.floats(0, 1), min_size=2, max_size=20),
)
def test_no_answers_turn_the_order_of_two_items_round(told, scores):
    curve = fit_curve(told)
    chances = [curve.chance(score) for score in sorted(scores)]
    assert all(0 <= chance <= 1 for chance in chances)
    assert all(low <= high + 1e-12 for low, high in pairwise(chances))
