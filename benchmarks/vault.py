"""One night's promote on a vault of N notes with 200 new items: what it touches, seconds of each step, peak memory.

    python -m benchmarks vault 1000 5000 20000        (sizes in notes; one in twenty is hand-written)

The notes are real papers of ``SLIPWAY_DATA`` (from 35,000 on their sentences are mixed anew), written by the promote stage itself
in the first night. Then comes a night with 200 new items, and the same night again, which should do nothing, each in a process
of its own. ``SLIPWAY_VAULTS`` names a folder that keeps the houses after their first night, for the next measurement.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.vault_houses import FIRST_NIGHT, build, record
from notes.clock import FixedClock
from notes.model import ItemStatus
from slipway.app import App
from slipway.config import load_config

SIZES = ("1000", "5000")
# The steps of the stage, by the modules that name them; a step that is not there (any more) is not told.
STEPS = (
    ("slipway.stages.promote", ("sync", "gather", "judge", "arrange", "note_sheets", "lay_pages")),
    ("slipway.stages.promote", ("Papers.sheets", "Papers.settle", "Papers.__init__")),
    ("slipway.stages.arrange", ("find_topics", "choose_links", "hard_edges", "neighbours", "embed_documents")),
    ("slipway.desk", ("Desk.lay",)),
)


# --- a night -------------------------------------------------------------------------------------------------------


@dataclass
class Told:
    """What a night took: seconds of processor time by step, rows written by table, peak memory in MiB."""

    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    files: int = 0
    total: float = 0.0
    memory: int = 0


class _Quiet:
    def progress(self, label: str) -> Callable[[int, int], None]:
        return lambda done, total: None

    def warn(self, message: str) -> None:
        print(message, file=sys.stderr)


def night(root: Path, day: date) -> Told:
    """Run the promote stage in this process and tell what it took."""
    from slipway.stages import papers as sheets
    from slipway.stages.promote import promote

    told = Told()
    # A kept house may be older than the code that is measured: not all its notes are to be written anew for that.
    sheets._code = cache(lambda: "measured")  # noqa: SLF001
    _time_steps(told.seconds)
    _count_rows(told.rows)
    config = load_config(root / "slipway.toml")
    before = _stats(config.vault)
    with App(config, FixedClock(day, ZoneInfo("UTC")), _Quiet()) as app:
        _new_items(app, root, day)
        told.rows.clear()
        _embed(app)
        started = time.process_time()
        told.counts = promote(app).counts
        told.total = time.process_time() - started
    after = _stats(config.vault)
    told.files = sum(after[path] != before.get(path) for path in after) + len(before.keys() - after.keys())
    told.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return told


def _embed(app: App) -> None:
    """Embed the new items beforehand: the model's time is not the stage's, and is measured elsewhere."""
    from index.kin.neighbours import embed_documents
    from slipway.library import slip_document

    waiting = [slip_document(slip, f"item-{slip.id}", app.config.zone) for slip in app.store.slips(ItemStatus.INBOX)]
    embed_documents(app.cache, app.embedder, waiting)


def _new_items(app: App, root: Path, day: date) -> None:
    later = root / "next.json"
    if day > FIRST_NIGHT and later.exists():
        record(app.store, iter(json.loads(later.read_text(encoding="utf-8"))), day)
        later.unlink()


def _stats(vault: Path) -> dict[str, tuple[int, int, int]]:
    found = {}
    for place in vault.rglob("*.md"):
        status = place.stat()
        found[str(place)] = (status.st_ino, status.st_mtime_ns, status.st_size)
    return found


def _time_steps(seconds: dict[str, float]) -> None:
    import importlib

    for module_name, names in STEPS:
        module = importlib.import_module(module_name)
        for name in names:
            *of, last = name.split(".")
            owner = getattr(module, of[0], None) if of else module
            if owner is not None and hasattr(owner, last):
                setattr(owner, last, _timed(getattr(owner, last), name, seconds))


def _timed(step: Callable[..., Any], name: str, seconds: dict[str, float]) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        started = time.process_time()
        try:
            return step(*given, **named)
        finally:
            seconds[name] = seconds.get(name, 0.0) + time.process_time() - started

    return timed


def _count_rows(rows: dict[str, int]) -> None:
    from sqlalchemy import Engine, event

    counted: Counter[str] = Counter()

    def seen(_connection: Any, cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        words = statement.split(None, 3)
        if words[0] in {"INSERT", "UPDATE", "DELETE"} and cursor.rowcount > 0:
            table = words[1] if words[0] == "UPDATE" else words[2].partition("(")[0]
            counted[table] += cursor.rowcount
            rows[table.strip('"')] = counted[table]

    event.listen(Engine, "after_cursor_execute", seen)


# --- the measurement -----------------------------------------------------------------------------------------------


def measure(size: int, kept: Path | None, model: str) -> dict[str, Told]:
    """The three nights of a house of ``size`` notes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "house"
        told = {}
        ready = kept / f"{size}-{model}" if kept else None
        if ready is not None and ready.exists():
            shutil.copytree(ready, root)
            # Copies are other files than those that were read: that reading is no work of the next night's.
            _in_process(root, FIRST_NIGHT)
        else:
            build(root, size, model)
            told["first night"] = _in_process(root, FIRST_NIGHT)
            if ready is not None:
                shutil.copytree(root, ready)
        told["200 new items"] = _in_process(root, FIRST_NIGHT + timedelta(days=1))
        told["again"] = _in_process(root, FIRST_NIGHT + timedelta(days=1))
        return told


def _in_process(root: Path, day: date) -> Told:
    command = [sys.executable, "-m", "benchmarks.vault", "--night", str(root), day.isoformat()]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Told(**json.loads(done.stdout.splitlines()[-1]))


def _report(size: int, told: Mapping[str, Told]) -> None:
    for name, one in told.items():
        steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in one.seconds.items() if seconds >= 0.05)
        rows = ", ".join(f"{count:,} {table}" for table, count in sorted(one.rows.items())) or "none"
        print(
            f"| {size:,} | {name} | {one.total:.1f} | {one.memory:,} | {one.files:,} | {rows} | {steps} |", flush=True
        )


def main(*options: str) -> None:
    """Print the table, or run one night (``--night ROOT DATE``)."""
    if options and options[0] == "--night":
        print(json.dumps(asdict(night(Path(options[1]), date.fromisoformat(options[2])))))
        return
    if not os.environ.get("SLIPWAY_DATA"):
        print("SLIPWAY_DATA is not set: no papers to make notes of")
        return
    kept = Path(os.environ["SLIPWAY_VAULTS"]) if os.environ.get("SLIPWAY_VAULTS") else None
    model = os.environ.get("SLIPWAY_MODEL", "hashing")
    print(f"model {model}; seconds are processor time\n")
    print("| notes | night | seconds | MiB | files written | rows written | steps |\n|---|---|---|---|---|---|---|")
    for size in map(int, options or SIZES):
        _report(size, measure(size, kept, model))


if __name__ == "__main__":
    main(*sys.argv[1:])
