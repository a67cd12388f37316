"""Every word of a document finds it, whatever it stands in; and what is taken out leaves nothing behind."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.storage.rows import add_document, embedded_text, remove_document
from index.storage.schema import make_tables
from index.texts.passages import passages
from index.words.tokens import tokenise
from tests.index.shelf import document


@pytest.fixture
def tables():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    make_tables(connection)
    yield connection
    connection.close()


def found(connection, word):
    rows = connection.execute(
        "SELECT DISTINCT p.document_id FROM words JOIN passages p ON p.id = words.rowid WHERE words MATCH ?",
        (" AND ".join(f'"{token}"' for token in tokenise(word)),),
    )
    return [row[0] for row in rows]


LONG = "\n\n".join(f"Sentence {n} of a long text about planning." for n in range(100))


@pytest.mark.parametrize(
    "word",
    [
        "beginning",
        "middling",
        "lonesome",
        "ending",
        "vaswani",
        "2602.01234",
        "10.1145",
        "alias",
        "whisper",
        "注释",
        "noticed",
    ],
)
@pytest.mark.parametrize("long", [False, True], ids=["whole", "in passages"])
def test_headings_properties_and_comments_find_a_document(tables, word, long):
    one = document(
        "one",
        "A title",
        sections=(
            ("Beginning", LONG if long else "Text."),
            ("Lonesome", ""),
            ("Middling", "More text."),
            ("", "And more."),
            ("Ending", ""),
        ),
        about=("Ashish Vaswani", "2602.01234", "10.1145/3292500", "An alias"),
        written="Text. %% a whisper %%\n<div>注释</div>\n<details><summary>noticed</summary></details>",
    )
    add_document(tables, one)
    add_document(tables, document("other", "Other", "Nothing of that."))
    assert found(tables, word) == ["one"]
    remove_document(tables, "one")
    assert found(tables, word) == []
    assert tables.execute("SELECT count(*) FROM passages").fetchone() == (1,)


def test_taking_a_document_out_leaves_the_words_as_if_it_had_never_been(tables):
    one = document("one", "Title", sections=(("H", "Body"), ("I", "")), about=("About",), written="%%hidden%%")
    add_document(tables, document("other", "Other", "Nothing of that."))
    before = tables.execute("SELECT count(*) FROM words").fetchone(), found(tables, "nothing")
    add_document(tables, one)
    remove_document(tables, "one")
    tables.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    assert (tables.execute("SELECT count(*) FROM words").fetchone(), found(tables, "nothing")) == before


texts = st.text(st.sampled_from("ab 。\n字詞."), max_size=3000)


@given(st.lists(st.tuples(st.text(max_size=5), texts), min_size=1, max_size=4), st.text(max_size=10))
def test_what_was_embedded_can_be_read_off_a_row(sections, title):
    """The vectors of a model that is new are made from the index alone."""
    one = document("one", title, sections=tuple(sections))
    for passage in passages(one):
        assert embedded_text(title, passage.heading, passage.text, passage.vector_hash) == passage.embedded


def test_a_row_that_fits_no_hash_is_not_embedded_as_something_else():
    assert embedded_text("Title", "Heading", "Text", "0" * 64) is None
