from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from index.trends.bursts import beyond_chance, bursts, discoveries


def one_source(recent, before, now, then, spread=0.0):
    rows = [np.array(counts, dtype=float)[:, None] for counts in (recent, before)]
    return bursts(*rows, np.array([float(now)]), np.array([float(then)]), spread)


@pytest.mark.parametrize(
    ("recent", "before"),
    [(5, 5), (20, 40), (0, 3), (3, 0), (1, 20), (30, 30)],
    ids=lambda count: str(count),
)
def test_one_source_is_a_hypergeometric_test(recent, before):
    found = one_source([recent], [before], 100, 700)
    exact = stats.hypergeom(800, recent + before, 100)
    assert found.more[0] == pytest.approx(exact.sf(recent - 1), rel=0.2, abs=1e-5)
    assert found.fewer[0] == pytest.approx(exact.cdf(recent), rel=0.2, abs=1e-5)
    assert found.expected[0] == pytest.approx(before / 7)


def test_what_varies_beyond_chance_is_less_sure():
    sure, unsure = (one_source([60], [20], 500, 500, spread).more[0] for spread in (0.0, 0.2))
    assert sure < 1e-5
    assert unsure > 1e-3


@pytest.mark.parametrize("growth", [1, 3, 10])
def test_volume_changes_nothing(growth):
    found = one_source([10 * growth], [30], 100 * growth, 300)
    assert found.expected[0] == pytest.approx(10 * growth)
    assert found.more[0] > 0.4


def test_a_source_without_a_past_proves_nothing():
    new = np.array([[2.0, 40.0]]), np.array([[14.0, 0.0]]), np.array([100.0, 200.0]), np.array([700.0, 0.0])
    found = bursts(*new)
    assert found.more[0] > 0.5
    assert (found.recent[0], found.expected[0]) == (42, 42)
    # The same counts without telling the sources apart would be a rise beyond doubt.
    mixed = bursts(*(part.sum(axis=-1, keepdims=True) for part in new))
    assert mixed.more[0] < 1e-6


def test_a_shift_between_sources_is_no_rise():
    # Each source holds as much of it as ever; the one that holds more brings more.
    found = bursts(np.array([[40.0, 1.0]]), np.array([[20.0, 5.0]]), np.array([400.0, 100.0]), np.array([200.0, 500.0]))
    assert found.more[0] > 0.3
    assert bursts(np.array([[41.0]]), np.array([[25.0]]), np.array([500.0]), np.array([700.0])).more[0] < 0.01


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8),
    st.integers(50, 500),
    st.integers(50, 500),
    st.floats(0, 0.3),
)
def test_tails_are_probabilities(counts, now, then, spread):
    found = one_source([recent for recent, _ in counts], [before for _, before in counts], now, then, spread)
    for tail in (found.more, found.fewer):
        assert ((tail >= 0) & (tail <= 1)).all()
    assert (found.more + found.fewer > 0.9).all()


def test_nothing_came():
    found = bursts(np.zeros((1, 1)), np.zeros((1, 1)), np.zeros(1), np.zeros(1))
    assert (found.more[0], found.fewer[0], found.expected[0]) == (1, 1, 0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_false_discoveries_are_controlled_as_by_benjamini_and_hochberg(p_values):
    assert discoveries(np.array(p_values)) == pytest.approx(stats.false_discovery_control(p_values))


def test_no_p_values():
    assert len(discoveries(np.zeros(0))) == 0


def waves(spread, *, things=300, periods=12, rise=1.0):
    """Counts whose weekly shares have this variance beyond chance; in the later half ``rise`` times as many."""
    random = np.random.default_rng(7)
    shape = (things, periods)
    shares = 0.03 * random.gamma(1 / spread, spread, shape) if spread else np.full(shape, 0.03)
    shares[:, periods // 2 :] *= rise
    return random.binomial(1000, np.minimum(shares, 1.0)).astype(float)[:, :, None], np.full((periods, 1), 1000.0)


def test_variation_beyond_chance_is_measured():
    calm, wild = (beyond_chance(*waves(spread), 6) for spread in (0.0, 0.3))
    assert calm < 0.01
    assert wild == pytest.approx(0.3 * (1 / 6 + 1 / 6), rel=0.4)


def test_rises_do_not_count_as_variation():
    assert beyond_chance(*waves(0.0, rise=3.0), 6) < 0.01


def test_few_things_have_the_usual_variation():
    assert beyond_chance(np.zeros((3, 8, 1)), np.full((8, 1), 100.0), 4) == pytest.approx(0.05 * (1 / 4 + 1 / 4))
