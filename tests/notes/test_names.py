import pytest

from notes.names import measured_names

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
