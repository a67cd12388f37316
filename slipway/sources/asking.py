"""Which sources a night asks, and what their answers make of them: pure decisions between configuration and records.

::

    turns       sources × records  → whom to ask, where, with which validators      (and whom not, and why)
    schedule    turn × outcome     → when the next turn is, where, or that there is none
    notices     sources × records  → what the user should mend, in words
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.due import ASKED_TO_WAIT, Due, due_after_failure, due_after_success, is_due, rhythm_of
from ingest.feeds.hints import joined, remembered, written
from ingest.sources import Fetched, FetchState, SourceOutcome, SourceSpec
from ingest.standing import NIGHTS_TO_ADOPT, Standing, is_spared, standing_after, status_of
from slipway.sources.remembered import document_hints, not_before, noted, place_of, way_of, what_counts
from slipway.store.records import SourceRecord, SourceSchedule

if TYPE_CHECKING:
    from slipway.settings.values import FetchSettings

__all__ = ["Turn", "Turns", "failures_after", "has_forgotten_address", "notices", "place_of", "schedule_after", "turns"]

# Nobody was asked: the configuration wants mending, and once it is, the next run is to show it.
UNASKED = "nothing was asked"
_NOTHING_KNOWN = FetchState()
_SETTLED = Standing()


@dataclass(frozen=True, slots=True)
class Turn:
    """A source to be asked: ``spec`` with the address in force, what is remembered of it, and how it is configured."""

    spec: SourceSpec
    place: str
    state: FetchState
    record: SourceRecord | None
    configured: SourceSpec
    settings: FetchSettings | None = None

    @property
    def way(self) -> str:
        """How the source is reached, as :func:`slipway.sources.remembered.way_of` has it."""
        return way_of(self.configured, self.settings)


@dataclass(frozen=True, slots=True)
class Turns:
    """Whom to ask, in the given order, and how many are left alone for which reason."""

    asked: tuple[Turn, ...]
    not_due: int = 0
    backing_off: int = 0
    disabled: int = 0


def turns(
    specs: Sequence[SourceSpec],
    records: Mapping[str, SourceRecord],
    *,
    now: datetime,
    at_once: bool = False,
    settings: FetchSettings | None = None,
) -> Turns:
    """Whom to ask now. ``at_once`` asks all but those that are disabled or asked, by Retry-After, to be left alone.

    ``settings`` belong to how all sources are reached: where they changed, errors are forgotten.
    """
    asked: list[Turn] = []
    not_due = backing_off = disabled = 0
    for spec in specs:
        turn = _turn(spec, records.get(spec.key), settings)
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
    failures = failures_after(turn, outcome, now=now, counts=counts)
    standing = _standing(before)
    if counts and not is_spared(outcome):
        standing = standing_after(standing, outcome, now=now, last_tried=before.last_tried, failures=failures)
    rhythm_s, said = before.rhythm_s, document_hints(before)
    if (fetched := outcome.fetched) is not None:
        rhythm_s, said = _learnt(fetched, rhythm_s, said, now)
        due = due_after_success(turn.spec, now=now, hints=joined(fetched.hints, remembered(said)), rhythm_s=rhythm_s)
    else:
        due = _due_after_error(turn, outcome, now, failures) if counts else Due(now, "the network was down")
    return SourceSchedule(
        next_due=None if due.reason == UNASKED else due.at,
        due_reason=due.reason,
        rhythm_s=rhythm_s,
        hints=noted(said, way=turn.way if fetched is None else "", until=due.not_before),
        adopted=standing.adopted,
        moved_to=standing.moved_to,
        moved_count=standing.moved_count,
        gone_count=standing.gone_count,
        disabled=standing.disabled,
    )


def failures_after(turn: Turn, outcome: SourceOutcome, *, now: datetime, counts: bool = True) -> int:
    """How often in a row the source has failed, this outcome included: days (UTC), not attempts.

    An afternoon of trying counts once. A source that was spared did not fail; the nights on which nothing was asked are
    forgotten once it is.
    """
    if outcome.error is None:
        return 0
    before = turn.record or SourceRecord(turn.spec.key, turn.spec.kind, turn.place)
    if not counts or is_spared(outcome):
        return before.failures
    if before.due_reason == UNASKED and outcome.error.was_asked:
        return 1
    return max(before.failures, 1) if _is_same_day(before.last_tried, now) else before.failures + 1


def _is_same_day(last_tried: datetime | None, now: datetime) -> bool:
    return last_tried is not None and last_tried.astimezone(UTC).date() == now.astimezone(UTC).date()


def _learnt(fetched: Fetched, rhythm_s: float | None, said: str, now: datetime) -> tuple[float | None, str]:
    """The rhythm, and what the document says; a document that was not sent again says what it said before."""
    if fetched.not_modified:
        return rhythm_s, said
    return rhythm_of((item.published for item in fetched.items), now) or rhythm_s, written(fetched.hints)


def _due_after_error(turn: Turn, outcome: SourceOutcome, now: datetime, failures: int) -> Due:
    if outcome.error is not None and not outcome.error.was_asked and not is_spared(outcome):
        return Due(now, UNASKED)
    return due_after_failure(
        turn.spec, now=now, failures=failures, retry_after_s=status_of(outcome)[1], waited_s=_waited_s(turn.record)
    )


def _waited_s(record: SourceRecord | None) -> float:
    """How long a source was left alone, last time that it asked for it."""
    if record is None or record.due_reason not in ASKED_TO_WAIT or not (record.next_due and record.last_tried):
        return 0.0
    return max((record.next_due - record.last_tried).total_seconds(), 0.0)


def has_forgotten_address(turn: Turn, schedule: SourceSchedule) -> bool:
    """Whether an adopted address was given up: the validators that came from it must go with it."""
    return turn.record is not None and bool(turn.record.adopted) and not schedule.adopted


def notices(specs: Sequence[SourceSpec], records: Mapping[str, SourceRecord]) -> tuple[str, ...]:
    """What the user should mend in the configuration: sources that moved for good, and those that are gone."""
    known = [record for spec in specs if (record := what_counts(spec, records.get(spec.key))) is not None]
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


def _turn(spec: SourceSpec, remembered: SourceRecord | None, settings: FetchSettings | None = None) -> Turn:
    record = what_counts(spec, remembered, settings)
    if record is None:
        return Turn(spec, place_of(spec), _NOTHING_KNOWN, None, spec, settings)
    state = FetchState(record.etag, record.last_modified, record.body_sha256, record.last_ok)
    # What counts was remembered of this very place.
    return Turn(_at_adopted(spec, record.adopted), record.url, state, record, spec, settings)


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
    until = not_before(record)
    if not is_due(now, until, reason="Retry-After", last_tried=record.last_tried):
        return False
    if at_once or not (spec.interval_s or record.failures or record.due_reason in ASKED_TO_WAIT):
        return True
    return is_due(
        now,
        record.next_due,
        reason=record.due_reason,
        last_tried=record.last_tried,
        skip_days=remembered(record.hints).skip_days,
    )


def _standing(record: SourceRecord) -> Standing:
    if not (record.adopted or record.moved_to or record.moved_count or record.gone_count or record.disabled):
        return _SETTLED
    return Standing(record.adopted, record.moved_to, record.moved_count, record.gone_count, record.disabled)
