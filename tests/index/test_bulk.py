"""Embedding in bulk is held to two promises: the vectors of plain sentence-transformers, and each by its text alone."""

from __future__ import annotations

import gzip
import json
import random
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from index.models import bulk, bulk_packed, bulk_precision
from index.models.bulk import open_bulk
from index.models.bulk_precision import BF16_MARK, PACKABLE, has_bf16, mark, unmarked
from index.models.embedder import ModelSettings, SentenceTransformerEmbedder, open_embedder
from index.storage.refresh import refresh
from notes.errors import ModelError
from tests.index import tiny_models
from tests.index.shelf import SKILLRL, shared

TEXTS = [
    "",
    " ",
    "a",
    "知",
    "🙂",
    "[PAD] [MASK] and </s> by name",
    "bad \ufffd byte, \x00 and \u202e",
    "强化学习与大模型推理：我们研究奖励设计。",
    "Reinforcement learning teaches agents skills.",
    "Agents acquire reusable skills by trial, error and reward. " * 3,
    "Agents acquire other skills by trial, error and reward. " * 3,
    "蛋白质折叠。" * 60,
    "Proteins fold, and nobody knows quite why. " * 30,
    ("Ein langer Text ohne Ende; " * 400)[:10_000],
]
WAYS = [
    pytest.param("auto", marks=pytest.mark.skipif(not has_bf16(), reason="the processor has no bf16"), id="bf16"),
    pytest.param("full", id="fp32"),
]
CLOSE = {"auto": 0.9999, "full": 0.999999}


@pytest.fixture(scope="module")
def model(bundled):
    return bundled._model


@pytest.fixture(scope="module")
def opened(model):
    return {precision: open_bulk(model, precision) for precision in ("auto", "full")}


def plainly(model, texts):
    return model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)


def cosines(left, right):
    return (left.astype(np.float64) * right).sum(axis=1)


# The vectors of plain sentence-transformers


@pytest.mark.parametrize("precision", WAYS)
def test_every_text_has_the_vector_that_plain_encoding_gives(opened, model, precision):
    way = opened[precision]
    assert (way.is_packed, way.note) == (True, "")
    vectors = way.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert cosines(vectors, plainly(model, TEXTS)).min() >= CLOSE[precision]
    assert way.encode([]).shape == (0, 384)


@pytest.mark.data
@pytest.mark.parametrize("precision", WAYS)
def test_real_abstracts_in_both_languages(opened, model, precision):
    papers = shared("arxiv/daily-en/2025-06.jsonl.gz")
    with gzip.open(papers, "rt", encoding="utf-8") as lines:
        texts = [f"{row['title']}\n{row['abstract']}" for _, row in zip(range(8), map(json.loads, lines), strict=False)]
    with shared("ir/csl-zh-title2abs/corpus.jsonl").open(encoding="utf-8") as lines:
        texts += [row["text"] for _, row in zip(range(8), map(json.loads, lines), strict=False)]
    assert cosines(opened[precision].encode(texts), plainly(model, texts)).min() >= CLOSE[precision]


# By its text alone


@pytest.mark.parametrize("precision", WAYS)
def test_a_vector_depends_on_its_text_alone(opened, precision):
    """Neither the others, nor their order, nor how many come at once change a bit."""
    way = opened[precision]
    alone = np.concatenate([way.encode([text]) for text in TEXTS])
    for seed in range(4):
        rows = list(range(len(TEXTS))) * (seed + 1)
        random.Random(seed).shuffle(rows)
        rows = rows[: max(2, len(rows) - 3 * seed)]
        assert np.array_equal(way.encode([TEXTS[row] for row in rows]), alone[rows])


@pytest.mark.parametrize("precision", WAYS)
def test_nor_does_it_depend_on_how_much_is_packed_at_once(opened, precision, monkeypatch):
    expected = opened[precision].encode(TEXTS)
    monkeypatch.setattr(bulk, "_TEXTS_AT_ONCE", 5)
    monkeypatch.setattr(bulk, "_TOKENS_AT_ONCE", 300)
    monkeypatch.setattr(bulk, "_PORTIONS_WAITING", 1)
    assert np.array_equal(opened[precision].encode(TEXTS), expected)


@pytest.mark.parametrize("precision", WAYS)
def test_nor_on_the_number_of_threads(opened, precision):
    import torch

    before = torch.get_num_threads()
    vectors = []
    try:
        for count in (1, 2, 3):
            torch.set_num_threads(count)
            vectors.append(opened[precision].encode(TEXTS))
            assert torch.get_num_threads() == count  # as it was found
    finally:
        torch.set_num_threads(before)
    assert np.array_equal(vectors[0], vectors[1])
    assert np.array_equal(vectors[0], vectors[2])


def test_each_thread_computes_alone():
    import torch

    with bulk._single_threads() as pool:
        assert pool.submit(torch.get_num_threads).result() == 1


