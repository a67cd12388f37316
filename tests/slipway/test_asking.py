"""Whom a night asks, what an answer makes of a source, and what the user is told."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.sources import Fetched, FetchState, Hints, SourceOutcome, SourceSpec
from notes.errors import FetchError, ParseError
from slipway.asking import has_forgotten_address, notices, schedule_after, turns
from slipway.records import SourceRecord, SourceSchedule
from tests.slipway.boxes import item

NOW = datetime(2026, 2, 20, 3, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL, NEW = "https://lab.example/feed", "https://new.example/feed"
SPEC = SourceSpec(key="lab", kind="rss", url=URL, allow=("192.168.0.0/16",))
WELL = SourceRecord(
    "lab",
    "rss",
    URL,
    '"1"',
    "Fri",
    "ab",
    last_ok=NOW - DAY,
    last_tried=NOW - DAY,
    next_due=NOW - HOUR,
    due_reason="interval",
)
SAYS_NOTHING = Hints()
LATER = replace(WELL, next_due=NOW + 9 * DAY)


def asked(spec: SourceSpec, record: SourceRecord | None, *, at_once: bool = False) -> str:
    """What becomes of a source tonight, in a word."""
    night = turns([spec], {} if record is None else {spec.key: record}, now=NOW, at_once=at_once)
    told = {"asked": len(night.asked), "not due": night.not_due, "backing off": night.backing_off}
    (word,) = [word for word, count in (told | {"disabled": night.disabled}).items() if count]
    return word


@pytest.mark.parametrize(
    ("spec", "record", "word", "at_once"),
    [
        pytest.param(SPEC, None, "asked", "asked", id="new"),
        pytest.param(SPEC, WELL, "asked", "asked", id="due"),
        pytest.param(SPEC, replace(WELL, next_due=None), "asked", "asked", id="of-an-older-database"),
        pytest.param(SPEC, LATER, "not due", "asked", id="not-due"),
        pytest.param(SPEC, replace(LATER, failures=4, due_reason="back-off"), "backing off", "asked", id="backing-off"),
        pytest.param(SPEC, replace(LATER, due_reason="Retry-After"), "not due", "not due", id="asked-to-wait"),
        pytest.param(SPEC, replace(WELL, due_reason="Retry-After"), "asked", "asked", id="has-waited"),
        pytest.param(SPEC, replace(WELL, disabled="gone"), "disabled", "disabled", id="disabled"),
        pytest.param(
            replace(SPEC, url=NEW), replace(LATER, disabled="gone"), "asked", "asked", id="a-new-url-begins-anew"
        ),
        pytest.param(replace(SPEC, interval_s=0), LATER, "asked", "asked", id="the-interval-was-set-to-0"),
        pytest.param(
            replace(SPEC, interval_s=0), replace(LATER, failures=1), "backing off", "asked", id="0-but-backing-off"
        ),
        pytest.param(
            replace(SPEC, interval_s=0),
            replace(LATER, due_reason="Retry-After"),
            "not due",
            "not due",
            id="0-but-asked-to-wait",
        ),
        pytest.param(SPEC, replace(WELL, hints='{"skip_days": [4]}'), "not due", "asked", id="a-day-that-it-skips"),
        pytest.param(SPEC, replace(LATER, last_tried=NOW + 5 * DAY), "asked", "asked", id="the-clock-was-set-back"),
        pytest.param(
            SourceSpec(key="lab", kind="file", path=Path("f.xml")),
            replace(LATER, url="f.xml"),
            "asked",
            "asked",
            id="a-file",
        ),
    ],
)
def test_whom_a_night_asks(spec, record, word, at_once):
    assert asked(spec, record) == word
    assert asked(spec, record, at_once=True) == at_once


def turn(record: SourceRecord | None = WELL, spec: SourceSpec = SPEC):
    (one,) = turns([spec], {} if record is None else {spec.key: record}, now=NOW, at_once=True).asked
    return one


def test_validators_go_with_the_address_they_came_from():
    assert turn().state == FetchState('"1"', "Fri", "ab", NOW - DAY)
    assert turn(spec=replace(SPEC, url=NEW)).state == FetchState()
    assert turn(None).state == FetchState()


def test_an_adopted_address_is_asked_but_what_was_opened_for_the_old_host_stays_closed():
    moved = turn(replace(WELL, adopted=NEW))
    assert (moved.spec.url, moved.spec.allow, moved.place, moved.state.etag) == (NEW, (), URL, '"1"')
    same_host = turn(replace(WELL, adopted="https://lab.example/atom"))
    assert same_host.spec.allow == SPEC.allow
    other_port = turn(replace(WELL, adopted="https://lab.example:8443/feed"))
    assert other_port.spec.allow == ()


def answered(*published: datetime | None, hints: Hints = SAYS_NOTHING, moved_to: str = "") -> SourceOutcome:
    items = tuple(item(guid=str(n), published=moment) for n, moment in enumerate(published))
    return SourceOutcome(SPEC, Fetched(items, FetchState(), not items, (), URL, hints, moved_to), None, 0.1)


def failed(status: int | None, retry_after: float | None = None) -> SourceOutcome:
    return SourceOutcome(SPEC, None, FetchError("no", status=status, retry_after=retry_after), 0.1)


MONTHLY = [NOW - 30 * n * DAY for n in range(6)]


def test_a_304_forgets_neither_the_rhythm_nor_what_the_document_said():
    first = schedule_after(turn(None), answered(*MONTHLY, hints=Hints(ttl_s=3600, skip_days=frozenset({6}))), now=NOW)
    assert (first.rhythm_s, first.due_reason) == (30 * 86_400, "rhythm")
    remembered = replace(WELL, **asdict(first))
    second = schedule_after(turn(remembered), answered(), now=NOW + 4 * DAY)
    assert (second.rhythm_s, second.hints, second.due_reason) == (first.rhythm_s, first.hints, first.due_reason)
    undated = schedule_after(turn(remembered), answered(None, None), now=NOW + 4 * DAY)
    assert (undated.rhythm_s, undated.hints) == (first.rhythm_s, "")


def test_failures_in_a_row_double_and_a_success_forgets_them():
    waits, record = [], WELL
    for failures in range(4):
        record = replace(WELL, failures=failures)
        waits.append((schedule_after(turn(record), failed(500), now=NOW).next_due - NOW) / HOUR)
    assert [round(wait / 12) for wait in waits] == [1, 2, 4, 8]
    assert schedule_after(turn(record), answered(NOW), now=NOW).due_reason == "interval"


def test_a_dead_network_is_held_against_nobody():
    record = replace(WELL, failures=5, gone_count=1, moved_to=NEW, moved_count=2)
    after = schedule_after(turn(record), failed(None), now=NOW, counts=False)
    assert (after.next_due, after.gone_count, after.moved_count) == (NOW, 1, 2)


def test_retry_after_is_kept_as_a_word():
    after = schedule_after(turn(), failed(429, 86_400), now=NOW)
    assert after.due_reason == "Retry-After"
    assert after.next_due is not None
    assert after.next_due >= NOW + DAY


def test_a_web_page_instead_of_the_feed_is_a_failure():
    outcome = SourceOutcome(SPEC, None, ParseError("a web page"), 0.1)
    assert schedule_after(turn(), outcome, now=NOW).due_reason == "back-off"


def test_moves_and_ends_are_taken_over():
    twice = replace(WELL, moved_to=NEW, moved_count=2)
    adopted = schedule_after(turn(twice), answered(NOW, moved_to=NEW), now=NOW)
    assert (adopted.adopted, adopted.moved_to) == (NEW, "")
    gone = schedule_after(turn(replace(WELL, gone_count=1)), failed(410), now=NOW)
    assert gone.disabled.startswith("answered 410")


def test_an_adopted_address_that_is_given_up_takes_its_validators_with_it():
    dying = replace(WELL, adopted=NEW, failures=2)
    given_up = schedule_after(turn(dying), failed(404), now=NOW)
    assert given_up.adopted == ""
    assert has_forgotten_address(turn(dying), given_up)
    assert not has_forgotten_address(turn(), schedule_after(turn(), failed(404), now=NOW))
    assert not has_forgotten_address(turn(None), SourceSchedule())


@pytest.mark.parametrize(
    ("record", "words"),
    [
        pytest.param(WELL, (), id="well"),
        pytest.param(
            replace(WELL, disabled="answered 410"), ("not asked any more", "source enable lab"), id="disabled"
        ),
        pytest.param(replace(WELL, adopted=NEW), ("moved for good", f'url = "{NEW}"'), id="adopted"),
        pytest.param(replace(WELL, moved_to=NEW, moved_count=2), ("night 2 of 3", NEW), id="moving"),
        pytest.param(replace(WELL, url="https://other.example/", adopted=NEW), (), id="given-a-new-url"),
    ],
)
def test_notices(record, words):
    found = notices([SPEC], {"lab": record, "removed": replace(record, key="removed")})
    assert len(found) == bool(words)
    assert all(word in found[0] for word in words)
