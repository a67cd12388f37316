"""A topic's page in another language, made from the page alone: of a topic that lives no more nothing else is left.

Only Slipway's fixed words change; names, links and sentences stay as they were written.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from notes.pages.page_words import EVERY_LANGUAGE, PageWords

__all__ = ["is_worded", "reworded"]

_BETWEEN_LINKS: Final = "]]{comma}[["


def is_worded(text: str, words: PageWords) -> bool:
    """Whether the page is in the language of ``words``; every page has the section that tells."""
    return f"\n## {words.topic_notes}\n" in text


def reworded(text: str, words: PageWords) -> str:
    """The page with ``words`` for the fixed words of the language that it was written in; unchanged where that is unknown."""
    former = next((one for one in EVERY_LANGUAGE if is_worded(text, one)), words)
    if former.lang == words.lang:
        return text
    head, fence, body = text.partition("\n---\n")
    return head + fence + "".join(_line(line, former, words) for line in body.splitlines(keepends=True))


def _line(line: str, former: PageWords, words: PageWords) -> str:
    bare = line.rstrip("\n")
    for reword in (_heading, _named, _asleep, _ended, _span, _of_a_day, _at_a_day, _neighbour):
        if (told := reword(bare, former, words)) is not None:
            return told + line[len(bare) :]
    return line


def _heading(line: str, former: PageWords, words: PageWords) -> str | None:
    for name in ("topic_new", "topic_notes", "topic_timeline", "topic_near"):
        if line == f"## {getattr(former, name)}":
            return f"## {getattr(words, name)}"
    return None


def _named(line: str, former: PageWords, words: PageWords) -> str | None:
    """The lines of terms and of the field."""
    if found := _filled(former.topic_terms, line, terms="(.+)"):
        return words.topic_terms.format(terms=found[1].replace(former.comma, words.comma))
    if found := _filled(former.topic_field, line, field="(.+)"):
        return words.topic_field.format(field=found[1])
    return None


def _asleep(line: str, former: PageWords, words: PageWords) -> str | None:
    found = _filled(former.topic_asleep, line, day=_day_pattern(former))
    return words.topic_asleep.format(day=_day(found[0], former, words)) if found else None


def _ended(line: str, former: PageWords, words: PageWords) -> str | None:
    """That the topic lives no more, and where its notes went."""
    if found := _filled(former.topic_ended, line, day=f"({_day_pattern(former)})"):
        return words.topic_ended.format(day=_day(found[1], former, words))
    if found := _filled(former.topic_merged, line, day=f"({_day_pattern(former)})", topic=r"(\[\[.+\]\])"):
        return words.topic_merged.format(day=_day(found[1], former, words), topic=found[2])
    return None


def _span(line: str, former: PageWords, words: PageWords) -> str | None:
    """How many notes, from when to when."""
    for form in former.notes:
        found = _filled(f"{form}{former.comma}{{days}}{former.sentence_end}", line, n=r"(\d+)", days="(.+)")
        if found and re.search(_day_pattern(former), found[2]):
            days = former.span.partition("{start}")[2].partition("{end}")[0]
            told = [_day(one, former, words) for one in found[2].split(days)]
            span = told[0] if len(told) == 1 else words.span.format(start=told[0], end=told[-1])
            return f"{words.count(words.notes, int(found[1]))}{words.comma}{span}{words.sentence_end}"
    return None


def _of_a_day(line: str, former: PageWords, words: PageWords) -> str | None:
    """A line of the timeline: the day, and its notes."""
    found = re.fullmatch(f"- ({_day_pattern(former)}){re.escape(former.colon)}(.+)", line)
    if not found:
        return None
    links = found[2].replace(_BETWEEN_LINKS.format(comma=former.comma), _BETWEEN_LINKS.format(comma=words.comma))
    return f"- {_day(found[1], former, words)}{words.colon}{links}"


def _at_a_day(line: str, former: PageWords, words: PageWords) -> str | None:
    """A new note, and its day."""
    found = re.fullmatch(rf"(- \[\[.+\]\]){re.escape(former.dash)}({_day_pattern(former)})", line)
    return f"{found[1]}{words.dash}{_day(found[2], former, words)}" if found else None


def _neighbour(line: str, former: PageWords, words: PageWords) -> str | None:
    for form in former.links:
        if found := _filled(f"- {{link}}{former.dash}{form}", line, link="(.+)", n=r"(\d+)"):
            return f"- {found[1]}{words.dash}{words.count(words.links, int(found[2]))}"
    return None


def _filled(template: str, line: str, **places: str) -> re.Match[str] | None:
    """The line as a filled template; ``places`` are the patterns of what may stand in each."""
    parts = enumerate(re.split(r"\{(\w+)\}", template))
    return re.fullmatch("".join(places[part] if number % 2 else re.escape(part) for number, part in parts), line)


def _day_pattern(words: PageWords) -> str:
    parts: dict[str, str] = {"y": r"\d{4}", "m": r"\d{1,2}", "d": r"\d{1,2}", "iso": r"\d{4}-\d\d-\d\d"}
    pieces = enumerate(re.split(r"\{(\w+)\}", words.day_form))
    # Pages of other times were written with blanks between digits and characters, or without.
    blank = re.escape(" ")
    return "".join(parts[piece] if number % 2 else re.escape(piece).replace(blank, " ?") for number, piece in pieces)


def _day(told: str, former: PageWords, words: PageWords) -> str:
    """A day in other words."""
    year, month, day = map(int, re.findall(r"\d+", told))
    return words.day(date(year, month, day)) if former.lang != words.lang else told
