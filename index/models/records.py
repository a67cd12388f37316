"""Small JSON records beside a cache: put there in one step, believed only where they are whole.

A record says how vectors are made; a digit that changed on the disk would make others, and nothing would tell. So each has
a checksum in it. It holds against accidents: who may write here may write a whole record as well.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from threading import get_ident
from zlib import crc32

__all__ = ["read_record", "write_record"]

_CHECK = "check"


def read_record(path: Path, version: int) -> dict[str, object] | None:
    """The record in ``path``; None when it is missing, torn, altered, no record or of another version."""
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or record.get("version") != version:
        return None
    # One from before there were checksums stands: who wrote it left nothing out.
    check = record.pop(_CHECK, None)
    return record if check is None or check == _checksum(record) else None


def write_record(path: Path, version: int, record: dict[str, object]) -> None:
    """Put ``record`` into ``path`` in one step; OSError when that cannot be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}")
    try:
        with new.open("w", encoding="utf-8") as file:
            whole = {**record, "version": version}
            file.write(_text({**whole, _CHECK: _checksum(whole)}))
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _text(record: dict[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _checksum(record: dict[str, object]) -> int:
    return crc32(_text(record).encode("utf-8", "surrogatepass"))
