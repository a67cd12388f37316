"""nDCG@10, recall@10 and MRR@10 of lexical, semantic and hybrid search beside plain FTS5, on Chinese and English collections.

    python -m benchmarks retrieval [--cache FOLDER] [--documents N] [--queries N] [--only NAME ...]

The collections come from ``SLIPWAY_DATA`` (:mod:`benchmarks.retrieval_sets`). ``--cache`` keeps the vectors of their texts, so
that the next run takes some three minutes; the first embeds 12,000 abstracts besides. The rules and weights were chosen on one
half of each collection's queries (by a hash of their ids), which a line tells; the tables show the other half.
``equal ranks`` is the control: reciprocal rank fusion that trusts both halves alike.
"""

from __future__ import annotations

import argparse
import os
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Collection as Ids
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.retrieval_sets import Collection, collections
from index.models.embedder import Embedder, ModelSettings, open_embedder
from index.models.query_encoder import QueryEncoder, open_query_encoder, prepare
from index.retrieval.search import Mode, Query, search
from index.storage.cache import IndexCache
from index.storage.reading import SearchIndex
from index.storage.refresh import embed_missing, refresh
from index.texts.documents import text_hash

if TYPE_CHECKING:
    from index.models.embedder import Vectors

Search = Callable[[str], list[str]]
Queries = Mapping[str, tuple[str, Ids[str]]]

_DEEP = 50
_RRF_K = 60
_WORD = re.compile(r"\w+")
_FAR_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over the queries of one collection, and queries a second."""

    ndcg: float
    recall: float
    mrr: float
    rate: float


class Remembering:
    """An embedder that asks the cache first, whatever index the text is for."""

    def __init__(self, embedder: Embedder, cache: IndexCache) -> None:
        self._embedder, self._cache = embedder, cache
        self.name, self.knows, self.encode_query = embedder.name, embedder.knows, embedder.encode_query

    @property
    def dim(self) -> int:
        return self._embedder.dim

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        keys = {text_hash(text): text for text in texts}
        embed_missing(self._cache, self._embedder, keys)
        kept = self._cache.vectors(self.name, keys)
        return np.stack([kept[text_hash(text)] for text in texts])


class Once:
    """A query encoder that encodes each text once: three ways ask for the same vectors."""

    note = ""

    def __init__(self, encoder: QueryEncoder) -> None:
        self.name, self.way, self.knows, self.encode_passage = (
            encoder.name,
            encoder.way,
            encoder.knows,
            encoder.encode_passage,
        )
        self._encoder = encoder
        self.encode_query = cache(encoder.encode_query)

    @property
    def dim(self) -> int:
        return self._encoder.dim


# --- what is compared ----------------------------------------------------------------------------------------------


def ours(index: SearchIndex, mode: Mode, encoder: QueryEncoder, n: int = 10) -> Search:
    return lambda text: [hit.id for hit in search(index, Query(text=text, mode=mode, n=n), encoder).results]


def equal_ranks(*halves: Search) -> Search:
    def fused(text: str) -> list[str]:
        scores: dict[str, float] = {}
        for half in halves:
            for rank, key in enumerate(half(text), 1):
                scores[key] = scores.get(key, 0.0) + 1 / (_RRF_K + rank)
        return sorted(scores, key=lambda key: (-scores[key], key))[:10]

    return fused


def plain(collection: Collection, tokenizer: str) -> Search:
    """FTS5 as it comes: title and text in one table, any word of the query, the order of its bm25."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE texts USING fts5 (id UNINDEXED, title, body, tokenize='{tokenizer}')")
    connection.executemany(
        "INSERT INTO texts VALUES (?, ?, ?)", [(one.id, one.title, one.text) for one in collection.documents]
    )

    def find(text: str) -> list[str]:
        words = [part for word in _WORD.findall(text) for part in (_threes(word) if tokenizer == "trigram" else [word])]
        expression = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        statement = "SELECT id FROM texts WHERE texts MATCH ? ORDER BY rank, id LIMIT 10"
        return [row[0] for row in connection.execute(statement, (expression,))] if words else []

    return find


def _threes(word: str) -> list[str]:
    """A word of letters whole (trigram finds it within others); of Chinese, which has no words here, each three characters."""
    if len(word) > 3 and _FAR_EAST.search(word):
        return [word[at : at + 3] for at in range(len(word) - 2)]
    return [word] if len(word) >= 3 else []


# --- how well ------------------------------------------------------------------------------------------------------


def halves(queries: Queries) -> tuple[Queries, Queries]:
    """The queries on which rules may be chosen, and those held out, by a hash of their ids."""
    held: dict[bool, dict[str, tuple[str, Ids[str]]]] = {False: {}, True: {}}
    for key, query in queries.items():
        held[sha256(key.encode()).digest()[-1] % 2 == 1][key] = query
    return held[False], held[True]


