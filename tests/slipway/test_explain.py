"""One entry: ``explain``, ``show``, ``related`` and ``open``, of a note, an item, a page, and what was written by hand."""

from __future__ import annotations

import sys

import pytest

from slipway.relating import why_told
from tests.slipway.houses import House
from tests.slipway.inside import Inside


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> House:
    house = House.build(tmp_path_factory.mktemp("house"))
    house.night()
    (house.vault / "tea.md").write_text("---\naliases: [Green tea]\n---\n# On tea\n\n- a\n  - b\n", encoding="utf-8")
    return house


@pytest.fixture
def house(built, capsys) -> Inside:
    return Inside(built, capsys)


@pytest.fixture
def paper(built) -> str:
    return built.note("skillrl-agents").stem


def test_explain_a_note(house, paper):
    told = house.json("explain", paper)
    assert (told["id"], told["note"], told["status"], told["source"]) == (paper, paper, "promoted", "lab")
    assert told["path"] == f"notes/2026/{paper}.md"
    assert [one["source"] for one in told["sightings"]] == ["lab"]
    assert {"relevance", "connection", "novelty", "substance"} <= {one["name"] for one in told["parts"]}
    assert all(0 <= one["value"] <= 1 for one in told["parts"] if one["weight"] is not None)
    assert all(one["why"] for one in (*told["links"], *told["backlinks"]))
    assert told["posts"] == [one["id"] for one in told["told_in"]]
    assert "post-2026-02-20" in told["posts"]
    assert told["answers"] == []


def test_the_document_only_grew(house, paper):
    known = ["id", "item", "key", "title", "url", "status", "score", "reasons", "first_seen", "sightings", "full_text"]
    told = house.json("explain", paper)
    assert [name for name in told if name in known] == known
    assert {"note", "topic", "links", "posts"} <= told.keys()
    assert list(told["sightings"][0])[:4] == ["source", "external_id", "url", "seen"]


def test_explain_tells_a_person_the_same(house, paper):
    told = house.json("explain", paper)
    lines = house.run("explain", paper).stdout
    assert lines.startswith("SkillRL: agents that learn skills\n")
    # The user's own clock: 15:59 UTC is a minute before midnight in Hong Kong.
    assert "  seen    2026-02-20 23:59  lab  https://arxiv.org/abs/2602.08234\n" in lines
    assert "  judged  promoted, score " in lines
    for reason in told["reasons"]:
        assert reason in lines
    for part in told["parts"]:
        if part["weight"] is not None:
            assert f"{part['name']} {part['value']:.2f} × {part['weight']:.2f}" in lines
    for link in told["links"]:
        assert f" {link['id']}\n" in lines
        assert link["why"] in lines
    assert "post-2026-02-20" in lines


def test_explain_remembers_what_was_said_and_taken_back(house):
    house.run("inbox", "dismiss", "item-5")
    house.run("inbox", "undo")
    (answer,) = house.json("explain", "item-5")["answers"]
    assert (answer["verdict"], answer["origin"], bool(answer["undone_at"])) == ("dismiss", "inbox", True)
    lines = house.run("explain", "5").stdout
    assert "dismissed it by command; taken back " in lines
    assert "note" not in house.json("explain", "5")


def test_explain_what_was_written_by_hand(house):
    told = house.json("explain", "Green tea")
    assert (told["id"], told["path"], told["topic"]) == ("tea", "tea.md", None)
    assert "item" not in told
    assert "written by hand" in house.run("explain", "tea").stdout


def test_explain_a_post_and_a_page(house, paper):
    told = house.json("explain", "post-2026-02-20")
    assert told["kind"] == "post"
    assert paper in told["tells"]
    lines = house.run("explain", "post-2026-02-20").stdout
    assert f"  tells   {paper}\n" in lines
    assert "by hand" not in lines


def test_explain_a_note_whose_file_is_gone(house, built, paper):
    place = built.note("skillrl-agents")
    content = place.read_bytes()
    place.unlink()
    try:
        told = house.json("explain", paper)
        assert (told["status"], told["path"]) == ("promoted", None)
        assert "its file is not there" in house.run("explain", paper).stdout
    finally:
        place.write_bytes(content)


