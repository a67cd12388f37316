"""What the index holds: one document for each note, post and item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal

__all__ = ["Document", "Kind", "Section", "text_hash"]

Kind = Literal["note", "post", "item"]
Section = tuple[str, str]
"""A heading (empty before the first) and the plain text below it."""

_BETWEEN_SECTIONS = "\n\n"


def text_hash(text: str) -> str:
    """The key under which a text's vector is kept: sha256 of its UTF-8, in hexadecimal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A note, post or item as the index sees it; every text is plain text.

    ``id`` is unique over all kinds, ``created`` a day in the user's time zone, ``lang`` a BCP 47 tag or ``und``. ``about`` is
    what it is found by besides its text: aliases, authors, tags, arXiv id, DOI, source. ``written`` is what its author wrote,
    in Markdown, where every word of that shall be found, also those that the plain text leaves out.
    """

    id: str
    kind: Kind
    title: str
    sections: tuple[Section, ...]
    path: str = ""
    url: str = ""
    created: date | None = None
    source: str = ""
    source_type: str = ""
    tags: tuple[str, ...] = ()
    lang: str = "und"
    topic: str = ""
    about: tuple[str, ...] = ()
    written: str = ""

    @property
    def text(self) -> str:
        """The texts of the sections, blank lines between them, without title and headings."""
        return _BETWEEN_SECTIONS.join(text for _, text in self.sections)

    @property
    def whole(self) -> str:
        """Title and text, without blanks around it: what is embedded as the whole document."""
        return f"{self.title}\n{self.text.strip()}"

    @property
    def text_hash(self) -> str:
        """The sha256 of title and text; it changes only when the words do."""
        return text_hash(self.whole)

    def section_starts(self) -> tuple[int, ...]:
        """Where each section begins in :attr:`text`, in characters."""
        starts, position = [], 0
        for _, text in self.sections:
            starts.append(position)
            position += len(text) + len(_BETWEEN_SECTIONS)
        return tuple(starts)
