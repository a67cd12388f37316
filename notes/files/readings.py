"""What was read of a vault's files is kept, so that an unchanged file costs a look at its size and times.

A reading stands for a file as long as size, both times and inode are those it had. One thing these cannot tell: a file
changed twice within the step of its file system's clock. So a reading made within five seconds of the file's own times is
not believed: its bytes are read again and compared (git's rule, https://git-scm.com/docs/racy-git). Five seconds, since
FAT counts in twos and a server's clock may differ from ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final, Protocol

from notes.errors import VaultError
from notes.files.settled import sha256
from notes.markup.note_reader import read_note
from notes.model import VaultNote

__all__ = ["FileStat", "Reading", "Readings", "Shelf", "without_text"]

_DOUBT: Final = 5_000_000_000


@dataclass(frozen=True, slots=True)
class FileStat:
    """A file: its path relative to the vault with ``/``, its size in bytes, its times in nanoseconds, its inode.

    ``ctime_ns`` is when its inode changed, which no program can set back (on Windows: when it was made).
    """

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int = 0
    inode: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a file without its text; ``id`` may be shared (see :mod:`notes.files.note_ids`)."""

    stat: FileStat
    read_ns: int
    sha256: str
    id: str
    is_given: bool
    title: str

    def holds_for(self, stat: FileStat) -> bool:
        """Whether the file, by its stat alone, is the one that was read."""
        return stat == self.stat and max(stat.mtime_ns, stat.ctime_ns) + _DOUBT < self.read_ns


class Shelf(Protocol):
    """Where readings outlive a process. It may forget anything at any time, and must never give what was not put there."""

    def readings(self) -> Mapping[str, Reading]:
        """All readings, by path."""

    def notes(self, paths: Collection[str]) -> Mapping[str, VaultNote]:
        """The notes of these paths as they were read, as far as they are here."""

    def keep(self, read: Sequence[tuple[Reading, VaultNote | None]], gone: Collection[str]) -> None:
        """Add or replace readings (without a note: only when the file was looked at has changed), and drop the paths."""


class Readings:
    """The readings of one vault. ``read`` gives a file's bytes, None when it has vanished, or raises VaultError."""

    def __init__(
        self, read: Callable[[str], bytes | None], shelf: Shelf | None = None, now_ns: Callable[[], int] = time.time_ns
    ) -> None:
        self._read = read
        self._shelf = shelf
        self._now_ns = now_ns
        self._known: dict[str, Reading] | None = None
        self._notes: dict[str, VaultNote] = {}
        self._unread: dict[str, VaultNote] = {}

    @property
    def unread(self) -> tuple[str, ...]:
        """The paths of the files that the last look could not read."""
        return tuple(self._unread)

    def look(self, found: Iterable[FileStat]) -> dict[str, Reading]:
        """A reading of each of these files as it is now, by path; those that have vanished are left out.

        One that cannot be read has a reading without hash, under the id that it was last known by.
        """
        known = self._remembered()
        current: dict[str, Reading] = {}
        fresh: list[tuple[Reading, VaultNote | None]] = []
        self._unread = {}
        for stat in found:
            reading = known.get(stat.path)
            if reading is not None and reading.holds_for(stat):
                current[stat.path] = reading
            elif (again := self._read_again(stat, reading)) is not None:
                current[stat.path] = again[0]
                if again[0].sha256 and (reading is None or stat != reading.stat or again[0].holds_for(stat)):
                    fresh.append(again)
        self._remember(current, fresh)
        return current

    def notes(self, readings: Mapping[str, Reading]) -> dict[str, VaultNote]:
        """The notes of these readings, by path; a file that has vanished since is left out."""
        missing = [path for path in readings if path not in self._notes and path not in self._unread]
        if missing and self._shelf is not None:
            self._notes.update(self._shelf.notes(missing))
        lost = [path for path in missing if path not in self._notes or not _is_of(readings[path], self._notes[path])]
        for path in lost:
            self._reread(path, readings[path])
        if self._shelf is not None:
            found = ((readings[path], self._notes[path]) for path in lost if path in self._notes)
            self._shelf.keep([(reading, note) for reading, note in found if _is_of(reading, note)], ())
        there = self._notes | self._unread
        return {path: _dated(there[path], reading.stat) for path, reading in readings.items() if path in there}

    def _reread(self, path: str, reading: Reading) -> None:
        """The shelf has lost this one."""
        self._notes.pop(path, None)
        try:
            raw = self._read(path)
        except VaultError as error:
            self._unread[path] = without_text(reading.stat, str(error), note_id=reading.id, title=reading.title)
            return
        if raw is not None:
            self._notes[path] = read_note(path, raw, mtime_ns=reading.stat.mtime_ns)

    def _read_again(self, stat: FileStat, before: Reading | None) -> tuple[Reading, VaultNote | None] | None:
        read_ns = self._now_ns()
        try:
            raw = self._read(stat.path)
        except VaultError as error:
            return self._unreadable(stat, before, str(error)), None
        if raw is None:
            return None
        if before is not None and sha256(raw) == before.sha256:
            return replace(before, stat=stat, read_ns=read_ns), None
        note = read_note(stat.path, raw, mtime_ns=stat.mtime_ns)
        self._notes[stat.path] = note
        given = str(note.properties.get("id") or "").strip()
        return Reading(stat, read_ns, note.sha256, note.id, bool(given) and note.id == given, note.title), note

    def _unreadable(self, stat: FileStat, before: Reading | None, trouble: str) -> Reading:
        known_as = (before.id, before.title) if before is not None else ("", "")
        note = without_text(stat, trouble, note_id=known_as[0], title=known_as[1])
        self._unread[stat.path] = note
        return Reading(stat, 0, "", note.id, before is not None and before.is_given, note.title)

    def _remembered(self) -> dict[str, Reading]:
        if self._known is None:
            self._known = dict(self._shelf.readings()) if self._shelf is not None else {}
        return self._known

    def _remember(self, current: Mapping[str, Reading], fresh: Sequence[tuple[Reading, VaultNote | None]]) -> None:
        known = self._remembered()
        gone = known.keys() - current.keys()
        for path in gone:
            self._notes.pop(path, None)
        self._known = {path: known.get(path, one) if path in self._unread else one for path, one in current.items()}
        if self._shelf is not None and (fresh or gone):
            self._shelf.keep(fresh, gone)


def _is_of(reading: Reading, note: VaultNote) -> bool:
    return note.sha256 == reading.sha256


def _dated(note: VaultNote, stat: FileStat) -> VaultNote:
    return note if note.mtime_ns == stat.mtime_ns else replace(note, mtime_ns=stat.mtime_ns)


def without_text(stat: FileStat, trouble: str, *, note_id: str = "", title: str = "") -> VaultNote:
    """The note in a file that cannot be read: its hash is empty, so that it is never taken for one that Slipway wrote."""
    stem = PurePosixPath(stat.path).stem
    return VaultNote(
        id=note_id or stem,
        path=stat.path,
        title=title or stem,
        sha256="",
        size=stat.size,
        mtime_ns=stat.mtime_ns,
        trouble=trouble,
    )
