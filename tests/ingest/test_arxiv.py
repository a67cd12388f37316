"""Searches of arXiv against a scripted API on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.arxiv.night import fetch_arxiv
from ingest.sources import Fetched, FetchState, SourceSpec
from ingest.web.client import HttpClient, Pace
from notes.errors import FetchError
from tests.ingest.conftest import FakeTime
from tests.serving import Reply, Request, ScriptedServer

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


def reply(start: int, count: int, total: int) -> Reply:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/2602.{n:05}v1</id><title>Paper {n}</title><summary>Text {n}</summary>"
        "<published>2026-02-18T10:00:00Z</published><author><name>A</name></author></entry>"
        for n in range(start + 1, start + count + 1)
    )
    body = f"""<feed xmlns:o="http://a9.com/-/spec/opensearch/1.1/" xmlns="http://www.w3.org/2005/Atom">
<id>https://arxiv.org/api/x</id><o:totalResults>{total}</o:totalResults><o:startIndex>{start}</o:startIndex>{entries}</feed>"""
    return Reply(body.encode(), content_type="application/atom+xml")


def api(total: int) -> Callable[[Request], Reply]:
    """An API that has ``total`` papers and gives what is asked for."""

    def answer(request: Request) -> Reply:
        start, wanted = int(request.query["start"]), int(request.query["max_results"])
        return reply(start, max(min(wanted, total - start), 0), total)

    return answer


@pytest.fixture
def fetch(server: ScriptedServer, client: HttpClient, fake_time: FakeTime) -> Callable[..., Fetched]:
    def run(state: FetchState | None = None, *, max_results: int = 10, page_size: int = 4, url: str = "") -> Fetched:
        spec = SourceSpec(
            key="arxiv",
            kind="arxiv",
            url=url or server.url("/api/query"),
            query="cat:cs.LG AND all:agents",
            max_results=max_results,
            page_size=page_size,
            allow=("loopback",),
        )
        pace = Pace(3.0, fake_time.sleep, fake_time.clock)
        return fetch_arxiv(spec, state or FetchState(), client=client, pace=pace, now=NOW)

    return run


def ids(fetched: Fetched) -> list[int]:
    return [int(item.arxiv_id.partition(".")[2]) for item in fetched.items]


def test_pages_are_asked_for_until_all_are_there(
    server: ScriptedServer, fetch: Callable[..., Fetched], fake_time: FakeTime
) -> None:
    server.routes["/api/query"] = api(total=7)
    assert ids(fetch()) == [1, 2, 3, 4, 5, 6, 7]
    asked = [(request.query["start"], request.query["max_results"]) for request in server.requests]
    assert asked == [("0", "4"), ("4", "4")]
    assert {k: server.requests[0].query[k] for k in ("search_query", "sortBy", "sortOrder")} == {
        "search_query": "cat:cs.LG AND all:agents",
        "sortBy": "submittedDate",
        "sortOrder": "descending",
    }
    assert fake_time.slept == [3.0]


def test_no_more_than_asked_for(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes["/api/query"] = api(total=1_000)
    assert ids(fetch(max_results=6)) == [1, 2, 3, 4, 5, 6]
    assert [request.query["max_results"] for request in server.requests] == ["4", "2"]


def test_an_empty_result_is_healthy(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes["/api/query"] = api(total=0)
    assert (fetch().items, fetch().warnings, server.count("/api/query")) == ((), (), 2)


def test_an_empty_page_in_mid_result_is_asked_again(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes["/api/query"] = [reply(0, 4, 6), reply(4, 0, 6), reply(4, 2, 6)]
    fetched = fetch()
    assert (ids(fetched), fetched.warnings) == ([1, 2, 3, 4, 5, 6], ())


def test_a_page_that_stays_empty_is_done_without_and_told(
    server: ScriptedServer, fetch: Callable[..., Fetched]
) -> None:
    server.routes["/api/query"] = [reply(0, 4, 6), reply(4, 0, 6)]
    fetched = fetch()
    assert ids(fetched) == [1, 2, 3, 4]
    assert fetched.warnings == ("arXiv gave no papers from number 5 on, of 6",)
    assert server.count("/api/query") == 4


def test_papers_that_shift_between_pages_come_once(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes["/api/query"] = [reply(0, 4, 8), reply(3, 4, 9), reply(8, 1, 9)]
    assert ids(fetch()) == [1, 2, 3, 4, 5, 6, 7, 9]


def test_a_later_page_that_fails_leaves_the_first_and_a_word(
    server: ScriptedServer, fetch: Callable[..., Fetched]
) -> None:
    server.routes["/api/query"] = [reply(0, 4, 9), Reply(b"no", status=404)]
    fetched = fetch()
    assert ids(fetched) == [1, 2, 3, 4]
    assert "papers from number 5 on are missing" in fetched.warnings[0]


def test_the_same_papers_are_not_modified(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes["/api/query"] = api(total=3)
    first = fetch()
    second = fetch(first.state)
    assert (first.not_modified, second.not_modified) == (False, True)
    assert (second.items, second.state) == ((), first.state)
    server.routes["/api/query"] = api(total=4)
    assert ids(fetch(first.state)) == [1, 2, 3, 4]


def test_the_error_feed_is_told_in_arxivs_words(
    server: ScriptedServer, fetch: Callable[..., Fetched], shared: Callable[[str], Path]
) -> None:
    (path,) = shared("arxiv/api").glob("id_abc_*.json")
    server.routes["/api/query"] = Reply(json.loads(path.read_text())["body"].encode(), status=400)
    with pytest.raises(FetchError, match="incorrect id format for abc"):
        fetch()
    assert server.count("/api/query") == 1


@pytest.mark.parametrize(("status", "asked"), [(503, 3), (429, 3), (404, 1)])
def test_a_first_page_that_fails_is_an_error(
    status: int, asked: int, server: ScriptedServer, fetch: Callable[..., Fetched]
) -> None:
    server.routes["/api/query"] = Reply(b"Rate exceeded.", status=status)
    with pytest.raises(FetchError) as caught:
        fetch()
    assert (caught.value.status, server.count("/api/query")) == (status, asked)


def test_an_address_with_a_query_of_its_own(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes["/api/query"] = api(total=1)
    fetch(url=server.url("/api/query?mirror=1"))
    assert server.requests[0].query["mirror"] == "1"


def test_recorded_pages(server: ScriptedServer, client: HttpClient, shared: Callable[[str], Path]) -> None:
    recorded = {}
    for path in sorted(shared("arxiv/api").glob("q_testing_s*0_m10_*.json")):
        start = path.name.split("_")[2][1:]
        recorded[start] = Reply(json.loads(path.read_text())["body"].encode())
    server.routes["/api/query"] = lambda request: recorded[request.query["start"]]
    spec = SourceSpec(
        key="a", kind="arxiv", url=server.url("/api/query"), max_results=60, page_size=10, allow=("loopback",)
    )
    fetched = fetch_arxiv(spec, FetchState(), client=client, pace=Pace(0), now=NOW)
    assert len(fetched.items) == len({item.key for item in fetched.items}) == 60
    assert fetched.warnings == ()
