"""Damage to files of SQLite that chance brings once in a thousand times."""

from __future__ import annotations

import sqlite3
from pathlib import Path

__all__ = ["NO_TEXT", "tear_schema"]

NO_TEXT = b"\xd6\xc3"


def tear_schema(file: Path, table: str) -> None:
    """Two bytes that are no UTF-8 in the name of ``table``: SQLite's message quotes them."""
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    raw = file.read_bytes()
    told = f"table{table}".encode()
    assert raw.count(told) == 1, "the row of the table in sqlite_master"
    file.write_bytes(raw.replace(told, b"table" + NO_TEXT + told[len(b"table") + len(NO_TEXT) :]))
