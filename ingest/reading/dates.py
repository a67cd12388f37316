"""Dates as feeds write them.

feedparser's own reading is the last resort only: it takes epoch seconds for the year 1771, ``2026-W08-5`` for
November, ``2025年2月20日 下午3:05`` for the same, and ``+8`` for eight minutes.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ingest.reading.written_dates import MONTHS, agrees, is_in_numbers, read_written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from time import struct_time

__all__ = ["is_plausible", "read_moment", "read_usual"]

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# Feeds date tomorrow's issue today, and clocks and time zones are set wrong: a day ahead is no lie yet.
_AHEAD = timedelta(days=1)
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
# ISO 8601 counts days of the year, too.
_ORDINAL = re.compile(r"([0-9]{4})-([0-9]{3})")
_ISO_LIKE = re.compile(r"-?[0-9]{4,}(?:-|[0-9]{2})")
_USUAL = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}) "
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))? (?:GMT|UTC|UT|Z|([ECMP][SD]T)|([+-])([0-9]{2}):?([0-9]{2}))"
)
_MONTHS = {name.capitalize(): number for name, number in MONTHS.items()}
_NO_HOURS = {None, "00"}
_ZONES = {
    f"{zone}{time}": hours + (time == "ST")
    for zone, hours in zip("ECMP", (4, 5, 6, 7), strict=True)
    for time in ("ST", "DT")
}


def read_moment(text: str, parsed: struct_time | None = None) -> datetime | None:
    """The moment that ``text`` names, aware UTC, or None.

    Read as ISO 8601, as seconds or milliseconds of the epoch, as people write dates (Chinese among them); else
    ``parsed`` (feedparser's reading, UTC) is believed, or the text read as RFC 5322 where there is none, as far as the
    year, month and day are those in the text. A time without a zone is UTC.
    """
    text = text.strip()
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if certain := _from_iso(text) or read_written(text):
        return certain
    if _is_misread(text):
        return None
    lenient = _from_struct(parsed) if parsed else _from_rfc5322(text)
    return lenient if lenient and agrees(lenient, text) else None


def read_usual(text: str) -> datetime | None:
    """The moment that ``text`` names, or None, where that is beyond doubt: every reader says the same.

    Raises ValueError for what only a lenient reader makes sense of.
    """
    text = text.strip()
    if match := _USUAL.fullmatch(text):
        day, month, year, hour, minute, second, zone, sign, hours, minutes = match.groups()
        moment = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second or 0), 0, UTC)
        if not zone and hours in _NO_HOURS and minutes in _NO_HOURS:
            return moment
        behind = timedelta(hours=_ZONES[zone] if zone else int(hours), minutes=int(minutes or 0))
        return moment - behind if sign == "+" else moment + behind
    if not text or _EPOCH.fullmatch(text) or _is_misread(text):
        return read_moment(text)
    if certain := _from_iso(text) or read_written(text):
        return certain
    raise ValueError(text)


def is_plausible(moment: datetime, now: datetime) -> bool:
    """Whether an entry can have been published then: not before 1990, at most one day after ``now``."""
    return _EARLIEST <= moment <= now + _AHEAD


def _is_misread(text: str) -> bool:
    """Whether lenient readers find a date in the text that is not there."""
    return is_in_numbers(text) or (_ISO_LIKE.match(text) is not None and "T" in text)


def _from_iso(text: str) -> datetime | None:
    try:
        if ordinal := _ORDINAL.fullmatch(text):
            first = datetime(int(ordinal[1]), 1, 1, tzinfo=UTC)
            moment = first + timedelta(days=int(ordinal[2]) - 1)
            return moment if moment.year == first.year else None
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
    # What it loads in turn, sockets among it, takes a tenth of a worker's start, and hardly a document needs it.
    from email.utils import parsedate_tz

    fields = parsedate_tz(text)
    return _from_fields(fields[:6], offset_s=fields[9] or 0) if fields else None


def _from_fields(fields: Sequence[int], *, offset_s: int = 0) -> datetime | None:
    year, month, day, hour, minute, second = fields
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC) - timedelta(seconds=offset_s)
    except (ValueError, OverflowError):
        return None
