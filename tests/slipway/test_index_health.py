"""What the doctor says of the index."""

from __future__ import annotations

import os

import pytest

from slipway.search.index_health import examine_index
from tests.slipway.search_house import CONFIG, app_in, copy_house, indexed_house, make_house, refresh_index


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return indexed_house(tmp_path_factory.mktemp("health") / "house")


def told(root):
    with app_in(root) as app:
        return [(one.what, one.ok, one.told) for one in examine_index(app)]


def test_a_sound_index_is_described(house):
    (index, index_ok, size), (vectors, vectors_ok, kind) = told(house)
    assert (index, index_ok, vectors, vectors_ok) == ("index", True, "vectors", True)
    assert "7 documents in" in size
    assert "sealed" in size
    assert "hashing-384" in kind
    assert "exact" in kind


def test_a_house_without_an_index_is_no_fault(tmp_path):
    assert [(what, ok) for what, ok, _ in told(make_house(tmp_path / "house"))] == [("index", True)]


def rot(path):
    """A flipped byte with the stamp that was there, as a failing disk gives: only the hash shows it."""
    status = path.stat()
    whole = bytearray(path.read_bytes())
    whole[whole.index(b"tumours in MRI")] ^= 1
    path.write_bytes(whole)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_rot_is_found_although_a_search_trusts_the_stamp(house, tmp_path, monkeypatch):
    root = copy_house(house, tmp_path / "house")
    rot(root / ".slipway/cache/index.db")
    assert told(root)[0][1] is False
    monkeypatch.setattr("index.storage.reading.verify", lambda *_args, **_more: None)
    assert "look at the disk" in told(root)[0][2]


def test_another_model_is_named_and_the_configured_one_is_missed(house, tmp_path):
    root = copy_house(house, tmp_path / "house")
    (root / "slipway.toml").write_text(CONFIG.format(model="bundled"))
    said = told(root)
    assert any(not ok and "no vectors of the configured model" in words for _, ok, words in said)
    assert any(ok and "not the configured model" in words for _, ok, words in said)


def test_torn_vectors_are_found(house, tmp_path):
    root = copy_house(house, tmp_path / "house")
    for path in (root / ".slipway/cache/dense").rglob("*.bin"):
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:-1])
    assert [ok for what, ok, _ in told(root) if what == "vectors"] == [False]


def test_an_empty_vault_misses_no_vectors(tmp_path):
    root = make_house(tmp_path / "house")
    for path in (root / "vault").glob("*.md"):
        path.unlink()
    refresh_index(root)
    assert [(what, ok) for what, ok, _ in told(root)] == [("index", True)]
