"""The Markdown files below a folder, as they are listed: no folder lies too deep, nothing but files is taken for one."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from notes.errors import VaultError
from notes.files.readings import FileStat

__all__ = ["Walk", "folders_below", "is_away", "is_inside", "is_text"]

_AWAY: Final = ".icloud"


class Walk:
    """The files of a vault. ``closed`` names the folders, with ``/`` at the end, that the last walk could not enter."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.closed: list[str] = []

    def files(self) -> list[FileStat]:
        """All ``*.md`` outside dot folders, sorted by path; also those that iCloud took away, by what stands for them."""
        self.closed = []
        found: list[FileStat] = []
        folders = [(os.fspath(self.root), "")]
        while folders:
            folder, prefix = folders.pop()
            entries = self._entries(folder, prefix)
            found += self._files(entries, prefix)
            folders += [(entry.path, f"{prefix}{entry.name}/") for entry in entries if _is_open(entry)]
        return sorted(found, key=lambda one: one.path)

    def named(self, names: frozenset[str]) -> dict[str, FileStat]:
        """Those of these files that stand at the root, by name, sorted."""
        found = self._files(self._entries(os.fspath(self.root), ""), "")
        return {one.path: one for one in sorted(found, key=lambda one: one.path) if one.path in names}

    def _files(self, entries: list[os.DirEntry[str]], prefix: str) -> Iterator[FileStat]:
        shown = {_shown(entry.name): entry for entry in entries if entry.name.startswith(".")}
        shown |= {entry.name: entry for entry in entries if not entry.name.startswith(".")}
        for name, entry in shown.items():
            if name.endswith(".md") and not name.startswith(".") and is_text(name) and (status := self._status(entry)):
                times = status.st_mtime_ns, status.st_ctime_ns
                yield FileStat(prefix + name, status.st_size, *times, status.st_ino)

    def _entries(self, folder: str, prefix: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError as error:
            if not prefix:
                raise VaultError(
                    f"the folder {folder} cannot be read: {error.strerror}", hint=f"see who may look into {folder}"
                ) from error
            # A folder that was removed this moment is none; one that is closed to us still holds what it held.
            if not isinstance(error, FileNotFoundError):
                self.closed.append(prefix)
            return []

    def _status(self, entry: os.DirEntry[str]) -> os.stat_result | None:
        """The stat of a file, also over a link that ends inside; None for all else and for what vanished this moment."""
        try:
            if entry.is_symlink() and not is_inside(Path(entry.path), self.root):
                return None
            # Of the entry itself Windows knows no inode.
            status = os.stat(entry.path)  # noqa: PTH116 - a path object for each of 100,000 files costs as much again
        except OSError:
            return None
        return status if stat.S_ISREG(status.st_mode) else None


def folders_below(folder: Path) -> Iterator[list[os.DirEntry[str]]]:
    """The entries of ``folder`` and of every folder below it; those with a dot are not entered, closed ones passed over."""
    waiting = [os.fspath(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as found:
                entries = list(found)
        except OSError:
            continue
        # Before the folders below are named: the caller may clear some of these away.
        waiting += [entry.path for entry in entries if _is_open(entry)]
        yield entries


def is_away(place: Path) -> bool:
    """Whether iCloud Drive has taken a file off this machine: a small file with a dot says that it can be had again."""
    return not place.exists() and place.with_name(f".{place.name}{_AWAY}").is_file()


def is_inside(place: Path, root: Path) -> bool:
    """Whether a path ends inside ``root`` over all symbolic links; one that goes in a circle ends nowhere."""
    try:
        return place.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # RuntimeError is Python 3.11's and 3.12's word for a circle
        return False


def _shown(name: str) -> str:
    """The name of the file that a placeholder of iCloud's stands for; of all else its own."""
    return name.removeprefix(".").removesuffix(_AWAY) if name.endswith(_AWAY) else name


def _is_open(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and is_text(entry.name) and entry.is_dir(follow_symlinks=False)


def is_text(name: str) -> bool:
    """Whether a name can be written in a note: one of bytes that are no UTF-8 can be a link to nothing."""
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)
