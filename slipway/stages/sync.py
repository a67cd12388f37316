"""Sync: what the user did in the vault since the last run: moves, deletions, restorations, ticks in the inbox page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from notes.files.vault import Vault
from notes.model import ItemStatus, VaultNote
from notes.pages import inbox_page
from notes.pages.inbox_page import Verdict
from notes.pages.laid import Laid
from notes.pages.ticks import told_of_strange
from slipway.app import App
from slipway.desk import Desk, Fate, must_not_vanish
from slipway.stages import judge
from slipway.stages.renames import carry_offers_over
from slipway.store import words
from slipway.store.records import FileRecord, NoteRecord
from slipway.suggesting import answer_suggestions

__all__ = ["INBOX", "READING_LIST", "Reading", "sync"]

INBOX = "page:Inbox.md"
READING_LIST = "page:Reading list.md"

_LEFT = "a killed run left this folder, and it holds what is not Slipway's; take that out, then remove the folder"


@dataclass(frozen=True, slots=True)
class Reading:
    """The vault as this stage read it: every Markdown file by id, and the desk that writes to it."""

    files: Mapping[str, VaultNote]
    desk: Desk
    counts: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def sync(app: App, *, answers: bool = False) -> Reading:
    """Read the whole vault and note in the database what the user moved, edited, deleted and brought back.

    With ``answers`` the ticks of the pages are carried out too: only where these are written anew afterwards, so that no
    tick counts twice.
    """
    left = [f"{path}: {_LEFT}" for path in app.vault.clean() if (app.vault.root / path).exists()]
    pages = {f"page:{name}": replace(page, id=f"page:{name}") for name, page in app.vault.pages().items()}
    files = {note.id: note for note in app.vault.notes()} | pages
    desk = Desk(app.vault, app.store, files)
    desk.settle()
    followed = _follow(app, desk, files)
    carry_offers_over(app, files)
    counts = {"files": len(files)} | followed
    warnings = tuple(f"{note.path}: {note.trouble}" for note in files.values() if note.trouble)
    if answers:
        counts |= _answer(app, files)
        answered = answer_suggestions(app, files, desk)
        files |= answered.amended
        counts |= answered.counts
        warnings += (*_misread(app, files), *answered.warnings)
    closed = (f"{folder}: the folder cannot be read" for folder in app.vault.unreadable() if folder.endswith("/"))
    return Reading(files, desk, counts, (*warnings, *left, *closed))


def _follow(app: App, desk: Desk, files: dict[str, VaultNote]) -> dict[str, int]:
    """Edits, moves, deletions and restorations of Slipway's own notes."""
    records, written = app.store.notes(), app.store.file_records()
    settled = {name: record for name, record in records.items() if name in written and written[name].sha}
    missing = {name: record for name, record in settled.items() if name not in files and record.gone_at is None}
    gone = _gone(app.vault, missing)
    living = sum(record.gone_at is None for record in settled.values())
    must_not_vanish(living, living - len(gone), str(app.config.vault))
    begun = {name: record for name, record in settled.items() if written[name].planned_sha == words.WITHDRAWN}
    unfinished = _finish_withdrawals(app.vault, desk, files, begun)
    there = {name: files[name] for name in settled if name in files and name not in unfinished}
    back = [name for name in there if settled[name].gone_at is not None]
    moved = [name for name, file in there.items() if file.path != settled[name].path]
    edited = [name for name, file in there.items() if file.sha256 and file.sha256 not in _hashes(written[name])]
    now = app.clock.now()
    app.store.mark_gone(gone, now)
    app.store.mark_back(back, now)
    app.store.mark_edited(edited, now)
    for name in moved:
        app.store.mark_moved(name, files[name].path)
    return {"deleted": len(gone), "restored": len(back), "moved": len(moved)}


def _finish_withdrawals(
    vault: Vault, desk: Desk, files: dict[str, VaultNote], begun: Mapping[str, NoteRecord]
) -> set[str]:
    """Take away what a run that was killed had begun to: notes whose promotion the user took back.

    Returns those that are still to go: they cannot be read, lie where we may not look, or the whole vault is away.
    """
    absent = {name: record for name, record in begun.items() if name not in files}
    away = _gone(vault, absent) if files else []
    readable = [name for name in begun if name in files and files[name].sha256]
    fates = desk.withdraw([*away, *readable])
    for name, fate in fates.items():
        if fate is Fate.DELETED:
            files.pop(name, None)
    return begun.keys() - fates.keys()


def _gone(vault: Vault, missing: Mapping[str, NoteRecord]) -> list[str]:
    """The notes that the user deleted.

    Not those that lie where we may not look, and not those that were on their way from one folder to another while the vault
    was read: a deletion is for ever, so it is looked for twice.
    """
    if not missing:
        return []
    there = {card.id for card in vault.catalogue()}
    closed = vault.unreadable()
    hidden = tuple(folder for folder in closed if folder.endswith("/"))
    return [
        name
        for name, record in missing.items()
        if name not in there and record.path not in closed and not record.path.startswith(hidden)
    ]


def _hashes(record: FileRecord) -> tuple[str, str]:
    return record.sha, record.planned_sha


def _misread(app: App, files: Mapping[str, VaultNote]) -> Iterator[str]:
    """A word on the marks of the inbox page that say neither yes nor no."""
    page = files.get(INBOX)
    marks = inbox_page.strange_marks(page.body, Laid.of(app.store.laid_pages(INBOX))) if page is not None else ()
    if told := told_of_strange("Inbox.md", marks, "[x] promotes, [-] dismisses"):
        yield told


def _answer(app: App, files: Mapping[str, VaultNote]) -> dict[str, int]:
    """The ticks of the inbox page."""
    page = files.get(INBOX)
    if page is None:
        return {}
    laid = Laid.of(app.store.laid_pages(INBOX))
    waiting = {slip.id for slip in app.store.slips(ItemStatus.INBOX)}
    given = [answer for answer in inbox_page.answers(page.body, laid) if answer.item_id in waiting]
    wanted = [answer.item_id for answer in given if answer.verdict is Verdict.PROMOTE]
    unwanted = [answer.item_id for answer in given if answer.verdict is Verdict.DISMISS]
    if wanted:
        judge.promote_by_hand(app, wanted, origin=words.PAGE)
    if unwanted:
        judge.dismiss_by_hand(app, unwanted, origin=words.PAGE)
    return {"ticked": len(wanted), "dismissed": len(unwanted)}
