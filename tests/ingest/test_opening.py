"""Feeds that were read before: begun by one thread for all of them, and gone on with where there is more than a 304."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest import fetch
from ingest.fetch import fetch_all
from ingest.sources import FetchState, SourceOutcome, SourceSpec
from ingest.web import transport
from ingest.web.client import HttpClient, Limits
from ingest.web.guard import Resolver
from ingest.web.opening import Begun
from ingest.web.sockets import Sockets
from ingest.workers.parser import InProcess
from notes.errors import FetchError, RefusedError
from tests.ingest.conftest import FakeTime
from tests.ingest.test_fetch import Crowd, feed, rss
from tests.proxying import certificate
from tests.serving import Reply, ScriptedServer, redirect

STATE = FetchState('"1"', "", "x")
LIMITS = Limits(retries=0, pause_s=0.0)
UNCHANGED = Reply(rss("a"), etag='"1"')

Night = Callable[..., dict[str, SourceOutcome]]


@pytest.fixture
def night(now: datetime, fake_time: FakeTime) -> Night:
    def run(
        *specs: SourceSpec,
        limits: Limits = LIMITS,
        resolver: Resolver = lambda host, port: ["127.0.0.1"],
        workers: int = 8,
    ) -> dict[str, SourceOutcome]:
        states = {spec.key: STATE for spec in specs}
        outcomes = fetch_all(
            specs,
            states,
            limits=limits,
            now=now,
            sleep=fake_time.sleep,
            resolver=resolver,
            parser=InProcess(),
            workers=workers,
        )
        return {outcome.spec.key: outcome for outcome in outcomes}

    return run


@pytest.fixture
def no_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No feed has a thread of its own."""

    def refuse(*_: object) -> None:
        raise AssertionError("a thread of its own")

    monkeypatch.setattr(fetch._Run, "_lane", refuse)


def hosts(server: ScriptedServer, count: int, path: str = "/feed") -> list[SourceSpec]:
    return [feed(server, path, f"h{number}.example.org") for number in range(count)]


def titles(outcome: SourceOutcome) -> list[str]:
    assert outcome.fetched is not None, outcome.error
    return [item.title for item in outcome.fetched.items]


def test_what_has_not_changed_needs_no_thread_of_its_own(server: ScriptedServer, night: Night, no_lanes: None) -> None:
    server.routes["/feed"] = replace(UNCHANGED, headers={"Cache-Control": "max-age=600"})
    found = night(*hosts(server, 20), feed(server, "/feed"))
    assert all(one.fetched and one.fetched.not_modified and one.fetched.state == STATE for one in found.values())
    assert {one.fetched.hints.max_age_s for one in found.values() if one.fetched} == {600}
    assert (len(found), len(server.requests), server.connections) == (21, 21, 21)
    assert all(one.seconds >= 0 for one in found.values())


def test_it_asks_as_a_thread_of_its_own_would(
    server: ScriptedServer, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/feed"] = UNCHANGED
    limits = replace(LIMITS, user_agent="one of us")
    night(feed(server, "/feed"), limits=limits)
    monkeypatch.setattr(fetch, "opening_of", lambda *_: None)
    night(feed(server, "/feed"), limits=limits)
    first, second = server.requests
    assert list(first.headers.items()) == list(second.headers.items())


@pytest.mark.parametrize(
    "body", [rss("a", "b"), rss(*(f"title {n} " + "x" * 900 for n in range(200)))], ids=["short", "long"]
)
def test_what_has_changed_is_read_over_the_same_connection(body: bytes, server: ScriptedServer, night: Night) -> None:
    server.routes["/feed"] = Reply(body, etag='"2"')
    found = night(*hosts(server, 3))
    assert {len(titles(one)) for one in found.values()} == {body.count(b"<item>")}
    assert all(one.fetched and one.fetched.state.etag == '"2"' for one in found.values())
    assert (len(server.requests), server.connections) == (3, 3)


def fetched(server: ScriptedServer, reply: Reply, now: datetime, *, limits: Limits = LIMITS) -> SourceOutcome:
    """What comes of a source that was never read."""
    server.routes["/feed"] = reply
    (found,) = fetch_all([feed(server, "/feed")], {}, limits=limits, now=now, parser=InProcess())
    return found


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        pytest.param(Reply(rss("a", "b"), etag='"2"'), 2, id="as it is"),
        pytest.param(Reply(gzip.compress(rss("a")), headers={"Content-Encoding": "gzip"}), 1, id="packed"),
        pytest.param(Reply(gzip.compress(rss("a"))), 1, id="packed, and nobody says so"),
        pytest.param(Reply(rss("a"), headers={"Content-Encoding": "identity"}), 1, id="said to be as it is"),
    ],
)
def test_a_new_source_is_read_as_it_was_sent(reply: Reply, count: int, server: ScriptedServer, now: datetime) -> None:
    assert len(titles(fetched(server, reply, now))) == count
    assert (len(server.requests), server.connections) == (1, 1)
    assert not {"if-none-match", "if-modified-since"} & set(server.requests[0].headers)


