"""A window of days as the synthesis sees it: its works, its topics with their course, its shared benchmarks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from notes.model import Link, SourceType, Topic, VaultNote
from notes.trends import Trend, TrendClass, TrendKind
from publish.sources.brief import Story, stories
from publish.sources.extract import StoryFigure
from publish.synthesis.selection import worth_reading

__all__ = ["FALLING", "RISING", "Benchmark", "Group", "Window", "look"]

RISING = frozenset({TrendClass.EMERGING, TrendClass.RISING})
# What sleeps may do so by chance: nothing is said to fall without the test.
FALLING = frozenset({TrendClass.FADING})

_LEAST_NOTES = 2  # of a topic, for the synthesis to speak of it
_LEAST_TO_LEAD = 3  # notes of a rising topic that goes before larger ones
_WRITTEN = frozenset({SourceType.POST.value, SourceType.SYNTHESIS.value})


@dataclass(frozen=True, slots=True)
class Group:
    """A topic in the window: its works, weightiest first, its notes, those of earlier windows (oldest first), its trend."""

    topic: Topic
    stories: tuple[Story, ...]
    notes: tuple[VaultNote, ...]
    earlier: tuple[tuple[VaultNote, ...], ...]
    trend: Trend | None = None

    @property
    def before(self) -> tuple[VaultNote, ...]:
        """The notes of the window just before."""
        return self.earlier[-1] if self.earlier else ()

    @property
    def is_new(self) -> bool:
        """Whether no earlier window holds a note of the topic."""
        return not any(self.earlier)

    @property
    def rises(self) -> bool:
        """Whether a test says so."""
        return self.trend is not None and self.trend.course in RISING

    @property
    def moves(self) -> bool:
        """Whether a test says that it rises or falls."""
        return self.trend is not None and self.trend.course in RISING | FALLING

    @property
    def weight(self) -> tuple[int, int, int, str]:
        """The place among the topics, the first lowest: what surely rises, then what is large."""
        leads = self.rises and len(self.notes) >= _LEAST_TO_LEAD
        rank = self.trend.rank if leads and self.trend is not None else 0
        return not leads, rank, -len(self.notes), self.topic.id


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark and the works for which a source states a figure of their own on it."""

    name: str
    rows: tuple[tuple[Story, StoryFigure], ...]

    @property
    def stories(self) -> tuple[Story, ...]:
        """The works, each once."""
        return tuple({story.lead.id: story for story, _ in self.rows}.values())


@dataclass(frozen=True, slots=True)
class Window:
    """The days ``start`` to ``end`` with their notes, works (weightiest first), topics (leading first) and benchmarks.

    Of a large window only the works most worth it are among the ``stories``; the notes of a group are all of its topic.
    ``trends`` are those that notes of the vault bear out, in their order; ``topics`` the topics by id.
    """

    start: date
    end: date
    notes: tuple[VaultNote, ...]
    stories: tuple[Story, ...]
    groups: tuple[Group, ...]
    benchmarks: tuple[Benchmark, ...]
    trends: tuple[Trend, ...]
    topics: Mapping[str, Topic]

    def moving(self, courses: frozenset[TrendClass], kind: TrendKind | None = None) -> tuple[Trend, ...]:
        """The trends of these courses, in their order."""
        return tuple(trend for trend in self.trends if trend.course in courses and kind in (None, trend.kind))


def look(  # noqa: PLR0913 - all that a window is seen by
    notes: Sequence[VaultNote],
    *,
    all_notes: Mapping[str, VaultNote],
    links: Sequence[Link],
    topics: Sequence[Topic],
    language: str,
    window: tuple[date, date],
    windows_before: int,
    trends: Sequence[Trend] = (),
    narrow: bool = False,
) -> Window:
    """Everything the synthesis tells of, decided once; ``narrow`` leaves out the trends that none of the notes bears out."""
    held = tuple(sorted((note for note in notes if note.source_type not in _WRITTEN), key=lambda note: note.id))
    told = stories(worth_reading(held, links, topics), links, topics, language=language)
    ids = {note.id for note in held}
    wanted = ids if narrow else {*all_notes, *ids}
    # A topic may rise by what only came in; a phrase without a note can be shown to nobody.
    kept = [trend for trend in trends if not wanted.isdisjoint(trend.notes)]
    groups = _Groups(held, told, all_notes, window, windows_before, kept)
    shown = [group for group in map(groups.of, topics) if len(group.notes) >= _LEAST_NOTES]
    # Of a subject the largest topic is what it is about, whatever moves beside it.
    shown.sort(key=lambda group: (-len(group.notes) if narrow else 0, group.weight))
    known = {topic.id: topic for topic in topics}
    return Window(*window, held, told, tuple(shown), _benchmarks(told), tuple(kept), known)


class _Groups:
    """The topics of a window, each with what is its own."""

    def __init__(
        self,
        held: Sequence[VaultNote],
        told: Sequence[Story],
        all_notes: Mapping[str, VaultNote],
        window: tuple[date, date],
        windows_before: int,
        trends: Sequence[Trend],
    ) -> None:
        self._held = {note.id: note for note in held}
        self._all = all_notes
        self._trends = {trend.id: trend for trend in trends if trend.kind is TrendKind.TOPIC}
        self._stories: defaultdict[str, list[Story]] = defaultdict(list)
        for story in told:
            self._stories[story.topic.id if story.topic else ""].append(story)
        length = window[1] - window[0] + timedelta(days=1)
        backwards = range(windows_before, 0, -1)
        self._spans = [(window[0] - length * back, window[0] - length * (back - 1)) for back in backwards]

    def of(self, topic: Topic) -> Group:
        own = tuple(self._stories.get(topic.id, ()))
        past = [self._all[name] for name in topic.note_ids if name in self._all and name not in self._held]
        earlier = tuple(_made_in(past, start, end) for start, end in self._spans)
        # As the topic's page lists them; another note of a work that is told under it belongs to its own topic, or to none.
        notes = tuple(self._held[name] for name in sorted(self._held.keys() & topic.note_ids))
        return Group(topic, own, notes, earlier, self._trends.get(topic.id))


def _made_in(notes: Sequence[VaultNote], start: date, end: date) -> tuple[VaultNote, ...]:
    return tuple(note for note in notes if note.created is not None and start <= note.created < end)


def _benchmarks(told: Sequence[Story]) -> tuple[Benchmark, ...]:
    rows: dict[str, list[tuple[Story, StoryFigure]]] = {}
    for story in told:
        for found in story.figures:
            if found.figure.benchmark and story.owns(found.figure.system):
                rows.setdefault(found.figure.benchmark, []).append((story, found))
    listed = [Benchmark(name, tuple(held)) for name, held in rows.items()]
    return tuple(sorted(listed, key=lambda one: (-len(one.stories), one.name.casefold())))
