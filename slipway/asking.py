"""Which sources a night asks, and what their answers make of them: pure decisions between configuration and records.

::

    turns       sources × records  → whom to ask, where, with which validators      (and whom not, and why)
    schedule    turn × outcome     → when the next turn is, where, or that there is none
    notices     sources × records  → what the user should mend, in words
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from ingest.due import Due, due_after_failure, due_after_success, is_due, rhythm_of
from ingest.feeds.hints import joined, remembered, written
from ingest.sources import FetchState, SourceOutcome, SourceSpec
from ingest.standing import NIGHTS_TO_ADOPT, Standing, standing_after, status_of
from slipway.records import SourceRecord, SourceSchedule

__all__ = ["Turn", "Turns", "has_forgotten_address", "notices", "schedule_after", "turns"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A source to be asked: ``spec`` with the address in force, ``place`` as configured, what is remembered of it."""

    spec: SourceSpec
    place: str
    state: FetchState
    record: SourceRecord | None


@dataclass(frozen=True, slots=True)
class Turns:
    """Whom to ask, in the given order, and how many are left alone for which reason."""

    asked: tuple[Turn, ...]
    not_due: int = 0
    backing_off: int = 0
    disabled: int = 0


def turns(
    specs: Sequence[SourceSpec], records: Mapping[str, SourceRecord], *, now: datetime, at_once: bool = False
) -> Turns:
    """Whom to ask now. ``at_once`` asks all but those that are disabled or asked, by Retry-After, to be left alone."""
    asked: list[Turn] = []
    not_due = backing_off = disabled = 0
    for spec in specs:
        turn = _turn(spec, records.get(spec.key))
        record = turn.record
        if record is not None and record.disabled:
            disabled += 1
        elif record is None or _may_ask(spec, record, now, at_once=at_once):
            asked.append(turn)
        elif record.failures:
            backing_off += 1
        else:
            not_due += 1
    return Turns(tuple(asked), not_due, backing_off, disabled)


def schedule_after(turn: Turn, outcome: SourceOutcome, *, now: datetime, counts: bool = True) -> SourceSchedule:
    """What is to be remembered of a source after this outcome.

    ``counts`` is False for a failure that was the fault of the network here: the source is asked at the next run.
    """
    before = turn.record or SourceRecord(turn.spec.key, turn.spec.kind, turn.place)
    failures = 0 if outcome.error is None else before.failures + 1
    standing = _standing(before)
    if counts:
        standing = standing_after(standing, outcome, now=now, last_tried=before.last_tried, failures=failures)
    rhythm_s, hints, due = before.rhythm_s, before.hints, Due(now, "the network was down")
    if (fetched := outcome.fetched) is not None:
        if not fetched.not_modified:
            rhythm_s = rhythm_of((item.published for item in fetched.items), now) or rhythm_s
            hints = written(fetched.hints)
        due = due_after_success(turn.spec, now=now, hints=joined(fetched.hints, remembered(hints)), rhythm_s=rhythm_s)
    elif counts:
        retry_after_s = status_of(outcome)[1]
        due = due_after_failure(turn.spec, now=now, failures=failures, retry_after_s=retry_after_s)
    return SourceSchedule(
        next_due=due.at,
        due_reason=due.reason,
        rhythm_s=rhythm_s,
        hints=hints,
        adopted=standing.adopted,
        moved_to=standing.moved_to,
        moved_count=standing.moved_count,
        gone_count=standing.gone_count,
        disabled=standing.disabled,
    )


def has_forgotten_address(turn: Turn, schedule: SourceSchedule) -> bool:
    """Whether an adopted address was given up: the validators that came from it must go with it."""
    return turn.record is not None and bool(turn.record.adopted) and not schedule.adopted


def notices(specs: Sequence[SourceSpec], records: Mapping[str, SourceRecord]) -> tuple[str, ...]:
    """What the user should mend in the configuration: sources that moved for good, and those that are gone."""
    known = [record for spec in specs if (record := _turn(spec, records.get(spec.key)).record) is not None]
    found = []
    for record in known:
        if record.disabled:
            found.append(
                f"{record.key}: is not asked any more: it {record.disabled}; remove it, give it a new url,"
                f" or have it asked again with `slipway source enable {record.key}`"
            )
        elif record.adopted:
            found.append(
                f"{record.key}: has moved for good and is fetched from {record.adopted};"
                f' write url = "{record.adopted}" for it in slipway.toml'
            )
        elif record.moved_to:
            found.append(
                f"{record.key}: says that it moved for good to {record.moved_to} (night {record.moved_count} of"
                f" {NIGHTS_TO_ADOPT}); after the last it is fetched from there"
            )
    return tuple(found)


def _turn(spec: SourceSpec, record: SourceRecord | None) -> Turn:
    """What is remembered counts only for the address that it came from."""
    place = spec.query or " ".join((spec.url, *spec.categories, *spec.queries)).strip() or str(spec.path or "")
    if record is None or record.url != place:
        return Turn(spec, place, FetchState(), None)
    state = FetchState(record.etag, record.last_modified, record.body_sha256, record.last_ok)
    return Turn(_at_adopted(spec, record.adopted), place, state, record)


def _at_adopted(spec: SourceSpec, adopted: str) -> SourceSpec:
    if not adopted or spec.kind != "rss":
        return spec
    # What the user opened for a host is not opened for whomever it names as its heir.
    allow = spec.allow if _host(spec.url) == _host(adopted) else ()
    return replace(spec, url=adopted, allow=allow)


def _host(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url, None, None
    return parts.scheme, parts.hostname, port


def _may_ask(spec: SourceSpec, record: SourceRecord, now: datetime, *, at_once: bool) -> bool:
    if spec.kind == "file":
        return True
    is_free = record.due_reason != "Retry-After"
    if is_free and (at_once or not (spec.interval_s or record.failures)):
        return True
    return is_due(
        now,
        record.next_due,
        reason=record.due_reason,
        last_tried=record.last_tried,
        skip_days=remembered(record.hints).skip_days,
    )


def _standing(record: SourceRecord) -> Standing:
    return Standing(record.adopted, record.moved_to, record.moved_count, record.gone_count, record.disabled)
