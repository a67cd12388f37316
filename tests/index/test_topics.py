from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from index.themes.communities import ties_of
from index.themes.topic_names import name_of, wordings
from index.themes.topic_words import is_thing
from index.themes.topics import Standing, find_topics
from notes.model import Topic
from notes.topics import TopicState

TODAY = date(2026, 2, 20)
TEXTS = {
    "rl-1": ("Skills for reinforcement learning agents", "Reinforcement learning agents reuse skills.", "en"),
    "rl-2": ("Reinforcement learning with verifiable rewards", "Verifiable rewards for reinforcement learning.", "en"),
    "rl-3": ("Exploration in reinforcement learning", "Agents explore; verifiable rewards help.", "en"),
    "rl-4": ("Curricula", "Reinforcement learning follows a curriculum of verifiable rewards.", "en"),
    "vis-1": ("Diffusion models for video generation", "Diffusion models draw frames of a video.", "en"),
    "vis-2": ("Long video generation", "Video generation by diffusion models.", "en"),
    "vis-3": ("Video diffusion models on a phone", "Diffusion models, small enough.", "en"),
    "zh-1": ("检索增强生成的评测", "检索增强生成让大模型引用资料。检索增强生成的评测仍然困难。", "zh-Hans"),
    "zh-2": ("企业里的检索增强生成", "检索增强生成落地：知识库与检索增强生成。", "zh-Hans"),
    "zh-3": ("檢索增強生成的安全", "檢索增強生成會被資料誤導。檢索增強生成的安全。", "zh-Hant"),
    "lone": ("On gardens", "A garden grows.", "en"),
}


def clique(*keys, weight=0.6):
    return [(one, other, weight) for one, other in combinations(keys, 2)]


EDGES = [
    *clique("rl-1", "rl-2", "rl-3", "rl-4"),
    ("rl-1", "rl-2", 0.9),
    *clique("vis-1", "vis-2", "vis-3"),
    *clique("zh-1", "zh-2", "zh-3"),
    ("rl-1", "vis-1", 0.2),
    ("lone", "zh-1", 0.05),
]
CREATED = {key: TODAY - timedelta(days=day) for day, key in enumerate(TEXTS)}


def standing(previous):
    place = {key: topic.id for topic in previous for key in topic.note_ids}
    return Standing(topics=previous, place=place)


def found(*, ids=None, edges=EDGES, texts=TEXTS, previous=(), created=CREATED, **more):
    """What is found where the neighbours are those that ``edges`` tell."""
    some = {key: texts[key] for key in (texts if ids is None else ids)}
    ties = ties_of(some, edges)
    near = lambda asked: {key: ties[key] for key in asked}  # noqa: E731
    before = previous if isinstance(previous, Standing) else standing(previous)
    return find_topics(some, near, before, created, TODAY, **more)


def topics(**given):
    return found(**given).topics


def held(topics):
    return {topic.id: set(topic.note_ids) for topic in topics}


def test_communities_become_topics():
    found = topics()
    assert sorted(map(sorted, held(found).values())) == [
        ["rl-1", "rl-2", "rl-3", "rl-4"],
        ["vis-1", "vis-2", "vis-3"],
        ["zh-1", "zh-2", "zh-3"],
    ]
    assert [topic.id for topic in found] == sorted(topic.id for topic in found)


def test_names_read_well():
    names = {topic.note_ids[0].split("-")[0]: topic.name for topic in topics()}
    assert names["rl"].startswith("Reinforcement learning")
    assert "iffusion" in names["vis"]
    assert names["zh"].startswith("检索增强生成")


def test_medoid_leads_then_by_day():
    topic = next(topic for topic in topics() if "rl-1" in topic.note_ids)
    assert topic.medoid == topic.note_ids[0] == "rl-1"
    assert topic.note_ids[1:] == ("rl-4", "rl-3", "rl-2")
    assert (topic.first_seen, topic.last_seen) == (CREATED["rl-4"], CREATED["rl-1"])


@pytest.mark.parametrize(
    ("given", "count"),
    [
        pytest.param({"ids": ("rl-1", "rl-2", "vis-1", "vis-2")}, 0, id="small communities are none"),
        pytest.param({"ids": ()}, 0, id="no notes"),
        pytest.param({"edges": ()}, 0, id="no edges"),
        pytest.param({"ids": ("rl-1", "rl-2", "rl-3")}, 1, id="edges to unknown notes are nothing"),
        pytest.param({"edges": [("rl-1", "rl-1", 1.0), ("rl-1", "rl-2", 0.0)]}, 0, id="loops and zeros are nothing"),
        pytest.param({"created": {}}, 3, id="unknown days"),
    ],
)
def test_number_of_topics(given, count):
    assert len(topics(**given)) == count


