"""Standard streams of a command that runs for a client: what it writes becomes frames, what it reads sends it home."""

from __future__ import annotations

import io
from typing import Any, NoReturn

from slipway.warm.asked import Stream
from slipway.warm.protocol import MAX_ANSWER, frame

__all__ = ["GoCold", "Output", "Unreadable", "captured"]


class GoCold(BaseException):
    """This command is for the client's own process; no handler of the command's may take it for a failure."""


class Output:
    """What was written to both streams, in the order of writing."""

    def __init__(self) -> None:
        self._written: list[tuple[bytes, bytearray]] = []
        self._size = 0

    def add(self, kind: bytes, some: bytes) -> None:
        """Take what was written to a stream; raises GoCold when it is more than an answer may hold."""
        self._size += len(some) + 5
        if self._size > MAX_ANSWER:
            raise GoCold("too long an answer")
        if self._written and self._written[-1][0] == kind:
            self._written[-1][1].extend(some)
        else:
            self._written.append((kind, bytearray(some)))

    def frames(self) -> bytes:
        """The frames of all that was written."""
        return b"".join(frame(kind, bytes(some)) for kind, some in self._written)


class _Raw(io.BufferedIOBase):
    name = "captured"

    def __init__(self, kind: bytes, output: Output, *, terminal: bool) -> None:
        self._kind, self._output, self._terminal = kind, output, terminal

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._terminal

    def write(self, some: Any) -> int:
        self._output.add(self._kind, bytes(some))
        return len(some)


class Unreadable(io.TextIOBase):
    """Standard input: it stayed with the client, and so must whatever asks for it."""

    encoding = "utf-8"

    def _refuse(self, *_: object) -> NoReturn:
        raise GoCold("it reads standard input")

    buffer = property(_refuse)
    isatty = fileno = read = readline = readlines = readable = __iter__ = __next__ = _refuse


def captured(kind: bytes, output: Output, stream: Stream) -> io.TextIOWrapper:
    """A standard stream that takes text as the client's does; LookupError for an encoding that is not known here."""
    raw = _Raw(kind, output, terminal=stream.terminal)
    return io.TextIOWrapper(raw, encoding=stream.encoding, errors=stream.errors, newline="\n", write_through=True)
