"""Charts: what is drawn, in every language, deterministic, readable where it stands."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.markup.markdown import plain, read
from notes.trends import Period, Trend, TrendClass, TrendKind
from publish.charts import admitted, movers, spark, volumes
from publish.charts.lettering import cut, wide, wrapped
from publish.charts.marks import STYLES, WIDTH
from publish.charts.scales import share_ticks
from publish.wording.words import LANGUAGES, words_for

START = date(2026, 1, 5)
LONG = "面向超長上下文的大型語言模型檢索增強生成與推理方法"
NAMES = ("Reinforcement learning from verifiable rewards", LONG, "Speech", "Robots", "Vision")


def periods(*counts: int | None, volume: int = 200) -> tuple[Period, ...]:
    """Weeks; None for one in which nothing at all came in."""
    days = [START + timedelta(7 * at) for at in range(len(counts))]
    return tuple(
        Period(day, day + timedelta(6), count or 0, 0 if count is None else volume)
        for day, count in zip(days, counts, strict=True)
    )


COURSES = (periods(1, 2, 3, None, 9, 14), periods(9, 8, 7, None, 4, 2), periods(3, 3, 3, None, 3, 3))


def trend(name: str, course: TrendClass, lift: float, held: tuple[Period, ...] = COURSES[0]) -> Trend:
    return Trend(
        rank=1, kind=TrendKind.TOPIC, id=name, name=name, terms=(), course=course, recent=held[-1].count, baseline=1.0,
        lift=lift, p_value=0.001, q_value=0.01, periods=held, notes=(), span=2,
    )  # fmt: skip


MOVES = (
    trend(NAMES[0], TrendClass.RISING, 5.0),
    trend(LONG, TrendClass.EMERGING, 200.0),
    trend("Robots", TrendClass.FADING, 0.3, COURSES[1]),
)
SERIES = tuple(zip(NAMES * 2, COURSES * 3, strict=False))


def charts(lang: str) -> dict[str, str]:
    return {
        "one": volumes(SERIES[:1], lang=lang, span=2),
        "three": volumes(SERIES[:3], lang=lang),
        "five": volumes(SERIES[:5], lang=lang),
        "eight": volumes(SERIES[:8], lang=lang),
        "movers": movers(MOVES, lang=lang),
        "spark": spark(COURSES[0]),
    }


def tree(chart: str) -> ET.Element:
    return ET.fromstring(chart)


def words_of(chart: str, *names: str) -> list[str]:
    return ["".join(one.itertext()) for one in tree(chart).iter() if one.tag in (names or ("text",))]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["one", "three", "five", "eight", "movers", "spark"])
def test_every_chart_is_one_block_that_passes_its_own_door(lang: str, kind: str):
    chart = charts(lang)[kind]
    assert admitted(chart) == chart
    assert re.fullmatch(r'<svg class="slipway-chart" role="img" [^<>]*>', chart.split("\n")[0])
    assert all(chart.split("\n"))
    assert [child.tag for child in tree(chart)][:2] == ["title", "desc"]
    assert all(words_of(chart, "title", "desc"))
    assert charts(lang)[kind] == chart


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_block_says_nothing_to_readers_of_markdown(lang: str):
    text = f"Before.\n\n{chr(10).join(charts(lang).values())}\n\nAfter."
    assert plain(text) == "Before.\n\nAfter."
    assert (read(text).wikilinks, read(text).tags) == ((), ())


HOSTILE = "[[secret]] #tag %%x%% $x$ `y` <script>alert(1)</script> *b* {{c}} <%t%> a::b ==h== \u202eevil\n\nline ~~s~~"


def test_a_hostile_name_is_shown_and_does_nothing():
    for chart in (
        volumes([(HOSTILE, COURSES[0])], lang="en"),
        movers([trend(HOSTILE, TrendClass.RISING, 2.0)], lang="en"),
    ):
        assert admitted(chart) == chart
        assert "<script>alert(1)</script>" in words_of(chart, "title", "desc")[-1]
        written = re.sub(r"&#\d+;|<[^<>]*>", "", chart)
        assert not re.search(r"[\[\]#%$`<*{}=~\u202e]|::", written)
        found = read(chart)
        assert (found.wikilinks, found.tags, found.references) == ((), (), ())


def test_of_one_line_the_shares_of_both_times_stand_in_it_and_in_its_description():
    chart = volumes(SERIES[:1], lang="en", span=2)
    assert {"Before 1.0%", "Latest 5.8%"} <= set(words_of(chart))
    assert words_of(chart, "desc") == [f"{NAMES[0]}: 1.0% before, 5.8% of late"]


def test_a_gap_in_what_came_in_parts_the_line():
    lines = [one for one in tree(volumes(SERIES[:1], lang="en")) if one.get("class") == "c1"]
    assert len(lines) == 2


def test_a_lone_period_is_a_point_and_none_is_no_chart():
    assert "<circle" in volumes([("x", periods(None, 3, None))], lang="en")
    assert "<path" not in volumes([("x", periods(3))], lang="en")
    assert volumes([], lang="en") == volumes([("x", ())], lang="en") == movers([], lang="en") == spark(()) == ""


def test_lines_differ_without_their_colours():
    drawn = [one for one in tree(volumes(SERIES[:5], lang="en")).iter("path") if one.get("fill") == "none"]
    dashes = {one.get("class"): one.get("stroke-dasharray") for one in drawn}
    assert len(set(dashes.values())) == len(dashes) == 5
    assert len({style.shape for style in STYLES}) == len(STYLES)


def test_each_line_has_its_name_and_mark_at_its_end_and_none_touches_another():
    for lang in LANGUAGES:
        chart = volumes([(name, COURSES[2]) for name in NAMES], lang=lang)
        placed = [one for one in tree(chart).iter("text") if float(one.get("x", "0")) > 240]
        rows = sorted(float(one.get("y", "0")) for one in placed)
        assert all(after - before > 11 for before, after in pairwise(rows))
        assert len({one.text for one in placed}) >= len(NAMES)


def test_more_than_five_lines_are_as_many_small_charts_on_one_scale():
    chart = tree(volumes(SERIES[:8], lang="en"))
    panels = chart.findall("g")
    assert len(panels) == 8
    assert {one.get("class") for one in chart.iter("path")} == {"c1"}
    ticks = [text.text for panel in panels[::2] for text in panel.iter("text") if (text.text or "").endswith("%")]
    assert len(set(ticks)) == 2


def test_rises_go_right_and_falls_left_in_outline():
    bars = [one for one in tree(movers(MOVES, lang="en")).iter("rect")]
    zero = float(bars[0].get("x", ""))
    assert [one.get("class") for one in bars] == ["rise", "rise", "fall"]
    assert float(bars[2].get("x", "")) < zero
    assert float(bars[2].get("x", "")) + float(bars[2].get("width", "")) == pytest.approx(zero, abs=0.2)
    assert float(bars[1].get("width", "")) > float(bars[0].get("width", ""))
    assert bars[2].get("stroke") and not bars[0].get("stroke")
    assert {"1.0% → 5.8%", "4.0% → 1.5%"} <= set(words_of(movers(MOVES, lang="en")))
    assert [text[0] for text in words_of(movers(MOVES, lang="en")) if text[0] in "▲▼"] == ["▲", "▲", "▼"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_shares_are_those_of_the_words_of_a_post(lang: str):
    words = words_for(lang)
    shown = " ".join(words_of(movers(MOVES, lang=lang)))
    for one in MOVES:
        for held in (one.latest, one.earlier):
            assert re.search(r"[\d.]+%", words.share(held.count, held.volume))[0] in shown  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("Speech", 60, "Speech"),
        ("Reinforcement learning", 80, "Reinforce…"),
        (LONG, 60, "面向超…"),
        ("ae\u0301e\u0301e\u0301e\u0301", 27, "ae\u0301…"),
        ("👩\u200d🔬👩\u200d🔬👩\u200d🔬", 40, "👩\u200d🔬…"),
    ],
)
def test_names_are_cut_by_width(text: str, room: float, expected: str):
    assert cut(text, room, 12.0) == expected


def test_names_break_between_words_and_ideographs():
    assert wrapped("Reinforcement learning from rewards", 100, 12.0, 3) == ("Reinforcement", "learning from", "rewards")
    assert wrapped("檢索增強生成，推理", 75, 12.0, 2) == ("檢索增強生", "成，推理")
    assert wrapped("Unbreakableverylongname", 60, 12.0, 2) == ("Unbrea…",)


@given(st.text(max_size=60), st.floats(20, 200), st.integers(1, 3))
def test_no_line_is_wider_than_its_room(text: str, room: float, most: int):
    lines = wrapped(text, room, 12.0, most)
    assert len(lines) <= most
    assert all(wide(line, 12.0) <= room for line in lines)


@given(st.floats(0, 1))
def test_ticks_are_round_and_hold_the_greatest(most: float):
    ticks = share_ticks(most, 3)
    assert ticks[0] == 0
    assert ticks[-1] >= most * (1 - 1e-6)
    assert 2 <= len(ticks) <= 5


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=30), st.lists(st.integers(0, 300), min_size=1, max_size=60)), max_size=9),
    st.sampled_from(LANGUAGES),
    st.integers(0, 5),
)
def test_any_course_is_drawn_within_the_chart_and_passes_the_door(series, lang, span):
    held = [
        (name, tuple(Period(one.start, one.end, one.count, 300 if one.count else 0) for one in periods(*counts)))
        for name, counts in series
    ]
    chart = volumes(held, lang=lang, span=span)
    assert bool(chart) is bool(held)
    if not chart:
        return
    assert admitted(chart) == chart
    height = float(tree(chart).get("height", "0"))
    for element in tree(chart).iter():
        for name, value in element.attrib.items():
            most = WIDTH if name in ("x", "x1", "x2", "cx") else height if name in ("y", "y1", "y2", "cy") else 10**9
            if name in ("x", "x1", "x2", "cx", "y", "y1", "y2", "cy"):
                assert 0 <= float(value) <= most
