"""Titles taken apart: the quick ways give what the patterns give."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notes.text import titles
from notes.text.fold import fold
from notes.text.titles import Title, tokens

SERIES = [
    *(
        "weekly links",
        "daily",
        "monthly",
        "nightly",
        "yearly",
        "round-up",
        "roundup",
        "digest",
        "a newsletter",
        "newsletters",
    ),
    *("bulletin", "open thread", "issue 3", "episode", "ep 4", "this week", "this month", "change log", "changelog"),
    *("release notes", "release", "released", "what's new", "whats new", "reading list", "recap", "week in review"),
    *("year in review", "no longer maintained", "we are hiring", "job", "jobs", "webinar", "office hours", "untitled"),
]
WORDS = st.sampled_from([*SERIES, "o'jobs", "jobs_", "models", "the", "a-b", "论文", "周报", "é", "x's", "·"])
TITLES = st.one_of(st.lists(WORDS, max_size=6).map(" ".join), st.text(max_size=20))


@given(TITLES.map(fold))
@example("o'week in review")
@example(" ".join(["word"] * titles.MAX_TOKENS) + " weekly")
def test_a_series_is_known_by_its_words_first(folded: str) -> None:
    words = tuple(tokens(folded)[: titles.MAX_TOKENS])
    assert titles._is_series(folded, words) == bool(titles._SERIES.search(folded))


@pytest.mark.parametrize("name", SERIES)
def test_what_comes_again_is_a_series(name: str) -> None:
    assert Title.of(f"Models: {name}").is_series


@given(st.one_of(TITLES, TITLES.map(fold)))
@example("it's 3.5 X-ray's")
def test_words_of_ascii_are_found_as_all_are(text: str) -> None:
    if text.isascii():
        assert tokens(text) == re.findall("[0-9a-z]+", text.replace("'", ""))
    assert tokens(text + "\u3400") == [*tokens(f"{text} "), "\u3400"] or not text.islower()
