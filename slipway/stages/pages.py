"""Pages: the vault's own pages, laid after the notes: topics, the inbox page, the suggestions, the reading list.

Inbox, suggestions and reading list hold the user's words beside Slipway's: each is made from the page as it stands. A page of the
same name that Slipway never wrote is the user's and is left alone, with a word about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from notes.errors import VaultError
from notes.markup.obsidian import link_target
from notes.model import ItemStatus, Slip, VaultNote
from notes.pages import inbox_page, reason_words, suggestions_page
from notes.pages.inbox_page import Shown
from notes.pages.page_words import PageWords, words_for
from notes.pages.reading_list import Task
from slipway.app import App
from slipway.desk import Fate, Sheet
from slipway.library import Library
from slipway.stages.reading_tasks import reading_tasks, reading_text, settle_tasks
from slipway.stages.sync import INBOX, READING_LIST, Reading
from slipway.stages.topic_sheets import topic_sheets
from slipway.suggesting import SUGGESTIONS, suggestions, tag_offers

__all__ = ["foreign_page", "lay_pages", "page_sheet", "standing_text"]

INBOX_LINES = 200
SUGGESTED_LINKS = 200
_LEAST_OF_TOPIC = 2  # slips that a topic must have for a heading of its own

_WHAT = {INBOX: "the review queue", READING_LIST: "the reading list", SUGGESTIONS: "what Slipway suggests"}


def lay_pages(
    app: App, reading: Reading, library: Library, laid: Mapping[str, Fate] | None = None
) -> tuple[dict[str, Fate], tuple[str, ...]]:
    """Lay all pages; returns what became of each, and warnings about those that could not be laid.

    ``laid`` tells what became of the notes that were laid before; those not in it are as ``reading`` found them. Without it
    every note is taken for new.
    """
    tasks = reading_tasks(app, library, _shown_notes(library))
    sheets = [
        *topic_sheets(app, reading, library, laid),
        *_inbox_sheet(app, reading, library),
        *_suggestions_sheet(app, reading, library),
        *_reading_sheet(app, reading, tasks),
    ]
    fates = reading.desk.lay(sheets)
    if fates.get(READING_LIST) not in (None, Fate.KEPT):
        settle_tasks(app, tasks)
    wanted = [name for name in _WHAT if name != READING_LIST or tasks]
    missing = [name for name in wanted if fates.get(name, Fate.KEPT) is Fate.KEPT]
    return fates, tuple(foreign_page(name, _WHAT[name]) for name in missing)


def foreign_page(name: str, what: str) -> str:
    """The warning about a page that is the user's."""
    return f"{name.removeprefix('page:')} is a page of your own: {what} is not shown there"


def standing_text(app: App, reading: Reading, name: str, is_ours: Callable[[str], bool]) -> str | None:
    """The page as it stands; empty when there is none, None when it is not Slipway's or cannot be read without loss."""
    page = reading.files.get(name)
    if page is None:
        return ""
    text = _text(app, page)
    return text if text is not None and is_ours(text) else None


def page_sheet(reading: Reading, name: str, text: str) -> Sheet:
    """The sheet of a page that was made from the one that stands."""
    page = reading.files.get(name)
    merged = page.sha256 if page else ""
    return Sheet(name, name.removeprefix("page:"), text, standing=True, merged_from=merged)


def _text(app: App, page: VaultNote) -> str | None:
    try:
        return app.vault.read(page.path).decode("utf-8")
    except (UnicodeDecodeError, VaultError):  # no text, or deleted this moment
        return None


def _words(app: App) -> PageWords:
    return words_for(app.config.write.language)


def _shown_notes(library: Library) -> dict[str, tuple[str, str]]:
    """What a wikilink to each note holds, and its title."""
    return {
        name: (link_target(holding.file) if holding.file is not None else name, holding.document.title)
        for name, holding in library.notes.items()
    }


# --- the inbox -----------------------------------------------------------------------------------------------------


def _inbox_sheet(app: App, reading: Reading, library: Library) -> list[Sheet]:
    existing = standing_text(app, reading, INBOX, inbox_page.is_ours)
    if existing is None:
        return []
    waiting = sorted(app.store.slips(ItemStatus.INBOX), key=lambda slip: (-(slip.score or 0.0), slip.id))
    slips = waiting[:INBOX_LINES]
    shown = Shown(
        app.clock.today(),
        app.config.zone,
        total=len(waiting),
        groups=_groups(app, slips),
        notes=_shown_notes(library),
        words=_words(app),
    )
    return [page_sheet(reading, INBOX, inbox_page.render(slips, shown, existing=existing))]


def _groups(app: App, slips: Sequence[Slip]) -> dict[int, str]:
    """The interest that a slip is relevant to, else the topic of the note that it is close to, where several share it."""
    topics = {note: topic.name for topic in app.store.topics() for note in topic.note_ids}
    found: dict[int, str] = {}
    by_topic: dict[int, str] = {}
    for slip in slips:
        interest = reason_words.subject_of(slip.reasons)
        topic = next(
            (topics[name] for reason in slip.reasons if (name := reason_words.named_note(reason)) in topics), ""
        )
        if interest:
            found[slip.id] = interest
        elif topic:
            by_topic[slip.id] = topic
    shared = Counter(by_topic.values())
    return found | {slip: topic for slip, topic in by_topic.items() if shared[topic] >= _LEAST_OF_TOPIC}


# --- suggestions and the reading list ------------------------------------------------------------------------------


def _suggestions_sheet(app: App, reading: Reading, library: Library) -> list[Sheet]:
    existing = standing_text(app, reading, SUGGESTIONS, suggestions_page.is_ours)
    if existing is None:
        return []
    offered = suggestions(app, {**_new_files(app, reading, library), **reading.files}, reading.desk)
    closest = sorted(offered, key=lambda one: (-one.offer.score, one.path, one.other))[:SUGGESTED_LINKS]
    shown = sorted(closest, key=lambda one: (one.path, -one.offer.score, one.other))
    text = suggestions_page.render(
        [one.offer for one in shown],
        tag_offers(app, library),
        day=app.clock.today(),
        words=_words(app),
        total=len(offered),
        existing=existing,
    )
    return [page_sheet(reading, SUGGESTIONS, text)]


def _new_files(app: App, reading: Reading, library: Library) -> dict[str, VaultNote]:
    """The notes that were written tonight: others can be linked to them at once."""
    records, fresh = app.store.notes(), [one for one in library.notes.values() if one.id not in reading.files]
    return {
        one.id: VaultNote(id=one.id, path=records[one.id].path, title=one.document.title, sha256="", size=0, mtime_ns=0)
        for one in fresh
        if one.id in records
    }


def _reading_sheet(app: App, reading: Reading, tasks: Sequence[Task]) -> list[Sheet]:
    text = reading_text(app, reading.files.get(READING_LIST), tasks)
    return [] if text is None else [page_sheet(reading, READING_LIST, text)]
