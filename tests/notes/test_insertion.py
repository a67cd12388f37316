"""A link put into a file: where it goes, that nothing else changes, and that it never lands where it would not be one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from notes.files.frontmatter import split
from notes.markup import insertion, markdown

LINE = "[[other|Other]] — shared terms: skills"


def inserted(text: str, line: str = LINE, heading: str = "Related") -> str:
    found = insertion.place(text.encode(), line, heading=heading)
    assert found is not None
    return found.into(text.encode()).decode()


PLACES = [
    ("at the end of its list", "# T\n\n## Related\n\n- [[a]]\n", "# T\n\n## Related\n\n- [[a]]\n- {}\n"),
    (
        "before the next section",
        "## Related\n\n- [[a]]\n\n## Sources\n\n- x\n",
        "## Related\n\n- [[a]]\n- {}\n\n## Sources\n\n- x\n",
    ),
    ("with its bullet", "## See also\n* [[a]]\n* [[b]]\n", "## See also\n* [[a]]\n* [[b]]\n* {}\n"),
    ("with its indent", "## Related\n  + [[a]]\n", "## Related\n  + [[a]]\n  + {}\n"),
    (
        "behind what its last item holds",
        "## Related\n- [[a]]\n  - why\n\n  more\n\nbye\n",
        "## Related\n- [[a]]\n  - why\n\n  more\n- {}\n\nbye\n",
    ),
    ("behind words that belong to the last item", "## Related\n- [[a]]\nlazy\n", "## Related\n- [[a]]\nlazy\n- {}\n"),
    (
        "in a section without a list",
        "## Related\n\nNone yet.\n\n# Next\n",
        "## Related\n\nNone yet.\n\n- {}\n\n# Next\n",
    ),
    ("in an empty section", "## Related\n\n## Next\n", "## Related\n\n- {}\n\n## Next\n"),
    ("behind a numbered list", "## Related\n\n1. [[a]]\n", "## Related\n\n1. [[a]]\n\n- {}\n"),
    (
        "behind a table",
        "## Related\n\n| a | b |\n| - | - |\n| 1 | 2 |\n",
        "## Related\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n- {}\n",
    ),
    ("behind a callout", "## Related\n\n> [!note]\n> x\n", "## Related\n\n> [!note]\n> x\n\n- {}\n"),
    ("under an underlined heading", "Related\n-------\n\n- [[a]]\n", "Related\n-------\n\n- [[a]]\n- {}\n"),
    (
        "in the last of two sections",
        "## Related\n- [[a]]\n# B\n### Related:\n- [[b]]\n",
        "## Related\n- [[a]]\n# B\n### Related:\n- [[b]]\n- {}\n",
    ),
    ("Chinese", "## 相关笔记\n\n- [[甲]]\n", "## 相关笔记\n\n- [[甲]]\n- {}\n"),
    ("traditional Chinese", "## 🔗 參見\n\n- [[甲]]\n", "## 🔗 參見\n\n- [[甲]]\n- {}\n"),
    ("in a new section", "# T\n\nwords\n", "# T\n\nwords\n\n## Related\n\n- {}\n"),
    ("in a new section below a blank line", "words\n\n", "words\n\n## Related\n\n- {}\n"),
    ("without a last line break", "words", "words\n\n## Related\n\n- {}"),
    ("below blanks without a line break", "words\n   ", "words\n   \n## Related\n\n- {}"),
    ("without a last line break in the list", "## Related\n- [[a]]", "## Related\n- [[a]]\n- {}"),
    ("in an empty file", "", "## Related\n\n- {}\n"),
    ("CRLF", "## Related\r\n\r\n- [[a]]\r\n\r\nbye\r\n", "## Related\r\n\r\n- [[a]]\r\n- {}\r\n\r\nbye\r\n"),
    ("CRLF at the end", "words\r\n", "words\r\n\r\n## Related\r\n\r\n- {}\r\n"),
    ("CR", "## Related\r- [[a]]\r", "## Related\r- [[a]]\r- {}\r"),
    (
        "mixed line ends follow their line",
        "a\nb\n## Related\n- [[a]]\r\n\ny\n",
        "a\nb\n## Related\n- [[a]]\r\n- {}\r\n\ny\n",
    ),
    ("BOM", "\ufeff## Related\n- [[a]]\n", "\ufeff## Related\n- [[a]]\n- {}\n"),
    ("BOM and nothing else", "\ufeff", "\ufeff## Related\n\n- {}\n"),
    ("frontmatter only", "---\na: b\n---", "---\na: b\n---\n\n## Related\n\n- {}"),
    (
        "frontmatter with a comment",
        "---\n# Related\na: [x]\n---\nwords\n",
        "---\n# Related\na: [x]\n---\nwords\n\n## Related\n\n- {}\n",
    ),
    (
        "TOML frontmatter",
        "+++\n# Related\na = 1\n+++\nwords\n",
        "+++\n# Related\na = 1\n+++\nwords\n\n## Related\n\n- {}\n",
    ),
    (
        "a section in code is none",
        "```\n## Related\n- [[a]]\n```\n",
        "```\n## Related\n- [[a]]\n```\n\n## Related\n\n- {}\n",
    ),
    (
        "a section in a comment is none",
        "%%\n## Related\n- [[a]]\n%%\n",
        "%%\n## Related\n- [[a]]\n%%\n\n## Related\n\n- {}\n",
    ),
    (
        "a section in HTML is none",
        "<!--\n\n## Related\n- [[a]]\n\n-->\n",
        "<!--\n\n## Related\n- [[a]]\n\n-->\n\n## Related\n\n- {}\n",
    ),
    ("a section in a quote is none", "> ## Related\n> - [[a]]\n", "> ## Related\n> - [[a]]\n\n## Related\n\n- {}\n"),
    (
        "a comment in code hides nothing",
        "```\n%%\n```\n\n## Related\n- [[a]]\n",
        "```\n%%\n```\n\n## Related\n- [[a]]\n- {}\n",
    ),
    (
        "a section about related work is none",
        "## Related work\n\nPapers.\n",
        "## Related work\n\nPapers.\n\n## Related\n\n- {}\n",
    ),
    (
        "an unclosed end: the section above it",
        "## Related\n- [[a]]\n\n## Code\n```\nx\n",
        "## Related\n- [[a]]\n- {}\n\n## Code\n```\nx\n",
    ),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
def test_place(text: str, expected: str) -> None:
    assert inserted(text) == expected.replace("{}", LINE)


UNSAFE = {
    "not UTF-8": b"caf\xe9\n",
    "UTF-16": "words".encode("utf-16"),
    "a NUL": b"a\0b",
    "unclosed code": b"```\nx\n",
    "an unclosed comment": b"%%\nx\n",
    "unclosed mathematics": b"$$\nx\n",
    "an unclosed HTML comment": b"<!-- x\n",
    "unclosed HTML": b"<pre>\n\nx\n",
    "a section in an open comment": b"%% a\n## Related\n- [[a]]\n",
}


@pytest.mark.parametrize("raw", UNSAFE.values(), ids=UNSAFE.keys())
def test_where_no_place_is_safe_there_is_none(raw: bytes) -> None:
    assert insertion.place(raw, LINE, heading="Related") is None


@pytest.mark.parametrize("raw", [raw for name, raw in UNSAFE.items() if "nclosed" in name and "math" not in name])
def test_without_the_check_it_would_land_there(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: what the check refuses is no link to a reader."""
    monkeypatch.setattr(insertion, "_is_safe", lambda *_: True)
    found = insertion.place(raw, LINE, heading="Related")
    assert found is not None
    assert not is_link(found.into(raw).decode())


