"""An exchange as far as the first bytes of its answer, in steps that never block.

::

    look up → judge → connect to what was judged → TLS → send → the first bytes

Whoever has more to say than "304" is read further by a thread that may block, over the same connection: nobody is asked
twice. What goes wrong is kept, and raised there, where an attempt that failed is followed by another.
"""

from __future__ import annotations

import errno
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import httpcore

from ingest.web import plainhead
from ingest.web.guard import Allowance, addresses_of
from ingest.web.inflate import is_gzip
from ingest.web.resolve import TooManyLookupsError
from ingest.web.response import Response
from ingest.web.sockets import SocketStream, connecting, require_made
from ingest.web.waits import Steps, Wait
from notes.errors import FetchError, SourceError

if TYPE_CHECKING:
    from ingest.web.guard import Target
    from ingest.web.resolve import Lookups

__all__ = ["Begun", "Opening"]

_READ_BYTES = 65_536
_FORESEEN = (SourceError, httpcore.NetworkError, httpcore.TimeoutException)
# Nothing can be sent yet; or no more, since the other side was as quick as that, and may have answered.
_NOT_NOW = frozenset((errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOTCONN, errno.EPIPE, errno.ECONNRESET))
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Begun:
    """An exchange with its request sent: ``received`` are the first bytes that came, none where the server closed.

    Where it failed there is an ``error`` in place of a ``connection``. ``started`` and ``deadline`` are moments of the clock.
    """

    url: str
    started: float
    deadline: float
    connection: socket.socket | None = None
    received: bytes = b""
    error: Exception | None = None

    def taken(self) -> tuple[SocketStream, bytes]:
        """The connection, to be read further, and what was received; raises what went wrong."""
        if self.error is not None or self.connection is None:
            raise self.error or httpcore.ConnectError("no connection")
        return SocketStream(self.connection), self.received

    def unchanged(self) -> Response | None:
        """The answer where it is a plain 304, after which the connection is closed; None for anything else."""
        headers = plainhead.unchanged(self.received) if self.received else None
        if headers is None:
            return None
        self.close()
        return Response(304, headers, b"", self.url)

    def document(self, max_bytes: int) -> Response | None:
        """The answer where it is a plain document that was received whole, after which the connection is closed; else None.

        One that is packed or larger than ``max_bytes`` is for those who unpack and count.
        """
        found = plainhead.document(self.received) if self.received else None
        if found is None or found.length > min(max_bytes, len(found.begun)) or "content-encoding" in found.headers:
            return None
        body = found.begun[: found.length]
        if is_gzip(body):
            return None
        self.close()
        return Response(200, found.headers, body, self.url)

    def close(self) -> None:
        """Give the exchange up."""
        if self.connection is not None:
            self.connection.close()


