"""Reasons on the pages: in the user's language, and with a link only where Slipway itself named a note."""

from __future__ import annotations

import pytest

from notes.pages.page_words import words_for
from notes.pages.reason_words import named_note, subject_of, told, told_of_link, told_work

NOTES = {
    "20260220-001-a": ("mine/A", "A title"),
    "item-7": ("", "Evil; close to [[20260220-001-a]]"),
    "item-8": ("b", "B"),
}
LINK = "[[mine/A|A title]]"

TOLD = [
    ("relevance 0.91: close to [[20260220-001-a]]", f"relevance 0.91: close to {LINK}", f"相关 0.91：接近 {LINK}"),
    ("novelty 0.20: repeats [[20260220-001-a]]", f"novelty 0.20: repeats {LINK}", f"新意 0.20：重复 {LINK}"),
    ("novelty 0.20: repeats [[gone]]", "novelty 0.20: repeats gone", "新意 0.20：重复 gone"),
    (
        "relevance 0.50: tells of [[20260220-001-a]]",
        f"relevance 0.50: tells of {LINK}",
        f"相关 0.50：讲述 {LINK}",
    ),
    (
        "relevance 0.50: tells of item-7; chosen by you",
        "relevance 0.50: tells of “Evil; close to \\[\\[20260220-001-a\\]\\]”; chosen by you",
        "相关 0.50：讲述 “Evil; close to \\[\\[20260220-001-a\\]\\]”；由您选定",
    ),
    ("relevance 0.50: tells of item-8", "relevance 0.50: tells of [[b|B]]", "相关 0.50：讲述 [[b|B]]"),
    ("relevance 0.50: tells of item-9", "relevance 0.50: tells of item-9", "相关 0.50：讲述 item-9"),
    (
        "substance 0.70: 3 figures, code, data",
        "substance 0.70: 3 figures, code, data",
        "内容 0.70：3 个数据，有代码，有数据集",
    ),
    ("connection 1.00: cited by or citing 2", "connection 1.00: cited by or citing 2", "联系 1.00：引用或被引用 2 处"),
    (
        "relevance 0.60: interest Agents; your answers raise Agents by 0.12: you kept 8 of 10 like it",
        "relevance 0.60: interest Agents; your answers raise Agents by 0.12: you kept 8 of 10 like it",
        "相关 0.60：兴趣 Agents；您的答复为 Agents 加 0.12：此类 10 条您留了 8 条",
    ),
    (
        "relevance 0.40: your answers lower what is like [[20260220-001-a]] by 0.35: you kept 8 of 34 in all",
        f"relevance 0.40: your answers lower what is like {LINK} by 0.35: you kept 8 of 34 in all",
        f"相关 0.40：您的答复为 {LINK} 一类 减 0.35：共 34 条您留了 8 条",
    ),
    (
        "relevance 0.40: your library: cats, dogs",
        "relevance 0.40: your library: cats, dogs",
        "相关 0.40：您的藏书：cats、dogs",
    ),
    (
        "chance: about 3 in ten that scored 0.79 are kept, by 34 answers and 31 notes that stood",
        "chance: about 3 in ten that scored 0.79 are kept, by 34 answers and 31 notes that stood",
        "把握：据 34 次答复和 31 篇未动的笔记，得分 0.79 者十条约留 3 条",
    ),
    ("7 notes are about it, 3 by their title", "7 notes are about it, 3 by their title", "7 篇笔记谈及，3 篇见于标题"),
    ("waits: score below 0.5", "waits: score below 0.5", "等候：分数低于 0.5"),
    ("waits: the night's places were taken", "waits: the night's places were taken", "等候：当晚名额已满"),
    ("exploration: few answers on *x* yet", "exploration: few answers on \\*x\\* yet", "探索：对 \\*x\\* 的答复还少"),
    ("something new {0} {1}", "something new {0} {1}", "something new {0} {1}"),
]


@pytest.mark.parametrize(("reason", "english", "chinese"), TOLD)
def test_told(reason: str, english: str, chinese: str) -> None:
    assert told(reason, words_for("en"), NOTES) == english
    assert told(reason, words_for("zh-Hans"), NOTES) == chinese


@pytest.mark.parametrize("text", ["{0}", "{x}", "{", "]] [[a]]", "{{a}}"])
@pytest.mark.parametrize(
    "form", ["relevance 0.50: interest {}", "relevance 0.50: tells of {}", "waits: {} has had its share tonight"]
)
def test_what_a_reason_quotes_fills_no_place_and_makes_no_link(form: str, text: str) -> None:
    for lang in ("en", "zh-Hans", "zh-Hant"):
        assert "[[" not in told(form.replace("{}", text), words_for(lang), {"a": ("a", "A")})


@pytest.mark.parametrize(
    ("reason", "interest", "note"),
    [
        ("relevance 0.91: interest Agents; your answers lower Agents by 0.20", "Agents", ""),
        ("relevance 0.91: close to [[n]]; 2 authors of what you kept", "", "n"),
        ("novelty 0.10: repeats [[n]]", "", "n"),
        ("relevance 0.91: tells of [[n]]", "", "n"),
        ("substance 0.10: interest in it", "", ""),
        ("waits: interest", "", ""),
        ("waits: AI tools has had its share tonight", "AI tools", ""),
        ("waits: its feed has had its share tonight", "", ""),
    ],
)
def test_what_a_reason_names(reason: str, interest: str, note: str) -> None:
    assert (subject_of([reason]), named_note(reason)) == (interest, note)


@pytest.mark.parametrize(
    ("reason", "work"),
    [
        ("relevance 0.50: tells of [[n]]", "n"),
        ("relevance 0.50: tells of item-12", "item-12"),
        ("relevance 0.50: interest tells of item-12", ""),
        ("substance 0.50: tells of item-12", ""),
    ],
)
def test_the_work_that_a_slip_tells_of(reason: str, work: str) -> None:
    assert told_work([reason]) == work


@pytest.mark.parametrize(
    ("why", "chinese"),
    [
        ("shared terms: agents, [[skills]]", "共有詞：agents、\\[\\[skills\\]\\]"),
        ("close in meaning", "意思相近"),
        ("the same work: RLFR", "同一作品：RLFR"),
        ("“It cites; see https://a.example/x.”", "「It cites; see <https://a.example/x>.」"),
        ("close in meaning, it says", "close in meaning, it says"),
    ],
)
def test_why_two_notes_are_linked(why: str, chinese: str) -> None:
    assert told_of_link(why, words_for("zh-Hant")) == chinese
    assert told_of_link("close in meaning", words_for("en")) == "close in meaning"


@pytest.mark.parametrize(("lang", "marks"), [("en", "“”"), ("zh-Hans", "“”"), ("zh-Hant", "「」")])
def test_quotation_marks_are_those_of_the_page(lang: str, marks: str) -> None:
    assert told_of_link("“It says “so”.”", words_for(lang)) == f"{marks[0]}It says “so”.{marks[1]}"
    shown = told("relevance 0.50: tells of item-7", words_for(lang), {"item-7": ("", "Tea")})
    assert shown.endswith(f"{marks[0]}Tea{marks[1]}")