@pytest.mark.parametrize("line", ["", " ", "a\nb", "a\rb"])
def test_a_line_is_one_line(line: str) -> None:
    assert insertion.place(b"words\n", line, heading="Related") is None


def test_the_heading_is_the_callers() -> None:
    assert inserted("词\n", heading="相关") == f"词\n\n## 相关\n\n- {LINE}\n"


def test_a_second_link_joins_the_first() -> None:
    once = inserted("words\n")
    assert inserted(once, "[[b]]") == once + "- [[b]]\n"


PIECES = [
    *(
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "---\n",
        "+++\n",
        "```\n",
        "~~~\n",
        "%%",
        "%%\n",
        "$$",
        "<!--",
        "-->",
        "<div>\n",
        "<pre>\n",
    ),
    *(
        "## Related\n",
        "# 相关\r\n",
        "See also\n===\n",
        "- [[a]]\n",
        "* b\r\n",
        "  - c",
        "1. d\n",
        "> - e\n",
        "    code\n",
        "\tx",
    ),
    *(
        "| a |\n| - |\n",
        "> [!note]\n",
        "words",
        "`%%`",
        "字",
        "\ufeff",
        "[ref]: x\n",
        "- ",
        "-\n",
        "#",
        "\\",
        "\u2028",
        "\x0c",
    ),
]
FILES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=12).map("".join)


def is_link(made: str) -> bool:
    """Whether a reader sees the line as an item of a list of its own: by another parser than the writer's."""
    body = re.sub(r"\A\+\+\+[ \t]*\n(?s:.*?\n|)\+\+\+[ \t]*(?:\n|\Z)", "", split(re.sub(r"\r\n?", "\n", made))[1])
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    items = {tuple(token.map or ()) for token in tokens if token.type == "list_item_open" and token.level == 1}
    told = [token for token in tokens if token.type == "inline" and token.content == LINE and token.level == 3]
    known = "other" in markdown.wikilinks(body)
    return known and any(token.map and token.map[0] in {item[0] for item in items} for token in told)


@settings(max_examples=400, deadline=None)
@given(FILES)
def test_taking_it_out_gives_the_file_as_it_was(text: str) -> None:
    raw = text.encode("utf-8", "replace")
    found = insertion.place(raw, LINE, heading="Related")
    if found is None:
        return
    made = found.into(raw)
    assert made[: found.at] + made[found.at + len(found.text) :] == raw
    assert LINE.encode() in found.text
    assert is_link(made.decode())


@settings(max_examples=200, deadline=None)
@given(FILES)
def test_frontmatter_is_as_it_was(text: str) -> None:
    found = insertion.place(text.encode("utf-8", "replace"), LINE, heading="Related")
    if found is not None and split(text)[0] is not None:
        assert split(found.into(text.encode()).decode())[0] == split(text)[0]


def test_ends_of_lines_are_those_of_the_file() -> None:
    made = inserted("a\r\nb\r\n")
    assert not re.search(r"(?<!\r)\n", made)
