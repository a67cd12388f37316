"""The note file: exact when written, generous when read, and never a way in."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import frontmatter as python_frontmatter
import pytest

from notes.files import frontmatter
from notes.markup import document, markdown, obsidian
from notes.model import (
    Block,
    BlockKind,
    Figure,
    KeySentence,
    Note,
    PaperVersion,
    Related,
    Role,
    Sighting,
    SourceType,
    VaultNote,
)
from tests.notes.obsidian_scanner import RAW, scan

SHARED = os.environ.get("SLIPWAY_DATA", "")
needs_data = pytest.mark.skipif(not SHARED, reason="SLIPWAY_DATA is not set")


def seen(source: str, url: str, day: int = 19) -> Sighting:
    return Sighting(source.lower(), source, url, url, "t", datetime(2026, 2, day, tzinfo=UTC))


SKILLRL = Note(
    id="20260220-008-skillrl-recursive-skill-augmented-rl",
    title="SkillRL: Recursive Skill-Augmented Reinforcement Learning",
    created=date(2026, 2, 20),
    published=date(2026, 2, 18),
    tags=("arxiv/cs/LG", "reinforcement-learning", "agents", "no tag", "agents"),
    source="arXiv",
    source_type=SourceType.ARXIV,
    url="https://arxiv.org/abs/2602.01234",
    arxiv_id="2602.01234",
    arxiv_version=2,
    doi="10.1000/xyz_(1)",
    comment="12 pages. Code: https://github.com/example/skillrl.",
    authors=("A. Author", "B. Author"),
    quality_score=0.8649,
    quality_reasons=("relevance 0.91: close to [[20260220-002-llm-agents]]", "results: 3 figures"),
    topic="skill-reinforcement-learning",
    summary=(
        KeySentence("Agents forget what they have learnt.", Role.PROBLEM),
        KeySentence("SkillRL reaches 89.9% on ALFWorld.", Role.RESULT),
    ),
    blocks=(Block(BlockKind.PARAGRAPH, "Agents forget what they have learnt. SkillRL reaches 89.9% on ALFWorld."),),
    figures=(
        Figure("89.9%", 89.9, "%", "SkillRL reaches 89.9% on ALFWorld.", "ALFWorld", "SkillRL"),
        Figure("3x", 3.0, "x", "It is 3x faster."),
    ),
    related=(
        Related("20260220-002-llm-agents", "LLM [Agents]", "shared: skills, ALFWorld"),
        Related("20260219-004-grpo", "GRPO", ""),
    ),
    references=("https://github.com/example/skillrl/", "https://example.org/x", "https://github.com/example"),
    sightings=(seen("arXiv", "https://arxiv.org/abs/2602.01234"), seen("Lab", "https://lab.example/a")),
    lang="en",
)

WRITTEN = """\
---
id: 20260220-008-skillrl-recursive-skill-augmented-rl
title: 'SkillRL: Recursive Skill-Augmented Reinforcement Learning'
aliases: ['SkillRL: Recursive Skill-Augmented Reinforcement Learning']
created: 2026-02-20
published: 2026-02-18
tags: [arxiv/cs/LG, reinforcement-learning, agents]
source: arXiv
source_type: arxiv
url: https://arxiv.org/abs/2602.01234
arxiv_id: '2602.01234'
doi: 10.1000/xyz_(1)
authors: [A. Author, B. Author]
content_length: 71
quality_score: 0.86
quality_reasons: ['relevance 0.91: close to [[20260220-002-llm-agents]]', 'results: 3 figures']
topic: skill-reinforcement-learning
related_notes: ['[[20260220-002-llm-agents]]', '[[20260219-004-grpo]]']
lang: en
---

# SkillRL: Recursive Skill-Augmented Reinforcement Learning

- **Problem**: Agents forget what they have learnt.
- **Result**: SkillRL reaches 89.9% on ALFWorld.

## Abstract

Agents forget what they have learnt. SkillRL reaches 89.9% on ALFWorld.

## Key figures

- **89.9%** (SkillRL, ALFWorld): SkillRL reaches 89.9% on ALFWorld.
- **3x**: It is 3x faster.

## Related

- [[20260220-002-llm-agents|LLM (Agents)]] — shared: skills, ALFWorld
- [[20260219-004-grpo|GRPO]]

## Sources

