"""The store's memory of the user's word: on slips, on notes in the vault, and on what was offered.

A row is never deleted. Taking an answer back marks it, so that history can be walked and nothing is told twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, insert, select, update

from notes.model import ItemStatus
from slipway.store.database import Database, chunks
from slipway.store.records import FeedbackRecord
from slipway.store.tables import FeedbackRow, FileRow, ItemRow, MetaRow, NoteRow, OfferRow
from slipway.store.words import DELETE, DISMISS, EDIT, PROMOTE, VAULT, WITHDRAWN

__all__ = ["FeedbackStore", "note_word", "remember", "take_back_deletions", "tie_again"]


_OFFERED = "offered"


class FeedbackStore(Database):
    """Answers, newest last, and the word on offers."""

    def feedback(self, *, undone: bool = False) -> tuple[FeedbackRecord, ...]:
        """The user's answers, oldest first; with ``undone`` also those that were taken back."""
        rows = select(FeedbackRow).order_by(FeedbackRow.id)
        with self._reading() as connection:
            found = connection.execute(rows if undone else rows.where(FeedbackRow.undone_at.is_(None)))
            return tuple(_record(row) for row in found)

    def mark_edited(self, ids: Iterable[str], now: datetime) -> tuple[str, ...]:
        """Remember that the user has edited these notes, each once for ever; returns those that are new."""
        wanted = sorted(set(ids))
        new: list[str] = []
        with self._writing() as connection:
            known = set(connection.scalars(select(FeedbackRow.note_id).where(FeedbackRow.verdict == EDIT)))
            for part in chunks([name for name in wanted if name not in known]):
                new.extend(note_word(connection, part, EDIT, now))
        return tuple(new)

    def undo(self, answer: FeedbackRecord, day: date, now: datetime, *, withdraw: bool = False) -> bool:
        """Take an answer back; False when it had been taken back already.

        A dismissal that still holds gives the slip the status that it had before. A promotion does so only with
        ``withdraw``: its note is then no longer the slip's, and its file is marked as one to be taken away. Every other
        answer is only forgotten.
        """
        with self._writing() as connection:
            standing = (FeedbackRow.id == answer.id) & FeedbackRow.undone_at.is_(None)
            if not connection.execute(update(FeedbackRow).where(standing).values(undone_at=now)).rowcount:
                return False
            if answer.verdict == DISMISS:
                _reopen(connection, answer, ItemStatus.DISMISSED, day)
            elif answer.verdict == PROMOTE and withdraw:
                _withdraw(connection, answer, now)
                _reopen(connection, answer, ItemStatus.PROMOTED, day)
        return True

    def offers(self) -> dict[str, str]:
        """The user's word on what was offered: id → ``accepted`` or ``declined``."""
        with self._reading() as connection:
            rows = connection.execute(select(OfferRow.id, OfferRow.verdict).order_by(OfferRow.id))
            return {row.id: row.verdict for row in rows}

    def answer_offers(self, answers: Mapping[str, tuple[str, str]], now: datetime) -> int:
        """Remember the word on offers, id → (kind, verdict); writes only what differs and returns how many that was."""
        with self._writing() as connection:
            stored = {row.id: (row.kind, row.verdict) for row in connection.execute(select(OfferRow))}
            changed = {name: word for name, word in sorted(answers.items()) if stored.get(name) != word}
            _delete_offers(connection, [name for name in changed if name in stored])
            rows = [
                {"id": name, "kind": kind, "verdict": verdict, "at": now} for name, (kind, verdict) in changed.items()
            ]
            if rows:
                connection.execute(insert(OfferRow), rows)
        return len(changed)

    def offered_notes(self) -> dict[str, str]:
        """The notes that answered offers speak of, as they were last seen: id → SHA-256."""
        with self._reading() as connection:
            seen: dict[str, str] = json.loads(_meta(connection, _OFFERED) or "{}")
        return seen

    def remember_offered_notes(self, seen: Mapping[str, str]) -> None:
        """Remember how these notes were seen, beside those that are known; writes only what differs."""
        with self._writing() as connection:
            stored = _meta(connection, _OFFERED)
            value = json.dumps(json.loads(stored or "{}") | dict(seen), ensure_ascii=False, sort_keys=True)
            if stored is None:
                connection.execute(insert(MetaRow).values(name=_OFFERED, value=value))
            elif stored != value:
                connection.execute(update(MetaRow).where(MetaRow.name == _OFFERED).values(value=value))