def test_show(house, paper):
    assert "89.9%" in house.run("show", paper).stdout
    # Nested lists are told by their blanks.
    assert "\n  - b\n" in house.run("show", "tea").stdout
    assert "Flour" in house.run("show", "item-5").stdout


def test_show_as_a_document(house, paper):
    told = house.json("show", paper)
    assert (told["id"], told["kind"], told["created"], told["properties"]["id"]) == (paper, "note", "2026-02-20", paper)
    assert "89.9%" in told["body"]
    assert house.json("show", "tea")["aliases"] == ["Green tea"]
    item = house.json("show", "item-5")
    assert (item["kind"], item["id"], item["status"]) == ("item", 5, "inbox")
    assert "Flour" in item["text"]
    assert house.json("show", "post-2026-02-20")["kind"] == "post"


def test_related_of_a_note_and_of_an_item(house, paper):
    fields = ["rank", "id", "title", "path", "score", "kind", "why"]
    told = house.json("related", paper, "-n", "2")
    assert told["id"] == paper
    assert [one["rank"] for one in told["results"]] == list(range(1, len(told["results"]) + 1))
    assert all(list(one) == fields for one in told["results"])
    promoted = next(one["id"] for one in house.json("inbox", "list", "--all")["items"] if one["note_id"] == paper)
    assert house.json("related", f"item-{promoted}", "-n", "2") == told
    waiting = house.json("related", "item-5", "-n", "2")
    assert waiting["id"] == "item-5"
    assert all(list(one) == fields and 0 < one["score"] <= 1 for one in waiting["results"])
    assert house.run("related", paper).stdout.strip()


def test_open(house, built, paper, monkeypatch):
    place = str(built.vault / "notes" / "2026" / f"{paper}.md")
    assert house.run("open", paper, "--print").stdout == f"{place}\n"
    address = house.run("open", "Green tea", "--obsidian", "--print").stdout.strip()
    assert address.startswith("obsidian://open?path=%2F")
    assert address.endswith("%2Ftea.md")
    monkeypatch.setenv(
        "VISUAL", f"{sys.executable} -c 'import sys; sys.exit(7 if sys.argv[1:] == [sys.argv[-1]] else 1)'"
    )
    house.run("open", paper, code=7)


OPENING = {
    "no editor": ("", "set EDITOR"),
    "an editor that is not there": ("no-such-editor -w", "no-such-editor"),
    "an editor with a broken quote": ("'nano", "mend the quotes"),
}


@pytest.mark.parametrize(("editor", "said"), OPENING.values(), ids=OPENING.keys())
def test_an_editor_that_does_not_open(house, monkeypatch, editor, said):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    assert said in house.run("open", "tea", code=2).stderr


def test_where_nothing_opens_obsidians_addresses(house, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    said = house.run("open", "tea", "--obsidian", code=2).stderr
    assert "obsidian://open?path=" in said


def test_an_item_that_is_no_note_cannot_be_opened(house):
    said = house.run("open", "item-5", code=2).stderr
    assert "is no note yet" in said
    assert "https://blog.example.org/bread" in said


@pytest.mark.parametrize("command", ["show", "explain", "related", "open"])
def test_names_that_nothing_has(house, command):
    assert "no item has the number 99999" in house.run(command, "item-99999", code=2).stderr
    said = house.run(command, "skilrl", code=2).stderr
    assert "no note, post or page has the id or title 'skilrl'" in said
    assert "did you mean '20260220-" in said
    several = house.run(command, "20260220", code=2).stderr
    assert "could be any of" in several
    assert " — SkillRL: agents that learn skills" in several


@pytest.mark.parametrize(
    ("kind", "why", "told"),
    [
        ("same-work", "the same work: SkillRL", "the same work: SkillRL"),
        ("mentions", "mentions SkillRL", "mentions SkillRL"),
        ("similar", "shared terms: tea", "shared terms: tea"),
        ("cites", "as shown in [3]", "cites: as shown in [3]"),
        ("wikilink", "", "wikilink"),
    ],
)
def test_why_a_link_is_told(kind, why, told):
    assert why_told(kind, why) == told
