"""Likeness as a table of pairs that are one story or two, and as properties."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.text import likeness
from notes.text.likeness import Kinship, bands, kinship, same_story, sketch

SHARED = os.environ.get("SLIPWAY_DATA", "")

PAPER = (
    "We study how language model agents learn skills over long tasks. Existing agents forget what they did a week ago, "
    "and they repeat mistakes that a person makes once. We propose a memory that writes short rules after each task, "
    "tests them against later tasks, and drops those that do not hold. On three benchmarks of household, office and "
    "coding work, agents with the memory finish 14 percent more tasks at half the cost, and their rules can be read "
    "and corrected by people. We also find that rules travel between models of different size, and release our code."
)
POST = (
    "Last week our group put a preprint online that took us two years. In this post I tell the story behind it: why we "
    "first thought that bigger context windows would do, what made us change our minds, and which experiments never "
    "made it into the final text. There is no mathematics here, but there are a few pictures of robots that drop cups, "
    "and an honest account of how often the system still fails when nobody is looking at it."
)
NOTES = (
    "This release brings bug fixes and improvements. Upgrade by running the installer or through your package manager. "
    "Thanks to everyone who reported problems and to all contributors. See the full changelog on our website, and tell "
    "us in the forum how it works for you. We recommend all users to upgrade as soon as they can."
)
HANS = (
    "本文提出一种让语言模型智能体在长期任务中学习技能的方法。现有的智能体常常忘记一周前做过的事情，并且重复人类只会犯一次的错误。"
    "我们设计了一种记忆机制，在每个任务结束后写下简短的规则，用后来的任务加以检验，并删除不成立的规则。"
    "在家务、办公和编程三个基准上，带有记忆的智能体多完成百分之十四的任务，成本减半，而且规则可以被人阅读和修改。"
)
HANT = (
    "本文提出一種讓語言模型智能體在長期任務中學習技能的方法。現有的智能體常常忘記一週前做過的事情，並且重複人類只會犯一次的錯誤。"
    "我們設計了一種記憶機制，在每個任務結束後寫下簡短的規則，用後來的任務加以檢驗，並刪除不成立的規則。"
    "在家務、辦公和編程三個基準上，帶有記憶的智能體多完成百分之十四的任務，成本減半，而且規則可以被人閱讀和修改。"
)
TITLE, TITEL_HANS, TITEL_HANT = (
    "Agents that learn from their week",
    "从一周经历中学习的智能体",
    "從一週經歷中學習的智能體",
)
EXCERPT = " ".join(PAPER.split()[:40])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param((TITLE, PAPER), (TITLE, PAPER), id="the same"),
        pytest.param((TITLE, PAPER), (TITLE.upper(), PAPER.replace(" ", "  ")), id="case and blanks"),
        pytest.param((TITLE, PAPER), (TITLE, f"{EXCERPT} […]"), id="an excerpt and the full text"),
        pytest.param((TITLE, PAPER), (TITLE, f"{PAPER[:150]}…"), id="a short excerpt, cut in a word"),
        pytest.param((TITLE, f"{PAPER} {POST} {NOTES}" * 4), (TITLE, EXCERPT), id="an excerpt of a long article"),
        pytest.param((TITLE, PAPER), (f"[Paper] {TITLE}", PAPER), id="a label before the title"),
        pytest.param((TITLE, PAPER), (f"Show HN: {TITLE}", PAPER), id="an aggregator's label"),
        pytest.param((TITLE, PAPER), (f"{TITLE} | Example Lab", PAPER), id="the site's name after the title"),
        pytest.param(
            (TITLE, PAPER), (f"{TITLE} – Example Lab", f"{EXCERPT}... Read more"), id="site's name and excerpt"
        ),
        pytest.param((TITLE, PAPER), (f"{TITLE} [pdf]", PAPER), id="the medium after the title"),
        pytest.param(
            (TITLE, EXCERPT),
            (TITLE, f"{EXCERPT}\n\nThe post {TITLE} appeared first on Example."),
            id="a syndicator's footer",
        ),
        pytest.param(
            (TITLE, PAPER), (TITLE, f"arXiv:2602.01234v1 Announce Type: new \nAbstract: {PAPER}"), id="arXiv's feed"
        ),
        pytest.param((TITLE, PAPER), ("What robots remember", PAPER), id="under another title"),
        pytest.param((TITLE, PAPER), (f"{TITLE} of work", PAPER), id="a title made longer"),
        pytest.param(
            (TITLE, PAPER),
            (TITLE, PAPER.replace("14 percent", "15 percent").replace("half", "a third of")),
            id="edited",
        ),
        pytest.param(
            ("R$^2$ec: $\\textbf{Reasoning}$ recommenders", PAPER), ("R2ec: Reasoning recommenders", PAPER), id="TeX"
        ),
        pytest.param(
            ("Model Citizens: voices online", PAPER), ("ModelCitizens:Voices Online", PAPER), id="blanks in a name"
        ),
        pytest.param((TITEL_HANS, HANS), (TITEL_HANS, HANS), id="Chinese"),
        pytest.param((TITEL_HANS, HANS), (TITEL_HANT, HANT), id="simplified and traditional"),
        pytest.param(
            (TITEL_HANS, HANS), (f"【论文】{TITEL_HANT}", f"{HANT[:60]}……閱讀全文"), id="Chinese, excerpt and label"
        ),
        pytest.param((TITEL_HANS, HANS), (f"{TITEL_HANS}_机器之心", HANS), id="Chinese, the site's name"),
        pytest.param((TITEL_HANS, HANS), ("机器人记得什么？", HANS), id="Chinese, under another title"),
    ],
)
def test_one_story(one, other):
    assert same_story(sketch(*one), sketch(*other))
    assert same_story(sketch(*other), sketch(*one))
    assert set(bands(sketch(*one))) & set(bands(sketch(*other)))


PRESS = (
    "Today we are releasing {0}, the newest member of our family. {0} brings stronger reasoning, better tool use and a "
    "longer context window to everyone. It is available from today in the console and through our cloud partners. Pricing "
    "stays the same as for the previous generation, and existing customers need not change anything. Read the "
    "documentation and the card for details, and tell us what you build with {0} in the forum. As always, we ran our full "
    "set of safety evaluations before the release and publish the results in the card."
)
HANS_PRESS = (
    "今天我们正式发布{0}。{0}在推理、工具调用与长上下文方面都有明显提升，面向所有开发者开放。从今天起，可以在接口、控制台以及云合作伙伴处"
    "使用。价格与上一代保持一致，现有客户无需做任何修改。我们同时公开了技术报告与安全评测结果，详情请参阅文档中心。"
)
HOUSES = (
    "This post goes through the basics with a small data set about houses in Boston, and shows how a linear model is "
    "fitted with gradient descent in thirty lines of Python."
)
LECTURE = (
    "Our new lecture starts on Monday in room 12. Trees, forests, boosting and kernels come first, neural networks second; "
    "the exam counts for seventy percent and is written."
)
CHANGES = (
    "What's Changed * Bump actions/checkout from 3 to 4 by @dependabot in https://github.com/{0}/pull/12 * Update hooks by "
    "@pre-commit-ci in https://github.com/{0}/pull/13 * Fix typo by @alice in https://github.com/{0}/pull/14"
)


def filled(title, text, *names):
    """The title and the text of a template about each of these."""
    return [(title.format(name), text.format(name)) for name in names]


# Titles that differ by a name over texts that differ by nothing else: what a mistake here takes, nobody ever sees.
TEMPLATES = [
    pytest.param(*filled("Introducing Gemini {0}", PRESS, "Flash", "Flash Pro"), id="a model and a larger one"),
    pytest.param(*filled("Introducing Gemini {0}", PRESS, "Flash", "Flash Lite"), id="a model and a smaller one"),
    pytest.param(*filled("Introducing {0}", PRESS, "Gemini Flash", "Gemini Flash Image"), id="a model and its sister"),
    pytest.param(*filled("Launching our office in {0}", PRESS, "Germany", "France"), id="countries"),
    pytest.param(*filled("{0} position in machine learning", PRESS, "PhD", "Postdoc"), id="positions"),
    pytest.param(*filled("{0}, Inference", PRESS, "Research Engineer", "Senior Research Engineer"), id="ranks"),
    pytest.param(
        ("Research Engineer, Inference (London)", PRESS), ("Research Engineer, Inference (Paris)", PRESS), id="cities"
    ),
    pytest.param(*filled("Critical vulnerability in {0}", PRESS, "nginx", "Apache"), id="advisories"),
    pytest.param(*filled("Language models for reports of {0}", PRESS, "adults", "children"), id="patients"),
    pytest.param(("We raise our Series A", PRESS), ("We raise our Series B", PRESS), id="letters"),
    pytest.param(("Lesson eleven of the course", PRESS), ("Lesson twelve of the course", PRESS), id="cardinals"),
    pytest.param(("On spaces, XIII", PRESS), ("On spaces, XIV", PRESS), id="Roman numbers"),
    pytest.param(
        ("Jane Doe on agents and memory", PRESS), ("John Roe on robots and touch", PRESS), id="two guests of a podcast"
    ),
    pytest.param(*filled("智谱发布开源{0}", HANS_PRESS, "大语言模型", "大视觉模型"), id="Chinese, models"),
    pytest.param(*filled("{0}锦标赛今日开幕", HANS_PRESS, "男子", "女子"), id="Chinese, men and women"),
    pytest.param(
        ("开发者大会北京分会场报名", HANS_PRESS), ("开发者大会南京分会场报名", HANS_PRESS), id="Chinese, cities"
    ),
    pytest.param(
        ("【上篇】大模型训练实战指南", HANS_PRESS),
        ("【下篇】大模型训练实战指南", HANS_PRESS),
        id="Chinese, halves in brackets",
    ),
]
# What speaks about a work, or names a part of its subject, is none of its copies.
ABOUT = [
    pytest.param((TITLE, PAPER), (f"[Review] {TITLE}", PAPER), id="a review"),
    pytest.param((TITLE, PAPER), (f"[Retracted] {TITLE}", PAPER), id="a retraction"),
    pytest.param((TITLE, PAPER), (f"[Correction] {TITLE}", PAPER), id="a correction"),
    pytest.param((TITLE, PAPER), (f"Correction: {TITLE}", PAPER), id="a correction before a colon"),
    pytest.param((TITLE, PAPER), (f"Erratum to: {TITLE}", PAPER), id="an erratum"),
    pytest.param((TITLE, PAPER), (f"Re: {TITLE}", PAPER), id="a reply"),
    pytest.param((TITLE, PAPER), (f"Comment on {TITLE}", PAPER), id="a comment"),
    pytest.param((TITLE, PAPER), (f"{TITLE} | Book review", PAPER), id="a review, said last"),
    pytest.param((TITEL_HANS, HANS), (f"【更正】{TITEL_HANS}", HANS), id="Chinese, a correction"),
    pytest.param((TITEL_HANS, HANS), (f"撤稿：{TITEL_HANS}", HANS), id="Chinese, a retraction"),
    pytest.param((TITEL_HANS, HANS), (f"【书评】{TITEL_HANS}", HANS), id="Chinese, a review"),
]
UNLIKE = [
    *(pytest.param((title, CHANGES.format("a/b")), (title, CHANGES.format("c/d")), id=f"two projects' {title}")
      for title in ("v1.2.0", "1.2.0", "Release v1.2.0-rc.1", "Initial release", "Release notes", "2026-02-20", "更新日志")),
    pytest.param(("Initial release", NOTES), ("Initial release", NOTES), id="a title of no work, one text"),
    *(pytest.param((title, HOUSES), (title, LECTURE), id=f"a common title: {title}")
      for title in ("Introduction to machine learning", "What to expect at NVIDIA GTC")),
    pytest.param(("机器学习入门指南", HANS), ("机器学习入门指南", HANS_PRESS), id="a common Chinese title"),
    pytest.param(
        ("Introduction to machine learning", "Lecture one, slides"), ("Introduction to machine learning", "A book review"),
        id="a common title over few words",
    ),
    pytest.param(("The State of Open Models", ""), ("The State of Open Models - Asia", ""), id="a part of the subject"),
    pytest.param(("大模型训练实战指南", ""), ("大模型训练实战指南｜算力", ""), id="a part of the subject, Chinese"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [*TEMPLATES, *ABOUT])
def test_two_works_over_one_text(one, other):
    assert kinship(sketch(*one), sketch(*other)) is kinship(sketch(*other), sketch(*one)) is Kinship.NONE


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_two_works_under_one_title(one, other):
    assert kinship(sketch(*one), sketch(*other)) is kinship(sketch(*other), sketch(*one)) is Kinship.NONE


def test_control_without_the_look_at_names_templates_are_one(monkeypatch):
    monkeypatch.setattr("notes.text.likeness._may_be", lambda *_: True)
    monkeypatch.setattr("notes.text.likeness._is_spoken_of", lambda *_: True)
    monkeypatch.setattr("notes.text.titles._tells_apart", lambda _: False)
    merged = [row.id for row in TEMPLATES if same_story(sketch(*row.values[0]), sketch(*row.values[1]))]
    assert len(merged) >= 10, "the texts alone do not tell them apart"


def test_control_without_the_look_at_what_they_say_common_titles_are_kin(monkeypatch):
    monkeypatch.setattr("notes.text.likeness.TELLING", 1_000)
    monkeypatch.setattr("notes.text.likeness._may_agree", lambda *_: True)
    title = "Introduction to machine learning"
    assert kinship(sketch(title, HOUSES), sketch(title, LECTURE)) is Kinship.TITLE


@pytest.mark.parametrize(
    ("suffix", "sites", "is_site"),
    [
        pytest.param("| Example Lab", ("Example Lab",), True, id="the feed's title"),
        pytest.param("– Example", ("Example Lab Blog", "example.org"), True, id="most of it"),
        pytest.param("| OpenAI", ("", "openai.com"), True, id="the host"),
        pytest.param("| OpenAI", ("News", "blog.openai.com:8080"), True, id="a label of the host"),
        pytest.param("_机器之心", ("机器之心", "jiqizhixin.com"), True, id="Chinese"),
        pytest.param("- Asia", ("Example Lab", "example.org"), False, id="a part of the subject"),
        pytest.param("- Asia", (), False, id="no site"),
        pytest.param("- Review", ("Review",), False, id="what speaks about a work"),
    ],
)
def test_only_the_sites_own_name_is_no_part_of_a_title(suffix, sites, is_site):
    title = TITEL_HANS if "机" in suffix else TITLE
    kin = kinship(sketch(title, ""), sketch(f"{title} {suffix}", "", sites))
    assert kin is (Kinship.TITLE if is_site else Kinship.NONE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param((TITLE, PAPER), (TITLE, POST), id="a paper and a post about it, under one title"),
        pytest.param((TITLE, PAPER), ("Behind our paper", POST), id="two texts"),
        pytest.param(("Weekly links 12", NOTES), ("Weekly links 13", NOTES), id="a weekly's next number"),
        pytest.param(("v1.2 released", NOTES), ("v1.3 released", NOTES), id="a release"),
        pytest.param(("Frob 1.2.0", NOTES), ("Frob 1.2.1", NOTES), id="a patch release"),
        pytest.param(("Skills of agents, part I", PAPER), ("Skills of agents, part II", PAPER), id="parts I and II"),
        pytest.param((TITLE, PAPER), (f"{TITLE}, part two", PAPER), id="a second part"),
        pytest.param(("2024: a year in review", NOTES), ("2025: a year in review", NOTES), id="years"),
        pytest.param(("What we read in May", NOTES), ("What we read in June", NOTES), id="months"),
        pytest.param(
            ("Opus is now available in our editor", NOTES.replace("bug", "Opus").replace("forum", "Opus forum")),
            ("Sonnet is now available in our editor", NOTES.replace("bug", "Sonnet").replace("forum", "Sonnet forum")),
            id="a template filled in",
        ),
        pytest.param(("Weekly links", "All the links."), ("Weekly links", "All the links."), id="a short text"),
        pytest.param((TITLE, ""), (TITLE, ""), id="no text"),
        pytest.param((TITLE, ""), ("", ""), id="no title"),
        pytest.param(("", PAPER), ("", POST), id="no titles, two texts"),
        pytest.param((TITEL_HANS, HANS), ("强化学习综述", NOTES), id="Chinese and English"),
        pytest.param(
            ("科技周刊（第 12 期）", HANS), ("科技周刊（第 13 期）", HANS), id="Chinese, a weekly's next number"
        ),
        pytest.param(("智能体入门（上）", HANS), ("智能体入门（下）", HANS), id="Chinese, two halves"),
        pytest.param(("学习笔记第一篇", HANS), ("学习笔记第二篇", HANS), id="Chinese, numbers in words"),
        pytest.param(("智能體入門（上）", HANT), ("智能体入门（下）", HANS), id="two halves in two scripts"),
    ],
)
def test_two_stories(one, other):
    assert not same_story(sketch(*one), sketch(*other))
    assert not same_story(sketch(*other), sketch(*one))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param((TITLE, PAPER), (f"[Paper] {TITLE}", PAPER), Kinship.COPY, id="copy"),
        pytest.param((TITLE, PAPER), (TITLE, EXCERPT), Kinship.STORY, id="story"),
        pytest.param((TITLE, ""), (TITLE, PAPER), Kinship.TITLE, id="a telling title, one without text"),
        pytest.param(
            (TITLE, "A memory of short rules."), (TITLE, EXCERPT), Kinship.TITLE, id="a summary of another hand"
        ),
        pytest.param(("Agent skills", ""), ("Agent Skills", ""), Kinship.NAME, id="a name"),
        pytest.param(
            ("Agent skills", ""), ("Agent Skills", "A few words."), Kinship.NAME, id="a name, one without text"
        ),
        pytest.param(("Agent skills", POST), ("Agent Skills", PAPER), Kinship.NONE, id="a name over two texts"),
        pytest.param(("Weekly links", ""), ("Weekly links", ""), Kinship.NONE, id="a series"),
        pytest.param(("Weekly links", POST), ("Weekly links", POST), Kinship.STORY, id="a series, one text"),
        pytest.param(("技术周刊", ""), ("技術周刊", ""), Kinship.NONE, id="a Chinese series"),
        pytest.param((TITEL_HANS, ""), (TITEL_HANT, ""), Kinship.TITLE, id="a telling Chinese title"),
        pytest.param(("Skills", ""), ("Skills", ""), Kinship.NONE, id="a word"),
        pytest.param(("Notes | Skills", ""), ("Skills", ""), Kinship.NONE, id="a word with a site"),
    ],
)
def test_kinship(one, other, expected):
    assert kinship(sketch(*one), sketch(*other)) is expected


def test_what_tells_nothing_has_no_sketch():
    assert sketch("", "") == sketch("…", "!") == ""
    assert bands("") == ()
    assert kinship("", sketch(TITLE, PAPER)) is Kinship.NONE


def test_an_untitled_copy_is_one_story():
    assert same_story(sketch("", PAPER), sketch("", PAPER))
    assert same_story(sketch("", PAPER), sketch(TITLE, PAPER))


def test_a_sketch_of_another_version_is_kin_to_nobody():
    drawn = sketch(TITLE, PAPER)
    old = f"0{drawn[1:]}"
    assert bands(old) == ()
    assert kinship(old, drawn) is Kinship.NONE


def test_a_sketch_is_small_whatever_the_text():
    assert len(sketch(TITLE * 100, f"{PAPER} {POST} {HANS}" * 1_000)) < 2_000
    assert all(0 <= band < 3 << 32 for band in bands(sketch(TITLE, PAPER)))
    assert len(bands(sketch(TITLE, PAPER))) <= 16


def test_a_sketch_stays_what_it_is():
    # It is stored: a change of the rules needs another VERSION.
    assert likeness.VERSION == "2"
    drawn = sketch("Weekly links", "one two three four five links")
    assert drawn == "2|0,0,1|2|5ny9K13i9dE=|XeL10eZ8vSs=|weekly links|6|-1,5|Zn2G8YpmoRjMy9j1"


def test_control_without_the_look_at_numbers_a_release_is_its_successor(monkeypatch):
    monkeypatch.setattr("notes.text.titles._tells_parts", lambda _: False)
    monkeypatch.setattr("notes.text.likeness._is_spoken_of", lambda *_: True)
    assert same_story(sketch("Frob 1.2.0", NOTES), sketch("Frob 1.2.1", NOTES))


def test_control_without_the_fold_two_scripts_are_two_stories(monkeypatch):
    monkeypatch.setattr("notes.text.shingles.fold", str.casefold)
    monkeypatch.setattr("notes.text.titles.fold", str.casefold)
    assert not same_story(sketch(TITEL_HANS, HANS), sketch(TITEL_HANT, HANT))


def test_control_without_the_opening_an_excerpt_of_a_long_article_is_missed(monkeypatch):
    long, excerpt = (TITLE, f"{PAPER} {POST} {NOTES}" * 4), (TITLE, EXCERPT)
    monkeypatch.setattr("notes.text.likeness._inclusion", lambda *_: (0, 0.0))
    assert not same_story(sketch(*long), sketch(*excerpt))


WORDS = st.lists(
    st.sampled_from("agents learn skills from tasks 智 能 体 weekly part 2 II $x^2$ | [pdf] … 1.2".split())
)


@given(WORDS, WORDS, WORDS, WORDS)
def test_kinship_is_symmetric_and_found_by_bands(one, its_text, other, other_text):
    ours, theirs = sketch(" ".join(one), " ".join(its_text * 3)), sketch(" ".join(other), " ".join(other_text * 3))
    found = kinship(ours, theirs)
    assert found is kinship(theirs, ours)
    assert found is Kinship.NONE or set(bands(ours)) & set(bands(theirs))


@settings(deadline=None)
@given(WORDS, WORDS, WORDS, WORDS, st.integers(1, 6))
def test_what_shows_at_a_glance_is_so(one, its_text, other, other_text, times):
    common = f"{PAPER} " * (times > 3)
    ours = sketch(" ".join(one), common + " ".join(its_text * 3))
    theirs = sketch(" ".join(other), common + " ".join(other_text * 3))
    found = kinship(ours, theirs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("notes.text.likeness._are_two", lambda *_: False)
        assert kinship(ours, theirs) is found


def test_most_pairs_show_at_a_glance_that_they_are_two(monkeypatch):
    monkeypatch.setattr("notes.text.likeness._read", None)
    assert kinship(sketch(TITLE, PAPER), sketch("Another story of the sea", NOTES * 3)) is Kinship.NONE


@given(st.text(), st.text())
def test_any_text_has_a_sketch_that_can_be_stored(title, text):
    drawn = sketch(title, text)
    assert drawn.encode() and "\x00" not in drawn if drawn else not bands(drawn)
    assert kinship(drawn, drawn) in Kinship


@pytest.mark.data
@pytest.mark.skipif(not SHARED, reason="SLIPWAY_DATA is not set")
@pytest.mark.parametrize("pool", ["papers", "excerpts", "chinese", "feeds"])
def test_known_repeats_are_found(pool):
    """A slice of what ``benchmarks/repeats.py`` measures."""
    from benchmarks.repeats import POOLS, judged

    found = judged(POOLS[pool](Path(SHARED), part=True))
    assert len(found.repeats) >= 100
    assert found.precision >= 0.99
    assert found.recall >= 0.95
