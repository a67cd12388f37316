"""Sync: what the user did in the vault since the last run: moves, deletions, restorations, ticks in the inbox page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from notes import inbox_page
from notes.inbox_page import Verdict
from notes.model import ItemStatus, VaultNote
from notes.vault import PAGES, Vault
from slipway.app import App
from slipway.desk import Desk, must_not_vanish
from slipway.stages import judge

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
    """Read the whole vault and note in the database what the user moved, deleted and brought back.

    With ``answers`` the ticks of the inbox page are carried out too: only where the page is written anew afterwards, so that no
    tick counts twice.
    """
    app.vault.clean()
    files = {note.id: note for note in (*app.vault.notes(), *_pages(app.vault))}
    counts = {"files": len(files)} | _follow(app, files)
    if answers:
        counts |= _answer(app, files)
    troubled = tuple(f"{note.path}: {note.trouble}" for note in files.values() if note.trouble)
    return Reading(files, Desk(app.vault, app.store, files), counts, troubled)


def _pages(vault: Vault) -> Iterator[VaultNote]:
    """The pages of the vault's root that stand, by names that no note can have: a note may well be called Inbox."""
    there = {stat.path for stat in vault.files()}
    yield from (replace(vault.note(page), id=f"page:{page}") for page in sorted(PAGES) if page in there)


def _follow(app: App, files: Mapping[str, VaultNote]) -> dict[str, int]:
    """Moves, deletions and restorations of Slipway's own notes."""
    records = app.store.notes()
    written = app.store.file_records()
    settled = {name: record for name, record in records.items() if name in written and written[name].sha}
    must_not_vanish(len(settled), sum(name in files for name in settled), str(app.config.vault))
    gone = [name for name, record in settled.items() if name not in files and record.gone_at is None]
    back = [name for name, record in settled.items() if name in files and record.gone_at is not None]
    moved = [name for name, record in settled.items() if name in files and files[name].path != record.path]
    app.store.mark_gone(gone, app.clock.now())
    for name in back:
        app.store.mark_back(name)
    for name in moved:
        app.store.mark_moved(name, files[name].path)
    return {"deleted": len(gone), "restored": len(back), "moved": len(moved)}


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
        judge.promote_by_hand(app, wanted)
    if unwanted:
        judge.dismiss_by_hand(app, unwanted)
    return {"ticked": len(wanted), "dismissed": len(unwanted)}
