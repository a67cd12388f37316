"""What the notes of one work say of it, read when it is first asked for.

To read the sentences of a note takes some ten milliseconds, and of a day's notes most are only counted or named by their title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from notes.model import VaultNote
from publish.sources.evidence import source_text
from publish.sources.extract import Quote, StoryFigure, figures_of, is_review, quotes_of
from publish.sources.gist import Gist, gist_of

__all__ = ["Account"]

# Without one of these no sentence can say that the work surveys others, and none is read for it.
_SURVEYS = re.compile(r"meta|review|survey|元分析|荟萃|薈萃|综述|綜述", re.IGNORECASE)


@dataclass(frozen=True)  # without slots: what was read is kept beside the fields
class Account:
    """What ``notes`` (best note first) tell a reader of ``language`` of the work called ``name``; ``told`` takes their place."""

    notes: tuple[VaultNote, ...]
    name: str
    language: str
    told: tuple[Quote, ...] | None = None

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The sentences to tell, in the order of their roles."""
        return self._read if self.told is None else self.told

    @cached_property
    def figures(self) -> tuple[StoryFigure, ...]:
        """The figures of the work, most telling first."""
        return figures_of(self.notes, self._read)

    @cached_property
    def number_of_figures(self) -> int:
        """How many there are; no sentence is read for that."""
        return len(figures_of(self.notes, ()))

    @cached_property
    def review(self) -> bool:
        """Whether the work surveys other works."""
        words = (text for note in self.notes for text in (note.title, source_text(note)))
        return any(map(_SURVEYS.search, words)) and is_review(self.notes, self._read)

    @cached_property
    def gist(self) -> Gist | None:
        """The work in a line, where its sentences give one; nothing where all has been told."""
        return None if self.told == () else gist_of(self.name, self._read)

    @cached_property
    def _read(self) -> tuple[Quote, ...]:
        return quotes_of(self.notes, self.language)
