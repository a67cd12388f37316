"""``explain POST``: what each sentence rests on, who worded it, what was refused; from the database and from the file alone."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace

import pytest

from notes.clock import FixedClock
from notes.model import Claim, Post, PostKind
from slipway import explaining_posts
from slipway.app import App
from slipway.config import load_config
from slipway.console import Console
from tests.slipway.houses import House
from tests.slipway.inside import Inside

POST = "post-2026-02-20"
RESULT = "On ALFWorld it reaches 89.9% success."


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory) -> House:
    house = House.build(tmp_path_factory.mktemp("house"))
    house.night()
    return house


@pytest.fixture
def built(after_a_night, tmp_path) -> House:
    """A copy, to do with as a test likes."""
    shutil.copytree(after_a_night.root, tmp_path / "house")
    return replace(after_a_night, root=tmp_path / "house")


@pytest.fixture
def house(built, capsys) -> Inside:
    return Inside(built, capsys)


def named(told: dict, text: str) -> dict:
    return next(one for one in told["sentences"] if one["text"] == text)


def record(built: House, *claims: Claim, report: tuple[str, ...] = ()) -> None:
    """Other sentences for the post, as a night would store them."""
    config = load_config(built.root / "slipway.toml")
    with App(config, FixedClock("2026-02-20", config.zone), Console(quiet=True)) as app:
        held = app.store.post(POST)
        assert held is not None
        post = Post(
            id=held.id,
            kind=PostKind(held.kind),
            date=held.date,
            title=held.title,
            lang=held.lang,
            path=held.path,
            note_ids=held.note_ids,
            claims=claims,
            text="",
        )
        app.store.record_post(replace(post, report=report))


def forget(built: House) -> None:
    with sqlite3.connect(built.root / ".slipway/slipway.db") as database:
        assert database.execute("delete from post_claims").rowcount > 0


def test_each_sentence_with_its_notes_and_passages(house, built):
    told = house.json("explain", POST)
    paper = built.note("skillrl-agents").stem
    assert (told["kind"], told["sentences_from"], told["report"]) == ("post", "database", [])
    result = named(told, RESULT)
    assert result == {
        "text": RESULT,
        "writer": "",
        "quotes": [RESULT],
        "in_file": True,
        "notes": [
            {
                "id": paper,
                "title": "SkillRL: agents that learn skills",
                "passages": [{"text": RESULT, "bears": "quote"}],
            }
        ],
    }
    assert all(one["notes"] and one["in_file"] for one in told["sentences"])


def test_a_person_reads_the_same(house, built):
    lines = house.run("explain", POST).stdout
    paper = built.note("skillrl-agents").stem
    assert f"  {RESULT}\n     {paper}\n       says    {RESULT}\n" in lines
    assert "refused" not in lines
    assert "database does not hold" not in lines


@pytest.mark.parametrize(
    "name", [POST, "2026-02-20", "posts/2026-02-20.md", "posts/2026-02-20", "[[2026-02-20]]"], ids=str
)
def test_ways_to_call_a_post(house, name):
    assert house.json("explain", name)["note"] == POST


def test_by_title(house):
    title = house.json("explain", POST)["title"]
    assert house.json("explain", title)["note"] == POST


def test_the_day_means_the_post_beside_a_diary_of_that_day(house, built):
    (built.vault / "2026-02-20.md").write_text("# My day\n\nTea.\n", encoding="utf-8")
    assert house.json("explain", "2026-02-20")["note"] == POST
    assert house.json("explain", "2026-02-20.md")["path"] == "2026-02-20.md"


def test_who_worded_it_and_what_was_refused(house, built):
    paper = built.note("skillrl-agents").stem
    worded = Claim("Success on ALFWorld climbs to 89.9 percent.", (paper,), writer="a-model")
    record(built, worded, report=("a number that stands in none of its notes: 12% — It reaches 12%.",))
    told = house.json("explain", POST)
    (sentence,) = told["sentences"]
    assert (sentence["writer"], sentence["in_file"]) == ("a-model", False)
    assert sentence["notes"][0]["passages"] == [{"text": RESULT, "bears": "number"}]
    lines = house.run("explain", POST).stdout
    assert "89.9 percent.  (worded by a-model, no longer in the file)\n" in lines
    assert f"       figure  {RESULT}\n" in lines
    assert (
        "refused while it was written: 1\n  a number that stands in none of its notes: 12% — It reaches 12%.\n" in lines
    )


def test_from_the_file_alone_where_the_database_has_lost_the_sentences(house, built):
    before = house.json("explain", POST)
    forget(built)
    told = house.json("explain", POST)
    assert told["sentences_from"] == "file"
    (result,) = [one for one in told["sentences"] if RESULT in one["text"]]
    assert [note["id"] for note in result["notes"]] == [note["id"] for note in named(before, RESULT)["notes"]]
    assert result["notes"][0]["passages"] == [{"text": RESULT, "bears": "quote"}]
    assert (result["writer"], result["in_file"]) == (None, True)
    assert "the database does not hold this post's sentences" in house.run("explain", POST).stdout


def test_a_note_that_is_gone_and_a_sentence_that_the_user_took_out(house, built):
    place = built.note("skillrl-agents")
    place.unlink()
    post = built.vault / "posts/2026-02-20.md"
    post.write_text(post.read_text(encoding="utf-8").replace("89.9", "98.9"), encoding="utf-8")
    told = named(house.json("explain", POST), RESULT)
    assert (told["in_file"], told["notes"]) == (False, [{"id": place.stem, "title": None, "passages": []}])
    assert f"     {place.stem}  (no longer in the vault)\n" in house.run("explain", POST).stdout


def test_text_from_outside_cannot_speak_to_the_terminal(house, built):
    paper = built.note("skillrl-agents").stem
    record(built, Claim("A\x1b[2Jtitle \u202e.", (paper,), writer="m\x1b[31m"), report=("no \x1b]0;x\x07",))
    lines = house.run("explain", POST).stdout
    assert not {"\x1b", "\u202e", "\x07"} & set(lines)


def test_what_is_no_post_has_no_sentences(house, built):
    assert "sentences" not in house.json("explain", built.note("skillrl-agents").stem)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("On 20 February 2026, 72 notes came in.", "On  ,   came in."),
        ("2026 年 2 月 20 日收進 72 篇筆記，出自 6 個來源。", " 收進  ，出自  。"),
        ("It reaches 72 points on AIME 2025.", "It reaches 72 points on AIME 2025."),
    ],
    ids=["English", "Chinese", "a figure"],
)
def test_days_and_counts_of_the_post_s_own_look_for_no_passage(text, rest):
    assert explaining_posts._COUNTED.sub(" ", text) == rest
