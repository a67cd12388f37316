"""The night as its user knows it: what it leaves behind, that a second one changes nothing, and that a killed one is made up for."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.slipway import forked, killer
from tests.slipway.houses import WORKS, House

CONTENT = (
    *("items", "sightings", "notes", "files", "links", "posts", "post_notes", "post_claims", "feedback"),
    *("topics", "topic_notes", "topic_items", "topic_events"),
)


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory) -> House:
    """A house after one night; tests that change it make a copy. Its hashes are not those of the nights to come."""
    house = House.build(tmp_path_factory.mktemp("house"))
    house.night(cold=True)
    return house


@pytest.fixture
def house(lived_in, tmp_path) -> House:
    import shutil

    copy = tmp_path / "house"
    shutil.copytree(lived_in.root, copy)
    return House(copy)


def content(house: House) -> dict[str, list[tuple]]:
    """What the database says, without the ledger and the fetch times."""
    with sqlite3.connect(house.root / ".slipway" / "slipway.db") as db:
        return {table: sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in CONTENT}


def test_what_a_night_leaves(lived_in):
    names = {path.name for path in lived_in.notes()}
    assert any("skillrl-agents" in name for name in names)
    assert not any("bread" in name for name in names)
    assert (lived_in.vault / "posts" / "2026-02-20.md").is_file()
    assert (lived_in.vault / "trends" / "2026-W08.md").is_file()
    assert "bread recipe" in (lived_in.vault / "Inbox.md").read_text()
    assert (lived_in.root / "site" / "index.html").is_file()
    assert "89.9%" in (lived_in.vault / "posts" / "2026-02-20.md").read_text()


def test_a_note_is_of_the_designs_form(lived_in):
    text = lived_in.note("skillrl-agents").read_text()
    head = text.split("---\n")[1]
    keys = [line.partition(":")[0] for line in head.splitlines()]
    assert keys[:5] == ["id", "title", "aliases", "created", "published"]
    assert re.search(r"^id: 20260220-\d{3}-skillrl-agents-that-learn-skills$", head, re.MULTILINE)
    assert "arxiv_id: '2602.08234'" in head
    assert "## Related" in text
    assert "## Sources" in text
    assert "Task: learning-20260220-" in text


def test_links_go_both_ways(lived_in):
    paper, blog = lived_in.note("skillrl-agents"), lived_in.note("reading-skillrl")
    assert f"[[{blog.stem}" in paper.read_text()
    assert f"[[{paper.stem}" in blog.read_text()


def test_a_second_run_changes_no_byte(house):
    files, rows = house.files(), content(house)
    stamps = {path: path.stat().st_mtime_ns for path in house.notes()}
    house.night()
    assert house.files() == files
    assert content(house) == rows
    assert {path: path.stat().st_mtime_ns for path in house.notes()} == stamps


def test_deleting_cache_and_site_gives_the_same_again(house):
    import shutil

    files, found = house.files(), house.json("search", "skills")
    shutil.rmtree(house.root / ".slipway" / "cache")
    shutil.rmtree(house.root / "site")
    house.night()
    assert house.files() == files
    again = house.json("search", "skills")
    assert {**again, "took_ms": 0} == {**found, "took_ms": 0}


def test_an_edited_note_keeps_every_byte(house):
    note = house.note("memory-for-long")
    mine = note.read_bytes().replace(b"# Memory", b"# My memory") + "\r\nmy own line 我的\n".encode()
    note.write_bytes(mine)
    house.write_feed(
        [
            *WORKS,
            (
                "Skills and memory of agents",
                "https://blog.example.org/new",
                "Agents with memory and skills by reinforcement learning reach 77% on ALFWorld.",
            ),
        ]
    )
    house.night("2026-02-21")
    assert note.read_bytes() == mine
    assert house.note("skills-and-memory")


def test_links_for_an_edited_note_are_offered(house):
    assert house.json("suggest")["suggestions"] == []
    note, other = house.note("memory-for-long"), house.note("skillrl-agents")
    note.write_text("My own words about memory, without a link.\n")
    moved = note.rename(house.vault / "mine.md")
    moved.write_text(f"---\nid: {note.stem}\n---\nMy own words.\n")
    found = house.json("suggest")["suggestions"]
    assert any(other.stem in one["link"] for one in found)
    assert {one["path"] for one in found} == {"mine.md"}
    listed = house.run("suggest").stdout
    assert "mine.md" in listed
    assert "[[" not in listed  # titles, for people; --json has the links
    assert moved.read_text().endswith("My own words.\n")


def test_a_note_made_after_a_rename_links_to_where_the_note_is(house):
    note = house.note("memory-for-long")
    moved = house.vault / "我的" / "記憶.md"
    moved.parent.mkdir()
    note.rename(moved)
    more = (
        "Agents with a memory of skills",
        "https://blog.example.org/more",
        "Agents keep a memory of skills, by reinforcement learning.",
    )
    house.write_feed([*WORKS, more])
    house.night("2026-02-21")
    text = house.note("agents-with-a-memory").read_text()
    assert "[[我的/記憶|" in text
    assert f"[[{note.stem}" not in text


def test_making_up_for_an_earlier_day_takes_nothing_back(house):
    house.write_feed(
        [
            *WORKS,
            (
                "More skills of agents",
                "https://blog.example.org/more",
                "Agents learn skills and memory by reinforcement learning.",
            ),
        ]
    )
    house.night("2026-02-21")
    week = (house.vault / "trends" / "2026-W08.md").read_bytes()
    house.run("write", "--date", "2026-02-20")
    assert (house.vault / "trends" / "2026-W08.md").read_bytes() == week


def test_a_deleted_note_stays_deleted(house):
    note = house.note("memory-for-long")
    note.unlink()
    for day in ("2026-02-20", "2026-02-21"):
        house.night(day)
        assert not note.exists()
        assert not any("memory-for-long" in path.read_text() for path in house.notes())


def test_a_renamed_note_is_found_by_its_id(house):
    note = house.note("memory-for-long")
    moved = house.vault / "mine" / "記憶.md"
    moved.parent.mkdir()
    note.rename(moved)
    before = moved.read_bytes()
    house.night()
    assert moved.read_bytes() == before
    assert not note.exists()
    assert house.json("related", note.stem)["results"]


def test_ticks_in_the_inbox_page_promote_and_dismiss(house):
    page = house.vault / "Inbox.md"
    line = next(line for line in page.read_text().splitlines() if "bread" in line)
    page.write_text(page.read_text().replace(line, line.replace("- [ ]", "- [x]")))
    house.night()
    assert house.note("a-bread-recipe")
    assert "bread" not in page.read_text()


def test_a_dismissed_item_never_comes_back(house):
    page = house.vault / "Inbox.md"
    page.write_text(page.read_text().replace("- [ ]", "- [-]"))
    house.night()
    assert "bread" not in page.read_text()
    (item,) = [one for one in house.json("inbox", "list", "--all")["items"] if "bread" in one["title"]]
    assert item["status"] == "dismissed"
    house.write_feed([("A bread recipe", "http://www.blog.example.org/bread/?utm_source=x", "Flour and water.")])
    house.night("2026-02-21")
    assert "bread" not in page.read_text()


def test_lines_of_the_users_own_in_the_inbox_page_stay(house):
    page = house.vault / "Inbox.md"
    first, *rest = page.read_text().splitlines()
    item = next(line for line in rest if "bread" in line)
    page.write_text(
        "\n".join([first, "call the dentist", *rest, "", "## Mine", "- [ ] 買牛奶"]).replace(item, item + " ask Ann")
    )
    for day in ("2026-02-20", "2026-02-21"):
        house.night(day)
        lines = page.read_text().splitlines()
        assert {"call the dentist", "## Mine", "- [ ] 買牛奶"} <= set(lines)
        assert any("bread" in line and line.endswith("ask Ann") for line in lines)


@pytest.mark.parametrize(
    "path",
    ["Inbox.md", "GTD/Inbox.md", "Reading list.md", "Books/Reading list.md", "GTD/other.md"],
    ids=lambda path: path,
)
def test_a_page_of_the_users_own_is_never_written(tmp_path, path):
    house = House.build(tmp_path / "house")
    mine = house.vault / path
    mine.parent.mkdir(parents=True)
    text = b"---\nid: Inbox\n---\ncall the dentist\r\n\xff" if "other" in path else b"call the dentist\r\n\xff"
    mine.write_bytes(text)
    done = house.night()
    assert mine.read_bytes() == text
    if mine.parent == house.vault:
        assert "is a page of your own" in done.stderr
    else:
        assert (house.vault / "Inbox.md").read_text().startswith("# Inbox")


def test_an_id_on_the_inbox_page_does_not_cut_it_off(house):
    page = house.vault / "Inbox.md"
    page.write_text("---\nid: my-inbox\n---\n" + page.read_text().replace("- [ ]", "- [-]"))
    house.night()
    assert "bread" not in page.read_text()


def test_a_tick_counts_once(house):
    page = house.vault / "Inbox.md"
    page.write_text(page.read_text().replace("- [ ]", "- [-]"))
    house.run("index", "--date", "2026-02-20")
    house.run("promote", "--date", "2026-02-20")
    house.run("inbox", "undo")
    house.night()
    assert "bread" in page.read_text()


def test_a_line_deleted_from_the_reading_list_stays_deleted(house):
    page = house.vault / "Reading list.md"
    kept = [line for line in page.read_text().splitlines() if "skillrl" not in line.lower()]
    page.write_text("\n".join([*kept, "my own line"]) + "\n")
    before = page.read_bytes()
    house.night()
    assert page.read_bytes() == before
    page.unlink()
    house.night()
    assert not page.exists()


def test_a_moved_synthesis_is_not_written_a_second_time(house):
    moved = house.vault / "mine" / "week.md"
    moved.parent.mkdir()
    (house.vault / "trends" / "2026-W08.md").rename(moved)
    more = (
        "More skills of agents",
        "https://blog.example.org/more",
        "Agents learn skills and memory by reinforcement learning.",
    )
    house.write_feed([*WORKS, more])
    house.night("2026-02-21")
    assert not (house.vault / "trends" / "2026-W08.md").exists()
    assert "More skills of agents" in moved.read_text()


def test_a_quiet_day_writes_nothing(house):
    house.night("2026-02-21")
    assert not (house.vault / "posts" / "2026-02-21.md").exists()


def test_an_empty_vault_with_known_notes_stops_the_night(house):
    import shutil

    shutil.move(house.vault, house.root / "unmounted")
    house.vault.mkdir()
    done = house.night(code=1)
    assert "is the disk mounted" in done.stderr
    assert not house.notes()


def test_a_run_that_finds_the_lock_held(house):
    from filelock import FileLock

    with FileLock(house.root / ".slipway" / "run.lock"):
        assert "another run holds the lock" in house.night(code=4).stderr


def test_sources_that_all_fail(tmp_path):
    house = House.build(tmp_path, sources='[[sources]]\nkey="gone"\nkind="file"\npath="gone.xml"\n')
    done = house.night(code=1)
    assert "gone" in done.stderr
    assert house.json("runs")["runs"][0]["exit_code"] == 1


def test_one_failing_source_is_its_own_trouble(tmp_path):
    sources = (
        '[[sources]]\nkey="lab"\nkind="file"\npath="feed.xml"\n[[sources]]\nkey="gone"\nkind="file"\npath="gone.xml"\n'
    )
    house = House.build(tmp_path, sources=sources)
    house.write_feed()
    house.night()
    assert house.notes()
    (run,) = house.json("runs")["runs"]
    assert (run["status"], run["exit_code"], len(run["warnings"])) == ("ok", 0, 1)
    house.night("2026-02-21", code=None)
    assert house.run("run", "--date", "2026-02-22", "--strict", code=3)


def killed(
    house: House, at: int, *, day: str = "2026-02-20", command: tuple[str, ...] = ("run",)
) -> subprocess.CompletedProcess[str]:
    args = (*command, *(("--date", day) if day else ()))
    return forked.run(args, house.root, os.environ, timeout=300, before=partial(killer.arm, at))


@pytest.mark.slow
def test_killed_at_any_event_the_next_run_ends_as_if_never_killed(tmp_path, lived_in):
    """SIGKILL at events spread over the whole night: after each commit, link and rename, the vault is that of an unkilled run."""
    whole = killed(House.build(tmp_path / "count"), 0)
    events = int(re.search(r"events=(\d+)", whole.stderr).group(1))
    assert events > 20
    expected, rows = lived_in.files(), content(lived_in)
    for at in sorted({1, 2, 3, events, *range(4, events, max(1, events // 14))}):
        house = House.build(tmp_path / f"killed-{at}")
        assert killed(house, at).returncode == -signal.SIGKILL
        house.night()
        assert house.files() == expected, f"killed at event {at}"
        assert not list(house.vault.rglob(".slipway-*"))
        assert {name: table for name, table in content(house).items()} == rows, f"killed at event {at}"
        statuses = [run["status"] for run in house.json("runs")["runs"]]
        assert statuses[0] == "ok"


def _a_link_taken(house: House) -> tuple[tuple[str, ...], str]:
    """A note that its owner has edited, an offered link that they took, and something new: the next night does it all."""
    note = house.note("memory-for-long")
    note.write_text(note.read_text().partition("## Related")[0] + "my own words\n")
    house.night("2026-02-21")
    page = house.vault / "Suggestions.md"
    page.write_text(page.read_text().replace("- [ ]", "- [x]", 1))
    house.write_feed([*WORKS, ("More skills", "https://blog.example.org/more", "Agents learn skills and a memory.")])
    return ("run",), "2026-02-22"


def _an_undone_promotion(house: House) -> tuple[tuple[str, ...], str]:
    """A note made by hand, whose promotion is taken back: its file goes."""
    (item,) = [one for one in house.json("inbox", "list")["items"] if "bread" in one["title"]]
    house.run("inbox", "promote", str(item["id"]))
    return ("inbox", "undo"), ""


@pytest.mark.slow
@pytest.mark.parametrize("prepare", [_a_link_taken, _an_undone_promotion])
def test_killed_while_links_are_taken_and_notes_are_withdrawn(house, tmp_path, prepare):
    """SIGKILL anywhere in what changes a user's note or takes one away; ``SLIPWAY_KILLS`` says at how many places."""
    command, day = prepare(house)

    def copied(name: str) -> House:
        return House(Path(shutil.copytree(house.root, tmp_path / name)))

    def notes(one: House) -> dict[str, bytes]:
        return {path: raw for path, raw in one.files("vault").items() if path.startswith("vault/notes/")}

    whole = copied("whole")
    events = int(re.search(r"events=(\d+)", killed(whole, 0, command=command, day=day).stderr).group(1))
    whole.night("2026-02-22")
    places = int(os.environ.get("SLIPWAY_KILLS", "2"))
    for at in sorted({events // 2, events, *range(2, events, max(2, events // places))}):
        one = copied(f"killed-{at}")
        assert killed(one, at, command=command, day=day).returncode == -signal.SIGKILL
        if command != ("run",):
            # What was not yet taken back may be asked for again; what was is made up for by the next run.
            one.run(*command, code=None)
        one.night("2026-02-22")
        assert not list(one.vault.rglob(".slipway-*"))
        assert notes(one) == notes(whole), f"killed at event {at} of {events}"


def test_a_night_on_postgresql_is_the_same_night(tmp_path, lived_in, database_url):
    """The vault and the site do not tell which database kept the inbox; nor do the light commands."""
    house = House.build(tmp_path / "house", database=database_url)
    house.night()
    assert house.files() == lived_in.files()
    house.night()
    assert house.files() == lived_in.files()
    assert [one["title"] for one in house.json("inbox", "list", "--all")["items"]] == [
        one["title"] for one in lived_in.json("inbox", "list", "--all")["items"]
    ]
    assert [run["status"] for run in house.json("runs")["runs"]] == ["ok", "ok"]
