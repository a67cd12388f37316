"""The words of a hit are found without reading all of its text: the same ones as if it were read."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.retrieval.shown_words import shown_words
from index.words.tokens import runs, tokenise, tokens_of

STEMS = ("stud", "di", "plan", "train", "pass", "c", "f", "s", "e", "v2", "3.5", "2401.00001", "gpt", "state", "y")
ENDINGS = ("", "y", "ies", "es", "s", "ing", "ning", "ed", "e", "sses", "us", "++", "#", "'s", "v2", "Y", "IES")
WORDS = st.builds("".join, st.tuples(st.sampled_from(STEMS), st.sampled_from(ENDINGS)))
PIECES = st.lists(
    st.one_of(WORDS, WORDS.map(str.title), st.sampled_from(tuple("-.' +#,/(\n\t"))), min_size=1, max_size=12
).map("".join)
TEXTS = st.lists(PIECES, max_size=8).map(" ".join)


def _plainly(text: str, tokens: frozenset[str]) -> tuple[str, ...]:
    """The definition: every word of the text, looked at."""
    return tuple(dict.fromkeys(run for _, run, _ in runs(text) if not tokens.isdisjoint(tokens_of(run))))[:40]


@given(text=TEXTS, query=TEXTS)
@example(text="It studies bodies.", query="study")
@example(text="C++, F# and (c#)", query="c++ f#")
@example(text="An e-mail", query="email")
@example(text="the-state-of-the-art", query="thestateoftheart")
@example(text="v2.1-beta", query="2.1")
def test_the_same_words_as_by_reading_all(text, query):
    tokens = frozenset(tokenise(query))
    assert shown_words(text, tokens) == _plainly(text, tokens)


@given(text=st.text(st.characters(max_codepoint=127), max_size=80), query=st.text(max_size=10))
def test_whatever_the_text(text, query):
    tokens = frozenset(tokenise(query)) | frozenset(tokenise(text)[::3])
    assert shown_words(text, tokens) == _plainly(text, tokens)


@pytest.mark.parametrize("word", ["studies", "STUDYING", "pre-study", "study's"])
def test_a_word_is_found_between_others(word):
    assert shown_words(f"About it: {word}, at last", frozenset({"study"})) == (word,)