- arXiv: <https://arxiv.org/abs/2602.01234> (version v2, published 2026-02-18)
- DOI: <https://doi.org/10.1000/xyz_%281%29>
- Code: <https://github.com/example/skillrl>
- Comment: 12 pages. Code: <https://github.com/example/skillrl>.
- Also in Lab: <https://lab.example/a> as “t” (2026-02-19)

---

*Created: 2026-02-20 | Quality: 0.86 | Task: learning-20260220-008*
"""


def test_a_note_is_written_in_the_form_of_the_design() -> None:
    assert document.render_note(SKILLRL) == WRITTEN


def test_what_is_empty_is_left_out() -> None:
    bare = Note(id="x", title="\u200b", created=date(2026, 2, 20), source="", source_type=SourceType.RSS, lang="und")
    assert document.render_note(bare) == (
        "---\nid: x\ntitle: Untitled\naliases: [Untitled]\ncreated: 2026-02-20\ntags: []\nsource: ''\nsource_type: rss\n"
        "authors: []\ncontent_length: 0\nquality_reasons: []\nrelated_notes: []\nlang: und\n---\n\n"
        "# Untitled\n\n---\n\n*Created: 2026-02-20*\n"
    )


@pytest.mark.parametrize("source_type", [SourceType.RSS, SourceType.WEB, SourceType.FILE])
def test_only_arxiv_texts_are_called_abstracts(source_type: SourceType) -> None:
    text = document.render_note(replace(SKILLRL, source_type=source_type))
    assert "## Text\n" in text
    assert "## Abstract" not in text


def test_hosts_of_code_are_told_each_once() -> None:
    links = tuple(f"https://github.com/a/{n}" for n in range(9))
    note = replace(SKILLRL, references=links + links, comment="", url="https://github.com/a/0")
    text = document.render_note(note)
    assert text.count("- Code: ") == 5
    assert "Code: <https://github.com/a/0>" not in text


def test_other_feeds_are_told_in_the_order_of_their_days() -> None:
    sightings = (
        seen("B", "https://b.example", 20),
        seen("A", "https://a.example", 19),
        seen("B", "https://b.example", 21),
        seen("B", "https://b.example/?sid=2", 22),
    )
    text = document.render_note(replace(SKILLRL, sightings=sightings))
    lines = [line for line in text.splitlines() if line.startswith("- Also in")]
    assert lines == [
        "- Also in A: <https://a.example> as “t” (2026-02-19)",
        "- Also in B: <https://b.example> as “t” (2026-02-20)",
    ]


def test_a_crowd_of_authors_is_cut() -> None:
    note = replace(SKILLRL, authors=(*(f"A{n}" for n in range(3000)), "\u200b"))
    authors = read(note).authors
    assert len(authors) == 50
    assert authors[-1] == "et al."


def read(note: Note) -> VaultNote:
    return document.read_note(f"notes/2026/{note.id}.md", document.render_note(note).encode(), mtime_ns=7)


def test_what_was_written_is_read() -> None:
    note = read(SKILLRL)
    assert (note.id, note.title, note.created, note.published) == (
        SKILLRL.id,
        SKILLRL.title,
        SKILLRL.created,
        SKILLRL.published,
    )
    assert (note.source, note.source_type, note.url, note.arxiv_id) == ("arXiv", "arxiv", SKILLRL.url, "2602.01234")
    assert note.tags == ("arxiv/cs/LG", "reinforcement-learning", "agents")
    assert note.aliases == (SKILLRL.title,)
    assert note.authors == SKILLRL.authors
    assert note.related == ("20260220-002-llm-agents", "20260219-004-grpo")
    assert note.wikilinks == note.related
    assert (note.quality_score, note.topic, note.lang, note.trouble) == (0.86, SKILLRL.topic, "en", "")
    assert (note.size, note.mtime_ns) == (len(WRITTEN.encode()), 7)
    assert [section.heading for section in note.sections] == [
        SKILLRL.title,
        "Abstract",
        "Key figures",
        "Related",
        "Sources",
    ]
    assert "SkillRL reaches 89.9% on ALFWorld." in note.text


def test_python_frontmatter_reads_the_same() -> None:
    post = python_frontmatter.loads(WRITTEN)
    assert post.metadata == frontmatter.read(WRITTEN)[0]
    assert post["arxiv_id"] == "2602.01234"


def test_obsidian_has_no_complaint() -> None:
    others = {f"notes/{related.id}.md": b"x" for related in SKILLRL.related}
    assert obsidian.check({f"notes/{SKILLRL.id}.md": WRITTEN.encode(), **others}) == ()


# --- hostile text in every field ---

HOSTILE = [
    "[[Secret]]", "![[x]]", "x]] and [[evil|y", "<% tp.x %>", "{{title}}", "<script>alert(1)</script>", "%% hidden",
    "x\n---\nadmin: true", "x\n## Sources\n- y", "```dataviewjs\nx\n```", "`$= dv.x`", "due:: now", "#tag", "a ^block",
    "$\\href{javascript:1}{x}$", "\u202evil", "\x1b[31m", "[x](obsidian://open)", "'; admin: true #", "\ud800", "x]\nadmin: true",
]  # fmt: skip

OURS = {"md:heading_open", "md:heading_close", "md:bullet_list_open", "md:bullet_list_close", "md:list_item_open"}
OURS |= {"md:list_item_close", "md:strong_open", "md:strong_close", "md:em_open", "md:em_close", "md:hr", "frontmatter"}


def hostile(text: str) -> Note:
    """A note with ``text`` in every field that the world fills."""
    return replace(
        SKILLRL,
        title=text,
        source=text,
        authors=(text, f"B. {text}"),
        tags=(text,),
        url=text,
        arxiv_id=text,
        doi=text,
        comment=text,
        topic=text,
        summary=(KeySentence(text, Role.RESULT),),
        blocks=tuple(Block(kind, text, 1) for kind in BlockKind if kind not in (BlockKind.CODE, BlockKind.TABLE)),
        figures=(Figure(text, 1.0, text, text, text, text),),
        related=(Related("20260220-002-llm-agents", text, text),),
        references=(text,),
        sightings=(Sighting(text, text, text, text, text, datetime(2026, 2, 20, tzinfo=UTC)),),
        quality_reasons=(),
    )


@pytest.mark.parametrize("payload", HOSTILE, ids=ascii)
def test_no_field_is_a_way_in(payload: str) -> None:
    text = document.render_note(hostile(payload))
    note = document.read_note("notes/x.md", text.encode(), mtime_ns=0)
    plain = document.read_note("notes/x.md", document.render_note(hostile("word")).encode(), mtime_ns=0)
    body = note.body.replace("[[20260220-002-llm-agents|", "((")
    assert scan(body) - OURS - {"md:blockquote_open", "md:blockquote_close"} == set()
    assert not any(
        RAW[name].search(text) for name in ("template", "comment", "control", "invisible", "surrogate", "html")
    )
    assert note.trouble == ""
    assert set(note.properties) == set(plain.properties)
    assert [section.heading for section in note.sections[1:] if section.level == 2] == [
        section.heading for section in plain.sections[1:] if section.level == 2
    ]
    assert note.wikilinks == ("20260220-002-llm-agents",)
    assert obsidian.check({"notes/x.md": text.encode(), "notes/20260220-002-llm-agents.md": b""}) == ()


@pytest.mark.parametrize("payload", ["[[Secret]]", "<% tp.x %>", "x\n## Sources\n- y", "due:: now"])
def test_without_the_door_the_fields_are_a_way_in(payload: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document.inert, "to_markdown", lambda text, **_: text)
    monkeypatch.setattr(document.inert, "blocks_markdown", lambda blocks: "\n\n".join(block.text for block in blocks))
    with pytest.raises(AssertionError):
        test_no_field_is_a_way_in(payload)


# --- reading what others wrote ---


def parse(text: str, path: str = "a/b c.md") -> VaultNote:
    return document.read_note(path, text.encode("utf-8", "surrogatepass"), mtime_ns=0)


READS = [
    ("a plain file", "hello", {"id": "b c", "title": "b c", "text": "hello", "lang": "und"}),
    ("the first heading is the title", "## x\n# T *i*\n", {"title": "T i"}),
    ("an id that is a number", "---\nid: 20260220\n---\n", {"id": "20260220"}),
    ("an id that is a list", "---\nid: [1]\n---\n", {"id": "b c"}),
    ("a title that is a date", "---\ntitle: 2026-02-20\n---\n", {"title": "2026-02-20"}),
    ("an unquoted arXiv id", "---\narxiv_id: 2602.01230\n---\n", {"arxiv_id": "2602.01230"}),
    ("tags in a string", "---\ntags: 'arxiv/cs/LG, agents #x'\n---\n", {"tags": ("arxiv/cs/LG", "agents", "x")}),
    ("tags as a number", "---\ntags: 7\n---\n#y", {"tags": ("7", "y")}),
    ("tags as a map", "---\ntags: {a: b}\n---\n", {"tags": ()}),
    ("the deprecated tag", "---\ntag: [a, '#b', '']\n---\n", {"tags": ("a", "b")}),
    ("one alias", "---\naliases: one alias\n---\n", {"aliases": ("one alias",)}),
    ("aliases as a map", "---\naliases: {a: b}\n---\n", {"aliases": ()}),
    ("the deprecated alias", "---\nalias: x\n---\n", {"aliases": ("x",)}),
    ("authors null", "---\nauthors: null\nauthor: Z\n---\n", {"authors": ("Z",)}),
    ("a score in words", "---\nquality_score: high\n---\n", {"quality_score": None}),
    ("a score of an int", "---\nquality_score: 1\n---\n", {"quality_score": 1.0}),
    ("a score of a bool", "---\nquality_score: true\n---\n", {"quality_score": None}),
    ("a day with a time", "---\ncreated: 2026-02-20T08:00:00Z\n---\n", {"created": date(2026, 2, 20)}),
    ("a quoted day", "---\ncreated: '2026-02-20 11:20'\n---\n", {"created": date(2026, 2, 20)}),
    ("a day in words", "---\ncreated: today\n---\n", {"created": None}),
    ("a day of a number", "---\ncreated: 7\n---\n", {"created": None}),
    ("bare ids", '---\nrelated_notes: ["a-1", "b-2"]\n---\n', {"related": ("a-1", "b-2")}),
    ("an unquoted wikilink", "---\nrelated_notes: [[a-1]]\n---\n", {"related": ("a-1",)}),
    ("wikilinks with aliases", "---\nrelated_notes: ['[[a|b, c]]', '[[d#e]]', '[[]]']\n---\n", {"related": ("a", "d")}),
    ("one string", "---\nrelated_notes: a, [[b]]\n---\n", {"related": ("a", "b")}),
    ("links in a map", "---\nrelated_notes: {x: a}\nup: '[[home]]'\n---\n[[z]]", {"related": ("a",), "wikilinks": ("z", "home")}),
    ("lang no", "---\nlang: no\n---\n", {"lang": "no"}),
    ("url as a number", "---\nurl: 12:30:45\nsource: true\n---\n", {"url": "12:30:45", "source": ""}),
    ("unknown keys", "---\nzz: {a: [1]}\n---\n", {"properties": {"zz": {"a": [1]}}}),
    ("broken", "---\na: b: c\n---\n# T", {"trouble": "line 2: mapping values are not allowed in this context", "title": "T"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in READS], ids=[row[0] for row in READS])
def test_read_note(text: str, expected: dict[str, object]) -> None:
    note = parse(text)
    assert {key: getattr(note, key) for key in expected} == expected


def test_bytes_that_are_no_utf8_are_read_with_trouble() -> None:
    note = document.read_note("x.md", b"---\nid: y\n---\nab\xff\xfec", mtime_ns=0)
    assert (note.id, note.trouble) == ("y", "byte 16 is not UTF-8")
    assert note.text == "ab\ufffd\ufffdc"


def test_a_byte_order_mark_is_no_text() -> None:
    assert document.read_note("x.md", b"\xef\xbb\xbf---\nid: y\n---\n", mtime_ns=0).id == "y"


TASKS = [("20260220-008-x", "learning-20260220-008"), ("20260220-008", "learning-20260220-008"), ("hand-written", "")]


@pytest.mark.parametrize(("note_id", "task"), TASKS)
def test_task_id(note_id: str, task: str) -> None:
    assert document.task_id(note_id) == task


# --- the shared vaults and corpora ---


@needs_data
@pytest.mark.data
def test_every_file_of_the_shared_vaults_is_read() -> None:
    paths = sorted(Path(SHARED, "vaults").rglob("*.md"))
    assert len(paths) > 1000
    titles = {document.read_note(path.name, path.read_bytes(), mtime_ns=0).title for path in paths}
    assert len(titles) > 1000


@needs_data
@pytest.mark.data
def test_the_edges_of_the_shared_vaults_are_found() -> None:
    """Links that people drew: nearly all of them are found by reading alone."""
    for name in ("foam-docs-en", "knowledge-garden-zh"):
        root = Path(SHARED, "vaults", name)
        notes = [
            document.read_note(path.relative_to(root).as_posix(), path.read_bytes(), mtime_ns=0)
            for path in sorted(root.rglob("*.md"))
        ]
        links = obsidian.LinkIndex([note.path for note in notes], notes)
        found = {(note.path, links.resolve(target, note.path)) for note in notes for target in note.wikilinks}
        edges = [
            tuple(edge) for edge in json.loads(Path(SHARED, "vaults", f"{name}.edges.json").read_text(encoding="utf-8"))
        ]
        missed = [edge for edge in edges if edge not in found]
        # The rest are examples in code.
        assert len(missed) <= len(edges) * 0.05, missed[:20]


def test_markdown_of_a_note_reads_as_its_text() -> None:
    assert markdown.plain(document.render_note(SKILLRL).split("---\n", 2)[2]).startswith(SKILLRL.title)


# --- versions and withdrawals ---------------------------------------------------------------------------------------

LOG = (
    PaperVersion(1, datetime(2026, 2, 18, 10, tzinfo=UTC)),
    PaperVersion(2),
    PaperVersion(3, datetime(2026, 2, 25, 23, 59, tzinfo=UTC), "13 pages; see [[secret]] at https://github.com/a/b"),
)


def section(text: str, heading: str) -> str:
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0].strip()


def test_the_version_log_is_shown():
    text = document.render_note(replace(SKILLRL, versions=LOG, arxiv_version=3))
    assert section(text, "Versions") == (
        "- v1 2026-02-18\n- v2\n- v3 2026-02-25 — 13 pages; see \\[\\[secret\\]\\] at <https://github.com/a/b>"
    )


def test_a_paper_of_one_version_has_no_log():
    assert "## Versions" not in document.render_note(replace(SKILLRL, versions=LOG[:1]))


def test_a_withdrawal_stands_at_the_top():
    reason = "This paper has been withdrawn: Lemma 2 is [!danger] wrong"
    text = document.render_note(replace(SKILLRL, withdrawn=True, comment=reason, tags=("arxiv/cs/LG", "withdrawn")))
    body = text.split("---\n")[2]
    title, quoted, *_ = [line for line in body.splitlines() if line]
    assert title.startswith("# SkillRL")
    assert quoted == "> **Withdrawn in v2**: This paper has been withdrawn: Lemma 2 is \\[!danger\\] wrong"
    assert "withdrawn" in document.read_note("a.md", text.encode(), mtime_ns=0).tags


def test_a_withdrawal_without_a_word_is_one_too():
    text = document.render_note(replace(SKILLRL, withdrawn=True, comment="", arxiv_version=0))
    assert "\n> **Withdrawn** by its authors.\n" in text


@pytest.mark.parametrize("words", ["x]] [[y", "\n## Sources\n- z", "<% tp.x %>", "`= this`", "![[a]]", "[!note]-"])
def test_comments_of_versions_do_nothing(words):
    log = (LOG[0], PaperVersion(2, None, words))
    text = document.render_note(replace(SKILLRL, versions=log, withdrawn=True, comment=words))
    plain = document.render_note(
        replace(SKILLRL, versions=(LOG[0], PaperVersion(2, None, "w")), withdrawn=True, comment="w")
    )
    assert scan(text) == scan(plain)


def test_an_unscored_note_bears_no_score() -> None:
    """A note promoted by hand before it was scored: 0.0 would say that it is bad."""
    text = document.render_note(replace(SKILLRL, quality_score=None))
    assert "quality_score" not in text
    assert "Quality" not in text
    assert document.read_note("a.md", text.encode(), mtime_ns=0).quality_score is None
    assert "quality_score: 0.0\n" in document.render_note(replace(SKILLRL, quality_score=0.0))


def test_a_sentence_stands_once_with_all_its_figures() -> None:
    sentence = "It reaches 89.9% on ALFWorld and 72.7%."
    figures = (
        Figure("89.9%", 89.9, "%", sentence, "ALFWorld"),
        Figure("3x", 3.0, "x", "Fast."),
        Figure("72.7%", 72.7, "%", sentence),
    )
    text = document.render_note(replace(SKILLRL, figures=figures))
    assert f"- **89.9%** (ALFWorld), **72.7%**: {sentence}\n- **3x**: Fast.\n" in text
