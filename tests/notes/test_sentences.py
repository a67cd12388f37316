import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.model import Role
from notes.text.sentences import key_sentences, refers_to_work, role, roles, split, stands_alone, tidy

SPLITS = {
    "plain": ("One is here. Two is there.", ["One is here.", "Two is there."]),
    "line breaks are spaces": ("One is\nhere. Two\n is there.", ["One is here.", "Two is there."]),
    "a blank line ends": ("A heading\n\nThe text.", ["A heading", "The text."]),
    "decimals": ("It reaches 49.7 of 94.1. Good.", ["It reaches 49.7 of 94.1.", "Good."]),
    "versions": ("We use v1.5 and Qwen2.5. It works.", ["We use v1.5 and Qwen2.5.", "It works."]),
    "arxiv id": ("See arXiv:2508.13426. It helps.", ["See arXiv:2508.13426.", "It helps."]),
    "et al. and a year": ("Smith et al. (2020) show it.", ["Smith et al. (2020) show it."]),
    "et al. and a new sentence": ("It follows Smith et al. We differ.", ["It follows Smith et al.", "We differ."]),
    "e.g. and i.e.": ("Models, e.g. GPT-4, i.e. Big ones.", ["Models, e.g. GPT-4, i.e. Big ones."]),
    "figure": ("See Fig. 3 and Eq. 2 in Sec. 4.", ["See Fig. 3 and Eq. 2 in Sec. 4."]),
    "versus": ("It is 99% vs. 93% now.", ["It is 99% vs. 93% now."]),
    "initials": ("By J. K. Rowling and A. Author.", ["By J. K. Rowling and A. Author."]),
    "etc. inside": ("Images, text, etc. are used.", ["Images, text, etc. are used."]),
    "etc. at the end": ("Images, text, etc. The rest follows.", ["Images, text, etc.", "The rest follows."]),
    "numbered list": ("1. First comes this. 2. Then that.", ["1. First comes this.", "2. Then that."]),
    "ellipsis before lower case": ("Wait... and see.", ["Wait... and see."]),
    "a name in lower case opens": (
        "It is done. iGRPO follows. vLLM too.",
        ["It is done.", "iGRPO follows.", "vLLM too."],
    ),
    "closing quotes": ('He said "done." Then he left.', ['He said "done."', "Then he left."]),
    "reference after the stop": ("It is known.[12] We go on.", ["It is known.[12]", "We go on."]),
    "formula at the end": ("We have $x=1.$ We go on.", ["We have $x=1.$", "We go on."]),
    "exclamation and question": ("Really?! Yes! Good.", ["Really?!", "Yes!", "Good."]),
    "missing space before an opener": ("It beats all methods.This is new.", ["It beats all methods.", "This is new."]),
    "missing space after a question": ("Is it known?It's clear now.", ["Is it known?", "It's clear now."]),
    "missing space after a percentage": ("It is 20%.To convert it, divide.", ["It is 20%.", "To convert it, divide."]),
    "a domain is no end": ("We use Bolt.diy and Node.js here.", ["We use Bolt.diy and Node.js here."]),
    "no stop at the end": ("One. Two without", ["One.", "Two without"]),
    "chinese": (
        "模型很大。它很慢！为什么？因为大；仅此而已。",
        ["模型很大。", "它很慢！", "为什么？", "因为大；仅此而已。"],
    ),
    "chinese quotes": ("他说：「好。」然后走了。", ["他说：「好。」", "然后走了。"]),
    "chinese with ascii stops": ("建立了模型.仿真结果表明有效.", ["建立了模型.", "仿真结果表明有效."]),
    "chinese with decimals": ("达到49.7.结果好", ["达到49.7.", "结果好"]),
    "chinese list number": ("3.方法如下。", ["3.方法如下。"]),
    "mixed": ("我们使用 GPT-4. 结果很好。", ["我们使用 GPT-4.", "结果很好。"]),
    "only stops": ("...", ["..."]),
    "empty": (" \n\n ", []),
}


