"""What becomes of topics: born, grown, merged, parted, asleep, awake, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from index.themes.lives import changes, grown, state_of
from notes.model import Topic
from notes.topics import TopicChange, TopicEvent, TopicState

TODAY = date(2026, 2, 20)
TOPIC = Topic(id="a", name="A", terms=("a",), note_ids=(), medoid="", first_seen=TODAY, last_seen=TODAY)


def topics(*names):
    return [replace(TOPIC, id=name) for name in names]


def placed(**members):
    return {f"n{number}": name for name, numbers in members.items() for number in numbers}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param({}, {"a": range(4)}, [("a", "born", "")], id="born"),
        pytest.param({"a": range(8)}, {"a": range(5), "b": range(5, 8)}, [("b", "split", "a")], id="split"),
        pytest.param(
            {"a": range(4), "b": range(4, 7)},
            {"a": range(7)},
            [("b", "merged", "a")],
            id="merged into the one that stays",
        ),
        pytest.param({"a": range(4)}, {}, [("a", "ended", "")], id="its texts are gone"),
        pytest.param({"a": range(4)}, {"a": range(6)}, [], id="a little more"),
        pytest.param(
            {"a": range(4), "b": range(4, 8)},
            {"a": range(4), "b": range(4, 8), "c": [8, 9, 3]},
            [("c", "born", "")],
            id="mostly new texts",
        ),
    ],
)
def test_changes(before, after, told):
    found = changes(topics(*before), placed(**before), topics(*after), placed(**after), (), TODAY)
    assert [(event.topic_id, event.kind.value, event.other) for event in found] == told


def test_a_topic_that_was_looked_at_has_grown():
    assert changes(topics("a"), {}, topics("a"), {}, {"a"}, TODAY) == (TopicEvent(TODAY, "a", TopicChange.GROWN),)


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        (TopicState.LIVING, TopicState.ASLEEP, TopicChange.ASLEEP),
        (TopicState.ASLEEP, TopicState.LIVING, TopicChange.AWAKE),
    ],
)
def test_falling_asleep_and_waking_are_told(was, now, kind):
    told = changes([replace(TOPIC, state=was)], {}, [replace(TOPIC, state=now)], {}, (), TODAY)
    assert told == (TopicEvent(TODAY, "a", kind),)


@pytest.mark.parametrize(("days", "state"), [(42, TopicState.LIVING), (43, TopicState.ASLEEP)])
def test_a_topic_sleeps_after_six_weeks_in_which_others_got_texts(days, state):
    assert state_of(TOPIC, TODAY + timedelta(days=days)) is state


@pytest.mark.parametrize(
    ("old", "new", "fewest", "has_grown"),
    [(8, 1, 1, False), (8, 2, 1, True), (8, 2, 3, False), (0, 3, 3, True)],
    ids=["an eighth", "a quarter", "a quarter, too few", "never looked at"],
)
def test_grown(old, new, fewest, has_grown):
    days = {f"n{at}": TODAY if at < old else TODAY + timedelta(days=1) for at in range(old + new)}
    events = [TopicEvent(TODAY, "a", TopicChange.BORN)] if old else []
    assert grown({"a": list(days)}, events, days, fewest) == (frozenset("a") if has_grown else frozenset())


@pytest.mark.parametrize(("new", "has_grown"), [(3, False), (4, True)], ids=["by three eighths", "by half"])
def test_a_topic_may_have_to_grow_by_more(new, has_grown):
    days = {f"n{at}": TODAY if at < 8 else TODAY + timedelta(days=1) for at in range(8 + new)}
    events = [TopicEvent(TODAY, "a", TopicChange.BORN)]
    assert bool(grown({"a": list(days)}, events, days, 1, growth=0.5)) is has_grown
