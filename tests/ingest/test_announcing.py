"""arXiv's calendar: which announcements a night missed, and what may become an item."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.arxiv.announcing import (
    KINDS,
    admitted,
    first_missed,
    kind_of,
    leading,
    seen_by,
    submitted_since,
    working_day,
)
from notes.model import Item, SourceType


def at(day: int, hour: int = 12, month: int = 2) -> datetime:
    """A moment of 2026, UTC. February 16 is a Monday; midnight in New York is 05:00, from March 8 on 04:00."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def paper(published: datetime | None = None, *categories: str, announced: str = "") -> Item:
    return Item(
        key="arxiv:2602.00001",
        source="a",
        source_title="arXiv",
        source_type=SourceType.ARXIV,
        external_id="x",
        url="u",
        title="T",
        published=published,
        categories=categories,
        announced=announced,
    )


MISSED = {
    "the first fetch of all": (None, at(18), None),
    "every night": (at(17), at(18), None),
    "twice a day": (at(18, 9), at(18, 21), None),
    "one night": (at(16), at(18), date(2026, 2, 17)),
    "two nights": (at(16), at(19), date(2026, 2, 17)),
    "a weekend": (at(20), at(23), None),
    "a weekend and its Friday": (at(19), at(23), date(2026, 2, 20)),
    "Friday's, seen from Saturday": (at(19), at(21), date(2026, 2, 20)),
    "the last fetch was before midnight in New York": (at(17, 4), at(18), date(2026, 2, 17)),
    "within the first hour the feed may be the day before's": (at(17, 5), at(18), date(2026, 2, 17)),
    "an hour after midnight it is there": (at(17, 6), at(18), None),
    "in summer time midnight is an hour earlier": (at(10, 5, month=3), at(11, month=3), None),
    "a clock that was set back": (at(20), at(17), None),
}


@pytest.mark.parametrize(("last_ok", "now", "expected"), MISSED.values(), ids=MISSED.keys())
def test_the_first_missed_announcement(last_ok: datetime | None, now: datetime, expected: date | None) -> None:
    assert first_missed(last_ok, now) == expected


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)), st.integers(1, 60))
def test_each_feed_is_seen_or_missed(start: datetime, hours: int) -> None:
    """With fetches a fixed time apart, every working day's feed is up at one of them, or found missing at the next."""
    now = start.replace(tzinfo=UTC)
    last_ok, found = now, set()
    days = [now.date() + timedelta(days=n) for n in range(12)]
    while now < start.replace(tzinfo=UTC) + timedelta(days=11):
        found.add(working_day(now))
        if missed := first_missed(last_ok, now):
            found |= {missed + timedelta(days=n) for n in range((now.date() - missed).days)}
        last_ok, now = now, now + timedelta(hours=hours)
    assert {day for day in days[2:9] if day.weekday() < 5} <= found


SINCE = {
    "a Tuesday's feed has the weekend's papers": (date(2026, 2, 17), at(11, 19)),
    "a Monday's those from Thursday to Friday": (date(2026, 2, 23), at(17, 19)),
    "a Thursday's those of one day": (date(2026, 2, 19), at(15, 19)),
    "in summer time": (date(2026, 3, 12), at(8, 18, month=3)),
}


@pytest.mark.parametrize(("day", "expected"), SINCE.values(), ids=SINCE.keys())
def test_since_when_a_feeds_papers_were_submitted(day: date, expected: datetime) -> None:
    assert submitted_since(day) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [(at(18), date(2026, 2, 18)), (at(21), date(2026, 2, 20)), (at(23, 4), date(2026, 2, 20))],
    ids=["a working day", "a Saturday", "Sunday night in New York"],
)
def test_the_day_of_the_latest_feed(now: datetime, expected: date) -> None:
    assert working_day(now) == expected


def test_a_feed_of_yesterday_is_no_promise_for_today() -> None:
    now = at(18)
    assert seen_by(now, at(18, 5)) == now
    assert seen_by(now, None) == now
    stale = seen_by(now, at(17, 5))
    assert first_missed(stale, at(19)) == date(2026, 2, 18)


@pytest.mark.parametrize(
    ("announced", "announce", "expected"),
    [
        ("new", ("new", "cross"), True),
        ("cross", ("new", "cross"), True),
        ("cross", ("new",), False),
        ("replace", ("new", "cross"), False),
        ("replace-cross", ("new", "cross"), False),
        ("replace", ("replace",), True),
        ("", (), True),
    ],
)
def test_what_may_become_an_item(announced: str, announce: tuple[str, ...], expected: bool) -> None:
    assert admitted(paper(announced=announced), announce) is expected


@pytest.mark.parametrize(
    ("published", "categories", "expected"),
    [
        (at(18), ("cs.CL", "cs.CV"), "new"),
        (at(18), ("cs.CV", "cs.CL"), "cross"),
        (at(1), ("cs.CL",), "replace"),
        (at(1), ("cs.CV", "cs.CL"), "replace-cross"),
        (None, ("cs.CL",), "replace"),
        (at(18), (), "cross"),
    ],
)
def test_how_a_record_must_have_been_announced(
    published: datetime | None, categories: tuple[str, ...], expected: str
) -> None:
    assert kind_of(paper(published, *categories), ("cs.CL", "cs.LG"), at(16)) == expected


def test_the_announcement_that_says_most() -> None:
    assert leading("replace", "new", "") == "new"
    assert leading("", "") == ""
    assert [leading(kind, "replace-cross") for kind in KINDS] == list(KINDS)
