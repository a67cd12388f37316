"""How long a night's writing takes as a month grows: topics, trends, ten daily posts, the synthesis of the month.

    python -m benchmarks writing 1250 2500 5000        (notes of the month)

The house is made of real papers of ``SLIPWAY_DATA`` in the order in which arXiv announced them: N notes, as many on each day of
the month, and in the two months before as many items that came and were never kept, a quarter of N each. The promote stage
writes the notes. What it kept of their texts is then thrown away but for the vectors, so that everything is done for the first
time:

- *topics*: found among all notes and items, and stored; the links, which they are found by, are there;
- *trends*: of topics and phrases over the eight weeks up to the last day;
- *ten posts*: the write stage on each of the last ten days, with reading the vault, the trends of that day, and laying the post;
- *synthesis*: of the month, the same way.

Each size has a process of its own, which tells its peak memory. Growth is the exponent by which the processor time follows the
number of notes from one size to the next: 1 is proportional, 2 quadratic. ``SLIPWAY_VAULTS`` names a folder that keeps the
houses, ``SLIPWAY_POSTS`` one for the posts that were written, ``SLIPWAY_MODEL`` the model of the vectors (default ``hashing``).
"""

from __future__ import annotations

import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from benchmarks.writing_house import LAST, app_of, build, configure

__all__ = ["growth", "main"]

SIZES = ("1250", "2500", "5000")
STEPS = ("topics", "trends", "ten posts", "synthesis")
POSTS = 10
_KEPT = frozenset({"models", "vectors"})  # tables of the features of texts


@dataclass
class Told:
    """Processor and wall seconds by step, peak memory in MiB, and what was made."""

    seconds: dict[str, float] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)
    memory: int = 0
    made: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        clocks = time.process_time(), time.perf_counter()
        yield
        self.seconds[name] = time.process_time() - clocks[0]
        self.wall[name] = time.perf_counter() - clocks[1]


# --- the house -----------------------------------------------------------------------------------------------------


# --- the measurement -----------------------------------------------------------------------------------------------


def work(root: Path, model: str) -> Told:
    """Do it all in this process."""
    from slipway.stages.write import write

    told = Told()
    _forget(root)
    _topics_and_trends(root, told)
    with told.step("ten posts"):
        for back in reversed(range(POSTS)):
            with app_of(root, LAST - timedelta(days=back)) as app:
                write(app)
    _synthesis(root, model, told)
    told.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return told


def _forget(root: Path) -> None:
    """Throw away the topics, and what is kept by the hash of a text but for its vector."""
    with app_of(root) as app:
        app.store.replace_topics((), of="")
        connection = app.cache.connection
        tables = [name for (name,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table not in _KEPT:
                connection.execute(f'DELETE FROM main."{table}"')
        connection.commit()


def _topics_and_trends(root: Path, told: Told) -> None:
    from slipway.stages.grouping import group
    from slipway.stages.promote import gather
    from slipway.stages.sync import sync
    from slipway.trending import trends_of

    with app_of(root) as app:
        library, links = gather(app, sync(app)), app.store.links()
        with told.step("topics"):
            topics = group(app, library, links)
        with told.step("trends"):
            trends = trends_of(app, today=LAST)
    counted = {"notes": library.notes, "links": links[::2], "topics": topics, "trends": trends}
    told.made = {name: len(things) for name, things in counted.items()}


def _synthesis(root: Path, model: str, told: Told) -> None:
    from slipway.stages.briefing import Briefing
    from slipway.stages.periodicals import periodicals
    from slipway.stages.posts import lay_posts
    from slipway.stages.sync import sync

    configure(root, model, monthly=True)
    with app_of(root) as app, told.step("synthesis"):
        reading = sync(app)
        made = list(periodicals(app, Briefing(app, reading)))
        lay_posts(app, reading, [], made)
    assert len(made) == 1, "the month has one synthesis"
    told.made["told"] = len(made[0].post.note_ids)


def measure(size: int, model: str, kept: Path | None, posts: Path | None) -> Told:
    """What the work on a house of ``size`` notes took, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "house"
        ready = kept / f"writing-{size}-{model}" if kept else None
        if ready is not None and ready.exists():
            shutil.copytree(ready, root)
        else:
            build(root, size, model)
            if ready is not None:
                shutil.copytree(root, ready)
        command = [sys.executable, "-m", "benchmarks.writing", "--work", str(root), model]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        if posts is not None:
            shutil.copytree(
                root / "vault", posts / str(size), ignore=shutil.ignore_patterns("notes"), dirs_exist_ok=True
            )
        return Told(**json.loads(done.stdout.splitlines()[-1]))


def growth(sizes: tuple[int, int], seconds: tuple[float, float]) -> float:
    """The exponent by which the time follows the size: 1 is proportional, 2 quadratic."""
    return math.log(seconds[1] / seconds[0]) / math.log(sizes[1] / sizes[0])


def _row(size: int, told: Told) -> str:
    cells = [f"{told.seconds[step]:.1f}" for step in STEPS]
    made = ", ".join(f"{count:,} {name}" for name, count in told.made.items())
    total, wall = sum(told.seconds.values()), sum(told.wall.values())
    return f"| {size:,} | {' | '.join(cells)} | {total:.1f} | {wall:.1f} | {told.memory:,} | {made} |"


def _growth_row(before: tuple[int, Told], after: tuple[int, Told]) -> str:
    sizes = before[0], after[0]
    cells = [growth(sizes, (before[1].seconds[step], after[1].seconds[step])) for step in STEPS]
    whole = [sum(told.seconds.values()) for told in (before[1], after[1])]
    cells.append(growth(sizes, (whole[0], whole[1])))
    return f"| growth {sizes[0]:,} → {sizes[1]:,} | {' | '.join(f'{cell:.2f}' for cell in cells)} | | | |"


def _folder(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


def main(*options: str) -> None:
    """Print the table, or do the work in one house (``--work ROOT MODEL``)."""
    if options and options[0] == "--work":
        print(json.dumps(asdict(work(Path(options[1]), options[2]))))
        return
    if not os.environ.get("SLIPWAY_DATA"):
        print("SLIPWAY_DATA is not set: no papers to make notes of")
        return
    model = os.environ.get("SLIPWAY_MODEL", "hashing")
    kept, posts = _folder("SLIPWAY_VAULTS"), _folder("SLIPWAY_POSTS")
    print(f"model {model}; seconds are processor time, but for the wall's; MiB at the peak\n")
    print(f"| notes | {' | '.join(STEPS)} | together | wall | MiB | made |\n|---|---|---|---|---|---|---|---|---|")
    told: list[tuple[int, Told]] = []
    for size in map(int, options or SIZES):
        told.append((size, measure(size, model, kept, posts)))
        print(_row(*told[-1]), flush=True)
    for before, after in pairwise(told):
        print(_growth_row(before, after))


if __name__ == "__main__":
    main(*sys.argv[1:])
