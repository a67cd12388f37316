"""Topics of items, fields and history in the database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notes.topics import TopicChange, TopicEvent, TopicState
from tests.slipway.boxes import DAY, NEXT_DAY, content
from tests.slipway.test_store_posts import AGENTS, RL

FIELD = replace(
    RL,
    id="field-learning",
    name="Learning",
    note_ids=("n-3", "n-2"),
    medoid="",
    names=(("en", "Learning"), ("zh-Hans", "学习")),
)
TOPICS = [
    replace(RL, parent=FIELD.id),
    replace(AGENTS, parent=FIELD.id, state=TopicState.ASLEEP, names=(("en", "Agents"),)),
]
BORN = TopicEvent(DAY, "agents", TopicChange.BORN)


def test_topics_and_fields_come_back_as_they_were(store):
    assert store.replace_topics(TOPICS, fields=[FIELD]) == 3
    assert store.topics() == (TOPICS[1], TOPICS[0])
    assert [replace(field, note_ids=()) for field in store.fields()] == [replace(FIELD, note_ids=())]
    assert set(store.fields()[0].note_ids) == {"n-2", "n-3"}
    before = content(store)
    assert store.replace_topics(TOPICS[::-1], fields=[FIELD]) == 0
    assert content(store) == before


def test_items_keep_their_topic_until_they_are_given_another(store):
    store.replace_topics([RL, AGENTS], items={1: RL.id, 2: AGENTS.id, 3: "", 4: "unknown"})
    assert store.topic_items() == {1: RL.id, 2: AGENTS.id}
    store.replace_topics([RL, AGENTS], items={2: RL.id, 3: AGENTS.id})
    assert store.topic_items() == {1: RL.id, 2: RL.id, 3: AGENTS.id}
    store.replace_topics([RL, AGENTS], items={3: ""})
    assert store.topic_items() == {1: RL.id, 2: RL.id}


@pytest.mark.parametrize(
    ("kind", "left"),
    [(TopicChange.MERGED, {1: RL.id, 2: RL.id}), (TopicChange.ENDED, {1: RL.id})],
    ids=["into the heir", "none"],
)
def test_items_of_a_topic_that_ended_go(store, kind, left):
    store.replace_topics([RL, AGENTS], items={1: RL.id, 2: AGENTS.id})
    heir = RL.id if kind is TopicChange.MERGED else ""
    store.replace_topics([RL], events=[TopicEvent(NEXT_DAY, AGENTS.id, kind, heir)])
    assert store.topic_items() == left


def test_history_is_told_once_and_in_order(store):
    grown = TopicEvent(NEXT_DAY, "agents", TopicChange.GROWN)
    split = TopicEvent(NEXT_DAY, "agents-2", TopicChange.SPLIT, "agents")
    store.replace_topics([AGENTS], events=[split, grown])
    store.replace_topics([AGENTS], events=[BORN, split])
    assert store.topic_events() == (BORN, grown, split)
