"""Files that are written once, renamed into place, and mapped only after their content is known to be ours.

SIGBUS is what a process gets that touches a mapped page beyond the end of its file. Nothing here ever shortens or
rewrites a published file: it is replaced under another name and unlinked, and who has it mapped keeps the old content.
Against other programs, files are published read-only; the size is taken from the open descriptor right when the file
is mapped; and :meth:`MappedFile.check` looks again before each search. A program that shortens the file in the very
milliseconds of a search can still kill it: no user-space reader of a mapping can exclude that.
"""

from __future__ import annotations

import mmap
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import sleep

from index.dense.header import HEADER, REMEDY, FileRecord
from notes.errors import IndexCacheError

__all__ = ["MappedFile", "TornFileError", "remove_strays", "sync_folder", "write_file", "write_header"]

_BLOCK = 1 << 22
_TEMPORARY = ".writing"
_TICK = 0.002  # seconds
_TICKS = 50
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


class TornFileError(IndexCacheError):
    """A file that a header names is not there or is not what the header says."""


class MappedFile:
    """A published file, open and mapped read-only; ``record`` is as the header has it, with the stamp it bears now."""

    def __init__(self, home: Path, record: FileRecord) -> None:
        """Open, check and map; TornFileError when it is missing, cut, flipped or not a file."""
        self._descriptor = -1
        self.place = home / record.name
        self._descriptor = _opened(self.place)
        try:
            self.record = _verified(self._descriptor, record, self.place)
            self.content = mmap.mmap(self._descriptor, record.size, prot=mmap.PROT_READ)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Release the descriptor; the mapping goes when the last array over it does."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __del__(self) -> None:
        self.close()

    def check(self) -> None:
        """TornFileError when the file is no longer as it was when it was mapped: two system calls, no reading."""
        if self._descriptor < 0:
            raise _torn(self.place, "it was closed")
        found = os.fstat(self._descriptor)
        mtime, ctime, _ = self.record.stamp
        # Unlinking the last name, as publishing does with old files, changes ctime and nothing else.
        same_inode = found.st_nlink == 0 or found.st_ctime_ns == ctime
        if found.st_size != self.record.size or found.st_mtime_ns != mtime or not same_inode:
            raise _torn(self.place, "it was changed while in use")

    def verify(self) -> None:
        """TornFileError unless the whole content has the hash that the header gives; reads every byte."""
        if _digest(self._descriptor) != self.record.sha256:
            raise _torn(self.place, "its content is not what was written")


def write_file(home: Path, kind: str, blocks: Iterable[bytes | memoryview]) -> FileRecord:
    """Write ``blocks`` into a new file named for ``kind`` and content, durable before the name appears."""
    temporary = home / f"{kind}{_TEMPORARY}"
    temporary.unlink(missing_ok=True)
    try:
        size, digest = _written(temporary, blocks)
        name = f"{kind}-{digest[:16]}.bin"
        temporary.replace(home / name)
    except BaseException:
        with suppress(OSError):  # on a disk that is full it would stand in everybody's way
            temporary.unlink(missing_ok=True)
        raise
    return FileRecord(name, size, digest, _stamp((home / name).stat()))


def _written(place: Path, blocks: Iterable[bytes | memoryview]) -> tuple[int, str]:
    """Size and sha256 of a new file of ``blocks``, which is durable."""
    import hashlib

    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        digest = hashlib.sha256()
        for block in blocks:
            digest.update(block)
            file.write(block)
        file.flush()
        os.fchmod(descriptor, 0o444)
        os.fsync(descriptor)
        return os.fstat(descriptor).st_size, digest.hexdigest()


def write_header(home: Path, raw: bytes, records: Iterable[FileRecord]) -> None:
    """Publish the header: everything it names is durable before it, and it is durable before this returns."""
    sync_folder(home)
    temporary = home / f"{HEADER}{_TEMPORARY}"
    newest = max((record.stamp[1] for record in records), default=0)
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        # Time stamps move in ticks of some milliseconds: a write in the tick of the stamp would leave it as it is
        # (https://git-scm.com/docs/racy-git). From the moment the header stands, every write is in a later tick.
        for _ in range(_TICKS):  # bounded, for a clock that was set back
            if os.fstat(descriptor).st_ctime_ns > newest:
                break
            sleep(_TICK)
            os.utime(descriptor)
        os.fsync(descriptor)
    temporary.replace(home / HEADER)
    sync_folder(home)


def remove_strays(home: Path, keep: Iterable[FileRecord]) -> None:
    """Unlink every file of ours in ``home`` that no header names: older ones, and what a killed run has left."""
    kept = {record.name for record in keep}
    for entry in sorted(os.scandir(home), key=lambda one: one.name):
        ours = entry.name.endswith((".bin", _TEMPORARY))
        if ours and entry.name not in kept:
            with suppress(IsADirectoryError, PermissionError):
                Path(entry.path).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _opened(place: Path) -> int:
    try:
        return os.open(place, os.O_RDONLY | _NO_FOLLOW)
    except OSError as error:
        raise _torn(place, f"it cannot be opened ({error.strerror})") from error


def _verified(descriptor: int, record: FileRecord, place: Path) -> FileRecord:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise _torn(place, "it is not a file")
    if found.st_size != record.size or not record.size:
        raise _torn(place, f"it has {found.st_size} bytes, not {record.size}")
    if _stamp(found) == record.stamp:
        return record
    if _digest(descriptor) != record.sha256 or _stamp(os.fstat(descriptor)) != _stamp(found):
        raise _torn(place, "its content is not what was written")
    return FileRecord(record.name, record.size, record.sha256, _stamp(found))


def _digest(descriptor: int) -> str:
    import hashlib

    digest, offset = hashlib.sha256(), 0
    while block := os.pread(descriptor, _BLOCK, offset):
        digest.update(block)
        offset += len(block)
    return digest.hexdigest()


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _torn(place: Path, why: str) -> TornFileError:
    return TornFileError(f"the vector index {place} is torn: {why}", hint=REMEDY)
