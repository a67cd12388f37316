"""Promotion: scores with reasons, a threshold, a budget, and connection as a condition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.promotion import Evidence, Near, Rules, choose, connects, score

RULES = Rules(threshold=0.5, closeness=0.35, budget=10, max_age=45)
GOOD = Evidence(
    slip=1,
    key="arxiv:2602.08234",
    interests=(Near("LLM agents", 0.7),),
    fellows=(Near("item-2", 0.6),),
    length=1200,
    figures=3,
    code=True,
    age=1,
)


def promoted(*evidence, rules=RULES):
    return [verdict.slip for verdict in choose(evidence, rules) if verdict.promote]


def vary(**changes):
    from dataclasses import replace

    return replace(GOOD, **changes)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        pytest.param(GOOD, [1], id="relevant, connected, substantial"),
        pytest.param(vary(interests=(Near("LLM agents", 0.05),), fellows=()), [], id="nothing of ours"),
        pytest.param(
            vary(interests=(Near("x", 0.3),), fellows=(), length=5000, figures=9), [], id="rich but unconnected"
        ),
        pytest.param(
            vary(interests=(Near("x", 0.3),), fellows=(), cited=("n",), length=5000), [1], id="a citation connects"
        ),
        pytest.param(vary(age=46), [], id="old news waits"),
        pytest.param(vary(age=45), [1], id="the last day of news"),
        pytest.param(vary(age=None), [1], id="unknown age is no reason"),
        pytest.param(vary(withdrawn=True), [], id="a withdrawn paper"),
        pytest.param(vary(weight=0.5), [], id="a source of little weight"),
        pytest.param(
            vary(library=False, interests=(), fellows=(Near("item-2", 0.6),)), [1], id="no library yet: fellows decide"
        ),
        pytest.param(vary(notes=(Near("n", 1.0),), interests=()), [1], id="a repeat still connects"),
    ],
)
def test_what_is_promoted(evidence, expected):
    assert promoted(evidence) == expected


def test_the_budget_takes_the_best_and_breaks_ties_by_key():
    twins = [vary(slip=number, key=key) for number, key in ((1, "url:b"), (2, "url:a"), (3, "url:c"))]
    better = vary(slip=4, key="url:z", interests=(Near("LLM agents", 0.9),))
    assert promoted(*twins, better, rules=Rules(0.5, 0.35, 2, 45)) == [2, 4]
    assert promoted(*twins, better, rules=Rules(0.5, 0.35, 0, 45)) == []


def test_a_feed_that_has_had_its_share_makes_room():
    flood = [vary(slip=number, key=f"url:{number}", feed="changelog") for number in (1, 2, 3)]
    other = vary(slip=4, key="url:z", feed="lab", interests=(Near("LLM agents", 0.5),))
    rules = Rules(0.5, 0.35, 3, 45, per_feed=2)
    assert promoted(*flood, other, rules=rules) == [1, 2, 4]
    assert promoted(*[vary(slip=one.slip, key=one.key) for one in flood], rules=rules) == [1, 2, 3]


def test_reasons_name_the_parts():
    _, reasons = score(vary(notes=(Near("20260220-002-llm-agents", 0.91),)))
    assert reasons[0] == "relevance 0.91: close to [[20260220-002-llm-agents]]"
    assert any(reason.startswith("substance") and "3 figures, code" in reason for reason in reasons)
    _, told = score(vary(notes=(Near("n", 0.97),), sources=3, weight=1.2))
    assert "novelty 0.20: repeats [[n]]" in told
    assert told[-2:] == ("carried by 3 sources", "source weight 1.2")


def test_a_repeat_scores_lower_than_news():
    near = (Near("n", 0.80),)
    assert score(vary(notes=near))[0] > score(vary(notes=(Near("n", 0.99),), interests=(Near("x", 0.80),)))[0] - 0.1
    assert score(vary(notes=(Near("n", 0.90),)))[0] > score(vary(notes=(Near("n", 0.90),), figures=0))[0]


nears = st.lists(st.builds(Near, st.sampled_from("abc"), st.floats(0, 1)), max_size=5).map(tuple)


@given(
    st.builds(
        Evidence,
        slip=st.integers(1, 9),
        key=st.text(max_size=5),
        interests=nears,
        notes=nears,
        fellows=nears,
        length=st.floats(0, 1e6),
        figures=st.integers(0, 99),
        code=st.booleans(),
        sources=st.integers(1, 9),
        weight=st.floats(0, 10),
        library=st.booleans(),
    )
)
def test_a_score_is_in_the_unit_interval_and_connection_is_monotonic(evidence):
    value, reasons = score(evidence)
    assert 0.0 <= value <= 1.0
    assert all(isinstance(reason, str) and reason for reason in reasons)
    assert not connects(evidence, 1.1)
    assert connects(evidence, 0.0) == bool(evidence.interests or evidence.notes or evidence.fellows)
