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

HOST = (b"host", b"blog.example.org")
Headers = list[tuple[bytes, bytes]]


def by_h11(target: bytes, headers: Headers) -> bytes:
    protocol = h11.Connection(h11.CLIENT)
    sent = protocol.send(h11.Request(method="GET", target=target, headers=headers)) or b""
    return sent + (protocol.send(h11.EndOfMessage()) or b"")


def read_by_h11(received: bytes) -> tuple[int, Headers]:
    protocol = h11.Connection(h11.CLIENT)
    protocol.send(h11.Request(method="GET", target="/", headers=[HOST]))
    protocol.receive_data(received)
    event = protocol.next_event()
    assert isinstance(event, (h11.Response, h11.InformationalResponse))
    return event.status_code, event.headers.raw_items()


def test_a_request_is_written_as_h11_writes_it() -> None:
    headers = [HOST, (b"user-agent", b"Slipway (feed reader)"), (b"If-None-Match", b'W/"a b"'), (b"x", b"")]
    assert plainhead.request("GET", b"/feed?a=1", headers) == by_h11(b"/feed?a=1", headers)


@pytest.mark.parametrize(
    ("method", "target", "more"),
    [
        pytest.param("POST", b"/", [], id="another method"),
        pytest.param("GET", b"/a b", [], id="a space in the path"),
        pytest.param("GET", b"/\r\nx: y", [], id="a line end in the path"),
        pytest.param("GET", b"/", [(b"x", b"a\r\nb: c")], id="a line end in a value"),
        pytest.param("GET", b"/", [(b"x", b"a\n")], id="a line feed behind a value"),
        pytest.param("GET", b"/", [(b"x\n", b"a")], id="a line feed behind a name"),
        pytest.param("GET", b"/", [(b"x", b" a")], id="a blank before a value"),
        pytest.param("GET", b"/", [(b"x", "é".encode())], id="no ASCII"),
        pytest.param("GET", b"/", [(b"x y", b"a")], id="a blank in a name"),
        pytest.param("GET", b"/", [(b"Host", b"other.example.org")], id="a second host"),
        pytest.param("GET", b"/", [(b"Content-Length", b"3")], id="a length"),
    ],
)
def test_a_request_that_is_not_plain(method: str, target: bytes, more: Headers) -> None:
    assert plainhead.request(method, target, [HOST, *more]) is None


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


@given(st.binary(min_size=1, max_size=6), FIELDS)
def test_what_it_writes_h11_writes_alike(target: bytes, fields: Headers) -> None:
    written = plainhead.request("GET", target, [HOST, *fields])
    assert written is None or written == by_h11(target, [HOST, *fields])


_BLANKS = """
import h11
from ingest.web import exchange, plainhead

field = b"a:" + b" " * 400_000 + b"\\0\\r\\n\\r\\n"
assert plainhead.unchanged(b"HTTP/1.1 304 Not Modified\\r\\n" + field) is None
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
