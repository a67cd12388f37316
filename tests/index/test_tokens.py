from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words.tokens import query_expression, stem, tokenise


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("Agents learn", ["agent", "learn"], id="english"),
        pytest.param("推理", ["推", "推理", "理"], id="two characters"),
        pytest.param("強化學習", ["强", "强化", "化", "化学", "学", "学习", "习"], id="traditional meets simplified"),
        pytest.param("LLM推理", ["llm", "推", "推理", "理"], id="mixed"),
        pytest.param("ＬＬＭ", ["llm"], id="full width"),
        pytest.param("STEP3-VL-10B", ["step3", "vl", "10b", "step3vl10b"], id="a name gives parts and itself"),
        pytest.param("92.61%", ["92.61"], id="a decimal stays whole"),
        pytest.param("model's", ["model"], id="possessive"),
        pytest.param("snake_case", ["snak", "case"], id="underscores part words"),
        pytest.param("ラーメン", ["ラ", "ラー", "ー", "ーメ", "メ", "メン", "ン"], id="kana as ideographs"),
        pytest.param("!?，。 --", [], id="punctuation only"),
        pytest.param("a-b-c-d-e-f-g", ["a", "b", "c", "d", "e", "f", "g"], id="a chain is no name"),
    ],
)
def test_tokenise(text, tokens):
    assert tokenise(text) == tokens


@pytest.mark.parametrize(
    "family",
    [
        ("agent", "agents"),
        ("train", "training", "trained", "trains"),
        ("policy", "policies"),
        ("plan", "planning", "planned"),
        ("scale", "scaling", "scaled"),
        ("process", "processes", "processing"),
        ("fall", "falling"),
    ],
    ids=lambda family: family[0],
)
def test_forms_of_a_word_meet(family):
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize("word", ["bed", "ring", "this", "analysis", "gpt4s", "études", "string"])
def test_what_only_looks_like_an_ending_stays(word):
    assert stem(word) == word


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        pytest.param("技能 库", '"技" OR "技能" OR "能" OR "库"', id="chinese"),
        pytest.param("agent agents", '"agent"', id="each token once"),
        pytest.param("？！", "", id="punctuation only"),
        pytest.param('"x" NEAR(y) col:z* -w', '"x" OR "near" OR "y" OR "col" OR "z" OR "w"', id="syntax is text"),
    ],
)
def test_query_expression(query, expression):
    assert query_expression(query) == expression


@pytest.fixture(scope="module")
def table():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (body, tokenize=\"ascii tokenchars '.'\")")
    yield connection
    connection.close()


@given(query=st.text())
def test_no_query_is_a_syntax_error(table, query):
    if expression := query_expression(query):
        found = table.execute("SELECT rowid FROM words WHERE words MATCH ?", (expression,)).fetchall()
        assert isinstance(found, list)


def test_raw_queries_are_syntax_errors(table):
    """The control: handed over as typed, such a query does break."""
    with pytest.raises(sqlite3.OperationalError):
        table.execute("SELECT rowid FROM words WHERE words MATCH ?", ('"x" NEAR( AND',)).fetchall()


def test_a_long_query_is_cut():
    assert query_expression(" ".join(f"word{number}" for number in range(5000))).count(" OR ") < 300


@given(text=st.text(alphabet="強化學習技能abc 12.-", max_size=40))
def test_a_text_is_found_by_its_own_words(text):
    assert set(tokenise(text)) == set(tokenise(text.upper()))
