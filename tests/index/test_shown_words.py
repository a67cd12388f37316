from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.shown_words import shown_words
from index.words.tokens import tokenise


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        pytest.param(
            "Agents trained an agent.", "training agents", ("Agents", "trained", "agent"), id="forms of a word"
        ),
        pytest.param("强化学习与学习", "學習", ("学习",), id="traditional query"),
        pytest.param("強化學習的庫", "强化学习", ("強化學習",), id="a stretch, not its pairs"),
        pytest.param("这座桥很长", "桥", ("桥",), id="one character"),
        pytest.param("强大的学校", "强化学习", (), id="single characters of pairs say nothing"),
        pytest.param("ＬＬＭ推理", "llm推理", ("ＬＬＭ", "推理"), id="full width"),
        pytest.param("GPT-4o beats it", "gpt-4o", ("GPT-4o",), id="a name"),
        pytest.param("Modern C++ code", "C++", ("C++",), id="signs"),
        pytest.param("㍻元年", "平成", (), id="one character that folds to two is passed by"),
    ],
)
def test_words_as_they_stand(text, query, words):
    assert shown_words(text, tokenise(query)) == words


@given(text=st.text(max_size=80), query=st.text(max_size=20))
def test_every_word_stands_in_the_text(text, query):
    assert all(word and word in text for word in shown_words(text, tokenise(query)))
