"""What is opened, and to whom: ranges for one source alone, and ranges for every request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from ingest.web.client import HttpClient, Limits
from notes.errors import ConfigError, RefusedError
from tests.dialing import Dialer, dialing
from tests.serving import Reply, ScriptedServer, redirect

PUBLIC = "93.184.215.14"
NAMES = {
    "feeds.example.org": PUBLIC,
    "fake.example.org": "198.18.0.7",
    "nas.lan": "192.168.1.7",
    "other.lan": "192.168.1.8",
}


@pytest.fixture(scope="module")
def dialer() -> Iterator[Dialer]:
    """Everything that is dialled leads to the world, which says yes; what counts is whether it is dialled."""
    with ScriptedServer() as world, dialing(world) as dialer:
        dialer.canary.port = world.port
        yield dialer


def resolve(host: str, port: int) -> Sequence[str]:
    return (NAMES.get(host, "198.18.0.9"),)


@dataclass(frozen=True)
class Case:
    """A request, or one redirected ``to`` somewhere, and whether it gets there."""

    url: str
    is_open: bool
    to: str = ""
    own: tuple[str, ...] = ()
    everyone: tuple[str, ...] = ()


FAKE = ("fake-ip",)
LAN = ("192.168.1.0/24",)
CASES = {
    "nothing is open": Case("http://fake.example.org/", False),
    # A source's own: its address, and redirects on the same host and port.
    "own: the source": Case("http://192.168.1.7:8080/", True, own=LAN),
    "own: by its local name": Case("http://nas.lan/", True, own=LAN),
    "own: other ranges stay shut": Case("http://10.0.0.1/", False, own=LAN),
    "own: the same place": Case("http://nas.lan/", True, to="http://nas.lan/feed", own=LAN),
    "own: its https": Case("http://nas.lan/", True, to="https://nas.lan/feed", own=LAN),
    "own: another port of it": Case("http://nas.lan:8080/", False, to="http://nas.lan:9090/", own=LAN),
    "own: its neighbour": Case("http://nas.lan/", False, to="http://other.lan/", own=LAN),
    "own: its neighbour by number": Case("http://nas.lan/", False, to="http://192.168.1.8/", own=LAN),
    "own: itself by number": Case("http://nas.lan/", False, to="http://192.168.1.7/", own=LAN),
    "own: from the world": Case("http://feeds.example.org/", False, to="http://nas.lan/", own=LAN),
    "own: to the world": Case("http://nas.lan/", True, to="http://feeds.example.org/", own=LAN),
    "own: a name that leads into it": Case("http://nas.lan/", False, to="http://fake.example.org/", own=(*LAN, *FAKE)),
    # Everyone's: each request and each hop.
    "everyone: a feed": Case("http://fake.example.org/", True, everyone=FAKE),
    "everyone: a redirect": Case("http://feeds.example.org/", True, to="http://fake.example.org/", everyone=FAKE),
    "everyone: a chain in it": Case("http://fake.example.org/", True, to="http://another.example.org/", everyone=FAKE),
    "everyone: other ranges stay shut": Case("http://192.168.1.7/", False, everyone=FAKE),
    "everyone: not by redirect either": Case("http://fake.example.org/", False, to="http://127.0.0.1/", everyone=FAKE),
    "everyone: no local names": Case("http://localhost/", False, everyone=FAKE),
    "everyone: no local names by redirect": Case(
        "http://fake.example.org/", False, to="http://intranet/", everyone=FAKE
    ),
    "everyone: ports are judged": Case("http://fake.example.org:22/", False, everyone=FAKE),
    # Both.
    "both: the source": Case("http://nas.lan/", True, own=LAN, everyone=FAKE),
    "both: from the source to everyone's": Case(
        "http://nas.lan/", True, to="http://fake.example.org/", own=LAN, everyone=FAKE
    ),
    "both: from everyone's to the source's": Case(
        "http://fake.example.org/", False, to="http://nas.lan/", own=LAN, everyone=FAKE
    ),
    "both: its neighbour": Case("http://nas.lan/", False, to="http://192.168.1.8/", own=LAN, everyone=FAKE),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_open_to_whom(name: str, dialer: Dialer) -> None:
    case = CASES[name]
    dialer.world.requests.clear()
    dialer.world.routes = {"/": redirect(case.to) if case.to else Reply(b"fine"), "/feed": Reply(b"fine")}
    client = HttpClient(Limits(retries=0, allow=case.everyone, max_redirects=1), resolver=resolve)
    opened = True
    try:
        client.get(case.url, allow=case.own)
    except RefusedError:
        opened = False
    except Exception:  # noqa: BLE001 - two redirects, or no TLS: it got there
        opened = True
    assert opened is case.is_open
    assert len(dialer.take()) == (1 if case.to else 0) + case.is_open


def test_an_allowance_for_everyone_that_is_none_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="allow"):
        HttpClient(Limits(allow=("nonsense",)))
