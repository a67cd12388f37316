"""Tags: the user's own first, given where a note is about them, the same from night to night."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.markup.obsidian import is_tag
from notes.tags.tag_names import beginnings, key, name_of, named, occurrences
from notes.tags.vocabulary import MOST, Tagged, Vocabulary, is_subject


def own(*tags: str, title: str = "", text: str = "") -> Tagged:
    return Tagged(title, text, tags)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Reinforcement-Learning", "reinforcement_learning", True),
        ("ReinforcementLearning", "reinforcement-learning", True),
        ("強化學習", "强化学习", True),
        ("ＲＡＧ", "rag", True),
        ("ml/rl", "ML/RL", True),
        ("ml/rl", "mlrl", False),
        ("llm", "llms", False),
    ],
    ids=[
        "case and hyphen",
        "camel case",
        "traditional",
        "full width",
        "nested",
        "levels part",
        "plural is another tag",
    ],
)
def test_spellings_of_one_tag(one, other, same):
    assert (key(one) == key(other)) is same


@pytest.mark.parametrize(
    ("tag", "title", "text", "found"),
    [
        ("reinforcement-learning", "Reinforcement Learning for agents", "", True),
        ("ReinforcementLearning", "A reinforcement-learning recipe", "", True),
        ("ml/rl", "RL with verifiable rewards", "", True),
        ("ml/rl", "rl in lower case is no abbreviation", "", False),
        ("go", "To go further", "", False),
        ("llm", "", "LLMs forget. Yet LLMs learn.", True),
        ("agent", "", "Agents plan, and an agent acts.", True),
        ("agents", "An agent that plans", "", True),
        ("diffusion", "", "Diffusion is mentioned once.", False),
        ("diffusion", "", "Diffusion here, diffusion there.", True),
        ("diffusion", "", "Diffusion, diffusion. " + "Something else entirely is told here. " * 200, False),
        ("ai", "Training detail", "", False),
        ("强化学习", "", "強化學習讓智能體學會技能。強化學習很慢。", True),
        ("強化學習", "强化学习综述", "", True),
        ("rag", "Storage and dragging", "RAG once", False),
        ("vision-language-action", "Vision-language-action models", "", True),
        ("language-model", "Recursive language models", "", True),
    ],
)
def test_a_name_is_found_where_the_note_is_about_it(tag, title, text, found):
    assert bool(named(title, text, {name_of(tag)})) is found


def test_a_title_tells_before_the_text_does():
    told = named("Agents", "memory memory memory", {"agent", "memory"})
    assert list(told.items()) == [("agent", True), ("memory", False)]


def test_occurrences_count_whole_words():
    names = {"rag", "agent"}
    assert occurrences("RAG, RAGs and agents; dragging agentic", names, beginnings(names)) == {"rag": 2, "agent": 1}


@pytest.mark.parametrize(
    ("tag", "subject"),
    [
        ("reinforcement-learning", True),
        ("ml/rl", True),
        ("智能体", True),
        ("todo", False),
        ("status/draft", False),
        ("status/rl", False),
        ("待办", False),
        ("model", False),
        ("2024/01", False),
        ("x", False),
    ],
)
def test_marks_of_keeping_are_no_subjects(tag, subject):
    assert is_subject(tag) is subject


def test_the_users_spelling_and_the_synonyms_hold_for_all_tags():
    vocabulary = Vocabulary.learn(
        [own("Reinforcement_Learning"), own("llm")], synonyms={"LLMs": "llm", "rl": "reinforcement-learning"}
    )
    given_tags = vocabulary.tags("", "", fixed=("llms", "reinforcement-learning", "rl", "arxiv/cs/LG"))
    assert given_tags == ("llm", "Reinforcement_Learning", "arxiv/cs/LG")


@pytest.mark.parametrize("circle", [{"a1": "b1", "b1": "a1"}, {"a1": "a1"}], ids=["circle", "itself"])
def test_synonyms_in_a_circle_end(circle):
    assert is_tag(Vocabulary.learn([], synonyms=circle).canonical("a1"))


def test_chains_of_synonyms_are_followed():
    assert Vocabulary.learn([], synonyms={"lms": "llms", "llms": "llm"}).canonical("LMs") == "llm"


def test_a_tag_that_the_users_notes_do_not_bear_where_they_hold_its_name_is_not_given():
    talk = [own("memo", title=f"Diffusion {n}", text="diffusion") for n in range(4)]
    vocabulary = Vocabulary.learn([*talk, own("diffusion")])
    assert vocabulary.tags("Diffusion models", "") == ()
    # The control: the same tag where the practice is another.
    kept = [own("diffusion", title=f"Diffusion {n}", text="diffusion") for n in range(4)]
    assert Vocabulary.learn(kept).tags("Diffusion models", "") == ("diffusion",)


def test_a_child_tag_counts_as_its_parents():
    vocabulary = Vocabulary.learn([own("agents/memory", title=f"Agents {n}") for n in range(4)] + [own("agents")])
    assert vocabulary.tags("Agents at work", "") == ("agents",)


NEAR = [own("robotics", title=f"Robotics {n}") for n in range(3)] + [own(f"other{n}") for n in range(12)]


@pytest.mark.parametrize(
    ("near", "tags"),
    [
        ([["robotics"], ["robotics"]], ("robotics",)),
        ([["robotics"]], ()),
        ([["robotics"], ["robotics"], ["x1"], ["x2"]], ("robotics",)),
        ([["robotics"], ["robotics"], ["x1"], ["x2"], ["x3"]], ()),
        ([["robotics"], ["robotics"], [], [], []], ("robotics",)),
        ([["unknown"], ["unknown"]], ()),
    ],
    ids=["two of two", "one alone", "half", "less than half", "untagged ones have no voice", "not in the vocabulary"],
)
def test_the_verdict_of_neighbours(near, tags):
    assert Vocabulary.learn(NEAR).tags("Grippers", "a hand", near=near) == tags


def test_what_most_notes_bear_or_none_speaks_of_is_no_verdict():
    marks = [own("evergreen", "grasping", title=f"note {n}") for n in range(12)]
    assert Vocabulary.learn(marks).tags("t", "", near=[["evergreen", "grasping"]] * 3) == ()


def test_accepted_tags_are_given_and_declined_ones_are_not():
    assert Vocabulary.learn([], accepted=["world-models"]).tags("World models that dream", "") == ("world-models",)
    assert Vocabulary.learn([]).tags("World models that dream", "") == ()


def test_an_accepted_tag_takes_the_users_spelling_and_synonym():
    vocabulary = Vocabulary.learn([own("World_Models")], accepted=["world-models"])
    assert vocabulary.tags("World models that dream", "") == ("World_Models",)


def test_at_most_five_beside_what_the_source_gives():
    names = ["alpha1", "bravo1", "charlie1", "delta1", "echo1", "foxtrot1", "golf1"]
    vocabulary = Vocabulary.learn([own(*names)])
    tags = vocabulary.tags(" ".join(names), "", fixed=("arxiv/cs/LG", "feed"))
    assert tags[:2] == ("arxiv/cs/LG", "feed")
    assert len(tags) == 2 + MOST


def test_of_a_tag_and_its_child_the_child_is_given():
    vocabulary = Vocabulary.learn([own("robots", "robots/gripper")])
    assert vocabulary.tags("Robots with a gripper", "") == ("robots/gripper",)


def test_tags_that_stand_stay_while_the_vocabulary_has_them():
    vocabulary = Vocabulary.learn([own("robotics")])
    assert vocabulary.tags("Grippers", "", standing=("robotics", "gone")) == ("robotics",)


def test_the_fingerprint_follows_the_vocabulary_only():
    one = Vocabulary.learn([own("robotics", title="a")])
    assert one.fingerprint == Vocabulary.learn([own("robotics", title="b"), own("robotics")]).fingerprint
    assert one.fingerprint != Vocabulary.learn([own("robotics", "agents")]).fingerprint
    assert one.fingerprint != Vocabulary.learn([own("robotics")], synonyms={"bots": "robotics"}).fingerprint


WORDS = st.sampled_from(
    ["agents", "Memory", "RL", "ml/rl", "ml", "强化学习", "強化學習", "robots/gripper", "robots", "x y", "9", "a.b"]
)
TAGS = st.lists(WORDS, max_size=4).map(tuple)
TEXT = st.lists(WORDS, max_size=8).map(" ".join)
OWN = st.lists(st.builds(Tagged, TEXT, TEXT, TAGS), max_size=6)


@given(
    OWN, TEXT, TEXT, TAGS, st.lists(TAGS, max_size=4), st.dictionaries(WORDS, WORDS.filter(is_tag), max_size=3), TAGS
)
def test_what_was_given_once_is_given_again(notes, title, text, fixed, near, synonyms, accepted):
    """The second night sees the file's tags and asks no neighbours: the note's tags are the same, valid, and each once."""
    vocabulary = Vocabulary.learn(notes, accepted=accepted, synonyms=synonyms)
    first = vocabulary.tags(title, text, fixed=fixed, near=near)
    assert vocabulary.tags(title, text, fixed=fixed, standing=first) == first
    assert all(map(is_tag, first))
    assert len({key(tag) for tag in first}) == len(first)


@given(OWN, TEXT, TEXT)
def test_the_order_of_the_users_notes_does_not_matter(notes, title, text):
    assert Vocabulary.learn(notes).tags(title, text) == Vocabulary.learn(notes[::-1]).tags(title, text)