@dataclass(slots=True)
class Opening:
    """What is needed to begin an exchange: ``request`` as it goes over the wire, and how long each step may take, in seconds."""

    target: Target
    request: bytes
    allowed: Allowance
    lookups: Lookups
    begin: Callable[[str, int], socket.socket]
    tls: Callable[[], ssl.SSLContext]
    connect_s: float
    read_s: float
    total_s: float
    clock: Callable[[], float] = time.monotonic
    _deadline: float = field(default=0.0, init=False)
    _connection: socket.socket | None = field(default=None, init=False)
    _unsent: bytes = field(default=b"", init=False)

    def steps(self) -> Steps[Begun | None]:
        """The exchange begun, or what went wrong with it; None where it must be begun by somebody who can wait for a place."""
        started = self.clock()
        self._deadline = started + self.total_s
        try:
            addresses = self._written() if self.target.is_literal else (yield from self._looked_up())
            connection = yield from self._connected(addresses)
            if self.target.scheme == "https":
                connection = yield from self._secured(connection)
            received = yield from self._asked(connection)
        except TooManyLookupsError:
            return None
        except _FORESEEN as error:
            self._close()
            return Begun(self.target.url, started, self._deadline, error=error)
        except BaseException:
            self._close()
            raise
        return Begun(self.target.url, started, self._deadline, connection, received)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _within(self, seconds: float) -> float:
        return min(self.clock() + seconds, self._deadline)

    def _connected(self, addresses: Sequence[str]) -> Steps[socket.socket]:
        """A connection to the first of the judged addresses that takes one, with the request sent where that was possible."""
        failure: Exception = httpcore.ConnectError("no address")
        is_plain = self.target.scheme == "http"
        for address in addresses:
            try:
                self._unsent = self.request
                self._connection = connection = self.begin(address, self.target.port)
                # On this machine a connection is there at once: to wait for it would be three calls of the system more.
                if not (is_plain and self._is_sent(connection)):
                    yield Wait(connection, selectors.EVENT_WRITE, self._within(self.connect_s))
                    require_made(connection)
            except OSError as error:
                self._close()
                failure = connecting(error)
            except httpcore.ConnectError as error:
                failure = error
            else:
                return connection
        raise failure

    def _is_sent(self, connection: socket.socket) -> bool:
        """Whether all could be sent at once. Raises OSError where the connection has failed."""
        try:
            self._unsent = self._unsent[connection.send(self._unsent) :]
        except OSError as error:
            if error.errno not in _NOT_NOW:
                raise
        return not self._unsent

    def _secured(self, connection: socket.socket) -> Steps[socket.socket]:
        until = self._within(self.connect_s)
        try:
            secured = self.tls().wrap_socket(
                connection, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self._connection = secured
            yield from _insisting(secured, secured.do_handshake, selectors.EVENT_READ, until)
        except OSError as error:
            raise connecting(error) from error
        return secured

    def _written(self) -> Sequence[str]:
        return addresses_of(self.target, self.allowed, lambda host, port: ())

    def _looked_up(self) -> Steps[Sequence[str]]:
        try:
            answer = self.lookups.begun(self.target.host, self.target.port)
            if not answer.done():
                yield Wait(answer, 0, self._within(self.connect_s))
        except TooManyLookupsError:
            raise
        except TimeoutError as error:
            waited = min(self.connect_s, self.total_s)
            told = f"{self.target.host} cannot be resolved: the resolver gave no answer in {waited:.1f} s"
            raise FetchError(told, hint="is the network up?") from error
        except OSError as error:
            raise FetchError(f"{self.target.host} cannot be resolved: {error}", hint="is the network up?") from error
        return addresses_of(self.target, self.allowed, lambda host, port: answer.result(0))

    def _asked(self, connection: socket.socket) -> Steps[bytes]:
        """What comes first when the request has been sent."""
        if self._unsent:
            yield from self._sent(connection)
        until = self._within(self.read_s)
        try:
            if self.target.scheme == "http":
                # What is not encrypted is nowhere but in the socket.
                yield Wait(connection, selectors.EVENT_READ, until)
            return (
                yield from _insisting(connection, partial(connection.recv, _READ_BYTES), selectors.EVENT_READ, until)
            )
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def _sent(self, connection: socket.socket) -> Steps[None]:
        until, left = self._within(self.read_s), self._unsent
        try:
            while left:
                sending = partial(connection.send, left)
                left = left[(yield from _insisting(connection, sending, selectors.EVENT_WRITE, until)) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError:
            # Who closes early may have answered before.
            pass


def _insisting(connection: socket.socket, operation: Callable[[], T], event: int, until: float) -> Steps[T]:
    """What the operation gives once it need not block; TLS may have to read before it can write, and the other way round."""
    while True:
        try:
            return operation()
        except ssl.SSLWantReadError:
            yield Wait(connection, selectors.EVENT_READ, until)
        except ssl.SSLWantWriteError:
            yield Wait(connection, selectors.EVENT_WRITE, until)
        except BlockingIOError:
            yield Wait(connection, event, until)
