"""Pages answered by ticking: what the user wrote on them stays, in any language that they were written in."""

from __future__ import annotations

import re
from datetime import UTC, date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from notes.pages import inbox_page, suggestions_page
from notes.pages.laid import Laid
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


def inbox(lang: str, existing: str = "", laid: Laid | None = None) -> str:
    shown = inbox_page.Shown(DAY, UTC, groups={1: "Agents", 2: "Agents"}, words=words_for(lang))
    return inbox_page.render(
        [slip(1, "One", 0.5), slip(2, "Two", 0.4), slip(3, "Three")], shown, existing=existing, laid=laid
    )


def suggestions(lang: str, existing: str = "", laid: Laid | None = None) -> str:
    return suggestions_page.render(OFFERS, TAGS, day=DAY, words=words_for(lang), existing=existing, laid=laid)


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


LINK_ID = suggestions_page.short_id(OFFERS[0].id)
TITLES = [
    "Memory (^link-0123456789 for long tasks",
    f"Memory (^{LINK_ID} [[x]] tail",
    f"Memory ^{LINK_ID}",
    f"$x ^{LINK_ID} y$",
    f"$x\\ ^{LINK_ID} y$",
    "A (^item-2)",
    "A ^item-2",
    "$x ^item-2 y$",
]


@pytest.mark.parametrize("title", TITLES)
def test_no_title_stays_on_the_page_as_words_of_the_users(title) -> None:
    offers = [LinkOffer("link:z→b", ("z", title), ("b", title), title, 0.9), *OFFERS]
    made = suggestions_page.render(offers, TAGS, day=DAY, words=words_for("en"))
    assert suggestions_page.render(offers, TAGS, day=DAY, words=words_for("en"), existing=made) == made
    assert suggestions_page.render(OFFERS, TAGS, day=DAY, words=words_for("en"), existing=made) == suggestions("en")
    assert suggestions_page.counts(made) == (3, 1)
    shown = inbox_page.Shown(DAY, UTC, groups={1: title}, words=words_for("en"))
    queue = inbox_page.render([slip(1, title, 0.5)], shown)
    assert inbox_page.render([slip(1, title, 0.5)], shown, existing=queue) == queue


@pytest.mark.parametrize("url", ["https://e.org/", ""])
@pytest.mark.parametrize("title", TITLES)
def test_no_title_answers_for_a_line_that_lost_its_id(title, url) -> None:
    queue = inbox_page.render([slip(1, title, 0.5, url=url)], inbox_page.Shown(DAY, UTC))
    ticked = queue.replace("- [ ]", "- [x]")
    assert [answer.item_id for answer in inbox_page.answers(ticked)] == [1]
    assert inbox_page.answers(ticked.replace(" ^item-1\n", "\n")) == ()
    offers = [LinkOffer("link:z→b", ("z", title), ("b", title), title, 0.9)]
    made = suggestions_page.render(offers, (), day=DAY, words=words_for("en")).replace("- [ ]", "- [x]")
    assert suggestions_page.answers(made.replace(f" ^{suggestions_page.short_id('link:z→b')}\n", "\n")) == {}


def test_without_the_door_a_title_would_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_page.inert, "to_markdown", lambda text, **_: text)
    queue = inbox_page.render([slip(1, "A ^item-2", 0.5)], inbox_page.Shown(DAY, UTC)).replace("- [ ]", "- [x]")
    assert inbox_page.answers(queue.replace(" ^item-1\n", "\n")), "the positive control"


@pytest.mark.parametrize(
    ("line", "answered"),
    [
        ("- [x] a ^item-2", True),
        ("\t* [X] a\t^item-2 mine", True),
        ("> - [ -] a ^item-2", True),
        ("- [x] ^item-2", True),
        ("## a ^item-2", False),
        ("- a ^item-2", False),
        ("- [x] a (^item-2", False),
        ("- [x] a ^item-2)", False),
        ("- [x] a ^item-2x", False),
        ("- [x] a ^item-2-1", False),
    ],
)
def test_only_an_item_with_a_box_and_its_id_apart_counts(line, answered) -> None:
    assert bool(inbox_page.answers(line)) == answered


# --- whose line is it ----------------------------------------------------------------------------------------------

