"""The library: the user's own notes are seen with all that they point to."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from notes.markup.note_reader import read_note
from slipway.library import Holding, Library

ZONE = ZoneInfo("Asia/Hong_Kong")


def holdings(**files: str) -> dict[str, Holding]:
    """The holdings of hand-written files; ``a__b`` stands for ``a/b.md``."""
    read = [
        read_note(f"{name.replace('__', '/')}.md", text.encode(), mtime_ns=0) for name, text in sorted(files.items())
    ]
    return dict(Library.gather(read, [], frozenset(), ZONE).notes)


def linkable(text: str):
    return holdings(a=text)["a"].linkable


WORKS = [
    ("an arXiv id", "---\narxiv_id: 2602.01234\n---\n", "2602.01234"),
    ("its version", "---\narxiv_id: arXiv:2602.01234v3\n---\n", "2602.01234"),
    ("an address of arXiv", "---\nurl: https://arxiv.org/pdf/2602.01234v1\n---\n", "2602.01234"),
    ("a DOI", "---\ndoi: 10.1145/3442188.3445922\n---\n", "10.1145/3442188.3445922"),
    ("its address", "---\nurl: https://doi.org/10.1145/3442188.3445922\n---\n", "10.1145/3442188.3445922"),
    ("in TOML", "+++\ndoi = '10.1145/3442188.3445922'\n+++\n", "10.1145/3442188.3445922"),
    ("none", "arXiv:2602.01234", ""),
]


@pytest.mark.parametrize(("text", "work"), [row[1:] for row in WORKS], ids=[row[0] for row in WORKS])
def test_the_work_that_a_note_is_about(text, work):
    assert linkable(text).work == work


def test_what_a_note_points_to_but_not_itself():
    one = linkable("---\nurl: https://e.org/me\n---\nhttps://e.org/me/ arXiv:2602.01234 doi:10.1145/3442188.3445922\n")
    assert one.addresses == ("https://e.org/me",)
    assert one.references == ("https://arxiv.org/abs/2602.01234", "https://doi.org/10.1145/3442188.3445922")


def test_links_that_people_drew_are_ids_of_notes():
    found = holdings(
        a="[[b]] [[folder/c|shown]] [x](folder/c.md) [[Bee]] [[nowhere]] [[a]] [[topics/t]]",
        b="---\nid: own\naliases: [Bee]\n---\n",
        folder__c="up",
        topics__t="a page",
    )
    assert found["a"].linkable.wikilinks == ("own", "c")
    assert found["own"].linkable.names == ("b", "Bee")


def test_links_that_slipway_wrote_are_not_drawn():
    edited = (
        "---\nid: n\nquality_score: 0.5\nrelated_notes: ['[[b]]']\n---\n## Related\n\n- [[b]]\n\nand my own [[c]]\n"
    )
    assert holdings(n=edited, b="", c="")["n"].linkable.wikilinks == ("c",)


@pytest.mark.parametrize(
    ("text", "lang"),
    [("智能體的記憶與強化學習", "zh-Hant"), ("The memory of agents is what they keep.", "en"), ("---\nlang: fr\n---\nun", "fr")],
)  # fmt: skip
def test_a_note_without_a_language_has_the_one_it_is_written_in(text, lang):
    assert holdings(a=text)["a"].document.lang == lang


OWN_LINES = [
    "[[b|Violets in spring]] — shared terms: violets, spring",
    "[[b|Violets]] — the same work: Violets",
    "[20260220-001-b|Violets]] — “Violets are told of in a sentence.”",
    "[[b|Violets]] — both point to https://violets.example/",
    "[[b|Violets]] — both about Violets",
    "[[b|Violets]] — cites arXiv:2602.01234",
    "[[b|Violets]] — mentions Violets",
    "[[b|Violets]] — close in meaning",
    "[[b|Violets]] — 共有词：Violets",
    "[[b|Violets]] — 同一作品：Violets",
]


@pytest.mark.parametrize("line", OWN_LINES)
@pytest.mark.parametrize("heading", ["## Related", "## Gone", "## 参见"])
def test_lines_of_slipways_own_are_nobodys_words(line, heading):
    one = linkable(f"# A\n\nOwn words.\n\n{heading}\n\n- {line}\n- [[c]] — Violets as I see them\n")
    assert one.text == "Own words.\n\nc — Violets as I see them"
