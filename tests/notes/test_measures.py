import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.quantities.measures import measures

FOUND = {
    "percent": ("a rate of 92.61% in all", [("92.61%", 92.61, "%")]),
    "percent in full width": ("达到９２％的成绩", [("９２％", 92.0, "%")]),
    "percent in a formula": (r"up to $26.9\%$ better", [(r"26.9\%", 26.9, "%")]),
    "percent in words": ("58 percent, sixty percent", [("58 percent", 58.0, "%"), ("sixty percent", 60.0, "%")]),
    "percent in chinese": ("下降百分之五十八", [("百分之五十八", 58.0, "%")]),
    "tenths": ("五成的用户", [("五成", 50.0, "%")]),
    "range": ("cut by 40-60%", [("40-60%", 40.0, "%")]),
    "range in words": ("40 to 60 percent", [("40 to 60 percent", 40.0, "%")]),
    "a change is two figures": ("from 50% to 70%", [("50%", 50.0, "%"), ("70%", 70.0, "%")]),
    "a change without its first unit": ("from 68.0 to 74.9%", [("74.9%", 74.9, "%")]),
    "a change in chinese": ("从 50% 到 70%", [("50%", 50.0, "%"), ("70%", 70.0, "%")]),
    "a range from": ("ranging from 40 to 60 percent", [("40 to 60 percent", 40.0, "%")]),
    "a range from, with a dash": ("from 40-60%", [("40-60%", 40.0, "%")]),
    "a year begins no range": ("lifts AIME 2025 to 74.9%", [("74.9%", 74.9, "%")]),
    "a year begins no range, zh": ("AIME 2024 至 74.9%", [("74.9%", 74.9, "%")]),
    "a count may look like a year": ("2000 to 3000 examples", [("2000 to 3000 examples", 2000.0, "examples")]),
    "points": (
        "by 12 points, a 5.3-point gain, 2 个百分点",
        [("12 points", 12.0, "points"), ("5.3-point", 5.3, "points"), ("2 个百分点", 2.0, "points")],
    ),
    "x": ("90x cheaper", [("90x", 90.0, "x")]),
    "x in a formula": (r"a $2.3\times$ speedup", [(r"2.3\times", 2.3, "x")]),
    "x half in a formula": (r"an 8$\times$ compression", [(r"8$\times$", 8.0, "x")]),
    "times": ("ran 10 times faster, four times higher", [("10 times", 10.0, "x"), ("four times", 4.0, "x")]),
    "fold": ("a tenfold and 3-fold gain", [("tenfold", 10.0, "x"), ("3-fold", 3.0, "x")]),
    "times in chinese": ("实现了 90 倍的降低", [("90 倍", 90.0, "x")]),
    "a range of times in chinese": ("与大十到二十倍的模型相当", [("十到二十倍", 10.0, "x")]),
    "ninetieth": ("at one ninetieth of the cost", [("one ninetieth", 90.0, "x")]),
    "ninetieth in chinese": ("成本为九十分之一", [("九十分之一", 90.0, "x")]),
    "params": (
        "a 10B model, 1.5-billion-parameter, 100亿参数",
        [("10B", 1e10, "params"), ("1.5-billion-parameter", 1.5e9, "params"), ("100亿参数", 1e10, "params")],
    ),
    "sizes that share a noun": (
        "3B, 9B and 27B models",
        [("3B", 3e9, "params"), ("9B", 9e9, "params"), ("27B", 2.7e10, "params")],
    ),
    "sizes that share a noun, zh": (
        "3B、9B 和 27B 模型",
        [("3B", 3e9, "params"), ("9B", 9e9, "params"), ("27B", 2.7e10, "params")],
    ),
    "tokens": (
        "128k tokens, a 1M-token window, 32k context",
        [("128k tokens", 128000.0, "tokens"), ("1M-token", 1e6, "tokens"), ("32k", 32000.0, "tokens")],
    ),
    "money": ("raised $6.6 billion", [("$6.6 billion", 6.6e9, "USD")]),
    "money in chinese": ("融资 10 亿美元", [("10 亿美元", 1e9, "USD")]),
    "count": ("over 47 empirical studies", [("47 empirical studies", 47.0, "studies")]),
    "count with a scale": (
        "25K videos of 1,319 problems",
        [("25K videos", 25000.0, "videos"), ("1,319 problems", 1319.0, "problems")],
    ),
    "count in chinese": ("47 項實證研究", [("47 項", 47.0, "項")]),
    "count with a noun in chinese": ("在 500 个任务上", [("500 个任务", 500.0, "任务")]),
    "models of language are models": ("14 個語言模型", [("14 個語言模型", 14.0, "模型")]),
    "languages": ("14 個語言", [("14 個語言", 14.0, "語言")]),
    "large models of language": ("14 个语言大模型", [("14 个语言大模型", 14.0, "模型")]),
    "steps": ("需要 10-20 步推理", [("10-20 步", 10.0, "步")]),
    "metric ahead": ("an F1 score of 0.87 and mIoU 78.3", [("0.87", 0.87, "F1"), ("78.3", 78.3, "mIoU")]),
    "metric behind": ("34.2 BLEU", [("34.2", 34.2, "BLEU")]),
    "accuracy": ("Accuracy is good; accuracy of 0.912", [("0.912", 0.912, "accuracy")]),
    "score": ("scores 85.62 on AIME 2024, 45.4 on MATH", [("85.62", 85.62, "points"), ("45.4", 45.4, "points")]),
}


