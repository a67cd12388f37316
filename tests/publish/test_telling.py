"""What both writers tell of a work: its name, on what a tie rests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notes.model import LinkKind
from publish.brief import Tie, stories
from publish.phrase import plain
from publish.telling import label, tie_words
from publish.words import words_for
from tests.publish.newsroom import NEWS, SKILLRL, SKILLRL_PRESS


@pytest.mark.parametrize(
    ("note", "lang", "shown"),
    [
        (SKILLRL, "en", "SkillRL"),
        (replace(SKILLRL_PRESS, title="技能不是越多越好：談技能庫"), "zh-Hant", "《技能不是越多越好》"),
        (replace(SKILLRL, title="STEP3-VL-10B Technical Report"), "en", "STEP3-VL-10B"),
        (
            replace(NEWS, title="Why a reading group is what a lab needs"),
            "en",
            "“Why a reading group is what a lab needs”",
        ),
    ],
    ids=["a name", "words of a title", "a report", "a title without a name"],
)
def test_label(note, lang, shown):
    assert plain(label(stories([note], (), (), language=lang)[0], words_for(lang))) == shown


@pytest.mark.parametrize(
    ("why", "shown"),
    [
        ("shared terms: recursive, reinforcement learning, open", "shared: reinforcement learning"),
        ("shared terms: early exit, GRPO, 思考", "shared: early exit and GRPO"),
        ("shared terms: open, run, built", "close in content"),
        ("", "close in content"),
    ],
)
def test_a_tie_rests_on_two_telling_terms_or_on_nearness(why, shown):
    assert plain(tie_words(Tie("n", LinkKind.SIMILAR, 0.5, why), words_for("en"))) == shown
