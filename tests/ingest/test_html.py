"""HTML as blocks of text, and titles as text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.html import MAX_REFERENCES, blocks, plain_blocks, text
from notes.model import Block, BlockKind
from notes.quantities import figures

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
        pytest.param("x <y and z> w", (Block(P, "x <y and z> w"),), id="no tag"),
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
        pytest.param("<b" + " " * 200_000, id="a tag of blanks"),
        pytest.param("<b-" + "a" * 200_000, id="a tag without end"),
        pytest.param("<" * 200_000, id="brackets"),
        pytest.param("&lt;p&gt;" * 50_000, id="escaped tags"),
        pytest.param("<sup>" * 50_000, id="nested powers"),
        pytest.param("x<sup>2</sup>" * 30_000, id="powers"),
        pytest.param("<s>a</s>" * 30_000, id="struck out"),
        pytest.param("<math>" + "<mfrac>" * 20_000, id="nested fractions"),
        pytest.param("<img class=latex alt=x>" * 30_000, id="pictures of formulas"),
        pytest.param("<span class=katex><math></math><span class=katex-html>" * 3_000, id="nested KaTeX"),
        pytest.param("<table>" + ("<tr><td colspan=100 rowspan=100>" + "x " * 100 + "<td>y") * 1_000, id="spans"),
        pytest.param("&" * 200_000, id="ampersands"),
        pytest.param("<br>" * 50_000, id="breaks"),
    ],
)
def test_hostile_markup_takes_no_time(html: str) -> None:
    started = time.process_time()
    blocks(html)
    text(html)
    assert time.process_time() - started < 6


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
        ("Why <input> beats <select>", "Why <input> beats <select>"),
        ("Why &lt;input&gt; beats <div>", "Why <input> beats <div>"),
        ("A &lt;b&gt;bold&lt;/b&gt; <em class=x>move</em>", "A bold move"),
        ("<p>One</p><p class='x'>Two</p>", "One Two"),
        ("Line<br>two", "Line two"),
        ("if a <b and c> d", "if a <b and c> d"),
        ("10<sup>12</sup> tokens, H<sub>2</sub>O", "10¹² tokens, H₂O"),
        ("x<sup>&#8722;3</sup> &lt;sup&gt;2&lt;/sup&gt;", "x⁻³ ²"),
        ("RL<sup>2</sup>: 89.9%.<sup>3</sup>", "RL²: 89.9%."),
        ("Now <s>$95</s> $59", "Now $59"),
        ("On <math><msub><mi>x</mi><mi>i</mi></msub></math>", "On $x_i$"),
        ("", ""),
    ],
)
def test_text(markup: str, expected: str) -> None:
    assert text(markup) == expected


@pytest.mark.parametrize(
    ("html", "line"),
    [
        pytest.param("10<sup>12</sup> tokens", "10¹² tokens", id="a power"),
        pytest.param("10<sup>-3</sup>, 3·10<sup>8</sup>", "10⁻³, 3·10⁸", id="powers"),
        pytest.param("10<sup>0.5</sup> and e<sup>iπt</sup>", "10^{0.5} and e^{iπt}", id="powers that Unicode lacks"),
        pytest.param("(1+x)<sup>2</sup> <i>x</i><sup>n</sup> km<sup>2</sup>.", "(1+x)² xⁿ km².", id="after letters"),
        pytest.param("2<sup>2<sup>n</sup></sup>", "2^{2ⁿ}", id="a power in a power"),
        pytest.param("40<sup>1</sup> percent", "40¹ percent", id="a power or a note"),
        pytest.param("It has 89.9%.<sup>3</sup> So", "It has 89.9%. So", id="a note after a full stop"),
        pytest.param("89.9%<sup>3</sup>", "89.9%", id="a note after a percent sign"),
        pytest.param("our model<sup>3</sup>, and", "our model, and", id="a note before a comma"),
        pytest.param("our model<sup>3,4</sup> and", "our model and", id="two notes"),
        pytest.param("模型<sup>3</sup>很好", "模型很好", id="a note in Chinese"),
        pytest.param("40<sup>[1]</sup> percent", "40 percent", id="a note in brackets"),
        pytest.param('40<sup><a href="#fn1">1</a></sup> percent', "40 percent", id="a link to a note"),
        pytest.param('40<a href="https://e.org/p#fn1"><sup>1</sup></a> percent', "40 percent", id="a note in a link"),
        pytest.param("log<sup>2</sup>. RL<sup>2</sup>!", "log². RL²!", id="words that have powers"),
        pytest.param("1<sup>st</sup> 2<sup>nd</sup> X<sup>TM</sup>", "1st 2nd X™", id="ordinals"),
        pytest.param("<sup>14</sup>C, <sup>1</sup>/<sub>2</sub>", "¹⁴C, ¹/₂", id="before"),
        pytest.param("H<sub>2</sub>O x<sub>i</sub> T<sub>max</sub>", "H₂O xᵢ T_max", id="lowered"),
        pytest.param("F<sub>1</sub> of 0.9", "F1 of 0.9", id="the measure F1"),
        pytest.param("<del>95</del> 59", "59", id="struck out"),
        pytest.param("9<s>5</s>8 re<strike>x</strike>ad", "9 8 read", id="struck out within"),
        pytest.param("<s>open<div>para</div>", "openpara", id="struck out without end"),
        pytest.param("if a<b then V<i and p>0.5 holds", "if a<b then V<i and p>0.5 holds", id="formulas"),
        pytest.param("an excerpt <a hre", "an excerpt", id="cut off in a tag"),
        pytest.param("an <b>excerpt</b", "an excerpt", id="cut off in a closing tag"),
        pytest.param("an excerpt <div", "an excerpt", id="cut off in a name"),
        pytest.param("we know a<b", "we know a<b", id="cut off in a formula"),
        pytest.param("if a<b then", "if a<b then", id="cut off after a formula"),
        pytest.param("a List<string> of <b>x</b>", "a List<string> of x", id="a type"),
        pytest.param('<a href="/x"title=y>a</a><br/><p hidden>b</p ><B\nid=x>c</B>', "a c", id="tags of every kind"),
        pytest.param("the <o:p></o:p><fig-ref>b</fig-ref>", "the b", id="tags that are closed"),
        pytest.param("<x-a>one</x-a><x-b>two</x-b>, <x-c>3</x-c>.", "one two, 3.", id="custom elements"),
        pytest.param("<form>kept <input value=a><button>b</button></form>", "kept", id="a form"),
    ],
)
def test_what_is_read(html: str, line: str) -> None:
    assert "".join(block.text for block in blocks(html)[0]) == line


def test_no_figure_grows_a_digit() -> None:
    line = blocks("It scores 40<sup>1</sup> percent on MMLU with 10<sup>12</sup>% more.")[0][0].text
    assert not {401.0, 4.01, 10.12, 1012.0} & {figure.value for figure in figures.find(line)}
    assert not {401.0, 4.01, 10.12, 1012.0} & set(figures.values(line))
    # What the attack did when the tags were merely dropped:
    assert 401.0 in {figure.value for figure in figures.find("It scores 401 percent on MMLU.")}


@pytest.mark.parametrize(
    ("html", "line"),
    [
        pytest.param(
            "Let <math><semantics><mrow><mi>x</mi></mrow><annotation encoding='application/x-tex'>x=1</annotation>"
            "</semantics></math> be",
            "Let $x=1$ be",
            id="MathML with TeX",
        ),
        pytest.param("<math alttext='\\alpha < 1'><mi>a</mi></math>", "$\\alpha < 1$", id="MathML with a text"),
        pytest.param(
            "<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mfrac><mn>1</mn><mi>n</mi></mfrac></math>",
            "$x^2=\\frac{1}{n}$",
            id="MathML alone",
        ),
        pytest.param("so <script type='math/tex; mode=display'>a<b</script>.", "so $a<b$.", id="a script"),
        pytest.param(
            "<span class='MathJax_Preview'>a</span><span class='MathJax'>a</span><script type='math/tex'>a</script>",
            "$a$",
            id="MathJax",
        ),
        pytest.param(
            "<span class='katex'><span class='katex-mathml'><math><mi>L</mi><annotation encoding='application/x-tex'>"
            "L=\\sum</annotation></math></span><span class='katex-html' aria-hidden='true'>L=∑</span></span>",
            "$L=\\sum$",
            id="KaTeX",
        ),
        pytest.param("<span class='katex'><span class='katex-html'>L=1</span></span>", "L=1", id="KaTeX, drawn only"),
        pytest.param("<img class='latex' alt='$y^2$'><img class='photo' alt='a cat'>", "$y^2$", id="a picture"),
        pytest.param(
            "<span style='display:none'><math><mi>q</mi></math></span><img class='mwe-math-fallback-image' alt="
            "'{\\displaystyle q}'>",
            "$q$",
            id="Wikipedia",
        ),
    ],
)
def test_formulas_are_read_once(html: str, line: str) -> None:
    assert " ".join(block.text for block in blocks(html)[0]) == line


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            "<table><tr><td>a<td>80<br>90<td><p>20</p><p>30</p></table>",
            (Block(TABLE, "a\t80 90\t20 30"),),
            id="lines in a cell",
        ),
        pytest.param(
            "<table><caption>Cap</caption><tr><th rowspan=2>m<th colspan=2>acc<tr><th>a<th>b<tr><td>X<td>1<td>2</table>",
            (Block(P, "Cap"), Block(TABLE, "m\tacc\tacc\nm\ta\tb\nX\t1\t2")),
            id="spans and a caption",
        ),
        pytest.param(
            "<table><tr><td colspan=2>All<tr><td>a<td colspan=x>1</table>",
            (Block(TABLE, "All\na\t1"),),
            id="a cell across the whole",
        ),
        pytest.param("<pre><div>a</div><div>b</div></pre>", (Block(CODE, "a\nb"),), id="lines of code in elements"),
        pytest.param("<pre><x-l>a</x-l>\n<x-l>b</x-l></pre>", (Block(CODE, "a\nb"),), id="and line feeds"),
    ],
)
def test_tables_and_code(html: str, expected: tuple[Block, ...]) -> None:
    assert blocks(html)[0] == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("&lt;p&gt;a &amp;lt; b&lt;/p&gt;&lt;p&gt;c&lt;/p&gt;", ("a < b", "c"), id="a body"),
        pytest.param("Use &lt;b&gt; and &lt;/b&gt; here", ("Use <b> and </b> here",), id="tags told of"),
        pytest.param("Close &lt;p&gt; with &lt;/p&gt;.", ("Close <p> with </p>.",), id="a block told of"),
        pytest.param("<p>&lt;p&gt;a&lt;/p&gt;</p>", ("<p>a</p>",), id="markup with an example"),
    ],
)
def test_what_was_escaped_once_too_often_is_read_once_more(html: str, expected: tuple[str, ...]) -> None:
    assert tuple(block.text for block in blocks(html)[0]) == expected


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
