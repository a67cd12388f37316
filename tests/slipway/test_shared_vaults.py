"""Vaults that people wrote, run over: not one byte of theirs is changed, and all of it is read."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from notes.files.vault import Vault
from tests.slipway.houses import WORKS, House

SHARED = os.environ.get("SLIPWAY_DATA", "")

pytestmark = [pytest.mark.skipif(not SHARED, reason="SLIPWAY_DATA is not set"), pytest.mark.data]


def state(vault: Path) -> dict[str, tuple[str, int, int]]:
    """Every file: the hash of its bytes, when it was changed, and which inode it is."""
    return {
        path.relative_to(vault).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
            path.stat().st_ino,
        )
        for path in sorted(vault.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["foam-docs-en", "swyx-ai-notes-en", "knowledge-garden-zh"])
def test_a_night_over_somebodys_vault_changes_no_byte_of_it(tmp_path, name):
    house = House.build(tmp_path / "house")
    shutil.copytree(Path(SHARED, "vaults", name), house.vault, copy_function=shutil.copy)
    for path in house.vault.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    before = state(house.vault)
    for day, works in (("2026-02-20", WORKS[:3]), ("2026-02-21", WORKS)):
        house.write_feed(works)
        for stage in ("fetch", "promote"):
            house.run(stage, "--date", day)
    after = state(house.vault)
    assert {path: after.get(path) for path in before} == before
    assert len(after) > len(before), "the night has written notes of its own"
    hand_written = {note.path for note in Vault(house.vault).notes()} & before.keys()
    assert hand_written == {path for path in before if path.endswith(".md")} - {"Inbox.md", "Today.md"}
