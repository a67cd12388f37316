"""The vectors of the benchmark of a million passages: real ones with mixtures of neighbours, or directions in clusters."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["DIM", "PORTION", "QUERIES", "normalised", "source"]

DIM = 384

QUERIES = 500

PORTION = 20_000


def source(count: int) -> tuple[Iterator[Any], Any, str]:
    """Blocks of ``count`` vectors, queries that are none of them, and what they are."""
    cache = os.environ.get("SLIPWAY_BENCH_CACHE")
    if cache:
        real = _real(Path(cache))
        what = f"{len(real):,} real ones, the rest mixtures of two real neighbours and noise"
        return _mixtures(real[QUERIES:], count), real[:QUERIES], what
    return _clustered(count, 1), next(_clustered(QUERIES, 2)), "directions in 2,000 clusters (no SLIPWAY_BENCH_CACHE)"


def _real(cache: Path) -> Any:
    import numpy as np

    connection = sqlite3.connect(f"file:{cache}?mode=ro", uri=True)
    (model,) = connection.execute("SELECT model FROM vectors GROUP BY 1 ORDER BY count(*) DESC LIMIT 1").fetchone()
    blobs = connection.execute("SELECT vector FROM vectors WHERE model = ? ORDER BY text_hash", (model,))
    real = np.frombuffer(b"".join(blob for (blob,) in blobs), "<f4").reshape(-1, DIM)
    return real[np.random.default_rng(5).permutation(len(real))]


def _mixtures(real: Any, count: int) -> Iterator[Any]:
    import faiss
    import numpy as np

    index = faiss.IndexFlatIP(DIM)
    index.add(real)
    near = index.search(real, 16)[1][:, 1:]
    rng = np.random.default_rng(6)
    yield real[:count]
    for first in range(len(real), count, PORTION):
        size = min(PORTION, count - first)
        one = rng.integers(0, len(real), size)
        other = near[one, rng.integers(0, near.shape[1], size)]
        weight = rng.uniform(0.3, 0.7, (size, 1)).astype(np.float32)
        mixed = normalised(weight * real[one] + (1 - weight) * real[other])
        yield normalised(mixed + rng.standard_normal(mixed.shape, dtype=np.float32) * np.float32(0.3 / DIM**0.5))


def _clustered(count: int, seed: int) -> Iterator[Any]:
    import numpy as np

    centres = normalised(np.random.default_rng(0).standard_normal((2000, DIM), dtype=np.float32))
    rng = np.random.default_rng(seed)
    for first in range(0, count, PORTION):
        size = min(PORTION, count - first)
        noise = normalised(rng.standard_normal((size, DIM), dtype=np.float32))
        yield normalised(centres[rng.integers(0, len(centres), size)] + np.float32(0.7) * noise)


def normalised(matrix: Any) -> Any:
    import numpy as np

    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
