"""No connection to a private address through any door: feeds, articles, discovery, arXiv, web search; and over real sockets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress

import pytest

from ingest.articles.linked import Link, fetch_linked
from ingest.feeds.discovery import discover
from ingest.fetch import fetch_all, fetch_one
from ingest.sources import FetchState, SourceSpec
from ingest.web import guard, transport
from ingest.web.client import HttpClient, Limits, Pace
from ingest.workers.parser import InProcess
from notes.errors import RefusedError, SlipwayError, SourceError
from tests.dialing import Canary, audited, is_public, local_addresses
from tests.ingest.conftest import NOW
from tests.ingest.ssrf import Net, located, networked, rows, share_of
from tests.serving import Reply, redirect

REFUSED = [row for row in rows() if not row.is_allowed]


@pytest.fixture
def net() -> Iterator[Net]:
    with networked() as running:
        yield running


@pytest.fixture
def guard_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that the defences say is yes."""
    monkeypatch.setattr(guard, "refusal", lambda *_: "")
    monkeypatch.setattr(transport, "refusal", lambda *_: "")
    monkeypatch.setattr(guard, "_LOCAL_ZONES", frozenset())
    monkeypatch.setattr(guard, "_NUMBER", re.compile("(?!)"))


def _feed(client: HttpClient, url: str) -> None:
    fetch_one(SourceSpec("door", "rss", url), FetchState(), client=client, pace=Pace(0), parser=InProcess(), now=NOW)


def _feed_again(client: HttpClient, url: str) -> None:
    """One that was read before is begun by the thread that asks all of them."""
    state = FetchState('"1"', "", "x")
    resolver = client._transport._lookups._resolver
    specs = [SourceSpec("door", "rss", url)]
    (outcome,) = fetch_all(specs, {"door": state}, limits=client.limits, now=NOW, resolver=resolver, parser=InProcess())
    if outcome.error is not None:
        raise outcome.error


def _article(client: HttpClient, url: str) -> None:
    for outcome in fetch_linked(
        [Link(1, url)], client=client, parser=InProcess(), now=NOW, workers=1, budget_s=60, pause_s=0
    ):
        assert outcome.link.url == url


def _discovery(client: HttpClient, url: str) -> None:
    discover(url, client=client, parser=InProcess())


def _arxiv(client: HttpClient, url: str) -> None:
    spec = SourceSpec("door", "arxiv", url, query="cat:cs.AI")
    fetch_one(spec, FetchState(), client=client, pace=Pace(0), parser=InProcess(), now=NOW)


def _websearch(client: HttpClient, url: str) -> None:
    spec = SourceSpec("door", "websearch", url, queries=("a",))
    fetch_one(spec, FetchState(), client=client, pace=Pace(0), parser=InProcess(), now=NOW)


def _websearch_by_chat(client: HttpClient, url: str) -> None:
    spec = SourceSpec("door", "websearch", url, queries=("a",), api="openai", model="m")
    fetch_one(spec, FetchState(), client=client, pace=Pace(0), parser=InProcess(), now=NOW)


DOORS = {
    "feed": _feed,
    "feed again": _feed_again,
    "article": _article,
    "discovery": _discovery,
    "arxiv": _arxiv,
    "web search": _websearch,
    "web search by chat": _websearch_by_chat,
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_is_guarded(door: str, net: Net) -> None:
    """Directly, by redirect, and by links; what a door makes of an address may differ, where it leads may not."""
    for row in share_of(REFUSED, list(DOORS).index(door), len(DOORS)):
        net.row = row
        net.world.requests.clear()
        net.world.routes = {"/page": _page(row.url), "/found": _found(row.url), "/away": redirect(located(row.url))}
        for url in (row.url, *(f"http://start.example.com/{name}" for name in ("away", "page", "found"))):
            net.requests += 1
            with suppress(SlipwayError):
                DOORS[door](net.client(), url)
        assert [address for address, _ in net.dialer.take() if not is_public(address)] == [], row.url
    assert net.dialer.canary.reached() == 0


def _page(url: str) -> Reply:
    declared = f'<link rel="alternate" type="application/rss+xml" href="{url}">'
    body = f'<html><head>{declared}</head><body><a href="{url}">RSS feed</a><img src="{url}"></body></html>'
    return Reply(body.encode("utf-8", "replace"), content_type="text/html; charset=utf-8")


def _found(url: str) -> Reply:
    """What a search engine says, and what a chat model says, in one."""
    cited = {"type": "url_citation", "url_citation": {"url": url, "title": "a title"}}
    message = {"role": "assistant", "content": f"see {url}", "annotations": [cited]}
    results = [{"url": url, "title": "a title", "content": "some text", "img_src": url, "thumbnail": url}]
    body = {"query": "a", "results": results, "choices": [{"message": message}], "citations": [url]}
    return Reply(json.dumps(body).encode(), content_type="application/json")


@pytest.mark.parametrize("door", DOORS)
def test_with_the_guard_off_every_door_leads_anywhere(door: str, net: Net, guard_off: None) -> None:
    """The control."""
    for url in ("http://10.0.0.1/", "http://127.0.0.1/feed"):
        with suppress(SourceError):
            DOORS[door](net.client(), url)
    assert {"10.0.0.1", "127.0.0.1"} <= {address for address, _ in net.dialer.take()}
    assert net.reached_by_control(2) >= 2


# ---- real sockets, the real resolver


def _own_names() -> list[str]:
    literals = [f"[{address}]" if ":" in address else address for address in local_addresses()]
    return [*literals, "0.0.0.0", "[::]", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1"]


def test_this_machine_is_not_reached_over_real_sockets() -> None:
    names = _own_names()
    assert "127.0.0.1" in names
    with Canary() as canary, audited() as audit:
        for host in names:
            with pytest.raises(RefusedError):
                HttpClient(Limits(retries=0)).get(f"http://{host}:{canary.port}/")
        assert (canary.reached(), audit.connected) == (0, [])


def test_with_the_guard_off_this_machine_is_reached(guard_off: None) -> None:
    """The control: the same names on the same sockets."""
    with Canary() as canary:
        for host in _own_names():
            with pytest.raises(SourceError):
                HttpClient(Limits(retries=0)).get(f"http://{host}:{canary.port}/")
        assert canary.reached(len(local_addresses())) >= len(local_addresses())
