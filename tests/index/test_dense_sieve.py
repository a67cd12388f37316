"""The 8-bit copy: whatever the rows, the answers are those of brute force."""

from __future__ import annotations

from types import SimpleNamespace

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense import sieve
from index.dense.exact import cosines
from index.dense.publishing import publish
from index.dense.reader import open_dense
from index.dense.sieve import sieve_of
from notes.errors import IndexCacheError
from tests.index.dense_vault import MODEL, DenseVault, clustered, unit

DIM = 16


def normalised(matrix: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(matrix.astype(np.float64), axis=1, keepdims=True)
    return (matrix / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def near_ties(rng: np.random.Generator, count: int) -> np.ndarray:
    """Rows that differ from one another by less than a step of the copy."""
    return normalised(unit(rng, 1, DIM) + 1e-5 * rng.standard_normal((count, DIM)))


def one_hot(rng: np.random.Generator, count: int) -> np.ndarray:
    return (np.eye(DIM)[rng.integers(0, DIM, count)] * rng.choice([-1, 1], (count, 1))).astype(np.float32)


def huge_range(rng: np.random.Generator, count: int) -> np.ndarray:
    return normalised(rng.standard_normal((count, DIM)) * 10.0 ** rng.integers(-30, 1, (count, DIM)))


def constant_columns(rng: np.random.Generator, count: int) -> np.ndarray:
    rows = rng.standard_normal((count, DIM))
    rows[:, : DIM // 2] = 0.0
    rows[:, 0] = 3.0
    return normalised(rows)


def one_outlier(rng: np.random.Generator, count: int) -> np.ndarray:
    """A row far from all others makes the steps coarse for them."""
    rows = near_ties(rng, count)
    rows[count // 2] = -rows[0]
    return rows


KINDS = {
    "random": lambda rng, count: unit(rng, count, DIM),
    "clusters": lambda rng, count: clustered(rng, count, DIM),
    "equal": lambda rng, count: np.repeat(unit(rng, 1, DIM), count, axis=0),
    "few values": lambda rng, count: unit(rng, 3, DIM)[rng.integers(0, 3, count)],
    "zeros": lambda rng, count: unit(rng, count, DIM) * (rng.random((count, 1)) < 0.5).astype(np.float32),
    "near ties": near_ties,
    "one hot": one_hot,
    "huge range": huge_range,
    "constant columns": constant_columns,
    "one outlier": one_outlier,
}


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """As in the server: for one query at a time, faiss's threads on busy cores wait for each other."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    yield
    faiss.omp_set_num_threads(before)


@pytest.fixture
def small(monkeypatch):
    """Sieves for few rows, and few candidates of them."""
    monkeypatch.setattr(sieve, "LEAST_ROWS", 1)
    monkeypatch.setattr(sieve, "_MOST", 1)
    monkeypatch.setattr(sieve, "_AND_MORE", 2)


def segment(matrix: np.ndarray) -> SimpleNamespace:
    """What :func:`sieve_of` reads of a segment."""
    return SimpleNamespace(matrix=matrix, rows=len(matrix))


def asked(rng: np.random.Generator, rows: np.ndarray) -> list[np.ndarray]:
    """Queries like a row, near one, against one, and like nothing there."""
    row = rows[rng.integers(0, len(rows))]
    near = normalised((row + 0.01 * rng.standard_normal(DIM))[None])[0]
    return [row, near, -row, unit(rng, 1, DIM)[0]]


@settings(deadline=None)
@given(kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3), seed=st.integers(0, 2**32 - 1))
def test_no_product_is_further_off_than_the_bound(kinds, seed):
    rng = np.random.default_rng(seed)
    rows = np.concatenate([KINDS[kind](rng, 40) for kind in kinds])
    copy = sieve_of([segment(rows[:50]), segment(rows[50:])])
    for query in asked(rng, rows):
        rough, found = (one[0] for one in copy._index.search(query[None], len(rows)))
        off = np.abs(cosines(rows, query)[found].astype(np.float64) - rough)
        assert off.max() <= copy.bound * np.linalg.norm(query.astype(np.float64))


@settings(deadline=None, max_examples=30)
@given(
    kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3),
    seed=st.integers(0, 2**32 - 1),
    gone=st.sampled_from([0.0, 0.3, 0.95]),
    k=st.sampled_from([1, 3, 10, 60]),
)
def test_answers_are_those_of_brute_force(tmp_path_factory, kinds, seed, gone, k):
    rng = np.random.default_rng(seed)
    folder = tmp_path_factory.mktemp("dense")
    vault = DenseVault(dim=DIM)
    for number, kind in enumerate(kinds):
        vault.add_many(KINDS[kind](rng, 60), f"{number} ")
        publish(vault.connection, MODEL, folder, number)
    for key in [key for key in vault.truth if rng.random() < gone]:
        vault.remove(key)
    publish(vault.connection, MODEL, folder, len(kinds))
    among = np.array([key for key in range(1, 60 * len(kinds) + 1) if rng.random() < 0.7], np.int64)
    with pytest.MonkeyPatch.context() as patch, open_dense(folder, MODEL) as reader:
        for name, value in (("LEAST_ROWS", 1), ("_MOST", 1), ("_AND_MORE", 2)):
            patch.setattr(sieve, name, value)
        reader.lay_out()
        for query in asked(rng, np.array(list(vault.truth.values()) or unit(rng, 1, DIM))):
            for allowed in (None, among):
                ids, found = reader.nearest(query, k, allowed)
                assert (ids.tolist(), found.tolist()) == vault.nearest(query, k, allowed)


def test_most_queries_are_settled_by_the_copy(small, monkeypatch):
    rng = np.random.default_rng(0)
    rows = unit(rng, 4000, 64)
    copy = sieve_of([segment(rows)])
    monkeypatch.setattr(sieve, "_MOST", 8)
    compared: list[int] = []

    def counted(found: np.ndarray, query: np.ndarray) -> np.ndarray:
        compared.append(len(found))
        return cosines(rows[found], query)

    for query in unit(rng, 20, 64):
        found, cosine = copy.nearest(query, 100, None, counted)
        best = set(np.argsort(-cosines(rows, query), kind="stable")[:100].tolist())
        assert best <= set(found.tolist())
        assert cosine.tolist() == cosines(rows[found], query).tolist()
    assert sum(compared) < 20 * 200, "of the candidates, only those are compared that the bound allows"


def test_without_the_bound_answers_would_be_lost(small):
    rng = np.random.default_rng(0)
    rows = near_ties(rng, 400)
    rows[0] = -rows[1]  # a row far from the others: steps become coarse
    query = normalised((rows[1] + 0.3 * unit(rng, 1, DIM)[0])[None])[0]
    best = set(np.argsort(-cosines(rows, query), kind="stable")[:10].tolist())
    copy = sieve_of([segment(rows)])

    def compare(found: np.ndarray, query: np.ndarray) -> np.ndarray:
        return cosines(rows[found], query)

    assert copy.nearest(query, 10, None, compare) is None
    copy.bound = 0.0
    blind = copy.nearest(query, 10, None, compare)
    assert blind is not None
    assert not best <= set(blind[0].tolist())


@pytest.mark.parametrize(
    "odd", [np.full(DIM, np.nan), np.full(DIM, np.inf), np.full(DIM, 2.0)], ids=["nan", "infinity", "long"]
)
def test_rows_that_are_not_ours_have_no_sieve(odd):
    rows = unit(np.random.default_rng(0), 100, DIM)
    rows[7] = odd.astype(np.float32)
    assert sieve_of([segment(rows)]) is None


def test_a_reader_makes_it_once_and_only_where_it_pays(tmp_path, monkeypatch):
    vault = DenseVault(dim=DIM)
    vault.add_many(unit(np.random.default_rng(0), 200, DIM), "")
    publish(vault.connection, MODEL, tmp_path, 1)
    with open_dense(tmp_path, MODEL) as reader:
        reader.lay_out()
        assert reader._sieve is None
        monkeypatch.setattr(sieve, "LEAST_ROWS", 200)
        reader.lay_out()
        first = reader._sieve
        assert first is not None
        reader.lay_out()
        assert reader._sieve is first
    with open_dense(tmp_path, MODEL) as reader:
        reader.close()
        with pytest.raises(IndexCacheError, match="closed"):
            reader.lay_out()
