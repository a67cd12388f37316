"""Communities of the neighbour graph: found afresh, or carried on from night to night.

An edge weighs what two texts are close by, times the share of neighbours that they have in common: a text near to everything
draws nothing together (Jarvis & Patrick 1973). Afresh, the graph is parted by modularity (:mod:`index.themes.partition`), and
each part again as long as three fifths of the weight at each smaller part stay inside it, which makes it more than a community
in the weak sense (Radicchi et al. 2004): so the texts tell how fine their topics are. A text whose ties lead everywhere, or
that is far from all, has no topic.

Carried on, a text stays where it is while it has no far stronger tie elsewhere, new ones join where most of their ties lead, only
groups that grew are looked at for parts, and what is left free is looked at afresh.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from index.themes.partition import inner_share, parts, subgraph

__all__ = ["Edge", "Graph", "Ties", "carried_on", "communities", "ties_of", "woven"]

Edge: TypeAlias = tuple[str, str, float]
"""Two ids and their closeness in [0, 1]; undirected."""

Ties: TypeAlias = Mapping[str, Sequence[tuple[str, float]]]
"""For each text its nearest others and their closeness in [0, 1], nearest first."""

Graph: TypeAlias = Mapping[str, Mapping[str, float]]
"""For each text its neighbours and the weights of the edges, both ways."""

NEAREST = 15
"""Neighbours of a text that count."""

_FAINTEST = 0.06  # a closeness below this is none
_WEAK_SENSE = 0.6  # the share of a part's weight that stays inside it
_STANDS = 0.4  # of a group that stood before: below it another that holds more takes it
_BELONGS = 0.3  # the share of a text's weight that leads to its own community
_FAINT = 0.03  # of what ties the usual member to its community: who has less is near to nothing, and only nearest to it
_JOINS = 0.3  # the share of a text's weight that must lie in a community that it joins
_LEAVES = 1.5  # how many times closer than its own another community must be
_ROUNDS = 10


def ties_of(known: Iterable[str], edges: Iterable[Edge]) -> dict[str, list[tuple[str, float]]]:
    """The nearest of each text by undirected ``edges``; of two edges between the same texts the closer counts."""
    near: dict[str, dict[str, float]] = {key: {} for key in sorted(set(known))}
    for one, other, closeness in edges:
        if one != other and one in near and other in near and closeness >= _FAINTEST:
            near[one][other] = near[other][one] = max(closeness, near[one].get(other, 0.0))
    return {key: _nearest(others.items()) for key, others in near.items()}


def _nearest(others: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(others, key=lambda edge: (-edge[1], edge[0]))[:NEAREST]


def woven(ties: Ties) -> dict[str, dict[str, float]]:
    """The graph of the texts that ``ties`` has; an edge stays when either end has it among its nearest."""
    nearest = {key: _nearest(ties[key]) for key in sorted(ties)}
    circle = {key: frozenset((key, *(other for other, _ in others))) for key, others in nearest.items()}
    near = {key: {other: close for other, close in others if other in ties} for key, others in nearest.items()}
    graph: dict[str, dict[str, float]] = {key: {} for key in near}
    for key, others in near.items():
        for other, closeness in others.items():
            common = len(circle[key] & circle[other]) / max(1.0, (len(circle[key]) * len(circle[other])) ** 0.5)
            weight = closeness**2 * common
            graph[key][other] = graph[other][key] = max(weight, graph[key].get(other, 0.0))
    return graph


def communities(graph: Graph, *, min_size: int) -> list[tuple[str, ...]]:
    """Groups of at least ``min_size`` texts, members by id, largest group first, ties by first member."""
    return _ordered(_found(graph, sorted(graph), min_size), min_size)


def carried_on(
    graph: Graph,
    before: Sequence[Collection[str]],
    *,
    min_size: int,
    part_size: int = 0,
    looked: Collection[int] = (),
    known: Collection[str] | None = None,
) -> list[tuple[str, ...]]:
    """The same, beginning from the groups of ``before``, of which no text is in two; these may be smaller.

    ``graph`` may hold only what is new, the groups ``looked`` at (by their places in ``before``) and what both are near to; only
    these move, and none is parted into parts of less than ``part_size``, by default ``min_size``. ``known`` are all texts there
    are, by default those of the graph: groups lose the others.
    """
    known = graph.keys() if known is None else known
    place = {key: at for at, group in enumerate(before) for key in group if key in known}
    free = sorted(key for key in graph if key not in place)
    mobile = sorted({*free, *(key for at in looked for key in before[at] if key in graph)})
    _settle(graph, place, mobile)
    _merge(graph, place, looked)
    kept: list[tuple[str, ...]] = []
    for at, group in sorted(_gathered(place).items()):
        kept += _again(graph, group, part_size or min_size) if at in looked else [tuple(group)]
    held = {key for group in kept for key in group}
    fresh = [key for key in free if key not in held]
    born = [group for group in _found(graph, fresh, min_size) if _is_whole(graph, group)]
    # However few: what a group is worth that stood before is for the caller to say.
    return _ordered([*(group for group in kept if group), *(group for group in born if len(group) >= min_size)], 1)


def _is_whole(graph: Graph, group: Sequence[str]) -> bool:
    members = frozenset(group)
    whole = sum(weight for key in group for weight in graph[key].values())
    inner = sum(weight for key in group for other, weight in graph[key].items() if other in members)
    return inner > _WEAK_SENSE * whole


def _settle(graph: Graph, place: dict[str, int], mobile: Sequence[str]) -> None:
    """Let each of ``mobile`` go where its ties lead, until none wants to move any more."""
    for _ in range(_ROUNDS):
        moves = 0
        for key in mobile:
            here = place.get(key)
            there = _drawn(graph[key], place, here)
            if there is not None and there != here:
                moves += 1
                place[key] = there
        if not moves:
            return


def _drawn(near: Mapping[str, float], place: Mapping[str, int], here: int | None) -> int | None:
    """The group that a text belongs to, None for none."""
    pull = _pull(near, place)
    if not pull:
        return here
    best = min(pull, key=lambda at: (-pull[at], at))
    held = pull.get(here, 0.0) if here is not None else 0.0
    if pull[best] >= _JOINS * sum(near.values()) and pull[best] > _LEAVES * held:
        return best
    return here


def _pull(near: Mapping[str, float], place: Mapping[str, int]) -> dict[int, float]:
    pull: defaultdict[int, float] = defaultdict(float)
    for other, weight in near.items():
        if (at := place.get(other)) is not None:
            pull[at] += weight
    return pull


def _merge(graph: Graph, place: dict[str, int], looked: Collection[int]) -> None:
    """Let a group that keeps too few of its ties inside go into the one that holds more of them."""
    for at in sorted(looked):
        pull: defaultdict[int, float] = defaultdict(float)
        group = sorted(key for key, where in place.items() if where == at)
        for key in group:
            for other, weight in _pull(graph.get(key, {}), place).items():
                pull[other] += weight
        best = min(pull, key=lambda other: (-pull[other], other), default=at)
        if best != at and pull[at] < _STANDS * sum(pull.values()):
            place.update(dict.fromkeys(group, best))


def _gathered(place: Mapping[str, int]) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for key, at in sorted(place.items()):
        found[at].append(key)
    return found


def _again(graph: Graph, group: Sequence[str], part_size: int) -> list[tuple[str, ...]]:
    """The parts of a group that stood before; what the graph lacks of it stays with the largest."""
    here = [key for key in group if key in graph]
    found = sorted(_numbered(graph, here, part_size, afresh=False), key=lambda part: (-len(part), part))
    away = [key for key in group if key not in graph]
    first, *others = found or [()]
    return [tuple(sorted((*first, *away))), *others]


def _found(graph: Graph, members: Sequence[str], min_size: int) -> list[tuple[str, ...]]:
    """The communities among ``members``, less the texts that do not belong to theirs."""
    return [_belonging(graph, group) for group in _numbered(graph, members, min_size, afresh=True)]


def _belonging(graph: Graph, group: Sequence[str]) -> tuple[str, ...]:
    members = frozenset(group)
    inner = {key: sum(weight for other, weight in graph[key].items() if other in members) for key in group}
    usual = sorted(inner.values())[len(inner) // 2]
    return tuple(key for key in group if inner[key] >= max(_BELONGS * sum(graph[key].values()), _FAINT * usual) > 0)


def _numbered(graph: Graph, members: Sequence[str], min_size: int, *, afresh: bool) -> list[tuple[str, ...]]:
    """The finest parts of ``members`` that are communities in the weak sense; with ``afresh`` the coarsest ones need not be."""
    number = {key: at for at, key in enumerate(members)}
    # Within the members alone, so that a field apart is not held together by what lies between fields.
    inside = [
        {number[other]: weight for other, weight in sorted(graph[key].items()) if other in number} for key in members
    ]
    if not afresh:
        # What stood is parted only where its parts hold together against all else: so they were found, and so they stay.
        for node, key in zip(inside, members, strict=True):
            node[len(members)] = sum(weight for other, weight in graph[key].items() if other not in number)
    coarse = parts(inside) if afresh else [list(range(len(members)))] * bool(members)
    fine = [part for some in coarse for part in _split(inside, some, min_size)]
    return [tuple(members[at] for at in part) for part in fine]


def _split(graph: Sequence[Mapping[int, float]], members: list[int], min_size: int) -> list[list[int]]:
    if len(members) < 2 * min_size:
        return [members]
    found = [sorted(members[at] for at in part) for part in parts(subgraph(graph, members))]
    found = _lasting(graph, found, min_size)
    if len(found) < 2:
        return [members]
    return [part for some in found for part in _split(graph, some, min_size)]


def _lasting(graph: Sequence[Mapping[int, float]], found: list[list[int]], min_size: int) -> list[list[int]]:
    """The parts, the weakest given to the one that most of its ties lead to, until each is a community in the weak sense."""
    place = {node: at for at, part in enumerate(found) for node in part}
    while sum(map(bool, found)) > 1:
        shares = [
            (inner_share(graph, part) if len(part) >= min_size else 0.0, at) for at, part in enumerate(found) if part
        ]
        weakest, at = min(shares)
        if weakest >= _WEAK_SENSE:
            break
        tie: defaultdict[int, float] = defaultdict(float)
        for node in found[at]:
            for other, weight in graph[node].items():
                if place.get(other, at) != at:
                    tie[place[other]] += weight
        if not tie:
            break
        into = min(tie, key=lambda other: (-tie[other] / len(found[other]) ** 0.5, other))
        place.update(dict.fromkeys(found[at], into))
        found[into], found[at] = sorted((*found[into], *found[at])), []
    return [part for part in found if part]


def _ordered(groups: Iterable[tuple[str, ...]], min_size: int) -> list[tuple[str, ...]]:
    large = [tuple(sorted(group)) for group in groups if len(group) >= min_size]
    return sorted(large, key=lambda group: (-len(group), group))
