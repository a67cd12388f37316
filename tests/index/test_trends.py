from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from index.themes.trends import topic_trends, weekly_counts
from notes.model import Topic

TODAY = date(2026, 2, 20)


def days_ago(*ages):
    return [TODAY - timedelta(days=age) for age in ages]


def topic(key, *ages):
    notes = tuple(f"{key}-{number}" for number in range(len(ages)))
    made = Topic(id=key, name=key.title(), terms=(key,), note_ids=notes, medoid="", first_seen=TODAY, last_seen=TODAY)
    return made, dict(zip(notes, days_ago(*ages), strict=True))


def trends(*topics, **more):
    created = {key: day for _, days in topics for key, day in days.items()}
    return topic_trends([one for one, _ in topics], created, today=TODAY, **more)


@pytest.mark.parametrize(
    ("ages", "counts"),
    [
        pytest.param((0, 6), [0, 0, 2], id="this week has seven days"),
        pytest.param((7, 13), [0, 2, 0], id="last week"),
        pytest.param((20, 21), [1, 0, 0], id="too old"),
        pytest.param((-1,), [0, 0, 0], id="tomorrow"),
        pytest.param((), [0, 0, 0], id="nothing"),
    ],
)
def test_weekly_counts(ages, counts):
    found = weekly_counts(days_ago(*ages), today=TODAY, weeks=3)
    assert [week.count for week in found] == counts
    assert [week.start for week in found] == days_ago(20, 13, 6)


@pytest.mark.parametrize(
    ("ages", "course"),
    [
        pytest.param((0, 1, 2, 3, 4, 10), "rising", id="rising"),
        pytest.param((0, 1, 8, 15, 22, 29), "steady", id="steady"),
        pytest.param((8, 9, 10, 16, 17, 23, 24, 30, 31, 40, 41), "fading", id="fading"),
        pytest.param((0,), "new", id="new"),
        pytest.param((200,), "quiet", id="quiet"),
    ],
)
def test_courses(ages, course):
    (trend,) = trends(topic("a", *ages))
    assert trend.course == course


def test_the_greatest_rise_comes_first():
    found = trends(topic("steady", 0, 8, 15), topic("b", 0, 1, 2), topic("a", 0, 1, 2), topic("old", 30, 31))
    assert [(trend.rank, trend.topic.id) for trend in found] == [(1, "a"), (2, "b"), (3, "steady"), (4, "old")]


def test_numbers():
    (trend,) = trends(topic("a", 0, 1, 2, 8), weeks=3)
    assert (trend.recent, trend.baseline) == (3, 0.5)
    assert trend.lift == pytest.approx(3.5)
    assert trend.p_value == pytest.approx(0.0144, abs=1e-4)  # 1 - e^-0.5 (1 + 0.5 + 0.125)


def test_nothing_recent_is_no_surprise():
    assert trends(topic("a", 30))[0].p_value == 1


def test_one_week_is_compared_with_one_before():
    assert len(trends(topic("a", 0), weeks=1)[0].counts) == 2


def test_notes_without_a_day_are_not_counted():
    made, _ = topic("a", 0, 1)
    assert topic_trends([made], {}, today=TODAY)[0].recent == 0


def test_the_document():
    (trend,) = trends(topic("agents", 0, 8), weeks=2)
    assert json.loads(json.dumps(trend.document())) == {
        "rank": 1,
        "kind": "topic",
        "id": "agents",
        "name": "Agents",
        "terms": ["agents"],
        "class": "steady",
        "recent": 1,
        "baseline": 1.0,
        "lift": 1.0,
        "p_value": 0.632121,
        "counts": [{"start": "2026-02-07", "count": 1}, {"start": "2026-02-14", "count": 1}],
        "notes": ["agents-0", "agents-1"],
    }
