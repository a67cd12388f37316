"""Sources that are files on this machine: a feed document, or a reply of arXiv's API, packed with gzip or not."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ingest.feeds import parse
from ingest.inflate import gunzipped, is_gzip
from ingest.sources import Fetched, FetchState, SourceSpec
from notes.errors import FetchError

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["MAX_FILE_BYTES", "fetch_file"]

MAX_FILE_BYTES = 256 * 2**20


def fetch_file(spec: SourceSpec, state: FetchState, *, now: datetime) -> Fetched:
    """The items of the file; not modified when its bytes are those of last time. Raises FetchError, ParseError."""
    body = _read(spec)
    digest = hashlib.sha256(body).hexdigest()
    if digest == state.body_sha256:
        return Fetched((), state, True, (), str(spec.path))
    feed = parse(body, spec=spec, base_url="", now=now)
    return Fetched(feed.items, FetchState(body_sha256=digest), False, feed.warnings, str(spec.path))


def _read(spec: SourceSpec) -> bytes:
    if spec.path is None:
        raise FetchError(f"source {spec.key} names no file", hint="a file source needs a path")
    try:
        if spec.path.stat().st_size > MAX_FILE_BYTES:
            raise FetchError(f"{spec.path} is larger than {MAX_FILE_BYTES:,} bytes")
        body = spec.path.read_bytes()
    except OSError as error:
        raise FetchError(f"{spec.path} cannot be read: {error.strerror}", hint="check the source's path") from error
    return gunzipped(body, MAX_FILE_BYTES) if is_gzip(body) else body
