"""A sentence that takes its figure back, and one that only looks as if it did; from the page of a post to the single clause."""

from __future__ import annotations

import gzip
import json
import os
import re
from datetime import date
from itertools import islice, product
from pathlib import Path

import pytest

from notes.model import Claim, Role
from notes.quantities import figures
from notes.text import hedges
from notes.text.hedges import bound, is_hedged
from notes.text.sentences import role, split
from publish.checking import checker
from publish.checking.checker import examine
from publish.daily.composing import write_daily
from publish.post import telling
from publish.sources import clauses, gist
from publish.sources.retelling import retold
from publish.synthesis import scoreboard, write_synthesis
from tests.publish.newsroom import DAY, SKILLRL, vault_note

# Name: the sentence, and the figure in it that nobody may be said to have reached.
DENIED = {
    "false": ("It is false that Aber, trained on open data, reaches 95.2% on MATH.", "95.2%"),
    "neither": ("Neither Elmo, nor any baseline, achieves 89.7% on LoCoMo.", "89.7%"),
    "withdrawn": ("In the withdrawn version, Fern achieves 98.8% on MATH; the correct value is 12.1%.", "98.8%"),
    "retracted": ("We retract our earlier statement: Dune achieves 97.3% on MATH.", "97.3%"),
    "doubted": ("We doubt that Sage, as others say, achieves 90.5% on MATH.", "90.5%"),
    "a condition": ("If memory were perfect, Gale, our agent, would reach 99.6% on LoCoMo.", "99.6%"),
    "not": ("Hale, our new agent, does not reach 90.4% on MATH.", "90.4%"),
    "n't": ("Hale, our new agent, doesn’t reach 90.4% on MATH.", "90.4%"),
    "far from": ("With all its data, Hale is far from 96.1% on MATH.", "96.1%"),
    "从未": ("Iris 模型在训练中从未达到目标，即在 MATH 上达到 92.5%。", "92.5%"),
    "不可能": ("Iris 模型不可能在 MATH 上达到 95.5%，我们已作说明。", "95.5%"),
    "未曾, traditional": ("Iris 模型未曾如外界所說，在 MATH 上達到 95.5%。", "95.5%"),
    "never be able": ("Jade, as it stands, would never be able to achieve 92.2% on MATH.", "92.2%"),
    "a question": ("Does Kite, as it stands, reach 92.7% on MATH?", "92.7%"),
    "after the figure": ("Kite reaches 92.7% on MATH, which nobody could reproduce.", "92.7%"),
    "alleged": ("Lark, its vendor alleges, reaches 92.9% on MATH.", "92.9%"),
    "invisible": ("Lark does n\u00adot, as it stands, reach 92.9% on MATH.", "92.9%"),
}
HARMLESS = {
    "not only": "SkillRL achieves not only 89.9% on ALFWorld but also 70.1% on WebShop.",
    "no additional cost": "SkillRL reaches 89.9% on ALFWorld at no additional cost.",
    "without": "SkillRL reaches 89.9% on ALFWorld without any labels.",
    "non-": "Non-autoregressive SkillRL reaches 89.9% on ALFWorld with fewer parameters and less memory.",
    "not require": "SkillRL reaches 89.9% on ALFWorld and does not require labels.",
    "false positives": "SkillRL reduces false positives by 89.9% on ALFWorld.",
    "不仅": "SkillRL 不仅在 ALFWorld 上达到 89.9%，速度也更快。",
    "无需": "SkillRL 无需标注即在 ALFWorld 上达到 89.9%。",
    "无监督": "无监督的 SkillRL 在 ALFWorld 上达到 89.9%。",
    "無監督": "無監督的 SkillRL 在 ALFWorld 上達到 89.9%。",
    "不同": "不同规模的 SkillRL 在 ALFWorld 上达到 89.9%。",
    "a bound": "SkillRL 在 ALFWorld 上的错误率不到 9.9%。",
}
BOUNDED = {
    "不足": ("準確率不足百分之五十八。", "不足百分之五十八"),
    "不到": ("該模型的準確率不到九成。", "不到九成"),
    "up to": ("Mote reaches up to 99% on MATH.", "up to 99%"),
    "<": ("Mote has an error rate <25% on MATH.", "<25%"),
    "at most": ("Mote has an error rate of at most 25% on MATH.", "at most 25%"),
}


@pytest.mark.parametrize("sentence", [case[0] for case in DENIED.values()], ids=DENIED.keys())
def test_what_takes_a_figure_back(sentence):
    assert is_hedged(sentence)


