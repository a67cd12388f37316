"""Entries that come whole on a later night: what waits is scored anew, and a note that nobody touched is written anew."""

from __future__ import annotations

import pytest

from tests.slipway.houses import WORKS, House

TITLE, ADDRESS = "Reading SkillRL", "https://blog.example.org/skillrl"
PLACE = next(place for place, work in enumerate(WORKS) if work[1] == ADDRESS)
WHOLE = "Agents learn skills by reinforcement learning, and a memory of skills keeps them over long tasks. It saves 40% of the calls."
NAME = "reading-skillrl"


def works(text, title=TITLE):
    return [*WORKS[:PLACE], (title, ADDRESS, text), *WORKS[PLACE + 1 :]]


def slip(house):
    (found,) = [one for one in house.json("inbox", "list", "--all")["items"] if one["url"] == ADDRESS]
    return found


@pytest.mark.parametrize("text", ["", "Read more."], ids=["empty", "a teaser"])
def test_what_waits_becomes_a_note_when_its_text_has_come(tmp_path, text):
    house = House.build(tmp_path / "house", works=works(text, "Something new"))
    house.night()
    before = slip(house)
    assert before["status"] == "inbox"
    house.write_feed(works(WHOLE, "Something new"))
    house.night("2026-02-21")
    after = slip(house)
    assert after["status"] == "promoted"
    assert after["score"] > before["score"] + 0.2
    assert "keeps them over long tasks" in house.note("something-new").read_text()
    files = house.files("vault")
    house.night("2026-02-21")
    assert house.files("vault") == files


@pytest.fixture(params=["", "Read more."], ids=["empty", "a teaser"])
def house(request, tmp_path):
    """A house with a note of an entry that is not whole."""
    house = House.build(tmp_path / "house", works=works(request.param))
    house.night()
    if slip(house)["status"] != "promoted":
        house.run("inbox", "promote", str(slip(house)["id"]), "--date", "2026-02-20")
        house.night()
    assert "over long tasks" not in house.note(NAME).read_text()
    return house


def test_an_untouched_note_is_completed(house):
    house.write_feed(works(WHOLE))
    house.night("2026-02-21")
    text = house.note(NAME).read_text()
    assert "keeps them over long tasks" in text
    assert f"content_length: {len(WHOLE)}" in text
    files = house.files("vault")
    house.night("2026-02-21")
    assert house.files("vault") == files
    house.write_feed(works("Read more."))
    house.night("2026-02-21")
    assert house.note(NAME).read_text() == text, "what is whole stays whole"


def test_a_note_that_its_owner_edited_stays_byte_for_byte(house):
    note = house.note(NAME)
    note.write_bytes(mine := note.read_bytes() + b"\nMine.\n")
    house.write_feed(works(WHOLE))
    house.night("2026-02-21")
    assert house.note(NAME).read_bytes() == mine


def test_a_note_that_its_owner_deleted_does_not_come_back(house):
    house.note(NAME).unlink()
    house.write_feed(works(WHOLE))
    house.night("2026-02-21")
    assert not [path for path in house.notes() if NAME in path.name]
