"""How a sentence that names another work stands to it, and which names a note brought into the world."""

from __future__ import annotations

import time

import pytest

from notes.model import RelationKind
from publish.sources.relations import introduced_name, is_acronym, naming, relation
from tests.publish.newsroom import DAY, vault_note

MODEL = vault_note(60, "BaseNet: A Network to Build On", "We present BaseNet, a plain network for images.")
YARDSTICK = vault_note(
    61, "PlainBench: A Benchmark of Plain Things", "We introduce PlainBench, a benchmark of 300 tasks."
)

SAID = {
    "built on": ("We present NextNet, a unified framework for phones built on BaseNet.", "builds"),
    "its architecture": ("NextNet builds on the BaseNet architecture and adds a cache.", "builds"),
    "adapting": ("We describe a simple framework for adapting BaseNet to medicine.", "builds"),
    "predecessor": ("This is a major leap forward from its predecessor, BaseNet.", "builds"),
    "fine-tuned from a list": ("Our models are fine-tuned from FarNet and BaseNet.", "builds"),
    "outperforms": ("NextNet outperforms BaseNet with +19.05 on ImageNet.", "compares"),
    "like": ("Given the same data, we also outperform RL-based techniques like BaseNet.", "compares"),
    "i.e.": ("Experiments show speeds 47 times faster than the recent method, i.e., BaseNet.", "compares"),
    "first of its betters": ("It is surpassing strong baselines such as BaseNet and the text-only FarNet.", "compares"),
    "applied to": ("We applied NextNet to strong base models, including FarNet 1.5, BaseNet, and OtherNet.", "applied"),
    "generalises": ("Finally, our method also generalizes to diffusion models such as FarNet and BaseNet.", "applied"),
    "contradicts": ("Our results contradict those of BaseNet.", "disagrees"),
    "fails to reproduce": ("We fail to reproduce BaseNet on smaller machines.", "disagrees"),
    "others build": ("Existing methods build on BaseNet and need much memory.", "names"),
    "others are compared": ("Recent agents such as FarNet outperform BaseNet on long tasks.", "names"),
    "only named": ("The history of BaseNet is told elsewhere.", "names"),
    "no part of a longer name": ("We build on BaseNet-XL and on nothing else.", "names"),
    "on a benchmark": ("NextNet outperforms FarNet on BaseNet.", "names"),
    "in Chinese": ("我们的方法以微调 BaseNet 得到。", "builds"),
    "compared in Chinese": ("我们的方法优于 BaseNet。", "compares"),
}
MEASURED = {
    "score": ("NextNet achieves 36.2% on ImageNet and 47.3% on PlainBench.", "measured"),
    "row": ("Experiments on FarBench, PlainBench, and OtherBench show consistent gains.", "measured"),
    "brackets": ("It also boosts editing benchmarks (PlainBench 3.38 to 3.75).", "measured"),
    "what is wrong with it": ("Evaluations on benchmarks like PlainBench have notable limitations.", "names"),
    "others on it": ("Proprietary systems like FarNet have reached 90% on benchmarks such as PlainBench.", "names"),
    "a data set that is larger": ("Our data surpasses all prior data sets, including PlainBench.", "compares"),
}


@pytest.mark.parametrize(("sentence", "kind"), SAID.values(), ids=SAID)
def test_what_a_sentence_says(sentence, kind):
    assert relation(sentence, "BaseNet", own="NextNet", to=MODEL) is RelationKind(kind)


@pytest.mark.parametrize(("sentence", "kind"), MEASURED.values(), ids=MEASURED)
def test_only_on_a_benchmark_anything_is_measured(sentence, kind):
    assert relation(sentence, "PlainBench", own="NextNet", to=YARDSTICK) is RelationKind(kind)


INTRODUCED = {
    "introduced": ("BaseNet: A Network", "We present BaseNet, a plain network.", "BaseNet"),
    "report": ("BaseNet-2 Technical Report", "BaseNet-2 is a series of plain networks.", "BaseNet-2"),
    "only in the title": ("BaseNet: A Network", "We propose a plain network.", "BaseNet"),
    "a work about it": ("BaseNet: What Goes Wrong", "Since BaseNet came out, many use it. It is slow.", ""),
    "opens a title": ("BaseNet Won't Learn Colours", "We propose a test of BaseNet.", ""),
    "how, not which": ("LLM-based: A Survey", "We present LLM-based agents.", ""),
    "a compound": ("Sparse-to-Dense: A Lunch", "We present Sparse-to-Dense, a method.", ""),
}


@pytest.mark.parametrize(("title", "text", "name"), INTRODUCED.values(), ids=INTRODUCED)
def test_a_name_is_of_the_note_that_brought_it(title, text, name):
    assert introduced_name(vault_note(62, title, text)) == name


OWN = {
    "spelled out": "We measure problem solving (PlainBench) of students.",
    "proposed": "We propose a new plain network, PlainBench, for phones.",
    "one of two": "It has two parts; (2) PlainBench, the first data set of its kind.",
    "ours": "We train on our novel data set PlainBench.",
    "an address": "Code is at https://github.com/lab/PlainBench.",
}


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_a_work_that_brings_the_name_itself_names_nobody(text):
    assert naming(vault_note(63, "A Title", text, day=DAY), "PlainBench") == ()


def test_capitals_alone_are_the_name_of_many():
    assert [
        name
        for name in (
            "WISE",
            "SAGE",
            "V2V",
            "ADNet",
            "CoT-RAG",
            "BrowseComp",
            "GLM-4.5",
            "Flow-GRPO",
            "Kimi-VL",
            "LagKV",
        )
        if is_acronym(name)
    ] == [
        "WISE",
        "SAGE",
        "V2V",
        "ADNet",
        "CoT-RAG",
    ]


@pytest.mark.parametrize("piece", ["a", "a.", "a-", "a.com/", "ab ", "We present a "])
def test_no_text_takes_long(piece):
    text = piece * (80_000 // len(piece)) + " measured by (PlainBench) and BaseNet."
    started = time.process_time()
    introduced_name(vault_note(64, "BaseNet: A Network", text))
    naming(vault_note(64, "A Title", text), "PlainBench")
    relation(text, "BaseNet", own="NextNet", to=MODEL)
    assert time.process_time() - started < 3.0


@pytest.mark.parametrize("unit", ["1-", "v1-", "1.0 ", "dev "])
def test_a_long_version_is_read_in_one_way(unit):
    started = time.process_time()
    relation(f"We build on BaseNet {unit * 2_000}x, and more.", "BaseNet", own="NextNet", to=MODEL)
    assert time.process_time() - started < 3.0
