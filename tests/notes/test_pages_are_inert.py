"""The vault's pages: whatever a title, a reason, a topic's or a tag's name holds, a page does what it did before, and no more."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from notes.files.frontmatter import split
from notes.markup.document import read_note
from notes.model import Topic
from notes.pages import inbox_page, reading_list, reason_words, suggestions_page, today_page, topic_page
from notes.pages.page_words import words_for
from notes.pages.reading_list import Task
from notes.pages.suggestions_page import LinkOffer, TagOffer
from notes.pages.today_page import NewNote, Today, TopicMove
from notes.pages.topic_page import Neighbour
from tests.notes.obsidian_scanner import RAW
from tests.notes.test_inbox_page import slip
from tests.notes.test_inert import ACTIVE

SHARED = os.environ.get("SLIPWAY_DATA", "")
needs_data = pytest.mark.skipif(not SHARED, reason="SLIPWAY_DATA is not set")
DAY = date(2026, 2, 20)
REASONS = ("relevance 0.50: interest {}", "relevance 0.50: tells of {}", "waits: {} has had its share tonight", "{}")
_READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_ANYWHERE = ("template", "comment", "html", "inline-query", "control", "invisible", "surrogate")
_OF_TEXT = {"text", "text_special", "softbreak", "hardbreak", "inline", "link_open", "link_close"}


def inbox(text: str, lang: str) -> str:
    one = slip(1, text, 0.5, url="https://a.example/", reasons=tuple(form.replace("{}", text) for form in REASONS))
    one = replace(one, item=replace(one.item, source_title=text))
    return inbox_page.render([one], inbox_page.Shown(DAY, UTC, groups={1: text}, words=words_for(lang)))


def suggestions(text: str, lang: str) -> str:
    links = [LinkOffer("link:a→b", ("a", text), ("b", text), text)]
    tags = [TagOffer("tag:t", text, (("c", text),), text)]
    return suggestions_page.render(links, tags, day=DAY, words=words_for(lang))


def today(text: str, lang: str) -> str:
    notes = (NewNote("a", text, 0.5, ("topics/t", text)),)
    told = Today(
        day=DAY,
        waiting=1,
        links=1,
        tags=1,
        tasks=1,
        notes=notes,
        posts=(("p", text),),
        topics=(TopicMove("topics/t", text, 1, 1),),
    )
    return today_page.render(told, words_for(lang))


def topic(text: str, lang: str) -> str:
    about = Topic(id="t", name=text, terms=(text, "x"), note_ids=("a",), medoid="a", first_seen=DAY, last_seen=DAY)
    file = read_note("a.md", b"# A\n\n- **Problem**: x\n", mtime_ns=0)
    sections = (replace(file.sections[0], text=f"Problem: {text}\n\nApproach: {text}"),)
    notes = {"a": replace(file, title=text, sections=sections, created=DAY)}
    return topic_page.render(about, notes, neighbours=(Neighbour("topics/u", text, 1),), words=words_for(lang))


def reading(text: str, lang: str) -> str:
    words = words_for(lang)
    told = tuple(reason_words.told(form.replace("{}", text), words, {}) for form in REASONS)
    return reading_list.update(None, [Task("learning-20260220-001", "a", text, told)], words=words)


PAGES = [inbox, suggestions, today, topic, reading]
Page = Callable[[str, str], str]


def doing(page: str) -> Counter[str]:
    """What a page does: by construct how often some reader would act on it."""
    head, page = split(page)
    found = Counter({name: len(pattern.findall(page)) for name, pattern in RAW.items()})
    # In properties, which YAML quotes, only what searches the raw file for its own marks finds any.
    found += Counter({f"property {name}": len(RAW[name].findall(head or "")) for name in _ANYWHERE})
    # What stands in a wikilink is plain text to Obsidian, whatever another reader makes of it.
    tokens = _READER.parse(re.sub(r"\[\[[^\[\]]*\]\]", "link", page))
    for token in [*tokens, *(child for block in tokens for child in block.children or [])]:
        if token.type not in _OF_TEXT:
            found[f"md:{token.type}"] += 1
        if token.type == "link_open" and not str(token.attrGet("href")).startswith(("http://", "https://")):
            found["md:link-elsewhere"] += 1
    return +found


def more_than_plain(page: Page, texts: Iterable[str], lang: str) -> dict[str, Counter[str]]:
    """What a page does with each of the texts beyond what it does with a word; without those that do nothing more."""
    plain = doing(page("word", lang))
    return {text: more for text in texts if (more := doing(page(text, lang)) - plain)}


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
@pytest.mark.parametrize("page", PAGES)
def test_no_field_makes_a_page_do_more(page: Page, lang: str) -> None:
    assert more_than_plain(page, (payload for _, payload, *_ in ACTIVE), lang) == {}


@needs_data
@pytest.mark.data
@pytest.mark.parametrize("page", PAGES)
def test_the_corpora(page: Page) -> None:
    folder = Path(SHARED, "security")
    rows = map(json.loads, (folder / "obsidian.jsonl").read_text(encoding="utf-8").splitlines())
    payloads = [row["payload"] for row in rows] + json.loads((folder / "naughty.json").read_text(encoding="utf-8"))
    assert len(payloads) > 500
    assert more_than_plain(page, payloads, "zh-Hant") == {}


@pytest.mark.parametrize("page", PAGES)
def test_without_the_door_they_would(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control."""
    for name in ("to_markdown", "alias"):
        monkeypatch.setattr(f"notes.markup.inert.{name}", lambda text, **_: text)
    assert more_than_plain(page, (payload for _, payload, *_ in ACTIVE), "en")