@pytest.mark.parametrize("sentence", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_only_looks_like_it(sentence):
    assert not is_hedged(sentence)
    assert figures.find(sentence)


def test_a_sentence_too_long_to_read_is_hedged():
    assert is_hedged("SkillRL reaches 89.9%. " * 100)


@pytest.mark.parametrize(
    ("before", "text", "qualifier"),
    [
        pytest.param("accuracy is up to ", "99%", "up to", id="up to"),
        pytest.param("a loss $<$ ", "25%", "<", id="in a formula"),
        pytest.param("", "<25%", "<", id="inside the figure"),
        pytest.param("準確率不足", "百分之五十八", "不足", id="不足"),
        pytest.param("超過 ", "90%", "超過", id="超過"),
        pytest.param("at least ", "3x", "at least", id="at least"),
        pytest.param("a gain over ", "3x", "", id="a gain over"),
        pytest.param("hover ", "9%", "", id="the end of a word"),
        pytest.param("reaches ", "9%", "", id="none"),
    ],
)
def test_bound(before, text, qualifier):
    assert bound(before, text) == qualifier


@pytest.mark.parametrize("sentence", [case[0] for case in DENIED.values()], ids=DENIED.keys())
def test_a_denied_figure_is_nobodys(sentence):
    found = figures.find(sentence)
    assert found
    assert all(not figure.system and not figure.benchmark for figure in found)


@pytest.mark.parametrize(("sentence", "text"), BOUNDED.values(), ids=BOUNDED.keys())
def test_a_bounded_figure_keeps_its_bound(sentence, text):
    assert [figure.text for figure in figures.find(sentence)] == [text]


@pytest.mark.parametrize("mark", ["±", r"$\pm$", "+/-"])
def test_how_far_a_figure_strays_is_no_figure(mark):
    found = figures.find(f"Mote reaches 71% {mark} 30% accuracy on MATH.")
    assert [figure.text for figure in found] == ["71%"]


def _note(sentence: str):
    name = re.search(r"[A-Z][a-z]{3}(?= |,|’)(?<!With)(?<!Does)", sentence)
    text = f"""Agents find long tasks difficult. We propose {name[0] if name else "Mote"}, which learns from its own tasks.
    {sentence} The work remains limited to simulated houses."""
    return vault_note(40, f"{name[0] if name else 'Mote'}: Agents That Learn", text)


def _posts(note):
    known = {note.id: note, SKILLRL.id: SKILLRL}
    daily = write_daily(DAY, list(known.values()), all_notes=known)
    window = (date(2026, 2, 14), DAY)
    return daily, write_synthesis(
        DAY, list(known.values()), all_notes=known, links=(), topics=(), language="en", number=1, window=window,
        sources=("arXiv",),
    )  # fmt: skip


def _stated(post, sentence: str, figure: str) -> list[str]:
    """The lines of a post with the figure but not the whole of its sentence, as told or retold, and the table rows with it."""
    plain = re.sub(r"[*\\]", "", post.text)
    ways = product((True, False), repeat=3)
    told = (retold(sentence, paper=paper, follows=follows, named=named) for paper, follows, named in ways)
    wholes = {one.rstrip(".。?") for one in (sentence, *told)}
    return [
        line
        for line in plain.splitlines()
        if figure in line and (line.startswith("|") or not any(one in line.replace("\u00ad", "") for one in wholes))
    ]


def _visible(sentence: str) -> str:
    return sentence.replace("\u00ad", "")


@pytest.mark.parametrize(("sentence", "figure"), DENIED.values(), ids=DENIED.keys())
def test_no_post_states_a_denied_figure(sentence, figure):
    for post in _posts(_note(_visible(sentence))):
        assert _stated(post, _visible(sentence), figure) == []


def test_the_same_figure_undenied_is_stated():
    sentence = "Aber, trained on open data, reaches 95.2% on MATH."
    daily, synthesis = _posts(_note(sentence))
    assert any(line.startswith("|") for line in _stated(synthesis, sentence, "95.2%"))
    assert "95.2%" in daily.text


def _turn_off_all_but_the_checker(monkeypatch):
    for module in (figures, clauses, gist, telling, scoreboard):
        monkeypatch.setattr(module, "is_hedged", lambda sentence: False)


@pytest.mark.parametrize(("sentence", "figure"), DENIED.values(), ids=DENIED.keys())
def test_the_checker_alone_holds_it_back(monkeypatch, sentence, figure):
    _turn_off_all_but_the_checker(monkeypatch)
    for post in _posts(_note(_visible(sentence))):
        assert _stated(post, _visible(sentence), figure) == []


def test_without_any_defence_denied_figures_get_out(monkeypatch):
    _turn_off_all_but_the_checker(monkeypatch)
    monkeypatch.setattr(checker, "is_hedged", lambda sentence: False)
    checker._sentences.cache_clear()
    out = [
        name for name, (s, f) in DENIED.items() for post in _posts(_note(_visible(s))) if _stated(post, _visible(s), f)
    ]
    checker._sentences.cache_clear()
    assert len(set(out)) >= 3


@pytest.mark.parametrize(
    ("text", "quotes", "dropped"),
    [
        pytest.param("Fern achieves 98.8% on MATH", ("Fern achieves 98.8% on MATH",), True, id="a clause"),
        pytest.param("98.8% — Fern · MATH", (), True, id="a bare figure"),
        pytest.param(DENIED["withdrawn"][0], (DENIED["withdrawn"][0],), False, id="the whole sentence"),
        pytest.param("Fern withdrew its 98.8%.", (), False, id="a claim that hedges itself"),
        pytest.param("Fern learns from its own tasks.", (), False, id="no figure"),
    ],
)
def test_checker_on_a_part_of_a_sentence(text, quotes, dropped):
    note = _note(DENIED["withdrawn"][0])
    reason = examine(Claim(text, (note.id,), quotes), {note.id: note})
    assert reason == ("cut from a sentence that takes it back" if dropped else "")


@pytest.mark.skipif(not os.environ.get("SLIPWAY_DATA"), reason="SLIPWAY_DATA is not set")
def test_few_results_of_real_abstracts_are_hedged():
    files = sorted(Path(os.environ["SLIPWAY_DATA"]).glob("arxiv/daily-en/*.jsonl.gz"))
    with gzip.open(files[0], "rt", encoding="utf-8") as lines:
        abstracts = [json.loads(line)["abstract"] for line in islice(lines, 2000)]
    told = [sentence for text in abstracts for sentence in split(text) if figures.find(sentence)]
    results = [sentence for sentence in told if role(sentence) is Role.RESULT]
    assert len(results) > 300
    assert sum(map(hedges.is_hedged, results)) < 0.08 * len(results)
