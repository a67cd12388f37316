"""Collections with queries and answers, from the data of ``SLIPWAY_DATA``: Chinese ones as they are, English ones derived."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from index.texts.documents import Document
from notes.text.fold import fold
from notes.text.hanzi import PAIRS
from notes.text.language import detect
from notes.text.sentences import split

__all__ = ["Collection", "collections"]

_PAPERS = ("2025-10", "2025-06", "2025-03")
_LEAST_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, and queries (by id) with the ids of the documents that answer them."""

    name: str
    told: str
    documents: tuple[Document, ...]
    queries: Mapping[str, tuple[str, frozenset[str]]]


def collections(data: Path, documents: int, queries: int) -> Iterator[Collection]:
    """All collections, none with more than so many documents and queries."""
    for name in ("title", "keyword"):
        yield _csl(data / f"ir/csl-zh-{name}2abs", f"csl-{name}", documents, queries)
    title = _csl(data / "ir/csl-zh-title2abs", "csl-crossed", documents, queries)
    crossed = {key: (_traditional(text), answers) for key, (text, answers) in title.queries.items()}
    yield Collection("csl-crossed", "traditional title → simplified abstract", title.documents, crossed)
    yield from _picked(data, documents, queries)
    yield from _papers(data, documents, queries)


def _csl(folder: Path, name: str, documents: int, queries: int) -> Collection:
    rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text().splitlines()][:documents]
    there = {row["_id"] for row in rows}
    answers = defaultdict(set)
    for line in (folder / "qrels/test.tsv").read_text().splitlines()[1:]:
        query, document, *_ = line.split("\t")
        answers[query].add(document)
    asked = {row["_id"]: row["text"] for row in map(json.loads, (folder / "queries.jsonl").read_text().splitlines())}
    kept = {key: (asked[key], frozenset(answers[key])) for key in sorted(asked) if answers[key] & there}
    made = tuple(_as_it_is(row) for row in rows)
    return Collection(name, f"Chinese {name.partition('-')[2]} → abstract", made, _first(kept, queries))


def _picked(data: Path, documents: int, queries: int) -> Iterator[Collection]:
    """Papers that Hugging Face picked, asked for by the keywords it gave them."""
    rows = {key: row for key, row in _rows(data / "arxiv/hf-daily-papers").items() if row.get("ai_keywords")}
    keys = _shuffled(rows, 1)[:documents]
    made = tuple(_document(key, rows[key]["title"], rows[key]["abstract"]) for key in keys)
    twins = _twins(made)
    words = {key: [_flat(word) for word in rows[key]["ai_keywords"]] for key in keys}
    every = {key: (" ".join(words[key]), twins[key]) for key in keys}
    yield Collection("en-keywords", "all keywords of a paper → the paper", made, _first(every, queries))
    two = {key: (" ".join(Random(key).sample(words[key], 2)), twins[key]) for key in keys if len(words[key]) > 1}
    yield Collection("en-two-keywords", "two of its keywords → the paper", made, _first(two, queries))
    holders = defaultdict(set)
    for key in keys:
        for word in words[key]:
            holders[word.lower()].update(twins[key])
    shared = sorted(word for word, held in holders.items() if 3 <= len(held) <= 25 and len(word) > 6)
    one = {word: (word, frozenset(holders[word])) for word in _shuffled(shared, 2)}
    yield Collection("en-keyword", "one keyword → every paper that has it", made, _first(one, queries))
    texts = {document.id: fold(document.whole) for document in made}
    absent = {key: [word for word in words[key] if fold(word) not in texts[key]] for key in keys}
    other = {key: (" ".join(absent[key]), twins[key]) for key in keys if len(absent[key]) > 1}
    yield Collection("en-other-words", "keywords that the paper does not use", made, _first(other, queries))


def _papers(data: Path, documents: int, queries: int) -> Iterator[Collection]:
    """Papers of arXiv's daily lists, asked for by a part of themselves that the document then lacks."""
    rows = _rows(data / "arxiv/daily-en", _PAPERS)
    cut = {key: split(_flat(rows[key]["abstract"])) for key in _shuffled(rows, 3)[:documents]}
    cut = {key: sentences for key, sentences in cut.items() if len(sentences) >= _LEAST_SENTENCES}
    title = {key: _flat(rows[key]["title"]) for key in cut}
    whole = {key: _flat(rows[key]["abstract"]) for key in cut}
    twins = _twins(_document(key, title[key], "") for key in cut)
    forms = (
        ("en-sentence", "first sentence → title and the rest", title, lambda s: (s[0], s[1:])),
        ("en-title", "title → abstract", {}, lambda s: (None, s)),
        (
            "en-half",
            "first half of an abstract → the other half",
            {},
            lambda s: (" ".join(s[: len(s) // 2]), s[len(s) // 2 :]),
        ),
    )
    for name, told, titles, part in forms:
        parts = {key: part(sentences) for key, sentences in cut.items()}
        made = tuple(
            _document(key, titles.get(key, ""), whole[key] if asked is None else " ".join(rest))
            for key, (asked, rest) in parts.items()
        )
        asked_for = {key: (asked or title[key], twins[key]) for key, (asked, _) in parts.items()}
        yield Collection(name, told, made, _first(asked_for, queries))


def _twins(documents: Any) -> dict[str, frozenset[str]]:
    """By id all documents of the same title: a paper that came twice answers twice."""
    named = defaultdict(set)
    titles = {document.id: fold(document.title) for document in documents}
    for key, title in titles.items():
        named[title or key].add(key)
    return {key: frozenset(named[title or key]) for key, title in titles.items()}


def _rows(folder: Path, months: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    """By arXiv id, the first of each."""
    found: dict[str, dict[str, Any]] = {}
    paths = [folder / f"{month}.jsonl.gz" for month in months] or sorted(folder.glob("*.jsonl.gz"))
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                found.setdefault(row["id"], row)
    return found


def _document(key: str, title: str, text: str) -> Document:
    title, text = _flat(title), _flat(text)
    return Document(id=key, kind="note", title=title, sections=(("", text),), lang=detect(f"{title}\n{text}"))


def _as_it_is(row: Mapping[str, str]) -> Document:
    lang = detect(row["text"])
    return Document(id=row["_id"], kind="note", title=row["title"], sections=(("", row["text"]),), lang=lang)


def _first(queries: Mapping[str, tuple[str, frozenset[str]]], most: int) -> dict[str, tuple[str, frozenset[str]]]:
    return dict(list(queries.items())[:most])


def _shuffled(keys: Any, seed: int) -> list[str]:
    order = sorted(keys)
    Random(seed).shuffle(order)
    return order


def _flat(text: str) -> str:
    return " ".join(str(text).split())


@cache
def _to_traditional() -> dict[int, str]:
    table: dict[int, str] = {}
    for traditional, simplified in zip(PAIRS[::2], PAIRS[1::2], strict=True):
        table.setdefault(ord(simplified), traditional)
    return table


def _traditional(text: str) -> str:
    return text.translate(_to_traditional())
