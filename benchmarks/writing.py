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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.editions import rows
from benchmarks.vault_houses import item
from notes.clock import FixedClock
from notes.model import Item, ItemStatus
from notes.text.slug import note_id
from slipway.app import App
from slipway.config import load_config
from slipway.store.records import Decision
from slipway.store.store import Store

__all__ = ["growth", "main"]

SIZES = ("1250", "2500", "5000")
STEPS = ("topics", "trends", "ten posts", "synthesis")
LAST = date(2025, 10, 31)
DAYS, BEFORE = 31, 61
POSTS = 10
_KEPT = frozenset({"models", "vectors"})  # tables of the features of texts

CONFIG = """
timezone = "UTC"
[model]
name = "{model}"
[promote]
budget = 0
expire_days = 3650
[write]
weekly = false
monthly = {monthly}
[[interests]]
name = "Agents"
text = "Language model agents that plan, use tools, keep memory over long tasks and learn skills."
[[sources]]
key = "arxiv"
kind = "file"
title = "arXiv"
path = "arxiv.xml"
"""


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


class _Quiet:
    def progress(self, label: str) -> Callable[[int, int], None]:
        return lambda done, total: None

    def warn(self, message: str) -> None:
        print(message, file=sys.stderr)


# --- the house -----------------------------------------------------------------------------------------------------


def build(root: Path, size: int, model: str) -> None:
    """A house whose vault holds ``size`` notes of the month that ends on LAST, as the promote stage writes them."""
    from slipway.stages.promote import promote

    root.mkdir(parents=True)
    _configure(root, model, monthly=False)
    config = load_config(root / "slipway.toml")
    config.state.mkdir(parents=True)
    with Store.open(config.database) as store:
        for day, group in groupby(_dated_items(size), key=lambda one: one[0]):
            _record(store, day, [item for _, item in group])
    with _app(root) as app:
        promote(app)


def _configure(root: Path, model: str, *, monthly: bool) -> None:
    told = CONFIG.format(model=model, monthly=str(monthly).lower())
    (root / "slipway.toml").write_text(told, encoding="utf-8")


def _app(root: Path, day: date = LAST) -> App:
    config = load_config(root / "slipway.toml")
    return App(config, FixedClock(day, ZoneInfo("UTC")), _Quiet())


def _dated_items(size: int) -> Iterator[tuple[date, Item]]:
    """The last papers announced up to LAST, spread evenly: ``size`` over the month, half as many over the two before."""
    folder = Path(os.environ["SLIPWAY_DATA"]) / "arxiv" / "daily-en"
    papers = {str(row["id"]): row for row in rows(folder) if date.fromisoformat(str(row["announced"])) <= LAST}
    chosen = sorted(papers.values(), key=lambda row: (row["announced"], row["id"]))[-(size + size // 2) :]
    early = len(chosen) - size
    first = LAST - timedelta(days=DAYS - 1)
    for at, paper in enumerate(chosen):
        later = (at - early) * DAYS // size if at >= early else at * BEFORE // early - BEFORE
        day = first + timedelta(days=later)
        yield day, replace(item(paper), published=datetime.combine(day, datetime.min.time(), UTC))


def _record(store: Store, day: date, items: Sequence[Item]) -> None:
    """Let the items come in on a day, and be kept, or be let go where the month has not begun."""
    store.record_fetch(
        "arxiv",
        "arxiv",
        "https://rss.arxiv.org/atom/cs",
        etag="",
        last_modified="",
        body_sha256="",
        items=items,
        now=datetime.combine(day, datetime.min.time(), UTC),
    )
    new = sorted(store.slips(ItemStatus.INBOX), key=lambda slip: slip.id)
    kept = day > LAST - timedelta(days=DAYS)
    decide = _kept if kept else _let_go
    store.decide([decide(slip.id, slip.item.title, day, number) for number, slip in enumerate(new, 1)], day)


def _kept(slip: int, title: str, day: date, number: int) -> Decision:
    name = note_id(day, number, title)
    return Decision(
        item_id=slip,
        status=ItemStatus.PROMOTED,
        score=0.4 + (slip * 37 % 50) / 100,
        reasons=("relevance 0.60: close to the interest Agents",),
        note_id=name,
        path=f"notes/{day:%Y}/{name}.md",
        number=number,
    )


def _let_go(slip: int, _title: str, _day: date, _number: int) -> Decision:
    return Decision(item_id=slip, status=ItemStatus.EXPIRED, score=0.2, reasons=("relevance 0.20: waited",))


# --- the measurement -----------------------------------------------------------------------------------------------


def work(root: Path, model: str) -> Told:
    """Do it all in this process."""
    from slipway.stages.write import write

    told = Told()
    _forget(root)
    _topics_and_trends(root, told)
    with told.step("ten posts"):
        for back in reversed(range(POSTS)):
            with _app(root, LAST - timedelta(days=back)) as app:
                write(app)
    _synthesis(root, model, told)
    told.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return told


def _forget(root: Path) -> None:
    """Throw away the topics, and what is kept by the hash of a text but for its vector."""
    with _app(root) as app:
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

    with _app(root) as app:
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

    _configure(root, model, monthly=True)
    with _app(root) as app, told.step("synthesis"):
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
