"""Charts in posts: one for what moved, and every figure of theirs stands in the words beneath, which are checked."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from notes.markup.markdown import plain
from notes.trends import Trend, TrendClass
from publish.charts import admitted
from publish.checking.checker import check
from publish.daily.composing import write_daily
from publish.wording.words import LANGUAGES
from tests.publish.newsroom import DAY, LINKS, TODAY, TOPICS, VAULT
from tests.publish.test_courses import FALLS, RISES, TRENDS, periods, synthesis

_CHART = re.compile(r"^<svg .*?^</svg>$", re.MULTILINE | re.DOTALL)
_TICK = re.compile(r"\d+(?:\.\d+)?%$")
_PERCENT = re.compile(r"\d+\.\d%")


def daily(lang: str, *trends: Trend):
    return write_daily(
        DAY, TODAY, all_notes=VAULT, links=LINKS, topics=TOPICS, language=lang, trends=trends or (RISES, FALLS)
    )


def charts(text: str) -> list[str]:
    found = _CHART.findall(text)
    assert all(admitted(chart) == chart for chart in found)
    assert text.count("<svg") == len(found)
    return found


def figures(chart: str) -> set[str]:
    """The percentages of a chart but those of its axis."""
    texts = ["".join(one.itertext()) for one in ET.fromstring(chart).iter("text")]
    return {figure for text in texts if not _TICK.fullmatch(text) for figure in _PERCENT.findall(text)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_synthesis_has_a_chart_of_what_moves_and_one_of_each_trend_with_their_figures_beneath(lang: str):
    post = synthesis(lang)
    drawn = charts(post.text)
    assert len(drawn) == 3
    beneath = plain(_CHART.sub("", post.text))
    assert {figure for chart in drawn for figure in figures(chart)} == {"9.0%", "3.0%", "7.0%", "0.3%", "1.0%", "8.7%"}
    for chart in drawn:
        assert all(figure in beneath for figure in figures(chart))
    assert check(post, VAULT, TRENDS).dropped == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_daily_post_has_a_chart_when_a_topic_of_the_day_stands_higher_than_ever(lang: str):
    post = daily(lang)
    (chart,) = charts(post.text)
    after = post.text[post.text.index(chart) + len(chart) :].lstrip().splitlines()[0]
    assert after.startswith("- [[")
    assert figures(chart) == {"9.0%", "3.0%"}
    assert all(figure in after for figure in figures(chart))
    assert check(post, VAULT, (RISES, FALLS)).dropped == ()
    assert [claim for claim, _ in check(post, VAULT).dropped if "9.0%" in claim.text], (
        "nothing vouches without the trends"
    )


@pytest.mark.parametrize(
    "trend",
    [
        pytest.param(FALLS, id="falls"),
        pytest.param(replace(RISES, course=TrendClass.STEADY), id="steady"),
        pytest.param(replace(RISES, periods=periods(2, 3, 9, 9)), id="no higher than the week before"),
        pytest.param(replace(RISES, id="elsewhere"), id="none of the day's topics"),
        pytest.param(replace(RISES, periods=periods(9)), id="nothing before"),
        pytest.param(
            replace(RISES, periods=(*periods(0, 0, 0, volume=0), *periods(9))), id="nothing at all came in before"
        ),
    ],
)
def test_else_a_daily_post_has_none(trend: Trend):
    assert charts(daily("en", trend).text) == []


def test_a_chart_goes_when_the_checker_refuses_its_counts():
    post = write_daily(
        DAY, TODAY, all_notes=VAULT, links=LINKS, topics=TOPICS, trends=(RISES,),
        judge=lambda claim, notes: "no" if claim.tallies and "%" in claim.text else "",
    )  # fmt: skip
    assert charts(post.text) == []
