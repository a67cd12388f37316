"""Which Chinese phrases are whole words."""

from __future__ import annotations

import pytest

from index.themes.word_edges import WordEdges

TEXTS = {
    "a": "太湖流域的水文。硝基苯的合成。视频编码，传感器网络。",
    "b": "巢湖流域的水文。氨基苯的合成。视频监控，传感器网络。",
    "c": "洪湖流域的水文。羟基苯的合成。视频检索，传感器网络。",
    "d": "鄱阳湖流域的水文。氯基苯的合成。视频压缩，传感器网络。",
}


@pytest.mark.parametrize(
    ("phrase", "cut"),
    [
        pytest.param("湖流域", True, id="something always stands before it"),
        pytest.param("基苯", True, id="the end of a word"),
        pytest.param("传感器网", True, id="the same character always follows"),
        pytest.param("传感器网络", False, id="a whole term"),
        pytest.param("视频", False, id="a modifier of many words"),
        pytest.param("硝基苯", False, id="in too few places to tell"),
    ],
)
def test_a_piece_of_longer_words_is_told_by_what_stands_beside_it(phrase, cut):
    edges = WordEdges(TEXTS, dict.fromkeys(TEXTS, (phrase,)), {phrase})
    assert edges.is_cut(phrase) is cut


def test_a_phrase_that_no_text_holds_is_not_cut():
    assert not WordEdges(TEXTS, {}, set()).is_cut("流域")
