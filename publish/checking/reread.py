"""A finished post read back from its Markdown file: each stretch of text with the notes that the file gives for it.

This is the way of a reader who has the file and nothing else: a sentence rests on the notes whose reference numbers follow it
and on those that it links; where none follow it, on the notes of its section as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, takewhile

from notes.markup.markdown import plain

__all__ = ["Stretch", "reread"]

_FENCED = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_HEADING = re.compile(r"(#{1,6}) +(.*)")
_MARKER = re.compile(r"\A(?:[-*] (?:\[.\] )?|\d+\. |> ?)+")
_RULE = re.compile(r"\|(?: *:?-+:? *\|)+")
_NUMBER = r"\[\[([^\[\]|\\]+)\\?\|([⁰¹²³⁴⁵⁶⁷⁸⁹]+)\]\]"
_REFERENCES = re.compile(rf"{_NUMBER}(?:[⁻\u2009]*{_NUMBER})*")
_ONE = re.compile(rf"(⁻?)\u2009?{_NUMBER}")
_LINK = re.compile(r"\[\[([^\[\]|\\#]+)[^\[\]]*\]\]")
_WEB = re.compile(r"\]\((https?://[^\s()]+)\)|<(https?://[^\s<>]+)>")
_SOURCE = re.compile(r"(?<!\d)(\d{1,6})\. \[\[([^\[\]|\\]+)\\?\|")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_JOINTS = " .,;:|。，、；：—"  # what joins a stretch to the one before
_LISTED = -1  # the level of a line of the source list, whose number is its reference
_BLOCK_HTML = re.compile(r"<(?:svg|figure|div|!--)\b")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a post's text up to the references that close it.

    ``targets`` are the wikilink targets of its notes: those of its references and of the links in it, and where it has no
    reference (``borrowed``) those of its section. ``links`` are the web addresses in it.
    """

    text: str
    targets: tuple[str, ...]
    links: tuple[str, ...] = ()
    heading: bool = False
    borrowed: bool = False


def reread(markdown: str) -> tuple[Stretch, ...]:
    """The stretches of a post in its order; ``markdown`` is the file or its body."""
    body = _FENCED.sub("", markdown, count=1)
    by_number = {int(number): target for number, target in _SOURCE.findall(body)}
    read = [(level, one) for level, line in _lines(body) for one in _stretches(line, level, by_number)]
    return tuple(one for one in _borrowing(read) if one.text)


def _lines(body: str) -> Iterator[tuple[int, str]]:
    """The lines that hold text, each with its level where it is a heading; tables' rules and HTML blocks are none."""
    in_html = False
    for line in body.split("\n"):
        in_html = bool(line.strip()) and (in_html or _BLOCK_HTML.match(line) is not None)
        if in_html or not line.strip() or _RULE.fullmatch(line.strip()):
            continue
        if _SOURCE.match(line):
            yield _LISTED, _MARKER.sub("", line, count=1)
            continue
        heading = _HEADING.match(line)
        yield (len(heading[1]), heading[2]) if heading else (0, _MARKER.sub("", line.strip(), count=1))


def _stretches(line: str, level: int, by_number: dict[int, str]) -> Iterator[Stretch]:
    position = 0
    for references in _REFERENCES.finditer(line):
        yield _stretch(line[position : references.start()], _targets(references.group(), by_number), level)
        position = references.end()
    if line[position:].strip(_JOINTS):
        yield _stretch(line[position:], (), level)


def _stretch(markdown: str, targets: Sequence[str], level: int) -> Stretch:
    cells = markdown.strip().strip("|").replace("\\|", "|") if markdown.lstrip().startswith("|") else markdown
    named = tuple(dict.fromkeys((*targets, *_LINK.findall(markdown))))
    addresses = tuple(dict.fromkeys("".join(found) for found in _WEB.findall(markdown)))
    text = " ".join(plain(cells).split()).lstrip(_JOINTS)
    return Stretch(text, named, addresses, heading=level > 0, borrowed=not targets and level != _LISTED)


def _targets(references: str, by_number: dict[int, str]) -> tuple[str, ...]:
    """The targets of a run of references; of one written as first–last also those between."""
    found: list[str] = []
    last = 0
    for through, target, written in _ONE.findall(references):
        number = int(written.translate(_DIGITS))
        if through:
            found += [by_number[between] for between in range(last + 1, number) if between in by_number]
        found.append(target)
        last = number
    return tuple(found)


def _borrowing(read: Sequence[tuple[int, Stretch]]) -> Iterator[Stretch]:
    """What has no reference rests on the notes of its section too: the text below the same heading."""
    start = 0
    around: tuple[str, ...] | None = None
    for place, (level, stretch) in enumerate(read):
        if level > 0:
            start, around = place, None
        if not stretch.borrowed:
            yield stretch
            continue
        if around is None:
            around = _targets_of_section(read, start)
        targets = tuple(dict.fromkeys((*stretch.targets, *around))) if stretch.targets else around
        yield replace(stretch, targets=targets)


def _targets_of_section(read: Sequence[tuple[int, Stretch]], start: int) -> tuple[str, ...]:
    """What all text from the heading at ``start`` up to the next of its level or above rests on, each once."""
    depth = max(1, read[start][0])
    section = takewhile(lambda one: not 0 < one[0] <= depth, islice(read, start + 1, None))
    return tuple(
        dict.fromkeys(target for _, other in chain(read[start : start + 1], section) for target in other.targets)
    )