@pytest.mark.parametrize(("text", "sentences"), SPLITS.values(), ids=SPLITS.keys())
def test_where_sentences_end(text, sentences):
    assert list(split(text)) == sentences


@given(st.text(alphabet=st.sampled_from('aB1 .。！?；,\n"”」()[]$…')))
def test_splitting_loses_nothing(text):
    assert re.sub(r"\s", "", "".join(split(text))) == re.sub(r"\s", "", text)


@given(st.text())
def test_sentences_are_clean(text):
    for sentence in split(text):
        assert sentence
        assert sentence == " ".join(sentence.split())


ROLES = {
    "problem": ("However, existing methods suffer from instability.", Role.PROBLEM),
    "approach": ("We propose SkillRL, a framework that learns skills.", Role.APPROACH),
    "approach by a problem": ("To address these challenges, we introduce RLM.", Role.APPROACH),
    "result with a figure": ("SkillRL achieves 89.9% on ALFWorld.", Role.RESULT),
    "figure alone": ("The rate is 58% in all.", Role.RESULT),
    "result": ("Experiments show that it outperforms all baselines.", Role.RESULT),
    "a size is no result": ("Muse is a 30B multimodal model of 2026.", Role.CONTEXT),
    "announcement": ("Today, we’re sharing a map of the attacks.", Role.APPROACH),
    "limitation": ("A limitation is that it was only evaluated in English.", Role.LIMITATION),
    "what others lack is the problem": ("Current methods face critical limitations.", Role.PROBLEM),
    "context": ("Agents act in the world.", Role.CONTEXT),
    "simplified problem": ("然而，训练不稳定仍是一大挑战。", Role.PROBLEM),
    "traditional approach": ("我們提出了一種新的方法來學習技能。", Role.APPROACH),
    "traditional result": ("SkillRL 達到了 89.9% 的成功率。", Role.RESULT),
    "traditional limitation": ("該方法的局限在於成本，有待改進。", Role.LIMITATION),
    "tested only": ("Only mathematical reasoning was tested, agents with tools were not.", Role.LIMITATION),
    "not tested": ("Agents with tools were not tested.", Role.LIMITATION),
    "has not been": ("The method has not yet been verified on robots.", Role.LIMITATION),
    "tested only, zh": ("这套方法只测过数学推理。", Role.LIMITATION),
    "not tested, zh-Hant": ("該方法未測試於工具。", Role.LIMITATION),
    "recipe": ("The agent is trained for 1,000 steps on 128 GPUs.", Role.APPROACH),
    "recipe, zh": ("预训练不冻结任何权重，再做两阶段监督微调，最后是 1,000 轮强化学习。", Role.APPROACH),
    "recipe with an outcome": ("Fine-tuned for 1,000 steps, SkillRL reaches 89.9%.", Role.RESULT),
    "training without numbers": ("The agent is trained at night.", Role.CONTEXT),
    "a ratio": ("It uses a 3:1 attention pattern in 48 layers.", Role.APPROACH),
    "labelled problem": ("问题：模型很大。", Role.PROBLEM),
    "labelled approach": ("思路：把经验变成技能。", Role.APPROACH),
    "labelled result, traditional": ("結果：一切如常。", Role.RESULT),
    "labelled limitation": ("Limitation: we achieve 90% on one task.", Role.LIMITATION),
    "labelled background": ("Background: we propose nothing yet.", Role.CONTEXT),
    "empty": ("", Role.CONTEXT),
}


@pytest.mark.parametrize(("sentence", "expected"), ROLES.values(), ids=ROLES.keys())
def test_roles(sentence, expected):
    assert role(sentence) is expected


