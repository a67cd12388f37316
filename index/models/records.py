"""Small JSON records beside a cache: put there in one step, believed only where they are whole."""

from __future__ import annotations

import json
import os
from pathlib import Path
from threading import get_ident

__all__ = ["read_record", "write_record"]


def read_record(path: Path, version: int) -> dict[str, object] | None:
    """The record in ``path``; None when it is missing, torn, no record or of another version."""
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and record.get("version") == version else None


def write_record(path: Path, version: int, record: dict[str, object]) -> None:
    """Put ``record`` into ``path`` in one step; OSError when that cannot be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}")
    try:
        with new.open("w", encoding="utf-8") as file:
            json.dump({**record, "version": version}, file, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
