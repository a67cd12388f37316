"""How steady are the topics of a young house? The first fifteen nights, twenty notes a night and what waits beside them.

A night's texts are the papers that arXiv announced since the night before in the categories of a set; twenty of them become
notes, Hugging Face's picks first, then by a hash of the id; the others wait. For CSL sixty abstracts come a night. What is
counted, over the nights from the second on:

- *notes keep*: the share of notes with a topic that have the same one the next night; *texts keep* counts what waits too;
- *renamed*: the share of topics that live on under another name; *of pages*: of those with a page, two notes and more;
- *short*: of the topics born in the first ten nights the share that ended within five; *of pages*: that had a page at birth;
- *slug*: the share of pages whose file name is not the title's, and *says else*: that shares less than half of its words with it;
- *largest*: the share of the notes that the topic with the most notes has;
- *without*, *ARI*, *V*, *NPMI*: of the last night, as ``benchmarks topics`` counts them.

``python -m benchmarks topics --young [--sets cl-2025-06,csl] [--names 20]``; without ``--sets`` all of :data:`HOUSES`.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks.topics_sets import Corpus
from index.kin.neighbours import embed_documents
from index.models.embedder import Embedder
from index.storage.cache import IndexCache
from index.texts.documents import Document
from index.themes.nearness import nearness
from index.themes.topics import Found, Standing, find_topics
from index.words.lexicon import Lexicon
from notes.model import Topic
from notes.text.slug import slugify
from notes.topics import TopicEvent

__all__ = ["HOUSES", "Night", "nights_of", "play"]

HOUSES = ("cl-2025-04", "cl-2025-06", "cl-2025-09", "cv-2025-05", "cv-2025-08", "ai+lg-2025-07", "csl")
NIGHTS = 15
NOTES = 20
EARLY = 10  # nights whose births can be followed for long enough
SHORT = 5
PAGE = 2  # notes of a topic that has a page
_CSL_A_NIGHT = 60
_CSL_BEGIN = date(2025, 9, 1)


@dataclass(frozen=True, slots=True)
class Night:
    """The texts that came by this night, how many, and which of all are notes."""

    day: date
    count: int
    notes: frozenset[str]


@dataclass(slots=True)
class _Counts:
    """What was counted over the nights, and the topics by the night on which they were born and ended."""

    rates: dict[str, list[float]] = field(default_factory=dict)
    born: dict[str, tuple[int, bool]] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, part: int, whole: int) -> None:
        if whole:
            self.rates.setdefault(name, []).append(part / whole)

    def mean(self, name: str) -> float:
        return float(np.mean(self.rates.get(name, [0.0])))


def nights_of(data: Path, name: str, cache: IndexCache, embedder: Embedder) -> tuple[Corpus, list[Night]]:
    """The texts of a house in the order of their nights, and the nights."""
    days = list(_csl_days(data) if name == "csl" else _arxiv_days(data, name))
    documents: list[Document] = []
    classes, day_of, notes, nights = dict[str, str](), dict[str, date](), set[str](), list[Night]()
    for day, rows in days:
        ranked = sorted(rows, key=lambda row: (not row[2], crc32(row[0].id.encode())))
        notes.update(row[0].id for row in ranked[:NOTES])
        for document, label, _ in rows:
            documents.append(document)
            classes[document.id], day_of[document.id] = label, day
        nights.append(Night(day, len(documents), frozenset(notes)))
    vectors = embed_documents(cache, embedder, documents)
    return Corpus(name, tuple(documents), classes, day_of, vectors), nights


def _arxiv_days(data: Path, name: str) -> Iterator[tuple[date, list[tuple[Document, str, bool]]]]:
    subjects, _, month = name.partition("-")
    wanted = {f"cs.{one.upper()}" for one in subjects.split("+")}
    picked = {row["id"] for row in _rows(data / "arxiv" / "hf-daily-papers", "")}
    by_day: dict[str, list[dict[str, Any]]] = {}
    seen: set[str] = set()
    for row in sorted(_rows(data / "arxiv" / "daily-en", month), key=lambda row: (row["announced"], row["id"])):
        if row["id"] not in seen and wanted & set(row["categories"]):
            seen.add(row["id"])
            by_day.setdefault(row["announced"], []).append(row)
    for day in sorted(by_day)[:NIGHTS]:
        rows = [(_document(row), row["categories"][0], row["id"] in picked) for row in by_day[day]]
        yield date.fromisoformat(day), rows


def _rows(folder: Path, since: str) -> Iterator[dict[str, Any]]:
    for path in [one for one in sorted(folder.glob("*.jsonl.gz")) if one.name[:7] >= since][: 2 if since else None]:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _document(row: Mapping[str, Any]) -> Document:
    title, text = (" ".join(str(row[part]).split()) for part in ("title", "abstract"))
    return Document(id=row["id"], kind="note", title=title, sections=(("", text),), lang="en")


def _csl_days(data: Path) -> Iterator[tuple[date, list[tuple[Document, str, bool]]]]:
    with (data / "ir" / "csl-zh-title2abs" / "corpus.jsonl").open(encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: crc32(row["_id"].encode()))
    for night in range(NIGHTS):
        some = rows[night * _CSL_A_NIGHT : (night + 1) * _CSL_A_NIGHT]
        yield _CSL_BEGIN + timedelta(days=night), [(_abstract(row), row["discipline"], False) for row in some]


def _abstract(row: Mapping[str, Any]) -> Document:
    sections = (("", row["text"]),)
    return Document(id=row["_id"], kind="note", title=row["title_gold"], sections=sections, lang="zh-Hans")


def played(corpus: Corpus, nights: Sequence[Night], embedder: Embedder, cache: IndexCache | None) -> Iterator[Found]:
    """What is found on each night, standing on the night before."""
    before, events = Standing(), list[TopicEvent]()
    for night in nights:
        some = corpus.first(night.count)
        texts = {one.id: (one.title, one.text, one.lang) for one in some.documents}
        near = nearness(some.documents, some.vectors, embedder, lexicon=Lexicon.of(some.documents, cache))
        days = {one.id: corpus.days[one.id] for one in some.documents}
        found = find_topics(texts, near, before, days, night.day, notes=night.notes)
        events += found.events
        before = Standing(found.topics, found.fields, found.place, tuple(events))
        yield found


def play(name: str, embedder: Embedder, cache: IndexCache, *, names: int = 0) -> None:
    """Print a house's line, and the topics of its last night that have the most notes."""
    from benchmarks.topics import Answer, scores

    corpus, nights = nights_of(Path(os.environ["SLIPWAY_DATA"]), name, cache, embedder)
    counts, last = _Counts(), None
    for at, (night, found) in enumerate(zip(nights, played(corpus, nights, embedder, cache), strict=True)):
        _count(counts, at, last, found, night)
        last = found
        if names:
            _tell(found, night)
    assert last is not None
    quality = scores(corpus, Answer(last.place, {one.id: one.terms for one in last.topics}, 0.0))
    print(_row(corpus, counts, last, quality), flush=True)


