"""Fetch: the sources that are due into the inbox, each source's items, validators and schedule in one transaction.

::

    decide      whom to ask               slipway.sources.asking.turns
    fetch       lanes of hosts            ingest.fetch
    decide      when to ask again         slipway.sources.asking.schedule_after
    store       some hundreds at a time   Store.record_many
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from ingest.fetch import fetch_all
from ingest.sources import SourceOutcome, SourceSpec
from ingest.standing import is_spared, status_of
from ingest.web.client import Limits
from ingest.web.response import without_keys
from notes.errors import FetchError, RefusedError
from notes.rules import kept_out
from slipway import __version__
from slipway.app import App, StageResult
from slipway.config import FetchSettings, SourceConfig
from slipway.sources.asking import Turn, Turns, failures_after, has_forgotten_address, notices, schedule_after, turns
from slipway.stages.busily import busily
from slipway.stages.rules import reconsider_changed
from slipway.store.records import FailureRecord, FetchCounts, FetchRecord, SourceSchedule

__all__ = ["Asks", "fetch", "limits_of", "spec_of"]

# A transaction waits for the disk; what is lost with a killed night is asked for again.
OUTCOMES_AT_ONCE = 250
# The last transaction is written when nothing is left to be fetched meanwhile: so none is large.
ITEMS_AT_ONCE = 3_000
SECONDS_AT_MOST = 10.0
# How long, in seconds, and behind how many items a slow source keeps its place before those that are done.
PATIENCE_S = 20.0
ITEMS_WAITING = 20_000

Asks = Callable[..., Iterator[SourceOutcome]]


def fetch(app: App, *, offline: bool = False, at_once: bool = False, asks: Asks = fetch_all) -> StageResult:
    """Fetch the sources that are due (only files when ``offline``), store what came, in the order of the configuration.

    ``at_once`` asks also those that are not due, but no one that asked to be left alone. ``asks`` is
    :func:`ingest.fetch.fetch_all` or its like.
    """
    # One moment for the whole night: a slow one does not push the next.
    now = app.clock.now()
    specs = [spec_of(source, app.config.fetch) for source in app.config.sources if source.kind == "file" or not offline]
    night = turns(specs, app.store.source_records(), now=now, at_once=at_once, settings=app.config.fetch)
    recorder = _Recorder(app, now)
    with busily():
        for turn, outcome in _in_order(app, night.asked, now, asks):
            recorder.add(turn, outcome)
        recorder.close()
    recorder.counts.update(reconsider_changed(app))
    told = (*recorder.warnings, *notices(specs, app.store.moved_records()))
    if not offline:
        told += _fetch_articles(app, recorder.counts)
    return _result(night, recorder, told)


def _fetch_articles(app: App, counts: Counter[str]) -> tuple[str, ...]:
    """The linked articles of the items that ask for them; returns the warnings."""
    from slipway.stages.articles import fetch_articles

    done, warnings = fetch_articles(app)
    counts.update(done)
    return warnings


def _result(night: Turns, recorder: _Recorder, warnings: tuple[str, ...]) -> StageResult:
    left_alone = {"not due": night.not_due, "backing off": night.backing_off, "disabled": night.disabled}
    counts = dict(recorder.counts) | {name: count for name, count in left_alone.items() if count}
    return StageResult(
        counts,
        warnings,
        failed_sources=recorder.counts["failed"] + night.backing_off,
        sources=len(night.asked) + night.not_due + night.backing_off - recorder.counts["spared"],
    )


def spec_of(source: SourceConfig, settings: FetchSettings) -> SourceSpec:
    """What ingestion needs to know of a configured source."""
    hours = settings.interval_hours if source.interval_hours is None else source.interval_hours
    return SourceSpec(
        key=source.key,
        kind=source.kind,
        url=source.url,
        path=source.path,
        query=source.query,
        title=source.title,
        tags=source.tags,
        lang=source.lang,
        weight=source.weight,
        max_results=source.max_results,
        allow=source.allow,
        categories=source.categories,
        announce=source.announce,
        full_text=source.full_text,
        include=source.include,
        exclude=source.exclude,
        queries=source.queries,
        api=source.api,
        model=source.model,
        api_key_env=source.api_key_env,
        interval_s=hours * 3600,
    )


def limits_of(settings: FetchSettings) -> Limits:
    """The limits of the client, with an honest name that a site's owner can write to."""
    contact = f"; +{settings.contact}" if settings.contact else ""
    return Limits(
        connect_s=settings.timeout,
        total_s=settings.total,
        max_bytes=settings.max_bytes,
        retries=settings.retries,
        user_agent=f"Slipway/{__version__} (feed reader{contact})",
        proxy=settings.proxy,
        allow=settings.allow,
    )


def _in_order(app: App, asked: Sequence[Turn], now: datetime, asks: Asks) -> Iterator[tuple[Turn, SourceOutcome]]:
    """The outcomes in the order of the turns, however they arrive, so that what is stored does not depend on the race.

    A source that keeps the others waiting for long, or for much, loses its place: a night that is killed then keeps
    what had come, and what waits does not fill the memory.
    """
    report = app.reporter.progress("fetch")
    arrived: dict[str, SourceOutcome] = {}
    settings = app.config.fetch
    waiting = deque(asked)
    outcomes = asks(
        [turn.spec for turn in asked],
        {turn.spec.key: turn.state for turn in asked},
        limits=limits_of(settings),
        now=now,
        workers=settings.workers,
    )
    moved_on = time.monotonic()
    weight = 0
    for done, outcome in enumerate(outcomes, start=1):
        report(done, len(asked))
        arrived[outcome.spec.key] = outcome
        weight += _weight(outcome)
        while waiting and (its := arrived.pop(waiting[0].spec.key, None)) is not None:
            weight, moved_on = weight - _weight(its), time.monotonic()
            yield waiting.popleft(), its
        if arrived and (weight > ITEMS_WAITING or time.monotonic() - moved_on > PATIENCE_S):
            late = [turn for turn in waiting if turn.spec.key in arrived]
            waiting = deque(turn for turn in waiting if turn.spec.key not in arrived)
            moved_on, weight = time.monotonic(), 0
            for turn in late:
                yield turn, arrived.pop(turn.spec.key)


