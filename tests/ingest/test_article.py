"""The article of a page: what survives, what is left out, and what breaks it."""

from __future__ import annotations

import logging
import socket
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.articles import extraction as article
from ingest.articles import webpage
from ingest.articles.choice import objection
from ingest.articles.extraction import MAX_TEXT, extract
from ingest.workers.parser import Parser, ParserLimits
from notes.errors import ParseError
from notes.model import BlockKind
from tests.ingest.pages import ARTICLE, ARTICLE_ZH, PARAGRAPHS, TEXT_ZH, WALLS, page

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
URL = "https://lab.example.org/skills?utm_source=rss"
P = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>"


def read(html: str | bytes, content_type: str = "text/html; charset=utf-8"):
    found = extract(html if isinstance(html, bytes) else html.encode(), URL, content_type, NOW)
    assert found is not None
    return found


def test_the_article_with_all_its_parts():
    found = read(ARTICLE)
    kinds = [(block.kind, block.level) for block in found.blocks]
    assert kinds == [
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.TABLE, 0),
        (BlockKind.LIST_ITEM, 0),
        (BlockKind.LIST_ITEM, 0),
        (BlockKind.LIST_ITEM, 1),
        (BlockKind.QUOTE, 0),
        (BlockKind.CODE, 0),
        (BlockKind.PARAGRAPH, 0),
    ]
    assert found.blocks[0].text == PARAGRAPHS[0]
    assert found.blocks[3].text == "agent\tsuccess\nplain\t71%\nskills\t89.9%"
    assert found.blocks[8].text == "def call(skill, task):\n    return library[skill](task)"
    assert (found.title, found.authors, found.site) == ("Agents that keep their skills", ("Jane Doe",), "The Lab")
    assert found.published == datetime(2026, 2, 11, 0, 30, tzinfo=UTC)
    assert found.lang == "en"
    assert found.references == ("https://lab.example.org/data", "https://arxiv.org/abs/2602.08234")


def test_what_surrounds_the_article_is_left_out():
    text = " ".join(block.text for block in read(ARTICLE).blocks)
    assert not [word for word in ("Section", "Most read", "rights reserved", "Privacy", "track()") if word in text]


ENCODINGS = {
    "utf-8 without a word": ("utf-8", ARTICLE_ZH, "text/html"),
    "gbk by its header": ("gbk", ARTICLE_ZH, "text/html; charset=gbk"),
    "gbk by its meta": ("gbk", ARTICLE_ZH.replace("<head>", '<head><meta charset="gb2312">'), "text/html"),
    "gbk without a word": ("gbk", ARTICLE_ZH, "text/html"),
    "gbk that says utf-8": ("gbk", ARTICLE_ZH, "text/html; charset=utf-8"),
}


@pytest.mark.parametrize(("encoding", "html", "content_type"), ENCODINGS.values(), ids=ENCODINGS)
def test_chinese_in_any_encoding(encoding, html, content_type):
    found = read(html.replace("©", "(c)").encode(encoding), content_type)
    assert tuple(block.text for block in found.blocks) == TEXT_ZH
    assert (found.title, found.site, found.lang) == ("语言模型管理自己的上下文", "某某网", "zh-Hans")


def test_code_that_is_only_preformatted_stays_code():
    found = read(
        page(
            f"{P}<pre class=highlight><span>x = 1</span>\n<span>  y = 2</span></pre>{P}<p>It calls <code>f(x)</code> twice, and that is why it is slow in the end.</p>"
        )
    )
    assert [block.text for block in found.blocks if block.kind is BlockKind.CODE] == ["x = 1\n  y = 2"]
    assert "It calls f(x) twice" in found.blocks[-1].text


