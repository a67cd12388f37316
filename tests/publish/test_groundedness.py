"""A slice of ``benchmarks groundedness``: posts of real abstracts, read back from their files, resolve to the last word."""

from __future__ import annotations

import gzip
import json
import os
import random
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.edition_notes import kept_note
from notes.model import Block, BlockKind, VaultNote
from publish.checking.audit import audit
from publish.daily.composing import write_daily
from publish.wording.words import LANGUAGES

DATA = os.environ.get("SLIPWAY_DATA", "")
DAY = date(2025, 10, 31)
AUDIENCE = "engineers who build agents"
POOL, PER_POST, SEED = 400, 14, 6

pytestmark = pytest.mark.skipif(not DATA, reason="SLIPWAY_DATA names no folder with arxiv/daily-en")


@cache
def abstracts() -> tuple[VaultNote, ...]:
    """Notes of a seeded choice of one month's abstracts."""
    newest = max((Path(DATA) / "arxiv/daily-en").glob("*.jsonl.gz"))
    with gzip.open(newest, "rt", encoding="utf-8") as lines:
        pool = [json.loads(line) for line in islice(lines, POOL)]
    chosen = random.Random(SEED).sample(pool, 3 * PER_POST)
    return tuple(
        kept_note(
            DAY,
            number,
            paper["title"],
            (Block(BlockKind.PARAGRAPH, paper["abstract"]),),
            source="arXiv",
            url=f"https://arxiv.org/abs/{paper['id']}",
            quality=1 - number / 100,
        )
        for number, paper in enumerate(chosen, 1)
    )


@pytest.mark.parametrize(("part", "lang"), list(enumerate(LANGUAGES)), ids=LANGUAGES)
def test_posts_of_real_abstracts_resolve(part, lang):
    notes = {note.id: note for note in abstracts()[part * PER_POST : (part + 1) * PER_POST]}
    post = write_daily(DAY, list(notes.values()), all_notes=notes, language=lang, audience=AUDIENCE)
    assert post is not None
    found = audit(post.text, notes, lang=lang, day=DAY, named=[AUDIENCE])
    assert found.findings == ()
    assert found.stretches > 30
    assert post.report == (), "nothing that the extractive writer offers is refused"
