from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from index.models.embedder import ModelSettings, SentenceTransformerEmbedder, open_embedder
from index.retrieval import search as searching
from index.retrieval.query import Query
from index.storage.reading import SearchIndex
from index.storage.refresh import refresh
from notes.errors import IndexCacheError, ModelError, UsageError
from tests.index.shelf import SHELF, SKILLRL, Asking, document


@pytest.fixture
def shelf(cache, hashing):
    refresh(cache, SHELF, hashing)
    return cache


def search(cache, query, embedder, reranker=None):
    """The answer of the index as it stands on disk, as a process of its own would give it."""
    encoder = embedder if embedder is None or hasattr(embedder, "way") else Asking(embedder)
    with SearchIndex.open(cache.path.parent) as index:
        return searching.search(index, query, encoder, reranker)


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


PAGE = document(
    "page", "Weeknotes", "Nothing of the kind.", kind="item", url="https://blog.example.org/2026/skills?id=7"
)
ADDRESSES = {
    "a paper's": ("https://arxiv.org/abs/2602.01234", ["skillrl"]),
    "a paper's, otherwise": ("https://www.arxiv.org/pdf/2602.01234v3", ["skillrl"]),
    "a page's": ("https://blog.example.org/2026/skills?id=7&utm_source=rss", ["page"]),
    "another page's": ("https://blog.example.org/2026/skills?id=8", []),
    "one in a sentence": ("skills of https://blog.example.org/2026/skills?id=7", []),
}


@pytest.mark.parametrize(("text", "first"), ADDRESSES.values(), ids=ADDRESSES.keys())
@pytest.mark.parametrize("mode", ["lexical", "hybrid", "semantic"])
def test_what_has_the_address_comes_first(cache, hashing, text, first, mode):
    """However many others tell of it, as posts do."""
    telling = [
        document(f"post-{n}", "The skills of a blog", f"{SKILLRL.url} https://blog.example.org/2026/skills")
        for n in "ab"
    ]
    refresh(cache, (*SHELF, PAGE, *telling), hashing)
    found = search(cache, Query(text=text, mode=mode, explain=True), hashing).results
    assert [hit.id for hit in found[:1] if hit.url] == first
    assert all(one.score < found[0].score for one in found[1:]) or not first
    assert not set(first) & set(ids(cache, hashing, text=text, mode=mode, kinds=("post",)))


@pytest.mark.parametrize(
    "stored", ["https://blog.example.org/文章/幻觉", "https://blog.example.org/%E6%96%87%E7%AB%A0/%e5%b9%bb%e8%a7%89"]
)
@pytest.mark.parametrize(
    "asked", ["https://blog.example.org/文章/幻觉", "https://blog.example.org/%E6%96%87%E7%AB%A0/%E5%B9%BB%E8%A7%89"]
)
def test_a_path_has_its_own_letters_or_escapes(cache, hashing, stored, asked):
    refresh(cache, (*SHELF, document("page", "Weeknotes", "Nothing.", kind="item", url=stored)), hashing)
    assert ids(cache, hashing, text=asked)[0] == "page"


@pytest.mark.parametrize("text", ["http://[notes/feed.xml", "http://a℀b/feed.xml", "http://x.example:99999/feed.xml"])
def test_what_is_no_address_finds_none(cache, hashing, text):
    refresh(cache, (*SHELF, document("page", "Weeknotes", "Nothing.", kind="item", url="/home/me/feed.xml")), hashing)
    assert "page" not in ids(cache, text=text, mode="lexical")


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
    refresh(cache, SHELF[:1], hashing)
    refresh(cache, [], hashing)
    assert search(cache, Query(text="anything"), hashing).warnings == ()


def test_a_damaged_index_is_an_error_with_a_remedy(shelf):
    with SearchIndex.open(shelf.path.parent) as index:
        index.connection.execute("ATTACH ':memory:' AS words_gone")
        real, index.connection = index.connection, sqlite3.connect(":memory:")
        with pytest.raises(IndexCacheError) as caught:
            searching.search(index, Query(text="anything"), None)
        assert caught.value.hint
        index.connection.close()
        index.connection = real


def test_what_is_written_later_is_found(shelf, hashing):
    assert "new" not in ids(shelf, hashing, text="quantum annealing", mode="semantic")
    refresh(shelf, [*SHELF, document("new", "Quantum annealing")], hashing)
    assert ids(shelf, hashing, text="quantum annealing", mode="semantic")[0] == "new"