ALONE = {
    "a plain sentence": ("SkillRL learns reusable skills from successful trajectories.", True),
    "this paper": ("This paper introduces a framework for learning skills.", True),
    "however": ("However, large models remain too slow for phones.", True),
    "chinese": ("然而，大模型在手机上仍然运行得太慢。", True),
    "chinese method": ("SkillRL 引入了可以重用的技能概念。", True),
    "these": ("These results show that the method works well.", False),
    "it": ("It achieves the best results on all benchmarks.", False),
    "connective and this": ("However, this approach fails in many cases.", False),
    "the former": ("The former is much faster than all others.", False),
    "chinese it": ("它在所有基准测试上都取得了最好的结果。", False),
    "chinese but these": ("但这些方法不可避免地会丢失关键信息。", False),
    "traditional this method": ("該方法在所有測試上都取得了最好的結果。", False),
    "second": ("第二，它改进了策略优化的稳定性和效率。", False),
    "quoted this": ("“This is what we wanted to see from it.”", False),
    "behind the place": ("On WebArena it reaches 63.0% in all runs.", False),
    "a thin fragment": ("Mem-α learns both halves of remembering.", False),
    "short with a cue": ("Results show that skills help agents.", True),
    "short with a score": ("SkillRL reaches 72.7% on WebShop.", True),
    "too short, with a score": ("It is 58%.", False),
    "too short": ("It works.", False),
    "too long": (" ".join(["word"] * 70) + ".", False),
    "chinese too long": ("长" * 200 + "。", False),
    "question": ("Can large language models reason about the physical world?", False),
    "colon": ("We make the following three contributions in this work:", False),
    "cut off": ("The model learns to manage its own context and ...", False),
    "ends in a semicolon": ("局限：最好的成绩依赖并行推理模式，推理成本不低；", False),
    "ends in a comma": ("最好的成绩依赖并行推理模式，推理成本不低，", False),
    "heading": ("Post-training Compute over Raw Scaling of Models", False),
    "open bracket": ("The model (a large one learns to manage its context.", False),
    "open quote": ('The model "learns to manage its own context.', False),
    "open chinese quote": ("「思维链的问题在于它用语言作为思考的媒介。", False),
}


@pytest.mark.parametrize(("sentence", "expected"), ALONE.values(), ids=ALONE.keys())
def test_what_stands_alone(sentence, expected):
    assert stands_alone(sentence) is expected


OF_THE_WORK = {
    "it": ("It reaches 52.1% on WebArena.", True),
    "it against another": ("It reaches 71.2% on AIME 2025 with a 7B model, against 68.0% for GRPO.", True),
    "behind the place": ("On WebArena it reaches 63.0%.", True),
    "adverb": ("Moreover, it improves MATH by 5%.", True),
    "its": ("Its accuracy on MATH is 95%.", True),
    "this approach": ("This approach reduces the cost by 40%.", True),
    "zh": ("它在 WebArena 上达到 52.1%。", True),
    "zh, behind the place": ("在 WebArena 上，它达到 52.1%。", True),
    "zh-Hant": ("該方法在 WebArena 上達到 52.1%。", True),
    "no score": ("It learns skills from its own experience.", False),
    "nothing in particular": ("It is known that 50% of them fail.", False),
    "these": ("These models reach 50% on WebArena.", False),
    "zh, they": ("它们在 WebArena 上达到 52.1%。", False),
    "an example": ("For example, it reaches 52.1% on WebArena.", False),
    "a name": ("SkillRL reaches 89.9% on ALFWorld.", False),
}


@pytest.mark.parametrize(("sentence", "expected"), OF_THE_WORK.values(), ids=OF_THE_WORK.keys())
def test_what_refers_to_the_work(sentence, expected):
    assert refers_to_work(sentence) is expected
    assert stands_alone(sentence, subject_known=True) is (expected or stands_alone(sentence))


