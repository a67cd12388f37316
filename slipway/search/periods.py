"""Days as people write them: ``2026-02-20``, ``2026-02``, ``2026-W08``, ``yesterday``, ``7d``, ``兩週``."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from notes.text.fold import fold

__all__ = ["FORMS", "first_day", "last_day"]

FORMS = (
    "a day (2026-02-20), month (2026-02), week (2026-W08) or year; today, yesterday, last week, 昨天, 上週; or back from"
    " today: 7d, 2w, 3m, 1y, 兩週"
)
"""What may be written, for a message."""

_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_NAMED = {"today": 0, "now": 0, "yesterday": 1, "今天": 0, "昨天": 1, "前天": 2}
# A week or month of the calendar by its name, and how many back it is; as fold() leaves it.
_PERIODS = {
    "last week": ("week", 1),
    "this week": ("week", 0),
    "上周": ("week", 1),
    "上星期": ("week", 1),
    "上个星期": ("week", 1),
    "这周": ("week", 0),
    "本周": ("week", 0),
    "这星期": ("week", 0),
    "last month": ("month", 1),
    "this month": ("month", 0),
    "上月": ("month", 1),
    "上个月": ("month", 1),
    "本月": ("month", 0),
    "这个月": ("month", 0),
    "last year": ("year", 1),
    "this year": ("year", 0),
    "去年": ("year", 1),
    "今年": ("year", 0),
}
# Not 月 nor 日 alone: 10月 is October, and 3日 the third.
_UNITS = {
    "day": ("d", "day", "days", "天"),
    "week": ("w", "week", "weeks", "周", "星期"),
    "month": ("m", "mo", "month", "months", "个月"),
    "year": ("y", "year", "years", "年"),
}
_UNIT_OF = {spelling: unit for unit, spellings in _UNITS.items() for spelling in spellings}
_BACK = re.compile(rf"(?:last )?(\d{{1,5}}|[一二两三四五六七八九十]) ?({'|'.join(_UNIT_OF)})(?: ago|前)?")
_NUMERALS = {"两": 2} | {numeral: number for number, numeral in enumerate("一二三四五六七八九十", start=1)}
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_WEEK = re.compile(r"(\d{4})-?w(\d{1,2})")
_YEAR = re.compile(r"(\d{4})")


def first_day(said: str, today: date) -> date | None:
    """The first day of what was said; None when it says no day between 1970 and 9000."""
    period = _period(said, today)
    return period and period[0]


def last_day(said: str, today: date) -> date | None:
    """The last day of what was said, as :func:`first_day`: of ``2026-02`` it is the 28th."""
    period = _period(said, today)
    return period and period[1]


def _period(said: str, today: date) -> tuple[date, date] | None:
    said = re.sub(r"\s+", " ", fold(said)).strip()
    try:
        period = _written(said) or _named(said, today)
    except (ValueError, OverflowError):  # the 31st of February, a week that the year has not, before all years
        return None
    return period if period and _FIRST_YEAR <= period[0].year <= _LAST_YEAR else None


def _written(said: str) -> tuple[date, date] | None:
    if match := _DAY.fullmatch(said):
        day = date(*map(int, match.groups()))
        return day, day
    if match := _WEEK.fullmatch(said):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return monday, monday + timedelta(days=6)
    if match := _MONTH.fullmatch(said):
        year, month = int(match[1]), int(match[2])
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    if match := _YEAR.fullmatch(said):
        return date(int(said), 1, 1), date(int(said), 12, 31)
    return None


def _named(said: str, today: date) -> tuple[date, date] | None:
    if said in _NAMED:
        day = today - timedelta(days=_NAMED[said])
        return day, day
    if said in _PERIODS:
        return _around(today, *_PERIODS[said])
    match = _BACK.fullmatch(said)
    if match is None:
        return None
    number = _NUMERALS.get(match[1]) or int(match[1])
    day = _back(today, number, _UNIT_OF[match[2]])
    return day, day


def _around(today: date, unit: str, back: int) -> tuple[date, date] | None:
    """The week, month or year that lies so many before that of today."""
    day = _back(today, back, unit)
    if unit == "week":
        return _written("{}-w{:02}".format(*day.isocalendar()))
    return _written(f"{day:%Y-%m}" if unit == "month" else f"{day:%Y}")


def _back(today: date, number: int, unit: str) -> date:
    """So many days, weeks, months or years before; of a month that is too short its last day."""
    if unit in ("day", "week"):
        return today - timedelta(days=number * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - number * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
