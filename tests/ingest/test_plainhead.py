"""The fast way through a plain exchange says what h11 says, or nothing."""

from __future__ import annotations

import re
import subprocess
import sys

import h11
import pytest
from h11 import _abnf, _readers
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.web import exchange, plainhead
from ingest.web.response import headers_by_name

Headers = list[tuple[bytes, bytes]]
Texts = tuple[tuple[str, str], ...]


def by_h11(target: str, headers: list[tuple[str, str]]) -> bytes:
    protocol = h11.Connection(h11.CLIENT)
    sent = protocol.send(h11.Request(method="GET", target=target, headers=headers)) or b""
    return sent + (protocol.send(h11.EndOfMessage()) or b"")


def read_by_h11(received: bytes) -> tuple[int, dict[str, str]]:
    protocol = h11.Connection(h11.CLIENT)
    protocol.send(h11.Request(method="GET", target="/", headers=[("host", "a.example")]))
    protocol.receive_data(received)
    event = protocol.next_event()
    assert isinstance(event, (h11.Response, h11.InformationalResponse))
    return event.status_code, headers_by_name(event.headers.raw_items())


@pytest.mark.parametrize("place", ["blog.example.org", "blog.example.org:8080", "[2606:4700::1]:8080"])
def test_a_request_is_written_as_h11_writes_it(place: str) -> None:
    shared = (("user-agent", "Slipway (feed reader)"), ("accept", "*/*;q=0.5"))
    own = (("If-None-Match", 'W/"a b"'), ("x", ""))
    for common in ((), shared):
        expected = by_h11("/feed?a=1", [("host", place), *common, *own])
        assert plainhead.request("/feed?a=1", place, own, common) == expected


@pytest.mark.parametrize("is_shared", [False, True], ids=["own", "shared"])
@pytest.mark.parametrize(
    ("target", "place", "more"),
    [
        pytest.param("/a b", "", (), id="a space in the path"),
        pytest.param("/\r\nx: y", "", (), id="a line end in the path"),
        pytest.param("/é", "", (), id="no ASCII in the path"),
        pytest.param("/", "a.example\r\nx: y", (), id="a line end in the place"),
        pytest.param("/", "", (("x", "a\r\nb: c"),), id="a line end in a value"),
        pytest.param("/", "", (("x", "a\n"),), id="a line feed behind a value"),
        pytest.param("/", "", (("x\n", "a"),), id="a line feed behind a name"),
        pytest.param("/", "", (("x", " a"),), id="a blank before a value"),
        pytest.param("/", "", (("x", "é"),), id="no ASCII"),
        pytest.param("/", "", (("x y", "a"),), id="a blank in a name"),
        pytest.param("/", "", (("Host", "other.example.org"),), id="a second host"),
        pytest.param("/", "", (("Content-Length", "3"),), id="a length"),
    ],
)
def test_a_request_that_is_not_plain(target: str, place: str, more: Texts, *, is_shared: bool) -> None:
    own, shared = ((), more) if is_shared else (more, ())
    assert plainhead.request(target, place or "a.example", own, shared) is None
    assert plainhead.request("/", "a.example", (("x", "a"),), ()) is not None


@pytest.mark.parametrize(
    "received",
    [
        b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nConnection: close\r\n\r\n',
        b"HTTP/1.0 304\r\n\r\n",
        b"HTTP/1.1 304 \r\nDate:\t Mon, 01 Jan 2024 00:00:00 GMT \r\nX:\r\nX: 2\r\n\r\nno body of his",
    ],
)
def test_an_unchanged_document_is_read_as_h11_reads_it(received: bytes) -> None:
    assert (304, plainhead.unchanged(received)) == read_by_h11(received)


@pytest.mark.parametrize(
    "received",
    [
        b"",
        b"HTTP/1.1 304 Not Modified\r\nETag: 1\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\n\n",
        b"HTTP/1.1 304 Not Modified\r\nX: a\r\n b\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nX: a\nY: b\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nX : a\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nX: \xe9\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: a\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/2.0 304 Not Modified\r\n\r\n",
    ],
)
def test_an_answer_that_is_not_plain(received: bytes) -> None:
    assert plainhead.unchanged(received) is None


FIELDS = st.lists(st.tuples(st.binary(max_size=6), st.binary(max_size=6)), max_size=3)


@given(FIELDS, st.sampled_from([b"\r\n", b"\n", b"\r", b""]), st.binary(max_size=4))
def test_what_it_reads_h11_reads_alike(fields: Headers, end: bytes, more: bytes) -> None:
    received = b"HTTP/1.1 304 Not Modified\r\n" + b"".join(b"%s: %s%s" % (*field, end) for field in fields)
    received += b"\r\n" + more
    headers = plainhead.unchanged(received)
    assert headers is None or read_by_h11(received) == (304, headers)


TEXT = st.text(st.characters(max_codepoint=255), max_size=6)


@given(st.text(min_size=1, max_size=6), st.lists(st.tuples(TEXT, TEXT), max_size=3))
def test_what_it_writes_h11_writes_alike(target: str, fields: list[tuple[str, str]]) -> None:
    written = plainhead.request(target, "a.example", tuple(fields))
    assert written is None or written == by_h11(target, [("host", "a.example"), *fields])


