"""Chinese retrieval on real titles and keywords: the hybrid must never fall under its lexical half."""

from __future__ import annotations

import json
from math import log2

import pytest

from index.retrieval.query import Query
from index.retrieval.search import search
from index.storage.cache import IndexCache
from index.storage.reading import SearchIndex
from index.storage.refresh import refresh
from notes.text.language import detect
from tests.index.shelf import Asking, document, shared

CORPUS = 240
RRF_K = 60


@pytest.fixture(scope="module")
def corpus(bundled, tmp_path_factory):
    lines = shared("ir/csl-zh-title2abs/corpus.jsonl").read_text().splitlines()[:CORPUS]
    documents = [document(row["_id"], "", row["text"][:80], lang=detect(row["text"])) for row in map(json.loads, lines)]
    with IndexCache(tmp_path_factory.mktemp("csl") / "index.db") as cache:
        refresh(cache, documents, bundled)
        with SearchIndex.open(cache.path.parent) as index:
            yield index


def ndcg(folder, found):
    """nDCG@10 of ``found``, a function from a query's text to ids, best first."""
    queries = [json.loads(line) for line in shared(f"ir/{folder}/queries.jsonl").read_text().splitlines()]
    relevant = dict(line.split("\t")[:2] for line in shared(f"ir/{folder}/qrels/test.tsv").read_text().splitlines()[1:])
    gains = []
    for query in queries[:CORPUS:10]:
        ids = found(query["text"])[:10]
        gains.append(sum(1 / log2(rank + 1) for rank, key in enumerate(ids, 1) if key == relevant[query["_id"]]))
    return sum(gains) / len(gains)


def ids(index, encoder, mode, n=10):
    return lambda text: [hit.id for hit in search(index, Query(text=text, mode=mode, n=n), encoder).results]


def equal_ranks(*halves):
    """Reciprocal rank fusion with equal weights: the control."""

    def fused(text):
        scores = {}
        for half in halves:
            for rank, key in enumerate(half(text), 1):
                scores[key] = scores.get(key, 0.0) + 1 / (RRF_K + rank)
        return sorted(scores, key=lambda key: (-scores[key], key))

    return fused


@pytest.mark.data
@pytest.mark.parametrize("folder", ["csl-zh-title2abs", "csl-zh-keyword2abs"])
def test_chinese_hybrid_is_as_good_as_lexical(corpus, bundled, folder):
    encoder = Asking(bundled)
    lexical, hybrid = (ndcg(folder, ids(corpus, encoder, mode)) for mode in ("lexical", "hybrid"))
    assert hybrid >= lexical - 0.005
    assert lexical > 0.9
    control = equal_ranks(ids(corpus, encoder, "lexical", 200), ids(corpus, encoder, "semantic", 200))
    assert ndcg(folder, control) < lexical - 0.05  # equal weights of ranks ruin it


@pytest.mark.data
def test_a_model_believed_in_every_language_does_little_harm(corpus, bundled):
    """A user may state languages that the model does not know."""
    folder = "csl-zh-title2abs"
    lexical = ndcg(folder, ids(corpus, Asking(bundled), "lexical"))
    assert ndcg(folder, ids(corpus, Asking(bundled, ("*",)), "hybrid")) > lexical - 0.1
