"""The one line that lists, feeds and search engines show of a page, with nothing of a file that is not published."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from notes.markup import markdown
from notes.markup.inert import one_line
from notes.model import VaultNote
from notes.pages.topic_page import COUNTED
from notes.text.fold import fold
from publish.site.excerpt import first_sentence, without_source_text
from publish.site.html import Resolve
from publish.site.render import plain
from publish.site.syntax import without_comments

__all__ = ["among", "description", "without_hidden"]

_REFERENCE = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_LINK = re.compile(r"!?\[\[([^\[\]\n|#]+)|\]\(\s*<?(?!https?:)([^)#]+)")
_LONGEST = 220


def description(note: VaultNote) -> str:
    """What the note says of itself, else a topic's terms, else its first words; one line of plain text."""
    said, terms = note.properties.get("description"), note.properties.get("terms")
    text = said if isinstance(said, str) and said.strip() else _opening(note)
    text = " · ".join(map(str, terms)) if isinstance(terms, list) and note.path.startswith("topics/") else text
    return _one_line(text)


def without_hidden(note: VaultNote, described: str, body: str, resolve: Resolve) -> str:
    """``described``, the note's description, told anew where what it was taken from links to what is not published.

    ``body`` is what the page shows of the note.
    """
    said = note.properties.get("description")
    source = said if isinstance(said, str) and said.strip() else body
    if all(resolve(match[1] or match[2]) for match in _LINK.finditer(source)):
        return described
    return _one_line(first_sentence(plain(source if source is said else without_source_text(source), resolve=resolve)))


def among(topic: VaultNote, members: Sequence[VaultNote], resolve: Resolve) -> VaultNote:
    """A structure note as it stands for its published ``members`` alone: with their terms, without its count and neighbours."""
    # The reasons that a member gives for its hidden neighbours are not its own words.
    spoken = fold("\n".join(f"{member.title}\n{plain(member.body, resolve=resolve)}" for member in members))
    terms = topic.properties.get("terms")
    kept = [term for term in terms if fold(str(term)) in spoken] if isinstance(terms, list) else []
    return replace(topic, body=COUNTED.sub("", topic.body), properties={**topic.properties, "terms": kept})


def _one_line(text: str) -> str:
    line = _REFERENCE.sub("", one_line(text)).strip()
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _opening(note: VaultNote) -> str:
    """The first words of the note that are its own or were chosen for it, never those of the source's text."""
    # A reading view hides a comment wherever it ends; the plain text of the vault ends it with the paragraph.
    sections = markdown.sections(without_comments(note.body)) if "%%" in note.body else note.sections
    for section in sections:
        if section.heading.lower() in ("abstract", "text"):
            return ""
        if told := first_sentence(section.text):
            return told
    return ""