def body_by_h11(received: bytes) -> tuple[int, dict[str, str], bytes, bool]:
    """Status, headers and body by h11, and whether it wants more."""
    protocol = h11.Connection(h11.CLIENT)
    protocol.send(h11.Request(method="GET", target="/", headers=[("host", "a.example")]))
    protocol.send(h11.EndOfMessage())
    protocol.receive_data(received)
    head = protocol.next_event()
    assert isinstance(head, h11.Response)
    body = b""
    while isinstance(event := protocol.next_event(), h11.Data):
        body += event.data
    return head.status_code, headers_by_name(head.headers.raw_items()), body, event is h11.NEED_DATA


PLAIN = b"HTTP/1.1 200 OK\r\nETag: 1\r\nContent-Length: 5\r\n\r\n"


@pytest.mark.parametrize("body", [b"", b"12", b"12345", b"12345 and more"])
def test_a_document_is_read_as_h11_reads_it(body: bytes) -> None:
    found = plainhead.document(PLAIN + body)
    assert found is not None
    assert (200, found.headers, found.begun[: found.length], len(body) < 5) == body_by_h11(PLAIN + body)


@pytest.mark.parametrize(
    ("instead", "by"),
    [
        pytest.param(b"200", b"304", id="nothing new"),
        pytest.param(b"200", b"404", id="an error"),
        pytest.param(b"200 OK\r\n", b"100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", id="more to come"),
        pytest.param(b"Content-Length: 5\r\n", b"", id="no length"),
        pytest.param(b"ETag: 1", b"content-length: 5", id="two lengths"),
        pytest.param(b"ETag: 1", b"Transfer-Encoding: chunked", id="chunks"),
        pytest.param(b": 5", b": 5, 5", id="a list of lengths"),
        pytest.param(b": 5", b": +5", id="a sign"),
        pytest.param(b": 5", b": 0x5", id="another notation"),
        pytest.param(b": 5", b": 5_0", id="grouped digits"),
        pytest.param(b": 5", b": " + b"5" * 16, id="too long"),
        pytest.param(b"1", b"\xe9", id="no ASCII"),
        pytest.param(b"\r\n\r\n", b"\r\n", id="no end of the head"),
        pytest.param(b"\r\n", b"\n", id="another line end"),
    ],
)
def test_a_document_that_is_not_plain(instead: bytes, by: bytes) -> None:
    assert instead in PLAIN
    assert plainhead.document(PLAIN.replace(instead, by)) is None


@given(FIELDS, st.sampled_from([b"5", b"0", b"05", b"5 ", b"", b"a"]), st.binary(max_size=8))
def test_the_documents_that_it_reads_h11_reads_alike(fields: Headers, length: bytes, body: bytes) -> None:
    received = b"HTTP/1.1 200 OK\r\n" + b"".join(b"%s: %s\r\n" % field for field in fields)
    received += b"content-length: %s\r\n\r\n%s" % (length, body)
    found = plainhead.document(received)
    if found is not None:
        whole = (200, found.headers, found.begun[: found.length], len(found.begun) < found.length)
        assert whole == body_by_h11(received)


_BLANKS = """
import h11
from ingest.web import exchange, plainhead

field = b"a:" + b" " * 400_000 + b"\\0\\r\\n\\r\\n"
for end in (field, b"a:" + b" b" * 200_000 + field, b"a: b\\r\\n" * 100_000 + field):
    assert plainhead.unchanged(b"HTTP/1.1 304 Not Modified\\r\\n" + end) is None
for begun in (b"", b"Transfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n"):
    protocol = h11.Connection(h11.CLIENT)
    protocol.send(h11.Request(method="GET", target="/", headers=[("host", "a.example")]))
    protocol.send(h11.EndOfMessage())
    protocol.receive_data(b"HTTP/1.1 200 OK\\r\\n" + begun + field)
    try:
        while protocol.next_event() is not h11.PAUSED:
            pass
    except h11.RemoteProtocolError as error:
        assert "illegal header line" in str(error)
    else:
        raise AssertionError(begun)
"""


def test_blanks_before_what_is_no_header_cost_no_time() -> None:
    """In heads and in trailers; where blanks are given back one by one, this takes many minutes."""
    subprocess.run([sys.executable, "-c", _BLANKS], check=True, timeout=300, env={"PYTHONPATH": ":".join(sys.path)})


@settings(deadline=None)
@given(st.text(alphabet="a: \t\x00\r\x0b;", max_size=12))
def test_the_pattern_for_h11_matches_what_its_own_does(line: str) -> None:
    assert _readers.header_field_re is exchange._HEADER_LINE
    of_h11 = re.compile(_abnf.header_field.encode("ascii"))
    ours, theirs = (pattern.fullmatch(line.encode()) for pattern in (exchange._HEADER_LINE, of_h11))
    assert (ours and ours.groupdict()) == (theirs and theirs.groupdict())
