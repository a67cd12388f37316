"""Vectors out of an index of an earlier version, which kept them in the same file."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Protocol

from index.storage.schema import APPLICATION_ID
from index.storage.sqlite_errors import SQLITE_ERRORS

__all__ = ["carry_vectors"]

_EARLIER = range(100, 200)
_AT_ONCE = 1000
_NORM_SLACK = 1e-3


class _Keeper(Protocol):
    def keep_rows(self, rows: list[tuple[str, str, bytes]]) -> None: ...


def carry_vectors(path: Path, keeper: _Keeper) -> int:
    """Keep the vectors of the file at ``path`` when it is an earlier index; how many there were. Never raises for the file.

    Those files had no checksums: a vector must be finite and of length 1, and the tree of the file in order.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            return _carry(connection, keeper)
        finally:
            connection.close()
    except SQLITE_ERRORS:
        return 0


def _carry(connection: sqlite3.Connection, keeper: _Keeper) -> int:
    told = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    if told[0] != APPLICATION_ID or told[1] not in _EARLIER:
        return 0
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        return 0
    rows = connection.execute("SELECT model, text_hash, vector FROM vectors")
    carried = 0
    while some := rows.fetchmany(_AT_ONCE):
        sound = [row for row in some if _is_unit(row[2])]
        keeper.keep_rows(sound)
        carried += len(sound)
    return carried


def _is_unit(raw: object) -> bool:
    import numpy as np

    if not isinstance(raw, bytes) or not raw or len(raw) % 4:
        return False
    with np.errstate(all="ignore"):
        norm = float(np.linalg.norm(np.frombuffer(raw, dtype="<f4").astype(np.float64)))
    return abs(norm - 1) < _NORM_SLACK
