"""Promote: judge the slips, arrange links and topics, and lay the notes and pages into the vault."""

from __future__ import annotations

from slipway.app import App, StageResult
from slipway.desk import tally
from slipway.library import Library
from slipway.stages.arrange import arrange
from slipway.stages.judge import judge
from slipway.stages.pages import lay_pages
from slipway.stages.papers import note_sheets
from slipway.stages.sync import Reading, sync

__all__ = ["gather", "promote"]


def promote(app: App) -> StageResult:
    """The whole stage; run again on the same day with nothing new, it changes nothing."""
    reading = sync(app, answers=True)
    judged = judge(app, gather(app, reading))
    library = gather(app, reading)
    arranged = arrange(app, library)
    fates = reading.desk.lay(note_sheets(app, library))
    pages, warnings = lay_pages(app, reading, library)
    counts = reading.counts | judged | arranged | {f"notes {name}": n for name, n in tally(fates).items()}
    return StageResult(
        counts | {f"pages {name}": n for name, n in tally(pages).items()}, (*reading.warnings, *warnings)
    )


def gather(app: App, reading: Reading) -> Library:
    """The library as it stands now: the vault's files, the slips, and what waits to be written."""
    records = app.store.notes()
    written = reading.desk.untouched()
    pending = {name for name, record in records.items() if record.gone_at is None and name not in reading.files}
    return Library.gather(reading.files.values(), app.store.slips(), written | frozenset(pending), app.config.zone)
