"""Vaults of odd shape: folders a thousand deep, circles, pipes, files of hundreds of megabytes, what a cloud has taken away."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from notes.errors import VaultError
from notes.files.vault import Vault

DEPTH = 1_200
"""Deeper than Python's calls may be, and short enough for the system's paths."""


@pytest.fixture
def deep(tmp_path) -> Iterator[Path]:
    """A vault with a note at the end of a long chain of folders; taken down here, which not every version of shutil can."""
    folders = [str(tmp_path)]
    for _ in range(DEPTH):
        folders.append(f"{folders[-1]}/d")
        Path(folders[-1]).mkdir()
    Path(folders[-1], "n.md").write_text("# At the end\n")
    yield tmp_path
    for file in Path(folders[-1]).iterdir():
        file.unlink()
    for folder in reversed(folders[1:]):
        Path(folder).rmdir()


def test_a_note_below_a_thousand_folders_is_read_and_replaced(deep):
    vault = Vault(deep)
    assert vault.clean() == ()
    (note,) = vault.notes()
    assert note.title == "At the end"
    assert vault.unreadable() == ()
    vault.replace(note.path, "# Anew\n", expected_sha=note.sha256)
    assert vault.note(note.path).title == "Anew"


def test_what_a_killed_run_left_below_a_thousand_folders_is_cleared(deep):
    vault = Vault(deep)
    (note,) = vault.notes()
    left = deep / note.path
    left.with_name(".slipway-tmp-0123456789abcdef").write_text("half")
    assert len(vault.clean()) == 1
    assert [path.name for path in left.parent.iterdir()] == ["n.md"]


def test_a_thousand_folders_beside_each_other(tmp_path):
    for number in range(1_000):
        (tmp_path / f"{number:04}").mkdir()
    for number in range(0, 1_000, 100):
        (tmp_path / f"{number:04}" / f"{number}.md").write_text(f"# {number}\n")
    assert [note.title for note in Vault(tmp_path).notes()] == [str(number) for number in range(0, 1_000, 100)]


def _circle(root: Path) -> None:
    (root / "a").mkdir()
    (root / "a" / "again").symlink_to(root, target_is_directory=True)
    (root / "round.md").symlink_to(root / "and round.md")
    (root / "and round.md").symlink_to(root / "round.md")


def _pipe(root: Path) -> None:
    os.mkfifo(root / "pipe.md")


def _socket(root: Path) -> None:
    before = Path.cwd()
    os.chdir(root)  # the path of a socket may have 108 bytes
    try:
        with closing(socket.socket(socket.AF_UNIX)) as plug:
            plug.bind("socket.md")
    finally:
        os.chdir(before)


def _folder_named_like_a_note(root: Path) -> None:
    (root / "folder.md").mkdir()


def _of_obsidian_and_git(root: Path) -> None:
    for name in (".trash", ".obsidian/plugins", ".git/objects", ".stversions", ".Trash-1000/files"):
        (root / name).mkdir(parents=True)
        (root / name / "gone.md").write_text("# Gone\n")


SHAPES = [_circle, _pipe, _socket, _folder_named_like_a_note, _of_obsidian_and_git]


@pytest.mark.skipif(os.name == "nt", reason="links, pipes and sockets of Unix")
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__.strip("_"))
def test_what_is_no_note_is_passed_over_and_stays(tmp_path, shape):
    (tmp_path / "mine.md").write_text("# Mine\n")
    shape(tmp_path)
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    vault = Vault(tmp_path)
    assert vault.clean() == ()
    assert [note.title for note in vault.notes()] == ["Mine"]
    assert vault.unreadable() == ()
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_a_file_of_three_hundred_megabytes_is_told_and_not_read(tmp_path):
    with (tmp_path / "video.md").open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    (note,) = Vault(tmp_path).notes()
    assert (note.title, note.sha256, note.text) == ("video", "", "")
    assert "larger than" in note.trouble


@pytest.mark.skipif(os.name == "nt", reason="no such names")
def test_names_with_line_breaks_are_read(tmp_path):
    (tmp_path / "one\ntwo.md").write_text("# Title\n")
    (tmp_path / "three\r").mkdir()
    (tmp_path / "three\r" / "\u2028.md").write_text("text\n")
    vault = Vault(tmp_path)
    assert {note.path for note in vault.notes()} == {"one\ntwo.md", "three\r/\u2028.md"}
    assert len({note.id for note in vault.notes()}) == 2


# --- a cloud -----------------------------------------------------------------------------------------------------


def evicted(file: Path) -> None:
    """As iCloud Drive makes room: the file goes, a small one with a dot says that it can be had again."""
    file.with_name(f".{file.name}.icloud").write_bytes(b"bplist00")
    file.unlink()


def test_a_note_that_icloud_took_away_is_there_and_cannot_be_read(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "20260220-001-a.md").write_text("---\nid: 20260220-001-a\n---\n# A\n")
    vault = Vault(tmp_path)
    (before,) = vault.notes()
    evicted(tmp_path / "notes" / "20260220-001-a.md")
    (after,) = vault.notes()
    assert (after.id, after.path, after.title, after.sha256) == (before.id, before.path, before.title, "")
    assert "iCloud" in after.trouble
    assert vault.unreadable() == ("notes/20260220-001-a.md",)
    assert Vault(tmp_path).notes()[0].id == before.id, "also without what was remembered"
    with pytest.raises(VaultError, match="iCloud"):
        vault.read("notes/20260220-001-a.md")


def test_nothing_is_written_in_the_place_of_what_icloud_took_away(tmp_path):
    (tmp_path / "a.md").write_text("mine\n")
    evicted(tmp_path / "a.md")
    with pytest.raises(VaultError, match="iCloud"):
        Vault(tmp_path).create("a.md", "Slipway's\n")
    assert not (tmp_path / "a.md").exists()


def test_a_placeholder_beside_its_file_says_nothing(tmp_path):
    (tmp_path / "a.md").write_text("mine\n")
    (tmp_path / ".a.md.icloud").write_bytes(b"bplist00")
    (tmp_path / ".video.mov.icloud").write_bytes(b"bplist00")
    assert [note.text.strip() for note in Vault(tmp_path).notes()] == ["mine"]
