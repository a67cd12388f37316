"""Every kind of model by the way that it should go, held against sentence-transformers."""

from __future__ import annotations

import json
import math
import warnings
from pathlib import Path

import numpy as np
import pytest

from index.models.embedder import ModelSettings, open_embedder
from index.models.light.activations import erf, softmax
from index.models.light.recipe import read_recipe, recipe_from_json, recipe_to_json
from index.models.light.safetensors import MappedTensors, write_float32
from index.models.light.unsupported import UnsupportedError
from index.models.query_encoder import open_query_encoder, prepare
from tests.index import tiny_models

QUERIES = [
    "",
    "reusable skills",
    "强化学习 LLM推理",
    "a <mask> [MASK] </s> of specials",
    "skills and rewards " * 80,
    "bad \udce9 byte",
]
PREFIXES = {"query_prefix": "query: ", "passage_prefix": "passage: "}

NUMPY = {
    "bert": {},
    "electra": {"pooling": "cls"},
    "distilbert": {"pooling": "max"},
    "mpnet": {"pooling": "mean_sqrt_len_tokens"},
    "roberta": {"dense": True},
    "camembert": {"pooling": "lasttoken"},
    "xlm-roberta": {"half": True, "prompts": {"web": "web search: "}, "default_prompt": "web"},
}
ONNX = {"modernbert": {}, "qwen3": {"pooling": "lasttoken"}, "t5": {"dense": True}}


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """Models of 32 dimensions are no faster with more, and much slower on busy cores."""
    import torch  # noqa: F401 its own threads are held too
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def prepared(tmp_path: Path, kind: str, **options):
    """Settings, the night's embedder and the search's encoder of a new model of ``kind``, and what preparing said."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # transformers warns about random models of a few tokens
        folder = tiny_models.save(kind, tmp_path / f"tiny-{kind}", **options)
        settings = ModelSettings(name=str(folder), precision="full", **PREFIXES)
        embedder = open_embedder(settings)
        told = prepare(settings, tmp_path / "cache", embedder)
    return settings, embedder, open_query_encoder(settings, tmp_path / "cache"), told


@pytest.mark.parametrize(("kind", "way"), [*((kind, "numpy") for kind in NUMPY), *((kind, "onnx") for kind in ONNX)])
def test_a_kind_of_model_has_torchs_vectors_by_its_way(tmp_path, kind, way):
    _, embedder, encoder, told = prepared(tmp_path, kind, **(NUMPY | ONNX)[kind])
    assert (told.way, told.note, encoder.way, encoder.note) == (way, "", way, "")
    assert told.cosine > 0.999999
    assert told.difference < 1e-5
    assert encoder.name == embedder.name == told.name
    assert encoder.dim == embedder.dim
    for query in QUERIES:
        clean = query.replace("\udce9", "?")
        assert encoder.encode_query(query) == pytest.approx(
            embedder.encode_query(clean), abs=2e-3 if kind == "xlm-roberta" else 1e-5
        )
        passage = embedder.encode_passages([clean])[0]
        assert encoder.encode_passage(query) == pytest.approx(passage, abs=2e-3 if kind == "xlm-roberta" else 1e-5)
        assert encoder.encode_query(query).dtype == np.float32
    assert not np.allclose(encoder.encode_query("x"), encoder.encode_passage("x"))  # the prefixes count
    before = [encoder.encode_query(query).tobytes() for query in QUERIES]
    encoder.lay_out()
    assert [encoder.encode_query(query).tobytes() for query in QUERIES] == before


def test_an_unknown_module_is_no_numpy_model(tmp_path):
    """LayerNorm behind the pooling is not done in numpy: the export carries it."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = tiny_models.save("bert", tmp_path / "tiny")
        modules = json.loads((folder / "modules.json").read_text())
        modules.insert(
            2, {"idx": 2, "name": "2", "path": "2_LayerNorm", "type": "sentence_transformers.models.LayerNorm"}
        )
        (folder / "modules.json").write_text(json.dumps(modules))
        (folder / "2_LayerNorm").mkdir()
        (folder / "2_LayerNorm" / "config.json").write_text('{"dimension": 32}')
        from safetensors.torch import save_file

        save_file(
            {"norm.weight": torch.rand(32), "norm.bias": torch.rand(32)}, folder / "2_LayerNorm" / "model.safetensors"
        )
        settings = ModelSettings(name=str(folder))
        told = prepare(settings, tmp_path / "cache", open_embedder(settings))
    assert told.way == "onnx"
    assert told.cosine > 0.999999


