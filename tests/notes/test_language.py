import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.text import language
from notes.text.language import cjk_share, detect, is_chinese

TEXTS = {
    "english": ("We introduce a framework for agents.", "en"),
    "english title without a function word": ("SkillRL: Recursive Skill-Augmented Reinforcement Learning", "en"),
    "english title with a foreign name": ("Poincaré Embeddings", "en"),
    "english that names a Chinese company": ("DeepSeek (深度求索) releases a new model for mathematics", "en"),
    "simplified": ("强化学习让模型学会自主管理上下文。", "zh-Hans"),
    "traditional": ("強化學習讓模型學會自主管理上下文。", "zh-Hant"),
    "traditional by 於 alone": ("關於於", "zh-Hant"),
    "chinese full of english names": ("STEP3-VL-10B 在 GUI grounding 任务达到 92.61%", "zh-Hans"),
    "chinese that shows neither script": ("人工智能", "zh-Hans"),
    "one simplified character": ("钱", "zh-Hans"),
    "one traditional character": ("貓", "zh-Hant"),
    "one character and a name": ("AI 雨", "en"),
    "japanese": ("大規模言語モデルの推論を高速化する手法を提案します。", "ja"),
    "korean": ("대규모 언어 모델의 추론을 개선한다", "ko"),
    "german": ("Die Modelle werden mit den Daten trainiert und nicht für die Nutzer", "und"),
    "french": ("Les modèles de langue sont dans une phase de croissance", "und"),
    "russian": ("Большие языковые модели", "und"),
    "address only": ("https://example.org/the/of/and", "und"),
    "numbers only": ("2026-02-20 58%", "und"),
    "empty": ("", "und"),
}


@pytest.mark.parametrize(("text", "lang"), TEXTS.values(), ids=TEXTS.keys())
def test_language_is_told_by_script_and_words(text, lang):
    assert detect(text) == lang


@pytest.mark.parametrize(
    ("tag", "chinese"),
    [("zh", True), ("zh-Hans", True), ("zh_TW", True), ("ZH-hant", True), ("en", False), ("und", False), ("", False)],
)
def test_tags_of_chinese(tag, chinese):
    assert is_chinese(tag) is chinese


@pytest.mark.parametrize(
    ("text", "share"),
    [("", 0.0), ("abc", 0.0), ("é", 0.0), ("模型", 1.0), ("模型ab", 0.5), ("58%。", 0.0), ("かな한글漢字", 1.0)],
)
def test_share_of_east_asian_letters(text, share):
    assert cjk_share(text) == share


@given(st.text())
def test_any_text_has_a_language_and_a_share(text):
    assert detect(text) in {"en", "zh-Hans", "zh-Hant", "ja", "ko", "und"}
    assert 0.0 <= cjk_share(text) <= 1.0


WORDS = st.sampled_from(
    [
        "the",
        "and",
        "der",
        "die",
        "la",
        "La,",
        "o'clock",
        "die.",
        "...y",
        "12la",
        "la12",
        "e.g.",
        "3",
        "'",
        "-",
        "x",
        "en-la",
        "is of to",
        "-the-",
    ]
)


@given(st.lists(st.one_of(WORDS, st.text(st.characters(max_codepoint=127), max_size=4)), max_size=12).map(" ".join))
def test_ascii_is_told_as_any_latin_text_is(prose):
    # What an ASCII text is told by quickly is what its words, counted, tell of it.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "_is_plainly_english", lambda prose, letters: False)
        counted = language._ascii_language(prose)
    assert language._ascii_language(prose) == counted
