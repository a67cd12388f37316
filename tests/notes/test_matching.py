"""Rules are tried where they can match, and find what they would find everywhere."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notes.quantities.matching import matches
from notes.quantities.rules import RULES

PARTS = """
It reaches 89.9% 58 percent 0.91 F1 of accuracy of BLEU from 68.0 to 74.9% by 3.2 points up to 4 times faster 12x 1/90 $3M 10B
parameters 128k tokens 1,234 papers 2,5 3.14.15 GPT-4 v2.0 ４５％ ٣٤ two-fold one half of twelve percent three times more
百分之五十八 三倍 九十分之一 二成 达到 72.5 分 参数 14 个语言模型 5 项任务 loss of 0.25 Recall@10 0.8 AUC mean average precision 0.71 score of 7.5
on WebArena, (+1.5) \\times ~5× 20 CoNLL-F1 points in 2025 to 90% 40 ms speedup of 6.5 by a factor of 8
""".split()


def everywhere(text):
    return [(found.span(), found.re.pattern, found.groupdict()) for rule, _ in RULES for found in rule.finditer(text)]


def tried(text):
    return [(found.span(), found.re.pattern, found.groupdict()) for found, _ in matches(text)]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=14).map(" ".join))
@example(" ".join(PARTS))
@example("mean average precision of 0.71 and mean average precision 0.8")
@example("12 3 4 5,678 9.1.2 0.91/0.93 1 0.5 2,34 x3 _4 .5")
def test_what_is_found_is_what_the_rules_match(text):
    assert tried(text) == everywhere(text)


@pytest.mark.parametrize("part", ["", " ", "."], ids=["joined", "spaced", "stopped"])
def test_it_is_so_however_the_parts_are_joined(part):
    text = part.join(PARTS)
    assert tried(text) == everywhere(text)
    assert len(tried(text)) > 3
