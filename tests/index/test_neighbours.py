from __future__ import annotations

import gzip
import json
import random
from itertools import combinations, product

import numpy as np
import pytest

from index.kin.neighbours import embed_documents, neighbours, similarity_to
from index.kin.pair_signals import PairSignals
from index.models.calibration import Scale, dense_scale, query_scale
from index.models.embedder import SentenceTransformerEmbedder
from index.models.hashing import HashingEmbedder
from index.words.lexicon import Lexicon, content_tokens
from index.words.shared_terms import SharedTerms
from notes.text.language import detect
from tests.index.shelf import GRPO, SHELF, SKILLRL, TUMOUR, ZH_BRIDGE, ZH_HANS, ZH_HANT, document, shared


def near(documents, embedder, **more):
    vectors = embedder.encode_passages([one.whole for one in documents])
    return neighbours(documents, vectors, embedder, of=[one.id for one in documents], **more)


def closeness(found, one, other):
    return next((each.closeness for each in found[one] if each.id == other), 0.0)


@pytest.fixture(scope="module")
def on_the_shelf(bundled):
    return near(SHELF, bundled)


# What is close


def test_the_same_news_in_two_scripts_is_close(on_the_shelf):
    first = on_the_shelf["zh-hans"][0]
    assert first.id == "zh-hant"
    assert first.closeness > 0.5
    assert first.dense is None  # the model knows no Chinese
    assert first.lexical == first.closeness


def test_unrelated_chinese_is_not_close(on_the_shelf):
    assert closeness(on_the_shelf, "zh-bridge", "zh-hans") < 0.1
    assert closeness(on_the_shelf, "zh-bridge", "zh-hant") < 0.1


def test_a_model_that_is_believed_in_chinese_would_link_everything(bundled):
    """The control for the test above: MiniLM's own cosines hold unrelated Chinese for related."""
    vectors = bundled.encode_passages([ZH_BRIDGE.whole, ZH_HANS.whole, SKILLRL.whole, TUMOUR.whole])
    assert vectors[0] @ vectors[1] > vectors[2] @ vectors[3] + 0.2


def test_related_english_is_close_and_unrelated_is_not(on_the_shelf):
    assert closeness(on_the_shelf, "skillrl", "grpo") > 0.3
    assert closeness(on_the_shelf, "skillrl", "tumour") < 0.1


def test_closeness_is_the_same_both_ways(on_the_shelf):
    for one, other in combinations(on_the_shelf, 2):
        assert closeness(on_the_shelf, one, other) == pytest.approx(closeness(on_the_shelf, other, one), abs=2e-4)


def test_neighbours_are_sorted_and_never_the_document_itself(on_the_shelf):
    for key, found in on_the_shelf.items():
        assert key not in {one.id for one in found}
        assert list(found) == sorted(found, key=lambda one: (-one.closeness, one.id))
        assert all(0 < one.closeness <= 1 and 0 <= one.lexical <= 1 for one in found)


@pytest.mark.parametrize("k", [1, 2])
def test_at_most_k(hashing, k):
    twins = [document(key, "Sparse attention", "Sparse attention halves latency.") for key in "abcd"]
    assert {len(found) for found in near(twins, hashing, k=k).values()} == {k}


def test_only_what_is_asked_for(bundled):
    vectors = bundled.encode_passages([one.whole for one in SHELF])
    assert list(neighbours(SHELF, vectors, bundled, of=["grpo"])) == ["grpo"]
    assert neighbours(SHELF, vectors, bundled, of=[]) == {}
    assert neighbours(SHELF[:1], vectors[:1], bundled, of=["skillrl"]) == {"skillrl": ()}
    with pytest.raises(KeyError):
        neighbours(SHELF, vectors, bundled, of=["nobody"])


def test_blocks_change_nothing(bundled, on_the_shelf, monkeypatch):
    monkeypatch.setattr("index.kin.pair_signals._BLOCK_CELLS", 1)
    assert near(SHELF, bundled) == on_the_shelf


