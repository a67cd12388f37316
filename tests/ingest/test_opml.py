"""OPML in and out: what programs write, what nobody should, and a round trip that changes nothing."""

from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feeds.opml import MAX_OPML, MAX_OUTLINES, Outline, read_opml, write_opml
from notes.errors import ParseError


def opml(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0"><head><title>T</title></head><body>{body}</body></opml>'.encode()


A = '<outline type="rss" text="A" xmlUrl="https://a.org/feed"/>'


@pytest.mark.parametrize(
    ("body", "outlines"),
    [
        (A, [Outline("https://a.org/feed", "A")]),
        (
            f'<outline text="Tech"><outline text="AI">{A}</outline></outline>',
            [Outline("https://a.org/feed", "A", ("tech/ai",))],
        ),
        (f'<outline text="Tech"></outline>{A}', [Outline("https://a.org/feed", "A")]),
        (f'<outline text="Tech"/>{A}', [Outline("https://a.org/feed", "A")]),
        (f'<outline title="机器 学习">{A}</outline>', [Outline("https://a.org/feed", "A", ("机器-学习",))]),
        (f'<outline text="{"x" * 40}">' * 9 + A, [Outline("https://a.org/feed", "A", ("/".join(["x" * 40] * 6),))]),
        (
            '<outline text="A" xmlUrl="https://a.org/feed"><outline text="B" xmlUrl="https://b.org/"/></outline>',
            [Outline("https://a.org/feed", "A"), Outline("https://b.org/", "B")],
        ),
        (
            '<outline text="A" title="The A" xmlUrl="https://a.org/feed" category="/Tech/AI, news,/Tech/AI" language="zh-CN"/>',
            [Outline("https://a.org/feed", "The A", ("tech/ai", "news"), "zh-CN")],
        ),
        ("<OUTLINE TEXT='A' XMLURL='https://a.org/feed'/>", [Outline("https://a.org/feed", "A")]),
        ('<outline text="A" type="rss" url="https://a.org/feed"/>', [Outline("https://a.org/feed", "A")]),
        (
            '<outline text="R&D & < more > &amp; &eacute;" xmlUrl="https://a.org/?a=1&b=2"/>',
            [Outline("https://a.org/?a=1&b=2", "R&D & < more > & é")],
        ),
        ('<outline text="A" xmlUrl="feed://a.org/feed"/>', [Outline("https://a.org/feed", "A")]),
        ('<outline text="A" xmlUrl=" feed:https://a.org/feed "/>', [Outline("https://a.org/feed", "A")]),
        (
            '<outline text="A" xmlUrl="https://u:p@a.org/feed" language="unknown word"/>',
            [Outline("https://a.org/feed", "A")],
        ),
        (
            f'<!-- <outline xmlUrl="https://no.org/"/> -->{A}<![CDATA[<outline xmlUrl="https://no.org/"/>]]>',
            [Outline("https://a.org/feed", "A")],
        ),
        (f'{A}<outline text="broken', [Outline("https://a.org/feed", "A")]),
        (
            f"{A}</outline></outline>{A.replace('a.org', 'b.org')}",
            [Outline("https://a.org/feed", "A"), Outline("https://b.org/feed", "A")],
        ),
        ('<outline xmlUrl="https://a.org/feed"/>', [Outline("https://a.org/feed", "")]),
        ('<outline text="x\u202ey\x07\nz" xmlUrl="https://a.org/feed"/>', [Outline("https://a.org/feed", "xy z")]),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_what_programs_write(body, outlines):
    assert list(read_opml(opml(body)).outlines) == outlines


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (b"", "no OPML"),
        (b"{}", "no OPML"),
        (b"<html><p>hello</p></html>", "no OPML"),
        (opml(""), "names no feed"),
        (opml('<outline text="x"/>'), "names no feed"),
        (opml('<outline xmlUrl="javascript:alert(1)"/>'), "names no feed"),
        (b" " * (MAX_OPML + 1), "larger than"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_list_is_told(document, told):
    with pytest.raises(ParseError, match=told):
        read_opml(document)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5"])
def test_any_encoding(encoding):
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><opml><body><outline text="獨立博客" xmlUrl="https://a.org/f"/></body></opml>'
    assert read_opml(text.encode(encoding)).outlines == (Outline("https://a.org/f", "獨立博客"),)


def test_what_is_left_out_is_counted():
    many = (
        A
        + '<outline text="Old blog" type="rss"/><outline type="rss"/>'
        + '<outline xmlUrl="mailto:x"/>' * 5
        + "".join(f'<outline xmlUrl="https://a.org/{n}"/>' for n in range(MAX_OUTLINES))
    )
    read = read_opml(opml(many))
    assert len(read.outlines) == MAX_OUTLINES
    assert read.warnings == (
        "feeds without an address of the web left out: 7 (Old blog, mailto:x, mailto:x, mailto:x, mailto:x and 1 more)",
        f"feeds beyond the first {MAX_OUTLINES} left out: 1",
    )


LAUGHS = (
    '<!DOCTYPE opml [<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
)
BOMBS = {
    "a billion laughs": LAUGHS + f'<opml><body><outline text="&l11;" xmlUrl="https://a.org/"/>{A}</body></opml>',
    "an external entity": f'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;" xmlUrl="https://a.org/"/>{A}</body></opml>',
    "quotes without end": "<opml>" + A + "<outline a='" * 700_000,
    "both quotes": "<opml>" + A + "<outline a='\"" * 600_000,
    "comments without end": "<opml>" + A + "<!--" * 2_000_000,
    "angles": "<opml>" + A + "<" * 9_000_000,
    "tags without end": "<opml>" + A + "<outline " * 1_000_000,
    "folders without end": "<opml>" + A + "<outline text='x'>" * 200_000,
    "one tag of many attributes": f"<opml>{A}<outline " + 'a="" ' * 1_500_000 + "/>",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_take_little_time_and_room(bomb):
    body = BOMBS[bomb].encode()
    tracemalloc.start()
    started = time.process_time()
    read = read_opml(body)
    seconds, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "https://a.org/feed" in [outline.url for outline in read.outlines]
    assert all(len(outline.title) < 400 for outline in read.outlines)
    assert seconds < 20, seconds  # under tracemalloc, which makes it several times slower
    assert peak < 64 * 2**20 + 2 * len(body)


def test_ten_thousand_outlines():
    body = opml("".join(f'<outline text="Feed {n}" xmlUrl="https://a{n}.org/feed"/>' for n in range(10_000)))
    started = time.process_time()
    assert len(read_opml(body).outlines) == 10_000
    assert time.process_time() - started < 5


TAGS = st.lists(st.sampled_from(["ai", "ai/agents", "新闻", "n2024", "a/b/c", "tech"]), max_size=3, unique=True)
OUTLINES = st.builds(
    Outline,
    st.integers(0, 50).map(lambda n: f"https://h{n}.org/feed?a=1&b=<{n}>"),
    st.text(st.characters(codec="utf-8"), max_size=30),
    TAGS.map(tuple),
    st.sampled_from(["", "en", "zh-Hans"]),
)


@given(st.lists(OUTLINES, min_size=1, max_size=12))
def test_what_is_written_is_valid_and_read_again_the_same(outlines):
    first = write_opml("T <&>", outlines)
    minidom.parseString(first.encode())
    read = read_opml(first.encode())
    assert read.warnings == ()
    assert len(read.outlines) == len(outlines)
    assert write_opml("T <&>", read.outlines) == first
    assert read_opml(write_opml("T", read.outlines).encode()).outlines == read.outlines


def test_a_title_in_its_folders():
    written = write_opml("Mine", [Outline("https://a.org/", "A", ("tech/ai", "x")), Outline("https://b.org/", 'B "&"')])
    assert written.splitlines()[6:] == [
        '  <outline text="tech">',
        '    <outline text="ai">',
        '      <outline type="rss" text="A" title="A" xmlUrl="https://a.org/" category="/tech/ai,/x"/>',
        "    </outline>",
        "  </outline>",
        '  <outline type="rss" text=\'B "&amp;"\' title=\'B "&amp;"\' xmlUrl="https://b.org/"/>',
        "</body>",
        "</opml>",
    ]


@pytest.mark.data
def test_the_shared_lists():
    data = os.environ.get("SLIPWAY_DATA")
    if not data:
        pytest.skip("SLIPWAY_DATA is not set: the shared lists are not read")
    found = sorted(Path(data, "opml").rglob("*.opml"))
    assert found
    for path in found:
        read = read_opml(path.read_bytes())
        assert len(read.outlines) == path.read_text(encoding="utf-8").count("xmlUrl=")
        again = write_opml("T", read.outlines)
        assert write_opml("T", read_opml(again.encode()).outlines) == again
