"""What goes into the post of a day: the works told at length, the surveys, the rest, and the topics that they share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice

from notes.model import Link, Role, Topic, VaultNote
from notes.trends import Trend, TrendClass, TrendKind
from publish.post.memory import Told
from publish.post.news import Retelling, told_before
from publish.sources.brief import Story, stories
from publish.sources.extract import is_measured

__all__ = ["MOST_ALSO", "Edition", "edition_of"]

MOST_ALSO = 10
"""Works without a section of which a sentence is told."""

_MOST_REVIEWS = 2
_RIVALS = 3  # for the lead
_RISING = (TrendClass.EMERGING, TrendClass.RISING)
# "Windsurf 1.12.25": one of the many steps of a program, which nobody reads a section about. "Llama 3.1" is news.
_POINT_RELEASE = re.compile(r"[^:：]{2,60}?\bv?\d+\.\d+\.\d+[\w.+-]*")
_MOST_OF_A_TOPIC = 2  # before a story of another topic, however light


@dataclass(frozen=True, slots=True)
class Edition:
    """The works of the day: ``main`` told at length, ``reviews`` (surveys and meta-studies), the ``rest``, bare ``releases``.

    ``before`` gives for the lead note of a work that an earlier post told that post.
    """

    notes: tuple[VaultNote, ...]
    main: tuple[Story, ...]
    reviews: tuple[Story, ...]
    rest: tuple[Story, ...]
    releases: tuple[Story, ...] = ()
    before: Mapping[str, Told] = field(default_factory=dict)

    @property
    def every(self) -> tuple[Story, ...]:
        """All works in the order of the post."""
        return (*self.main, *self.reviews, *self.rest, *self.releases)

    @property
    def told(self) -> tuple[Story, ...]:
        """The works that have a section of their own."""
        return (*self.main, *self.reviews)

    def leading_topic(self) -> Topic | None:
        """The topic that most notes of the day share; None when no two do."""
        topics = {story.topic.id: story.topic for story in self.every if story.topic}
        best = min(topics.values(), key=lambda topic: (-len(self.of_topic(topic)), topic.id), default=None)
        return best if best and len(self.of_topic(best)) > 1 else None

    def of_topic(self, topic: Topic) -> tuple[VaultNote, ...]:
        """The notes of the day that tell works of a topic."""
        return tuple(note for story in self.every if story.topic == topic for note in story.notes)

    def by_topic(self) -> list[tuple[Topic | None, list[Story]]]:
        """The told works by the topics that at least two share, then (under None) those on subjects of their own."""
        found: dict[str, tuple[Topic | None, list[Story]]] = {}
        for story in self.told:
            key = story.topic.id if story.topic else ""
            found.setdefault(key, (story.topic, []))[1].append(story)
        shared = [(topic, told) for topic, told in found.values() if topic and len(told) > 1]
        grouped = {story.lead.id for _, told in shared for story in told}
        alone = [story for story in self.told if story.lead.id not in grouped]
        return [*shared, *([(None, alone)] if alone and shared else [])]


def edition_of(
    notes: Sequence[VaultNote],
    links: Sequence[Link],
    topics: Sequence[Topic],
    *,
    language: str,
    most: int,
    known: Mapping[str, VaultNote] | None = None,
    earlier: Sequence[Told] = (),
    trends: Sequence[Trend] = (),
) -> Edition:
    """The works that the notes tell, at most ``most`` of them at length, the lead first.

    Of what ``earlier`` posts told only the news is told, and without news nothing but that it is there.
    """
    found = stories(notes, links, topics, language=language)
    retellings = told_before(found, known or {}, links, earlier)
    retold = [retellings[story.lead.id].story if story.lead.id in retellings else story for story in found]
    released = [story for story in retold if _is_release(story)]
    # A day of nothing else is told as any other.
    every = [story for story in retold if story not in released] or retold
    releases = tuple(story for story in released if story not in every)
    main, reviews = _chosen(every, most, lambda story: bool(story.quotes) and _has_news(story, retellings))
    if not main and not reviews:
        # A problem alone is no story, unless the day has nothing else; what is news of an old work always is one.
        main, reviews = _chosen(every, most, lambda story: bool(story.quotes))
    if not main:
        main, reviews = reviews, []
    main = _lead_first(main, trends)
    chosen = {story.lead.id for story in (*main, *reviews)}
    rest = [story for story in every if story.lead.id not in chosen]
    rest.sort(key=lambda story: story.lead.id in retellings)
    before = {lead: one.told for lead, one in retellings.items()}
    return Edition(tuple(notes), tuple(main), tuple(reviews), tuple(rest), releases, before)


def _is_release(story: Story) -> bool:
    """Whether all there is to the work is the number of another version of a program."""
    bare = not story.primary.arxiv_id and not story.several
    return bare and _POINT_RELEASE.fullmatch(story.headline.title.strip()) is not None


def _has_news(story: Story, retellings: Mapping[str, Retelling]) -> bool:
    return story.lead.id in retellings or bool(story.told(Role.APPROACH) or story.told(Role.RESULT))


def _lead_first(main: Sequence[Story], trends: Sequence[Trend]) -> list[Story]:
    """The lead is the one of the first few, carried by as many sources, that has most to say in a line."""
    if not main:
        return []
    rising = {one.id for one in trends if one.kind is TrendKind.TOPIC and one.course in _RISING}
    rivals = [story for story in main[:_RIVALS] if len(story.sources) == len(main[0].sources)]
    lead = max(rivals, key=lambda story: (_news_value(story, rising), -rivals.index(story)))
    return [lead, *(story for story in main if story is not lead)]


def _news_value(story: Story, rising: AbstractSet[str]) -> int:
    measured = any(is_measured(one.figure) for one in story.figures)
    on_the_rise = story.topic is not None and story.topic.id in rising
    return sum((measured, story.gist is not None and bool(story.name), bool(story.told(Role.PROBLEM)), on_the_rise))


def _chosen(
    every: Sequence[Story], most: int, wanted: Callable[[Story], bool]
) -> tuple[Sequence[Story], Sequence[Story]]:
    """Of the wanted works at most so many, and the surveys; no more works are read than it takes to find them."""
    main = _varied((story for story in every if not story.review and wanted(story)), most)
    return main, list(islice((story for story in every if story.review and wanted(story)), _MOST_REVIEWS))


def _varied(told: Iterable[Story], most: int) -> list[Story]:
    """The first stories in turns of so many of each topic, weightiest first within a turn."""
    held: Counter[str] = Counter()
    turns: list[tuple[int, int, Story]] = []
    first = 0
    for position, story in enumerate(told):
        topic = story.topic.id if story.topic else story.lead.id
        turn = held[topic] // _MOST_OF_A_TOPIC
        turns.append((turn, position, story))
        held[topic] += 1
        first += turn == 0
        if first >= most:
            break
    return [story for _, _, story in sorted(turns, key=lambda turn: turn[:2])][:most]