TIDY = {
    "connective before a name": ("Specifically, SkillRL learns skills.", "SkillRL learns skills."),
    "paper before a name": ("In this paper, SkillRL is introduced.", "SkillRL is introduced."),
    "left whole before lower case": ("In this paper, we propose SkillRL.", "In this paper, we propose SkillRL."),
    "chinese": ("此外，SkillRL 更快。", "SkillRL 更快。"),
    "traditional": ("具體來說，模型更快。", "模型更快。"),
    "label": ("结果：SkillRL 达到 89.9%。", "SkillRL 达到 89.9%。"),
    "label and opening": ("局限：此外，它很慢。", "它很慢。"),
    "english label": ("Result: SkillRL wins.", "SkillRL wins."),
    "label before lower case": ("Problem: agents forget.", "Problem: agents forget."),
    "only a label": ("结果：", "结果："),
    "nothing to strip": ("SkillRL learns skills.", "SkillRL learns skills."),
    "nothing would remain": ("此外，", "此外，"),
}


@pytest.mark.parametrize(("sentence", "expected"), TIDY.values(), ids=TIDY.keys())
def test_openings_are_tidied(sentence, expected):
    assert tidy(sentence) == expected


@given(st.text())
def test_tidied_is_a_verbatim_end(text):
    assert text.endswith(tidy(text))


ABSTRACT = """
Agents act in complex environments. However, existing agents struggle with tasks of many steps. To address this,
we propose SkillRL, a framework that learns reusable skills. These skills can be combined. Experiments show that
skills improve generalization in all settings. SkillRL achieves a success rate of 89.9% on ALFWorld, up from 77.6%.
A limitation is that SkillRL was only evaluated in simulated homes.
"""


def test_key_sentences_tell_the_whole_in_reading_order():
    assert [(each.role, each.text.split()[0]) for each in key_sentences(ABSTRACT)] == [
        (Role.PROBLEM, "However,"),
        (Role.APPROACH, "To"),
        (Role.RESULT, "SkillRL"),
        (Role.LIMITATION, "A"),
    ]


def test_a_result_with_figures_goes_first():
    assert [each.text for each in key_sentences(ABSTRACT, limit=1)] == [
        "SkillRL achieves a success rate of 89.9% on ALFWorld, up from 77.6%."
    ]


def test_room_left_goes_to_a_further_result():
    text = "SkillRL reaches 89.9% on ALFWorld in all. SkillRL reduces the cost of training by 40% overall."
    assert [each.role for each in key_sentences(text)] == [Role.RESULT, Role.RESULT]


def test_what_others_lack_early_is_the_problem():
    text = "A limitation of agents is that they forget what they learned. We propose a memory for agents of all kinds."
    assert [each.role for each in key_sentences(text)] == [Role.PROBLEM, Role.APPROACH]


def test_without_roles_the_first_sentences_give_the_context():
    text = "Agents act in the world around them. Robots act in the world as well. People act there too every day."
    found = key_sentences(text)
    assert [each.role for each in found] == [Role.CONTEXT] * len(found)
    assert found[0].text == "Agents act in the world around them."


def test_nothing_to_tell():
    assert key_sentences("") == ()
    assert key_sentences(ABSTRACT, limit=0) == ()


@given(
    st.lists(st.sampled_from([*split(ABSTRACT), "它更快。", "SkillRL 達到了 89.9% 的成功率，超越以往。"])),
    st.integers(0, 6),
)
def test_key_sentences_are_verbatim_few_and_in_order(sentences, limit):
    text = " ".join(sentences)
    found = [each.text for each in key_sentences(text, limit=limit)]
    known = [tidy(each) for each in split(text)]
    assert len(found) <= limit
    assert all(each in known for each in found)
    places = [known.index(each) for each in found]
    assert places == sorted(places)


def told(text, **settings):
    return [(each.role.value, each.text) for each in key_sentences(text, **settings)]


