from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words.tokens import runs, stem, tokenise


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
        pytest.param("C++语言 C#", ["c", "cplusplus", "语", "语言", "言", "c", "csharp"], id="signs of a name"),
        pytest.param("gcc-c", ["gcc", "c", "gccc"], id="no sign"),
        pytest.param("2602.01234v2", ["2602.01234", "2602.01234v2"], id="a paper and its version"),
        pytest.param("Llama-3.1-8B", ["llama", "3", "1", "8b", "llama318b"], id="a version in a name"),
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


@given(text=st.text(alphabet="強化學習技能abc 12.-", max_size=40))
def test_a_text_is_found_by_its_own_words(text):
    assert set(tokenise(text)) == set(tokenise(text.upper()))


@given(text=st.text(alphabet="強化學ＬＭLM推理 +#.-c12ǅﬁ", max_size=40))
def test_runs_are_the_words_of_a_text(text):
    found = list(runs(text))
    assert all(text[at : at + len(run)] == run for at, run, _ in found)
    assert set(tokenise(text)) >= {token for _, run, ideographs in found if not ideographs for token in tokenise(run)}
