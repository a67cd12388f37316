"""Lookups under a time: a resolver that hangs holds nobody up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from ingest.web.client import HttpClient, Limits
from ingest.web.resolve import Lookups
from notes.errors import FetchError
from tests.serving import Reply, ScriptedServer


class Dead:
    """A resolver that answers nobody, until it is released; ``asked`` counts who waits."""

    def __init__(self) -> None:
        self.asked = 0
        self._release = threading.Event()

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        self._release.wait(30)
        return ("127.0.0.1",)

    def release(self) -> None:
        self._release.set()


@pytest.fixture
def dead() -> Iterator[Dead]:
    resolver = Dead()
    yield resolver
    resolver.release()


def took(what: Callable[[], object]) -> float:
    started = time.monotonic()
    what()
    return time.monotonic() - started


def test_an_answer() -> None:
    assert Lookups(lambda host, port: (host, str(port))).within(5)("a.org", 80) == ("a.org", "80")


@pytest.mark.parametrize("error", [OSError("no such name"), UnicodeError("label too long")])
def test_what_the_resolver_raises_is_raised(error: Exception) -> None:
    def failing(host: str, port: int) -> Sequence[str]:
        raise error

    with pytest.raises(type(error), match=str(error)):
        Lookups(failing).within(5)("a.org", 80)


def test_nobody_waits_longer_than_is_left(dead: Dead) -> None:
    lookups = Lookups(dead)
    with pytest.raises(TimeoutError, match=r"no answer in 0\.1 s"):
        lookups.within(0.1)("a.org", 80)


def test_so_many_may_hang_at_once_and_no_more(dead: Dead) -> None:
    lookups = Lookups(dead, at_once=3)
    for _ in range(6):
        with pytest.raises(TimeoutError):
            lookups.within(0.02)("a.org", 80)
    until = time.monotonic() + 10
    while dead.asked < 3 and time.monotonic() < until:  # a thread may begin after nobody waits for it any more
        time.sleep(0.01)
    assert dead.asked == 3
    dead.release()
    assert lookups.within(5)("a.org", 80) == ("127.0.0.1",)  # those that hung have made room


def test_a_dead_resolver_costs_a_request_no_more_than_its_time(dead: Dead) -> None:
    for limits in (Limits(total_s=0.2, retries=0), Limits(connect_s=0.2, retries=0)):
        client = HttpClient(limits, resolver=dead)

        def fetch(client: HttpClient = client) -> None:
            with pytest.raises(FetchError, match="cannot be resolved: the resolver gave no answer"):
                client.get("http://feeds.example.org/")

        assert took(fetch) < 15  # the resolver alone would take twice as long


def test_without_the_limit_it_would_hang(dead: Dead) -> None:
    """The control: asked directly, the resolver is waited for."""
    asking = threading.Thread(target=dead, args=("a.org", 80), daemon=True)
    asking.start()
    asking.join(0.3)
    assert asking.is_alive()


def test_an_address_is_not_looked_up(dead: Dead, server: ScriptedServer) -> None:
    server.routes["/feed"] = Reply(b"<rss/>")
    assert HttpClient(Limits(), resolver=dead).get(server.url("/feed"), allow=("loopback",)).status == 200
    assert dead.asked == 0
