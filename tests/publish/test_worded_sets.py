"""The checker against lies of every kind and against an honest model's paraphrases, in three languages (``tests/data/worded``)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from publish.checking import worded, worded_vocabulary
from publish.checking.checker import examine
from tests.publish.worded_sets import Sentence, honest, lies

KINDS = tuple(dict.fromkeys(one.kind for one in lies()))
LANGS = tuple(dict.fromkeys(one.kind for one in honest()))
HOLES = {
    # Whose the share is tells no name, no measure and no party.
    "Of its 34B parameters, 64% are active per token.",
    # Two works in one sentence, one of them named by what it is about.
    "阿美語的辨識訓練費用從 4,800 美元降到 650 美元。",
    "勘书在智利检测到 93% 的地震。",
    # Both figures are of the same subject, which is compared with others.
    "清流比各省自建模型低 12.6%，比 Chronos 低 4.1%。",
    # A comparison without a figure, of a name that is Chinese.
    "“勘书”的误改率比 GPT-4o 高。",
}
MOST_REFUSED = 0.1


def through(kind: str = "") -> list[str]:
    return [one.text for one in lies() if kind in {"", one.kind} and not one.refusal()]


@pytest.mark.parametrize("kind", KINDS)
def test_no_lie_comes_through_but_those_that_are_named(kind):
    assert set(through(kind)) == {one.text for one in lies() if one.kind == kind} & HOLES


RULES = {
    "strange_word": "lower",
    "strange_name": "name",
    "strange_chinese_name": "zh-name",
    "strange_date": "date",
    "belongs_to_another": "moved",
    "borrows_a_figure": "cause",
    "measures_otherwise": "unit",
    "rests_on_nothing": "nothing",
    "tells_otherwise": "direction",
    "_turns_round": "direction",
    "_puts_in_mouths": "quote",
    "_points_away": "link",
}


@pytest.mark.parametrize(("rule", "kind"), RULES.items(), ids=RULES)
def test_with_a_rule_off_its_lies_come_through(rule, kind, monkeypatch):
    before = len(through(kind))
    monkeypatch.setattr(worded, rule, lambda *_: "")
    assert len(through(kind)) > before


def test_with_all_rules_off_most_come_through(monkeypatch):
    off = [one for one in lies() if not examine(one.claim, one.by_id(), ())]
    monkeypatch.setattr("publish.checking.checker.strays", lambda *_: "")
    assert len(off) == len(HOLES)
    assert len(through()) > 0.6 * len(lies())


@pytest.mark.parametrize("lang", LANGS)
def test_an_honest_model_is_heard(lang):
    told = [one for one in honest() if one.kind == lang]
    refused = Counter(reason.partition(":")[0] for one in told if (reason := one.refusal()))
    assert refused.total() <= MOST_REFUSED * len(told), refused


def test_without_a_vocabulary_names_fall_by_their_place(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(worded_vocabulary, "_vocabulary", frozenset)
    worded_vocabulary.is_unknown.cache_clear()
    left = through("lower")
    worded_vocabulary.is_unknown.cache_clear()
    assert "SkillRL outperforms zephyrion-lm on every task." not in left
    assert "The success rate holds on the acme bench as well." not in left
    assert "TANDEM is faster than medusaflow on long outputs." in left, "the control: this one the vocabulary tells"


SWAPPED = {
    "two benchmarks": ("tandem", "Throughput rises from 84 to 31 tokens per second.", False),
    "the way": ("distil", "训练费用从 650 美元变为 4,800 美元。", False),
    "as it stands": ("tandem", "Throughput rises from 31 to 84 tokens per second.", True),
    "the other language": ("distil", "Costs went from $4,800 to $650.", True),
}


@pytest.mark.parametrize(("name", "text", "stands"), SWAPPED.values(), ids=SWAPPED)
def test_figures_in_each_others_places(name, text, stands):
    assert (Sentence("", (name,), text).refusal() == "") is stands


SPELLED = {
    "a size that is part of a name": ("step3", "The 10B model scores 92.61% on ScreenSpot-V2."),
    "twelve trillion": ("harbor", "Harbor-3 以 12 兆個 token 訓練。"),
    "cents": ("harbor", "Harbor-3 costs 30 cents per million input tokens."),
    "stages": ("step3", "STEP3-VL-10B goes through two stages of supervised fine-tuning."),
}
OTHERWISE = {
    "another size": ("step3", "The 12B model scores 92.61% on ScreenSpot-V2."),
    "more cents": ("harbor", "Harbor-3 costs 35 cents per million input tokens."),
    "more stages": ("step3", "STEP3-VL-10B goes through four stages of supervised fine-tuning."),
    "twelve stages": ("step3", "STEP3-VL-10B goes through 12 stages of supervised fine-tuning."),
}


@pytest.mark.parametrize(("name", "text"), SPELLED.values(), ids=SPELLED)
def test_a_number_may_be_spelled_otherwise(name, text):
    assert Sentence("", (name,), text).refusal() == ""


@pytest.mark.parametrize(("name", "text"), OTHERWISE.values(), ids=OTHERWISE)
def test_another_number_is_none_of_its_spellings(name, text):
    assert "number" in Sentence("", (name,), text).refusal()
