from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.site.clean import clean, printable, web_address
from publish.site.html import Target, title_html
from publish.site.languages import pieces
from publish.site.prepared import Heading
from publish.site.render import render
from publish.site.syntax import without_comments
from publish.sources.tex import plain_title

KNOWN = {
    "a": Target("../../notes/a/", "Alpha of $x^2$", "en"),
    "b": Target("../../notes/b/", "乙"),
    "c": Target("https://example.org/c"),
    "notes/a.md": Target("../../notes/a/", "Alpha of $x^2$", "en"),
}


def html(markdown: str, lang: str = "en", labels: dict[str, str] | None = None) -> str:
    return render(markdown, lang=lang, resolve=KNOWN.get, labels=labels).html.strip()


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("[[a|there]]", '<p><a href="../../notes/a/">there</a></p>', id="published"),
        pytest.param("Public. See [[private|there]].", "<p>Public. </p>", id="not-published-goes-with-its-sentence"),
        pytest.param("[[private]]", "", id="not-published-has-no-name"),
        pytest.param("[[a]]", '<p><a href="../../notes/a/">Alpha of <span class="maths"><i>x</i><sup>2</sup></span></a></p>', id="bare-shows-the-title"),
        pytest.param("[[a|Alpha of x^2]]", '<p><a href="../../notes/a/">Alpha of <span class="maths"><i>x</i><sup>2</sup></span></a></p>', id="alias-that-stands-for-the-title"),
        pytest.param("[[a#Results|there]]", '<p><a href="../../notes/a/">there</a></p>', id="heading-of-a-note"),
        pytest.param("![[a|there]]", '<p><a href="../../notes/a/">there</a></p>', id="embed-is-a-link"),
        pytest.param("![[picture.png]]", "", id="embedded-file-has-no-name"),
        pytest.param("[[c|there]]", '<p><a href="https://example.org/c">there</a></p>', id="original-elsewhere"),
        pytest.param(r"\[\[a\]\]", "<p>[[a]]</p>", id="escaped"),
        pytest.param("`[[a]]`", "<p><code>[[a]]</code></p>", id="in-code"),
        pytest.param("[x](notes/a.md)", '<p><a href="../../notes/a/">x</a></p>', id="markdown-link-to-a-note"),
        pytest.param("[x](secret.md)", "", id="markdown-link-to-nothing-published"),
        pytest.param("[x ![[a|y]] z](https://example.org)", '<p><a href="https://example.org">x y z</a></p>', id="no-link-in-a-link"),
        pytest.param("[x [[a|y]] z](https://example.org)", '<p>[x <a href="../../notes/a/">y</a> z](https://example.org)</p>', id="the-inner-link-counts"),
        pytest.param("<https://example.org/a_(b)>", '<p><a href="https://example.org/a_(b)">https://example.org/a_(b)</a></p>', id="bare-address"),
    ],
)  # fmt: skip
def test_links(markdown: str, expected: str):
    assert html(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("It is so.[[b|¹]]", '<p>It is so.<sup class="ref"><a href="../../notes/b/" title="乙">1</a></sup></p>', id="one"),
        pytest.param("So.[[c|¹]]\u2009[[c|¹²]]", '<p>So.<sup class="ref"><a href="https://example.org/c">1</a>, <a href="https://example.org/c">12</a></sup></p>', id="two"),
        pytest.param("So.[[c|¹]]⁻[[c|³]]", '<p>So.<sup class="ref"><a href="https://example.org/c">1</a>–<a href="https://example.org/c">3</a></sup></p>', id="run"),
        pytest.param("So.[[private|¹]] More.[[c|²]]", '<p>So. More.<sup class="ref"><a href="https://example.org/c">2</a></sup></p>', id="not-published"),
        pytest.param("So.[[c|¹]][[c|²]]", '<p>So.<sup class="ref"><a href="https://example.org/c">1</a><a href="https://example.org/c">2</a></sup></p>', id="without-a-space"),
        pytest.param("a **[[a|x]]** [[a|¹]]", '<p>a <strong><a href="../../notes/a/">x</a></strong> <sup class="ref"><a href="../../notes/a/" title="Alpha of x²">1</a></sup></p>', id="after-a-link"),
    ],
)  # fmt: skip
def test_references_are_small_superscripts(markdown: str, expected: str):
    assert html(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("# Title\n\ntext", "<p>text</p>", id="title-is-left-to-the-page"),
        pytest.param("text\n\n# One\n\n## Two", '<p>text</p>\n<h2 id="s-one">One</h2>\n<h3 id="s-two">Two</h3>', id="one-h1-a-page"),
        pytest.param("## Results\n\n## Results", '<h2 id="s-results">Results</h2>\n<h2 id="s-results-2">Results</h2>', id="ids-are-unique"),
        pytest.param("## 結果", '<h2 id="s-結果"><span lang="zh-Hant">結果</span></h2>', id="ids-in-any-script"),
        pytest.param("- [ ] a\n- [x] b", '<ul>\n<li class="task">☐ a</li>\n<li class="task">☑ b</li>\n</ul>', id="tasks"),
        pytest.param("> [!note] Mind\n> this", "<blockquote>\n<p>Mind<br>\nthis</p>\n</blockquote>", id="callout"),
        pytest.param("a\nb", "<p>a<br>\nb</p>", id="line-breaks-as-in-obsidian"),
        pytest.param("![a picture](https://tracker.example/x.png)", "<p>a picture</p>", id="images-are-described"),
        pytest.param("```dataviewjs\n<b>\n```", '<pre tabindex="0"><code>&lt;b&gt;\n</code></pre>', id="code"),
        pytest.param("    indented", '<pre tabindex="0"><code>indented\n</code></pre>', id="indented-code"),
        pytest.param("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>", id="html-is-text"),
        pytest.param("$x^2$ and $5", '<p><span class="maths"><i>x</i><sup>2</sup></span> and $5</p>', id="maths"),
        pytest.param("$$\nx\n$$", '<p><span class="maths display"><i>x</i></span></p>', id="display-maths"),
        pytest.param(r"$\foo{<b>}$", r'<p><code class="maths">\foo{&lt;b&gt;}</code></p>', id="unknown-maths-stays-tex"),
        pytest.param("text\n\n*Created: today*", '<p>text</p>\n<p class="colophon"><em>Created: today</em></p>', id="colophon"),
        pytest.param("a ~~b~~ **c** *d*\n\n---", "<p>a <s>b</s> <strong>c</strong> <em>d</em></p>\n<hr>", id="commonmark"),
        pytest.param("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>', id="numbered"),
        pytest.param("a\x00b\x0bc\ufffed", "<p>a\ufffdb c d</p>", id="unprintable"),
        pytest.param("", "", id="empty"),
    ],
)  # fmt: skip
def test_blocks(markdown: str, expected: str):
    assert html(markdown).replace("a b", "a\ufffdb") == expected


