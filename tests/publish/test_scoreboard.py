"""The table of a synthesis: whose figure it is, on what, in which words."""

from __future__ import annotations

from datetime import date

import pytest

from publish.post.draft import Draft
from publish.synthesis.scoreboard import figures
from publish.synthesis.window import look
from publish.wording.words import words_for
from tests.publish.newsroom import DAY, vault_note


def rows(*notes, lang: str = "en") -> list[list[str]]:
    known = {note.id: note for note in notes}
    seen = look(
        notes,
        all_notes=known,
        links=(),
        topics=(),
        language=lang,
        window=(date(2026, 2, 14), DAY),
        windows_before=0,
    )
    table = figures(Draft(known, words_for(lang)), seen)
    lines = table[0].splitlines()[2:] if table else []
    return [[cell.strip() for cell in line.replace("\\|", "¦").strip("|").split("|")] for line in lines]


def paper(number: int, title: str, text: str):
    return vault_note(number, title, text, arxiv_id=f"2602.{number:05d}")


ALPHA = paper(
    60,
    "AlphaRL: skills",
    "We propose AlphaRL, which learns skills. AlphaRL reaches 91.2% on WebShop and 80% on ALFWorld.",
)
BETA = paper(
    61,
    "BetaRL: more skills",
    "We propose BetaRL, which learns more. BetaRL reaches 95.1% on ALFWorld with 10B parameters.",
)


def test_rows_stand_by_benchmark_and_figure():
    assert [row[:4] for row in rows(ALPHA, BETA)] == [
        ["BetaRL", "ALFWorld", "**95.1%**", "%"],
        ["AlphaRL", "ALFWorld", "**80%**", "%"],
        ["AlphaRL", "WebShop", "**91.2%**", "%"],
    ]


def test_every_row_cites_its_note():
    for row, note in zip(rows(ALPHA, BETA), (BETA, ALPHA, ALPHA), strict=True):
        assert f"[[{note.id}¦" in row[-1]


def test_one_row_a_system_and_benchmark():
    twice = paper(
        62, "GammaRL: x", "We propose GammaRL. GammaRL reaches 70% on ALFWorld. GammaRL reaches 75% on ALFWorld."
    )
    assert [row[:3] for row in rows(twice)] == [["GammaRL", "ALFWorld", "**75%**"]]


def test_a_change_says_that_it_is_one():
    faster = paper(63, "DeltaNet: speed", "We propose DeltaNet, a fast network. DeltaNet is 3.5x faster than before.")
    assert [row[:4] for row in rows(faster)] == [["DeltaNet", "—", "**3.5x**", "change"]]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("How we built our research system", "We built agents. Token use explained 80% of the variance on BrowseComp."),
        (
            "The Scientist-v2: search",
            "We search. SPOT shows that models find at most 21.1% of known errors on PaperBench.",
        ),
    ],
    ids=["a title that is no name", "a figure of somebody else"],
)
def test_a_figure_without_an_owner_has_no_row(title, text):
    assert rows(paper(64, title, text)) == []


def test_no_more_rows_than_a_reader_reads():
    many = [
        paper(70 + n, f"Net{letter}RL: x", f"We propose Net{letter}RL. Net{letter}RL reaches {50 + n}.5% on ALFWorld.")
        for n, letter in enumerate("ABCDEFGHIJKLMNOPQRST")
    ]
    assert len(rows(*many)) == 15


def test_changes_stand_after_scores_and_lend_no_benchmark():
    relative = paper(
        65, "MemZ: memory", "We propose MemZ. On LOCOMO, MemZ improves on older memories by 26% (relative, judged)."
    )
    assert [row[:4] for row in rows(relative, ALPHA)] == [
        ["AlphaRL", "ALFWorld", "**80%**", "%"],
        ["AlphaRL", "WebShop", "**91.2%**", "%"],
        ["MemZ", "—", "**26%**", "change"],
    ]


def test_points_stand_in_the_column_of_units_only():
    scored = paper(67, "DapoX: x", "We propose DapoX. DapoX reaches 50 points on AIME 2024.")
    assert [row[:4] for row in rows(scored, lang="zh-Hans")] == [["DapoX", "AIME 2024", "**50**", "分"]]


@pytest.mark.parametrize(
    ("text", "lang", "cells"),
    [
        ("DapoX reaches over 50% on AIME 2024.", "zh-Hans", ["**超过 50%**", "%"]),
        ("DapoX reaches over 50% on AIME 2024.", "zh-Hant", ["**超過 50%**", "%"]),
        ("DapoX reaches over 50% on AIME 2024.", "en", ["**over 50%**", "%"]),
        ("DapoX reaches nearly 50% on AIME 2024.", "zh-Hant", ["**近 50%**", "%"]),
    ],
)
def test_a_bound_is_said_in_the_language_of_the_reader(text, lang, cells):
    assert [row[2:4] for row in rows(paper(67, "DapoX: x", f"We propose DapoX. {text}"), lang=lang)] == [cells]


def test_a_system_it_is_compared_with_does_not_hide_the_work():
    compared = paper(
        66,
        "DeepRL-1: x",
        "We propose DeepRL-1. DeepRL-1 用少量数据解决了可读性，在 AIME 2024 上达到 79.8%，与 OtherAI-o1 相当。",
    )
    assert [row[:3] for row in rows(compared)] == [["DeepRL-1", "AIME 2024", "**79.8%**"]]


def test_every_work_has_a_row_before_one_has_many():
    broad = paper(
        90,
        "BroadRL: x",
        "We propose BroadRL. BroadRL reaches 61% on ALFWorld, 62% on WebShop, 63% on MMMU and 64% on MMBench.",
    )
    many = [
        paper(70 + n, f"Net{letter}RL: x", f"We propose Net{letter}RL. Net{letter}RL reaches {50 + n}.5% on ALFWorld.")
        for n, letter in enumerate("ABCDEFGHIJKLM")
    ]
    table = rows(broad, *many)
    assert len(table) == 15
    assert {row[0] for row in table} == {"BroadRL", *(f"Net{letter}RL" for letter in "ABCDEFGHIJKLM")}
    assert ["BroadRL", "ALFWorld"] in [row[:2] for row in table], "first where others are measured too"
