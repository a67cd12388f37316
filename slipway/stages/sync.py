"""Sync: what the user did in the vault since the last run: moves, deletions, restorations, ticks in the inbox page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from notes.files.vault import Vault
from notes.model import ItemStatus, VaultNote
from notes.pages import inbox_page
from notes.pages.inbox_page import Verdict
from slipway.app import App
from slipway.desk import Desk, Fate, must_not_vanish
from slipway.stages import judge
from slipway.store import words
from slipway.store.records import FileRecord, NoteRecord
from slipway.suggesting import answer_suggestions

__all__ = ["INBOX", "READING_LIST", "Reading", "sync"]

INBOX = "page:Inbox.md"
READING_LIST = "page:Reading list.md"


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
    app.vault.clean()
    pages = {f"page:{name}": replace(page, id=f"page:{name}") for name, page in app.vault.pages().items()}
    files = {note.id: note for note in app.vault.notes()} | pages
    desk = Desk(app.vault, app.store, files)
    _finish_withdrawals(app, desk, files)
    counts = {"files": len(files)} | _follow(app, files)
    warnings = tuple(f"{note.path}: {note.trouble}" for note in files.values() if note.trouble)
    if answers:
        counts |= _answer(app, files)
        answered = answer_suggestions(app, files, desk)
        files |= answered.amended
        counts |= answered.counts
        warnings += answered.warnings
    closed = (f"{folder}: the folder cannot be read" for folder in app.vault.unreadable() if folder.endswith("/"))
    return Reading(files, desk, counts, (*warnings, *closed))


def _finish_withdrawals(app: App, desk: Desk, files: dict[str, VaultNote]) -> None:
    """Take away what a run that was killed had begun to: notes whose promotion the user took back."""
    begun = [name for name, record in app.store.file_records().items() if record.planned_sha == words.WITHDRAWN]
    for name, fate in desk.withdraw(begun).items():
        if fate is Fate.DELETED:
            files.pop(name, None)


def _follow(app: App, files: Mapping[str, VaultNote]) -> dict[str, int]:
    """Edits, moves, deletions and restorations of Slipway's own notes."""
    records, written = app.store.notes(), app.store.file_records()
    settled = {name: record for name, record in records.items() if name in written and written[name].sha}
    there = {name: files[name] for name in settled if name in files}
    missing = {name: record for name, record in settled.items() if name not in files and record.gone_at is None}
    gone = _gone(app.vault, missing)
    living = sum(record.gone_at is None for record in settled.values())
    must_not_vanish(living, living - len(gone), str(app.config.vault))
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


def _answer(app: App, files: Mapping[str, VaultNote]) -> dict[str, int]:
    """The ticks of the inbox page."""
    page = files.get(INBOX)
    if page is None:
        return {}
    waiting = {slip.id for slip in app.store.slips(ItemStatus.INBOX)}
    given = [answer for answer in inbox_page.answers(page.body) if answer.item_id in waiting]
    wanted = [answer.item_id for answer in given if answer.verdict is Verdict.PROMOTE]
    unwanted = [answer.item_id for answer in given if answer.verdict is Verdict.DISMISS]
    if wanted:
        judge.promote_by_hand(app, wanted, origin=words.PAGE)
    if unwanted:
        judge.dismiss_by_hand(app, unwanted, origin=words.PAGE)
    return {"ticked": len(wanted), "dismissed": len(unwanted)}
