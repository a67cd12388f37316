"""What a work is, in words of its source."""

from __future__ import annotations

import pytest

from notes.model import Role
from publish.sources.extract import Quote
from publish.sources.gist import gist_of


def quote(text, role=Role.APPROACH, lang="en"):
    return Quote(text, role, "20260220-001-x", lang)


CASES = {
    "what the name stands for": (
        "Dr.LLM",
        "We introduce Dr.LLM, Dynamic routing of Layers, a framework that equips models with light routers.",
        "a framework that equips models with light routers",
    ),
    "behind a dash": (
        "CRAG-MM",
        "To fill this gap, we present CRAG-MM — a benchmark for conversations over images.",
        "a benchmark for conversations over images",
    ),
    "in other capitals": (
        "DeepScholar-Bench",
        "We introduce DeepScholar-bench, a live benchmark of research synthesis.",
        "a live benchmark of research synthesis",
    ),
    "a second verb": (
        "DSI-Bench",
        "We introduce dynamic intelligence and propose DSI-Bench, a benchmark of moving scenes.",
        "a benchmark of moving scenes",
    ),
    "a noun that looks like a verb": (
        "PosterGen",
        "To address these design limitations, we propose PosterGen, a framework of many agents for posters.",
        "a framework of many agents for posters",
    ),
    "only its aside leans": (
        "OpenVid",
        "We introduce OpenVid, a framework that grounds reasoning in video, and carefully curate data for these challenges.",
        "a framework that grounds reasoning in video",
    ),
    "whether is what it tests": (
        "InteractComp",
        "We introduce InteractComp, a benchmark that tests whether agents ask back.",
        "a benchmark that tests whether agents ask back",
    ),
    "a name like a condition": (
        "IF-VidCap",
        "We introduce IF-VidCap, a benchmark of captions that follow instructions.",
        "a benchmark of captions that follow instructions",
    ),
    "apposition": (
        "Glyph",
        "We propose Glyph, a framework that renders long texts into images.",
        "a framework that renders long texts into images",
    ),
    "long form": (
        "SRGen",
        "We propose Self-Reflective Generation (SRGen), a lightweight framework that reflects before it generates.",
        "a lightweight framework that reflects before it generates",
    ),
    "relative": (
        "SkillRL",
        "We propose SkillRL, which discovers reusable skills in successful trajectories.",
        "which discovers reusable skills in successful trajectories",
    ),
    "called": (
        "LightMem",
        "We introduce a new memory system called LightMem, which balances cost and quality.",
        "a new memory system called LightMem, which balances cost and quality",
    ),
    "is a": ("Kimi Linear", "Kimi Linear is a hybrid attention architecture.", "a hybrid attention architecture"),
    "colon": ("ProfBench", "We introduce ProfBench: a set of rubrics for experts.", "a set of rubrics for experts"),
    "without a name": (
        "",
        "This paper presents a novel 3D layout generation system.",
        "a novel 3D layout generation system",
    ),
    "chinese": ("RLFR", "团队提出 RLFR，在奖励中引入事实性信号。", None),
    "chinese thing": ("", "作者提出了一种基于平方和的控制器设计方法，并作了验证。", "一种基于平方和的控制器设计方法"),
    "article": (
        "The Tool Decathlon",
        "We introduce the Tool Decathlon (dubbed Toolathlon), a benchmark for language agents.",
        "a benchmark for language agents",
    ),
    "a definite thing of another name": (
        "UI-Ins",
        "We introduce the Instruction Paradigm, treating orders as paths.",
        None,
    ),
    "cut before the place": (
        "OSW",
        "We present OSW, the first fair benchmark for assessing agents' tool invocation, graphical operation, and decision-making"
        " abilities in a real-world environment of many applications and tools.",
        "the first fair benchmark for assessing agents' tool invocation, graphical operation, and decision-making abilities",
    ),
    "its part": ("BigVL", "We propose a Visual Router (ViR) that adapts the resolution of tokens.", None),
    "another system": ("SpaceVista", "We build SpaceVista-1M, a dataset of a million pairs.", None),
    "points back": ("UltraCUA", "We present UltraCUA, a model that bridges this gap.", None),
    "speaks of itself": ("X1", "We present X1, a model that helps our users.", None),
    "formula": ("X1", "We present X1, a model of $O(n)$ cost.", None),
    "hedged": ("X1", "We doubt that X1 is a model of the world.", None),
}


@pytest.mark.parametrize(("name", "sentence", "expected"), CASES.values(), ids=CASES)
def test_gists(name, sentence, expected):
    found = gist_of(name, [quote(sentence)])
    assert (found.text if found else None) == expected
    assert found is None or found.text in sentence


def test_a_long_one_is_cut_at_a_joint_and_ends_well():
    sentence = (
        "We introduce MultiVerse, a novel multi-turn conversation benchmark featuring 647 dialogues - each averaging four turns - "
        "derived from a diverse set of 12 popular evaluation benchmarks and graded by a model."
    )
    text = gist_of("MultiVerse", [quote(sentence)]).text
    assert text in sentence
    assert len(text) <= 150
    assert not text.endswith(("derived", " from", " a", " and"))


def test_a_list_is_not_cut_in_its_middle():
    sentence = (
        "We present OSWorld-MCP, the first comprehensive benchmark for assessing the tool invocation of computer-use agents, their "
        "GUI operation, and their decision-making abilities in a real-world environment of many programs."
    )
    assert gist_of("OSWorld-MCP", [quote(sentence)]).text.endswith("computer-use agents") is False


def test_what_a_later_sentence_introduces_is_a_part_of_the_work():
    quotes = [quote("HoneyBee is better."), quote("We propose a test-time strategy that saves 73%.")]
    assert gist_of("HoneyBee", quotes) is None


def test_a_problem_tells_no_gist():
    assert gist_of("X1", [quote("X1 is a problem of the field.", Role.PROBLEM)]) is None
