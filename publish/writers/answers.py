"""The answers that were paid for, one file each, named by the hash of what was asked.

They are no cache of things that can be made again: another asking costs money and may bring other words. So they lie beside
the caches and outlive them. A file is written whole or not at all, so that a night that is killed asks for nothing twice; one
that is read is believed only when its name, its question, its form and its own checksum agree.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from notes.errors import PublishError
from notes.files.remedies import remedy_of

__all__ = ["Answers", "Kept", "put"]

_VERSION = 1
_MAX_FILE = 400_000
MAX_TOTAL = 64_000_000
"""Bytes of all answers together; beyond, the oldest go."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: the model's ``content``, or the reason why there was none to use, in our own words."""

    content: str
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """The folder of answers."""

    folder: Path

    def get(self, key: str) -> Kept | None:
        """The answer to the question of this hash, if it is there and sound."""
        try:
            with self._path(key).open("rb") as file:
                raw = file.read(_MAX_FILE + 1)
            document = json.loads(raw) if len(raw) <= _MAX_FILE else None
        except (OSError, ValueError, RecursionError):
            return None
        return _sound(document, key)

    def keep(self, key: str, kept: Kept) -> None:
        """Keep an answer. Raises PublishError when it cannot be written."""
        document = {"version": _VERSION, "key": key, **asdict(kept), "sha256": _checksum(key, kept)}
        raw = json.dumps(document, indent=1).encode("ascii")
        if len(raw) <= _MAX_FILE:
            put(self._path(key), raw)

    def prune(self, limit: int = MAX_TOTAL) -> int:
        """Remove the oldest answers until three quarters of ``limit`` are left, where they are more; how many went."""
        files = sorted(self.folder.glob("??/*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        total = sum(path.stat().st_size for path in files)
        if total <= limit:
            return 0
        gone = 0
        for path in files:
            if total <= limit * 3 // 4:
                break
            total -= path.stat().st_size
            path.unlink(missing_ok=True)
            gone += 1
        return gone

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


def put(path: Path, content: bytes) -> None:
    """Write a file of our own: whole or not at all. Raises PublishError."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise PublishError(f"{path} cannot be written: {error.strerror}", hint=remedy_of(error, path.parent)) from None


def _sound(document: object, key: str) -> Kept | None:
    if not isinstance(document, dict) or document.get("version") != _VERSION or document.get("key") != key:
        return None
    content, refusal = document.get("content"), document.get("refusal")
    if not isinstance(content, str) or not isinstance(refusal, str):
        return None
    kept = Kept(content, refusal)
    return kept if document.get("sha256") == _checksum(key, kept) else None


def _checksum(key: str, kept: Kept) -> str:
    return hashlib.sha256(json.dumps([key, kept.content, kept.refusal]).encode("ascii")).hexdigest()
