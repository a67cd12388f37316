from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from index.storage.cache import IndexCache
from index.storage.draft import writing
from index.storage.refresh import refresh
from index.storage.schema import APPLICATION_ID, SCHEMA_VERSION
from notes.errors import IndexCacheError
from tests.index.shelf import SHELF


def count(cache: IndexCache, table: str = "documents") -> int:
    return cache.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def filled(path: Path) -> None:
    with IndexCache(path) as cache:
        refresh(cache, SHELF, None)


def scribble(path: Path) -> None:
    path.write_bytes(b"this is no database at all" * 100)


def flip(path: Path) -> None:
    """One bit of a text: SQLite itself would notice nothing."""
    filled(path)
    whole = bytearray(path.read_bytes())
    whole[whole.index(b"tumours in MRI")] ^= 1
    path.write_bytes(whole)


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (id INTEGER)")
    connection.close()


def older(path: Path) -> None:
    filled(path)
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        pytest.param(scribble, "damaged", id="no database"),
        pytest.param(foreign, "not a file of Slipway", id="somebody else's database"),
        pytest.param(older, "version", id="another version"),
        pytest.param(flip, "damaged", id="a flipped bit in a text"),
    ],
)
def test_what_cannot_serve_is_replaced_with_a_word(tmp_path, spoil, word):
    path = tmp_path / "index.db"
    spoil(path)
    with IndexCache(path) as cache:
        assert word in " ".join(cache.warnings)
        assert count(cache) == 0
        report = refresh(cache, SHELF, None)
        assert report.added == len(SHELF)
        assert word in " ".join(report.warnings)
    with IndexCache(path) as cache:
        assert cache.warnings == []
        assert count(cache) == len(SHELF)


def test_damage_after_opening_is_noticed_when_the_file_is_copied(tmp_path):
    """The stamp is looked at when the file is opened; whoever writes copies, and a copy is hashed."""
    path = tmp_path / "index.db"
    filled(path)
    with IndexCache(path) as cache:
        flip(path)
        report = refresh(cache, SHELF[1:], None)
        assert report.added == len(SHELF) - 1
        assert "damaged" in " ".join(report.warnings)
        assert count(cache) == len(SHELF) - 1
    with IndexCache(path) as cache:
        assert not cache.warnings


def test_a_good_file_is_kept_and_marked(tmp_path):
    path = tmp_path / "deep" / "down" / "index.db"
    filled(path)
    with IndexCache(path) as cache:
        assert not cache.warnings
        assert count(cache) == len(SHELF)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    connection.close()


def test_vectors_of_two_models_never_mix(cache):
    vectors = np.eye(2, 4, dtype=np.float32)
    cache.keep_vectors("one", ["a", "b"], vectors)
    cache.keep_vectors("two", ["a"], -vectors[:1])
    assert set(cache.vectors("one", ["a", "b", "c"])) == {"a", "b"}
    assert np.array_equal(cache.vectors("two", ["a"])["a"], -vectors[0])
    assert cache.vectors("three", ["a"]) == {}


def test_many_hashes_at_once(cache):
    keys = [f"{number:04}" for number in range(1300)]
    cache.keep_vectors("one", keys, np.zeros((1300, 2), dtype=np.float32))
    assert len(cache.vectors("one", keys)) == 1300


def test_a_vector_under_the_name_of_another_text_is_none(cache):
    cache.keep_vectors("one", ["a"], np.eye(1, 4, dtype=np.float32))
    with cache.transaction() as connection:
        connection.execute("UPDATE vectors SET text_hash = 'b'")
    assert cache.vectors("one", ["a", "b"]) == {}


def test_a_transaction_is_kept_whole_or_not_at_all(cache):
    with pytest.raises(ZeroDivisionError), cache.transaction():
        cache.connection.execute("INSERT INTO vectors VALUES ('m', 'h', x'00', 0)")
        raise ZeroDivisionError
    assert count(cache, "vectors") == 0


def test_a_transaction_that_sqlite_has_ended_itself_keeps_its_error(cache):
    with pytest.raises(ZeroDivisionError), cache.transaction() as connection:
        connection.execute("ROLLBACK")
        raise ZeroDivisionError


