"""Beyond exact search: faiss puts candidates forward, the matrix decides, and the recall is measured and kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.dense import approximate
from index.dense.approximate import KIND, LEAST_RECALL, recall_at
from index.dense.header import Header
from index.dense.publishing import Published, publish
from index.dense.reader import DenseReader, open_dense
from index.dense.segments import open_segments
from tests.index.dense_vault import MODEL, DenseVault, clustered, unit

DIM = 128


def asked(vault: DenseVault, count: int, seed: int = 2) -> np.ndarray:
    """Queries as people ask them: near the subjects of the rows, near no single row."""
    rng = np.random.default_rng(seed)
    rows = np.array(list(vault.truth.values()))
    near = rows[rng.integers(0, len(rows), count)] + 0.7 * unit(rng, count, vault.dim)
    return (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def vault() -> DenseVault:
    made = DenseVault(dim=DIM)
    made.add_many(clustered(np.random.default_rng(1), 3000, DIM), "base")
    return made


def stands(vault: DenseVault, folder: Path, exact_up_to: int = 1000) -> Published:
    return publish(vault.connection, MODEL, folder, 1, exact_up_to=exact_up_to)


def recall(vault: DenseVault, reader: DenseReader, k: int, among: np.ndarray | None = None) -> float:
    """By brute force; what is found must come with the very cosines of exact search, in its order."""
    hits = total = 0
    for query in asked(vault, 20):
        ids, cosines = reader.nearest(query, k, among)
        true, _ = vault.nearest(query, k, among)
        exact = dict(zip(*vault.nearest(query, len(vault.truth), among), strict=True))
        assert cosines.tolist() == [exact[key] for key in ids.tolist()]
        assert ids.tolist() == sorted(ids.tolist(), key=lambda key: (-exact[key], key))
        assert len(ids) == len(true)
        hits += len(set(ids.tolist()) & set(true))
        total += len(true)
    return hits / total


def test_the_kind_follows_the_size(vault, tmp_path):
    assert stands(vault, tmp_path, 3000).kind == "flat"
    large = stands(vault, tmp_path, 2999)
    assert large.kind == KIND
    assert large.recall >= LEAST_RECALL
    with open_dense(tmp_path, MODEL) as reader:
        assert (reader.kind, reader.recall) == (KIND, large.recall)
        assert (reader.header.coded, reader.header.trained) == (3000, 3000)
    assert stands(vault, tmp_path, 3000).kind == "flat"
    assert not list(tmp_path.glob("*/codes-*"))


@pytest.mark.parametrize("k", [1, 10, 100, 2999, 5000])
def test_answers_are_those_of_exact_search(vault, tmp_path, k):
    stands(vault, tmp_path)
    with open_dense(tmp_path, MODEL) as reader:
        assert recall(vault, reader, k) >= LEAST_RECALL


@pytest.mark.parametrize("one_in", [1, 2, 7, 31, 100, 1500], ids=lambda share: f"one-in-{share}")
def test_filters(vault, tmp_path, one_in):
    stands(vault, tmp_path)
    for key in list(vault.truth)[:300]:
        vault.remove(key)
    stands(vault, tmp_path)
    among = np.arange(1, 3001, one_in, dtype=np.int64)
    with open_dense(tmp_path, MODEL) as reader:
        assert reader.header.dead is not None
        assert recall(vault, reader, 10, among) >= LEAST_RECALL


def test_when_all_the_nearest_are_dead_others_are_found(vault, tmp_path):
    """More dead rows around the query than the candidates' number."""
    stands(vault, tmp_path)
    query = asked(vault, 1, 3)[0]
    near, _ = vault.nearest(query, 550)
    for key in near:
        vault.remove(key)
    stands(vault, tmp_path)
    with open_dense(tmp_path, MODEL) as reader:
        assert reader.header.dead is not None
        found, _ = reader.nearest(query, 10)
    assert len(found) == 10
    assert set(found.tolist()) <= set(vault.truth)
    assert found[0] == vault.nearest(query, 1)[0][0]


def test_a_filter_that_shuts_out_all_the_nearest_falls_back_to_exact(vault, tmp_path, monkeypatch):
    monkeypatch.setattr(approximate, "_MOST", 1200)
    stands(vault, tmp_path)
    query = asked(vault, 1, 3)[0]
    far = np.array(sorted(vault.nearest(query, 3000)[0][1500:]), np.int64)
    with open_dense(tmp_path, MODEL) as reader:
        assert reader.nearest(query, 10, far)[0].tolist() == vault.nearest(query, 10, far)[0]


