"""Fetch: the configured sources into the inbox, each source's items and validators in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from ingest.client import Limits
from ingest.fetch import fetch_all
from ingest.sources import FetchState, SourceOutcome, SourceSpec
from slipway import __version__
from slipway.app import App, StageResult
from slipway.config import FetchSettings, SourceConfig
from slipway.records import SourceRecord

__all__ = ["fetch", "limits_of", "spec_of"]


def fetch(app: App, *, offline: bool = False) -> StageResult:
    """Fetch every source (only files when ``offline``) and store what came, in the order of the configuration."""
    configured = [source for source in app.config.sources if source.kind == "file" or not offline]
    records = app.store.source_records()
    states = {source.key: _state(source, records) for source in configured}
    counts: Counter[str] = Counter()
    warnings: list[str] = []
    failed = 0
    for outcome in _in_order(app, [spec_of(source, app.config.fetch) for source in configured], states):
        warnings.extend(_store(app, outcome, counts))
        failed += outcome.error is not None
    return StageResult(dict(counts), tuple(warnings), failed_sources=failed, sources=len(configured))


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
    )


def _in_order(app: App, specs: list[SourceSpec], states: Mapping[str, FetchState]) -> Iterator[SourceOutcome]:
    """The outcomes in the order of the specs, however they arrive, so that what is stored does not depend on the race."""
    report = app.reporter.progress("fetch")
    arrived: dict[str, SourceOutcome] = {}
    waiting = [spec.key for spec in specs]
    outcomes = fetch_all(
        specs, states, limits=limits_of(app.config.fetch), now=app.clock.now(), workers=app.config.fetch.workers
    )
    for done, outcome in enumerate(outcomes, start=1):
        report(done, len(specs))
        arrived[outcome.spec.key] = outcome
        while waiting and waiting[0] in arrived:
            yield arrived.pop(waiting.pop(0))


def _state(source: SourceConfig, records: Mapping[str, SourceRecord]) -> FetchState:
    """The validators of the last good fetch; they count only for the address they came from."""
    record = records.get(source.key)
    if record is None or record.url != _address(source):
        return FetchState()
    return FetchState(etag=record.etag, last_modified=record.last_modified, body_sha256=record.body_sha256)


def _address(source: SourceConfig) -> str:
    return source.query or source.url or str(source.path or "")


def _store(app: App, outcome: SourceOutcome, counts: Counter[str]) -> tuple[str, ...]:
    spec, now = outcome.spec, app.clock.now()
    source = next(one for one in app.config.sources if one.key == spec.key)
    if outcome.fetched is None:
        counts["failed"] += 1
        app.store.record_failure(spec.key, spec.kind, _address(source), str(outcome.error), now)
        return (f"{spec.key}: {outcome.error}",)
    fetched = outcome.fetched
    done = app.store.record_fetch(
        spec.key,
        spec.kind,
        _address(source),
        etag=fetched.state.etag,
        last_modified=fetched.state.last_modified,
        body_sha256=fetched.state.body_sha256,
        items=fetched.items,
        now=now,
        not_modified=fetched.not_modified,
    )
    counts.update({"sources": 1, "unchanged": int(fetched.not_modified), "new": done.new})
    counts.update({"seen": done.seen, "updated": done.updated})
    return tuple(f"{spec.key}: {warning}" for warning in fetched.warnings)
