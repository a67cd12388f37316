"""Topics: communities of the notes' neighbour graph, named by their terms, the same topic from night to night.

Communities after Louvain (Blondel et al., 2008) with a fixed seed. Names by class-based TF-IDF (c-TF-IDF, Grootendorst
2022) over candidate phrases, counted once a note so that no note names a topic alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from index.topic_names import Text, Wording, name_of, wordings
from notes.model import Topic
from notes.slug import slugify

__all__ = ["Edge", "communities", "find_topics"]

Edge: TypeAlias = tuple[str, str, float]
"""Two note ids and their closeness in [0, 1]; undirected."""

_SEED = 20260220
_RESOLUTION = 1.0
_LARGEST = 40
"""A community above this size is looked at again for parts."""

_STRONGEST = 8  # edges of a note that count: a note near to everything would otherwise melt all topics into one
_WEAKEST = 0.15  # a nearness below this is none
_SAME_TOPIC = 0.3  # Jaccard overlap from which a community is a topic of last night
_SLUG_BYTES = 60


def find_topics(
    note_ids: Iterable[str],
    edges: Iterable[Edge],
    texts: Mapping[str, Text],
    previous: Sequence[Topic],
    created: Mapping[str, date],
    today: date,
    *,
    min_size: int = 3,
) -> tuple[Topic, ...]:
    """The topics of ``note_ids``, by id. Notes in no community of ``min_size`` have no topic.

    ``texts`` gives title, text and language of each note, ``created`` its day (``today`` where unknown). A community that
    overlaps with a ``previous`` topic keeps its id, and its name as long as one of its terms still tells.
    ``note_ids`` of a topic: the medoid, then the others by day and id.
    """
    known = sorted(set(note_ids))
    graph = _strongest(known, edges)
    groups = communities(graph, min_size=min_size)
    before = _matched(groups, previous)
    words = wordings(groups, texts)
    taken = {topic.id for topic in before.values()}
    topics = []
    for at, group in enumerate(groups):
        topic = _topic(group, graph, words[at], before.get(at), taken, {key: created.get(key, today) for key in group})
        taken.add(topic.id)
        topics.append(topic)
    return tuple(sorted(topics, key=lambda topic: topic.id))


def communities(graph: Mapping[str, Mapping[str, float]], *, min_size: int) -> list[tuple[str, ...]]:
    """Groups of at least ``min_size`` notes, members by id, largest group first, ties by first member."""
    groups = [group for group in _split(graph, sorted(graph)) if len(group) >= min_size]
    return sorted(groups, key=lambda group: (-len(group), group))


def _strongest(known: Sequence[str], edges: Iterable[Edge]) -> dict[str, dict[str, float]]:
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


def _split(graph: Mapping[str, Mapping[str, float]], members: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Louvain communities of the subgraph of ``members``, large ones split again as long as that gives parts."""
    for group in _louvain(graph, members):
        if len(group) > _LARGEST and len(group) < len(members):
            yield from _split(graph, group)
        else:
            yield group


def _louvain(graph: Mapping[str, Mapping[str, float]], members: Sequence[str]) -> list[tuple[str, ...]]:
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


def _matched(groups: Sequence[Sequence[str]], previous: Sequence[Topic]) -> dict[int, Topic]:
    """Which group goes on with which previous topic: the greatest overlaps first, each topic once."""
    overlaps = [
        (-_jaccard(group, topic.note_ids), topic.id, at, topic)
        for at, group in enumerate(groups)
        for topic in previous
        if _jaccard(group, topic.note_ids) >= _SAME_TOPIC
    ]
    matched: dict[int, Topic] = {}
    used: set[str] = set()
    for _, key, at, topic in sorted(overlaps, key=lambda overlap: overlap[:3]):
        if at not in matched and key not in used:
            matched[at] = topic
            used.add(key)
    return matched


def _jaccard(group: Sequence[str], others: Sequence[str]) -> float:
    one, other = set(group), set(others)
    return len(one & other) / len(one | other) if one else 0.0


def _topic(
    group: Sequence[str],
    graph: Mapping[str, Mapping[str, float]],
    words: Wording,
    before: Topic | None,
    taken: set[str],
    days: Mapping[str, date],
) -> Topic:
    medoid = min(group, key=lambda key: (-sum(graph[key].get(other, 0.0) for other in group), key))
    rest = sorted((key for key in group if key != medoid), key=lambda key: (days[key], key))
    name = name_of(words.parts)
    if before and before.terms and set(before.terms[:2]) & set(words.terms):
        name = before.name
    return Topic(
        id=before.id if before else _free_id(name, taken),
        name=name,
        terms=words.terms,
        note_ids=(medoid, *rest),
        medoid=medoid,
        first_seen=min(before.first_seen, *days.values()) if before else min(days.values()),
        last_seen=max(days.values()),
    )


def _free_id(name: str, taken: set[str]) -> str:
    slug = slugify(name, _SLUG_BYTES)
    ids = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
    return next(key for key in ids if key not in taken)
