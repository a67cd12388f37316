"""Mentions: a name in running text, in English and Chinese, and the sentence that has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.links.mentions import (
    CITED_AT_MOST,
    called,
    forms,
    is_one_word,
    names_it,
    sentence_citing,
    sentence_naming,
    sentence_with,
    smooth,
)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(("Graph View", "graph-view"), ("graph view",), id="title and file name are one"),
        pytest.param(("🧑卢曼",), ("卢曼",), id="an emoji sorts the file"),
        pytest.param(("» Daily notes工作流",), ("daily notes工作流",), id="so does a mark"),
        pytest.param(("卡片盒筆記法 - Zettelkasten",), ("卡片盒笔记法 zettelkasten",), id="traditional and spaced"),
        pytest.param(("C++",), ("c++",), id="a sign that belongs to the name"),
        pytest.param(("AI", "的", "a"), (), id="too short"),
        pytest.param(("2022-06-30", "2024", "42"), (), id="days and numbers"),
        pytest.param(("between", "Methods"), (), id="common words"),
        pytest.param(("Notes", "Agents", "Home", "Learning", "Machine Learning"), (), id="words of any title"),
        pytest.param(("模型", "学习", "今天", "學習", "🏠首页"), (), id="Chinese words of any title"),
        pytest.param(("Notes on agents", "学习之道"), ("notes on agents", "学习之道"), id="more than such a word"),
    ],
)
def test_called(names, expected):
    assert called(names) == expected


def test_a_common_word_is_still_a_form_that_texts_may_hold():
    """The control: :func:`called` leaves out what it leaves out because it is common, and nothing else does."""
    assert forms(("Notes", "模型")) == ("notes", "模型")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        *(pytest.param(form, True, id=form) for form in ("violets", "café", "卢曼")),
        *(pytest.param(form, False, id=form) for form in ("step3", "c++", "graph view", "卡片盒", "gpt 4")),
    ],
)
def test_one_word(form, expected):
    assert is_one_word(form) is expected


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


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        pytest.param("We beat STEP3-VL-10B. We use STEP3 here.", "STEP3", "We use STEP3 here.", id="a longer name"),
        pytest.param("Not Mini-STEP3. Not STEP3.5 either.", "STEP3", "", id="other names only"),
        pytest.param("The MHC binds. Then mHC trains.", "mHC", "Then mHC trains.", id="other capitals"),
        pytest.param("我們用STEP3訓練。", "STEP3", "我們用STEP3訓練。", id="within Chinese"),
        pytest.param("It is STEP3.", "STEP3", "It is STEP3.", id="at the end"),
    ],
)
def test_the_sentence_with_a_name(text, name, expected):
    assert sentence_with(text, name) == expected


@pytest.mark.parametrize(
    ("text", "address", "expected"),
    [
        pytest.param(
            "See arXiv:2602.08234 for more. Bye.", "2602.08234", "See arXiv:2602.08234 for more.", id="number"
        ),
        pytest.param("At arxiv.org/pdf/2602.08234v2.pdf it is.", "2602.08234", None, id="a version as a file"),
        pytest.param("Not arXiv:2602.082345 nor 12602.08234.", "2602.08234", "", id="other numbers"),
        pytest.param(
            "See github.com/foo/barbaz. Also https://github.com/foo/bar here.",
            "github.com/foo/bar",
            "Also https://github.com/foo/bar here.",
            id="a longer path",
        ),
        pytest.param("In github.com/foo/bar/issues it is.", "github.com/foo/bar", "", id="a page below"),
        pytest.param("In github.com/foo/bar-baz it is.", "github.com/foo/bar", "", id="a hyphen"),
        pytest.param("At notgithub.com/foo/bar it is.", "github.com/foo/bar", "", id="another host"),
        pytest.param("From www.example.org/a/?utm_source=x it is.", "example.org/a", None, id="the same page"),
        pytest.param("From example.org/a?id=2 it is.", "example.org/a", "", id="another query"),
        pytest.param("見github.com/foo/bar。", "github.com/foo/bar", None, id="within Chinese"),
        pytest.param("It is doi.org/10.1000/xyz.", "10.1000/xyz", None, id="a DOI"),
    ],
)
def test_the_sentence_that_cites(text, address, expected):
    assert sentence_citing(text, address) == (text if expected is None else expected)


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
