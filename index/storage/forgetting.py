"""Which vectors need not be kept any longer."""

from __future__ import annotations

from collections.abc import Iterable

from index.storage.cache import IndexCache
from index.storage.embedding import lacking

__all__ = ["IDLE_REFRESHES", "forget_models", "forget_vectors"]

IDLE_REFRESHES = 60
"""After so many complete refreshes with another model, some two months of nights, a model's vectors are dropped."""


def forget_vectors(cache: IndexCache, keep: Iterable[str]) -> None:
    """A vector lives as long as something has its text, or ``keep`` names its hash; other models' wait for their return."""
    connection = cache.connection
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS kept (text_hash TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.execute("BEGIN")
    connection.execute("DELETE FROM kept")
    connection.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((key,) for key in keep))
    connection.execute("INSERT OR IGNORE INTO kept SELECT text_hash FROM documents")
    connection.execute("INSERT OR IGNORE INTO kept SELECT vector_hash FROM passages")
    connection.execute("COMMIT")
    orphans = connection.execute(
        "SELECT v.model, v.text_hash FROM vectors v WHERE NOT EXISTS (SELECT 1 FROM kept k WHERE k.text_hash = v.text_hash)"
    ).fetchall()
    if orphans:
        with cache.transaction():
            connection.executemany("DELETE FROM vectors WHERE model = ? AND text_hash = ?", orphans)
    connection.execute("DELETE FROM kept")


def forget_models(cache: IndexCache, asked: str) -> tuple[str, ...]:
    """Count a complete refresh with the model ``asked``; drop the vectors of those idle for too long, with a word on each."""
    others = [model for model in cache.models() if model != asked]
    if not others or lacking(cache, asked):
        return ()
    with cache.transaction() as connection:
        connection.execute("DELETE FROM models WHERE name = ?", (asked,))
        for model in others:
            connection.execute(
                "INSERT INTO models VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET idle = idle + 1", (model,)
            )
        rows = connection.execute("SELECT name FROM models WHERE idle > ? ORDER BY name", (IDLE_REFRESHES,))
        dropped = [row[0] for row in rows]
        for model in dropped:
            connection.execute("DELETE FROM vectors WHERE model = ?", (model,))
            connection.execute("DELETE FROM models WHERE name = ?", (model,))
    return tuple(
        f"the vectors of {model} were dropped: nobody asked for them in {IDLE_REFRESHES} refreshes" for model in dropped
    )
