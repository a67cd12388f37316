import pytest

from notes.names import measured_names, names_of_title, proper_names

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
