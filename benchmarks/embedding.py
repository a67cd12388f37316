"""Documents a second: embedding passages beside plain ``SentenceTransformer.encode`` with its defaults, in one run.

Same texts, same cores, taking turns, medians; between the turns the processor's peak is measured with the products that the
embedding uses, on as many threads. Texts are abstracts of ``SLIPWAY_DATA``, or else this project's own documentation.
``python -m benchmarks embedding 256 5`` sets the number of texts and of turns.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import log2
from pathlib import Path
from typing import Any

from benchmarks.vault_houses import papers

PLAIN = "plain"
WAYS = {PLAIN: "plain SentenceTransformer.encode", "full": "Slipway, fp32", "auto": "Slipway, bf16"}
_PEAK_SHAPE = (256, 768, 3072)
_PEAK_SECONDS = 0.3
_NEAREST = 10


@dataclass
class Way:
    name: str
    encode: Callable[[Sequence[str]], Any]
    seconds: list[float] = field(default_factory=list)


def main(count: str = "128", turns: str = "5") -> None:
    if count == "memory":
        return _memory_of(turns)
    english = list(itertools.islice(_texts(), int(count)))
    chinese = list(itertools.islice(_chinese(), 64))
    texts = [text for _, text in english]
    from index.models.bulk_precision import has_bf16
    from index.models.embedder import SentenceTransformerEmbedder

    embedder = SentenceTransformerEmbedder(precision="full")
    ways = _ways(embedder._model, ["auto"] if has_bf16() else [])  # noqa: SLF001 - the very model that is loaded
    peaks = _taken_in_turn(ways, texts, int(turns), [*(["bfloat16"] if has_bf16() else []), "float32"])
    tokens = embedder._lengths(texts)  # noqa: SLF001
    print(f"{len(texts)} texts of {statistics.mean(tokens):.0f} tokens, {_threads()} threads, medians of {turns}\n")
    _print_speed(ways, tokens, peaks, embedder._model[0].auto_model.config)  # noqa: SLF001
    _print_closeness(ways, english, chinese)
    _print_memory(list(ways))
    return None


def _ways(model: Any, more: list[str]) -> dict[str, Way]:
    from index.models.bulk import open_bulk

    ways = {PLAIN: Way(WAYS[PLAIN], lambda texts: model.encode(list(texts), show_progress_bar=False))}
    for precision in ("full", *more):
        opened = time.perf_counter()
        bulk = open_bulk(model, precision)  # type: ignore[arg-type]
        print(f"{WAYS[precision]}: laid out and checked in {time.perf_counter() - opened:.1f} s {bulk.note}")
        if bulk.is_packed:
            ways[precision] = Way(WAYS[precision], bulk.encode)
    return ways


def _taken_in_turn(ways: dict[str, Way], texts: list[str], turns: int, kinds: list[str]) -> dict[str, float]:
    """Every way has encoded all texts ``turns`` times; GFLOP/s of the fastest product of each kind beside it."""
    peaks: dict[str, list[float]] = {kind: [] for kind in kinds}
    for way in ways.values():
        way.encode(texts[:32])
    for _ in range(turns):
        for way in ways.values():
            started = time.perf_counter()
            way.encode(texts)
            way.seconds.append(time.perf_counter() - started)
        for kind, measured in peaks.items():
            measured.append(_peak(kind))
    return {kind: statistics.median(measured) for kind, measured in peaks.items()}


def _peak(kind: str) -> float:
    """GFLOP/s of prepacked products on all threads at once, each with its own."""
    import torch

    from index.models.bulk import _single_threads
    from index.models.bulk_layers import linear

    rows, inner, outer = _PEAK_SHAPE
    dtype = getattr(torch, kind)
    product = linear([torch.nn.Linear(inner, outer)], dtype)
    matrix = torch.randn(rows, inner).to(dtype)

    def run(until: float) -> int:
        done = 0
        with torch.inference_mode():
            while time.perf_counter() < until:
                product(matrix)
                done += 1
        return done

    with torch.inference_mode(), _single_threads() as pool:
        until = time.perf_counter() + _PEAK_SECONDS
        done = sum(_all_at_once(pool, run, until))
    return 2 * rows * inner * outer * done / _PEAK_SECONDS / 1e9


def _all_at_once(pool: ThreadPoolExecutor, run: Callable[[float], int], until: float) -> list[int]:
    return [job.result() for job in [pool.submit(run, until) for _ in range(_threads())]]


def _threads() -> int:
    import torch

    return torch.get_num_threads()


def _print_speed(ways: dict[str, Way], tokens: list[int], peaks: dict[str, float], config: Any) -> None:
    width, inner, layers = config.hidden_size, config.intermediate_size, config.num_hidden_layers
    linear = 2 * layers * (4 * width**2 + 2 * width * inner) * sum(tokens)
    attention = 4 * layers * width * sum(length**2 for length in tokens)
    print(
        "| way | documents/s | times plain | GFLOP/s | of the fp32 peak | of the bf16 peak |\n|---|---|---|---|---|---|"
    )
    plain = statistics.median(ways[PLAIN].seconds)
    for way in ways.values():
        seconds = statistics.median(way.seconds)
        rate = (linear + attention) / seconds / 1e9
        shares = [f"{rate / peaks[kind]:.0%}" if kind in peaks else "-" for kind in ("float32", "bfloat16")]
        print(
            f"| {way.name} | {len(tokens) / seconds:.1f} | {plain / seconds:.2f} | {rate:.0f} | {' | '.join(shares)} |"
        )
    told = ", ".join(f"{kind} {rate:.0f}" for kind, rate in peaks.items())
    print(
        f"\npeak of prepacked products, GFLOP/s: {told}; attention is {attention / (linear + attention):.0%} of the work\n"
    )


def _print_closeness(ways: dict[str, Way], english: list[tuple[str, str]], chinese: list[str]) -> None:
    import numpy as np

    texts = [text for _, text in english]
    everything = [*texts, *chinese, "", "a", "知", "x" * 10_000, " ".join(texts[:8])]
    titles = _normalised(ways[PLAIN].encode([title for title, _ in english]))
    plain = _normalised(ways[PLAIN].encode(everything))
    print("| way | lowest cosine to plain | mean | same nearest 10 | nDCG@10, titles to texts |\n|---|---|---|---|---|")
    for way in ways.values():
        vectors = _normalised(way.encode(everything))
        cosines = (vectors * plain).sum(axis=1)
        same = (
            np.mean([len(set(a) & set(b)) for a, b in zip(_nearest(vectors), _nearest(plain), strict=True)]) / _NEAREST
        )
        gain = _ndcg(titles @ vectors[: len(texts)].T)
        print(f"| {way.name} | {cosines.min():.6f} | {cosines.mean():.6f} | {same:.4f} | {gain:.4f} |")


def _normalised(vectors: Any) -> Any:
    import numpy as np

    exact = np.asarray(vectors, dtype=np.float64)
    return exact / np.linalg.norm(exact, axis=1, keepdims=True)


def _nearest(vectors: Any) -> Any:
    cosines = vectors @ vectors.T
    cosines[range(len(cosines)), range(len(cosines))] = -2
    return cosines.argsort(axis=1)[:, -_NEAREST:]


def _ndcg(scores: Any) -> float:
    """The one right answer to row n is n."""
    ranks = [int((row > row[at]).sum()) for at, row in enumerate(scores)]
    return statistics.mean(1 / log2(rank + 2) if rank < _NEAREST else 0.0 for rank in ranks)


def _print_memory(names: list[str]) -> None:
    print("\n| process | MiB when loaded | MiB at most |\n|---|---|---|")
    for name in names:
        command = [sys.executable, "-m", "benchmarks", "embedding", "memory", name]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
        loaded, most = json.loads(told)
        print(f"| {WAYS[name]} | {loaded} | {most} |")


def _memory_of(name: str) -> None:
    """Print what a process holds that does one way alone: after loading, and at most while encoding."""
    from index.models.embedder import SentenceTransformerEmbedder

    embedder = SentenceTransformerEmbedder(precision="full" if name == "full" else "auto")
    texts = [text for _, text in itertools.islice(_texts(), 64)]
    if name == PLAIN:
        _ = embedder._model  # noqa: SLF001
        loaded = _resident()
        embedder._model.encode(texts, show_progress_bar=False)  # noqa: SLF001
    else:
        _ = embedder._bulk  # noqa: SLF001
        loaded = _resident()
        embedder.encode_passages(texts)
    print(json.dumps([loaded, _resident("VmHWM")]))


def _resident(which: str = "VmRSS") -> int:
    """MiB; not by getrusage, whose highest value is handed on by the process that started this one."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in status if line.startswith(which))


def _texts() -> Iterator[tuple[str, str]]:
    """Titles and texts: every tenth paper of the data, or the paragraphs of the documentation."""
    if os.environ.get("SLIPWAY_DATA"):
        for paper in itertools.islice(papers(), 0, None, 10):
            yield str(paper["title"]), str(paper["abstract"])
        return
    for page in itertools.cycle(sorted(Path(__file__).parents[1].glob("docs/*.md"))):
        for part in page.read_text(encoding="utf-8").split("\n\n"):
            if len(part) > 400:
                yield part[:60], part


def _chinese() -> Iterator[str]:
    root = os.environ.get("SLIPWAY_DATA")
    if root:
        with (Path(root) / "ir" / "csl-zh-title2abs" / "corpus.jsonl").open(encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in lines)
