"""Categories of arXiv, night by night: the feed, the details, and what is done where one of the services fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ingest.arxiv import night as arxiv
from ingest.arxiv.api import Addresses, addresses
from ingest.arxiv.night import fetch_arxiv
from ingest.reading.entries import is_withdrawn
from ingest.sources import ARXIV_API, Fetched, FetchState, SourceSpec
from ingest.web.client import HttpClient, Pace
from notes.errors import FetchError
from notes.model import PaperVersion
from tests.ingest.conftest import FakeTime
from tests.ingest.test_arxiv_rss import entry, rss
from tests.ingest.test_oai import listed, record
from tests.serving import Reply, Request, ScriptedServer

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)  # a Friday
MIDNIGHT = datetime(2026, 2, 20, 5, tzinfo=UTC)
NIGHT_BEFORE = datetime(2026, 2, 19, 12, tzinfo=UTC)
RSS, API, OAI = "/rss/cs.CL+cs.LG", "/api/query", "/oai"
SUBMITTED = datetime(2026, 2, 18, 10, tzinfo=UTC)


def papers(
    *versions: str, updated: str = "2026-02-19T10:00:00Z", published: str = "2026-02-18T10:00:00Z", total: int = 0
) -> Reply:
    """A reply of the API: papers in these versions, of cs.CL, with a comment."""
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{name}</id><title>Paper {name}</title><summary>Text {name}</summary>"
        f"<updated>{updated}</updated><published>{published}</published><author><name>A</name></author>"
        f'<category term="cs.CL"/><a:comment>12 pages</a:comment></entry>'
        for name in versions
    )
    body = f"""<feed xmlns:o="http://a9.com/-/spec/opensearch/1.1/" xmlns:a="http://arxiv.org/schemas/atom"
xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id>
<o:totalResults>{total or len(versions)}</o:totalResults><o:startIndex>0</o:startIndex>{entries}</feed>"""
    return Reply(body.encode())


@pytest.fixture
def fetch(server: ScriptedServer, client: HttpClient, fake_time: FakeTime) -> Callable[..., Fetched]:
    def run(state: FetchState | None = None, *, now: datetime = NOW, **more: object) -> Fetched:
        settings = {"categories": ("cs.CL", "cs.LG"), "page_size": 2, **more}
        spec = SourceSpec(key="arxiv", kind="arxiv", url=server.url(""), allow=("loopback",), **settings)  # type: ignore[arg-type]
        pace = Pace(3.0, fake_time.sleep, fake_time.clock)
        return fetch_arxiv(spec, state or FetchState(), client=client, pace=pace, now=now)

    return run


def told(fetched: Fetched) -> list[tuple[str, int, str]]:
    return [(item.arxiv_id, item.arxiv_version, item.announced) for item in fetched.items]


def asked(server: ScriptedServer) -> list[str]:
    return [request.path for request in server.requests]


def test_the_feed_says_what_and_the_api_the_rest(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes |= {
        RSS: Reply(rss(entry("2602.00001v1"), entry("2602.00002v2", "replace"), entry("2602.00003v1", "cross"))),
        API: [papers("2602.00001v1", "2602.00002v2"), papers("2602.00003v1")],
    }
    fetched = fetch()
    assert told(fetched) == [("2602.00001", 1, "new"), ("2602.00002", 2, "replace"), ("2602.00003", 1, "cross")]
    assert [request.query.get("id_list") for request in server.requests] == [
        None,
        "2602.00001,2602.00002",
        "2602.00003",
    ]
    first, second, _ = fetched.items
    assert (first.comment, first.published, first.external_id) == ("12 pages", SUBMITTED, "oai:arXiv.org:2602.00001v1")
    assert second.versions == (
        PaperVersion(1, SUBMITTED),
        PaperVersion(2, datetime(2026, 2, 19, 10, tzinfo=UTC), "12 pages"),
    )
    assert fetched.warnings == ()


def test_the_same_feed_again_asks_for_no_details(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes |= {RSS: Reply(rss(entry("2602.00001v1"))), API: papers("2602.00001v1")}
    first = fetch()
    second = fetch(first.state)
    assert (first.not_modified, second.not_modified, second.items) == (False, True, ())
    assert asked(server) == [RSS, API, RSS]


def test_days_of_rest_are_empty_and_healthy(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes[RSS] = Reply(rss())
    saturday = fetch(FetchState(last_ok=NOW), now=datetime(2026, 2, 21, 12, tzinfo=UTC))
    sunday = fetch(saturday.state, now=datetime(2026, 2, 22, 12, tzinfo=UTC))
    assert (saturday.items, saturday.warnings, sunday.not_modified) == ((), (), True)
    assert asked(server) == [RSS, RSS]


def test_without_details_the_feeds_word_stands(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes |= {
        RSS: Reply(rss(entry("2602.00001v1"), entry("2602.00002v1"), entry("2602.00003v1"))),
        API: [papers("2602.00001v1", "2602.00002v1"), Reply(b"no", status=404)],
    }
    fetched = fetch()
    assert [item.comment for item in fetched.items] == ["12 pages", "12 pages", ""]
    assert "details of 1 papers are missing" in fetched.warnings[0]
    assert "id_list=…&" in fetched.warnings[0]
    server.routes[API] = [papers("2602.00001v1", "2602.00002v1"), papers("2602.00003v1")]
    server.requests.clear()
    again = fetch(fetched.state)
    assert [item.comment for item in again.items] == ["12 pages"] * 3


def test_an_api_that_is_behind_changes_no_version(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes |= {RSS: Reply(rss(entry("2602.00001v2", "replace"))), API: papers("2602.00001v1")}
    (paper,) = fetch().items
    # The comment is on another version.
    assert (paper.arxiv_version, paper.comment, paper.published) == (2, "", SUBMITTED)
    assert paper.text == "We show $x<y$ for all <b>."
    assert [(one.version, one.date) for one in paper.versions] == [(1, SUBMITTED), (2, MIDNIGHT)]


LATER = datetime(2026, 2, 21, 12, tzinfo=UTC)
BEHIND = {
    "a version": ("2602.00001v2", "replace", papers("2602.00001v1")),
    "a paper": ("2602.00001v2", "replace", papers(total=0)),
    "the answer": ("2602.00001v2", "replace", Reply(b"no", status=404)),
}


@pytest.mark.parametrize(("name", "kind", "reply"), BEHIND.values(), ids=BEHIND)
def test_what_the_api_lacked_is_asked_for_again(
    server: ScriptedServer, fetch: Callable[..., Fetched], name: str, kind: str, reply: Reply
) -> None:
    server.routes |= {RSS: Reply(rss(entry(name, kind))), API: reply}
    first = fetch()
    assert first.state.etag == f"2026-02-20T12:00:00+00:00 {name}={kind}@2026-02-20"
    # Still behind on an empty night, and no more on the next.
    server.routes |= {RSS: Reply(rss()), API: papers("2602.00001v1")}
    second = fetch(first.state, now=LATER)
    assert (second.items, second.state.etag.split()[1:]) == ((), first.state.etag.split()[1:])
    server.routes[API] = papers("2602.00001v2")
    third = fetch(second.state, now=LATER)
    assert told(third) == [("2602.00001", 2, kind)]
    assert (third.items[0].comment, third.not_modified) == ("12 pages", False)
    server.requests.clear()
    fourth = fetch(third.state, now=LATER)
    assert (fourth.not_modified, " " in fourth.state.etag, asked(server)) == (True, False, [RSS])


def test_what_the_api_never_has_is_given_up(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes |= {RSS: Reply(rss()), API: papers()}
    state = FetchState("2026-02-20T12:00:00+00:00 2602.00001v2=replace@2026-02-10 rubbish x/0v1=new@2026-99-99")
    assert fetch(state).state.etag == "2026-02-20T12:00:00+00:00"
    assert asked(server) == [RSS]


def test_a_withdrawal_that_only_the_feed_tells_is_marked(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    gone = entry("2602.00001v2", "replace").replace("We show", "This paper has been withdrawn by the author. We show")
    server.routes |= {RSS: Reply(rss(gone)), API: papers("2602.00001v1")}
    (paper,) = fetch().items
    assert is_withdrawn(paper)


def test_a_restored_paper_is_not_withdrawn(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    behind = Reply(papers("2602.00001v2").body.replace(b"12 pages", b"withdrawn by the author"))
    server.routes |= {RSS: Reply(rss(entry("2602.00001v3", "replace"))), API: behind}
    (paper,) = fetch().items
    assert (paper.arxiv_version, is_withdrawn(paper)) == (3, False)


def test_without_a_feed_the_api_does(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes |= {RSS: Reply(b"no", status=404), API: papers("2602.00001v1")}
    fetched = fetch()
    assert told(fetched) == [("2602.00001", 1, "new")]
    assert "the feed could not be read" in fetched.warnings[0]
    assert server.requests[1].query["search_query"] == "cat:cs.CL OR cat:cs.LG"
    # The API may have been late with today's papers: they are asked for again with tomorrow's.
    server.routes |= {RSS: Reply(rss()), OAI: Reply(listed())}
    tomorrow = fetch(fetched.state, now=datetime(2026, 2, 21, 12, tzinfo=UTC))
    assert told(tomorrow) == [("2602.00001", 1, "new")]


def test_with_neither_the_source_has_failed(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    server.routes |= {RSS: Reply(b"no", status=404), API: Reply(b"no", status=410)}
    with pytest.raises(FetchError) as caught:
        fetch()
    assert caught.value.status == 404


def test_what_is_no_category_is_said(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    with pytest.raises(FetchError, match="no category of arXiv: what is this"):
        fetch(categories=("what is this",))
    assert asked(server) == []


# ---- missed nights


def night_after(server: ScriptedServer, api: object, oai: object) -> None:
    server.routes |= {RSS: Reply(rss(entry("2602.00009v1"))), API: api, OAI: oai}  # type: ignore[dict-item]


def test_a_missed_night_is_recovered(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    night_after(
        server,
        [
            papers("2602.00001v1", "2602.00002v3", total=99),
            papers("2602.00003v1", "2602.00004v1", updated="2026-01-01T00:00:00Z", total=99),
            papers("2602.00009v1"),
        ],
        Reply(listed(record(2), record(5))),
    )
    fetched = fetch(FetchState(last_ok=datetime(2026, 2, 18, 12, tzinfo=UTC)))
    assert told(fetched) == [
        ("2602.00009", 1, "new"),
        ("2602.00001", 1, "new"),
        ("2602.00002", 3, "new"),
        ("2602.00005", 2, "new"),
    ]
    assert asked(server) == [RSS, API, API, OAI, OAI, API]
    # What only OAI-PMH knows: the date of the version between.
    assert [one.date for one in fetched.items[2].versions][1] == datetime(2026, 2, 24, 11, 30, tzinfo=UTC)
    assert "announcements since 2026-02-19 were missed: the API gave 3 papers" in fetched.warnings[0]
    assert fetched.state.etag == "2026-02-20T12:00:00+00:00"


def test_old_papers_are_marked_as_replaced(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    night_after(server, papers("2501.00001v2", published="2025-01-01T00:00:00Z"), Reply(listed()))
    fetched = fetch(FetchState(last_ok=datetime(2026, 2, 18, 12, tzinfo=UTC)))
    assert ("2501.00001", 2, "replace") in told(fetched)


def test_without_an_api_the_missed_night_waits_for_the_next(
    server: ScriptedServer, fetch: Callable[..., Fetched]
) -> None:
    night_after(server, Reply(b"no", status=404), Reply(b"no", status=404))
    before = FetchState(last_ok=datetime(2026, 2, 18, 12, tzinfo=UTC))
    fetched = fetch(before)
    assert told(fetched) == [("2602.00009", 1, "new")]
    assert any("papers from number 1 on are missing" in warning for warning in fetched.warnings)
    assert OAI not in asked(server)
    # The store notes that the source worked tonight; what was missed is still owed.
    later = FetchState(fetched.state.etag, body_sha256=fetched.state.body_sha256, last_ok=NOW)
    night_after(server, papers("2602.00001v1"), Reply(listed()))
    again = fetch(later)
    assert ("2602.00001", 1, "new") in told(again)
    assert again.state.etag.split() == ["2026-02-20T12:00:00+00:00", "2602.00009v1=new@2026-02-20"]


def test_without_oai_the_night_is_recovered_all_the_same(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    night_after(server, papers("2602.00001v1"), Reply(b"no", status=404))
    fetched = fetch(FetchState(last_ok=datetime(2026, 2, 18, 12, tzinfo=UTC)))
    assert ("2602.00001", 1, "new") in told(fetched)
    assert any("version logs may lack" in warning for warning in fetched.warnings)
    assert fetched.state.etag.split()[0] == "2026-02-20T12:00:00+00:00"


def test_what_is_left_of_a_long_absence_is_said(
    server: ScriptedServer, fetch: Callable[..., Fetched], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arxiv, "RECOVERY_CAP", 4)

    def api(request: Request) -> Reply:
        start = int(request.query.get("start", 0))
        return papers(*(f"2602.{1000 + start + n:05}v1" for n in range(2)), total=500)

    night_after(server, api, Reply(listed()))
    fetched = fetch(FetchState(last_ok=datetime(2026, 1, 5, 12, tzinfo=UTC)))
    assert len(fetched.items) == 5
    assert any("`slipway backfill arxiv --since 2025-12-31` brings them" in warning for warning in fetched.warnings)


def test_a_full_feed_has_its_rest_from_the_api(
    server: ScriptedServer, fetch: Callable[..., Fetched], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest.arxiv import rss as arxiv_rss

    monkeypatch.setattr(arxiv_rss, "RSS_CAP", 1)
    night_after(server, papers("2602.00001v1", "2602.00009v1"), Reply(b"no", status=404))
    fetched = fetch(FetchState(last_ok=NIGHT_BEFORE))
    assert told(fetched) == [("2602.00009", 1, "new"), ("2602.00001", 1, "new")]
    assert "the feed is full with 1 entries" in fetched.warnings[0]
    assert asked(server) == [RSS, API]


# ---- searches


def test_a_search_reads_on_to_the_last_night(server: ScriptedServer, fetch: Callable[..., Fetched]) -> None:
    def api(request: Request) -> Reply:
        start = int(request.query["start"])
        day = 19 - start // 2
        return papers(*(f"2602.{start + n:05}v1" for n in range(2)), published=f"2026-02-{day:02}T10:00:00Z", total=500)

    server.routes[API] = api
    query = {"categories": (), "query": "cat:cs.CL", "max_results": 2}
    assert len(fetch(**query).items) == 2
    # To three days before the last night, since the API's index is late at times.
    assert len(fetch(FetchState(last_ok=datetime(2026, 2, 15, 12, tzinfo=UTC)), **query).items) == 16


# ---- addresses


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", Addresses()),
        ("https://rss.arxiv.org/rss/cs.CL", Addresses()),
        ("http://export.arxiv.org/api/query", Addresses(api="http://export.arxiv.org/api/query")),
        ("http://m.example:8000", Addresses("http://m.example:8000/rss", "http://m.example:8000/api/query", "http://m.example:8000/oai")),
        ("http://m.example/arxiv/rss/cs.CL", Addresses("http://m.example/arxiv/rss", "http://m.example/arxiv/api/query", "http://m.example/arxiv/oai")),
        ("http://m.example/api/query", Addresses("http://m.example/rss", "http://m.example/api/query", "http://m.example/oai")),
        ("http://m.example/own?x=1", Addresses("http://m.example/own?x=1/rss", "http://m.example/own?x=1", "http://m.example/own?x=1/oai")),
        ("http://[bad", Addresses()),
    ],
)  # fmt: skip
def test_where_the_services_are(url: str, expected: Addresses) -> None:
    assert addresses(url) == expected
    assert Addresses().api == ARXIV_API
