"""Web search as a source, asked of a real server: what becomes an item, what is told, and what is never told."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.search import websearch
from ingest.search.answers import chat_hits, searxng_hits
from ingest.search.websearch import fetch_websearch
from ingest.sources import Fetched, FetchState, SourceSpec
from ingest.web.client import HttpClient, Limits, Pace
from notes.errors import FetchError, ParseError, RefusedError, SourceError
from notes.model import SourceType
from tests.ingest.conftest import FakeTime
from tests.serving import Reply, Request, ScriptedServer, redirect

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
KEY = "sk-secret-4711-abcdefghijklmnop"
PROSE = "The most important paper of the week shows that agents keep their skills."
LOOPBACK = ("127.0.0.0/8",)


def answer(document: object, **more: object) -> Reply:
    return Reply(json.dumps(document).encode(), content_type="application/json", **more)  # type: ignore[arg-type]


def result(number: int, **more: object) -> dict[str, object]:
    return {
        "url": f"https://site{number}.example.org/a/{number}",
        "title": f"Result {number}",
        "content": f"About skills, {number}.",
    } | more


def chat(message: dict[str, object], **more: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "message": {"role": "assistant", "content": PROSE} | message}]} | more


@pytest.fixture
def searxng(server: ScriptedServer) -> SourceSpec:
    return SourceSpec(
        key="web",
        kind="websearch",
        url=server.url("/search"),
        queries=("agent skills",),
        allow=LOOPBACK,
        tags=("found",),
    )


@pytest.fixture
def model(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> SourceSpec:
    monkeypatch.setenv("SEARCH_KEY", KEY)
    return SourceSpec(
        key="ask",
        kind="websearch",
        url=server.url("/v1"),
        queries=("agent skills",),
        api="openai",
        model="sonar",
        api_key_env="SEARCH_KEY",
        allow=LOOPBACK,
    )


@pytest.fixture
def secrets_stay(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that was logged holds the key."""
    with caplog.at_level(logging.DEBUG):
        yield
    assert KEY not in caplog.text


pytestmark = pytest.mark.usefixtures("secrets_stay")


def fetch(spec: SourceSpec, state: FetchState | None = None) -> Fetched:
    fake = FakeTime()
    client = HttpClient(Limits(retries=1), sleep=fake.sleep)
    return fetch_websearch(spec, state or FetchState(), client=client, pace=Pace(0.0, fake.sleep, fake.clock), now=NOW)


# SearXNG


def test_results_are_items_under_their_own_addresses(server: ScriptedServer, searxng: SourceSpec) -> None:
    server.routes["/search"] = answer(
        {
            "results": [
                result(1, publishedDate="2026-02-11T08:00:00", engines=["a", "b"], title="Skills &amp; <b>agents</b>"),
                result(2, url="https://arxiv.org/pdf/2602.08234v2", publishedDate=None),
            ]
        }
    )
    fetched = fetch(searxng)
    first, second = fetched.items
    assert (first.key, first.url, first.title, first.text) == (
        "url:site1.example.org/a/1",
        "https://site1.example.org/a/1",
        "Skills & agents",
        "About skills, 1.",
    )
    assert (first.source_type, first.source, first.tags) == (SourceType.WEB, "web", ("found",))
    assert first.published == datetime(2026, 2, 11, 8, tzinfo=UTC)
    assert (second.key, second.arxiv_id) == ("arxiv:2602.08234", "2602.08234")
    assert fetched.warnings == ()
    asked = server.requests[0]
    assert (asked.query["q"], asked.query["format"]) == ("agent skills", "json")
    assert "authorization" not in asked.headers


def paged(total: int, size: int = 10) -> object:
    def reply(request: Request) -> Reply:
        first = (int(request.query.get("pageno", "1")) - 1) * size
        return answer({"results": [result(n) for n in range(first, min(first + size, total))]})

    return reply


PAGES = {
    "as many as asked for": (25, 100, 25, 3),
    "the end": (200, 25, 25, 4),
    "no more pages than this": (200, 100, 50, 5),
}


@pytest.mark.parametrize(("wanted", "there", "got", "pages"), PAGES.values(), ids=PAGES)
def test_pages(server: ScriptedServer, searxng: SourceSpec, wanted: int, there: int, got: int, pages: int) -> None:
    server.routes["/search"] = paged(there)  # type: ignore[assignment]
    assert len(fetch(replace(searxng, max_results=wanted)).items) == got
    assert server.count("/search") == pages


