import pytest

from notes.quantities.benchmark_names import is_benchmark_name, measured_names
from notes.quantities.names import antecedents, names_of_title, proper_names

NAMES = {
    "benchmark and system": ("SkillRL wins on ALFWorld.", ["ALFWorld"], ["SkillRL"]),
    "a known name with a year": ("It wins on AIME 2024.", ["AIME 2024"], []),
    "a known name goes on": ("MMBench-GUI and OSWorld-G are hard.", ["MMBench-GUI", "OSWorld-G"], []),
    "a model family is no benchmark": ("Tested on LLaVA, and more.", [], ["LLaVA"]),
    "fields and makers are neither": ("OpenAI and LLMs use RLHF on GPUs.", [], []),
    "plural of an acronym is a class": ("LVLMs win.", [], []),
    "title-case compounds are words": ("Pareto-Optimal and Multi-Modal are words.", [], []),
    "capitals before a hyphen are a name": ("RWKV-like", [], ["RWKV-like"]),
    "latex commands are no names": (r"\SysName wins", [], []),
    "sentence case is a word": ("Models win.", [], []),
    "capital and digit": ("H4 and X are here.", [], ["H4"]),
}


@pytest.mark.parametrize(("sentence", "benchmarks", "systems"), NAMES.values(), ids=NAMES.keys())
def test_names_are_sorted(sentence, benchmarks, systems):
    assert tuple([name.text for name in each] for each in measured_names(sentence)) == (benchmarks, systems)


TITLES = {
    "before the colon": ("SkillRL: Evolving Agents", ("SkillRL",)),
    "several words": ("Step 3.5 Flash: Open Models", ("Step 3.5 Flash",)),
    "article": ("The AI Scientist-v2: Discovery", ("AI Scientist-v2", "Scientist-v2")),
    "chinese": ("SkillRL：會累積技能的 Agent", ("SkillRL",)),
    "a sentence before the colon": ("When all of the agents fail: SPOT-a test", ("SPOT",)),
    "greek": ("Mem-α: Learning", ("Mem-α", "Mem-alpha")),
    "no colon": ("BitNet Distillation", ("BitNet Distillation", "BitNet")),
    "pairs of capitalised words": ("Latent Thoughts with Thinking States", ("Latent Thoughts", "Thinking States")),
    "a question": ("Better ones?", ()),
    "a field": ("AI: a history", ()),
    "empty": ("", ()),
}


@pytest.mark.parametrize(("title", "names"), TITLES.values(), ids=TITLES.keys())
def test_names_of_a_title(title, names):
    assert names_of_title(title) == names


def test_proper_names_leave_fields_out():
    assert [name.text for name in proper_names("SkillRL uses RLHF on GPUs for NLP.")] == ["SkillRL"]


def test_own_names_do_not_overlap():
    _, systems = measured_names("BitNet Distillation and SkillRL win.", title="BitNet Distillation")
    assert [name.text for name in systems] == ["BitNet Distillation", "SkillRL"]


# What "it" stands for after these sentences, in a text entitled "SkillRL: Evolving Agents".
SPOKEN_OF = {
    "nothing yet": ("Agents forget.", ""),
    "the subject": ("SkillRL learns skills.", "SkillRL"),
    "behind an article": ("The SkillRL agent learns skills.", "SkillRL"),
    "introduced": ("To this end, we propose SkillRL.", "SkillRL"),
    "introduced, zh": ("为此，我们提出了 SkillRL。", "SkillRL"),
    "introduced under another spelling": ("We introduce SKILL-RL, an agent.", "SKILL-RL"),
    "what is introduced is a field": ("We present RLHF again.", ""),
    "what is introduced is no name": ("We present Models again.", ""),
    "only compared with": ("Compared to all, the best of the tested agents is SkillRL, they say.", ""),
    "still spoken of": ("SkillRL learns skills. The skills are many.", "SkillRL"),
    "another name": ("SkillRL learns skills. GPT-4 does not.", ""),
    "another name before it": ("GPT-4 is beaten by SkillRL.", ""),
    "a method that does something": ("SkillRL learns skills. GRPO reaches less.", ""),
    "a method that is only mentioned": ("SkillRL learns skills. GRPO training comes last.", "SkillRL"),
    "many others": ("SkillRL learns skills. LLMs reach less.", "SkillRL"),
    "a baseline": ("SkillRL learns skills. The best tested baseline is older.", ""),
    "a baseline, zh": ("SkillRL 学习技能。最强的基线更旧。", ""),
    "a sign first": ("SkillRL learns skills. (See below.)", "SkillRL"),
}


@pytest.mark.parametrize(("text", "work"), SPOKEN_OF.values(), ids=SPOKEN_OF.keys())
def test_whom_it_stands_for(text, work):
    sentences = (*text.replace("。", ". ").split(". "), "It reaches 52.1%.")
    assert antecedents(sentences, title="SkillRL: Evolving Agents")[-1] == work


def test_a_benchmark_is_told_by_its_name_or_title():
    assert is_benchmark_name("WebArena", title="")
    assert is_benchmark_name("SPOTTER", title="SPOTTER: A Benchmark")
    assert not is_benchmark_name("SkillRL", title="SkillRL: Evolving Agents")