def test_a_new_source_is_begun_by_the_one_thread(server: ScriptedServer, now: datetime, counting: Counting) -> None:
    assert titles(fetched(server, Reply(rss("a")), now)) == ["a"]
    assert (counting.begun, counting.made) == (["127.0.0.1"], [])


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        pytest.param(Reply(rss("a" * 3_000)), "larger than", id="too large"),
        pytest.param(Reply(rss("a"), headers={"Content-Encoding": "br"}), "not asked for", id="another coding"),
        pytest.param(Reply(rss("a"), headers={"Content-Encoding": "gzip"}), "damaged", id="not packed at all"),
        pytest.param(Reply(status=304), "without a condition", id="nothing has changed since never"),
    ],
)
def test_what_a_new_source_may_not_send(reply: Reply, told: str, server: ScriptedServer, now: datetime) -> None:
    found = fetched(server, reply, now, limits=replace(LIMITS, max_bytes=2_000))
    assert isinstance(found.error, FetchError)
    assert told in str(found.error)


def test_redirects_are_followed_from_there(server: ScriptedServer, night: Night) -> None:
    server.routes |= {"/feed": redirect("/new", 301), "/new": Reply(rss("a"))}
    (found,) = night(feed(server, "/feed")).values()
    assert titles(found) == ["a"]
    assert found.fetched is not None
    assert found.fetched.moved_to == server.url("/new")
    assert [request.path for request in server.requests] == ["/feed", "/new"]


def test_the_first_attempt_counts(server: ScriptedServer, night: Night, fake_time: FakeTime) -> None:
    server.routes["/feed"] = [Reply(status=503), Reply(status=503), Reply(rss("a"))]
    limits = replace(LIMITS, retries=2)
    assert titles(night(feed(server, "/feed"), limits=limits)["127.0.0.1/feed"]) == ["a"]
    assert (len(server.requests), fake_time.slept) == (3, [1.0, 2.0])
    server.routes["/never"] = Reply(status=503)
    assert isinstance(night(feed(server, "/never"), limits=limits)["127.0.0.1/never"].error, FetchError)
    assert server.count("/never") == 3


def test_who_closes_without_an_answer_is_asked_as_often_as_ever(server: ScriptedServer, night: Night) -> None:
    server.routes["/feed"] = Reply(hang_up=True)
    (found,) = night(feed(server, "/feed"), limits=replace(LIMITS, retries=1)).values()
    assert "disconnected" in str(found.error)
    assert len(server.requests) == 2