def test_a_page_that_fails_leaves_those_before_it(server: ScriptedServer, searxng: SourceSpec) -> None:
    server.routes["/search"] = [answer({"results": [result(1)]}), Reply(status=404)]
    fetched = fetch(searxng)
    assert len(fetched.items) == 1
    assert "page 2" in fetched.warnings[0]


def test_parameters_of_the_address_are_kept(server: ScriptedServer, searxng: SourceSpec) -> None:
    server.routes["/search"] = answer({"results": []})
    fetch(replace(searxng, url=searxng.url + "?time_range=week&q=theirs"))
    assert server.requests[0].query == {"time_range": "week", "q": "agent skills", "format": "json"}


def test_a_page_of_two_queries_is_one_item(server: ScriptedServer, searxng: SourceSpec) -> None:
    server.routes["/search"] = lambda request: answer({"results": [result(1), result(len(request.query["q"]))]})
    assert [item.title for item in fetch(replace(searxng, queries=("aa", "bbb"))).items] == [
        "Result 1",
        "Result 2",
        "Result 3",
    ]


def test_the_same_results_are_not_modified(server: ScriptedServer, searxng: SourceSpec) -> None:
    one, two = result(1), result(2)
    server.routes["/search"] = lambda request: answer(
        {"results": [one, two] if len(server.requests) % 2 else [two, one]}
    )
    first = fetch(searxng)
    again = fetch(searxng, first.state)
    assert (again.not_modified, again.items, again.state) == (True, (), first.state)
    two["title"] = "Another title"
    assert not fetch(searxng, first.state).not_modified


HOSTILE = {
    "no address": result(1, url=""),
    "a script": result(1, url="javascript:alert(1)"),
    "a file": result(1, url="file:///etc/passwd"),
    "a number": result(1, url=7),
    "no object": ["x"],
}


@pytest.mark.parametrize("one", HOSTILE.values(), ids=HOSTILE)
def test_a_result_without_an_address_is_none(server: ScriptedServer, searxng: SourceSpec, one: object) -> None:
    server.routes["/search"] = answer({"results": [one, result(2)]})
    assert [item.title for item in fetch(searxng).items] == ["Result 2"]


def test_engines_that_gave_nothing_are_told(server: ScriptedServer, searxng: SourceSpec) -> None:
    server.routes["/search"] = answer(
        {"results": [], "unresponsive_engines": [["mojeek", "timeout"], ["brave", "too many requests"]]}
    )
    assert fetch(searxng).warnings == ("query agent skills: engines that gave no answer: brave, mojeek",)


TROUBLE = {
    "json is switched off": (Reply(status=403), FetchError, "403"),
    "a page": (Reply(b"<html></html>", content_type="text/html"), ParseError, "no JSON"),
    "another service": (answer({"hits": []}), ParseError, "no results"),
    "a list": (answer([1]), ParseError, "no JSON object"),
    "a nest": (Reply(b"[" * 200_000), ParseError, "no JSON"),
    "digits": (Reply(b'{"results": ' + b"9" * 10_000 + b"}"), ParseError, "no JSON"),
    "a hang-up": (Reply(hang_up=True), FetchError, "no answer"),
    "a long answer": (Reply(b" " * 17_000_000), FetchError, "larger"),
}


@pytest.mark.parametrize(("reply", "error", "words"), TROUBLE.values(), ids=TROUBLE)
def test_trouble_of_the_endpoint_is_that_of_the_source(
    server: ScriptedServer, searxng: SourceSpec, reply: Reply, error: type, words: str
) -> None:
    server.routes["/search"] = reply
    with pytest.raises(error, match=words) as told:
        fetch(searxng)
    assert isinstance(told.value, SourceError)


def test_trouble_with_one_query_is_a_warning(server: ScriptedServer, searxng: SourceSpec) -> None:
    server.routes["/search"] = lambda request: (
        Reply(status=404) if request.query["q"] == "b" else answer({"results": [result(1)]})
    )
    fetched = fetch(replace(searxng, queries=("a", "b", "c")))
    assert len(fetched.items) == 1
    assert len(fetched.warnings) == 1
    assert fetched.warnings[0].startswith("query b: ")


