"""Whom a night asks, what an answer makes of a source, and what the user is told."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.sources import Fetched, FetchState, Hints, SourceOutcome, SourceSpec
from notes.errors import FetchError, ParseError, RefusedError, SourceError, UnaskedError
from slipway.settings.values import FetchSettings
from slipway.sources.asking import failures_after, has_forgotten_address, notices, schedule_after, turns
from slipway.sources.remembered import next_due, way_of, what_counts
from slipway.store.records import SourceRecord, SourceSchedule
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


def lived(outcome: SourceOutcome, record: SourceRecord | None, now: datetime, spec: SourceSpec = SPEC) -> SourceRecord:
    """The record after this outcome, as the store would write it."""
    (one,) = turns([spec], {} if record is None else {spec.key: record}, now=now, at_once=True).asked
    schedule = asdict(schedule_after(one, outcome, now=now))
    failures = failures_after(one, outcome, now=now)
    told = "" if outcome.error is None else str(outcome.error)
    return replace(
        one.record or SourceRecord("lab", "rss", one.place),
        **schedule,
        failures=failures,
        last_error=told,
        last_tried=now,
    )


def may_ask(record: SourceRecord, now: datetime, *, at_once: bool = False, spec: SourceSpec = SPEC) -> bool:
    return bool(turns([spec], {"lab": record}, now=now, at_once=at_once).asked)


MINUTE = timedelta(minutes=1)


def unasked(error: SourceError) -> SourceOutcome:
    return SourceOutcome(SPEC, None, error, 0.0)


NO_KEY, REFUSED = UnaskedError("no key"), RefusedError("private")


def test_two_minutes_are_two_minutes_for_whoever_asks_by_hand():
    record = lived(failed(429, 120), WELL, NOW)
    assert [may_ask(record, NOW + n * MINUTE, at_once=True) for n in (0, 1, 2, 3)] == [False, False, True, True]
    # The nightly run gives it a little more, and not half a day.
    assert [may_ask(record, NOW + n * MINUTE) for n in (3, 10, 16)] == [False, False, True]


def test_a_server_that_keeps_on_asking_for_time_gets_twice_as_much_and_no_back_off():
    record, now, waits = WELL, NOW, []
    for _ in range(8):
        record = lived(failed(429, 120), record, now)
        assert record.next_due is not None
        waits.append(round((record.next_due - now) / timedelta(minutes=15)))
        now = record.next_due
    # Eight percent and more come of the jitter.
    assert waits[:5] == [1, 2, 4, 9, 18]
    assert waits[-1] <= 100
    assert record.failures <= 2


def test_a_success_with_retry_after_binds_until_it_is_over_and_no_longer():
    record = lived(answered(NOW, hints=Hints(retry_after_s=3600)), WELL, NOW)
    assert record.due_reason == "interval"
    assert not may_ask(record, NOW + 59 * MINUTE, at_once=True)
    assert may_ask(record, NOW + 61 * MINUTE, at_once=True)
    assert lived(answered(), record, NOW + 2 * HOUR).hints == ""


def test_a_source_that_was_spared_did_not_fail():
    spared = unasked(UnaskedError("its host", status=429, retry_after=7200))
    record = lived(spared, replace(WELL, gone_count=1), NOW)
    assert (record.failures, record.gone_count, record.due_reason) == (0, 1, "Retry-After")
    assert not may_ask(record, NOW + 119 * MINUTE, at_once=True)
    assert may_ask(record, NOW + 126 * MINUTE)
    assert not may_ask(replace(record, due_reason="asked to wait"), NOW + HOUR, spec=replace(SPEC, interval_s=0))


@pytest.mark.parametrize("error", [NO_KEY, REFUSED], ids=["no-key", "refused"])
def test_what_the_configuration_prevents_is_tried_at_each_run(error):
    record = WELL
    for night in range(40):
        record = lived(unasked(error), record, NOW + night * DAY)
        assert may_ask(record, NOW + night * DAY)
    assert record.next_due is None
    # Mended: what then fails in earnest fails for the first time.
    first = lived(failed(500), record, NOW + 40 * DAY)
    assert (first.failures, first.due_reason) == (1, "back-off")


def test_control_a_redirect_to_a_refused_address_costs_a_request_and_backs_off():
    error = RefusedError("private")
    error.was_asked = True
    assert not may_ask(lived(unasked(error), WELL, NOW), NOW + HOUR)


@pytest.mark.parametrize(
    "changed",
    [{"allow": ("loopback",)}, {"api": "openai"}, {"model": "m"}, {"api_key_env": "KEY"}, {"url": NEW}],
    ids=lambda changed: next(iter(changed)),
)
def test_mending_how_a_source_is_reached_forgets_its_error(changed):
    record = lived(failed(500), replace(WELL, failures=6), NOW)
    mended = replace(SPEC, **changed)
    assert not may_ask(record, NOW + HOUR)
    assert may_ask(record, NOW + HOUR, spec=mended)
    again = lived(failed(500), record, NOW + HOUR, spec=mended)
    assert again.failures == 1
    counting = what_counts(mended, record)
    assert counting is None or (counting.failures, counting.last_error, counting.next_due) == (0, "", None)
    assert may_ask(record, NOW + HOUR, spec=replace(SPEC, title="Lab", tags=("x",))) is False


def test_mending_does_not_shorten_what_the_server_asked_for():
    record = lived(failed(429, 7200), WELL, NOW)
    mended = replace(SPEC, allow=("loopback",))
    assert not may_ask(record, NOW + HOUR, at_once=True, spec=mended)
    assert may_ask(record, NOW + 2 * HOUR + MINUTE, spec=mended)


def test_another_proxy_is_another_way_and_its_password_is_not_kept():
    before, after = FetchSettings(proxy="http://u:secret@p:1"), FetchSettings(proxy="http://u:other@p:1")
    assert way_of(SPEC, before) != way_of(SPEC, after)
    assert "secret" not in way_of(SPEC, before)
    (one,) = turns([SPEC], {"lab": WELL}, now=NOW, settings=before).asked
    record = replace(WELL, failures=3, **asdict(schedule_after(one, failed(500), now=NOW)))
    assert turns([SPEC], {"lab": record}, now=NOW, settings=before).backing_off == 1
    assert turns([SPEC], {"lab": record}, now=NOW, settings=after).asked


def test_an_afternoon_of_trying_is_one_failure():
    record = WELL
    for n in range(7):
        record = lived(failed(404), record, NOW + n * MINUTE)
    assert record.failures == 1
    assert record.next_due is not None
    assert record.next_due <= NOW + 13 * HOUR
    assert lived(failed(404), record, NOW + DAY).failures == 2


def test_the_next_that_is_due():
    assert next_due([SPEC], {}) is None
    assert next_due([SPEC], {"lab": LATER}) == LATER.next_due
    assert next_due([replace(SPEC, url=NEW)], {"lab": LATER}) is None
    assert next_due([SPEC], {"lab": replace(LATER, disabled="gone")}) is None


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
