"""Markdown of posts: what came from outside is inert, figures are bold, references are wikilinks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from notes.files.frontmatter import read
from publish.post import page
from publish.post.phrase import Span, fixed, linked, outside
from tests.publish.newsroom import SKILLRL

NUMBERS = {"a": 1, "b": 2, "c": 3, "d": 4, "z": 12}


def render(*spans: Span) -> str:
    return page.render(spans, NUMBERS.__getitem__, str)


@pytest.mark.parametrize(
    ("ids", "shown"),
    [
        (["a"], "[[a|¹]]"),
        (["b", "a"], "[[a|¹]]\u2009[[b|²]]"),
        (["a", "b", "c", "d"], "[[a|¹]]⁻[[d|⁴]]"),
        (["a", "c", "z"], "[[a|¹]]\u2009[[c|³]]\u2009[[z|¹²]]"),
        (["a", "a"], "[[a|¹]]"),
        ([], ""),
    ],
)
def test_references(ids, shown):
    assert page.references(ids, NUMBERS.__getitem__, str) == shown


@pytest.mark.parametrize(
    ("text", "bold", "strong"),
    [
        ("SkillRL achieves 89.9% here", "89.9%", ["89.9%"]),
        ("達到 89.9% 的成功率", "89.9%", ["89.9%"]),
        ("成功率達到89.9%的水平", "89.9%", ["89.9"]),
        ("成本降低到原來的九十分之一。", "九十分之一", ["九十分之一"]),
        ("由189.9%到89.9%", "89.9%", ["89.9%"]),
        ("from 89.95 to 89.9", "89.9", ["89.9"]),
        ("the formula $89.9%$ stays, 89.9% too", "89.9%", ["89.9%"]),
        ("達到~45%的水平", "~45%", ["45"]),
        ("nothing here", "5%", []),
    ],
)
def test_bold_is_bold_beside_chinese_too(text, bold, strong):
    markdown = render(Span(text, bold=(bold,)))
    children = MarkdownIt().parseInline(markdown)[0].children or []
    found = [after.content for before, after in pairwise(children) if before.type == "strong_open"]
    assert found == strong
    assert markdown.replace("**", "").replace("\\", "") == text


def test_bold_figures_do_not_overlap():
    assert render(Span("from 5% to 15.5%", bold=("5%", "15.5%", "5%"))) == "from **5%** to **15.5%**"
    assert render(Span("40-60% of 60%", bold=("60%", "40-60%"))) == "**40-60%** of **60%**"


@pytest.mark.parametrize(
    "text",
    [
        "[[evil]]",
        "![x](https://a.example)",
        "<script>",
        "#tag",
        "`= 1`",
        "*x*",
        "%%x%%",
        "<% tp %>",
        "key:: v",
        "https://a.example",
    ],
)
def test_outside_text_is_inert_and_ours_is_not_touched(text):
    assert render(*fixed(text)) == text
    shown = render(*outside(text))
    assert shown != text
    tokens = MarkdownIt("js-default").parseInline(shown)[0].children or []
    assert {token.type for token in tokens} <= {"text", "text_special"}


def test_white_space_at_the_ends_stays():
    assert render(*outside(" x "), *outside(" ")) == " x  "


def test_links():
    assert render(*linked("A [title] | with bars", "a")) == "[[a|A (title) / with bars]]"
    assert render(Span("code", ours=True, url="https://github.com/a/b")) == "[code](https://github.com/a/b)"
    assert render(Span("code", ours=True, url="javascript:alert(1)")) == "code"


def test_addresses():
    assert page.address_of(replace(SKILLRL, url="")) == "https://arxiv.org/abs/2602.08234"
    assert page.address_of(replace(SKILLRL, url="javascript:x", arxiv_id="")) == ""


def test_table_escapes_the_bars_of_wikilinks():
    assert page.table(("a", "b"), [("x", "y[[n|¹]]")]) == "| a | b |\n| --- | --- |\n| x | y[[n\\|¹]] |"


def test_lists():
    assert page.bullets(["a", "b"]) == "- a\n- b"
    assert page.numbered(["a", "b"]) == "1. a\n2. b"
    assert page.quoted_block(["a", "b"]) == "> a  \n> b"
    assert page.bullets([]) == ""


def test_document_measures_its_body():
    text = page.document(
        {"id": "x", "title": "T", "content_length": 0, "description": ""}, "T", ["One **two**.", "", "Three"]
    )
    properties, body, trouble = read(text)
    assert (properties, trouble) == ({"id": "x", "title": "T", "content_length": len("T\n\nOne two.\n\nThree")}, "")
    assert body.strip() == "# T\n\nOne **two**.\n\nThree"


def test_bold_stretches_that_touch_are_one():
    assert page._emboldened("升 12%三倍 之后", ["12%", "三倍"]) == "升 **12%三倍** 之后"
