"""What servers and documents say about when to come again, read from headers and from the head of a feed.

Headers: RFC 9111 §4.2 (freshness) and RFC 9110 §10.2.3 (Retry-After). Documents: RSS 2.0 ``ttl``, ``skipHours``, ``skipDays``,
the RSS syndication module's ``updatePeriod`` and ``updateFrequency``, and ``itunes:complete``.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

from ingest.sources import Day, Hints, Hour

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["document_hints", "header_hints", "joined", "remembered", "written"]

HEAD_CHARACTERS = 65_536
_SILENT = Hints()
_TELLING = frozenset({"cache-control", "expires", "retry-after"})
_HOURS: tuple[Hour, ...] = get_args(Hour)
_NUMBERS: tuple[Day, ...] = get_args(Day)
_DAYS = dict(zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), _NUMBERS, strict=True))
_PERIODS_S = {"hourly": 3600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0, "yearly": 31_536_000.0}

# Blanks are not given back (``*+``): n of them would be shared out between two places in n² ways.
_DIRECTIVE = re.compile(
    r"(?:^|,)\s*+(max-age|no-cache|no-store)\s*+(?:=\s*+\"?(\d{1,12})\"?)?\s*+(?=,|$)", re.IGNORECASE
)
_FIRST_ENTRY = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def _element(name: str, content: str) -> re.Pattern[str]:
    return re.compile(rf"<{name}(?:\s[^<>]{{0,200}})?>\s*{content}\s*</{name}\s*>", re.IGNORECASE)


_TTL = _element("ttl", r"(\d{1,9})")
_SKIP_HOURS = re.compile(r"<skipHours\s*>([^\0]{0,4000}?)</skipHours", re.IGNORECASE)
_SKIP_DAYS = re.compile(r"<skipDays\s*>([^\0]{0,4000}?)</skipDays", re.IGNORECASE)
_HOUR = _element("hour", r"(\d{1,2})")
_DAY = _element("day", r"([A-Za-z]{6,9})")
_PERIOD = _element("sy:updatePeriod", r"([A-Za-z]{5,7})")
_FREQUENCY = _element("sy:updateFrequency", r"(\d{1,6})")
_COMPLETE = _element("itunes:complete", "yes")


def header_hints(headers: Mapping[str, str], *, now: datetime) -> Hints:
    """What an answer's headers (lower-case names) say; ``expires`` is moved from the server's clock to ``now``'s."""
    if _TELLING.isdisjoint(headers):
        return _SILENT
    max_age = _max_age(headers)
    return Hints(
        max_age_s=max_age,
        # A max-age overrides an Expires (RFC 9111 §5.3).
        expires=_expires(headers, now) if max_age is None else None,
        retry_after_s=_retry_after(headers, now),
    )


def document_hints(text_head: str) -> Hints:
    """What the head of an RSS or Atom document says; only what stands before the first entry counts.

    Looks at no more than 65,536 characters, in linear time.
    """
    head = text_head[:HEAD_CHARACTERS]
    if first := _FIRST_ENTRY.search(head):
        head = head[: first.start()]
    head = _COMMENT.sub("", head)
    return Hints(
        ttl_s=_longest(_ttl(head), _update_period(head)),
        skip_hours=_skipped_hours(head),
        skip_days=_skipped_days(head),
        no_more=bool(_COMPLETE.search(head)),
    )


def joined(headers: Hints, document: Hints) -> Hints:
    """The two together: how fresh by the headers, how often and when not by the document."""
    if document == _SILENT:
        return headers
    return replace(
        headers,
        ttl_s=document.ttl_s,
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
        no_more=document.no_more,
    )


def written(hints: Hints) -> str:
    """What the document said, as a text to keep: a 304 does not repeat it. Empty when it said nothing."""
    said = {
        "ttl_s": hints.ttl_s,
        "skip_hours": sorted(hints.skip_hours),
        "skip_days": sorted(hints.skip_days),
        "no_more": hints.no_more,
    }
    said = {name: value for name, value in said.items() if value}
    return json.dumps(said) if said else ""


def remembered(text: str) -> Hints:
    """What :func:`written` kept."""
    if not text:
        return _SILENT
    said = json.loads(text)
    return Hints(
        ttl_s=said.get("ttl_s"),
        skip_hours=frozenset(said.get("skip_hours", ())),
        skip_days=frozenset(said.get("skip_days", ())),
        no_more=said.get("no_more", False),
    )


def _max_age(headers: Mapping[str, str]) -> float | None:
    found = {name.lower(): value for name, value in _DIRECTIVE.findall(headers.get("cache-control", ""))}
    if "no-cache" in found or "no-store" in found:
        return 0.0
    if not found.get("max-age"):
        return None
    # A cache on the way has used some of it up (RFC 9111 §4.2.3).
    age = headers.get("age", "").strip()
    return max(float(found["max-age"]) - (float(age[:12]) if age.isascii() and age.isdigit() else 0.0), 0.0)


def _expires(headers: Mapping[str, str], now: datetime) -> datetime | None:
    expires = _moment(headers.get("expires", ""))
    date = _moment(headers.get("date", ""))
    if expires is None:
        return None
    try:
        return now + (expires - (date or now))
    except OverflowError:
        return None


def _retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:9])
    until = _moment(given)
    # Held against the server's own clock, which the date was made by.
    return None if until is None else max((until - (_moment(headers.get("date", "")) or now)).total_seconds(), 0.0)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    from email.utils import parsedate_to_datetime  # which only headers ask for, and no worker reads these

    try:
        moment = parsedate_to_datetime(text.strip())
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _ttl(head: str) -> float | None:
    minutes = _TTL.search(head)
    return float(minutes[1]) * 60 if minutes else None


def _update_period(head: str) -> float | None:
    period, frequency = _PERIOD.search(head), _FREQUENCY.search(head)
    if period is None or period[1].lower() not in _PERIODS_S:
        return None
    return _PERIODS_S[period[1].lower()] / max(int(frequency[1]) if frequency else 1, 1)


def _longest(*times: float | None) -> float | None:
    return max((one for one in times if one is not None), default=None)


def _skipped_hours(head: str) -> frozenset[Hour]:
    found = _SKIP_HOURS.search(head)
    # Some write midnight as 24.
    hours = {int(hour) % 24 for hour in _HOUR.findall(found[1]) if int(hour) <= 24} if found else set()
    return frozenset(hour for hour in _HOURS if hour in hours)


def _skipped_days(head: str) -> frozenset[Day]:
    found = _SKIP_DAYS.search(head)
    named = {day.lower() for day in _DAY.findall(found[1])} if found else set()
    return frozenset(number for day, number in _DAYS.items() if day in named)
