from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from index.models.embedder import ModelSettings, SentenceTransformerEmbedder, open_embedder
from index.retrieval.query import Query
from index.retrieval.search import search
from index.storage.refresh import refresh
from notes.errors import IndexCacheError, UsageError
from tests.index.shelf import SHELF, SKILLRL, document


@pytest.fixture
def shelf(cache, hashing):
    refresh(cache, SHELF, hashing)
    return cache


def ids(cache, embedder=None, **query):
    return [hit.id for hit in search(cache, Query(**query), embedder).results]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("tumour segmentation", "tumour", id="english"),
        pytest.param("家务模拟", "zh-hans", id="simplified"),
        pytest.param("主塔", "zh-bridge", id="two characters"),
        pytest.param("桥", "zh-bridge", id="one character"),
        pytest.param("控制質量", "zh-bridge", id="traditional query, simplified text"),
        pytest.param("ALFWorld", "skillrl", id="a name"),
        pytest.param("85.62", "grpo", id="a number"),
        pytest.param("Ｓｋｉｌｌｒｌ", "skillrl", id="full width"),
    ],
)
@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
def test_the_right_document_comes_first(shelf, hashing, text, first, mode):
    assert ids(shelf, hashing, text=text, mode=mode)[0] == first


def test_both_scripts_are_found(shelf):
    assert set(ids(shelf, text="强化学习", mode="lexical")[:2]) == {"zh-hans", "zh-hant"}
    assert set(ids(shelf, text="強化學習", mode="lexical")[:2]) == {"zh-hans", "zh-hant"}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        pytest.param({"kinds": ("item",)}, {"tumour"}, id="kind"),
        pytest.param({"kinds": ("item", "post")}, {"tumour", "zh-bridge"}, id="kinds"),
        pytest.param({"tag": "arxiv"}, {"skillrl", "grpo"}, id="a tag finds its nested ones"),
        pytest.param({"tag": "#arXiv/cs/LG"}, {"skillrl"}, id="a tag as it is written"),
        pytest.param({"tag": "arx"}, set(), id="half a tag"),
        pytest.param({"tag": "agents"}, {"skillrl"}, id="tags have no case"),
        pytest.param({"source": "ARXIV"}, {"skillrl", "grpo"}, id="source"),
        pytest.param({"since": date(2026, 2, 20)}, {"zh-hans", "zh-hant"}, id="since"),
        pytest.param({"until": date(2026, 2, 1)}, {"tumour", "zh-bridge"}, id="until"),
        pytest.param({"since": date(2026, 2, 18), "until": date(2026, 2, 18)}, {"skillrl"}, id="one day"),
        pytest.param({"lang": "zh"}, {"zh-hans", "zh-hant", "zh-bridge"}, id="language"),
        pytest.param({"lang": "zh-Hant"}, {"zh-hant"}, id="script"),
        pytest.param({"tag": "x' OR 1=1 --"}, set(), id="a filter is a value"),
    ],
)
@pytest.mark.parametrize("mode", ["lexical", "semantic", "hybrid"])
def test_filters(shelf, hashing, filters, found, mode):
    everything = "learning tumours 学习 控制 學習 reinforcement"
    assert set(ids(shelf, hashing, text=everything, mode=mode, **filters)) == found


@pytest.mark.parametrize("text", ["", "  ", "?!，。", "🙂", '""'])
@pytest.mark.parametrize("mode", ["lexical", "semantic", "hybrid"])
def test_a_query_without_words_has_no_answer(shelf, hashing, text, mode):
    reply = search(shelf, Query(text=text, mode=mode), hashing)
    assert (reply.results, reply.warnings, reply.query) == ((), (), text)


def test_a_hit_tells_where_it_is(shelf, hashing):
    reply = search(shelf, Query(text="89.9% ALFWorld"), hashing)
    hit = reply.results[0]
    assert (hit.rank, hit.id, hit.kind, hit.path, hit.url) == (1, "skillrl", "note", SKILLRL.path, SKILLRL.url)
    assert (hit.created, hit.source, hit.tags, hit.lang) == ("2026-02-18", "arXiv", SKILLRL.tags, "en")
    assert SKILLRL.text[hit.start : hit.end] == hit.passage
    assert hit.ranks.lexical == 1
    assert 0 < hit.score <= 1
    assert (reply.mode, reply.model) == ("hybrid", hashing.name)
    assert reply.took_ms > 0