def remember(
    connection: Connection, ids: Sequence[int], verdict: str, now: datetime | None, origin: str, was: Mapping[int, str]
) -> None:
    """Add the user's word on slips; ``was`` gives the status that each had before."""
    if not verdict:
        return
    for part in chunks(ids):
        rows = connection.execute(select(ItemRow.id, ItemRow.note_id).where(ItemRow.id.in_(part)).order_by(ItemRow.id))
        words = [_word(row.id, row.note_id, verdict, now, origin) | {"was": was.get(row.id, "")} for row in rows]
        connection.execute(insert(FeedbackRow), words)


def note_word(connection: Connection, note_ids: Sequence[str], verdict: str, now: datetime) -> list[str]:
    """Add what became of notes in the vault; notes that no slip became say nothing. Returns the ids of the others."""
    about = select(NoteRow.id, NoteRow.item_id).where(NoteRow.id.in_(note_ids) & NoteRow.item_id.is_not(None))
    rows = connection.execute(about.order_by(NoteRow.id)).all()
    if rows:
        was = {"was": ItemStatus.PROMOTED.value}
        words = [_word(row.item_id, row.id, verdict, now, VAULT) | was for row in rows]
        connection.execute(insert(FeedbackRow), words)
    return [row.id for row in rows]


def take_back_deletions(connection: Connection, note_ids: Sequence[str], now: datetime) -> None:
    """Mark the deletions of these notes as taken back."""
    of_notes = FeedbackRow.note_id.in_(note_ids) & (FeedbackRow.verdict == DELETE) & FeedbackRow.undone_at.is_(None)
    connection.execute(update(FeedbackRow).where(of_notes).values(undone_at=now))


def tie_again(connection: Connection, note_ids: Sequence[str]) -> None:
    """Make notes that an undone promotion had parted from their slips the notes of these again; a slip has one note."""
    parted = NoteRow.id.in_(note_ids) & NoteRow.item_id.is_(None)
    told = select(FeedbackRow.item_id, NoteRow.id, NoteRow.created).join(NoteRow, NoteRow.id == FeedbackRow.note_id)
    rows = connection.execute(told.where(parted & (FeedbackRow.verdict == PROMOTE)).order_by(FeedbackRow.id)).all()
    for row in rows:
        free = (ItemRow.id == row.item_id) & (ItemRow.status != ItemStatus.PROMOTED.value)
        again = {"status": ItemStatus.PROMOTED.value, "decided_on": row.created, "note_id": row.id}
        if connection.execute(update(ItemRow).where(free).values(again)).rowcount:
            connection.execute(update(NoteRow).where(NoteRow.id == row.id).values(item_id=row.item_id))


def _word(item_id: int, note_id: str, verdict: str, now: datetime | None, origin: str) -> dict[str, Any]:
    return {"item_id": item_id, "note_id": note_id, "verdict": verdict, "at": now, "origin": origin, "undone_at": None}


def _reopen(connection: Connection, answer: FeedbackRecord, held: ItemStatus, day: date) -> None:
    """Give the slip the status it had, if the answer still holds."""
    before = ItemStatus(answer.was) if answer.was else ItemStatus.INBOX
    decided = None if before is ItemStatus.INBOX else day
    this: ColumnElement[bool] = (ItemRow.id == answer.item_id) & (ItemRow.status == held.value)
    back: dict[str, Any] = {"status": before.value, "decided_on": decided, "note_id": ""}
    connection.execute(update(ItemRow).where(this).values(back))


def _withdraw(connection: Connection, answer: FeedbackRecord, now: datetime) -> None:
    """Part the note from its slip; what lies in the vault is planned to go."""
    # The row stays: the number of the day is not given twice.
    note = update(NoteRow).where(NoteRow.id == answer.note_id)
    connection.execute(note.values(item_id=None, gone_at=now))
    file = update(FileRow).where((FileRow.id == answer.note_id) & (FileRow.sha != ""))
    connection.execute(file.values(planned_sha=WITHDRAWN))


def _meta(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(MetaRow.value).where(MetaRow.name == name))


def _delete_offers(connection: Connection, ids: Sequence[str]) -> None:
    if ids:
        this = delete(OfferRow).where(OfferRow.id == bindparam("its_id"))
        connection.execute(this, [{"its_id": name} for name in ids])


def _record(row: Row[Any]) -> FeedbackRecord:
    return FeedbackRecord(**row._mapping)  # noqa: SLF001 - its public name
