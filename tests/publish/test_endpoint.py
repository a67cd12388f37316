"""One request: held to its time whatever drips, to its size, to its host; and the key is nowhere but in one header."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
import traceback

import pytest

from notes.errors import WriterError
from publish.writers import endpoint as module
from publish.writers.endpoint import Endpoint, post
from tests.serving import Reply, ScriptedServer, redirect

KEY = "sk-live-4242424242424242"
GOOD = Reply(b'{"choices": []}', content_type="application/json")
PATH = "/v1/chat/completions"


def trouble(endpoint: Endpoint, *, seconds: float = 20.0) -> WriterError:
    with pytest.raises(WriterError) as caught:
        post(endpoint, {"model": "m"}, seconds=seconds)
    return caught.value


def test_the_document_goes_there_and_back():
    with ScriptedServer({PATH: GOOD}) as server:
        assert post(Endpoint(server.url("/v1"), KEY), {"model": "é"}, seconds=20) == {"choices": []}
        (request,) = server.requests
    assert json.loads(request.body) == {"model": "é"}
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert [name for name, value in request.headers.items() if KEY in value] == ["authorization"]


@pytest.mark.parametrize(
    "url", ["/v1", "/v1/", "/v1/chat/completions", "/v1?api-version=2"], ids=["base", "slash", "whole", "query"]
)
def test_the_address_is_made_of_the_endpoint(url):
    with ScriptedServer({PATH: GOOD}) as server:
        post(Endpoint(server.url(url)), {}, seconds=20)
        (request,) = server.requests
        assert request.path == PATH
        assert ("api-version" in request.query) == ("?" in url)
        assert "authorization" not in request.headers


def test_a_redirect_is_not_followed_and_the_key_stays():
    with ScriptedServer({"/": GOOD, PATH: GOOD}) as other, ScriptedServer() as server:
        for status in (301, 302, 307, 308):
            server.routes[PATH] = redirect(other.url(PATH), status)
            error = trouble(Endpoint(server.url("/v1"), KEY))
            assert "redirects" in error.message
            assert error.is_lasting
        assert other.requests == []


def test_nothing_of_the_environment_decides_where_it_goes(monkeypatch, tmp_path):
    with ScriptedServer({PATH: GOOD}) as other, ScriptedServer({PATH: GOOD}) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, other.url(""))
        monkeypatch.setenv("HOME", str(tmp_path))
        (tmp_path / ".netrc").write_text("machine 127.0.0.1 login x password y\n")
        post(Endpoint(server.url("/v1")), {}, seconds=20)
        assert other.requests == []
        assert "authorization" not in server.requests[0].headers


def test_a_proxy_is_asked_where_one_is_configured():
    with ScriptedServer() as proxy:
        proxy.routes["/v1/chat/completions"] = GOOD
        post(Endpoint("http://model.example/v1", proxy=proxy.url("")), {}, seconds=20)
        assert proxy.requests[0].headers["host"] == "model.example"


def drip(text: bytes, port_of: list[int], stop: threading.Event) -> None:
    """A server that sends one byte at a time, for as long as it is let."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port_of.append(listener.getsockname()[1])
        listener.settimeout(20)
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            try:
                for byte in text:
                    if stop.wait(0.02):
                        break
                    connection.sendall(bytes([byte]))
                stop.wait(20)
            except OSError:
                pass


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "text",
    [b"", b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 5_000, HEAD + b"\r\n" + b" " * 50_000],
    ids=["silence", "headers", "body"],
)
def test_whatever_drips_the_time_holds(text):
    port: list[int] = []
    stop = threading.Event()
    server = threading.Thread(target=drip, args=(text, port, stop), daemon=True)
    server.start()
    while not port:
        time.sleep(0.01)
    started = time.monotonic()
    error = trouble(Endpoint(f"http://127.0.0.1:{port[0]}/v1"), seconds=0.5)
    assert "within 0 s" in error.message or "within 1 s" in error.message
    assert time.monotonic() - started < 15, "not the twenty seconds and more that it would have dripped"
    stop.set()
    server.join(20)


