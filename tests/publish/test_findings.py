"""Whether a sentence does what its place lets it be read as."""

from __future__ import annotations

import pytest

from notes.model import Role
from publish.sources.extract import quotes_of
from publish.sources.findings import does, finds_limits, of_others, only_tests
from publish.sources.retelling import points_back
from tests.publish.newsroom import vault_note

RESULTS = {
    "a finding": ("NetA outperforms all baselines on long tasks.", True),
    "a figure alone": ("On ALFWorld the success rate is 89.9%.", True),
    "what it is made of": ("At its core is a pipeline that gathers alternative answers.", False),
    "what was done": ("We optimize the layout with scene graphs to ensure coherence.", False),
    "what it is for": ("We use the ground-truth tools to show the potential of agents.", False),
    "a challenge met": ("A key challenge was designing methods that raise the accuracy.", False),
    "a window is no win": ("We evaluate NetA from short prompts to context window extension.", False),
    "a hope": ("We believe that the survey shows a solid foundation.", False),
    "a foundation is not found": ("The survey is a foundation of the field, which we outline.", False),
    "a setting": ("Meanwhile, a growing number of test beds have boosted the evolution of models.", False),
    "a promise": ("The benchmark will be publicly available.", False),
    "a procedure": ("预训练不冻结任何权重，随后做两阶段监督微调，最后进行超过 1,000 轮强化学习。", False),
    "a chinese finding": ("随后的实验表明，该方法优于基线。", True),
    "a chinese deed": ("为每个块设计了一种全新的编码方式，降低了网络开销。", True),
    "a chinese deed alone": ("利用三种方法对日数进行预测，对预测结果进行交叉验证。", False),
    "a chinese method": ("采用逐道对比分类的方法，对研究区的沉积相作了解释。", False),
    "a chinese deed and what came of it": ("通过仿真计算，该方法的误差降低了 5%。", True),
    "a plain chinese result": ("在 3B 模型上训练稳定，损失尖峰消失。", True),
}


OTHERS = {
    "how others do it": ("Moreover, existing cost analyses typically regulate only the number of passes.", True),
    "where others fail": ("Despite recent advances, existing methods struggle with three challenges.", True),
    "what others have not and the work has": ("Existing methods lack a memory, which we add.", False),
    "the work itself": ("We extend existing methods that rely on search.", False),
}


@pytest.mark.parametrize(("sentence", "expected"), OTHERS.values(), ids=OTHERS)
def test_what_others_do(sentence, expected):
    assert of_others(sentence) is expected


def test_what_others_do_is_no_idea_of_the_work():
    text = (
        "Current methods for skills rely on human labels and lack any memory of them. We propose SkillNet, a network that learns skills"
        " from play. SkillNet outperforms all baselines by 4.1% on ALFWorld."
    )
    told = quotes_of([vault_note(90, "SkillNet: Skills from Play", text)], "en")
    assert [one.role for one in told if one.text.startswith("Current")] != [Role.APPROACH]


PROBLEMS = {
    "a deed": ("采用电化学法从浸出液中电沉积锑。", False),
    "a deed against something": ("通过添加剂解决难以制浆的问题。", True),
    "a lack": ("传统的集中式算法处理效率受限。", True),
}


@pytest.mark.parametrize(("sentence", "expected"), PROBLEMS.values(), ids=PROBLEMS)
def test_what_was_done_in_chinese_is_no_problem(sentence, expected):
    assert does(sentence, Role.PROBLEM) is expected


@pytest.mark.parametrize(("sentence", "expected"), RESULTS.values(), ids=RESULTS)
def test_a_result_is_a_finding(sentence, expected):
    assert does(sentence, Role.RESULT) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We evaluate many models, revealing their significant limitations in long dialogues.", True),
        ("The evaluation of 57 agents shows that AI still struggles with science.", True),
        ("Experiments reveal that our method still fails on small screens.", False),
        ("A limitation of this study is the small number of children.", False),
    ],
    ids=["of what was tested", "of the field", "of the method", "of the study"],
)
def test_limits_of_what_was_tested_are_a_finding(sentence, expected):
    assert finds_limits(sentence) is expected


def test_the_limits_of_what_was_tested_stand_under_result():
    note = vault_note(
        61,
        "TalkBench: Talking in Turns",
        """Benchmarks for dialogue remain limited to one turn, which is a problem. We introduce TalkBench, a benchmark of long dialogues.
        The evaluation of ten models exposes limitations and shortcomings in long dialogues.""",
        arxiv_id="2602.00061",
    )
    told = {quote.role: quote.text for quote in quotes_of([note], "en")}
    assert "exposes limitations" in told[Role.RESULT]
    assert Role.LIMITATION not in told


def test_that_a_work_was_tested_says_nothing():
    assert only_tests("We evaluate across eight environments and several families of models.")
    assert only_tests("The authors also test NetA on phones.")
    assert not only_tests("We evaluate 29 critics, demonstrating that open models lag behind.")
    assert not only_tests("We propose to test agents by what they forget.")


def test_this_framework_of_a_result_is_the_work():
    sentence = "NetA, trained under this framework, gains 86%."
    assert points_back(sentence)
    assert not points_back(sentence, of_work=True)
    assert points_back("Trained on these pairs, NetA gains 86%.", of_work=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "The first is a study in Science by colleagues.",
        "Models of images face similar challenges.",
        "The authors evaluate its behaviour along twelve dimensions.",
    ],
)
def test_what_has_no_antecedent_points_back(sentence):
    assert points_back(sentence)


def test_the_first_of_its_kind_does_not():
    assert not points_back("The first benchmark of its kind holds 50 problems.")
