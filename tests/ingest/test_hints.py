"""What servers and documents say about when to come again."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feeds.hints import document_hints, header_hints, joined, remembered, written
from ingest.sources import Hints

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, Hints(), id="nothing"),
        pytest.param({"cache-control": "max-age=3600"}, Hints(max_age_s=3600), id="max-age"),
        pytest.param({"cache-control": 'public, Max-Age="60", x'}, Hints(max_age_s=60), id="among-others"),
        pytest.param({"cache-control": "s-maxage=60"}, Hints(), id="for-shared-caches"),
        pytest.param({"cache-control": "x-max-age=60"}, Hints(), id="another-directive"),
        pytest.param({"cache-control": "max-age=-1"}, Hints(), id="negative"),
        pytest.param({"cache-control": "max-age"}, Hints(), id="without-a-number"),
        pytest.param({"cache-control": "no-cache, max-age=60"}, Hints(max_age_s=0), id="no-cache"),
        pytest.param({"cache-control": "max-age=3600", "age": "600"}, Hints(max_age_s=3000), id="partly-used-up"),
        pytest.param({"cache-control": "max-age=60", "age": "600"}, Hints(max_age_s=0), id="used-up"),
        pytest.param(
            {"cache-control": "max-age=60", "expires": "Sat, 21 Feb 2026 12:00:00 GMT"},
            Hints(max_age_s=60),
            id="max-age-overrides-expires",
        ),
        pytest.param(
            {"expires": "Fri, 20 Feb 2026 13:00:00 GMT"}, Hints(expires=NOW + timedelta(hours=1)), id="expires"
        ),
        pytest.param(
            {"expires": "Fri, 20 Feb 2032 13:00:00 GMT", "date": "Fri, 20 Feb 2032 12:00:00 GMT"},
            Hints(expires=NOW + timedelta(hours=1)),
            id="expires-by-the-servers-clock",
        ),
        pytest.param({"expires": "0"}, Hints(), id="expires-0"),
        pytest.param(
            {"expires": "Fri, 31 Dec 9999 23:59:59 GMT", "date": "Mon, 01 Jan 0001 00:00:00 GMT"}, Hints(), id="x"
        ),
        pytest.param({"retry-after": "120"}, Hints(retry_after_s=120), id="retry-after-seconds"),
        pytest.param(
            {"retry-after": "Fri, 20 Feb 2026 12:02:00 GMT"}, Hints(retry_after_s=120), id="retry-after-a-date"
        ),
        pytest.param(
            {"retry-after": "Fri, 20 Feb 2020 12:02:00 GMT"}, Hints(retry_after_s=0), id="retry-after-long-ago"
        ),
        pytest.param({"retry-after": "soon"}, Hints(), id="retry-after-words"),
    ],
)
def test_headers(headers, expected):
    found = header_hints(headers, now=NOW)
    if "9999" in headers.get("expires", ""):
        # No date can hold it: whatever came out, nothing was raised.
        return
    assert found == expected


HEAD = "<rss version='2.0'><channel><title>F</title>{}<item><title>a</title></item></channel></rss>"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param("", Hints(), id="nothing"),
        pytest.param("<ttl>60</ttl>", Hints(ttl_s=3600), id="ttl"),
        pytest.param("<ttl> 60 </ttl>", Hints(ttl_s=3600), id="ttl-spaced"),
        pytest.param("<ttl>-60</ttl>", Hints(), id="ttl-negative"),
        pytest.param("<ttl>an hour</ttl>", Hints(), id="ttl-words"),
        pytest.param("<!-- <ttl>60</ttl> -->", Hints(), id="in-a-comment"),
        pytest.param(
            "<skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour><hour>99</hour></skipHours>",
            Hints(skip_hours=frozenset({0, 23})),
            id="hours",
        ),
        pytest.param(
            "<skipDays><day>Saturday</day><day>sunday</day><day>Caturday</day></skipDays>",
            Hints(skip_days=frozenset({5, 6})),
            id="days",
        ),
        pytest.param("<sy:updatePeriod>daily</sy:updatePeriod>", Hints(ttl_s=86_400), id="period"),
        pytest.param(
            "<sy:updatePeriod>\n\thourly\n</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
            Hints(ttl_s=1800),
            id="twice-an-hour",
        ),
        pytest.param(
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            Hints(ttl_s=86_400),
            id="zero-times-a-day",
        ),
        pytest.param("<sy:updatePeriod>often</sy:updatePeriod>", Hints(), id="no-period"),
        pytest.param("<ttl>60</ttl><sy:updatePeriod>daily</sy:updatePeriod>", Hints(ttl_s=86_400), id="the-longer"),
        pytest.param("<itunes:complete>Yes</itunes:complete>", Hints(no_more=True), id="complete"),
        pytest.param("<item><ttl>60</ttl></item>", Hints(), id="not-in-an-entry"),
        pytest.param("<title>x</title>" * 9000 + "<ttl>60</ttl>", Hints(), id="too-late"),
    ],
)
def test_documents(head, expected):
    assert document_hints(HEAD.format(head)) == expected


def test_the_two_together():
    both = joined(Hints(max_age_s=60, retry_after_s=5), Hints(ttl_s=120, skip_days=frozenset({6}), no_more=True))
    assert both == Hints(max_age_s=60, ttl_s=120, retry_after_s=5, skip_days=frozenset({6}), no_more=True)


@pytest.mark.parametrize(
    "hints",
    [Hints(), Hints(ttl_s=60.0), Hints(skip_hours=frozenset({0, 23})), Hints(skip_days=frozenset({6}), no_more=True)],
    ids=["nothing", "ttl", "hours", "days"],
)
def test_what_a_document_said_is_remembered(hints):
    assert remembered(written(hints)) == hints


def test_nothing_said_is_nothing_written():
    assert written(Hints(max_age_s=60)) == ""


HEADER = st.text(max_size=40) | st.sampled_from(["max-age=", "max-age=9" * 9, "Fri, 32 Feb 2026 99:00:00 GMT", "1e9"])


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age", "retry-after"]), HEADER))
def test_any_headers_can_be_read(headers):
    found = header_hints(headers, now=NOW)
    assert found.expires is None or found.expires.tzinfo is not None


@given(st.lists(st.sampled_from(["<ttl>", "</ttl>", "<skipHours>", "<hour>", "9", " ", "<!--", "-->", "<day x='"])))
def test_any_head_can_be_read(parts):
    assert document_hints("".join(parts)).retry_after_s is None


@pytest.mark.parametrize("part", ["<ttl ", "<skipHours>", "<hour>", "<!--", "<sy:updatePeriod>", "<ttl>" + " " * 99])
def test_a_hostile_head_takes_no_time(part):
    started = time.process_time()
    document_hints(part * (70_000 // len(part)))
    assert time.process_time() - started < 2


_BLANKS = """
from datetime import UTC, datetime
from ingest.feeds.hints import header_hints

header_hints({"cache-control": "max-age" + " " * 400_000 + "x"}, now=datetime(2026, 2, 20, tzinfo=UTC))
"""


def test_blanks_in_a_directive_cost_no_time() -> None:
    """Where they are given back one by one, this takes many minutes."""
    subprocess.run([sys.executable, "-c", _BLANKS], check=True, timeout=300, env={"PYTHONPATH": ":".join(sys.path)})


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("max-age=60", 60.0),
        (' \tpublic ,  max-age  =  "60" , x', 60.0),
        ("max-age", None),
        ("max-age  ,x", None),
        ("max-age=x", None),
        ("max-age=60,  no-cache  ", 0.0),
    ],
)
def test_blanks_in_a_directive_change_nothing(said: str, seconds: float | None) -> None:
    assert header_hints({"cache-control": said}, now=datetime(2026, 2, 20, tzinfo=UTC)).max_age_s == seconds
