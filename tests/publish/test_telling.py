"""What both writers tell of a work: its name, on what a tie rests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notes.model import LinkKind, Role
from publish.post.phrase import plain
from publish.post.telling import figure_line, gisted, label, quoted, topic_link
from publish.post.ties import tie_words
from publish.sources.brief import Tie, stories
from publish.sources.extract import Quote
from publish.wording.words import words_for
from tests.publish.newsroom import NEWS, SKILLRL, SKILLRL_PRESS, TOPICS, vault_note


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
        (replace(NEWS, title="Pilot2812自动驾驶仪的设计研究"), "zh-Hans", "《Pilot2812自动驾驶仪的设计研究》"),
        (replace(NEWS, title="智谱GLM：一个模型"), "zh-Hans", "智谱GLM"),
    ],
    ids=[
        "a name",
        "words of a title",
        "a report",
        "a title without a name",
        "a title that opens with one",
        "a Chinese name",
    ],
)
def test_label(note, lang, shown):
    assert plain(label(stories([note], (), (), language=lang)[0], words_for(lang))) == shown


@pytest.mark.parametrize(
    ("why", "shown"),
    [
        ("shared terms: recursive, reinforcement learning, open", "shared: reinforcement learning"),
        ("shared terms: early exit, GRPO, 思考", "shared: early exit and GRPO"),
        ("shared terms: open, run, built", "close in content"),
        ("shared terms: AI, LLMs, early exit", "shared: early exit"),
        ("", "close in content"),
    ],
)
def test_a_tie_rests_on_two_telling_terms_or_on_nearness(why, shown):
    assert plain(tie_words(Tie("n", LinkKind.SIMILAR, 0.5, why), words_for("en"))) == shown


def test_a_figure_of_what_was_before_is_none_of_the_work():
    text = (
        "Current diffusion models grow slow with resolution, causing delays over 100 seconds. We propose InfGen, a generator of"
        " images at any size. Experiments show InfGen improves many models while cutting generation time to under 10 seconds."
    )
    line = figure_line(story("InfGen: Images at Any Size", text), words_for("en"))
    assert line is not None
    assert "10 seconds" in plain(line.phrase)


def story(title, text, language="en"):
    (found,) = stories([vault_note(71, title, text, arxiv_id="2602.00071")], [], [], language=language)
    return found


LINES = {
    "our method behind the name": (
        "Glyph: Text as Images",
        "We propose Glyph, a framework that renders texts. Tests show that our method achieves 12% better compression, while it keeps quality.",
        "Glyph: “achieves 12% better compression”",
    ),
    "a difference is no score": (
        "OmniV: One Model",
        "We propose OmniV, an open model. Our model, OmniV, outperforms Qwen with +19.05 on DailyOmni (cross-modal), with a sixth of the training tokens of its predecessor.",
        "OmniV: “outperforms Qwen with +19.05 on DailyOmni (cross-modal)”",
    ),
    "a name within a name": (
        "MathC: Drawing to Think",
        "We propose MathC, a framework. Trained networks win 86% of the contests on MathC-Bench, while plain networks lose nearly all.",
        "MathC: “Trained networks win 86% of the contests on MathC-Bench”",
    ),
}


@pytest.mark.parametrize(("title", "text", "expected"), LINES.values(), ids=LINES)
def test_figure_lines(title, text, expected):
    line = figure_line(story(title, text), words_for("en"))
    assert line is not None
    assert plain(line.phrase) == expected
    assert all(quote in text for quote in line.quotes)


def test_only_a_topic_with_a_page_is_linked():
    (span,) = topic_link(TOPICS[1], words_for("en"))
    assert (span.text, span.target) == ("Multimodal models", "topics/multimodal-models")
    (span,) = topic_link(replace(TOPICS[1], note_ids=TOPICS[1].note_ids[:1]), words_for("en"))
    assert (span.text, span.target) == ("Multimodal models", "")


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", "a new memory system called LightM, which balances cost and quality"),
        ("zh-Hant", "LightM（「a new memory system called LightM, which balances cost and quality」）"),
    ],
)
def test_words_of_another_tongue_stand_in_marks(lang, expected):
    work = story(
        "LightM: Memory", "We introduce a new memory system called LightM, which balances cost and quality.", lang
    )
    assert plain(gisted(work, words_for(lang))[0]) == expected


def test_a_title_stands_in_marks_and_within_it_another_in_single_ones():
    work = story("读《学术网络》有感", "某部著作被归类到教育史。作者认为学术网络决定了教育史的书写。", "zh-Hans")
    assert plain(gisted(work, words_for("zh-Hans"))[0]) == "《读〈学术网络〉有感》"


def test_an_article_that_speaks_of_itself_in_chinese_needs_no_marks():
    told = quoted(Quote("本文提出一种新的检索方法。", Role.APPROACH, "n", "zh-Hans"), words=words_for("zh-Hans"))
    assert plain(told.phrase) == "该文提出一种新的检索方法。"
    marked = quoted(Quote("我们提出一种新的检索方法。", Role.APPROACH, "n", "zh-Hans"), words=words_for("zh-Hans"))
    assert plain(marked.phrase) == "“我们提出一种新的检索方法。”"
