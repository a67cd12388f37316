"""The values that travel through Slipway: items, slips, notes, links, topics, posts.

All are frozen and slotted; times are aware and UTC, dates are days in the user's time zone.
Every text here is *plain text*: it may hold anything that a feed sent, and is made safe at the
door to each medium (Markdown, HTML, terminal), never earlier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from notes.topics import TopicState

__all__ = [
    "Block",
    "BlockKind",
    "Claim",
    "Figure",
    "Item",
    "ItemStatus",
    "KeySentence",
    "Link",
    "LinkKind",
    "Note",
    "PaperVersion",
    "Post",
    "PostKind",
    "Related",
    "Relation",
    "RelationKind",
    "Role",
    "Sighting",
    "Slip",
    "SourceType",
    "Tally",
    "TallyKind",
    "Topic",
    "VaultNote",
    "VaultSection",
    "blocks_text",
]


class SourceType(StrEnum):
    """Where a note's text comes from; the ``source_type`` property of the vault."""

    RSS = "rss"
    ARXIV = "arxiv"
    WEB = "web"
    FILE = "file"
    SYNTHESIS = "synthesis"
    POST = "post"


class BlockKind(StrEnum):
    """What a block of an article is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an article as plain text.

    ``text`` of a ``TABLE`` holds rows by newline and cells by tab; of ``CODE`` the code as it stands;
    of every other kind one line. ``level`` is 1 to 6 for headings and the nesting depth (from 0) of list items.
    """

    kind: BlockKind
    text: str
    level: int = 0


def blocks_text(blocks: tuple[Block, ...]) -> str:
    """The blocks as running plain text, blank lines between them; tabs of tables become spaces."""
    return "\n\n".join(block.text.replace("\t", " ") for block in blocks if block.text)


class ItemStatus(StrEnum):
    """What became of an item; ``EXCLUDED`` ones were kept out by their source's rules, until the rules change."""

    INBOX = "inbox"
    PROMOTED = "promoted"
    DISMISSED = "dismissed"
    DUPLICATE = "duplicate"
    EXPIRED = "expired"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class PaperVersion:
    """A line of an arXiv paper's version log: its number from 1, when it was submitted, and what its authors say of it."""

    version: int
    date: datetime | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of the world outside, as a source gave it.

    ``key`` is its identity (``arxiv:2602.01234``, ``url:example.org/a``, ``guid:<source>:<guid>``,
    ``hash:<sha256>``; see :mod:`notes.identity`), ``external_id`` what the source itself calls it.
    ``lang`` is ``en``, ``zh-Hans``, ``zh-Hant``, another BCP 47 tag, or ``und``.
    ``references`` are the http(s) addresses that the text links to, ``tags`` what the source's settings add.
    ``versions`` is what the source tells of the paper's version log, ``announced`` how arXiv announced the paper: ``new``,
    ``cross``, ``replace``, ``replace-cross``, or nothing where the source does not say.
    """

    key: str
    source: str
    source_title: str
    source_type: SourceType
    external_id: str
    url: str
    title: str
    authors: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    lang: str = "und"
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    arxiv_id: str = ""
    arxiv_version: int = 0
    doi: str = ""
    comment: str = ""
    content_hash: str = ""
    versions: tuple[PaperVersion, ...] = ()
    announced: str = ""

    @property
    def text(self) -> str:
        """The body as plain text."""
        return blocks_text(self.blocks)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place where an item was seen."""

    source: str
    source_title: str
    external_id: str
    url: str
    title: str
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """An item in the box, with what Slipway has decided about it.

    ``score`` is a quality in [0, 1], None while unscored; ``reasons`` say why, and ``parts`` are the named parts it was made
    of. ``explored`` tells that its note got a place kept for exploration, ``rewritten`` that it has another text now than the
    one that was scored.
    """

    id: int
    item: Item
    status: ItemStatus
    first_seen: datetime
    score: float | None = None
    reasons: tuple[str, ...] = ()
    note_id: str = ""
    sightings: tuple[Sighting, ...] = ()
    parts: Mapping[str, float] = field(default_factory=dict)
    explored: bool = False
    rewritten: bool = False


class Role(StrEnum):
    """What a sentence does in an article."""

    PROBLEM = "problem"
    APPROACH = "approach"
    RESULT = "result"
    LIMITATION = "limitation"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class KeySentence:
    """A sentence of the source, verbatim but cleaned of line breaks, with its role."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure and the sentence that it stands in.

    ``text`` is the figure as written (``89.9%``), ``value`` its number, ``unit`` one of ``%``, ``x``, ``points``,
    ``params``, ``tokens`` or a word, ``benchmark`` and ``system`` names from the same sentence (may be empty).
    ``change`` tells a difference or a factor (26% better, 90x) from a score.
    """

    text: str
    value: float
    unit: str
    sentence: str
    benchmark: str = ""
    system: str = ""
    change: bool = False


