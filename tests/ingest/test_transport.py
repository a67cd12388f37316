"""The connections themselves: what a client's tests do not show."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ingest.web import transport
from ingest.web.guard import Target, allowance, target_of
from ingest.web.transport import Answer, Request, Transport
from notes.errors import RefusedError
from tests.proxying import certificate
from tests.serving import Reply, ScriptedServer

LOOPBACK = allowance(["loopback"])


def ask(
    server: ScriptedServer, path: str = "/x", *, seconds: float = 10, allowed: bool = True, **more: object
) -> tuple[Answer, bytes]:
    target = target_of(server.url(path), LOOPBACK)
    request = Request(target, [("x-one", "1")], **more)  # type: ignore[arg-type]
    sending = Transport().send(request, LOOPBACK if allowed else (), time.monotonic() + seconds)
    with sending as answer:
        return answer, b"".join(answer.chunks)


def test_an_exchange(server: ScriptedServer) -> None:
    server.routes["/x"] = Reply(b"here", headers={"X-Two": "2"})
    answer, body = ask(server)
    assert (answer.status, answer.headers["x-two"], body) == (200, "2", b"here")
    (asked,) = server.requests
    assert {name: asked.headers[name] for name in ("host", "x-one", "connection")} == {
        "host": f"127.0.0.1:{server.port}",
        "x-one": "1",
        "connection": "close",
    }


def test_content_is_sent_with_its_length(server: ScriptedServer) -> None:
    ask(server, method="POST", content="日报".encode())
    (asked,) = server.requests
    assert (asked.method, asked.body, asked.headers["content-length"]) == ("POST", "日报".encode(), "6")


def test_without_an_allowance_it_opens_no_socket(server: ScriptedServer) -> None:
    with pytest.raises(RefusedError):
        ask(server, allowed=False)
    assert server.connections == 0


def test_a_deadline_that_has_passed(server: ScriptedServer) -> None:
    with pytest.raises(httpx.ConnectTimeout, match="over"):
        ask(server, seconds=-1)
    assert server.connections == 0


@contextmanager
def saying(answer: bytes) -> Iterator[int]:
    """A server that says one thing, whatever it is asked; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)


def exchange(port: int, seconds: float = 5) -> tuple[Answer, bytes]:
    request = Request(Target("http", "127.0.0.1", port, "/"), [])
    with Transport().send(request, LOOPBACK, time.monotonic() + seconds) as answer:
        return answer, b"".join(answer.chunks)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", id="ssh"),
        pytest.param(b"-ERR wrong number of arguments\r\n", id="redis"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", id="half a body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk", id="no chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", id="a coding of the transfer"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", id="negative length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", id="two lengths"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", id="a long header"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\n", id="many headers"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" * 50_000 + b"HTTP/1.1 200 OK\r\n\r\n", id="many heads"),
    ],
)
def test_what_is_no_http(said: bytes) -> None:
    with saying(said) as port, pytest.raises(httpx.TransportError):
        exchange(port)


def test_a_header_that_comes_twice_is_a_list() -> None:
    """Two codings of a body in two headers may not look like one."""
    said = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nCONTENT-ENCODING: gzip\r\nX: \xe6\x97\xa5\r\nY: \xe9\r\n\r\n"
    with saying(said) as port:
        answer, _ = exchange(port)
    assert answer.headers == {"content-encoding": "gzip, gzip", "x": "日", "y": "é"}


def test_headers_that_would_break_the_request_are_not_sent() -> None:
    request = Request(Target("http", "127.0.0.1", 1, "/"), [("x", "1\r\nhost: other")])
    with saying(b"HTTP/1.1 200 OK\r\n\r\n") as port, pytest.raises(httpx.TransportError):
        target = Target("http", "127.0.0.1", port, "/")
        with Transport().send(Request(target, request.headers), LOOPBACK, time.monotonic() + 5):
            pass


def test_the_connection_is_closed_when_the_body_is_left(server: ScriptedServer) -> None:
    gone = threading.Event()

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 1000
        finally:
            gone.set()

    server.routes["/x"] = Reply(endless())
    request = Request(target_of(server.url("/x"), LOOPBACK), [])
    with Transport().send(request, LOOPBACK, time.monotonic() + 10) as answer:
        next(answer.chunks)
    assert gone.wait(5)


@pytest.fixture
def trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    made = certificate(tmp_path)
    if made is None:
        pytest.skip("no openssl here: nothing to speak TLS with")
    monkeypatch.setattr(transport, "_tls", made.client)
    return made.server


def test_tls_holds_the_certificate_against_the_name(trust: Callable[[], object]) -> None:
    with ScriptedServer({"/x": Reply(b"here")}, tls=trust()) as server:  # type: ignore[arg-type]
        for host, is_right in (("feeds.example.org", True), ("other.example.org", False), ("127.0.0.1", True)):
            request = Request(Target("https", host, server.port, "/x"), [])
            sending = Transport(resolver=lambda host, port: ("127.0.0.1",)).send(
                request, LOOPBACK, time.monotonic() + 5
            )
            if is_right:
                with sending as answer:
                    assert b"".join(answer.chunks) == b"here"
            else:
                with pytest.raises(httpx.ConnectError, match="certificate"), sending:
                    pass


def test_a_certificate_that_nobody_vouches_for(trust: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with ScriptedServer({"/x": Reply(b"here")}, tls=trust()) as server:  # type: ignore[arg-type]
        request = Request(Target("https", "127.0.0.1", server.port, "/x"), [])
        with pytest.raises(httpx.ConnectError), Transport().send(request, LOOPBACK, time.monotonic() + 5):
            pass
