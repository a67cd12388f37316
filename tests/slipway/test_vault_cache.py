"""The vault's cache: it saves reading, and nothing in the vault's notes ever depends on it."""

from __future__ import annotations

import random
import re
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import notes
from notes.files.vault import Vault
from notes.markup.note_reader import READER_MODULES, read_note
from notes.model import VaultNote, VaultSection
from slipway import vault_cache
from slipway.vault_cache import VaultCache, reader_version
from tests.tearing import tear_schema

LATER = 60_000_000_000
FILES = {
    "a.md": "---\nid: own\ncreated: 2026-02-20\nupdated: 2026-02-20T08:00:00+08:00\nnested: {x: [1, 2.5, null]}\n---\n# T\n\n[[b]] #tag https://e.org/\n",
    "b/記憶.md": "智能體的記憶\n",
    "c.md": "---\nbroken: [\n---\ntext",
}


@pytest.fixture
def root(tmp_path):
    for path, text in FILES.items():
        place = tmp_path / "vault" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return tmp_path / "vault"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "cache" / "vault.db"


def look(root: Path, file: Path) -> tuple[tuple[VaultNote, ...], list[str]]:
    """The notes by way of the cache, and the files that were opened for it, a minute after they were last changed."""
    cache = VaultCache(file, root)
    now = max((path.stat().st_ctime_ns for path in root.rglob("*")), default=0) + LATER
    vault = Vault(root, cache, now_ns=lambda: now)
    opened: list[str] = []
    there = vault._readings._read
    vault._readings._read = lambda path: (opened.append(path), there(path))[1]
    found = vault.notes()
    cache.close()
    return found, opened


def test_the_second_process_opens_no_file(root, file):
    first, opened = look(root, file)
    assert opened == sorted(FILES)
    second, opened = look(root, file)
    assert (second, opened) == (first, [])
    assert second == Vault(root).notes()


def test_what_changed_is_read_and_what_went_is_forgotten(root, file):
    look(root, file)
    (root / "a.md").write_text("new")
    (root / "c.md").unlink()
    (root / "d.md").write_text("more")
    found, opened = look(root, file)
    assert opened == ["a.md", "d.md"]
    assert found == Vault(root).notes()
    with sqlite3.connect(file) as db:
        paths = db.execute("SELECT path FROM readings ORDER BY path").fetchall()
        assert (
            paths
            == db.execute("SELECT path FROM notes ORDER BY path").fetchall()
            == [("a.md",), ("b/記憶.md",), ("d.md",)]
        )


def _tear(file: Path, at: float, size: int) -> None:
    raw = bytearray(file.read_bytes())
    start = int(len(raw) * at)
    raw[start : start + size] = random.Random(at).randbytes(min(size, len(raw) - start))
    file.write_bytes(raw)


DAMAGE = {
    "missing": lambda file: file.unlink(),
    "empty": lambda file: file.write_bytes(b""),
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:5000]),
    "no database": lambda file: file.write_bytes(b"hello" * 2000),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "its head": lambda file: _tear(file, 0, 100),
    "its middle": lambda file: _tear(file, 0.3, 4096),
    "its schema": lambda file: tear_schema(file, "about"),
    "its end": lambda file: _tear(file, 0.8, 4096),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_noticed_and_made_anew(root, file, damage):
    look(root, file)
    for suffix in ("-wal", "-shm"):
        assert not file.with_name(file.name + suffix).exists()
    damage(file)
    # What is found in the middle of reading is made anew by the next process.
    for _ in range(2):
        assert look(root, file)[0] == Vault(root).notes()
    found, opened = look(root, file)
    assert found == Vault(root).notes()
    assert opened == [] or file.is_dir()


@pytest.mark.parametrize("at", range(0, 100, 4))
def test_a_page_of_it_that_is_lost_changes_no_note(root, file, at):
    look(root, file)
    _tear(file, at / 100, 512)
    assert look(root, file)[0] == Vault(root).notes()


def twist(file: Path, checksum: str) -> None:
    """Other words in every row, in a database that is sound."""
    with sqlite3.connect(file) as db:
        rows = db.execute("SELECT note, path FROM notes").fetchall()
        for raw, path in rows:
            twisted = raw.replace("智能".encode(), "能智".encode())
            db.execute(f"UPDATE notes SET note = ?, checksum = {checksum} WHERE path = ?", (twisted, path))


