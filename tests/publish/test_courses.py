"""Trends in a synthesis: their counts can be counted again, and nothing that cannot be comes through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from notes.files.frontmatter import read
from notes.model import Claim, Tally, TallyKind
from notes.trends import Period, Trend, TrendClass, TrendKind
from publish.checking.checker import check, examine
from publish.synthesis import write_synthesis
from publish.wording.words import LANGUAGES, words_for
from tests.publish.newsroom import DAY, EDGE, LINKS, SKILLRL, STATES, TODAY, TOPICS, VAULT

WINDOW = (date(2026, 1, 24), DAY)


def periods(*counts: int, volume: int = 100) -> tuple[Period, ...]:
    """Weeks that end with the day of the newsroom."""
    ends = [DAY - timedelta(days=7 * back) for back in reversed(range(len(counts)))]
    return tuple(Period(end - timedelta(days=6), end, n, volume) for end, n in zip(ends, counts, strict=True))


def trend(name: str, course: TrendClass, *counts: int, kind: TrendKind = TrendKind.TOPIC, **changes) -> Trend:
    known = {
        "rank": 1,
        "kind": kind,
        "id": name,
        "name": name,
        "terms": (),
        "course": course,
        "recent": counts[-1],
        "baseline": sum(counts[:-1]) / max(1, len(counts) - 1),
        "lift": 2.0,
        "p_value": 0.0004,
        "q_value": 0.004,
        "periods": periods(*counts),
        "notes": (SKILLRL.id, STATES.id),
    }
    return Trend(**(known | changes))


RISES = trend("reinforcement-learning", TrendClass.RISING, 2, 3, 4, 9)
FALLS = trend("multimodal-models", TrendClass.FADING, 9, 9, 8, 1, rank=3, notes=(EDGE.id,))
PHRASE = trend("skill library", TrendClass.EMERGING, 0, 0, 1, 7, kind=TrendKind.PHRASE, rank=2)
TRENDS = (RISES, PHRASE, FALLS)


def synthesis(lang: str = "en", trends=TRENDS, **changes):
    settings = {
        "all_notes": VAULT,
        "links": LINKS,
        "topics": TOPICS,
        "trends": trends,
        "language": lang,
        "number": 13,
        "window": WINDOW,
        "sources": ("arXiv",),
    } | changes
    return write_synthesis(DAY, TODAY, **settings)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_claim_stands_with_the_trends_and_none_of_theirs_without(lang):
    post = synthesis(lang)
    assert check(post, VAULT, TRENDS).dropped == ()
    counts = [claim for claim in post.claims if any(tally.kind is TallyKind.TREND for tally in claim.tallies)]
    assert len(counts) >= 6
    assert {claim for claim, _ in check(post, VAULT).dropped} == set(counts)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", "**Rising**: 9 of 100 texts (9.0%) in the latest week, 9 of 300 texts (3.0%) in the weeks before."),
        ("zh-Hans", "**升温**：最近一周 100 篇中有 9 篇（9.0%），此前各周 300 篇中有 9 篇（3.0%）。"),
        ("zh-Hant", "**升溫**：最近一週 100 篇中有 9 篇（9.0%），此前各週 300 篇中有 9 篇（3.0%）。"),
    ],
)
def test_how_a_topic_goes(lang, expected):
    assert expected in synthesis(lang).text


def test_what_moves_stands_in_a_table():
    rows = [line for line in synthesis().text.splitlines() if "(q = 0.004)" in line]
    assert [row.split(" | ")[1] for row in rows] == ["rising (q = 0.004)", "emerging (q = 0.004)", "fading (q = 0.004)"]
    assert "| 1 of 100 texts (1.0%) | 26 of 300 texts (8.7%) |" in rows[2]


def test_what_rises_leads_and_what_fades_is_said():
    post = synthesis()
    assert str(read(post.text)[0]["description"]).startswith(
        "Reinforcement learning · agents is rising: 9 of 100 texts"
    )
    assert "Multimodal models]] (fading): 1 of 100 texts" in post.text
    assert "The phrase “skill library” is coming up: 7 of 100 texts" in post.text


def test_when_nothing_moves_it_says_so():
    post = synthesis(trends=[replace(RISES, course=TrendClass.STEADY)])
    assert "No topic moved more than chance explains; **Reinforcement learning" in post.text
    assert "is growing" not in post.text, "a test denies it"


def test_how_much_came_in_is_told_where_the_periods_are_the_window():
    assert "400 texts came in over these days; 12 notes were kept" in synthesis().text
    assert "came in over these days" not in synthesis(window=(date(2026, 2, 1), DAY)).text


def test_a_month_is_called_one():
    months = (Period(date(2026, 1, 1), date(2026, 1, 31), 3, 300), Period(date(2026, 2, 1), date(2026, 2, 28), 9, 100))
    assert (
        "in the latest month, 3 of 300 texts (1.0%) in the months before"
        in synthesis(trends=[replace(RISES, periods=months)]).text
    )


def test_several_periods_are_told_as_several():
    assert (
        "13 of 200 texts (6.5%) in the latest weeks, 5 of 200 texts (2.5%) in the weeks before"
        in synthesis(trends=[replace(RISES, span=2, recent=13)]).text
    )


TALLY = Tally(words_for("en").share(9, 100), TallyKind.TREND, (), RISES.periods[-1].start, DAY, RISES.key)


@pytest.mark.parametrize(
    ("tally", "stands"),
    [
        (TALLY, True),
        (replace(TALLY, text="400 texts", start=RISES.periods[0].start), True),
        (replace(TALLY, text="q = 0.004"), True),
        (replace(TALLY, text="90 of 100 texts (90.0%)"), False),
        (replace(TALLY, text="q = 0.001"), False),
        (replace(TALLY, of="topic:another"), False),
        (replace(TALLY, start=RISES.periods[0].start), False),
        (replace(TALLY, start=None), False),
    ],
    ids=["as counted", "volume", "certainty", "another count", "another q", "another trend", "other days", "no days"],
)
def test_a_count_stands_only_as_it_is_counted_again(tally, stands):
    claim = Claim(f"It rose: {tally.text}.", (SKILLRL.id,), tallies=(tally,))
    assert (examine(claim, VAULT, [RISES]) == "") is stands


def test_with_the_checker_off_a_false_course_comes_through():
    """The control: a trend whose counts nobody counts again."""
    lie = replace(RISES, periods=periods(1, 1, 1, 99))
    text = "99 of 100 texts"
    assert text not in synthesis(judge=lambda claim, notes: examine(claim, notes, [RISES]), trends=[lie]).text
    assert text in synthesis(judge=lambda claim, notes: "", trends=[lie]).text


def test_where_nothing_came_in_before_there_is_no_course():
    """No month before this one was lived through: nothing says whether a topic stays as it was."""
    empty = (*(replace(one, volume=0) for one in periods(0, 0, 0, 9)[:3]), periods(9)[0])
    young = replace(RISES, course=TrendClass.STEADY, periods=empty, q_value=1.0)
    text = synthesis(trends=[young]).text
    assert "0 of 0" not in text
    assert "Steady" not in text
    lived = replace(young, periods=periods(9, 9, 9, 9), lift=1.0)
    assert "Steady" in synthesis(trends=[lived]).text, "the control"


def test_what_doubled_by_chance_is_not_called_steady():
    doubled = replace(RISES, course=TrendClass.STEADY, q_value=0.6, lift=2.5)
    text = synthesis(trends=[doubled]).text
    assert "**Not yet sure**" in text
    assert "Steady" not in text


def test_nor_what_doubled_by_the_shares_that_are_shown():
    """By the sources, as the test counts, it rose little; a reader sees 40 of 100 after 12."""
    seen = replace(RISES, course=TrendClass.STEADY, q_value=0.6, lift=1.4, periods=periods(4, 4, 4, 40))
    assert "**Not yet sure**" in synthesis(trends=[seen]).text
    level = replace(seen, periods=periods(9, 9, 9, 9))
    assert "**Steady**" in synthesis(trends=[level]).text, "the control"


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "skill library (with skill graphs)"),
        ("zh-Hans", "skill library（连同 skill graphs）"),
        ("zh-Hant", "skill library（連同 skill graphs）"),
    ],
)
def test_phrases_of_one_development_are_one_row(lang, told):
    second = trend(
        "skill graphs", TrendClass.EMERGING, 0, 0, 1, 6, kind=TrendKind.PHRASE, rank=4, group="skill library"
    )
    post = synthesis(lang, (*TRENDS, second))
    rows = [claim.text for claim in post.claims if "skill graphs" in claim.text]
    assert len(rows) == 1
    assert rows[0].startswith(told)
    assert check(post, VAULT, (*TRENDS, second)).dropped == ()
