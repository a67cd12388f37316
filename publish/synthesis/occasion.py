"""For what a synthesis is written: the running week, a month, or a subject that somebody asked for. It names file and note."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from notes.model import Tally, TallyKind
from notes.text import slug
from notes.text.fold import fold
from publish.wording.words import Words

__all__ = ["Occasion", "OccasionKind"]

_SLUG_BYTES = 60
_MARK = 6  # hexadecimal digits


class OccasionKind(StrEnum):
    """What a synthesis is for."""

    WEEK = "week"
    MONTH = "month"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Occasion:
    """The week or month that holds ``day``; or a ``subject`` (a topic's name, a query) asked for on ``day``.

    ``lang`` is given where one in another language than the usual is asked for.
    """

    kind: OccasionKind
    day: date
    subject: str = ""
    lang: str = ""

    @property
    def title(self) -> str:
        """What the id of its note is made of; the same for the same occasion."""
        year, week, _ = self.day.isocalendar()
        match self.kind:
            case OccasionKind.WEEK:
                return f"research trends {year} w{week:02d}"
            case OccasionKind.MONTH:
                return f"research trends {self.day:%Y %m}"
            case OccasionKind.ASKED:
                return f"trends {self.lang} {self._slug}" if self.lang else f"trends {self._slug}"

    @property
    def path(self) -> str:
        """Where its file goes in the vault."""
        year, week, _ = self.day.isocalendar()
        match self.kind:
            case OccasionKind.WEEK:
                return f"trends/{year}-W{week:02d}.md"
            case OccasionKind.MONTH:
                return f"trends/{self.day:%Y-%m}.md"
            case OccasionKind.ASKED:
                tongue = f"-{self.lang.lower()}" if self.lang else ""
                return f"trends/{self.day:%Y-%m-%d}-{self._slug}{tongue}.md"

    @property
    def _slug(self) -> str:
        """The subject as part of a name; with a mark of its own where that name says less: C++ and C# are two."""
        whole = " ".join(fold(self.subject).split())
        shown = slug.slugify(whole, _SLUG_BYTES)
        if shown == re.sub(r"[ -]", "-", whole):
            return shown
        mark = sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]
        return f"{slug.slugify(whole, _SLUG_BYTES - _MARK - 1)}-{mark}"

    def note_id(self, begun: date, number: int) -> str:
        """The id of its note, which was begun on a day as the ``number``-th of that."""
        return slug.note_id(begun, number, self.title)

    def is_of(self, note_id: str, begun: date, number: int) -> bool:
        """Whether a note is this occasion's; one that was asked for is asked for anew each day."""
        same_day = self.kind is not OccasionKind.ASKED or begun == self.day
        return same_day and note_id == self.note_id(begun, number)

    def dated(self, words: Words, note_ids: tuple[str, ...]) -> Tally | None:
        """The week or the month in words, to be counted again; None where a subject stands for itself."""
        match self.kind:
            case OccasionKind.WEEK:
                return Tally(words.week(self.day), TallyKind.WEEK, note_ids, end=self.day)
            case OccasionKind.MONTH:
                return Tally(words.month(self.day), TallyKind.MONTH, note_ids, end=self.day)
            case OccasionKind.ASKED:
                return None
