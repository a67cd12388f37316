"""Pages: the vault's own pages, laid after the notes: topics, the inbox page, the reading list.

The inbox page and the reading list hold the user's words beside Slipway's: each is made from the page as it stands. A page of the
same name that Slipway never wrote is the user's and is left alone, with a word about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from notes import inbox_page, topic_page
from notes.document import read_note, render_note
from notes.model import ItemStatus, VaultNote
from notes.reading_list import Task
from notes.reading_list import update as update_reading_list
from slipway.app import App
from slipway.desk import Fate, Sheet
from slipway.library import Library
from slipway.stages.papers import build_note
from slipway.stages.sync import INBOX, READING_LIST, Reading
from slipway.store.records import FileRecord, NoteRecord

__all__ = ["lay_pages"]

INBOX_LINES = 200
DEEP_READING = 3  # tasks a day; more than a person reads is no list but a heap


def lay_pages(app: App, reading: Reading, library: Library) -> tuple[dict[str, Fate], tuple[str, ...]]:
    """Lay all pages; returns what became of each, and warnings about those that could not be laid."""
    tasks = _tasks(app, library)
    sheets = [*_topic_sheets(app, library), *_inbox_sheet(app, reading), *_reading_sheet(app, reading, tasks)]
    fates = reading.desk.lay(sheets)
    if fates.get(READING_LIST) not in (None, Fate.KEPT):
        # Given once: a line that the user deletes does not come back.
        app.store.settle_files({_given(task): ("Reading list.md", task.id) for task in tasks})
    wanted = {INBOX: "the review queue", READING_LIST: "the reading list"}
    laid = {name for name, fate in fates.items() if fate is not Fate.KEPT}
    missing = [name for name in wanted if name not in laid and (name != READING_LIST or tasks)]
    warnings = [
        f"{name.removeprefix('page:')} is a page of your own: {wanted[name]} is not shown there" for name in missing
    ]
    return fates, tuple(warnings)


def _topic_sheets(app: App, library: Library) -> list[Sheet]:
    topics, records = app.store.topics(), app.store.notes()
    members = {name for topic in topics for name in topic.note_ids if name in library.notes}
    notes = {name: _as_file(app, library, records, name) for name in sorted(members)}
    return [
        Sheet(topic_page.note_id(topic), topic_page.path(topic), topic_page.render(topic, notes)) for topic in topics
    ]


def _as_file(app: App, library: Library, records: dict[str, NoteRecord], name: str) -> VaultNote:
    """The note as a page sees it: its file, or what its file is about to be."""
    holding, record = library.notes[name], records.get(name)
    if holding.slip is None or record is None:
        assert holding.file is not None
        return holding.file
    note = build_note(holding.slip, record, (), {}, None, app.config.zone)
    return read_note(record.path, render_note(note).encode(), mtime_ns=0)


def _text(app: App, page: VaultNote) -> str | None:
    """A page as text, None when it is none and so cannot be made anew without loss."""
    try:
        return app.vault.read(page.path).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _inbox_sheet(app: App, reading: Reading) -> list[Sheet]:
    page = reading.files.get(INBOX)
    existing = "" if page is None else _text(app, page)
    if existing is None or (page is not None and not inbox_page.is_ours(existing)):
        return []
    slips = sorted(app.store.slips(ItemStatus.INBOX), key=lambda slip: (-(slip.score or 0.0), slip.id))
    text = inbox_page.render(slips[:INBOX_LINES], day=app.clock.today(), existing=existing)
    return [Sheet(INBOX, "Inbox.md", text, standing=True, merged_from=page.sha256 if page else "")]


def _reading_sheet(app: App, reading: Reading, tasks: Sequence[Task]) -> list[Sheet]:
    page = reading.files.get(READING_LIST)
    existing = None if page is None else _text(app, page)
    if not tasks or (page is not None and existing is None):
        return []
    text = update_reading_list(existing, tasks)
    return [Sheet(READING_LIST, "Reading list.md", text, standing=True, merged_from=page.sha256 if page else "")]


def _given(task: Task) -> str:
    return f"task:{task.id}"


def _tasks(app: App, library: Library) -> list[Task]:
    """The best of today's notes, as many as the day has places for, which were not given yet."""
    today, records, given = app.clock.today(), app.store.notes(), app.store.file_records()
    fresh = [
        (holding.slip, records[holding.id])
        for holding in library.notes.values()
        if holding.slip is not None and holding.id in records and records[holding.id].created == today
    ]
    best = sorted(fresh, key=lambda pair: (-(pair[0].score or 0.0), pair[1].number))
    tasks = [
        Task(
            id=f"learning-{record.created:%Y%m%d}-{record.number:03d}",
            note_id=record.id,
            title=slip.item.title,
            reason=slip.reasons[0] if slip.reasons else "",
        )
        for slip, record in best
    ]
    places = DEEP_READING - _given_on(given.values(), f"learning-{today:%Y%m%d}-")
    return [task for task in tasks if _given(task) not in given][: max(0, places)]


def _given_on(records: Iterable[FileRecord], day: str) -> int:
    return sum(record.id.startswith(f"task:{day}") for record in records)
