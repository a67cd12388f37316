"""A note is found by whatever a person would call it, and a slip of the pen is answered with what was meant."""

from __future__ import annotations

import pytest

from notes.markup.document import read_note
from slipway.finding import by_alias, by_id, by_title, item_number, nearest
from tests.slipway.houses import House

ID = "20260220-008-skillrl-recursive-skill"


def note(path, **properties):
    front = "".join(f"{key}: {value}\n" for key, value in properties.items())
    return read_note(path, f"---\n{front}---\ntext\n".encode(), mtime_ns=0)


NOTES = [
    note(f"notes/2026/{ID}.md", id=ID, title="'SkillRL: Recursive Skills'", aliases="[Skills of agents]"),
    note("notes/2026/20260220-009-rlm.md", id="20260220-009-rlm", title="遞歸語言模型"),
    note("notes/reading skillrl.md", title="Reading SkillRL"),
    note("moved/to/tea.md", id="20260101-001-on-tea", title="On tea", aliases="[Green tea, 'The drink']"),
]

FOUND = {
    "an id": (ID, [0]),
    "the beginning of an id": ("20260220-008", [0]),
    "the beginning of several": ("20260220", [0, 1]),
    "a file name": ("tea", [3]),
    "a path": ("notes/reading skillrl.md", [2]),
    "a path without its end": ("moved/to/tea", [3]),
    "a title, whatever its case": ("reading skillrl", [2]),
    "a title in the other script": ("递归语言模型", [1]),
    "a wikilink": ("[[20260220-009-rlm|RLM]]", [1]),
    "an alias": ("green tea", [3]),
    "a part of a title": ("recursive", [0]),
    "a part of a chinese title": ("語言", [1]),
    "a part of an id": ("skillrl-rec", [0]),
    "one sign says nothing": ("a", []),
    "nothing": ("zebra", []),
}


def found(name, notes=NOTES):
    return by_id(name, notes) or by_title(name, notes) or by_alias(name, notes)


@pytest.mark.parametrize(("name", "wanted"), FOUND.values(), ids=FOUND.keys())
def test_names(name, wanted):
    assert found(name) == [NOTES[number] for number in wanted]


def test_what_is_said_exactly_goes_before_what_begins_so():
    notes = [note("20260220-0.md"), note("20260220-01.md")]
    assert found("20260220-0", notes) == notes[:1]
    assert found("20260220-", notes) == notes


NEAR = {
    "a letter left out": ("skilrl", [ID]),
    "letters changed": ("raeding skillrl", ["reading skillrl"]),
    "of a word of the title": ("recusrive", [ID]),
    "of an id": ("20260220-099-rlm", ["20260220-009-rlm"]),
    "nothing like it": ("zebra", []),
    "a short word that is another": ("skull", []),
}


@pytest.mark.parametrize(("name", "wanted"), NEAR.values(), ids=NEAR.keys())
def test_the_nearest(name, wanted):
    assert nearest(name, NOTES)[: len(wanted) or None] == wanted


@pytest.mark.parametrize(
    ("name", "number"),
    [("12", 12), ("item-12", 12), (" item-12 ", 12), ("item-", None), ("20260220-008", None), ("1" * 30, None)],
)
def test_numbers_of_items(name, number):
    assert item_number(name) == number


def test_two_of_one_name_are_told_apart_by_their_paths(tmp_path):
    """A daily note of the user's has the name of the daily post."""
    house = House.build(tmp_path)
    for folder in ("posts", "日記"):
        (house.vault / folder).mkdir(parents=True)
        (house.vault / folder / "2026-02-20.md").write_text("text of " + folder, encoding="utf-8")
    said = house.run("show", "2026-02-20", code=2).stderr
    assert "give the path: posts/2026-02-20.md or 日記/2026-02-20.md" in said
    assert house.run("show", "日記/2026-02-20.md").stdout == "text of 日記\n"
