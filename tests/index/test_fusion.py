from __future__ import annotations

from dataclasses import replace

import pytest

from index.retrieval.fusion import fill, fuse, voice
from index.retrieval.semantic import Closeness
from index.retrieval.shelf import Found, Term
from index.retrieval.wording import Wording

SURE = [Found("a", 1, 12.0), Found("b", 2, 3.0)]
NEAR = [Found("c", 3, 0.7), Found("b", 2, 0.6), Found("a", 1, 0.2)]
CLOSE = Closeness({1: 0.2, 2: 0.6, 3: 0.7}, low=0.1, high=0.8)


def asked(words, rarity=10.0):
    return Wording((Term("x", 1, rarity),), ('"x"',), words, rarity)


def order(fused):
    return sorted(fused, key=lambda document: (-fused[document].score, document))


@pytest.mark.parametrize(
    ("words", "weight"),
    [pytest.param(1, 0.2, id="one"), pytest.param(6, 0.35, id="six"), pytest.param(300, 0.5, id="many")],
)
def test_a_sentence_is_meant_more_than_a_word(words, weight):
    assert voice(words) == pytest.approx(weight)


@pytest.mark.parametrize("words", [1, 6, 300])
def test_keywords_are_meant_as_they_stand(words):
    """On papers sought by their keywords, hybrid falls under its lexical half when meaning is as loud as in a sentence."""
    assert voice(words, listed=True) == pytest.approx(voice(words) / 2)
    fused = {
        listed: fuse(replace(asked(words), listed=listed), SURE, NEAR, CLOSE, {"a", "b", "c"})
        for listed in (False, True)
    }
    assert fused[True]["c"].score == pytest.approx(fused[False]["c"].score / 2)


def test_what_both_halves_find_is_weighed():
    fused = fuse(asked(1), SURE, NEAR, CLOSE, {"a", "b", "c"})
    assert order(fused) == ["a", "b", "c"]
    assert fused["a"].score == pytest.approx(0.8 * 1.0 + 0.2 * (0.1 / 0.7))
    assert all(0 <= one.score <= 1 for one in fused.values())


def test_words_that_are_hardly_matched_weigh_less():
    """The best of a list is not the best that could be: half the query's words missing, meaning decides."""
    poor = [Found("a", 1, 1.0), Found("b", 2, 0.9)]
    assert order(fuse(asked(10), poor, NEAR, CLOSE, {"a", "b", "c"})) == ["c", "b", "a"]
    rich = [Found("a", 1, 13.0), Found("b", 2, 0.9)]
    assert order(fuse(asked(10), rich, NEAR, CLOSE, {"a", "b", "c"}))[0] == "a"


def test_documents_in_a_foreign_language_are_found_by_words_alone():
    fused = fuse(asked(10), SURE, NEAR, CLOSE, {"a"})
    assert "c" not in fused
    assert fused["b"].semantic == 0


def test_a_list_without_a_word_is_the_other_one():
    assert order(fuse(asked(3), [], NEAR, CLOSE, {"a", "b", "c"})) == ["c", "b", "a"]


def test_a_passage_without_a_vector_is_not_close():
    assert CLOSE.of(99) == 0
    assert fuse(asked(3), [Found("z", 99, 5.0)], [], CLOSE, {"z"})["z"].score > 0


def test_a_model_that_does_not_know_the_language_only_fills():
    fused = fill(asked(5), SURE, NEAR)
    assert order(fused) == ["a", "b", "c"]
    assert fused["c"].score < fused["b"].score
    assert order(fill(asked(5), [], NEAR)) == ["c", "b", "a"]
