"""Which group is which topic of last night, and whether a topic goes by its name."""

from __future__ import annotations

from datetime import date

import pytest

from index.themes.succession import heirs, still_tells
from index.themes.topic_names import Wording
from notes.model import Topic

DAY = date(2026, 2, 20)


def topic(name, *terms):
    return Topic(
        id=name.lower(),
        name=name,
        terms=terms or (name.lower(),),
        note_ids=(),
        medoid="",
        first_seen=DAY,
        last_seen=DAY,
    )


@pytest.mark.parametrize(
    ("groups", "place", "same"),
    [
        pytest.param(["abc"], {"a": "x", "b": "x", "c": "x"}, {0: "x"}, id="the same"),
        pytest.param(["abcdefghijkl"], {"a": "x", "b": "x"}, {0: "x"}, id="six times as large by new texts"),
        pytest.param(
            ["abcdefgh"], dict.fromkeys("abcde", "x") | dict.fromkeys("fgh", "y"), {0: "x"}, id="merged into the larger"
        ),
        pytest.param(["abc", "de"], dict.fromkeys("abcde", "x"), {0: "x"}, id="split: the larger heir"),
        pytest.param(
            ["abc", "de", "fg", "hi", "jk", "lm"],
            dict.fromkeys("abcdefghijklm", "x"),
            {0: "x"},
            id="in six parts: the largest",
        ),
        pytest.param(
            ["ab", "cd"], dict.fromkeys("acdefghijklm", "x") | {"b": "y"}, {1: "x"}, id="of two parts the purer"
        ),
        pytest.param(["abc"], {"a": "x"}, {}, id="one text is no topic"),
        pytest.param(["abc"], dict.fromkeys("abcdefghijk", "z"), {}, id="a topic that is not known"),
    ],
)
def test_heirs(groups, place, same):
    found = heirs(list(map(tuple, groups)), place, [topic("X"), topic("Y")])
    assert {at: one.id for at, one in found.items()} == same


def told(old, new, neither=0):
    texts = [f"On {{0}} {at}" for at in range(old + new + neither)]
    words = ["old thing"] * old + ["new thing"] * new + ["nothing"] * neither
    return {str(at): (text.format(word), "", "en") for at, (text, word) in enumerate(zip(texts, words, strict=True))}


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        pytest.param(told(4, 6), True, id="about as many"),
        pytest.param(told(3, 9), False, id="clearly more tell another"),
        pytest.param(told(2, 2, 20), False, id="hardly any tells it"),
        pytest.param(told(1, 1), False, id="one text"),
        pytest.param(told(0, 0), False, id="no text"),
    ],
)
def test_a_name_is_changed_only_for_one_that_clearly_more_texts_tell(texts, kept):
    before = topic("Old things")
    assert still_tells(before, Wording(("New thing",), ("new thing",)), [*texts], texts) is kept


def test_a_name_among_the_most_telling_phrases_is_kept_whatever_else_tells():
    texts = told(0, 5)
    assert still_tells(topic("Old things"), Wording(("New thing",), ("new thing", "old things")), [*texts], texts)


def test_a_chinese_name_is_told_in_either_script():
    texts = {"a": ("檢索增強", "", "zh-Hant"), "b": ("检索增强", "", "zh-Hans")}
    words = Wording(("大模型",), ("大模型",))
    assert still_tells(topic("检索增强"), words, ["a", "b"], texts)
