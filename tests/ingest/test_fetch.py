"""All sources of a night, over real sockets."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest import fetch as fetching
from ingest.fetch import fetch_all
from ingest.sources import FetchState, Hints, SourceOutcome, SourceSpec
from ingest.web.client import Limits
from ingest.workers.parser import InProcess
from notes.errors import FetchError, ParseError, RefusedError
from notes.text.likeness import sketch_of
from tests.ingest.conftest import FakeTime
from tests.serving import Reply, Request, ScriptedServer

LIMITS = Limits(retries=0, pause_s=0.0, arxiv_pause_s=3.0)


def rss(*titles: str) -> bytes:
    items = "".join(f"<item><title>{t}</title><link>https://example.org/{t}</link></item>" for t in titles)
    return f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>".encode()


def feed(server: ScriptedServer, path: str, host: str = "127.0.0.1") -> SourceSpec:
    return SourceSpec(key=f"{host}{path}", kind="rss", url=server.url(path, host), allow=("loopback",))


@pytest.fixture
def night(now: datetime, fake_time: FakeTime) -> Callable[..., dict[str, SourceOutcome]]:
    def run(*specs: SourceSpec, states: Mapping[str, FetchState] | None = None) -> dict[str, SourceOutcome]:
        outcomes = fetch_all(
            specs,
            states or {},
            limits=LIMITS,
            now=now,
            sleep=fake_time.sleep,
            resolver=lambda host, port: ["127.0.0.1"],
            parser=InProcess(),
        )
        return {outcome.spec.key: outcome for outcome in outcomes}

    return run


def test_one_feeds_trouble_is_that_feeds_trouble(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]], tmp_path: Path
) -> None:
    server.routes |= {"/good": Reply(rss("a", "b")), "/page": Reply(b"<html></html>"), "/gone": Reply(status=410)}
    specs = [
        feed(server, "/good"),
        feed(server, "/page"),
        feed(server, "/gone"),
        SourceSpec(key="private", kind="rss", url=server.url("/good")),
        SourceSpec(key="malformed", kind="rss", url="http://[bad"),
        SourceSpec(key="absent", kind="file", path=tmp_path / "absent"),
    ]
    found = night(*specs)
    assert {key: type(outcome.error) for key, outcome in found.items()} == {
        "127.0.0.1/good": type(None),
        "127.0.0.1/page": ParseError,
        "127.0.0.1/gone": FetchError,
        "private": RefusedError,
        "malformed": RefusedError,
        "absent": FetchError,
    }
    good = found["127.0.0.1/good"]
    assert good.fetched is not None
    assert good.seconds >= 0
    assert [item.title for item in good.fetched.items] == ["a", "b"]
    assert all((outcome.fetched is None) is (outcome.error is not None) for outcome in found.values())


class Impostor(InProcess):
    """A parser that somebody has taken over: its items are another source's."""

    def call(self, *arguments: Any, **keywords: Any) -> Any:
        feed = super().call(*arguments, **keywords)
        return replace(feed, items=tuple(replace(item, source="another") for item in feed.items))


def test_a_source_speaks_for_itself_only(server: ScriptedServer, now: datetime, tmp_path: Path) -> None:
    """To store such items would be a bug, which ends the night."""
    server.routes["/feed"] = Reply(rss("a"))
    (tmp_path / "f.xml").write_bytes(rss("b"))
    specs = [feed(server, "/feed"), SourceSpec(key="file", kind="file", path=tmp_path / "f.xml")]
    for parser, is_well in ((Impostor(), False), (InProcess(), True)):
        for outcome in fetch_all(specs, {}, limits=LIMITS, now=now, parser=parser):
            assert (outcome.fetched is not None) is is_well
            assert isinstance(outcome.error, ParseError) is not is_well


