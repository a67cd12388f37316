"""The vault on disk: lists, reads, creates and replaces files so that no byte of the user's is ever lost.

Creating is exclusive: a file that exists is never opened for writing. Replacing compares the bytes just before the
rename and steps back when they are not those that were expected. Both write a temporary file in the same folder,
fsync it, and fsync the folder after. No path leads out of the root, not even over a symbolic link.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from .errors import VaultError
from .model import VaultNote

__all__ = [
    "PAGES",
    "FileStat",
    "ReplaceOutcome",
    "Vault",
    "VaultExistsError",
    "create_file",
    "is_conflict_copy",
    "sha256",
]

PAGES: Final = frozenset({"Inbox.md", "Reading list.md", "Suggestions.md"})
"""The pages of Slipway at the root of the vault: files, but no notes."""

_TEMPORARY: Final = ".slipway-tmp-"
_CONFLICT: Final = re.compile(
    r"\.sync-conflict-\d{8}-\d{6}(?:-[A-Z0-9]+)?(?:\.|$)"
    r"|\((?:[^()]*'s )?conflicted copy[^()]*\)(?:\.|$)"
    r"|\((?:Case Conflict|.*冲突副本.*|.*衝突複本.*)\s*\d*\)(?:\.|$)",
    re.IGNORECASE,
)


class VaultExistsError(VaultError):
    """A file of that name is there already."""


class ReplaceOutcome(StrEnum):
    """What became of an attempt to replace a file."""

    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    CHANGED_BY_USER = "changed-by-user"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class FileStat:
    """A file: its path relative to the vault with ``/``, its size in bytes, its time of change in nanoseconds."""

    path: str
    size: int
    mtime_ns: int


def sha256(content: str | bytes) -> str:
    """The SHA-256 of the bytes, or of the text as UTF-8, in hex."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()


def is_conflict_copy(name: str) -> bool:
    """Whether a file name is that of a copy that Syncthing, Obsidian Sync, Dropbox or the like set aside."""
    return _CONFLICT.search(name) is not None


