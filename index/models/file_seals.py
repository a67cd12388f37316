"""Hashes of files, remembered by stamps, so that a cold start reads 91 MB of weights only when they may have changed.

A stamp (size, mtime, ctime, inode) stands for the content only when the file had been left alone for a while at the
moment of hashing: within one tick of the clock a file can change without its times changing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

__all__ = ["Seal", "SealedFiles", "from_json", "sealed", "stamp_of", "to_json"]

Stamp: TypeAlias = tuple[int, int, int, int]
"""Size in bytes, mtime and ctime in nanoseconds, inode."""

SETTLED_NS = 2_000_000_000
"""How long a file must have been left alone; FAT counts time in steps of two seconds."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A file's hash; ``stamp`` is None while the file is too young for its times to stand for its content."""

    sha256: str
    stamp: Stamp | None


SealedFiles: TypeAlias = Mapping[str, Seal]


def stamp_of(path: Path) -> Stamp:
    """The stamp of the file behind ``path``; OSError when there is none."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def sealed(folder: Path, names: Sequence[str], known: SealedFiles, settled_ns: int = SETTLED_NS) -> SealedFiles:
    """The hash of each file of ``names`` under ``folder``, from ``known`` where its stamp still stands.

    OSError when a file cannot be read.
    """
    return {name: _seal(folder / name, known.get(name), settled_ns) for name in names}


def _seal(path: Path, known: Seal | None, settled_ns: int) -> Seal:
    stamp = stamp_of(path)
    if known and known.stamp == stamp:
        return known
    from hashlib import file_digest

    started = time.time_ns()
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    quiet = stamp_of(path) == stamp and max(stamp[1], stamp[2]) < started - settled_ns
    return Seal(digest, stamp if quiet else None)


def to_json(files: SealedFiles) -> object:
    """The seals as JSON has them."""
    return {name: [seal.sha256, list(seal.stamp) if seal.stamp else None] for name, seal in files.items()}


def from_json(value: object) -> SealedFiles:
    """The seals that :func:`to_json` made; ValueError when it did not."""
    if not isinstance(value, dict):
        raise ValueError("not seals")  # noqa: TRY004 one error for whatever a torn file holds
    return {str(name): _from_json(entry) for name, entry in value.items()}


def _from_json(entry: object) -> Seal:
    match entry:
        case [str(digest), None]:
            return Seal(digest, None)
        case [str(digest), [int(size), int(mtime), int(ctime), int(inode)]]:
            return Seal(digest, (size, mtime, ctime, inode))
    raise ValueError("not a seal")
