"""Connections to addresses: httpcore's exceptions, and nobody asked for a name."""

from __future__ import annotations

import select
import socket
import threading

import httpcore
import pytest

from ingest.web.sockets import Sockets, require_made


def never(*_: object, **__: object) -> None:
    raise AssertionError("somebody asks the resolver")


def test_an_address_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setattr(socket, "getaddrinfo", never)
        stream = Sockets().connect_tcp("127.0.0.1", listening.getsockname()[1], 5)
        with listening.accept()[0] as other:
            stream.write(b"question", 5)
            assert other.recv(100) == b"question"
            other.sendall(b"answer")
            assert stream.read(100, 5) == b"answer"
            stream.close()
            assert other.recv(100) == b""


def test_an_address_of_the_sixth_version() -> None:
    try:
        listening = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no ::1")
    with listening:
        stream = Sockets().connect_tcp("::1", listening.getsockname()[1], 5)
        with listening.accept()[0] as other:
            stream.write(b"question", 5)
            assert other.recv(100) == b"question"
            stream.close()


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(httpcore.ConnectError, match="refused"):
        Sockets().connect_tcp("127.0.0.1", port, 5)


def test_a_connection_in_the_making_blocks_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        connection = Sockets().begin("127.0.0.1", listening.getsockname()[1])
        with connection:
            assert not connection.getblocking()
            assert select.select([], [connection], [], 10)[1] == [connection]
            require_made(connection)
            with pytest.raises(BlockingIOError):
                connection.recv(1)


def test_one_that_fails_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    try:
        connection = Sockets().begin("127.0.0.1", port)
    except httpcore.ConnectError:
        return
    with connection:
        assert select.select([], [connection], [], 10)[1] == [connection]
        with pytest.raises(ConnectionRefusedError):
            require_made(connection)


def test_what_is_no_address() -> None:
    with pytest.raises(httpcore.ConnectError):
        Sockets().connect_tcp("127.0.0.1:80", 80, 5)


@pytest.mark.parametrize("is_reset", [False, True], ids=["silence", "reset"])
def test_an_answer_that_does_not_come(*, is_reset: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stream = Sockets().connect_tcp("127.0.0.1", listening.getsockname()[1], 5)
        with listening.accept()[0] as other:
            if is_reset:
                other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                other.close()
            with pytest.raises(httpcore.ReadError if is_reset else httpcore.ReadTimeout):
                stream.read(100, 0.05)
        stream.close()


def test_what_cannot_be_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stream = Sockets().connect_tcp("127.0.0.1", listening.getsockname()[1], 5)
        with listening.accept()[0], pytest.raises(httpcore.WriteTimeout):
            stream.write(bytes(2**26), 0.05)
        stream.close()
        with pytest.raises(httpcore.WriteError):
            stream.write(b"more", 5)


def test_who_takes_a_little_at_a_time_gets_no_more_time_for_it() -> None:
    is_over = threading.Event()

    def take(other: socket.socket) -> None:
        while not is_over.wait(0.02) and other.recv(65_536):
            pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        stream = Sockets().connect_tcp("127.0.0.1", listening.getsockname()[1], 5)
        stream.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
        with listening.accept()[0] as other:
            taking = threading.Thread(target=take, args=(other,))
            taking.start()
            try:
                with pytest.raises(httpcore.WriteTimeout):
                    stream.write(bytes(2**26), 0.5)
            finally:
                is_over.set()
                stream.close()
                taking.join()