EDGE = (
    "Large models do not fit an edge device. EdgeNav-QE joins two remedies. QLoRA brings the backbone to 4-bit precision. "
    "EdgeNav-QE cuts inference latency by 82.7% on all scenes. How it behaves on a real robot remains open."
)
SKILL = (
    "An agent that starts from nothing repeats its mistakes. SkillRL distils experience instead: runs become patterns. "
    "During training the agent retrieves skills that fit. SkillRL reaches 89.9% on ALFWorld, the household benchmark. "
    "The code is at https://example.org for all. Transfer to other worlds is not studied."
)
WHOLE = {
    "no cue but the name": (
        SKILL,
        "SkillRL: Evolving Agents",
        ["problem", "approach", "approach", "result", "context", "limitation"],
    ),
    "named in brief": (EDGE, "EdgeNav-QE: QLoRA", ["problem", "approach", "approach", "result", "limitation"]),
    "a name not in the title": (
        SKILL,
        "Agents that learn",
        ["problem", "approach", "approach", "result", "context", "limitation"],
    ),
    "a study without a system": (
        "Energy is seldom measured at the plug. This study runs 28 models on one board. Accuracy is given as well. "
        "The smallest model saves 40% of the energy. Larger boards were not included.",
        "Sustainable Inference",
        ["problem", "approach", "approach", "result", "limitation"],
    ),
    "a study told by its authors": (
        "Why do models state wrong things with confidence? The authors reduce the question to classification. "
        "Results show that errors arise under ordinary pressure. Long texts are not covered.",
        "Why Models Hallucinate",
        ["problem", "approach", "result", "limitation"],
    ),
    "labels rule": (
        "局限：模型很慢。结果：我们提出了新方法。问题：成功率达到 90%。",
        "",
        ["limitation", "result", "problem"],
    ),
    "words that are a name": (
        "A chain of thought costs many tokens. Thinking States moves the work forward. It reaches 40% less latency.",
        "Latent Reasoning with Thinking States",
        ["problem", "approach", "result"],
    ),
    "nothing": ("", "", []),
}


@pytest.mark.parametrize(("text", "title", "expected"), WHOLE.values(), ids=WHOLE.keys())
def test_roles_in_a_whole_text(text, title, expected):
    assert [each.value for each in roles(split(text), title=title)] == expected


@given(st.lists(st.sampled_from(split(ABSTRACT + SKILL + EDGE)), max_size=9), st.text(max_size=20))
def test_each_sentence_has_a_role(sentences, title):
    assert len(roles(sentences, title=title)) == len(sentences)


def test_a_sentence_too_short_to_quote_leaves_the_approach_to_the_next():
    assert told(EDGE, title="EdgeNav-QE: QLoRA")[:2] == [
        ("problem", "Large models do not fit an edge device."),
        ("approach", "QLoRA brings the backbone to 4-bit precision."),
    ]


def test_labels_are_not_quoted():
    text = "问题：多数模型每次任务都从零开始。\n\nSkillRL 把成功的经验提炼成技能。\n\n结果：SkillRL 达到 89.9% 的成功率；成本不变。"
    assert told(text, title="SkillRL：会累积技能") == [
        ("problem", "多数模型每次任务都从零开始。"),
        ("approach", "SkillRL 把成功的经验提炼成技能。"),
        ("result", "SkillRL 达到 89.9% 的成功率；成本不变。"),
    ]


def test_a_question_may_open():
    text = (
        "Is a compact model condemned to be weak? STEP3-VL-10B argues for compute. STEP3-VL-10B reaches 92.61% in all."
    )
    assert told(text, title="STEP3-VL-10B Technical Report")[0] == (
        "problem",
        "Is a compact model condemned to be weak?",
    )
    asked = "小模型就注定比大模型更弱吗？STEP3 想证明后训练可以代替规模。STEP3 在基准上达到了 92.61% 的成绩。"
    assert told(asked, title="STEP3：小模型")[0] == ("problem", "小模型就注定比大模型更弱吗？")


def test_what_is_proposed_is_no_problem():
    text = "We investigate the impact of papers. We propose a measure of impact for all. Results show that it grows by 20%."
    assert [each for each, _ in told(text)] == ["approach", "result"]