def test_the_first_by_vectors_are_those_of_all_pairs_measured(hashing):
    """The index of each language finds what the whole matrix would give."""
    rng = np.random.default_rng(4)
    languages = ["en", "zh-Hans", "de"] * 20
    documents = [
        document(f"n{at:02d}", 3 * chr(97 + at % 26) + "xq"[at // 26 % 2] + lang, lang=lang)
        for at, lang in enumerate(languages)
    ]
    vectors = rng.normal(size=(len(documents), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    signals = PairSignals(documents, vectors, hashing, Lexicon.of(documents))
    # Once for each pair of languages: a scale is measured anew with every call.
    scales = {pair: dense_scale(hashing, *pair) for pair in product(set(languages), repeat=2)}
    for row, _, firsts in signals.firsts(range(len(documents)), 3):
        dense = {
            at: float(scales[documents[row].lang, other.lang].stretched(vectors[row] @ vectors[at]))
            for at, other in enumerate(documents)
        }
        assert set(sorted(dense, key=lambda at: -dense[at])[:3]) <= firsts


def test_order_changes_nothing(bundled, on_the_shelf):
    turned = near(SHELF[::-1], bundled)
    assert {key: turned[key] for key in on_the_shelf} == on_the_shelf


def test_twins_come_by_id(hashing):
    twins = [document(key, "Sparse attention", "Sparse attention halves latency.") for key in "cab"]
    assert [one.id for one in near(twins, hashing)["c"]] == ["a", "b"]


def test_empty_texts_are_close_to_nothing(hashing):
    assert near([document("a"), document("b"), GRPO], hashing)["a"] == ()


@pytest.mark.parametrize("languages", [("de",), ("en",)])
def test_a_model_without_a_voice_leaves_it_to_the_words(bundled, languages):
    mute = SentenceTransformerEmbedder(languages=languages)
    mute.__dict__["_model"] = bundled._model
    found = near([ZH_HANS, ZH_HANT, ZH_BRIDGE], mute)
    assert found["zh-hans"][0].id == "zh-hant"
    assert all(one.dense is None for others in found.values() for one in others)


def test_a_model_that_knows_both_languages_is_heard(hashing):
    first = near(SHELF, hashing)["zh-hans"][0]
    assert first.dense is not None


# Why


@pytest.mark.parametrize(
    ("one", "other", "telling", "silent"),
    [
        pytest.param(ZH_HANS, ZH_HANT, {"强化学习", "智能体"}, {"化学"}, id="as the first one writes it"),
        pytest.param(ZH_HANT, ZH_HANS, {"強化學習", "智能體"}, {"強化學"}, id="in its own script"),
        pytest.param(SKILLRL, GRPO, {"reinforcement learning"}, {"learning"}, id="the longer term"),
        pytest.param(
            document("a", "Notes on STEP3-VL-10B", "It overlooks nothing, selecting well."),
            document("b", "Small models", "Overlooking much, STEP3-VL-10B is selecting."),
            {"STEP3-VL-10B"},
            {"selecting", "overlooking"},
            id="a name, and no participles",
        ),
        pytest.param(GRPO, TUMOUR, set(), {"learning"}, id="nothing to say"),
    ],
)
def test_shared_terms(one, other, telling, silent):
    found = SharedTerms(Lexicon.of([*SHELF, one, other]).rarity).of(one, other)
    assert telling <= set(found)
    assert not silent & set(found)
    assert len(found) <= 4


def test_neighbours_say_why(on_the_shelf):
    assert "强化学习" in on_the_shelf["zh-hans"][0].shared


# Interests


INTERESTS = ("Reinforcement learning for agents", "强化学习", "Medical imaging", "quantum gravity")


def test_interests(bundled):
    vectors = bundled.encode_passages([one.whole for one in SHELF])
    found = similarity_to(INTERESTS, SHELF, vectors, bundled)
    rl, zh, medical, quantum = range(4)
    assert found["skillrl"][rl] > 0.5
    assert found["tumour"][rl] < 0.2
    assert min(found["zh-hans"][zh], found["zh-hant"][zh]) > 0.5
    assert found["zh-bridge"][zh] < 0.1
    assert found["tumour"][medical] == max(row[medical] for row in found.values()) > 0.2
    assert max(row[quantum] for row in found.values()) < 0.2
    assert found["zh-bridge"][rl] == 0


def test_a_word_in_the_title_says_more_than_one_in_the_text():
    lexicon = Lexicon.of(
        [document("a", "World models", "Of the mind."), document("b", "Minds", "World models among others.")]
    )
    titled, mentioned = lexicon.coverage("world models")
    assert titled == pytest.approx(1)
    assert 0.3 < mentioned < 0.7
    assert lexicon.coverage("world domination").max() < 0.4
    assert lexicon.coverage("the of").max() == 0


@pytest.mark.parametrize(("texts", "documents"), [((), SHELF), (INTERESTS, ())], ids=["no interests", "no documents"])
def test_nothing_to_compare(hashing, texts, documents):
    vectors = hashing.encode_passages([one.whole for one in documents])
    assert similarity_to(texts, documents, vectors, hashing) == {one.id: () for one in documents}


def test_a_query_is_held_to_less(bundled):
    assert query_scale(bundled, "en", "en").high < 0.7


# Words


def test_scales():
    scale = Scale(0.2, 0.6)
    assert scale.closeness(np.array([-1, 0.2, 0.4, 0.6, 1], dtype=np.float32)) == pytest.approx(
        [0, 0, 0.5, 1, 1], abs=1e-6
    )


def test_content_tokens_leave_out_the_small_change():
    assert content_tokens("We propose a novel framework for the agents 的 学习") == ["agent", "学", "学习", "习"]


def test_rarity_is_counted_within_a_script():
    """Five Chinese documents among fifty English ones: a word of all five is as common as one of all fifty."""
    english = [document(f"e{number}", "", f"robots number{number}") for number in range(50)]
    chinese = [document(f"z{number}", "", f"机器 {chr(0x5000 + number)}", lang="zh-Hans") for number in range(5)]
    lexicon = Lexicon.of([*english, *chinese])
    assert lexicon.rarity("robots") == 0  # in more than three in ten
    assert 0 < lexicon.rarity("机器") < lexicon.rarity("\u5000")
    assert lexicon.rarity("the") == lexicon.rarity("") == 0
    assert Lexicon.of(chinese).rarity("机器") == pytest.approx(lexicon.rarity("机器"))


# On real texts


@pytest.fixture(scope="module")
def abstracts(bundled):
    """80 abstracts of a month of arXiv and 100 Chinese ones of all sciences, with their neighbours."""
    path = shared("arxiv/daily-en/2025-10.jsonl.gz")
    with gzip.open(path, "rt") as file:
        rows = [json.loads(line) for line in file]
    random.Random(1).shuffle(rows)
    english = [document(row["id"], row["title"], " ".join(row["abstract"].split())) for row in rows[:80]]
    lines = shared("ir/csl-zh-title2abs/corpus.jsonl").read_text().splitlines()[:100]
    chinese = [document(row["_id"], "", row["text"], lang=detect(row["text"])) for row in map(json.loads, lines)]
    vectors = np.zeros((len(english) + len(chinese), bundled.dim), dtype=np.float32)
    vectors[: len(english)] = bundled.encode_passages(
        [one.whole for one in english]
    )  # nobody asks it about the Chinese ones
    documents = [*english, *chinese]
    return english, chinese, neighbours(documents, vectors, bundled, of=[one.id for one in documents], k=len(documents))


@pytest.mark.data
def test_closeness_of_real_abstracts(abstracts):
    english, chinese, found = abstracts
    en = [closeness(found, one.id, other.id) for one, other in combinations(english, 2)]
    zh = [closeness(found, one.id, other.id) for one, other in combinations(chinese, 2)]
    best = [found[one.id][0].closeness for one in english]
    assert np.mean(en) < 0.15
    assert np.mean(zh) < 0.02
    assert np.quantile(zh, 0.99) < 0.15
    assert 0.35 < np.median(best) < 0.8


@pytest.mark.data
def test_two_halves_of_a_chinese_abstract_are_close(bundled):
    lines = shared("ir/csl-zh-title2abs/corpus.jsonl").read_text().splitlines()[:100]
    halves = []
    for key, text in enumerate(json.loads(line)["text"] for line in lines):
        middle = len(text) // 2
        halves += [
            document(f"{key}a", "", text[:middle], lang="zh-Hans"),
            document(f"{key}b", "", text[middle:], lang="zh-Hans"),
        ]
    vectors = np.zeros((len(halves), 4), dtype=np.float32)
    found = neighbours(halves, vectors, bundled, of=[one.id for one in halves], k=3)
    right = [others[0].closeness for key, others in found.items() if others and others[0].id[:-1] == key[:-1]]
    assert len(right) > 0.75 * len(halves)
    assert np.median(right) > 0.5


def test_embed_documents_keeps_order(cache):
    embedder = HashingEmbedder()
    vectors = embed_documents(cache, embedder, SHELF[::-1])
    assert np.array_equal(vectors, embedder.encode_passages([one.whole for one in SHELF[::-1]]))
