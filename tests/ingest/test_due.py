"""When a source is asked again: the decision as a table, and what holds for every source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import due
from ingest.due import due_after_failure, due_after_success, is_due, rhythm_of
from ingest.sources import Hints, SourceSpec

# A Friday.
NIGHT = datetime(2026, 2, 20, 3, 0, 7, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONTH_S = 30 * 86_400.0


def source(hours: float = 12, kind: str = "rss", key: str = "lab") -> SourceSpec:
    return SourceSpec(key=key, kind=kind, url="https://lab.example/feed", interval_s=hours * 3600)


@pytest.fixture(autouse=True)
def punctual(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole hours are easier to read; what is about the jitter keeps it."""
    if "jitter" not in request.node.name:
        monkeypatch.setattr(due, "JITTER", 0.0)


@pytest.mark.parametrize(
    ("spec", "hints", "rhythm_s", "wait", "reason"),
    [
        pytest.param(source(), Hints(), None, 12 * HOUR, "interval", id="says-nothing"),
        pytest.param(source(0.01), Hints(), None, HOUR / 4, "interval", id="never-sooner-than-15-minutes"),
        pytest.param(source(0), Hints(max_age_s=86_400), MONTH_S, 0 * HOUR, "every run", id="asked-at-every-run"),
        pytest.param(source(24 * 20), Hints(), None, 20 * DAY, "interval", id="the-users-interval-has-no-cap"),
        pytest.param(source(), Hints(max_age_s=600), None, 12 * HOUR, "interval", id="short-max-age"),
        pytest.param(source(), Hints(max_age_s=86_400), None, DAY, "hints", id="max-age-of-a-day"),
        pytest.param(source(), Hints(max_age_s=31_536_000), None, DAY, "hints", id="max-age-of-a-year"),
        pytest.param(source(), Hints(max_age_s=31_536_000), 5 * 86_400, 5 * DAY, "hints", id="a-year-and-slow"),
        pytest.param(source(), Hints(max_age_s=31_536_000), MONTH_S, 7 * DAY, "hints", id="a-year-and-slower"),
        pytest.param(source(), Hints(max_age_s=31_536_000), 3600, DAY, "hints", id="a-year-and-busy"),
        pytest.param(source(), Hints(expires=NIGHT + 20 * HOUR), None, 20 * HOUR, "hints", id="expires"),
        pytest.param(source(), Hints(expires=NIGHT - DAY), None, 12 * HOUR, "interval", id="expired-long-ago"),
        pytest.param(source(), Hints(ttl_s=18 * 3600), None, 18 * HOUR, "hints", id="ttl"),
        pytest.param(source(), Hints(), 86_400, 12 * HOUR, "interval", id="posts-daily"),
        pytest.param(source(), Hints(), 7 * 86_400, 16.8 * HOUR, "rhythm", id="posts-weekly"),
        pytest.param(source(), Hints(), MONTH_S, 3 * DAY, "rhythm", id="posts-monthly"),
        pytest.param(source(), Hints(), 40 * MONTH_S, 3 * DAY, "rhythm", id="asleep-for-years"),
        pytest.param(source(), Hints(no_more=True), 40 * MONTH_S, 7 * DAY, "hints", id="says-it-is-complete"),
        pytest.param(source(0), Hints(retry_after_s=7200), None, 2 * HOUR, "Retry-After", id="asks-to-wait"),
        pytest.param(source(), Hints(retry_after_s=7200), None, 12 * HOUR, "interval", id="asks-to-wait-a-little"),
        pytest.param(source(), Hints(retry_after_s=1e9), None, 7 * DAY, "Retry-After", id="asks-to-wait-for-ever"),
        pytest.param(source(kind="file"), Hints(retry_after_s=1e9), MONTH_S, 0 * HOUR, "every run", id="a-file"),
        # Hours in UTC; 03:00:07 and twelve hours are 15:00:07.
        pytest.param(
            source(), Hints(skip_hours=frozenset({15, 16})), None, 14 * HOUR - 7 * HOUR / 3600, "skipHours", id="hours"
        ),
        pytest.param(source(24), Hints(skip_hours=frozenset({3})), None, DAY, "interval", id="the-only-hour-it-has"),
        pytest.param(source(), Hints(skip_hours=frozenset(range(24))), None, 12 * HOUR, "interval", id="all-hours"),
        pytest.param(
            source(),
            Hints(retry_after_s=60, skip_days=frozenset({4})),
            None,
            21 * HOUR - timedelta(seconds=7),
            "skipDays",
            id="asked-to-wait-and-a-day",
        ),
        pytest.param(
            source(24),
            Hints(skip_days=frozenset({5, 6})),
            None,
            3 * DAY - timedelta(hours=3, seconds=7),
            "skipDays",
            id="over-the-weekend-to-midnight",
        ),
        pytest.param(source(), Hints(skip_days=frozenset(range(7))), None, 12 * HOUR, "interval", id="all-days"),
        pytest.param(
            source(),
            Hints(skip_days=frozenset({4}), skip_hours=frozenset({0, 15})),
            None,
            22 * HOUR - timedelta(seconds=7),
            "skipDays",
            id="days-and-hours",
        ),
    ],
)
def test_after_an_answer(spec, hints, rhythm_s, wait, reason):
    decided = due_after_success(spec, now=NIGHT, hints=hints, rhythm_s=rhythm_s)
    assert (decided.at - NIGHT, decided.reason) == (wait, reason)