OTHER_ID = suggestions_page.short_id(OFFERS[1].id)
THEIRS = [
    "- ask Ann about [[#^item-1]] before Friday",
    "- [[Inbox#^item-1|the bread one]]: bake it, 230 C is too hot",
    f"- see [[Suggestions#^{LINK_ID}]]",
    "- see [[Suggestions#^link-0123456789]]",
    "- [x] read [[Inbox#^item-1]] and [[#^item-2|that]]",
    "- [x] the mark `^item-1` and ` ^item-2 `",
    f"Ann's remark on ^{LINK_ID} : wrong",
    "text ^tag-todo",
    "text ^item-1",
    "- [ ] my own task with an id of mine ^tag-buy-milk",
    "- [ ] my own line ^item-1",
    "- [ ] **0.50** my own words, as it were ^item-1",
    f"- [ ] [[a]] goes with [[b]] ^{LINK_ID}",
    "As of 2026-02-20, I no longer trust this author.",
    "As of 2026-02-20, my boss has 3 items to decide on.",
    "截至2026年2月20日，我不再相信。",
    "## Groceries · 3 items",
    "## Mine · 3 links",
    "## 我的 · 3 条",
    "Tick `[x]` to make my day.",
]
IDS = ("item-1", LINK_ID)


def memory(page) -> Laid | None:
    module = inbox_page if page is inbox else suggestions_page
    return Laid.of([module.record(page("en"))])


def ticks(page, text: str, laid: Laid | None):
    return inbox_page.answers(text, laid) if page is inbox else suggestions_page.answers(text, laid)


KNOWN = pytest.mark.parametrize("known", [True, False], ids=["laid is known", "by form"])


@KNOWN
@PAGES
@pytest.mark.parametrize("at", [1, -1])
@pytest.mark.parametrize("line", THEIRS)
def test_a_line_of_the_users_own_is_kept_whatever_it_names(page, line, at, known) -> None:
    laid = memory(page) if known else None
    lines = page("en").split("\n")
    lines.insert(at if at > 0 else len(lines), line)
    once = page("en", "\n".join(lines), laid)
    assert once == page("en") + f"\n{line}\n"
    assert page("zh-Hans", once, laid) == page("zh-Hans") + f"\n{line}\n"
    assert not ticks(page, "\n".join(lines), laid)


def test_by_the_id_alone_the_line_would_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_page._PAGE, "_form", re.compile(".*"))
    made = inbox("en", inbox("en") + "\n- [ ] my own line ^item-1\n")
    assert made == inbox("en"), "the positive control"


@PAGES
@pytest.mark.parametrize("line", ["# Inbox", "# Suggestions"])
@KNOWN
def test_a_heading_written_once_more_is_kept(page, line, known) -> None:
    written = page("en") + f"\n{line}\n"
    assert page("en", written, memory(page) if known else None) == written


def item_at(page) -> tuple[list[str], int]:
    lines = page("en").split("\n")
    return lines, next(number for number, line in enumerate(lines) if line.endswith(IDS))


@KNOWN
@PAGES
def test_remarks_of_all_copies_stay(page, known) -> None:
    lines, at = item_at(page)
    copied = [
        *lines[:at],
        lines[at] + " note A",
        lines[at] + " note B",
        lines[at],
        lines[at] + " note A",
        *lines[at + 1 :],
    ]
    made = page("en", "\n".join(copied), memory(page) if known else None)
    assert made == "\n".join([*lines[:at], lines[at] + " note A note B", *lines[at + 1 :]])


@KNOWN
@PAGES
@pytest.mark.parametrize("fence", ["```", "~~~~", "> ```", "- ```"])
def test_a_copy_in_code_stays_code_and_answers_nothing(page, fence, known) -> None:
    lines, at = item_at(page)
    within = "> " if fence.startswith(">") else ""
    copy = [fence, within + lines[at].replace("[ ]", "[x]"), within + "keep", fence.removeprefix("- ")]
    written = page("en") + "\n" + "\n".join(copy) + "\n"
    laid = memory(page) if known else None
    assert page("en", written, laid) == written
    assert not ticks(page, written, laid)