def test_lexical_search_is_light(shelf):
    """No numpy, torch, faiss or sklearn for a lexical query, nor for opening a model that is not used."""
    program = (
        "import sys; from pathlib import Path; from index.storage.reading import SearchIndex\n"
        "from index.retrieval.search import Query, search; from index.models.query_encoder import open_query_encoder\n"
        "from index.models.embedder import ModelSettings\n"
        f"folder = Path({str(shelf.path.parent)!r})\n"
        "with SearchIndex.open(folder) as index:\n"
        "    assert search(index, Query(text='强化学习', mode='lexical'), None).results\n"
        "    encoder = open_query_encoder(ModelSettings(), folder / 'models')\n"
        "    assert search(index, Query(text='强化学习', n=2), encoder).results\n"
        "heavy = {'numpy', 'torch', 'faiss', 'sklearn', 'networkx', 'sentence_transformers', 'sqlalchemy'}\n"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_open_embedder_is_a_value_of_settings():
    assert open_embedder(ModelSettings(name="hashing")).name == open_embedder(ModelSettings(name="hashing")).name


# What is shown, and why


def test_a_hit_tells_the_words_that_stand_in_it(shelf, hashing):
    hit = search(shelf, Query(text="強化學習 skill"), hashing).results[0]
    assert set(hit.terms) & {"强化学习", "強化學習"}
    assert all(term in hit.passage for term in hit.terms)


@pytest.mark.parametrize("mode", ["lexical", "semantic", "hybrid"])
def test_an_explanation_only_when_asked_for(shelf, hashing, mode):
    asked = Query(text="tumour segmentation", mode=mode, explain=True)
    told = "\n".join(search(shelf, asked, hashing).results[0].explanation)
    assert ("BM25" in told and "tumour (" in told) == (mode != "semantic")
    assert ("cosine" in told and hashing.name in told) == (mode != "lexical")
    assert ("weights: words 0." in told) == (mode == "hybrid")
    assert not any(hit.explanation for hit in search(shelf, Query(text="tumour", mode=mode), hashing).results)


def test_an_explanation_tells_that_the_model_is_not_heard(shelf, bundled):
    told = search(shelf, Query(text="强化学习", n=1, explain=True), bundled).results[0].explanation
    assert any("meaning 0" in line and "zh-Hans" in line for line in told)


def test_what_is_guessed_is_said_to_be(cache, bundled):
    refresh(cache, SHELF, bundled)
    reply = search(cache, Query(text="家务模拟"), bundled)
    assert "does not know zh-Hans" in reply.warnings[0]
    assert search(cache, Query(text="tumour"), bundled).warnings == ()


def test_a_query_that_is_cut_is_said_to_be(shelf):
    assert "characters" in search(shelf, Query(text="tumour " * 5000, mode="lexical"), None).warnings[0]


# Like a text


@pytest.mark.parametrize("mode", ["lexical", "semantic", "hybrid"])
def test_like_a_document(shelf, hashing, mode):
    text = document("", "Skills", "Agents keep a library of skills and learn by reinforcement on ALFWorld.")
    reply = search(shelf, Query(like=text, mode=mode), hashing)
    assert reply.results[0].id == "skillrl"
    assert reply.query == "Skills"


@pytest.mark.parametrize("mode", ["lexical", "semantic", "hybrid"])
def test_a_document_is_not_like_itself(shelf, hashing, mode):
    found = [hit.id for hit in search(shelf, Query(like=SKILLRL, mode=mode), hashing).results]
    assert "skillrl" not in found
    assert found[0] == "grpo"


def test_like_in_chinese(shelf, hashing):
    like = document("", "", "智能體的技能庫與強化學習", lang="zh-Hant")
    assert set(ids(shelf, hashing, like=like)[:2]) == {"zh-hans", "zh-hant"}


# Reranking


class Backwards:
    """The last shall be first."""

    name, depth = "backwards", 3

    def scores(self, query, texts):
        assert query
        return [place / len(texts) for place in range(len(texts))]


class Broken(Backwards):
    def scores(self, query, texts):
        raise ModelError("the reranker is gone", hint="look for it")


def test_a_reranker_puts_the_best_in_order_anew(shelf, hashing):
    asked = Query(text="reinforcement learning 学习", n=2, explain=True)
    first = search(shelf, Query(text=asked.text, n=3), hashing).results
    hits = search(shelf, asked, hashing, Backwards()).results
    assert [hit.id for hit in hits] == [first[2].id, first[1].id]
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].score > hits[1].score
    assert "before that place 3" in hits[0].explanation[0]


def test_a_broken_reranker_leaves_the_order(shelf, hashing):
    plain = search(shelf, Query(text="reinforcement", n=2), hashing)
    reply = search(shelf, Query(text="reinforcement", n=2), hashing, Broken())
    assert reply.results == plain.results
    assert "the reranker is gone" in reply.warnings[0]


# Filters over vectors