@pytest.mark.parametrize(
    ("spec", "failures", "retry_after_s", "wait", "reason"),
    [
        pytest.param(source(), 1, None, 12 * HOUR, "back-off", id="first"),
        pytest.param(source(), 2, None, 24 * HOUR, "back-off", id="second"),
        pytest.param(source(), 3, None, 48 * HOUR, "back-off", id="third"),
        pytest.param(source(), 7, None, 30 * DAY, "back-off", id="capped"),
        pytest.param(source(), 100_000, None, 30 * DAY, "back-off", id="for-ever"),
        pytest.param(source(0), 1, None, HOUR, "back-off", id="at-every-run-but-not-when-it-fails"),
        pytest.param(source(24 * 31), 9, None, 31 * DAY, "back-off", id="a-longer-interval"),
        pytest.param(source(), 1, 3600, HOUR, "Retry-After", id="asked-for-less"),
        pytest.param(source(), 1, 86_400, 24 * HOUR, "Retry-After", id="asked-for-more"),
        pytest.param(source(), 1, 10**9, 7 * DAY, "Retry-After", id="asked-for-decades"),
        pytest.param(source(), 7, 10**9, 7 * DAY, "Retry-After", id="back-off-is-longer"),
        pytest.param(source(), 1, 120, HOUR / 4, "asked to wait", id="asked-for-less-than-the-floor"),
        pytest.param(source(), 1, 0, 12 * HOUR, "back-off", id="asked-for-nothing"),
        pytest.param(source(kind="file"), 7, None, 0 * HOUR, "every run", id="a-file"),
    ],
)
def test_after_a_failure(spec, failures, retry_after_s, wait, reason):
    decided = due_after_failure(spec, now=NIGHT, failures=failures, retry_after_s=retry_after_s)
    assert (decided.at - NIGHT, decided.reason) == (wait, reason)


@pytest.mark.parametrize(
    ("failures", "retry_after_s", "waited_s", "wait", "reason"),
    [
        pytest.param(1, 120, 900, HOUR / 2, "asked to wait", id="twice-the-last"),
        pytest.param(1, 7200, 900, 2 * HOUR, "Retry-After", id="the-servers-is-longer"),
        pytest.param(1, 120, 40_000, 12 * HOUR, "asked to wait", id="no-more-than-the-failure-costs"),
        pytest.param(3, 120, 90_000, 2 * 25 * HOUR - 2 * HOUR, "asked to wait", id="three-days-on"),
        pytest.param(1, 86_400, 86_400, DAY, "Retry-After", id="a-day-each-time"),
    ],
)
def test_who_keeps_on_asking_for_time_gets_twice_as_much(failures, retry_after_s, waited_s, wait, reason):
    decided = due_after_failure(source(), now=NIGHT, failures=failures, retry_after_s=retry_after_s, waited_s=waited_s)
    assert (decided.at - NIGHT, decided.reason) == (wait, reason)
    # Whoever asks by hand is bound by the server's word alone.
    assert decided.not_before == NIGHT + timedelta(seconds=retry_after_s)


def test_what_a_server_names_binds_also_after_an_answer():
    decided = due_after_success(source(), now=NIGHT, hints=Hints(retry_after_s=7200, skip_days=frozenset({4})))
    assert decided.not_before == NIGHT + 2 * HOUR
    assert due_after_success(source(), now=NIGHT, hints=Hints()).not_before is None
    assert due_after_failure(source(), now=NIGHT, failures=1).not_before is None


