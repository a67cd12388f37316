"""Standard input in lines of bounded length: a line that never ends must not fill the memory."""

from __future__ import annotations

from typing import BinaryIO, Final

__all__ = ["LINE_LIMIT", "BoundedLines"]

LINE_LIMIT: Final = 1 << 20
"""Bytes of a message; the longest that a client has a reason to send has a few thousand."""

_TOO_LONG: Final = '"a line of more than 1 MiB"\n'  # no message of JSON-RPC, and answered as such
_CHUNK: Final = 1 << 16


class BoundedLines:
    """The lines of a stream as text; one of more than ``limit`` bytes is read away and given as a line that is no message."""

    def __init__(self, stream: BinaryIO, limit: int = LINE_LIMIT) -> None:
        self._stream = stream
        self._limit = limit

    def readline(self) -> str:
        """The next line with its end; empty at the end of the stream."""
        line = self._stream.readline(self._limit + 1)
        if len(line) <= self._limit or line.endswith(b"\n"):
            return line.decode("utf-8", errors="replace")
        while line and not line.endswith(b"\n"):
            line = self._stream.readline(_CHUNK)
        return _TOO_LONG

    def __iter__(self) -> BoundedLines:
        return self

    def __next__(self) -> str:
        line = self.readline()
        if not line:
            raise StopIteration
        return line
