"""Mentions: a name in running text, in English and Chinese, and the sentence that has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.links.mentions import CITED_AT_MOST, called, names_it, sentence_naming, sentence_with, smooth


@pytest.mark.parametrize(
    ("names", "forms"),
    [
        pytest.param(("Graph View", "graph-view"), ("graph view",), id="title and file name are one"),
        pytest.param(("🧑卢曼",), ("卢曼",), id="an emoji sorts the file"),
        pytest.param(("» Daily notes工作流",), ("daily notes工作流",), id="so does a mark"),
        pytest.param(("卡片盒筆記法 - Zettelkasten",), ("卡片盒笔记法 zettelkasten",), id="traditional and spaced"),
        pytest.param(("C++",), ("c++",), id="a sign that belongs to the name"),
        pytest.param(("AI", "的", "a"), (), id="too short"),
        pytest.param(("2022-06-30", "2024", "42"), (), id="days and numbers"),
        pytest.param(("between", "Methods"), (), id="common words"),
    ],
)
def test_called(names, forms):
    assert called(names) == forms


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        pytest.param("See the Graph View here", "graph view", True, id="folded"),
        pytest.param("Two graph-views side by side", "graph view", True, id="plural and hyphen"),
        pytest.param("A subgraph viewed from above", "graph view", False, id="inside words"),
        pytest.param("提到卡片筆記的時候", "卡片笔记", True, id="Chinese needs no blanks"),
        pytest.param("用Obsidian記筆記", "obsidian", True, id="Latin inside Chinese"),
        pytest.param("Redistribution", "redis", False, id="the beginning of a word"),
    ],
)
def test_names_it(text, form, expected):
    assert names_it(smooth(text), form) is expected


def test_the_sentence_is_given_and_no_other():
    text = "We begin. Later we compare with the Graph View of others. We end."
    assert sentence_naming(text, ("graph view",)) == "Later we compare with the Graph View of others."
    assert sentence_naming(text, ("tag explorer",)) == ""
    assert (
        sentence_naming("首先。当然，更多的是指卢曼发明的方法。其次。", ("卢曼",)) == "当然，更多的是指卢曼发明的方法。"
    )
    assert sentence_with("See arXiv:2602.08234 for more. Bye.", "2602.08234") == "See arXiv:2602.08234 for more."


@given(st.text(max_size=300), st.integers(0, 400), st.text(max_size=300))
def test_a_reason_is_one_short_line(before, gap, after):
    found = sentence_naming(f"{before}{'x ' * gap}graph view {after}", ("graph view",))
    assert len(found) <= CITED_AT_MOST
    assert "\n" not in found


def test_a_long_sentence_is_cut_around_the_name():
    sentence = f"{'word ' * 80}and then the Graph View {'more ' * 80}".strip()
    found = sentence_naming(sentence, ("graph view",))
    assert "Graph View" in found
    assert found.startswith("… ")
    assert found.endswith("…")