@pytest.mark.parametrize(
    ("part", "line"),
    [
        pytest.param(
            "<p>It reads 10<sup>12</sup> tokens and scores 89.9%.<sup>3</sup> It gains 40<sup>1</sup> percent on it.</p>",
            "It reads 10¹² tokens and scores 89.9%. It gains 40¹ percent on it.",
            id="powers and notes",
        ),
        pytest.param(
            '<p>Let the state <math><mi>x</mi><annotation encoding="application/x-tex">x=1</annotation></math> be less '
            'than <script type="math/tex">a<b</script> here.</p>',
            "Let the state $x=1$ be less than $a<b$ here.",
            id="formulas",
        ),
        pytest.param(
            "<p>It costs <del>95</del> 59 dollars for a month of use by one.</p>",
            "It costs 59 dollars for a month of use by one.",
            id="struck out",
        ),
        pytest.param(
            "<table><tr><th rowspan=2>m<th colspan=2>acc<tr><th>a<th>b<tr><td>X<td>80<br>90</td><td><p>20</p><p>30</p></table>",
            "m\tacc\tacc\nm\ta\tb\nX\t80 90\t20 30",
            id="a table",
        ),
        pytest.param(
            "<table><caption>All of the results.</caption><tr><td>a<td>1<tr><td>b<td>2</table>",
            "All of the results.",
            id="a caption",
        ),
        pytest.param("<pre><div>a = 1</div><div>b = 2</div></pre>", "a = 1\nb = 2", id="lines of code"),
    ],
)
def test_what_type_says_is_kept(part, line):
    assert line in [block.text for block in read(page(f"{P}{part}{P}")).blocks]


def test_the_headline_has_powers_too():
    assert read(page(f"<h1>On 10<sup>12</sup> tokens</h1>{P}")).title == "On 10¹² tokens"


@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS)
def test_a_wall_is_never_taken_for_the_article(wall):
    found = extract(page(f"<p>{wall}</p>").encode(), URL, "", NOW)
    assert found is None or objection((), found.blocks)


NOTHING = {
    "empty": b"",
    "blanks": b" \n ",
    "only a tag": b"<html>",
    "only a comment": b"<!-- x -->",
    "binary": bytes(range(256)) * 20,
    "a pdf": b"%PDF-1.7\n" + bytes(range(128, 256)) * 20,
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "too many elements": b"<html><body>" + b"<i>x</i>" * 31_000,
}


@pytest.mark.parametrize("body", NOTHING.values(), ids=NOTHING)
def test_what_holds_no_article(body):
    found = extract(body, URL, "", NOW)
    assert found is None or objection((), found.blocks)