def test_an_endpoint_that_asks_for_patience_is_left_alone(server: ScriptedServer, searxng: SourceSpec) -> None:
    server.routes["/search"] = lambda request: (
        Reply(status=429) if request.query["q"] == "b" else answer({"results": [result(1)]})
    )
    fetch(replace(searxng, queries=("a", "b", "c", "d")))
    assert {request.query["q"] for request in server.requests} == {"a", "b"}


def test_only_what_is_allowed_is_asked(server: ScriptedServer, searxng: SourceSpec) -> None:
    with pytest.raises(RefusedError):
        fetch(replace(searxng, allow=()))
    assert server.connections == 0


def test_without_queries_nothing_is_asked(searxng: SourceSpec) -> None:
    with pytest.raises(FetchError, match="no queries"):
        fetch(replace(searxng, queries=()))


# Chat completions

A, B = "https://a.example.org/skills", "https://b.example.org/memory"
CITED = {
    "citations by address": chat({}, citations=[A, B]),
    "citations as objects": chat({}, citations=[{"url": A, "title": "Skills"}, {"url": B, "title": "Memory"}]),
    "search_results": chat(
        {},
        search_results=[{"url": A, "title": "Skills", "date": "2026-02-11"}, {"url": B, "title": "Memory"}],
        citations=[A, B],
    ),
    "annotations": chat(
        {
            "annotations": [
                {
                    "type": "url_citation",
                    "url_citation": {"url": A, "title": "Skills", "start_index": 0, "end_index": 9},
                },
                {
                    "type": "url_citation",
                    "url_citation": {"url": B, "title": "Memory", "content": "How agents remember."},
                },
                {"type": "file_citation", "file_citation": {"file_id": "x"}},
            ]
        }
    ),
    "annotations, not nested": chat(
        {"annotations": [{"type": "url_citation", "url": A}, {"type": "url_citation", "url": B}]}
    ),
    "annotations of parts": chat(
        {
            "content": [
                {
                    "type": "text",
                    "text": PROSE,
                    "annotations": [{"type": "url_citation", "url": A}, {"type": "url_citation", "url": B}],
                }
            ]
        }
    ),
    "of the message": chat({"citations": [A, B]}),
    "web_search, as GLM has it": chat(
        {}, web_search=[{"link": A, "title": "Skills", "content": "Skills of agents."}, {"link": B, "title": "Memory"}]
    ),
    "search_info, as Qwen has it": chat(
        {}, search_info={"search_results": [{"url": A, "title": "Skills"}, {"url": B, "title": "Memory"}]}
    ),
    "references, as Doubao has them": chat(
        {}, references=[{"url": A, "title": "Skills"}, {"url": B, "summary": "Memory."}]
    ),
    "links in the text": chat({"content": f"{PROSE} [1]({A}) and [a blog]({B})."}),
    "links with titles and brackets": chat({"content": f'{PROSE} [1](<{A}> "Skills"), [2]({B}).'}),
    "footnotes": chat({"content": f"{PROSE} [1][2]\n\n[1]: {A}\n[2]: {B} 'Memory'\n"}),
    "bare addresses": chat({"content": f"{PROSE} See {A}. 另见 {B}。"}),
}


@pytest.mark.parametrize("document", CITED.values(), ids=CITED)
def test_what_is_cited_becomes_items_and_the_prose_does_not(
    server: ScriptedServer, model: SourceSpec, document: object
) -> None:
    server.routes["/v1/chat/completions"] = answer(document)
    fetched = fetch(model)
    assert [item.url for item in fetched.items] == [A, B]
    assert [item.key for item in fetched.items] == ["url:a.example.org/skills", "url:b.example.org/memory"]
    assert {item.source_type for item in fetched.items} == {SourceType.WEB}
    assert PROSE not in repr(fetched.items)
    assert fetched.warnings == ()


def test_title_snippet_and_date_are_the_citations_own(server: ScriptedServer, model: SourceSpec) -> None:
    found = {"url": A, "title": "Skills", "snippet": "Agents keep skills.", "date": "2026-02-11"}
    server.routes["/v1/chat/completions"] = answer(chat({}, search_results=[found], citations=[A + "?utm_source=x"]))
    (item,) = fetch(model).items
    assert (item.title, item.text, item.published) == (
        "Skills",
        "Agents keep skills.",
        datetime(2026, 2, 11, tzinfo=UTC),
    )