def test_a_model_that_no_light_way_fits_says_why(tmp_path, monkeypatch):
    from index.models.light import onnx_export

    def refuse(*_):
        raise RuntimeError("no such operator")

    monkeypatch.setattr(onnx_export, "_export", refuse)
    settings, embedder, encoder, told = prepared(tmp_path, "modernbert")
    assert told.way == encoder.way == "sentence-transformers"
    assert "modernbert" in told.note
    assert "no such operator" in told.note
    assert encoder.note == told.note
    assert np.array_equal(encoder.encode_query("skills"), embedder.encode_query("skills"))
    again = prepare(settings, tmp_path / "cache", embedder)
    assert again == told  # and it is not tried again every night


@pytest.mark.parametrize("spoilt", ["vectors", "no numbers", "tokens"])
def test_a_way_that_differs_from_torch_is_not_taken(tmp_path, monkeypatch, spoilt):
    """The control of every figure above: a forward pass, or a tokenizer, that is wrong is found out."""
    if spoilt == "vectors":
        from index.models.light import activations

        monkeypatch.setitem(activations.ACTIVATIONS, "gelu", activations.relu)
    elif spoilt == "no numbers":
        from index.models.light import activations

        monkeypatch.setitem(activations.ACTIVATIONS, "gelu", lambda values: values * np.float32("nan"))
    else:
        from index.models.light.table_tokenizer import TableTokenizer

        monkeypatch.setattr(TableTokenizer, "_words", lambda self, text: text.split())
    _, _, _, told = prepared(tmp_path, "bert")
    record = json.loads((tmp_path / "cache" / told.name / "record.json").read_text())
    if spoilt != "tokens":
        assert told.way == "onnx"
    else:
        assert (told.way, record["tokens"][:9]) == ("numpy", "the table")
        assert "pieces.table" not in record["files"]
    assert told.cosine > 0.999999


# The parts


def test_erf_is_right_to_float32():
    x = np.linspace(-6, 6, 20001, dtype=np.float32)
    assert erf(x) == pytest.approx(np.array([math.erf(value) for value in x]), abs=4e-7)


def test_softmax_of_large_numbers_is_finite():
    assert softmax(np.array([[1e4, 1e4, -1e4]], dtype=np.float32)) == pytest.approx(np.array([[0.5, 0.5, 0.0]]))


