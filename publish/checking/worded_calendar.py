"""The English names of months and days, which are names of nobody."""

from __future__ import annotations

__all__ = ["DATE_WORDS", "MONTHS", "WEEKDAYS"]

MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
DATE_WORDS = frozenset((*MONTHS, *WEEKDAYS))
