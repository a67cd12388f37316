from __future__ import annotations

import sqlite3
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval import lexical, wording
from index.retrieval.query import Query
from index.retrieval.search import search
from index.retrieval.shelf import Shelf
from index.retrieval.wording import LONGEST, word_document, word_query
from index.storage.cache import IndexCache
from index.storage.reading import SearchIndex
from index.storage.refresh import refresh
from index.words.tokens import tokenise
from tests.index.shelf import document

TEXTS = (
    "a library of skills for agents",
    "agents learn the skills of a model",
    "language models and skill libraries",
    "大型语言模型的推理能力",
    "语言与推理",
    "GPT-4o and C++ code by the model",
)


def shelf_with(texts):
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE words USING fts5 (title, heading, body, about, content='', tokenize=\"ascii tokenchars '.'\")"
    )
    rows = [(number, " ".join(tokenise(text))) for number, text in enumerate(texts, 1)]
    connection.executemany("INSERT INTO words (rowid, body) VALUES (?, ?)", rows)
    return Shelf(connection)


@pytest.fixture(scope="module")
def shelf():
    made = shelf_with(TEXTS)
    yield made
    made.connection.close()


def found(shelf, text, **options):
    rows = []
    for expression in word_query(shelf, text, **options).expressions:
        statement = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words), rowid"
        rows += [row[0] for row in shelf.connection.execute(statement, (expression,)) if row[0] not in rows]
    return rows


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("the skills of the agents", {"skill", "agent"}, id="what every text has says nothing"),
        pytest.param("the of a", {"the", "of", "a"}, id="unless there is nothing else"),
        pytest.param(
            "推理的能力", {"推", "推理", "理", "能", "能力", "力", "理的", "的能"} - {"理的", "的能"}, id="Chinese"
        ),
        pytest.param("zebra", set(), id="what nobody says"),
        pytest.param("skills skill SKILL", {"skill"}, id="once"),
    ],
)
def test_terms(shelf, text, tokens):
    assert {term.token for term in word_query(shelf, text).terms} == tokens


def test_rarity_is_that_of_bm25(shelf):
    (term,) = word_query(shelf, "library").terms
    assert (term.count, term.rarity) == (2, pytest.approx(log((6 - 2 + 0.5) / 2.5)))
    rarities = [term.rarity for term in word_query(shelf, "the model of a language library").terms]
    assert rarities == sorted(rarities, reverse=True)
    assert min(rarities) > 0


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("skill library", 3, id="a sequence of two words"),
        pytest.param('"agents learn"', 2, id="quoted"),
        pytest.param("c++", 6, id="a name with signs"),
        pytest.param("gpt4o", 6, id="joined"),
        pytest.param("语言模型", 4, id="longer match"),
        pytest.param("力", 4, id="one character"),
    ],
)
def test_who_comes_first(shelf, text, first):
    assert found(shelf, text)[0] == first


def test_the_last_word_may_go_on(shelf):
    assert found(shelf, "libr") == []
    assert sorted(found(shelf, "libr", prefix=True)) == [1, 3]
    assert found(shelf, "agents libr", prefix=True)[0] == 1
    assert found(shelf, "libr ", prefix=True) == []  # a word that is ended is whole


@given(text=st.text(), prefix=st.booleans())
def test_no_query_is_a_syntax_error(shelf, text, prefix):
    assert isinstance(found(shelf, text, prefix=prefix), list)


@pytest.mark.parametrize("text", ['"x" NEAR( AND', "col:z*", "title : x", "-w ^a {b}", '"""', "x AND NOT y", "(" * 500])
def test_syntax_is_text(shelf, text):
    found(shelf, text)
    assert all(set(term.token).isdisjoint('"*(){}:^') for term in word_query(shelf, text).terms)


def test_raw_queries_are_syntax_errors(shelf):
    """The control: handed over as typed, such a query does break."""
    with pytest.raises(sqlite3.OperationalError):
        shelf.connection.execute("SELECT rowid FROM words WHERE words MATCH ?", ('"x" NEAR( AND',)).fetchall()


def test_a_long_query_is_cut(shelf):
    asked = word_query(shelf, " ".join(f"word{number}" for number in range(5000)) + " library")
    assert asked.terms == ()  # the library stands behind what is read
    everything = shelf_with([" ".join(f"word{number}" for number in range(500))])
    assert len(word_query(everything, " ".join(f"word{number}" for number in range(500))).terms) < 100
    assert LONGEST < 5000 * 9


# Common words


@pytest.fixture
def crowd(monkeypatch):
    """A thousand texts about models, few of them about anything else, and little that may be weighed."""
    monkeypatch.setattr(wording, "_WEIGHED", 50)
    monkeypatch.setattr(wording, "_TOGETHER", 40)
    texts = [
        "model"
        + " language" * (number % 3 == 0)
        + " training" * (number % 2 == 0)
        + " quokka" * (number % 100 == 7)
        + " filler" * (number % 7)
        for number in range(1000)
    ]
    made = shelf_with(texts)
    yield made
    made.connection.close()


