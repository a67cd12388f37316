"""The network backend below httpx: what a client's tests do not show."""

from __future__ import annotations

import time

import httpcore
import httpx
import pytest

from ingest.guard import allowance
from ingest.transport import GuardedTransport, _Deadline, _GuardedBackend
from notes.errors import RefusedError
from tests.serving import Reply, ScriptedServer


def test_a_transport_serves_an_httpx_client(server: ScriptedServer) -> None:
    server.routes["/x"] = Reply(b"here")
    transport = GuardedTransport(allowed=allowance(["loopback"]), deadline=time.monotonic() + 10)
    with httpx.Client(transport=transport) as client:
        assert client.get(server.url("/x")).text == "here"
        assert client.get(server.url("/x")).text == "here"
    assert server.connections == 2


def test_without_an_allowance_it_opens_no_socket(server: ScriptedServer) -> None:
    transport = GuardedTransport(allowed=(), deadline=time.monotonic() + 10)
    with httpx.Client(transport=transport) as client, pytest.raises(RefusedError):
        client.get(server.url("/x"))
    assert server.connections == 0


def test_a_deadline_that_has_passed(server: ScriptedServer) -> None:
    transport = GuardedTransport(allowed=allowance(["loopback"]), deadline=time.monotonic() - 1)
    with httpx.Client(transport=transport) as client, pytest.raises(httpx.TimeoutException, match="over"):
        client.get(server.url("/x"))
    assert server.connections == 0


def test_a_server_that_speaks_no_http(server: ScriptedServer) -> None:
    server.routes["/x"] = Reply(status=99, headers={"Transfer-Encoding": "chunked"}, body=b"no chunk")
    transport = GuardedTransport(allowed=allowance(["loopback"]), deadline=time.monotonic() + 10)
    with httpx.Client(transport=transport) as client, pytest.raises(httpx.TransportError):
        client.get(server.url("/x"))


def test_no_socket_file_is_opened() -> None:
    backend = _GuardedBackend((), lambda host, port: [], _Deadline(0.0, time.monotonic))
    with pytest.raises(httpcore.ConnectError):
        backend.connect_unix_socket("/var/run/docker.sock")
