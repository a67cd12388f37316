from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.shelf import Found, Shelf

DOCUMENTS = 40
PASSAGES = 400


@pytest.fixture(scope="module")
def shelf() -> Iterator[Shelf]:
    """Ten passages to a document, which stand in another order than their ids."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE TABLE documents (id TEXT PRIMARY KEY, lang TEXT);"
        "CREATE TABLE passages (id INTEGER PRIMARY KEY, document_id TEXT, position INTEGER);"
        "CREATE VIRTUAL TABLE words USING fts5 (body, content='')"
    )
    connection.executemany("INSERT INTO documents VALUES (?, 'en')", [(f"d{n:02d}",) for n in range(DOCUMENTS)])
    places = [(n, f"d{n * 7 % DOCUMENTS:02d}", -n) for n in range(1, PASSAGES + 1)]
    connection.executemany("INSERT INTO passages VALUES (?, ?, ?)", places)
    yield Shelf(connection)
    connection.close()


def _plainly(shelf: Shelf, found: list[tuple[int, float]], depth: int) -> list[Found]:
    """The definition: everything in order, then the first of each document."""
    places = shelf.places([passage for passage, _ in found])
    there = [
        (-score, places[passage].document, places[passage].position, passage)
        for passage, score in found
        if passage in places
    ]
    best: dict[str, Found] = {}
    for behind, document, _, passage in sorted(there):
        best.setdefault(document, Found(document, passage, -behind))
    return list(best.values())[:depth]


SCORED = st.dictionaries(
    st.integers(1, PASSAGES + 20), st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(-1, 1)), max_size=PASSAGES
)


@given(scored=SCORED, depth=st.integers(0, DOCUMENTS + 5))
def test_the_best_passage_of_each_of_the_best_documents(shelf, scored, depth):
    found = list(scored.items())
    assert shelf.best(found, depth) == _plainly(shelf, found, depth)


def test_ties_are_in_order_of_documents_whatever_their_ids(shelf):
    every = [(passage, 1.0) for passage in range(1, PASSAGES + 1)]
    assert [one.document for one in shelf.best(every, 3)] == ["d00", "d01", "d02"]


def test_few_places_are_looked_up(shelf):
    fresh = Shelf(shelf.connection)
    asked: list[str] = []
    fresh.connection.set_trace_callback(asked.append)
    fresh.best([(passage, -float(passage)) for passage in range(1, PASSAGES + 1)], 10)
    fresh.connection.set_trace_callback(None)
    assert len(asked) == 1
    assert asked[0].count(",") < 60


def test_what_is_laid_out_is_what_would_be_looked_up(shelf):
    laid, asked = Shelf(shelf.connection), list(range(PASSAGES + 20))
    laid.lay_out()
    looked_up = []
    laid.connection.set_trace_callback(looked_up.append)
    places = laid.places(range(1, PASSAGES + 1))
    laid.connection.set_trace_callback(None)
    assert not looked_up
    assert places == Shelf(shelf.connection).places(asked)


def test_what_is_too_much_to_keep_is_not_laid_out(shelf, monkeypatch):
    monkeypatch.setattr("index.retrieval.shelf._MOST_KEPT", 10)
    laid = Shelf(shelf.connection)
    laid.passages = PASSAGES
    laid.lay_out()
    assert not laid._places
