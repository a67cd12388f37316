"""Houses for :mod:`benchmarks.vault`: a box and a vault of N notes, made of real papers."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from notes.model import Block, BlockKind, Item, ItemStatus, SourceType
from notes.text import slug
from slipway.config import load_config
from slipway.store.records import Decision
from slipway.store.store import Store

__all__ = ["FIRST_NIGHT", "build", "record"]

NEW = 200
WAITING = 1000
PER_DAY = 100
FIRST_NIGHT = date(2026, 2, 20)
OWN = 20
"""One note in so many is the user's own."""

CONFIG = """
timezone = "UTC"
[model]
name = "{model}"
[promote]
budget = 20
expire_days = 3650
[[interests]]
name = "Agents"
text = "Language model agents that plan, use tools, keep memory over long tasks and learn skills."
[[interests]]
name = "Reasoning"
text = "Reinforcement learning with verifiable rewards, mathematical and code reasoning."
"""


def papers() -> Iterator[dict[str, Any]]:
    """All papers of the data, each once, by month; then anew with the sentences of two papers mixed."""
    folder = Path(os.environ["SLIPWAY_DATA"]) / "arxiv" / "daily-en"
    known: dict[str, dict[str, Any]] = {}
    for month in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(month, "rt", encoding="utf-8") as lines:
            for paper in map(json.loads, lines):
                if known.setdefault(paper["id"], paper) is paper:
                    yield paper
    originals = list(known.values())
    for turn in range(1, 100):
        for at, paper in enumerate(originals):
            yield _mixed(paper, originals[(at * 7 + turn * 101) % len(originals)], turn)


def _mixed(one: dict[str, Any], other: dict[str, Any], turn: int) -> dict[str, Any]:
    head, tail = one["abstract"].split(". "), other["abstract"].split(". ")
    abstract = ". ".join([*head[::2], *tail[1::2]])
    year, number = one["id"].split(".")
    title = f"{one['title'].partition(':')[0]}, seen by {other['title'].rpartition(':')[2].strip()}"
    return {**one, "id": f"{int(year) - 100 * turn:04d}.{number}", "abstract": abstract, "title": title}


def item(paper: Mapping[str, Any]) -> Item:
    """A paper as arXiv's feed gives it."""
    identity = str(paper["id"])
    moment = datetime.combine(FIRST_NIGHT, datetime.min.time(), UTC)
    authors = paper.get("authors") or ()
    names = tuple(authors) if isinstance(authors, list) else tuple(str(authors).split(", "))
    categories = paper.get("categories") or ()
    return Item(
        key=f"arxiv:{identity}",
        source="arxiv",
        source_title="arXiv",
        source_type=SourceType.ARXIV,
        external_id=f"oai:arXiv.org:{identity}v1",
        url=f"https://arxiv.org/abs/{identity}",
        title=str(paper["title"]),
        authors=names,
        blocks=(Block(BlockKind.PARAGRAPH, str(paper["abstract"])),),
        published=moment,
        lang="en",
        categories=tuple(categories) if isinstance(categories, list) else tuple(str(categories).split()),
        arxiv_id=identity,
        arxiv_version=1,
        content_hash=identity,
        announced="new",
    )


def build(root: Path, size: int, model: str) -> None:
    """A house whose box holds the papers of ``size`` notes as promoted, whose vault the user's own ones, and nothing else yet."""
    root.mkdir(parents=True)
    (root / "slipway.toml").write_text(CONFIG.format(model=model), encoding="utf-8")
    config = load_config(root / "slipway.toml")
    config.state.mkdir(parents=True)
    found = papers()
    own = size // OWN
    _write_own(config.vault, list(islice(found, own)))
    with Store.open(config.database) as store:
        promoted = record(store, islice(found, size - own), FIRST_NIGHT - timedelta(days=2))
        for start in range(0, len(promoted), PER_DAY):
            day = FIRST_NIGHT - timedelta(days=2 + (len(promoted) - start) // PER_DAY)
            store.decide([_promotion(slip, day, n) for n, slip in enumerate(promoted[start : start + PER_DAY], 1)], day)
        waiting = record(store, islice(found, min(WAITING, size // 5)), FIRST_NIGHT - timedelta(days=2))
        store.decide(
            [
                Decision(item_id=slip, status=ItemStatus.INBOX, score=0.2, reasons=("relevance 0.20: waits",))
                for slip, _ in waiting
            ],
            FIRST_NIGHT - timedelta(days=2),
        )
    (root / "next.json").write_text(json.dumps(list(islice(found, NEW))), encoding="utf-8")


def _write_own(vault: Path, found: Sequence[Mapping[str, Any]]) -> None:
    for at, paper in enumerate(found):
        place = vault / "own" / f"{at // 500:03d}" / f"{slug.slugify(str(paper['title']), 60)}-{at}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        categories = str(paper.get("categories") or "cs.LG").replace("[", "").replace("'", "").split()
        tags = "\n".join(f"  - {slug.tag(category.strip(',]').replace('.', '-'))}" for category in categories[:2])
        link = f"[[{slug.slugify(str(found[at - 1]['title']), 60)}-{at - 1}]]" if at % 3 == 0 and at else ""
        text = (
            f"---\ntags:\n{tags}\n---\n\n# {str(paper['title']).replace('[', '(')}\n\n{paper['abstract']}\n\n{link}\n"
        )
        place.write_text(text, encoding="utf-8")


def record(store: Store, found: Iterator[Mapping[str, Any]], day: date) -> list[tuple[int, str]]:
    """Record papers as fetched on ``day``; returns the new slips' ids and titles."""
    before = {slip.id for slip in store.slips(ItemStatus.INBOX)}
    now = datetime.combine(day, datetime.min.time(), UTC)
    while batch := [item(paper) for paper in islice(found, 1000)]:
        store.record_fetch(
            "arxiv",
            "arxiv",
            "https://rss.arxiv.org/atom/cs",
            etag="",
            last_modified="",
            body_sha256="",
            items=batch,
            now=now,
        )
    return [(slip.id, slip.item.title) for slip in store.slips(ItemStatus.INBOX) if slip.id not in before]


def _promotion(slip: tuple[int, str], day: date, number: int) -> Decision:
    note_id = slug.note_id(day, number, slip[1])
    return Decision(
        item_id=slip[0],
        status=ItemStatus.PROMOTED,
        score=0.6,
        reasons=("relevance 0.60: close to the interest Agents",),
        note_id=note_id,
        path=f"notes/{day:%Y}/{note_id}.md",
        number=number,
    )
