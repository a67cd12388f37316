"""The published vectors answer as brute force over the cache does, whatever happened to the cache in between."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.dense import exact
from index.dense.header import HEADER, model_folder
from index.dense.layout import merged_from
from index.dense.publishing import Published, publish
from index.dense.reader import open_dense
from notes.errors import IndexCacheError, ModelError
from tests.index.dense_vault import MODEL, DenseVault, unit


def stands(vault: DenseVault, folder: Path, generation: int = 1) -> Published:
    return publish(vault.connection, MODEL, folder, generation)


def assert_equal_to_brute_force(vault: DenseVault, folder: Path, queries: np.ndarray) -> None:
    with open_dense(folder, MODEL) as reader:
        assert reader.count == len(vault.truth)
        for query in queries:
            for k in (1, 3, len(vault.truth) + 5):
                for among in (None, np.array(sorted(vault.truth)[::3], np.int64), np.arange(1, 40, dtype=np.int64)):
                    ids, cosines = reader.nearest(query, k, among)
                    wanted = vault.nearest(query, k, among)
                    assert (ids.tolist(), cosines.tolist()) == wanted
        reader.verify()


# Few directions, so that ties are everywhere; the text of a vector is its direction's number.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 30)),
        st.tuples(st.just("remove"), st.integers(0, 60)),
        st.tuples(st.just("update"), st.integers(0, 60)),
        st.tuples(st.just("publish"), st.just(0)),
    ),
    max_size=60,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS, seed=st.integers(0, 3))
def test_any_history_ends_as_brute_force(tmp_path_factory: pytest.TempPathFactory, steps, seed):
    folder = tmp_path_factory.mktemp("dense")
    rng = np.random.default_rng(seed)
    directions = unit(rng, 31, 8)
    vault = DenseVault()
    for key in range(12):
        vault.add(directions[key], str(key))
    stands(vault, folder)
    for what, number in steps:
        if what == "add":
            vault.add(directions[number], str(number))
        elif what == "publish":
            stands(vault, folder)
        elif vault.truth:
            key = sorted(vault.truth)[number % len(vault.truth)]
            vault.remove(key)
            if what == "update":
                vault.add(directions[(key * 7) % 31], str((key * 7) % 31))
    published = stands(vault, folder)
    assert (published.count, published.missing, published.repaired) == (len(vault.truth), 0, "")
    assert_equal_to_brute_force(vault, folder, np.vstack([directions[:2], unit(rng, 2, 8)]))
    before = sorted((one.name, one.stat().st_mtime_ns) for one in model_folder(folder, MODEL).iterdir())
    assert stands(vault, folder).written == 0
    assert sorted((one.name, one.stat().st_mtime_ns) for one in model_folder(folder, MODEL).iterdir()) == before


def test_few_new_rows_write_one_small_segment(tmp_path):
    rng = np.random.default_rng(0)
    vault = DenseVault(dim=64)
    vault.add_many(unit(rng, 5000, 64), "base")
    first = stands(vault, tmp_path)
    vault.add_many(unit(rng, 10, 64), "more")
    vault.remove(17)
    second = stands(vault, tmp_path)
    assert first.rewritten
    assert not second.rewritten
    assert second.written < first.written / 50
    assert second.count == 5009
    assert_equal_to_brute_force(vault, tmp_path, unit(rng, 2, 64))


def test_rows_are_copied_few_times_and_segments_stay_few(tmp_path):
    rng = np.random.default_rng(0)
    vault = DenseVault()
    written = 0
    for portion in range(64):
        vault.add_many(unit(rng, 16, 8), f"p{portion}-")
        written += stands(vault, tmp_path).written
    with open_dense(tmp_path, MODEL) as reader:
        assert len(reader.header.segments) <= 7
    assert written < 64 * 16 * (8 * 4 + 16) * 7 + 64 * 4000


@pytest.mark.parametrize(
    ("living", "added", "coded", "rows", "first"),
    [
        pytest.param([], 5, 0, 0, 0, id="first-segment"),
        pytest.param([100], 5, 0, 100, 1, id="append"),
        pytest.param([100, 9], 5, 0, 109, 1, id="merge-with-the-last"),
        pytest.param([100, 9], 60, 0, 109, 0, id="merge-all"),
        pytest.param([100, 9], 60, 1, 109, 1, id="not-into-what-faiss-numbers"),
        pytest.param([100, 9], 0, 0, 110, 2, id="nothing-new"),
        pytest.param([70, 9], 0, 2, 100, 0, id="a-fifth-dead"),
        pytest.param([80], 0, 0, 100, 1, id="just-not-a-fifth"),
    ],
)
def test_which_segments_are_merged(living, added, coded, rows, first):
    assert merged_from(living, added, coded, rows) == first


def test_dead_rows_are_compacted(tmp_path):
    rng = np.random.default_rng(0)
    vault = DenseVault()
    ids = vault.add_many(unit(rng, 100, 8), "base")
    stands(vault, tmp_path)
    for key in ids[:20]:
        vault.remove(key)
    stands(vault, tmp_path)
    with open_dense(tmp_path, MODEL) as reader:
        assert (reader.count, reader.header.rows) == (80, 100)
    vault.remove(ids[20])
    stands(vault, tmp_path)
    with open_dense(tmp_path, MODEL) as reader:
        assert (reader.count, reader.header.rows, reader.header.dead) == (79, 79, None)
    assert_equal_to_brute_force(vault, tmp_path, unit(rng, 3, 8))


def test_nothing_is_there_before_the_first_vector(tmp_path):
    vault = DenseVault()
    vault.connection.execute("INSERT INTO passages (vector_hash) VALUES ('unembedded')")
    assert stands(vault, tmp_path) == Published(0, 1, "flat", None, rewritten=False)
    assert open_dense(tmp_path, MODEL) is None
    assert not list(tmp_path.iterdir())


def test_all_vectors_gone_leaves_an_empty_index(tmp_path):
    vault = DenseVault()
    key = vault.add(np.eye(8)[0], "one")
    stands(vault, tmp_path)
    vault.remove(key)
    vault.connection.execute("DELETE FROM vectors")
    stands(vault, tmp_path)
    with open_dense(tmp_path, MODEL) as reader:
        assert (reader.count, reader.nearest(np.eye(8, dtype=np.float32)[0], 3)[0].tolist()) == (0, [])
    vault.add(np.eye(8)[1], "two")
    stands(vault, tmp_path)
    assert_equal_to_brute_force(vault, tmp_path, np.eye(8, dtype=np.float32)[:2])


def test_one_row(tmp_path):
    vault = DenseVault()
    key = vault.add(np.eye(8)[0], "one")
    stands(vault, tmp_path)
    with open_dense(tmp_path, MODEL) as reader:
        ids, cosines = reader.nearest(np.eye(8, dtype=np.float32)[0], 10)
        assert (ids.tolist(), cosines.tolist()) == ([key], [1.0])
        assert reader.nearest(np.eye(8, dtype=np.float32)[0], 10, np.empty(0, np.int64))[0].tolist() == []
        assert reader.nearest(np.eye(8, dtype=np.float32)[0], 0)[0].tolist() == []


def test_vectors_of_another_length_make_all_anew(tmp_path):
    vault = DenseVault()
    for key in range(4):
        vault.add(np.eye(8)[key], str(key))
    stands(vault, tmp_path)
    vault.connection.execute("DELETE FROM vectors")
    vault.connection.executemany(
        "INSERT INTO vectors VALUES (?, ?, ?)",
        [(MODEL, str(key), np.eye(4, dtype="<f4")[key].tobytes()) for key in range(4)],
    )
    published = stands(vault, tmp_path)
    assert (published.count, published.rewritten) == (4, True)
    with open_dense(tmp_path, MODEL) as reader:
        assert reader.nearest(np.eye(4, dtype=np.float32)[2], 1)[0].tolist() == [3]
        with pytest.raises(IndexCacheError, match="4 numbers"):
            reader.nearest(np.eye(8, dtype=np.float32)[2], 1)


def test_the_odd_length_among_many_counts_as_missing(tmp_path):
    vault = DenseVault()
    for key in range(3):
        vault.add(np.eye(8)[key], str(key))
    odd = vault.add(np.eye(4)[0], "odd")
    published = stands(vault, tmp_path)
    assert (published.count, published.missing) == (3, 1)
    del vault.truth[odd]
    assert_equal_to_brute_force(vault, tmp_path, np.eye(8, dtype=np.float32)[:1])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf], ids=["nan", "inf", "-inf"])
@pytest.mark.parametrize("others", [3, 6000], ids=["few", "many"])
def test_no_vector_without_numbers_is_stored(tmp_path, bad, others):
    rng = np.random.default_rng(0)
    vault = DenseVault()
    vault.add_many(unit(rng, others, 8), "good")
    vector = np.eye(8)[0].copy()
    vector[3] = bad
    key = vault.add(vector, "bad")
    del vault.truth[key]
    published = stands(vault, tmp_path)
    assert (published.count, published.missing) == (others, 1)
    with open_dense(tmp_path, MODEL) as reader:
        assert all(np.isfinite(segment.matrix).all() for segment in reader._segments)
        ids, _ = reader.nearest(np.eye(8, dtype=np.float32)[0], 5)
        assert ids.tolist() == vault.nearest(np.eye(8, dtype=np.float32)[0], 5)[0]
        with pytest.raises(ModelError, match="no numbers"):
            reader.nearest(vector.astype(np.float32), 1)
    assert stands(vault, tmp_path).written == 0


def test_rows_are_normalised_and_a_zero_vector_is_far_from_all(tmp_path):
    vault = DenseVault()
    long, zero = vault.add(np.eye(8)[0] * 3, "long"), vault.add(np.zeros(8), "zero")
    stands(vault, tmp_path)
    with open_dense(tmp_path, MODEL) as reader:
        ids, cosines = reader.nearest(np.eye(8, dtype=np.float32)[0] * 5, 2)
    assert (ids.tolist(), cosines.tolist()) == ([long, zero], [1.0, 0.0])


def test_equal_vectors_come_in_the_order_of_their_ids(tmp_path):
    vault = DenseVault()
    vector = unit(np.random.default_rng(0), 1, 8)[0]
    ids = [vault.add(vector, f"same {key}") for key in range(50)]
    stands(vault, tmp_path)
    ids += [vault.add(vector, f"more {key}") for key in range(5)]
    stands(vault, tmp_path)
    with open_dense(tmp_path, MODEL) as reader:
        assert len(reader.header.segments) == 2
        found, cosines = reader.nearest(vector, 20)
    assert found.tolist() == ids[:20]
    assert len(set(cosines.tolist())) == 1


def test_canonical_cosines_do_not_depend_on_the_company():
    rng = np.random.default_rng(1)
    matrix, query = unit(rng, 3000, 384), unit(rng, 1, 384)[0]
    whole = exact.cosines(matrix, query)
    assert np.array_equal(
        whole, np.concatenate([exact.cosines(matrix[at : at + 7], query) for at in range(0, 3000, 7)])
    )
    assert np.abs(whole - matrix @ query).max() < exact.margin(384) / 2


def test_the_margin_catches_what_rounding_hides():
    # Positive control: rough cosines as wrong as they may be, and the best row must still be among the candidates.
    rng = np.random.default_rng(2)
    true = np.sort(rng.uniform(-1, 1, 2000).astype(np.float32))
    wrong = true + rng.uniform(-1, 1, 2000).astype(np.float32) * np.float32(exact.margin(384) / 2.2)
    assert set(np.argsort(-true)[:10]) <= set(exact.promising(wrong, 10, 384).tolist())
    true = np.float32(0.5) + np.arange(100, dtype=np.float32) * np.float32(6e-8)
    wrong = true.copy()
    wrong[:10] += np.float32(1e-5)
    assert 99 not in np.argsort(-wrong)[:10]
    assert 99 in exact.promising(wrong, 10, 384)


def test_an_id_with_another_text_is_another_row(tmp_path):
    """As after the cache was deleted and filled in another order."""
    vault = DenseVault()
    ids = [vault.add(np.eye(8)[key], str(key)) for key in range(8)]
    stands(vault, tmp_path)
    vault.connection.execute("UPDATE passages SET vector_hash = '7' WHERE id = ?", (ids[0],))
    vault.truth[ids[0]] = np.eye(8, dtype=np.float32)[7]
    stands(vault, tmp_path)
    assert_equal_to_brute_force(vault, tmp_path, np.eye(8, dtype=np.float32))


def test_vectors_made_anew_under_the_same_hashes_are_noticed(tmp_path):
    rng = np.random.default_rng(0)
    vault = DenseVault()
    ids = vault.add_many(unit(rng, 40, 8), "t")
    stands(vault, tmp_path)
    again = unit(rng, 40, 8)
    vault.connection.executemany(
        "UPDATE vectors SET vector = ? WHERE text_hash = ?", [(row.tobytes(), f"t{at}") for at, row in enumerate(again)]
    )
    vault.truth = dict(zip(ids, again, strict=True))
    assert stands(vault, tmp_path).rewritten
    assert_equal_to_brute_force(vault, tmp_path, again[:2])


def test_another_cache_in_its_place_makes_all_anew(tmp_path):
    """A generation tells the cache in its upper half: ids of another cache mean other passages."""
    vault = DenseVault()
    vault.add(np.eye(8)[0], "one")
    assert stands(vault, tmp_path, (5 << 32) + 1).rewritten
    assert not stands(vault, tmp_path, (5 << 32) + 2).rewritten
    assert stands(vault, tmp_path, (6 << 32) + 1).rewritten


def test_two_publishers_wait_for_each_other(tmp_path):
    rng = np.random.default_rng(0)
    vault = DenseVault(tmp_path / "index.db")
    vault.add_many(unit(rng, 2000, 8), "base")
    faults: list[BaseException] = []

    def work(generation: int) -> None:
        with closing(sqlite3.connect(tmp_path / "index.db", isolation_level=None)) as connection:
            try:
                for step in range(5):
                    publish(connection, MODEL, tmp_path / "dense", generation + step)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is a fault
                faults.append(error)

    workers = [threading.Thread(target=work, args=(at,)) for at in (1, 100, 200)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not faults
    assert_equal_to_brute_force(vault, tmp_path / "dense", unit(rng, 1, 8))


def test_models_stand_side_by_side(tmp_path):
    vault = DenseVault()
    vault.add(np.eye(8)[0], "one")
    vault.connection.execute(
        "INSERT INTO vectors VALUES ('field/a model@2', 'one', ?)", (np.eye(8, dtype="<f4")[1].tobytes(),)
    )
    stands(vault, tmp_path)
    publish(vault.connection, "field/a model@2", tmp_path, 1)
    with open_dense(tmp_path, MODEL) as one, open_dense(tmp_path, "field/a model@2") as other:
        query = np.eye(8, dtype=np.float32)[0]
        assert one.nearest(query, 1)[1].tolist() == [1.0]
        assert other.nearest(query, 1)[1].tolist() == [0.0]


def test_a_new_generation_is_told_without_touching_the_vectors(tmp_path):
    vault = DenseVault()
    vault.add(np.eye(8)[0], "one")
    stands(vault, tmp_path, 1)
    with open_dense(tmp_path, MODEL) as reader:
        files = reader.header.files
        assert not reader.stale()
        stands(vault, tmp_path, 2)
        assert (reader.generation, reader.stale()) == (1, True)
        with open_dense(tmp_path, MODEL) as newer:
            assert (newer.generation, newer.header.files) == (2, files)


def test_opening_needs_neither_numpy_nor_faiss(tmp_path):
    vault = DenseVault()
    vault.add(np.eye(8)[0], "one")
    stands(vault, tmp_path)
    code = (
        "import sys; from pathlib import Path; from index.dense.reader import open_dense\n"
        f"reader = open_dense(Path({str(tmp_path)!r}), {MODEL!r})\n"
        "assert reader.count == 1\n"
        "assert not {'numpy', 'faiss', 'torch', 'sqlalchemy'} & set(sys.modules), sorted(sys.modules)\n"
        "import numpy; reader.nearest(numpy.eye(8, dtype='f4')[0], 1)\n"
        "assert 'faiss' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    vault = DenseVault()
    vault.add(np.eye(8)[0], "one")
    (tmp_path / "dense").write_text("a file stands in the way")
    with pytest.raises(IndexCacheError, match="cannot be written"):
        stands(vault, tmp_path / "dense")
    assert HEADER not in {one.name for one in tmp_path.iterdir()}
