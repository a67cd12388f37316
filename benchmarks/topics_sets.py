"""Texts whose classes are known: arXiv's daily papers by primary category, CSL's abstracts by discipline."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from index.kin.neighbours import embed_documents
from index.models.embedder import Embedder
from index.storage.cache import IndexCache
from index.texts.documents import Document

__all__ = ["DAY", "Corpus", "read"]

DAY = date(2025, 11, 1)

_FIRST_MONTH = {5000: "2025-09", 10000: "2025-08"}


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts with their class, their day and their vectors ``(n, dim)``."""

    name: str
    documents: tuple[Document, ...]
    classes: Mapping[str, str]
    days: Mapping[str, date]
    vectors: Any

    def first(self, count: int) -> Corpus:
        """The first texts by day."""
        return Corpus(self.name, self.documents[:count], self.classes, self.days, self.vectors[:count])


def read(data: Path, name: str, cache: IndexCache, embedder: Embedder) -> Corpus:
    """A corpus by its name: ``arxiv-N``, the first N papers of the last months, or ``csl``."""
    rows = list(_csl(data) if name == "csl" else _arxiv(data, int(name.partition("-")[2])))
    documents = tuple(document for document, _, _ in rows)
    days = {document.id: day for document, _, day in rows}
    vectors = embed_documents(cache, embedder, documents)
    return Corpus(name, documents, {document.id: label for document, label, _ in rows}, days, vectors)


def _arxiv(data: Path, count: int) -> Iterator[tuple[Document, str, date]]:
    since = _FIRST_MONTH.get(count, "2025-10")
    rows = []
    for path in sorted((data / "arxiv" / "daily-en").glob("2025-*.jsonl.gz")):
        if path.name[:7] >= since:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                rows += [json.loads(line) for line in lines]
    rows.sort(key=lambda row: (row["announced"], row["id"]))
    for row in rows[:count]:
        title, text = (" ".join(str(row[part]).split()) for part in ("title", "abstract"))
        document = Document(id=row["id"], kind="note", title=title, sections=(("", text),), lang="en")
        yield document, row["categories"][0], date.fromisoformat(row["announced"])


def _csl(data: Path) -> Iterator[tuple[Document, str, date]]:
    with (data / "ir" / "csl-zh-title2abs" / "corpus.jsonl").open(encoding="utf-8") as lines:
        for at, row in enumerate(map(json.loads, lines)):
            sections = (("", row["text"]),)
            document = Document(id=row["_id"], kind="note", title=row["title_gold"], sections=sections, lang="zh-Hans")
            yield document, row["discipline"], DAY - timedelta(days=60 - at // 40)
