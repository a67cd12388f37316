"""Sources that are folders: feed documents, saved pages and mails, in all the folders below.

::

    list the documents                        # by time of change, then by name
    the first n are those of last time?       # n and their digest are what is remembered
        read those after them                 # else read all
    each file's trouble is a warning that names it

New files come last by their time, so that a folder of ten thousand is not read again for the one that was added; and what
the limits of one night leave out is what the next night begins with. Files of kinds that are not read are counted in one
warning, told when the counts change: they are remembered too.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING

from ingest.files.document import fetch_file, read_file
from ingest.files.local_document import SUFFIXES, read_local
from ingest.sources import Fetched, FetchState, SourceSpec
from notes.errors import FetchError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ingest.feeds.document import ParsedFeed
    from ingest.workers.parser import Parses
    from notes.model import Item

__all__ = ["MAX_FILES", "MAX_FOLDER_BYTES", "fetch_folder", "fetch_path"]

MAX_FILES = 10_000
MAX_FOLDER_BYTES = 500_000_000
MAX_LISTED = 200_000
MAX_DEPTH = 32
_READ = (*SUFFIXES, *(f"{suffix}.gz" for suffix in SUFFIXES))
# A browser's name for what it has not finished.
_UNFINISHED = {".part", ".crdownload", ".download", ".tmp"}
_KIND = re.compile(r"\.[a-z0-9]{1,8}")
_KINDS_NAMED = 5
# A file in trouble that changed so lately is perhaps still being written.
_FRESH = timedelta(minutes=2)


def fetch_path(spec: SourceSpec, state: FetchState, *, now: datetime, max_bytes: int, parser: Parses) -> Fetched:
    """The items of a ``file`` source, be it a document or a folder of them. Raises SourceError."""
    if spec.path is not None and spec.path.is_dir():
        return fetch_folder(spec, state, now=now, max_bytes=max_bytes, parser=parser)
    return fetch_file(spec, state, now=now, max_bytes=max_bytes, parser=parser)


def fetch_folder(spec: SourceSpec, state: FetchState, *, now: datetime, max_bytes: int, parser: Parses) -> Fetched:
    """The items of the documents that came or changed since last time, ordered by path.

    At most ``MAX_FILES`` documents and ``MAX_FOLDER_BYTES`` in one night; hidden files, links and folders
    of a saved page's parts are passed over. Raises FetchError where the folder cannot be listed.
    """
    assert spec.path is not None
    listed, others, troubles = _listed(spec.path)
    known = _known(listed, state)
    is_told = others == state.body_sha256.partition(":")[2].partition(":")[2]
    if known == len(listed) and is_told:
        return Fetched((), state, True, (), str(spec.path))
    tonight = _tonight(listed[known:])
    passed_over = [others] if others and not is_told else []
    warnings = [*troubles, *passed_over, *_left_for_later(listed[known + len(tonight) :])]
    settled = list(listed[:known])
    items: list[Item] = []
    for document in sorted(tonight, key=lambda one: one.name):
        found, faults, is_settled = _read(document, spec, now=now, max_bytes=max_bytes, parser=parser)
        items.extend(found)
        warnings.extend(faults)
        if is_settled:
            settled.append(document)
    return Fetched(tuple(items), _remembered(settled, others), False, tuple(warnings), str(spec.path))


@dataclass(frozen=True, slots=True)
class _Document:
    """A file as the folder lists it; ``name`` is its path below the folder, with ``/``."""

    path: Path
    name: str
    size: int
    mtime_ns: int

    @property
    def order(self) -> tuple[int, str]:
        return self.mtime_ns, self.name

    @property
    def line(self) -> str:
        return f"{self.mtime_ns} {self.size} {self.name}\n"


def _listed(root: Path) -> tuple[list[_Document], str, list[str]]:
    """Every document below, in order; what else is there; what could not be listed, a FetchError where it is the root."""
    documents: list[_Document] = []
    others: Counter[str] = Counter()
    troubles: list[str] = []
    waiting = [(root, 0)]
    while waiting:
        folder, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            if folder == root:
                raise FetchError(f"{root} cannot be read: {error.strerror}", hint="check the source's path") from error
            troubles.append(f"{_printable(folder.relative_to(root).as_posix())} cannot be read: {error.strerror}")
            continue
        names = {entry.name for entry in entries}
        for entry in entries:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if not entry.is_dir(follow_symlinks=False):
                documents.extend(_document(root, folder, entry))
                others.update(_other_kind(entry))
            elif depth < MAX_DEPTH and not _is_part_of_page(entry.name, names):
                waiting.append((folder / entry.name, depth + 1))
        if len(documents) > MAX_LISTED:
            raise FetchError(f"{root} holds more than {MAX_LISTED:,} documents", hint="divide it into several sources")
    return sorted(documents, key=lambda document: document.order), _passed_over(others), troubles


def _document(root: Path, folder: Path, entry: os.DirEntry[str]) -> Iterator[_Document]:
    """The entry, where it is a file of a kind that is read and is still there."""
    if entry.name.lower().endswith(_READ):
        path = folder / entry.name
        with contextlib.suppress(FileNotFoundError):
            about = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(about.st_mode):
                yield _Document(path, path.relative_to(root).as_posix(), about.st_size, about.st_mtime_ns)


def _other_kind(entry: os.DirEntry[str]) -> Iterator[str]:
    """The ending of a file that is not read, ``others`` where it is none."""
    name = entry.name.lower()
    ending = PurePath(name).suffix
    if not name.endswith(_READ) and ending not in _UNFINISHED and entry.is_file(follow_symlinks=False):
        yield ending if _KIND.fullmatch(ending) else "others"


def _passed_over(others: Counter[str]) -> str:
    """The files of kinds that are not read, in words; '' where there is none."""
    if not others:
        return ""
    ranked = sorted(others.items(), key=lambda one: (-one[1], one[0]))
    named = [f"{kind} {count}" for kind, count in ranked[:_KINDS_NAMED]]
    rest = sum(count for _, count in ranked[_KINDS_NAMED:])
    files = "1 file" if others.total() == 1 else f"{others.total()} files"
    return f"{files} of other kinds passed over: {', '.join([*named, *([f'and {rest} more'] if rest else [])])}"


def _printable(name: str) -> str:
    """A name of undecodable bytes as text that can be stored."""
    return name.encode("utf-8", "replace").decode()


def _is_part_of_page(name: str, names: set[str]) -> bool:
    """Whether the folder holds the images and frames of a saved page: ``A story_files`` next to ``A story.html``."""
    stem = name.removesuffix("_files") if name.endswith("_files") else name.removesuffix(".files")
    return stem != name and bool({f"{stem}.html", f"{stem}.htm", f"{stem}.xhtml"} & names)


def _known(listed: Sequence[_Document], state: FetchState) -> int:
    """How many of the listed documents are those of last time: they come first, or nothing is known."""
    count, _, rest = state.body_sha256.partition(":")
    digest = rest.partition(":")[0]
    known = int(count) if count.isascii() and count.isdigit() and len(count) < 9 else 0
    return known if known <= len(listed) and _digest(listed[:known]) == digest else 0


def _remembered(settled: list[_Document], others: str) -> FetchState:
    digest = _digest(sorted(settled, key=lambda one: one.order))
    return FetchState(body_sha256=f"{len(settled)}:{digest}{':' if others else ''}{others}")


def _digest(documents: Sequence[_Document]) -> str:
    lines = "".join(document.line for document in documents)
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()


def _tonight(documents: Sequence[_Document]) -> Sequence[_Document]:
    """As many from the beginning as one night takes, and one at least."""
    room = MAX_FOLDER_BYTES
    for number, document in enumerate(documents[:MAX_FILES]):
        room -= document.size
        if room < 0 and number:
            return documents[:number]
    return documents[:MAX_FILES]


def _left_for_later(documents: Sequence[_Document]) -> list[str]:
    return [f"files left for the next night: {len(documents)}"] if documents else []


def _read(
    document: _Document, spec: SourceSpec, *, now: datetime, max_bytes: int, parser: Parses
) -> tuple[tuple[Item, ...], list[str], bool]:
    """The items of a document, what was amiss, and whether it is done with; one that changes meanwhile is not."""
    name = _printable(document.name)
    try:
        body = read_file(document.path, max_bytes, follow=False)
        if not _stands(document):
            return (), [f"{name}: the file is being written; it is read next time"], False
        given: ParsedFeed = parser.call(read_local, body, name, spec, now, what=name)
    except SourceError as error:
        is_fresh = timedelta() <= now - datetime.fromtimestamp(document.mtime_ns / 1e9, UTC) < _FRESH
        later = " (perhaps it is still being written; it is read again next time)" if is_fresh else ""
        message = error.message if document.name in error.message else f"{name}: {error.message}"
        return (), [_printable(message) + later], not is_fresh
    return given.items, [f"{name}: {warning}" for warning in given.warnings], True


def _stands(document: _Document) -> bool:
    try:
        about = document.path.lstat()
    except OSError:
        return False
    return (about.st_size, about.st_mtime_ns) == (document.size, document.mtime_ns)
