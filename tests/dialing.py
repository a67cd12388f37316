"""The networks of a test: every connection of the client, counted, and led to a server of the test.

Public addresses are played by one server on loopback, the world; all others by the canary, which listens on every
address of this machine and which nobody may ever reach. Besides, Python's own audit events count each connection and
each lookup of the process, so that what does not go through the client's transport is seen too.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import httpcore
import pytest

from ingest.web import transport
from ingest.web.sockets import Sockets
from tests.serving import ScriptedServer

__all__ = ["Audit", "Canary", "Dialer", "audited", "dialing", "local_addresses"]


class Canary:
    """Listens on all of this machine's addresses, IPv4 and IPv6, and counts who comes. It answers nothing."""

    def __init__(self) -> None:
        both = socket.has_dualstack_ipv6()
        self._socket = socket.create_server(
            ("::" if both else "0.0.0.0", 0),
            family=socket.AF_INET6 if both else socket.AF_INET,
            dualstack_ipv6=both,
            backlog=512,
        )
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.port = self._socket.getsockname()[1]
        self.total = 0
        self._told = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.total += 1
            connection.close()

    def reached(self, at_least: int = 0) -> int:
        """How many have come since the last time; so many are waited for, a moment."""
        until = time.monotonic() + 2
        while self.total - self._told < at_least and time.monotonic() < until:
            time.sleep(0.01)
        new, self._told = self.total - self._told, self.total
        return new


def local_addresses() -> list[str]:
    """Addresses of this machine on which something can listen: loopback in both families and the interfaces' own."""
    found = ["127.0.0.1", "127.1.2.3", "127.255.255.254", "::1", "::ffff:127.0.0.1"]
    for family, far in ((socket.AF_INET, "192.0.2.77"), (socket.AF_INET6, "2001:db8::77")):
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((far, 9))  # sends nothing: it asks which interface would
                found.append(str(probe.getsockname()[0]))
            except OSError:
                continue
    return [address for address in dict.fromkeys(found) if _is_ours(address)]


def _is_ours(address: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


@dataclass
class Dialer:
    """Stands where the transport opens sockets: ``dialled`` holds each address and port that was to be connected to."""

    world: ScriptedServer
    canary: Canary
    dialled: list[tuple[str, int]] = field(default_factory=list)
    total: int = 0
    ours: frozenset[str] = field(default_factory=lambda: frozenset([*local_addresses(), "0.0.0.0", "::"]))

    def connect_tcp(self, address: str, port: int, timeout: float | None = None) -> Any:
        self.dialled.append((address, port))
        self.total += 1
        if is_public(address):
            return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.world.port, timeout)
        here = address if address in self.ours else "127.0.0.1"
        return httpcore.SyncBackend().connect_tcp(here, self.canary.port, timeout)

    def begin(self, address: str, port: int) -> socket.socket:
        self.dialled.append((address, port))
        self.total += 1
        if is_public(address):
            return Sockets().begin("127.0.0.1", self.world.port)
        return Sockets().begin(address if address in self.ours else "127.0.0.1", self.canary.port)

    def take(self) -> list[tuple[str, int]]:
        """What was dialled since the last time."""
        taken, self.dialled = self.dialled, []
        return taken


@contextmanager
def dialing(world: ScriptedServer) -> Iterator[Dialer]:
    """Every connection of every client goes through the dialer."""
    with Canary() as canary, pytest.MonkeyPatch.context() as patch:
        dialer = Dialer(world, canary)
        patch.setattr(transport, "_SOCKETS", dialer)
        yield dialer


_PRIVATE = [
    ipaddress.ip_network(net)
    for net in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
        *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16"),
    )
]


def is_public(address: str) -> bool:
    """A judgement that shares nothing with the guard's: only what is plainly of the world is public."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inside = parsed.ipv4_mapped
        if inside is None and parsed in ipaddress.ip_network("64:ff9b::/96"):
            inside = ipaddress.IPv4Address(parsed.packed[-4:])
        if inside is None and parsed not in ipaddress.ip_network("2000::/3"):
            return False
        parsed = parsed if inside is None else inside
    return not any(parsed in net for net in _PRIVATE if net.version == parsed.version)


@dataclass
class Audit:
    """What Python itself reported: addresses connected to, and names looked up."""

    connected: list[Any] = field(default_factory=list)
    looked_up: list[Any] = field(default_factory=list)


_listening: list[Audit] = []


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _listening and event == "socket.connect" and isinstance(args[1], tuple):
        _listening[-1].connected.append(args[1][:2])
    elif _listening and event == "socket.getaddrinfo":
        _listening[-1].looked_up.append(args[0])


@contextmanager
def audited() -> Iterator[Audit]:
    """Listens to the process. The hook stays, as all audit hooks do, and is deaf afterwards."""
    if not _hook.__dict__.setdefault("is_set", False):
        sys.addaudithook(_hook)
        _hook.__dict__["is_set"] = True
    _listening.append(audit := Audit())
    try:
        yield audit
    finally:
        _listening.remove(audit)
