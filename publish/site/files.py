"""Bringing the built site to a folder: only what changed is written, only what was ours is removed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from notes.errors import PublishError
from notes.files.remedies import remedy_of

__all__ = ["MANIFEST", "SiteReport", "write"]

MANIFEST = ".slipway-site.json"
_TEMPORARY = ".slipway-site.tmp"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What :func:`write` did, as paths relative to the site folder.

    ``kept`` are files that somebody else put where a page belongs; they were left as they are.
    """

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...] = ()


def write(site_dir: Path, pages: Mapping[str, bytes]) -> SiteReport:
    """Make ``site_dir`` hold ``pages``: each file replaced atomically, those of an earlier build that are gone removed.

    A file that this function has not written (a ``CNAME``, a picture) is neither removed nor overwritten. The manifest
    names every file before it is written: a run that is killed leaves none that the next does not know as its own.
    Raises :class:`~notes.errors.PublishError` when the folder cannot be written, or a path would leave it.
    """
    try:
        return _write(site_dir.resolve(), pages)
    except OSError as error:
        raise PublishError(
            f"the site cannot be written to {site_dir}: {error}",
            hint=f"{remedy_of(error, site_dir)}; or let `site_dir` in slipway.toml name another folder",
        ) from error


def _write(root: Path, pages: Mapping[str, bytes]) -> SiteReport:
    root.mkdir(parents=True, exist_ok=True)
    before = _manifest(root)
    _hold_inside(root, (*pages, *before))
    kept = {path for path in pages if path not in before and _is_foreign(root / path, pages[path])}
    ours = sorted(set(pages) - kept)
    _note(root, sorted(before.union(ours)))
    written = [path for path in ours if _put(root, path, pages[path])]
    removed = [path for path in sorted(before.difference(pages)) if _remove(root, path)]
    _note(root, ours)
    unchanged = sorted(set(ours).difference(written))
    return SiteReport(tuple(written), tuple(unchanged), tuple(removed), tuple(sorted(kept)))


def _manifest(root: Path) -> frozenset[str]:
    file = root / MANIFEST
    if not file.exists():
        return frozenset()
    try:
        return frozenset(str(path) for path in json.loads(file.read_bytes())["files"])
    except (ValueError, KeyError, TypeError) as error:
        message = f"{file} is damaged: it no longer says which files of the site are Slipway's"
        raise PublishError(message, hint="empty the folder; the site is built anew from the vault") from error


def _note(root: Path, paths: Iterable[str]) -> None:
    text = json.dumps({"version": _VERSION, "files": list(paths)}, ensure_ascii=False, indent=0)
    _put(root, MANIFEST, text.encode())


def _hold_inside(root: Path, paths: Iterable[str]) -> None:
    """No path and no symbolic link on the way leads out of the site."""
    for folder in {(root / path).parent for path in paths}:
        if not folder.resolve().is_relative_to(root):
            raise PublishError(f"{folder} is outside of the site", hint="remove the link, or empty the site's folder")


def _is_foreign(file: Path, content: bytes) -> bool:
    return os.path.lexists(file) and (file.is_symlink() or not file.is_file() or file.read_bytes() != content)


def _put(root: Path, path: str, content: bytes) -> bool:
    """Write the file unless it holds ``content`` already; whether it was written."""
    file = root / path
    if file.is_file() and not file.is_symlink() and file.read_bytes() == content:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    # No fsync: what a power cut spoils is seen by the comparison above and made again.
    temporary = root / _TEMPORARY
    temporary.write_bytes(content)
    temporary.replace(file)
    return True


def _remove(root: Path, path: str) -> bool:
    file = root / path
    existed = os.path.lexists(file)
    file.unlink(missing_ok=True)
    for folder in file.parents:
        if folder == root or not folder.is_dir() or any(folder.iterdir()):
            break
        folder.rmdir()
    return existed
