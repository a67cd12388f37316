"""Sources that are files."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from ingest import files
from ingest.files import fetch_file
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


def test_what_cannot_be_read(
    source: SourceSpec, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (None, tmp_path / "absent.xml", tmp_path):
        with pytest.raises(FetchError):
            fetch_file(replace(source, path=path), FetchState(), now=now)
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 10)
    with pytest.raises(FetchError, match="larger than"):
        fetch_file(source, FetchState(), now=now)


def test_a_file_that_is_no_feed(source: SourceSpec, now: datetime) -> None:
    assert source.path is not None
    source.path.write_bytes(b"<html></html>")
    with pytest.raises(ParseError):
        fetch_file(source, FetchState(), now=now)
