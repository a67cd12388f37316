"""Fields: communities of topics."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.themes.communities import ties_of
from index.themes.topics import Standing
from tests.index.test_communities import ring, standing_of, texts_of
from tests.index.test_topics import TODAY, found


def land(fields=2, topics=5, size=8):
    """Topics of ``size`` texts, close inside, less so to the topics of their field, not at all to others."""
    names = [[f"{field}{topic}" for topic in range(topics)] for field in "abcdef"[:fields]]
    groups = {name: ring(f"{name}-", size, 0.9) for some in names for name in some}
    edges = [edge for _, its in groups.values() for edge in its]
    for some in names:
        edges += [
            (f"{one}-000{at}", f"{other}-000{at}", 0.3)
            for one in some
            for other in some
            if one < other
            for at in (0, 3, 6)
        ]
    texts = {}
    for name, (keys, _) in groups.items():
        about = f"Field{name[0]} studies with matter{name} things"
        texts |= dict.fromkeys(keys, (about, f"Field{name[0]} studies. Matter{name} things.", "en"))
    return texts, edges


def test_topics_of_one_land_are_in_one_field():
    texts, edges = land()
    night = found(texts=texts, edges=edges, created={})
    assert len(night.fields) == 2
    parents = {key: next(one.parent for one in night.topics if one.id == topic) for key, topic in night.place.items()}
    for land_name in "ab":
        assert len({parent for key, parent in parents.items() if key[0] == land_name}) == 1
    for field in night.fields:
        assert field.id.startswith("field-")
        assert set(field.note_ids) == {one.medoid for one in night.topics if one.parent == field.id}


def test_no_field_and_no_topic_have_one_name():
    texts, edges = land()
    night = found(texts=texts, edges=edges, created={})
    names = [one.name.casefold() for one in (*night.topics, *night.fields)]
    assert len(names) == len({*names})


def test_few_topics_have_no_fields():
    texts, edges = land(fields=1, topics=4)
    night = found(texts=texts, edges=edges, created={})
    assert night.fields == ()
    assert {topic.parent for topic in night.topics} == {""}


@pytest.mark.parametrize("again", [False, True], ids=["the same texts", "and a new topic"])
def test_fields_stay_and_a_new_topic_joins_one(again):
    texts, edges = land()
    first = found(texts=texts, edges=edges, created={})
    if again:
        keys, its = ring("a9-", 8, 0.9)
        texts = texts | texts_of(keys)
        edges = [*edges, *its, *((f"a9-000{at}", f"a1-000{at}", 0.3) for at in (0, 3, 6))]
    second = found(texts=texts, edges=edges, created={}, previous=standing_of(first))
    assert [field.id for field in second.fields] == [field.id for field in first.fields]
    old = {topic.id: topic.parent for topic in first.topics}
    assert {topic.id: topic.parent for topic in second.topics if topic.id in old} == old
    new = [topic for topic in second.topics if topic.id not in old]
    home = first.place["a1-0000"]
    assert [topic.parent for topic in new] == [old[home]] * again


def test_a_field_without_topics_is_gone():
    texts, edges = land()
    first = found(texts=texts, edges=edges, created={})
    left = {key: text for key, text in texts.items() if key[0] == "a"}
    second = found(texts=left, edges=edges, created={}, previous=standing_of(first))
    assert len(second.fields) <= 1


def test_a_topic_of_items_alone_has_no_notes_and_sleeps_when_they_left():
    texts, edges = land(fields=1, topics=2)
    first = found(
        texts=texts, edges=edges, created=dict.fromkeys(texts, TODAY), notes=[key for key in texts if key < "a1"]
    )
    (items,) = [topic for topic in first.topics if first.place["a1-0000"] == topic.id]
    assert (items.note_ids, items.medoid) == ((), "")
    left = {key: text for key, text in texts.items() if key < "a1"}
    place = {key: topic for key, topic in first.place.items() if key in left}
    before = Standing(first.topics, first.fields, place, first.events, {items.id: 8})
    second = found(texts=left, edges=edges, created=dict.fromkeys(left, TODAY), previous=before)
    assert items.id in {topic.id for topic in second.topics}
    forgotten = found(
        texts=left, edges=edges, created=dict.fromkeys(left, TODAY), previous=replace(before, remembered={})
    )
    assert items.id not in {topic.id for topic in forgotten.topics}


def test_ties_are_those_of_both_ends():
    assert ties_of("ab", [("a", "b", 0.5), ("b", "a", 0.7), ("a", "x", 1.0)]) == {"a": [("b", 0.7)], "b": [("a", 0.7)]}
