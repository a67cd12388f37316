"""Posts of real days to read: a house that keeps what was announced on each day, and the post of every one of them.

The days are arXiv's announcements that Hugging Face's daily list picked and the entries that labs dated on that day, from the
data of ``SLIPWAY_DATA``. The nights before the first day fill the vault, so that the posts have something to connect to. With
``--sources csl`` the days hold Chinese abstracts instead: eight a day, in the order of the corpus, without links and topics.

``python -m benchmarks editions --out FOLDER [--house FOLDER] [--days 10] [--last 2025-10-31] [--lang zh-Hant] [--sources csl]``
writes one Markdown file a day and prints what a post is made of and the share of sentences that it has in common with the post
of the day before; ``--house`` keeps the house, so that the posts can be written again without its nights.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.edition_notes import csl_days, kept_note, lab_notes
from benchmarks.month import HEAD, _entry
from notes.clock import FixedClock
from notes.model import Block, BlockKind, Link, Post, Topic, VaultNote
from notes.text.fold import fold
from publish.daily.composing import write_daily
from publish.post.memory import Told
from slipway.app import App
from slipway.config import load_config
from slipway.console import Console
from slipway.library import is_note
from slipway.night import run_night

CONFIG = """
timezone = "UTC"
[promote]
budget = {budget}
threshold = 0.05
per_feed = 0
per_topic = 0
max_age_days = 60
{interests}
[[sources]]
key = "arxiv"
kind = "file"
title = "arXiv"
path = "arxiv.xml"
"""

INTERESTS = {
    "Agents": "Language model agents that plan, use tools, keep memory over long tasks, browse and write code.",
    "Reasoning": "Reinforcement learning with verifiable rewards, mathematical and code reasoning, test-time compute.",
    "Multimodal": "Vision-language models, visual reasoning, image and video generation, world models.",
    "Efficiency": "Attention, quantisation, long context, KV cache, training stability, inference speed.",
}
PER_DAY, PER_WEEK = 14, 40
ECHOES = 3


def main(*options: str) -> None:
    """Build the house where there is none, write the posts, print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks editions")
    parser.add_argument(
        "--out", type=Path, default=None, help="where the posts are written; without it only the table is"
    )
    parser.add_argument("--house", type=Path, default=None, help="where the house is kept between runs")
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--last", type=date.fromisoformat, default=date(2025, 10, 31))
    parser.add_argument("--weeks", type=int, default=6, help="of nights that fill the vault beforehand")
    parser.add_argument("--lang", default="en")
    parser.add_argument("--sources", choices=("hf", "csl"), default="hf")
    parser.add_argument("--audience", default="")
    chosen = parser.parse_args(options)
    days = announced_days(chosen.last, chosen.days)
    if chosen.sources == "csl":
        by_day, kept = csl_days(Path(os.environ["SLIPWAY_DATA"]), days), Kept()
    else:
        with tempfile.TemporaryDirectory() as folder:
            root = chosen.house or Path(folder)
            if not (root / "vault").is_dir():
                build(root, days, chosen.weeks)
            by_day, kept = read_house(root, days)
    posts = write_posts(by_day, kept, chosen.lang, chosen.audience)
    for post in posts if chosen.out else ():
        chosen.out.mkdir(parents=True, exist_ok=True)
        (chosen.out / f"{post.date}.md").write_text(post.text, encoding="utf-8")
    print_table(posts, write_posts(by_day, kept, chosen.lang, chosen.audience, memory=False))


def announced_days(last: date, number: int) -> list[date]:
    """The last ``number`` days up to ``last`` on which arXiv announced papers, oldest first; weekends repeat the day before."""
    days = {day_of(paper) for paper in rows(Path(os.environ["SLIPWAY_DATA"]) / "arxiv/daily-en")}
    return sorted(day for day in days if day <= last and day.weekday() < 5)[-number:]


@dataclass(frozen=True, slots=True)
class Night:
    """What arXiv announced on a day, as a reply of its API, and how many notes are kept."""

    day: date
    announced: str
    budget: int


def build(root: Path, days: Sequence[date], weeks: int) -> None:
    """One night a week to fill the vault, then one night for each day; as Slipway runs them, without writing."""
    data = Path(os.environ["SLIPWAY_DATA"])
    first = days[0] - timedelta(days=7 * weeks)
    mondays = [first + timedelta(days=7 * week) for week in range(weeks)]
    spans = [(day, day + timedelta(days=7), PER_WEEK) for day in mondays]
    spans += [(day, day + timedelta(days=1), PER_DAY) for day in days]
    gathered = hf_nights(data, spans)
    root.mkdir(parents=True, exist_ok=True)
    embedder = None
    for night in gathered:
        interests = "".join(f'[[interests]]\nname = "{k}"\ntext = "{v}"\n' for k, v in INTERESTS.items())
        told = CONFIG.format(
            budget=night.budget,
            interests=interests,
        )
        (root / "slipway.toml").write_text(told, encoding="utf-8")
        (root / "arxiv.xml").write_text(night.announced, encoding="utf-8")
        config = load_config(root / "slipway.toml")
        with App(config, FixedClock(night.day, config.zone), Console(quiet=True)) as app:
            if embedder is not None:
                app.embedder = embedder
            run_night(app, ("fetch", "promote"), at_once=True)
            embedder = app.embedder


