"""How a work stands to the notes of the vault, in words that its own text bears out."""

from __future__ import annotations

from itertools import pairwise

import pytest

from notes.model import LinkKind
from publish.post.draft import Draft
from publish.post.phrase import plain
from publish.post.ties import common_terms, tied
from publish.sources.brief import stories
from publish.wording.words import words_for
from tests.publish.newsroom import DAY, _both, vault_note

OTHER = vault_note(
    40,
    "BaseNet: A Network to Build On",
    "We present BaseNet, a plain network. BaseNet reaches 71.2% on ImageNet.",
    arxiv_id="2601.00001",
)


def told(text, *, kind=LinkKind.SIMILAR, why="shared terms: residual networks, speed", score=0.6, lang="en", links=()):
    note = vault_note(41, "NextNet: The Next Network", text, arxiv_id="2602.00002", day=DAY)
    known = {note.id: note, OTHER.id: OTHER}
    every = [*_both(note, OTHER, kind, score, why), *links]
    (story,) = stories([note], every, [], language=lang)
    draft = Draft(known, words_for(lang))
    statement = tied(draft, story, known, common_terms(every))
    return plain(statement.phrase) if statement and draft.say(statement) else ""


RELATIONS = {
    "builds": ("We propose NextNet, which builds on BaseNet and is small.", "builds on BaseNet."),
    "fine-tunes": ("We propose NextNet. We obtain it by fine-tuning BaseNet on text.", "builds on BaseNet."),
    "compares": ("We propose NextNet. NextNet outperforms BaseNet by 3.1% on ImageNet.", "is compared with BaseNet."),
    "disagrees": ("We propose NextNet. Our results contradict those of BaseNet.", "disagrees with BaseNet."),
    "disagrees before it compares": (
        "We propose NextNet. It is faster than BaseNet. We fail to reproduce BaseNet.",
        "disagrees with BaseNet.",
    ),
    "names": ("We propose NextNet. The history of BaseNet is told elsewhere.", "names BaseNet."),
    "shares": ("We propose NextNet, a small network for phones.", "on residual networks, see also BaseNet."),
    "no part of a longer name": (
        "We propose NextNet, which builds on BaseNet-XL.",
        "on residual networks, see also BaseNet.",
    ),
}


@pytest.mark.parametrize(("text", "expected"), RELATIONS.values(), ids=RELATIONS)
def test_relations(text, expected):
    assert told(text) == expected


def test_two_figures_for_one_system_on_one_benchmark_disagree():
    text = "We propose NextNet, which is small. BaseNet reaches 68.0% on ImageNet."
    assert told(text) == "differs from BaseNet in a figure (BaseNet · ImageNet: 68.0% here, 71.2% there)."


@pytest.mark.parametrize("figure", ["71%", "over 65%", "71.2%"])
def test_a_rounded_figure_or_a_bound_is_no_other_figure(figure):
    text = f"We propose NextNet, which is small. BaseNet reaches {figure} on ImageNet."
    assert "differs" not in told(text)


@pytest.mark.parametrize(
    ("why", "score"),
    [
        ("shared terms: residual networks", 0.3),
        ("close in meaning", 0.9),
        ("shared terms: RL, AI", 0.9),
        ("shared terms: speed", 0.9),
    ],
    ids=["far", "no term", "bare acronyms", "one plain word"],
)
def test_what_says_nothing_is_not_said(why, score):
    assert told("We propose NextNet, a small network for phones.", why=why, score=score) == ""


def test_terms_that_half_the_vault_shares_tell_nothing():
    crowd = [vault_note(number, f"Note {number}", "Nothing in it but a line.") for number in range(50, 62)]
    links = [
        link
        for one, two in pairwise(crowd)
        for link in _both(one, two, LinkKind.SIMILAR, 0.5, "shared terms: residual networks")
    ]
    assert told("We propose NextNet, a small network for phones.", links=links) == ""


@pytest.mark.parametrize(("lang", "expected"), [("zh-Hans", "以 BaseNet 为基础。"), ("zh-Hant", "以 BaseNet 為基礎。")])
def test_in_chinese(lang, expected):
    assert told("We propose NextNet, which builds on BaseNet and is small.", lang=lang) == expected


def test_the_work_s_own_name_is_no_shared_subject():
    assert told("We propose NextNet, a small network.", why="shared terms: NextNet") == "is named by BaseNet."


@pytest.mark.parametrize("term", ["physically plausible", "meticulously curate", "foundation models", "success rates"])
def test_terms_that_name_no_subject_are_not_said(term):
    assert told("We propose NextNet, a small network.", why=f"shared terms: {term}") == ""


@pytest.mark.parametrize("term", ["Retrieval-Augmented", "Test-Time"])
def test_an_adjective_is_no_subject_that_two_notes_have_in_common(term):
    assert told("We propose NextNet, a small network.", kind=LinkKind.MENTIONS, why=f"both about {term}") == ""


def test_notes_on_one_subject_are_named_together():
    third = vault_note(42, "FarNet: Far Away", "We present FarNet, a plain network.", arxiv_id="2601.00003")
    note = vault_note(
        41, "NextNet: The Next Network", "We propose NextNet, a small network.", arxiv_id="2602.00002", day=DAY
    )
    known = {one.id: one for one in (note, OTHER, third)}
    links = [
        link
        for one in (OTHER, third)
        for link in _both(note, one, LinkKind.SIMILAR, 0.6, "shared terms: residual networks")
    ]
    (story,) = stories([note], links, [], language="en")
    statement = tied(Draft(known, words_for("en")), story, known)
    assert statement is not None
    assert plain(statement.phrase) == "on residual networks, see also BaseNet and FarNet."


def test_of_two_terms_none_holds_the_other():
    text = told("We build agents.", why="shared terms: Vision-Language-Action, Vision-Language")
    assert "Vision-Language-Action" in text
    assert "and Vision-Language," not in text


def test_short_and_long_form_of_a_term_are_one():
    why = "shared terms: reinforcement learning, RL, web agents"
    assert (
        told("We propose NextNet, a small network.", why=why)
        == "on reinforcement learning and web agents, see also BaseNet."
    )
