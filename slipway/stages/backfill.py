"""Backfill: weeks of one arXiv source into the inbox, stored portion by portion as they come.

The run lock is held for each portion and not for the whole, which takes minutes to hours: a night that begins meanwhile
goes its way, and this one waits for it.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import date

from ingest.arxiv.backfill import Portion, backfill
from ingest.sources import SourceSpec
from ingest.web.client import HttpClient
from notes.errors import LockedError, SourceError, UsageError
from notes.rules import kept_out
from slipway.app import App, StageResult
from slipway.night import run_lock
from slipway.settings.values import SourceConfig
from slipway.stages.fetch import limits_of, spec_of
from slipway.store.records import FetchCounts, FetchRecord

__all__ = ["backfill_source"]

# So long a night may take before its lock is given up on.
_PATIENCE_S = 3_600
_POLL_S = 2.0


def backfill_source(app: App, source: SourceConfig, since: date, until: date | None) -> StageResult:
    """Store what ``source`` had from ``since`` to ``until`` (days, UTC; None: today).

    Raises ConfigError for a source that is not of arXiv, UsageError for days the wrong way round, SourceError where it
    cannot go on: what came before is stored then, and asked for again it is not doubled.
    """
    if until is not None and until < since:
        raise UsageError(f"--until {until} is before --since {since}")
    spec = spec_of(source, app.config.fetch)
    client = HttpClient(limits_of(app.config.fetch))
    report = app.reporter.progress("backfill")
    counts: Counter[str] = Counter()
    warnings: list[str] = []
    try:
        for portion in backfill(spec, since, until, client=client, pace=client.arxiv, now=app.clock.now()):
            done = _store(app, spec, portion)
            counts.update({"papers": len(portion.items), "new": done.new, "seen": done.seen, "updated": done.updated})
            warnings.extend(portion.warnings)
            report(portion.read, max(portion.total, portion.read))
    except SourceError as error:
        again = f"`slipway backfill {source.key} --since {since}` goes on; {counts['new']} new papers are stored"
        raise type(error)(error.message, hint=again) from error
    trouble = (client.arxiv.trouble,) if client.arxiv.trouble else ()
    return StageResult(dict(counts), tuple(dict.fromkeys((*warnings, *trouble))))


def _store(app: App, spec: SourceSpec, portion: Portion) -> FetchCounts:
    has_rules = bool(spec.include or spec.exclude)
    record = FetchRecord(
        key=spec.key,
        kind=spec.kind,
        url=spec.url,
        now=app.clock.now(),
        items=portion.items,
        kept_out=tuple(kept_out(item, spec.include, spec.exclude) for item in portion.items) if has_rules else (),
        full_text=spec.full_text,
        announce=spec.announce,
    )
    waited = 0.0
    while True:
        try:
            with run_lock(app):
                return app.store.record_items(record)
        except LockedError:
            if waited >= _PATIENCE_S:
                raise
        time.sleep(_POLL_S)
        waited += _POLL_S
