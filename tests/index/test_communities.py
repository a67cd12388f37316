"""Communities carried on from night to night: new notes join, old ones stay, what grew too large is parted."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from index.themes.communities import LARGEST, carried_on, communities, strongest
from index.themes.topics import LARGE, find_topics
from tests.index.test_topics import TODAY


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
    return strongest(sorted(keys), edges)


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
    after = placed(carried_on(graph_of(keys, drawn), before, min_size=3))
    assert after["g00-0000"] == after["g01-0000"]


def test_a_community_that_grew_too_large_is_parted():
    one, its = ring("a", LARGEST - 10)
    other, theirs = ring("b", LARGEST - 10)
    bridge = [("a0000", "b0000", 0.2)]
    after = carried_on(graph_of([*one, *other], [*its, *theirs, *bridge]), [[*one, *other]], min_size=3)
    assert max(map(len, after)) <= LARGEST
    assert not any({key[0] for key in group} == {"a", "b"} for group in after)


def test_a_community_of_too_few_is_dissolved():
    keys, edges = world(groups=2, noise=0)
    graph = graph_of([*keys, "x", "y"], [*edges, ("x", "y", 0.9)])
    assert not {"x", "y"} & placed(carried_on(graph, [keys[:12], keys[12:], ("x", "y", "gone")], min_size=3)).keys()


# Topics of a large vault


def texts_of(keys):
    return {key: (f"Field {key[:3]} methods", f"Notes on field {key[:3]} methods.", "en") for key in keys}


def test_a_topic_whose_notes_are_the_same_keeps_its_words():
    keys, edges = world(groups=30, size=10, noise=0.05)
    assert len(keys) >= LARGE
    first = find_topics(keys, edges, texts_of(keys), (), {}, TODAY)
    other_words = dict.fromkeys(keys, ("Other", "Other words entirely.", "en"))
    settled = find_topics(keys, edges, texts_of(keys), first, {}, TODAY)
    assert find_topics(keys, edges, other_words, settled, {}, TODAY) == settled


def test_the_order_of_what_is_given_changes_nothing():
    keys, edges = world(groups=30, size=10)
    first = find_topics(keys, edges, texts_of(keys), (), {}, TODAY)
    turned = [(other, one, weight) for one, other, weight in edges[::-1]]
    grown = [*keys, "new"]
    there = find_topics(grown, [*edges, ("new", keys[0], 0.9)], texts_of(grown), first, {}, TODAY)
    back = find_topics(grown[::-1], [("new", keys[0], 0.9), *turned], texts_of(grown[::-1]), first[::-1], {}, TODAY)
    assert there == back