def test_the_order_of_notes_and_edges_changes_nothing():
    assert topics(ids=sorted(TEXTS, reverse=True), edges=[(b, a, w) for a, b, w in EDGES[::-1]]) == topics()


def test_a_hub_does_not_melt_all_topics_into_one(monkeypatch):
    hub = [("hub", key, 0.5) for key in TEXTS]
    texts = TEXTS | {"hub": ("Everything", "All of it.", "en")}
    assert len(topics(texts=texts, edges=[*EDGES, *hub])) == 3


# The same topic from night to night


def before(*note_ids, key="old-topic", name="Old name", terms=("reinforcement learning",)):
    first = TODAY - timedelta(days=90)
    return Topic(
        id=key, name=name, terms=terms, note_ids=note_ids, medoid=note_ids[0], first_seen=first, last_seen=first
    )


def test_an_overlapping_topic_goes_on():
    old = before("rl-1", "rl-2", "gone")
    topic = next(topic for topic in topics(previous=[old]) if "rl-1" in topic.note_ids)
    assert (topic.id, topic.name, topic.first_seen) == (old.id, old.name, old.first_seen)
    assert topic.last_seen == CREATED["rl-1"]


def test_an_undated_note_counts_as_todays_only_on_the_night_it_comes():
    days = {key: day for key, day in CREATED.items() if key != "rl-2"}
    (first,) = [topic for topic in topics(created=days) if "rl-1" in topic.note_ids]
    assert first.last_seen == TODAY
    old = before(*first.note_ids)
    (later,) = [topic for topic in topics(created=days, previous=[old]) if "rl-1" in topic.note_ids]
    assert later.last_seen == max(old.last_seen, days["rl-1"])


def test_a_name_that_tells_no_longer_is_changed():
    old = before("rl-1", "rl-2", "rl-3", terms=("blockchain",))
    topic = next(topic for topic in topics(previous=[old]) if "rl-1" in topic.note_ids)
    assert topic.id == old.id
    assert topic.name.startswith("Reinforcement learning")


@pytest.mark.parametrize(
    ("name", "note", "lang"),
    [("Old name", "rl-1", "en"), ("旧的名称", "zh-1", "zh-Hans"), ("旧的名称", "rl-1", "zh-Hans")],
    ids=["English", "Chinese", "Chinese of texts that are English now"],
)
def test_a_name_that_is_kept_is_the_name_in_its_language(name, note, lang):
    terms = ("reinforcement learning",) if note == "rl-1" else ("检索增强生成",)
    topic = next(
        topic
        for topic in topics(previous=[before(note, note[:-1] + "2", note[:-1] + "3", name=name, terms=terms)])
        if note in topic.note_ids
    )
    assert topic.name == topic.name_in(lang) == name


def test_little_overlap_is_another_topic():
    old = before("rl-1", *(f"gone-{number}" for number in range(9)))
    assert "old-topic" not in held(topics(previous=[old]))


def test_a_previous_topic_goes_on_once_where_it_overlaps_most():
    whole = before(*TEXTS, key="whole")
    found = held(topics(previous=[whole]))
    assert found["whole"] == {"rl-1", "rl-2", "rl-3", "rl-4"}
    assert len(found) == 3


def test_of_two_claims_the_greater_wins():
    found = held(topics(previous=[before("rl-1", "rl-2", key="half"), before("rl-1", "rl-2", "rl-3", key="most")]))
    assert "rl-1" in found["most"]
    assert "half" not in found


def test_a_note_of_a_day_to_come_puts_no_topic_to_sleep():
    """A plan that its owner dated 2099, or what a clock made that was wrong for one night."""
    usual, planned = found(), found(created=CREATED | {"lone": date(2099, 1, 1), "zh-1": date(2099, 1, 1)})
    assert [one.state for one in planned.topics] == [one.state for one in usual.topics]
    assert {one.state for one in usual.topics} == {TopicState.LIVING}
    assert max(one.last_seen for one in planned.topics) == TODAY


def test_what_was_found_is_found_again():
    first = topics()
    assert topics(previous=first) == first


def test_two_topics_of_one_name_have_two_ids():
    texts = {f"{group}{number}": ("World models", "World models.", "en") for group in "ab" for number in range(3)}
    found = topics(texts=texts, edges=[*clique("a0", "a1", "a2"), *clique("b0", "b1", "b2")], created={})
    assert [topic.id for topic in found] == ["world-models", "world-models-2"]


