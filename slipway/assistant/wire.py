"""Standard input in lines of bounded length: a line that never ends must not fill the memory."""

from __future__ import annotations

import re
from typing import IO, Final

__all__ = ["LINE_LIMIT", "BoundedLines"]

LINE_LIMIT: Final = 1 << 20
"""Bytes of a message; the longest that a client has a reason to send has a few thousand."""

_CHUNK: Final = 1 << 16

# A request of its own that no server knows: the answer tells the client why, and that it need not wait.
_TOO_LONG: Final = '{"jsonrpc":"2.0","id":%s,"method":"a line of more than 1 MiB"}\n'
_ID: Final = re.compile(rb'"id"\s*:\s*(-?\d{1,15}|"[\w-]{1,100}")\s*[,}]')
_ID_WITHIN: Final = 300  # bytes: further inside an "id" may be anybody's

# Escapes in JSON: of a backslash, of a whole pair, of half a character. The last the SDK's reader of JSON refuses, and with
# it a call that then is never answered; texts that were cut within an emoji have it.
_ESCAPES: Final = re.compile(
    r"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


class BoundedLines:
    """The lines of a stream as text; one of more than ``limit`` bytes is read away, and a request that tells so given.

    Halves of characters in it are replaced, as bytes that are no UTF-8 are.
    """

    def __init__(self, stream: IO[bytes], limit: int = LINE_LIMIT) -> None:
        self._stream = stream
        self._limit = limit

    def readline(self) -> str:
        """The next line with its end; empty at the end of the stream."""
        line = self._stream.readline(self._limit + 1)
        if len(line) <= self._limit or line.endswith(b"\n"):
            return _ESCAPES.sub(lambda match: match[1] or "\\ufffd", line.decode("utf-8", errors="replace"))
        wanted = _ID.search(line[:_ID_WITHIN])
        while line and not line.endswith(b"\n"):
            line = self._stream.readline(_CHUNK)
        return _TOO_LONG % (wanted[1].decode("ascii", "replace") if wanted else "null")

    def __iter__(self) -> BoundedLines:
        return self

    def __next__(self) -> str:
        line = self.readline()
        if not line:
            raise StopIteration
        return line
