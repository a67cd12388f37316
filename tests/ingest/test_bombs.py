"""Bombs: whatever comes, memory rises at most 64 MiB above what a harmless document takes.

The suite throws all bombs of a kind at one process, whose peak then stands for the largest of them. The table, each
bomb in a process of its own, is printed by ``SLIPWAY_BOMBS=table pytest -s``.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.bombing import MIB, Bomber, Weight, drips, head, http_bombs, weigh

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peaks are told in KiB on Linux")

AT_MOST = 64.0
IS_TABLE = os.environ.get("SLIPWAY_BOMBS") == "table"

HARMLESS = b"<rss version='2.0'><channel><title>t</title><item><title>a</title><link>https://a.org/1</link></item></channel></rss>"
PAGE = (
    b"<html><head><title>t</title></head><body><article><p>"
    + b"Some words of an article. " * 60
    + b"</p></article></body></html>"
)


def entity(value: str, references: str, declared: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>\n<!DOCTYPE rss [\n{declared}<!ENTITY a "{value}">\n]>\n<rss version="2.0"><channel>'
        f"<title>t</title><item><title>x</title><description>{references}</description></item></channel></rss>"
    ).encode()


LAUGHS = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">\n' for before, name in zip("bcdefghi", "cdefghij", strict=True)
)
DOCUMENTS = {
    "billion-laughs": entity("&j;", "&a;", f'<!ENTITY b "ha">\n{LAUGHS}'),
    "quadratic-blowup": entity("x" * 50_000, "&a;" * 20_000),
    "entity-recursive": entity("&a;", "&a;"),
    "entity-file": entity("", "&f;", '<!ENTITY f SYSTEM "file:///dev/zero">\n'),
    "entity-http": entity("", "&f;", '<!ENTITY f SYSTEM "http://127.0.0.1:1/">\n'),
    "entity-parameter": entity("", "&f;", '<!ENTITY % p SYSTEM "file:///dev/zero">\n%p;\n'),
    "deep": b"<rss><channel><item><description>" + b"<b>" * 100_000,
    "json-deep": b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 1_000_000,
    "json-objects-deep": b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b'{"a":' * 500_000,
    "json-number": b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ' + b"9" * 2_000_000 + b"}]}",
    "json-float": b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1e' + b"9" * 2_000_000 + b"}]}",
}
OPML = {
    "opml-laughs": DOCUMENTS["billion-laughs"].replace(b"rss", b"opml").replace(b"description", b"outline"),
    "opml-quadratic": b'<!DOCTYPE opml [<!ENTITY a "'
    + b"x" * 50_000
    + b'">]><opml><body><outline xmlUrl="https://a.org/" text="'
    + b"&a;" * 20_000
    + b'"/></body></opml>',
    "opml-deep": b"<opml><body>" + b'<outline text="a">' * 500_000 + b'<outline xmlUrl="https://a.org/"/>',
    "opml-wide": b"<opml><body>" + b'<outline xmlUrl="https://a.org/"/>' * 280_000,
    "opml-attributes": b"<opml><body><outline " + b'a="b" ' * 1_600_000 + b'xmlUrl="https://a.org/"/>',
    "opml-endless-attribute": b'<opml><body><outline xmlUrl="https://a.org/' + b"x" * 9_900_000,
    "opml-too-large": b"<opml><body>" + b" " * 40_000_000,
}


def _served(document: bytes) -> Callable[[], Iterable[bytes]]:
    return lambda: [head(f"Content-Length: {len(document)}"), document]


BOMBS = {**http_bombs(), **{name: _served(document) for name, document in DOCUMENTS.items()}}


@pytest.fixture(scope="module")
def bomber() -> Iterator[Bomber]:
    harmless = {
        "harmless": _served(HARMLESS),
        "page": lambda: [head().replace(b"application/rss+xml", b"text/html"), PAGE],
    }
    with Bomber({**BOMBS, **drips(), **harmless}) as running:
        yield running


@pytest.fixture(scope="module")
def base(bomber: Bomber) -> Weight:
    return weigh("feed", [bomber.url("harmless")])


def test_a_harmless_document_is_read(base: Weight) -> None:
    assert base.told == ("1 items, 1 letters",)


def test_answers(bomber: Bomber, base: Weight) -> None:
    weight = weigh("feed", [bomber.url(name) for name in http_bombs()], total_s=1.5)
    told = dict(zip(http_bombs(), weight.told, strict=True))
    assert weight.above(base) <= AT_MOST, told
    assert [name for name, outcome in told.items() if "Error" not in outcome] == []


@pytest.mark.parametrize("kind", ["xml", "json"])
def test_documents(kind: str, bomber: Bomber, base: Weight) -> None:
    weight = weigh("feed", [bomber.url(name) for name in DOCUMENTS if name.startswith("json") is (kind == "json")])
    assert weight.above(base) <= AT_MOST, weight
    assert "root:" not in str(weight.told)


def test_codings_not_asked_for_are_refused_unread(bomber: Bomber) -> None:
    weigh("feed", [bomber.url("brotli"), bomber.url("zstd")])
    # What the sockets hold of it, at most.
    assert max(bomber.sent.get(name, 0) for name in ("brotli", "zstd")) <= 16 * MIB


def test_drips_end_with_the_time(bomber: Bomber, base: Weight) -> None:
    started = time.monotonic()
    weight = weigh("feed", [bomber.url(name) for name in drips()], total_s=0.5)
    assert weight.above(base) <= AT_MOST
    assert all("took too long" in told for told in weight.told)
    assert time.monotonic() - started < 100  # they would never end


@pytest.mark.parametrize("door", ["article", "discovery"])
def test_other_doors(door: str, bomber: Bomber) -> None:
    names = ["gzip", "gzip-in-gzip", "deflate-raw", "endless", "trailers", "quadratic-blowup", "billion-laughs"]
    base = weigh(door, [bomber.url("page" if door == "article" else "harmless")])
    weight = weigh(door, [bomber.url(name) for name in names])
    assert weight.above(base) <= AT_MOST, weight


def test_opml(tmp_path: Path) -> None:
    for name, document in {**OPML, "harmless": b'<opml><body><outline xmlUrl="https://a.org/"/></body></opml>'}.items():
        (tmp_path / name).write_bytes(document)
    base = weigh("opml", [str(tmp_path / "harmless")])
    weight = weigh("opml", [str(tmp_path / name) for name in OPML])
    assert base.told == ("1 feeds",)
    assert weight.above(base) <= AT_MOST, weight


# ---- controls: without the defence the same bomb is heavy


def test_without_the_cap_a_bomb_is_heavy(bomber: Bomber, base: Weight) -> None:
    bombs = [bomber.url("gzip-in-gzip")]
    assert weigh("feed", bombs, undo="ratio", max_bytes=128 * MIB).above(base) > AT_MOST


def test_without_the_bound_of_a_head_it_is_heavy(bomber: Bomber, base: Weight) -> None:
    assert weigh("feed", [bomber.url("long-header")], undo="head", total_s=60.0).above(base) > AT_MOST


def test_a_parser_that_believes_entities_is_heavy(tmp_path: Path) -> None:
    (tmp_path / "harmless").write_bytes(HARMLESS)
    (tmp_path / "bomb").write_bytes(entity("x" * 50_000, "&a;" * 2_000))
    base = weigh("unguarded", [str(tmp_path / "harmless")])
    assert weigh("unguarded", [str(tmp_path / "bomb")]).above(base) > AT_MOST


@pytest.mark.skipif(not IS_TABLE, reason="SLIPWAY_BOMBS=table prints the table")
def test_the_table(bomber: Bomber, base: Weight, tmp_path: Path) -> None:
    print(f"\n{'base':24} {base.here:8.1f} MiB here {base.workers:8.1f} MiB in the worker")
    for name in BOMBS:
        _print(name, weigh("feed", [bomber.url(name)]), base)
    (tmp_path / "harmless").write_bytes(b'<opml><body><outline xmlUrl="https://a.org/"/></body></opml>')
    base = weigh("opml", [str(tmp_path / "harmless")])
    for name, document in OPML.items():
        (tmp_path / name).write_bytes(document)
        _print(name, weigh("opml", [str(tmp_path / name)]), base)


def _print(name: str, weight: Weight, base: Weight) -> None:
    here, workers = weight.here - base.here, weight.workers - base.workers
    assert weight.above(base) <= AT_MOST, name
    print(
        f"{name:24} {weight.above(base):8.1f} MiB above the base ({here:+.1f} here, {workers:+.1f} in the worker): {weight.told[0][:110]}"
    )
