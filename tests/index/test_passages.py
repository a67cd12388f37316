from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.texts.passages import LIMIT, passages
from tests.index.shelf import document

EN = "Reinforcement learning rewards what worked, and agents remember it (Fig. 2 shows how). "
ZH = "强化学习奖励有效的做法，智能体把它记住。"


def cut(**given):
    made = document("a", "Title", **given)
    found = passages(made)
    assert all(made.text[one.start : one.end] == one.text for one in found)
    assert [one.position for one in found] == list(range(len(found)))
    return found


@pytest.mark.parametrize(
    ("given", "count"),
    [
        pytest.param({"text": ""}, 1, id="a title alone"),
        pytest.param({"text": EN * 10}, 1, id="an abstract stays whole"),
        pytest.param({"text": EN * 40}, 4, id="long English"),
        pytest.param({"text": ZH * 20}, 1, id="a Chinese abstract stays whole"),
        pytest.param({"text": ZH * 60}, 3, id="long Chinese"),
        pytest.param({"text": "x" * 5000}, 6, id="no boundary at all"),
    ],
)
def test_number_of_passages(given, count):
    assert len(cut(**given)) == count


def test_cuts_fall_between_sentences():
    assert all(one.text.endswith((".", ")")) and one.text.startswith("Reinforcement") for one in cut(text=EN * 40))
    assert all(one.text.endswith("。") for one in cut(text=ZH * 60))


def test_cuts_prefer_paragraphs():
    paragraph = (EN * 8).strip()
    assert [one.text for one in cut(text="\n\n".join([paragraph] * 4))] == [paragraph] * 4


def test_sections_are_never_joined_and_give_their_heading():
    found = cut(sections=(("", EN * 11), ("Method", EN * 11), ("Empty", " "), ("结果", ZH * 3)))
    assert [one.heading for one in found] == ["", "Method", "结果"]
    assert "Method" in found[1].embedded
    assert found[1].embedded.startswith("Title\n")


@pytest.mark.parametrize(
    ("sections", "heading"),
    [
        pytest.param((("Abstract", "Text."),), "Abstract", id="one section"),
        pytest.param((("Abstract", "Text."), ("Sources", "More.")), "", id="two sections"),
        pytest.param((("Abstract", "Text."), ("Sources", "")), "Abstract", id="one with text"),
    ],
)
def test_heading_of_a_whole_document(sections, heading):
    assert cut(sections=sections)[0].heading == heading


def test_a_document_of_one_passage_shares_its_vector_with_the_whole():
    made = document("a", "Title", sections=(("Abstract", EN),))
    assert passages(made)[0].vector_hash == made.text_hash


@given(text=st.text(alphabet=st.sampled_from("ab .。！\n强化，"), max_size=6000))
def test_nothing_but_blanks_falls_between_passages(text):
    found = cut(text=text)
    kept = "".join(one.text for one in found)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert len(found) == 1 or all(len(one.text) <= LIMIT for one in found)
