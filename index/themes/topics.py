"""Topics: communities of the notes' neighbour graph, named by their terms, the same topic from night to night.

Communities by :mod:`index.themes.communities`. Names by class-based TF-IDF (c-TF-IDF, Grootendorst 2022) over candidate
phrases, counted once a note so that no note names a topic alone. In a large vault (:data:`LARGE` notes) communities are carried
on from the last night, a topic whose notes are the same keeps its words, and the words of the others are weighed against a
sample of all notes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from zlib import crc32

from index.themes.communities import Edge, carried_on, communities, strongest
from index.themes.topic_names import Text, Wording, name_of, wordings
from notes.model import Topic
from notes.text.slug import slugify

__all__ = ["LARGE", "Edge", "find_topics"]

LARGE = 200
"""Notes from which a vault is too large to be looked at as a whole every night."""

_COVERED = 0.4  # of a large vault's notes that last night's topics must hold to be carried on
_SAMPLE = 2000  # notes that tell how common a phrase is elsewhere
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

    ``texts`` gives title, text and language of each note, ``created`` its day as far as it is known. A community that
    overlaps with a ``previous`` topic keeps its id, and its name as long as one of its terms still tells.
    ``note_ids`` of a topic: the medoid, then the others by day and id.
    """
    known = sorted(set(note_ids))
    graph = strongest(known, edges)
    groups, large = _groups(graph, previous, min_size), len(known) >= LARGE
    before = _matched(groups, previous)
    kept = {at: before[at] for at in before if large and set(before[at].note_ids) == set(groups[at])}
    words = _worded(groups, kept, texts)
    taken = {topic.id for topic in before.values()}
    topics = []
    for at, group in enumerate(groups):
        topic = _topic(group, graph, words[at], before.get(at), taken, created, today)
        taken.add(topic.id)
        topics.append(topic)
    return tuple(sorted(topics, key=lambda topic: topic.id))


def _groups(
    graph: Mapping[str, Mapping[str, float]], previous: Sequence[Topic], min_size: int
) -> list[tuple[str, ...]]:
    """The communities: those of last night carried on where the vault is large, else found afresh."""
    covered = sum(key in graph for topic in previous for key in topic.note_ids)
    if len(graph) < LARGE:
        return communities(graph, min_size=min_size)
    if covered >= _COVERED * len(graph):
        return carried_on(graph, [topic.note_ids for topic in previous], min_size=min_size)
    # Settled at once, or the next night would do it.
    return carried_on(graph, communities(graph, min_size=min_size), min_size=min_size)


def _worded(
    groups: Sequence[Sequence[str]], kept: Mapping[int, Topic], texts: Mapping[str, Text]
) -> dict[int, Wording]:
    """Words for each group; those of ``kept`` have them already."""
    new = [at for at in range(len(groups)) if at not in kept]
    wanted = {key for at in new for key in groups[at]}
    if new and len(texts) > _SAMPLE:
        # By a hash of the id: the same notes night after night.
        wanted.update(sorted(texts, key=lambda key: (crc32(key.encode("utf-8", "surrogatepass")), key))[:_SAMPLE])
        texts = {key: texts[key] for key in sorted(wanted) if key in texts}
    found = dict(zip(new, wordings([groups[at] for at in new], texts) if new else (), strict=True))
    return found | {at: Wording((topic.name,), topic.terms) for at, topic in kept.items()}


def _matched(groups: Sequence[Sequence[str]], previous: Sequence[Topic]) -> dict[int, Topic]:
    """Which group goes on with which previous topic: the greatest overlaps first, each topic once."""
    where = {key: at for at, group in enumerate(groups) for key in group}
    overlaps = []
    for topic in previous:
        members = set(topic.note_ids)
        for at, shared in Counter(where[key] for key in members if key in where).items():
            jaccard = shared / (len(groups[at]) + len(members) - shared)
            if jaccard >= _SAME_TOPIC:
                overlaps.append((-jaccard, topic.id, at, topic))
    matched: dict[int, Topic] = {}
    used: set[str] = set()
    for _, key, at, topic in sorted(overlaps, key=lambda overlap: overlap[:3]):
        if at not in matched and key not in used:
            matched[at] = topic
            used.add(key)
    return matched


def _topic(
    group: Sequence[str],
    graph: Mapping[str, Mapping[str, float]],
    words: Wording,
    before: Topic | None,
    taken: set[str],
    created: Mapping[str, date],
    today: date,
) -> Topic:
    medoid = min(group, key=lambda key: (-sum(graph[key].get(other, 0.0) for other in group), key))
    rest = sorted((key for key in group if key != medoid), key=lambda key: (created.get(key, date.max), key))
    days, name = _days(group, before, created, today), name_of(words.parts)
    if before and before.terms and set(before.terms[:2]) & set(words.terms):
        name = before.name
    return Topic(
        id=before.id if before else _free_id(name, taken),
        name=name,
        terms=words.terms,
        note_ids=(medoid, *rest),
        medoid=medoid,
        first_seen=min([before.first_seen, *days]) if before else min(days),
        last_seen=max(days),
    )


def _days(group: Sequence[str], before: Topic | None, created: Mapping[str, date], today: date) -> list[date]:
    """The days of a topic's notes. One whose day is unknown came today if it is new to the topic, and else before."""
    days = [created[key] for key in group if key in created]
    undated = [key for key in group if key not in created]
    if before and undated:
        days.append(before.last_seen)
    if not before or not set(undated) <= set(before.note_ids):
        days += [today] * bool(undated)
    return days


def _free_id(name: str, taken: set[str]) -> str:
    slug = slugify(name, _SLUG_BYTES)
    ids = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
    return next(key for key in ids if key not in taken)
