"""Communities of the notes' neighbour graph: found afresh by Louvain, or carried on from night to night.

Afresh after Blondel et al. (2008) with a fixed seed, large communities split again. Carried on, a note stays where it is while it
has no far stronger tie elsewhere, new notes join where most of their closeness lies, and only what is left is looked at afresh:
so a night moves few old notes, and a large vault costs no more than its new ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

__all__ = ["Edge", "Graph", "carried_on", "communities", "strongest"]

Edge: TypeAlias = tuple[str, str, float]
"""Two note ids and their closeness in [0, 1]; undirected."""

Graph: TypeAlias = Mapping[str, Mapping[str, float]]
"""For each note its neighbours and their closeness, both ways."""

LARGEST = 40
"""A community above this size is looked at again for parts."""

_SEED = 20260220
_RESOLUTION = 1.0
_STRONGEST = 8  # edges of a note that count: a note near to everything would otherwise melt all topics into one
_WEAKEST = 0.15  # a nearness below this is none
_JOINS = 0.5  # the share of a note's closeness that must lie in a community that it joins
_LEAVES = 1.5  # how many times closer than its own another community must be
_ROUNDS = 10


def strongest(known: Sequence[str], edges: Iterable[Edge]) -> dict[str, dict[str, float]]:
    """The graph in which each note keeps its strongest edges; an edge stays when either end keeps it."""
    near: dict[str, dict[str, float]] = {key: {} for key in known}
    for one, other, closeness in edges:
        if one != other and one in near and other in near and closeness >= _WEAKEST:
            near[one][other] = near[other][one] = max(closeness, near[one].get(other, 0.0))
    graph: dict[str, dict[str, float]] = {key: {} for key in known}
    for one, others in near.items():
        for other, closeness in sorted(others.items(), key=lambda edge: (-edge[1], edge[0]))[:_STRONGEST]:
            graph[one][other] = graph[other][one] = closeness
    return graph


def communities(graph: Graph, *, min_size: int) -> list[tuple[str, ...]]:
    """Groups of at least ``min_size`` notes, members by id, largest group first, ties by first member."""
    return _ordered(_split(graph, sorted(graph)), min_size)


def carried_on(graph: Graph, before: Sequence[Collection[str]], *, min_size: int) -> list[tuple[str, ...]]:
    """The same, beginning from the communities of ``before``, of which no note is in two."""
    place = {key: at for at, group in enumerate(before) for key in group if key in graph}
    _settle(graph, place)
    groups = _gathered(place)
    kept = [part for group in groups if len(group) >= min_size for part in _parts(graph, group)]
    held = {key for group in kept if len(group) >= min_size for key in group}
    free = [key for key in sorted(graph) if key not in held]
    return _ordered([*kept, *_split(graph, free)], min_size)


def _settle(graph: Graph, place: dict[str, int]) -> None:
    """Let each note go where its closeness lies, until none wants to move any more."""
    order = sorted(key for key in graph if graph[key])
    for _ in range(_ROUNDS):
        moves = 0
        for key in order:
            here = place.get(key)
            there = _drawn(graph[key], place, here)
            if there != here:
                moves += 1
                _put(place, key, there)
        if not moves:
            return


def _put(place: dict[str, int], key: str, there: int | None) -> None:
    if there is None:
        del place[key]
    else:
        place[key] = there


def _drawn(near: Mapping[str, float], place: Mapping[str, int], here: int | None) -> int | None:
    """The community that a note belongs to, None for none."""
    pull: dict[int, float] = {}
    for other, closeness in near.items():
        if (at := place.get(other)) is not None:
            pull[at] = pull.get(at, 0.0) + closeness**2
    if not pull:
        return None
    best = min(pull, key=lambda at: (-pull[at], at))
    held = pull.get(here, 0.0) if here is not None else 0.0
    joins = pull[best] >= _JOINS * sum(closeness**2 for closeness in near.values())
    if joins and pull[best] > _LEAVES * held:
        return best
    return here if held else None


def _gathered(place: Mapping[str, int]) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for key, at in sorted(place.items()):
        found.setdefault(at, []).append(key)
    return list(found.values())


def _parts(graph: Graph, group: Sequence[str]) -> list[tuple[str, ...]]:
    return list(_split(graph, group)) if len(group) > LARGEST else [tuple(group)]


def _ordered(groups: Iterable[tuple[str, ...]], min_size: int) -> list[tuple[str, ...]]:
    large = [group for group in groups if len(group) >= min_size]
    return sorted(large, key=lambda group: (-len(group), group))


def _split(graph: Graph, members: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Louvain communities of the subgraph of ``members``, large ones split again as long as that gives parts."""
    for group in _louvain(graph, members):
        if len(group) > LARGEST and len(group) < len(members):
            yield from _split(graph, group)
        else:
            yield group


def _louvain(graph: Graph, members: Sequence[str]) -> list[tuple[str, ...]]:
    import networkx as nx

    # Numbers and not ids as nodes: sets of strings have another order in each process.
    number = {key: at for at, key in enumerate(members)}
    network = nx.Graph()
    network.add_nodes_from(range(len(members)))
    for key in members:
        for other in sorted(graph[key]):
            if other in number and key < other:
                network.add_edge(number[key], number[other], weight=graph[key][other] ** 2)
    found = nx.community.louvain_communities(network, weight="weight", resolution=_RESOLUTION, seed=_SEED)
    return sorted(tuple(members[at] for at in sorted(group)) for group in found)
