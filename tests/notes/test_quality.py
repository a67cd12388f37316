"""Quality: named parts with reasons, a raw score, and what the user's answers make of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.judging.keeping import Curve
from notes.judging.quality import UNSCORED, WEIGHTS, Evidence, Fellow, Near, closest, quality, raw_score

GOOD = Evidence(
    slip=1,
    key="arxiv:2602.08234",
    relevance=0.7,
    relevance_why="interest LLM agents",
    fellows=(Fellow("item-2", 0.6),),
    length=1200,
    figures=3,
    code=True,
    age=1,
)


def vary(**changes) -> Evidence:
    return replace(GOOD, **changes)


def score(evidence, curve=None):
    return quality(evidence, curve or Curve()).score


def test_the_parts_have_names_and_make_the_score():
    found = quality(GOOD, Curve())
    assert found.parts == {
        "relevance": 0.7,
        "connection": 0.6,
        "novelty": 1.0,
        "substance": 1.0,
        "carried": 0.0,
        "source": 1.0,
        "closest": 0.6,
    }
    assert found.score == found.raw == raw_score(found.parts) == pytest.approx(0.45 * 0.7 + 0.2 * 0.6 + 0.1 + 0.25)
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert found.reasons == (
        "relevance 0.70: interest LLM agents",
        "connection 0.60: 1 near",
        "substance 1.00: 3 figures, code",
    )


def test_reasons_name_what_they_rest_on():
    told = quality(vary(notes=(Near("n", 0.97),), sources=3, weight=1.2, data=True, code=False), Curve()).reasons
    assert "novelty 0.20: repeats [[n]]" in told
    assert "substance 1.00: 3 figures, data" in told
    assert told[-2:] == ("carried by 3 sources", "source weight 1.2")
    assert "connection 1.00: cited by or citing 2" in quality(vary(cited=("a", "b")), Curve()).reasons


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(vary(relevance=0.8), GOOD, id="relevance"),
        pytest.param(vary(cited=("n",)), GOOD, id="connection"),
        pytest.param(vary(notes=(Near("n", 0.85),)), vary(notes=(Near("n", 0.99),), fellows=()), id="novelty"),
        pytest.param(GOOD, vary(figures=0), id="figures"),
        pytest.param(GOOD, vary(length=100), id="length"),
        pytest.param(GOOD, vary(code=False), id="code"),
        pytest.param(vary(code=False, data=True), vary(code=False), id="data"),
        pytest.param(vary(sources=2), GOOD, id="a second source"),
        pytest.param(GOOD, vary(weight=0.5), id="source weight"),
    ],
)
def test_each_part_counts(better, worse):
    assert score(better) > score(worse)


@pytest.mark.parametrize(
    "lost",
    [
        {"relevance": None},
        {"relevance": float("nan")},
        {"notes": (Near("n", float("nan")),)},
        {"notes": (Near("n", 0.9), Near("m", float("nan")))},
        {"fellows": (Fellow("n", float("inf")),)},
        {"interests": (Near("n", float("nan")),)},
        {"length": float("nan")},
        {"weight": float("inf")},
    ],
    ids=str,
)
def test_a_measure_that_failed_leaves_the_item_unscored(lost):
    """Never 0, which would say that it is bad."""
    found = quality(vary(**lost), Curve())
    assert (found.score, found.raw, found.parts, found.reasons) == (None, None, {}, (UNSCORED,))


def test_what_connects():
    assert closest(vary(interests=(Near("x", 0.2),), notes=(Near("n", 0.4),))) == 0.6
    assert closest(vary(fellows=())) == 0
    assert closest(vary(cited=("n",))) == 1
    assert closest(vary(cited=("n",), cited_share=0.25)) == 0.6
    assert closest(vary(fellows=(Fellow("item-2", 0.6, "lab", is_kin=True),))) == 0, "a feed that resembles itself"


def test_the_fellows_of_one_feed_count_as_one():
    many = vary(fellows=tuple(Fellow(f"item-{n}", 0.5, "lab") for n in range(9)))
    one = vary(fellows=(Fellow("item-0", 0.5, "lab"),))
    spread = vary(fellows=tuple(Fellow(f"item-{n}", 0.5, f"feed {n}") for n in range(3)))
    papers = vary(fellows=tuple(Fellow(f"item-{n}", 0.5) for n in range(3)))
    found = [quality(each, Curve()).parts["connection"] for each in (many, one, spread, papers)]
    assert found == [0.5, 0.5, 0.875, 0.875]


def test_of_many_works_that_are_linked_those_count_that_it_tells_of():
    part = quality(vary(cited=("n",), cited_share=0.2, fellows=()), Curve()).parts["connection"]
    whole = quality(vary(cited=("n",), fellows=()), Curve()).parts["connection"]
    assert (part, whole) == (0.2, 1.0)


def test_what_the_answers_change_is_told():
    found = quality(GOOD, Curve(c=-2.0, answers=34))
    assert found.score < found.raw - 0.3
    assert found.reasons[-1] == "chance: about 3 in ten that scored 0.79 are kept, by 34 answers"
    assert quality(GOOD, Curve(answers=34)).reasons == quality(GOOD, Curve()).reasons
    assert "fewer than one in ten" in quality(GOOD, Curve(c=-9.0, answers=34)).reasons[-1]


def test_a_stored_score_of_an_older_slipway_has_no_parts():
    assert raw_score({}) is None
    assert raw_score({"relevance": 0.5}) is None


fellows = st.lists(
    st.builds(Fellow, st.sampled_from("abc"), st.floats(0, 1), st.sampled_from(["", "x"]), st.booleans()), max_size=5
).map(tuple)
nears = st.lists(st.builds(Near, st.sampled_from("abc"), st.floats(0, 1)), max_size=5).map(tuple)


@given(
    st.builds(
        Evidence,
        slip=st.integers(1, 9),
        key=st.text(max_size=5),
        relevance=st.floats(0, 1),
        interests=nears,
        notes=nears,
        fellows=fellows,
        cited=st.lists(st.just("n"), max_size=2).map(tuple),
        cited_share=st.floats(0, 1),
        length=st.floats(0, 1e6),
        figures=st.integers(0, 99),
        code=st.booleans(),
        sources=st.integers(1, 9),
        weight=st.floats(0, 10),
    )
)
def test_a_score_lies_in_the_unit_interval_and_follows_from_its_parts(evidence):
    found = quality(evidence, Curve())
    assert 0.0 <= found.score <= 1.0
    assert found.raw == raw_score(found.parts)
    assert all(0.0 <= found.parts[name] <= 1.0 for name in (*WEIGHTS, "closest"))
    assert all(isinstance(reason, str) and reason for reason in found.reasons)
    assert quality(evidence, Curve()) == found
