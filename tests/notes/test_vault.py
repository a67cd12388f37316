"""The vault on disk: no byte of the user's is lost, no path leads out."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from notes.errors import VaultError
from notes.files import vault as vault_module
from notes.files.vault import RemoveOutcome, ReplaceOutcome, Vault, is_conflict_copy, sha256

SHARED = os.environ.get("SLIPWAY_DATA", "")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    root = tmp_path / "vault"
    root.mkdir()
    return Vault(root)


def put(vault: Vault, path: str, text: str = "x") -> Path:
    place = vault.root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())
    return place


def leftovers(vault: Vault) -> list[Path]:
    return list(vault.root.rglob(".slipway-tmp-*"))


# --- listing ---


def test_files_are_all_markdown_outside_dot_folders_sorted(vault: Vault) -> None:
    for path in ("b.md", "a/z.md", "a/é.md", ".obsidian/x.md", ".trash/y.md", "a/.hidden.md", "c.txt", "d.MD.bak"):
        put(vault, path)
    put(vault, "a.sync-conflict-20260220-101112-ABCDEFG.md")
    (vault.root / "dir.md").mkdir()
    assert [found.path for found in vault.files()] == ["a/z.md", "a/é.md", "b.md"]
    assert vault.files()[0].size == 1
    assert vault.files()[0].mtime_ns == (vault.root / "a/z.md").stat().st_mtime_ns
    assert vault.conflict_copies() == ("a.sync-conflict-20260220-101112-ABCDEFG.md",)


CONFLICTS = [
    ("x.sync-conflict-20260220-101112-ABCDEFG.md", True),
    ("x.sync-conflict-20260220-101112.md", True),
    ("x (Conflicted copy dev 202602201011).md", True),
    ("x (A. Author's conflicted copy 2026-02-20).md", True),
    ("x (冲突副本 2026-02-20).md", True),
    ("x (Case Conflict 1).md", True),
    ("sync-conflict.md", False),
    ("on conflicted copy.md", False),
    ("x (copy).md", False),
]


@pytest.mark.parametrize(("name", "is_copy"), CONFLICTS)
def test_conflict_copies_are_known_by_name(name: str, is_copy: bool) -> None:
    assert is_conflict_copy(name) is is_copy


def test_links_that_lead_out_are_no_files(vault: Vault, tmp_path: Path) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text("secret")
    (vault.root / "out.md").symlink_to(outside)
    (vault.root / "outdir").symlink_to(tmp_path)
    (vault.root / "lost.md").symlink_to(tmp_path / "nowhere")
    put(vault, "a.md")
    (vault.root / "in.md").symlink_to(vault.root / "a.md")
    assert [found.path for found in vault.files()] == ["a.md", "in.md"]


def test_links_in_a_circle_are_no_files(vault: Vault) -> None:
    (vault.root / "loop.md").symlink_to("loop.md")
    (vault.root / "there.md").symlink_to("back.md")
    (vault.root / "back.md").symlink_to("there.md")
    (vault.root / "folder").symlink_to("folder")
    put(vault, "a.md")
    assert [found.path for found in vault.files()] == ["a.md"]
    assert [note.path for note in vault.notes()] == ["a.md"]
    assert (vault.conflict_copies(), vault.clean()) == ((), ())


@pytest.mark.parametrize("path", ["loop.md", "folder/x.md"])
def test_nothing_is_read_or_written_over_a_circle(vault: Vault, path: str) -> None:
    for name in ("loop.md", "folder"):
        (vault.root / name).symlink_to(name)
    for act in ACTS:
        with pytest.raises(VaultError):
            act(vault, path)
    assert (vault.root / "loop.md").is_symlink()


def test_a_vault_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="cannot be read"):
        Vault(tmp_path / "none").files()


# --- reading ---


def test_read(vault: Vault) -> None:
    put(vault, "a/b.md", "text")
    assert vault.read("a/b.md") == b"text"
    assert vault.note("a/b.md").text == "text"
    with pytest.raises(VaultError, match=r"gone\.md cannot be read"):
        vault.read("gone.md")


IDS = [
    ("alone", {"a/x.md": ""}, ["x"]),
    ("stem twins", {"a/x.md": "", "b/x.md": "", "y.md": ""}, ["a/x.md", "b/x.md", "y"]),
    ("a copy of a note", {"a/x.md": "id: x", "b/x copy.md": "id: x"}, ["x", "b/x copy.md"]),
    ("a copy sorted before the note", {"a copy.md": "id: x", "x.md": "id: x"}, ["a copy.md", "x"]),
    ("a moved note twice", {"a.md": "id: x", "b.md": "id: x"}, ["x", "b.md"]),
    ("an id takes a stem", {"a.md": "id: b", "b.md": ""}, ["b", "b.md"]),
    ("an id that is a path", {"a/x.md": "", "b/x.md": "", "c.md": "id: a/x.md"}, ["a/x.md~", "b/x.md", "a/x.md"]),
    ("an id that is the stem", {"x.md": "id: x", "a/x.md": ""}, ["a/x.md", "x"]),
]


@pytest.mark.parametrize(("files", "ids"), [row[1:] for row in IDS], ids=[row[0] for row in IDS])
def test_every_note_has_an_id_of_its_own(vault: Vault, files: dict[str, str], ids: list[str]) -> None:
    for path, properties in files.items():
        put(vault, path, f"---\n{properties}\n---\n" if properties else "text")
    assert [note.id for note in vault.notes()] == ids


def test_pages_of_slipway_are_no_notes(vault: Vault) -> None:
    for path in ("Inbox.md", "Reading list.md", "Suggestions.md", "sub/Inbox.md", "Home.md"):
        put(vault, path)
    assert [note.path for note in vault.notes()] == ["Home.md", "sub/Inbox.md"]


def test_a_file_that_cannot_be_read_is_a_note_with_trouble(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    put(vault, "a.md")
    put(vault, "b.md")
    read = vault_module._bytes

    def refuse(place: Path) -> bytes:
        if place.name == "a.md":
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(place)

    monkeypatch.setattr(vault_module, "_bytes", refuse)
    first, second = vault.notes()
    assert (first.id, first.sha256, first.trouble) == ("a", "", "a.md cannot be read: Permission denied")
    assert (second.id, second.trouble) == ("b", "")


@pytest.mark.skipif(not SHARED, reason="SLIPWAY_DATA is not set")
@pytest.mark.data
@pytest.mark.parametrize("name", ["foam-docs-en", "knowledge-garden-zh", "swyx-ai-notes-en"])
def test_shared_vaults_are_read_and_their_ids_are_unique(name: str) -> None:
    notes = Vault(Path(SHARED, "vaults", name)).notes()
    assert len(notes) == len(Vault(Path(SHARED, "vaults", name)).files()) > 10
    assert len({note.id for note in notes}) == len(notes)


# --- paths ---

OUT = [
    "",
    "/etc/passwd",
    "../x.md",
    "a/../../x.md",
    "a\\..\\x.md",
    ".obsidian/app.json",
    "a/.git/x.md",
    "x\0.md",
    "a/",
    ".",
]
ACTS: list[Callable[[Vault, str], object]] = [
    lambda vault, path: vault.create(path, "x"),
    lambda vault, path: vault.replace(path, "x", expected_sha=""),
    lambda vault, path: vault.read(path),
    lambda vault, path: vault.note(path),
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("path", [*OUT, "outdir/x.md"], ids=ascii)
def test_no_path_leads_out_of_the_vault(
    vault: Vault, tmp_path: Path, path: str, act: Callable[[Vault, str], object]
) -> None:
    (vault.root / "outdir").symlink_to(tmp_path)
    (tmp_path / "x.md").write_text("outside")
    with pytest.raises(VaultError):
        act(vault, path)
    assert (tmp_path / "x.md").read_text() == "outside"


def test_without_the_check_a_link_leads_out(vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (vault.root / "outdir").symlink_to(tmp_path)
    monkeypatch.setattr(Vault, "_place", lambda self, path: self.root / path)
    vault.create("outdir/x.md", "x")
    assert (tmp_path / "x.md").exists(), "the positive control"


# --- foreign files ---

FOREIGN: list[tuple[str, bytes, dict[str, object]]] = [
    ("a byte order mark and CRLF", b"\xef\xbb\xbf---\r\nid: y\r\n---\r\n# T\r\n", {"id": "y", "title": "T"}),
    ("UTF-16", "---\nid: y\n---\n記憶".encode("utf-16"), {"id": "y", "text": "記憶", "trouble": "the file is UTF-16, not UTF-8"}),
    ("bytes that are no text", b"\xff\x80\x81", {"text": "\ufffd" * 3, "trouble": "byte 0 is not UTF-8"}),
    ("NUL", b"a\0b", {"text": "a\ufffdb", "trouble": "the text holds NUL"}),
    ("TOML", b'+++\ntitle = "T"\ndate = 2026-02-20\ntags = ["a"]\n+++\nx', {"title": "T", "created": date(2026, 2, 20), "tags": ("a",), "text": "x"}),
    ("block scalars", b"---\ntitle: >\n  a\n  b\nabstract: |\n  ---\n  c\n---\nx", {"title": "a b", "text": "x"}),
    ("one slip of the pen", b"---\nid: y\ntitle: A: B\ntags: [a, b\nurl: https://e.org/\n---\nx", {"id": "y", "title": "A: B", "url": "https://e.org/", "tags": ()}),
    ("a day that is none", b"---\nid: y\ncreated: 2026-02-30\n---\n", {"id": "y", "created": None, "trouble": "there is no such time as 2026-02-30"}),
    ("a version", b"---\ntitle: 1.10\n---\n", {"title": "1.10"}),
    ("an alias bomb", b"---\na: &a [x,x,x]\nb: &b [*a,*a,*a]\nid: y\n---\n", {"id": "y"}),
    ("a DOI", b"---\ndoi: https://doi.org/10.1145/3442188.3445922\n---\n", {"doi": "10.1145/3442188.3445922"}),
    ("an arXiv id with a version", b"---\narxiv: 2602.01234v3\n---\n", {"arxiv_id": "2602.01234"}),
    ("a clipping", b"---\nsource: https://e.org/a\n---\n", {"url": "https://e.org/a"}),
    ("empty", b"", {"title": "x", "text": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), [row[1:] for row in FOREIGN], ids=[row[0] for row in FOREIGN])
def test_foreign_files_are_read(vault: Vault, raw: bytes, expected: dict[str, object]) -> None:
    place = vault.root / "x.md"
    place.write_bytes(raw)
    (note,) = vault.notes()
    assert {key: getattr(note, key) for key in expected} == expected
    assert place.read_bytes() == raw


NAMES = [
    ("255 bytes", ["n" * 252 + ".md"]),
    ("85 Chinese characters", ["深" * 84 + ".md"]),
    ("case twins", ["Note.md", "note.md"]),
    ("NFC and NFD", ["caf\u00e9.md", "cafe\u0301.md"]),
    ("quotes, blanks and signs", ["a 'b' \"c\" #d [e] %20.md"]),
    ("a line break", ["a\nb.md"]),
    ("emoji", ["🔥.md"]),
]


@pytest.mark.parametrize("names", [row[1] for row in NAMES], ids=[row[0] for row in NAMES])
def test_names_are_what_they_are(vault: Vault, names: list[str]) -> None:
    for name in names:
        put(vault, name, name)
    notes = vault.notes()
    assert sorted(note.path for note in notes) == sorted(names)
    assert len({note.id for note in notes}) == len(names)
    for note in notes:
        assert vault.read(note.path) == note.path.encode()
        assert vault.replace(note.path, "ours", expected_sha=note.sha256) is ReplaceOutcome.REPLACED
        assert vault.remove(note.path, expected_sha=sha256("ours")) is RemoveOutcome.REMOVED


def test_a_name_that_is_no_text_does_not_end_the_night(vault: Vault) -> None:
    if os.name == "nt" or sys.platform == "darwin":
        pytest.skip("names are text here")
    (vault.root / os.fsdecode(b"\xff\xfe.md")).write_bytes(b"x")
    put(vault, "a.md")
    assert [note.path for note in vault.notes()] == ["a.md"]


def test_a_huge_file_is_a_note_without_text(vault: Vault) -> None:
    with put(vault, "a.md").open("r+b") as file:
        file.truncate(vault_module.MAX_FILE + 1)
    put(vault, "b.md", "word " * 300_000)
    first, second = vault.notes()
    assert (first.text, first.sha256, first.trouble) == ("", "", "a.md cannot be read: it is larger than 16 MiB")
    assert "taken as it stands" in second.trouble
    assert second.text.startswith("word word")
    assert vault.unreadable() == ("a.md",)


def test_a_file_that_vanishes_while_all_is_read_is_none(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    put(vault, "a.md")
    put(vault, "b.md")
    read = vault_module._bytes

    def vanish(place: Path) -> bytes:
        if place.name == "a.md":
            place.unlink()
        return read(place)

    monkeypatch.setattr(vault_module, "_bytes", vanish)
    assert [note.path for note in vault.notes()] == ["b.md"]
    assert vault.unreadable() == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_no_file_and_is_never_waited_for(vault: Vault) -> None:
    put(vault, "a.md")
    os.mkfifo(vault.root / "pipe.md")
    assert [note.path for note in vault.notes()] == ["a.md"]
    with pytest.raises(VaultError, match="it is no file"):
        vault.read("pipe.md")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_closed_folder_is_told_and_the_rest_is_read(vault: Vault) -> None:
    put(vault, "a.md")
    closed = put(vault, "closed/b.md").parent
    closed.chmod(0)
    try:
        assert [note.path for note in vault.notes()] == ["a.md"]
        assert vault.unreadable() == ("closed/",)
    finally:
        closed.chmod(0o700)


def test_a_closed_folder_is_told_also_to_the_administrator(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    put(vault, "a.md")
    put(vault, "closed/b.md")
    scandir = os.scandir

    def refuse(folder: Path) -> object:
        if Path(folder).name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [note.path for note in vault.notes()] == ["a.md"]
    assert vault.unreadable() == ("closed/",)


def test_a_file_that_was_known_keeps_its_id_when_it_is_closed(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    place = put(vault, "renamed.md", "---\nid: 20260220-001-x\n---\n")
    assert vault.notes()[0].id == "20260220-001-x"
    os.utime(place, (1, 1))
    monkeypatch.setattr(
        vault_module, "_bytes", lambda _: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
    )
    (note,) = vault.notes()
    assert (note.id, note.sha256, note.trouble) == (
        "20260220-001-x",
        "",
        "renamed.md cannot be read: Permission denied",
    )


# --- reading once ---


class Counting:
    """A vault whose files are counted as they are read, with a clock that stands wherever it is set."""

    def __init__(self, root: Path, shelf: object = None) -> None:
        self.vault = Vault(root, shelf, now_ns=lambda: self.now)
        self.now = max((path.stat().st_ctime_ns for path in root.rglob("*")), default=0) + 60_000_000_000
        self.read: list[str] = []
        there = self.vault._readings._read
        self.vault._readings._read = lambda path: (self.read.append(path), there(path))[1]

    def opened(self) -> list[str]:
        self.read.clear()
        self.vault.notes()
        return list(self.read)


def test_an_unchanged_file_is_not_opened_again(vault: Vault) -> None:
    put(vault, "a.md", "one")
    put(vault, "b.md", "two")
    counting = Counting(vault.root)
    assert counting.opened() == ["a.md", "b.md"]
    assert counting.opened() == []
    put(vault, "a.md", "three")
    assert counting.opened() == ["a.md"]
    assert counting.vault.notes()[0].text == "three"


def test_a_file_changed_within_a_step_of_its_clock_is_read_again(vault: Vault) -> None:
    """Size and times as they were, other bytes: what git calls racy."""
    place = put(vault, "a.md", "one")
    counting = Counting(vault.root)
    counting.now = place.stat().st_ctime_ns + 4_000_000_000
    assert counting.opened() == ["a.md"]
    before = place.stat()
    counting.vault._readings._known["a.md"] = replace(counting.vault._readings._known["a.md"], sha256=sha256("two"))
    assert counting.opened() == ["a.md"], "read within five seconds of its change: not believed"
    counting.now += 2_000_000_000
    counting.opened()
    assert counting.opened() == []
    assert place.stat().st_mtime_ns == before.st_mtime_ns


def test_times_that_were_set_back_do_not_hide_a_change(vault: Vault) -> None:
    place = put(vault, "a.md", "one")
    counting = Counting(vault.root)
    counting.opened()
    times = place.stat()
    place.write_text("two")
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert counting.vault.notes()[0].text == "two"


def test_a_moved_copied_and_swapped_file_is_what_it_is_now(vault: Vault) -> None:
    one, two = put(vault, "a.md", "one"), put(vault, "b.md", "two")
    counting = Counting(vault.root)
    counting.opened()
    one.rename(vault.root / "c.md")
    two.rename(one)
    (vault.root / "c.md").rename(two)
    assert [note.text for note in counting.vault.notes()] == ["two", "one"]


def test_a_note_is_found_without_the_others(vault: Vault) -> None:
    for path, text in {"a/x.md": "1", "b/x.md": "2", "c.md": "---\nid: own\ntitle: T\n---\n3"}.items():
        put(vault, path, text)
    assert vault.find("own").text == "3"
    assert vault.find("b/x.md").text == "2"
    assert vault.find("x") is None
    assert set(vault.select(["own", "a/x.md", "nothing"])) == {"own", "a/x.md"}
    assert [(card.id, card.path, card.title) for card in vault.catalogue()] == [
        ("a/x.md", "a/x.md", "x"),
        ("b/x.md", "b/x.md", "x"),
        ("own", "c.md", "T"),
    ]
    assert [card.sha256 for card in vault.catalogue()] == [note.sha256 for note in vault.notes()]


def test_pages_stand_by_their_names(vault: Vault) -> None:
    put(vault, "Inbox.md", "# Inbox")
    put(vault, "sub/Suggestions.md", "mine")
    (vault.root / "Today.md").symlink_to("nowhere")
    assert {name: page.title for name, page in vault.pages().items()} == {"Inbox.md": "Inbox"}
