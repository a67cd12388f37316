"""Documents sent to search engines and chat models: once, to the place that was configured, and kept out of every message."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

import pytest

from ingest.web.client import HttpClient, Limits, Response
from notes.errors import FetchError, RefusedError, SourceError
from tests.ingest.conftest import FakeTime
from tests.serving import Reply, ScriptedServer, gzipped, redirect

LOOPBACK = ("loopback",)
KEY = {"Authorization": "Bearer secret"}
ANSWER = Reply(b'{"choices": []}', content_type="application/json")


def post(server: ScriptedServer, client: HttpClient, path: str = "/v1", **more: Any) -> Response:
    return client.post_json(server.url(path), {"q": "secret 日报"}, headers=KEY, **{"allow": LOOPBACK, **more})


def test_a_document_goes_and_an_answer_comes(server: ScriptedServer, client: HttpClient) -> None:
    server.routes["/v1"] = ANSWER
    assert post(server, client).body == b'{"choices": []}'
    (asked,) = server.requests
    assert (asked.method, json.loads(asked.body)) == ("POST", {"q": "secret 日报"})
    names = ("authorization", "content-type", "accept", "user-agent")
    assert [asked.headers[name] for name in names] == [
        "Bearer secret",
        "application/json",
        "application/json",
        "Slipway (feed reader)",
    ]


def test_an_answer_of_any_status_is_given(server: ScriptedServer, client: HttpClient) -> None:
    server.routes["/v1"] = Reply(b"no", status=401)
    with pytest.raises(FetchError, match="401") as caught:
        post(server, client).require_ok()
    assert "secret" not in f"{caught.value!r} {caught.value.hint}"


# ---- never twice


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(status=500), id="500"),
        pytest.param(Reply(status=502), id="502"),
        pytest.param(Reply(status=503), id="503 that names no time"),
        pytest.param(Reply(status=429), id="429 that names no time"),
        pytest.param(Reply(status=503, headers={"Retry-After": "86400"}), id="503 that names a long time"),
        pytest.param(Reply(hang_up=True), id="hung up"),
        pytest.param(Reply(b"{}", content_length=100), id="half an answer"),
    ],
)
def test_what_was_sent_is_not_sent_again(
    reply: Reply, server: ScriptedServer, client: HttpClient, fake_time: FakeTime
) -> None:
    server.routes["/v1"] = reply
    with pytest.raises(FetchError) as caught:
        post(server, client).require_ok()
    assert "secret" not in f"{caught.value!r} {caught.value.hint}"
    assert (server.count("/v1"), fake_time.slept) == (1, [])


def test_an_answer_that_does_not_come_is_not_asked_for_again(server: ScriptedServer, fake_time: FakeTime) -> None:
    server.routes["/v1"] = Reply(b"{}", stall_s=4)
    with pytest.raises(FetchError, match="took too long"):
        post(server, HttpClient(Limits(read_s=1.0), sleep=fake_time.sleep))
    assert (server.count("/v1"), fake_time.slept) == (1, [])


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_names_a_time_is_asked_again(
    status: int, server: ScriptedServer, client: HttpClient, fake_time: FakeTime
) -> None:
    server.routes["/v1"] = [Reply(status=status, headers={"Retry-After": "7"}), ANSWER]
    assert post(server, client).status == 200
    assert (server.count("/v1"), fake_time.slept) == (2, [7.0])


def test_where_nobody_listens_nothing_was_sent(client: HttpClient, fake_time: FakeTime) -> None:
    with ScriptedServer() as gone:
        pass
    with pytest.raises(FetchError, match="gave no answer") as caught:
        post(gone, client)
    assert fake_time.slept == [1.0, 2.0]
    assert "secret" not in f"{caught.value!r} {caught.value.hint}"


# ---- to one place only


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_to_the_same_place_is_followed(status: int, server: ScriptedServer, client: HttpClient) -> None:
    server.routes |= {"/v1": redirect("/v1/", status), "/v1/": ANSWER}
    assert post(server, client).status == 200
    assert [(asked.method, asked.body) for asked in server.requests] == [("POST", server.requests[0].body)] * 2


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_makes_a_get_of_it_is_not_followed(
    status: int, server: ScriptedServer, client: HttpClient
) -> None:
    server.routes |= {"/v1": redirect("/v1/", status), "/v1/": ANSWER}
    with pytest.raises(FetchError, match="not sent on") as caught:
        post(server, client)
    assert (caught.value.status, server.count("/v1/")) == (status, 0)


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_redirect_to_another_place_is_not_followed(status: int, server: ScriptedServer) -> None:
    """Not even to one that may be fetched."""
    with ScriptedServer({"/v1": ANSWER}) as other:
        client = HttpClient(Limits(retries=0, allow=LOOPBACK), resolver=lambda host, port: ("127.0.0.1",))
        server.routes["/v1"] = redirect(other.url("/v1", "other.example.org"), status)
        with pytest.raises(FetchError, match="not sent on"):
            post(server, client)
        assert other.connections == 0


# ---- under the same guards


def test_the_guard_stands_before_it(server: ScriptedServer, client: HttpClient) -> None:
    def to_loopback(host: str, port: int) -> Sequence[str]:
        return ("127.0.0.1",)

    for guarded, host in ((client, "127.0.0.1"), (HttpClient(resolver=to_loopback), "search.example.org")):
        with pytest.raises(RefusedError) as caught:
            guarded.post_json(server.url("/v1", host), {}, headers=KEY)
        assert "secret" not in f"{caught.value!r}"
    assert server.connections == 0


@pytest.mark.parametrize(
    "reply",
    [Reply(b" " * 2_000_000), gzipped(b" " * 50_000_000), gzipped(b"{}", times=2, declared="gzip, gzip")],
    ids=["large", "bomb", "stacked"],
)
def test_the_answer_is_bounded(reply: Reply, server: ScriptedServer) -> None:
    server.routes["/v1"] = reply
    with pytest.raises(SourceError):
        post(server, HttpClient(Limits(max_bytes=1_000_000)))
    assert server.count("/v1") == 1


def test_a_model_may_think_longer_than_a_feed(server: ScriptedServer) -> None:
    """Its own time stands for that of the whole and of each read."""
    server.routes["/v1"] = Reply(b"{}", stall_s=0.5)
    client = HttpClient(Limits(read_s=0.1, total_s=0.2, retries=0))
    assert post(server, client, total_s=10.0).status == 200
    server.routes["/v1"] = Reply(b"{}", stall_s=5)
    started = time.monotonic()
    with pytest.raises(FetchError, match="took too long"):
        post(server, client, total_s=0.3)
    assert time.monotonic() - started < 4.5
