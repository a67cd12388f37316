"""Links offered and taken: each leads to the note that it names, stands there once, and costs the file nothing that is its own."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from notes.files import attributes
from notes.markup.obsidian import LinkIndex, Targets
from notes.pages import suggestions_page
from slipway import desk
from slipway.stages.sync import sync
from slipway.store.feedback import FeedbackStore
from slipway.suggesting import suggestions
from tests.slipway.houses import House
from tests.slipway.test_pages import night, opened

TEXT = (
    "Agents learn skills by reinforcement learning and keep a memory of skills on long tasks. "
    "SkillRL ALFWorld trajectories."
)


class Killed(BaseException):
    """What a kill is to the code that it meets."""


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory) -> House:
    house = House.build(tmp_path_factory.mktemp("house"))
    night(house)
    (house.vault / "mine").mkdir()
    (house.vault / "mine" / "skills.md").write_text(f"# Skills of agents\n\n{TEXT}\n")
    return house


@pytest.fixture
def house(lived_in, tmp_path) -> House:
    shutil.copytree(lived_in.root, tmp_path / "house")
    return House(tmp_path / "house")


def mine(house: House) -> Path:
    return house.vault / "mine" / "skills.md"


def also(house: House, path: str, start: str = "") -> Path:
    """One more note of the user's, close to theirs."""
    file = house.vault / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{start}# Agents in C sharp\n\n{TEXT} In C sharp too.\n")
    return file


def offered(house: House) -> list[tuple[str, str]]:
    """From which file to which id a link is offered."""
    with opened(house) as app:
        reading = sync(app)
        return [(one.path, one.other) for one in suggestions(app, reading.files, reading.desk)]


def leads(house: House, file: Path) -> list[str | None]:
    """Where the links of a file lead."""
    with opened(house) as app:
        files = list(sync(app).files.values())
    index, path = LinkIndex([one.path for one in files], files), file.relative_to(house.vault).as_posix()
    (one,) = (one for one in files if one.path == path)
    return [index.resolve(target, path) for target in one.wikilinks]


def take_all(house: House) -> list[str]:
    """Tick every offer, and let the night carry them out; its warnings."""
    page = house.vault / "Suggestions.md"
    page.write_text(page.read_text().replace("- [ ]", "- [x]"))
    return night(house)


ODD = ["C# agents.md", "[[a]] | b.md", " agents .md", "agents.md.md"]


@pytest.mark.parametrize("path", ODD)
def test_a_link_to_a_name_that_no_wikilink_holds_leads_there(house, path):
    also(house, path)
    night(house)
    name = path.removesuffix(".md")
    assert ("mine/skills.md", name) in (offers := offered(house))
    page = (house.vault / "Suggestions.md").read_text()
    assert suggestions_page.counts(page)[0] == len(offers), "each line is known for Slipway's"
    assert take_all(house) == []
    assert path in leads(house, mine(house))
    assert None not in leads(house, mine(house))
    assert ("mine/skills.md", name) not in offered(house), "it is not offered again"


def test_of_twins_the_one_that_is_meant_is_linked(house):
    mine(house).write_text(
        f"---\ncreated: 2026-02-19\n---\n{mine(house).read_text()}"
    )  # the newer of a pair is offered the link
    also(house, "other/memory.md", "---\nid: memory\n---\n")
    (house.vault / "memory.md").write_text("# Shopping\n\nmilk\n")
    night(house)
    take_all(house)
    assert "[[other/memory|" in mine(house).read_text()
    assert "memory.md" not in leads(house, mine(house))


def test_in_slipways_own_notes_too(house):
    """A twin of a note of Slipway's: its neighbours, its topic, posts and pages name it by its path from then on."""
    note = house.note("memory-for-long")
    (house.vault / "mine" / note.name).write_text("# Bread\n\nFlour.\n")
    night(house)
    appended_only = house.vault / "Reading list.md"
    own = [file for file in house.vault.rglob("*.md") if "mine" not in file.parts and file != appended_only]
    links = [link for file in own for link in re.findall(rf"\[\[([^|\]]*{note.stem})", file.read_text())]
    assert set(links) == {note.relative_to(house.vault).as_posix().removesuffix(".md")}


def test_an_offer_that_would_lead_elsewhere_is_not_made(house, monkeypatch):
    also(house, "C# agents.md")
    night(house)
    assert ("mine/skills.md", "C# agents") in offered(house)
    monkeypatch.setattr(Targets, "of", lambda _, note: note.id.replace("#", ""))
    assert ("mine/skills.md", "C# agents") not in offered(house)