def hf_nights(data: Path, spans: Sequence[tuple[date, date, int]]) -> Iterator[Night]:
    """Papers that were announced in each span and picked at any time."""
    picked = {str(row["id"]) for row in rows(data / "arxiv/hf-daily-papers")}
    papers = {str(row["id"]): row for row in rows(data / "arxiv/daily-en") if str(row["id"]) in picked}
    for start, end, budget in spans:
        held = [paper for _, paper in sorted(papers.items()) if start <= day_of(paper) < end]
        yield Night(end - timedelta(days=1), HEAD + "".join(map(_entry, held)) + "</feed>", budget)


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """All rows of a folder of months, oldest first."""
    for path in sorted(folder.glob("*.jsonl.gz"), reverse=True):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def day_of(paper: Mapping[str, Any]) -> date:
    """The day on which a paper was announced."""
    return date.fromisoformat(str(paper["announced"]))


@dataclass(frozen=True, slots=True)
class Kept:
    """What a house holds beside the notes of the days: older notes, links, topics."""

    older: tuple[VaultNote, ...] = ()
    links: tuple[Link, ...] = ()
    topics: tuple[Topic, ...] = ()


def read_house(root: Path, days: Sequence[date]) -> tuple[dict[date, list[VaultNote]], Kept]:
    """The notes of each day, and what else the house holds."""
    config = load_config(root / "slipway.toml")
    with App(config, FixedClock(days[-1], config.zone), Console(quiet=True)) as app:
        held = [note for note in app.vault.notes() if is_note(note) and note.source_type]
        links, topics = app.store.links(), app.store.topics()
    labs = lab_notes(Path(os.environ["SLIPWAY_DATA"]) / "feeds/ai-labs/olshansk", days)
    papers = {day: [note for note in held if note.created == day] for day in days}
    again = {day: list(echoes(day, papers[before])) for before, day in pairwise(days)}
    by_day = {day: [*papers[day], *labs[day], *again.get(day, ())] for day in days}
    older = tuple(note for note in held if note.created and note.created < days[0])
    return by_day, Kept(older, tuple(links), tuple(topics))


def echoes(day: date, before: Sequence[VaultNote]) -> Iterator[VaultNote]:
    """Some works of the day before, as another source tells them again: that is what a memory is for."""
    for number, note in enumerate(sorted(before, key=lambda note: note.id)[:ECHOES], start=91):
        text = tuple(Block(BlockKind.PARAGRAPH, part.text) for part in note.sections if part.heading == "Abstract")
        yield kept_note(day, number, note.title, text, source="Daily picks", url=note.url, quality=0.9)


def write_posts(
    by_day: Mapping[date, Sequence[VaultNote]], kept: Kept, lang: str, audience: str, *, memory: bool = True
) -> list[Post]:
    """The post of each day, from what the vault held on its evening; without ``memory`` no post knows of another."""
    posts: list[Post] = []
    known = {note.id: note for note in kept.older}
    for day, fresh in sorted(by_day.items()):
        known |= {note.id: note for note in fresh}
        post = write_daily(
            day,
            fresh,
            all_notes=known,
            links=[link for link in kept.links if link.src in known and link.dst in known],
            topics=kept.topics,
            language=lang,
            audience=audience,
            earlier=[remembered(post) for post in posts] if memory else (),
        )
        if post is not None:
            posts.append(post)
    return posts


def remembered(post: Post) -> Told:
    """What a post told, as the next one remembers it."""
    sentences = tuple(text for claim in post.claims for text in (claim.text, *claim.quotes))
    return Told(post.id, post.date, post.note_ids, sentences, post.path.removesuffix(".md"))


def print_table(posts: Sequence[Post], forgetful: Sequence[Post]) -> None:
    """What each post is made of, and what it shares with the one before, also where no post remembers another."""
    print("| day | notes | sentences | of the day before | without memory | title |\n|---|---|---|---|---|---|")
    for post, own, other in zip(posts, shares(posts), shares(forgetful), strict=True):
        told = len(sentences_of(post))
        print(f"| {post.date} | {len(post.note_ids)} | {told} | {own:.1%} | {other:.1%} | {post.title} |")


def shares(posts: Sequence[Post]) -> list[float]:
    """The share of each post's sentences that stand in the one before."""
    told = [sentences_of(post) for post in posts]
    return [len(own & before) / max(1, len(own)) for before, own in zip([set(), *told], told, strict=False)]


def sentences_of(post: Post) -> set[str]:
    """The sentences of a post, folded; titles, bylines and labels are none."""
    return {fold(claim.text) for claim in post.claims if claim.quotes}
