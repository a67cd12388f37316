"""Markdown as plain text, its links and tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.markup import markdown
from notes.model import VaultSection

PLAIN = [
    ("emphasis", "*a* **b** ~~c~~ ==d== e", "a b c d e"),
    ("escapes", "\\*a\\* \\# \\[\\[x\\]\\] &lt;b&gt; &#92;c", "*a* # [[x]] <b> \\c"),
    ("code span", "run `x = *1*` now", "run x = *1* now"),
    ("fence", "```py\nx = 1\n```", "x = 1"),
    ("indented code", "    x = 1", "x = 1"),
    ("link", "see [this](https://a.example) and <https://b.example>", "see this and https://b.example"),
    ("image", "![alt *text*](x.png)", "alt text"),
    ("html", "a <b>c</b> <script>x</script>", "a c x"),
    ("html block", "<div>\nx\n</div>\n\ny", "y"),
    ("wikilink", "[[a]] [[b|c]] [[d#e]] [[f#^g|h]] [[#i]]", "a c d > e h i"),
    ("wikilink in a table", "| x |\n| --- |\n| [[a\\|b]] |", "x\nb"),
    ("escaped pipe outside a table", "[[a\\|b]]", "b"),
    ("embed", "![[x.png]] y", "y"),
    ("wikilink in code", "`[[a]]`", "[[a]]"),
    ("no wikilink", "[[a\nb]] [x]", "[[a b]] [x]"),
    ("comment", "a %%hidden%% b", "a  b"),
    ("comment without end", "a %%hidden", "a"),
    ("comment block", "a\n\n%%\nhidden\n\nhidden\n%%\n\nb", "a\n\nb"),
    ("comment block in a paragraph", "a\n%%\nx\n%%\nb", "a\n\nb"),
    ("comment block without end", "a\n\n%%\nhidden\n\nhidden", "a"),
    ("comment on one line", "%%x%%\n\nb", "b"),
    ("block id", "a claim ^abc-1", "a claim"),
    ("escaped block id", "a claim \\^abc", "a claim ^abc"),
    ("callout", "> [!note]- Title\n> text", "Title text"),
    ("escaped callout", "> \\[!note\\] x", "[!note] x"),
    ("lines", "a\nb  \nc", "a b c"),
    ("Chinese lines", "人工\n智能\nAI", "人工智能 AI"),
    ("list", "- a\n  - b\n- c", "a\n\nb\n\nc"),
    ("table", "| a | b |\n| --- | --- |\n| 1 |  |", "a b\n1"),
    ("formula", "so $x_1 * y_2$ and \\$5 and $a*b$", "so $x_1 * y_2$ and $5 and $a*b$"),
    ("display formula", "$$x$$", "$$x$$"),
    ("in a link", "[see ![[a]]and $x$ %%y%%](https://e.example)", "see and $x$"),
    ("rule", "a\n\n---\n\nb", "a\n\nb"),
    ("empty", "", ""),
    ("heading", "# T\n\na", "T\n\na"),
]


@pytest.mark.parametrize(("md", "text"), [row[1:] for row in PLAIN], ids=[row[0] for row in PLAIN])
def test_plain(md: str, text: str) -> None:
    assert markdown.plain(md) == text


def test_sections() -> None:
    md = "before\n\n# Title\n\n## A *b*\n\nx\n\ny\n\n### Deeper\n\nLast\n===="
    assert markdown.sections(md) == (
        VaultSection("", 0, "before"),
        VaultSection("Title", 1, ""),
        VaultSection("A b", 2, "x\n\ny"),
        VaultSection("Deeper", 3, ""),
        VaultSection("Last", 1, ""),
    )


WIKILINKS = [
    ("[[a]] [[b|c]] ![[d]] [[a]] [[e#f]] [[#here]]", ("a", "b", "d", "e")),
    ("`[[code]]` \\[\\[x\\]\\] %%[[hidden]]%%", ()),
    ("- [ ] [[20260220-002-a|T]] — why", ("20260220-002-a",)),
    ("[[folder/note]] [[中文 笔记|x]]", ("folder/note", "中文 笔记")),
    ("[x](../a%20b.md#part) [y](https://e.example/z.md) [z](c.pdf)", ("../a b.md",)),
    ("| a |\n| --- |\n| [[x\\|y]] |", ("x",)),
    ("[[x]]", ("x",)),
]


@pytest.mark.parametrize(("md", "targets"), WIKILINKS)
def test_wikilinks(md: str, targets: tuple[str, ...]) -> None:
    assert markdown.wikilinks(md) == targets


TAGS = [
    ("#a and #b/c-d_e, #中文 #a", ("a", "b/c-d_e", "中文")),
    ("# heading\n\n#tag\n#two", ("tag", "two")),
    ("\\#no x#no `#no` #123 #1a ##no C# \\*#no", ("1a",)),
    ("[#in a link](x) **#bold**", ()),
    ("#2026/02 #y2026/02/", ("y2026/02",)),
    ("#火🔥", ("火🔥",)),
]


@pytest.mark.parametrize(("md", "tags"), TAGS)
def test_inline_tags(md: str, tags: tuple[str, ...]) -> None:
    assert markdown.inline_tags(md) == tags


def test_a_monstrous_text_is_taken_as_it_stands() -> None:
    monster = "[" * 1_000_001
    assert markdown.read(monster) == markdown.MarkdownText((VaultSection("", 0, monster),), (), ())


@given(st.text(st.sampled_from("[]()<>!#%^&*_~`$\\|{}=:;-+.\"'/ab1 中\n\t> "), max_size=60))
def test_reading_never_raises(md: str) -> None:
    text = markdown.read(md)
    assert all(target for target in text.wikilinks)
    assert all(tag for tag in text.tags)
