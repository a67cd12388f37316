"""What there is to count for trends: from when on anything came in, on how many days, and what to do where that is too little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from slipway.console import counted

__all__ = ["Reach", "reach_of"]


@dataclass(frozen=True, slots=True)
class Reach:
    """What came in from ``first`` to ``last``: so many ``texts``, on so many ``days``.

    ``begins`` is the day of the oldest text of all up to ``last``, ``newest`` that of the newest, ``held`` how many there are;
    None and 0 where nothing ever came in.
    """

    first: date
    last: date
    texts: int
    days: int
    begins: date | None
    newest: date | None
    held: int

    @property
    def is_young(self) -> bool:
        """Whether nothing is older than the days that are looked at: then they hold less than they seem to."""
        return self.begins is not None and self.begins > self.first

    def told(self) -> str:
        """What is known of the days, for a young house."""
        span = (self.last - self.first).days + 1
        return f"nothing is older than {self.begins}; texts came in on {self.days} of the {span} days"

    def why_nothing(self, kind: str = "") -> str:
        """Why there is nothing to tell of, or nothing of this ``kind``, and what helps."""
        if self.newest is None:
            return "nothing came in yet: `slipway run` does the night"
        if not self.texts:
            held = f"the newest of {self.held:,} texts is" if self.held > 1 else "the only text is"
            return (
                f"nothing came in from {self.first} to {self.last}: {held} of {self.newest}; "
                f"`slipway trends --date {self.newest}` counts up to there"
            )
        begins = max(self.first, self.begins or self.first)
        known = f"{counted(self.texts, 'text')} on {counted(self.days, 'day')} from {begins} to {self.last}"
        lacking = {"topic": "no topic yet", "phrase": "no phrase rises or falls for sure"}
        return f"{lacking.get(kind, ', and '.join(lacking.values()))}: {known}"


def reach_of(known: Mapping[date, int], first: date, last: date) -> Reach:
    """What ``known``, the numbers of texts by day up to ``last``, holds of these days."""
    within = {day: count for day, count in known.items() if day >= first}
    return Reach(
        first=first,
        last=last,
        texts=sum(within.values()),
        days=len(within),
        begins=min(known, default=None),
        newest=max(known, default=None),
        held=sum(known.values()),
    )
