"""What the last fetch of each source was warned of, as the ledger tells it: pure, over records and runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slipway.store.records import RunRecord, SourceRecord

__all__ = ["LOOKED_AT", "last_warnings"]

LOOKED_AT = 60
"""Runs: a source that was not asked for longer has nothing that is new."""


def last_warnings(records: Iterable[SourceRecord], runs: Sequence[RunRecord]) -> dict[str, tuple[str, ...]]:
    """By key, what was said of each source in the run that asked it last; ``runs`` newest first, none without a word."""
    found = {}
    for record in records:
        run = next((one for one in runs if _has_asked(one, record)), None)
        said = _said_of(record.key, run) if run else ()
        if said:
            found[record.key] = said
    return found


def _has_asked(run: RunRecord, record: SourceRecord) -> bool:
    tried = record.last_tried
    return tried is not None and run.started <= tried and (run.finished is None or tried <= run.finished)


def _said_of(key: str, run: RunRecord) -> tuple[str, ...]:
    begin = f"{key}: "
    return tuple(told.removeprefix(begin) for told in run.warnings if told.startswith(begin))
