"""The house in which writing is timed: two months of papers that were let go, then one whose papers are notes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
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

__all__ = ["LAST", "Quiet", "app_of", "build", "configure"]

LAST = date(2025, 10, 31)
DAYS, BEFORE = 31, 61

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


class Quiet:
    def progress(self, label: str) -> Callable[[int, int], None]:
        return lambda done, total: None

    def warn(self, message: str) -> None:
        print(message, file=sys.stderr)


def build(root: Path, size: int, model: str) -> None:
    """A house whose vault holds ``size`` notes of the month that ends on LAST, as the promote stage writes them."""
    from slipway.stages.promote import promote

    root.mkdir(parents=True)
    configure(root, model, monthly=False)
    config = load_config(root / "slipway.toml")
    config.state.mkdir(parents=True)
    with Store.open(config.database) as store:
        for day, group in groupby(_dated_items(size), key=lambda one: one[0]):
            _record(store, day, [item for _, item in group])
    with app_of(root) as app:
        promote(app)


def configure(root: Path, model: str, *, monthly: bool) -> None:
    told = CONFIG.format(model=model, monthly=str(monthly).lower())
    (root / "slipway.toml").write_text(told, encoding="utf-8")


def app_of(root: Path, day: date = LAST) -> App:
    config = load_config(root / "slipway.toml")
    return App(config, FixedClock(day, ZoneInfo("UTC")), Quiet())


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
