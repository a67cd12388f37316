from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.text.keyphrases import STOPWORDS, han_parts, han_stretches, phrases

ENGLISH = {
    "between stopwords": ("the reward hacking of agents", ["reward", "reward hacking", "hacking", "agents"]),
    "three words at most": ("a b2 sparse attention kernels fusion", None),
    "halves of terms only in terms": ("language models and learning", ["language models"]),
    "names keep their case": (
        "GPT-4o beats vLLM",
        ["GPT-4o", "GPT-4o beats", "GPT-4o beats vLLM", "beats", "beats vLLM", "vLLM"],
    ),
    "titles do not": ("Recursive Skills", ["recursive", "recursive skills", "skills"]),
    "hyphenated titles neither": ("Hand-Written", ["hand-written"]),
    "possessive": ("DeepMind's robot", ["DeepMind", "DeepMind robot", "robot"]),
    "a stop parts": ("robot. arm", ["robot", "arm"]),
    "a comma parts": ("robot, arm", ["robot", "arm"]),
    "numbers part": ("robot 2026 arm", ["robot", "arm"]),
    "short words": ("RL xy", ["RL", "RL xy"]),
    "an address says nothing": ("see https://github.com/robot/arm", []),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "expected"), ENGLISH.values(), ids=ENGLISH.keys())
def test_english_phrases(text, expected):
    found = list(phrases(text, "en"))
    if expected is None:
        assert max(len(each.split()) for each in found) == 3
    else:
        assert found == expected


def test_chinese_phrases_lie_between_function_characters():
    text = "遞歸語言模型與訓練穩定性的突破。遞歸語言模型是新的。"
    counts = Counter(phrases(text, "zh-Hant"))
    assert counts["遞歸語言模型"] == 2
    assert counts["訓練穩定性"] == 1
    assert not any(function in each for each in counts for function in "與的是")


def test_parts_that_come_only_within_a_longer_one_are_left_out():
    found = phrases("强化学习很好。强化学习很快。", "zh-Hans")
    assert "强化学习" in found
    assert "化学" not in found


def test_parts_that_come_again_elsewhere_are_kept():
    counts = Counter(phrases("强化学习方法。监督学习算法。迁移学习理论。", "zh-Hans"))
    assert counts["学习"] == 3


def test_terms_that_hold_function_characters_stay_whole():
    assert "行为克隆" in phrases("行为克隆", "zh-Hans")


def test_latin_names_in_chinese():
    assert phrases("SkillRL 在 ALFWorld 上", "zh-Hans")[:2] == ("SkillRL", "ALFWorld")


def test_english_leaves_quoted_chinese_out():
    assert phrases("DeepSeek (深度求索)", "en") == ("DeepSeek",)


@given(st.text(), st.sampled_from(["en", "zh-Hans", "und"]))
def test_phrases_are_clean(text, lang):
    for each in phrases(text, lang):
        assert each == each.strip()
        assert len(each) > 1
        words = each.lower().split()
        assert len(words) <= 3


def test_stopwords_are_lower_case_words():
    assert all(word == word.lower() and " " not in word for word in STOPWORDS)
    assert {"the", "propose", "paper"} <= STOPWORDS


def test_a_time_series_is_a_phrase():
    assert "time series forecasting" in phrases("Time series forecasting.", "en")


def test_chinese_between_function_words_and_every_part_of_it():
    assert list(han_stretches("并发症的预防，数据")) == ["并发症", "预防", "数据"]
    assert list(han_parts("并发症的预防")) == ["并发", "并发症", "发症", "预防"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("模型为何产生幻觉，", ["模型", "产生幻觉"]),
        ("模型如何产生幻觉，", ["模型", "产生幻觉"]),
        ("為何產生幻覺，", ["產生幻覺"]),
        ("何时遗忘旧任务，", ["遗忘旧任务"]),
        ("微分几何以及拓扑，", ["微分几何", "拓扑"]),
        ("任何智能体，", ["智能体"]),
        ("什么让模型遗忘，", ["模型遗忘"]),
        ("节点之间分别同步，正确率上升，", ["节点", "同步", "正确率上升"]),
    ],
    ids=["why", "how", "why, traditional", "when", "geometry", "any", "what", "between and each"],
)
def test_a_word_that_asks_or_orders_is_no_part_of_a_term(text, expected):
    assert list(han_stretches(text)) == expected
