"""Obsidian's rules, each with a file that breaks it; and the starter vault, which breaks none."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from notes.markup import inert, insertion, markdown, obsidian
from notes.markup.document import read_note
from notes.pages import inbox_page, reading_list, suggestions_page, today_page
from notes.pages.page_words import words_for
from slipway.starter import STARTER_FILES, starter_files

ROOT = Path(__file__).parents[2]

TAGS = [
    ("arxiv/cs/LG", True),
    ("reinforcement-learning", True),
    ("中文", True),
    ("火🔥", True),
    ("y1984", True),
    ("1984-a", True),
    ("a_b", True),
    ("1984", False),
    ("2026/02", False),
    ("arxiv.cs.LG", False),
    ("two words", False),
    ("#hash", False),
    ("a,b", False),
    ("a//b", False),
    ("/a", False),
    ("a/", False),
    ("", False),
    ("<%x%>", False),
    ("a$b", False),
    ("\u202ex", False),
]


@pytest.mark.parametrize(("text", "good"), TAGS, ids=ascii)
def test_is_tag(text: str, good: bool) -> None:
    assert obsidian.is_tag(text) is good


def note(**properties: str) -> str:
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in properties.items()) + "---\n"


FAULTS = [
    ("broken properties", {"a.md": "---\na: b: c\n---\n"}, "a.md: the properties cannot be read: line 2"),
    (
        "two types",
        {"a.md": note(k="1"), "b.md": note(k="x"), "c.md": note(k="2")},
        "b.md: k is a text, in a.md it is a number",
    ),
    (
        "a date and a text",
        {"a.md": note(d="2026-02-20"), "b.md": note(d="today")},
        "b.md: d is a text, in a.md it is a date",
    ),
    (
        "a time",
        {"a.md": note(d="2026-02-20"), "b.md": note(d="2026-02-20T10:00:00")},
        "b.md: d is a date and time, in a.md",
    ),
    ("a checkbox", {"a.md": note(d="true"), "b.md": note(d="1")}, "b.md: d is a number, in a.md it is a checkbox"),
    ("a list", {"a.md": note(d="[x]"), "b.md": note(d="x")}, "b.md: d is a text, in a.md it is a list"),
    ("nested", {"a.md": note(k="{a: b}")}, "a.md: k is nested"),
    ("nested in a list", {"a.md": note(k="[{a: b}]")}, "a.md: k is nested"),
    ("an unquoted link", {"a.md": note(k="[[b]]"), "b.md": ""}, "a.md: k holds a wikilink without quotes"),
    ("deprecated", {"a.md": note(tag="x")}, "a.md: tag is deprecated, use tags"),
    ("a bad tag", {"a.md": note(tags="[a.b]")}, "a.md: 'a.b' is no tag"),
    ("a number for a tag", {"a.md": note(tags="[2026]")}, "a.md: 2026 is no tag"),
    ("a string for tags", {"a.md": note(tags="a b")}, "a.md: 'a b' is no tag"),
    ("a link to nowhere", {"a.md": "[[b]]"}, "a.md: [[b]] leads nowhere"),
    ("a quoted link to nowhere", {"a.md": note(up="'[[b]]'")}, "a.md: [[b]] leads nowhere"),
    ("a forbidden character", {"a:b.md": ""}, "a:b.md: the name holds ':'"),
    ("a forbidden folder", {"x^/a.md": ""}, "x^/a.md: the name holds '^'"),
    ("too long", {"深" * 90 + ".md": ""}, "the name is longer than 255 bytes"),
    ("punctuation", {"---.md": ""}, "---.md: the name is punctuation only"),
    ("a trailing dot", {"a./b.md": ""}, "a./b.md: the name begins or ends"),
    ("a device", {"con.md": ""}, "con.md: the name is reserved on Windows"),
    ("case twins", {"A.md": "", "a.md": ""}, "A.md: cannot be told from a.md"),
    ("NFC and NFD", {"caf\u00e9.md": "", "cafe\u0301.md": ""}, "cannot be told from"),
]


@pytest.mark.parametrize(("files", "complaint"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_check_complains(files: dict[str, str], complaint: str) -> None:
    found = obsidian.check({path: text.encode() for path, text in files.items()})
    assert any(complaint in line for line in found), found


GOOD = {
    "a.md": note(title="x", tags="[a/b]", created="2026-02-20", up="'[[b]]'", empty="")
    + "[[b#h|x]] [[sub/c]] [[C]] [[Notes.base]]",
    "b.md": note(title="y", tags="z", created="", aliases="[Bee]") + "[[Bee]] ![[pic.png]] [m](sub/c.md)",
    "sub/c.md": "[[../a]] [x](../b.md) [[sub/deep/d]]",
    "x/sub/deep/d.md": note(id="20260220-001-d") + "[[20260220-001-d]] [[/a]]",
    "pic.png": "",
    "Notes.base": "",
    ".obsidian/app.json": "{}",
}


def test_check_is_silent_when_all_is_well() -> None:
    assert obsidian.check({path: text.encode() for path, text in GOOD.items()}) == ()


RESOLVED = [
    ("b", "a.md", "b.md"),
    ("B", "a.md", "b.md"),
    ("c", "a.md", "sub/c.md"),
    ("./c.md", "sub/e.md", "sub/c.md"),
    ("../a", "sub/c.md", "a.md"),
    ("deep/d", "a.md", "x/sub/deep/d.md"),
    ("bee", "a.md", "b.md"),
    ("nothing", "a.md", None),
    ("no/thing", "a.md", None),
]


@pytest.mark.parametrize(("target", "source", "path"), RESOLVED)
def test_links_resolve_as_in_obsidian(target: str, source: str, path: str | None) -> None:
    notes = [read_note(name, text.encode(), mtime_ns=0) for name, text in GOOD.items() if name.endswith(".md")]
    assert obsidian.LinkIndex(GOOD, notes).resolve(target, source) == path


NFC, NFD = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize("target", [NFC, NFD, NFC.upper(), f"a/{NFC}", f"a/{NFD}", f"{NFD}.md"], ids=ascii)
@pytest.mark.parametrize("name", [NFC, NFD], ids=ascii)
def test_a_link_is_found_in_either_normalisation(name: str, target: str) -> None:
    """A Mac writes names in the one and keyboards write links in the other."""
    path = f"x/a/{name}.md"
    assert obsidian.LinkIndex([path], []).resolve(target, "y.md") == path


@pytest.mark.parametrize(
    ("one", "other"), [(f"{NFC}.md", f"{NFD}.md"), ("Note.md", "note.md"), (f"a/{NFC}.md", f"a/{NFD}.md")], ids=ascii
)
def test_of_twins_each_is_found_by_its_own_spelling(one: str, other: str) -> None:
    links = obsidian.LinkIndex([one, other], [])
    for path in (one, other):
        assert links.resolve(path, "y.md") == path
        assert links.resolve(path.removesuffix(".md"), "y.md") == path
        assert links.resolve(path.removesuffix(".md").rpartition("/")[2], "y.md") == path


def test_links_over_many_notes_are_found_by_looking_them_up() -> None:
    """By a part of their path as well: not by going through all notes for each."""

    class Counted(dict):
        asked = 0

        def get(self, *args):
            Counted.asked += 1
            return super().get(*args)

    links = obsidian.LinkIndex([f"a/{n % 7}/b/{n}.md" for n in range(2000)], [])
    for table in (links._paths, links._names, links._tails, links._aliases):
        table._spelled, table._folded = Counted(table._spelled), Counted(table._folded)
    for n in range(2000):
        assert links.resolve(f"b/{n}", "y.md") == f"a/{n % 7}/b/{n}.md"
    assert Counted.asked <= 2000 * 10


def test_the_shortest_path_wins_a_name() -> None:
    assert obsidian.LinkIndex(["a/b/x.md", "z/x.md"], []).resolve("x", "y.md") == "z/x.md"


@pytest.mark.parametrize(("path", "target"), [("n/20260220-001-d.md", "20260220-001-d"), ("n/Renamed.md", "n/Renamed")])
def test_what_a_link_to_a_note_holds(path: str, target: str) -> None:
    assert obsidian.Targets([path]).of(read_note(path, note(id="20260220-001-d").encode(), mtime_ns=0)) == target


LEADING = [
    ("unlike", ["a.md", "x/b.md"], ["a", "b"]),
    ("twin names", ["memory.md", "other/memory.md", "z.md"], ["memory", "other/memory", "z"]),
    ("twins but for case", ["Memory.md", "x/memory.md"], ["Memory", "x/memory"]),
    ("twins but for the normalisation", [f"{NFC}.md", f"x/{NFD}.md"], [NFC, f"x/{NFD}"]),
    ("a second ending", ["x.md", "x.md.md", "a/y.md.md"], ["x", "x.md.md", "a/y.md.md"]),
    ("marks of links", ["C# a.md", "a|b.md", "[[x]].md", "q^r.md"], ["C# a", "a|b", "[[x]]", "q^r"]),
    ("blanks at the ends", [" x.md", "y .md", "d/ z.md", "x.md"], [" x", "y ", " z", "x"]),
    ("other marks", ["v1.2.md", "100% (a) <b>.md", "back\\slash.md", "`c` *d* _e_.md", "a\nb.md"], None),
]


@pytest.mark.parametrize(("paths", "targets"), [pytest.param(*case[1:], id=case[0]) for case in LEADING])
def test_a_link_leads_to_its_note_from_every_note(paths: list[str], targets: list[str] | None) -> None:
    notes = [read_note(path, b"x", mtime_ns=0) for path in paths]
    links, leads = obsidian.LinkIndex(paths, notes), obsidian.Targets(paths)
    assert targets is None or [leads.of(one) for one in notes] == targets
    for one in notes:
        read = markdown.wikilinks(f"- {inert.wikilink(leads.of(one), one.title)} — why")
        assert [links.resolve(target, source) for target in read for source in paths] == [one.path] * len(paths)


@given(st.lists(st.text("ab #|^[]().%é ", min_size=1, max_size=6), min_size=1, max_size=5, unique=True), st.data())
def test_a_link_leads_to_its_note_whatever_the_names(names: list[str], data: st.DataObject) -> None:
    paths = [data.draw(st.sampled_from(["", "d/", "d/e/"])) + name.replace(".", "a.") + ".md" for name in names]
    notes = [read_note(path, b"x", mtime_ns=0) for path in paths]
    links, leads = obsidian.LinkIndex(paths, notes), obsidian.Targets(paths)
    for one in notes:
        read = markdown.wikilinks(f"- {inert.wikilink(leads.of(one), one.title)}")
        assert [links.resolve(target, "d/e.md") for target in read] == [one.path]


# --- the starter vault ---


def read_template(name: str) -> str:
    return (ROOT / "vault" / "templates" / name).read_text(encoding="utf-8")


def starter() -> dict[str, bytes]:
    return {name: (ROOT / "vault" / name).read_bytes() for name in STARTER_FILES}


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_the_starter_vault_opens_without_a_complaint(lang: str) -> None:
    day, words = date(2026, 2, 20), words_for(lang)
    today = today_page.Today(day=day, waiting=0, links=0, tags=0, tasks=0)
    pages = {
        "Inbox.md": inbox_page.render([], inbox_page.Shown(day, UTC, words=words)),
        "Reading list.md": reading_list.update(None, [], words=words),
        "Suggestions.md": suggestions_page.render([], [], day=day, words=words),
        "Today.md": today_page.render(today, words),
    }
    made = read_template("Literature note.md").replace("{{title}}", "T").replace("{{date}}", "2026-02-20")
    written = "---\ncreated: 2026-02-20\n---\n"
    files = starter_files(lang) | pages | {"made.md": made, "written.md": written}
    assert obsidian.check({name: text.encode() for name, text in files.items()}) == ()


def test_the_tracked_files_and_the_starter_files_are_the_same() -> None:
    tracked = {path.relative_to(ROOT / "vault").as_posix() for path in (ROOT / "vault").rglob("*.*") if path.is_file()}
    ignored = ("notes/", "posts/", "trends/", "topics/", "Inbox.md", "Reading list.md", "Suggestions.md", "Today.md")
    assert {
        name for name in tracked if not name.startswith((*ignored, ".git", ".slipway", ".obsidian/workspace"))
    } == set(STARTER_FILES)
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    included = packed["wheel"]["force-include"]
    assert included == {f"vault/{name}": f"slipway/starter/vault/{name}" for name in STARTER_FILES}


@pytest.mark.parametrize("name", [name for name in STARTER_FILES if name.startswith("templates/")])
def test_a_template_becomes_a_note_that_slipway_reads(name: str) -> None:
    text = starter()[name].decode().replace("{{title}}", "My: note").replace("{{date}}", "2026-02-20")
    made = read_note("mine/My note.md", text.encode(), mtime_ns=0)
    assert not made.trouble
    assert (made.title, made.created, made.source_type) == ("My: note", date(2026, 2, 20), "")
    assert made.lang in ("en", "zh-Hans", "zh-Hant")
    placed = insertion.place(text.encode(), "[[a]]", heading="Related")
    assert placed is not None
    assert placed.into(text.encode()).decode().count("## ") == text.count("## "), (
        "its section of related notes is known"
    )


def test_settings_are_json() -> None:
    for name, raw in starter().items():
        if name.endswith(".json"):
            assert isinstance(json.loads(raw), dict)


KEYS = {"filters", "formulas", "properties", "summaries", "views"}
OF_A_NOTE = {
    "title",
    "created",
    "published",
    "updated",
    "tags",
    "source",
    "arxiv_id",
    "authors",
    "quality_score",
    "topic",
}
OF_A_NOTE |= {"related_notes", "description", "terms"}


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("name", ["Inbox.base", "Notes.base", "Posts.base", "Topics.base"])
def test_bases_in_another_language_differ_in_their_labels_alone(name: str, lang: str) -> None:
    english, told = (yaml.safe_load(starter_files(one)[name]) for one in ("en", lang))
    for base in (english, told):
        labels = [part.pop("displayName") for part in base["properties"].values()]
        labels += [view.pop("name") for view in base["views"]]
        assert len(labels) == len(english["properties"]) + len(english["views"])
        assert base is english or all(label == "arXiv" or not label.isascii() for label in labels)
    assert english == told


@pytest.mark.parametrize("name", ["Inbox.base", "Notes.base", "Posts.base", "Topics.base"])
def test_bases_are_of_the_documented_schema(name: str) -> None:
    base = yaml.safe_load(starter()[name])
    assert set(base) <= KEYS
    for view in base["views"]:
        assert view["type"] in {"table", "cards", "list", "map"}
        columns = [*view["order"], *(rule["property"] for rule in view.get("sort", []))]
        columns += [view["groupBy"]["property"]] if "groupBy" in view else []
        for column in columns:
            kind, _, rest = column.rpartition(".")
            assert rest in (base["formulas"] if kind == "formula" else OF_A_NOTE), column
        assert all(rule["direction"] in ("ASC", "DESC") for rule in view.get("sort", []))


def test_gitignore_leaves_the_starter_files_tracked() -> None:
    ignored = (ROOT / "vault" / ".gitignore").read_text(encoding="utf-8").splitlines()
    for written in (
        "/notes/",
        "/posts/",
        "/trends/",
        "/topics/",
        "/Inbox.md",
        "/Reading list.md",
        "/Suggestions.md",
        "/Today.md",
    ):
        assert written in ignored
    assert not any(name in ignored or f"/{name}" in ignored for name in starter())