class LinkKind(StrEnum):
    """On what a link rests, strongest first."""

    SAME_WORK = "same-work"
    WIKILINK = "wikilink"
    CITES = "cites"
    MENTIONS = "mentions"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Link:
    """A directed link between notes; ``score`` is a closeness in [0, 1], ``why`` the shared terms or the sentence."""

    src: str
    dst: str
    kind: LinkKind
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Related:
    """A line of a note's Related section."""

    id: str
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A permanent note as Slipway writes it; :func:`notes.markup.document.render_note` gives its file."""

    id: str
    title: str
    created: date
    source: str
    source_type: SourceType
    lang: str
    published: date | None = None
    tags: tuple[str, ...] = ()
    url: str = ""
    arxiv_id: str = ""
    arxiv_version: int = 0
    doi: str = ""
    comment: str = ""
    authors: tuple[str, ...] = ()
    quality_score: float | None = None
    quality_reasons: tuple[str, ...] = ()
    topic: str = ""
    summary: tuple[KeySentence, ...] = ()
    blocks: tuple[Block, ...] = ()
    figures: tuple[Figure, ...] = ()
    related: tuple[Related, ...] = ()
    references: tuple[str, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    versions: tuple[PaperVersion, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class VaultSection:
    """A section of a Markdown file: its heading (plain text, empty before the first) and its plain text."""

    heading: str
    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultNote:
    """A Markdown file of the vault as it was read, whoever wrote it.

    ``id`` is the frontmatter's, else the file stem, else (where two share a stem) the path.
    ``path`` is relative to the vault, with ``/``. ``body`` is the Markdown below the frontmatter, ``sections``
    the same as plain text. ``wikilinks`` are the targets as written, ``references`` the http(s) addresses that the body points
    to, with the arXiv ids and DOIs that it names. ``properties`` holds the whole frontmatter as YAML or TOML gave it.
    ``trouble`` is empty or says what could not be read. ``sha256`` is of the file's bytes.
    """

    id: str
    path: str
    title: str
    sha256: str
    size: int
    mtime_ns: int
    aliases: tuple[str, ...] = ()
    created: date | None = None
    published: date | None = None
    tags: tuple[str, ...] = ()
    source: str = ""
    source_type: str = ""
    url: str = ""
    arxiv_id: str = ""
    doi: str = ""
    authors: tuple[str, ...] = ()
    quality_score: float | None = None
    topic: str = ""
    lang: str = "und"
    related: tuple[str, ...] = ()
    wikilinks: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    body: str = ""
    sections: tuple[VaultSection, ...] = ()
    properties: dict[str, object] = field(default_factory=dict)
    trouble: str = ""

    @property
    def text(self) -> str:
        """The body as plain text, without headings."""
        return "\n\n".join(section.text for section in self.sections if section.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A living topic. ``terms`` most telling first; ``note_ids`` in reading order; ``medoid`` the most central note.

    ``names`` are its names by language (``en``, ``zh-Hans``, ``zh-Hant``) where its notes give it one; ``parent`` is the id of
    the field that holds it, empty for a field and for a topic that stands alone. ``state`` is asleep where nothing came for long.
    """

    id: str
    name: str
    terms: tuple[str, ...]
    note_ids: tuple[str, ...]
    medoid: str
    first_seen: date
    last_seen: date
    names: tuple[tuple[str, str], ...] = ()
    parent: str = ""
    state: TopicState = TopicState.LIVING

    def name_in(self, lang: str) -> str:
        """Its name for a reader of ``lang``."""
        return dict(self.names).get(lang, self.name)


class PostKind(StrEnum):
    """What a post is."""

    DAILY = "daily"
    SYNTHESIS = "synthesis"


class TallyKind(StrEnum):
    """What a tally counts or dates; each can be worked out again from the notes it names."""

    NOTES = "notes"
    SOURCES = "sources"
    DAY = "day"
    SPAN = "span"
    WEEK = "week"
    MONTH = "month"
    TREND = "trend"


@dataclass(frozen=True, slots=True)
class Tally:
    """A number of a post's own making: it stands in no note, but can be counted again.

    ``text`` is the words of the claim that hold it (``12 notes``). ``NOTES`` is the number of ``note_ids``, ``SOURCES`` that
    of their sources. ``DAY`` is a day on which all of them were made or published, ``SPAN`` a stretch of days (``start`` to
    ``end``) in which all were made, ``WEEK`` the ISO week of ``end``, ``MONTH`` its month. ``TREND`` is how many of all texts
    that came in from ``start`` to ``end`` hold the trend ``of`` (its key), counted over its periods.
    """

    text: str
    kind: TallyKind
    note_ids: tuple[str, ...]
    start: date | None = None
    end: date | None = None
    of: str = ""


class RelationKind(StrEnum):
    """How a work stands to another that its text names."""

    DISAGREES = "disagrees"
    BUILDS = "builds"
    APPLIED = "applied"
    COMPARES = "compares"
    MEASURED = "measured"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Relation:
    """How one work stands to another by a sentence of its own; it can be read again.

    ``sentence`` stands word for word in the note ``of`` and names the work of the note ``to`` as ``name``.
    """

    kind: RelationKind
    of: str
    to: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a post and the ids of the notes on which it rests.

    ``quotes`` are the parts of ``text`` that must stand word for word in one of the notes, ``tallies`` the numbers that are
    counted over the notes rather than read in one. ``links`` are the web addresses in it; ``writer`` is who worded it, empty
    for Slipway's own extractive writer. ``relations`` are how works stand to each other by sentences that the text does not
    show, which are among the quotes.
    """

    text: str
    note_ids: tuple[str, ...]
    quotes: tuple[str, ...] = ()
    tallies: tuple[Tally, ...] = ()
    links: tuple[str, ...] = ()
    writer: str = ""
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A written post: ``text`` is the whole Markdown file with its frontmatter, ``path`` relative to the vault.

    ``report`` tells which sentences were dropped or replaced, and why.
    """

    id: str
    kind: PostKind
    date: date
    title: str
    lang: str
    path: str
    note_ids: tuple[str, ...]
    claims: tuple[Claim, ...]
    text: str
    report: tuple[str, ...] = ()
