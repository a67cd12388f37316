"""``Reading list.md``: Slipway appends, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.markup import markdown
from notes.pages import reading_list
from notes.pages.page_words import words_for
from notes.pages.reading_list import Priority, Task, is_ours, open_tasks, update

TASK = Task(
    "learning-20260220-008", "20260220-008-skillrl", "SkillRL: [RL] | x", ("Lab", "results: 3 figures"), Priority.HIGH
)
LINE = "- [ ] [[20260220-008-skillrl|SkillRL: (RL) / x]] — Lab; results: 3 figures (learning-20260220-008) ⏫"
OTHER = Task("learning-20260220-009", "20260220-009-b", "B")
OTHER_LINE = "- [ ] [[20260220-009-b|B]] (learning-20260220-009)"


def test_a_new_page() -> None:
    page = update(None, [TASK, OTHER, TASK])
    assert page.startswith("# Reading list\n\n")
    assert page.endswith(f"\n\n{LINE}\n{OTHER_LINE}\n")
    assert update(page, [TASK, OTHER]) == page


KEPT = [
    ("ticked", f"{LINE.replace('[ ]', '[x]')}\n", f"{OTHER_LINE}\n"),
    ("moved and annotated", f"## Later\n> {LINE} my words\n\n", f"{OTHER_LINE}\n"),
    ("without a last line end", f"- [ ] mine ({TASK.id})", f"\n{OTHER_LINE}\n"),
    ("in running text", f"mine ({TASK.id})\n", f"{LINE}\n{OTHER_LINE}\n"),
    ("CRLF", f"{LINE}\r\nmine\r\n", f"{OTHER_LINE}\r\n"),
    ("empty", "", f"{LINE}\n{OTHER_LINE}\n"),
]


@pytest.mark.parametrize(("existing", "added"), [row[1:] for row in KEPT], ids=[row[0] for row in KEPT])
def test_what_is_there_is_kept_byte_for_byte(existing: str, added: str) -> None:
    assert update(existing, [TASK, OTHER]) == existing + added


@given(st.text(max_size=60))
def test_any_page_is_kept_and_ends_in_the_same_state(existing: str) -> None:
    page = update(existing, [TASK])
    assert page.startswith(existing)
    assert update(page, [TASK]) == page


def test_no_title_can_forge_a_line() -> None:
    hostile = Task("learning-20260220-010", "20260220-010-c", "x]]\n- [x] y learning-20260220-011 [[evil]]")
    page = update("", [hostile])
    assert page.count("\n") == 1
    assert markdown.wikilinks(page) == ("20260220-010-c",)


@pytest.mark.parametrize("named", ["{}", "({})", "]] ({}) [[", "x|({})", "[[a]] ({})"])
def test_no_title_or_reason_stands_for_another_task(named: str) -> None:
    forged = named.format(OTHER.id)
    page = update(None, [Task(TASK.id, TASK.note_id, forged, (forged,))])
    assert update(page, [TASK, OTHER]) == f"{page}{OTHER_LINE}\n"
    cut = page.replace(f" ({TASK.id})", "")
    assert update(cut, [OTHER]) == f"{cut}{OTHER_LINE}\n", "though the user took the line's own id away"


def test_the_thousandth_note_of_a_day_is_named_once() -> None:
    task = Task("learning-20260220-1000", "20260220-1000-x", "X")
    page = update(None, [task])
    assert update(page, [task]) == page


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_a_page_is_known_in_every_language(lang: str) -> None:
    assert is_ours(update(None, [], words=words_for(lang)))
    assert reading_list.is_ours("# My list\n- [x] read (learning-20260220-001)\n")
    assert not reading_list.is_ours("# My list\n- [x] [[a|of (learning-20260220-001)]]\n")
    assert is_ours(
        "# Reading list\n\nWhat deserves to be read whole. Slipway adds lines at the end and changes none: tick.\n"
    )
    assert not is_ours("# Reading list\n\n- Borges\n")


def test_open_tasks_are_those_whose_box_is_empty() -> None:
    page = update(None, [TASK, OTHER])
    assert open_tasks(page) == 2
    assert open_tasks(page.replace("- [ ]", "- [x]", 1) + "- [ ] my own\n") == 1
