"""The user's word on slips, carried out at once: under the lock, with the note written before the command returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from notes.errors import UsageError
from notes.model import ItemStatus, Slip
from slipway.app import App
from slipway.night import run_lock
from slipway.store.records import FeedbackRecord
from slipway.store.words import EDIT

__all__ = ["dismiss_now", "history", "promote_now", "undo"]

_PROMOTABLE = (ItemStatus.INBOX, ItemStatus.DISMISSED, ItemStatus.EXPIRED, ItemStatus.EXCLUDED)


def promote_now(app: App, ids: Sequence[int]) -> tuple[str, ...]:
    """Promote slips that wait, or were dismissed, kept out or expired, and write their notes; returns the paths."""
    from slipway.stages.judge import promote_by_hand
    from slipway.stages.papers import note_sheets
    from slipway.stages.promote import gather
    from slipway.stages.sync import sync

    with run_lock(app):
        _known(app, ids, _PROMOTABLE)
        reading = sync(app)
        made = frozenset(promote_by_hand(app, ids))
        sheets = [sheet for sheet in note_sheets(app, gather(app, reading)) if sheet.id in made]
        reading.desk.lay(sheets)
    return tuple(sheet.path for sheet in sheets)


def dismiss_now(app: App, ids: Sequence[int]) -> None:
    """Dismiss slips that wait."""
    from slipway.stages.judge import dismiss_by_hand

    with run_lock(app):
        _known(app, ids, (ItemStatus.INBOX,))
        dismiss_by_hand(app, ids)


def undo(app: App, count: int = 1) -> tuple[str, ...]:
    """Take the latest answers back, newest first; says of each what that did. Fewer where there are no more."""
    from slipway.undoing import take_back

    told = []
    with run_lock(app):
        for _ in range(count):
            answer = _latest(app.store.feedback())
            if answer is None:
                break
            told.append(take_back(app, answer))
    return tuple(told)


def history(app: App, count: int | None = None) -> list[dict[str, Any]]:
    """The answers, newest first, those that were taken back as well: when, what, on which item, and since when undone."""
    answers = app.store.feedback(undone=True)[::-1][:count]
    titles = {slip.id: slip.item.title for slip in app.store.slips(ids=[answer.item_id for answer in answers])}
    return [
        {
            "at": answer.at.isoformat(),
            "verdict": answer.verdict,
            "origin": answer.origin,
            "item": answer.item_id,
            "note_id": answer.note_id,
            "title": titles[answer.item_id],
            "undone_at": answer.undone_at.isoformat() if answer.undone_at else None,
        }
        for answer in answers
    ]


def _latest(answers: Sequence[FeedbackRecord]) -> FeedbackRecord | None:
    """The last answer that was given; an edit is one only when nothing else is left, since nobody means it as one."""
    return max(answers, key=lambda answer: (answer.verdict != EDIT, answer.id), default=None)


def _known(app: App, ids: Sequence[int], allowed: tuple[ItemStatus, ...]) -> tuple[Slip, ...]:
    slips = {slip.id: slip for slip in app.store.slips(ids=tuple(ids))}
    for wanted in ids:
        if wanted not in slips:
            raise UsageError(f"no item has the number {wanted}", hint="`slipway inbox list --all` shows the numbers")
        if slips[wanted].status not in allowed:
            raise UsageError(f"item {wanted} is {slips[wanted].status.value} already")
    return tuple(slips.values())
