"""Parts of graphs by modularity."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.themes.partition import inner_share, parts, subgraph


def graph(size, edges):
    found = [{} for _ in range(size)]
    for one, other, weight in edges:
        found[one][other] = found[other][one] = weight
    return found


def cliques(count, size):
    """Complete groups in a ring, each tied to the next by one edge."""
    edges = [
        (group * size + one, group * size + other, 1.0)
        for group in range(count)
        for one, other in combinations(range(size), 2)
    ]
    bridges = [(group * size, (group + 1) % count * size + 1, 1.0) for group in range(count)]
    return graph(count * size, [*edges, *bridges])


@pytest.mark.parametrize(("count", "size"), [(2, 4), (4, 5), (8, 5)])
def test_cliques_are_parts(count, size):
    assert parts(cliques(count, size)) == [list(range(at * size, (at + 1) * size)) for at in range(count)]


def test_a_node_without_edges_is_a_part_of_its_own():
    assert parts(graph(3, [(0, 1, 1.0)])) == [[0, 1], [2]]


@pytest.mark.parametrize("edges", [[], [(0, 1, 0.0)]], ids=["no edges", "no weight"])
def test_a_graph_without_weight_has_no_parts_but_nodes(edges):
    assert parts(graph(2, edges)) == [[0], [1]]


def test_no_nodes_are_no_parts():
    assert parts([]) == []


def test_the_shares_of_parts():
    ring = cliques(4, 5)
    assert inner_share(ring, range(5)) == pytest.approx(20 / 22)
    assert inner_share(ring, range(20)) == 1.0
    assert inner_share(ring, ()) == 0.0
    assert subgraph(ring, [1, 0, 19]) == [{1: 1.0}, {0: 1.0}, {}]


@given(
    st.integers(2, 12).flatmap(
        lambda size: st.tuples(
            st.just(size),
            st.lists(
                st.tuples(st.integers(0, size - 1), st.integers(0, size - 1), st.floats(0.01, 1)),
                max_size=40,
            ),
        )
    )
)
def test_every_node_is_in_one_part_and_the_parts_are_no_worse_than_the_whole(given_graph):
    size, edges = given_graph
    edges = [edge for edge in edges if edge[0] != edge[1]]
    found = parts(graph(size, edges))
    assert sorted(node for part in found for node in part) == list(range(size))
    network = nx.Graph()
    network.add_nodes_from(range(size))
    for one, other, weight in edges:
        network.add_edge(one, other, weight=weight)
    if network.number_of_edges():
        assert nx.community.modularity(network, map(set, found)) >= -1e-9