def _weight(outcome: SourceOutcome) -> int:
    """The items that wait with it for their turn."""
    return 0 if outcome.fetched is None else len(outcome.fetched.items)


@dataclass(slots=True)
class _Recorder:
    """Stores outcomes a batch at a time, and keeps the counts and warnings of the night.

    Failures wait until some source has answered: where none does, the network here is down, and nothing is held
    against the sources.
    """

    app: App
    now: datetime
    counts: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    _waiting: list[tuple[Turn, SourceOutcome]] = field(default_factory=list)
    _items: int = 0
    _somebody_answered: bool = False
    _stored_at: float = field(default_factory=time.monotonic)

    def add(self, turn: Turn, outcome: SourceOutcome) -> None:
        """Take one outcome; it is stored with the next batch."""
        self._waiting.append((turn, outcome))
        self._items += _weight(outcome)
        self._somebody_answered = self._somebody_answered or not _is_silence(outcome)
        if self._somebody_answered and self._is_due():
            self._flush(counts=True)

    def _is_due(self) -> bool:
        is_large = len(self._waiting) >= OUTCOMES_AT_ONCE or self._items >= ITEMS_AT_ONCE
        return is_large or time.monotonic() - self._stored_at > SECONDS_AT_MOST

    def close(self) -> None:
        """Store the rest."""
        is_down = not self._somebody_answered and self._hosts() > 1
        if is_down:
            self.warnings.append(
                "no source answered: the network here seems to be down; they are asked at the next run"
            )
        self._flush(counts=not is_down)

    def _hosts(self) -> int:
        asked = [turn.spec for turn, outcome in self._waiting if outcome.error is not None and outcome.error.was_asked]
        hosts = {urlsplit(spec.url).hostname for spec in asked if spec.kind != "file"}
        return len(hosts - {None})

    def _flush(self, *, counts: bool) -> None:
        records = []
        for turn, outcome in self._waiting:
            schedule = schedule_after(turn, outcome, now=self.now, counts=counts)
            records.append(_record(turn, outcome, schedule, self.now, counts=counts))
            self.warnings.extend(f"{turn.spec.key}: {told}" for told in _warnings(outcome))
        for record, done in zip(records, self.app.store.record_many(records), strict=True):
            self._count(record, done)
        if refused := sum(isinstance(outcome.error, RefusedError) for _, outcome in self._waiting):
            self.counts["refused addresses"] += refused
        self._waiting.clear()
        self._items = 0
        self._stored_at = time.monotonic()

    def _count(self, record: FetchRecord | FailureRecord, done: FetchCounts) -> None:
        if isinstance(record, FailureRecord):
            self.counts["failed" if record.error else "spared"] += 1
            return
        self.counts["sources"] += 1
        self.counts["unchanged"] += record.not_modified
        if not record.items:
            return
        for name in ("new", "seen", "updated", "excluded"):
            self.counts[name] += getattr(done, name)


def _is_silence(outcome: SourceOutcome) -> bool:
    """Whether nobody answered at all."""
    is_local = outcome.spec.kind == "file" or (outcome.error is not None and not outcome.error.was_asked)
    return is_local or (isinstance(outcome.error, FetchError) and status_of(outcome)[0] is None)


def _warnings(outcome: SourceOutcome) -> tuple[str, ...]:
    told = outcome.fetched.warnings if outcome.fetched is not None else (str(outcome.error),)
    return tuple(without_keys(warning) for warning in told)


def _record(
    turn: Turn, outcome: SourceOutcome, schedule: SourceSchedule, now: datetime, *, counts: bool
) -> FetchRecord | FailureRecord:
    spec, fetched = turn.spec, outcome.fetched
    if fetched is None:
        # Without an address nothing of what is remembered counts: that is how validators of a forgotten place go.
        place = "" if has_forgotten_address(turn, schedule) else turn.place
        return FailureRecord(
            key=spec.key,
            kind=spec.kind,
            url=place,
            now=now,
            # One that was spared keeps the error that it had.
            error="" if is_spared(outcome) else without_keys(str(outcome.error)),
            failures=failures_after(turn, outcome, now=now, counts=counts),
            schedule=schedule,
        )
    has_rules = bool(spec.include or spec.exclude)
    return FetchRecord(
        key=spec.key,
        kind=spec.kind,
        url=turn.place,
        now=now,
        etag=fetched.state.etag,
        last_modified=fetched.state.last_modified,
        body_sha256=fetched.state.body_sha256,
        items=fetched.items,
        sketches=fetched.sketches,
        not_modified=fetched.not_modified,
        kept_out=tuple(kept_out(item, spec.include, spec.exclude) for item in fetched.items) if has_rules else (),
        full_text=spec.full_text,
        announce=spec.announce,
        schedule=schedule,
    )
