"""A search cache of nothing but passages and vectors, and what the dense half of it must answer."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np

MODEL = "field/a model@1"

_SCHEMA = """
CREATE TABLE passages (id INTEGER PRIMARY KEY AUTOINCREMENT, vector_hash TEXT NOT NULL);
CREATE INDEX passages_by_vector ON passages (vector_hash);
CREATE TABLE vectors (model TEXT, text_hash TEXT, vector BLOB, PRIMARY KEY (model, text_hash)) WITHOUT ROWID;
"""


class DenseVault:
    """Passages by id and what their vectors are, as tables and as a dictionary."""

    def __init__(self, place: Path | str = ":memory:", *, dim: int = 8) -> None:
        self.connection = sqlite3.connect(place, isolation_level=None)
        self.connection.executescript(_SCHEMA)
        self.dim = dim
        self.truth: dict[int, np.ndarray] = {}

    def add(self, vector: np.ndarray, text: str, *, model: str = MODEL) -> int:
        """A new passage of the text; its vector is kept unless one is there already."""
        blob = np.asarray(vector, "<f4").tobytes()
        self.connection.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", (model, text, blob))
        (kept,) = self.connection.execute(
            "SELECT vector FROM vectors WHERE model = ? AND text_hash = ?", (model, text)
        ).fetchone()
        key = self.connection.execute("INSERT INTO passages (vector_hash) VALUES (?)", (text,)).lastrowid
        self.truth[key] = np.frombuffer(kept, "<f4")
        return key

    def add_many(self, matrix: np.ndarray, prefix: str, *, model: str = MODEL) -> list[int]:
        first = self.connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence").fetchone()[0] + 1
        rows = [(model, f"{prefix}{at}", row.astype("<f4").tobytes()) for at, row in enumerate(matrix)]
        self.connection.execute("BEGIN")
        self.connection.executemany("INSERT INTO vectors VALUES (?, ?, ?)", rows)
        self.connection.executemany("INSERT INTO passages (vector_hash) VALUES (?)", [(row[1],) for row in rows])
        self.connection.execute("COMMIT")
        ids = list(range(first, first + len(rows)))
        self.truth.update(zip(ids, matrix.astype(np.float32), strict=True))
        return ids

    def remove(self, key: int) -> None:
        self.connection.execute("DELETE FROM passages WHERE id = ?", (key,))
        del self.truth[key]

    def nearest(self, query: np.ndarray, k: int, among: np.ndarray | None = None) -> tuple[list[int], list[float]]:
        """By brute force, in float64, ties by id."""
        allowed = np.array(
            sorted(set(self.truth) if among is None else set(self.truth) & set(among.tolist())), np.int64
        )
        rows = np.array([self.truth[key] for key in allowed.tolist()]).reshape(
            len(allowed), -1 if len(allowed) else len(query)
        )
        scores = np.array([np.add.reduce(row * query.astype(np.float64)) for row in rows], np.float32)
        order = np.lexsort((allowed, -scores))[:k]
        return allowed[order].tolist(), scores[order].tolist()


def unit(rng: np.random.Generator, count: int, dim: int) -> np.ndarray:
    """``count`` random directions."""
    matrix = rng.standard_normal((count, dim))
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


def clustered(rng: np.random.Generator, count: int, dim: int, clusters: int = 20) -> np.ndarray:
    """Directions in clusters, as texts have them."""
    centres = unit(rng, clusters, dim)
    matrix = centres[rng.integers(0, clusters, count)] + 0.5 * unit(rng, count, dim)
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)
