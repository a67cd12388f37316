"""A window of days as the synthesis sees it: its works, its topics with what they held before, its shared benchmarks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from notes.model import Link, SourceType, Topic, VaultNote
from publish.brief import Story, stories
from publish.extract import StoryFigure

__all__ = ["Benchmark", "Group", "Window", "look"]

_LEAST_NOTES = 2  # of a topic, for the synthesis to speak of it
_WRITTEN = frozenset({SourceType.POST.value, SourceType.SYNTHESIS.value})


@dataclass(frozen=True, slots=True)
class Group:
    """A topic in the window: its works, weightiest first, its notes, and those of earlier windows, oldest window first."""

    topic: Topic
    stories: tuple[Story, ...]
    notes: tuple[VaultNote, ...]
    earlier: tuple[tuple[VaultNote, ...], ...]

    @property
    def before(self) -> tuple[VaultNote, ...]:
        """The notes of the window just before."""
        return self.earlier[-1] if self.earlier else ()

    @property
    def is_new(self) -> bool:
        """Whether no earlier window holds a note of the topic."""
        return not any(self.earlier)


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
    """The days ``start`` to ``end`` with their notes, works (weightiest first), topics (largest first) and benchmarks."""

    start: date
    end: date
    notes: tuple[VaultNote, ...]
    stories: tuple[Story, ...]
    groups: tuple[Group, ...]
    benchmarks: tuple[Benchmark, ...]


def look(
    notes: Sequence[VaultNote],
    *,
    all_notes: Mapping[str, VaultNote],
    links: Sequence[Link],
    topics: Sequence[Topic],
    language: str,
    window: tuple[date, date],
    windows_before: int,
) -> Window:
    """Everything the synthesis tells of, decided once."""
    held = tuple(sorted((note for note in notes if note.source_type not in _WRITTEN), key=lambda note: note.id))
    told = stories(held, links, topics, language=language)
    groups = [_group(topic, held, told, all_notes, window, windows_before) for topic in topics]
    shown = [group for group in groups if len(group.notes) >= _LEAST_NOTES]
    shown.sort(key=lambda group: (-len(group.notes), group.topic.id))
    return Window(*window, held, told, tuple(shown), _benchmarks(told))


def _group(
    topic: Topic,
    held: Sequence[VaultNote],
    told: Sequence[Story],
    all_notes: Mapping[str, VaultNote],
    window: tuple[date, date],
    windows_before: int,
) -> Group:
    own = tuple(story for story in told if story.topic is not None and story.topic.id == topic.id)
    inside = {note_id for story in own for note_id in story.note_ids}
    past = [all_notes[note_id] for note_id in topic.note_ids if note_id in all_notes and note_id not in inside]
    length = window[1] - window[0] + timedelta(days=1)
    spans = [(window[0] - length * back, window[0] - length * (back - 1)) for back in range(windows_before, 0, -1)]
    earlier = tuple(_made_in(past, start, end) for start, end in spans)
    return Group(topic, own, tuple(note for note in held if note.id in inside), earlier)


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
