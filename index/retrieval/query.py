"""What is looked for, and among which documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

__all__ = ["Mode", "Query"]

Mode: TypeAlias = Literal["hybrid", "semantic", "lexical"]

_HAS_TAG = "EXISTS (SELECT 1 FROM json_each(d.tags) t WHERE lower(t.value) = ? OR substr(lower(t.value), 1, ?) = ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for. Empty filters let everything through; ``since`` and ``until`` are inclusive days.

    ``tag`` finds its nested tags as well (``arxiv`` finds ``arxiv/cs/LG``), ``lang`` its variants (``zh`` finds ``zh-Hant``).
    """

    text: str
    mode: Mode = "hybrid"
    n: int = 10
    kinds: tuple[str, ...] = ()
    tag: str = ""
    source: str = ""
    since: date | None = None
    until: date | None = None
    lang: str = ""

    def conditions(self) -> tuple[str, list[object]]:
        """The filters as SQL conditions on documents ``d``, each with a leading AND, and their values."""
        found: list[tuple[str, tuple[object, ...]]] = []
        if self.kinds:
            found.append((f"d.kind IN ({','.join('?' * len(self.kinds))})", self.kinds))
        if self.tag:
            tag = self.tag.removeprefix("#").rstrip("/").lower()
            found.append((_HAS_TAG, (tag, len(tag) + 1, f"{tag}/")))
        if self.source:
            found.append(("lower(d.source) = ?", (self.source.lower(),)))
        if self.since:
            found.append(("d.created >= ?", (self.since.isoformat(),)))
        if self.until:
            found.append(("d.created <= ?", (self.until.isoformat(),)))
        if self.lang:
            found.append(("(d.lang = ? OR d.lang LIKE ? || '-%')", (self.lang, self.lang)))
        return "".join(f" AND {condition}" for condition, _ in found), [
            value for _, values in found for value in values
        ]
