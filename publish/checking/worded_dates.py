"""Days and months in a sentence of another's words: only those that its notes tell, in whatever language, or are dated by.

Years are numbers and are held as such. "Yesterday" and "last week" are the writer's own, and no note says when they are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from notes.model import VaultNote
from notes.text.fold import to_simplified
from publish.checking.worded_calendar import MONTHS, WEEKDAYS
from publish.checking.worded_names import texts

__all__ = ["strange_date"]

_NUMERALS = "一二三四五六七八九十"
_ENGLISH = re.compile(rf"\b({'|'.join((*MONTHS, *WEEKDAYS))})s?\b")
_CHINESE_MONTH = re.compile(rf"(?<![个零\d{_NUMERALS}])(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])\s?月(?!之|球|亮)")
_CHINESE_DAY = re.compile(r"(?<!每)(?:周|星期|礼拜)([一二三四五六日天])(?![期个次])")
_RELATIVE = {
    "yesterday": r"\byesterday\b|昨天|昨日",
    "tomorrow": r"\btomorrow\b|(?<!声)明天|明日",
    "last week": r"\blast week\b|上周|上个?星期",
    "next week": r"\bnext week\b|下周|下个?星期",
    "last month": r"\blast month\b|上个?月",
    "next month": r"\bnext month\b|下个?月",
    "last year": r"\blast year\b|去年",
    "next year": r"\bnext year\b|明年",
    "spring": r"\b(?:this|last|next) spring\b|\bspring of \d|(?:[今去明]年|年)春[季天]",
    "summer": r"\b(?:this|last|next) summer\b|\bsummer of \d|(?:[今去明]年|年)夏[季天]",
    "autumn": r"\b(?:this|last|next) (?:autumn|fall)\b|\b(?:autumn|fall) of \d|(?:[今去明]年|年)秋[季天]",
    "winter": r"\b(?:this|last|next) winter\b|\bwinter of \d|(?:[今去明]年|年)冬[季天]",
}
_RELATIVES = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _RELATIVE.items()}


def strange_date(text: str, named: Sequence[VaultNote]) -> str:
    """The first day or month of the sentence that none of the notes tells; empty when each does."""
    told = set(_dates(text))
    if not told:
        return ""
    held = {one for note in named for each in texts(note) for one in _dates(each)}
    days = [day for note in named for day in (note.published, note.created) if day]
    held |= {MONTHS[day.month - 1] for day in days} | {WEEKDAYS[day.weekday()] for day in days}
    return min(told - held, default="")


@lru_cache(maxsize=2048)
def _dates(text: str) -> frozenset[str]:
    return frozenset(_found(to_simplified(text)))


def _found(text: str) -> Iterator[str]:
    # "May" that opens a sentence is a verb as often.
    yield from (
        found[1] for found in _ENGLISH.finditer(text) if found[1] != "May" or re.match(r" \d", text[found.end() :])
    )
    yield from (MONTHS[_number(found[1]) - 1] for found in _CHINESE_MONTH.finditer(text))
    yield from (
        WEEKDAYS["一二三四五六日天".index(found[1]) % 7 if found[1] != "天" else 6]
        for found in _CHINESE_DAY.finditer(text)
    )
    yield from (name for name, pattern in _RELATIVES.items() if pattern.search(text))


def _number(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    tens, _, ones = numeral.rpartition("十")
    return ("十" in numeral) * 10 + (_NUMERALS.index(ones) + 1 if ones else 0) if not tens else 10
