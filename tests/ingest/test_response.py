"""What an answer says of itself: when to come again, and where it has moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.web.response import Hop, Response, without_keys

THEN = datetime(2026, 2, 20, 12, tzinfo=UTC)
MONTH = 31 * 86_400.0


def http_date(**later: float) -> str:
    return format_datetime(THEN + timedelta(**later), usegmt=True)


def asked(retry_after: str, date: str = "") -> float | None:
    return Response(429, {"retry-after": retry_after, "date": date}, b"", "u").retry_after


@pytest.mark.parametrize(
    ("retry_after", "date", "seconds"),
    [
        ("120", "", 120.0),
        (" 120 ", "", 120.0),
        ("0", "", 0.0),
        (http_date(seconds=90), http_date(), 90.0),
        (http_date(seconds=-90), http_date(), 0.0),
        # A server's clock that is years off says the same: its own date is what the other is held against.
        ("Fri, 20 Feb 1970 12:01:30 GMT", "Fri, 20 Feb 1970 12:00:00 GMT", 90.0),
        ("Sat, 20 Feb 2100 12:01:30 GMT", "Sat, 20 Feb 2100 12:00:00 GMT", 90.0),
        ("Friday, 20-Feb-26 12:01:30 GMT", http_date(), 90.0),
        ("Fri Feb 20 12:01:30 2026", http_date(), 90.0),
        ("Fri, 20 Feb 2026 12:01:30 -0000", http_date(), 90.0),
        ("Fri, 20 Feb 2026 13:01:30 +0100", http_date(), 90.0),
        (http_date(days=300), http_date(), MONTH),
        ("Sat, 20 Feb 2100 12:00:00 GMT", "", MONTH),
        ("Fri, 20 Feb 2015 12:00:00 GMT", "", 0.0),
        ("Fri, 20 Feb 2015 12:00:00 GMT", "no date", 0.0),
        ("99999999", "", MONTH),
        ("9" * 400, "", MONTH),
        ("soon", "", None),
        ("-1", "", None),
        ("-99999", "", None),
        ("1.5", "", None),
        ("1e9", "", None),
        ("+5", "", None),
        ("１２", "", None),
        ("120, 240", "", None),
        ("Fri, 20 Feb 99999 12:00:00 GMT", "", None),
        ("Fri, 40 Feb 2026 12:00:00 GMT", "", None),
        ("Fri, 20 Feb 2026 12:00:00 +9999", "", None),
        ("", "", None),
    ],
)
def test_retry_after(retry_after: str, date: str, seconds: float | None) -> None:
    assert asked(retry_after, date) == seconds


@given(
    st.text(max_size=40) | st.from_regex(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]?\w{3,4}"), st.text(max_size=40)
)
def test_whatever_is_said_is_a_time_to_wait_or_nothing(retry_after: str, date: str) -> None:
    seconds = asked(retry_after, date)
    assert seconds is None or 0.0 <= seconds <= MONTH


@pytest.mark.parametrize(
    ("statuses", "is_moved"),
    [
        ((), False),
        ((301,), True),
        ((308,), True),
        ((301, 308), True),
        ((302,), False),
        ((301, 302), False),
        ((307, 301), False),
    ],
)
def test_moved_for_good(statuses: tuple[int, ...], is_moved: bool) -> None:
    hops = tuple(Hop(status, f"http://b.org/{n}") for n, status in enumerate(statuses))
    assert Response(200, {}, b"", "http://b.org/", hops).moved_permanently_to == ("http://b.org/" if is_moved else "")


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("https://e.org/f?token=abc took too long", "https://e.org/f?token=… took too long"),
        ("https://e.org/f?a=1&api_key=a-b.c&b=2 answered 404", "https://e.org/f?a=1&api_key=…&b=2 answered 404"),
        ("'https://e.org/f?Access-Token=x'", "'https://e.org/f?Access-Token=…'"),
        ("https://e.org/f?sig=x#y", "https://e.org/f?sig=…#y"),
        ("https://e.org/?author=me&keyword=llm&page=2", "https://e.org/?author=me&keyword=llm&page=2"),
    ],
)
def test_keys_in_addresses_are_not_told(told: str, shown: str) -> None:
    assert without_keys(told) == shown