def test_a_document_comes_once_with_its_best_passage(cache, hashing):
    filler = "Agents plan and act in the world. " * 40
    long = document(
        "long", "A long note", sections=(("Intro", filler), ("Method", filler), ("Result", f"Zebra counts. {filler}"))
    )
    refresh(cache, [long, *SHELF], hashing)
    hits = search(cache, Query(text="zebra agents"), hashing).results
    assert [hit.id for hit in hits].count("long") == 1
    assert hits[0].heading == "Result"
    assert "Zebra" in hits[0].passage


@pytest.mark.parametrize("n", [0, 1, 3, 500])
def test_as_many_as_asked(shelf, hashing, n):
    hits = search(shelf, Query(text="reinforcement learning 学习", n=n), hashing).results
    assert len(hits) <= n
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_ties_are_broken_by_id(cache):
    refresh(cache, [document(key, "Twin", "The same words.") for key in ("c", "a", "b")], None)
    assert ids(cache, text="same words", mode="lexical") == ["a", "b", "c"]


# Where the model has a voice


def test_an_english_model_has_no_voice_in_chinese(cache, bundled):
    refresh(cache, SHELF, bundled)
    for text in ("强化学习的技能库", "智能體"):
        lexical = ids(cache, text=text, mode="lexical")
        hybrid = search(cache, Query(text=text), bundled).results
        assert [hit.id for hit in hybrid][: len(lexical)] == lexical
        assert all(hit.ranks.lexical is None and hit.ranks.semantic for hit in hybrid[len(lexical) :])


def test_chinese_documents_do_not_crowd_an_english_query(cache, bundled):
    refresh(cache, SHELF, bundled)
    hybrid = ids(cache, bundled, text="cancer imaging", n=3)
    assert hybrid[0] == "tumour"
    assert not {"zh-hans", "zh-hant", "zh-bridge"} & set(hybrid)


def test_meaning_is_found_without_shared_words(cache, bundled):
    refresh(cache, SHELF, bundled)
    assert ids(cache, text="cancer imaging", mode="lexical") == []
    assert ids(cache, bundled, text="cancer imaging", mode="semantic")[0] == "tumour"


def test_a_model_is_not_loaded_when_it_has_nothing_to_add(shelf):
    absent = SentenceTransformerEmbedder("/no/such/model")
    reply = search(shelf, Query(text="强化学习", n=2), absent)
    assert len(reply.results) == 2
    assert reply.model == ""


# What can go wrong


def test_no_model(shelf):
    reply = search(shelf, Query(text="强化学习"), None)
    assert "lexical" in reply.warnings[0]
    assert reply.results
    with pytest.raises(UsageError):
        search(shelf, Query(text="强化学习", mode="semantic"), None)


def test_an_index_of_another_model_is_said_to_hold_no_vectors(shelf, bundled):
    reply = search(shelf, Query(text="reinforcement learning"), bundled)
    assert "slipway index" in reply.warnings[0]
    assert reply.results[0].ranks.semantic is None


def test_an_empty_index_is_no_fault(cache, hashing):
    assert search(cache, Query(text="anything"), hashing).warnings == ()


def test_a_damaged_index_is_an_error_with_a_remedy(shelf):
    shelf.connection.execute("DROP TABLE words")
    with pytest.raises(IndexCacheError) as caught:
        search(shelf, Query(text="anything"), None)
    assert caught.value.hint


def test_what_is_written_later_is_found(shelf, hashing):
    assert "new" not in ids(shelf, hashing, text="quantum annealing", mode="semantic")
    refresh(shelf, [*SHELF, document("new", "Quantum annealing")], hashing)
    assert ids(shelf, hashing, text="quantum annealing", mode="semantic")[0] == "new"


def test_lexical_search_is_light(shelf):
    """No numpy, torch, faiss or sklearn for a lexical query, nor for opening a model that is not used."""
    program = (
        "import sys; from pathlib import Path; from index.storage.cache import IndexCache; from index.retrieval.query import Query\n"
        "from index.retrieval.search import search; from index.models.embedder import open_embedder, ModelSettings\n"
        f"with IndexCache(Path({str(shelf.path)!r})) as cache:\n"
        "    assert search(cache, Query(text='强化学习', mode='lexical'), None).results\n"
        "    assert search(cache, Query(text='强化学习', n=2), open_embedder(ModelSettings())).results\n"
        "print(*sorted({'numpy', 'torch', 'faiss', 'sklearn', 'networkx', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_open_embedder_is_a_value_of_settings():
    assert open_embedder(ModelSettings(name="hashing")).name == open_embedder(ModelSettings(name="hashing")).name