def test_killed_after_the_file_was_written_the_link_stands_once(house, monkeypatch):
    path = "C# agents.md"
    also(house, path)
    night(house)
    ticked = {f"link:{Path(source).stem}→{other}" for source, other in offered(house)}
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(FeedbackStore, "answer_offers", lambda *_: (_ for _ in ()).throw(Killed))
        page = house.vault / "Suggestions.md"
        page.write_text(page.read_text().replace("- [ ]", "- [x]"))
        night(house)
    assert night(house) == []
    for file in (mine(house), house.vault / path):
        found = [one for one in leads(house, file) if one]
        assert found, file
        lines = [line for line in file.read_text().splitlines() if line.startswith("- [")]
        assert len(lines) == len(set(lines)) == len(found)
    with opened(house) as app:
        told = app.store.offers()
    assert ticked <= told.keys(), "what stands was taken"


def test_a_line_that_stands_is_not_written_again(house):
    """In a place where Slipway does not see it as a link."""
    night(house)
    page = (house.vault / "Suggestions.md").read_text()
    line = re.search(
        r"(?m)^- \[ \] \[\[mine/skills\|[^\]]*\]\] → (.*) \^link-\w+$|^- \[ \] .*? → (.*) \^link-\w+$", page
    )
    assert line is not None
    told = line[1] or line[2]
    with mine(house).open("a") as file:
        file.write(f"\n%%\n- {told}\n%%\n")
    night(house)
    take_all(house)
    assert mine(house).read_text().count(told) == 1


# --- what a file has beside its bytes ---


def attributed(file: Path) -> bool:
    try:
        os.setxattr(file, "user.tag", b"red")
    except (AttributeError, OSError):
        return False
    return True


def test_mode_and_attributes_stay(house):
    file, has = mine(house), attributed(mine(house))
    file.chmod(0o640)
    night(house)
    assert take_all(house) == []
    assert "## Related" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o640
    if not has:
        pytest.skip("this file system has no extended attributes")
    assert os.getxattr(file, "user.tag") == b"red"


LOCKED = {
    "write-protected": (lambda file: file.chmod(0o444), "it is write-protected"),
    "hard links": (lambda file: os.link(file, file.with_name("backup.txt")), "it has other names"),
}


@pytest.mark.parametrize("name", LOCKED)
def test_a_file_that_a_replacement_would_harm_is_left_alone(house, name):
    lock, word = LOCKED[name]
    night(house)
    lock(mine(house))
    before, offers = mine(house).read_bytes(), offered(house)
    assert offers
    warnings = take_all(house)
    assert any(warning.startswith(f"mine/skills.md: {word}") for warning in warnings), warnings
    assert mine(house).read_bytes() == before
    assert offered(house) == offers, "the offer stands"


def test_without_the_look_a_hard_link_parts(house, monkeypatch):
    """The positive control."""
    monkeypatch.setattr(desk, "lock", lambda _: "")
    night(house)
    os.link(mine(house), mine(house).with_name("backup.txt"))
    take_all(house)
    assert mine(house).stat().st_nlink == 1


def test_a_file_that_is_gone_is_no_lock(tmp_path):
    assert attributes.lock(tmp_path / "none.md") == ""


# --- line ends ---


def test_pages_keep_their_line_ends(house):
    night(house)
    pages = [house.vault / name for name in ("Inbox.md", "Suggestions.md")]
    for page in pages:
        page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n") + b"\r\nmy own line\r\n")
    night(house, "2026-02-21")
    for page in pages:
        raw = page.read_bytes()
        assert b"2026-02-21" in raw
        assert raw.endswith(b"\r\nmy own line\r\n")
        assert raw.count(b"\n") == raw.count(b"\r\n")
    before = [page.read_bytes() for page in pages]
    night(house, "2026-02-21")
    assert [page.read_bytes() for page in pages] == before


# --- marks that are no answers ---


def test_a_mark_that_is_not_understood_is_told(house):
    night(house)
    page = house.vault / "Suggestions.md"
    assert not any("not understood" in warning for warning in night(house)), "the control"
    page.write_text(page.read_text().replace("- [ ]", "- [v]"))
    assert [warning for warning in night(house) if "not understood" in warning] == [
        f"Suggestions.md: {len(offered(house))} marks were not understood: [v]; [x] takes, [-] declines"
    ]
