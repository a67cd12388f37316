"""Fetching over real sockets: redirects, retries, limits, and the guard at every hop."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest.web import guard, inflate
from ingest.web.client import Hop, HttpClient, Limits, Pace
from notes.errors import FetchError, RefusedError, SourceError
from tests.ingest.conftest import FakeTime
from tests.serving import Reply, ScriptedServer, gzipped, redirect

LOOPBACK = ("loopback",)
FEED = Reply(b"<rss/>", etag='"1"')


def resolver_to_loopback(host: str, port: int) -> Sequence[str]:
    """Every name leads here."""
    return ("127.0.0.1",)


def impatient(**limits: Any) -> HttpClient:
    return HttpClient(Limits(**{"retries": 0, **limits}), sleep=lambda _: None, resolver=resolver_to_loopback)


@pytest.fixture
def canary() -> Iterator[ScriptedServer]:
    """A service of the private network that nobody should reach."""
    with ScriptedServer({"/": Reply(b"secret")}) as running:
        yield running


# ---- an answer


def test_an_answer(server: ScriptedServer, client: HttpClient) -> None:
    server.routes["/feed"] = Reply(b"<rss/>", etag='"1"', content_type="application/rss+xml; charset=gbk")
    response = client.get(server.url("/feed?a=1#x"), headers={"if-none-match": '"0"'}, allow=LOOPBACK)
    assert (response.status, response.body, response.url) == (200, b"<rss/>", server.url("/feed?a=1"))
    assert (response.headers["etag"], response.headers["content-type"]) == ('"1"', "application/rss+xml; charset=gbk")
    (asked,) = server.requests
    assert (asked.query, asked.headers["if-none-match"]) == ({"a": "1"}, '"0"')
    assert asked.headers["user-agent"] == "Slipway (feed reader)"
    assert asked.headers["accept-encoding"] == "gzip, deflate"
    assert response.require_ok() is response


def test_not_modified_is_an_answer(server: ScriptedServer, client: HttpClient) -> None:
    server.routes["/feed"] = FEED
    response = client.get(server.url("/feed"), headers={"if-none-match": '"1"'}, allow=LOOPBACK)
    assert (response.require_ok().status, response.body) == (304, b"")


@pytest.mark.parametrize(("status", "hint"), [(404, "moved"), (410, "remove"), (403, "refuses"), (418, "")])
def test_a_refusal_is_an_error_when_asked_for_one(
    status: int, hint: str, server: ScriptedServer, client: HttpClient
) -> None:
    server.routes["/feed"] = Reply(b"no", status=status)
    response = client.get(server.url("/feed"), allow=LOOPBACK)
    with pytest.raises(FetchError, match=str(status)) as caught:
        response.require_ok()
    assert caught.value.status == status
    assert hint in caught.value.hint
    assert server.count("/feed") == 1


# ---- redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(status: int, server: ScriptedServer, client: HttpClient) -> None:
    server.routes |= {"/old": redirect("/a b", status), "/a%20b": redirect(server.url("/new"), status), "/new": FEED}
    response = client.get(server.url("/old"), allow=LOOPBACK)
    assert (response.body, response.url) == (b"<rss/>", server.url("/new"))


def test_where_the_redirects_led(server: ScriptedServer, client: HttpClient) -> None:
    server.routes |= {"/a": redirect("/b", 301), "/b": redirect("/c", 308), "/c": FEED, "/d": redirect("/a", 307)}
    moved = client.get(server.url("/a"), allow=LOOPBACK)
    assert moved.hops == (Hop(301, server.url("/b")), Hop(308, server.url("/c")))
    assert moved.moved_permanently_to == server.url("/c")
    for path, hops in (("/c", 0), ("/d", 3)):
        response = client.get(server.url(path), allow=LOOPBACK)
        assert (response.moved_permanently_to, len(response.hops)) == ("", hops)


def test_what_goes_along_to_another_place(server: ScriptedServer) -> None:
    server.routes |= {"/a": redirect("/b"), "/b": redirect(server.url("/c", "other.example.org")), "/c": FEED}
    client = impatient(allow=LOOPBACK)
    keys = {"Authorization": "Bearer key", "Cookie": "a=b", "X-Api-Key": "key"}
    client.get(server.url("/a", "feeds.example.org"), headers={**keys, "If-None-Match": '"0"', "Accept": "text/html"})
    here, there, other = server.requests
    assert (
        [here.headers[name.lower()] for name in keys]
        == [there.headers[name.lower()] for name in keys]
        == [*keys.values()]
    )
    assert {name.lower() for name in keys} & set(other.headers) == set()
    assert (there.headers["accept"], other.headers["accept"]) == ("text/html", "text/html")
    # What was remembered of one address is not held against another.
    assert [request.headers.get("if-none-match") for request in server.requests] == ['"0"', None, None]


@pytest.mark.parametrize("location", ["", "http://[bad", "/loop"])
def test_a_redirect_that_leads_nowhere(location: str, server: ScriptedServer, client: HttpClient) -> None:
    server.routes["/loop"] = redirect(location)
    with pytest.raises(SourceError, match="redirects"):
        client.get(server.url("/loop"), allow=LOOPBACK)
    assert server.count("/loop") <= 6


# ---- the guard


def test_loopback_is_refused_and_nobody_is_asked(canary: ScriptedServer, client: HttpClient) -> None:
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "127.1"):
        with pytest.raises(RefusedError):
            client.get(canary.url("/", host))
    assert canary.connections == 0
    assert client.get(canary.url("/"), allow=LOOPBACK).body == b"secret"  # the control: an allowance opens it


def test_an_allowance_that_is_none_is_its_sources_trouble(canary: ScriptedServer, client: HttpClient) -> None:
    with pytest.raises(RefusedError, match="allow"):
        client.get(canary.url("/"), allow=("loopback", "nonsense"))
    assert canary.connections == 0


def test_a_public_name_that_leads_to_loopback_is_refused(canary: ScriptedServer) -> None:
    client = impatient()
    with pytest.raises(RefusedError, match="loopback"):
        client.get(canary.url("/", "rebind.example.org"))
    assert canary.connections == 0
    assert client.get(canary.url("/", "rebind.example.org"), allow=LOOPBACK).body == b"secret"  # the control


def test_the_address_that_was_judged_is_the_one_connected_to(server: ScriptedServer, canary: ScriptedServer) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    client = HttpClient(Limits(retries=0), resolver=lambda host, port: next(answers))
    server.routes["/feed"] = FEED
    assert client.get(server.url("/feed", "rebind.example.org"), allow=LOOPBACK).status == 200
    with pytest.raises(RefusedError, match="private"):
        client.get(server.url("/feed", "rebind.example.org"), allow=LOOPBACK)
    assert server.connections == 1


def test_the_next_address_is_tried_when_one_is_dead(server: ScriptedServer) -> None:
    server.routes["/feed"] = FEED
    client = HttpClient(Limits(retries=0), resolver=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    assert client.get(server.url("/feed", "feeds.example.org"), allow=LOOPBACK).status == 200


def test_an_allowance_does_not_extend_to_whom_the_source_points_to(
    server: ScriptedServer, canary: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = impatient()
    server.routes["/feed"] = redirect(canary.url("/"))
    with pytest.raises(RefusedError):
        client.get(server.url("/feed"), allow=LOOPBACK)
    assert canary.connections == 0
    monkeypatch.setattr(guard.Target, "is_same_place", lambda *_: True)
    assert client.get(server.url("/feed"), allow=LOOPBACK).body == b"secret"  # the control: this is what stopped it


def test_shared_redirects(server: ScriptedServer, canary: ScriptedServer, shared: Callable[[str], Path]) -> None:
    """The hops of the shared rows, from a host that the source may reach; the canary stands for the private ones."""
    rows = [json.loads(line) for line in (shared("security") / "ssrf.jsonl").read_text("utf-8").split("\n") if line]
    for row in rows:
        if row["group"] != "redirect":
            continue
        hops = [hop.replace("feeds.example.org/", f"feeds.example.org:{server.port}/") for hop in row["redirects_to"]]
        hops = [hop.replace("http://127.0.0.1/", canary.url("/")) for hop in hops]
        server.routes = {"/feed.xml": redirect(hops[0]), "/loop": redirect(hops[0])}
        with pytest.raises(SourceError):
            impatient().get(server.url(row["url"].partition("example.org")[2], "feeds.example.org"), allow=LOOPBACK)
    assert canary.connections == 0
    assert server.connections > 15


def test_a_proxy_of_the_environment_is_not_used(
    server: ScriptedServer, canary: ScriptedServer, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, canary.url(""))
    server.routes["/feed"] = FEED
    assert client.get(server.url("/feed"), allow=LOOPBACK).status == 200
    assert canary.connections == 0


# ---- size


def test_packed_bodies_come_unpacked(server: ScriptedServer, client: HttpClient) -> None:
    server.routes |= {"/declared": gzipped(b"<rss/>"), "/undeclared": gzipped(b"<rss/>", declared="")}
    for path in server.routes:
        assert client.get(server.url(path), allow=LOOPBACK).body == b"<rss/>"


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(b"x" * 2_000_000), id="large"),
        pytest.param(gzipped(b" " * 50_000_000), id="gzip bomb"),
        pytest.param(gzipped(b" " * 50_000_000, times=2, declared="gzip, gzip"), id="gzip in gzip"),
        pytest.param(gzipped(b" " * 50_000_000, times=2, declared="gzip"), id="gzip in gzip, half declared"),
        pytest.param(gzipped(b" " * 50_000_000, declared=""), id="undeclared bomb"),
        pytest.param(gzipped(b"<rss/>", declared="br"), id="a coding not asked for"),
        pytest.param(Reply(b"<rss/>", content_length=999_999), id="shorter than promised"),
        pytest.param(Reply(iter(lambda: b"<item/>" * 1000, b"")), id="endless"),
    ],
)
def test_bodies_beyond_the_limits_are_refused(reply: Reply, server: ScriptedServer) -> None:
    server.routes["/feed"] = reply
    with pytest.raises(FetchError):
        impatient(max_bytes=1_000_000).get(server.url("/feed"), allow=LOOPBACK)


def test_the_size_limit_is_what_refused(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(inflate, "_MAX_RATIO", 2_000)
    server.routes["/feed"] = gzipped(b" " * 50_000_000)
    assert len(impatient(max_bytes=60_000_000).get(server.url("/feed"), allow=LOOPBACK).body) == 50_000_000


# ---- time


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(b"<rss/>" * 1000, interval_s=0.02), id="a byte at a time"),
        pytest.param(Reply(b"<rss/>", stall_s=3), id="silence"),
    ],
)
def test_the_deadline_holds_for_the_whole(reply: Reply, server: ScriptedServer) -> None:
    server.routes["/feed"] = reply
    started = time.monotonic()
    with pytest.raises(FetchError, match="took too long"):
        impatient(total_s=0.3).get(server.url("/feed"), allow=LOOPBACK)
    assert time.monotonic() - started < 60


def test_the_deadline_holds_over_redirects(server: ScriptedServer) -> None:
    server.routes["/feed"] = Reply(status=302, headers={"Location": "/feed"}, stall_s=0.15)
    started = time.monotonic()
    with pytest.raises(FetchError, match="took too long"):
        impatient(total_s=0.3, max_redirects=100).get(server.url("/feed"), allow=LOOPBACK)
    assert time.monotonic() - started < 60


def test_a_slow_server_within_the_deadline_is_heard(server: ScriptedServer) -> None:
    """The control: a read limit shorter than the whole does not cut a body that keeps coming."""
    body = b"<rss></rss>   "
    server.routes["/feed"] = Reply(body, interval_s=0.15)
    assert impatient(read_s=2.0, total_s=60).get(server.url("/feed"), allow=LOOPBACK).body == body


# ---- retries


@pytest.mark.parametrize(
    "first", [Reply(status=503), Reply(status=429), Reply(hang_up=True)], ids=["503", "429", "hung up"]
)
def test_trouble_that_passes(first: Reply, server: ScriptedServer, client: HttpClient, fake_time: FakeTime) -> None:
    server.routes["/feed"] = [first, first, FEED]
    assert client.get(server.url("/feed"), allow=LOOPBACK).status == 200
    assert fake_time.slept == [1.0, 2.0]


def test_trouble_that_stays(server: ScriptedServer, client: HttpClient) -> None:
    server.routes |= {"/busy": Reply(status=503), "/dead": Reply(hang_up=True)}
    assert client.get(server.url("/busy"), allow=LOOPBACK).status == 503
    with pytest.raises(FetchError, match="gave no answer"):
        client.get(server.url("/dead"), allow=LOOPBACK)
    assert (server.count("/busy"), server.count("/dead")) == (3, 3)


def test_nobody_listens(server: ScriptedServer, client: HttpClient) -> None:
    with ScriptedServer() as gone:
        url = gone.url("/feed")
    with pytest.raises(FetchError, match="gave no answer"):
        client.get(url, allow=LOOPBACK)


def test_what_speaks_no_tls(server: ScriptedServer) -> None:
    with pytest.raises(FetchError, match="gave no answer"):
        impatient().get(server.url("/feed").replace("http:", "https:"), allow=LOOPBACK)


def test_retry_after_is_waited_for(server: ScriptedServer, client: HttpClient, fake_time: FakeTime) -> None:
    server.routes["/feed"] = [Reply(status=429, headers={"Retry-After": "7"}), FEED]
    assert client.get(server.url("/feed"), allow=LOOPBACK).status == 200
    assert fake_time.slept == [7.0]


def test_retry_after_that_is_too_long_is_left_to_another_night(
    server: ScriptedServer, client: HttpClient, fake_time: FakeTime
) -> None:
    server.routes["/feed"] = Reply(status=429, headers={"Retry-After": "3600"})
    response = client.get(server.url("/feed"), allow=LOOPBACK)
    with pytest.raises(FetchError) as caught:
        response.require_ok()
    assert (caught.value.retry_after, fake_time.slept, server.count("/feed")) == (3600.0, [], 1)


# ---- pace


def test_pace_keeps_starts_apart(fake_time: FakeTime) -> None:
    pace = Pace(3.0, fake_time.sleep, fake_time.clock)
    pace.wait()
    pace.wait()
    fake_time.seconds += 2.0
    pace.wait()
    fake_time.seconds += 5.0
    pace.wait()
    assert fake_time.slept == [3.0, 1.0]


def test_redirects_and_retries_keep_the_pace(server: ScriptedServer, client: HttpClient, fake_time: FakeTime) -> None:
    server.routes |= {"/a": redirect("/b"), "/b": FEED}
    client.get(server.url("/a"), allow=LOOPBACK, pace=Pace(3.0, fake_time.sleep, fake_time.clock))
    assert fake_time.slept == [3.0]
