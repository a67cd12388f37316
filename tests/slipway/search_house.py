"""A small house with an index, made once and copied for each damage; notes in three scripts, the hashing model."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from index.retrieval.query import Query
from notes.clock import FixedClock
from slipway.app import App
from slipway.config import load_config
from slipway.search.searcher import open_search
from slipway.stages.search_index import index
from tests.index.shelf import SHELF

CONFIG = 'timezone = "Asia/Hong_Kong"\n[model]\nname = "{model}"\n'
QUERIES = (
    Query(text="reinforcement learning of skills", n=5),
    Query(text="强化", n=5),
    Query(text="質量控制", mode="lexical", n=5),
    Query(text="tumours", mode="lexical", n=5),
    Query(text="policy drafts", mode="semantic", n=5),
)


class Quiet:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def progress(self, label: str) -> Callable[[int, int], None]:
        return lambda done, total: None

    def warn(self, message: str) -> None:
        self.told.append(message)


def app_in(root: Path) -> App:
    config = load_config(root / "slipway.toml")
    return App(config, FixedClock(date(2026, 2, 21), config.zone), Quiet())


def write_note(root: Path, name: str, text: str) -> None:
    path = root / "vault" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make_house(root: Path, model: str = "hashing") -> Path:
    root.mkdir(parents=True, exist_ok=True)
    (root / "slipway.toml").write_text(CONFIG.format(model=model))
    for one in SHELF:
        write_note(root, one.id, f"---\ntitle: '{one.title}'\nlang: {one.lang}\n---\n\n{one.text}\n")
    long = "\n\n".join(f"Round {n}: agents plan, act and look back at what they did, 第{n}輪實驗。" for n in range(60))
    write_note(root, "long", f"# A long one\n\n{long}\n")
    return root


def indexed_house(root: Path) -> Path:
    make_house(root)
    refresh_index(root)
    return root


def refresh_index(root: Path):
    with app_in(root) as app:
        return index(app)


def copy_house(sound: Path, root: Path) -> Path:
    shutil.copytree(sound, root)
    return root


def ask(root: Path, *, mend: bool = True, queries=QUERIES):
    """The hits of each query as (id, passage, score), and all warnings, of the searcher and of what it told beside."""
    with app_in(root) as app:
        searcher = open_search(app, mend=mend)
        try:
            replies = [searcher(query) for query in queries]
        finally:
            searcher.close()
        hits = [[(hit.id, hit.passage, hit.score) for hit in reply.results] for reply in replies]
        return hits, [word for reply in replies for word in reply.warnings]
