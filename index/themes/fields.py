"""Fields: the broader level, communities of topics that lie near each other.

A topic keeps its field. A new one joins the field that most of its ties lead to; the fields are parted afresh only when there
are half as many topics more than when that was last done.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from zlib import crc32

from index.themes.partition import parts
from index.themes.topic_names import Text, free_id, name_of, wordings
from index.themes.topic_phrases import Held
from notes.model import Topic

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.themes.communities import Ties

__all__ = ["find_fields"]

_FEWEST_TOPICS = 8  # below them a second level tells nothing
_AGAIN = 1.5  # times as many topics as when the fields were last found
_SPEAKERS = 5  # texts of a topic that tell where it lies
_SAME_FIELD = 0.3  # Jaccard overlap, in topics, from which a field is one of last night
_READ = 150  # texts of a field that name it
_PREFIX = "field-"


def find_fields(
    topics: Mapping[str, Topic],
    place: Mapping[str, str],
    ties: Ties,
    near: Callable[[Sequence[str]], Ties],
    before: Sequence[Topic],
    texts: Mapping[str, Text],
    taken: set[str],
    *,
    read: dict[str, Held] | None = None,
) -> tuple[tuple[Topic, ...], dict[str, str]]:
    """The fields, by id, and the field of each topic that has one.

    ``ties`` are those that the night has looked at, ``place`` the topic of each text, ``before`` the fields of last night,
    ``read`` the phrases of texts that were read tonight.
    """
    if len(topics) < _FEWEST_TOPICS:
        return (), {}
    standing = {field.id for field in before}
    parents = {name: topic.parent for name, topic in topics.items() if topic.parent in standing}
    lacking = [name for name in topics if name not in parents]
    # Only tonight's topics can lack a field: those that none would have are not asked about again.
    if parents and len(topics) < _AGAIN * _found_with(topics, before):
        parents |= _joined(lacking, parents, place, ties)
        return _fields(parents, topics, before, {}), parents
    parents = {}
    names = _matched(_parted(topics, place, ties, near), before, topics)
    fresh = [members for _, members in names if _ is None]
    worded = dict(zip(map(tuple, fresh), _worded(fresh, topics, place, texts, read), strict=True)) if fresh else {}
    new: dict[str, Topic] = {}
    for known, members in names:
        field = known or _new(worded[tuple(members)], members, topics, taken)
        new[field.id] = field
        taken.add(field.id)
        parents |= dict.fromkeys(members, field.id)
    return _fields(parents, topics, before, new), parents


def _found_with(topics: Mapping[str, Topic], before: Sequence[Topic]) -> int:
    """How many of the topics there were when the newest field was found."""
    newest = max((field.first_seen for field in before), default=date.min)
    return sum(topic.first_seen <= newest for topic in topics.values())


def _joined(lacking: Sequence[str], parents: Mapping[str, str], place: Mapping[str, str], ties: Ties) -> dict[str, str]:
    pulls: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    wanted = frozenset(lacking)
    for key, others in ties.items():
        if (name := place.get(key, "")) in wanted:
            for other, closeness in others:
                if (field := parents.get(place.get(other, ""), "")) != "":
                    pulls[name][field] += closeness**2
    return {name: min(pull, key=lambda field: (-pull[field], field)) for name, pull in sorted(pulls.items())}


def _parted(
    topics: Mapping[str, Topic], place: Mapping[str, str], ties: Ties, near: Callable[[Sequence[str]], Ties]
) -> list[list[str]]:
    """Communities of the graph of topics; a tie of theirs is the mean over some of their texts."""
    names = sorted(topics)
    number = {name: at for at, name in enumerate(names)}
    members: defaultdict[str, list[str]] = defaultdict(list)
    for key in sorted(place, key=lambda key: (crc32(key.encode("utf-8", "surrogatepass")), key)):
        members[place[key]].append(key)
    asked = sorted(key for name in names for key in members[name][:_SPEAKERS])
    graph: list[dict[int, float]] = [{} for _ in names]
    known = {key: ties[key] for key in asked if key in ties}
    known |= near([key for key in asked if key not in known])
    for key in asked:
        one = number[place[key]]
        for other, closeness in known.get(key, ()):
            two = number.get(place.get(other, ""), one)
            if one != two:
                graph[one][two] = graph[two][one] = graph[one].get(two, 0.0) + closeness**2
    return [[names[at] for at in part] for part in parts(graph) if len(part) > 1]


def _matched(
    found: Sequence[Sequence[str]], before: Sequence[Topic], topics: Mapping[str, Topic]
) -> list[tuple[Topic | None, Sequence[str]]]:
    sizes = Counter(topic.parent for topic in topics.values())
    known = {field.id: field for field in before}
    overlaps = []
    for at, members in enumerate(found):
        for name, shared in Counter(topics[key].parent for key in members).items():
            jaccard = shared / (len(members) + sizes[name] - shared)
            if name in known and jaccard >= _SAME_FIELD:
                overlaps.append((-jaccard, name, at))
    matched: dict[int, Topic] = {}
    used: set[str] = set()
    for _, name, at in sorted(overlaps):
        if at not in matched and name not in used:
            matched[at] = known[name]
            used.add(name)
    return [(matched.get(at), members) for at, members in enumerate(found)]


def _worded(
    groups: Sequence[Sequence[str]],
    topics: Mapping[str, Topic],
    place: Mapping[str, str],
    texts: Mapping[str, Text],
    read: dict[str, Held] | None,
) -> list[tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]]:
    """Name, names by language and terms of each group of topics."""
    of = {name: at for at, group in enumerate(groups) for name in group}
    told: list[list[str]] = [[] for _ in groups]
    for key in sorted(place, key=lambda key: (crc32(key.encode("utf-8", "surrogatepass")), key)):
        at = of.get(place[key])
        if at is not None and key in texts and len(told[at]) < _READ:
            told[at].append(key)
    some = {key: texts[key] for group in told for key in group}
    taken = {name for topic in topics.values() for name in (topic.name, *dict(topic.names).values())}
    return [
        (name_of(one.parts), one.names, one.terms)
        for one in wordings([sorted(group) for group in told], some, wide=True, taken=taken, read=read)
    ]


def _new(
    words: tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]],
    members: Sequence[str],
    topics: Mapping[str, Topic],
    taken: set[str],
) -> Topic:
    name, names, terms = words
    first = max(topics[key].first_seen for key in topics)
    return Topic(
        id=free_id(_PREFIX + name, taken),
        name=name,
        terms=terms,
        note_ids=(),
        medoid="",
        first_seen=first,
        last_seen=max(topics[key].last_seen for key in members),
        names=names,
    )


def _fields(
    parents: Mapping[str, str], topics: Mapping[str, Topic], before: Sequence[Topic], new: Mapping[str, Topic]
) -> tuple[Topic, ...]:
    """The fields that hold a topic, as they are after tonight; their notes are the medoids of their topics."""
    from dataclasses import replace

    known = {field.id: field for field in before} | dict(new)
    held: defaultdict[str, list[str]] = defaultdict(list)
    for name, field in sorted(parents.items()):
        held[field].append(name)
    return tuple(
        replace(
            known[field],
            note_ids=tuple(topics[name].medoid for name in held[field] if topics[name].medoid),
            last_seen=max(topics[name].last_seen for name in held[field]),
        )
        for field in sorted(held)
    )
