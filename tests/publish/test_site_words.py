from __future__ import annotations

import re
from dataclasses import fields
from datetime import date

import pytest

from publish.site.fixed_words import SiteWords, site_words_for
from publish.wording.words import words_for


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
        ("zh", "zh-Hans"),
        ("zh-Hans", "zh-Hans"),
        ("zh_CN", "zh-Hans"),
        ("zh-Hant", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-hk", "zh-Hant"),
    ],
)
def test_words_are_found_for_every_tag(tag: str, lang: str):
    assert site_words_for(tag).lang == lang


def test_no_word_is_missing_and_each_language_fills_the_same_places():
    def places(words: SiteWords) -> dict[str, set[str]]:
        texts = {part.name: getattr(words, part.name) for part in fields(words)}
        return {name: set(re.findall(r"{(\w+)}", text)) for name, text in texts.items() if isinstance(text, str)}

    english, *others = (site_words_for(tag) for tag in ("en", "zh-Hans", "zh-Hant"))
    for words in (english, *others):
        assert all(getattr(words, part.name) for part in fields(words) if part.name != "roles")
    for words in others:
        assert places(words) == places(english)


@pytest.mark.parametrize(
    ("tag", "day", "month"),
    [
        ("en", "3 February 2026", "February 2026"),
        ("zh-Hans", "2026年2月3日", "2026年2月"),
        ("zh-Hant", "2026 年 2 月 3 日", "2026 年 2 月"),
    ],
)
def test_days_and_months(tag: str, day: str, month: str):
    words = site_words_for(tag)
    assert words.day(date(2026, 2, 3)) == day
    assert words.month(date(2026, 2, 3)) == month
    assert (day, month) == (words_for(tag).day(date(2026, 2, 3)), words_for(tag).month(date(2026, 2, 3)))


def test_counts():
    words = site_words_for("en")
    assert [words.count(1), words.count(1200), words.newest(300, 4210)] == [
        "1 article",
        "1,200 articles",
        "The newest 300 of 4,210.",
    ]
