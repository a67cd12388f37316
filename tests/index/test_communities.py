"""Communities carried on from night to night: new notes join, old ones stay, what grew too large is parted."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest

from index.themes.communities import carried_on, communities, ties_of, woven
from index.themes.topics import LARGE, Standing, find_topics
from notes.topics import TopicChange
from tests.index.test_topics import TODAY, found


def ring(name, size, weight=0.6):
    """Notes of which each is close to the four before it."""
    keys = [f"{name}{at:04d}" for at in range(size)]
    return keys, [(keys[at], keys[at - back], weight) for at in range(size) for back in range(1, min(5, at + 1))]


def world(groups=20, size=12, noise=0.1, seed=1):
    """``groups`` fields of ``size`` notes, with a share of stray edges between them."""
    chance = random.Random(seed)
    found = [ring(f"g{at:02d}-", size) for at in range(groups)]
    keys = [key for some, _ in found for key in some]
    edges = [edge for _, some in found for edge in some]
    stray = [(*chance.sample(keys, 2), round(chance.uniform(0.2, 0.4), 3)) for _ in range(int(noise * len(edges)))]
    return keys, [*edges, *stray]


def graph_of(keys, edges):
    return woven(ties_of(keys, edges))


def placed(groups):
    return {key: at for at, group in enumerate(groups) for key in group}


def test_what_was_found_stays():
    keys, edges = world()
    graph = graph_of(keys, edges)
    first = carried_on(graph, communities(graph, min_size=3), min_size=3)
    assert carried_on(graph, first, min_size=3) == first


@pytest.mark.parametrize("seed", range(5))
def test_one_percent_of_new_notes_moves_less_than_two_percent_of_the_old(seed):
    keys, edges = world(groups=60, size=20, seed=seed)
    late = set(random.Random(seed).sample(keys, len(keys) // 100))
    old = [key for key in keys if key not in late]
    before = communities(graph_of(old, edges), min_size=3)
    after = carried_on(graph_of(keys, edges), before, min_size=3)
    was = placed(before)
    moved = 0
    for group in after:
        homes = [was[key] for key in group if key in was]
        moved += sum(home != max(set(homes), key=homes.count) for home in homes)
    moved += len(was.keys() - placed(after).keys())
    assert moved < 0.02 * len(old)
    joined = placed(after).keys() & late
    assert len(joined) >= len(late) / 2


def test_a_new_note_joins_where_most_of_its_closeness_lies():
    keys, edges = world(groups=4, noise=0)
    before = communities(graph_of(keys, edges), min_size=3)
    new = [("new", "g00-0000", 0.6), ("new", "g00-0001", 0.6), ("new", "g01-0000", 0.3)]
    after = carried_on(graph_of([*keys, "new"], [*edges, *new]), before, min_size=3)
    assert placed(after)["new"] == placed(after)["g00-0000"]


def test_a_note_without_a_majority_stays_free_and_free_ones_form_their_own():
    keys, edges = world(groups=4, noise=0)
    before = communities(graph_of(keys, edges), min_size=3)
    torn = [("torn", f"g0{at}-0000", 0.5) for at in range(4)]
    fresh = [(one, other, 0.6) for one, other in combinations(("n1", "n2", "n3"), 2)]
    after = placed(carried_on(graph_of([*keys, "torn", "n1", "n2", "n3"], [*edges, *torn, *fresh]), before, min_size=3))
    assert "torn" not in after
    assert after["n1"] == after["n2"] == after["n3"]


def test_a_note_far_closer_to_another_community_moves():
    keys, edges = world(groups=2, noise=0)
    before = communities(graph_of(keys, edges), min_size=3)
    drawn = [edge for edge in edges if "g00-0000" not in edge[:2]]
    drawn += [("g00-0000", "g00-0001", 0.3), *(("g00-0000", f"g01-000{at}", 0.8) for at in range(4))]
    after = placed(carried_on(graph_of(keys, drawn), before, min_size=3, looked=(0, 1)))
    assert after["g00-0000"] == after["g01-0000"]


@pytest.mark.parametrize(("looked", "parts"), [((), 1), ((0,), 2)], ids=["not looked at", "looked at"])
def test_a_community_that_is_two_is_parted_when_it_is_looked_at(looked, parts):
    one, its = ring("a", 12)
    other, theirs = ring("b", 12)
    graph = graph_of([*one, *other], [*its, *theirs, ("a0000", "b0000", 0.2)])
    assert len(carried_on(graph, [[*one, *other]], min_size=8, looked=looked)) == parts


@pytest.mark.parametrize(
    ("outside", "parts"), [pytest.param(0.1, 2, id="little outside"), pytest.param(1.0, 1, id="much outside")]
)
def test_a_community_is_not_parted_into_what_would_not_be_found_afresh(outside, parts):
    """Its halves hold together against each other, but not against all else."""
    halves = [[f"{half}{at}" for at in range(6)] for half in "ab"]
    graph = {key: {other: 1.0 for other in half if other != key} for half in halves for key in half}
    far = [f"far-{at}" for at in range(4)]
    graph |= {key: {one: outside for half in halves for one in half} for key in far}
    for key in (key for half in halves for key in half):
        graph[key] |= {("b" if key[0] == "a" else "a") + key[1]: 0.2} | dict.fromkeys(far, outside)
    groups = [sorted(graph.keys() - {*far}), *((key,) for key in far)]
    assert len(carried_on(graph, groups, min_size=3, looked=[0])) == len(far) + parts


def test_a_community_with_most_of_its_ties_in_another_goes_into_it():
    keys, edges = world(groups=2, noise=0)
    graph = graph_of(keys, edges)
    groups = [["g00-0000", "g00-0001", "g00-0002"], keys[3:12], keys[12:]]
    assert carried_on(graph, groups, min_size=3, looked=(0,)) == [tuple(keys[:12]), tuple(keys[12:])]


def test_what_the_graph_lacks_stays_where_it_was():
    keys, edges = world(groups=2, noise=0)
    graph = graph_of(keys[:12], edges)
    assert carried_on(graph, [keys[:12], keys[12:]], min_size=8, looked=(0,), known=keys) == [
        tuple(keys[:12]),
        tuple(keys[12:]),
    ]


def test_a_text_that_is_near_to_nothing_is_in_no_community():
    keys, edges = world(groups=2, noise=0)
    graph = graph_of([*keys, "lone"], [*edges, ("lone", "g00-0000", 0.1)])
    assert "lone" not in placed(communities(graph, min_size=3))


# Topics of a large vault


def texts_of(keys):
    return {key: (f"Field {key[:3]} methods", f"Notes on field {key[:3]} methods.", "en") for key in keys}


def night(keys, edges, before=(), *, texts=None):
    """The topics of one night of a large library; what has "late" in its id came today, the rest a day before."""
    created = {key: TODAY - timedelta(days="late" not in key) for key in keys}
    return found(edges=edges, texts=texts or texts_of(keys), previous=before, created=created)


def standing_of(one):
    return Standing(one.topics, one.fields, one.place, one.events)


def test_a_topic_that_did_not_grow_keeps_its_words():
    keys, edges = world(groups=30, size=10, noise=0.05)
    assert len(keys) >= LARGE
    first = night(keys, edges)
    other_words = dict.fromkeys(keys, ("Other", "Other words entirely.", "en"))
    assert night(keys, edges, standing_of(first), texts=other_words).topics == first.topics


def test_the_order_of_what_is_given_changes_nothing():
    keys, edges = world(groups=30, size=10)
    first = standing_of(night(keys, edges))
    turned = [(other, one, weight) for one, other, weight in edges[::-1]]
    grown = [*keys, "new"]
    there = night(grown, [*edges, ("new", keys[0], 0.9)], first)
    back = night(grown[::-1], [("new", keys[0], 0.9), *turned], replace(first, topics=first.topics[::-1]))
    assert there == back


def test_only_what_is_new_and_what_it_is_near_to_is_asked_about():
    keys, edges = world(groups=30, size=10, noise=0)
    first = night(keys, edges)
    ties = ties_of([*keys, "new"], [*edges, ("new", keys[0], 0.9)])
    asked = []

    def near(some):
        asked.extend(some)
        return {key: ties[key] for key in some}

    texts = texts_of([*keys, "new"])
    find_topics(texts, near, standing_of(first), dict.fromkeys(texts, TODAY), TODAY)
    assert set(asked) == {"new", keys[0]}


@pytest.mark.parametrize(
    ("groups", "late", "told"),
    [
        pytest.param(160, 4, [TopicChange.GROWN], id="by a quarter"),
        pytest.param(30, 6, [TopicChange.GROWN], id="a young house's by half"),
    ],
)
def test_a_topic_that_grew_is_looked_at_and_that_is_told(groups, late, told):
    keys, edges = world(groups=groups, size=10, noise=0)
    first = standing_of(night(keys, edges))
    more = [f"g00-late-{at}" for at in range(late)]
    home = first.place[keys[0]]
    members = [key for key, place in first.place.items() if place == home]
    joined = [(key, other, 0.6) for key in more for other in (*members, *more) if key != other]
    second = night([*keys, *more], [*edges, *joined], first)
    assert {second.place.get(key) for key in more} == {home}
    assert second.events == ()
    looks = [replace(event, day=TODAY - timedelta(days=1)) for event in first.events]
    third = night([*keys, *more], [*edges, *joined], replace(standing_of(second), events=looks))
    assert [(event.topic_id, event.kind) for event in third.events] == [(home, kind) for kind in told]


def test_a_young_house_is_carried_on_when_it_has_five_times_as_many_texts():
    keys, edges = world(groups=30, size=12)
    some = keys[:36]
    first = night(some, [edge for edge in edges if {*edge[:2]} <= {*some}])
    second = night(keys, edges, standing_of(first))
    assert len(set(first.place.values())) >= 3
    assert {key: second.place.get(key) for key in first.place} == first.place


@pytest.mark.parametrize(("part", "parts"), [(8, 1), (5, 2)], ids=["too small", "large enough"])
def test_a_community_is_not_parted_into_less_than_the_parts_asked_for(part, parts):
    (one, ones), (two, twos) = ring("a", 6), ring("b", 6)
    graph = graph_of([*one, *two], [*ones, *twos])
    assert len(carried_on(graph, [[*one, *two]], min_size=3, part_size=part, looked=[0])) == parts
