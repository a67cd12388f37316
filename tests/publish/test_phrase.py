"""Phrases keep our words and outside text apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.post.phrase import Span, Statement, fill, fixed, joined, linked, outside, plain, strong
from publish.wording.words import words_for


def test_fill_marks_what_is_ours():
    phrase = fill("Read {name}.", name=outside("x"))
    assert [(span.text, span.ours) for span in phrase] == [("Read ", True), ("x", False), (".", True)]


@given(st.text())
def test_a_value_is_never_a_template(value):
    assert plain(fill("<{name}>", name=outside(value))) == f"<{value}>"


@pytest.mark.parametrize(
    ("template", "value", "shown"),
    [
        ("收進{x}，", "12 篇", "收進 12 篇，"),
        ("由{x}報道", "arXiv", "由 arXiv 報道"),
        ("由{x}報道", "前沿觀察", "由前沿觀察報道"),
        ("（{x}）", "arXiv", "（arXiv）"),
        ("by {x}.", "前沿", "by 前沿."),
    ],
)
def test_chinese_and_latin_are_spaced(template, value, shown):
    assert plain(fill(template, x=outside(value))) == shown


@pytest.mark.parametrize(
    ("lang", "names", "shown"),
    [
        ("en", ["A"], "A"),
        ("en", ["A", "B", "C"], "A, B and C"),
        ("zh-Hant", ["甲", "乙", "丙"], "甲、乙與丙"),
        ("zh-Hans", ["A", "B"], "A 与 B"),
        ("en", [], ""),
    ],
)
def test_enumerations(lang, names, shown):
    assert plain(joined(words_for(lang), map(outside, names))) == shown


def test_an_open_enumeration_has_no_last():
    assert plain(joined(words_for("en"), map(outside, "AB"), open_ended=True)) == "A, B"


def test_references_live_through_joining():
    named = (*outside("A"), Span("", refs=("n1",)))
    assert [span.refs for span in joined(words_for("en"), [named, outside("B")])] == [(), ("n1",), (), ()]


def test_a_statement_is_a_claim():
    statement = Statement((*strong("5%"), *fixed(" of "), *linked("X", "n2")), ("n1", "n2", "n1"), ("5%",))
    assert (statement.claim.text, statement.claim.note_ids, statement.claim.quotes) == (
        "5% of X",
        ("n1", "n2"),
        ("5%",),
    )