def test_tables_scroll_and_keep_their_alignment():
    found = html("| a | b | c |\n|---|--:|:-:|\n| [[a\\|x]] | 1 | 2 |")
    assert found.startswith('<div class="table" role="region" tabindex="0" aria-label="Table"><table>')
    assert '<th>a</th>\n<th class="right">b</th>\n<th class="center">c</th>' in found
    assert '<td><a href="../../notes/a/">x</a></td>\n<td class="right">1</td>' in found


def test_headings_are_told_without_their_references():
    rendered = render("## So [[a|it]] is $x^2$[[a|¹]]\n\n### no\n\n## Also", lang="en", resolve=KNOWN.get)
    assert rendered.headings == (Heading("s-so-it-is-x²", "So it is x²"), Heading("s-also", "Also"))


def test_labels_of_items_follow_the_language_of_the_page():
    labels = {"problem": "問題"}
    assert "<li><strong>問題</strong>：太大</li>" in html("- **Problem**: 太大", "zh-Hant", labels)
    assert "<li><strong>Other</strong>: x</li>" in html("- **Other**: x", "zh-Hant", labels)
    assert "<li><strong>問題</strong>：太大</li>" in html("- **问题**：太大", "zh-Hant", labels)
    assert "<li><strong>Problem</strong>: x</li>" in html("- **問題**：x", "en", {"problem": "Problem"})
    assert "<li><strong>Problem</strong>: x</li>" in html("- **Problem**: x", "en")
    assert "<li><em>Problem</em>: x</li>" in html("- *Problem*: x", "zh-Hant", labels)


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        pytest.param("我們讀到：The model learns to act.", "zh-Hant", [("我們讀到：", ""), ("The model learns to act.", "en")], id="sentence-in-english"),
        pytest.param("用 GPT-4 做的 benchmark", "zh-Hant", [("用 GPT-4 做的 benchmark", "")], id="names-are-no-sentence"),
        pytest.param("as 遞歸語言模型 does", "en", [("as ", ""), ("遞歸語言模型", "zh-Hant"), (" does", "")], id="name-in-chinese"),
        pytest.param("他说：「這項研究讓模型學會管理自己的上下文與記憶。」", "zh-Hans", [("他说：", ""), ("「這項研究讓模型學會管理自己的上下文與記憶。」", "zh-Hant")], id="the-other-script"),
        pytest.param("plain", "en", [("plain", "")], id="nothing-to-mark"),
        pytest.param("", "en", [], id="empty"),
    ],
)  # fmt: skip
def test_words_of_another_language_are_found(text: str, lang: str, expected: list[tuple[str, str]]):
    assert pieces(text, lang) == expected