def test_every_kind_goes_its_way(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]], tmp_path: Path
) -> None:
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2602.00001v1</id><title>P</title>
<summary>S</summary></entry></feed>"""
    server.routes |= {"/api/query": Reply(atom), "/feed": Reply(rss("a"))}
    (tmp_path / "f.xml").write_bytes(rss("b"))
    found = night(
        SourceSpec(key="arxiv", kind="arxiv", url=server.url("/api"), query="all:x", allow=("loopback",)),
        SourceSpec(key="file", kind="file", path=tmp_path / "f.xml"),
        feed(server, "/feed"),
    )
    titles = {key: [i.title for i in outcome.fetched.items] for key, outcome in found.items() if outcome.fetched}
    assert titles == {"arxiv": ["P"], "file": ["b"], "127.0.0.1/feed": ["a"]}


# ---- conditional GET


def test_what_has_not_changed_is_not_read_again(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    server.routes["/feed"] = Reply(rss("a"), etag='"1"', last_modified="Fri, 20 Feb 2026 08:00:00 GMT")
    spec = feed(server, "/feed")
    first = night(spec)[spec.key].fetched
    assert first is not None
    assert not first.not_modified
    assert (first.state.etag, first.state.last_modified) == ('"1"', "Fri, 20 Feb 2026 08:00:00 GMT")
    second = night(spec, states={spec.key: first.state})[spec.key].fetched
    assert second is not None
    assert (second.items, second.not_modified, second.state) == ((), True, first.state)
    assert server.requests[1].headers["if-none-match"] == '"1"'
    assert server.requests[1].headers["if-modified-since"] == "Fri, 20 Feb 2026 08:00:00 GMT"


def test_a_304_may_bring_a_new_date(server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]) -> None:
    server.routes["/feed"] = Reply(status=304, last_modified="Sat, 21 Feb 2026 08:00:00 GMT")
    spec = feed(server, "/feed")
    found = night(spec, states={spec.key: FetchState('"1"', "Fri, 20 Feb 2026 08:00:00 GMT", "x")})[spec.key].fetched
    assert found is not None
    assert found.state == FetchState('"1"', "Sat, 21 Feb 2026 08:00:00 GMT", "x")


@pytest.mark.parametrize("state", [FetchState(), FetchState(body_sha256="x"), FetchState(etag='"1"')], ids=str)
def test_a_304_that_stands_for_nothing_read_is_a_failure(
    state: FetchState, server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    server.routes["/feed"] = Reply(status=304, headers={"ETag": '"1"'})
    spec = feed(server, "/feed")
    outcome = night(spec, states={spec.key: state})[spec.key]
    assert outcome.fetched is None
    assert "304" in str(outcome.error)


def test_a_304_under_another_name_leaves_the_validators_that_were_sent(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    server.routes["/feed"] = Reply(
        status=304, headers={"ETag": '"b"', "Last-Modified": "Sat, 21 Feb 2026 08:00:00 GMT"}
    )
    spec = feed(server, "/feed")
    for state in (FetchState('"a"', "", "x"), FetchState("", "Fri, 20 Feb 2026 08:00:00 GMT", "x")):
        found = night(spec, states={spec.key: state})[spec.key].fetched
        assert found is not None
        assert found.state.etag == state.etag
        assert state.etag or found.state.last_modified == state.last_modified


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_what_is_remembered_of_one_address_is_not_held_against_another(
    status: int, server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    server.routes |= {"/old": Reply(rss("a"), etag='"1"'), "/new": Reply(rss("a", "b"), etag='"1"')}
    spec = feed(server, "/old")
    first = night(spec)[spec.key].fetched
    assert first is not None
    server.routes["/old"] = Reply(status=status, headers={"Location": "/new"})
    second = night(spec, states={spec.key: first.state})[spec.key].fetched
    assert second is not None
    assert [item.title for item in second.items] == ["a", "b"]
    assert (second.state.etag, second.state.last_modified) == ("", "")
    third = night(spec, states={spec.key: second.state})[spec.key].fetched
    assert third is not None
    assert third.not_modified  # by its hash


def test_the_same_body_is_not_read_again(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/feed"] = [Reply(rss("a"), etag='"1"'), Reply(rss("a"), etag='"2"')]
    spec = feed(server, "/feed")
    first = night(spec)[spec.key].fetched
    assert first is not None
    monkeypatch.setattr(InProcess, "parse", None)
    second = night(spec, states={spec.key: first.state})[spec.key].fetched
    assert second is not None
    assert (second.items, second.not_modified, second.state.etag) == ((), True, '"2"')


def test_sketches_come_with_what_a_new_source_sends(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]], now: datetime
) -> None:
    server.routes["/feed"] = [Reply(rss("a", "b")), Reply(rss("a", "b", "c"))]
    spec = feed(server, "/feed")
    first = night(spec)[spec.key].fetched
    assert first is not None
    assert first.sketches == tuple(map(sketch_of, first.items))
    assert all(first.sketches)
    later = night(spec, states={spec.key: replace(first.state, last_ok=now)})[spec.key].fetched
    assert later is not None
    assert (len(later.items), later.sketches) == (3, ())


def test_a_feed_that_cannot_be_read_leaves_no_state(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    server.routes["/feed"] = Reply(b"<html></html>", etag='"1"')
    assert night(feed(server, "/feed"))["127.0.0.1/feed"].fetched is None


@pytest.mark.parametrize("etag", ["\x7f", '"' + "x" * 2000 + '"', "é"])
def test_a_validator_that_would_break_a_header_is_forgotten(
    etag: str, server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    server.routes["/feed"] = Reply(rss("a"), etag=etag)
    found = night(feed(server, "/feed"))["127.0.0.1/feed"].fetched
    assert found is not None
    assert found.state.etag == ""


def test_links_are_seen_from_where_the_feed_was_found(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    body = b"<rss version='2.0'><channel><item><title>a</title><link>/x</link></item></channel></rss>"
    server.routes |= {"/old": Reply(status=301, headers={"Location": "/new/feed"}), "/new/feed": Reply(body)}
    found = night(feed(server, "/old"))["127.0.0.1/old"].fetched
    assert found is not None
    assert (found.url, found.items[0].url) == (server.url("/new/feed"), server.url("/x"))


# ---- what was not read whole is not remembered as read

WHOLE = rss("a", "b")
BEFORE = FetchState('"0"', "", "0" * 64)


@pytest.mark.parametrize(
    ("body", "is_believed"),
    [
        pytest.param(WHOLE, True, id="whole"),
        pytest.param(WHOLE + b"<!-- Cached by the host -->\n<script>x()</script>", True, id="the-hosts-own-after-it"),
        pytest.param(WHOLE.replace(b"rss", b"rdf:RDF"), True, id="with-a-prefix"),
        pytest.param(WHOLE.decode().encode("utf-16"), True, id="utf-16"),
        pytest.param(
            b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "https://example.org/1", "title": "t"}]}\n',
            True,
            id="json",
        ),
        pytest.param(WHOLE[:-7], False, id="without-its-end"),
        pytest.param(WHOLE[: len(WHOLE) // 2], False, id="half"),
        pytest.param(rss(), False, id="without-entries"),
    ],
)
def test_what_was_not_read_whole_is_asked_for_anew(
    body: bytes, is_believed: bool, server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    server.routes["/feed"] = Reply(body, etag='"1"')
    spec = feed(server, "/feed")
    found = night(spec, states={spec.key: BEFORE})[spec.key].fetched
    assert found is not None
    assert (found.state.etag == '"1"') is is_believed
    assert (found.state == BEFORE) is not is_believed
    assert is_believed or found.warnings


def test_a_feed_that_was_always_empty_is_believed(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    server.routes["/feed"] = Reply(rss(), etag='"1"')
    found = night(feed(server, "/feed"))["127.0.0.1/feed"].fetched
    assert found is not None
    assert (found.state.etag, found.warnings) == ('"1"', ())


def test_a_feed_may_be_empty_on_the_days_it_skips(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    # NOW is a Friday.
    skips = b"<channel><skipDays><day>Friday</day></skipDays>"
    server.routes["/feed"] = Reply(rss().replace(b"<channel>", skips), etag='"1"')
    spec = feed(server, "/feed")
    found = night(spec, states={spec.key: BEFORE})[spec.key].fetched
    assert found is not None
    assert (found.state.etag, found.warnings) == ('"1"', ())


def test_hints_of_headers_and_document_and_the_new_address(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    body = rss("a").replace(b"<channel>", b"<channel><ttl>60</ttl>")
    headers = {"Cache-Control": "max-age=600", "Retry-After": "30"}
    server.routes |= {
        "/old": Reply(status=301, headers={"Location": "/older"}),
        "/older": Reply(status=308, headers={"Location": "/new"}),
        "/new": Reply(body, headers=headers, etag='"1"'),
        "/for-now": Reply(status=302, headers={"Location": "/new"}),
    }
    old, for_now = feed(server, "/old"), feed(server, "/for-now")
    first = night(old, for_now)
    assert {key: outcome.fetched and outcome.fetched.moved_to for key, outcome in first.items()} == {
        old.key: server.url("/new"),
        for_now.key: "",
    }
    fetched = first[old.key].fetched
    assert fetched is not None
    assert fetched.hints == Hints(max_age_s=600, ttl_s=3600, retry_after_s=30)
    again = night(old, states={old.key: fetched.state})[old.key].fetched
    assert again is not None
    assert (again.not_modified, again.hints, again.moved_to) == (
        True,
        Hints(max_age_s=600, retry_after_s=30),
        server.url("/new"),
    )


# ---- lanes


def test_a_host_that_asks_for_fewer_requests_gets_none_for_its_other_sources(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    server.routes |= {f"/{n}": Reply(rss("a")) for n in (0, 2, 3)}
    server.routes["/1"] = Reply(status=429, headers={"Retry-After": "7200"})
    found = night(*(feed(server, f"/{n}") for n in range(4)), feed(server, "/0", "other.example.org"))
    errors = {key: outcome.error for key, outcome in found.items()}
    assert [request.path for request in server.requests if request.headers["host"].startswith("127")] == ["/0", "/1"]
    assert errors["127.0.0.1/0"] is None
    assert errors["other.example.org/0"] is None
    for spared in (errors["127.0.0.1/2"], errors["127.0.0.1/3"]):
        assert isinstance(spared, FetchError)
        assert (spared.status, spared.retry_after) == (429, 7200)


def test_one_that_does_not_say_for_how_long_is_its_own_trouble(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    server.routes |= {"/0": Reply(status=429), "/1": Reply(rss("a"))}
    found = night(feed(server, "/0"), feed(server, "/1"))
    assert found["127.0.0.1/1"].error is None


class Crowd:
    """Counts how many are being answered at once, of each host and of all; one waits a while for a second."""

    def __init__(self, wait_s: float = 0.15) -> None:
        self._wait_s = wait_s
        self._met = threading.Event()
        self._lock = threading.Lock()
        self._now: dict[str, int] = {}
        self.most: dict[str, int] = {}

    def answer(self, request: Request) -> Reply:
        host = request.headers["host"].partition(":")[0]
        self._count(host, 1)
        self._met.wait(self._wait_s)
        self._count(host, -1)
        return Reply(rss("a"))

    def _count(self, host: str, step: int) -> None:
        with self._lock:
            for name in (host, "all"):
                self._now[name] = self._now.get(name, 0) + step
                self.most[name] = max(self.most.get(name, 0), self._now[name])
            if self._now["all"] > 1:
                self._met.set()


def test_hosts_side_by_side_and_one_host_one_at_a_time(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    crowd = Crowd(wait_s=4.0)
    hosts = ("a.example.org", "b.example.org", "c.example.org")
    server.routes |= {f"/{n}": crowd.answer for n in range(2)}
    assert len(night(*(feed(server, f"/{n}", host) for host in hosts for n in range(2)))) == 6
    assert [crowd.most[host] for host in hosts] == [1, 1, 1]
    assert crowd.most["all"] > 1


def test_a_host_with_the_roots_dot_is_the_same_host(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    crowd = Crowd()
    server.routes |= {f"/{n}": crowd.answer for n in range(2)}
    night(feed(server, "/0", "a.example.org"), feed(server, "/1", "A.example.org."))
    assert crowd.most["all"] == 1


SPELLINGS = [
    [
        "http://bücher.example.org/a",
        "http://xn--bcher-kva.example.org/b",
        "https://BÜCHER.example.org./",
        "http://XN--Bcher-Kva.example.org:8080/",
    ],
    ["http://例子。example.org/", "https://xn--fsqu00a.example.org/feed"],
    ["http://[::1]/", "http://[0:0:0:0:0:0:0:1]:8080/feed"],
    ["http://a.example.org", "http://A.example.org./", "https://a.example.org?feed=1"],
]


@pytest.mark.parametrize("urls", SPELLINGS, ids=["umlauts", "Chinese", "IPv6", "plain"])
def test_a_host_has_one_lane_however_it_is_spelled(urls: list[str]) -> None:
    assert len({fetching._lane_of(SourceSpec(url, "rss", url)) for url in urls}) == 1
    assert len({fetching._lane_of(SourceSpec(url[0], "rss", url[0])) for url in SPELLINGS}) == len(SPELLINGS)


def test_two_spellings_are_asked_one_after_the_other(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    crowd = Crowd()
    server.routes |= {f"/{n}": crowd.answer for n in range(2)}
    found = night(feed(server, "/0", "bücher.example.org"), feed(server, "/1", "xn--bcher-kva.example.org"))
    assert ([one.error for one in found.values()], crowd.most["all"]) == ([None, None], 1)


@pytest.mark.parametrize("host", ["a\u0378.example.org", "é" * 70 + ".example.org", "\u0300a.example", "ａrxiv.org"])
def test_a_name_without_a_form_in_ascii_is_its_own_sources_trouble(
    host: str, server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]]
) -> None:
    server.routes["/feed"] = Reply(rss("a"))
    found = night(SourceSpec("odd", "rss", f"http://{host}/feed"), feed(server, "/feed"))
    assert isinstance(found.pop("odd").error, RefusedError)
    assert [one.error for one in found.values()] == [None]


@pytest.mark.parametrize(
    "url",
    [
        "https://blog.example.org/feed.xml",
        "http://127.0.0.1:8080/",
        "https://Blog.Example.org/feed",
        "https://blog.example.org./feed",
        "https://blog.example.org",
        "https://blog.example.org?feed=1",
        "https://user:word@blog.example.org/",
        "https://[::1]:80/feed",
        "https://例子.example.org/feed",
        "https://blog.example.org:99999999/",
        "http://a.example.org\\@b.example.org/",
        "https:///feed",
    ],
)
def test_the_quick_look_at_a_host_sees_what_the_rules_see(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = SourceSpec("a", "rss", url)
    quick = fetching._lane_of(spec)
    monkeypatch.setattr(fetching, "_PLAIN_HOST", re.compile(r"(?!)"))
    assert quick == fetching._lane_of(spec)


def test_arxivs_hosts_are_one_lane_with_three_seconds_between(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]], fake_time: FakeTime
) -> None:
    crowd = Crowd()
    server.routes["/feed"] = crowd.answer
    night(
        feed(server, "/feed", "rss.arxiv.org"),
        feed(server, "/feed", "export.arxiv.org"),
        feed(server, "/feed", "arxiv.org"),
    )
    assert crowd.most["all"] == 1
    assert [round(pause) for pause in fake_time.slept] == [3, 3]


def test_a_name_that_only_looks_like_arxivs_has_a_lane_of_its_own(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]], fake_time: FakeTime
) -> None:
    server.routes["/feed"] = Reply(rss("a"))
    night(feed(server, "/feed", "notarxiv.org"), feed(server, "/feed", "arxiv.org.example.org"))
    assert fake_time.slept == []


# ---- the caller


def test_each_outcome_is_told_as_it_comes(server: ScriptedServer, now: datetime) -> None:
    server.routes["/feed"] = Reply(rss("a"))
    told: list[tuple[str, str]] = []
    specs = [feed(server, "/feed"), feed(server, "/absent")]
    outcomes = fetch_all(
        specs,
        {},
        limits=LIMITS,
        now=now,
        workers=0,
        on_done=lambda outcome: told.append((outcome.spec.key, threading.current_thread().name)),
    )
    keys = [outcome.spec.key for outcome in outcomes]
    assert told == [(key, threading.current_thread().name) for key in keys]
    assert len(keys) == 2


def test_a_bug_is_loud(
    server: ScriptedServer, night: Callable[..., dict[str, SourceOutcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(InProcess, "parse", broken)
    server.routes["/feed"] = Reply(rss("a"))
    with pytest.raises(ZeroDivisionError):
        night(feed(server, "/feed"))


def test_closing_early_starts_no_other_source(server: ScriptedServer, now: datetime) -> None:
    server.routes |= {f"/{n}": Reply(rss("a"), stall_s=0.1) for n in range(20)}
    outcomes = fetch_all([feed(server, f"/{n}") for n in range(20)], {}, limits=LIMITS, now=now)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    time.sleep(0.3)  # the server tells in its own time what had been sent before
    asked = len(server.requests)
    assert asked < 15
    time.sleep(0.3)
    assert len(server.requests) == asked


def test_closing_early_waits_for_nobody_who_drips(server: ScriptedServer, now: datetime) -> None:
    sent: list[bytes] = []

    def drip() -> Iterator[bytes]:
        while True:
            sent.append(b" ")
            yield b" "

    server.routes |= {"/feed": Reply(rss("a")), "/drip": Reply(drip(), interval_s=0.01)}
    specs = [feed(server, "/drip", "drips.example.org"), feed(server, "/feed", "a.example.org")]
    limits = replace(LIMITS, total_s=30.0, retries=5)
    outcomes = fetch_all(specs, {}, limits=limits, now=now, resolver=lambda host, port: ["127.0.0.1"])
    assert next(outcomes).spec.key == "a.example.org/feed"
    while not sent:
        time.sleep(0.01)
    outcomes.close()  # type: ignore[attr-defined]
    # In the time that it had, some thousands.
    assert len(sent) < 1_000


def test_no_sources_no_outcomes(now: datetime) -> None:
    assert list(fetch_all([], {}, limits=LIMITS, now=now)) == []
