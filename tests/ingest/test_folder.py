"""Folders of documents: what is read, what is passed over, and what is read again."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.files import folder
from ingest.files.folder import fetch_path
from ingest.sources import Fetched, FetchState, SourceSpec
from ingest.workers.parser import InProcess, Parser
from notes.errors import FetchError, ParseError
from notes.model import SourceType
from tests.ingest.pages import ARTICLE, PARAGRAPHS

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)
RSS = "<rss version='2.0'><channel><title>{0} feed</title><item><title>{0}</title><link>https://example.org/{0}</link></item></channel></rss>"
JSON = '{{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{{"id": "{0}", "title": "{0}", "url": "https://example.org/{0}"}}]}}'
EML = "From: Jane Doe <j@example.org>\nSubject: {0}\nMessage-ID: <{0}@example.org>\nDate: Wed, 11 Feb 2026 08:30:00 +0800\n\nA letter about {0}.\n"
HTML = f"<!-- saved from url=(0028)https://example.org/saved/{{0}} -->\n<html><head><title>{{0}}</title></head><body><article><p>{PARAGRAPHS[0]}</p></article></body></html>"


class Counting(InProcess):
    """Parses right here, and remembers what."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def call(self, function: Any, *arguments: Any, what: str) -> Any:
        self.read.append(what)
        return super().call(function, *arguments, what=what)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "clippings"
    path.mkdir()
    return path


def put(path: Path, text: str | bytes, *, at: datetime = LONG_AGO) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def fetch(root: Path, state: FetchState | None = None, parser: Any = None, now: datetime = NOW) -> Fetched:
    spec = SourceSpec(key="clips", kind="file", path=root, tags=("clip",))
    return fetch_path(spec, state or FetchState(), now=now, max_bytes=1_000_000, parser=parser or InProcess())


def titles(fetched: Fetched) -> list[str]:
    return [item.title for item in fetched.items]


def test_every_kind_of_document(root: Path) -> None:
    put(root / "a.xml", RSS.format("rss"))
    put(root / "b/deep/c.json", JSON.format("json"))
    put(root / "d.eml", EML.format("mail"))
    put(root / "e.HTML", HTML.format("page"))
    put(root / "f.rss.gz", gzip.compress(RSS.format("packed").encode()))
    put(root / "g.mbox", "From x\n" + EML.format("box"))
    fetched = fetch(root)
    assert fetched.warnings == ()
    assert titles(fetched) == ["rss", "json", "mail", "page", "packed", "box"]
    assert {item.source_type for item in fetched.items} == {SourceType.FILE}
    assert {item.tags for item in fetched.items} == {("clip",)}
    assert [(item.source_title, item.key) for item in fetched.items][2:4] == [
        ("Jane Doe", "guid:clips:mail@example.org"),
        ("clips", "url:example.org/saved/page"),
    ]


@pytest.mark.parametrize("name", ["a.html", "a.eml", "a.xml", "a.bin"])
def test_a_single_document_is_read_by_its_name(tmp_path: Path, name: str) -> None:
    text = {"a.html": HTML, "a.eml": EML}.get(name, RSS)
    fetched = fetch(put(tmp_path / name, text.format("one")))
    assert titles(fetched) == ["one"]
    assert fetch(tmp_path / name, fetched.state).not_modified


SAVED = {
    "by the browser": ("<!-- saved from url=(0024)https://example.org/b -->\n" + ARTICLE, "https://example.org/b"),
    "by SingleFile": (
        ARTICLE.replace(
            "<html",
            "<!--\n Page saved with SingleFile \n url: https://example.org/s \n saved date: Fri Feb 20 2026\n--><html",
            1,
        ),
        "https://example.org/s",
    ),
    "by hand": (ARTICLE, "https://lab.example.org/skills"),
    "without an address": ("<html><head><title>Bare</title></head><body><p>Some text.</p></body></html>", ""),
    "from a script": ("<!-- saved from url=(0019)javascript:alert(1) -->" + ARTICLE, "https://lab.example.org/skills"),
}


@pytest.mark.parametrize(("html", "url"), SAVED.values(), ids=SAVED)
def test_a_saved_page_knows_where_it_came_from(root: Path, html: str, url: str) -> None:
    put(root / "page.html", html)
    (item,) = fetch(root).items
    assert item.url == url
    if url:
        assert (item.title, item.authors, item.source_title) == (
            "Agents that keep their skills",
            ("Jane Doe",),
            "The Lab",
        )
        assert item.published == datetime(2026, 2, 11, 0, 30, tzinfo=UTC)
        assert item.text.startswith(PARAGRAPHS[0])
    else:
        assert (item.title, item.text, item.key) == ("Bare", "Some text.", "guid:clips:page.html")


