"""Compressed bodies, unpacked under a cap.

A megabyte of gzip may hold a gigabyte of blanks, and httpx hands out what one chunk unpacks to as one piece: so the
bytes are taken as they come over the wire, and unpacked in small steps that stop at the cap, and before it where so
little cannot hold so much.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from notes.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["gunzipped", "is_gzip", "limited"]

_STEP = 262_144
_GZIP_OR_ZLIB = 47
_RAW_DEFLATE = -15
# Feeds and pages shrink to a tenth, templates to a fiftieth; beyond this it is a bomb, even one that keeps to the cap.
_MAX_RATIO = 100
_FREE = 2**20
_GZIP_FIRST = 0x1F


def is_gzip(body: bytes) -> bool:
    """Whether the bytes begin as gzip does."""
    return body.startswith(b"\x1f\x8b\x08")


def gunzipped(body: bytes, max_bytes: int) -> bytes:
    """A gzip document unpacked. Raises FetchError where it is damaged or larger than ``max_bytes``."""
    return limited([body], "gzip", max_bytes)


def limited(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """The body whole, its one content coding (gzip, deflate, or none) undone.

    Raises FetchError beyond ``max_bytes``, counted before and after unpacking, on what unpacks to a hundred times its
    size, on a coding that was not asked for (several of them, one after the other, among these), and on damaged data.
    """
    coding = encoding.strip().lower()
    if coding in {"", "identity"}:
        return _gathered(chunks, max_bytes)
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError(f"the body has a coding that was not asked for: {encoding[:100]!r}")
    return _gathered(_unpacked(_capped(chunks, max_bytes)), max_bytes)


def _gathered(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    # One buffer that grows: a body of two-byte chunks, kept as a list, takes twenty times its size.
    gathered = BytesIO()
    for chunk in _capped(chunks, max_bytes):
        gathered.write(chunk)
    return gathered.getvalue()


def _capped(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise FetchError(f"the document is larger than {max_bytes:,} bytes", hint="the size limit is a setting")
        yield chunk


def _unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = None
    packed = unpacked = 0
    try:
        for chunk in filter(None, chunks):
            unpacker = unpacker or zlib.decompressobj(_window(chunk[0]))
            packed += len(chunk)
            pending = chunk
            while pending and not unpacker.eof:
                piece = unpacker.decompress(pending, _STEP)
                unpacked += len(piece)
                if unpacked > _FREE + _MAX_RATIO * packed:
                    raise FetchError(f"the body unpacks to more than {_MAX_RATIO} times its size", hint="a bomb")
                yield piece
                pending = unpacker.unconsumed_tail
    except zlib.error as error:
        raise FetchError(f"the body is damaged: {error}") from error
    if unpacker is not None and not unpacker.eof:
        raise FetchError("the body ends too early")


def _window(first_byte: int) -> int:
    """What zlib is told to expect: some servers send deflate without the header, which has 8 in its lower half."""
    return _GZIP_OR_ZLIB if first_byte == _GZIP_FIRST or first_byte & 0x0F == 8 else _RAW_DEFLATE
