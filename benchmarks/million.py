"""A million passages: made, kept up to date and searched, beside faiss IndexFlatIP in the same run.

``python -m benchmarks million [count]`` (1,000,000 when no count is given). With ``SLIPWAY_BENCH_CACHE`` naming a search
cache (index.db) its vectors are used: all but 500 of them, which become the queries, and, up to the count, mixtures of
two real neighbours (one of the 15 nearest, weights 0.3 to 0.7) plus noise of length 0.3, normalised. Otherwise they are
directions in 2,000 clusters. What is published is read from tables like those of the cache, without the texts.
Each phase is a process of its own, so that memory and first queries are those of a fresh process.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.million_vectors import DIM, PORTION, normalised, source

MODEL = "benchmark"
_TIMED = 300
_CHANGED = 1_000

_SCHEMA = """
CREATE TABLE passages (id INTEGER PRIMARY KEY AUTOINCREMENT, vector_hash TEXT NOT NULL);
CREATE TABLE vectors (model TEXT NOT NULL, text_hash TEXT NOT NULL, vector BLOB NOT NULL);
"""
_INDEXES = """
CREATE UNIQUE INDEX vectors_by_text ON vectors (model, text_hash);
CREATE INDEX passages_by_vector ON passages (vector_hash);
"""


def main(count: str = "1000000") -> None:
    with tempfile.TemporaryDirectory(prefix="slipway-million-") as folder:
        print(f"{int(count):,} passages of {DIM} dimensions; {os.cpu_count()} cores")
        for phase in (fill, build, first_query, queries, flat, changes):
            print(f"\n{phase.__name__.replace('_', ' ')}")
            for name, value in _apart(phase, Path(folder), int(count)).items():
                print(f"  {name:<44} {value}")


def _apart(phase: Callable[..., dict[str, str]], folder: Path, count: int) -> dict[str, str]:
    """The phase in a fresh process; what it measured."""
    code = f"import sys, json; from benchmarks import million as m; m._run(m.{phase.__name__}, sys.argv[1], {count})"
    done = subprocess.run([sys.executable, "-c", code, str(folder)], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _run(phase: Callable[..., dict[str, str]], folder: str, count: int) -> None:
    print(json.dumps(phase(Path(folder), count)))


def fill(folder: Path, count: int) -> dict[str, str]:
    import numpy as np

    vectors, held_out, what = source(count)
    np.save(folder / "queries.npy", held_out)
    began = perf_counter()
    connection = _connected(folder)
    connection.executescript("PRAGMA synchronous = OFF;" + _SCHEMA)
    first = 0
    for block in vectors:
        _insert(connection, block, "text", first)
        first += len(block)
    connection.executescript(_INDEXES)
    connection.close()
    size = (folder / "index.db").stat().st_size
    return {"vectors": what, "seconds": f"{perf_counter() - began:.1f}", "tables": _megabytes(size)}


def build(folder: Path, count: int) -> dict[str, str]:
    published, took = _published(folder, 1)
    home = next((folder / "dense").iterdir())
    size = sum(one.stat().st_size for one in home.iterdir())
    return {
        "took": took,
        "kind": published.kind,
        "recall@10 measured at build": str(published.recall),
        "on disk": f"{_megabytes(size)}, {size / count:.0f} bytes a passage",
        "peak memory, mapped files included": _memory("VmHWM"),
        "memory of its own at the end": _memory("RssAnon"),
    }


def first_query(folder: Path, count: int) -> dict[str, str]:
    from index.models.light.threads import import_numpy

    worked, began = process_time(), perf_counter()
    import_numpy()  # with one thread, as every search does
    import numpy as np

    loaded = perf_counter()
    query = np.load(folder / "queries.npy")[0]
    from index.dense.reader import open_dense

    reader = open_dense(folder / "dense", MODEL)
    assert reader is not None
    opened = perf_counter()
    reader.nearest(query, 10)
    asked, spent = perf_counter(), process_time() - worked
    return {
        "importing numpy": _milliseconds(loaded - began),
        "opening": _milliseconds(opened - loaded),
        "first answer": _milliseconds(asked - opened),
        "all three": f"{_milliseconds(asked - began)} (processor {_milliseconds(spent)})",
    }


def queries(folder: Path, count: int) -> dict[str, str]:
    from index.models.light.threads import import_numpy

    import_numpy()  # with one thread, as every search does
    import numpy as np

    from index.dense.reader import open_dense

    held_out = np.load(folder / "queries.npy")
    reader = open_dense(folder / "dense", MODEL)
    assert reader is not None
    times = _times(lambda query: reader.nearest(query, 10), held_out)
    found = [reader.nearest(query, 10)[0] for query in held_out]
    np.save(folder / "found.npy", np.array(found))
    np.save(folder / "found200.npy", np.array([reader.nearest(query, 200)[0] for query in held_out[:100]]))
    few = np.arange(1, count, 1000)
    many = np.arange(1, count, 3)
    return {
        "p50 / p99, 10 nearest": _spread(times),
        "p50 / p99, 200 nearest": _spread(_times(lambda query: reader.nearest(query, 200), held_out[:100])),
        "p50 / p99, among a thousandth": _spread(_times(lambda query: reader.nearest(query, 10, few), held_out[:50])),
        "p50 / p99, among a third": _spread(_times(lambda query: reader.nearest(query, 10, many), held_out[:50])),
        "memory of its own / mapped from files": f"{_memory('RssAnon')} / {_memory('RssFile')}",
    }


def flat(folder: Path, count: int) -> dict[str, str]:
    import faiss
    import numpy as np

    index = faiss.IndexFlatIP(DIM)
    began = perf_counter()
    for block in _kept(folder):
        index.add(block)
    built = perf_counter() - began
    held_out, found = np.load(folder / "queries.npy"), np.load(folder / "found.npy")
    wide = np.load(folder / "found200.npy")
    true = index.search(held_out, 200)[1] + 1  # passages are numbered from 1
    spreads = {}
    for threads in (1, 2):
        faiss.omp_set_num_threads(threads)
        spreads[f"IndexFlatIP p50 / p99, {threads} threads"] = _spread(
            _times(lambda query: index.search(query[None], 10), held_out[:50])
        )
    return {
        f"recall@10 of ours on {len(held_out)} held-out queries": _recall(found, true[:, :10]),
        f"recall@200 of ours on {len(wide)} held-out queries": _recall(wide, true[: len(wide)]),
        "IndexFlatIP seconds to fill": f"{built:.1f}",
        **spreads,
        "IndexFlatIP memory of its own": _memory("RssAnon"),
    }


def changes(folder: Path, count: int) -> dict[str, str]:
    from index.models.light.threads import import_numpy

    import_numpy()  # with one thread, as every search does
    import numpy as np

    from index.dense.reader import open_dense

    unchanged, no_time = _published(folder, 1)
    connection = _connected(folder)
    new = normalised(np.random.default_rng(99).standard_normal((_CHANGED, DIM), dtype=np.float32))
    _insert(connection, new, "new", 0)
    added, add_time = _published(folder, 2)
    with connection:
        connection.execute(
            "DELETE FROM passages WHERE id IN (SELECT id FROM passages ORDER BY id LIMIT ?)", (_CHANGED,)
        )
    removed, remove_time = _published(folder, 3)
    reader = open_dense(folder / "dense", MODEL)
    assert reader is not None
    held_out = np.load(folder / "queries.npy")
    found = [reader.nearest(row, 1)[0][0] for row in new[:100]]
    gone = min(int(reader.nearest(query, 50)[0].min()) for query in held_out)
    assert found == list(range(count + 1, count + 101))
    assert gone > _CHANGED
    return {
        "nothing changed": f"{no_time}, {unchanged.written:,} bytes written",
        f"{_CHANGED:,} added": f"{add_time}, {_megabytes(added.written)} written",
        f"{_CHANGED:,} removed": f"{remove_time}, {_megabytes(removed.written)} written",
        "p50 / p99 after that": _spread(_times(lambda query: reader.nearest(query, 10), held_out)),
    }


def _published(folder: Path, generation: int) -> tuple[Any, str]:
    from index.dense.publishing import publish

    connection = _connected(folder)
    began, worked = perf_counter(), process_time()
    published = publish(connection, MODEL, folder / "dense", generation)
    took = f"{perf_counter() - began:.2f} s (processor {process_time() - worked:.2f})"
    connection.close()
    return published, took


def _connected(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "index.db", isolation_level="DEFERRED")


def _insert(connection: sqlite3.Connection, block: Any, name: str, first: int) -> None:
    from hashlib import sha256

    keys = [sha256(f"{name} {first + place}".encode()).hexdigest() for place in range(len(block))]
    with connection:
        rows = [(MODEL, key, row.tobytes()) for key, row in zip(keys, block, strict=True)]
        connection.executemany("INSERT INTO vectors VALUES (?, ?, ?)", rows)
        connection.executemany("INSERT INTO passages (vector_hash) VALUES (?)", [(key,) for key in keys])


def _kept(folder: Path) -> Iterator[Any]:
    import numpy as np

    cursor = _connected(folder).execute("SELECT vector FROM vectors ORDER BY rowid")
    while rows := cursor.fetchmany(PORTION):
        yield np.frombuffer(b"".join(row[0] for row in rows), "<f4").reshape(len(rows), DIM)


def _recall(found: Any, true: Any) -> str:
    hits = sum(len(set(ours) & set(theirs)) for ours, theirs in zip(found.tolist(), true.tolist(), strict=True))
    return f"{hits / true.size:.4f}"


def _times(ask: Callable[[Any], object], held_out: Any) -> list[tuple[float, float]]:
    """For each query the seconds by the clock and of the processor, shortest first; twenty beforehand do not count."""
    for query in held_out[:20]:
        ask(query)
    times = []
    for query in held_out[:_TIMED]:
        began, worked = perf_counter(), process_time()
        ask(query)
        times.append((perf_counter() - began, process_time() - worked))
    return sorted(times)


def _spread(times: list[tuple[float, float]]) -> str:
    """The processor's share tells, on a machine with other work, what the clock would show without it."""
    clock, processor = times, sorted(worked for _, worked in times)
    middle, late = len(times) // 2, int(len(times) * 0.99)
    return (
        f"{_milliseconds(clock[middle][0])} / {_milliseconds(clock[late][0])}"
        f" (processor {_milliseconds(processor[middle])} / {_milliseconds(processor[late])})"
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _memory(field: str) -> str:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return "unknown here"
    return next((_megabytes(int(line.split()[1]) * 1024) for line in lines if line.startswith(field + ":")), "unknown")