def test_a_torn_row_is_not_believed(root, file):
    look(root, file)
    twist(file, "checksum")
    assert look(root, file) == (Vault(root).notes(), ["b/記憶.md"])
    assert look(root, file)[1] == []


def test_without_its_checksum_a_torn_row_would_be_believed(root, file, monkeypatch):
    monkeypatch.setattr(vault_cache.zlib, "crc32", lambda _: 0)
    look(root, file)
    twist(file, "0")
    assert look(root, file)[0] != Vault(root).notes(), "the positive control"


def test_somebody_elses_database_is_not_ours_to_read(root, file):
    file.parent.mkdir()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE notes (path, x)")
        db.execute("CREATE TABLE about (version)")
    assert look(root, file)[0] == Vault(root).notes()
    assert look(root, file)[1] == []


def test_another_reader_reads_all_anew(root, file, monkeypatch):
    look(root, file)
    version = reader_version(root)
    monkeypatch.setattr(vault_cache, "reader_version", lambda _: version + "x")
    assert look(root, file)[1] == sorted(FILES)


def test_another_vault_is_another_version(root, tmp_path):
    assert reader_version(root) != reader_version(tmp_path)


def test_a_locked_cache_is_done_without(root, file, monkeypatch):
    monkeypatch.setattr(vault_cache, "_BUSY", 0.05)
    look(root, file)
    (root / "a.md").write_text("new")
    with sqlite3.connect(file, isolation_level=None) as db:
        db.execute("BEGIN EXCLUSIVE")
        assert look(root, file)[0] == Vault(root).notes()
    assert look(root, file)[0] == Vault(root).notes()
    assert look(root, file)[1] == []


def test_a_folder_that_cannot_be_made_is_done_without(root, tmp_path):
    (tmp_path / "in the way").write_text("")
    assert look(root, tmp_path / "in the way" / "vault.db")[0] == Vault(root).notes()


def test_the_readers_modules_are_all_that_reading_needs():
    """What a module of the reader imports from its package is a module of the reader, but for what only writing uses."""
    folder = Path(notes.__path__[0])
    needed: set[str] = set()
    for module in READER_MODULES:
        source = (folder / f"{module}.py").read_text()
        for package, names in re.findall(r"^from (notes[a-z_.]*) import (.+)$", source, re.MULTILINE):
            place = "/".join(package.split(".")[1:])
            inside = (
                [place]
                if (folder / f"{place}.py").is_file()
                else [f"{place}/{name.strip()}" for name in names.split(",")]
            )
            needed |= {one.strip("/") for one in inside}
    assert needed <= set(READER_MODULES)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
)
properties = st.dictionaries(
    st.one_of(st.text(), st.sampled_from(["\0day", "\0map", "\0moment"])),
    st.recursive(
        scalars,
        lambda part: (
            st.lists(part, max_size=3) | st.dictionaries(st.one_of(st.text(), st.just("\0day")), part, max_size=2)
        ),
        max_leaves=6,
    ),
    max_size=4,
)


@given(properties, st.text(), st.text())
def test_what_is_packed_is_unpacked_as_it_was(found, title, body):
    note = VaultNote(
        id="x", path="x.md", title=title, sha256="0", size=1, mtime_ns=2, created=date(2026, 2, 20), tags=(title,),
        quality_score=0.5, sections=(VaultSection(title, 1, body),), body=body, properties=found,
    )  # fmt: skip
    assert vault_cache._unpacked(vault_cache._packed(note)) == note


@given(st.binary(max_size=300))
def test_whatever_was_read_comes_back(raw):
    note = read_note("x.md", b"---\n" + raw, mtime_ns=1)
    assert vault_cache._unpacked(vault_cache._packed(note)) == note


def test_days_and_moments_keep_their_types(root, file):
    look(root, file)
    note = look(root, file)[0][0]
    assert note.properties["created"] == date(2026, 2, 20)
    assert isinstance(note.properties["updated"], datetime)


def test_the_night_uses_it(tmp_path):
    from tests.slipway.houses import House

    house = House.build(tmp_path / "house")
    house.night()
    assert (house.root / ".slipway" / "cache" / "vault.db").is_file()
