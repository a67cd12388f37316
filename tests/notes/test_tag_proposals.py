"""Tags are proposed where several notes share a phrase, and never what is said already or says nothing."""

from __future__ import annotations

import time

import pytest

from notes.tags.tag_proposals import propose, subjects
from notes.tags.vocabulary import Tagged, Vocabulary

EMPTY = Vocabulary.learn([])


def about(phrase, count, titled=True):
    title, text = (f"{phrase} again", "Nothing else.") if titled else ("Grape{}", f"{phrase} here. And {phrase} there.")
    return {f"n{at}": subjects(title.format(at), text, "en") for at in range(count)}


@pytest.mark.parametrize(
    ("told", "names"),
    [
        pytest.param(about("world models", 4), ["world-models"], id="four notes share it"),
        pytest.param(about("world models", 3), [], id="three do not do"),
        pytest.param(about("world models", 6, titled=False), [], id="no title says it"),
        pytest.param(about("knowledge", 6), [], id="a single word"),
        pytest.param(about("GRPO", 6), ["grpo"], id="a name"),
        pytest.param({}, [], id="no notes"),
    ],
)
def test_what_is_proposed(told, names):
    assert [one.name for one in propose(told, EMPTY)] == names


def test_chinese_phrases_in_either_script_are_one_proposal():
    told = {f"s{at}": subjects(f"强化学习的综述{at}", "", "zh-Hans") for at in range(2)}
    told |= {f"t{at}": subjects(f"強化學習的未來{at}", "", "zh-Hant") for at in range(2)}
    names = [one for one in propose(told, EMPTY) if "学习" in one.name or "學習" in one.name]
    assert [len(one.note_ids) for one in names] == [4]


def test_a_proposal_tells_its_notes():
    (one,) = propose(about("world models", 5), EMPTY)
    assert one.note_ids == ("n0", "n1", "n2", "n3", "n4")
    assert one.titled == 5


@pytest.mark.parametrize(
    ("vocabulary", "answered"),
    [
        (Vocabulary.learn([Tagged("", "", ("World_Models",))]), ()),
        (Vocabulary.learn([Tagged("", "", ("ml/world-model",))]), ()),
        (Vocabulary.learn([], synonyms={"world-models": "simulation"}, accepted=["simulation"]), ()),
        (EMPTY, ("world-models",)),
    ],
    ids=["a tag of the user's", "nested, in the singular", "a synonym of one", "answered"],
)
def test_what_a_tag_says_already_is_not_proposed(vocabulary, answered):
    told = about("world models", 5)
    assert propose(told, vocabulary, answered=answered) == ()
    assert propose(told, EMPTY)


def test_what_a_tenth_of_a_large_box_shares_is_not_proposed():
    told = about("world models", 6) | {f"o{at}": subjects(f"Thing{at} of its own", "", "en") for at in range(50)}
    assert [one.name for one in propose(told, EMPTY)] == []
    told = about("world models", 5) | {f"o{at}": subjects(f"Thing{at} of its own", "", "en") for at in range(50)}
    assert [one.name for one in propose(told, EMPTY)] == ["world-models"]


def test_a_part_of_a_longer_phrase_is_not_proposed():
    names = [one.name for one in propose(about("recursive language models", 5), EMPTY)]
    assert names == ["recursive-language-models"]


def test_what_names_no_thing_is_not_proposed():
    assert propose(about("world models", 5), EMPTY, tells=lambda phrase: False) == ()


def test_at_most_five_the_best_first():
    told = {}
    for at, word in enumerate(["alphas", "bravos", "charlies", "deltas", "echoes", "foxtrots", "golfs"]):
        told |= {f"{word}{n}": subjects(f"{word} rock", "", "en") for n in range(4 + at // 3)}
    found = propose(told, EMPTY)
    assert len(found) == 5
    assert [len(one.note_ids) for one in found] == sorted((len(one.note_ids) for one in found), reverse=True)


def test_an_accepted_proposal_is_what_its_notes_then_bear():
    told = about("world models", 5)
    (one,) = propose(told, EMPTY)
    accepted = Vocabulary.learn([], accepted=[one.name])
    assert accepted.tags("world models again", "Nothing else.") == (one.name,)


@pytest.mark.parametrize("unit", ["a.", "a-", "A1-", "a'"])
def test_a_phrase_of_thousands_of_characters_is_none(unit):
    started = time.process_time()
    found = subjects("World models", f"World models of the day, and world models again. {unit * 3_000}", "en")
    assert "worldmodel" in found
    assert max(map(len, found)) < 100
    assert time.process_time() - started < 3.0
