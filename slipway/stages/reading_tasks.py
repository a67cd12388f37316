"""Reading tasks: the best of today's notes, given once to the reading list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from notes.errors import VaultError
from notes.markup import inert
from notes.model import Slip, VaultNote
from notes.pages import reading_list, reason_words
from notes.pages.page_words import PageWords, words_for
from notes.pages.reading_list import Priority, Task
from slipway.app import App
from slipway.library import Library
from slipway.stages.sync import READING_LIST
from slipway.store.records import FileRecord, NoteRecord

__all__ = ["given_on", "reading_tasks", "reading_text", "settle_tasks"]

DEEP_READING = 3  # tasks a day; more than a person reads is no list but a heap
FIRST, NEXT = 0.8, 0.65  # scores from which a task is to be read first, or next
_REASONS = 2


def reading_tasks(app: App, library: Library, shown: Mapping[str, tuple[str, str]]) -> list[Task]:
    """The best of today's notes, as many as the day has places for, which were not given yet."""
    today, records, given = app.clock.today(), app.store.notes(), app.store.file_records()
    fresh = [
        (holding.slip, records[holding.id])
        for holding in library.notes.values()
        if holding.slip is not None and holding.id in records and records[holding.id].created == today
    ]
    best = sorted(fresh, key=lambda pair: (-(pair[0].score or 0.0), pair[1].number))
    words = words_for(app.config.write.language)
    tasks = [_task(slip, record, shown, words) for slip, record in best]
    places = DEEP_READING - given_on(given.values(), f"{today:%Y%m%d}")
    return [task for task in tasks if _given(task) not in given][: max(0, places)]


def reading_text(app: App, page: VaultNote | None, tasks: Sequence[Task]) -> str | None:
    """The page with the tasks at its end; None when there are none, or the page is the user's own."""
    if not tasks:
        return None
    words = words_for(app.config.write.language)
    if page is None:
        return reading_list.update(None, tasks, words=words)
    try:
        existing = app.vault.read(page.path).decode("utf-8")
    except (UnicodeDecodeError, VaultError):  # no text, or deleted this moment
        return None
    # Once Slipway has written the page, it may append to it, whatever the user has left of it.
    if READING_LIST not in app.store.file_records() and not reading_list.is_ours(existing):
        return None
    return reading_list.update(existing, tasks, words=words)


def settle_tasks(app: App, tasks: Sequence[Task]) -> None:
    """Remember that these tasks were given: a line that the user deletes does not come back."""
    app.store.settle_files({_given(task): ("Reading list.md", task.id) for task in tasks})


def given_on(records: Iterable[FileRecord], day: str) -> int:
    """How many tasks were given on a day (``YYYYMMDD``)."""
    return sum(record.id.startswith(f"task:learning-{day}-") for record in records)


def _given(task: Task) -> str:
    return f"task:{task.id}"


def _task(slip: Slip, record: NoteRecord, shown: Mapping[str, tuple[str, str]], words: PageWords) -> Task:
    target, title = shown.get(record.id, (record.id, slip.item.title))
    reasons = tuple(reason_words.told(reason, words, shown) for reason in slip.reasons[:_REASONS])
    score = slip.score or 0.0
    priority = Priority.HIGH if score >= FIRST else Priority.MEDIUM if score >= NEXT else Priority.NORMAL
    told = f"{inert.to_markdown(slip.item.source_title or slip.item.source, links=False)}"
    return Task(
        id=f"learning-{record.created:%Y%m%d}-{record.number:03d}",
        note_id=target,
        title=title,
        reasons=tuple(filter(None, (told, *reasons))),
        priority=priority,
    )
