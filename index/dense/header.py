"""The header: which files make up the dense half of one model, and what each must look like to be trusted.

It is one JSON object, published by rename. ``checksum`` is the CRC-32 of all other fields (importing hashlib would cost
a cold search 3 ms, and against intent no checksum helps). A header that is torn, of another version or of another model
is refused with a word, and the files it names are told apart from others by size, SHA-256 and stamp. A stamp is what
changes with any write to a file, even one that puts its old time back: ``(mtime_ns, ctime_ns, inode)``. Where it
stands, the content is not hashed again.
"""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any
from zlib import crc32

from notes.errors import IndexCacheError

__all__ = ["HEADER", "REMEDY", "VERSION", "FileRecord", "Header", "SegmentRecord", "model_folder", "parse", "read_raw"]

HEADER = "header.json"
MAGIC = "slipway dense"
VERSION = 1
REMEDY = "run slipway index"

_LARGEST = 1 << 20
"""Bytes of a header; ours have some thousand."""
_NAME = re.compile(r"(segment|dead|codes)-[0-9a-f]{16}\.bin")
_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A published file: ``size`` in bytes, ``sha256`` in hexadecimal, ``stamp`` as ``(mtime_ns, ctime_ns, inode)``."""

    name: str
    size: int
    sha256: str
    stamp: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """A file of ``rows`` vectors with the ids and keys of their passages."""

    file: FileRecord
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands on disk for one model.

    ``count`` rows are alive, ``missing`` passages had no usable vector. Rows are numbered through the ``segments`` in
    their order; ``dead`` is a bitmap over them. ``kind`` is ``flat`` or a faiss factory string; then ``codes`` is the
    faiss index of the first ``coded`` rows, trained on ``trained`` of them, ``depth`` candidates of it are compared
    exactly, and ``recall`` at 10 was measured against exact search. ``note`` says why a large index is flat.
    """

    model: str
    generation: int
    dim: int
    count: int
    missing: int
    segments: tuple[SegmentRecord, ...] = ()
    dead: FileRecord | None = None
    kind: str = "flat"
    recall: float | None = None
    depth: int = 0
    coded: int = 0
    trained: int = 0
    codes: FileRecord | None = None
    note: str = ""

    @property
    def rows(self) -> int:
        """All rows, alive or dead."""
        return sum(segment.rows for segment in self.segments)

    @property
    def files(self) -> tuple[FileRecord, ...]:
        """Every file that counts."""
        others = (one for one in (self.dead, self.codes) if one is not None)
        return (*(segment.file for segment in self.segments), *others)

    def encoded(self) -> bytes:
        """The header as it is published."""
        fields = {"magic": MAGIC, "version": VERSION, **asdict(self)}
        return json.dumps({**fields, "checksum": _checksum(fields)}, ensure_ascii=True, indent=1).encode()


def model_folder(folder: Path, model: str) -> Path:
    """Where the files of ``model`` are, below ``folder``; the name is readable, and its hash keeps two models apart."""
    readable = re.sub(r"[^A-Za-z0-9._@-]+", "-", model).strip("-.")[:60]
    return folder / f"{readable}-{crc32(model.encode('utf-8', 'surrogatepass')):08x}"


def read_raw(home: Path) -> bytes | None:
    """The bytes of the header in ``home``, None where there is none; IndexCacheError when it cannot be read."""
    place = home / HEADER
    try:
        descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise IndexCacheError(f"the vector index {place} cannot be read: {error.strerror}", hint=REMEDY) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise IndexCacheError(f"the vector index {place} is foreign: it is not a file", hint=REMEDY)
        return os.read(descriptor, _LARGEST + 1)
    finally:
        os.close(descriptor)


def parse(raw: bytes, model: str, place: Path) -> Header:
    """The header in ``raw``; IndexCacheError when it is torn, foreign, of another version or of another model than ``model``."""
    fields = _fields(raw, place)
    if fields.pop("magic", None) != MAGIC:
        raise IndexCacheError(f"the vector index {place} is foreign: it is not a file of Slipway", hint=REMEDY)
    if (version := fields.pop("version", None)) != VERSION:
        raise IndexCacheError(
            f"the vector index {place} is old: its version is {version!r}, not {VERSION}", hint=REMEDY
        )
    checksum = fields.pop("checksum", None)
    if checksum != _checksum({"magic": MAGIC, "version": VERSION, **fields}):
        raise IndexCacheError(f"the vector index {place} is torn: its checksum does not fit", hint=REMEDY)
    if fields.get("model") != model:
        raise IndexCacheError(f"the vector index {place} is foreign: it is of {fields.get('model')!r}", hint=REMEDY)
    try:
        return _header(fields)
    except (TypeError, ValueError, KeyError) as error:
        raise IndexCacheError(f"the vector index {place} is foreign: {error}", hint=REMEDY) from error


def _fields(raw: bytes, place: Path) -> dict[str, Any]:
    try:
        fields = json.loads(raw) if len(raw) <= _LARGEST else None
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise IndexCacheError(f"the vector index {place} is torn: it is no header", hint=REMEDY)
    return fields


def _checksum(fields: dict[str, Any]) -> int:
    return crc32(json.dumps(fields, ensure_ascii=True, sort_keys=True).encode())


def _header(fields: dict[str, Any]) -> Header:
    segments = tuple(SegmentRecord(_record(one["file"]), _count(one["rows"])) for one in fields.pop("segments"))
    dead, codes = (None if one is None else _record(one) for one in (fields.pop("dead"), fields.pop("codes")))
    header = Header(segments=segments, dead=dead, codes=codes, **fields)
    for number in (header.generation, header.dim, header.count, header.missing, header.coded, header.depth):
        _count(number)
    _agree(header)
    return header


def _agree(header: Header) -> None:
    """ValueError when what the header says of itself cannot be: it would be believed by a search or shown to a person."""
    if not _is_share(header.recall):
        raise ValueError(f"a recall of {header.recall!r}")
    _name(header.kind)
    _name(header.note)
    ends = {0, *accumulate(segment.rows for segment in header.segments)}
    if header.coded not in ends or (header.codes is None) != (header.coded == 0):
        raise ValueError(f"{header.coded:,} coded rows, which are no whole segments")
    if header.count > header.rows or (header.dead is None and header.count < header.rows):
        raise ValueError(f"{header.count:,} of {header.rows:,} rows alive")


def _record(fields: dict[str, Any]) -> FileRecord:
    name, digest = fields["name"], fields["sha256"]
    # A name is taken as part of a path: nothing but our own form may reach the file system.
    if not _NAME.fullmatch(name) or not _SHA.fullmatch(digest):
        raise ValueError(f"it names the file {name!r}")
    mtime, ctime, inode = fields["stamp"]
    return FileRecord(name, _count(fields["size"]), digest, (_count(mtime), _count(ctime), _count(inode)))


def _is_share(told: object) -> bool:
    return told is None or (isinstance(told, float) and 0 <= told <= 1)


def _name(told: object) -> None:
    if not isinstance(told, str):
        raise TypeError(f"{told!r} is no name")


def _count(number: object) -> int:
    if not isinstance(number, int) or number < 0:
        raise ValueError(f"{number!r} is no count")
    return number
