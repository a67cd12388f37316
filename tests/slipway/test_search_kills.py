"""Writers that are killed by SIGKILL, and searches beside them: the index is the old one or the new one, and whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from index.models.hashing import HashingEmbedder
from index.storage.cache import IndexCache
from index.storage.reading import SearchIndex
from index.storage.refresh import refresh
from notes.errors import IndexCacheError
from tests.index.shelf import SHELF, document
from tests.slipway.search_house import ask, copy_house, indexed_house

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = Path(".slipway/cache")
LETHAL = ("os.rename", "os.remove", "os.mkdir", "os.truncate", "sqlite3.connect", "fcntl.flock")
WHOLE = bool(os.environ.get("SLIPWAY_CAMPAIGN"))
NEW = (*SHELF[2:], document("fresh", "Something fresh", "Fresh words on reinforcement and tumours."))


def content(folder: Path):
    """What a search would see: the words' rows and the vectors that may be asked for; checks that all fits together."""
    with SearchIndex.open(folder) as index:
        rows = index.connection.execute(
            "SELECT d.*, p.position, p.text FROM documents d JOIN passages p ON p.document_id = d.id ORDER BY d.id, p.position"
        ).fetchall()
        fresh = index.connection.execute("SELECT rowid FROM words WHERE words MATCH 'fresh'").fetchall()
        reader = index.dense(HashingEmbedder().name)
        assert reader is None or reader.generation <= index.generation
        return rows, len(fresh)


def write_until(folder: Path, wanted: int) -> int:
    """Refresh in a process of its own that kills itself at its ``wanted``-th event (0: never); how many events there were."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        seen = 0

        def hook(event: str, args) -> None:
            nonlocal seen
            if event in LETHAL:
                seen += 1
                if seen == wanted:
                    os.kill(os.getpid(), signal.SIGKILL)

        with suppress(BaseException):
            sys.addaudithook(hook)
            with IndexCache(folder / "index.db") as cache:
                refresh(cache, NEW, HashingEmbedder())
            os.write(writer, f"{seen}".encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as told:
        return int(told.read() or 0)


def filled(folder: Path) -> None:
    with IndexCache(folder / "index.db") as cache:
        refresh(cache, SHELF, HashingEmbedder())


def test_a_writer_killed_at_any_point_leaves_the_old_index_or_the_new_one(tmp_path):
    filled(tmp_path / "base")
    shutil.copytree(tmp_path / "base", tmp_path / "count")
    old = content(tmp_path / "count")
    events = write_until(tmp_path / "count", 0)
    new = content(tmp_path / "count")
    assert events > 8
    assert old != new
    met = set()
    for wanted in range(1, events + 1):
        folder = tmp_path / str(wanted)
        shutil.copytree(tmp_path / "base", folder)
        write_until(folder, wanted)
        found = content(folder)
        assert found in (old, new)
        met.add(found == new)
        with IndexCache(folder / "index.db") as cache:
            assert not cache.warnings
            refresh(cache, NEW, HashingEmbedder())
        assert content(folder) == new
    assert met == {True, False}, "the control: some were killed before the exchange and some after it"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return indexed_house(tmp_path_factory.mktemp("search") / "house")


def command(root: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from slipway.cli import main; main()", *words],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SLIPWAY_NO_SERVER": "1"},
    )


def test_two_searches_at_once_over_a_damaged_index(house, tmp_path):
    """One makes it anew, the other waits for it; both answer the same, and the one that did it says so."""
    root = copy_house(house, tmp_path / "house")
    with (root / CACHE / "index.db").open("r+b") as file:
        file.truncate(20_000)
    searches = [command(root, "search", "reinforcement", "skills", "--json") for _ in range(2)]
    said = [one.communicate(timeout=300) for one in searches]
    assert [one.returncode for one in searches] == [0, 0], said
    assert all('"skillrl"' in out for out, _ in said)
    assert "made anew" in said[0][1] + said[1][1]


def test_a_search_beside_a_refresh_answers_from_the_last_index(house, tmp_path):
    root = copy_house(house, tmp_path / "house")
    right, _ = ask(root)
    folder = root / CACHE
    with IndexCache(folder / "index.db") as cache:

        def documents():
            for one in SHELF[:3]:
                yield one
                assert ask(root) == (right, [])

        refresh(cache, documents(), None)
    with SearchIndex.open(folder) as index:
        assert index.connection.execute("SELECT count(*) FROM documents").fetchone() == (3,)


def test_a_reader_that_stays_open_is_told_of_the_next_index(tmp_path):
    filled(tmp_path)
    with SearchIndex.open(tmp_path) as index:
        index.dense(HashingEmbedder().name)
        assert not index.renewed()
        with IndexCache(tmp_path / "index.db") as cache:
            refresh(cache, SHELF, HashingEmbedder())
            assert not index.renewed()
            refresh(cache, NEW, HashingEmbedder())
        assert index.renewed()
        assert index.connection.execute("SELECT count(*) FROM documents").fetchone() == (len(SHELF),)


def test_ids_of_passages_are_never_used_again(tmp_path):
    filled(tmp_path)
    with IndexCache(tmp_path / "index.db") as cache:
        before = {row[0] for row in cache.connection.execute("SELECT id FROM passages")}
        refresh(cache, [], None)
        refresh(cache, SHELF, None)
        after = {row[0] for row in cache.connection.execute("SELECT id FROM passages")}
    assert not before & after


def test_an_index_that_is_gone_for_good_is_no_index(tmp_path):
    with pytest.raises(IndexCacheError, match="there is no search index"):
        SearchIndex.open(tmp_path)
