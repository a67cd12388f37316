"""Linked pages, fetched from a real server: lanes, budgets, refusals, and what is tried again."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from ingest.articles import linked
from ingest.articles.linked import Link, LinkOutcome, fetch_linked
from ingest.web.client import HttpClient, Limits
from ingest.workers.parser import InProcess
from notes.errors import ParseError
from tests.ingest.conftest import FakeTime
from tests.ingest.pages import ARTICLE, PARAGRAPHS
from tests.serving import Reply, Request, ScriptedServer, gzipped, redirect

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
PAGE = Reply(ARTICLE.encode(), content_type="text/html; charset=utf-8")


def client(fake: FakeTime, **limits: object) -> HttpClient:
    """A client for which every name leads to loopback, which every request may reach."""
    given = {"retries": 0, "allow": ("127.0.0.0/8",)} | limits
    return HttpClient(Limits(**given), sleep=fake.sleep, clock=fake.clock, resolver=lambda host, port: ["127.0.0.1"])  # type: ignore[arg-type]


def fetch(
    urls: Sequence[str], fake: FakeTime | None = None, *, budget_s: float = 900.0, **limits: object
) -> dict[int, LinkOutcome]:
    fake = fake or FakeTime()
    links = [Link(number, url) for number, url in enumerate(urls)]
    outcomes = fetch_linked(
        links, client=client(fake, **limits), parser=InProcess(), now=NOW, workers=4, budget_s=budget_s, pause_s=2.0
    )
    return {outcome.link.id: outcome for outcome in outcomes}


def test_an_article_is_read(server: ScriptedServer) -> None:
    server.routes |= {"/a": redirect("/b", status=301), "/b": PAGE}
    (outcome,) = fetch([server.url("/a")]).values()
    assert (outcome.trouble, outcome.is_final, outcome.is_failure) == ("", True, False)
    assert outcome.article is not None
    assert outcome.article.blocks[0].text == PARAGRAPHS[0]
    assert server.url("/data") in outcome.article.references
    assert server.requests[0].headers["accept"].startswith("text/html")


OUTCOMES = {
    "a pdf": (Reply(b"%PDF", content_type="application/pdf"), "no web page", True, False),
    "a feed": (Reply(b"<rss/>"), "no web page", True, False),
    "an empty page": (Reply(b"", content_type="text/html"), "no article", True, False),
    "no type, but a page": (Reply(b"\x89PNG", content_type=""), "no article", True, False),
    "not found": (Reply(status=404), "answered 404", True, True),
    "gone": (Reply(status=410), "answered 410", True, True),
    "for money": (Reply(status=402), "answered 402", True, True),
    "for lawyers": (Reply(status=451), "answered 451", True, True),
    "forbidden": (Reply(status=403), "answered 403", False, True),
    "broken": (Reply(status=500), "answered 500", False, True),
    "busy": (Reply(status=503), "answered 503", False, True),
    "silent": (Reply(hang_up=True), "no answer", False, True),
    "a bomb": (gzipped(bytes(30_000_000)), "the body", False, True),
    "to another network": (redirect("http://10.0.0.1/"), "", True, True),
    "to a file": (redirect("file:///etc/passwd"), "", True, True),
}


@pytest.mark.parametrize(("reply", "words", "is_final", "is_failure"), OUTCOMES.values(), ids=OUTCOMES)
def test_what_else_may_come(server: ScriptedServer, reply: Reply, words: str, is_final: bool, is_failure: bool) -> None:
    server.routes["/a"] = reply
    (outcome,) = fetch([server.url("/a")]).values()
    assert words in outcome.trouble
    assert outcome.trouble
    assert (outcome.article, outcome.is_final, outcome.is_failure) == (None, is_final, is_failure)


@pytest.mark.parametrize("path", ["/a.pdf", "/a.PDF?x=1", "/talk.mp4#t=1", "/a.tar.gz"])
def test_what_is_no_page_by_its_name_is_not_asked_for(server: ScriptedServer, path: str) -> None:
    (outcome,) = fetch([server.url(path)]).values()
    assert (outcome.is_failure, server.connections) == (False, 0)


def test_nothing_is_allowed_to_links(server: ScriptedServer) -> None:
    """Loopback is refused unless it is opened to every request, which is what the other tests here do."""
    server.routes["/a"] = PAGE
    (outcome,) = fetch([server.url("/a")], allow=()).values()
    assert (outcome.is_failure, outcome.is_final, server.connections) == (True, False, 0)
    assert (outcome.is_refusal, outcome.trouble) == (True, "refused: loopback")


@pytest.mark.parametrize(
    ("url", "is_refusal"),
    [
        ("http://127.0.0.1:8731/a", True),
        ("http://behind.example.org/a", True),
        ("http://[::1]/a", True),
        ("http://localhost/a", False),
        ("http://127.1/a", False),
        ("http://127.0.0.1:22/a", False),
        ("http://jane@127.0.0.1/a", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_what_settings_may_open_is_a_refusal(url: str, is_refusal: bool) -> None:
    (outcome,) = fetch([url], allow=()).values()
    assert (outcome.is_failure, outcome.is_refusal, outcome.is_final) == (True, is_refusal, not is_refusal)


def test_a_refused_redirect_has_cost_a_request_and_is_final(server: ScriptedServer) -> None:
    server.routes["/a"] = redirect("http://10.0.0.1/")
    (outcome,) = fetch([server.url("/a")]).values()
    assert (outcome.is_refusal, outcome.is_final, len(server.requests)) == (False, True, 1)


def test_a_host_that_is_refused_is_looked_up_once() -> None:
    fake = FakeTime()
    outcomes = fetch([f"http://behind.example.org/{n}" for n in range(9)], fake, allow=())
    assert {outcome.is_refusal for outcome in outcomes.values()} == {True}
    assert [outcomes[n].link.id for n in range(9)] == list(range(9))
    assert fake.slept == []


def test_one_host_one_lane_with_pauses(server: ScriptedServer) -> None:
    server.routes |= {f"/{n}": PAGE for n in range(3)}
    fake = FakeTime()
    outcomes = fetch([server.url(f"/{n}") for n in range(3)], fake)
    assert len(outcomes) == 3
    assert fake.slept == [2.0, 2.0]
    ends = [request.at for request in server.requests]
    assert ends == sorted(ends)


def test_lanes_run_side_by_side(server: ScriptedServer) -> None:
    everybody = threading.Barrier(4)

    def together(_: Request) -> Reply:
        everybody.wait(10)  # breaks, and nobody is answered, where one waits for another
        return Reply(ARTICLE.encode(), content_type="text/html")

    server.routes |= {f"/{n}": together for n in range(4)}
    outcomes = fetch([server.url(f"/{n}", host=f"h{n}.example.org") for n in range(4)])
    assert [bool(outcome.article) for outcome in outcomes.values()] == [True] * 4


def test_the_time_is_bounded_and_the_rest_is_left(server: ScriptedServer) -> None:
    server.routes |= {f"/{n}": PAGE for n in range(10)}
    outcomes = fetch([server.url(f"/{n}") for n in range(10)], budget_s=3.0)
    assert sorted(outcomes) == [0, 1, 2]
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("reply", "asked"),
    [(Reply(status=429), 1), (Reply(status=503), 1), (Reply(hang_up=True), 2), (Reply(status=500), 5)],
)
def test_a_host_that_asks_for_patience_or_is_silent_is_left_alone(
    server: ScriptedServer, reply: Reply, asked: int
) -> None:
    server.routes |= {f"/{n}": reply for n in range(5)}
    outcomes = fetch([server.url(f"/{n}") for n in range(5)])
    assert (len(outcomes), len(server.requests)) == (asked, asked)
    assert not any(outcome.is_final for outcome in outcomes.values())


def test_a_page_that_breaks_the_parser_is_its_own_trouble(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise ParseError("took more than 20 seconds")

    monkeypatch.setattr(linked, "extract", stumble)
    server.routes["/a"] = PAGE
    (outcome,) = fetch([server.url("/a")]).values()
    assert (outcome.is_failure, outcome.is_final, outcome.trouble) == (True, True, "took more than 20 seconds")


def test_a_bug_is_raised(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked, "_failure", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fetch([server.url("/absent")])


@pytest.mark.parametrize("url", ["", "x", "http://", "http://[bad/", "ftp://example.org/a", "http://exa mple.org/"])
def test_an_address_that_is_none_is_a_failure(url: str) -> None:
    (outcome,) = fetch([url]).values()
    assert (outcome.is_failure, outcome.is_final) == (True, True)


def test_leaving_early_ends_the_lanes(server: ScriptedServer) -> None:
    server.routes |= {f"/{n}": PAGE for n in range(30)}
    outcomes = fetch_linked(
        [Link(n, server.url(f"/{n}")) for n in range(30)],
        client=client(FakeTime()),
        parser=InProcess(),
        now=NOW,
        workers=1,
        budget_s=1e9,
        pause_s=0.0,
    )
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert len(server.requests) < 30
