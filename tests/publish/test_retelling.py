"""Sentences as a post tells them: openings cut, the first person of a paper made its authors', nothing else touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.sources.retelling import is_retold, points_back, retold, speaks_of_itself, without_opening

SENTENCES = {
    "To address this gap, we propose Glyph, a framework for our users.": (
        "The authors propose Glyph, a framework for their users."
    ),
    "In this paper, we introduce iGRPO, which rewards steps.": "The authors introduce iGRPO, which rewards steps.",
    "In this paper we introduce iGRPO, which rewards steps.": "The authors introduce iGRPO, which rewards steps.",
    "Specifically, iGRPO rewards correct intermediate steps.": "iGRPO rewards correct intermediate steps.",
    "Motivated by these findings, we train SVG without labels.": "The authors train SVG without labels.",
    "Motivated by a long study, we train SVG without labels.": (
        "Motivated by a long study, the authors train SVG without labels."
    ),
    "Moreover, in this work, our model reaches 52.1% on WebArena.": "The authors’ model reaches 52.1% on WebArena.",
    "Our experiments show that our method helps us.": "The authors’ experiments show that their method helps them.",
    "This paper presents Mixture-of-Groups Attention.": "The paper presents Mixture-of-Groups Attention.",
    "Agents forget. We show why.": "Agents forget. The authors show why.",
    "Models in the US cost more than ours.": "Models in the US cost more than the authors’.",
    "However, they fail.": "However, they fail.",
    "Yet most agents lack interactive mechanisms.": "Most agents lack interactive mechanisms.",
    "So far no agent has such a mechanism.": "So far no agent has such a mechanism.",
    "Users ask “what do we do?” and wait for an answer.": "Users ask “what do we do?” and wait for an answer.",
    "为此，我们提出一种新的方法。": "作者提出一种新的方法。",
    "為此，我們提出一種新的方法。": "作者提出一種新的方法。",
    "本文建立了模型，本研究的结果可靠。": "该文建立了模型，该研究的结果可靠。",
    "本算法优于样本方法与文本研究。": "该算法优于样本方法与文本研究。",
    "但目前的方法不够直观。": "目前的方法不够直观。",
    "而且它更快。": "而且它更快。",
    "并基于决策树给出目标函数。": "基于决策树给出目标函数。",
    "并行计算加快了训练。": "并行计算加快了训练。",
    "同时依据系数进行了加权。": "依据系数进行了加权。",
    "本文件記錄了實驗過程與結果。": "本文件記錄了實驗過程與結果。",
    "然后结合动力学模型推导了公式。": "结合动力学模型推导了公式。",
    "隨後，作者重跑了實驗。": "作者重跑了實驗。",
    "最后通过仿真验证了方法。": "通过仿真验证了方法。",
    "最后一层用于分类。": "最后一层用于分类。",
}


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES.items())
def test_a_paper_is_retold(sentence, expected):
    assert retold(sentence, paper=True) == expected
    assert is_retold(expected, sentence)


def test_who_was_just_named_is_they():
    assert retold("We also train on our data.", paper=True, named=True) == "They also train on their data."


def test_what_follows_its_neighbour_keeps_the_opening():
    sentence = "Specifically, we first construct a digital twin."
    assert retold(sentence, paper=True, follows=True) == "Specifically, the authors first construct a digital twin."


def test_others_keep_their_first_person():
    sentence = "Furthermore, we are opening our second office."
    assert retold(sentence, paper=False) == "We are opening our second office."
    assert speaks_of_itself(sentence)
    assert not speaks_of_itself("They say “we are here” to everyone.")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("While effective, this paradigm suffers from slow inference.", True),
        ("The authors bridge this gap with hybrid action.", True),
        ("They fail on long tasks.", True),
        ("The authors address this by leveraging entities.", True),
        ("Directly applying them to tokens introduces a mismatch.", True),
        ("Agents fail on long tasks, and such agents are common.", False),
        ("Models such as Qwen3 and those of others are compared.", False),
        ("This paper compares five models.", False),
        ("To address this challenge, we propose ProCLIP, a new framework.", False),
        ("该方法的效果最好。", True),
        ("该文提出了新的方法。", False),
        ("大模型会自信地生成错误信息。", False),
    ],
)
def test_pointing_back(sentence, expected):
    assert points_back(sentence) is expected


def test_invention_is_not_a_retelling():
    source = "To address this, we propose a method that reaches 58% on average."
    assert is_retold("The authors propose a method that reaches 58% on average.", source)
    assert not is_retold("The authors propose a method that reaches 99% on average.", source)
    assert not is_retold("They deny that a method reaches 58% on average.", source)


WORDS = st.sampled_from(
    "we our us We Our this paper model reaches 52.1% GPT-5 To address this, Furthermore, In this work, “we” 我们 本文 此外， however".split(
        " "
    )
)


@given(st.lists(WORDS, min_size=1, max_size=14).map(" ".join), st.booleans(), st.booleans(), st.booleans())
def test_only_openings_and_persons_change(sentence, paper, follows, named):
    told = retold(sentence, paper=paper, follows=follows, named=named)
    assert is_retold(told, sentence)
    persons = {"the", "authors", "authors’", "they", "their", "them", "theirs", "themselves"}
    left = {word.lower() for word in re.findall(r"[\w’.%-]+", told)} - persons
    source = sentence.lower()
    assert all(word in source or re.search(r"作者|[该該]", word) for word in left)


@given(st.text(max_size=200))
def test_any_text_is_survived(text):
    assert isinstance(retold(text, paper=True), str)
    assert isinstance(points_back(text), bool)
    assert len(without_opening(text)) <= len(text) + 1


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("结果 此家系成员共计35人.", "此家系成员共计35人."),
        ("目的：探讨记忆障碍的成因。", "探讨记忆障碍的成因。"),
        ("目的探讨是否遗留记忆障碍。", "探讨是否遗留记忆障碍。"),
        ("方法对49例患者进行测试。", "对49例患者进行测试。"),
        ("结果表明该方法优于基线。", "结果表明该方法优于基线。"),
        ("方法400例患者随机分为两组。", "400例患者随机分为两组。"),
        ("结果治疗组的评分显著升高。", "治疗组的评分显著升高。"),
        ("结果组合优化更快。", "结果组合优化更快。"),
        ("结果表明，该方法优于基线。", "该方法优于基线。"),
        ("仿真结果表明，该方法优于基线。", "仿真结果表明，该方法优于基线。"),
        ("方法的核心是检索。", "方法的核心是检索。"),
    ],
)
def test_the_headings_of_a_structured_abstract_are_not_said_twice(sentence, shown):
    assert retold(sentence, paper=True) == shown
    assert is_retold(shown, sentence)