@pytest.mark.parametrize(
    ("file", "value", "word"),
    [
        pytest.param("modules.json", [], "not understood", id="no modules"),
        pytest.param("modules.json", "[", "not understood", id="torn"),
        pytest.param("config.json", {"model_type": "gpt2"}, "gpt2", id="another architecture"),
        pytest.param("1_Pooling/config.json", {"pooling_mode": "weightedmean"}, "weightedmean", id="another pooling"),
        pytest.param(
            "1_Pooling/config.json", {"pooling_mode": "mean", "include_prompt": False}, "prompt", id="prompt left out"
        ),
    ],
)
def test_a_configuration_that_is_not_understood_is_said(tmp_path, file, value, word):
    import shutil

    from index.models.bundled import bundled_path

    folder = tmp_path / "model"
    shutil.copytree(bundled_path(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    assert recipe_from_json(json.loads(json.dumps(recipe_to_json(read_recipe(folder))))) == read_recipe(folder)
    (folder / file).write_text(value if isinstance(value, str) else json.dumps(value))
    with pytest.raises(UnsupportedError, match=word):
        read_recipe(folder)


@pytest.fixture
def weights(tmp_path) -> Path:
    from safetensors.numpy import save_file

    save_file(
        {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.arange(4, dtype=np.float16), "c": np.arange(3)},
        tmp_path / "w.safetensors",
    )
    return tmp_path / "w.safetensors"


def test_tensors_are_read_as_float32(weights, tmp_path):
    tensors = MappedTensors(weights)
    assert tensors["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert tensors["b"].dtype == np.float32
    assert tensors["b"].tolist() == [0, 1, 2, 3]
    assert not tensors.is_float32
    write_float32(tensors, tmp_path / "float32.safetensors")
    converted = MappedTensors(tmp_path / "float32.safetensors")
    assert sorted(converted) == ["a", "b"]
    assert converted.is_float32
    assert converted["b"].tolist() == [0, 1, 2, 3]
    for missing in ("c", "d"):
        with pytest.raises(UnsupportedError):
            tensors[missing]


def test_tensors_in_memory_of_our_own_are_the_same(tmp_path):
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.arange(33, dtype=np.float32)}
    half = {"c": np.arange(4, dtype=np.float16)}
    from safetensors.numpy import save_file

    save_file(arrays | half, tmp_path / "w.safetensors")
    tensors = MappedTensors(tmp_path / "w.safetensors")
    mapped = tensors["a"]
    tensors.lay_out(["a", "b", "c"], most=255)  # 16 and 48 numbers, with what aligns them
    assert tensors["a"] is mapped
    tensors.lay_out(["a", "b", "c"], most=256)
    assert tensors["a"].base is tensors["b"].base
    assert not np.shares_memory(tensors["a"], mapped)
    assert all(np.array_equal(tensors[name], array) for name, array in (arrays | half).items())
    assert not tensors["b"].flags.writeable


def test_bfloat16_is_the_upper_half_of_float32(tmp_path):
    import torch
    from safetensors.torch import save_file

    values = torch.randn(5, 7).bfloat16()
    save_file({"a": values}, tmp_path / "w.safetensors")
    assert np.array_equal(MappedTensors(tmp_path / "w.safetensors")["a"], values.float().numpy())


@pytest.mark.parametrize("keep", [0, 3, 8, 40, -1])
def test_weights_that_are_cut_off_are_refused(weights, keep):
    weights.write_bytes(weights.read_bytes()[:keep])
    with pytest.raises(UnsupportedError):
        MappedTensors(weights)


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "F32", "shape": [2], "data_offsets": [0, 800]},
        {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]},
        {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]},
        {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]},
        {"dtype": "F32", "shape": [-1, -2], "data_offsets": [0, 8]},
        {"dtype": "F32", "shape": [2], "data_offsets": [0, float("inf")]},
        {"dtype": "F32", "shape": [2]},
        ["F32"],
    ],
)
def test_a_header_that_lies_is_refused(tmp_path, entry):
    header = json.dumps({"a": entry}).encode()
    (tmp_path / "w").write_bytes(len(header).to_bytes(8, "little") + header + bytes(8))
    with pytest.raises(UnsupportedError):
        MappedTensors(tmp_path / "w")


@pytest.mark.parametrize(
    "header", [b'{"a":' + b"[" * 100_000, b"[]", b"7", b'{"a":7}', b"\xff"], ids=lambda header: header[:6]
)
def test_what_is_no_header_is_refused(tmp_path, header):
    (tmp_path / "w").write_bytes(len(header).to_bytes(8, "little") + header + bytes(8))
    with pytest.raises(UnsupportedError):
        MappedTensors(tmp_path / "w")


@pytest.mark.parametrize("length", [0, 1 << 40, (1 << 64) - 1])
def test_a_length_that_lies_is_refused(tmp_path, length):
    (tmp_path / "w").write_bytes(length.to_bytes(8, "little") + b"{}" * 40 + b"}")
    with pytest.raises(UnsupportedError):
        MappedTensors(tmp_path / "w")
