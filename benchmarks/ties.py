"""Ties: what the works of real days connect to in a vault by sentences of their own, against labels made by hand.

The vault is every paper announced up to the day, as one would have it who keeps all; ``picks`` are those that Hugging Face's
daily list picked (what the editions' days are made of), ``held`` all others of the same days. A tie is right when the named work
is that note's and its sentence says so: that it names it is true of each, so a see-also that could have said more is right too
(column *as labelled* asks for the kind itself). The labels (``tests/data/tie_labels.json``) hold ids and kinds, no text; pairs
without one are not counted.

``python -m benchmarks ties [--of picks|held] [--first 2025-05-15] [--last 2025-10-31] [--small] [--show]``; with ``--small`` the
vault holds only what was picked.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.edition_notes import kept_note
from benchmarks.editions import day_of, rows
from notes.model import Block, BlockKind, Relation, RelationKind, VaultNote
from publish.post.named import Titles, related
from publish.sources.brief import stories
from publish.sources.works import short_name

LABELS = Path(__file__).parent.parent / "tests" / "data" / "tie_labels.json"
EVERY = (
    25  # of the papers that no work names, those that are notes as well: by them common words are told from rare ones
)
_WORD = re.compile(r"[A-Za-z0-9]+")


def main(*options: str) -> None:
    """Print how many ties of each kind there are, on how many days, and how many are right."""
    parser = argparse.ArgumentParser(prog="benchmarks ties")
    parser.add_argument("--of", choices=("picks", "held"), default="picks")
    parser.add_argument("--first", type=date.fromisoformat, default=date(2025, 5, 15))
    parser.add_argument("--last", type=date.fromisoformat, default=date(2025, 10, 31))
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--show", action="store_true")
    chosen = parser.parse_args(options)
    papers, picked = _papers(Path(os.environ["SLIPWAY_DATA"]))
    days = sorted({day for row in papers if chosen.first <= (day := day_of(row)) <= chosen.last and day.weekday() < 5})
    told = [row for row in papers if day_of(row) in days and (str(row["id"]) in picked) == (chosen.of == "picks")]
    kept = [row for row in papers if not chosen.small or str(row["id"]) in picked]
    found = list(ties(told, kept))
    labels = json.loads(LABELS.read_text(encoding="utf-8"))["labels"] if LABELS.exists() else {}
    if chosen.show:
        for pair, one in found:
            print(f"{labels.get(pair, '?'):9} {one.kind.value:9} {pair} {one.name}\n    {one.sentence}")
    print_table(found, labels, len(told), len(days))


def ties(told: Sequence[Mapping[str, Any]], kept: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Relation]]:
    """Each tie of the works that are ``told`` with its pair of arXiv ids, day by day."""
    words = {word for row in told for word in _WORD.findall(str(row["abstract"]))}
    named = (row for row in kept if short_name(str(row["title"])) and _first(str(row["title"])) in words)
    sampled = {str(row["id"]): row for row in (*named, *kept[::EVERY], *told)}
    notes = {key: note_of(row) for key, row in sampled.items()}
    ids = {note.id: key for key, note in notes.items()}
    by_day: defaultdict[date, list[VaultNote]] = defaultdict(list)
    for key, row in sampled.items():
        by_day[day_of(row)].append(notes[key])
    chosen = {str(row["id"]) for row in told}
    known: dict[str, VaultNote] = {}
    for _, fresh in sorted(by_day.items()):
        known |= {note.id: note for note in fresh}
        works = stories([note for note in fresh if ids[note.id] in chosen], [], [])
        titles = Titles(known)
        for story in works:
            for one in related(story, known, titles):
                yield f"{ids[one.of]}>{ids[one.to]}", one


def note_of(row: Mapping[str, Any]) -> VaultNote:
    """A paper as Slipway would keep it; its id is its note's number."""
    year, number = str(row["id"]).split(".")
    text = (Block(BlockKind.PARAGRAPH, " ".join(str(row["abstract"]).split())),)
    address = f"https://arxiv.org/abs/{row['id']}"
    return kept_note(
        day_of(row),
        int(year) * 100_000 + int(number),
        str(row["title"]),
        text,
        source="arXiv",
        url=address,
        quality=0.8,
    )


def print_table(found: Sequence[tuple[str, Relation]], labels: Mapping[str, str], works: int, days: int) -> None:
    """How many ties of each kind there are, and how many of the labelled ones are right."""
    print("| kind | ties | labelled | right | as labelled | precision |\n|---|---|---|---|---|---|")
    for kind in (*RelationKind, None):
        held = [(pair, one) for pair, one in found if kind in {None, one.kind}]
        known = [(labels[pair], one.kind) for pair, one in held if pair in labels]
        exact = sum(label == told.value for label, told in known)
        right = sum(label == told.value or (label != "" and told is RelationKind.NAMES) for label, told in known)
        share = f"{right / len(known):.3f}" if known else ""
        print(f"| {kind.value if kind else 'all'} | {len(held)} | {len(known)} | {right} | {exact} | {share} |")
    print(f"\n{works} works of {days} days; {len({pair.split('>')[0] for pair, _ in found})} works have a tie.")


def _papers(data: Path) -> tuple[list[Mapping[str, Any]], set[str]]:
    picked = {str(row["id"]) for row in rows(data / "arxiv/hf-daily-papers")}
    papers: dict[str, Mapping[str, Any]] = {}
    for row in rows(data / "arxiv/daily-en"):
        papers.setdefault(str(row["id"]), row)
    return sorted(papers.values(), key=lambda row: (day_of(row), str(row["id"]))), picked


def _first(title: str) -> str:
    found = _WORD.search(title)
    return found[0] if found else ""
