"""The brief of a post: which works the notes tell, and for each the sentences, figures and ties worth telling.

Notes that tell the same work (a paper, its blog post, a report in another language) become one :class:`Story`. Sentences are
verbatim; for each role the one in the reader's language is preferred where several notes tell it. Pure functions over values,
ties broken by id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notes.linking import STRENGTH, names_in
from notes.model import Link, LinkKind, Role, Topic, VaultNote
from publish.addressed import is_title
from publish.extract import Quote, StoryFigure, figures_of, is_review, quotes_of
from publish.readable import readable
from publish.reading import nearness

__all__ = ["Story", "Tie", "short_name", "stories", "topic_of"]

_LONGEST_NAME = 36
_MOST_WORDS = 4
_MOST_TIES = 4
_TOLD_ELSEWHERE = 0.02  # what each further source adds to a story's weight


@dataclass(frozen=True, slots=True)
class Tie:
    """A note of the vault to which a story is tied, and on what the tie rests."""

    note_id: str
    kind: LinkKind
    score: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One work, told by ``lead`` and perhaps by ``others``.

    ``headline`` is the note whose title a reader of the post's language reads best, ``name`` the short name of the work (empty
    when its title gives none). ``quotes`` stand in the order problem, approach, result, limitation. ``ties`` lead to notes that
    do not tell the same work, strongest first.
    """

    lead: VaultNote
    others: tuple[VaultNote, ...]
    headline: VaultNote
    name: str
    quotes: tuple[Quote, ...]
    figures: tuple[StoryFigure, ...]
    ties: tuple[Tie, ...]
    topic: Topic | None
    review: bool

    @property
    def notes(self) -> tuple[VaultNote, ...]:
        """All notes that tell the work, the lead first."""
        return (self.lead, *self.others)

    @property
    def note_ids(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(note.id for note in self.notes)

    @property
    def weight(self) -> float:
        """How much the work deserves the reader: the quality of its best note, a little more for each further source."""
        quality = max(note.quality_score or 0.0 for note in self.notes)
        return quality + _TOLD_ELSEWHERE * len({note.source for note in self.others} - {self.lead.source})

    def told(self, role: Role) -> tuple[Quote, ...]:
        """The sentences of a role."""
        return tuple(quote for quote in self.quotes if quote.role is role)


def stories(
    notes: Sequence[VaultNote], links: Sequence[Link], topics: Sequence[Topic], *, language: str = "en"
) -> tuple[Story, ...]:
    """The works that the notes tell, weightiest first."""
    groups = _works(notes, links)
    ties = _ties(links)
    told = [_story(group, ties, topics, language) for group in groups]
    return tuple(sorted(told, key=lambda story: (-story.weight, -len(story.figures), story.lead.id)))


def topic_of(note: VaultNote, topics: Sequence[Topic]) -> Topic | None:
    """The topic that holds the note."""
    held = [topic for topic in topics if note.id in topic.note_ids]
    return min(held, key=lambda topic: topic.id) if held else None


def short_name(title: str) -> str:
    """What a title calls its work: the words before the colon (or the whole title) when few, or the system that opens it."""
    if not is_title(title):
        return ""
    title = readable(title)
    head = _head(title)
    if len(head) <= _LONGEST_NAME and len(head.split()) <= _MOST_WORDS:
        return head
    names = names_in(title)
    return names[0] if names and title.startswith(names[0]) else ""


def _head(title: str) -> str:
    for colon in (": ", "：", " — ", "——", " – "):
        if colon in title:
            return title.split(colon, 1)[0].strip()
    return title.strip()


def _works(notes: Sequence[VaultNote], links: Sequence[Link]) -> list[list[VaultNote]]:
    """The notes grouped by work, over chains of same-work links."""
    by_id = {note.id: note for note in sorted(notes, key=lambda note: note.id)}
    parent = {note_id: note_id for note_id in by_id}

    def root(note_id: str) -> str:
        while parent[note_id] != note_id:
            note_id = parent[note_id]
        return note_id

    for link in links:
        if link.kind is LinkKind.SAME_WORK and link.src in by_id and link.dst in by_id:
            first, second = sorted((root(link.src), root(link.dst)))
            parent[second] = first
    groups: defaultdict[str, list[VaultNote]] = defaultdict(list)
    for note_id, note in by_id.items():
        groups[root(note_id)].append(note)
    return list(groups.values())


def _ties(links: Sequence[Link]) -> Mapping[str, list[Tie]]:
    found: defaultdict[str, list[Tie]] = defaultdict(list)
    for link in links:
        found[link.src].append(Tie(link.dst, link.kind, link.score, link.why))
    return found


def _story(group: Sequence[VaultNote], ties: Mapping[str, list[Tie]], topics: Sequence[Topic], language: str) -> Story:
    ordered = sorted(group, key=lambda note: (-(note.quality_score or 0.0), not note.arxiv_id, note.id))
    lead = ordered[0]
    headline = min(ordered, key=lambda note: (not is_title(note.title), nearness(note.lang, language)))
    quotes = quotes_of(ordered, language)
    topic = next((found for note in ordered if (found := topic_of(note, topics))), None)
    return Story(
        lead=lead,
        others=tuple(ordered[1:]),
        headline=headline,
        name=_name(headline, ordered),
        quotes=quotes,
        figures=figures_of(ordered, quotes),
        ties=_outward(ordered, ties),
        topic=topic,
        review=is_review(ordered, quotes),
    )


def _name(headline: VaultNote, ordered: Sequence[VaultNote]) -> str:
    return next((name for note in (headline, *ordered) if (name := short_name(note.title))), "")


def _outward(group: Sequence[VaultNote], ties: Mapping[str, list[Tie]]) -> tuple[Tie, ...]:
    inside = {note.id for note in group}
    best: dict[str, Tie] = {}
    found = (tie for note in group for tie in ties.get(note.id, ()) if tie.note_id not in inside)
    for tie in sorted(found, key=lambda tie: (STRENGTH[tie.kind], -tie.score, tie.note_id)):
        best.setdefault(tie.note_id, tie)
    return tuple(best.values())[:_MOST_TIES]
