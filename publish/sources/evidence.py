"""What a note gives a writer to rest on: the words of its source, and nothing that Slipway put round them.

The file of a note also holds what Slipway made of the text (key figures, links, footer, quality). A number or a sentence
found only there proves nothing, so the evidence is the title and the text sections alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from notes.markup.markdown import plain
from notes.markup.note_words import ALSO_IN, Part, part_of
from notes.model import SourceType, VaultNote
from publish.sources.readable import readable

__all__ = ["addresses", "carriers", "contains", "normalise", "source_text", "witness"]

_TEXTS = frozenset({Part.ABSTRACT, Part.TEXT})
_CLOSING = frozenset({Part.FIGURES, Part.RELATED, Part.SOURCES})
_OURS = frozenset({SourceType.RSS.value, SourceType.ARXIV.value, SourceType.WEB.value, SourceType.FILE.value})
_SPACE = re.compile(r"\s+")
_HEADING = re.compile(r"^## (.+?)\s*$", re.MULTILINE)
_ADDRESS = re.compile(r"https?://[^\s()<>\[\]]+")


def source_text(note: VaultNote) -> str:
    """The words of the source, readable: the Abstract or Text of a note of Slipway, the whole body of any other."""
    return _readable(_source(note))


# Writers and checker ask for the words of one note some fifty times while a post is written.
_readable = lru_cache(maxsize=1024)(readable)


def _source(note: VaultNote) -> str:
    if note.source_type not in _OURS or not _has_text_section(note):
        return _body(note)
    parts: list[str] = []
    inside = False
    for section in note.sections:
        if section.level == 2 and part_of(section.heading) in _CLOSING:
            inside = False
        elif section.level <= 2 and part_of(section.heading) in _TEXTS:
            inside = True
        if inside and section.text:
            parts.append(section.text)
    return "\n\n".join(parts)


def witness(note: VaultNote) -> tuple[str, ...]:
    """The texts in which a claim's numbers and names may stand: title, source text, the source's name, its addresses."""
    return readable(note.title), source_text(note), *carriers([note]), *addresses(note)


def addresses(note: VaultNote) -> tuple[str, ...]:
    """The web addresses of a note: its own, and those in its Sources section."""
    listed = _ADDRESS.findall(note.body, start) if (start := _sources_start(note.body)) else []
    return tuple(dict.fromkeys(address for address in (note.url, *listed) if address))


def carriers(notes: Iterable[VaultNote]) -> tuple[str, ...]:
    """The names of the sources that carried the notes, each once: their own, and those that their Sources section adds."""
    named = (name for note in notes for name in (note.source, *_also_in(note)))
    return tuple(dict.fromkeys(name for name in named if name))


def _also_in(note: VaultNote) -> tuple[str, ...]:
    """The other feeds that carried the very item of a note of Slipway."""
    start = _sources_start(note.body) if note.source_type in _OURS else 0
    found = ALSO_IN.finditer(note.body, start) if start else ()
    return tuple(plain(line["en"] or line["zh"]).strip() for line in found)


def _sources_start(body: str) -> int:
    """Where the section of the sources begins behind its heading; 0 where there is none."""
    named = (found for found in _HEADING.finditer(body) if part_of(found[1]) is Part.SOURCES)
    return next((found.end() for found in named), 0)


@lru_cache(maxsize=2048)
def normalise(text: str) -> str:
    """NFC with every run of white space as one space: the form in which sentences are compared word for word."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def contains(note: VaultNote, quote: str) -> bool:
    """Whether the quote stands word for word in the note's title or source text."""
    wanted = normalise(quote)
    return any(wanted in normalise(text) for text in (readable(note.title), source_text(note)))


def _has_text_section(note: VaultNote) -> bool:
    return any(part_of(section.heading) in _TEXTS for section in note.sections)


def _body(note: VaultNote) -> str:
    kept = (part.text for part in note.sections if part.text and part_of(part.heading) not in _CLOSING)
    return "\n\n".join(kept)
