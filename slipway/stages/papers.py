"""Papers: the sheets that the promote stage lays into the vault: notes, topic pages, the inbox page, the reading list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from notes import figures, sentences, slug, topic_page
from notes.document import read_note, render_note
from notes.inbox_page import render as render_inbox
from notes.model import ItemStatus, Link, Note, Related, Slip, Topic, VaultNote
from notes.obsidian import link_target
from notes.reading_list import Task
from notes.reading_list import update as update_reading_list
from slipway.app import App
from slipway.desk import Sheet
from slipway.library import Holding, Library, day_of
from slipway.records import NoteRecord
from slipway.stages.sync import INBOX, Reading

__all__ = ["build_note", "note_sheets", "page_sheets"]

READING_LIST = "Reading list"
INBOX_LINES = 200
DEEP_READING = 3  # tasks a night; more than a person reads is no list but a heap


def note_sheets(app: App, library: Library) -> list[Sheet]:
    """A sheet for each note that came from a slip and whose file is not the user's."""
    records = app.store.notes()
    links = _by_source(app.store.links())
    topics = {note_id: topic for topic in app.store.topics() for note_id in topic.note_ids}
    shown = {holding.id: _shown(holding) for holding in library.notes.values()}
    sheets = []
    for holding in library.notes.values():
        record = records.get(holding.id)
        if holding.slip is None or record is None or record.gone_at is not None:
            continue
        note = build_note(
            holding.slip, record, links.get(holding.id, ()), shown, topics.get(holding.id), app.config.zone
        )
        sheets.append(Sheet(holding.id, record.path, render_note(note)))
    return sheets


def _shown(holding: Holding) -> tuple[str, str]:
    """What a wikilink to the note holds, and its title: a renamed file is linked by where it is now."""
    target = link_target(holding.file) if holding.file is not None else holding.id
    return target, holding.document.title


def build_note(
    slip: Slip,
    record: NoteRecord,
    links: Sequence[Link],
    shown: Mapping[str, tuple[str, str]],
    topic: Topic | None,
    zone: ZoneInfo,
) -> Note:
    """The note that tells a slip; ``shown`` gives link target and title of the notes it may link to."""
    item = slip.item
    return Note(
        id=record.id,
        title=item.title,
        created=record.created,
        published=day_of(slip, zone),
        source=item.source_title or item.source,
        source_type=item.source_type,
        lang=item.lang,
        tags=_tags(slip),
        url=item.url,
        arxiv_id=item.arxiv_id,
        arxiv_version=item.arxiv_version,
        doi=item.doi,
        comment=item.comment,
        authors=item.authors,
        quality_score=slip.score or 0.0,
        quality_reasons=slip.reasons,
        topic=topic.id if topic else "",
        summary=sentences.key_sentences(item.text, title=item.title),
        blocks=item.blocks,
        figures=figures.find(item.text, title=item.title),
        related=tuple(Related(*shown[link.dst], link.why) for link in links if link.dst in shown),
        references=item.references,
        sightings=slip.sightings,
    )


def page_sheets(app: App, reading: Reading, library: Library) -> list[Sheet]:
    """The topic pages, the inbox page and the reading list."""
    return [*_topic_sheets(app, library), _inbox_sheet(app, reading), *_reading_sheets(app, reading, library)]


def _by_source(links: Sequence[Link]) -> dict[str, list[Link]]:
    grouped: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        grouped[link.src].append(link)
    return grouped


def _tags(slip: Slip) -> tuple[str, ...]:
    """ArXiv categories under ``arxiv/``, then what the source's settings give."""
    categories = [slug.arxiv_tag(category) for category in slip.item.categories] if slip.item.arxiv_id else []
    return tuple(dict.fromkeys(filter(None, (*categories, *map(slug.tag, slip.item.tags)))))


def _topic_sheets(app: App, library: Library) -> list[Sheet]:
    topics = app.store.topics()
    members = {name for topic in topics for name in topic.note_ids if name in library.notes}
    notes = {name: _as_file(app, library, name) for name in sorted(members)}
    return [
        Sheet(topic_page.note_id(topic), topic_page.path(topic), topic_page.render(topic, notes)) for topic in topics
    ]


def _as_file(app: App, library: Library, name: str) -> VaultNote:
    """The note as a page sees it: its file, or what its file is about to be."""
    holding = library.notes[name]
    record = app.store.notes().get(name)
    if holding.slip is None or record is None:
        assert holding.file is not None
        return holding.file
    note = build_note(holding.slip, record, (), {}, None, app.config.zone)
    return read_note(record.path, render_note(note).encode(), mtime_ns=0)


def _inbox_sheet(app: App, reading: Reading) -> Sheet:
    slips = sorted(app.store.slips(ItemStatus.INBOX), key=lambda slip: (-(slip.score or 0.0), slip.id))
    text = render_inbox(slips[:INBOX_LINES], day=app.clock.today())
    return Sheet(INBOX, "Inbox.md", text, standing=True, merged_from=_sha(reading, INBOX))


def _reading_sheets(app: App, reading: Reading, library: Library) -> list[Sheet]:
    tasks = _tasks(app, library, app.clock.today())
    page = reading.files.get(READING_LIST)
    if page is None and not tasks:
        return []
    existing = app.vault.read(page.path).decode("utf-8", errors="surrogateescape") if page else None
    text = update_reading_list(existing, tasks)
    return [Sheet(READING_LIST, "Reading list.md", text, standing=True, merged_from=_sha(reading, READING_LIST))]


def _tasks(app: App, library: Library, today: date) -> list[Task]:
    """The best of today's notes: they deserve to be read whole."""
    records = app.store.notes()
    fresh = [
        (holding.slip, records[holding.id])
        for holding in library.notes.values()
        if holding.slip is not None and holding.id in records and records[holding.id].created == today
    ]
    best = sorted(fresh, key=lambda pair: (-(pair[0].score or 0.0), pair[1].number))[:DEEP_READING]
    return [
        Task(
            id=f"learning-{record.created:%Y%m%d}-{record.number:03d}",
            note_id=record.id,
            title=slip.item.title,
            reason=slip.reasons[0] if slip.reasons else "",
        )
        for slip, record in best
    ]


def _sha(reading: Reading, name: str) -> str:
    page = reading.files.get(name)
    return page.sha256 if page else ""
