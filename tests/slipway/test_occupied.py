"""Ids and names that the user has taken already: a note of Slipway's gets another, and what can get none is told."""

from __future__ import annotations

import pytest

from notes.model import ItemStatus
from slipway.answering import promote_now
from slipway.stages import judge
from tests.slipway.houses import House
from tests.slipway.test_pages import night, opened

TAKEN = "20260220-001-reading-skillrl"
FILES = {
    "its id": ("my.md", f"---\nid: {TAKEN}\n---\n# My own\n\nmy words\n"),
    "its name": (f"{TAKEN}.md", "# My own\n\nmy words\n"),
    "its name, in capitals, with another id": (f"a/{TAKEN.upper()}.md", "---\nid: x\n---\n# My own\n\nmy words\n"),
    "its place, with another id": (f"notes/2026/{TAKEN}.md", "---\nid: x\n---\n# My own\n\nmy words\n"),
}


@pytest.fixture
def house(tmp_path) -> House:
    return House.build(tmp_path / "house")


def put(house: House, name: str) -> str:
    path, text = FILES[name]
    file = house.vault / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return text


@pytest.mark.parametrize("name", FILES)
def test_a_note_takes_no_id_or_name_that_stands_in_the_vault(house, name):
    text = put(house, name)
    assert night(house) == []
    assert (house.vault / FILES[name][0]).read_text() == text
    with opened(house) as app:
        made = {slip.note_id for slip in app.store.slips(ItemStatus.PROMOTED)}
    assert "20260220-002-reading-skillrl" in made
    assert all(house.note(note_id).read_text().startswith(f"---\nid: {note_id}\n") for note_id in made)


def test_neither_does_one_that_is_made_by_hand(house):
    night(house)
    with opened(house) as app:
        (slip,) = (slip for slip in app.store.slips() if slip.item.title == "A bread recipe")
        (house.vault / "my.md").write_text(f"---\nid: 20260220-{number(app):03}-a-bread-recipe\n---\n# Mine\n")
        (path,) = promote_now(app, [slip.id])
        assert f"-{number(app) - 1:03}-a-bread-recipe" in path
    assert (house.vault / path).exists()


def number(app) -> int:
    return app.store.next_number(app.clock.today())


@pytest.mark.parametrize("name", ["its id", "its name", "its place, with another id"])
def test_a_note_that_cannot_be_written_is_told_of(house, name, monkeypatch):
    """It was given its id before the user took it: also the positive control of the look."""
    put(house, name)
    with monkeypatch.context() as patch:
        patch.setattr(judge, "_numbers", lambda _, slips: {slip.id: n for n, slip in enumerate(slips, 1)})
        first = night(house)
    for warnings in (first, night(house)):
        (warning,) = warnings
        assert warning.startswith(f"{FILES[name][0]}: this file has the place of the note {TAKEN}")
    (house.vault / FILES[name][0]).unlink()
    assert night(house) == []
    assert (house.vault / "notes" / "2026" / f"{TAKEN}.md").exists()
