"""Phrases as numbers count as phrases do."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.trends.phrase_marks import NO_KEY, key_of, marks_of, tokens_in
from index.trends.phrase_sets import PhraseSets, phrase_sets
from index.trends.things import Phrase, holding, is_named, named_phrases
from index.words.tokens import tokenise
from tests.index.trend_texts import TODAY, corpus, text

WORDS = [
    "World",
    "world",
    "Models",
    "model",
    "naïve",
    "Bayes",
    "C++",
    "GPT-4o",
    "强化学习",
    "強化學習",
    "’s",
    "",
    "n.n",
]
PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)


@settings(deadline=None)
@given(PHRASES)
def test_the_key_is_that_of_the_whole_phrase(phrase):
    assert key_of(phrase) == tuple(tokenise(phrase))


@settings(deadline=None)
@given(PHRASES, PHRASES)
def test_two_marks_are_one_where_two_phrases_are(one, other):
    forms, keys = marks_of([one, other])
    assert (forms[0] == forms[1]) is (one == other)
    assert (keys[0] == keys[1]) is (key_of(one) == key_of(other))
    assert (keys[0] == NO_KEY) is (key_of(one) == ())
    assert tokens_in([one, other]) == {*key_of(one), *key_of(other)}


def counted(sets, least):
    """The phrases, counted one by one as strings."""
    several = {
        phrase for phrase, count in Counter(chain.from_iterable(map(chain.from_iterable, sets))).items() if count > 1
    }
    rows: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    forms: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    about: Counter[tuple[str, ...]] = Counter()
    for row, (main, rest) in enumerate(sets):
        for phrase in (*main, *rest):
            if phrase in several and (key := key_of(phrase)):
                rows[key].add(row)
                forms[key][phrase] += 1
                about[key] += phrase in main
    named = []
    for key in sorted(key for key, mine in rows.items() if len(mine) >= least):
        usual = min(forms[key], key=lambda form: (-forms[key][form], form))
        mine = min(len(rows[key]), about[key])
        if mine >= 0.11 * len(rows[key]) and is_named(usual):
            named.append(Phrase(key, usual, tuple(sorted(rows[key])), mine))
    return named


MIXED = [
    text(TODAY, 700 + at, title, f"{title}. world models and {title} of C++", lang=lang)
    for at, (title, lang) in enumerate(
        [("World Models", "en"), ("A world model", "en"), ("强化学习", "zh-Hans"), ("強化學習", "zh-Hant"), ("", "en")]
        * 3
    )
]


@pytest.mark.parametrize("least", [1, 2, 4, 20])
@pytest.mark.parametrize("texts", [corpus(weeks=2), MIXED, [*MIXED, *corpus(weeks=1)], MIXED[:1], []], ids=len)
def test_what_is_named_is_what_strings_give(texts, least):
    sets = phrase_sets(texts)
    assert named_phrases(sets, least=least) == counted(list(sets), least)


def test_each_phrase_is_held_by_the_texts_that_hold_a_spelling_of_it():
    sets = phrase_sets([*MIXED, *corpus(weeks=1)])
    phrases = named_phrases(sets, least=2)
    assert len(phrases) > 5
    assert holding(sets, phrases) == [phrase.rows for phrase in phrases]
    assert holding(sets[:0], phrases) == [()] * len(phrases)
    assert holding(sets, []) == []


def test_a_part_of_the_sets_is_sets():
    sets = phrase_sets(MIXED)
    assert isinstance(sets[2:5], PhraseSets)
    assert list(sets[2:5]) == list(sets)[2:5]
    assert sets[2:5] != sets
    assert len({sets[:2], sets[:2], sets}) == 2
