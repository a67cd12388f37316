"""HTML as blocks of text, and titles as text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.html import MAX_REFERENCES, blocks, plain_blocks, text
from notes.model import Block, BlockKind

P, H, LI, Q, CODE, TABLE = (
    BlockKind.PARAGRAPH,
    BlockKind.HEADING,
    BlockKind.LIST_ITEM,
    BlockKind.QUOTE,
    BlockKind.CODE,
    BlockKind.TABLE,
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("", (), id="nothing"),
        pytest.param(" \n ", (), id="blank"),
        pytest.param("<!-- only -->", (), id="a comment"),
        pytest.param("plain text", (Block(P, "plain text"),), id="no markup"),
        pytest.param(
            "<p>one <b>two</b>\nthree</p><p>four", (Block(P, "one two three"), Block(P, "four")), id="paragraphs"
        ),
        pytest.param("a<br>b<br><br/>c", (Block(P, "a b"), Block(P, "c")), id="two breaks divide"),
        pytest.param("<div>a<div>b</div>c</div>", (Block(P, "a"), Block(P, "b"), Block(P, "c")), id="text between"),
        pytest.param("<h2>Head</h2>x", (Block(H, "Head", 2), Block(P, "x")), id="heading"),
        pytest.param(
            "<ul><li>a<ol><li>b</ol><li><p>c</p></ul>",
            (Block(LI, "a", 0), Block(LI, "b", 1), Block(LI, "c", 0)),
            id="lists",
        ),
        pytest.param("<li>stray", (Block(LI, "stray", 0),), id="an item without a list"),
        pytest.param(
            "<blockquote><p>q</p><p>r</blockquote>s", (Block(Q, "q"), Block(Q, "r"), Block(P, "s")), id="quote"
        ),
        pytest.param(
            "<pre>x = 1\n\n  <b>y</b><br>z  </pre>t", (Block(CODE, "x = 1\n\n  y\nz"), Block(P, "t")), id="code"
        ),
        pytest.param("<pre> \n</pre>", (), id="empty code"),
        pytest.param(
            "<table><tr><th>model<th>score<tr><td>GRPO<td>89.9%<tr></table>",
            (Block(TABLE, "model\tscore\nGRPO\t89.9%"),),
            id="a table of figures",
        ),
        pytest.param(
            "<table><tr><td>one<tr><td>two</table>", (Block(P, "one"), Block(P, "two")), id="one column is layout"
        ),
        pytest.param(
            "<table><tr><td><div>a</div><td>b</table>", (Block(P, "a"), Block(P, "b")), id="blocks are layout"
        ),
        pytest.param(
            f"<table><tr><td>a<td>{'b ' * 200}</table>", (Block(P, "a"), Block(P, ("b " * 200).strip())), id="essay"
        ),
        pytest.param(
            "a <script>x()</script>b<style>p{}</style> <iframe>c</iframe>d", (Block(P, "a b d"),), id="active"
        ),
        pytest.param('a<p style="color:red; Display : NONE">b</p><i hidden>c</i>', (Block(P, "a"),), id="hidden"),
        pytest.param("2 &lt; 3 &amp;lt; V&#60;17", (Block(P, "2 < 3 &lt; V<17"),), id="entities once"),
        pytest.param("x <y and z> w", (Block(P, "x w"),), id="an unknown tag"),
        pytest.param('<img src="https://tracker.example/p.gif" alt="">', (), id="a pixel"),
    ],
)
def test_blocks(html: str, expected: tuple[Block, ...]) -> None:
    assert blocks(html)[0] == expected


def test_references_are_distinct_absolute_and_harmless() -> None:
    html = (
        '<a href="/x">1</a><a href="https://e.org/a/x">2</a><a href="javascript:x">3</a><a>4</a><p><a href="/x">5</a>'
    )
    assert blocks(html, "https://example.org/a/")[1] == ("https://example.org/x", "https://e.org/a/x")


def test_references_are_bounded() -> None:
    html = "".join(f'<a href="https://example.org/{i}">' for i in range(2 * MAX_REFERENCES))
    assert len(blocks(html)[1]) == MAX_REFERENCES


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * 100_000, id="nested blocks"),
        pytest.param("<b>" * 100_000 + "x" + "</b>" * 100_000, id="nested inlines"),
        pytest.param("<table><tr><td>" * 5_000, id="nested tables"),
        pytest.param("<!--" * 50_000, id="open comments"),
        pytest.param("<a <b " * 30_000, id="open tags"),
        pytest.param("&" * 200_000, id="ampersands"),
        pytest.param("<br>" * 50_000, id="breaks"),
    ],
)
def test_hostile_markup_takes_no_time(html: str) -> None:
    started = time.process_time()
    blocks(html)
    text(html)
    assert time.process_time() - started < 2


def test_what_comes_before_a_deep_nest_is_kept() -> None:
    assert blocks("<p>seen</p>" + "<div>" * 3_000)[0] == (Block(P, "seen"),)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("A <b>Bold</b> title", "A Bold title"),
        ("R&amp;D at AT&amp;T", "R&D at AT&T"),
        ("R&amp;amp;D", "R&D"),
        ("&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;Title", "Title"),
        ("<script>alert(1)</script>Title", "Title"),
        ("The <script> tag is harmful", "The tag is harmful"),
        (
            "Bounds of $\\mathcal{O}(n)$ for $x < y$ and \\emph{more}",
            "Bounds of $\\mathcal{O}(n)$ for $x < y$ and \\emph{more}",
        ),
        ("$x<y$ and z>w", "$x<y$ and z>w"),
        ("100\\% of % comments", "100\\% of % comments"),
        ("a<!-- b -->c", "ac"),
        (" one\n two ", "one two"),
        ("", ""),
    ],
)
def test_text(markup: str, expected: str) -> None:
    assert text(markup) == expected


def test_plain_blocks() -> None:
    assert plain_blocks("V<17.5\nand <b>\n \t\nsecond\r\n\r\n") == (Block(P, "V<17.5 and <b>"), Block(P, "second"))


@given(st.text(st.sampled_from("<>/&;# ab\n\"'=pretdlivscou1-!")))
def test_blocks_never_raise_and_hold_single_lines(html: str) -> None:
    for block in blocks(html)[0]:
        assert block.text
        assert block.kind in {CODE, TABLE} or "\n" not in block.text


@given(st.text(st.sampled_from("<>/&;# ab\nscript\"'")))
def test_no_script_element_survives_in_a_title(markup: str) -> None:
    assert "<script>" not in text(f"x{markup}<script>{markup}")


@given(st.text(st.characters(exclude_characters="<&", codec="utf-8"), max_size=60))
def test_a_text_without_markup_takes_the_short_way_to_the_same_blocks(plain: str) -> None:
    assert blocks(plain) == blocks(f"{plain}<i></i>")
    assert text(plain) == text(f"{plain}<i></i>")