@KNOWN
def test_the_first_id_behind_a_text_of_slipways_is_ticked(known) -> None:
    lines, at = item_at(suggestions)
    lines[at] = lines[at].replace("[ ]", "[x]") + f" same as ^{OTHER_ID}"
    assert suggestions_page.answers("\n".join(lines), memory(suggestions) if known else None) == {LINK_ID: True}
    made = suggestions("en", "\n".join(lines), memory(suggestions) if known else None)
    assert f"^{LINK_ID} same as ^{OTHER_ID}\n" in made
    assert made.count("- [x]") == 1


@PAGES
def test_a_line_with_words_put_in_stays_below(page) -> None:
    lines, at = item_at(page)
    edited = lines[at].replace(" ^", " my words in front ^")
    written = "\n".join([*lines[:at], edited, *lines[at + 1 :]])
    once = page("en", written, memory(page))
    assert once == page("en") + f"\n{edited}\n"
    assert page("en", once, memory(page)) == once


@PAGES
def test_a_ticked_line_with_words_put_in_answers_once_and_its_words_stay(page) -> None:
    lines, at = item_at(page)
    edited = lines[at].replace(" ^", " my words ^").replace("[ ]", "[-]")
    written = "\n".join([*lines[:at], edited + " and more", *lines[at + 1 :]])
    assert len(ticks(page, written, memory(page))) == 1
    once = page("en", written, memory(page))
    assert once == page("en") + f"\n{edited.rpartition(' ^')[0]} and more\n"
    assert not ticks(page, once, memory(page))


@KNOWN
@PAGES
def test_a_mark_of_the_users_own_stays_in_its_box(page, known) -> None:
    lines, at = item_at(page)
    lines[at] = lines[at].replace("[ ]", "[/]")
    written = "\n".join(lines)
    assert page("en", written, memory(page) if known else None) == written
    assert not ticks(page, written, memory(page) if known else None)


def test_what_an_editor_reformats_stays_slipways() -> None:
    laid = memory(inbox)
    written = inbox("en").replace("- [ ]", "* [ ]").replace(" — ", "  —  ").replace("**", "__").replace("\n", "\r\n")
    assert inbox("en", written, laid).replace("\r\n", "\n") == inbox("en")


@PAGES
def test_a_page_of_a_night_that_is_forgotten_is_read_by_its_form(page) -> None:
    other = "test_a_page_of_a_night_that_is_forgotten=0123456789ab"
    assert page("en", page("zh-Hant"), Laid.of([other])) == page("en")


PIECES = st.lists(
    st.sampled_from(
        ["^item-1", f"^{LINK_ID}", f"^{OTHER_ID}", "^tag-agents", "^tag-todo", "[[", "]]", "Inbox#", "`", "·", "3 items", "As of",
         "2026-02-20,", "2 links", "to decide on.", "word", "**0.50**", "—", "→", "\\", "#", "|", "字"]
    ),
    min_size=1,
    max_size=7,
)  # fmt: skip
STARTS = st.sampled_from(["", "- ", "- [ ] ", "> - [ ] ", "## ", "* ", "  - [ ] ", "> "])


@PAGES
@given(
    own=st.lists(st.tuples(STARTS, PIECES, st.sampled_from(["", " "])), min_size=1, max_size=4),
    at=st.integers(0, 14),
    known=st.booleans(),
)
def test_lines_of_such_pieces_survive_two_nights_once_each_and_answer_nothing(page, own, at, known) -> None:
    # Where it is not known what was laid, whatever has a line's whole form is taken for one, and headings need their lines.
    theirs = [
        (start + gap.join(pieces)).replace("—", "—" if known else "-").replace("→", "→" if known else "-")
        for start, pieces, gap in own
    ]
    assume(not any("```" in line for line in theirs))  # a fence that is not closed makes code of all that follows
    laid = memory(page) if known else None
    lines = page("en").split("\n")
    at = at if known else 1
    written = "\n".join([*lines[:at], *theirs, *lines[at:]])
    assert not ticks(page, written, laid)
    once = page("en", written, laid)
    twice = page("zh-Hans", once, laid)
    assert once == page("en") + "\n" + "\n".join(theirs) + "\n"
    assert twice == page("zh-Hans") + "\n" + "\n".join(theirs) + "\n"