# Seconds on a busy machine; the worker's own limit is 20.
TRAPS = {
    "divs in divs": "<div>" * 100_000 + "x",
    "tables in tables": "<table><tr><td>" * 20_000 + "x",
    "lists in lists": "<ul><li>" * 120 + "x",
    "quotes in quotes": "<blockquote>" * 240 + "x",
    "a long table": "<table>" + "<tr><td>a</td><td>b</td></tr>" * 9_000 + "</table>",
    "links": "<p>" + "<a href='/x'>link</a> " * 28_000 + "</p>",
    "line breaks": "<p>" + "a<br>" * 28_000 + "</p>",
    "short paragraphs": "<form><p>x</p>" * 14_000,
    "unclosed comments": "<!--" * 100_000,
    "angle brackets": "<" * 1_000_000,
    "entities": "&nbsp;" * 500_000,
    "an attribute": "<p title='" + "w" * 2_000_000 + "'>x</p>",
    "a word": "<p>" + "w" * 3_000_000 + "</p>",
    "hidden elements": "<div style='display:none'>x</div>" * 20_000,
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_a_trap_is_read_in_time(trap):
    started = time.process_time()
    found = extract(page(P + trap + P).encode(), URL, "", NOW)
    assert time.process_time() - started < 10
    assert found is None or sum(len(block.text) for block in found.blocks) <= MAX_TEXT


def test_without_the_limit_on_elements_a_page_would_take_too_long(monkeypatch):
    """The positive control: a wide table is quadratic in the extraction."""
    wide = page(P + "<table><tr>" + "<td>a</td>" * 31_000 + "</tr></table>").encode()
    started = time.process_time()
    assert extract(wide, URL, "", NOW) is None
    refused = time.process_time() - started
    monkeypatch.setattr(webpage, "MAX_ELEMENTS", 10**9)
    started = time.process_time()
    assert extract(wide, URL, "", NOW) is not None
    assert time.process_time() - started > 5 * refused


def test_a_page_that_stalls_is_killed():
    wide = page(P + "<table><tr>" + "<td>a</td>" * 28_000 + "</tr></table>").encode()
    with Parser(ParserLimits(seconds=0.3, workers=1)) as parser:
        with pytest.raises(ParseError, match="more than"):
            parser.call(extract, wide, URL, "", NOW, what=URL)
        parser.limits = ParserLimits(workers=1)
        assert parser.call(len, b"the next document", what=URL) == 17


def test_extraction_asks_nobody_and_says_nothing(monkeypatch, caplog, tmp_path):
    def refuse(*_, **__):
        raise AssertionError("a network call")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with caplog.at_level(logging.DEBUG):
        read(ARTICLE)
        extract(b"<html><body>", URL, "", NOW)
    assert not list(tmp_path.iterdir())
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_library_that_raises_means_no_article(monkeypatch):
    import trafilatura

    def stumble(*_, **__):
        raise RecursionError("too deep")

    monkeypatch.setattr(trafilatura, "bare_extraction", stumble)
    assert extract(ARTICLE.encode(), URL, "", NOW) is None


def test_twice_the_same():
    assert read(ARTICLE) == read(ARTICLE)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "<table>",
                "<td>",
                "<pre>",
                "<code>",
                "<ul>",
                "<li>",
                "<head>",
                "<body>",
                "<title>",
                "<h1>",
                "<a href='//['>",
                "<a href=x>",
                "<meta charset=utf-16>",
                "<meta name=author content='\x00'>",
                "<time datetime=99999>",
                "<!--",
                "]]>",
                "&#0;",
                "\ud800",
                "Some text that goes on. ",
                PARAGRAPHS[0],
            ]
        ),
        max_size=40,
    )
)
def test_any_markup_gives_an_article_or_none(pieces):
    found = extract("".join(pieces).encode("utf-8", "surrogatepass"), URL, "", NOW)
    assert found is None or all(block.text for block in found.blocks)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_an_article_or_none(body):
    found = article.extract(b"<html><body><p>" + body, URL, "", NOW)
    assert found is None or found.blocks


def test_references_to_no_character_break_nothing():
    part = "<div>The agents keep&#1; a library of skills, and call them&#0; by name,&#xFFFF; again and again.<br><br>&#2;</div>"
    texts = [block.text for block in read(page(P + part + f"<span style='display:none'>x</span>&#3;{P}")).blocks]
    assert "The agents keep a library of skills, and call them by name, again and again." in texts


PARTS = {
    "spans": '<div><span>The agents keep </span><a href="/x"><span>a library</span></a><span> of skills, and call them by name, again and again.</span></div>',
    "bare text": '<div>The agents keep <a href="/x">a library</a> of skills, and <b>call</b> them by name, again and again.</div>',
    "line breaks": "<div>Before.<br><br>The agents keep a library of skills, and call them by name, again and again.<br><br>After.</div>",
    "in a cell": "<table><tr><td>The agents keep a library of skills, and call them by name, <i>again</i> and again.</td></tr></table>",
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_text_that_stands_in_no_paragraph_stays_whole(part):
    texts = [block.text for block in read(page(P + part + P.replace("Recursive", "Other"))).blocks]
    assert "The agents keep a library of skills, and call them by name, again and again." in texts


def test_without_the_making_ready_blanks_are_lost(monkeypatch):
    """The positive control."""
    monkeypatch.setattr(article, "make_ready", lambda root: None)
    texts = [block.text for block in read(page(P + PARTS["spans"])).blocks]
    assert "The agents keep a library of skills, and call them by name, again and again." not in texts


def test_hidden_text_stays_hidden():
    hidden = f'<p style="display: none">{PARAGRAPHS[2]}</p><span hidden>{PARAGRAPHS[2]}</span>'
    assert PARAGRAPHS[2] not in " ".join(block.text for block in read(page(P + hidden)).blocks)
