"""The vault on disk: no byte of the user's is lost, no path leads out."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from notes import vault as vault_module
from notes.errors import VaultError
from notes.vault import ReplaceOutcome, Vault, VaultExistsError, is_conflict_copy, sha256

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
    read = Vault.read

    def refuse(self: Vault, path: str) -> bytes:
        if path == "a.md":
            raise VaultError("a.md cannot be read: Permission denied")
        return read(self, path)

    monkeypatch.setattr(Vault, "read", refuse)
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


# --- creating ---


def test_create(vault: Vault) -> None:
    assert vault.create("notes/2026/x.md", "中文\n") == sha256("中文\n") == sha256("中文\n".encode())
    assert vault.read("notes/2026/x.md") == "中文\n".encode()
    assert leftovers(vault) == []


def test_create_never_opens_a_file_that_is_there(vault: Vault) -> None:
    put(vault, "x.md", "mine")
    with pytest.raises(VaultExistsError, match=r"x\.md is there already"):
        vault.create("x.md", "theirs")
    assert vault.read("x.md") == b"mine"
    assert leftovers(vault) == []


def test_create_where_there_are_no_hard_links(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links")

    monkeypatch.setattr(os, "link", refuse)
    vault.create("x.md", "text")
    with pytest.raises(VaultExistsError):
        vault.create("x.md", "other")
    assert vault.read("x.md") == b"text"
    assert leftovers(vault) == []


def test_create_tells_what_the_file_system_refuses(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(VaultError, match="No space left"):
        vault.create("x.md", "text")
    assert list(vault.root.iterdir()) == []


def test_create_fsyncs_the_file_before_it_is_seen_and_the_folder_after(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    fsync, link = os.fsync, os.link

    def note_fsync(descriptor: int) -> None:
        events.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def note_link(*args: Path) -> None:
        events.append("link")
        link(*args)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(os, "link", note_link)
    vault.create("x.md", "text")
    assert events == ["file", "link", "folder"]


# --- replacing ---


def test_replace(vault: Vault) -> None:
    place = put(vault, "x.md", "old")
    place.chmod(0o640)
    assert vault.replace("x.md", "new", expected_sha=sha256("old")) is ReplaceOutcome.REPLACED
    assert vault.read("x.md") == b"new"
    assert stat.S_IMODE(place.stat().st_mode) == 0o640
    assert leftovers(vault) == []


OUTCOMES = [
    ("the same text", "old", "old", sha256("old"), ReplaceOutcome.UNCHANGED),
    ("written by a killed run", "new", "new", sha256("old"), ReplaceOutcome.UNCHANGED),
    ("edited by the user", "mine", "new", sha256("old"), ReplaceOutcome.CHANGED_BY_USER),
    ("a line end changed by the user", "old\r\n", "new", sha256("old\n"), ReplaceOutcome.CHANGED_BY_USER),
    ("nothing is known of it", "old", "new", "", ReplaceOutcome.CHANGED_BY_USER),
]


@pytest.mark.parametrize(
    ("now", "text", "expected", "outcome"), [row[1:] for row in OUTCOMES], ids=[row[0] for row in OUTCOMES]
)
def test_replace_steps_back(vault: Vault, now: str, text: str, expected: str, outcome: ReplaceOutcome) -> None:
    place = put(vault, "x.md", now)
    before = place.stat()
    assert vault.replace("x.md", text, expected_sha=expected) is outcome
    assert vault.read("x.md") == now.encode()
    assert (place.stat().st_ino, place.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_replace_of_a_file_that_is_gone(vault: Vault) -> None:
    assert vault.replace("x.md", "new", expected_sha=sha256("old")) is ReplaceOutcome.GONE
    assert vault.files() == ()


def test_an_edit_while_the_new_text_is_written_is_seen(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    place = put(vault, "x.md", "old")
    write = vault_module._write_temporary

    def edit_meanwhile(folder: Path, raw: bytes) -> Path:
        place.write_text("mine")
        return write(folder, raw)

    monkeypatch.setattr(vault_module, "_write_temporary", edit_meanwhile)
    assert vault.replace("x.md", "new", expected_sha=sha256("old")) is ReplaceOutcome.CHANGED_BY_USER
    assert vault.read("x.md") == b"mine"
    assert leftovers(vault) == []


def test_without_the_second_look_that_edit_would_be_lost(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_module, "_compare", lambda *_: ReplaceOutcome.REPLACED)
    put(vault, "x.md", "mine")
    vault.replace("x.md", "new", expected_sha=sha256("old"))
    assert vault.read("x.md") == b"new", "the positive control"


def test_replace_tells_what_the_file_system_refuses(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    put(vault, "x.md", "old")

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(VaultError, match="Input/output error"):
        vault.replace("x.md", "new", expected_sha=sha256("old"))
    assert vault.read("x.md") == b"old"
    assert leftovers(vault) == []


def test_clean_removes_what_a_killed_run_left(vault: Vault) -> None:
    put(vault, "notes/.slipway-tmp-0123", "half")
    put(vault, "notes/x.md")
    assert vault.clean() == ("notes/.slipway-tmp-0123",)
    assert vault.clean() == ()
    assert [found.path for found in vault.files()] == ["notes/x.md"]


def test_windows_has_no_folders_to_sync(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("opened a folder"))
    root = vault.root
    monkeypatch.setattr(os, "name", "nt")
    vault_module._sync_folder(root)


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
