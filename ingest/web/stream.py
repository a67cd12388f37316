"""A connection whose every operation ends at one moment, and whose headers end somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

__all__ = ["Limit", "LimitedStream"]

_MAX_HEADS = 262_144


class Limit:
    """What is left of the time, and of the bytes that may come before a body: h11 bounds one head, not how many come."""

    def __init__(self, moment: float, clock: Callable[[], float]) -> None:
        self._moment = moment
        self._clock = clock
        self._head_left: float = _MAX_HEADS

    def within(self, timeout: float | None, error: type[httpcore.TimeoutException]) -> float:
        """Seconds for an operation that may take ``timeout``; raises ``error`` where none are left."""
        left = self._moment - self._clock()
        if left <= 0:
            raise error("the time for this request is over")
        return left if timeout is None else min(timeout, left)

    def took(self, size: int) -> None:
        """Counts bytes that came. Raises RemoteProtocolError where no answer is among so many."""
        self._head_left -= size
        if self._head_left < 0:
            raise httpcore.RemoteProtocolError("headers without end")

    def has_answer(self) -> None:
        """The head is here; whoever reads the body counts it."""
        self._head_left = float("inf")


class LimitedStream(httpcore.NetworkStream):
    """A connection whose every operation ends at the limit; its methods are httpcore's."""

    def __init__(self, stream: httpcore.NetworkStream, limit: Limit) -> None:
        self._stream = stream
        self._limit = limit

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: D102
        read = self._stream.read(max_bytes, self._limit.within(timeout, httpcore.ReadTimeout))
        self._limit.took(len(read))
        return read

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: D102
        self._stream.write(buffer, self._limit.within(timeout, httpcore.WriteTimeout))

    def close(self) -> None:  # noqa: D102
        self._stream.close()

    def start_tls(  # noqa: D102
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> LimitedStream:
        left = self._limit.within(timeout, httpcore.ConnectTimeout)
        return LimitedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._limit)

    def get_extra_info(self, info: str) -> Any:  # noqa: D102
        return self._stream.get_extra_info(info)