def test_the_request(server: ScriptedServer, model: SourceSpec) -> None:
    server.routes["/v1/chat/completions"] = answer(CITED["annotations"])
    fetch(model)
    (asked,) = server.requests
    assert (asked.method, asked.headers["authorization"], asked.headers["content-type"]) == (
        "POST",
        f"Bearer {KEY}",
        "application/json",
    )
    sent = json.loads(asked.body)
    assert sent["model"] == "sonar"
    assert "agent skills" in sent["messages"][-1]["content"]


@pytest.mark.parametrize("url", ["/v1", "/v1/", "/v1/chat/completions"])
def test_the_address_of_a_model(server: ScriptedServer, model: SourceSpec, url: str) -> None:
    server.routes["/v1/chat/completions"] = answer(CITED["annotations"])
    assert len(fetch(replace(model, url=server.url(url))).items) == 2


UNCITED = {
    "only prose": chat({}),
    "no choices": {"choices": []},
    "empty lists": chat({"annotations": []}, citations=[]),
    "of the wrong kind": chat(
        {"content": 7, "annotations": {"x": 1}}, citations="none", search_results=[None, 3, {"title": "T"}]
    ),
    "addresses that are none": chat({}, citations=["javascript:alert(1)", "[1]", "http://"]),
}


@pytest.mark.parametrize("document", UNCITED.values(), ids=UNCITED)
def test_an_answer_without_citations_is_a_warning_and_no_item(
    server: ScriptedServer, model: SourceSpec, document: object
) -> None:
    server.routes["/v1/chat/completions"] = answer(document)
    fetched = fetch(model)
    assert fetched.items == ()
    assert fetched.warnings == ("query agent skills: the answer cites no page; what the model wrote is not kept",)


ECHOES = {
    "refused": Reply(f"bad key {KEY}".encode(), status=401),
    "an error in JSON": answer({"error": {"message": f"key {KEY} is over its limit"}}),
    "no JSON": Reply(KEY.encode()),
    "sent on to another place": redirect(f"https://evil.example.org/{KEY}", status=307),
    "no answer": Reply(hang_up=True),
    "a name that echoes": Reply(status=500, headers={"X-Key": KEY}),
}


@pytest.mark.parametrize("reply", ECHOES.values(), ids=ECHOES)
def test_the_key_stands_in_no_error(server: ScriptedServer, model: SourceSpec, reply: Reply) -> None:
    server.routes["/v1/chat/completions"] = reply
    with pytest.raises(SourceError) as told:
        fetch(model)
    assert KEY not in f"{told.value} {told.value!r} {told.value.args} {told.value.message} {told.value.hint}"
    assert told.value.__suppress_context__


def test_an_errand_does_not_show_its_key(model: SourceSpec) -> None:
    assert KEY not in repr(websearch._Errand(model, HttpClient(), Pace(0.0), KEY))


def test_a_key_that_is_not_set(server: ScriptedServer, model: SourceSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEARCH_KEY")
    with pytest.raises(FetchError, match="SEARCH_KEY is not set"):
        fetch(model)
    assert server.connections == 0


@pytest.mark.parametrize("key", ["sk-a\r\nx: y", "ключ", "a b"])
def test_a_key_that_breaks_a_header(
    server: ScriptedServer, model: SourceSpec, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("SEARCH_KEY", key)
    with pytest.raises(FetchError, match="SEARCH_KEY holds what no key can") as told:
        fetch(model)
    assert key not in str(told.value)
    assert server.connections == 0


def test_a_key_is_not_sent_in_the_clear(model: SourceSpec) -> None:
    with pytest.raises(RefusedError, match="in the clear"):
        fetch(replace(model, allow=(), url="http://model.example.org/v1"))


def test_a_key_goes_to_a_searxng_that_wants_one(
    server: ScriptedServer, searxng: SourceSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARCH_KEY", KEY)
    server.routes["/search"] = answer({"results": []})
    fetch(replace(searxng, api_key_env="SEARCH_KEY"))
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


# Any answer

KEYS = (
    "results url link title content choices message annotations type url_citation citations search_results web_search search_info"
    " references text publishedDate unresponsive_engines"
)
LEAVES = st.sampled_from([A, B, "url_citation", "[1](https://c.example.org/x)"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_any_answer_is_read_or_refused(document: object) -> None:
    for read in (lambda text: searxng_hits(text)[0], chat_hits):
        try:
            hits = read(json.dumps(document))
        except ParseError:
            continue
        assert all(hit.url.startswith("http") for hit in hits)
        assert len({hit.url for hit in hits}) == len(hits)
