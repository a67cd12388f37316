from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from index.storage.cache import APPLICATION_ID, SCHEMA_VERSION, IndexCache
from index.storage.refresh import refresh
from notes.errors import IndexCacheError
from tests.index.shelf import SHELF


def count(cache: IndexCache, table: str = "documents") -> int:
    return cache.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def filled(path: Path) -> None:
    with IndexCache(path) as cache:
        refresh(cache, SHELF, None)


def scribble(path: Path) -> None:
    path.write_bytes(b"this is no database at all" * 100)


def rot(path: Path) -> None:
    """Spoil the tables and leave the schema, so that opening goes well."""
    filled(path)
    whole = path.read_bytes()
    with sqlite3.connect(path) as connection:
        pages = {
            row[0]
            for row in connection.execute("SELECT rootpage FROM sqlite_master WHERE name IN ('documents', 'passages')")
        }
    connection.close()
    for page in pages:
        start = (page - 1) * 4096
        whole = whole[:start] + b"\xff" * 4096 + whole[start + 4096 :]
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


def test_damage_found_while_writing_is_replaced_too(tmp_path):
    path = tmp_path / "index.db"
    rot(path)
    with IndexCache(path) as cache:
        assert not cache.warnings
        assert "damaged" in " ".join(refresh(cache, SHELF, None).warnings)
        assert count(cache) == len(SHELF)


def test_a_good_file_is_kept_and_marked(tmp_path):
    path = tmp_path / "deep" / "down" / "index.db"
    filled(path)
    with IndexCache(path) as cache:
        assert not cache.warnings
        assert count(cache) == len(SHELF)
        assert cache.connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID


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


def test_a_transaction_is_kept_whole_or_not_at_all(cache):
    with pytest.raises(ZeroDivisionError), cache.transaction() as connection:
        connection.execute("INSERT INTO vectors VALUES ('m', 'h', x'00')")
        raise ZeroDivisionError
    assert count(cache, "vectors") == 0


def test_a_transaction_that_sqlite_has_ended_itself_keeps_its_error(cache):
    with pytest.raises(ZeroDivisionError), cache.transaction() as connection:
        connection.execute("ROLLBACK")
        raise ZeroDivisionError


def test_a_reader_sees_the_last_commit_beside_a_writer(tmp_path):
    path = tmp_path / "index.db"
    filled(path)
    with IndexCache(path) as writer, IndexCache(path) as reader, writer.transaction() as connection:
        connection.execute("DELETE FROM passages")
        connection.execute("DELETE FROM documents")
        assert count(reader) == len(SHELF)


def test_a_lock_is_no_damage(tmp_path, monkeypatch):
    path = tmp_path / "index.db"
    filled(path)
    monkeypatch.setattr("index.storage.cache.BUSY_TIMEOUT", 0.05)
    with IndexCache(path) as holder, IndexCache(path) as other, holder.transaction():
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


def test_what_cannot_be_removed_is_an_error_of_its_own(tmp_path, monkeypatch):
    path = tmp_path / "index.db"
    scribble(path)

    def refuse(self, missing_ok=False):
        raise PermissionError("read-only")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(IndexCacheError, match="cannot be removed"):
        IndexCache(path)


def test_two_processes_may_make_it_at_once(tmp_path, monkeypatch):
    """The second one finds the tables that the first has made between its look and its lock."""
    path = tmp_path / "index.db"
    real, calls = sqlite3.connect, []

    class Late(sqlite3.Connection):
        def executescript(self, script):
            if not calls:
                calls.append(1)
                IndexCache(path).close()
            return super().executescript(script)

    monkeypatch.setattr(sqlite3, "connect", lambda *given, **more: real(*given, factory=Late, **more))
    with IndexCache(path) as cache:
        assert cache.warnings == []
        assert count(cache) == 0


def test_a_schema_that_cannot_be_made_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr("index.storage.cache._SCHEMA", "CREATE NONSENSE;")
    with pytest.raises(IndexCacheError, match="cannot be opened"):
        IndexCache(tmp_path / "index.db")