def test_what_is_passed_over(root: Path, tmp_path: Path) -> None:
    put(root / "a.xml", RSS.format("kept"))
    put(root / ".hidden.xml", RSS.format("hidden"))
    put(root / ".git/b.xml", RSS.format("in a hidden folder"))
    put(root / "c.txt", "no document")
    put(root / "d.xml.part", "half")
    put(root / "Story.html", HTML.format("story"))
    put(root / "Story_files/frame.html", HTML.format("a frame of the story"))
    put(tmp_path / "outside/e.xml", RSS.format("outside"))
    (root / "link.xml").symlink_to(tmp_path / "outside/e.xml")
    (root / "linked").symlink_to(tmp_path / "outside")
    os.mkfifo(root / "pipe.xml")
    (root / "folder.xml").mkdir()
    fetched = fetch(root)
    assert (titles(fetched), fetched.warnings) == (["story", "kept"], ("1 file of other kinds passed over: .txt 1",))


def test_files_of_other_kinds_are_told_when_their_counts_change(root: Path) -> None:
    for name in ("a.pdf", "b.PDF", "in/c.txt", "d.xml.part", ".e.pdf", "no ending"):
        put(root / name, "x")
    first = fetch(root)
    assert first.warnings == ("4 files of other kinds passed over: .pdf 2, .txt 1, others 1",)
    assert fetch(root, first.state).not_modified
    put(root / "a.xml", RSS.format("a"))
    second = fetch(root, first.state)
    assert (titles(second), second.warnings) == (["a"], ())
    put(root / "f.md", "x")
    third = fetch(root, second.state)
    assert (titles(third), third.not_modified) == ([], False)
    assert third.warnings == ("5 files of other kinds passed over: .pdf 2, .md 1, .txt 1, others 1",)
    for path in root.rglob("*"):
        if path.is_file() and path.suffix != ".xml":
            path.unlink()
    fourth = fetch(root, third.state)
    assert (titles(fourth), fourth.warnings) == ([], ())
    assert fetch(root, fourth.state).not_modified


def test_many_other_kinds_are_summed(root: Path) -> None:
    for number in range(9):
        put(root / f"a.k{number}", "x")
    assert fetch(root).warnings == (
        "9 files of other kinds passed over: .k0 1, .k1 1, .k2 1, .k3 1, .k4 1, and 4 more",
    )


def test_a_linked_folder_may_be_the_source_itself(root: Path, tmp_path: Path) -> None:
    put(root / "a.xml", RSS.format("a"))
    (tmp_path / "link").symlink_to(root)
    assert titles(fetch(tmp_path / "link")) == ["a"]


def test_trouble_names_the_file_and_holds_up_nothing(root: Path) -> None:
    put(root / "1.xml", "<html><body>no feed</body></html>")
    put(root / "2.eml", "no mail")
    put(root / "3.html", b"%PDF-1.7")
    put(root / "4.json", "[")
    put(root / "5.xml.gz", gzip.compress(b"x" * 100)[:-9])
    put(root / "6.xml", RSS.format("six") + " " * 1_000_000)
    put(root / "sub/7.xml", RSS.format("seven"))
    fetched = fetch(root)
    assert titles(fetched) == ["seven"]
    assert len(fetched.warnings) == 6
    for number, warning in enumerate(fetched.warnings, start=1):
        assert f"{number}." in warning
    again = fetch(root, fetched.state)
    assert again.not_modified


def test_a_file_that_stalls_or_kills_the_parser_is_one_warning(root: Path) -> None:
    put(root / "1.eml", EML.format("one"))
    put(root / "2.html", "<html><body>" + "<p>x</p>" * 10)
    with Parser() as parser:
        assert len(fetch(root, parser=parser).items) == 2


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="clippings"):
        fetch(tmp_path / "clippings")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_within_that_cannot_be_read(root: Path) -> None:
    put(root / "a.xml", RSS.format("a"))
    put(root / "shut/b.xml", RSS.format("b"))
    (root / "shut").chmod(0)
    fetched = fetch(root)
    (root / "shut").chmod(0o755)
    assert titles(fetched) == ["a"]
    assert fetched.warnings == ("shut cannot be read: Permission denied",)