def test_a_filter_that_leaves_little_is_laid_out_in_full(cache, hashing, monkeypatch):
    """The only document with the tag is the farthest of a hundred."""
    monkeypatch.setattr(searching, "_DEPTH", 2)
    crowd = [document(f"n{number:03}", "Alpha beta", f"alpha beta gamma {number}") for number in range(100)]
    refresh(cache, [*crowd, document("far", "Zulu", "yankee", tags=("rare",))], hashing)
    assert ids(cache, hashing, text="alpha beta", mode="semantic", tag="rare", n=2) == ["far"]
    assert len(ids(cache, hashing, text="alpha beta", mode="semantic", tag="", n=50)) == 50


def test_topic_and_several_filters(cache, hashing):
    made = [document(key, "Same", "words", topic=topic, tags=tags) for key, topic, tags in
            (("a", "t1", ("x", "École")), ("b", "t1", ("x",)), ("c", "t2", ("x", "École")))]  # fmt: skip
    refresh(cache, made, hashing)
    for mode in ("lexical", "semantic", "hybrid"):
        assert ids(cache, hashing, text="words", mode=mode, topic="t1") == ["a", "b"]
        assert ids(cache, hashing, text="words", mode=mode, tags=("x", "École")) == ["a", "c"]
        assert search(cache, Query(text="words", mode=mode, topic="t2"), hashing).results[0].topic == "t2"


@pytest.mark.parametrize("filters", [{}, {"kinds": ("item",)}, {"n": 50}], ids=["all", "filtered", "many"])
@pytest.mark.parametrize("text", ["reinforcement learning", "cancer imaging", "强化学习", "agents that learn"])
def test_both_halves_at_once_give_what_one_after_the_other_gives(cache, bundled, monkeypatch, text, filters):
    refresh(cache, SHELF, bundled)
    encoder = Asking(bundled)
    encoder.way = "numpy"
    query = Query(text=text, explain=True, **filters)
    at_once = search(cache, query, encoder)
    monkeypatch.setattr(searching, "_BESIDE", ())
    assert replace(search(cache, query, encoder), took_ms=at_once.took_ms) == at_once


def test_trouble_with_the_model_beside_the_words_is_raised(cache, bundled):
    class Broken(Asking):
        way = "numpy"

        def encode_query(self, text):
            raise ModelError("no")

    refresh(cache, SHELF, bundled)
    with pytest.raises(ModelError):
        search(cache, Query(text="reinforcement learning"), Broken(bundled))


# --- one text among many ---


def crowd():
    """A text of thousands of passages that all hold a word, and short ones that hold it once; then twelve that are equal."""
    long = "\n\n".join(f"Agents and agents again, round {number}. " * 12 for number in range(300))
    few = [document(f"few-{n}", f"Other {n}", f"Words about nothing {n} in particular. agents.") for n in range(8)]
    same = [document(f"same-{n:02}", "Same", "Zebra stripes.") for n in range(12)]
    return [document("long", "Agents", long), *few, *reversed(same)]


@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
def test_one_long_text_does_not_hide_the_others(cache, hashing, mode):
    refresh(cache, crowd(), hashing)
    assert ids(cache, hashing, text="agents", mode=mode, n=9)[0] == "long"
    assert set(ids(cache, hashing, text="agents", mode=mode, n=9)) == {"long", *(f"few-{n}" for n in range(8))}


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_equals_come_by_their_ids_however_they_came_in(cache, hashing, n):
    refresh(cache, crowd(), hashing)
    assert ids(cache, hashing, text="zebra", mode="lexical", n=n) == [f"same-{one:02}" for one in range(n)]


def test_without_reading_on_they_would_be_hidden_and_left_to_chance(cache, hashing, monkeypatch):
    from index.retrieval import lexical

    monkeypatch.setattr(lexical, "_is_settled", lambda *_: True)
    with pytest.raises(AssertionError):
        test_one_long_text_does_not_hide_the_others(cache, hashing, "lexical")
    with pytest.raises(AssertionError):
        test_equals_come_by_their_ids_however_they_came_in(cache, hashing, 1)


def test_what_nothing_speaks_for_is_near_nothing_and_said_to_be(shelf, hashing):
    """A model that does not know the language fills the list; its guesses are no matches."""

    class English:
        name, dim, way, note = hashing.name, hashing.dim, "hashing", ""
        encode_query, encode_passage = hashing.encode_query, hashing.encode_passage

        def knows(self, lang):
            return lang == "en"

    reply = search(shelf, Query(text="鋼琴"), English())
    assert reply.results
    assert all(hit.score <= 0.01 for hit in reply.results)
    assert any("no word of the query" in warning for warning in reply.warnings)
    mixed = search(shelf, Query(text="主塔"), English())
    assert mixed.results[0].id == "zh-bridge"
    assert all(hit.score <= 0.01 for hit in mixed.results if hit.ranks.lexical is None)
    assert not any("no word of the query" in warning for warning in mixed.warnings)