def weighed(shelf, expression):
    return shelf.connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (expression,)).fetchone()[0]


def test_rare_words_choose_and_common_ones_rank(crowd):
    asked = word_query(crowd, "quokka training model")
    assert weighed(crowd, asked.expressions[0]) < 600
    best = found(crowd, "quokka training model")
    assert all((row - 1) % 100 == 7 for row in best[:10])


def test_only_common_words_are_asked_for_together(crowd):
    asked = word_query(crowd, "language training model")
    assert weighed(crowd, asked.expressions[0]) == 167  # every sixth
    assert len(found(crowd, "language training model")) == 334  # and what holds the rarest behind them


def test_one_common_word_is_found(crowd):
    assert len(found(crowd, "model")) == 1000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("model", True, id="in more than are weighed"),
        pytest.param("language", False, id="in as many as are weighed"),
        pytest.param("quokka", False, id="rare"),
        pytest.param("quokka model", False, id="the rare one chooses"),
        pytest.param("wombat", False, id="in none"),
    ],
)
def test_it_is_told_when_passages_were_left_out(crowd, monkeypatch, text, told):
    monkeypatch.setattr(lexical, "_MOST_WEIGHED", 334)
    warnings = lexical.left_out(crowd, Query(text=text, n=1), word_query(crowd, text))
    assert [("only the 334" in line) for line in warnings] == [True] * told


@pytest.mark.parametrize("text", ["quokka", "model", "language model", "quokka model language training filler"])
def test_what_occurs_is_found(crowd, text):
    assert found(crowd, text)


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        pytest.param("quokka", True, id="a word"),
        pytest.param("language model training", True, id="keywords"),
        pytest.param("training of a language model", False, id="running text"),
        pytest.param("the model", False, id="an article"),
        pytest.param("推理能力", False, id="Chinese, whose tokens overlap"),
        pytest.param("language 推理", False, id="mixed"),
        pytest.param("of the", False, id="function words alone"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_keywords_are_told_from_sentences(shelf, text, listed):
    assert word_query(shelf, text).listed is listed


def test_an_old_passage_with_a_rare_word_is_found_among_many_with_a_common_one(tmp_path, monkeypatch):
    for name, value in (("_WEIGHED", 20), ("_TOGETHER", 15)):
        monkeypatch.setattr(wording, name, value)
    monkeypatch.setattr(lexical, "_MOST_WEIGHED", 30)
    monkeypatch.setattr(lexical, "_PASSAGES_PER_DOCUMENT", 1)
    made = [document(f"{number:03}", "", "a quokka" if number == 0 else "the model") for number in range(200)]
    with IndexCache(tmp_path / "index.db") as cache:
        refresh(cache, made, None)
    with SearchIndex.open(tmp_path) as index:
        reply = search(index, Query(text="quokka model", mode="lexical", n=5), None)
    assert reply.results[0].id == "000"
    assert len(reply.results) == 5


def test_of_keywords_it_counts_how_many_a_passage_has_in_sentences_how_often(tmp_path):
    texts = ["quokka " * 5 + "fur " * 5, "quokka wombat " + "leaf " * 10, *["fur leaf wombat"] * 6, *["fur leaf"] * 40]
    made = [document(f"{number:02}", "", text) for number, text in enumerate(texts)]
    with IndexCache(tmp_path / "index.db") as cache:
        refresh(cache, made, None)
    with SearchIndex.open(tmp_path) as index:
        first = {
            text: search(index, Query(text=text, mode="lexical"), None).results[0].id
            for text in ("quokka wombat", "the quokka and the wombat")
        }
    assert first == {"quokka wombat": "01", "the quokka and the wombat": "00"}


# Like a document


def test_a_document_is_worded_by_what_tells_it_from_others(crowd):
    like = document("", "Quokka", "The quokka model and the quokka language.")
    terms = [term.token for term in word_document(crowd, like).terms]
    assert terms[0] == "quokka"
    assert "the" not in terms


def test_what_only_the_document_itself_has_is_left_out(shelf):
    indexed, stranger = (document(key, "", "GPT-4o and agents") for key in ("6", ""))
    assert {term.token for term in word_document(shelf, indexed).terms} == {"agent"}
    assert "gpt4o" in {term.token for term in word_document(shelf, stranger).terms}


def test_few_terms_of_a_long_document():
    texts = [" ".join(f"word{number}" for number in range(300)) for _ in range(3)]
    shelf = shelf_with(texts)
    assert len(word_document(shelf, document("", "", texts[0])).terms) == 30
    shelf.connection.close()
