"""Connections to addresses that are numbers already: nothing is looked up again, and nothing stands between.

httpcore's own backend asks the system's resolver once more for the address that the guard has judged, and maps the exceptions
of each operation through a context of its own: together about a fifth of what an answer of 304 took.
"""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl

    from httpcore import SOCKET_OPTION

__all__ = ["SocketStream", "Sockets", "connecting", "require_made"]

_UNDER_WAY = {0, errno.EINPROGRESS, errno.EWOULDBLOCK}
# Linux makes a socket that never blocks in one call.
_SET_OFF: int = getattr(socket, "SOCK_NONBLOCK", 0)


class Sockets(httpcore.NetworkBackend):
    """Opens TCP connections to IP addresses; its methods, and the exceptions that they raise, are httpcore's."""

    def connect_tcp(  # noqa: D102
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> SocketStream:
        connection = None
        try:
            connection = _socket_for(host)
            connection.settimeout(timeout)
            connection.connect((host, port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, OSError):
                raise connecting(error) from error
            raise
        return SocketStream(connection)

    def begin(self, host: str, port: int) -> socket.socket:
        """A connection in the making, which never blocks: it can be written to as soon as it is there, or has failed."""
        connection = _socket_for(host, _SET_OFF)
        try:
            if not _SET_OFF:
                connection.setblocking(False)
            trouble = connection.connect_ex((host, port))
        except BaseException:
            connection.close()
            raise
        if trouble not in _UNDER_WAY:
            connection.close()
            raise connecting(OSError(trouble, os.strerror(trouble)))
        return connection


def require_made(connection: socket.socket) -> None:
    """Raises OSError where the connection that :meth:`Sockets.begin` began has failed."""
    if trouble := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(trouble, os.strerror(trouble))


def _socket_for(address: str, flags: int = 0) -> socket.socket:
    # With its protocol, or Python asks the system which it is.
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.socket(family, socket.SOCK_STREAM | flags, socket.IPPROTO_TCP)


class SocketStream(httpcore.NetworkStream):
    """A connection; its methods, and the exceptions that they raise, are httpcore's."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: D102
        try:
            self._connection.settimeout(timeout)
            return self._connection.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: D102
        try:
            until = None if timeout is None else time.monotonic() + timeout
            while buffer:
                self._connection.settimeout(_left(until))
                buffer = buffer[self._connection.send(buffer) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:  # noqa: D102
        self._connection.close()

    def start_tls(  # noqa: D102
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> SocketStream:
        try:
            self._connection.settimeout(timeout)
            return SocketStream(ssl_context.wrap_socket(self._connection, server_hostname=server_hostname))
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise connecting(error) from error
            raise

    def get_extra_info(self, info: str) -> Any:  # noqa: D102
        return self._connection if info == "socket" else None


def _left(until: float | None) -> float | None:
    """The seconds until then: who takes a few bytes at a time gets no more of them. Raises TimeoutError."""
    if until is None:
        return None
    if (left := until - time.monotonic()) <= 0:
        raise TimeoutError("timed out")
    return left


def connecting(error: OSError) -> httpcore.ConnectTimeout | httpcore.ConnectError:
    """What httpcore calls a connection that failed so."""
    kind = httpcore.ConnectTimeout if isinstance(error, TimeoutError) else httpcore.ConnectError
    return kind(str(error))
