"""Connections to addresses that are numbers already: nothing is looked up again, and nothing stands between.

httpcore's own backend asks the system's resolver once more for the address that the guard has judged, and maps the exceptions
of each operation through a context of its own: together about a fifth of what an answer of 304 took.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl

    from httpcore import SOCKET_OPTION

__all__ = ["Sockets"]


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
            connection = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
            connection.settimeout(timeout)
            connection.connect((host, port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, OSError):
                raise _connecting(error) from error
            raise
        return SocketStream(connection)


class SocketStream(httpcore.NetworkStream):
    """A connection; its methods, and the exceptions that they raise, are httpcore's."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._connection.settimeout(timeout)
            return self._connection.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            until = None if timeout is None else time.monotonic() + timeout
            while buffer:
                self._connection.settimeout(_left(until))
                buffer = buffer[self._connection.send(buffer) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> SocketStream:
        try:
            self._connection.settimeout(timeout)
            return SocketStream(ssl_context.wrap_socket(self._connection, server_hostname=server_hostname))
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise _connecting(error) from error
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._connection if info == "socket" else None


def _left(until: float | None) -> float | None:
    """The seconds until then: who takes a few bytes at a time gets no more of them. Raises TimeoutError."""
    if until is None:
        return None
    if (left := until - time.monotonic()) <= 0:
        raise TimeoutError("timed out")
    return left


def _connecting(error: OSError) -> httpcore.ConnectTimeout | httpcore.ConnectError:
    kind = httpcore.ConnectTimeout if isinstance(error, TimeoutError) else httpcore.ConnectError
    return kind(str(error))