class Vault:
    """The Markdown files below ``root``. Every method raises VaultError for what the file system refuses."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # --- listing and reading ---

    def files(self) -> tuple[FileStat, ...]:
        """All ``*.md`` outside dot folders, sorted by path, without the copies of sync conflicts."""
        return tuple(found for found in self._walk() if not is_conflict_copy(PurePosixPath(found.path).name))

    def conflict_copies(self) -> tuple[str, ...]:
        """The paths of copies that a synchronisation set aside, sorted."""
        return tuple(found.path for found in self._walk() if is_conflict_copy(PurePosixPath(found.path).name))

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        try:
            return self._place(path).read_bytes()
        except OSError as error:
            raise VaultError(f"{path} cannot be read: {error.strerror}") from error

    def note(self, path: str) -> VaultNote:
        """The note in the file at ``path``; its id may be shared with another file (see :meth:`notes`)."""
        from .document import read_note

        return read_note(path, self.read(path), mtime_ns=self._place(path).stat().st_mtime_ns)

    def notes(self) -> tuple[VaultNote, ...]:
        """All notes, sorted by path, each with an id of its own: two of one id are known by their paths.

        The :data:`PAGES` are no notes. A file that cannot be read is a note without text, with its trouble.
        """
        return _with_own_ids([self._note(found) for found in self.files() if found.path not in PAGES])

    def _note(self, found: FileStat) -> VaultNote:
        try:
            return self.note(found.path)
        except (VaultError, OSError) as error:
            return _unread(found, str(error))

    def _walk(self) -> list[FileStat]:
        return sorted(self._scan(self.root, ""), key=lambda found: found.path)

    def _scan(self, folder: Path, prefix: str) -> Iterator[FileStat]:
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            raise VaultError(f"the folder {folder} cannot be read: {error.strerror}") from error
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from self._scan(Path(entry.path), f"{prefix}{entry.name}/")
            elif entry.name.endswith(".md") and self._is_inside(entry):
                status = entry.stat()
                yield FileStat(prefix + entry.name, status.st_size, status.st_mtime_ns)

    def _is_inside(self, entry: os.DirEntry[str]) -> bool:
        place = Path(entry.path)
        return place.is_file() and self._holds(place) if entry.is_symlink() else entry.is_file()

    # --- writing ---

    def create(self, path: str, text: str) -> str:
        """Write a new file and return the SHA-256 of its bytes; VaultExistsError when there is one of that name."""
        place = self._place(path)
        raw = text.encode("utf-8")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            create_file(self._place(path), raw)
        except FileExistsError as error:
            raise VaultExistsError(f"{path} is there already") from error
        except OSError as error:
            raise VaultError(f"{path} cannot be written: {error.strerror}") from error
        return sha256(raw)

    def replace(self, path: str, text: str, *, expected_sha: str) -> ReplaceOutcome:
        """Put ``text`` in the place of the file, but only while its bytes have the SHA-256 ``expected_sha``.

        A file that holds ``text`` already is UNCHANGED, whatever was expected: a run was killed after its rename.
        """
        place = self._place(path).resolve()
        raw = text.encode("utf-8")
        try:
            outcome = _compare(place, raw, expected_sha)
            return self._exchange(place, raw, expected_sha) if outcome is ReplaceOutcome.REPLACED else outcome
        except OSError as error:
            raise VaultError(f"{path} cannot be written: {error.strerror}") from error

    def _exchange(self, place: Path, raw: bytes, expected_sha: str) -> ReplaceOutcome:
        temporary = _write_temporary(place.parent, raw)
        try:
            outcome = _compare(place, raw, expected_sha)
            if outcome is ReplaceOutcome.REPLACED:
                temporary.chmod(stat.S_IMODE(place.stat().st_mode))
                temporary.replace(place)
                _sync_folder(place.parent)
            return outcome
        finally:
            temporary.unlink(missing_ok=True)

    def clean(self) -> tuple[str, ...]:
        """Remove the temporary files that a killed run left and return their paths. For the holder of the run lock."""
        left = sorted(self.root.rglob(f"{_TEMPORARY}*"))
        for temporary in left:
            temporary.unlink(missing_ok=True)
        return tuple(temporary.relative_to(self.root).as_posix() for temporary in left)

    def _place(self, path: str) -> Path:
        """Where ``path`` is on disk; VaultError when it would lead out of the vault or into a dot folder."""
        parts = PurePosixPath(path).parts
        wrong = not parts or path.startswith("/") or "\\" in path or "\0" in path or path.endswith("/")
        if wrong or any(part.startswith(".") for part in parts):
            raise VaultError(f"{path!r} is no path of a note")
        place = self.root.joinpath(*parts)
        if not self._holds(place):
            raise VaultError(f"{path} leads out of the vault", hint="a symbolic link does not end inside; remove it")
        return place

    def _holds(self, place: Path) -> bool:
        """Whether a path ends inside the vault over all symbolic links; one that goes in a circle ends nowhere."""
        try:
            return place.resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):  # RuntimeError is Python 3.11's and 3.12's word for a circle
            return False


def create_file(place: Path, raw: bytes) -> None:
    """Write a new file whole or not at all; FileExistsError when there is one, which is left as it is."""
    temporary = _write_temporary(place.parent, raw)
    try:
        _link(temporary, place, raw)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(place.parent)


def _unread(found: FileStat, trouble: str) -> VaultNote:
    stem = PurePosixPath(found.path).stem
    return VaultNote(
        id=stem, path=found.path, title=stem, sha256="", size=found.size, mtime_ns=found.mtime_ns, trouble=trouble
    )


def _with_own_ids(found: list[VaultNote]) -> tuple[VaultNote, ...]:
    stems = Counter(note.id for note in found if not _is_named(note))
    owners = _owners(found)
    taken = set(owners)
    named: list[VaultNote] = []
    for note in found:
        if owners.get(note.id) == note.path or (not _is_named(note) and stems[note.id] == 1 and note.id not in owners):
            own = note.id
        else:
            own = note.path
            while own in taken:
                own += "~"
        taken.add(own)
        named.append(note if own == note.id else replace(note, id=own))
    return tuple(named)


def _is_named(note: VaultNote) -> bool:
    return bool(note.properties.get("id")) and note.id == str(note.properties["id"]).strip()


def _owners(found: list[VaultNote]) -> dict[str, str]:
    """For each id that a frontmatter gives, the path that may keep it: that of the same name, else the first."""
    owners: dict[str, str] = {}
    for note in found:
        if _is_named(note) and (note.id not in owners or PurePosixPath(note.path).stem == note.id):
            owners[note.id] = note.path
    return owners


def _compare(place: Path, raw: bytes, expected_sha: str) -> ReplaceOutcome:
    try:
        current = place.read_bytes()
    except FileNotFoundError:
        return ReplaceOutcome.GONE
    if current == raw:
        return ReplaceOutcome.UNCHANGED
    return ReplaceOutcome.REPLACED if sha256(current) == expected_sha else ReplaceOutcome.CHANGED_BY_USER


def _write_temporary(folder: Path, raw: bytes) -> Path:
    temporary = folder / f"{_TEMPORARY}{secrets.token_hex(8)}"
    try:
        _write_exclusively(temporary, raw)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _write_exclusively(place: Path, raw: bytes) -> None:
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _link(temporary: Path, place: Path, raw: bytes) -> None:
    try:
        os.link(temporary, place)
    except FileExistsError:
        raise
    except OSError:
        # exFAT, some network shares and Android have no hard links.
        _write_exclusively(place, raw)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
