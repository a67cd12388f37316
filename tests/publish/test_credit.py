"""Whose figure a row of the table shows: what the sentence names as measured, else the work, else nobody."""

from __future__ import annotations

import pytest

from tests.publish.newsroom import vault_note
from tests.publish.test_scoreboard import rows

OWN = "We propose AlphaRL, a framework for agents. "


def told(title: str, text: str) -> list[tuple[str, str]]:
    """System and figure of each row."""
    return [(row[0], row[2].strip("*")) for row in rows(vault_note(60, title, text, arxiv_id="2602.00060"))]


NOBODYS = {
    "people": ("AlphaRL: x", OWN + "Errors fall, largely behind humans (0.98 F1)."),
    "two share it": ("AlphaRL: x", OWN + "Models such as GPT-Image-1 and Gemini-2.5-Flash achieve less than 15% accuracy."),
    "dealt to two": ("AlphaRL: x", OWN + "We see that GPT-4 and Qwen-7B achieve 67% and 62% accuracy respectively."),
    "the latter": ("AlphaRL: x", OWN + "LLaMA-3 is weaker than GPT-4, with the latter reaching an accuracy of 74% on it."),
    "a score": ("AlphaRL: x", OWN + "It uses the task pass rate (TPR). With training the smaller one (TPR increased to 10.8%) wins."),
    "a statistic": ("AlphaRL: x", OWN + "Prompting harms accuracy (mean -11.14%, SD 15.74% in models above 75% accuracy)."),
    "a test": ("AlphaRL: x", OWN + "AlphaRL gains on 36 MMEB (3.1%-8.5%) and five visual SCaR (15.2%-20.3%) tasks."),
    "held against": ("AlphaRL: x", OWN + "It beats costly methods (AUC 0.90 vs 0.71 for Llama-3.3-70B) here."),
    "a measure after our": ("Wide nets", "We train nets. Our submission achieves QWK scores of 84.9% on the hidden test."),
    "a test after our": ("Wide memory: nets", "We evaluate our approach on the PDDL dataset, showing an improvement of 38.6% in all."),
    "what it works with": ("Wide nets", "We propose a loss. It delivers a gain of 4.89% with Qwen-7B and an accuracy of 81.33% with Llama-3."),
    "another's bound": ("AlphaRL: x", OWN + "AlphaRL comes near what is attainable by an oracle upper bound with access to 20x more data."),
}  # fmt: skip


@pytest.mark.parametrize(("title", "text"), NOBODYS.values(), ids=NOBODYS)
def test_a_figure_that_no_system_owns_alone_has_no_row(title, text):
    assert told(title, text) == []


EXAMINED = {
    "benchmark": "AlphaBench: a benchmark of agents",
    "its title's word": "AlphaLens: Benchmarking agents at work",
    "its name": "AlphaEval: agents at work",
    "its question": "AlphaLens: Can agents work?",
    "probing": "AlphaLens: Probing perception in agents",
}


@pytest.mark.parametrize("title", EXAMINED.values(), ids=EXAMINED)
def test_a_work_that_examines_others_scores_nothing_itself(title):
    name = title.partition(":")[0]
    text = "We present {0}, which is new. Our results show that the work is hard: we reach an accuracy of 72.23% on all of it."
    assert told(title, text.format(name)) == []
    assert told("AlphaNet: agents at work", text.format("AlphaNet")) == [("AlphaNet", "72.23%")]


def test_what_others_do_is_not_the_works():
    text = OWN + "AlphaRL is a hard place: even the best-performing language models score under 20% here."
    assert told("AlphaRL: agents", text) == []


@pytest.mark.parametrize(
    ("sentence", "figure"),
    [
        ("AlphaRL reduces token waste from 55% to just 2.2% here.", "2.2%"),
        ("AlphaRL lifts the accuracy on all of them (6.2% → 9.6%) at once.", "9.6%"),
    ],
    ids=["from and to", "an arrow"],
)
def test_what_it_was_before_is_no_result(sentence, figure):
    assert told("AlphaRL: x", OWN + sentence) == [("AlphaRL", figure)]


def test_a_name_torn_from_its_word_is_the_works():
    text = "We propose A²FM, a model for agents. A²FM achieves 70.4% on AIME25 in all."
    assert told(r"A\textsuperscript{2}FM: A model for agents", text) == [("A²FM", "70.4%")]


def test_a_variant_that_the_clause_tells_of_goes_under_the_work():
    text = (
        "We build agents that collect evidence. NetAgg-8B matches the performance of GPT-4.1, "
        "while the 32B variant surpasses GPT-4.1 by more than 10% on GAIA-text and closely approaches others."
    )
    assert told("Explore to Evolve: agents", text) == [("Explore to Evolve", "more than 10%")]


def test_the_words_of_a_row_name_its_system_unless_it_is_the_work():
    other = vault_note(
        61,
        "A study of agents",
        "We study agents. OtherNet-8B improves all of the tests, reaching 98.0% accuracy in attribution, which is high.",
        arxiv_id="2602.00061",
    )
    ((system, _, _, _, words),) = rows(other)
    assert system == "OtherNet-8B"
    assert "OtherNet-8B improves" in words
    own = vault_note(
        62,
        "AlphaRL: x",
        OWN + "AlphaRL improves all of the tests, reaching 98.0% accuracy in attribution, which is high.",
        arxiv_id="2602.00062",
    )
    ((system, _, _, _, words),) = rows(own)
    assert system == "AlphaRL"
    assert words.startswith("reaching")
