"""Dates in the forms that feeds use."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.dates import is_plausible, read_moment, read_usual

FRIDAY = datetime(2026, 2, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-20T08:00:00Z", FRIDAY),
        ("2026-02-20T16:00:00+08:00", FRIDAY),
        ("2026-02-20 08:00:00", FRIDAY),
        ("2026-02-20", FRIDAY.replace(hour=0)),
        ("2026-W08-5", FRIDAY.replace(hour=0)),
        ("20260220T080000Z", FRIDAY),
        ("1771574400", FRIDAY),
        ("1771574400000", FRIDAY),
        ("Fri, 20 Feb 2026 08:00:00 GMT", FRIDAY),
        ("20 Feb 26 03:00 EST", FRIDAY),
        ("2026年2月20日 08:00", FRIDAY),
        ("2026年2月20日", FRIDAY.replace(hour=0)),
        ("2026/02/20 08:00:00", FRIDAY),
        ("2026年13月20日", None),
        ("2026-13-45T99:99:99Z", None),
        ("-0001-01-01T00:00:00Z", None),
        ("99999-01-01T00:00:00Z", None),
        ("Mon, 45 Feb 2026 08:00:00 GMT", None),
        ("Yesterday at noon", None),
        ("", None),
    ],
)
def test_read_moment(text: str, expected: datetime | None) -> None:
    assert read_moment(text) == expected


def test_feedparsers_reading_serves_where_the_form_is_unknown() -> None:
    parsed = time.strptime("2026-03-20 08", "%Y-%m-%d %H")
    assert read_moment("Fr, 20 Mär 2026 08:00:00 GMT", parsed) == datetime(2026, 3, 20, 8, tzinfo=UTC)


def test_a_reading_beyond_the_calendar_is_none() -> None:
    assert read_moment("some day", time.struct_time((99999, 1, 1, 0, 0, 0, 0, 1, 0))) is None


@pytest.mark.parametrize(
    ("moment", "plausible"),
    [
        (FRIDAY, True),
        (FRIDAY + timedelta(hours=23), True),
        (FRIDAY + timedelta(hours=25), False),
        (datetime(1990, 1, 1, tzinfo=UTC), True),
        (datetime(1989, 12, 31, tzinfo=UTC), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
    ],
)
def test_is_plausible(moment: datetime, plausible: bool) -> None:
    assert is_plausible(moment, FRIDAY) is plausible


@given(st.text(st.sampled_from("0123456789-:TZ+ ,.GMTJanFeb年月日/"), max_size=40))
def test_reading_never_raises(text: str) -> None:
    found = read_moment(text)
    assert found is None or found.tzinfo is UTC


DATES = st.one_of(
    st.from_regex(
        r"((Mon|Tue|Sun), )?[0-9]{1,2} (Jan|Feb|Sep|Dec) [0-9]{4} [0-9]{2}:[0-9]{2}(:[0-9]{2})? (GMT|UT|Z|[ECMP][SD]T|[+-][0-9]{2}:?[0-9]{2})",
        fullmatch=True,
    ),
    st.datetimes().map(datetime.isoformat),
    st.sampled_from(
        ["", "2026-02-20", "2026/2/20", "1771574400", "2026-02-30T08:00:00Z", "Fri, 20 Feb 2026 8:00 GMT", "20260220"]
    ),
    st.text("0123456789-:TZ+ JanFeb,", max_size=24),
)


@given(DATES)
def test_a_usual_date_is_what_the_lenient_reader_says(text: str) -> None:
    try:
        moment = read_usual(text)
    except (ValueError, OverflowError):
        return
    assert moment == read_moment(text, feedparser.datetimes._parse_date(text.strip()))
