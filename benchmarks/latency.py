"""How long a search takes as a whole process, from the key to the last line, over N passages; beside other searches.

    python -m benchmarks latency              (100,000 passages)
    python -m benchmarks latency 100000 15    (so many rounds)
    python -m benchmarks latency 100000 15 ours   (without the peers)

All rows are run in turn in every round by a small launcher, so that a noisy minute hits all of them; median and best, and the
peak memory of the process. Each round has a query that was never asked before: words from the title of a paper of 2024, of
which the house has none. ``SLIPWAY_HOUSES`` names a folder that keeps the house and what the
peers made of it (minutes to an hour the first time); ``SLIPWAY_BENCH_CACHE`` an index with vectors, see
:mod:`benchmarks.latency_house`.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.latency_house import build, is_current
from benchmarks.latency_peers import Command, peers

ROOT = Path(__file__).parent.parent
_TROUBLE = re.compile("note:|was not used")

# How Slipway would start without the light encoders: the same search, the query encoded by sentence-transformers.
_FALLBACK = """
import os
import sys
from index.models import query_encoder
from index.models.embedder import open_embedder

class Fallback:
    way, note = "sentence-transformers", ""
    def __init__(self, settings, folder, **_more):
        self._embedder = open_embedder(settings)
    def __getattr__(self, name):
        return getattr(self._embedder, name)

query_encoder.open_query_encoder = Fallback
from slipway.cli import main
try:
    main()
finally:
    if "sentence_transformers" not in sys.modules:
        os._exit(9)  # the query was answered without its vector: this is no measurement
