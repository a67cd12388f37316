"""The fixed words: complete in every language, and without numbers or markup of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from string import Formatter

import pytest

from notes.model import Role
from notes.quantities.numbers import values
from notes.text.fold import to_simplified
from notes.text.traditional import to_traditional
from publish.wording.words import LANGUAGES, Words, words_for

DAY = date(2026, 2, 9)


def templates(lang: str) -> dict[str, str]:
    words = words_for(lang)
    found = {field.name: getattr(words, field.name) for field in fields(Words)}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_is_missing_and_none_brings_a_number(lang):
    for name, template in templates(lang).items():
        assert template, name
        assert not values(template), name
    assert set(words_for(lang).roles) == set(Role)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_templates_have_the_same_places_in_every_language(lang):
    english = templates("en")
    forms = {"day_form", "month_form", "span_year_form", "span_month_form", "lang"}
    assert {name: places(text) for name, text in templates(lang).items() if name not in forms} == {
        name: places(text) for name, text in english.items() if name not in forms
    }


def test_the_two_scripts_say_the_same():
    """Words that differ by usage, not by script, are listed; a slip of the pen is not."""
    usage = {"lang", "quote_open", "quote_close", "day_form", "span_form", "week_form", "month_form"}
    usage |= {"span_year_form", "span_month_form"}
    known = {"code", "try_code", "data_label", "statement", "links", "code_links", "quarter_topic", "month_compare"}
    known |= {
        "dataset",
        "daily_told",
        "watch_carried",
        "reproduce",
        "task_reproduce",
        "this_quarter",
    }  # 報導, 重現, 本季
    simplified, traditional = templates("zh-Hans"), templates("zh-Hant")
    differing = {
        name
        for name in simplified
        if name not in usage and to_simplified(traditional[name]) != to_simplified(simplified[name])
    }
    assert differing <= known, {name: (simplified[name], traditional[name]) for name in differing - known}


def test_the_words_of_tables_are_in_the_script_of_their_language():
    """Script alone tells them apart: 低於, not 低于, which both scripts write elsewhere."""
    simplified, traditional = words_for("zh-Hans"), words_for("zh-Hant")
    tables = [field.name for field in fields(Words) if isinstance(getattr(simplified, field.name), Mapping)]
    assert {"bounds", "units", "roles"} <= set(tables)
    for name in tables:
        ours = {key: to_traditional(value) for key, value in getattr(simplified, name).items()}
        assert ours == getattr(traditional, name), name


@pytest.mark.parametrize(
    ("lang", "day", "span", "week"),
    [
        ("en", "9 February 2026", "9 February 2026 to 9 February 2026", "week 7 of 2026"),
        ("zh-Hans", "2026年2月9日", "2026年2月9日至2026年2月9日", "2026年第7周"),
        ("zh-Hant", "2026 年 2 月 9 日", "2026 年 2 月 9 日至 2026 年 2 月 9 日", "2026 年第 7 週"),
    ],
)
def test_dates(lang, day, span, week):
    words = words_for(lang)
    assert (words.day(DAY), words.span(DAY, DAY), words.week(DAY)) == (day, span, week)


@pytest.mark.parametrize(
    ("lang", "month", "year", "years"),
    [
        ("en", "1 to 30 September 2025", "28 August to 3 September 2025", "28 December 2025 to 3 January 2026"),
        ("zh-Hans", "2025年9月1日至30日", "2025年8月28日至9月3日", "2025年12月28日至2026年1月3日"),
        (
            "zh-Hant",
            "2025 年 9 月 1 日至 30 日",
            "2025 年 8 月 28 日至 9 月 3 日",
            "2025 年 12 月 28 日至 2026 年 1 月 3 日",
        ),
    ],
)
def test_a_stretch_names_month_and_year_once(lang, month, year, years):
    span = words_for(lang).span
    assert span(date(2025, 9, 1), date(2025, 9, 30)) == month
    assert span(date(2025, 8, 28), date(2025, 9, 3)) == year
    assert span(date(2025, 12, 28), date(2026, 1, 3)) == years


def test_counts_know_the_singular():
    words = words_for("en")
    assert (words.notes(1), words.notes(2), words.source_count(1), words.works(1)) == (
        "1 note",
        "2 notes",
        "1 source",
        "1 work",
    )
    assert words_for("zh-Hant").works(3) == "3 項工作"


def test_the_week_of_new_year_is_the_iso_week():
    assert words_for("en").week(date(2027, 1, 1)) == "week 53 of 2026"


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-hant-mo", "zh-Hant"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_nearest_language(asked, given):
    assert words_for(asked).lang == given


def test_quotation_marks():
    assert [words_for(lang).quoted("x") for lang in LANGUAGES] == ["“x”", "“x”", "「x」"]
