"""Whatever happens to the files of the index: the right answer, or a word; never a crash."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from index.storage.draft import writing
from index.storage.reading import SearchIndex
from index.storage.seal import seal_of
from notes.errors import IndexCacheError, SlipwayError
from slipway.stages.search_index import index
from tests.slipway.search_house import QUERIES, app_in, ask, copy_house, indexed_house, write_note
from tests.tearing import tear_schema

CACHE = Path(".slipway/cache")
WHOLE = bool(os.environ.get("SLIPWAY_CAMPAIGN"))


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return indexed_house(tmp_path_factory.mktemp("search") / "house")


@pytest.fixture(scope="module")
def right(house):
    hits, words = ask(house)
    assert not words
    assert all(hits)
    return hits


def files_of(house: Path) -> list[str]:
    """The files that a search reads or that vectors are made from, relative to the cache."""
    cache = house / CACHE
    found = [path for path in sorted(cache.rglob("*")) if path.is_file() and path.stat().st_size]
    return [path.relative_to(cache).as_posix() for path in found if path.name != "vault.db"]


def answers(root: Path, right) -> str:
    """What a search said; fails when it is wrong without a word."""
    try:
        hits, words = ask(root)
    except SlipwayError as error:
        return f"error: {error.message}"
    assert hits == right or words, "a wrong answer without a word"
    return " | ".join(dict.fromkeys(words))


def flip(path: Path, at: int, bit: int = 0) -> None:
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(at)
        old = file.read(1)[0]
        file.seek(at)
        file.write(bytes([old ^ (1 << bit)]))


def cut(path: Path, size: int) -> None:
    path.chmod(0o644)
    os.truncate(path, size)


@pytest.mark.parametrize("share", [n / 20 for n in range(20)])
def test_a_truncated_index_is_noticed(house, right, tmp_path, share):
    root = copy_house(house, tmp_path / "house")
    path = root / CACHE / "index.db"
    cut(path, int(path.stat().st_size * share))
    said = answers(root, right)
    assert "the search index was made anew" in said
    assert ask(root) == (right, [])


@pytest.mark.parametrize("seed", range(50 if WHOLE else 15))
def test_a_flipped_bit_anywhere_in_the_index_is_noticed(house, right, tmp_path, seed):
    root = copy_house(house, tmp_path / "house")
    path, dice = root / CACHE / "index.db", random.Random(seed)
    flip(path, dice.randrange(path.stat().st_size), dice.randrange(8))
    hits, words = ask(root)
    assert hits == right
    assert "the search index was made anew" in " ".join(words)
    assert ask(root) == (right, [])


def test_a_cache_that_was_deleted_is_made_again(house, right, tmp_path):
    """Only in a house that has run: elsewhere it is no loss, but a beginning."""
    root = copy_house(house, tmp_path / "house")
    shutil.rmtree(root / CACHE)
    hits, words = ask(root)
    assert hits[2:4] == right[2:4], "what is asked by words only"
    assert "the search index was made anew: it was missing" in words
    assert any("vectors" in word for word in words), "they are gone too, and made anew by the next index"
    (root / ".slipway" / "slipway.db").unlink()
    shutil.rmtree(root / CACHE)
    with pytest.raises(SlipwayError, match="no search index yet"):
        ask(root)


def test_what_was_made_anew_is_told_once(house, tmp_path):
    root = copy_house(house, tmp_path / "house")
    cut(root / CACHE / "index.db", 5000)
    _, words = ask(root)
    assert sum("made anew" in word for word in words) == 1


def test_control_without_the_seal_a_flipped_bit_is_believed(house, right, tmp_path, monkeypatch):
    root = copy_house(house, tmp_path / "house")
    path = root / CACHE / "index.db"
    flip(path, path.read_bytes().index(b"tumours in MRI"))
    monkeypatch.setattr("index.storage.reading.verify", lambda *_args, **_more: None)
    hits, words = ask(root)
    assert hits != right
    assert not words


def test_every_other_file_may_be_cut_flipped_or_gone(house, right, tmp_path):
    dice, said = random.Random(5), {}
    harms = ("cut", "flip", "gone", "folder", "foreign") if WHOLE else ("cut", "flip", "gone")
    for name in files_of(house):
        for harm in harms:
            root = copy_house(house, tmp_path / "house")
            path = root / CACHE / name
            if harm == "cut":
                cut(path, dice.randrange(path.stat().st_size))
            elif harm == "flip":
                flip(path, dice.randrange(path.stat().st_size), dice.randrange(8))
            else:
                path.unlink()
            if harm == "folder":
                path.mkdir()
            elif harm == "foreign":
                with sqlite3.connect(path) as connection:
                    connection.execute("CREATE TABLE mine (id INTEGER)")
                connection.close()
            said[name, harm] = answers(root, right)
            shutil.rmtree(root)
    # The control: harm is told where the file matters to an answer.
    assert "made anew" in said["index.db", "flip"]
    assert "made anew" in said["index.seal", "gone"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(b"\0" * path.stat().st_size), id="zeros"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes() * 2), id="longer"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.unlink(), id="gone"),
        pytest.param(lambda path: tear_schema(path, "documents"), id="a torn schema"),
    ],
)
def test_an_index_that_is_spoilt_is_made_anew_from_the_vault(house, right, tmp_path, spoil):
    root = copy_house(house, tmp_path / "house")
    spoil(root / CACHE / "index.db")
    hits, words = ask(root)
    assert hits == right
    assert "the search index was made anew" in " ".join(words)


def test_a_folder_in_the_place_of_the_index_is_told(house, right, tmp_path):
    root = copy_house(house, tmp_path / "house")
    (root / CACHE / "index.db").unlink()
    (root / CACHE / "index.db").mkdir()
    assert "error" in answers(root, right)


def test_the_index_of_another_house_is_not_taken_for_this_one(house, right, tmp_path):
    """With its seal it is whole; but the vectors of this house are not of its passages."""
    other, root = indexed_house(tmp_path / "other"), copy_house(house, tmp_path / "house")
    for name in ("index.db", "index.seal"):
        shutil.copy(other / CACHE / name, root / CACHE / name)
    hits, words = ask(root)
    assert hits == right or words
    assert "another index" in " ".join(words)


def test_a_restored_copy_is_sealed_anew_and_says_nothing(house, right, tmp_path):
    root = copy_house(house, tmp_path / "house")
    before = (root / CACHE / "index.seal").read_bytes()
    assert ask(root) == (right, [])
    assert (root / CACHE / "index.seal").read_bytes() != before


def test_without_leave_to_mend_nothing_is_written(house, right, tmp_path):
    root = copy_house(house, tmp_path / "house")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert ask(root, mend=False) == (right, [])
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    flip(root / CACHE / "index.db", 5000)
    with pytest.raises(SlipwayError, match="damaged"):
        ask(root, mend=False)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_only_be_read_serves(house, right, tmp_path):
    root = copy_house(house, tmp_path / "house")
    for folder in (root / CACHE, root):
        folder.chmod(0o555)
    try:
        assert ask(root) == (right, [])
    finally:
        for folder in (root, root / CACHE):
            folder.chmod(0o755)


def test_damage_under_an_open_searcher_is_noticed(house, right, tmp_path):
    from slipway.search.searcher import open_search

    root = copy_house(house, tmp_path / "house")
    path = root / CACHE / "index.db"
    with app_in(root) as app:
        searcher = open_search(app)
        searcher(QUERIES[3])
        flip(path, path.read_bytes().index(b"tumours in MRI"))
        reply = searcher(QUERIES[3])
        searcher.close()
    assert [(hit.id, hit.passage, hit.score) for hit in reply.results] == right[3]
    assert "made anew" in " ".join(reply.warnings)


def test_vectors_that_were_only_touched_under_an_open_searcher_go_on_without_a_word(house, right, tmp_path):
    from slipway.search.searcher import open_search

    root = copy_house(house, tmp_path / "house")
    with app_in(root) as app:
        searcher = open_search(app)
        searcher(QUERIES[4])
        for path in (root / CACHE / "dense").rglob("*.bin"):
            os.utime(path)
        reply = searcher(QUERIES[4])
        searcher.close()
    assert [(hit.id, hit.passage, hit.score) for hit in reply.results] == right[4]
    assert not reply.warnings


def test_a_disk_that_is_full_leaves_the_index_and_no_half_copy(house, right, tmp_path):
    """A limit on the size of files stands for it; the night is run in a process that may be limited."""
    root = copy_house(house, tmp_path / "house")
    write_note(root, "fresh", "# Fresh\n\nFresh words.\n")
    files = sorted((root / CACHE).rglob("*"))
    child = os.fork()
    if child == 0:
        size = (root / CACHE / "index.db").stat().st_size - 5_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        said = 3
        with suppress(BaseException), app_in(root) as app:
            try:
                index(app)
            except IndexCacheError as error:
                said = 0 if "copied" in error.message else 2
        os._exit(said)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert sorted((root / CACHE).rglob("*")) == files
    assert ask(root) == (right, [])


def test_a_seal_is_not_renewed_beside_a_writer(house, tmp_path):
    """The writer's next seal would be overwritten by that of the file before, and a sound index thrown away."""
    root = copy_house(house, tmp_path / "house")
    path = root / CACHE / "index.db"
    before = seal_of(path).read_bytes()
    with writing(path), SearchIndex.open(root / CACHE):
        assert seal_of(path).read_bytes() == before
    with SearchIndex.open(root / CACHE):
        assert seal_of(path).read_bytes() != before


@pytest.mark.parametrize("number", ["1e999", "Infinity", '"x"', "null", "[]"])
def test_a_seal_with_strange_numbers_is_none(house, right, tmp_path, number):
    root = copy_house(house, tmp_path / "house")
    seal = root / CACHE / "index.seal"
    told = json.loads(seal.read_text())
    seal.write_text(json.dumps(told | {"passages": "?"}).replace('"?"', number))
    hits, words = ask(root)
    assert hits == right
    assert "made anew" in " ".join(words)
