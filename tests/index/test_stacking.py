from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from index.taste.stacking import Prior, calibrated, fit_weights, log_odds, probability


def rows(seed: int, count: int = 80, width: int = 4):
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(count, width))
    return x, (chance.random(count) < 1 / (1 + np.exp(-x @ chance.normal(size=width)))).astype(float)


def test_without_rows_it_is_the_prior():
    prior = Prior(np.array([0.0, 1.0, -2.0]), np.ones(3))
    assert fit_weights(np.zeros((0, 3)), np.zeros(0), np.zeros(0), prior) == pytest.approx(prior.mean)


@pytest.mark.parametrize("seed", range(4))
def test_with_a_prior_of_zero_it_is_ridge_logistic_regression(seed):
    x, y = rows(seed)
    mine = fit_weights(x, y, np.ones(len(y)), Prior(np.zeros(4), np.full(4, 0.5)))
    theirs = LogisticRegression(C=2.0, fit_intercept=False, tol=1e-8).fit(x, y).coef_[0]
    assert mine == pytest.approx(theirs, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(-20, 20), st.floats(1e-3, 100), st.floats(0.01, 100))
def test_it_stands_where_the_slope_is_nothing(seed, mean, precision, scale):
    x, y = rows(seed, 30)
    prior = Prior(np.full(4, mean), np.full(4, precision))
    beta = fit_weights(scale * x, y, np.ones(len(y)), prior)
    slope = scale * x.T @ (probability(scale * x @ beta) - y) + precision * (beta - mean)
    assert np.abs(slope).max() < 0.05 * max(1.0, scale)


def test_calibration_takes_back_what_the_newest_answers_do_not_bear_out():
    # One trait told everything, until lately it tells half as much and less is kept at all.
    chance = np.random.default_rng(7)
    trait = chance.normal(size=3000)
    odds = np.where(np.arange(3000) < 2500, 3 * trait, 1.5 * trait - 1)
    kept = (chance.random(3000) < probability(odds)).astype(float)
    rows, prior = np.stack([np.ones(3000), trait], axis=1), Prior(np.zeros(2), np.full(2, 0.1))
    shift, slope = calibrated(rows, kept, np.ones(3000), prior)
    assert shift == pytest.approx(-1, abs=0.25)
    assert slope == pytest.approx(0.5, abs=0.12)


def test_few_answers_leave_it_as_it_is():
    x, y = rows(3, 20)
    shift, slope = calibrated(x, y, np.ones(20), Prior(np.zeros(4), np.ones(4)))
    assert abs(shift) < 0.6
    assert abs(slope - 1) < 0.3


def test_calibration_never_turns_the_order_round():
    x = np.linspace(-3, 3, 600)[:, None]
    kept = np.concatenate([x[:500, 0] > 0, x[500:, 0] < 0]).astype(float)
    assert calibrated(x, kept, np.ones(600), Prior(np.zeros(1), np.ones(1)))[1] > 0


def test_odds_and_chances():
    assert probability(log_odds(np.array([0.2, 0.5, 0.9]))) == pytest.approx([0.2, 0.5, 0.9])
    assert probability(log_odds(np.array([0.0, 1.0]))) == pytest.approx([0.05, 0.95])
