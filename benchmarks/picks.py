"""The papers of arXiv's daily lists and which of them Hugging Face's daily list picked, from the data of ``SLIPWAY_DATA``."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.kin.neighbours import embed_documents
from index.models.embedder import Embedder
from index.storage.cache import IndexCache
from index.taste.seeds import Subject
from index.texts.documents import Document

if TYPE_CHECKING:
    from index.models.embedder import Vectors

__all__ = ["NEVER", "Field", "Paper", "gather"]

WITHIN = 14  # days between announcement and pick
NEVER = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as announced, and the day on which it was picked (``NEVER`` when it was not)."""

    subject: Subject
    day: date
    picked: date

    def is_pick(self, known_on: date = NEVER) -> bool:
        """Whether it counts as picked, as known on the morning of ``known_on``."""
        return self.picked < known_on and abs((self.picked - self.day).days) <= WITHIN


@dataclass(frozen=True, slots=True)
class Field:
    """The papers in order of announcement, and the picks that were never announced here, by the day of the pick."""

    papers: tuple[Paper, ...]
    others: tuple[Paper, ...]

    def between(self, start: date, end: date) -> list[Paper]:
        return [paper for paper in self.papers if start <= paper.day < end]

    def library(self, until: date) -> list[Paper]:
        """The picks from before the announcements begin, newest last, as known on the morning of ``until``."""
        return sorted((one for one in self.others if one.picked < until), key=lambda one: one.picked)


def gather(data: Path, cache: IndexCache, embedder: Embedder) -> Field:
    """The papers and picks under ``data`` with their vectors."""
    announced = _first(_rows(data / "arxiv/daily-en"))
    picked = _first(_rows(data / "arxiv/hf-daily-papers"))
    rows = {**picked, **announced}
    documents = [_document(row) for row in rows.values()]
    vectors = embed_documents(cache, embedder, documents)
    subjects = {one.id: _subject(rows[one.id], one, vector) for one, vector in zip(documents, vectors, strict=True)}
    days = {name: date.fromisoformat(row["day"]) for name, row in picked.items()}
    papers = [
        Paper(subjects[name], date.fromisoformat(row["announced"]), days.get(name, NEVER))
        for name, row in announced.items()
    ]
    others = [Paper(subjects[name], day, day) for name, day in days.items() if name not in announced]
    return Field(tuple(sorted(papers, key=lambda one: (one.day, one.subject.document.id))), tuple(others))


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _first(rows: Iterator[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By id the earliest row: weekends repeat the day before, and a pick may be shown again."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row.get("announced") or row["day"]):
        found.setdefault(row["id"], row)
    return found


def _document(row: Mapping[str, Any]) -> Document:
    title, text = (" ".join(row[part].split()) for part in ("title", "abstract"))
    return Document(id=row["id"], kind="item", title=title, sections=(("", text),), lang="en")


def _subject(row: Mapping[str, Any], document: Document, vector: Vectors) -> Subject:
    return Subject(
        document=document,
        vector=vector,
        authors=tuple(row["authors"]),
        categories=tuple(row.get("categories") or ()),
        comment=" ".join((row["comment"] or "").split()) if isinstance(row.get("comment"), str) else "",
    )
