"""Characters: what stays, what goes, what becomes one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading import text as characters
from ingest.reading.text import clean, cut, one_line


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        pytest.param("  a\tb\n c ", "a b c", id="white space"),
        pytest.param(
            "one\rtwo\r\nthree\x0bfour\x0cfive\u2028six\u2029seven\x85eight",
            "one two three four five six seven eight",
            id="line ends",
        ),
        pytest.param("a\x00b\x07c\x1b[31md\x9be\x7f", "abc[31mde", id="controls"),
        pytest.param("a\x1fb", "ab", id="the last of the controls"),
        pytest.param("\u202eevil\u202c \u2066x\u2069", "evil x", id="direction overrides"),
        pytest.param("A title\U000e0041\U000e0042", "A title", id="tag characters"),
        pytest.param("a\ud800b\udfff\ufffe\uffff\U0001ffff", "ab", id="surrogates and noncharacters"),
        pytest.param("zero\u200bwidth\ufeff\u2060soft\xadhyphen", "zerowidthsofthyphen", id="invisible"),
        pytest.param("\u3000全形 空格\xa0", "全形 空格", id="ideographic space"),
        pytest.param("👩\u200d👧 می\u200cخواهم", "👩\u200d👧 می\u200cخواهم", id="joiners stay"),
        pytest.param("\u200d\u3164\u2800\u115f", "", id="nothing to see"),
        pytest.param("بحث عربي", "بحث عربي", id="honest right-to-left"),
    ],
)
def test_one_line(raw: str, line: str) -> None:
    assert one_line(raw) == line


@given(st.text(st.characters(exclude_categories=())))
def test_one_line_is_stable_and_encodable(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line
    assert line.encode() == line.encode("utf-8")
    assert not set(line) & set("\n\r\t\x00\x1b\u202e\u2028")


def test_clean_keeps_lines() -> None:
    assert clean("a\r\nb\tc\rd") == "a\nb\tc\nd"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [("short", 5, "short"), ("one two three", 10, "one two…"), ("無空格的長標題", 5, "無空格的…"), ("", 5, "")],
)
def test_cut(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected
    assert len(cut(text, limit)) <= limit


@given(st.one_of(st.text(), st.text(st.characters(max_codepoint=0x9F))))
def test_the_short_way_leaves_nothing_that_the_long_one_takes_out(raw: str) -> None:
    assert clean(raw) == characters._UNWANTED.sub("", characters._LINE_ENDS.sub("\n", raw))