class Counting(Sockets):
    """Counts connections, begun and made."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.made: list[str] = []

    def begin(self, host: str, port: int) -> socket.socket:
        self.begun.append(host)
        return super().begin(host, port)

    def connect_tcp(self, host: str, *arguments: Any, **more: Any) -> Any:
        self.made.append(host)
        return super().connect_tcp(host, *arguments, **more)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    sockets = Counting()
    monkeypatch.setattr(transport, "_SOCKETS", sockets)
    return sockets


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_nobody_there(closed_port: int, night: Night, counting: Counting) -> None:
    spec = SourceSpec("absent", "rss", f"http://127.0.0.1:{closed_port}/", allow=("loopback",))
    error = night(spec, limits=replace(LIMITS, retries=1))["absent"].error
    assert isinstance(error, FetchError)
    assert "refused" in str(error)
    assert (counting.begun, counting.made) == (["127.0.0.1"], ["127.0.0.1"])


def test_of_several_addresses_the_first_that_answers_is_taken(
    server: ScriptedServer, night: Night, counting: Counting, no_lanes: None
) -> None:
    server.routes["/feed"] = UNCHANGED
    (spec,) = hosts(server, 1)
    (found,) = night(spec, resolver=lambda host, port: ["127.9.9.9", "127.0.0.1"]).values()
    assert found.error is None
    assert counting.begun == ["127.9.9.9", "127.0.0.1"]


@pytest.mark.parametrize("stops", ["at once", "within the head"])
def test_who_says_nothing_keeps_nobody_waiting(stops: str, server: ScriptedServer, night: Night) -> None:
    server.routes["/feed"] = UNCHANGED
    silent = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def listen() -> None:
        taken.append(silent.accept()[0])
        if stops == "within the head":
            taken[0].send(b"HTTP/1.1 304 Not Mod")

    listening = threading.Thread(target=listen)
    listening.start()
    port = silent.getsockname()[1]
    slow = SourceSpec("slow", "rss", f"http://127.0.0.1:{port}/", allow=("loopback",))
    found = night(slow, *hosts(server, 10), limits=replace(LIMITS, total_s=3.0), workers=2)
    listening.join()
    for one in (*taken, silent):
        one.close()
    assert "took too long" in str(found.pop("slow").error)
    assert [one.error for one in found.values()] == [None] * 10


def test_the_time_for_all_of_it_runs_from_the_beginning(server: ScriptedServer, night: Night) -> None:
    """A body that drips has what is left, not a time of its own."""
    server.routes["/feed"] = Reply(rss("a") + b" " * 600, etag='"2"', stall_s=0.8, interval_s=0.01)
    started = time.monotonic()
    (found,) = night(feed(server, "/feed"), limits=replace(LIMITS, total_s=1.6)).values()
    assert "took too long" in str(found.error)
    assert found.seconds >= 1.5
    assert time.monotonic() - started < 60


def test_a_name_that_nobody_knows(night: Night) -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    spec = SourceSpec("unknown", "rss", "http://unknown.example.org/")
    assert "cannot be resolved: no such name" in str(night(spec, resolver=resolver)["unknown"].error)


def test_a_resolver_that_hangs_takes_its_time_once(night: Night) -> None:
    release = threading.Event()

    def resolver(host: str, port: int) -> list[str]:
        release.wait(30)
        return []

    spec = SourceSpec("hangs", "rss", "http://hangs.example.org/")
    try:
        error = night(spec, resolver=resolver, limits=replace(LIMITS, connect_s=0.2))["hangs"].error
    finally:
        release.set()
    assert "cannot be resolved: the resolver gave no answer in 0.2 s" in str(error)


def test_where_no_lookup_has_a_place_it_is_waited_for(server: ScriptedServer, night: Night) -> None:
    """More hosts at a time than lookups may be under way."""
    server.routes["/feed"] = UNCHANGED

    def resolver(host: str, port: int) -> list[str]:
        time.sleep(0.05)
        return ["127.0.0.1"]

    found = night(*hosts(server, 60), resolver=resolver, workers=50)
    assert [str(one.error) for one in found.values() if one.error] == []


def test_what_a_name_leads_to_is_judged(server: ScriptedServer, night: Night, counting: Counting) -> None:
    server.routes["/feed"] = UNCHANGED
    private = SourceSpec("private", "rss", server.url("/feed", "public.example.org"))
    both = replace(private, key="both", url=server.url("/feed", "both.example.org"))
    answers = {"public.example.org": ["127.0.0.1"], "both.example.org": ["93.184.215.14", "127.0.0.1"]}
    found = night(private, both, resolver=lambda host, port: answers[host])
    assert [type(one.error) for one in found.values()] == [RefusedError] * 2
    assert (counting.begun, counting.made, server.connections) == ([], [], 0)


def test_no_more_hosts_at_a_time_than_there_are_workers(server: ScriptedServer, night: Night) -> None:
    crowd = Crowd()
    server.routes["/feed"] = crowd.answer
    assert len(night(*hosts(server, 7), workers=3)) == 7
    assert crowd.most["all"] <= 3


def test_sources_of_one_host_are_asked_one_after_the_other(
    server: ScriptedServer, night: Night, fake_time: FakeTime
) -> None:
    crowd = Crowd()
    server.routes |= {f"/{number}": crowd.answer for number in range(3)}
    night(*(feed(server, f"/{number}") for number in range(3)), limits=replace(LIMITS, pause_s=90.0))
    assert crowd.most["all"] == 1
    assert [round(pause, -1) for pause in fake_time.slept] == [90, 90]


def test_stopped_early_it_leaves_nothing_open(server: ScriptedServer, now: datetime) -> None:
    server.routes["/feed"] = Reply(rss("a"), etag='"2"', stall_s=0.2)
    specs = hosts(server, 40)
    outcomes = fetch_all(
        specs,
        {spec.key: STATE for spec in specs},
        limits=LIMITS,
        now=now,
        resolver=lambda host, port: ["127.0.0.1"],
        parser=InProcess(),
        workers=3,
    )
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    time.sleep(0.5)  # the server tells in its own time what had been sent before
    asked = len(server.requests)
    assert asked < 37
    time.sleep(0.3)
    assert len(server.requests) <= asked + 3, "three were under way, and the server may hear them late"


def test_a_bug_is_loud(server: ScriptedServer, night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(begun: Begun, *_: object, **__: object) -> None:
        begun.close()
        raise ZeroDivisionError

    server.routes["/feed"] = UNCHANGED
    monkeypatch.setattr(fetch, "fetched_unchanged", broken)
    with pytest.raises(ZeroDivisionError):
        night(feed(server, "/feed"))


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    made = certificate(tmp_path)
    if made is None:
        pytest.skip("no openssl here: nothing to speak TLS with")
    monkeypatch.setattr(transport, "_tls", made.client)
    with ScriptedServer({"/feed": UNCHANGED, "/new": Reply(rss("a", "b"))}, tls=made.server()) as server:
        yield server


def https(server: ScriptedServer, host: str, path: str = "/feed") -> SourceSpec:
    return SourceSpec(host, "rss", f"https://{host}:{server.port}{path}", allow=("loopback",))


def test_tls(secure: ScriptedServer, night: Night, no_lanes: None) -> None:
    (found,) = night(https(secure, "feeds.example.org")).values()
    assert found.fetched is not None, found.error
    assert found.fetched.not_modified


def test_what_changed_behind_tls(secure: ScriptedServer, night: Night) -> None:
    (found,) = night(https(secure, "feeds.example.org", "/new")).values()
    assert titles(found) == ["a", "b"]
    assert secure.connections == 1


def test_the_certificate_is_held_against_the_name(secure: ScriptedServer, night: Night) -> None:
    (found,) = night(https(secure, "other.example.org")).values()
    assert "certificate" in str(found.error)
    assert secure.requests == []


@pytest.mark.parametrize(
    ("limits", "url"),
    [
        pytest.param(replace(LIMITS, proxy="http://127.0.0.1:9"), "http://a.example.org/", id="a proxy"),
        pytest.param(LIMITS, "http://rss.arxiv.org/rss/cs.AI", id="arXiv"),
        pytest.param(replace(LIMITS, user_agent="Größe"), "http://a.example.org/", id="not plain"),
    ],
)
def test_what_is_begun_by_nobody(limits: Limits, url: str) -> None:
    assert HttpClient(limits).opening(url, headers={"if-none-match": '"1"'}) is None
    assert HttpClient(LIMITS).opening("http://a.example.org/", headers={"if-none-match": '"1"'}) is not None
