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
AFTERNOON = FRIDAY.replace(hour=15, minute=5)
CHINESE = [
    "2026年2月20日 下午3:05",
    "2026年2月20日下午 03:05:00",
    "2026/2/20 下午 03:05:00",
    "2026年2月20日 星期五 15:05",
    "2026年2月20日（週五）15：05",
    "2026年2月20日15:05",
    "2026年2月20日(五) 15:05",
    "2026年2月20日 23:05 (GMT+8)",
    "2026年2月20日 23:05（北京时间）",
    "2026年2月20日 15时05分",
    "2026年02月20日 15時05分00秒",
    "2026年2月20日 下午3點05分",
    "2026-02-20 下午3:05",
    "２０２６年２月２０日 15:05",
    "2026年2月20日 23:05 北京时间",
]
WRITTEN = [
    "Fri, 20 Feb 2026 09:00:00 CET",
    "Fri, 20 Feb 2026 10:00:00 CEST",
    "Fri, 20 Feb 2026 09:00:00 BST",
    "Fri, 20 Feb 2026 17:00:00 JST",
    "Fri, 20 Feb 2026 17:00:00 KST",
    "Fri, 20 Feb 2026 13:30:00 IST",
    "Fri, 20 Feb 2026 16:00:00 HKT",
    "Fri, 20 Feb 2026 02:00:00 CST",
    "Fri, 20 Feb 2026 16:00:00 GMT+8",
    "Fri, 20 Feb 2026 16:00:00 UTC+08:00",
    "Fri, 20 Feb 2026 16:00:00 +8",
    "Fri, 20 Feb 2026 16:00:00 +08",
    "Fri, 20 Feb 2026 16:00:00 +0800 (CST)",
    "Fri Feb 20 2026 16:00:00 GMT+0800 (China Standard Time)",
    "2026-02-20 08:00:00 UTC",
    "2026-02-20 02:00:00 CST",
    "2026-02-20 16:00:00 +8",
    "2026.2.20 08:00",
    "20-Feb-2026 08:00:00",
    "20th of February 2026, 8 am",
    "Friday, February 20, 2026 at 8:00 AM",
    "Fri, 20 Feb 2026 8:00 AM",
]


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
        *((text, AFTERNOON) for text in CHINESE),
        *((text, FRIDAY) for text in WRITTEN),
        ("2026年2月20日 上午12:05", FRIDAY.replace(hour=0, minute=5)),
        ("2026年2月20日 下午12:05", FRIDAY.replace(hour=12, minute=5)),
        ("2026年2月20日 中午12:05", FRIDAY.replace(hour=12, minute=5)),
        ("2026年2月20日凌晨3点", FRIDAY.replace(hour=3)),
        ("2026年2月20日晚上12點", FRIDAY.replace(day=21, hour=0)),
        ("2026年2月20日 15", None),
        ("2026年2月20日 25:05", None),
        ("2026年2月30日 下午3:05", None),
        ("2026-051", FRIDAY.replace(hour=0)),
        ("2026-366", None),
        ("20/02/2026", FRIDAY.replace(hour=0)),
        ("02/20/2026", FRIDAY.replace(hour=0)),
        ("20-02-2026", FRIDAY.replace(hour=0)),
        ("20.02.2026", FRIDAY.replace(hour=0)),
        ("03.02.2026", datetime(2026, 2, 3, tzinfo=UTC)),
        ("03/02/2026", None),
        ("03/02/2026 08:00:00", None),
        ("Feb 20, 2026", FRIDAY.replace(hour=0)),
        ("February 20, 2026 3:05 PM", AFTERNOON),
        ("Sept. 3rd, 2026 12:05 a.m.", datetime(2026, 9, 3, 0, 5, tzinfo=UTC)),
        ("Fri, 20 Feb 2026 3:05 PM GMT", AFTERNOON),
        pytest.param("Fri, 20 Feb 2026 15:05:00 XQT", AFTERNOON, id="a zone that nobody knows"),
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


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("2025年2月20日 下午3:05頃", "2025-11-01"),
        ("2026.051", "2026-05-01"),
        ("2026-999", "2026-09-01"),
        ("03/04/2026", "2026-03-04"),
        ("20 März 2026", "2025-03-20"),
        ("20 Feb 2026 08:00:00 XQT", "2026-03-20"),
        ("am 20. 2. 2026", "2026-11-20"),
    ],
)
def test_a_reading_that_is_not_in_the_text_is_not_believed(text: str, wrong: str) -> None:
    parsed = time.strptime(wrong, "%Y-%m-%d")
    assert read_moment(text, parsed) in (None, read_moment(text))


def test_a_zone_may_move_the_day_of_a_reading() -> None:
    parsed = time.strptime("2026-02-28 23:00", "%Y-%m-%d %H:%M")
    assert read_moment("So, 01 Mär 2026 07:00 +0800 x", parsed) == datetime(2026, 2, 28, 23, tzinfo=UTC)


@pytest.mark.parametrize("text", [*CHINESE, *WRITTEN, "2026-051", "20/02/2026"])
def test_feedparsers_reading_changes_nothing(text: str) -> None:
    assert read_moment(text, feedparser.datetimes._parse_date(text)) == read_moment(text)


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


@given(st.text(st.sampled_from("0123456789-:TZ+ ,.GMTJanFeb年月日下午時分/"), max_size=40))
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
        [
            *CHINESE,
            *WRITTEN,
            "2026-051",
            "03/04/2026",
            "",
            "2026-02-20",
            "2026/2/20",
            "1771574400",
            "2026-02-30T08:00:00Z",
            "Fri, 20 Feb 2026 8:00 GMT",
            "20260220",
        ]
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
