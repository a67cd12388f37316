import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.text.fold import fold, to_simplified
from notes.text.hanzi import IN_BOTH, PAIRS

FOLDS = {
    "case": ("LLM Agents", "llm agents"),
    "german sharp s": ("Straße", "strasse"),
    "full width": ("ＧＰＴ－４　５８％", "gpt-4 58%"),
    "ligature": ("ﬁne", "fine"),
    "traditional": ("強化學習", "强化学习"),
    "hong kong and taiwan spell differently": ("隨着 隨著", "随着 随着"),
    "soft hyphen": ("learn\u00ading", "learning"),
    "zero width space": ("强化\u200b学习", "强化学习"),
    "bidi": ("a\u202eb", "ab"),
    "ascii": ("A-b", "a-b"),
}


@pytest.mark.parametrize(("text", "folded"), FOLDS.values(), ids=FOLDS.keys())
def test_what_looks_alike_folds_alike(text, folded):
    assert fold(text) == folded


def test_display_keeps_what_is_simplified_already():
    assert to_simplified("著名的乾坤與後面") == "著名的干坤与后面"


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters() | st.sampled_from(PAIRS)))
def test_simplifying_keeps_the_length_and_is_stable(text):
    simplified = to_simplified(text)
    assert len(simplified) == len(text)
    assert to_simplified(simplified) == simplified


def test_the_table_is_whole_pairs_that_change():
    traditional, simplified = PAIRS[::2], PAIRS[1::2]
    assert len(traditional) == len(simplified) == len(set(traditional))
    assert all(hant != hans for hant, hans in zip(traditional, simplified, strict=True))
    assert set(IN_BOTH) <= set(PAIRS)
