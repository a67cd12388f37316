"""The table of a synthesis: whose figure it is, on what, in which words."""

from __future__ import annotations

from datetime import date

import pytest

from publish.draft import Draft
from publish.scoreboard import figures
from publish.window import look
from publish.words import words_for
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


def test_the_unit_is_told_in_words():
    faster = paper(63, "DeltaNet: speed", "We propose DeltaNet, a fast network. DeltaNet is 3.5x faster than before.")
    assert [row[:4] for row in rows(faster)] == [["DeltaNet", "", "**3.5x**", "times"]]


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
