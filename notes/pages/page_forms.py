"""The patterns of the lines that the fixed words of the vault's pages make, in whichever language they were written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from notes.pages.page_words import EVERY_LANGUAGE

__all__ = ["as_of", "counted_heading", "counts", "forms"]

_AS_OF_BEFORE: Final = "As of {day}, {waits}."


def as_of(counted: Sequence[str], *names: str) -> re.Pattern[str]:
    """A pattern for the line that says how much stands on a page, by the names of its templates and of the words that count."""
    count = counts(*counted).pattern
    commas = "|".join(sorted({re.escape(words.comma) for words in EVERY_LANGUAGE}))
    days = "|".join(
        re.escape(words.day_form)
        .replace(r"\{y\}", r"\d{4}")
        .replace(r"\{m\}", r"\d{1,2}")
        .replace(r"\{d\}", r"\d{1,2}")
        for words in EVERY_LANGUAGE
    ).replace(r"\{iso\}", r"\d{4}-\d\d-\d\d")
    places = {"day": days, "count": rf"(?:{count})(?:(?:{commas})(?:{count}))*", "shown": r"\d+"}
    places["waits"] = r"nothing waits|1 item waits|\d+ items wait"
    told = sorted({getattr(words, name) for words in EVERY_LANGUAGE for name in names} | {_AS_OF_BEFORE})
    # Older pages in traditional Chinese have no space around a day's numbers.
    return re.compile("|".join(_filled(template, places) for template in told).replace(r"\ ", r"\ ?"))


def forms(*names: str) -> re.Pattern[str]:
    """A pattern for a whole line that one of the words of these names gives, in any of the languages."""
    templates = {getattr(words, name) for words in EVERY_LANGUAGE for name in names}
    return re.compile("|".join(_form(template) for template in sorted(templates)))


def counts(*names: str) -> re.Pattern[str]:
    """A pattern for a count in the words of these names, in any of the languages."""
    told = {form for words in EVERY_LANGUAGE for name in names for form in getattr(words, name)}
    return re.compile("|".join(re.escape(form).replace(re.escape("{n}"), r"\d+") for form in sorted(told)))


def counted_heading(*names: str) -> re.Pattern[str]:
    """A pattern for the headings of :meth:`PageWords.heading` that count in the words of these names, in any language."""
    return re.compile(rf"## .+ · (?:{counts(*names).pattern})")


def _form(template: str) -> str:
    return r".*?".join(re.escape(part) for part in re.split(r"\{\w+\}", template))


def _filled(template: str, places: Mapping[str, str]) -> str:
    parts = enumerate(re.split(r"\{(\w+)\}", template))
    return "".join(f"(?:{places[part]})" if number % 2 else re.escape(part) for number, part in parts)