def measure(find: Search, queries: Queries) -> Quality:
    began = time.perf_counter()
    found = {key: find(text)[:10] for key, (text, _) in queries.items()}
    took = time.perf_counter() - began
    pairs = [(found[key], answers) for key, (_, answers) in queries.items()]
    return Quality(
        _mean(_ndcg(ids, answers) for ids, answers in pairs),
        _mean(len(answers & set(ids)) / min(len(answers), 10) for ids, answers in pairs),
        _mean(next((1 / rank for rank, key in enumerate(ids, 1) if key in answers), 0.0) for ids, answers in pairs),
        len(pairs) / took,
    )


def _ndcg(ids: Sequence[str], answers: Ids[str]) -> float:
    gained = sum(1 / log2(rank + 1) for rank, key in enumerate(ids, 1) if key in answers)
    return gained / sum(1 / log2(rank + 1) for rank in range(1, min(len(answers), 10) + 1))


def _mean(values: Iterable[float]) -> float:
    told = list(values)
    return sum(told) / len(told)


def _measured(ways: Mapping[str, Search], queries: Queries) -> dict[str, Quality]:
    return {name: measure(way, queries) for name, way in ways.items()}


def run(
    collection: Collection, embedder: Remembering, encoder: QueryEncoder
) -> tuple[dict[str, Quality], dict[str, Quality]]:
    """Every way over one collection: the half for choosing, and the one held out."""
    with tempfile.TemporaryDirectory() as folder:
        with IndexCache(Path(folder) / "index.db") as made:
            refresh(made, collection.documents, embedder)
        with SearchIndex.open(Path(folder)) as index:
            ways = {
                "FTS5 unicode61": plain(collection, "unicode61"),
                "FTS5 trigram": plain(collection, "trigram"),
                "lexical": ours(index, "lexical", encoder),
                "semantic": ours(index, "semantic", encoder),
                "hybrid": ours(index, "hybrid", encoder),
                "equal ranks": equal_ranks(
                    ours(index, "lexical", encoder, _DEEP), ours(index, "semantic", encoder, _DEEP)
                ),
            }
            chosen, held = halves(collection.queries)
            return _measured(ways, chosen), _measured(ways, held)


def _print(results: Mapping[str, Mapping[str, Quality]]) -> None:
    ways = list(next(iter(results.values())))
    for told, part in (("nDCG@10", "ndcg"), ("recall@10", "recall"), ("MRR@10", "mrr")):
        print(f"\n| {told} | " + " | ".join(results) + " | mean |")
        print("|---" * (len(results) + 2) + "|")
        for way in ways:
            row = [getattr(one[way], part) for one in results.values()]
            print(f"| {way} | " + " | ".join(f"{value:.3f}" for value in row) + f" | {_mean(row):.3f} |")
    print("\n| queries a second | " + " | ".join(results) + " |\n" + "|---" * (len(results) + 1) + "|")
    for way in ways:
        print(f"| {way} | " + " | ".join(f"{one[way].rate:,.0f}" for one in results.values()) + " |")


def main(*options: str) -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument(
        "--cache", type=Path, default=Path(os.environ.get("SLIPWAY_BENCH_CACHE", ".cache")) / "retrieval"
    )
    reader.add_argument("--documents", type=int, default=2500)
    reader.add_argument("--queries", type=int, default=400)
    reader.add_argument("--only", nargs="*", default=())
    given = reader.parse_args(options)
    if "SLIPWAY_DATA" not in os.environ:
        print("left out: SLIPWAY_DATA names no folder of real data")
        return
    settings = replace(ModelSettings(), name=os.environ.get("SLIPWAY_BENCH_MODEL", ModelSettings().name))
    results = {}
    with IndexCache(given.cache / "index.db") as kept:
        embedder = open_embedder(settings)
        prepare(settings, given.cache / "models", embedder)
        encoder = Once(open_query_encoder(settings, given.cache / "models"))
        for collection in collections(Path(os.environ["SLIPWAY_DATA"]), given.documents, given.queries):
            if given.only and collection.name not in given.only:
                continue
            sizes = f"{len(collection.documents):,} documents, {len(collection.queries)} queries"
            print(f"- {collection.name}: {collection.told} ({sizes})", flush=True)
            chosen, held = run(collection, Remembering(embedder, kept), encoder)
            results[collection.name] = held
            for told, found in (("chosen on", chosen), ("held out", held)):
                line = ", ".join(f"{way} {quality.ndcg:.3f}" for way, quality in found.items())
                print(f"  {told}: {line}", flush=True)
    if results:
        print(f"\n{encoder.name} by {encoder.way}, queries held out:")
        _print(results)
