"""Text on a terminal: wide characters, marks, and where a line may end."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway.cells import cells, cut, terminal_width, wrapped

# Text as it is shown: no controls, and no mark without a letter before it.
SHOWN = st.text(st.sampled_from("ab ,.字語，。é️👩‍💻ﾊ"), max_size=60)


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("上下文", 6), ("ＬＬＭ", 6), ("e\u0301", 1), ("ﾊﾛｰ", 3), ("กำ", 2), ("a\u200db", 2)],
)
def test_cells(text, width):
    assert cells(text) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("a longer line", 8, "a longe…"),
        ("a b c d e", 6, "a b c…"),
        ("上下文視窗", 6, "上下…"),
        ("上下文視窗", 7, "上下文…"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
    ],
)
def test_cut(text, width, shown):
    assert cut(text, width) == shown


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("強化學習與推理", 6, ["強化學", "習與推", "理"]),
        ("強化學習，推理", 8, ["強化學", "習，推理"]),
        ("LLM推理很快", 6, ["LLM推", "理很快"]),
        ("unbreakable", 4, ["unbr", "eaka", "ble"]),
        ("字", 1, ["字"]),
        ("  ", 1, [""]),
    ],
)
def test_wrapped(text, width, lines):
    assert [text[start:end] for start, end in wrapped(text, width)] == lines


@given(SHOWN, st.integers(2, 30))
def test_no_line_is_too_wide_and_nothing_but_blanks_is_lost(text, width):
    spans = list(wrapped(text, width))
    assert all(cells(text[start:end]) <= width for start, end in spans)
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")
    assert cells(cut(text, width)) <= width


@pytest.mark.parametrize(
    ("columns", "width"),
    [("100", 100), ("5", 20), ("x", 80), ("0", 80), ("", 80), ("²", 80), ("9" * 5_000, 80)],
    ids=lambda value: str(value)[:5],
)
def test_the_width_of_the_terminal(monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    for name in ("stdout", "stderr"):  # no terminal is asked, whoever runs the tests
        monkeypatch.setattr(f"sys.{name}", io.StringIO())
    assert terminal_width() == width
