"""What Slipway laid on a page in the last nights, kept as digests: by these its own lines are told from the user's."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

__all__ = ["Laid", "digest"]

# What editors and formatters change on their own, without the user adding a word.
_FORM: Final = re.compile(r"[\s\\*_<>]+")


@dataclass(frozen=True, slots=True)
class Laid:
    """Lines that were laid: how often each stood on one page, by digest, and the block ids among them."""

    lines: Mapping[str, int]
    ids: frozenset[str]

    @classmethod
    def of(cls, records: Iterable[str]) -> Self | None:
        """From the records of several nights, each by :meth:`notes.pages.ticks.TickedPage.record`; None when there are none."""
        records = tuple(records)
        if not records:
            return None
        lines: Counter[str] = Counter()
        ids: set[str] = set()
        for record in records:
            told = [token.rpartition("=") for token in record.split()]
            lines |= Counter(mark for _, _, mark in told)
            ids |= {name for name, _, _ in told if name}
        return cls(lines, frozenset(ids))


def digest(text: str) -> str:
    """A line's words in a few letters, whatever blanks, escapes and emphasis an editor has made of them."""
    words = _FORM.sub("", unicodedata.normalize("NFC", text))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:12]
