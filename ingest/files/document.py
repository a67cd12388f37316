"""Sources that are files on this machine: a feed, a reply of arXiv's API, a saved page or a mail, packed or not."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

from ingest.files.local_document import read_local
from ingest.sources import Fetched, FetchState, SourceSpec
from ingest.web.inflate import gunzipped, is_gzip
from ingest.workers.parser import InProcess, Parses
from notes.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from ingest.feeds.document import ParsedFeed

__all__ = ["MAX_FILE_BYTES", "fetch_file", "read_file"]

MAX_FILE_BYTES = 20_000_000


def fetch_file(
    spec: SourceSpec,
    state: FetchState,
    *,
    now: datetime,
    max_bytes: int = MAX_FILE_BYTES,
    parser: Parses | None = None,
) -> Fetched:
    """The items of the file; not modified when its bytes are those of last time.

    Raises FetchError for what is no regular file or holds more than ``max_bytes``, as it stands or unpacked, and
    ParseError for what cannot be read. Parsed by ``parser``, else right here.
    """
    if spec.path is None:
        raise FetchError(f"source {spec.key} names no file", hint="a file source needs a path")
    body = read_file(spec.path, max_bytes)
    digest = hashlib.sha256(body).hexdigest()
    if digest == state.body_sha256:
        return Fetched((), state, True, (), str(spec.path))
    given: ParsedFeed = (parser or InProcess()).call(read_local, body, spec.path.name, spec, now, what=str(spec.path))
    return Fetched(given.items, FetchState(body_sha256=digest), False, given.warnings, str(spec.path))


def read_file(path: Path, max_bytes: int, *, follow: bool = True) -> bytes:
    """The bytes of a regular file, unpacked; a link is opened only with ``follow``. Raises FetchError."""
    try:
        body = _content(path, max_bytes, _at_once if follow else _at_once_no_link)
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or error
        raise FetchError(f"{path} cannot be read: {told}", hint="check the source's path") from error
    try:
        return gunzipped(body, max_bytes) if is_gzip(body) else body
    except FetchError as error:
        raise FetchError(f"{path}: {error.message}", hint="check the packed file") from error


def _content(path: Path, max_bytes: int, opener: Callable[[str, int], int]) -> bytes:
    """The bytes of a regular file. A device or a pipe could be read for ever, or would never answer."""
    with open(path, "rb", opener=opener) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FetchError(f"{path} is no regular file", hint="a file source reads a document that lies on the disk")
        body = file.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise FetchError(f"{path} is larger than {max_bytes:,} bytes", hint="split the document")
    return body


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for another end, which a pipe does otherwise."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _at_once_no_link(path: str, flags: int) -> int:
    return _at_once(path, flags | getattr(os, "O_NOFOLLOW", 0))
