"""Compressed bodies under a cap."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.web import inflate
from ingest.web.inflate import gunzipped, is_gzip, limited
from notes.errors import FetchError

TEXT = b"some text, " * 1_000
RAW = zlib.compressobj(wbits=-15)
RAW_TEXT = RAW.compress(TEXT) + RAW.flush()


def pieces(body: bytes, size: int = 7) -> Iterator[bytes]:
    yield b""
    yield from (body[i : i + size] for i in range(0, len(body), size))


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT), " X-GZIP "),
        (zlib.compress(TEXT), "deflate"),
        (RAW_TEXT, "deflate"),
        (gzip.compress(TEXT) + b"trailing", "gzip"),
    ],
    ids=["plain", "identity", "gzip", "x-gzip", "deflate", "deflate without header", "trailing bytes"],
)
def test_a_body_comes_out_whole(body: bytes, encoding: str) -> None:
    assert limited(pieces(body), encoding, len(TEXT)) == TEXT


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "compress"])
def test_a_coding_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(FetchError, match="not asked for"):
        limited([TEXT], encoding, 10**6)


@pytest.mark.parametrize(
    "body", [TEXT, gzip.compress(TEXT)[:-20], gzip.compress(TEXT)[:30] + b"\xff" * 30], ids=["none", "cut", "bent"]
)
def test_damaged_data_is_refused(body: bytes) -> None:
    with pytest.raises(FetchError, match=r"damaged|too early"):
        limited([body], "gzip", 10**6)


def test_a_bomb_stops_at_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    with pytest.raises(FetchError, match="larger than 1,000,000 bytes"):
        gunzipped(bomb, 1_000_000)
    with pytest.raises(FetchError, match="more than 100 times"):
        gunzipped(bomb, 50_000_000)
    monkeypatch.setattr(inflate, "_MAX_RATIO", 2_000)
    assert len(gunzipped(bomb, 50_000_000)) == 50_000_000  # the control: these are what stopped it


def test_what_is_only_repetitive_is_no_bomb() -> None:
    entries = b"".join(
        b"<item><title>%d</title><link>https://example.org/%d</link></item>" % (n, n) for n in range(90_000)
    )
    assert gunzipped(gzip.compress(entries), 10**7) == entries
    assert len(gunzipped(gzip.compress(b" " * 1_000_000), 10**7)) == 1_000_000


def test_the_cap_counts_before_unpacking_too() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1000

    with pytest.raises(FetchError, match="larger than"):
        limited(endless(), "", 10_000)


def test_is_gzip() -> None:
    assert is_gzip(gzip.compress(b"x"))
    assert not is_gzip(b"<rss/>")


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_unpacked_or_refused(body: bytes, encoding: str) -> None:
    try:
        unpacked = limited([body], encoding, 1000)
    except FetchError:
        return
    assert len(unpacked) <= 1000
