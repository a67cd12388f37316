import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.quantities.measures import measures
from notes.quantities.numbers import mask_names, numbers_rest_on, values
from notes.quantities.numerals import halfwidth, number

VALUES = {
    "percent": (
        [
            "58%",
            "58 %",
            r"58\%",
            r"$58\%$",
            "58 percent",
            "fifty-eight percent",
            "０.58",
            "５８％",
            "百分之五十八",
            "0.58",
        ],
        [0.58],
    ),
    "tenths": (["五成", "50%", "half", "一半"], [0.5]),
    "tenths and a half": (["七成五", "75%", "three quarters"], [0.75]),
    "factor": (
        [
            "90x",
            "90 times",
            "90-fold",
            "ninetyfold",
            "90 倍",
            "九十倍",
            "1/90",
            "one ninetieth",
            "a ninetieth",
            "九十分之一",
        ],
        [90.0],
    ),
    "twice": (["twice", "doubled", "two", "翻倍", "2 倍", "两倍", "兩倍"], [2.0]),
    "thrice": (["thrice", "tripled", "threefold"], [3.0]),
    "parts": (["two thirds", "two-thirds", "三分之二"], [2 / 3]),
    "ten billion": (["10B", "10 billion", "ten billion", "100 亿", "100億", "一百亿"], [1e10]),
    "thousands": (["128k", "128K", "128,000", "12.8万", "十二万八千"], [128000.0]),
    "range": (["40-60%", "40% to 60%", "40 to 60 percent", "40～60%", "between 40 and 60 percent"], [0.4, 0.6]),
    "range of factors": (["10 to 20 times", "十到二十倍", "10-20 倍"], [10.0, 20.0]),
    "a year before a share": (["2025 to 74.9%", "2025, 74.9%"], [2025.0, 0.749]),
    "points": (["5.3 percentage points", "5.3 pp", "5.3 个百分点"], [0.053]),
    "power of ten": ([r"1.5\times 10^{-3}", "1.5×10^-3", "1.5e-3", "0.0015"], [0.0015]),
    "count": (["47", "forty-seven", "四十七", "47 studies", "四十七项"], [47.0]),
    "hundreds": (["two hundred thousand", "200,000", "二十万"], [200000.0]),
    "a hundred": (["a hundred", "100", "一百个"], [100.0]),
    "million": (["3.5 million", "350万", "3.5M"], [3.5e6]),
    "year": (["2026", "二〇二六年"], [2026.0]),
    "none": (
        [
            "GPT-4",
            "STEP3-VL-10B",
            "one of them",
            "一种",
            "统一",
            "第三",
            "数十万",
            "十分",
            "zero-shot",
            "arXiv:2508.13426",
            "https://e.org/2026",
        ],
        [],
    ),
}
CASES = [(text, expected) for texts, expected in VALUES.values() for text in texts]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_spellings_have_one_value(text, expected):
    assert sorted(values(text)) == pytest.approx(sorted(expected), rel=1e-12)


def test_nothing_is_divided_by_nothing():
    assert values("零分之三") == ()


def test_and_joins_a_range_only_after_between():
    assert values("0.85 and 95%") == (0.85, 0.95)


def test_a_thousand_numerals_are_no_number():
    assert values("百" * 5000) == ()
    assert values("9" * 5000) == ()


def test_every_number_of_a_sentence_counts():
    assert sorted(values("On 2026-02-20, 47 studies gave 50%.")) == [0.5, 2.0, 20.0, 47.0, 2026.0]


NUMERALS = {
    "三万亿": 3e12,
    "一亿二千万": 1.2e8,
    "一百零五": 105,
    "十二": 12,
    "三万五": 35000,
    "二百五": 250,
    "百十": 110,
    "千百": 1100,
    "两千零二十六": 2026,
    "二〇二六": 2026,
    "五十八点五": 58.5,
    "three hundred": 300,
    "ninetieth": 90,
    "thirds": 3,
    "1,319": 1319,
}


@pytest.mark.parametrize(("text", "value"), NUMERALS.items(), ids=NUMERALS.keys())
def test_numerals(text, value):
    assert float(number(text)) == value


@given(st.text("零〇一二两三十百千万萬亿億点點半分之成倍个%. ", max_size=8))
def test_no_row_of_numerals_is_too_strange(text):
    assert len(values(text)) <= len(text)
    assert len(list(measures(text))) <= len(text)


@given(st.integers(1, 99999999))
def test_thousands_separators_change_nothing(value):
    assert values(f"{value:,}") == values(str(value)) == (float(value),)


@given(st.text())
def test_width_and_masks_keep_every_place(text):
    assert len(halfwidth(text)) == len(mask_names(text)) == len(text)
    assert numbers_rest_on(text, [text])


RESTS = {
    "the same figure": ("SkillRL reaches 89.9%.", ["a success rate of 89.9 percent"], True),
    "another language": ("幻觉减少百分之五十八，成本为九十分之一。", ["58% fewer at a cost 90x lower"], True),
    "over two texts": ("49.7% against 94.1%.", ["49.7%", "94.1%"], True),
    "no number": ("It works.", [], True),
    "invented": ("SkillRL reaches 91%.", ["89.9%"], False),
    "rounded": ("SkillRL reaches 90%.", ["89.9%"], False),
    "percent is not a count": ("58 studies", ["58%"], False),
    "ten of a name is no ten": ("10 papers", ["STEP3-VL-10B"], False),
    "a name that is there": ("GPT-4 and ScreenSpot V2", ["gpt-4 on ScreenSpot-V2"], True),
    "a name that is not": ("GPT-5 works.", ["GPT-4 works."], False),
}


@pytest.mark.parametrize(("sentence", "evidence", "rests"), RESTS.values(), ids=RESTS.keys())
def test_numbers_rest_on_evidence(sentence, evidence, rests):
    assert numbers_rest_on(sentence, evidence) is rests
