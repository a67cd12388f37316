"""Pages answered by ticking: what the user wrote on them stays, in any language that they were written in."""

from __future__ import annotations

from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.pages import inbox_page, suggestions_page
from notes.pages.page_words import words_for
from notes.pages.suggestions_page import LinkOffer, TagOffer
from tests.notes.test_inbox_page import slip

DAY = date(2026, 2, 20)
LANGUAGES = ("en", "zh-Hans", "zh-Hant")
OFFERS = [
    LinkOffer("link:a→b", ("a", "A"), ("b", "B"), "shared terms: x", 0.9),
    LinkOffer("link:a→c", ("a", "A"), ("c", "C"), "close in meaning", 0.5),
]
TAGS = [TagOffer("tag:agents", "agents", (("a", "A"), ("b", "B")), "2 notes share it")]


def inbox(lang: str, existing: str = "") -> str:
    shown = inbox_page.Shown(DAY, UTC, groups={1: "Agents", 2: "Agents"}, words=words_for(lang))
    return inbox_page.render([slip(1, "One", 0.5), slip(2, "Two", 0.4), slip(3, "Three")], shown, existing=existing)


def suggestions(lang: str, existing: str = "") -> str:
    return suggestions_page.render(OFFERS, TAGS, day=DAY, words=words_for(lang), existing=existing)


PAGES = pytest.mark.parametrize("page", [inbox, suggestions])


@PAGES
@pytest.mark.parametrize("before", LANGUAGES)
@pytest.mark.parametrize("after", LANGUAGES)
def test_a_change_of_language_leaves_nothing_of_the_other(page, before, after) -> None:
    assert page(after, page(before)) == page(after)


@PAGES
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_is_known_in_every_language(page, lang) -> None:
    module = inbox_page if page is inbox else suggestions_page
    assert module.is_ours(page(lang))
    assert module.is_ours(page(lang).replace("\n", "\r\n"))
    assert not module.is_ours("# Inbox\n\n- [x] call the dentist\n")


OWN = st.lists(
    st.one_of(
        st.sampled_from(
            ["## Mine", "- [ ] 買牛奶", "> [!note]", "```", "# 收件", "a\u2028b", "- [x] done", "* * *", "## Books (3)"]
        ),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n^#"), min_size=1, max_size=12),
    ),
    max_size=5,
)


@PAGES
@given(own=OWN, at=st.integers(0, 12))
def test_lines_of_the_users_own_stay(page, own, at) -> None:
    lines = page("en").split("\n")
    written = "\n".join([*lines[:at], *own, *lines[at:]])
    if written.startswith("---\n"):
        return
    made = page("zh-Hans", written)
    kept = [line for line in made.split("\n") if line in own]
    assert [line for line in kept if line.strip()] == [line for line in own if line.strip()]
    assert page("zh-Hans", made) == made


@PAGES
def test_frontmatter_of_the_users_own_stays_on_top(page) -> None:
    front = "---\ncssclasses: [wide]\n---\n"
    made = page("en", front + page("zh-Hant"))
    assert made == front + "\n" + page("en")
    assert page("en", made) == made


@PAGES
def test_words_behind_a_line_stay_with_it_and_outlive_it(page) -> None:
    lines = page("en").split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("- [ ]"))
    noted = "\n".join([*lines[:at], lines[at] + " ask Ann", *lines[at + 1 :]])
    assert page("en", noted) == noted
    module = inbox_page if page is inbox else suggestions_page
    empty = (
        inbox_page.render([], inbox_page.Shown(DAY, UTC), existing=noted)
        if module is inbox_page
        else suggestions_page.render([], [], day=DAY, words=words_for("en"), existing=noted)
    )
    assert empty.endswith("\n\nask Ann\n")
