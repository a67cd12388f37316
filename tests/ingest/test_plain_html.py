"""The fast way through plain HTML gives what lxml's tree gives."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.reading import html, plain_html

BASE = "https://example.org/posts/"
PIECES = ["one ", "two", "\n", "  ", "é", "\u00a0", "\u200b", "中文", "x & y", "hidden", "katex", "style", "\r\n", "-"]
PIECES += ["\t", "\x0b", "\x1f", "\x7f", "\0", "\x1b[31m"]
SIGNS = [
    "&amp;",
    "&lt;b&gt;",
    "&nbsp;",
    "&#8217;",
    "&#39;",
    "&quot;",
    "a<b",
    "&copy;",
    "&#150;",
    "&",
    "<",
    ">",
    "'",
    '"',
]
TEXTS = st.lists(st.sampled_from([*PIECES, *SIGNS]), max_size=4).map("".join)
NAMES = ["em", "strong", "b", "i", "code", "a", "p", "div", "s", "sup", "script", "span", "li", "EM", "x-y", "input"]
HREFS = st.sampled_from(
    [
        "https://site.example/a?b=1&amp;c=2",
        "relative/page",
        "",
        " /x y",
        "javascript:x",
        "https://[",
        "http://a/\nb",
        "&#39;",
    ]
)


def tagged(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    plainly = st.builds(lambda name, text: f"<{name}>{text}</{name}>", st.sampled_from(NAMES), inner)
    link = st.builds(
        lambda quote, href, text: f"<a href={quote}{href}{quote}>{text}</a>", st.sampled_from("\"'"), HREFS, inner
    )
    with_more = st.builds(
        lambda href, text: f'<a rel="nofollow" href="{href}" target="_blank">{text}</a>', HREFS, inner
    )
    broken = st.builds(lambda name, text: f"<{name}>{text}", st.sampled_from(NAMES), inner)
    return st.lists(st.one_of(inner, plainly, link, with_more, broken), max_size=4).map("".join)


INLINE = st.one_of(
    TEXTS,
    st.builds(lambda name, text: f"<{name}>{text}</{name}>", st.sampled_from(NAMES[:5]), TEXTS),
    st.builds(lambda href, text: f'<a href="{href}">{text}</a>', HREFS, TEXTS),
)
PARAGRAPHS = st.lists(st.one_of(st.builds("<p>{}{}</p>".format, INLINE, INLINE), INLINE), max_size=5).map("".join)


@given(st.one_of(PARAGRAPHS, st.recursive(TEXTS, tagged, max_leaves=8)))
@example("<p>a</p>\n<p>b <em>c</em></p> d")
@example("<a href='x'>1</a><a href='x'>2</a>")
@example("<em>a<p>b</p></em>")
@example("<p>a<p>b</p></p>")
@example("<p>a\tb\n c </p><p>\x0b</p>")
@example("&lt;p&gt;a&lt;/p&gt; &amp;lt; &amp;#8217; &#8217;")
@example("<p><a href='\x7f/x'>a</a><a rel='href=' href='/y'>b</a></p>")
def test_what_is_plain_reads_as_the_tree_does(markup: str) -> None:
    fast = html.blocks(markup, BASE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_html, "read", lambda html: None)
        assert fast == html.blocks(markup, BASE)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<p>One</p><p>two <a href='https://a.example/'>three</a>.</p>", id="paragraphs"),
        pytest.param("One <b>two</b> &amp; &#8220;three&#8221;", id="a line"),
        pytest.param(
            '<p><a rel="nofollow" href="/x?a=1&amp;b=2" target="_blank">y</a></p>', id="a link as WordPress writes it"
        ),
    ],
)
def test_plain_html_is_known(markup: str) -> None:
    assert plain_html.read(markup) is not None


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<p hidden>One</p>", id="an attribute"),
        pytest.param("<p>10<sup>6</sup></p>", id="type"),
        pytest.param("<p>a < b</p>", id="a stray bracket"),
        pytest.param("<p>a &copy; b</p>", id="an entity that is not known here"),
        pytest.param("<p>one<p>two", id="paragraphs that nobody closed"),
        pytest.param("<script>1</script>", id="a script"),
        pytest.param("<a href='x' href='y'>z</a>", id="an attribute twice"),
    ],
)
def test_what_is_not_plain_is_left_to_the_parser(markup: str) -> None:
    assert plain_html.read(markup) is None


def test_reading_takes_linear_time() -> None:
    assert plain_html.read("<p>a & b" * 100_000) is None
    assert plain_html.read("<a href='" * 100_000) is None
    assert plain_html.read("<p>x</p>" * 100_000 + "<") is None
    assert plain_html.read("<em>x</em>" * 100_000 + "<p>") is None
