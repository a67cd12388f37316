"""Topics: communities of notes and of what waits in the inbox, the same topic from night to night.

Communities by :mod:`index.themes.communities`, fields above them by :mod:`index.themes.fields`, names by
:mod:`index.themes.topic_names`, who goes on as whom by :mod:`index.themes.succession`, lives by :mod:`index.themes.lives`. From
:data:`LARGE` texts on topics are carried on, and only new texts, topics that grew, and what both are near to are asked for their
neighbours. A young house doubles within days: its topics are parted later, and only into parts that are likely to last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import sqrt
from typing import TypeAlias
from zlib import crc32

from index.themes.communities import Graph, Ties, carried_on, communities, woven
from index.themes.fields import find_fields
from index.themes.lives import GROWTH, changes, grown, state_of
from index.themes.succession import heirs, still_tells
from index.themes.topic_names import Text, Wording, free_id, names_of, wordings
from index.themes.topic_phrases import Held
from notes.model import Topic
from notes.topics import TopicEvent

__all__ = ["LARGE", "Found", "Near", "Standing", "find_topics"]

LARGE = 20
"""Texts from which topics are carried on; a library of fewer is looked at as a whole every night."""

Near: TypeAlias = Callable[[Sequence[str]], Ties]
"""Gives the nearest of the texts that are asked for."""

_FEWEST = 3  # texts of a topic
_GROWING = 0.1  # of the root of all texts: what a new topic of a large library must have
_MOST = 12_000  # of the newest texts, that are looked at afresh
_COVERED = 0.4  # of a library's texts that last night's topics must hold to be carried on
_YOUNG_COVERED = 0.05  # the same of a young house's, which may have five times as many texts on its second night
_SAMPLE = 2000  # texts that tell how common a phrase is elsewhere
_YOUNG = 1500  # texts below which a house is young: it may double within days, and what a look finds does not last
_YOUNG_GROWTH = 0.5  # by which a topic of a young house grows before it is looked at for parts
_YOUNG_PART = 8  # texts of a part of such a topic: what is less is not sure to be more tomorrow
_FORGOTTEN = 180  # days after which a topic without a text is none


@dataclass(frozen=True, slots=True)
class Standing:
    """What was known last night.

    ``place`` gives the topic of each text, note or item, and ``remembered`` how many items of a topic have left the inbox.
    """

    topics: Sequence[Topic] = ()
    fields: Sequence[Topic] = ()
    place: Mapping[str, str] = field(default_factory=dict)
    events: Sequence[TopicEvent] = ()
    remembered: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """The topics and fields of tonight, by id, the topic of each text that has one, and what has changed."""

    topics: tuple[Topic, ...]
    fields: tuple[Topic, ...]
    place: Mapping[str, str]
    events: tuple[TopicEvent, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """The groups of tonight, the graph as far as it was looked at, and the groups whose words stand from last night.

    ``named`` gives the topic or field that has each name of last night.
    """

    groups: list[tuple[str, ...]]
    graph: Graph
    ties: Ties
    before: dict[int, Topic]
    stands: frozenset[int]
    looked: frozenset[str]
    named: Mapping[str, str] = field(default_factory=dict)

    def keeps_name(self, topic: Topic) -> bool:
        """Whether a topic of last night has its name to itself."""
        return self.named.get(topic.name) == topic.id


def find_topics(
    texts: Mapping[str, Text],
    near: Near,
    before: Standing,
    days: Mapping[str, date],
    today: date,
    *,
    notes: Collection[str] | None = None,
) -> Found:
    """The topics of all ``texts`` (title, text and language by id). Texts in no community have no topic.

    ``days`` gives the day of each text as far as it is known, ``notes`` those that are notes, by default all. ``note_ids`` of a
    topic are its notes: the medoid, then the others by day and id; a topic of items alone has none. A day that has not come
    (a plan of the user's, a clock that was wrong) counts as today's.
    """
    days = {key: min(day, today) for key, day in days.items()}
    before = replace(before, events=tuple(event for event in before.events if event.day <= today))
    notes = texts.keys() if notes is None else notes
    look = _look(texts, near, before, days)
    read: dict[str, Held] = {}
    look = replace(look, named=_named(look, before))
    words = _worded(look, texts, read)
    taken = {one.id for one in (*before.topics, *before.fields)}
    topics: dict[str, Topic] = {}
    place: dict[str, str] = {}
    for at, group in enumerate(look.groups):
        topic = _topic(group, look, words[at], at, taken, days, today, notes)
        taken.add(topic.id)
        topics[topic.id] = topic
        place |= dict.fromkeys(group, topic.id)
    newest = max(days.values(), default=today)
    kept = [one for one in before.topics if one.id not in topics and _is_remembered(one, before, newest)]
    topics |= {one.id: replace(one, note_ids=(), medoid="") for one in kept}
    fields, parents = find_fields(topics, place, look.ties, near, before.fields, texts, taken, read=read)
    living = [
        replace(one, parent=parents.get(one.id, ""), state=state_of(one, newest)) for _, one in sorted(topics.items())
    ]
    events = changes(before.topics, before.place, living, place, look.looked, today)
    return Found(tuple(living), fields, place, events)


def _look(texts: Mapping[str, Text], near: Near, before: Standing, days: Mapping[str, date]) -> _Look:
    """Find the groups: those of last night carried on where the library is large, else afresh."""
    known = sorted(texts)
    place = {key: before.place[key] for key in known if key in before.place}
    fewest = max(_FEWEST, round(_GROWING * sqrt(len(known))))
    young = len(known) < _YOUNG
    if len(known) < LARGE or len(place) < (_YOUNG_COVERED if young else _COVERED) * min(len(known), _MOST):
        ties = near(_newest(known, days))
        graph = woven(ties)
        groups = communities(graph, min_size=fewest)
        return _Look(groups, graph, ties, heirs(groups, place, before.topics), frozenset(), frozenset())
    names = sorted({*place.values()})
    members = _members(place)
    seen = grown(members, before.events, days, fewest, growth=_YOUNG_GROWTH if young else GROWTH)
    free = [key for key in _newest(known, days) if key not in place]
    asked = sorted({*free, *(key for name in seen for key in members[name])})
    ties = dict(near(asked))
    ties |= near(sorted({other for others in ties.values() for other, _ in others} - ties.keys()))
    graph = woven(ties)
    looked = [at for at, name in enumerate(names) if name in seen]
    part = max(fewest, _YOUNG_PART) if young else fewest
    stood = [members[name] for name in names]
    groups = carried_on(graph, stood, min_size=fewest, part_size=part, looked=looked, known=texts.keys())
    remembered = before.remembered
    matched = heirs(groups, place, before.topics)
    groups = [
        group
        for at, group in enumerate(groups)
        if len(group) + (remembered.get(matched[at].id, 0) if at in matched else 0) >= _FEWEST
    ]
    matched = heirs(groups, place, before.topics)
    stands = frozenset(at for at, topic in matched.items() if topic.id not in seen)
    return _Look(groups, graph, ties, matched, stands, frozenset(seen))


def _newest(known: Sequence[str], days: Mapping[str, date]) -> list[str]:
    if len(known) <= _MOST:
        return list(known)
    return sorted(sorted(known, key=lambda key: (days.get(key, date.min), key))[-_MOST:])


def _members(place: Mapping[str, str]) -> dict[str, list[str]]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for key, name in sorted(place.items()):
        members[name].append(key)
    return members


def _is_remembered(topic: Topic, before: Standing, newest: date) -> bool:
    """Whether a topic without a text sleeps: some of its items were counted, and not too long ago."""
    asleep = (newest - topic.last_seen).days
    return before.remembered.get(topic.id, 0) >= _FEWEST and asleep <= _FORGOTTEN and not _was_merged(topic, before)


def _was_merged(topic: Topic, before: Standing) -> bool:
    """Whether its texts live on elsewhere: then it ended tonight."""
    return topic.id in before.place.values()


def _named(look: _Look, before: Standing) -> dict[str, str]:
    """The field or topic that has each name of last night: of two with one name the older."""
    going_on = sorted(look.before.values(), key=lambda topic: (topic.first_seen, topic.id))
    names: dict[str, str] = {}
    for topic in (*before.fields, *going_on):
        for name in (topic.name, *dict(topic.names).values()):
            names.setdefault(name, topic.id)
    return names


def _worded(look: _Look, texts: Mapping[str, Text], read: dict[str, Held]) -> dict[int, Wording]:
    """Words for each group; those that stand have them already, unless another has their name."""
    stands = {at for at in look.stands if look.keeps_name(look.before[at])}
    new = [at for at in range(len(look.groups)) if at not in stands]
    wanted = {key for at in new for key in look.groups[at]}
    if new and len(texts) > _SAMPLE:
        # By a hash of the id: the same texts night after night.
        wanted.update(sorted(texts, key=lambda key: (crc32(key.encode("utf-8", "surrogatepass")), key))[:_SAMPLE])
        texts = {key: texts[key] for key in sorted(wanted) if key in texts}
    groups = [look.groups[at] for at in new]
    own = [[name for name, its in look.named.items() if at in look.before and its == look.before[at].id] for at in new]
    found = dict(zip(new, wordings(groups, texts, taken=look.named, own=own, read=read), strict=True)) if new else {}
    for at, words in sorted(found.items()):
        topic = look.before.get(at)
        if topic and look.keeps_name(topic) and still_tells(topic, words, look.groups[at], texts):
            # A name that still tells and that no other has is kept, and languages that have come since are added.
            names = dict(words.names) | names_of(topic.name) | dict(topic.names)
            found[at] = replace(words, parts=(topic.name,), names=tuple(sorted(names.items())))
    for at in sorted(stands):
        topic = look.before[at]
        found[at] = Wording((topic.name,), topic.terms, topic.names)
    return found


def _topic(
    group: Sequence[str],
    look: _Look,
    words: Wording,
    at: int,
    taken: Collection[str],
    days: Mapping[str, date],
    today: date,
    notes: Collection[str],
) -> Topic:
    before = look.before.get(at)
    members = sorted((key for key in group if key in notes), key=lambda key: (days.get(key, date.max), key))
    medoid = _medoid(members, group, look, before)
    seen = _days(group, before, days, today)
    return Topic(
        id=before.id if before else free_id(words.name, taken),
        name=words.name,
        terms=words.terms,
        note_ids=(medoid, *(key for key in members if key != medoid)) if members else (),
        medoid=medoid,
        first_seen=min([before.first_seen, *seen]) if before else min(seen),
        last_seen=max(seen),
        names=words.names,
        parent=before.parent if before else "",
    )


def _medoid(members: Sequence[str], group: Collection[str], look: _Look, before: Topic | None) -> str:
    """The note that most of the ties in its group lead to; last night's where the group was not looked at."""
    if before and before.medoid in members and before.id not in look.looked and look.looked:
        return before.medoid
    inside = frozenset(group)
    pull = {key: sum(close for other, close in look.ties.get(key, ()) if other in inside) for key in members}
    return min(members, key=lambda key: (-pull[key], key), default="")


def _days(group: Iterable[str], before: Topic | None, days: Mapping[str, date], today: date) -> list[date]:
    """The days of a topic's texts. One whose day is unknown came today if it is new to the topic, and else before."""
    group = list(group)
    found = [days[key] for key in group if key in days]
    undated = [key for key in group if key not in days]
    if before:
        # Also where items have left the inbox: a topic was last seen when it was.
        found.append(before.last_seen)
    if not before or not set(undated) <= set(before.note_ids):
        found += [today] * bool(undated)
    return found
