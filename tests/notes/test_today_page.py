"""``Today.md``: the night at a glance."""

from __future__ import annotations

from datetime import date

import pytest

from notes.pages.page_words import words_for
from notes.pages.today_page import NewNote, Today, TopicMove, render

DAY = date(2026, 2, 20)
FULL = Today(
    day=DAY,
    waiting=143,
    links=5,
    tags=1,
    tasks=2,
    notes=(NewNote("20260220-001-a", "A [1]", 0.86, ("topics/x", "X")), NewNote("b", "B", None, explored=True)),
    posts=(("posts/2026-02-20", "The day"),),
    topics=(TopicMove("topics/x", "X", 1, 7),),
)


def test_page() -> None:
    assert render(FULL, words_for("en")) == (
        "---\ntitle: Today\ntags: [home]\n---\n\n"
        "As of 2026-02-20. Written anew every night; `Home.md` shows it.\n\n"
        "- [[Inbox]]: 143 items to decide on\n- [[Suggestions]]: 5 links, 1 tag offered\n"
        "- [[Reading list]]: 2 notes to read\n\n"
        "## Posts\n\n- [[posts/2026-02-20|The day]]\n\n"
        "## New notes · 2 notes\n\n- [[20260220-001-a|A (1)]] — 0.86, [[topics/x|X]]\n- [[b|B]] — exploration\n\n"
        "## Topics that grew\n\n- [[topics/x|X]] — 1 new, 7 notes in all\n"
    )


def test_chinese() -> None:
    page = render(FULL, words_for("zh-Hant"))
    assert "截至 2026 年 2 月 20 日" in page
    assert "- [[Inbox]]：143 則待定" in page
    assert "新增 1 篇，共 7 篇筆記" in page


@pytest.mark.parametrize("last", [None, date(2026, 2, 18)])
def test_a_quiet_day(last: date | None) -> None:
    page = render(Today(day=DAY, waiting=0, links=0, tags=0, tasks=0, last=last), words_for("en"))
    assert ("2026-02-18" in page) is (last is not None)
    assert "A quiet day" in page
    assert "##" not in page
    assert "0 links offered" in page


def test_a_topic_without_a_page_is_named_and_not_linked() -> None:
    notes = (NewNote("n", "N", 0.5, ("", "[[Lone]] topic")),)
    moved = (TopicMove("", "[[Lone]] topic", 1, 1),)
    page = render(Today(day=DAY, waiting=0, links=0, tags=0, tasks=0, notes=notes, topics=moved), words_for("en"))
    assert "topic — 1 new, 1 note in all" in page
    assert page.count("Lone") == 2
    assert "[[Lone" not in page
    assert "[[|" not in page


def test_a_long_night_is_cut() -> None:
    notes = tuple(NewNote(f"n{number}", f"N{number}", 0.5) for number in range(60))
    page = render(Today(day=DAY, waiting=0, links=0, tags=0, tasks=0, notes=notes), words_for("en"))
    assert "## New notes · 60 notes" in page
    assert page.endswith("- and 35 notes more\n")
