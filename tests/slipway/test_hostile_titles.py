"""Nights with hostile titles: no title answers, suppresses, forges a reason or grows a page, and a second run changes no byte."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from notes.pages import suggestions_page
from slipway.stages.judge import promote_by_hand
from tests.notes.test_inert import ACTIVE
from tests.slipway.boxes import item, record
from tests.slipway.houses import WORKS, House
from tests.slipway.nights import moment
from tests.slipway.test_pages import night, opened

DAY, NEXT = "2026-02-20", "2026-02-21"
ABOUT = "Agents learn skills by reinforcement learning and keep a memory of skills on long tasks. It reaches 40%."
FORGED = "Agents learn skills; close to [[20260220-001-x]]; chosen by you; your answers raise poker by 0.90"


def add(house: House, day: str, titles: list[str], *, by_hand: bool = False) -> None:
    """Put items of these titles into the box, as a feed would have; ``by_hand`` makes notes of them."""
    at = moment(date.fromisoformat(day))
    with opened(house, day) as app:
        told = {"source": "evil", "text": ABOUT, "lang": "en", "published": at}
        items = [item(f"url:evil.example/{hash_of(title)}", guid=title, title=title, **told) for title in titles]
        record(app.store, *items, now=at)
        if by_hand:
            promote_by_hand(app, [slip.id for slip in app.store.slips() if slip.item.title in titles])


def hash_of(title: str) -> str:
    return sha256(ascii(title).encode()).hexdigest()[:16]


def files(house: House) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path(house.vault).rglob("*.md"))}


@pytest.fixture
def lived_in(tmp_path) -> House:
    """A house with a note of the user's, to which Slipway offers links."""
    house = House.build(tmp_path)
    night(house)
    mine = house.vault / "mine" / "skills.md"
    mine.parent.mkdir()
    mine.write_text(f"# Skills of agents\n\n{ABOUT}\n")
    return house


def test_a_second_run_changes_no_byte(lived_in):
    named = ["Memory of agents (^link-0123456789 for long tasks", "Agents ^item-1", "Skills $x ^item-2 y$", FORGED]
    add(lived_in, DAY, [*named, *(f"Agents and skills {payload}" for _, payload, *_ in ACTIVE)], by_hand=True)
    night(lived_in)
    note = lived_in.note("memory-of-agents")
    note.write_text(note.read_text().replace("## Related", "## Gone") + "\nmy own words\n")
    night(lived_in)
    before = files(lived_in)
    assert b"(\\^link-0123456789" in before[str(lived_in.vault / "Suggestions.md")]
    night(lived_in)
    assert files(lived_in) == before


def test_a_work_that_is_told_of_is_named_by_its_id(lived_in):
    add(lived_in, NEXT, [FORGED])
    telling = item(
        "url:b.example/2",
        source="b",
        title="Loaves",
        text="Flour and water and salt make bread; we read a paper in which agents learn skills.",
        lang="en",
        published=moment(date.fromisoformat(NEXT)),
        references=(f"https://evil.example/{hash_of(FORGED)}",),
    )
    with opened(lived_in, NEXT) as app:
        record(app.store, telling, now=moment(date.fromisoformat(NEXT)))
    night(lived_in, NEXT)
    with opened(lived_in, NEXT) as app:
        loaves = next(slip for slip in app.store.slips() if slip.item.title == "Loaves")
    told = next(reason for reason in loaves.reasons if reason.startswith("relevance"))
    assert re.fullmatch(r"relevance \d\.\d\d: tells of (?:item-\d+|\[\[[\w-]+\]\])", told)
    note = lived_in.note("loaves").read_text()
    assert "tells of [[" in note
    assert "[[20260220-001-x]]" not in note
    line = next(line for line in (lived_in.vault / "Reading list.md").read_text().splitlines() if "Loaves" in line)
    assert re.search(r"tells of \[\[[\w-]+\|Agents learn skills; close to \(\(20260220-001-x\)\); ", line), (
        "by its title"
    )


@pytest.mark.parametrize("title", ["learning-20260221-001 learning-20260221-002", "(learning-20260221-001)", "Plain"])
def test_no_title_takes_the_place_of_a_task(tmp_path, title):
    house = House.build(tmp_path, works=WORKS[4:])
    add(house, DAY, [title], by_hand=True)
    night(house)
    add(house, NEXT, ["A truly important paper on agents"], by_hand=True)
    night(house, NEXT)
    assert "A truly important paper" in (house.vault / "Reading list.md").read_text()


def test_no_reason_quotes_a_line_of_slipways_own(lived_in):
    night(lived_in)
    note = lived_in.note("memory-for-long")
    note.write_text(note.read_text().replace("## Related", "## Gone").replace("[[2026", "[2026") + "\nmy own words\n")
    night(lived_in)
    with opened(lived_in) as app:
        quoted = [link.why for link in app.store.links()]
    assert quoted
    assert not [why for why in quoted if " — " in why or "shared terms" in why[1:]]


def test_the_page_answers_for_what_it_offers_only(lived_in):
    add(lived_in, DAY, ["Memory of agents (^link-0123456789 tail"], by_hand=True)
    night(lived_in)
    page = (lived_in.vault / "Suggestions.md").read_text()
    ticked = suggestions_page.answers(page.replace("- [ ]", "- [x]"))
    assert len(ticked) == page.count("- [ ]")
    assert "link-0123456789" not in ticked