@pytest.mark.parametrize("precision", WAYS)
def test_the_number_of_rows_in_a_product_is_one(opened, precision, monkeypatch):
    """Kernels are chosen by it: on some machines one row alone comes out otherwise than among others."""
    seen = set()
    kept = bulk_packed._fed

    def spied(layer, residual, mixed):
        seen.add((len(residual), len(mixed)))
        return kept(layer, residual, mixed)

    monkeypatch.setattr(bulk_packed, "_fed", spied)
    opened[precision].encode(TEXTS)
    opened[precision].encode(["a"])
    assert seen == {(bulk_packed.ROWS, bulk_packed.ROWS)}


# Models of other makes


def tiny(tmp_path, kind, precision="full", **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # transformers warns about random models of a few tokens
        folder = tiny_models.save(kind, tmp_path / f"tiny-{kind}", **options)
        embedder = open_embedder(ModelSettings(name=str(folder), precision=precision))
        assert embedder.dim == (20 if options.get("dense") else 32)
    return embedder


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        pytest.param("bert", {"pooling": "cls"}, id="bert, first token"),
        pytest.param("bert", {"dense": True}, id="bert, projected"),
        pytest.param("distilbert", {"pooling": "max"}, id="distilbert, maximum"),
        pytest.param("mpnet", {}, id="mpnet with relative positions"),
        pytest.param("roberta", {"pooling": "mean_sqrt_len_tokens"}, id="roberta"),
        pytest.param("camembert", {"pooling": "lasttoken"}, id="camembert, last token"),
        pytest.param(
            "xlm-roberta", {"prompts": {"web": "web search: "}, "default_prompt": "web"}, id="xlm-roberta, prompt"
        ),
        pytest.param("roberta", {"half": True}, id="roberta, weights in half precision"),
    ],
)
def test_models_of_the_bert_kind_are_packed(tmp_path, kind, options):
    embedder = tiny(tmp_path, kind, **options)
    assert (embedder._bulk.is_packed, embedder.note) == (True, "")
    vectors = embedder.encode_passages(TEXTS)
    assert cosines(vectors, plainly(embedder._model, TEXTS)).min() > 0.999999
    assert np.array_equal(vectors[3:4], embedder.encode_passages(TEXTS[3:4]))


@pytest.mark.parametrize("max_length", [128, 50], ids=["", "a length of no even steps"])
def test_the_others_go_through_sentence_transformers(tmp_path, max_length):
    embedder = tiny(tmp_path, "electra", max_length=max_length)
    assert (embedder._bulk.is_packed, embedder.note) == (False, "")
    vectors = embedder.encode_passages(TEXTS)
    assert cosines(vectors, plainly(embedder._model, TEXTS)).min() > 0.999999
    assert np.array_equal(vectors[-1:], embedder.encode_passages(TEXTS[-1:]))


def test_a_text_too_long_for_a_models_positions_is_a_model_error(tmp_path):
    embedder = tiny(tmp_path, "bert", max_length=400)
    assert embedder.note == ""  # it loads nothing to tell
    assert "cannot read the probes" in embedder._bulk.note
    assert embedder.note == embedder._bulk.note
    with pytest.raises(ModelError, match="cannot read a text"):
        embedder.encode_passages([TEXTS[-1]])
    assert embedder.encode_passages(["a short one"]).shape == (1, 32)


def test_what_goes_wrong_in_a_thread_is_a_model_error(bundled, monkeypatch):
    def broken(*_):
        raise RuntimeError("out of memory")

    assert bundled._bulk.is_packed
    monkeypatch.setattr(bulk.Bulk, "_packed", broken)
    with pytest.raises(ModelError, match="out of memory"):
        bundled.encode_passages(["a text"])


# Without torch's private operations


FEW = TEXTS[:10]


@pytest.mark.parametrize(
    ("precision", "kind"),
    [pytest.param("auto", "absent", marks=WAYS[0].marks), ("full", "absent"), ("full", "refusing")],
)
def test_without_the_private_operations_the_public_ones_do(model, monkeypatch, precision, kind):
    import torch

    def refusing(*_):
        raise RuntimeError("mkldnn_reorder_linear_weight: MKL-DNN build is disabled")

    absent = SimpleNamespace()
    monkeypatch.setattr(
        torch.ops, "mkldnn", absent if kind == "absent" else SimpleNamespace(_reorder_linear_weight=refusing)
    )
    way = open_bulk(model, precision)
    assert (way.is_packed, way.note) == (True, "")
    vectors = way.encode(FEW)
    assert cosines(vectors, plainly(model, FEW)).min() >= CLOSE[precision]
    assert np.array_equal(vectors, np.concatenate([way.encode([text]) for text in FEW]))


# The check at load


def without_residual(layer, residual, mixed):
    return layer.after_feed(
        layer.down(layer.up(layer.after_attention(layer.out(mixed).float()).to(mixed.dtype))).float()
    )


