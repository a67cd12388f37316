"""A house of N passages for :mod:`benchmarks.latency`: real abstracts, indexed as the night indexes them.

Abstracts are those of ``SLIPWAY_DATA`` (arXiv in English, CSL in Chinese); from some 36,000 on their sentences are mixed
anew. Embedding 100,000 of them would take hours, so the vectors are handed out by :class:`StoredVectors`: the model's own where
``SLIPWAY_BENCH_CACHE`` (an index.db or features.db of an earlier house, table ``vectors``) has them, else a mixture of two
of them, normalised. What is measured, bytes read and multiplied, is the same; what is found is not judged here.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.vault_houses import papers
from index.texts.documents import Document, text_hash

__all__ = ["StoredVectors", "build", "documents", "is_current"]

CONFIG = """timezone = "UTC"
[model]
name = "bundled"
"""
STAMP = "built.txt"
_FIRST_DAY = date(2025, 3, 1)


def _flat(text: object) -> str:
    return " ".join(str(text).split())


def _chinese() -> Iterator[dict[str, Any]]:
    place = Path(os.environ["SLIPWAY_DATA"]) / "ir" / "csl-zh-title2abs" / "corpus.jsonl"
    with place.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            head, _, rest = row["text"].partition("，")
            yield {"id": row["_id"], "title": row["title"] or head, "abstract": rest or head, "lang": "zh"}


def documents(count: int) -> Iterator[Document]:
    """``count`` documents of one passage each, one in twenty of them Chinese while there are any."""
    english, chinese = papers(), _chinese()
    for number in range(count):
        work = (next(chinese, None) if number % 20 == 7 else None) or next(english)
        tags = work.get("categories") or ""
        yield Document(
            id=f"item-{number}",
            kind="item" if number % 3 else "note",
            title=_flat(work["title"]),
            sections=(("", _flat(work["abstract"])),),
            path=f"notes/{number % 500:03d}/{number}.md" if number % 3 == 0 else "",
            url=f"https://arxiv.org/abs/{work['id']}",
            created=_FIRST_DAY + timedelta(days=number % 300),
            source="arxiv",
            source_type="arxiv",
            tags=tuple(tags) if isinstance(tags, list) else tuple(str(tags).split()),
            lang=work.get("lang", "en"),
        )


class StoredVectors:
    """An embedder that hands out vectors made earlier, or mixtures of two of them, under the name of the bundled model's."""

    dim = 384

    def __init__(self, cache: Path | None, name: str = "") -> None:
        self._cache = cache
        self.name = name

    def knows(self, lang: str) -> bool:
        """English, as the bundled model."""
        return lang.partition("-")[0] == "en"

    @cached_property
    def _stored(self) -> tuple[dict[str, int], Any]:
        import numpy as np

        if self._cache is None:
            return {}, np.random.default_rng(0).normal(size=(4096, self.dim)).astype(np.float32)
        with sqlite3.connect(f"file:{self._cache}?mode=ro", uri=True) as connection:
            rows = connection.execute("SELECT text_hash, vector FROM vectors ORDER BY text_hash").fetchall()
        rows = [row for row in rows if len(row[1]) == self.dim * 4]
        matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").reshape(-1, self.dim)
        return {row[0]: at for at, row in enumerate(rows)}, matrix

    def encode_passages(self, texts: Sequence[str]) -> Any:
        """``(n, dim)`` float32, L2-normalised."""
        import numpy as np

        known, matrix = self._stored
        found = np.empty((len(texts), self.dim), dtype=np.float32)
        for at, text in enumerate(texts):
            key = text_hash(text)
            if key in known:
                found[at] = matrix[known[key]]
            else:
                one, other = random.Random(key).choices(range(len(matrix)), k=2)
                found[at] = matrix[one] + 0.7 * matrix[other]
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def encode_query(self, text: str) -> Any:
        """Never asked: a house is built with this, and searched with the model itself."""
        return self.encode_passages([text])[0]


def build(root: Path, count: int) -> None:
    """Write slipway.toml and index ``count`` documents; the query encoder is prepared with the real model."""
    from index.models.query_encoder import prepare
    from index.storage.cache import IndexCache
    from index.storage.refresh import refresh
    from notes.clock import SystemClock
    from slipway.app import App
    from slipway.config import load_config
    from slipway.console import Console

    root.mkdir(parents=True, exist_ok=True)
    (root / "slipway.toml").write_text(CONFIG, encoding="utf-8")
    config = load_config(root / "slipway.toml")
    config.cache.mkdir(parents=True, exist_ok=True)
    stored = os.environ.get("SLIPWAY_BENCH_CACHE")
    with App(config, SystemClock(config.zone), Console(quiet=True)) as app:
        # Under its own name, since the house is to be searched with the model itself.
        vectors = StoredVectors(Path(stored) if stored else None, app.embedder.name)
        with IndexCache(config.cache / "index.db") as cache:
            refresh(cache, documents(count), vectors)
        prepare(app.model_settings, config.cache / "models", app.embedder)
    (root / STAMP).write_text(_stamp(), encoding="utf-8")


def is_current(root: Path) -> bool:
    """Whether a kept house is finished and of the form that today's code reads: a search would mend an older one, to nothing."""
    try:
        return (root / STAMP).read_text(encoding="utf-8") == _stamp()
    except OSError:
        return False


def _stamp() -> str:
    from index.dense import header
    from index.models.embedder import ModelSettings, open_embedder
    from index.storage import features, schema

    name = open_embedder(ModelSettings()).name
    return f"{schema.SCHEMA_VERSION} {features._VERSION} {header.VERSION} {name}"  # noqa: SLF001