@pytest.mark.parametrize(
    ("asked", "announced"),
    [
        pytest.param("2026-02-19T03:00", "2026-02-19T05:30", id="thursday-before-midnight-in-new-york"),
        pytest.param("2026-02-18T06:00", "2026-02-19T05:30", id="wednesday-after-it"),
        pytest.param("2026-02-20T06:00", "2026-02-23T05:30", id="friday-to-monday"),
        pytest.param("2026-02-22T03:00", "2026-02-23T05:30", id="sunday"),
        pytest.param("2026-03-06T06:00", "2026-03-09T04:30", id="over-the-change-to-summer-time"),
    ],
)
def test_arxiv_is_asked_once_per_announcement(asked, announced):
    now = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    decided = due_after_success(source(1, "arxiv"), now=now, hints=Hints())
    assert decided.at == datetime.fromisoformat(announced).replace(tzinfo=UTC)
    assert decided.reason == "arXiv announcement"
    assert not is_due(decided.at - timedelta(seconds=1), decided.at, reason=decided.reason, last_tried=now)


def test_arxivs_longer_interval_holds():
    decided = due_after_success(source(24 * 7, "arxiv"), now=NIGHT, hints=Hints())
    assert (decided.at - NIGHT, decided.reason) == (7 * DAY, "interval")


def nights_asked(spec: SourceSpec, hints: Hints, start: datetime, *, nights: int, rhythm_s: float | None = None):
    """The nights on which a nightly run asks the source; it starts a few seconds early or late."""
    asked, next_due, reason, last = [], None, "", None
    for night in range(nights):
        now = start + night * DAY + timedelta(seconds=(night * 7) % 11 - 5)
        if is_due(now, next_due, reason=reason, last_tried=last, skip_days=hints.skip_days):
            asked.append(night)
            decided = due_after_success(spec, now=now, hints=hints, rhythm_s=rhythm_s)
            next_due, reason, last = decided.at, decided.reason, now
    return asked


@pytest.mark.parametrize(
    ("hints", "most"),
    [
        pytest.param(Hints(), 1, id="no-hints"),
        pytest.param(Hints(max_age_s=86_400), 1, id="max-age-of-a-day"),
        pytest.param(Hints(max_age_s=31_536_000), 1, id="max-age-of-a-year"),
        pytest.param(Hints(skip_hours=frozenset({3})), 1, id="the-hour-of-the-run-is-skipped"),
        pytest.param(Hints(max_age_s=86_400, skip_hours=frozenset(range(8))), 1, id="the-whole-night-is-skipped"),
        pytest.param(Hints(skip_hours=frozenset(range(24)) - {15}), 1, id="one-hour-of-the-day-is-left"),
        pytest.param(Hints(skip_days=frozenset({5, 6})), 3, id="weekends-are-skipped"),
        pytest.param(Hints(skip_days=frozenset(range(7)) - {0}), 7, id="mondays-only"),
    ],
)
def test_a_nightly_run_with_jitter_asks_every_night_that_it_may(hints, most):
    for key in ("lab", "blog", "journal", "技能"):
        for hours in (12, 24):
            asked = nights_asked(source(hours, key=key), hints, NIGHT, nights=60)
            assert max(b - a for a, b in pairwise(asked)) <= most


def test_control_without_slack_a_nightly_run_with_jitter_misses_every_other_night(monkeypatch):
    monkeypatch.setattr(due, "SLACK_SHARE", 0.0)
    asked = nights_asked(source(24), Hints(), NIGHT, nights=60)
    assert len(asked) < 40


def test_days_that_are_skipped_are_not_asked_on():
    asked = nights_asked(source(), Hints(skip_days=frozenset({5, 6})), NIGHT, nights=60)
    assert {(NIGHT + night * DAY).weekday() for night in asked} == {0, 1, 2, 3, 4}


def test_a_reader_that_runs_on_a_skipped_day_only_is_not_starved():
    saturday = NIGHT + DAY
    asked, next_due, reason, last = [], None, "", None
    for week in range(8):
        now = saturday + week * 7 * DAY
        if is_due(now, next_due, reason=reason, last_tried=last, skip_days=frozenset({5, 6})):
            decided = due_after_success(source(), now=now, hints=Hints(skip_days=frozenset({5, 6})))
            next_due, reason, last = decided.at, decided.reason, now
            asked.append(week)
    assert asked == list(range(8))


def test_a_slow_source_is_asked_less():
    assert len(nights_asked(source(), Hints(), NIGHT, nights=60, rhythm_s=MONTH_S)) == 20