def _count(counts: _Counts, at: int, last: Found | None, found: Found, night: Night) -> None:
    topics = {one.id: one for one in found.topics}
    pages = {one.id for one in found.topics if len(one.note_ids) >= PAGE}
    counts.add("slug", sum(not _is_slug_of(topics[key]) for key in pages), len(pages))
    counts.add("says else", sum(not _says(topics[key]) for key in pages), len(pages))
    largest = max((len(one.note_ids) for one in found.topics), default=0)
    counts.add("largest", largest, len(night.notes))
    for key in topics.keys() - counts.born.keys():
        counts.born[key] = (at, key in pages)
    if last is None:
        return
    were = {one.id: one for one in last.topics}
    counts.add("texts", sum(found.place.get(key) == topic for key, topic in last.place.items()), len(last.place))
    held = {key: topic for key, topic in last.place.items() if any(key in one.note_ids for one in (were[topic],))}
    counts.add("notes", sum(found.place.get(key) == topic for key, topic in held.items()), len(held))
    both = were.keys() & topics.keys()
    counts.add("renamed", sum(were[key].name != topics[key].name for key in both), len(both))
    paged = [key for key in both if len(were[key].note_ids) >= PAGE]
    counts.add("pages renamed", sum(were[key].name != topics[key].name for key in paged), len(paged))
    for key in were.keys() - topics.keys():
        counts.ended[key] = at


def _is_slug_of(topic: Topic) -> bool:
    slug = slugify(topic.name, 60)
    return topic.id == slug or topic.id.removeprefix(slug + "-").isdigit()


def _says(topic: Topic) -> bool:
    mine = [word.removesuffix("s") for word in topic.id.split("-")]
    theirs = {word.removesuffix("s") for word in slugify(topic.name, 60).split("-")}
    if not topic.id.isascii():
        mine, theirs = list(topic.id), set(slugify(topic.name, 60))
    return 2 * sum(word in theirs for word in mine) >= len(mine)


def _row(corpus: Corpus, counts: _Counts, last: Found, quality: Sequence[str]) -> str:
    pages = sum(len(one.note_ids) >= PAGE for one in last.topics)
    early = {key: page for key, (night, page) in counts.born.items() if night < EARLY}
    short = {key for key in early if key in counts.ended and counts.ended[key] - counts.born[key][0] <= SHORT}
    paged = [key for key, page in early.items() if page]
    share = len(short) / max(1, len(early))
    of_pages = sum(key in short for key in paged) / max(1, len(paged))
    ended = sum(key in short for key in paged)
    cells = (
        f"{corpus.name} ({len(corpus.documents)})",
        f"{len(last.topics)} ({pages})",
        *(f"{counts.mean(name):.3f}" for name in ("notes", "texts")),
        f"{counts.rates['notes'][0]:.3f}" if counts.rates.get("notes") else "",
        *(f"{counts.mean(name):.1%}" for name in ("renamed", "pages renamed")),
        f"{share:.1%}",
        f"{of_pages:.1%} ({ended})",
        *(f"{counts.mean(name):.1%}" for name in ("slug", "says else", "largest")),
        *quality,
    )
    return f"| {' | '.join(cells)} |"


COLUMNS = (
    "house (texts)",
    "topics (pages)",
    "notes keep",
    "texts keep",
    "the 2nd night",
    "renamed",
    "of pages",
    "short",
    "of pages",
    "slug",
    "says else",
    "largest",
    "without",
    "ARI",
    "V",
    "of those with: ARI",
    "V",
    "NPMI",
)


def head() -> str:
    """The table's first two lines."""
    return f"\n| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"


def _tell(found: Found, night: Night) -> None:
    print(f"{night.day} {night.count} texts, {Counter(event.kind.value for event in found.events)}")
    for topic in sorted(found.topics, key=lambda one: (-len(one.note_ids), one.id))[:12]:
        size = sum(place == topic.id for place in found.place.values())
        print(f"   {len(topic.note_ids):3d} {size:4d}  {topic.id:50s} {topic.name} — {', '.join(topic.terms[:4])}")