def test_each_process_finds_the_same():
    """Sets of strings have another order in each process; topics have not."""
    program = (
        "from tests.index.test_topics import topics\n"
        "print([(topic.id, topic.name, topic.terms, topic.note_ids) for topic in topics()])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


# Names


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        pytest.param(("reinforcement learning", "agents"), "Reinforcement learning · Agents", id="two of them"),
        pytest.param(("GRPO", "mHC"), "GRPO · mHC", id="names stay"),
        pytest.param(("embodied AI",), "Embodied AI", id="one of them"),
        pytest.param(("强化学习", "智能體"), "强化学习 · 智能體", id="chinese"),
    ],
)
def test_name_of(parts, name):
    assert name_of(parts) == name


@pytest.mark.parametrize(
    ("phrase", "thing"),
    [
        ("reinforcement learning", True),
        ("knowledge graphs", True),
        ("retrieval", True),
        ("super-resolution", True),
        ("hallucination", True),
        ("policy evolve", False),
        ("models fall", False),
        ("language models hallucinate", False),
        ("GRPO removes", False),
        ("model reaches", False),
        ("training data", False),
        ("base model", False),
        ("large-scale reinforcement learning", False),
        ("agents", False),
        ("collaborative", False),
        ("cross-modal", False),
        ("few-step", False),
        ("强化学习", True),
        ("可解释性", True),
        ("智能", True),
        ("發展", False),
        ("两跳问答上", False),
        ("对重金属", False),
        ("对比学习", True),
        ("改造后水冷壁", False),
        ("后训练", True),
        ("焙烧时间", False),
        ("来自全国", False),
        ("出现损失尖峰", False),
        ("思维链持平", False),
        ("公开", False),
        ("neuro-symbolic framework", False),
    ],
)
def test_is_thing(phrase, thing):
    assert is_thing(phrase) is thing


def notes(*given, lang="en"):
    return {f"n{number}": (*text, lang) for number, text in enumerate(given)}


OTHERS = {f"other-{number}": ("Gardens", "Gardens grow where language models do not.", "en") for number in range(9)}
GROUNDING = notes(
    ("ClickNet: a small agent", "ClickNet does GUI grounding on screens."),
    ("ClickNet in two pages", "ClickNet again; GUI grounding, told anew."),
    ("ClickNet: code", "ClickNet and its GUI grounding as code."),
    ("Looking at windows", "GUI grounding with visual search, after ClickNet."),
    ("Buttons", "Screens, GUI grounding and visual search."),
    ("Menus", "Menus need GUI grounding; visual search helps."),
    ("Dialogs", "Dialogs and visual search."),
)
HALLUCINATION = notes(
    ("Why language models hallucinate", "Guessing makes hallucinations. Language models hallucinate."),
    ("Why language models hallucinate?", "A reading: language models hallucinate. Hallucinations stay."),
    ("Facts", "Language models hallucinate; hallucinations are counted."),
    ("Rewards", "Hallucinations cost a reward."),
)
MIXED = notes(
    ("Memory of agents", "Long-term memory for agents."), ("Notes", "Agents with long-term memory. 长期记忆。")
) | {
    "zh-0": ("长期记忆", "长期记忆让智能体记住。长期记忆很便宜。", "zh-Hans"),
    "zh-1": ("遗忘", "长期记忆也会遗忘，长期记忆要整理。", "zh-Hans"),
}
MOSTLY_CHINESE = MIXED | {"zh-2": ("整理", "整理长期记忆：long-term memory。长期记忆。", "zh-Hans")}
HOUSE = notes(
    ("Probes", "We read features with tools of Goodfire and sparse probes."),
    ("Rewards", "Work at Goodfire on sparse probes."),
    ("Signals", "Signals, by Goodfire, from sparse probes."),
)
SPLATS = notes(
    *((f"Number {number}", "Splats drawn by Gaussian splatting, all with Gaussian splatting.") for number in range(5))
)
ABOUT_ONE = notes(*((f"AgentOS {number}", "AgentOS starts.") for number in range(3)))


@pytest.mark.parametrize(
    ("group", "parts"),
    [
        pytest.param(
            GROUNDING, ("GUI grounding", "visual search"), id="the field, not the one work that is told often"
        ),
        pytest.param(HALLUCINATION, ("hallucinations",), id="no verb phrase"),
        pytest.param(MIXED, ("long-term memory",), id="english in a mixed topic"),
        pytest.param(MOSTLY_CHINESE, ("长期记忆",), id="chinese where most notes are"),
        pytest.param(HOUSE, ("sparse probes",), id="no house"),
        pytest.param(SPLATS, ("Gaussian splatting",), id="a scholar's name begins a field's"),
        pytest.param(ABOUT_ONE, ("AgentOS",), id="the work that all notes are about"),
    ],
)
def test_a_name_tells_the_field(group, parts):
    wording = wordings([tuple(group)], group | OTHERS)[0]
    assert wording.parts == parts
    assert wording.terms[: len(parts)] == parts


