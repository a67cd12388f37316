"""The door for charts in a page: charts of ours come through, and nothing else of the kind, wherever it stands."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import publish.charts.admission as door
import publish.site.syntax
from notes.markup import inert
from notes.markup.document import read_note
from publish.charts import admitted
from publish.site.building import SiteSettings, build
from publish.site.html import Target
from publish.site.render import plain, render
from tests.publish.parsed import faults, parse
from tests.publish.test_charts import MOVES, SERIES
from tests.publish.test_site_hostile import _promoted

from publish.charts import movers, volumes  # isort: skip

CHART = volumes(SERIES[:1], lang="en", span=2)
KNOWN = {"a": Target("../a/", "A", "en")}
HEAD = CHART.split("\n")[0]


def html(markdown: str) -> str:
    return render(markdown, lang="en", resolve=KNOWN.get).html


def with_child(child: str) -> str:
    return CHART.replace("</svg>", f"{child}\n</svg>")


HOSTILE = {
    "script": with_child("<script>alert(1)</script>"),
    "foreign object": with_child("<foreignObject><p>x</p></foreignObject>"),
    "use": with_child('<use href="#a"/>'),
    "use elsewhere": with_child('<use xlink:href="https://evil.example/x.svg#a"/>'),
    "image": with_child('<image href="https://evil.example/x.png"/>'),
    "link": with_child('<a href="javascript:alert(1)">x</a>'),
    "handler": CHART.replace("<desc>", '<desc onclick="alert(1)">'),
    "handler of the chart": CHART.replace('role="img"', 'role="img" onload="alert(1)"'),
    "style element": with_child("<style>*{display:none}</style>"),
    "style attribute": CHART.replace('role="img"', 'role="img" style="position:fixed"'),
    "animation": with_child('<animate attributeName="x" to="1"/>'),
    "set": with_child('<set attributeName="href" to="javascript:alert(1)"/>'),
    "paint from elsewhere": CHART.replace('fill="currentColor"', 'fill="url(https://evil.example/#a)"', 1),
    "data address": CHART.replace('fill="currentColor"', 'fill="url(data:image/svg+xml,x)"', 1),
    "entity": CHART.replace("<title>", "<title>&xxe;"),
    "document type": f'<!DOCTYPE svg [<!ENTITY x "y">]>\n{CHART}',
    "comment": with_child("<!-- x -->"),
    "character data": with_child("<![CDATA[<script>alert(1)</script>]]>"),
    "namespace": CHART.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
    "chart in a chart": with_child(CHART),
    "element in words": CHART.replace("<title>", "<title><p>x</p>"),
    "words outside": CHART.replace("</title>", "</title>\nwords"),
    "attribute twice": CHART.replace('role="img"', 'role="img" role="img"'),
    "attribute of another element": CHART.replace("<desc>", '<desc x="1">'),
    "number too large": CHART.replace('width="360"', 'width="99999"', 1),
    "class of ours": CHART.replace('class="band"', 'class="skip"'),
    "identifier": CHART.replace('role="img"', 'role="img" id="main"'),
    "quotes": CHART.replace('role="img"', "role='img'"),
    "upper case": CHART.replace("<svg ", "<SVG ", 1),
    "no class": CHART.replace('class="slipway-chart" ', ""),
    "no name": CHART.replace(CHART[CHART.index("<title>") : CHART.index("</title>") + 9], ""),
    "not closed": CHART.removesuffix("</svg>"),
    "something behind": f"{CHART}<script>alert(1)</script>",
    "too long": with_child("\n".join(["<g/>"] * 4000)),
    "too deep": with_child("<g>\n" * 50 + "</g>\n" * 49 + "</g>"),
    "blank line": CHART.replace("</title>", "</title>\n"),
}  # fmt: skip


def test_a_chart_stands_in_the_page_as_it_is():
    assert html(f"Before.\n\n{CHART}\n\nAfter [[a|there]].") == (
        f'<p>Before.</p>\n<figure class="chart">\n{CHART}\n</figure>\n<p>After <a href="../a/">there</a>.</p>\n'
    )
    assert not [*faults(parse(_page(html(CHART)), strict=False))]


def test_two_charts_and_one_that_follows_a_paragraph_without_a_blank_line():
    assert html(f"{CHART}\n\n{CHART}").count("<figure") == 2
    assert html(f"Before.\n{CHART}").count("<figure") == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_wholly_ours_stays_text(name: str):
    assert HOSTILE[name] != CHART
    assert admitted(HOSTILE[name]) == ""
    page = html(f"Before.\n\n{HOSTILE[name]}\n\nAfter.")
    found = [*faults(parse(_page(page), strict=False))]
    assert not found
    assert "<svg" not in page


@pytest.mark.parametrize("name", ["script", "handler", "paint from elsewhere", "link", "animation", "style attribute"])
def test_with_an_open_door_the_test_would_see_it(name: str, monkeypatch):
    """Positive control."""
    monkeypatch.setattr(publish.site.syntax, "admitted", lambda source: source)
    page = html(HOSTILE[name])
    assert [*faults(parse(_page(page), strict=False))]


@pytest.mark.parametrize("place", ["- {}", "> {}", "    {}", "```\n{}\n```", "| {} |\n|---|", "text {}", " {}"])
def test_only_a_block_of_its_own_at_the_top_is_a_chart(place: str):
    page = html(place.format(CHART))
    assert "<svg" not in page
    assert not [*faults(parse(_page(page), strict=False))]


@pytest.mark.parametrize("source", [CHART, HOSTILE["script"], HOSTILE["handler"]])
def test_the_text_of_a_feed_never_becomes_a_chart(source: str):
    """Not even one of ours: what came from outside is escaped long before."""
    note = _promoted(1, source)
    files = build((note,), SiteSettings("T", "https://n.example/", "A", "d"))
    assert not any(b"<svg" in content for path, content in files.items() if path.endswith(".html"))
    assert "<svg" not in html(inert.to_markdown(source))


def test_a_chart_goes_with_what_is_not_published():
    table = "| Topic |\n| --- |\n| [[{}\\|Topic]] |\n"
    shown = f"## Moves\n\n{CHART}\n\n{table.format('a')}\n## More\n\n{CHART}\n\nIt is so."
    hidden = f"## Moves\n\n{CHART}\n\nWords.\n\n{table.format('secret')}\n## More\n\n{CHART}\n\nIt is so."
    assert html(shown).count("<figure") == 2
    assert html(hidden).count("<figure") == 1
    assert html(f"## [[secret|Hidden]]\n\n{CHART}\n\nIt is so.\n\n## More\n\nWords.").count("<figure") == 0


def test_a_chart_adds_no_words_to_what_a_page_says():
    assert plain(f"So.\n\n{CHART}\n\nYes.", resolve=KNOWN.get) == "So.\nYes."


def test_the_feed_leaves_charts_out_and_keeps_the_words():
    text = f"---\nid: post-x\ntitle: X\ncreated: 2026-02-20\nsource_type: post\nlang: en\n---\n\n# X\n\nSo.\n\n{CHART}\n\nYes.\n"
    files = build(
        (read_note("posts/x.md", text.encode(), mtime_ns=0),), SiteSettings("T", "https://n.example/", "A", "d")
    )
    page = next(content for path, content in files.items() if path.startswith("posts/") and path.count("/") == 2)
    assert page.count(b'<figure class="chart">') == 1
    assert b"slipway-chart" not in files["feed.xml"]
    assert b"So." in files["feed.xml"]
    assert b"Yes." in files["feed.xml"]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_chart_with_any_change_is_refused_or_inert(data):
    chart = data.draw(st.sampled_from((CHART, movers(MOVES, lang="zh-Hant"))))
    at = data.draw(st.integers(0, len(chart)))
    end = data.draw(st.integers(at, min(len(chart), at + 12)))
    put = data.draw(
        st.sampled_from(
            ('"', "<", ">", "&", "on", " onload=x", "<a>", "</svg>", "\n", "\x00", "url(x)", "&#0;", "é", "")
        )
    )
    changed = chart[:at] + put + chart[end:]
    page = html(changed)
    assert not [*faults(parse(_page(page), strict=False))]
    assert admitted(admitted(changed)) == admitted(changed)


def test_the_door_takes_no_long_time():
    assert admitted(HEAD + "\n" + "<g>\n" * 1_000) == ""
    assert admitted('<svg class="' + 'a" b="' * 9_000) == ""
    assert len(door._PATTERNS) > 10


def _page(body: str) -> bytes:
    return f"<!doctype html><html lang=en><title>x</title><body>{body}".encode("utf-8", "replace")


DAY = date(2026, 2, 20)