def test_a_sentence_that_bold_words_cut_keeps_its_language():
    found = html("作者說：The agent reaches a high score of **89.9%** on it.[[a|¹]]其餘", "zh-Hant")
    assert '<span lang="en">The agent reaches a high score of </span>' in found
    assert '<span lang="en"> on it.</span><sup' in found
    assert "</sup>其餘" in found


@given(st.text(max_size=80), st.sampled_from(["en", "zh-Hans", "zh-Hant"]))
def test_marking_languages_loses_no_character(text: str, lang: str):
    assert "".join(piece for piece, _ in pieces(text, lang)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("open %%secret%% end", "open  end", id="inline"),
        pytest.param("a\n%%\nsecret\n\nsecret\n%%\nb", "a\n\n\n\n\n\nb", id="over-lines"),
        pytest.param("a %%secret\nsecret", "a \n", id="never-closed"),
        pytest.param("```\n%%code%%\n```\n%%x%%", "```\n%%code%%\n```\n", id="not-in-code"),
        pytest.param("~~~~\n~~~\n%%code%%\n~~~~", "~~~~\n~~~\n%%code%%\n~~~~", id="longer-fence"),
        pytest.param(r"100\%% of it", r"100\%% of it", id="escaped"),
        pytest.param("a line ^block-1\n^block-2", "a line\n", id="block-ids"),
        pytest.param("x^2", "x^2", id="no-block-id"),
    ],
)
def test_comments_stay_private(text: str, expected: str):
    assert without_comments(text) == expected


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c#d", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("javascript:alert(1)", False),
        ("https:example.org", False),
        ("//example.org", False),
        ("https://", False),
        ("https://a b", False),
        ("data:text/html,x", False),
        ("ftp://example.org", False),
    ],
)
def test_only_web_addresses_are_addresses(url: str, kept: bool):
    assert bool(web_address(url)) is kept


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        pytest.param("<p onclick=x>a</p><script>b</script>", "<p>a</p>", id="script"),
        pytest.param('<a href="//evil.example">a</a>', "<a>a</a>", id="other-host-without-scheme"),
        pytest.param('<a href="\\\\evil.example">a</a>', "<a>a</a>", id="backslashes"),
        pytest.param('<a href="/\t/evil.example">a</a>', "<a>a</a>", id="tab-in-the-address"),
        pytest.param('<a href="ftp://x.example">a</a>', "<a>a</a>", id="other-scheme"),
        pytest.param(
            '<a href="../../notes/a/#b" target="_blank">a</a>', '<a href="../../notes/a/#b">a</a>', id="own-page"
        ),
        pytest.param('<img src="x.png">', "", id="image"),
        pytest.param('<p class="bar">a</p>', "<p>a</p>", id="class-of-the-page"),
        pytest.param('<sup class="ref">1</sup>', '<sup class="ref">1</sup>', id="class-of-a-text"),
    ],
)
def test_the_second_door_holds_alone(dirty: str, expected: str):
    assert clean(dirty) == expected


def test_titles_are_escaped_and_typeset():
    title = "<b> & $\\tau^2$ 與\u202e模型"
    assert title_html(title, "zh-Hant") == '&lt;b&gt; &amp; <span class="maths">τ<sup>2</sup></span> 與模型'
    assert plain_title(title) == "<b> & τ² 與模型"
    assert plain_title("$\\foo$") == "$\\foo$"


@given(st.text(max_size=200))
def test_what_is_printable_is_legal_in_html_and_xml(text: str):
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]", printable(text))


@given(st.text(alphabet="[]|!$%`*_#<>&\\-\n ab中()^~:/\"'", max_size=120))
def test_rendering_never_fails_and_never_makes_a_tag_of_its_own_accord(text: str):
    found = html(text)
    allowed = r"</?(?:p|a|em|strong|s|b|i|code|pre|blockquote|ul|ol|li|table|thead|tbody|tr|th|td|hr|br|sup|sub|span|div|h[2-6])\b[^<>]*>"
    assert "<" not in re.sub(allowed, "", found)


def test_an_address_of_blanks_takes_no_time():
    started = time.process_time()
    assert html("[a](" + "%20" * 60_000 + "b)") == ""  # a file of the vault
    assert time.process_time() - started < 3.0
