"""Vectors are dear and bytes rot: what is unsound is made anew, and what is sound is kept."""

from __future__ import annotations

import random
import shutil
import sqlite3

import numpy as np
import pytest

from index.models.hashing import HashingEmbedder
from index.storage.cache import IndexCache
from index.storage.features import FeatureFile, checksum
from index.storage.refresh import refresh
from notes.errors import IndexCacheError
from tests.index.shelf import SHELF, document
from tests.tearing import tear_schema

MODEL = HashingEmbedder().name
MANY = (*SHELF, *(document(f"d{n}", f"Title {n}", f"A text that tells of {n} things.") for n in range(60)))


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("features") / "cache"
    with IndexCache(folder / "index.db") as cache:
        refresh(cache, MANY, HashingEmbedder())
    return folder


def vectors_in(folder):
    with IndexCache(folder / "index.db") as cache:
        return kept(cache)


def kept(cache):
    rows = cache.connection.execute("SELECT text_hash, vector FROM vectors WHERE model = ?", (MODEL,))
    return dict(rows.fetchall())


@pytest.fixture(scope="module")
def right(sound):
    return vectors_in(sound)


def refreshed(folder):
    """The vectors after a refresh, how many were embedded, and the warnings."""
    with IndexCache(folder / "index.db") as cache:
        report = refresh(cache, MANY, HashingEmbedder())
        found = kept(cache)
        reader = cache.dense(MODEL)
        assert reader is not None
        published = {}
        for key, vector in found.items():
            ids, cosines = reader.nearest(np.frombuffer(vector, dtype="<f4"), 1)
            published[key] = (int(ids[0]), round(float(cosines[0]), 5))
        reader.close()
        return found, published, report


@pytest.mark.parametrize("seed", range(20))
def test_flipped_bits_and_cuts_cost_no_more_than_what_they_hit(sound, right, tmp_path, seed):
    folder, dice = tmp_path / "cache", random.Random(seed)
    shutil.copytree(sound, folder)
    path = folder / "features.db"
    if seed % 2:
        whole = bytearray(path.read_bytes())
        whole[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        path.write_bytes(whole)
    else:
        with path.open("r+b") as file:
            file.truncate(dice.randrange(path.stat().st_size))
    found, published, report = refreshed(folder)
    assert found == right
    assert all(cosine == 1 for _, cosine in published.values())
    if report.embedded:
        assert "damaged" in " ".join(report.warnings)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(b"\0" * 50_000), id="zeros"),
        pytest.param(lambda path: path.write_bytes(b"no database" * 1000), id="no database"),
        pytest.param(lambda path: path.unlink(), id="gone"),
        pytest.param(lambda path: tear_schema(path, "vectors"), id="a torn schema"),
        pytest.param(lambda path: _foreign(path), id="somebody else's"),
        pytest.param(lambda path: path.with_name("features.seal").write_text("[1e999, {"), id="no seal"),
        pytest.param(lambda path: path.with_name("features.db-wal").write_bytes(b"\1" * 9000), id="a log of nobody's"),
    ],
)
def test_whatever_lies_in_its_place_vectors_are_right_again(sound, right, tmp_path, spoil):
    folder = tmp_path / "cache"
    shutil.copytree(sound, folder)
    spoil(folder / "features.db")
    assert refreshed(folder)[0] == right
    assert vectors_in(folder) == right


def _foreign(path):
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE vectors (model, text_hash, vector, checksum)")
        connection.execute("INSERT INTO vectors VALUES (?, 'x', x'00', 1)", (MODEL,))
    connection.close()


def test_one_flipped_bit_costs_one_embedding(sound, right, tmp_path):
    folder = tmp_path / "cache"
    shutil.copytree(sound, folder)
    path = folder / "features.db"
    one = sorted(right.items())[7]
    whole = bytearray(path.read_bytes())
    whole[whole.index(one[1]) + 100] ^= 1
    path.write_bytes(whole)
    found, _, report = refreshed(folder)
    assert report.embedded == 1
    assert found == right
    assert "65 vectors were sound" in " ".join(report.warnings)


def test_control_without_checksums_a_flipped_bit_is_published(sound, right, tmp_path, monkeypatch):
    monkeypatch.setattr("index.storage.features._is_sound", lambda row: True)
    monkeypatch.setattr("index.storage.features._fault", lambda connection: "")
    folder = tmp_path / "cache"
    shutil.copytree(sound, folder)
    path = folder / "features.db"
    whole = bytearray(path.read_bytes())
    whole[whole.index(sorted(right.items())[7][1]) + 100] ^= 1
    path.write_bytes(whole)
    assert vectors_in(folder) != right


def test_a_writer_that_was_killed_is_no_damage(tmp_path):
    """Its log lies there, its last commit is good, and nothing is said."""
    with FeatureFile(tmp_path / "features.db") as features:
        features.connection.execute("BEGIN")
        features.keep([("m", "a", b"1234")])
        features.connection.execute("COMMIT")
        killed = tmp_path / "killed"
        killed.mkdir()
        for name in ("features.db", "features.db-wal"):
            shutil.copy(tmp_path / name, killed / name)
    with FeatureFile(killed / "features.db") as features:
        assert not features.warnings
        assert list(features.vectors("m", ["a", "b"])) == [("a", b"1234")]


def test_what_another_process_uses_is_not_replaced_under_its_hands(tmp_path):
    path = tmp_path / "features.db"
    with FeatureFile(path) as one, FeatureFile(path) as other:
        with pytest.raises(IndexCacheError, match="in use"):
            one.mend("it is damaged")
        assert list(other.vectors("m", ["a"])) == []
    with FeatureFile(path) as one:
        one.mend("it is damaged")
        assert "damaged" in " ".join(one.warnings)


def test_opening_waits_for_nobody_and_trusts_what_was_left_well(tmp_path, monkeypatch):
    path = tmp_path / "features.db"
    FeatureFile(path).close()
    looks = []
    monkeypatch.setattr("index.storage.features._fault", looks.append)
    with FeatureFile(path), FeatureFile(path):
        pass
    FeatureFile(path).close()
    assert not looks


def test_a_checksum_is_of_the_whole_row():
    row = ("m", "a", b"1234")
    others = [("n", "a", b"1234"), ("m", "b", b"1234"), ("m", "a", b"1235")]
    assert checksum(row) not in {checksum(one) for one in others}
