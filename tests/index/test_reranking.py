"""Reranking by a real, tiny cross-encoder with random weights; what it thinks is noise, that it is loaded and heard is not."""

from __future__ import annotations

import json

import pytest

from index.retrieval.query import Query
from index.retrieval.reply import Hit, Ranks
from index.retrieval.reranking import CrossEncoderReranker, rerank
from notes.errors import ModelError
from tests.index.tiny_models import TEXTS, wordpiece


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import torch
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    place = tmp_path_factory.mktemp("cross") / "tiny-cross"
    tokenizer, special = wordpiece()
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=128, num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(place, safe_serialization=True)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=128, **special).save_pretrained(place)
    return place


def hits(texts):
    return [
        Hit(rank=rank, id=f"d{rank}", kind="note", title="", path="", url="", score=1 / rank, passage=text, heading="",
            start=0, end=len(text), created="", source="", tags=(), lang="en", ranks=Ranks(rank, None))
        for rank, text in enumerate(texts, 1)
    ]  # fmt: skip


def test_the_order_is_the_cross_encoders(folder):
    reranker = CrossEncoderReranker(str(folder))
    scores = reranker.scores("reinforcement learning", TEXTS)
    assert all(0 <= score <= 1 for score in scores)
    assert len(set(scores)) == len(TEXTS)
    found = rerank(Query(text="reinforcement learning"), hits(TEXTS), reranker)
    assert [hit.score for hit in found] == [round(score, 6) for score in sorted(scores, reverse=True)]
    assert [hit.rank for hit in found] == list(range(1, len(TEXTS) + 1))
    again = rerank(Query(text="reinforcement learning"), hits(TEXTS), CrossEncoderReranker(str(folder)))
    assert again == found


def test_only_the_first_are_read(folder):
    assert len(rerank(Query(text="x"), hits(TEXTS), CrossEncoderReranker(str(folder), depth=2))) == 2
    assert rerank(Query(text="x"), [], CrossEncoderReranker("/nowhere")) == ()


def test_a_reranker_that_is_not_there():
    with pytest.raises(ModelError) as caught:
        CrossEncoderReranker("/no/such/model").scores("x", ["y"])
    assert caught.value.hint


def test_weights_that_could_run_code_are_not_read(folder, tmp_path):
    import torch

    copy = tmp_path / "pickled"
    copy.mkdir()
    for file in folder.iterdir():
        if file.suffix != ".safetensors":
            (copy / file.name).write_bytes(file.read_bytes())
    torch.save({}, copy / "pytorch_model.bin")
    with pytest.raises(ModelError, match="safetensors"):
        CrossEncoderReranker(str(copy)).scores("x", ["y"])


def test_code_in_a_repository_is_not_run(folder, tmp_path):
    copy = tmp_path / "coded"
    copy.mkdir()
    for file in folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    config = json.loads((copy / "config.json").read_text())
    config["auto_map"] = {"AutoModelForSequenceClassification": "evil.Evil", "AutoConfig": "evil.Evil"}
    config["model_type"] = "evil"
    (copy / "config.json").write_text(json.dumps(config))
    (copy / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\nclass Evil: pass\n")
    with pytest.raises(ModelError):
        CrossEncoderReranker(str(copy)).scores("x", ["y"])
    assert not (tmp_path / "ran").exists()