"""


@dataclass
class Row:
    """One way to search: its command line for a query, and what was measured."""

    name: str
    command: Command
    env: dict[str, str] = field(default_factory=dict)
    rounds: int = 1_000_000
    seconds: list[float] = field(default_factory=list)
    mib: list[float] = field(default_factory=list)
    trouble: str = ""
    ahead: int = 0
    """So many queries ahead of the other rows: what another row has just asked of the server is no new query."""

    def told(self) -> str:
        if not self.seconds:
            return f"| {self.name} | {self.trouble or 'not measured'} | | | |"
        median, best = statistics.median(self.seconds) * 1000, min(self.seconds) * 1000
        trouble = f" ({self.trouble})" if self.trouble else ""
        peak = statistics.median(self.mib)
        return f"| {self.name}{trouble} | {median:,.0f} | {best:,.0f} | {peak:,.0f} | {len(self.seconds)} |"


def _script(*options: str) -> Command:
    """Our console script: the one that is installed, else what it does."""
    installed = Path(sys.executable).with_name("slipway")
    start = (
        [str(installed)] if installed.is_file() else [sys.executable, "-c", "from slipway.entry import main; main()"]
    )
    return lambda query: [*start, "search", *options, query]


def _fallback(query: str) -> list[str]:
    return [sys.executable, "-c", _FALLBACK, "search", query]


def _rows(rounds: int) -> list[Row]:
    # A client that had to go the cold way says so, and its row is marked: the server was busy, or is of older code.
    warm, cold = {"SLIPWAY_DEBUG": "1"}, {"SLIPWAY_NO_SERVER": "1"}
    lexical = _script("--mode", "lexical")
    return [
        Row("bare Python", lambda query: [sys.executable, "-c", "pass"]),
        Row("slipway search, warm", _script(), warm),
        Row("slipway search, warm, the same once more", _script(), warm),
        Row("slipway search --mode lexical, warm", lexical, warm, ahead=rounds + 1),
        Row("slipway search, cold", _script(), cold),
        Row("slipway search --mode lexical, cold", lexical, cold),
        Row("slipway search, by sentence-transformers", _fallback, cold, 3),
    ]


def queries() -> list[str]:
    """Three to seven words each from titles of papers that were published before those of the house; all different."""
    found: dict[str, None] = {}
    for month in sorted((Path(os.environ["SLIPWAY_DATA"]) / "arxiv" / "hf-daily-papers").glob("2024-*.jsonl.gz")):
        with gzip.open(month, "rt", encoding="utf-8") as lines:
            titles = [str(json.loads(line)["title"]) for line in lines]
        for number, title in enumerate(titles):
            words = title.rpartition(": ")[2].split()[: 3 + number % 5]
            if title.isascii() and len(words) > 2:
                found[" ".join(words)] = None
    return list(found)


def _environment() -> dict[str, str]:
    """That of a user: what is installed has its bytecode written."""
    ours = {"PYTHONPATH": str(ROOT)}
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | ours


@contextmanager
def _launcher(root: Path) -> Iterator[Callable[[Row, str], None]]:
    command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launcher.py"))]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None

        def run(row: Row, query: str) -> None:
            assert process.stdin is not None
            assert process.stdout is not None
            env = _environment() | row.env
            output = f"{folder}/output"
            asked = {"command": row.command(query), "cwd": str(root), "env": env, "output": output}
            print(json.dumps(asked), file=process.stdin, flush=True)
            told: dict[str, Any] = json.loads(process.stdout.readline())
            row.seconds.append(told["seconds"])
            row.mib.append(told["mib"])
            if told["code"] not in (0, 1):
                row.trouble = f"exit code {told['code']}"
            elif "slipway" in row.name and _TROUBLE.search(said := Path(output + ".err").read_text(encoding="utf-8")):
                row.trouble = said.strip().replace("\n", "; ")[:200]

        yield run
        process.stdin.close()


@contextmanager
def _server(root: Path) -> Iterator[int]:
    """``slipway serve`` over the house while inside; its process."""
    command = [sys.executable, "-m", "slipway", "serve", "--no-nights"]
    with subprocess.Popen(command, cwd=root, env=_environment(), stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            print(process.stderr.readline().strip())
            yield process.pid
        finally:
            process.terminate()


def measure(root: Path, rows: list[Row], rounds: int) -> None:
    """Run all rows in turn, ``rounds`` times; once beforehand, so that files are in memory and bytecode is compiled."""
    asked = queries()
    with _launcher(root) as run:
        for number in range(-1, rounds):
            for row in rows:
                if number < row.rounds:
                    run(row, asked[(number + 1 + row.ahead) % len(asked)])
                if number < 0:
                    row.seconds.clear()
                    row.mib.clear()


def _resident(process: int) -> str:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return "unknown"
    sizes = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines[1:]}
    return f"{sizes['Rss']} MiB resident, {sizes['Anonymous']} of them its own (the rest are mapped files)"


@contextmanager
def _house(count: int) -> Iterator[Path]:
    kept = os.environ.get("SLIPWAY_HOUSES")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(kept or folder) / str(count)
        if not is_current(root):
            shutil.rmtree(root, ignore_errors=True)
            build(root, count)
        yield root


def main(count: str = "100000", rounds: str = "12", only: str = "") -> None:
    """Print the table."""
    if not os.environ.get("SLIPWAY_DATA"):
        print("SLIPWAY_DATA is not set: no texts to search")
        return
    with _house(int(count)) as root:
        rows = _rows(int(rounds))
        for peer in [] if only else peers(root, int(count)):
            rows.append(Row(peer.name, peer.command, peer.env, 0 if peer.missing else peer.runs, trouble=peer.missing))
        with _server(root) as server:
            measure(root, [row for row in rows if row.rounds], int(rounds))
            resident = _resident(server)
        print(f"\n{int(count):,} passages; whole processes in turn; milliseconds\n")
        print("| search | median | best | peak MiB | runs |\n|---|---|---|---|---|")
        print("\n".join(row.told() for row in rows))
        print(f"\nthe warm server afterwards: {resident}")


if __name__ == "__main__":
    main(*sys.argv[1:])
