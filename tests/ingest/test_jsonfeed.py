"""JSON Feed 1.0 and 1.1, and JSON that is none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.feeds.jsonfeed import looks_like_json, read
from notes.errors import ParseError

VERSION = "https://jsonfeed.org/version/1.1"


def feed(*items: Any, **more: Any) -> str:
    return json.dumps({"version": VERSION, "title": "A\nfeed", "items": list(items), **more})


def test_an_item_with_everything() -> None:
    item = {
        "id": 7,
        "url": "/1",
        "title": "One",
        "content_html": "<p>x</p>",
        "content_text": "y",
        "date_published": "2026-02-20T08:00:00Z",
        "date_modified": "2026-02-21",
        "authors": [{"name": "A. Author"}, {"url": "x"}, "no object"],
        "tags": ["t", 3],
    }
    title, (entry,), warnings = read(feed(item), "https://example.org/")
    assert (title, warnings) == ("A feed", ())
    assert (entry.external_id, entry.link, entry.title, entry.body) == ("7", "/1", "One", "<p>x</p>")
    assert entry.published == datetime(2026, 2, 20, 8, tzinfo=UTC)
    assert entry.updated == datetime(2026, 2, 21, tzinfo=UTC)
    assert (entry.authors, entry.categories) == (("A. Author", ""), ("t",))
    assert not entry.has_bad_date


@pytest.mark.parametrize(
    ("item", "field", "expected"),
    [
        ({"content_text": "a <b>\n\nc & d"}, "body", "<p>a &lt;b&gt;</p><p>c &amp; d</p>"),
        ({"summary": "short"}, "body", "<p>short</p>"),
        ({"external_url": "https://e.org/"}, "link", "https://e.org/"),
        ({"author": {"name": "Old"}}, "authors", ("Old",)),
        ({"author": "Old"}, "authors", ()),
        ({"id": True, "title": ["x"], "tags": "t"}, "title", ""),
        ({"date_published": "never"}, "has_bad_date", True),
        ({"date_modified": 17}, "has_bad_date", True),
    ],
)
def test_fields(item: dict[str, Any], field: str, expected: object) -> None:
    _, (entry,), _ = read(feed(item), "")
    assert getattr(entry, field) == expected


def test_items_that_are_no_objects_are_left_out_and_told() -> None:
    _, entries, warnings = read(feed({"id": "1"}, None, "x", 3), "")
    assert len(entries) == 1
    assert warnings == ("entries that are no objects: 3",)


@pytest.mark.parametrize(
    "document", ['{"version": "https://jsonfeed.org/version/1"}', '{"items": null}', '{"items": []}']
)
def test_an_empty_feed_is_healthy(document: str) -> None:
    assert read(document, "")[1] == ()


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("{", id="cut"),
        pytest.param("[" * 20_000, id="deep"),
        pytest.param('{"items": ' + "1" * 5_000 + "}", id="a huge number"),
        pytest.param("[]", id="an array"),
        pytest.param('{"error": "no"}', id="an error"),
        pytest.param('{"items": {"0": {}}}', id="items an object"),
        pytest.param('{"items": "x"}', id="items a string"),
    ],
)
def test_what_is_no_feed_is_a_parse_error(document: str) -> None:
    with pytest.raises(ParseError):
        read(document, "")


@pytest.mark.parametrize(("text", "expected"), [(' \n{"a"', True), ("[1]", True), ("<rss>", False), ("", False)])
def test_looks_like_json(text: str, expected: bool) -> None:
    assert looks_like_json(text) is expected


def test_entries_beyond_the_cap_are_not_built() -> None:
    _, entries, warnings = read(feed(*({"id": str(n), "title": "t"} for n in range(5)), 3), "", cap=2)
    assert [entry.external_id for entry in entries] == ["0", "1"]
    assert warnings == ("entries that are no objects: 1", "entries beyond the first 2 left out: 3")
