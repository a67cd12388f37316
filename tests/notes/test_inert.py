"""The door to Markdown: every construct is found by an independent scanner before it, and none after it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.markup import inert, markdown
from notes.model import Block, BlockKind
from notes.text.texmath import is_safe_math
from tests.notes.obsidian_scanner import scan

SHARED = os.environ.get("SLIPWAY_DATA", "")
needs_data = pytest.mark.skipif(not SHARED, reason="SLIPWAY_DATA is not set")

# What the payload is, the payload, what the scanner must find in it as it stands.
ACTIVE = [
    ("wikilink", "see [[Secret]]", "wikilink"),
    ("embed", "![[passport.pdf]]", "wikilink"),
    ("half a wikilink", "x [[", "wikilink"),
    ("nested wikilink", "[[[x]]]", "wikilink"),
    ("image", "![](https://tracker.example/p.gif)", "image"),
    ("image in a link", "[![](https://t.example/p)](https://e.example)", "md:image"),
    ("tag", "read #inbox/promoted", "tag"),
    ("Chinese tag", "#中文标签 测试", "tag"),
    ("Dataview field", "quality:: 1.0", "dataview-field"),
    ("bracketed Dataview field", "[due:: 2026-03-01]", "dataview-field"),
    ("inline query", "`= this.file.name`", "inline-query"),
    ("inline script", "`$= dv.pages()`", "inline-query"),
    ("inline button", "`button-run`", "inline-query"),
    ("Templater", "<% tp.x %>", "template"),
    ("end of a Templater command", "quit() %> x", "template"),
    ("half of a Templater command", "title <%*", "template"),
    ("core template", "{{title}}", "template"),
    ("Jinja statement", "{% import 'os' %}", "template"),
    ("Jinja comment", "{# x #}", "template"),
    ("script", "<script>alert(1)</script>", "html"),
    ("closing tag", "</title>", "html"),
    ("HTML comment", "<!-- hides the rest", "html"),
    ("processing instruction", "<?php x ?>", "html"),
    ("comment", "seen %% not seen", "comment"),
    ("block id", "a claim ^block-1", "block-id"),
    ("callout", "> [!danger] corrupt", "callout"),
    ("quote", "> said", "md:blockquote_open"),
    ("emphasis", "*a* b", "md:em_open"),
    ("emphasis by underscores", "_a_ b", "md:em_open"),
    ("emphasis behind underscores", "x __init__ y", "md:strong_open"),
    ("strong", "**a**", "md:strong_open"),
    ("struck", "~~a~~", "md:s_open"),
    ("highlight", "==a==", "highlight"),
    ("code", "`sudo`", "md:code_inline"),
    ("fence", "```dataviewjs", "md:fence"),
    ("tilde fence", "~~~tasks", "md:fence"),
    ("link", "[x](https://attacker.example)", "md:link-in-disguise"),
    ("script link", "[x](javascript\\:alert(1))", "md:link-elsewhere"),
    ("obsidian link", "[x](obsidian://open)", "scheme"),
    ("autolink to another scheme", "<obsidian://open>", "html"),
    ("bare address of another scheme", "obsidian://open", "scheme"),
    ("bare address of a scheme with a digit", "s3://bucket", "scheme"),
    ("entity in a scheme", "[x](javascript&#58;1)", "md:link-elsewhere"),
    ("heading", "# Forged", "md:heading_open"),
    ("rule", "***", "md:hr"),
    ("dashes", "---", "frontmatter"),
    ("dots", "...", "frontmatter"),
    ("list", "- a", "md:bullet_list_open"),
    ("task", "- [x] promote", "task"),
    ("numbered list", "1. a", "md:ordered_list_open"),
    ("numbered list with a bracket", "12) a", "md:ordered_list_open"),
    ("inline footnote", "x^[note]", "inline-footnote"),
    ("MathJax link", "$\\href{javascript:1}{x}$", "tex"),
    ("MathJax macro", "$\\def\\a{\\a\\a}\\a$", "tex"),
    ("LaTeX file", "\\input{/etc/passwd}", "tex"),
    ("override", "\u202etxt.exe", "invisible"),
    ("tag characters", "a\U000e0069\U000e0067", "invisible"),
    ("zero width", "[\u200b[x]]", "invisible"),
    ("escape", "\x1b[31m", "control"),
    ("line separator", "x\u2028# y", "control"),
    ("surrogate", "\ud800", "surrogate"),
]


@pytest.mark.parametrize(("payload", "construct"), [row[1:] for row in ACTIVE], ids=[row[0] for row in ACTIVE])
def test_what_is_active_in_the_raw_text_is_inert_behind_the_door(payload: str, construct: str) -> None:
    assert construct in scan(payload), "the positive control: without the door the construct is there"
    assert scan(inert.to_markdown(payload)) == set()


BEHIND_A_MARK = ["- ", "1. ", "> ", "# ", "- [ ] ", "**x** "]


@pytest.mark.parametrize("mark", BEHIND_A_MARK)
@pytest.mark.parametrize("payload", ["- [x] a", "# a", "1. a", "> [!note] a", "[x] a", "```a", "+ a", "===", "a ^id"])
def test_a_text_stays_inert_behind_a_mark_of_ours(mark: str, payload: str) -> None:
    ours = {token.type for token in markdown._parser().parse(f"{mark}word")}
    tokens = {token.type for token in markdown._parser().parse(mark + inert.to_markdown(payload))}
    assert tokens == ours


# Normalising after the escape would bring these to life; the door does it before.
REVIVED = [
    ("zero width in a wikilink", "[\u200b[x]\u200b]", "[[x]]"),
    ("soft hyphen in a wikilink", "[\u00ad[x]]", "[[x]]"),
    ("zero width in a tag", "<\u200bscript>", "<script>"),
    ("zero width in a template", "<\u200b% x", "<% x"),
    ("zero width in a fence", "`\u200b``js", "```js"),
    ("Greek varia is a backtick in NFC", "\u1fef= x\u1fef", "`= x`"),
    ("joiners that meet", "[\u200d\u200b\u200d[x]]", "[[x]]"),
]


@pytest.mark.parametrize(("payload", "revived"), [row[1:] for row in REVIVED], ids=[row[0] for row in REVIVED])
def test_normalisation_comes_first(payload: str, revived: str) -> None:
    assert inert.one_line(payload) == revived
    assert scan(revived)
    assert scan(inert.to_markdown(payload)) == set()


def test_fullwidth_marks_stay_what_they_are() -> None:
    assert inert.to_markdown("［［题］］ ％％ ＜script＞") == "［［题］］ ％％ ＜script＞"


HONEST = [
    "P<0.05 & n>30",
    "a < b and c > d",
    "C# and F# and C++",
    "snake_case_names stay",
    "人工智能：它的未来",
    "50% of 2,000 (±3%)",
    "a–b — c… “x” 'y'",
    "f(x) = y; g: x -> y, a = b",
    "AT&T & R&D",
    "بحث عربي",
    "👨\u200d👩\u200d👧 family 🇹🇼",
    "می\u200cخواهم",
    "see https://example.org/a_b?c=d&e=f.",
    "Bounds of $\\mathcal{O}(n \\log n)$ and $\\epsilon$",
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_needs_no_escape_and_survives(text: str) -> None:
    assert markdown.plain(inert.to_markdown(text)) == text
    assert inert.to_markdown(text).replace("<https", "https").replace("f>.", "f.") == text


MATH = [
    ("$x$", True),
    ("$\\alpha_{i}^2$", True),
    ("$O(n)$", True),
    ("$k$-shot", True),
    ("$x < y$ and $y > z$", True),
    ("$\\mathbb{R}^d \\to \\{0, 1\\}$", True),
    ("$5 and $10", False),
    ("$5M-$10M", False),
    ("US$5, HK$40", False),
    ("$[[x]]$", False),
    ("$\\unknown{x}$", False),
    ("$\\left( x$", False),
    ("${{{{{{{x}}}}}}}$", False),
    ("${x$", False),
    ("$}x{$", False),
    ("$x %% y^2$", False),
    ("$" + "x^2 " * 60 + "$", False),
    ("$x^\\$", False),
]


@pytest.mark.parametrize(("text", "alive"), MATH)
def test_only_short_wellformed_formulas_stay_alive(text: str, alive: bool) -> None:
    assert ("\\$" not in inert.to_markdown(text)) is alive
    assert "\\$" in inert.to_markdown(text, math=False)


def test_a_formula_never_looks_like_html() -> None:
    assert inert.to_markdown("$a<b$") == "$a< b$"
    assert not is_safe_math("")


LINKS = [
    ("(see https://example.org/x)", "(see <https://example.org/x>)"),
    ("https://example.org/x。下一句", "<https://example.org/x>。下一句"),
    ("https://example.org/A_(b) c", "<https://example.org/A_%28b%29> c"),
    ("https://example.org, http://b.example/?q=1!", "<https://example.org>, <http://b.example/?q=1>!"),
    ("xhttps://example.org", "xhttps:\\//example.org"),
    ("https://:80/x", "https:\\//:80/x"),
]


@pytest.mark.parametrize(("text", "md"), LINKS)
def test_bare_addresses_stay_links(text: str, md: str) -> None:
    assert inert.to_markdown(text) == md


def test_links_can_be_switched_off() -> None:
    assert inert.to_markdown("https://example.org", links=False) == "https:\\//example.org"


URLS = [
    ("https://Example.ORG/a b", "https://example.org/a%20b"),
    ("http://example.org:8080/x?q=ü#f", "http://example.org:8080/x?q=%C3%BC#f"),
    ("https://example.org/)[[evil]](", "https://example.org/%29%5B%5Bevil%5D%5D%28"),
    ("https://example.org/?a=[[x]]&b=%%c%%", "https://example.org/?a=%5B%5Bx%5D%5D&b=%25%25c%25%25"),
    ("https://example.org/%41%zz", "https://example.org/%41%25zz"),
    ('https://example.org/" onclick="alert(1)', "https://example.org/%22%20onclick=%22alert%281%29"),
    ("https://example.org/\n---\nadmin: true", "https://example.org/---admin:%20true"),
    ("https://user:secret@example.org/", "https://example.org/"),
    ("https://example.org/a::b", "https://example.org/a:%3Ab"),
    ("https://example.org/?a=b==", "https://example.org/?a=b=%3D"),
    ("https://example.org/`$= dv.x`", "https://example.org/%60$%3D%20dv.x%60"),
    ("https://ex\u0430mple.org/", "https://xn--exmple-4nf.org/"),
    ("https://[2001:db8::1]:8/x", "https://[2001:db8::1]:8/x"),
    ("https://example.org/\u202etxt", "https://example.org/txt"),
    ("https://example.org:99999/", ""),
    ("https://exa mple.org/", ""),
    ("https:///x", ""),
    ("https://[x/", ""),
    ("https://" + "a" * 70 + "\u0430.org/", ""),
    ("https://example.org/" + "a" * 3000, ""),
    ("javascript:alert(1)", ""),
    ("java\tscript:alert(1)", ""),
    ("\x01javascript:alert(1)", ""),
    ("JaVaScRiPt&colon;alert(1)", ""),
    ("//attacker.example/x", ""),
    ("\\\\attacker.example\\x", ""),
    ("obsidian://open", ""),
    ("data:text/html,x", ""),
    ("file:///etc/passwd", ""),
    ("", ""),
]


@pytest.mark.parametrize(("address", "clean"), URLS)
def test_url_is_http_or_nothing_and_cannot_close_a_link(address: str, clean: str) -> None:
    assert inert.url(address) == clean
    assert not re.search(r"[\s<>()\[\]{}\"`^|\\]", clean.replace("[2001:db8::1]", ""))
    assert inert.url(clean) == clean


EMPTY = ["", "   ", "\u200b\u200c\u200d\u2060\ufeff", "ㅤᅟ⠀", "\x00\x07", "\u202e", "\ufffe\uffff"]


@pytest.mark.parametrize("text", EMPTY, ids=ascii)
def test_invisible_text_is_empty(text: str) -> None:
    assert inert.one_line(text) == inert.to_markdown(text) == inert.alias(text) == inert.property_text(text) == ""


ONE_LINE = [
    ("a\r\nb\x85c\u2029d\x0be", "a b c d e"),
    ("cafe\u0301", "café"),
    ("\ud83d\ude00 pair", "😀 pair"),
    ("\ud800x", "\ufffdx"),
    ("Z" + "\u0301" * 50, "Ź" + "\u0301" * 3),
    ("a\ufe0fb ❤\ufe0f 1\ufe0f", "ab ❤\ufe0f 1\ufe0f"),
    ("x\U000e0100y", "xy"),
    ("a\u3000b", "a b"),
]


@pytest.mark.parametrize(("text", "line"), ONE_LINE, ids=lambda text: ascii(text)[:20])
def test_one_line(text: str, line: str) -> None:
    assert inert.one_line(text) == line
    assert inert.one_line(line) == line


ALIASES = [
    ("A | B", "A / B"),
    ("x]] and [[evil|y", "x)) and ((evil/y"),
    ("of $\\epsilon$-greedy", "of epsilon-greedy"),
    ("It costs $5", "It costs $5"),
    ("<script>x", "‹script>x"),
    ("<% x %> {{y}} {% z %} {# w #} a::b %%c ==d== ~~e~~ `$= f`", None),
    ("ends with \\", "ends with"),
    ("on #tags and C#", "on ＃tags and C#"),
    ("obsidian://open https://a.example", "obsidian: //open https://a.example"),
]


@pytest.mark.parametrize(("text", "shown"), ALIASES)
def test_alias_holds_nothing_that_a_wikilink_or_a_plugin_would_take(text: str, shown: str | None) -> None:
    alias = inert.alias(text)
    assert shown is None or alias == shown
    assert (
        scan(alias) & {"template", "dataview-field", "comment", "wikilink", "html", "highlight", "inline-query"}
        == set()
    )
    assert markdown.wikilinks(f"[[id|{alias}]]") == ("id",)


WIKILINKS = [
    (("20260220-002-a", "A title"), "[[20260220-002-a|A title]]"),
    (("a", ""), "[[a]]"),
    (("a", "a"), "[[a]]"),
    (("C# a", "C# [x]"), r"[C# \[x\]](<C%23%20a.md>)"),
    (("d/a|b", ""), r"[d/a\|b](<d/a%7Cb.md>)"),
    ((" a.md", "t"), "[t](<%20a.md>)"),
    (("a]]|x", "t"), "[t](<a%5D%5D%7Cx.md>)"),
]


@pytest.mark.parametrize(("parts", "link"), WIKILINKS)
def test_wikilink(parts: tuple[str, str], link: str) -> None:
    assert inert.wikilink(*parts) == link


def test_property_text_is_short_and_no_link() -> None:
    assert inert.property_text("[[x]]\ny") == "[ [x] ] y"
    assert inert.property_text("word " * 100, limit=10) == "word word…"
    assert len(inert.property_text("x" * 400)) == 300


# --- blocks ---

BLOCKS = [
    (Block(BlockKind.PARAGRAPH, "a\nb"), "a b"),
    (Block(BlockKind.HEADING, "Method", 1), "### Method"),
    (Block(BlockKind.HEADING, "Deep", 6), "###### Deep"),
    (Block(BlockKind.HEADING, "Results ##", 0), "### Results \\#\\#"),
    (Block(BlockKind.LIST_ITEM, "[x] a", 1), "  - \\[x\\] a"),
    (Block(BlockKind.QUOTE, "[!note] a"), "> \\[!note\\] a"),
    (Block(BlockKind.CODE, "x = 1"), "```\nx = 1\n```"),
    (Block(BlockKind.CODE, "a ```` b"), "`````\na ```` b\n`````"),
    (Block(BlockKind.CODE, "```dataviewjs\nx\n```"), "````\n    ```dataviewjs\n    x\n    ```\n````"),
    (Block(BlockKind.CODE, "<% x %>\r\n\tb\x1b"), "```\n< % x % >\n\tb \n```"),
    (Block(BlockKind.CODE, " \n "), ""),
    (Block(BlockKind.TABLE, "a|b\tc\n$x^2$"), "| a\\|b | c |\n| --- | --- |\n| \\$x\\^2\\$ |  |"),
    (Block(BlockKind.TABLE, "\n"), ""),
    (Block(BlockKind.PARAGRAPH, "\u200b"), ""),
]


@pytest.mark.parametrize(("block", "md"), BLOCKS)
def test_block_markdown(block: Block, md: str) -> None:
    assert inert.block_markdown(block) == md


@pytest.mark.parametrize("name", ["dataview", "dataviewjs", "tasks", "mermaid", "base", "query"])
def test_no_line_of_a_code_block_opens_a_block_of_a_plugin(name: str) -> None:
    opener = re.compile(r"(?m)^[ \t]{0,3}(?:`{3,}|~{3,})[ \t]*\w")
    code = f"```{name}\nx\n```"
    assert opener.search(code), "the positive control"
    assert not opener.search(inert.block_markdown(Block(BlockKind.CODE, code)))
    assert not opener.search(inert.block_markdown(Block(BlockKind.CODE, code.replace("`", "~"))))


def test_blocks_markdown_keeps_lists_together_and_no_item_too_deep() -> None:
    kinds = [("a", 3), ("b", 1), ("c", 5), ("d", 0)]
    items = [Block(BlockKind.LIST_ITEM, text, level) for text, level in kinds]
    blocks = [Block(BlockKind.PARAGRAPH, "p"), *items, Block(BlockKind.PARAGRAPH, ""), Block(BlockKind.PARAGRAPH, "q")]
    assert inert.blocks_markdown(blocks) == "p\n\n- a\n  - b\n    - c\n- d\n\nq"
    assert inert.blocks_markdown([]) == ""


def test_no_block_can_forge_a_section() -> None:
    forged = "x\n## Sources\n- https://attacker.example/\n[Sources]: https://attacker.example/"
    for kind in BlockKind:
        md = inert.block_markdown(Block(kind, forged, 1))
        sections = markdown.sections(md)
        assert [section.heading for section in sections if section.level <= 2] in ([], [""])


# --- the terminal ---

TERMINAL = [
    ("\x1b[31mred\x1b[0m", "red"),
    ("\x1b]8;;https://a.example\x07link\x1b]8;;\x07", "link"),
    ("\x1b]0;title\x1b\\x", "x"),
    ("\x9b2Jx", "x"),
    ("\x1bPq#0\x1b\\x", "x"),
    ("a\rb\x08c\x07", "a b c"),
    ("\u202eevil", "evil"),
    ("a\nb", "a b"),
    ("\x1b", ""),
]


@pytest.mark.parametrize(("text", "shown"), TERMINAL, ids=lambda text: ascii(text)[:24])
def test_terminal(text: str, shown: str) -> None:
    assert inert.terminal(text) == shown


# --- properties ---

NASTY = st.text(st.sampled_from("[]()<>!#%^&*_~`$\\|{}=:;-+.\"'/ab1 中\n\t\u200b\u200d\u0301\u1fef^@,xX"), max_size=24)
SNIPPETS = st.sampled_from(
    [row[1] for row in ACTIVE] + HONEST + ["https://a.example/(x)", "$x$", "$\\alpha$", "&lt;", "\n"]
)
MIXED = st.lists(st.one_of(NASTY, SNIPPETS), max_size=6).map("".join)


@given(MIXED)
def test_no_text_whatever_is_active(text: str) -> None:
    assert scan(inert.to_markdown(text)) == set()


@given(st.one_of(MIXED, st.text(max_size=40)))
def test_what_is_read_back_is_what_was_written(text: str) -> None:
    line = inert.one_line(text)
    back = markdown.plain(inert.to_markdown(text, math=False, links=False))
    assert back == line


@given(st.text(st.characters(), max_size=60))
def test_nothing_raises_and_all_can_be_stored(text: str) -> None:
    for door in (inert.one_line, inert.to_markdown, inert.alias, inert.url, inert.terminal, inert.property_text):
        assert door(text).encode("utf-8") is not None
        assert "\n" not in door(text)


# --- the shared corpora ---

# The pattern fires on text that does nothing where it stands.
LITERAL = {
    "obs-311": "url( outside any element",
    "obs-366": "a thousand letters c, escaped",
    "obs-246": "ten thousand letters x; a property is cut at 300",
}


def corpus(name: str) -> list[dict[str, str]]:
    lines = Path(SHARED, "security", name).read_text(encoding="utf-8").splitlines() if SHARED else []
    return [json.loads(line) for line in lines]


@needs_data
@pytest.mark.data
def test_obsidian_corpus() -> None:
    for row in corpus("obsidian.jsonl"):
        if row["field"] in ("link", "tag"):
            continue
        md = inert.to_markdown(row["payload"], links=row["field"] not in ("title", "author"))
        assert scan(md) == set(), row["id"]
        if row["must_not_regex"] and row["id"] not in LITERAL:
            assert not re.search(row["must_not_regex"], md), row["id"]


@needs_data
@pytest.mark.data
def test_obsidian_corpus_without_the_door_is_active() -> None:
    rows = [row for row in corpus("obsidian.jsonl") if row["trips"] == "raw" and row["field"] in ("content", "summary")]
    silent = [row["id"] for row in rows if not scan(row["payload"])]
    assert len(silent) < len(rows) / 10, silent


@needs_data
@pytest.mark.data
def test_links_of_the_obsidian_corpus() -> None:
    for row in corpus("obsidian.jsonl"):
        if row["field"] == "link":
            assert not re.search(row["must_not_regex"], inert.url(row["payload"])), row["id"]


@needs_data
@pytest.mark.data
def test_naughty_strings() -> None:
    for text in json.loads(Path(SHARED, "security", "naughty.json").read_text(encoding="utf-8")):
        assert scan(inert.to_markdown(text)) == set(), text
        assert markdown.plain(inert.to_markdown(text, math=False, links=False)) == inert.one_line(text)


@needs_data
@pytest.mark.data
def test_terminal_corpus() -> None:
    for row in corpus("terminal.jsonl"):
        shown = inert.terminal(row["payload"]).encode("utf-8")
        for forbidden in row["must_not_contain_bytes"]:
            assert bytes.fromhex(forbidden) not in shown, row["id"]


@needs_data
@pytest.mark.data
def test_xss_corpus() -> None:
    for row in corpus("xss.jsonl"):
        assert scan(inert.to_markdown(row["payload"])) == set(), row["id"]


CARETS = [
    ("behind a bracket", "Memory (^item-9 tail", "Memory (\\^item-9 tail", "Memory (ˆitem-9 tail"),
    ("behind a blank", "A ^item-9", "A \\^item-9", "A ˆitem-9"),
    ("a power", "10^5", "10\\^5", "10ˆ5"),
    ("in a formula", "$x ^item-9 y$", "$x^item-9 y$", "xˆitem-9 y"[:1] + " ˆitem-9 y"),
    ("behind TeX's own blank", "$x\\ ^item-9 y$", "$x\\ {}^item-9 y$", "x ˆitem-9 y"),
    ("a formula", "$x^2$", "$x^2$", "xˆ2"),
]


@pytest.mark.parametrize(("text", "markdown", "shown"), [row[1:] for row in CARETS], ids=[row[0] for row in CARETS])
def test_nothing_from_outside_names_a_block(text: str, markdown: str, shown: str) -> None:
    assert inert.to_markdown(text) == markdown
    assert inert.alias(text) == shown


@given(st.text("^ $x\\<>{}(-item9", max_size=20))
def test_no_caret_stands_bare_behind_a_blank(text: str) -> None:
    assert " ^" not in " " + inert.to_markdown(text)
    assert "^" not in inert.alias(text)
