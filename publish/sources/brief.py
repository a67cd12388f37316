"""The brief of a post: which works the notes tell, and for each the sentences, figures and ties worth telling.

Notes that tell the same work (a paper, its blog post, a report in another language) become one :class:`Story`. Sentences are
verbatim; for each role the one in the reader's language is preferred where several notes tell it. Pure functions over values,
ties broken by id.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from notes.links.linking import STRENGTH
from notes.model import Link, LinkKind, Role, Topic, VaultNote
from notes.text.fold import fold
from notes.text.language import cjk_share, is_chinese
from publish.sources.account import Account
from publish.sources.addressed import is_title
from publish.sources.code import codes_of
from publish.sources.evidence import carriers
from publish.sources.extract import Quote, StoryFigure
from publish.sources.gist import Gist
from publish.sources.reading import nearness
from publish.sources.works import grouped, head_of, names_of, short_name

__all__ = ["Story", "Tie", "short_name", "stories"]

_MOST_TIES = 4
_LATIN = re.compile(r"[A-Za-z]")
_SIZE = re.compile(r"[- ]\d+(?:\.\d+)?[bm]$")
_FRESH = timedelta(days=60)  # before the youngest note: older works are told, but news goes first


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
    when its title gives none). ``account`` is what its notes say. ``ties`` lead to notes that do not tell the same work,
    strongest first. ``code`` is the address of the work's own repository.
    """

    lead: VaultNote
    others: tuple[VaultNote, ...]
    headline: VaultNote
    name: str
    account: Account
    ties: tuple[Tie, ...]
    topic: Topic | None
    code: str = ""

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The sentences to tell, in the order problem, approach, result, limitation."""
        return self.account.quotes

    @property
    def figures(self) -> tuple[StoryFigure, ...]:
        """The figures of the work, most telling first."""
        return self.account.figures

    @property
    def review(self) -> bool:
        """Whether the work surveys other works."""
        return self.account.review

    @property
    def gist(self) -> Gist | None:
        """The work in a line, if its sentences give one."""
        return self.account.gist

    @property
    def notes(self) -> tuple[VaultNote, ...]:
        """All notes that tell the work, the lead first."""
        return (self.lead, *self.others)

    @property
    def note_ids(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(note.id for note in self.notes)

    @property
    def primary(self) -> VaultNote:
        """The paper when a note is one, else the lead."""
        return next((note for note in self.notes if note.arxiv_id), self.lead)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that carried the work, the primary's first."""
        return carriers((self.primary, *self.notes))

    @property
    def several(self) -> bool:
        """Whether more than one source carried the work."""
        return len(self.sources) > 1

    def owns(self, system: str) -> bool:
        """Whether a system is the work itself, perhaps in one of its sizes: ``GTA1-7B`` of GTA1."""
        named = fold(system)
        names = names_of(self.notes) | ({fold(self.name)} if self.name else set())
        return bool(named) and (named in names or _SIZE.sub("", named) in names)

    def rank(self, youngest: date) -> tuple[int, int, float, int, str]:
        """How much the work deserves the reader, the weightiest lowest.

        What several sources carried and what is fresh (measured from the ``youngest`` note) goes first, then what more sources
        carried, then quality, figures, id.
        """
        days = [day for note in self.notes if (day := note.published or note.created)]
        fresh = bool(days) and youngest - min(days) <= _FRESH
        quality = max(note.quality_score or 0.0 for note in self.notes)
        return -(self.several + fresh), -len(self.sources), -quality, -self.account.number_of_figures, self.lead.id

    def only(self, quotes: Sequence[Quote]) -> Story:
        """The work with these sentences in place of its own; its figures stay."""
        return replace(self, account=replace(self.account, told=tuple(quotes)))

    def told(self, role: Role) -> tuple[Quote, ...]:
        """The sentences of a role."""
        return tuple(quote for quote in self.quotes if quote.role is role)


def stories(
    notes: Sequence[VaultNote], links: Sequence[Link], topics: Sequence[Topic], *, language: str = "en"
) -> tuple[Story, ...]:
    """The works that the notes tell, weightiest first."""
    groups = grouped(notes, links)
    ties = _ties(links)
    work = {note.id: min(other.id for other in group) for group in groups for note in group}
    code = codes_of(groups)
    topic_of = {name: one for one in sorted(topics, key=lambda one: one.id, reverse=True) for name in one.note_ids}
    told = [replace(_story(group, ties, work, topic_of, language), code=code.get(group[0].id, "")) for group in groups]
    youngest = max((day for note in notes if (day := note.published or note.created)), default=date.min)
    return tuple(sorted(told, key=lambda story: story.rank(youngest)))


def _ties(links: Sequence[Link]) -> Mapping[str, list[Tie]]:
    found: defaultdict[str, list[Tie]] = defaultdict(list)
    for link in links:
        found[link.src].append(Tie(link.dst, link.kind, link.score, link.why))
    return found


def _story(
    group: Sequence[VaultNote],
    ties: Mapping[str, list[Tie]],
    work: Mapping[str, str],
    topic_of: Mapping[str, Topic],
    language: str,
) -> Story:
    ordered = sorted(group, key=lambda note: (-(note.quality_score or 0.0), not note.arxiv_id, note.id))
    lead = ordered[0]
    headline = min(ordered, key=lambda note: _headline_rank(note, language))
    name = _name(headline, ordered)
    topic = next((topic_of[note.id] for note in ordered if note.id in topic_of), None)
    return Story(
        lead=lead,
        others=tuple(ordered[1:]),
        headline=headline,
        name=name,
        account=Account(tuple(ordered), name, language),
        ties=_outward(ordered, ties, work),
        topic=topic,
    )


def _headline_rank(note: VaultNote, language: str) -> tuple[bool, bool, bool, int]:
    """A title in the reader's own script first, then the paper's, then what the reader reads best."""
    own = note.lang == language and (not is_chinese(language) or cjk_share(note.title) > 0)
    return not is_title(note.title), not own, not note.arxiv_id, nearness(note.lang, language)


def _name(headline: VaultNote, ordered: Sequence[VaultNote]) -> str:
    """The name that the reader's title gives, else any.

    A name in Latin letters goes before Chinese words, which may be a headline; one before a colon before a whole title.
    """
    named = [(note.title, name) for note in (headline, *ordered) if (name := short_name(note.title))]
    best = min(named, key=lambda one: (not _LATIN.search(one[1]), head_of(one[0]) == one[0].strip()), default=("", ""))
    return best[1]


def _outward(group: Sequence[VaultNote], ties: Mapping[str, list[Tie]], work: Mapping[str, str]) -> tuple[Tie, ...]:
    """The strongest ties that leave the group, one to each other work."""
    inside = {note.id for note in group}
    best: dict[str, Tie] = {}
    found = (tie for note in group for tie in ties.get(note.id, ()) if tie.note_id not in inside)
    for tie in sorted(found, key=lambda tie: (STRENGTH[tie.kind], -tie.score, tie.note_id)):
        best.setdefault(work.get(tie.note_id, tie.note_id), tie)
    return tuple(best.values())[:_MOST_TIES]
