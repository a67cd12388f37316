"""The user's word on slips, carried out at once: under the lock, with the note written before the command returns."""

from __future__ import annotations

from collections.abc import Sequence

from notes.errors import UsageError
from notes.model import ItemStatus, Slip
from slipway.app import App
from slipway.night import run_lock

__all__ = ["dismiss_now", "promote_now", "undo_last"]

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


def undo_last(app: App) -> str | None:
    """Take the last dismissal back; returns what was done, None when there is none."""
    with run_lock(app):
        undone = app.store.undo_last_feedback()
    return None if undone is None else f"back in the inbox: item {undone}"


def _known(app: App, ids: Sequence[int], allowed: tuple[ItemStatus, ...]) -> tuple[Slip, ...]:
    slips = {slip.id: slip for slip in app.store.slips(ids=tuple(ids))}
    for wanted in ids:
        if wanted not in slips:
            raise UsageError(f"no item has the number {wanted}", hint="`slipway inbox list --all` shows the numbers")
        if slips[wanted].status not in allowed:
            raise UsageError(f"item {wanted} is {slips[wanted].status.value} already")
    return tuple(slips.values())
