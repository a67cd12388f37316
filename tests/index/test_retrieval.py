"""Chinese retrieval on real titles and keywords: the hybrid must never fall under its lexical half."""

from __future__ import annotations

import json
from math import log2

import pytest

from index.models.embedder import Embedder
from index.retrieval.query import Query
from index.retrieval.search import search
from index.storage.cache import IndexCache
from index.storage.refresh import refresh
from notes.text.language import detect
from tests.index.shelf import document, shared

CORPUS = 240


class Believed:
    """The bundled model, believed in every language: the control."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.dim = embedder.name, embedder.dim
        self.encode_passages, self.encode_query = embedder.encode_passages, embedder.encode_query

    def knows(self, lang):
        return True


@pytest.fixture(scope="module")
def corpus(bundled, tmp_path_factory):
    lines = shared("ir/csl-zh-title2abs/corpus.jsonl").read_text().splitlines()[:CORPUS]
    documents = [document(row["_id"], "", row["text"][:80], lang=detect(row["text"])) for row in map(json.loads, lines)]
    with IndexCache(tmp_path_factory.mktemp("csl") / "index.db") as cache:
        refresh(cache, documents, bundled)
        yield cache


def ndcg(cache, embedder, mode, folder):
    queries = [json.loads(line) for line in shared(f"ir/{folder}/queries.jsonl").read_text().splitlines()]
    relevant = dict(line.split("\t")[:2] for line in shared(f"ir/{folder}/qrels/test.tsv").read_text().splitlines()[1:])
    gains = []
    for query in queries[:CORPUS:10]:
        found = search(cache, Query(text=query["text"], mode=mode), embedder).results
        gains.append(sum(1 / log2(hit.rank + 1) for hit in found if hit.id == relevant[query["_id"]]))
    return sum(gains) / len(gains)


@pytest.mark.data
@pytest.mark.parametrize("folder", ["csl-zh-title2abs", "csl-zh-keyword2abs"])
def test_chinese_hybrid_is_as_good_as_lexical(corpus, bundled, folder):
    lexical, hybrid = (ndcg(corpus, bundled, mode, folder) for mode in ("lexical", "hybrid"))
    assert hybrid >= lexical - 0.005
    assert lexical > 0.85
    assert ndcg(corpus, Believed(bundled), "hybrid", folder) < lexical - 0.05  # the control: equal weights ruin it
