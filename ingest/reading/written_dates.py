"""Dates as people write them: Chinese, by the month's name, in numbers; with the time of day and its zone.

What may mean two days (``03/04/2026``) is none. A zone's abbreviation is read as RFC 5322 has it, or as most who write
it mean it: ``CST`` is America's, ``IST`` India's, ``BST`` Britain's.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

__all__ = ["MONTHS", "agrees", "is_in_numbers", "read_written"]

MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
"""The numbers of the months by the first three letters of their English names."""

_LONGEST = 80
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]*\s*")
_MONTH_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATES = tuple(
    map(
        re.compile,
        (
            r"(?P<year>[0-9]{4})\s*(?:[年/.-])\s*(?P<month>[0-9]{1,2})\s*[月/.-]\s*(?P<day>[0-9]{1,2})(?![0-9])\s*[日号號]?",
            rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?[\s.-]*(?:of\s+)?{_MONTH_NAME}[\s,-]*(?P<year>[0-9]{{4}})(?![0-9])",
            rf"{_MONTH_NAME}\s*(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?[\s,]\s*(?P<year>[0-9]{{4}})(?![0-9])",
            r"(?P<one>[0-9]{1,2})(?P<mark>[/.-])(?P<two>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})(?![0-9])",
        ),
    )
)
_CHINESE_DAY = re.compile(r"\s*(?:\(?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]\)?|\([一二三四五六日天]\))")
_HALF = r"a\.?m\.?|p\.?m\.?|上午|早上|清晨|凌晨|中午|下午|午后|午後|傍晚|晚上|夜晚"
_TIME = re.compile(
    rf"(?:[\s,;t]|at\b|[-|·])*(?P<before>{_HALF})?\s*(?P<hour>[0-9]{{1,2}})"
    r"(?:\s*[:时時点點]\s*(?P<minute>[0-9]{1,2})(?:\s*[:分]\s*(?P<second>[0-9]{1,2})(?:[.,][0-9]{1,9})?)?\s*[分秒]?"
    rf"|\s*(?P<full>[时時点點]整?))?\s*(?P<after>{_HALF})?"
    r"\s*\(?(?P<zone>[a-z]{1,5}(?![a-z])|(?:北京|台北|香港)[时時][间間])?"
    r"\s*(?:(?P<sign>[+-])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?)?\)?\s*(?:\([^()]*\)?)?\s*"
)
_AFTERNOON = frozenset("pm 下午 午后 午後 傍晚 晚上 夜晚".split())
_EVENING = frozenset({"晚上", "夜晚"})
_HOURS_EAST = """
    gmt 0 utc 0 ut 0 z 0 wet 0 est -5 edt -4 cst -6 cdt -5 mst -7 mdt -6 pst -8 pdt -7 ast -4 adt -3 akst -9 akdt -8
    hst -10 brt -3 art -3 nst -3.5 ndt -2.5 bst 1 west 1 cet 1 cest 2 mez 1 mesz 2 eet 2 eest 3 sast 2 msk 3 gst 4 pkt 5
    ist 5.5 npt 5.75 ict 7 wib 7 hkt 8 sgt 8 myt 8 pht 8 awst 8 jst 9 kst 9 acst 9.5 acdt 10.5 aest 10 aedt 11 nzst 12
    nzdt 13 北京时间 8 北京時間 8 台北时间 8 台北時間 8 香港时间 8 香港時間 8
""".split()
_EAST = dict(zip(_HOURS_EAST[::2], map(float, _HOURS_EAST[1::2]), strict=True))
_GREENWICH = frozenset({"", "gmt", "utc", "ut"})
_IN_NUMBERS = re.compile(r"[0-9]{4}(?:[年/.]|-[0-9]{3}$)|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}")
_NUMBER = re.compile(r"[0-9]+")
_WORD = re.compile(r"[^\W\d_]{3,}")


def read_written(text: str) -> datetime | None:
    """The moment that ``text`` names, aware UTC; None for another form, and for what names no day, or may name two.

    A time without a zone is UTC.
    """
    folded = unicodedata.normalize("NFKC", text[:_LONGEST]).strip().casefold()
    if len(text) > _LONGEST:
        return None
    start = found.end() if (found := _WEEKDAY.match(folded)) else 0
    day = next((match for pattern in _DATES if (match := pattern.match(folded, start))), None)
    if day is None:
        return None
    position = found.end() if (found := _CHINESE_DAY.match(folded, day.end())) else day.end()
    try:
        midnight = _day(day.groupdict())
        return midnight + _time_of_day(folded[position:]) if midnight else None
    except (ValueError, OverflowError):
        return None


def is_in_numbers(text: str) -> bool:
    """Whether the date is written in numbers by which lenient readers are led astray; then they are not to be asked."""
    return _IN_NUMBERS.match(unicodedata.normalize("NFKC", text).strip()) is not None


def agrees(moment: datetime, text: str) -> bool:
    """Whether a lenient reading has the year, the month and the day that stand in the text, zones aside."""
    digits = unicodedata.normalize("NFKC", text)
    numbers = {int(number) for number in _NUMBER.findall(digits) if len(number) <= 4}
    words = {word.casefold()[:3] for word in _WORD.findall(digits)}
    named = {MONTHS[word] for word in words if word in MONTHS}
    # A zone moves the moment to a day before or after.
    days = [day for shift in (0, -1, 1) if (day := _shifted(moment, shift))]
    return any(
        day.day in numbers
        and not numbers.isdisjoint({day.year, day.year % 100})
        and (day.month in named if named else bool(words) or day.month in numbers)
        for day in days
    )


def _shifted(moment: datetime, days: int) -> date | None:
    try:
        return (moment + timedelta(days=days)).date()
    except OverflowError:
        return None


def _day(said: dict[str, str]) -> datetime | None:
    if name := said.get("name"):
        return datetime(int(said["year"]), MONTHS[name[:3]], int(said["day"]), tzinfo=UTC)
    if "one" not in said:
        return datetime(int(said["year"]), int(said["month"]), int(said["day"]), tzinfo=UTC)
    day, month = int(said["one"]), int(said["two"])
    if said["mark"] != "." and month > 12:
        day, month = month, day
    elif said["mark"] != "." and day <= 12 and day != month:
        return None
    return datetime(int(said["year"]), month, day, tzinfo=UTC)


def _time_of_day(text: str) -> timedelta:
    """The time since midnight, UTC. Raises ValueError for what is none."""
    if not text.strip(" ,.z"):
        return timedelta()
    match = _TIME.fullmatch(text)
    if match is None or not (match["minute"] or match["full"] or match["before"] or match["after"]):
        raise ValueError(text)
    half = (match["before"] or match["after"] or "").replace(".", "")
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(text)
    return timedelta(hours=_hour(hour, half), minutes=minute, seconds=second) - _east(match)


def _hour(hour: int, half: str) -> int:
    if not half or hour > 12:
        return hour
    if half == "中午":
        return hour + 12 if hour < 6 else hour
    if half in _EVENING and hour == 12:
        return 24
    return hour % 12 + (12 if half in _AFTERNOON else 0)


def _east(match: re.Match[str]) -> timedelta:
    """How far ahead of UTC the zone is; one that nobody knows, or an offset from another than Greenwich, is an error."""
    zone = match["zone"] or ""
    if match["sign"] and zone in _GREENWICH:
        offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        return offset if match["sign"] == "+" else -offset
    if match["sign"] or (zone and zone not in _EAST):
        raise ValueError(zone)
    return timedelta(hours=_EAST.get(zone, 0))