def test_names_of_undecodable_bytes(root: Path) -> None:
    put(Path(os.fsdecode(os.fsencode(root) + b"/\xff\xfe.xml")), RSS.format("odd"))
    put(Path(os.fsdecode(os.fsencode(root) + b"/\xff.eml")), "no mail")
    fetched = fetch(root)
    assert titles(fetched) == ["odd"]
    fetched.warnings[0].encode()
    assert fetch(root, fetched.state).not_modified


def test_unchanged_files_are_not_parsed_again(root: Path) -> None:
    for name in "abc":
        put(root / f"{name}.xml", RSS.format(name))
    parser = Counting()
    first = fetch(root, parser=parser)
    assert parser.read == ["a.xml", "b.xml", "c.xml"]
    assert fetch(root, first.state, parser).not_modified
    put(root / "0.xml", RSS.format("new"), at=LONG_AGO + timedelta(days=1))
    second = fetch(root, first.state, parser)
    assert (titles(second), second.not_modified) == (["new"], False)
    put(root / "b.xml", RSS.format("B"), at=LONG_AGO + timedelta(days=2))
    third = fetch(root, second.state, parser)
    assert "B" in titles(third)
    assert fetch(root, third.state, parser).not_modified


CHANGES = {
    "removed": lambda root: (root / "b.xml").unlink(),
    "an old one moved in": lambda root: put(root / "old.xml", RSS.format("old"), at=LONG_AGO - timedelta(days=400)),
    "renamed": lambda root: (root / "b.xml").rename(root / "z.xml"),
    "changed under its old time": lambda root: put(root / "b.xml", RSS.format("bb")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_among_the_old_ones_reads_all(root: Path, change: Any) -> None:
    for name in "abc":
        put(root / f"{name}.xml", RSS.format(name))
    first = fetch(root)
    change(root)
    second = fetch(root, first.state)
    assert "c" in titles(second)
    assert fetch(root, second.state).not_modified


def test_a_file_that_is_being_written_waits(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "a.xml", RSS.format("a"))
    growing = put(root / "b.eml", EML.format("half"))
    honest = folder.read_file

    def read_while_it_grows(path: Path, *args: Any, **kwargs: Any) -> bytes:
        body = honest(path, *args, **kwargs)
        if path == growing:
            put(growing, EML.format("whole"), at=NOW)
        return body

    monkeypatch.setattr(folder, "read_file", read_while_it_grows)
    first = fetch(root)
    assert titles(first) == ["a"]
    assert first.warnings == ("b.eml: the file is being written; it is read next time",)
    monkeypatch.setattr(folder, "read_file", honest)
    second = fetch(root, first.state, now=NOW + timedelta(days=1))
    assert titles(second) == ["whole"]


def test_trouble_with_a_fresh_file_is_tried_again(root: Path) -> None:
    put(root / "a.eml", "half a m", at=NOW - timedelta(seconds=5))
    first = fetch(root)
    assert "perhaps it is still being written" in first.warnings[0]
    assert not fetch(root, first.state).not_modified
    later = fetch(root, first.state, now=NOW + timedelta(days=1))
    assert "perhaps" not in later.warnings[0]
    assert fetch(root, later.state, now=NOW + timedelta(days=1)).not_modified


@pytest.mark.parametrize("limit", ["MAX_FILES", "MAX_FOLDER_BYTES"])
def test_what_one_night_leaves_out_the_next_begins_with(
    root: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    for number in range(7):
        put(root / f"{number}.xml", RSS.format(number))
    monkeypatch.setattr(folder, limit, 3 if limit == "MAX_FILES" else 3 * len(RSS.format(0)))
    seen, state = [], FetchState()
    for left in (4, 1, 0):
        fetched = fetch(root, state)
        seen += titles(fetched)
        state = fetched.state
        assert fetched.warnings == ((f"files left for the next night: {left}",) if left else ())
    assert seen == [str(number) for number in range(7)]
    assert fetch(root, state).not_modified


def test_too_many_are_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MAX_LISTED", 2)
    for number in range(3):
        put(root / f"{number}.xml", RSS.format(number))
    with pytest.raises(FetchError, match="more than 2 documents"):
        fetch(root)


@pytest.mark.parametrize("state", ["", "x", "3:", "99999999999:x", "-1:x", "٣:x", "2:wrong"])
def test_a_strange_memory_reads_all(root: Path, state: str) -> None:
    put(root / "a.xml", RSS.format("a"))
    assert titles(fetch(root, FetchState(body_sha256=state))) == ["a"]


def test_a_document_that_cannot_be_read_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ParseError):
        fetch(put(tmp_path / "a.eml", "no mail"))