@pytest.mark.parametrize("endless", [True, False])
def test_a_body_that_is_too_large_is_left(endless):
    def chunks():
        while endless:
            yield b"x" * 10_000

    body = chunks() if endless else b"x" * 60_000
    with ScriptedServer({PATH: Reply(body, content_type="application/json")}) as server:
        assert "more than 50000 bytes" in trouble(Endpoint(server.url("/v1"), max_bytes=50_000)).message


def test_a_packed_body_is_not_unpacked():
    with ScriptedServer({PATH: Reply(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})}) as server:
        assert "packed" in trouble(Endpoint(server.url("/v1"))).message
        assert server.requests[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"<html>welcome</html>"),
        Reply(b"[" * 200_000),
        Reply(b"\xff\xfe"),
        Reply(b"{}", hang_up=True),
        Reply(b"{}", content_length=99),
        Reply(b"", status=204),
    ],
    ids=["html", "deep", "bytes", "hang up", "short", "nothing"],
)
def test_what_is_no_json_is_trouble(reply):
    with ScriptedServer({PATH: reply}) as server:
        trouble(Endpoint(server.url("/v1")))


def body(message: str) -> bytes:
    return json.dumps({"error": {"message": message, "param": "seed"}}).encode()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_the_key_stands_in_no_error_and_no_log(status, caplog):
    caplog.set_level(logging.DEBUG)
    echo = Reply(
        body(f"Incorrect key {KEY}"),
        status=status,
        headers={"X-Echo": f"Bearer {KEY}"},
        content_type="application/json",
    )
    with ScriptedServer({PATH: echo}) as server:
        error = trouble(Endpoint(server.url("/v1"), KEY))
    shown = "".join(traceback.format_exception(error)) + error.hint + error.named + repr(error.__dict__)
    assert KEY not in shown
    assert KEY not in caplog.text
    assert KEY not in repr(Endpoint("http://x/v1", KEY, f"http://u:{KEY}@proxy"))


@pytest.mark.parametrize("lead", [" " * 600, "\u200b" * 610, "x" * 150], ids=["blanks", "invisible", "words"])
def test_no_half_of_the_key_is_left_where_a_message_is_cut(lead):
    echo = Reply(body(f"{lead}{KEY}"), status=400, content_type="application/json")
    with ScriptedServer({PATH: echo}) as server:
        error = trouble(Endpoint(server.url("/v1"), KEY))
    shown = "".join(traceback.format_exception(error)) + error.named
    assert KEY[:8] not in shown


def test_a_key_that_no_header_holds_is_named_nowhere():
    error = trouble(Endpoint("http://127.0.0.1:9/v1", "sk-\nInjected: yes"))
    assert error.is_lasting
    assert "Injected" not in "".join(traceback.format_exception(error))


def test_an_endpoint_is_shown_without_its_secrets():
    assert Endpoint("https://u:p@host.example/v1?key=x#y").place == "https://host.example/v1"


def test_what_an_endpoint_says_is_shown_as_one_harmless_line():
    with ScriptedServer({PATH: Reply(body("a\n\x1b[31mb\u202e" + "c" * 999), status=400)}) as server:
        error = trouble(Endpoint(server.url("/v1")))
    assert "\x1b" not in error.message
    assert "\n" not in error.message
    assert "\u202e" not in error.message
    assert len(error.message) < 260
    assert error.named.startswith("seed ")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "17"}, 17.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "Fri, 20 Feb 2026 00:00:09 GMT", "date": "Fri, 20 Feb 2026 00:00:00 GMT"}, 9.0),
        ({"retry-after": "Fri, 20 Feb 2026 00:00:00 GMT", "date": "Fri, 20 Feb 2026 00:00:09 GMT"}, 0.0),
        ({"retry-after": "Fri, 20 Feb 2026 00:00:09 GMT"}, None),
        ({"retry-after": "Fri, 20 Feb 2026 00:00:09", "date": "Fri, 20 Feb 2026 00:00:00 GMT"}, None),
        ({"retry-after": "9" * 40}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
    ids=lambda given: str(given)[:40],
)
def test_retry_after_needs_no_clock_of_ours(headers, seconds):
    assert module._retry_after(headers) == seconds