@pytest.mark.parametrize(
    "opening", ["To this end, we propose SkillRL for all agents.", "This new framework learns the skills of agents."]
)
def test_an_approach_that_leans_is_better_than_none(opening):
    text = f"However, agents forget what they have learned. {opening} Results show that it improves by 20%."
    assert ("approach", opening) in told(text)


def test_plain_sentences_before_a_lone_approach_tell_no_problem():
    text = "Concepts are stored in the weights of a model. We introduce cyclic ablation to test it."
    assert [each for each, _ in told(text)] == ["approach"]


def test_at_most_two_results_and_one_of_each_other_role():
    text = f"{ABSTRACT} It is so. SkillRL reaches 72.7% on WebShop in all runs. SkillRL reaches 50% on the other tasks."
    assert [each.value for each in (one.role for one in key_sentences(text))].count("result") == 2
    assert len(key_sentences(text)) <= 5


FORGETS = "Agents forget what they have learned in their tasks."
DISTILS = "SkillRL distils experience into skills that can be reused."
PRONOUN_RESULTS = {
    "it": "It reaches 71.2% on AIME 2025 with a 7B model, against 68.0% for GRPO.",
    "short": "It reaches 52.1% on WebArena.",
    "behind the place": "On WebArena it reaches 63.0%.",
    "zh": "它在 WebArena 上达到 52.1%。",
}


@pytest.mark.parametrize("result", PRONOUN_RESULTS.values(), ids=PRONOUN_RESULTS.keys())
def test_a_result_of_it_is_kept_where_the_text_speaks_of_the_work(result):
    text = f"{FORGETS} {DISTILS} The skills are kept in a library. {result}"
    assert ("result", result) in told(text, title="SkillRL: Evolving Agents")
    assert ("result", result) not in told(text, title="Agents that learn")
    assert ("result", result) not in told(
        f"{FORGETS} {DISTILS} GPT-4 has no library. {result}", title="SkillRL: Evolving Agents"
    )


def test_what_a_work_wants_to_show_is_its_approach_only_where_nothing_better_is():
    thesis, recipe = "STEP3 想证明，后训练的计算量可以代替参数规模。", "之后是两阶段监督微调，再加上 1,000 轮强化学习。"
    asked, result = "小模型就注定比大模型更弱吗？", "STEP3 在基准上达到了 92.61% 的成绩。"
    assert ("approach", thesis) in told(f"{asked}{thesis}{result}", title="STEP3：小模型")
    found = told(f"{asked}{thesis}{recipe}{result}代码已经公开。一切如常。", title="STEP3：小模型")
    assert ("approach", recipe) in found
    assert ("result", result) in found


def test_the_main_limitation_goes_before_others():
    main = "The main limitation is that the skills are never forgotten."
    others = "Training costs are not reported here. Only mathematical reasoning was tested, agents with tools were not."
    text = (
        f"{FORGETS} {DISTILS} SkillRL reaches 89.9% on ALFWorld in all. {others} {main} Robots were not tested at all."
    )
    assert ("limitation", main) in told(text, title="SkillRL: Evolving Agents")


def test_a_recipe_gives_way_to_what_leans():
    proposal = "To this end, we propose reinforcement by distillation of traces."
    recipe = "Stage 1 consists of fine-tuning for 300 steps on traces."
    text = f"However, agents forget what they have learned. {proposal} {recipe} Results show that it grows by 20%."
    assert ("approach", proposal) in told(text)


@pytest.mark.parametrize("unit", ["A. ", "AB.This ", "甲 1.", "a.b", "e.g. "])
def test_marks_that_end_nothing_take_time_in_proportion_to_the_text(unit):
    text = f"é{unit * 50_000}"
    started = time.process_time()
    assert "".join(split(text)).replace(" ", "") == text.replace(" ", "")
    assert time.process_time() - started < 3.0