def test_a_reader_keeps_the_index_that_it_opened(tmp_path):
    path = tmp_path / "index.db"
    filled(path)
    with IndexCache(path) as writer, IndexCache(path) as reader:
        refresh(writer, SHELF[:1], None)
        assert count(writer) == 1
        assert count(reader) == len(SHELF)
        reader.attach()
        assert count(reader) == 1


def test_a_lock_is_no_damage(tmp_path, monkeypatch):
    path = tmp_path / "index.db"
    filled(path)
    monkeypatch.setattr("index.storage.draft.LOCK_SECONDS", 0.05)
    with IndexCache(path) as other, writing(path):
        with pytest.raises(IndexCacheError, match="locked"):
            refresh(other, SHELF[:1], None)
        assert path.exists()
    with IndexCache(path) as cache:
        assert count(cache) == len(SHELF)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.parent.write_text("a file where the folder should be"), id="no folder"),
        pytest.param(lambda path: path.mkdir(parents=True), id="a folder where the file should be"),
    ],
)
def test_a_place_that_cannot_be_used_is_an_error_of_its_own(tmp_path, spoil):
    path = tmp_path / "cache" / "index.db"
    spoil(path)
    with pytest.raises(IndexCacheError):
        IndexCache(path)


def test_what_cannot_be_replaced_is_an_error_of_its_own(tmp_path, monkeypatch):
    path = tmp_path / "index.db"
    scribble(path)

    def refuse(self, target):
        raise PermissionError("read-only")

    with IndexCache(path) as cache:
        monkeypatch.setattr(Path, "replace", refuse)
        with pytest.raises(IndexCacheError, match="cannot be replaced"):
            refresh(cache, SHELF, None)


def test_vectors_of_an_earlier_version_are_kept(tmp_path):
    """Version 1 had one file for all; its vectors took the better part of an hour to make."""
    path = tmp_path / "index.db"
    vectors = np.eye(3, 4, dtype="<f4")
    vectors[2] = 7  # what no model gives
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE vectors (model TEXT, text_hash TEXT, vector BLOB, PRIMARY KEY (model, text_hash))"
        )
        rows = [("m", key, vector.tobytes()) for key, vector in zip("abc", vectors, strict=True)]
        connection.executemany("INSERT INTO vectors VALUES (?, ?, ?)", rows)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 101")
    connection.close()
    with IndexCache(path) as cache:
        assert "its version is 101" in " ".join(cache.warnings)
        assert "2 vectors are kept" in " ".join(cache.warnings)
        assert set(cache.vectors("m", "abc")) == {"a", "b"}
        assert np.array_equal(cache.vectors("m", "b")["b"], vectors[1])


def test_the_models_are_listed_by_name(cache):
    for model in ("two", "one", "two"):
        cache.keep_vectors(model, ["a", "b"], np.eye(2, 4, dtype=np.float32))
    assert cache.models() == ("one", "two")


def test_a_disk_that_is_full_is_told_with_its_remedy_and_nothing_half_is_kept(tmp_path):
    """SQLite's own limit of pages: it answers as it does on a full disk."""
    with IndexCache(tmp_path / "index.db") as cache:
        vectors = np.ones((64, 384), dtype=np.float32)
        hashes = [f"{number:064}" for number in range(64)]
        pages = cache.connection.execute("PRAGMA page_count").fetchone()[0]
        cache.connection.execute(f"PRAGMA max_page_count={pages + 3}")
        for write in (
            lambda: cache.keep_vectors("model", hashes, vectors),
            lambda: [cache.make_table(f"CREATE TABLE IF NOT EXISTS more{number} (a)") for number in range(64)],
        ):
            with pytest.raises(IndexCacheError, match=r"cannot be written.*full") as trouble:
                write()
            assert "make room on the disk" in trouble.value.hint
        cache.connection.execute("PRAGMA max_page_count=100000")
        assert cache.vectors("model", hashes) == {}
        cache.keep_vectors("model", hashes, vectors)
        assert len(cache.vectors("model", hashes)) == 64
