"""The library: every note there is, Slipway's and the user's, in the forms that linking and searching look at.

What Slipway wrote and nobody touched is read from its slip, so that the text compared is the same before and after the
file is written; everything else is read from the vault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from index.texts.documents import Document
from notes.identity import arxiv_id, canonical_url, doi
from notes.links.linking import Linkable
from notes.links.own_lines import without_own_lines
from notes.markup.note_words import Part, part_of
from notes.markup.obsidian import LinkIndex, Targets
from notes.model import ItemStatus, Slip, SourceType, VaultNote, VaultSection
from notes.text.language import detect

__all__ = ["Holding", "Library", "is_note", "is_page", "is_post", "item_id", "language_of", "slip_document"]

_PAGES = frozenset({"Home.md", "Inbox.md", "Reading list.md", "Suggestions.md", "Today.md"})
_TOPIC_ID, _TOPIC_TAG = "topic-", "topic"
_TELLING = 4000  # characters that tell a note's language
_ADDED = frozenset({Part.RELATED, Part.VERSIONS, Part.SOURCES})
_POST_TYPES = frozenset({SourceType.POST.value, SourceType.SYNTHESIS.value})


def is_post(note: VaultNote) -> bool:
    """Whether the file is a post or a synthesis."""
    return note.source_type in _POST_TYPES


def is_page(note: VaultNote) -> bool:
    """Whether the file is one of Slipway's own pages: queue, list, home, topic."""
    return (
        note.path in _PAGES
        or note.path.startswith("topics/")
        or note.path.casefold().startswith("templates/")
        # Moved by its user: as a note it would be one of its own topic, which would be another each night.
        or (note.id.startswith(_TOPIC_ID) and _TOPIC_TAG in note.tags)
    )


def is_note(note: VaultNote) -> bool:
    """Whether the file is a note, Slipway's or the user's own."""
    return not is_post(note) and not is_page(note)


def language_of(file: VaultNote) -> str:
    """The language that the file states, else the one its words tell: a note written by hand seldom states one."""
    return file.lang if file.lang != "und" else detect(f"{file.title}\n{file.text[:_TELLING]}")


def item_id(slip: Slip) -> str:
    """The name of a slip where notes and slips stand side by side."""
    return f"item-{slip.id}"


@dataclass(frozen=True, slots=True)
class Holding:
    """One note of the library, or one slip of the inbox."""

    id: str
    document: Document
    linkable: Linkable
    slip: Slip | None = None
    file: VaultNote | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """All notes, and the slips that wait in the inbox, each by id and in the order of ids; what links to the notes hold."""

    notes: Mapping[str, Holding]
    inbox: Mapping[str, Holding]
    targets: Targets = field(default_factory=Targets)

    def shown(self, holding: Holding) -> tuple[str, str]:
        """What a link to a note holds, and its title: a renamed file is linked by where it is now."""
        target = self.targets.of(holding.file) if holding.file is not None else holding.id
        return target, holding.document.title

    @classmethod
    def gather(
        cls, files: Iterable[VaultNote], slips: Sequence[Slip], untouched: frozenset[str], zone: ZoneInfo
    ) -> Library:
        """Put together what the vault and the box hold.

        ``untouched`` names the notes whose file is as Slipway wrote it, or is still to be written.
        """
        by_note = {
            slip.note_id: slip for slip in slips if slip.status is ItemStatus.PROMOTED and slip.note_id in untouched
        }
        files = tuple(files)
        by_file = {file.id: file for file in files if is_note(file)}
        notes = {note_id: _from_slip(note_id, slip, zone, by_file.get(note_id)) for note_id, slip in by_note.items()}
        drawn = _Drawn(files)
        notes |= {file.id: _from_file(file, drawn.by(file)) for file in by_file.values() if file.id not in notes}
        inbox = {
            item_id(slip): _from_slip(item_id(slip), slip, zone) for slip in slips if slip.status is ItemStatus.INBOX
        }
        targets = Targets(file.path for file in files)
        return cls(dict(sorted(notes.items())), dict(sorted(inbox.items())), targets)

    def holdings(self) -> tuple[Holding, ...]:
        """Notes first, then slips."""
        return (*self.notes.values(), *self.inbox.values())


