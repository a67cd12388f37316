"""The vault on disk: what lies in it, read once and again only when it changes, and the door to :mod:`notes.files.filing`.

No path leads out of the root, not even over a symbolic link. Folders that begin with a dot, and copies that a
synchronisation set aside, are not the vault's.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from notes.errors import VaultError
from notes.files import filing
from notes.files.filing import create_file
from notes.files.note_ids import Named, own_ids
from notes.files.readings import FileStat, Reading, Readings, Shelf, without_text
from notes.files.remedies import remedy_of
from notes.files.settled import RemoveOutcome, ReplaceOutcome, sha256
from notes.files.walking import Walk, is_away, is_inside
from notes.markup.note_reader import read_note
from notes.model import VaultNote

__all__ = [
    "MAX_FILE",
    "PAGES",
    "Card",
    "FileStat",
    "RemoveOutcome",
    "ReplaceOutcome",
    "Vault",
    "VaultExistsError",
    "VaultOutsideError",
    "create_file",
    "is_conflict_copy",
    "sha256",
]

PAGES: Final = frozenset({"Inbox.md", "Reading list.md", "Suggestions.md", "Today.md"})
"""The pages of Slipway at the root of the vault: files, but no notes."""

MAX_FILE: Final = 16 * 1024 * 1024
"""Bytes of the largest file that is read; a larger one is a note without text, with a word about it."""

_CONFLICT: Final = re.compile(
    r"\.sync-conflict-\d{8}-\d{6}(?:-[A-Z0-9]+)?(?:\.|$)"
    r"|\((?:[^()]*'s )?conflicted copy[^()]*\)(?:\.|$)"
    r"|\((?:Case Conflict|.*冲突副本.*|.*衝突複本.*)\s*\d*\)(?:\.|$)",
    re.IGNORECASE,
)


# What was a file when it was listed may be a pipe by now, and opening one waits for its other end.
_SAFELY: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


_IN_THE_CLOUD: Final = "it is in iCloud and not on this machine; have its folder kept downloaded"


class VaultExistsError(VaultError):
    """A file of that name is there already."""


class VaultOutsideError(VaultError):
    """The path leads out of the vault, over a symbolic link."""


@dataclass(frozen=True, slots=True)
class Card:
    """A note without its text: its id (its own in the vault), where it is, what it is called, the hash of its bytes."""

    id: str
    path: str
    title: str
    sha256: str


def is_conflict_copy(name: str) -> bool:
    """Whether a file name is that of a copy that Syncthing, Obsidian Sync, Dropbox or the like set aside."""
    return _CONFLICT.search(name) is not None


class Vault:
    """The Markdown files below ``root``. Every method raises VaultError for what the file system refuses.

    With a ``shelf`` what was read outlives the process. ``now_ns`` is the clock of the files, not of the night.
    """

    def __init__(self, root: Path, shelf: Shelf | None = None, now_ns: Callable[[], int] = time.time_ns) -> None:
        self.root = root
        self._readings = Readings(self._read_if_there, shelf, now_ns)
        self._walk = Walk(root)

    # --- listing and reading ---

    def files(self) -> tuple[FileStat, ...]:
        """All ``*.md`` outside dot folders, sorted by path, without the copies of sync conflicts."""
        return tuple(found for found in self._walk.files() if not is_conflict_copy(PurePosixPath(found.path).name))

    def conflict_copies(self) -> tuple[str, ...]:
        """The paths of copies that a synchronisation set aside, sorted."""
        return tuple(found.path for found in self._walk.files() if is_conflict_copy(PurePosixPath(found.path).name))

    def unreadable(self) -> tuple[str, ...]:
        """The files, and with ``/`` at the end the folders, that could not be read the last time all was read, sorted."""
        return tuple(sorted({*self._walk.closed, *self._readings.unread}))

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        try:
            return _bytes(self._place(path))
        except OSError as error:
            raise VaultError(f"{path} cannot be read: {error.strerror}") from error

    def note(self, path: str) -> VaultNote:
        """The note in the file at ``path``; its id may be shared with another file (see :meth:`notes`)."""
        return read_note(path, self.read(path), mtime_ns=self._place(path).stat().st_mtime_ns)

    def notes(self) -> tuple[VaultNote, ...]:
        """All notes, sorted by path, each with an id of its own: two of one id are known by their paths.

        The :data:`PAGES` are no notes. A file that cannot be read is a note without text, with its trouble; one that has
        vanished since it was listed is none. A file that has not changed since it was last read is not opened.
        """
        return tuple(self._look().values())

    def pages(self) -> dict[str, VaultNote]:
        """Those of the :data:`PAGES` that stand, by name; one that cannot be read is without text, with its trouble."""
        stats = self._walk.named(PAGES)
        pages = {name: self._page(name, status) for name, status in stats.items()}
        return {name: page for name, page in pages.items() if page is not None}

    def _page(self, name: str, status: FileStat) -> VaultNote | None:
        try:
            raw = self._read_if_there(name)
        except VaultError as error:
            return without_text(status, str(error))
        return None if raw is None else read_note(name, raw, mtime_ns=status.mtime_ns)

    def catalogue(self) -> tuple[Card, ...]:
        """All notes as :meth:`notes` has them, without their texts: where nothing has changed no file is opened."""
        return tuple(Card(own, one.stat.path, one.title, one.sha256) for own, one in self._listed().items())

    def find(self, note_id: str) -> VaultNote | None:
        """The note of this id, if there is one; no other note's text is loaded."""
        return self.select([note_id]).get(note_id)

    def select(self, ids: Collection[str]) -> dict[str, VaultNote]:
        """The notes of these ids, as far as there are any, by id."""
        return self._look(frozenset(ids)) if ids else {}

    def _look(self, wanted: frozenset[str] | None = None) -> dict[str, VaultNote]:
        """Notes by id, in the order of their paths: the wanted ones, or all."""
        listed = self._listed()
        chosen = {one.stat.path: (own, one) for own, one in listed.items() if wanted is None or own in wanted}
        notes = self._readings.notes({path: one for path, (_, one) in chosen.items()})
        return {own: _under(own, notes[path]) for path, (own, _) in chosen.items() if path in notes}

    def _listed(self) -> dict[str, Reading]:
        """The readings of all notes by ids of their own, in the order of their paths."""
        readings = self._readings.look(found for found in self.files() if found.path not in PAGES)
        ids = own_ids([Named(path, one.id, one.is_given) for path, one in readings.items()])
        return dict(zip(ids, readings.values(), strict=True))

    def _read_if_there(self, path: str) -> bytes | None:
        try:
            return _bytes(self._place(path))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise VaultError(f"{path} cannot be read: {error.strerror}") from error

    # --- writing ---

    def create(self, path: str, text: str) -> str:
        """Write a new file and return the SHA-256 of its bytes; VaultExistsError when there is one of that name."""
        place = self._place(path)
        raw = text.encode("utf-8")
        if is_away(place):
            raise self._trouble(path, "written", OSError(errno.EAGAIN, _IN_THE_CLOUD))
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            create_file(self._place(path), raw)
        except FileExistsError as error:
            raise VaultExistsError(f"{path} is there already") from error
        except OSError as error:
            raise self._trouble(path, "written", error) from error
        return sha256(raw)

    def replace(self, path: str, text: str, *, expected_sha: str) -> ReplaceOutcome:
        """Put ``text`` in the place of the file, but only while its bytes have the SHA-256 ``expected_sha``.

        A file that holds ``text`` already is UNCHANGED, whatever was expected: a run was killed after its exchange.
        """
        place = self._place(path).resolve()
        try:
            return filing.replace_file(place, text.encode("utf-8"), expected_sha)
        except OSError as error:
            raise self._trouble(path, "written", error) from error

    def remove(self, path: str, *, expected_sha: str) -> RemoveOutcome:
        """Take the file away, but only while its bytes have the SHA-256 ``expected_sha``; a link is taken, not its end."""
        place = self._place(path)
        try:
            return filing.take_out(place, expected_sha)
        except OSError as error:
            raise self._trouble(path, "removed", error) from error

    def clean(self) -> tuple[str, ...]:
        """Clear away what a killed run left, put back what of it is the user's, and return the paths of what was found.

        For the holder of the run lock.
        """
        try:
            left = filing.recover(self.root)
        except OSError as error:
            raise VaultError(
                f"what a killed run left in {self.root} cannot be cleared: {error.strerror}",
                hint=remedy_of(error, self.root),
            ) from error
        return tuple(path.relative_to(self.root).as_posix() for path in left)

    def _trouble(self, path: str, what: str, error: OSError) -> VaultError:
        return VaultError(f"{self.root / path} cannot be {what}: {error.strerror}", hint=remedy_of(error, self.root))

    # --- paths ---

    def _place(self, path: str) -> Path:
        """Where ``path`` is on disk; VaultError when it would lead out of the vault or into a dot folder."""
        parts = PurePosixPath(path).parts
        wrong = not parts or path.startswith("/") or "\\" in path or "\0" in path or path.endswith("/")
        if wrong or any(part.startswith(".") for part in parts):
            raise VaultError(f"{path!r} is no path of a note")
        place = self.root.joinpath(*parts)
        if not is_inside(place, self.root):
            raise VaultOutsideError(
                f"{path} leads out of the vault", hint="a symbolic link does not end inside; remove it"
            )
        return place


def _under(own: str, note: VaultNote) -> VaultNote:
    return note if note.id == own else replace(note, id=own)


def _bytes(place: Path) -> bytes:
    """The bytes of a regular file; raises OSError, also for one that is too large to be a note."""
    try:
        descriptor = os.open(place, os.O_RDONLY | _SAFELY)
    except FileNotFoundError:
        if is_away(place):
            raise OSError(errno.EAGAIN, _IN_THE_CLOUD) from None
        raise
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        if about.st_size > MAX_FILE:
            raise OSError(errno.EFBIG, f"it is larger than {MAX_FILE // 1024 // 1024} MiB")
        return file.read()
