"""The lexical half reads no more rows than settle which documents are the best."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.retrieval import lexical
from index.retrieval.query import Query
from index.retrieval.shelf import Found, shelf_of
from index.retrieval.wording import word_query
from index.storage.reading import SearchIndex
from index.storage.refresh import refresh
from tests.index.shelf import document


class Rows:
    """Rows best first, as a cursor hands them out, and how many were taken."""

    def __init__(self, rows: list[tuple[int, float]]) -> None:
        self.rows, self.taken, self.is_closed = rows, 0, False

    def fetchmany(self, size: int) -> list[tuple[int, float]]:
        some = self.rows[self.taken : self.taken + size]
        self.taken += len(some)
        return some

    def close(self) -> None:
        self.is_closed = True


class Single:
    """A shelf of which every ``together`` passages in a row are one document."""

    def __init__(self, together: int) -> None:
        self._together = together

    def best(self, found: list[tuple[int, float]], depth: int) -> list[Found]:
        best: dict[str, Found] = {}
        for passage, score in sorted(found, key=lambda row: (-row[1], f"d{row[0] // self._together:05}", row[0])):
            name = f"d{passage // self._together:05}"
            best.setdefault(name, Found(name, passage, score))
        return list(best.values())[:depth]


@settings(deadline=None)
@given(
    scores=st.lists(st.integers(1, 40), max_size=900),
    depth=st.integers(1, 60),
    together=st.sampled_from([1, 2, 7, 400]),
    most=st.sampled_from([100, 300, 900]),
)
def test_what_is_read_in_portions_is_what_is_read_at_once(scores, depth, together, most):
    rows = [(passage, float(score)) for passage, score in enumerate(sorted(scores, reverse=True))][:most]
    shelf = Single(together)
    found, is_settled = lexical._best(shelf, cursor := Rows(rows), depth, most)
    whole = shelf.best(rows, depth)
    if is_settled:
        assert found == whole
    assert is_settled == (len(rows) < most or (len(whole) == depth and whole[-1].score > rows[-1][1]) or found == whole)
    assert cursor.taken == len(rows) or cursor.is_closed


@pytest.mark.parametrize(("together", "most_read"), [(1, 300), (5, 2_000)])
def test_few_rows_are_read_where_they_settle_it(together, most_read):
    rows = Rows([(passage, 1e6 - passage) for passage in range(10_000)])
    found, is_settled = lexical._best(Single(together), rows, 200, 10_000)
    assert is_settled
    assert len(found) == 200
    assert 200 * together <= rows.taken <= most_read


def test_equal_scores_are_read_to_their_end(cache):
    """All passages are equals: which documents are the first is settled by their names alone."""
    rng = np.random.default_rng(0)
    names = [f"n{number:03}" for number in rng.permutation(700)]
    refresh(cache, [document(name, "Twin", "The same words.") for name in names], None)
    with SearchIndex.open(cache.path.parent) as index:
        shelf = shelf_of(index)
        query = Query(text="same words", mode="lexical", n=100)
        found = lexical.by_words(shelf, query, word_query(shelf, query.text, prefix=False), 100)
    assert [one.document for one in found] == sorted(names)[:100]
