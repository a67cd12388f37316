"""The index made, and brought up to date by a night: seconds, bytes, memory. ``python -m benchmarks refreshing [DOCUMENTS]``.

Texts are real abstracts in two languages, said again with their sentences in another order where they do not suffice. The
model is a fake that gives vectors at once: what is measured is the house-keeping and not the embedding.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from index.storage.cache import IndexCache
from index.storage.refresh import refresh
from index.texts.documents import Document

if TYPE_CHECKING:
    from index.models.embedder import Vectors

DIM = 384
NEW, CHANGED = 200, 20
FIRST = date(2024, 1, 1)
OPEN = (
    "import sys, time; from pathlib import Path; from index.storage.reading import SearchIndex\n"
    "began = time.perf_counter(); index = SearchIndex.open(Path(sys.argv[1])); opened = time.perf_counter()\n"
    "assert 'numpy' not in sys.modules\n"
    "index.connection.execute(\"SELECT rowid FROM words WHERE words MATCH 'diffusion' LIMIT 10\").fetchall()\n"
    "print((opened - began) * 1000, (time.perf_counter() - opened) * 1000)"
)


class Instant:
    """Vectors that depend on the text alone and cost nothing."""

    name = "instant-384"
    dim = DIM

    def __init__(self) -> None:
        import numpy as np

        self._table = np.random.default_rng(3).normal(size=(4096, DIM)).astype(np.float32)

    def knows(self, lang: str) -> bool:
        return True

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        keys = np.array([zlib.crc32(text.encode()) for text in texts])
        vectors = self._table[keys % 4096] + self._table[(keys >> 12) % 4096] + self._table[keys >> 20]
        normalised: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return normalised

    def encode_query(self, text: str) -> Vectors:
        vector: Vectors = self.encode_passages([text])[0]
        return vector


def abstracts() -> list[tuple[str, str, str]]:
    root = Path(os.environ["SLIPWAY_DATA"])
    found = []
    for path in sorted((root / "arxiv/daily-en").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            told = (json.loads(line) for line in lines)
            found += [(one["title"], one.get("summary") or one.get("abstract") or "", "en") for one in told]
    with (root / "ir/csl-zh-title2abs/corpus.jsonl").open(encoding="utf-8") as lines:
        found += [(one.get("title", ""), one["text"], "zh-Hans") for one in map(json.loads, lines)]
    return found


def documents(texts: Sequence[tuple[str, str, str]], first: int, last: int, more: str = "") -> Iterator[Document]:
    for number in range(first, last):
        title, text, lang = texts[number % len(texts)]
        if number >= len(texts):
            sentences = text.split(". ")
            random.Random(number).shuffle(sentences)
            text = ". ".join(sentences)
        yield Document(
            id=f"2025{number:08d}-note",
            kind="note",
            title=title,
            sections=(("", text + more),),
            created=FIRST + timedelta(days=number // 200),
            lang=lang,
            source="arXiv",
            about=(f"Author {number % 5000}", f"2501.{number % 100_000:05d}"),
        )


def next_day(texts: Sequence[tuple[str, str, str]], many: int) -> Iterator[Document]:
    yield from documents(texts, 0, CHANGED, " Revised.")
    yield from documents(texts, CHANGED, many + NEW)


def timed(label: str, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    told = work()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{label:<34} {time.perf_counter() - began:8.2f} s   peak {memory:6.0f} MB   {told}", flush=True)


def main(count: str = "100000") -> None:
    texts, many = abstracts(), int(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with IndexCache(folder / "index.db") as cache:
            timed(f"made of {many:,} documents", lambda: refresh(cache, documents(texts, 0, many), Instant()))
        with IndexCache(folder / "index.db") as cache:
            timed("nothing new", lambda: refresh(cache, documents(texts, 0, many), Instant()))
            timed(f"{NEW} new, {CHANGED} changed", lambda: refresh(cache, next_day(texts, many), Instant()))
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.stat().st_size > 1_000_000:
                print(f"  {path.relative_to(folder).as_posix():<44} {path.stat().st_size / 2**20:8.1f} MiB")
        command = [sys.executable, "-c", OPEN, name]
        runs = [tuple(map(float, subprocess.check_output(command, text=True).split())) for _ in range(9)]
        opened, asked = (median(one[place] for one in runs) for place in (0, 1))
        print(f"open in a fresh process {opened:.2f} ms, first query {asked:.2f} ms")
        with (folder / "index.db").open("r+b") as file:
            file.seek(12_345)
            byte = file.read(1)[0]
            file.seek(12_345)
            file.write(bytes([byte ^ 1]))
        with IndexCache(folder / "index.db") as cache:
            timed("a flipped bit: made anew", lambda: refresh(cache, documents(texts, 0, many), Instant()).warnings)
