"""A note: whatever its fields hold, in every one of them at once, it does what a note does, and no more."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from notes.files import frontmatter
from notes.markup import document, inert
from notes.markup.note_reader import read_note
from notes.model import Block, BlockKind, Figure, KeySentence, Note, PaperVersion, Related, Role, Sighting
from notes.text import slug
from tests.notes.obsidian_scanner import MATH, RAW, scan
from tests.notes.test_document import SKILLRL
from tests.notes.test_inert import ACTIVE

SHARED = os.environ.get("SLIPWAY_DATA", "")
needs_data = pytest.mark.skipif(not SHARED, reason="SLIPWAY_DATA is not set")
DAY = datetime(2026, 2, 20, tzinfo=UTC)
ID = "20260220-002-llm-agents"

_READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_ANYWHERE = ("template", "comment", "html", "inline-query", "control", "invisible", "surrogate", "wikilink")
_OF_TEXT = {"text", "text_special", "softbreak", "hardbreak", "inline", "link_open", "link_close"}


def everywhere(text: str) -> Note:
    """A note with ``text`` in every field that the world fills."""
    kinds = (*BlockKind, BlockKind.HEADING, BlockKind.LIST_ITEM)
    cell = " ".join(text.split())
    return replace(
        SKILLRL,
        title=text,
        source=text,
        authors=(text, f"B. {text}"),
        tags=tuple(filter(None, (slug.tag(text), slug.arxiv_tag(text), text))),
        url=text,
        arxiv_id=text,
        doi=text,
        comment=text,
        topic=text,
        summary=(KeySentence(text, Role.RESULT), KeySentence(f"{text} and {text}", Role.PROBLEM)),
        blocks=tuple(Block(kind, f"{cell}\t{cell}\n{cell}" if kind is BlockKind.TABLE else text, 2) for kind in kinds),
        figures=(Figure(text, 1.0, text, text, text, text),),
        related=(Related(ID, text, text),),
        references=(text, f"https://github.com/a/{text}"),
        sightings=(Sighting(text, text, text, text, text, DAY), Sighting("b", text, "", f"https://e.org/{text}", text, DAY)),
        versions=(PaperVersion(1, DAY, text), PaperVersion(2, None, text)),
        quality_reasons=(text, f"relevance 0.50: interest {text}", f"your answers raise {text} by 0.10"),
        withdrawn=True,
    )  # fmt: skip


def doing(text: str) -> Counter[str]:
    """What a note does: by construct how often some reader would act on it. Its code is judged by what searches the raw file."""
    head, body = frontmatter.split(text)
    found = Counter({f"property {name}": len(RAW[name].findall(head or "")) for name in _ANYWHERE})
    code = re.findall(r"(?ms)^(`{3,})\n.*?^\1$", body)
    found["code blocks"] = len(code)
    body = re.sub(r"(?ms)^(`{3,})\n(.*?)^\1$", _code, body)
    # An address is one piece to every reader, once it stands between its brackets.
    plain = re.sub(r"<https?://[^\s<>]*>", "address", body)
    found += Counter({name: len(pattern.findall(plain)) for name, pattern in RAW.items()})
    # Formulas and what stands in a wikilink are literal to Obsidian, whatever another reader makes of them.
    for token in _tokens(MATH.sub("formula", re.sub(r"\[\[[^\[\]]*\]\]", "link", body))):
        if token.type not in _OF_TEXT:
            found[f"md:{token.type}"] += 1
        if token.type == "link_open" and not str(token.attrGet("href")).startswith(("http://", "https://")):
            found["md:link-elsewhere"] += 1
    return +found


def _code(match: re.Match[str]) -> str:
    """What stands in code is shown as it is, but for Templater, which runs it there as well, and for fences of its own."""
    lines = match[2].splitlines()
    assert not [line for line in lines if re.match(r"[ \t]{0,3}(?:(?:>|[-*+]|\d+[.)])[ \t]*)*(?:`{3}|~{3})", line)], (
        lines
    )
    assert "<%" not in match[2]
    assert "%>" not in match[2]
    return "code"


def _tokens(body: str):
    for block in _READER.parse(body):
        yield block
        yield from block.children or []


def read(text: str):
    return read_note("notes/x.md", text.encode(), mtime_ns=0)


_OF_A_WORD = document.render_note(everywhere("word"))
PLAIN, PLAIN_NOTE = doing(_OF_A_WORD), read(_OF_A_WORD)  # once, not for each of two thousand payloads


def more_than_plain(payload: str) -> dict[str, int]:
    """What a note does with a text in every field beyond what it does with a word."""
    made = everywhere(payload)
    text = document.render_note(made)
    more = doing(text) - PLAIN
    # A text may well hold addresses, formulas and nothing; the frame may not.
    shown = {name: count for name, count in more.items() if name != "md:autolink"}
    note = read(text)
    assert note.trouble == ""
    assert note.properties.keys() ^ PLAIN_NOTE.properties.keys() <= {"url", "arxiv_id", "doi", "topic"}
    assert note.wikilinks == PLAIN_NOTE.wikilinks
    assert note.related == PLAIN_NOTE.related
    assert set(note.tags) <= {tag for tag in made.tags if document.is_tag(tag)}
    return shown


@pytest.mark.parametrize("payload", [row[1] for row in ACTIVE], ids=[row[0] for row in ACTIVE])
def test_no_field_makes_a_note_do_more(payload: str) -> None:
    assert more_than_plain(payload) == {}


@pytest.mark.parametrize("payload", ["[[Secret]]", "<% tp.x %>", "x\n## Sources\n- y", "#tag", "a ^block", "![[x]]"])
def test_without_the_door_it_does_more(payload: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inert, "to_markdown", lambda text, **_: text)
    monkeypatch.setattr(document.inert, "blocks_markdown", lambda blocks: "\n\n".join(block.text for block in blocks))
    with pytest.raises(AssertionError):
        assert more_than_plain(payload) == {}


def corpus(name: str) -> list[tuple[str, str]]:
    folder = Path(SHARED, "security")
    if name == "naughty.json":
        return [(str(n), text) for n, text in enumerate(json.loads((folder / name).read_text(encoding="utf-8")))]
    rows = map(json.loads, (folder / name).read_text(encoding="utf-8").splitlines())
    return [(row["id"], row["payload"]) for row in rows]


@needs_data
@pytest.mark.data
@pytest.mark.parametrize("name", ["obsidian.jsonl", "naughty.json", "xss.jsonl"])
def test_the_corpora_in_every_field(name: str) -> None:
    active = {key: more for key, payload in corpus(name) if (more := more_than_plain(payload))}
    assert active == {}


@needs_data
@pytest.mark.data
def test_the_scanner_sees_the_corpus_as_it_came() -> None:
    """The positive control: of the payloads that are active by themselves all but a few are seen."""
    rows = corpus("obsidian.jsonl")
    # The others are addresses, tags and the like, which do nothing outside their field.
    assert sum(bool(scan(payload)) for _, payload in rows) > len(rows) * 0.65


@needs_data
@pytest.mark.data
def test_naughty_titles_come_back_as_they_were() -> None:
    """The title property is the title, once what cannot be seen is gone; and the file lies where notes lie."""
    day = DAY.date()
    for _, title in corpus("naughty.json"):
        note = replace(SKILLRL, id=slug.note_id(day, 7, title), title=title)
        path = f"notes/2026/{note.id}.md"
        read = read_note(path, document.render_note(note).encode(), mtime_ns=0)
        wanted = inert.property_text(title) or "Untitled"
        assert read.title == read.properties["title"] == wanted
        assert (
            re.sub(r"[\[\]\s]", "", wanted) == re.sub(r"[\[\]\s]", "", inert.shortened(title, 300))
            or wanted == "Untitled"
        )
        assert read.aliases == (wanted,)
        assert re.fullmatch(r"20260220-007(?:-[a-z0-9-]+)?", note.id)
        assert len(path.encode()) < 120
