"""What of a sentence to set in bold: its figures, each with the range or the list that it ends."""

from __future__ import annotations

import re

from notes.quantities import figures

__all__ = ["bold_parts"]

# Digits, items and joiners each have one reading and an end: "1 and 1 and 1 ..." would be shared out in 2ⁿ ways.
_DIGITS = r"\d[\d.,]{0,40}(?<![.,])"
_NUMBER = rf"(?:{_DIGITS}|[零〇一二三四五六七八九十百千万萬亿億两兩]{{1,40}})"
_RANGE = re.compile(rf"(?<![\w.,-]){_NUMBER}\s?%?\s?(?:到|至|–|-|~|～|\sto\s)\s?$|{_NUMBER}(?:到|至)$")
_JOINER = r"\s?(?:、|,\s?and\s|,|，|和|与|與|\band\b|\bor\b)\s?"
_LIST = re.compile(rf"(?<![\w.,-])(?>{_DIGITS}\s?[A-Za-z%]{{0,2}}{_JOINER}){{1,40}}$")
_ITEM = re.compile(rf"({_DIGITS})\s?([A-Za-z%]{{0,2}}){_JOINER}")
_UNIT = re.compile(r"\d[\d.,]{0,40}\s?([A-Za-z%]{0,2})(?![A-Za-z])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LEAST_BARE = 2  # items without a unit before the last: fewer may be part of a name ("Llama 3 and 27%")


def bold_parts(sentence: str) -> tuple[str, ...]:
    """The figures of a sentence as written, a range or a list of like figures as one stretch."""
    parts: list[str] = []
    at = 0
    for figure in figures.find(sentence):
        start = sentence.find(figure.text, at)
        if start < 0:
            parts.append(figure.text)
            continue
        before, at = at, start + len(figure.text)
        parts.append(sentence[before + _beginning(sentence[before:start], figure.text) : at])
    return tuple(dict.fromkeys(parts))


def _beginning(before: str, text: str) -> int:
    """Where the range or list begins that the figure after ``before`` ends; the figure itself when it ends none."""
    if found := _RANGE.search(before):
        return found.start() if not _YEAR.fullmatch(found[0].strip()[:4]) else len(before)
    found = _LIST.search(before)
    if found is None:
        return len(before)
    items = _ITEM.findall(found[0])
    unit = _UNIT.match(text)
    alike = unit is not None and all(own == unit[1] for _, own in items)
    bare = all(not own and not _YEAR.fullmatch(number) for number, own in items) and len(items) >= _LEAST_BARE
    return found.start() if (alike and unit and unit[1]) or bare else len(before)
