"""Which works of a large window are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from notes.model import Link, LinkKind
from publish.synthesis.occasion import Occasion, OccasionKind
from publish.synthesis.selection import worth_reading
from tests.publish.newsroom import TOPICS, vault_note

NOTES = [
    vault_note(
        n,
        f"Work{'abcdefghijklmnopqrst'[n]}RL: words",
        "We propose a work.",
        quality=0.4 + n / 100,
        arxiv_id=f"2602.{n:05d}",
    )
    for n in range(20)
]


def test_of_few_all_are_read():
    assert worth_reading(NOTES, (), (), most=20) == tuple(NOTES)


def test_of_many_the_best_and_some_of_every_topic():
    weak = replace(TOPICS[0], id="weak", note_ids=(NOTES[0].id, NOTES[1].id))
    chosen = worth_reading(NOTES, (), (weak,), most=5)
    assert [note.id for note in chosen] == [NOTES[n].id for n in (0, 1, 17, 18, 19)]


def test_all_notes_of_a_work_come_with_it():
    telling = vault_note(30, "WorktRL, told again", "WorktRL is told again.", source="Lab", quality=0.1)
    link = Link(telling.id, NOTES[19].id, LinkKind.SAME_WORK, 1.0, "")
    back = Link(NOTES[19].id, telling.id, LinkKind.SAME_WORK, 1.0, "")
    assert telling in worth_reading([*NOTES, telling], (link, back), (), most=1)


def test_order_of_input_does_not_matter():
    assert worth_reading(NOTES[::-1], (), (), most=5) == worth_reading(NOTES, (), (), most=5)


def test_an_occasion_knows_its_own_note():
    week = Occasion(OccasionKind.WEEK, date(2026, 2, 20))
    month = Occasion(OccasionKind.MONTH, date(2026, 2, 28))
    asked = Occasion(OccasionKind.ASKED, date(2026, 2, 20), "RAG 检索")
    assert (week.path, month.path, asked.path) == (
        "trends/2026-W08.md",
        "trends/2026-02.md",
        "trends/2026-02-20-rag-jian-suo-fba028.md",
    )
    for occasion in (week, month, asked):
        assert occasion.is_of(occasion.note_id(date(2026, 2, 20), 7), date(2026, 2, 20), 7)
    assert not month.is_of(week.note_id(date(2026, 2, 20), 7), date(2026, 2, 20), 7)
    assert not asked.is_of(asked.note_id(date(2026, 2, 19), 7), date(2026, 2, 19), 7), "asked for anew each day"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C++", "C#"),
        ("!!!", "???"),
        ("智能體", "職能體"),
        ("tools in long tasks " * 5 + "A", "tools in long tasks " * 5 + "B"),
        ("agents, skills", "agents skills"),
    ],
    ids=["signs", "signs alone", "homophones", "long", "punctuation"],
)
def test_what_is_asked_in_other_words_has_a_file_and_a_note_of_its_own(one, other):
    first, second = (Occasion(OccasionKind.ASKED, date(2026, 2, 20), subject) for subject in (one, other))
    assert first.path != second.path
    assert first.note_id(date(2026, 2, 20), 1) != second.note_id(date(2026, 2, 20), 1)
    assert len(first.path) < 100


def test_the_same_words_have_the_same_file():
    named = [
        Occasion(OccasionKind.ASKED, date(2026, 2, 20), subject).path
        for subject in ("Skills  of agents", "skills of Agents")
    ]
    assert set(named) == {"trends/2026-02-20-skills-of-agents.md"}
