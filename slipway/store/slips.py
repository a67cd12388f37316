"""The store's box: slips, the decisions on them and the user's word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, true, update

from notes.model import ItemStatus, PaperVersion, Sighting, Slip
from slipway.store.band_rows import insert_bands
from slipway.store.database import Database, chunks
from slipway.store.feedback import remember
from slipway.store.item_rows import sighting_of, slip_of, version_of
from slipway.store.records import Decision
from slipway.store.tables import ItemRow, MetaRow, NoteRow, SightingRow, SketchBandRow, VersionRow
from slipway.store.words import INBOX

__all__ = ["ItemStore", "slips_where"]

REMEMBERED = timedelta(days=60)
RECALLED = 20_000  # items: a story comes again within days

_LEARNT = "learnt"
_INBOX, _PROMOTED = ItemStatus.INBOX.value, ItemStatus.PROMOTED.value


class ItemStore(Database):
    """Items and what became of them."""

    def slips(self, status: ItemStatus | None = None, *, ids: Iterable[int] | None = None) -> tuple[Slip, ...]:
        """The slips of a status, or of these ids, or all; by id, each with its sightings, oldest first."""
        of_status = true() if status is None else ItemRow.status == status.value
        with self._reading() as connection:
            if ids is None:
                return tuple(slips_where(connection, of_status))
            parts = chunks(sorted(set(ids)))
            return tuple(slip for part in parts for slip in slips_where(connection, of_status & ItemRow.id.in_(part)))

    def slip(self, item_id: int) -> Slip | None:
        """The slip with this number."""
        return self._one(ItemRow.id == item_id)

    def slip_of_note(self, note_id: str) -> Slip | None:
        """The slip that became this note."""
        return self._one((ItemRow.note_id == note_id) & (ItemRow.note_id != ""))

    def decide(
        self,
        decisions: Sequence[Decision],
        day: date,
        *,
        verdict: str = "",
        now: datetime | None = None,
        origin: str = INBOX,
        learnt: str | None = None,
    ) -> None:
        """Carry out decisions, together: scores, reasons, statuses, and a row in ``notes`` for each promotion.

        A promotion may fetch a slip back from any status but promoted; every other decision touches only slips
        that wait in the inbox. With ``verdict`` and ``now`` the decisions are the user's word and remembered as such.
        ``learnt`` marks the answers that they rest on, see :meth:`learnt`.
        """
        with self._writing() as connection:
            was = _statuses(connection, [decision.item_id for decision in decisions])
            done = [decision for decision in decisions if _may(decision, was.get(decision.item_id, _PROMOTED))]
            if done:
                this = update(ItemRow).where(ItemRow.id == bindparam("its_id"))
                connection.execute(this, [_decided_columns(decision, day) for decision in done])
            notes = [_note_columns(decision, day) for decision in done if decision.status is ItemStatus.PROMOTED]
            if notes:
                connection.execute(insert(NoteRow), notes)
            remember(connection, [decision.item_id for decision in done], verdict, now, origin, was)
            if learnt is not None:
                _mark_learnt(connection, learnt)

    def learnt(self) -> str:
        """The mark of the answers that the last decisions rested on."""
        with self._reading() as connection:
            return connection.scalar(select(MetaRow.value).where(MetaRow.name == _LEARNT)) or ""

    def set_status(
        self,
        ids: Iterable[int],
        status: ItemStatus,
        day: date,
        *,
        verdict: str = "",
        now: datetime | None = None,
        origin: str = INBOX,
    ) -> tuple[int, ...]:
        """Give slips another status; returns the ids whose status changed. Promoted ones stay promoted.

        With ``verdict`` and ``now`` this is the user's word, remembered for each slip that changed. Raises ValueError
        for ``PROMOTED``: a promotion needs its note, see :meth:`decide`.
        """
        if status is ItemStatus.PROMOTED:
            raise ValueError("a slip is promoted by decide(), together with its note")
        with self._writing() as connection:
            was = _statuses(connection, ids)
            changed = sorted(one for one, before in was.items() if before not in (status.value, _PROMOTED))
            _set_status(connection, changed, status, day)
            remember(connection, changed, verdict, now, origin, was)
        return tuple(changed)

    def expire(self, before: datetime, day: date) -> int:
        """Put away the slips that have waited in the inbox since before ``before``; returns how many.

        What came :data:`REMEMBERED` before that is no longer found by likeness, only by its names and its very words. What was
        put away on a later day than ``day``, by a clock that was wrong, waits again.
        """
        stale = (ItemRow.status == _INBOX) & (ItemRow.first_seen < before)
        too_soon = (
            (ItemRow.status == ItemStatus.EXPIRED.value) & (ItemRow.decided_on > day) & (ItemRow.first_seen >= before)
        )
        away = {"status": ItemStatus.EXPIRED.value, "decided_on": day}
        with self._writing() as connection:
            connection.execute(update(ItemRow).where(too_soon).values(status=_INBOX, decided_on=None))
            expired = connection.execute(update(ItemRow).where(stale).values(away)).rowcount
            _forget_bands(connection, before)
        return expired

    def recall(self, before: datetime) -> None:
        """Let be found by likeness again what :meth:`expire` has forgotten too soon, by a clock that was wrong.

        Of much only the newest.
        """
        forgotten = (ItemRow.sketch != "") & ItemRow.id.not_in(select(SketchBandRow.item_id))
        recent = (ItemRow.first_seen >= before - REMEMBERED) & forgotten
        drawn = select(ItemRow.id, ItemRow.sketch).where(recent).order_by(ItemRow.id.desc()).limit(RECALLED)
        with self._writing() as connection:
            insert_bands(connection, [(row.id, row.sketch) for row in connection.execute(drawn).all()])

    def _one(self, which: ColumnElement[bool]) -> Slip | None:
        with self._reading() as connection:
            return next(iter(slips_where(connection, which)), None)


def _forget_bands(connection: Connection, before: datetime) -> None:
    # Each item has seven: in a year they would outgrow all else, and a story does not come again so late.
    last = connection.scalar(select(func.max(ItemRow.id)).where(ItemRow.first_seen < before - REMEMBERED))
    if last is not None:
        # What came under a clock that was years behind has a higher number than what came before it.
        recent = select(ItemRow.id).where(ItemRow.first_seen >= before - REMEMBERED)
        old = (SketchBandRow.item_id <= last) & SketchBandRow.item_id.not_in(recent)
        connection.execute(delete(SketchBandRow).where(old))


def slips_where(connection: Connection, which: ColumnElement[bool]) -> list[Slip]:
    """The slips of a condition on items, by id, in three statements."""
    rows = connection.execute(select(ItemRow).where(which).order_by(ItemRow.id)).all()
    found: defaultdict[int, list[Sighting]] = defaultdict(list)
    theirs = select(SightingRow).join(ItemRow, ItemRow.id == SightingRow.item_id).where(which)
    for row in connection.execute(theirs.order_by(SightingRow.id)):
        found[row.item_id].append(sighting_of(row))
    log = _versions(connection, which)
    return [slip_of(row, tuple(found[row.id]), tuple(log[row.id])) for row in rows]


def _versions(connection: Connection, which: ColumnElement[bool]) -> defaultdict[int, list[PaperVersion]]:
    found: defaultdict[int, list[PaperVersion]] = defaultdict(list)
    theirs = select(VersionRow).join(ItemRow, ItemRow.id == VersionRow.item_id).where(which)
    for row in connection.execute(theirs.order_by(VersionRow.item_id, VersionRow.version)):
        found[row.item_id].append(version_of(row))
    return found


def _statuses(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in chunks(sorted(set(ids))):
        rows = connection.execute(select(ItemRow.id, ItemRow.status).where(ItemRow.id.in_(part)))
        found.update((row.id, row.status) for row in rows)
    return found


def _may(decision: Decision, status: str) -> bool:
    return status != _PROMOTED if decision.status is ItemStatus.PROMOTED else status == _INBOX


def _decided_columns(decision: Decision, day: date) -> dict[str, Any]:
    return {
        "its_id": decision.item_id,
        "status": decision.status.value,
        "score": decision.score,
        "reasons": decision.reasons,
        "scored_on": day,
        "decided_on": None if decision.status is ItemStatus.INBOX else day,
        "note_id": decision.note_id,
        "parts": dict(decision.parts),
        "explored": decision.explored,
    }


def _note_columns(decision: Decision, day: date) -> dict[str, Any]:
    return {
        "id": decision.note_id,
        "item_id": decision.item_id,
        "path": decision.path,
        "created": day,
        "number": decision.number,
    }


def _set_status(connection: Connection, ids: Sequence[int], status: ItemStatus, day: date) -> None:
    decided = {"status": status.value, "decided_on": None if status is ItemStatus.INBOX else day}
    for part in chunks(ids):
        connection.execute(update(ItemRow).where(ItemRow.id.in_(part)).values(decided))


def _mark_learnt(connection: Connection, mark: str) -> None:
    row = MetaRow.name == _LEARNT
    if connection.scalar(select(MetaRow.value).where(row)) != (mark or None):
        connection.execute(delete(MetaRow).where(row))
        if mark:
            connection.execute(insert(MetaRow).values(name=_LEARNT, value=mark))
