"""What is looked for, and among which documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from index.texts.documents import Document

__all__ = ["Mode", "Query"]

Mode: TypeAlias = Literal["hybrid", "semantic", "lexical"]

_Condition: TypeAlias = tuple[str, Sequence[object]]
# As it is spelt, too: lower() of SQLite knows ASCII only.
_HAS_TAG = (
    "EXISTS (SELECT 1 FROM json_each(d.tags) t WHERE t.value = ? OR lower(t.value) = ? OR substr(t.value, 1, ?) = ?"
    " OR substr(lower(t.value), 1, ?) = ?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for. Empty filters let everything through; ``since`` and ``until`` are inclusive days.

    ``tag`` finds its nested tags as well (``arxiv`` finds ``arxiv/cs/LG``), ``lang`` its variants (``zh`` finds ``zh-Hant``).
    A document must have every one of ``tags``, and be of any of ``kinds``, of ``sources``, of ``langs``; ``topic`` is
    an id. ``like`` asks for documents like this one, and ``text`` then goes unread; a document of its id is left out.
    With ``prefix`` the last word may go on (``reinf`` finds ``reinforcement``), as somebody is still typing. With ``spelling``
    the reply names words like those of the query that stand nowhere, which takes some milliseconds for each.
    """

    text: str = ""
    mode: Mode = "hybrid"
    n: int = 10
    kinds: tuple[str, ...] = ()
    tag: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    lang: str = ""
    langs: tuple[str, ...] = ()
    topic: str = ""
    like: Document | None = None
    prefix: bool = False
    spelling: bool = False
    explain: bool = False

    @property
    def asked(self) -> str:
        """What a reply calls the query: its text, or the title of the document to be like."""
        return self.like.title if self.like else self.text

    def conditions(self) -> tuple[str, list[object]]:
        """The filters as SQL conditions on documents ``d``, each with a leading AND, and their values."""
        found = list(self._conditions())
        return "".join(f" AND {condition}" for condition, _ in found), [
            value for _, values in found for value in values
        ]

    def _conditions(self) -> Iterator[_Condition]:
        if self.kinds:
            yield _any_of("d.kind", self.kinds)
        for tag in filter(None, (self.tag, *self.tags)):
            bare = tag.removeprefix("#").rstrip("/")
            low = bare.lower()
            yield _HAS_TAG, (bare, low, len(bare) + 1, f"{bare}/", len(low) + 1, f"{low}/")
        if sources := [source for source in (self.source, *self.sources) if source]:
            marks = ",".join("?" * len(sources))
            lowered = [source.lower() for source in sources]
            yield f"(d.source IN ({marks}) OR lower(d.source) IN ({marks}))", [*sources, *lowered]
        if self.since:
            yield "d.created >= ?", (self.since.isoformat(),)
        if self.until:
            yield "d.created <= ?", (self.until.isoformat(),)
        if langs := [lang for lang in (self.lang, *self.langs) if lang]:
            variants = " OR ".join(["d.lang = ? OR substr(d.lang, 1, ?) = ?"] * len(langs))
            yield f"({variants})", [value for lang in langs for value in (lang, len(lang) + 1, f"{lang}-")]
        if self.topic:
            yield "d.topic = ?", (self.topic,)
        if self.like:
            yield "d.id <> ?", (self.like.id,)


def _any_of(column: str, values: Sequence[str]) -> _Condition:
    return f"{column} IN ({','.join('?' * len(values))})", values