@pytest.mark.parametrize(
    ("now", "next_due", "reason", "last_tried", "expected"),
    [
        pytest.param(NIGHT, None, "", None, True, id="never-asked"),
        pytest.param(NIGHT, NIGHT, "interval", NIGHT - DAY, True, id="now"),
        pytest.param(NIGHT, NIGHT + 2 * HOUR, "interval", NIGHT - DAY, True, id="nearly"),
        pytest.param(NIGHT, NIGHT + 3 * HOUR, "interval", NIGHT - DAY, False, id="not-yet"),
        pytest.param(NIGHT, NIGHT + HOUR, "back-off", NIGHT, False, id="an-hours-back-off"),
        pytest.param(NIGHT, NIGHT + 7 * HOUR, "back-off", NIGHT - 30 * DAY, False, id="six-hours-at-most"),
        pytest.param(
            NIGHT, NIGHT + timedelta(seconds=1), "Retry-After", NIGHT - DAY, False, id="retry-after-is-strict"
        ),
        pytest.param(NIGHT, NIGHT + timedelta(seconds=1), "skipDays", NIGHT - DAY, False, id="a-day-is-strict"),
        pytest.param(NIGHT, NIGHT + 365 * DAY, "interval", NIGHT + 364 * DAY, True, id="the-clock-was-set-back"),
        pytest.param(
            NIGHT, NIGHT + 9 * DAY, "Retry-After", NIGHT + 5 * DAY, True, id="the-clock-was-set-back-a-little"
        ),
    ],
)
def test_due_or_not(now, next_due, reason, last_tried, expected):
    assert is_due(now, next_due, reason=reason, last_tried=last_tried) is expected


def days(*numbers: float) -> list[datetime]:
    return [NIGHT - number * DAY for number in numbers]


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param([None, None, None, None, None], None, id="undated"),
        pytest.param(days(0, 1, 2), None, id="three-are-too-few"),
        pytest.param(days(0, 1, 2, 3), 86_400, id="daily"),
        pytest.param(days(3, 0, 2, 1, 30), 86_400, id="in-any-order-by-the-median"),
        pytest.param(days(-400, 0, 1, 2, 3), 86_400, id="the-future-tells-nothing"),
        pytest.param(days(1, 1, 1, 1, 1), None, id="one-date-for-all"),
        pytest.param(days(30, 31, 32, 33), 30 * 86_400, id="asleep"),
        pytest.param(days(*range(20), *range(400, 800, 100)), 86_400, id="the-newest-twenty"),
    ],
)
def test_rhythm(published, expected):
    assert rhythm_of(published, NIGHT) == expected


SECONDS = st.none() | st.floats(0, 1e12)
HINTS = st.builds(
    Hints,
    max_age_s=SECONDS,
    expires=st.none() | st.datetimes(timezones=st.just(UTC)),
    ttl_s=SECONDS,
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
    retry_after_s=SECONDS,
    no_more=st.booleans(),
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(st.text(max_size=8), HINTS, SECONDS, MOMENTS, st.sampled_from([0.0, 1.0, 12.0, 24.0, 700.0]))
def test_whatever_is_said_jitter_and_all_the_wait_is_bounded(key, hints, rhythm_s, now, hours):
    decided = due_after_success(source(hours, key=key), now=now, hints=hints, rhythm_s=rhythm_s)
    asked_to_wait = min(hints.retry_after_s or 0.0, due.RETRY_AFTER_CAP_S)
    least = max(min(hours * 3600, hours * 1e9), 900.0 if hours else 0.0, asked_to_wait)
    wait_s = (decided.at - now).total_seconds()
    assert wait_s >= least - 1e-3
    # The longest wait, a few percent, and a week of skipped days.
    assert wait_s <= max(hours * 3600, due.HINTS_CAP_S) * 1.04 + 8 * 86_400
    assert decided == due_after_success(source(hours, key=key), now=now, hints=hints, rhythm_s=rhythm_s)


@given(st.text(max_size=8), st.integers(1, 10**6), SECONDS, MOMENTS)
def test_a_back_off_with_jitter_is_bounded_and_keeps_to_what_was_asked(key, failures, retry_after_s, now):
    decided = due_after_failure(source(key=key), now=now, failures=failures, retry_after_s=retry_after_s)
    wait_s = (decided.at - now).total_seconds()
    assert min(retry_after_s or 0.0, due.RETRY_AFTER_CAP_S) - 1e-3 <= wait_s <= 30 * 86_400 * 1.04
    assert wait_s >= (900 if retry_after_s else 12 * 3600) - 1e-3


def test_jitter_spreads_sources_and_days_and_never_hastens():
    waits = {
        (due_after_success(source(key=f"s{n}"), now=NIGHT + day * DAY, hints=Hints()).at - NIGHT - day * DAY) / HOUR
        for n in range(20)
        for day in range(5)
    }
    assert len(waits) == 100
    assert 12 <= min(waits) < 12.05
    assert 12.4 < max(waits) <= 12 * 1.04
