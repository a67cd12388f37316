"""``slipway export`` as its user knows it: a bibliography of a query, a tag, a topic or some notes, and files that are not lost."""

from __future__ import annotations

import json
import re

import pytest

from tests.slipway.houses import WORKS, House
from tests.slipway.inside import Inside

HAND = """---
title: "The Art of }, title = {Tea} \\\\input{x} @misc{evil"
author: "Okakura, Kakuzō"
year: 1906
journal: Tea Studies
doi: 10.1234/TEA
tags: [tea/japan]
---
# x

Tea is a religion.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> House:
    house = House.build(tmp_path_factory.mktemp("house"))
    house.night()
    (house.vault / "tea.md").write_text(HAND, encoding="utf-8")
    (house.vault / "diary.md").write_text("---\ntags: [diary]\n---\nDear diary\n", encoding="utf-8")
    (house.vault / "Home.md").write_text("# Home\n", encoding="utf-8")
    return house


@pytest.fixture
def house(built, capsys) -> Inside:
    return Inside(built, capsys)


def keys(house, *args):
    return re.findall(r"^@\w+\{([^,]+),$", house.run("export", "--bibtex", *args).stdout, re.MULTILINE)


def test_all_notes(house):
    done = house.run("export", "--bibtex")
    assert "@article{okakura1906arttitletea,\n" in done.stdout
    assert "@misc{labnotes2026skillrl,\n" in done.stdout
    assert "eprint = {2602.08234}" in done.stdout
    assert "diary" not in done.stdout
    assert "1 note without author, source and address left out" in done.stderr


def test_a_hostile_title_stays_a_title(house):
    told = house.run("export", "--bibtex", "tea").stdout
    assert told.startswith("@article{")
    assert r"{@}misc{\textbraceleft}evil" in told
    assert "@misc" not in told
    assert len(re.findall(r"(?m)^  title = ", told)) == told.count("},\n  title = ") == 1


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (("--tag", "tea"), 1),
        (("--tag", "#tea/japan"), 1),
        (("--query", "recursive skills", "-n", "1"), 1),
        (("tea", "skillrl-agents"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_choice_of_notes(house, choice, wanted):
    found = keys(house, *choice)
    assert len(found) == wanted
    assert set(found) <= set(keys(house))


def test_csl_and_json(house):
    (item,) = json.loads(house.run("export", "--csl", "tea").stdout)
    assert (item["type"], item["container-title"], item["DOI"]) == ("article-journal", "Tea Studies", "10.1234/tea")
    assert item["author"] == [{"family": "Okakura", "given": "Kakuzō"}]
    assert item["issued"] == {"date-parts": [[1906]]}
    (note,) = house.json("export", "diary")["notes"]
    assert (note["id"], note["kind"], note["tags"]) == ("diary", "note", ["diary"])
    assert {"key", "path", "title", "authors", "published", "url"} <= note.keys()
    assert len(house.json("export")["notes"]) == len(house.house.notes()) + 2


def test_a_note_asked_for_by_name_is_cited_though_it_names_no_source(house):
    assert len(keys(house, "diary")) == 1


MISTAKES = {
    "no form": ((), "in which form?"),
    "two forms": (("--csl", "--bibtex"), "--bibtex and --csl: one form at a time"),
    "two choices": (("--csl", "--tag", "tea", "--query", "x"), "one of them"),
    "a tag that is none": (("--csl", "--tag", "taa"), "did you mean 'tea'?"),
    "a topic that is none": (("--csl", "--topic", "tea"), "no note is of the topic"),
    "a note that is none": (("--csl", "skilrl"), "skillrl"),
    "a query that none is about": (("--csl", "--query", "量子引力"), "no note is about '量子引力'"),
    "a page": (("--csl", "Home"), "no note"),
}


@pytest.mark.parametrize(("args", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes(house, args, said):
    done = house.run("export", *args, code=2)
    assert said in done.stderr
    assert done.stdout == ""


def test_a_file_is_never_overwritten_unasked(house, tmp_path):
    place = tmp_path / "own.bib"
    place.write_text("% mine\n")
    to_file = ("export", "--bibtex", "-o", str(place))
    assert "--force" in house.run(*to_file, code=2).stderr
    assert place.read_text() == "% mine\n"
    house.run(*to_file, "--force")
    assert place.read_text() == house.run("export", "--bibtex").stdout
    assert "says so already" in house.run(*to_file).stdout
    assert list(tmp_path.iterdir()) == [place]


def test_a_link_is_not_written_through(house, tmp_path):
    aim = tmp_path / "aim.txt"
    aim.write_text("mine\n")
    (tmp_path / "link.bib").symlink_to(aim)
    house.run("export", "--bibtex", "-o", str(tmp_path / "link.bib"), code=2)
    assert aim.read_text() == "mine\n"


@pytest.mark.parametrize("name", ["note.md", "link.bib"])
def test_not_even_force_writes_over_a_note(house, built, name):
    note = built.vault / "tea.md"
    place = built.root / "link.bib" if name == "link.bib" else note
    if place is not note:
        place.symlink_to(note)
    before = note.read_bytes()
    said = house.run("export", "--bibtex", "-o", str(place), "--force", code=2).stderr
    assert "a note of your vault" in said
    assert note.read_bytes() == before


def test_a_place_that_cannot_be_written_is_told(house, tmp_path):
    said = house.run("export", "--csl", "-o", str(tmp_path / "none" / "x.json"), code=1).stderr
    assert "choose another place" in said


def test_the_vault_is_not_written(house, built):
    before = built.files("vault")
    assert "choose a name" in house.run("export", "--bibtex", "-o", str(built.vault / "new.md"), code=2).stderr
    house.run("export", "--bibtex")
    assert built.files("vault") == before


def test_topics(house, built):
    stem = built.note("skillrl-agents").stem
    (built.vault / "topics").mkdir(exist_ok=True)
    (built.vault / "topics" / "x.md").write_text(
        f"---\nid: topic-x\ntitle: Memory of agents\nrelated_notes: ['[[{stem}]]']\n---\n# x\n"
    )
    for topic in ("Memory of agents", "topic-x", "memory"):
        assert keys(house, "--topic", topic) == keys(house, stem)
    other = f"---\nid: topic-y\ntitle: Memory of models\nrelated_notes: ['[[{stem}]]']\n---\n# y\n"
    (built.vault / "topics" / "y.md").write_text(other)
    said = house.run("export", "--bibtex", "--topic", "memory", code=2).stderr
    assert "several hold that: 'Memory of agents', 'Memory of models'" in said


def test_no_escape_reaches_the_terminal(tmp_path, capsys):
    built = House.build(
        tmp_path,
        works=[
            ("\x9b31m evil &#27;[2J title &#8238;gnp", "https://e.org/a", WORKS[0][2] + "&#27;]0;x&#7;"),
            *WORKS[1:],
        ],
    )
    house = Inside(built, capsys)
    (built.vault / "notes").mkdir(parents=True)
    (built.vault / "notes" / "evil.md").write_text(
        '---\ntitle: "\\x1b[2J\\u202e\\x9b evil"\nurl: https://e.org/b\nsource: x\n---\n\x1b]0;x\x07\x9b body \u202e\n',
        encoding="utf-8",
    )
    obeyed = set("\x1b\x07\x9b\u202e")
    for args in (
        ["export", "--bibtex"],
        ["export", "--csl"],
        ["export", "--json"],
        ["show", "evil"],
        ["show", "evil", "--json"],
        ["explain", "evil"],
        ["related", "evil"],
        ["open", "evil", "--print"],
    ):
        said = house.run(*args).stdout
        assert not set(said) & obeyed, args
    assert json.loads(house.run("show", "evil", "--json").stdout)["body"].count("\x9b") == 1
