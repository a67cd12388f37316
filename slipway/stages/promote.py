"""Promote: judge the slips, arrange links and topics, and lay the notes and pages into the vault."""

from __future__ import annotations

from collections import Counter

from notes.judging.keeping import LEAST_ANSWERS
from notes.model import ItemStatus
from slipway.app import App, StageResult
from slipway.desk import Fate, tally
from slipway.learning import given_answers
from slipway.library import Library
from slipway.stages.arrange import arrange
from slipway.stages.judge import judge
from slipway.stages.pages import lay_pages
from slipway.stages.papers import Papers
from slipway.stages.sync import Reading, sync

__all__ = ["gather", "promote"]

_OCCUPIED = (
    "this file has the place of the note {id}, which is not written while it does; rename it, or give it another id"
)


def promote(app: App) -> StageResult:
    """The whole stage; run again on the same day with nothing new, it changes nothing."""
    reading = sync(app, answers=True)
    judged = judge(app, gather(app, reading))
    library = gather(app, reading)
    arranged = arrange(app, library)
    fates, unchanged = _lay_notes(app, reading, library)
    pages, warnings = lay_pages(app, reading, library, fates)
    notes = Counter(tally(fates)) + Counter(unchanged=unchanged)
    counts = reading.counts | judged | _learnt(app) | arranged | {f"notes {name}": n for name, n in notes.items()}
    return StageResult(
        counts | {f"pages {name}": n for name, n in tally(pages).items()},
        (*reading.warnings, *_unscored(judged.get("unscored", 0)), *_occupied(app, reading), *warnings),
    )


def _learnt(app: App) -> dict[str, int]:
    """How many answers Slipway has learnt from, or how many it still takes."""
    given = len(given_answers(app))
    return (
        {"answers learnt from": given} if given >= LEAST_ANSWERS else {"answers until it learns": LEAST_ANSWERS - given}
    )


def _unscored(count: int) -> tuple[str, ...]:
    return (f"{count} item(s) could not be scored: the model failed on them; they are tried again",) if count else ()


def _occupied(app: App, reading: Reading) -> tuple[str, ...]:
    """A word on each note that was never written, since a file of the user's bears its id or stands in its place."""
    written, paths = app.store.file_records(), {file.path: file for file in reading.files.values()}
    unwritten = [
        one
        for one in app.store.notes().values()
        if one.item_id is not None and one.gone_at is None and (one.id not in written or not written[one.id].sha)
    ]
    found = [(one.id, reading.files.get(one.id) or paths.get(one.path)) for one in unwritten]
    return tuple(f"{file.path}: {_OCCUPIED.format(id=name)}" for name, file in found if file is not None)


def _lay_notes(app: App, reading: Reading, library: Library) -> tuple[dict[str, Fate], int]:
    """Lay the notes whose sheets may differ from their files; returns what became of each, and how many needed no sheet."""
    papers = Papers(app, library)
    sheets = papers.sheets()
    fates = reading.desk.lay(sheets)
    papers.settle(sheets, fates)
    return fates, papers.unchanged


def gather(app: App, reading: Reading) -> Library:
    """The library as it stands now: the vault's files, the slips, and what waits to be written."""
    records = app.store.notes()
    written = reading.desk.untouched()
    pending = {name for name, record in records.items() if record.gone_at is None and name not in reading.files}
    # Not all slips: those of years that were dismissed or expired are no part of the library.
    slips = (*app.store.slips(ItemStatus.PROMOTED), *app.store.slips(ItemStatus.INBOX))
    return Library.gather(reading.files.values(), slips, written | frozenset(pending), app.config.zone)
