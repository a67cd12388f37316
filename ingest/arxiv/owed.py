"""Papers whose record in the API is behind their announcement: they are asked for again on the nights that follow.

What is owed stands behind the moment in the ``etag`` of an arXiv source::

    2026-02-20T12:00:00+00:00 2602.00001v2=replace@2026-02-20 2602.00007v1=new@2026-02-20
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notes.model import Item

__all__ = ["Owed", "owed_of", "read_owed", "written"]

# The index is behind by a day at most, as a rule; a paper that it does not have after these days it will never have.
_PATIENCE = timedelta(days=7)
_MOST = 500
_WRITTEN = re.compile(r"([\w.-]+(?:/[0-9]{7})?)v([0-9]{1,3})=([\w-]*)@([0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Owed:
    """A paper, the version of which nothing but the announcement is known, how that was announced and on which day."""

    arxiv_id: str
    version: int
    announced: str
    day: date


def read_owed(etag: str, today: date) -> tuple[Owed, ...]:
    """What the etag says to ask for again; what was owed for long is given up."""
    found = []
    for word in etag.split()[1:]:
        try:
            if match := _WRITTEN.fullmatch(word):
                found.append(Owed(match[1], int(match[2]), match[3], date.fromisoformat(match[4])))
        except ValueError:
            continue
    return tuple(one for one in found if one.day >= today - _PATIENCE)[:_MOST]


def owed_of(papers: Iterable[Item], records: Mapping[str, Item], today: date) -> tuple[Owed, ...]:
    """The announced papers that the API's records, by key, lack in the version announced."""
    return tuple(
        Owed(paper.arxiv_id, paper.arxiv_version, paper.announced, today)
        for paper in papers
        if paper.arxiv_version and (paper.key not in records or records[paper.key].arxiv_version < paper.arxiv_version)
    )


def written(moment: str, owed: Iterable[Owed]) -> str:
    """The etag that says both."""
    words = [f"{one.arxiv_id}v{one.version}={one.announced}@{one.day.isoformat()}" for one in owed]
    return " ".join([moment, *words[:_MOST]]) if moment else ""
