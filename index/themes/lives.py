"""What becomes of topics from night to night: which grew, which sleep, which were born, merged, parted or ended."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from notes.model import Topic
from notes.topics import TopicChange, TopicEvent, TopicState

__all__ = ["GROWTH", "changes", "grown", "state_of"]

GROWTH = 0.25
"""Of a topic's texts when it was last looked at: what makes it worth another look."""

_ASLEEP_AFTER = 42  # days without a text, up to the newest text of any topic: a gap in the crawl puts nothing to sleep
_HEIR = 0.5  # of a topic's texts that one other must hold to have taken it or to be where it came from
_LOOKS = frozenset({TopicChange.BORN, TopicChange.SPLIT, TopicChange.GROWN})


def grown(
    members: Mapping[str, Sequence[str]],
    events: Sequence[TopicEvent],
    days: Mapping[str, date],
    fewest: int,
    *,
    growth: float = GROWTH,
) -> frozenset[str]:
    """The topics that have grown by ``growth``, and by ``fewest`` texts, since they were last looked at for parts."""
    seen: dict[str, date] = {}
    for event in events:
        if event.kind in _LOOKS:
            seen[event.topic_id] = max(event.day, seen.get(event.topic_id, date.min))
    found = set()
    for name, keys in members.items():
        then = sum(days.get(key, date.min) <= seen.get(name, date.min) for key in keys)
        if len(keys) - then >= max(fewest, growth * then):
            found.add(name)
    return frozenset(found)


def state_of(topic: Topic, newest: date) -> TopicState:
    """Whether anything came for the topic in the weeks before the ``newest`` text of all."""
    return TopicState.ASLEEP if (newest - topic.last_seen).days > _ASLEEP_AFTER else TopicState.LIVING


def changes(
    before: Sequence[Topic],
    was: Mapping[str, str],
    after: Sequence[Topic],
    place: Mapping[str, str],
    looked: Collection[str],
    today: date,
) -> tuple[TopicEvent, ...]:
    """The changes of a night: ``was`` and ``place`` give the topic of each text before and after it."""
    old, new = {topic.id: topic for topic in before}, {topic.id: topic for topic in after}
    into, out_of = _flows(was, place)
    found = [_birth(name, out_of.get(name), new, today) for name in new.keys() - old.keys()]
    found += [_end(name, into.get(name), new, today) for name in old.keys() - new.keys()]
    for name in old.keys() & new.keys():
        if old[name].state is not new[name].state:
            asleep = new[name].state is TopicState.ASLEEP
            found.append(TopicEvent(today, name, TopicChange.ASLEEP if asleep else TopicChange.AWAKE))
        if name in looked:
            found.append(TopicEvent(today, name, TopicChange.GROWN))
    return tuple(sorted(found))


def _flows(was: Mapping[str, str], place: Mapping[str, str]) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Where the texts of each topic went, and where those of each came from; the empty name for those without a topic."""
    into: defaultdict[str, Counter[str]] = defaultdict(Counter)
    out_of: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key in was.keys() | place.keys():
        before, after = was.get(key, ""), place.get(key, "")
        into[before][after] += 1
        out_of[after][before] += 1
    return into, out_of


def _main(counts: Counter[str] | None) -> str:
    """The topic that holds at least half of them, if one does."""
    if not counts:
        return ""
    name = min(counts, key=lambda one: (-counts[one], one))
    return name if counts[name] >= _HEIR * sum(counts.values()) else ""


def _birth(name: str, origins: Counter[str] | None, living: Mapping[str, Topic], today: date) -> TopicEvent:
    origin = _main(origins)
    if origin in living:
        return TopicEvent(today, name, TopicChange.SPLIT, origin)
    return TopicEvent(today, name, TopicChange.BORN)


def _end(name: str, heirs: Counter[str] | None, living: Mapping[str, Topic], today: date) -> TopicEvent:
    gone = Counter({heir: count for heir, count in (heirs or Counter()).items() if heir})
    heir = _main(gone)
    if heir in living:
        return TopicEvent(today, name, TopicChange.MERGED, heir)
    return TopicEvent(today, name, TopicChange.ENDED)
