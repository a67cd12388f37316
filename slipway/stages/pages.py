"""Pages: the vault's own pages, laid after the notes: topics, the inbox page, the suggestions, the reading list.

Inbox, suggestions and reading list hold the user's words beside Slipway's: each is made from the page as it stands. A page of the
same name that Slipway never wrote is the user's and is left alone, with a word about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from notes.errors import VaultError
from notes.model import ItemStatus, Slip, VaultNote
from notes.pages import inbox_page, reason_words, suggestions_page
from notes.pages.inbox_page import Shown
from notes.pages.laid import Laid
from notes.pages.page_words import PageWords, words_for
from notes.pages.reading_list import Task
from slipway.app import App
from slipway.desk import Fate, Sheet
from slipway.library import Library
from slipway.stages.reading_tasks import reading_tasks, reading_text, settle_tasks
from slipway.stages.starter_pages import lay_starter_pages
from slipway.stages.sync import INBOX, READING_LIST, Reading
from slipway.stages.topic_sheets import former_sheets, topic_sheets
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
    tasks = reading_tasks(app, library, _shown_works(app, library))
    records: dict[str, str] = {}
    topics = topic_sheets(app, reading, library, laid)
    sheets = [
        *topics,
        *former_sheets(app, reading, {sheet.id for sheet in topics}),
        *_inbox_sheet(app, reading, library, records),
        *_suggestions_sheet(app, reading, library, records),
        *_reading_sheet(app, reading, tasks),
    ]
    fates = _lay(app, reading, sheets, records) | lay_starter_pages(app, reading)
    if fates.get(READING_LIST) not in (None, Fate.KEPT):
        settle_tasks(app, tasks)
    wanted = [name for name in _WHAT if name != READING_LIST or tasks]
    missing = [name for name in wanted if fates.get(name, Fate.KEPT) is Fate.KEPT]
    return fates, tuple(foreign_page(name, _WHAT[name]) for name in missing)


def _lay(app: App, reading: Reading, sheets: Sequence[Sheet], records: Mapping[str, str]) -> dict[str, Fate]:
    """Lay the sheets, and remember what of the pages with the user's lines is Slipway's.

    That is remembered before a page is written, so that a killed run leaves no line in doubt; where nothing was known before, it
    is afterwards, since until then the form of the page that stands there has to do.
    """
    known = [name for name in records if app.store.laid_pages(name)]
    for name in known:
        app.store.remember_laid(name, records[name])
    fates = reading.desk.lay(sheets)
    for name in records.keys() - set(known):
        if fates.get(name, Fate.KEPT) is not Fate.KEPT:
            app.store.remember_laid(name, records[name])
    return fates


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


def _shown_works(app: App, library: Library) -> dict[str, tuple[str, str]]:
    """What a wikilink to each note holds, and its title; items by ``item-N``, without a target while they are no notes."""
    shown = {name: library.shown(holding) for name, holding in library.notes.items()}
    made = {f"item-{one.item_id}": shown[name] for name, one in app.store.notes().items() if name in shown}
    return shown | made | {name: ("", holding.document.title) for name, holding in library.inbox.items()}


# --- the inbox -----------------------------------------------------------------------------------------------------


def _inbox_sheet(app: App, reading: Reading, library: Library, records: dict[str, str]) -> list[Sheet]:
    existing = standing_text(app, reading, INBOX, inbox_page.is_ours)
    if existing is None:
        return []
    waiting = sorted(app.store.slips(ItemStatus.INBOX), key=lambda slip: (-(slip.score or 0.0), slip.id))
    slips = waiting[:INBOX_LINES]
    shown = Shown(
        app.clock.today(),
        app.config.zone,
        total=len(waiting),
        groups=_groups(app, library, slips),
        notes=_shown_works(app, library),
        words=_words(app),
    )
    laid = Laid.of(app.store.laid_pages(INBOX))
    text = inbox_page.render(slips, shown, existing=existing, laid=laid)
    records[INBOX] = inbox_page.record(inbox_page.render(slips, shown))
    return [page_sheet(reading, INBOX, text)]


def _groups(app: App, library: Library, slips: Sequence[Slip]) -> dict[int, str]:
    """The interest of a slip or of the work that it tells of, else the topic of the note that it is close to."""
    lang = app.config.write.language
    topics = {note: topic.name_in(lang) for topic in app.store.topics() for note in topic.note_ids}
    found: dict[int, str] = {}
    by_topic: dict[int, str] = {}
    for slip in slips:
        interest = reason_words.subject_of(slip.reasons) or reason_words.subject_of(_of_work(app, library, slip))
        topic = next(
            (topics[name] for reason in slip.reasons if (name := reason_words.named_note(reason)) in topics), ""
        )
        if interest:
            found[slip.id] = interest
        elif topic:
            by_topic[slip.id] = topic
    shared = Counter(by_topic.values())
    return found | {slip: topic for slip, topic in by_topic.items() if shared[topic] >= _LEAST_OF_TOPIC}


def _of_work(app: App, library: Library, slip: Slip) -> tuple[str, ...]:
    """The reasons of the work that a slip tells of; none where it tells of none that Slipway judged."""
    name = reason_words.told_work(slip.reasons)
    holding = library.inbox.get(name) or library.notes.get(name)
    work = holding.slip if holding is not None else None
    if work is None and name.startswith("item-"):
        work = app.store.slip(int(name.removeprefix("item-")))
    return work.reasons if work is not None else ()


# --- suggestions and the reading list ------------------------------------------------------------------------------


def _suggestions_sheet(app: App, reading: Reading, library: Library, records: dict[str, str]) -> list[Sheet]:
    existing = standing_text(app, reading, SUGGESTIONS, suggestions_page.is_ours)
    if existing is None:
        return []
    offered = suggestions(app, {**_new_files(app, reading, library), **reading.files}, reading.desk)
    closest = sorted(offered, key=lambda one: (-one.offer.score, one.path, one.other))[:SUGGESTED_LINKS]
    shown = sorted(closest, key=lambda one: (one.path, -one.offer.score, one.other))
    rendered = partial(
        suggestions_page.render,
        [one.offer for one in shown],
        tag_offers(app, library),
        day=app.clock.today(),
        words=_words(app),
        total=len(offered),
    )
    records[SUGGESTIONS] = suggestions_page.record(rendered())
    text = rendered(existing=existing, laid=Laid.of(app.store.laid_pages(SUGGESTIONS)))
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
