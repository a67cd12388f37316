"""Sentences that speak against, and those that only share their words."""

from __future__ import annotations

import pytest

from publish.synthesis.admitted import disappoints, is_limit, is_open_problem

FINDINGS = [
    "Our experiments show that even the best models reach only around 69% accuracy on this task.",
    "We find that longer chains do not consistently improve the answers of small models.",
    "Results on held-out repositories reveal that performance drops sharply once tests are hidden.",
    "Surprisingly, models trained on the larger corpus underperform those trained on the cleaned one.",
    "实验结果表明，模型在长文本上的表现明显下降。",
]
NO_FINDINGS = [
    "Our results show that the method successfully bridges the gap between language and action.",
    "Experiments show that it not only fails less often but outperforms all baselines.",
    "We design evaluations that find models which intentionally underperform, and release them to foster research.",
    "Models fail on long inputs.",
    "Experiments show that it achieves a 60% success rate on tasks that all earlier agents failed to complete.",
    "Evaluation shows that annotators prefer its answers, with ties in only 15% of cases.",
    "结果显示，该方法优于现有方法，有效减少失败。",
]


@pytest.mark.parametrize("sentence", FINDINGS)
def test_findings_that_disappoint(sentence):
    assert disappoints(sentence)


@pytest.mark.parametrize("sentence", NO_FINDINGS)
def test_what_is_no_such_finding(sentence):
    assert not disappoints(sentence)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Transfer to real robots is left for future work.", True),
        ("The library has not yet been evaluated outside of simulated households.", True),
        ("We cannot exclude that the effect is due to memorised answers.", True),
        ("该方法尚未在真实机器人上验证。", True),
        ("The checkpoint is open-sourced to foster future work.", False),
        ("The suite offers a high-resolution yardstick for future work.", False),
        ("The method learns skills.", False),
    ],
)
def test_limits(sentence, expected):
    assert is_limit(sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [("Training is expensive, since every call adds a rollout.", True), ("We release the code.", False)],
)
def test_at_the_place_of_a_limit_less_is_asked_of_the_words(sentence, expected):
    assert not is_limit(sentence)
    assert is_limit(sentence, by_place=True) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Credit assignment over hundreds of steps remains an open problem.", True),
        ("How such skills are forgotten is poorly understood.", True),
        ("跨语言的长文本推理仍是难题。", True),
        ("Our method resolves the bottleneck of earlier work.", False),
        ("We distill patterns, surface infrastructure bottlenecks, and offer practical guidance.", False),
        ("The model reads images.", False),
    ],
)
def test_open_problems(sentence, expected):
    assert is_open_problem(sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Memory remains the main bottleneck of agents that plan.", True),
        ("Windowed pooling, focal loss and bottleneck MLP routers make it stable under long sequences.", False),
        ("The lack of supervision motivates us to learn from feedback.", False),
        ("Current strategies fail to engage what forced interaction shows.", True),
        ("Forced interaction produces dramatic gains, where current strategies fail to engage.", False),
        ("Prior strategies fail to engage and do not yield significant gains.", True),
    ],
    ids=["a bottleneck", "a layer of that name", "a motive", "a failure", "a gain", "no gain"],
)
def test_the_words_of_an_open_problem_may_name_something_else(sentence, expected):
    assert is_open_problem(sentence) == expected
