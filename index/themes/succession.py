"""Who goes on as whom: which of tonight's groups is which topic of last night, and whether it still goes by that name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from index.themes.topic_names import Text, Wording
from notes.model import Topic
from notes.text.fold import to_simplified

__all__ = ["heirs", "still_tells"]

_SAME_TOPIC = 0.3  # Jaccard overlap from which a group is a topic of last night
_PURE = 0.8  # of a group's texts that had a topic, from which it is a part of that one
_STILL = 0.12  # of a topic's texts that must hold what its name tells
_CLEARLY = 0.4  # of those that hold what would name it now, that must hold what its name tells


def heirs(groups: Sequence[Sequence[str]], place: Mapping[str, str], previous: Sequence[Topic]) -> dict[int, Topic]:
    """Which group goes on with which previous topic: the greatest overlaps first, each topic once.

    By the texts that had a topic: what is new tells nothing, and in a young house it is most. A part of a topic that is nothing
    else goes on with it however small: the largest, since it comes first.
    """
    by_id = {topic.id: topic for topic in previous}
    sizes = Counter(place.values())
    overlaps = []
    for at, group in enumerate(groups):
        origins = Counter(place[key] for key in group if key in place)
        known = origins.total()
        for name, shared in origins.items():
            jaccard = shared / (known + sizes[name] - shared)
            if name in by_id and shared > 1 and (jaccard >= _SAME_TOPIC or shared >= _PURE * known):
                overlaps.append((-jaccard, name, at))
    matched: dict[int, Topic] = {}
    used: set[str] = set()
    for _, name, at in sorted(overlaps):
        if at not in matched and name not in used:
            matched[at] = by_id[name]
            used.add(name)
    return matched


def still_tells(before: Topic, words: Wording, group: Sequence[str], texts: Mapping[str, Text]) -> bool:
    """Whether a topic's name is among what tells it best now, or no other (of ``words``) is told by clearly more of its texts.

    A young topic's most telling phrases change nightly, and with its name its page would be another's.
    """
    if set(before.terms[:2]) & set(words.terms):
        return True
    told = [_plain(" ".join(texts[key][:2])) for key in group if key in texts]
    now = sum(_plain(words.parts[0]) in text for text in told)
    then = max(sum(_plain(part) in text for text in told) for part in before.name.split(" · "))
    return then >= max(2, _STILL * len(told), _CLEARLY * now)


def _plain(text: str) -> str:
    return to_simplified(text).casefold().removesuffix("s")