def slip_document(slip: Slip, name: str, zone: ZoneInfo) -> Document:
    """A slip as the index sees it."""
    item = slip.item
    return Document(
        id=name,
        kind="item",
        title=item.title,
        sections=(("", item.text),),
        url=item.url,
        created=day_of(slip, zone) or slip.first_seen.astimezone(zone).date(),
        source=item.source_title or item.source,
        source_type=item.source_type.value,
        tags=item.tags,
        lang=item.lang,
    )


def _from_slip(name: str, slip: Slip, zone: ZoneInfo, file: VaultNote | None = None) -> Holding:
    item = slip.item
    addresses = tuple(dict.fromkeys(filter(None, (item.url, *(sighting.url for sighting in slip.sightings)))))
    linkable = Linkable(
        id=name,
        title=item.title,
        text=item.text,
        work=item.arxiv_id or item.doi,
        addresses=addresses,
        references=_foreign(item.references, addresses),
    )
    return Holding(name, slip_document(slip, name, zone), linkable, slip, file)


def _from_file(file: VaultNote, wikilinks: tuple[str, ...]) -> Holding:
    sections = _own_sections(file)
    document = Document(
        id=file.id,
        kind="note",
        title=file.title,
        sections=tuple((section.heading, section.text) for section in sections),
        path=file.path,
        url=file.url,
        created=file.created,
        source=file.source,
        source_type=file.source_type,
        tags=file.tags,
        lang=language_of(file),
    )
    addresses = (file.url,) if file.url else ()
    linkable = Linkable(
        id=file.id,
        title=file.title,
        text="\n\n".join(filter(None, (without_own_lines(section.text) for section in sections))),
        work=_work(file),
        addresses=addresses,
        references=_foreign(file.references, addresses),
        names=tuple(dict.fromkeys((PurePosixPath(file.path).stem, *file.aliases))),
        wikilinks=wikilinks,
    )
    return Holding(file.id, document, linkable, None, file)


def _own_sections(file: VaultNote) -> tuple[VaultSection, ...]:
    """The sections that tell of the note's subject.

    In a note that Slipway made the list of related ones is Slipway's own, also after an edit: the titles and reasons in it would
    be taken for mentions, and a link would prove itself.
    """
    if "quality_reasons" not in file.properties:
        return file.sections
    return tuple(section for section in file.sections if part_of(section.heading) not in _ADDED)


def _work(file: VaultNote) -> str:
    """The arXiv id or DOI of the paper that a note is about, from its properties or its own address."""
    named = arxiv_id(file.url)
    return file.arxiv_id or (named[0] if named else "") or file.doi or doi(file.url)


class _Drawn:
    """The links that people drew: the ids of the notes that a file links to."""

    def __init__(self, files: Sequence[VaultNote]) -> None:
        self._index = LinkIndex([file.path for file in files], files)
        self._ids = {file.path: file.id for file in files if is_note(file)}

    def by(self, file: VaultNote) -> tuple[str, ...]:
        # In a note that Slipway made the related ones are Slipway's own, also after an edit.
        made = set(file.related) if file.quality_score is not None else set[str]()
        drawn = (target for target in (*file.wikilinks, *file.related) if target not in made)
        targets = (self._index.resolve(target, file.path) for target in drawn)
        ids = (self._ids.get(path) for path in targets if path is not None and path != file.path)
        return tuple(dict.fromkeys(note_id for note_id in ids if note_id is not None))


def _foreign(references: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    """The references that do not point at the item itself."""
    mine = {canonical_url(address) for address in own}
    return tuple(reference for reference in references if canonical_url(reference) not in mine)


def day_of(slip: Slip, zone: ZoneInfo) -> date | None:
    """The day, in the user's zone, on which the slip's item was published, if known."""
    return slip.item.published.astimezone(zone).date() if slip.item.published else None
