"""Sources that are files."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from ingest.files import document as files
from ingest.files.document import fetch_file
from ingest.sources import FetchState, SourceSpec
from notes.errors import FetchError, ParseError
from notes.model import SourceType

RSS = b"<rss version='2.0'><channel><title>F</title><item><title>One</title><link>https://example.org/1</link></item></channel></rss>"


@pytest.fixture
def source(tmp_path: Path) -> SourceSpec:
    path = tmp_path / "feed.xml"
    path.write_bytes(RSS)
    return SourceSpec(key="local", kind="file", path=path)


def test_a_file_is_read_once(source: SourceSpec, now: datetime) -> None:
    first = fetch_file(source, FetchState(), now=now)
    assert [(item.title, item.source_type) for item in first.items] == [("One", SourceType.FILE)]
    assert (first.not_modified, first.url) == (False, str(source.path))
    again = fetch_file(source, first.state, now=now)
    assert (again.items, again.not_modified, again.state) == ((), True, first.state)


def test_a_changed_file_is_read_again(source: SourceSpec, now: datetime) -> None:
    first = fetch_file(source, FetchState(), now=now)
    assert source.path is not None
    source.path.write_bytes(RSS.replace(b"One", b"Two"))
    assert fetch_file(source, first.state, now=now).items[0].title == "Two"


def test_a_packed_file_is_the_same_document(source: SourceSpec, now: datetime) -> None:
    plain = fetch_file(source, FetchState(), now=now)
    assert source.path is not None
    source.path.write_bytes(gzip.compress(RSS))
    assert fetch_file(source, FetchState(), now=now) == plain


def test_a_source_without_a_path(source: SourceSpec, now: datetime) -> None:
    with pytest.raises(FetchError, match="names no file"):
        fetch_file(replace(source, path=None), FetchState(), now=now)


@pytest.mark.parametrize("name", ["absent.xml", "folder", "pipe", "loop", "nul\0", "/dev/zero", "/dev/null"])
def test_what_is_no_regular_file_is_told_at_once(source: SourceSpec, now: datetime, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    path = tmp_path / name
    with pytest.raises(FetchError) as told:
        fetch_file(replace(source, path=path), FetchState(), now=now)
    assert str(path) in told.value.message
    assert told.value.hint


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_file_is_read_up_to_a_limit(source: SourceSpec, now: datetime, packed: bool) -> None:
    assert source.path is not None
    text = RSS + b" " * 10_000
    source.path.write_bytes(gzip.compress(text) if packed else text)
    assert len(fetch_file(source, FetchState(), now=now, max_bytes=len(text)).items) == 1
    with pytest.raises(FetchError, match="larger than 5,000 bytes") as told:
        fetch_file(source, FetchState(), now=now, max_bytes=5_000)
    assert str(source.path) in told.value.message


def test_no_more_than_the_limit_is_read(source: SourceSpec, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.stat, "S_ISREG", lambda _: True)
    with pytest.raises(FetchError, match=r"/dev/zero is larger than 20,000,000 bytes"):
        fetch_file(replace(source, path=Path("/dev/zero")), FetchState(), now=now)


def test_a_packed_file_that_is_damaged_is_named(source: SourceSpec, now: datetime) -> None:
    assert source.path is not None
    source.path.write_bytes(gzip.compress(RSS)[:-9])
    with pytest.raises(FetchError, match=r"feed\.xml.*ends too early"):
        fetch_file(source, FetchState(), now=now)


def test_a_file_that_is_no_feed(source: SourceSpec, now: datetime) -> None:
    assert source.path is not None
    source.path.write_bytes(b"<html></html>")
    with pytest.raises(ParseError):
        fetch_file(source, FetchState(), now=now)