def test_new_rows_are_found_before_and_after_they_join_the_index(vault, tmp_path):
    rng = np.random.default_rng(5)
    stands(vault, tmp_path)
    coded, sizes = [], []
    for portion in range(8):
        new = vault.add_many(clustered(rng, 60, DIM), f"p{portion}-")
        published = stands(vault, tmp_path)
        sizes.append(published.written)
        with open_dense(tmp_path, MODEL) as reader:
            coded.append(reader.header.coded)
            assert reader.header.trained == 3000
            for key in new[::20]:
                assert reader.nearest(vault.truth[key], 1)[0].tolist() == [key]
            assert recall(vault, reader, 10) >= LEAST_RECALL
    assert len(set(coded)) > 2
    assert coded[0] == 3000
    assert coded[-1] > 3300


def test_adding_to_the_index_gives_the_index_made_at_once(vault, tmp_path):
    """Row by row the same codes: the mean it was trained on stays."""
    import faiss

    rows = clustered(np.random.default_rng(1), 3000, DIM)
    whole, grown = (faiss.index_factory(DIM, KIND, faiss.METRIC_INNER_PRODUCT) for _ in range(2))
    for index in (whole, grown):
        index.train(rows[:2000])
    whole.add(rows)
    grown.add(rows[:1999])
    grown.add(rows[1999:])
    assert faiss.serialize_index(whole).tobytes() == faiss.serialize_index(grown).tobytes()


def test_the_index_is_made_anew_when_it_has_doubled(vault, tmp_path):
    stands(vault, tmp_path)
    vault.add_many(clustered(np.random.default_rng(6), 3100, DIM), "more")
    stands(vault, tmp_path)
    with open_dense(tmp_path, MODEL) as reader:
        assert (reader.header.trained, reader.header.coded, len(reader.header.segments)) == (6100, 6100, 1)
        assert recall(vault, reader, 10) >= LEAST_RECALL


def test_the_same_rows_give_the_same_files(vault, tmp_path):
    for folder in ("one", "two"):
        stands(vault, tmp_path / folder)
    one, two = (sorted(place.name for place in (tmp_path / folder).rglob("*.bin")) for folder in ("one", "two"))
    assert one == two  # names carry the content's hash
    assert len(one) == 2


def test_an_index_of_poor_recall_is_not_used_and_told(vault, tmp_path, monkeypatch):
    monkeypatch.setattr(approximate, "recall_at", lambda *_: [0.5, 0.6, 0.7, 0.97])
    published = stands(vault, tmp_path)
    assert (published.kind, published.recall) == ("flat", None)
    with open_dense(tmp_path, MODEL) as reader:
        assert "0.970" in reader.header.note
        assert recall(vault, reader, 10) == 1.0
    monkeypatch.setattr(approximate, "_trained", None)  # it is not even tried again until the vault has doubled
    assert stands(vault, tmp_path).written == 0


def test_the_depth_is_raised_until_the_recall_is_there(vault, tmp_path, monkeypatch):
    monkeypatch.setattr(approximate, "recall_at", lambda *_: [0.97, 0.99, 0.996, 1.0])
    assert stands(vault, tmp_path).recall == 0.996
    with open_dense(tmp_path, MODEL) as reader:
        assert reader.header.depth == approximate._DEPTHS[2]


def test_the_measure_sees_a_bad_index(vault, tmp_path):
    """The positive control: codes of rows in another order have almost no recall, the right ones nearly all."""
    stands(vault, tmp_path)
    with open_dense(tmp_path, MODEL) as reader:
        header: Header = reader.header
        segments = open_segments(reader.home, header)
        dead = np.zeros(header.rows, np.bool_)
        right = approximate._trained(segments, dead)
        wrong = approximate._trained(segments, dead)
        wrong.reset()
        wrong.add(np.ascontiguousarray(segments[0].matrix[::-1]))
        assert min(recall_at(right, segments, dead, (400, 800))) > LEAST_RECALL
        assert max(recall_at(wrong, segments, dead, (400, 800))) < 0.5


def test_without_the_kind_in_faiss_search_stays_exact(vault, tmp_path, monkeypatch):
    monkeypatch.setattr(approximate, "KIND", "NoSuchKind")
    assert stands(vault, tmp_path).kind == "flat"
    with open_dense(tmp_path, MODEL) as reader:
        assert "NoSuchKind" in reader.header.note
        assert recall(vault, reader, 10) == 1.0
