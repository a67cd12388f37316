"""Parts of a weighted graph by modularity: the method of Blondel et al. (2008) with the queue of Traag et al. (2019).

Nodes are numbers, and every order is theirs: the same graph gives the same parts, in any process.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

__all__ = ["Adjacency", "inner_share", "parts", "subgraph"]

Adjacency: TypeAlias = Sequence[Mapping[int, float]]
"""For each node its neighbours and the weights of their edges, both ways."""

_NO_GAIN = 1e-12
_ROUNDS = 20  # queue lengths after which moving ends, so that rounding cannot keep two nodes changing places for ever


def parts(graph: Adjacency) -> list[list[int]]:
    """The communities of the greatest modularity that moving node by node finds, largest first, ties by first member."""
    place, level = list(range(len(graph))), graph
    while True:
        moved = list(range(len(level)))
        if not _settle(level, moved):
            break
        level, moved = _merged(level, moved)
        place = [moved[at] for at in place]
    _settle(graph, place)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for node, at in enumerate(place):
        found[at].append(node)
    return sorted(found.values(), key=lambda part: (-len(part), part))


def subgraph(graph: Adjacency, members: Sequence[int]) -> list[dict[int, float]]:
    """The graph of ``members`` alone, renumbered in their order."""
    number = {node: at for at, node in enumerate(members)}
    return [{number[other]: weight for other, weight in graph[node].items() if other in number} for node in members]


def inner_share(graph: Adjacency, members: Iterable[int]) -> float:
    """The share of the weight at ``members`` that lies between them; above a half they are a community in the weak sense.

    Radicchi et al. (2004), Defining and identifying communities in networks.
    """
    group = frozenset(members)
    whole = sum(weight for node in sorted(group) for weight in graph[node].values())
    inner = sum(weight for node in sorted(group) for other, weight in graph[node].items() if other in group)
    return inner / whole if whole else 0.0


def _settle(graph: Adjacency, place: list[int]) -> bool:
    """Let each node go where it gains most, and its neighbours look again; whether any went."""
    degree = [sum(edges.values()) for edges in graph]
    total: defaultdict[int, float] = defaultdict(float)
    for node, at in enumerate(place):
        total[at] += degree[node]
    whole, moved, left = sum(degree), False, _ROUNDS * len(graph)
    queue, queued = deque(range(len(graph))), [True] * len(graph)
    while queue and left:
        node, left = queue.popleft(), left - 1
        queued[node] = False
        if not degree[node]:
            continue
        here = place[node]
        total[here] -= degree[node]
        there = _best(graph[node], node, place, total, degree[node] / whole)
        total[there] += degree[node]
        if there != here:
            place[node], moved = there, True
            for other in graph[node]:
                if place[other] != there and not queued[other]:
                    queue.append(other)
                    queued[other] = True
    return moved


def _best(edges: Mapping[int, float], node: int, place: Sequence[int], total: Mapping[int, float], share: float) -> int:
    """The part that a node gains most by; its own where none is better."""
    pull: defaultdict[int, float] = defaultdict(float)
    for other, weight in edges.items():
        if other != node:
            pull[place[other]] += weight
    best = place[node]
    most = pull.get(best, 0.0) - share * total[best]
    for part in sorted(pull):
        gain = pull[part] - share * total[part]
        if gain > most + _NO_GAIN:
            best, most = part, gain
    return best


def _merged(graph: Adjacency, place: Sequence[int]) -> tuple[list[dict[int, float]], list[int]]:
    """The graph of the parts, with the weight inside each as an edge to itself, and the number of each node's part."""
    number = {part: at for at, part in enumerate(dict.fromkeys(place))}
    merged: list[dict[int, float]] = [{} for _ in number]
    for node, edges in enumerate(graph):
        here = merged[number[place[node]]]
        for other, weight in edges.items():
            there = number[place[other]]
            here[there] = here.get(there, 0.0) + weight
    return merged, [number[part] for part in place]
