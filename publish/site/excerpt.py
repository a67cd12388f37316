"""What of a note's body may be published: never the text that belongs to somebody else.

A note of Slipway has the source's text under ``## Abstract`` or ``## Text``, or what its house's language has for them. An
excerpt keeps the key sentences that stand before the first heading and the sections named in :data:`SECTIONS`; everything
else, the user's own additions among it, stays in the vault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from notes.markup.note_words import COLOPHON, LABEL, Part, part_of
from publish.site import syntax
from publish.site.clean import printable

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["FIGURES", "RELATED", "SECTIONS", "SOURCES", "excerpt", "first_sentence", "without_source_text"]

FIGURES, RELATED, SOURCES = Part.FIGURES, Part.RELATED, Part.SOURCES
SECTIONS = (FIGURES, RELATED, SOURCES)
_WITHHELD = frozenset((Part.ABSTRACT, Part.TEXT))
_LABEL = re.compile(rf"{LABEL.pattern}|^(?:Problem|Approach|Result|Limitation|Context)[:：]\s*")


@dataclass(frozen=True, slots=True)
class _Section:
    heading: str
    markdown: str


def excerpt(body: str) -> dict[str, str]:
    """The publishable parts of a Slipway note as Markdown: '' the key sentences, then those of :data:`SECTIONS`.

    Of two sections of one name the last counts: Slipway writes its own after the source's text.
    """
    sections = _sections(body)
    named = ((part_of(section.heading) or section.heading, section.markdown) for section in sections)
    parts = {name: markdown for name, markdown in named if name in ("", *SECTIONS)}
    return {name: parts[name] for name in ("", *SECTIONS) if parts.get(name, "").strip()}


def without_source_text(body: str) -> str:
    """``body`` without its Abstract or Text section: for a note that its owner asked to publish whole."""
    kept = (section for section in _sections(body) if _part(section.heading) not in _WITHHELD)
    return "\n\n".join(
        f"## {section.heading}\n\n{section.markdown}" if section.heading else section.markdown for section in kept
    )


def _part(heading: str) -> Part | None:
    """The section, also where the heading was retyped in small or capital letters."""
    return part_of(heading) or part_of(heading.strip().capitalize())


def first_sentence(text: str) -> str:
    """The first line of ``text`` (plain text) without the label of its role."""
    for line in text.splitlines():
        if told := _LABEL.sub("", line.strip()):
            return told
    return ""


def _sections(body: str) -> list[_Section]:
    """The body cut at its second-level headings, without the title and the colophon."""
    source = COLOPHON.sub("\n", syntax.without_comments(printable(body)))
    lines = source.split("\n")
    tokens = _markdown_it().parse(source)
    sections, start, heading = [], 0, ""
    for token, text in pairwise(tokens):
        if token.type != "heading_open" or token.level or token.tag not in ("h1", "h2") or token.map is None:
            continue
        sections.append(_Section(heading, "\n".join(lines[start : token.map[0]])))
        start, heading = token.map[1], text.content if token.tag == "h2" else ""
    return [*sections, _Section(heading, "\n".join(lines[start:]))]


@cache
def _markdown_it() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Blocks are all that is asked for.
    return MarkdownIt("js-default").disable(["inline", "text_join"])
