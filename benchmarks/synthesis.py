"""How long the synthesis of a month takes as the month grows: processor seconds of composing it and of checking it again.

The notes are shared arXiv papers (``SLIPWAY_DATA``), each as Slipway would write it, spread over the days of a month; topics are
their first two categories together. Trends and links are left out: they are measured where they are made.

``python -m benchmarks synthesis [--months 2025-08,2025-09] [--sizes 300,1250,5000]``
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.month import papers_of
from notes.markup.document import read_note, render_note
from notes.model import Block, BlockKind, Note, SourceType, Topic, VaultNote
from notes.text.slug import note_id
from publish.checking.checker import check
from publish.synthesis import Occasion, OccasionKind, compose

__all__ = ["main"]

_LEAST = 3  # notes of a topic


def main(*options: str) -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(prog="benchmarks synthesis")
    parser.add_argument("--months", default="2025-08,2025-09")
    parser.add_argument("--sizes", default="300,1250,5000")
    chosen = parser.parse_args(options)
    data = Path(os.environ["SLIPWAY_DATA"])
    papers = [paper for month in chosen.months.split(",") for paper in papers_of(month, data)]
    print("| notes | topics | composed, s | checked again, s | claims | dropped | told | peak MB |")
    print("|---|---|---|---|---|---|---|---|")
    for size in map(int, chosen.sizes.split(",")):
        print(_row(papers[:size]), flush=True)


def _row(papers: Sequence[dict[str, Any]]) -> str:
    end = date(2025, 9, 30)
    notes = [_note(paper, end - timedelta(days=n % 30), n) for n, paper in enumerate(papers)]
    known, topics = {note.id: note for note in notes}, _topics(notes, papers)
    started = time.process_time()
    made = compose(
        end,
        notes,
        all_notes=known,
        topics=topics,
        number=len(notes) + 1,
        window=(end.replace(day=1), end),
        occasion=Occasion(OccasionKind.MONTH, end),
    )
    composed = time.process_time() - started
    assert made is not None
    started = time.process_time()
    report = check(made.post, known)
    checked = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"| {len(notes):,} | {len(topics)} | {composed:.1f} | {checked:.1f} | {len(made.post.claims)} |"
        f" {len(report.dropped)} | {len(made.post.note_ids)} | {peak:,} |"
    )


def _note(paper: dict[str, Any], day: date, number: int) -> VaultNote:
    text = " ".join(str(paper["abstract"]).split())
    title = " ".join(str(paper["title"]).split())
    note = Note(
        id=note_id(day, number + 1, title),
        title=title,
        created=day,
        published=day,
        source="arXiv",
        source_type=SourceType.ARXIV,
        lang="en",
        url=f"https://arxiv.org/abs/{paper['id']}",
        arxiv_id=str(paper["id"]),
        quality_score=0.5 + (number * 37 % 50) / 100,
        blocks=(Block(BlockKind.PARAGRAPH, text),),
    )
    return read_note(f"notes/{day.year}/{note.id}.md", render_note(note).encode(), mtime_ns=0)


def _topics(notes: Sequence[VaultNote], papers: Sequence[dict[str, Any]]) -> tuple[Topic, ...]:
    held: defaultdict[str, list[str]] = defaultdict(list)
    for note, paper in zip(notes, papers, strict=True):
        held[" · ".join(paper["categories"][:2])].append(note.id)
    return tuple(
        Topic(
            id=name.lower().replace(".", "-").replace(" · ", "-"),
            name=name,
            terms=(),
            note_ids=tuple(ids),
            medoid=ids[0],
            first_seen=date(2025, 9, 1),
            last_seen=date(2025, 9, 30),
        )
        for name, ids in sorted(held.items())
        if len(ids) >= _LEAST
    )