def test_vectors_that_are_not_the_plain_ones_are_noticed(bundled, monkeypatch):
    monkeypatch.setattr(bulk_packed, "_fed", without_residual)
    spoiled = SentenceTransformerEmbedder()
    spoiled.__dict__.update(_model=bundled._model)
    assert not spoiled._bulk.is_packed
    assert "cosine" in spoiled.note
    assert cosines(spoiled.encode_passages(FEW), plainly(bundled._model, FEW)).min() > 0.999999
    monkeypatch.setattr(bulk, "CLOSE", -1.0)  # the control: without the check they would be taken
    assert open_bulk(bundled._model).is_packed


def test_vectors_that_are_no_numbers_are_noticed(model, monkeypatch):
    monkeypatch.setattr(bulk_packed, "_fed", lambda layer, residual, mixed: residual * float("nan"))
    assert not open_bulk(model).is_packed


def test_where_bf16_fails_full_precision_is_packed(model, monkeypatch):
    import torch

    kept = bulk.packed_encoder

    def only_full(transformer, dtype):
        if dtype == torch.bfloat16:
            raise RuntimeError("no such kernel")
        return kept(transformer, dtype)

    monkeypatch.setattr(bulk, "packed_encoder", only_full)
    monkeypatch.setattr(bulk, "has_bf16", lambda: True)
    way = open_bulk(model)
    assert way.is_packed
    assert way.encoder.dtype == torch.float32
    assert "bf16" in way.note
    assert "no such kernel" in way.note


# Precision and the key of vectors


@pytest.fixture
def processor(tmp_path, monkeypatch):
    def claim(text):
        (tmp_path / "cpuinfo").write_text(text)
        monkeypatch.setattr(bulk_precision, "_CPUINFO", tmp_path / "cpuinfo")
        monkeypatch.setattr(bulk_precision.sys, "platform", "linux")
        has_bf16.cache_clear()

    yield claim
    monkeypatch.undo()
    has_bf16.cache_clear()


@pytest.mark.parametrize(
    ("text", "has"),
    [
        pytest.param(
            "processor\t: 0\nflags\t\t: fpu sse2 avx512f avx512_bf16\n\nprocessor : 1\n", True, id="AMD or Intel"
        ),
        pytest.param("processor\t: 0\nflags\t\t: fpu amx_bf16 amx_tile\n", True, id="AMX"),
        pytest.param("processor\t: 0\nFeatures\t: fp asimd bf16 i8mm\n", True, id="Arm"),
        pytest.param("processor\t: 0\nflags\t\t: fpu sse2 avx2\nbugs : avx512_bf16\n", False, id="none"),
        pytest.param("", False, id="nothing told"),
    ],
)
def test_bf16_is_read_off_the_processors_flags(processor, text, has):
    processor(text)
    assert has_bf16() is has


def test_other_systems_are_taken_for_having_none(processor, monkeypatch):
    processor("flags : avx512_bf16\n")
    monkeypatch.setattr(bulk_precision.sys, "platform", "darwin")
    assert not has_bf16()


@pytest.mark.parametrize(
    ("config", "precision", "expected"),
    [
        *(pytest.param(f'{{"model_type": "{kind}"}}', "auto", BF16_MARK, id=kind) for kind in sorted(PACKABLE)),
        pytest.param('{"model_type": "bert"}', "full", "", id="full precision asked for"),
        pytest.param('{"model_type": "electra"}', "auto", "", id="not packed"),
        pytest.param('{"model_type": ["bert"]}', "auto", "", id="no string"),
        pytest.param("[]", "auto", "", id="no object"),
        pytest.param("{", "auto", "", id="no JSON"),
        pytest.param(None, "auto", "", id="no file"),
    ],
)
def test_the_key_of_vectors_says_bf16(processor, tmp_path, config, precision, expected):
    processor("flags : avx512_bf16\n")
    if config is not None:
        (tmp_path / "config.json").write_text(config)
    assert mark(tmp_path, precision) == expected
    processor("flags : avx2\n")
    assert mark(tmp_path, precision) == ""


def test_the_two_precisions_have_two_keys_and_one_scale(processor):
    processor("flags : avx512_bf16\n")
    half, full = (
        open_embedder(ModelSettings(passage_prefix="x", precision=precision)) for precision in ("auto", "full")
    )
    assert half.name == full.name + BF16_MARK
    assert unmarked(half.name) == unmarked(full.name) == full.name


def test_a_query_is_encoded_in_full_whatever_the_passages_are(bundled):
    full = SentenceTransformerEmbedder(precision="full")
    full.__dict__.update(_model=bundled._model)
    assert np.array_equal(bundled.encode_query("skills"), full.encode_query("skills"))


def test_a_refresh_tells_of_it(bundled, cache, monkeypatch):
    monkeypatch.setattr(bulk_packed, "_fed", without_residual)
    spoiled = SentenceTransformerEmbedder()
    spoiled.__dict__.update(_model=bundled._model)
    told = refresh(cache, [SKILLRL], spoiled).warnings
    assert any("bf16 embedding is not used" in one or "packed embedding is not used" in one for one in told)
    assert refresh(cache, [SKILLRL], spoiled).warnings == ()  # nothing was embedded