def test_a_work_s_name_is_still_a_term():
    assert "ClickNet" in wordings([tuple(GROUNDING)], GROUNDING | OTHERS)[0].terms


def test_two_words_written_as_one_phrase_are_one_part():
    group = notes(
        ("GUI agents", "Screens. GUI; grounding."),
        ("Grounding a GUI", "GUI; grounding."),
        ("Grounding", "GUI. Grounding."),
        ("GUI models", "GUI grounding."),
        ("GUI", "GUI grounding."),
    )
    assert wordings([tuple(group)], group | OTHERS)[0].parts[0] == "GUI grounding"


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Retrieval-augmented generation (RAG)", "RAG"),
        ("Pre-trained language models (PLMs)", "PLMs"),
    ],
)
def test_an_abbreviation_does_not_stand_beside_what_it_abbreviates(title, short):
    texts = {str(n): (f"{title} {n}", f"{short} documents {n}.", "en") for n in range(3)}
    wording = wordings([tuple(texts)], texts | OTHERS)[0]
    assert title.partition(" (")[0].lower() in wording.parts
    assert short not in wording.terms


@pytest.mark.parametrize(
    ("texts", "term"),
    [
        pytest.param({"a": ("First", "x", "en"), "b": ("Second", "y", "en")}, "First", id="a title"),
        pytest.param({}, "a", id="an id"),
        pytest.param({"a": ("", "", "en"), "b": ("", "", "en")}, "a", id="no titles"),
    ],
)
def test_notes_that_share_nothing_still_have_a_name(texts, term):
    wording = wordings([("a", "b")], texts)[0]
    assert (wording.parts, wording.terms) == ((term,), (term,))


def test_notes_that_share_no_thing_are_named_by_what_they_share():
    texts = notes(("One", "Collaborative."), ("Two", "Collaborative."))
    assert wordings([tuple(texts)], texts)[0].parts == ("collaborative",)


def test_of_two_topics_of_one_name_the_later_is_told_by_what_tells_next_to_that():
    first = notes(*((f"World models {n}", "World models, and latent dynamics.") for n in range(4)))
    second = {f"b{n}": (f"World models {n}", "World models, and driving simulators.", "en") for n in range(4)}
    one, two = wordings([tuple(first), tuple(second)], first | second | OTHERS)
    assert "world models" in [part.lower() for part in one.parts]
    assert one.name != two.name
    assert not any(part.endswith(")") for part in two.parts)


def test_two_topics_that_nothing_tells_apart_have_numbers():
    texts = {f"{group}{number}": ("World models", "World models.", "en") for group in "ab" for number in range(3)}
    night = found(texts=texts, edges=[*clique("a0", "a1", "a2"), *clique("b0", "b1", "b2")], created={})
    assert [topic.name for topic in night.topics] == ["World models", "World models (2)"]


def test_of_two_topics_that_had_one_name_the_older_keeps_it():
    younger = replace(before("vis-1", "vis-2", "vis-3", key="younger", terms=("diffusion models",)), name="Old name")
    older = replace(before("rl-1", "rl-2", "rl-3", terms=("reinforcement learning",)), name="Old name")
    older = replace(older, first_seen=younger.first_seen - timedelta(days=1))
    names = {topic.id: topic.name for topic in topics(previous=[younger, older])}
    assert names[older.id] == "Old name"
    assert names["younger"] != "Old name"


def test_a_name_is_in_the_plural_where_the_texts_have_one():
    group = notes(
        ("Medical image segmentation", "Medical image segmentation."),
        ("Medical image registration", "Medical image registration."),
        ("Medical image synthesis", "Medical image synthesis."),
        ("Doctors", "They read medical images."),
    )
    wording = wordings([tuple(group)], group | OTHERS)[0]
    assert wording.parts[0] == "medical images"
    assert wording.terms[0] == "medical image"


def test_a_chinese_term_counts_inside_a_longer_stretch_too():
    group = {
        "a": ("人力资源", "人力资源很重要。", "zh-Hans"),
        "b": ("医院人力资源配置模式", "没有别的。", "zh-Hans"),
        "c": ("高校人力资源管理制度", "没有别的。", "zh-Hans"),
        "d": ("人力资源", "花园。", "zh-Hans"),
    }
    assert wordings([tuple(group)], group | OTHERS)[0].parts == ("人力资源",)
