"""A query to a vector, cold, in whole processes: by each way, with what it costs apart from numpy's import.

``python -m benchmarks queries [FOLDER | base | large …]``: the bundled model, and every SentenceTransformer folder that is
named; ``base`` and ``large`` are XLM-R of random weights with a vocabulary of 250,000 pieces. Each model is prepared
first, in a temporary cache; ``sentence-transformers`` is measured beside, fewer times, for it is slow.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.random_models import SIZES, make

RUNS = 15
SLOW_RUNS = 3
QUERY = "reinforcement learning for language agents 强化学习"

# Each prints the milliseconds it took from its first line on, and the vector's cosine to the kept one of torch.
_LIGHT = """
import sys, time
from index.models.light.threads import import_numpy
import_numpy()
import numpy
start = time.perf_counter()
from pathlib import Path
from types import SimpleNamespace
from index.models.query_encoder import open_query_encoder
settings = SimpleNamespace(name=sys.argv[1], query_prefix="", passage_prefix="", languages=("en",), precision="full")
encoder = open_query_encoder(settings, Path(sys.argv[2]))
vector = encoder.encode_query(sys.argv[3])
took = time.perf_counter() - start
start = time.perf_counter()
encoder.encode_query(sys.argv[3])
again = time.perf_counter() - start
assert "torch" not in sys.modules
print(took * 1000, again * 1000, float(vector @ numpy.load(sys.argv[4])))
"""
_TORCH = """
import sys, time
import numpy
start = time.perf_counter()
from index.models.embedder import ModelSettings, open_embedder
embedder = open_embedder(ModelSettings(name=sys.argv[1], precision="full"))
vector = embedder.encode_query(sys.argv[3])
took = time.perf_counter() - start
start = time.perf_counter()
embedder.encode_query(sys.argv[3])
again = time.perf_counter() - start
numpy.save(sys.argv[4], vector)
print(took * 1000, again * 1000, 1.0)
"""


def main(*folders: str) -> None:
    print("| model | way | whole process ms | without numpy's import ms | the next query ms | cosine to torch |")
    print("|---|---|---|---|---|---|")
    for model in ("bundled", *folders):
        with tempfile.TemporaryDirectory() as folder:
            named = str(make(model, Path(folder) / f"random-{model}")) if model in SIZES else model
            _measure(named, Path(folder))


def _measure(model: str, folder: Path) -> None:
    from index.models.embedder import ModelSettings, open_embedder
    from index.models.query_encoder import prepare

    settings = ModelSettings(name=model, precision="full")
    kept = str(folder / "torch.npy")
    _row(model, "sentence-transformers", [_run(_TORCH, model, folder, kept) for _ in range(SLOW_RUNS)])
    if model == "bundled":
        _row(model, "numpy, not prepared", _light(model, folder / "none", kept))
    started = time.perf_counter()
    told = prepare(settings, folder / "cache", open_embedder(settings))
    print(f"| {_short(model)} | prepared in {time.perf_counter() - started:.1f} s: {told.way} {told.note} | | | | "
          f"{told.cosine:.7f} at the lowest of the probes, {told.difference:.1e} the largest difference |")  # fmt: skip
    if told.way in {"numpy", "onnx"}:
        _row(model, f"{told.way}, prepared", _light(model, folder / "cache", kept))


def _light(model: str, cache: Path, kept: str) -> list[tuple[float, float, float, float]]:
    """Light runs and bare imports of numpy in turn; the first run, which may hash the weights, is left out."""
    _run(_LIGHT, model, cache, kept)
    return [_run(_LIGHT, model, cache, kept) for _ in range(RUNS)]


def _run(code: str, model: str, cache: Path, kept: str) -> tuple[float, float, float, float]:
    started = time.perf_counter()
    command = [sys.executable, "-c", code, model, str(cache), QUERY, kept]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    whole = (time.perf_counter() - started) * 1000
    took, again, cosine = (float(word) for word in done.stdout.split())
    return whole, took, again, cosine


def _row(model: str, way: str, runs: list[tuple[float, float, float, float]]) -> None:
    whole, took, again, cosine = (statistics.median(values) for values in zip(*runs, strict=True))
    print(f"| {_short(model)} | {way} | {whole:.0f} | {took:.1f} | {again:.1f} | {cosine:.7f} |", flush=True)


def _short(model: str) -> str:
    return Path(model).name