@pytest.mark.parametrize(("sentence", "figures"), FOUND.values(), ids=FOUND.keys())
def test_figures_are_found(sentence, figures):
    assert [(each.text, each.value, each.unit) for each in measures(sentence)] == figures


NO_FIGURES = {
    "years and dates": "In 2024, on 2026-02-20, AIME 2024 was held",
    "names": "STEP3-VL-10B, GPT-4, Qwen2.5-VL-72B and H100",
    "model and size": "we use Llama 3 8B and Mistral 7B models",
    "arxiv id and address": "arXiv:2508.13426 at https://e.org/50%",
    "sections and citations": "Section 2.1, Fig. 3, [12], (3)",
    "versions": "version 1.5 of v2.0",
    "resolutions": r"224x224 and 512$\times$512 images, 4K videos",
    "graphics cards": "on 8x A100",
    "confidence": "a 95% confidence interval, 95% CI",
    "cross-validation": "5-fold cross-validation, five-fold cross validation",
    "is twofold": "The contribution is two-fold",
    "once": "1x as fast, ran 10 times",
    "year as accuracy": "accuracy 2024",
    "few": "2 datasets and 3 models",
    "tenths that are words": "变成 成为 完成",
    "ratios": "a 3:1 attention pattern, 3:20 tokens, 1:16x",
    "likert": "a 7-point Likert scale",
    "nothing": "",
}


@pytest.mark.parametrize("sentence", NO_FIGURES.values(), ids=NO_FIGURES.keys())
def test_other_numbers_are_no_figures(sentence):
    assert measures(sentence) == ()


def test_digits_in_names_are_kept_out_by_the_mask(monkeypatch):
    sentence = "They run the STEP3-VL-10B model"
    assert measures(sentence) == ()
    monkeypatch.setattr("notes.quantities.measures.mask_names", lambda text: text)
    assert [each.text for each in measures.__wrapped__(sentence)] == ["10B"]


def test_what_is_too_long_for_a_sentence_holds_none():
    assert len(measures("50% " * 500)) == 500
    assert measures("50% " * 501) == ()


@given(st.text(alphabet=st.sampled_from("0123456789.,%x -$\\BKMabon百分之五十倍成项个 ")))
def test_figures_are_verbatim_and_apart(text):
    end = 0
    for each in measures(text):
        assert each.start >= end
        assert text[each.start : each.end] == each.text
        end = each.end


UNITS = {
    "a metric with a hyphen": ("an F1-score of 0.652", [("0.652", 0.652, "F1")]),
    "a mean of a metric": ("an average F1 score of 0.89", [("0.89", 0.89, "F1")]),
    "a metric written out": ("a Mean Squared Error of ~0.0018", [("0.0018", 0.0018, "MSE")]),
    "a metric written out behind": ("with 0.4349 mean Intersection over Union", [("0.4349", 0.4349, "mIoU")]),
    "a metric moved": ("AUC improved from 0.72 to 0.81.", [("0.72", 0.72, "AUC"), ("0.81", 0.81, "AUC")]),
    "a series": ("F1 of 0.91 on A, 0.78 on B, and 0.70 on C.", [(each, float(each), "F1") for each in ("0.91", "0.78", "0.70")]),
    "slashes": ("Dice scores of 0.93/0.85 vs 0.91/0.86 in all.", [(each, float(each), "Dice") for each in ("0.93", "0.85", "0.91", "0.86")]),
    "the last tells the unit": ("by 27.3 and 35.8 percentage points", [("27.3", 27.3, "points"), ("35.8 percentage points", 35.8, "points")]),
    "no series of other matters": ("F1 of 0.91 and 3.5 million users", [("0.91", 0.91, "F1"), ("3.5 million users", 3.5e6, "users")]),
    "percent and p": ("up to 23.88%p higher", [("23.88%p", 23.88, "points")]),
    "a factor of": ("by a factor of 15.6", [("15.6", 15.6, "x")]),
    "a part": ("cut to 1/6 of it", [("1/6", 6.0, "x")]),
    "a latency": ("a latency of 39.5 ms per frame", [("39.5 ms", 39.5, "ms")]),
    "an error": ("an error of 0.28m, against 0.37m", [("0.28m", 0.28, "m"), ("0.37m", 0.37, "m")]),
    "a speed": ("it runs at 46.5 FPS", [("46.5 FPS", 46.5, "FPS")]),
    "a percentile": ("the 81.7th percentile", [("81.7th percentile", 81.7, "percentile")]),
    "a correlation": ("a close tie (r = 0.87)", [("0.87", 0.87, "r")]),
}  # fmt: skip


@pytest.mark.parametrize(("sentence", "figures"), UNITS.values(), ids=UNITS.keys())
def test_metrics_and_units_are_read(sentence, figures):
    assert [(each.text, each.value, each.unit) for each in measures(sentence)] == figures


@pytest.mark.parametrize("level", ["75" * 900, "@0." + "1" * 1_800, "50111:" + "1" * 1_800])
def test_a_long_level_of_a_metric_is_read_in_one_way(level):
    started = time.process_time()
    assert [each.text for each in measures(f"AB reaches 52.1% with an averaged mAP{level}.")] == ["52.1%"]
    assert time.process_time() - started < 3.0
