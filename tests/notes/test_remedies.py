from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from notes.errors import VaultError
from notes.files import filing
from notes.files.remedies import remedy_of
from notes.files.vault import Vault

PLACE = Path("/srv/vault")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "make room on the disk that holds /srv/vault"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "make room on the disk that holds /srv/vault"),
        (OSError(errno.EROFS, "Read-only file system"), "/srv/vault may only be read"),
        (PermissionError(errno.EACCES, "Permission denied"), "see who may write in /srv/vault"),
        (
            OSError(errno.EIO, "Input/output error"),
            "whether the disk that holds /srv/vault is full, was taken out or fails",
        ),
        (sqlite3.OperationalError("database or disk is full"), "make room"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "may only be read"),
        (OSError(errno.ENAMETOOLONG, "File name too long"), "`slipway doctor` looks at all places"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_trouble_has_its_remedy(error, told):
    assert told in remedy_of(error, PLACE)


def test_a_disk_that_is_really_full_is_known():
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    descriptor = os.open("/dev/full", os.O_WRONLY)
    try:
        with pytest.raises(OSError, match="space") as full:
            os.write(descriptor, b"x")
    finally:
        os.close(descriptor)
    assert "make room" in remedy_of(full.value, PLACE)


def test_a_note_that_finds_no_room_names_place_and_remedy_and_leaves_nothing(tmp_path, monkeypatch):
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(filing.os, "fsync", full)
    with pytest.raises(VaultError) as trouble:
        Vault(tmp_path).create("notes/a.md", "text")
    assert str(tmp_path / "notes" / "a.md") in trouble.value.message
    assert f"make room on the disk that holds {tmp_path}" in trouble.value.hint
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
