"""Hostile text through every door of the site; the built page, parsed as a browser parses it, is the test."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import publish.site.html
import publish.site.prepared
import publish.site.render
from notes.files import frontmatter
from notes.markup.document import read_note, render_note
from notes.model import Block, BlockKind, Figure, KeySentence, Note, Related, Role, SourceType, VaultNote
from publish.site.building import SiteSettings, build
from tests.publish.parsed import faults, parse

SHARED = os.environ.get("SLIPWAY_DATA", "")
SETTINGS = SiteSettings("Hostile", "https://notes.example.org/", "A", "d")
DAY = date(2026, 2, 20)
BATCH = 5

OWN_PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "<javascript:alert(1)>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://tracker.example/p.png)",
    "[x](//evil.example/)",
    "[x](\\\\evil.example/)",
    "[x](/\\evil.example/)",
    "[[a|<svg onload=alert(1)>]]",
    "[[javascript:alert(1)|x]]",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "$\\foo{</code><script>alert(1)</script>}$",
    '## x" onclick="alert(1)',
    '```x" onclick="alert(1)\n</code></pre><script>alert(1)</script>\n```',
    '| a | b |\n|---|:-:" onclick=x|\n| <b> | c |',
    '<https://example.org/"onmouseover=alert(1)>',
    '[x](https://example.org "t" onclick=x)',
    "[x]: javascript:alert(1)\n\n[x]",
    "</title><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "]]><script>alert(1)</script>",
    "\x00<scr\x00ipt>alert(1)</script>",
)  # fmt: skip


def _shared_payloads() -> tuple[str, ...]:
    if not SHARED:
        return ()
    lines = (Path(SHARED) / "security" / "xss.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["payload"] for line in lines)


def _promoted(number: int, payload: str) -> VaultNote:
    """A note as Slipway writes it from an item that holds the payload in every field."""
    note = Note(
        id=f"20260220-{number:03}-x",
        title=payload,
        created=DAY,
        source=payload,
        source_type=SourceType.RSS,
        lang="en",
        tags=(payload, "a"),
        url=payload,
        doi=payload,
        comment=payload,
        authors=(payload,),
        topic=payload if number == 1 else "",
        quality_reasons=(payload,),
        summary=(KeySentence(payload, Role.RESULT),),
        blocks=tuple(Block(kind, payload, 1) for kind in BlockKind),
        figures=(Figure(payload, 1, "%", payload, payload, payload),),
        related=(Related("20260220-001-x", payload, payload),),
        references=(payload,),
    )
    return read_note(f"notes/{note.id}.md", render_note(note).encode("utf-8", "replace"), mtime_ns=0)


def _raw_post(number: int, payloads: tuple[str, ...]) -> VaultNote:
    """A post whose properties and body hold the payloads as they are, as if no door had stood before it."""
    properties = {
        "title": payloads[0],
        "created": DAY,
        "tags": list(payloads),
        "source_type": "post",
        "description": payloads[0],
        "url": payloads[0],
        "lang": payloads[0] if number % 2 else "en",
        "publish": True,
    }
    body = "\n\n".join(payloads)
    text = f"{frontmatter.write(properties)}\n{body}\n"
    return read_note(f"posts/p{number}.md", text.encode("utf-8", "replace"), mtime_ns=0)


def _vault(payloads: tuple[str, ...]) -> Iterator[VaultNote]:
    for number, payload in enumerate(payloads, 1):
        yield _promoted(number, payload)
    for number in range(0, len(payloads), BATCH):
        yield _raw_post(number, payloads[number : number + BATCH])


def _assert_inert(payloads: tuple[str, ...]) -> None:
    pages = build(tuple(_vault(payloads)), SETTINGS)
    for path, content in pages.items():
        if path.endswith(".html"):
            assert (path, [*faults(parse(content, strict=False))]) == (path, [])
    parse_feed(pages["feed.xml"])


def parse_feed(content: bytes) -> None:
    from lxml import etree

    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    for body in root.iter("{http://www.w3.org/2005/Atom}content"):
        html = f"<!doctype html><html lang=en><title>x</title><body><h1>x</h1>{body.text or ''}"
        assert [*faults(parse(html.encode(), strict=False))] == []


def test_hostile_text_is_inert_on_every_page():
    _assert_inert(OWN_PAYLOADS)


@pytest.mark.skipif(not SHARED, reason="SLIPWAY_DATA names no folder with security/xss.jsonl")
@pytest.mark.parametrize("start", range(0, 1000, 250))
def test_the_collected_payloads_are_inert_on_every_page(start: int):
    _assert_inert(_shared_payloads()[start : start + 250])


@pytest.mark.parametrize(
    ("first_door", "second_door", "is_safe"),
    [
        pytest.param(True, True, True, id="both"),
        pytest.param(True, False, True, id="renderer-alone"),
        pytest.param(False, True, True, id="allow-list-alone"),
        pytest.param(False, False, False, id="neither: the test sees it"),
    ],
)
def test_each_door_of_a_body_holds_alone(monkeypatch, first_door: bool, second_door: bool, is_safe: bool):
    publish.site.render._markdown_it.cache_clear()
    if not first_door:
        monkeypatch.setattr(publish.site.render, "_is_link", lambda url: True)
        monkeypatch.setattr(publish.site.prepared, "_point", lambda link, page: True)
        md = publish.site.render._markdown_it()
        md.options["html"] = True
    if not second_door:
        monkeypatch.setattr(publish.site.render, "clean", lambda html: html)
    try:
        found = [
            fault
            for payload in OWN_PAYLOADS
            for fault in faults(
                parse(
                    _page_of(publish.site.render.render(payload, lang="en", resolve=lambda _: None).html), strict=False
                )
            )
        ]
    finally:
        publish.site.render._markdown_it.cache_clear()
    assert (not found) is is_safe


def _page_of(body: str) -> bytes:
    return f"<!doctype html><html lang=en><title>x</title><body>{body}".encode("utf-8", "replace")


def test_without_escaping_a_title_the_test_fails(monkeypatch):
    monkeypatch.setattr(publish.site.html, "escape", lambda text: text)
    with pytest.raises(AssertionError):
        _assert_inert(OWN_PAYLOADS)


def test_without_autoescape_the_test_fails(monkeypatch):
    import publish.site.building

    made = publish.site.building.environment()
    made.autoescape = False
    monkeypatch.setattr(publish.site.building, "environment", lambda: made)
    with pytest.raises(AssertionError):
        _assert_inert(OWN_PAYLOADS)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="<>\"'&/=:()[]!|`$#-\\ \n\tjavscriptonlokde1{}%", max_size=150))
def test_any_text_is_inert(text: str):
    pages = build((_promoted(1, text or "x"), _raw_post(1, (text or "x",))), SETTINGS)
    for path, content in pages.items():
        if path.endswith(".html"):
            assert (path, [*faults(parse(content, strict=False))]) == (path, [])
