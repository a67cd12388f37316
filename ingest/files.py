"""Sources that are files on this machine: a feed document, or a reply of arXiv's API, packed with gzip or not."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

from ingest.feeds import parse
from ingest.inflate import gunzipped, is_gzip
from ingest.sources import Fetched, FetchState, SourceSpec
from notes.errors import FetchError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

__all__ = ["MAX_FILE_BYTES", "fetch_file"]

MAX_FILE_BYTES = 20_000_000


def fetch_file(spec: SourceSpec, state: FetchState, *, now: datetime, max_bytes: int = MAX_FILE_BYTES) -> Fetched:
    """The items of the file; not modified when its bytes are those of last time.

    Raises FetchError for what is no regular file or holds more than ``max_bytes``, as it stands or unpacked, and
    ParseError for what is no feed.
    """
    body = _read(spec, max_bytes)
    digest = hashlib.sha256(body).hexdigest()
    if digest == state.body_sha256:
        return Fetched((), state, True, (), str(spec.path))
    feed = parse(body, spec=spec, base_url="", now=now)
    return Fetched(feed.items, FetchState(body_sha256=digest), False, feed.warnings, str(spec.path))


def _read(spec: SourceSpec, max_bytes: int) -> bytes:
    if spec.path is None:
        raise FetchError(f"source {spec.key} names no file", hint="a file source needs a path")
    try:
        body = _content(spec.path, max_bytes)
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or error
        raise FetchError(f"{spec.path} cannot be read: {told}", hint="check the source's path") from error
    try:
        return gunzipped(body, max_bytes) if is_gzip(body) else body
    except FetchError as error:
        raise FetchError(f"{spec.path}: {error.message}", hint="check the packed file") from error


def _content(path: Path, max_bytes: int) -> bytes:
    """The bytes of a regular file. A device or a pipe could be read for ever, or would never answer."""
    with open(path, "rb", opener=_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FetchError(f"{path} is no regular file", hint="a file source reads a document that lies on the disk")
        body = file.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise FetchError(f"{path} is larger than {max_bytes:,} bytes", hint="split the document")
    return body


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for another end, which a pipe does otherwise."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
