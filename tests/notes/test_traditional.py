"""Names of topics in the traditional script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.text.fold import to_simplified
from notes.text.hanzi import PAIRS
from notes.text.traditional import to_traditional


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("强化学习", "強化學習"),
        ("检索增强生成", "檢索增強生成"),
        ("后训练", "後訓練"),
        ("发动机 · 头发", "發動機 · 頭髮"),
        ("控制系统", "控制系統"),
        ("制造业", "製造業"),
        ("干旱胁迫", "乾旱脅迫"),
        ("干细胞", "幹細胞"),
        ("若干", "若干"),
        ("云计算", "雲計算"),
        ("临床 · 群体智能 · 痴呆 · 峰值", "臨床 · 群體智能 · 痴呆 · 峰值"),
        ("里程计", "里程計"),
        ("复杂网络", "複雜網絡"),
        ("GPT-4o 智能体", "GPT-4o 智能體"),
        ("", ""),
    ],
)
def test_to_traditional(simplified, traditional):
    assert to_traditional(simplified) == traditional


@given(st.text(st.sampled_from(sorted({*PAIRS[1::2], *"abc 的学习 ·"})), max_size=20))
def test_there_and_back(text):
    assert to_simplified(to_traditional(text)) == to_simplified(text)
    assert len(to_traditional(text)) == len(text)


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("可验证奖励", "可驗證獎勵"),
        ("真实场景", "真實場景"),
        ("即时教学", "即時教學"),
        ("既有查询", "既有查詢"),
        ("取胜", "取勝"),
    ],
)
def test_of_two_forms_the_printed_one_is_written(simplified, traditional):
    assert to_traditional(simplified) == traditional


def test_no_character_is_one_that_newspapers_do_not_print():
    """Big5 holds what is in daily use in its first plane."""

    def is_common(character: str) -> bool:
        return character.encode("big5", "replace")[0] < 0xC9 and character.encode("big5", "replace") != b"?"

    forms: dict[str, list[str]] = {}
    for old, new in zip(PAIRS[::2], PAIRS[1::2], strict=True):
        forms.setdefault(new, []).append(old)
    common = {new: [one for one in old if is_common(one)] for new, old in forms.items()}
    changed = {new: to_traditional(new) for new, known in common.items() if known}
    assert [new for new, old in changed.items() if old != new and not is_common(old)] == []
