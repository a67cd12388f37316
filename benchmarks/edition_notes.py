"""Notes that the editions add to the papers of a day: entries of labs, Chinese abstracts, works that come again."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from ingest.reading.html import blocks
from notes.markup.document import read_note, render_note
from notes.model import Block, BlockKind, Note, SourceType, VaultNote, blocks_text
from notes.quantities.figures import find
from notes.text.language import detect
from notes.text.sentences import key_sentences
from notes.text.slug import note_id

__all__ = ["csl_days", "kept_note", "lab_notes"]

LABS_PER_DAY, CSL_PER_DAY = 3, 8
SHORTEST = 200  # characters of an entry of a lab: what is shorter is a headline alone
# Of CSL, which is of all disciplines, what a reader of the other sources would read.
SUBJECT = re.compile("算法|网络|神经|机器学习|数据|图像|语义|检索|仿真|分类|优化")


def csl_days(data: Path, days: Sequence[date]) -> dict[date, list[VaultNote]]:
    """Notes of Chinese abstracts for each day, in the order of the corpus, without links and topics."""
    with (data / "ir/csl-zh-title2abs/corpus.jsonl").open(encoding="utf-8") as lines:
        corpus = [row for row in map(json.loads, lines) if SUBJECT.search(row["text"])]
    titles = csl_titles(data / "ir/csl-zh-title2abs")
    known = [(titles[row["_id"]], row["text"]) for row in corpus if row["_id"] in titles]
    parts = [known[at * CSL_PER_DAY : (at + 1) * CSL_PER_DAY] for at in range(len(days))]
    return {
        day: [
            kept_note(day, number, title, (Block(BlockKind.PARAGRAPH, text),), source="CSL", quality=1 - number / 100)
            for number, (title, text) in enumerate(part, start=1)
        ]
        for day, part in zip(days, parts, strict=True)
    }


def kept_note(
    day: date, number: int, title: str, text: tuple[Block, ...], *, source: str, url: str = "", quality: float
) -> VaultNote:
    """A text as Slipway would keep it."""
    words = blocks_text(text)
    note = Note(
        id=note_id(day, number, title),
        title=title,
        created=day,
        published=day,
        source=source,
        source_type=SourceType.RSS,
        lang=detect(f"{title} {words}"),
        url=url,
        quality_score=quality,
        summary=key_sentences(words),
        blocks=text,
        figures=find(words),
    )
    return read_note(f"notes/{day.year}/{note.id}.md", render_note(note).encode(), mtime_ns=0)


def csl_titles(folder: Path) -> dict[str, str]:
    """The title of each abstract: the query whose only answer it is."""
    with (folder / "queries.jsonl").open(encoding="utf-8") as lines:
        queries = {row["_id"]: row["text"] for row in map(json.loads, lines)}
    with (folder / "qrels/test.tsv").open(encoding="utf-8") as lines:
        pairs = [line.split("\t") for line in lines][1:]
    return {document: queries[query] for query, document, *_ in pairs if query in queries}


def lab_notes(folder: Path, days: Sequence[date]) -> dict[date, list[VaultNote]]:
    """Of the entries that labs dated on each day the few that say most, as notes without links."""
    import feedparser

    found: defaultdict[date, list[tuple[int, str, str, str, str]]] = defaultdict(list)
    for path in sorted(folder.glob("*.xml")):
        feed = feedparser.parse(BytesIO(path.read_bytes()))
        for entry in feed.entries:
            parsed, text = entry.get("published_parsed"), entry.get("summary", "")
            if parsed and len(text) >= SHORTEST and entry.get("link"):
                told = (-len(text), entry.link, feed.feed.get("title", path.stem), entry.title, text)
                found[date(*parsed[:3])].append(told)
    return {
        day: [lab_note(day, *one) for one in enumerate(sorted(found[day])[:LABS_PER_DAY], start=81)] for day in days
    }


def lab_note(day: date, number: int, entry: tuple[int, str, str, str, str]) -> VaultNote:
    """An entry of a lab as Slipway would keep it."""
    _, link, source, title, text = entry
    return kept_note(day, number, title, blocks(text, link)[0], source=source, url=link, quality=0.6)
