"""Days as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway.search.periods import FORMS, first_day, last_day

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("2026-02-20", "2026-02-20", "2026-02-20"),
        ("2026/2/3", "2026-02-03", "2026-02-03"),
        ("2026.02.03", "2026-02-03", "2026-02-03"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-W08", "2026-02-16", "2026-02-22"),
        ("2026w8", "2026-02-16", "2026-02-22"),
        ("today", "2026-03-31", "2026-03-31"),
        ("Yesterday", "2026-03-30", "2026-03-30"),
        ("昨天", "2026-03-30", "2026-03-30"),
        ("前天", "2026-03-29", "2026-03-29"),
        ("7d", "2026-03-24", "2026-03-24"),
        ("0d", "2026-03-31", "2026-03-31"),
        ("2w", "2026-03-17", "2026-03-17"),
        ("2 weeks ago", "2026-03-17", "2026-03-17"),
        ("last 7 days", "2026-03-24", "2026-03-24"),
        ("1m", "2026-02-28", "2026-02-28"),
        ("13m", "2025-02-28", "2025-02-28"),
        ("1y", "2025-03-31", "2025-03-31"),
        ("９天", "2026-03-22", "2026-03-22"),
        ("兩週", "2026-03-17", "2026-03-17"),
        ("三天前", "2026-03-28", "2026-03-28"),
        ("3 個月", "2025-12-31", "2025-12-31"),
        ("2週", "2026-03-17", "2026-03-17"),
        ("7天", "2026-03-24", "2026-03-24"),
        ("今天", "2026-03-31", "2026-03-31"),
        ("本週", "2026-03-30", "2026-04-05"),
        ("本周", "2026-03-30", "2026-04-05"),
        ("上週", "2026-03-23", "2026-03-29"),
        ("上周", "2026-03-23", "2026-03-29"),
        ("上星期", "2026-03-23", "2026-03-29"),
        ("last week", "2026-03-23", "2026-03-29"),
        ("本月", "2026-03-01", "2026-03-31"),
        ("上個月", "2026-02-01", "2026-02-28"),
        ("上个月", "2026-02-01", "2026-02-28"),
        ("Last month", "2026-02-01", "2026-02-28"),
        ("去年", "2025-01-01", "2025-12-31"),
        (" 2026-02 ", "2026-02-01", "2026-02-28"),
    ],
)
def test_what_a_period_is(said, first, last):
    assert first_day(said, TODAY) == date.fromisoformat(first)
    assert last_day(said, TODAY) == date.fromisoformat(last)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "x",
        "2026-02-30",
        "2026-13",
        "2026-W60",
        "2025-W53",
        "20260220",
        "20.2.2026",
        "1969",
        "9001-01-01",
        "99999y",
        "99999999d",
        "-7d",
        "7",
        "10月",  # October, and not ten months ago
        "3日",
        "2026-02-20T00:00",
        "\ud800",
        "9" * 10_000,
    ],
)
def test_what_is_no_day(said):
    assert first_day(said, TODAY) is None
    assert last_day(said, TODAY) is None


@pytest.mark.parametrize("said", ["昨天", "上週", "兩週", "last week", "yesterday", "7d"])
def test_the_remedy_names_forms_that_are_read(said):
    assert said in FORMS
    assert first_day(said, TODAY) is not None


@given(st.text(max_size=20) | st.from_regex(r"\A\d{1,5} ?[dwmy]\Z"), st.dates(date(1970, 1, 1), date(9000, 12, 31)))
def test_it_never_raises_and_a_period_does_not_end_before_it_begins(said, today):
    first, last = first_day(said, today), last_day(said, today)
    assert (first is None) == (last is None)
    if first and last:
        assert first <= last <= first + timedelta(days=366)
