"""Dates as feeds write them.

feedparser's own reading is the last resort only: it takes epoch seconds for the year 1771, and ``2026-W08-5`` for
November.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from time import struct_time

__all__ = ["is_plausible", "read_moment", "read_usual"]

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# Feeds date tomorrow's issue today, and clocks and time zones are set wrong: a day ahead is no lie yet.
_AHEAD = timedelta(days=1)
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
# 2026年2月20日 08:00, 2026/2/20
_YEAR_FIRST = re.compile(
    r"([0-9]{4})[年/.]([0-9]{1,2})[月/.]([0-9]{1,2})日?(?:\s+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?"
)
_ISO_LIKE = re.compile(r"-?[0-9]{4,}(?:-|[0-9]{2})")
_USUAL = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}) "
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))? (?:GMT|UTC|UT|Z|([ECMP][SD]T)|([+-])([0-9]{2}):?([0-9]{2}))"
)
_ZONES = {
    f"{zone}{time}": hours + (time == "ST")
    for zone, hours in zip("ECMP", (4, 5, 6, 7), strict=True)
    for time in ("ST", "DT")
}
_MONTHS = {name: n for n, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)}


def read_moment(text: str, parsed: struct_time | None = None) -> datetime | None:
    """The moment that ``text`` names, aware UTC, or None.

    Read as ISO 8601, as seconds or milliseconds of the epoch, as a Chinese date; else ``parsed`` (feedparser's reading,
    UTC) is believed, or the text read as RFC 5322 where there is none. A time without a zone is UTC.
    """
    text = text.strip()
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if iso := _from_iso(text):
        return iso
    if match := _YEAR_FIRST.fullmatch(text):
        return _from_fields(tuple(int(field or 0) for field in match.groups()))
    if _ISO_LIKE.match(text) and "T" in text:
        return None
    return _from_struct(parsed) if parsed else _from_rfc5322(text)


def read_usual(text: str) -> datetime | None:
    """The moment that ``text`` names, or None, where that is beyond doubt: every reader says the same.

    Raises ValueError for what only a lenient reader makes sense of.
    """
    text = text.strip()
    if match := _USUAL.fullmatch(text):
        day, month, year, hour, minute, second, zone, sign, hours, minutes = match.groups()
        behind = timedelta(hours=_ZONES[zone] if zone else int(hours or 0), minutes=int(minutes or 0))
        moment = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
        return moment - behind if sign == "+" else moment + behind
    if not text or (_ISO_LIKE.match(text) and "T" in text) or _EPOCH.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return read_moment(text)
    if iso := _from_iso(text):
        return iso
    raise ValueError(text)


def is_plausible(moment: datetime, now: datetime) -> bool:
    """Whether an entry can have been published then: not before 1990, at most one day after ``now``."""
    return _EARLIEST <= moment <= now + _AHEAD


def _from_iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _from_struct(parsed: struct_time) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _from_rfc5322(text: str) -> datetime | None:
    fields = parsedate_tz(text)
    return _from_fields(fields[:6], offset_s=fields[9] or 0) if fields else None


def _from_fields(fields: Sequence[int], *, offset_s: int = 0) -> datetime | None:
    year, month, day, hour, minute, second = fields
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC) - timedelta(seconds=offset_s)
    except (ValueError, OverflowError):
        return None
