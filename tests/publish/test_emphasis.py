"""Bold takes a whole range and a whole list."""

from __future__ import annotations

import time

import pytest

from publish.sources.emphasis import _beginning, bold_parts


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("在 MMMU 上达到 80.11%，与大十到二十倍的模型相当。", ("80.11%", "十到二十倍")),
        ("提示長度也縮短 10% 至 20%。", ("10% 至 20%",)),
        ("In 2024, 89.9% of tasks were solved.", ("89.9%",)),
        ("It gains 5% and 7% on two tasks.", ("5%", "7%")),
        ("Nothing is measured.", ()),
    ],
)
def test_bold(sentence, parts):
    assert bold_parts(sentence) == parts


def test_no_item_of_a_list_is_left_out():
    parts = "".join(bold_parts("在 3B、9B 和 27B 模型上訓練穩定。"))
    assert all(size in parts for size in ("3B", "9B", "27B"))


@pytest.mark.parametrize(
    ("before", "text", "stretch"),
    [
        ("在 3B、9B 和 ", "27B", "3B、9B 和 "),
        ("at 1, 5 and ", "10 points", "1, 5 and "),
        ("from 3 to ", "27 points", "3 to "),
        ("大十到", "二十倍", "十到"),
        ("Llama 3 and ", "27%", ""),
        ("in 2024, ", "27%", ""),
        ("in 2023, 2024 and ", "27%", ""),
        ("GPT-4 and ", "27%", ""),
        ("from 2023 to ", "27%", ""),
        ("10B and ", "27%", ""),
    ],
)
def test_where_a_range_or_a_list_begins(before, text, stretch):
    assert before[_beginning(before, text) :] == stretch


@pytest.mark.parametrize("unit", ["1 and ", "1,", "1, ", "1", "百", "1、", "1 or 1% and "])
def test_a_list_without_an_end_takes_time_in_proportion_to_the_text(unit):
    begun = time.process_time()
    bold_parts(unit * (20_000 // len(unit)) + "so 5% and 7%.")
    _beginning(unit * (20_000 // len(unit)), "5%")
    assert time.process_time() - begun < 10
