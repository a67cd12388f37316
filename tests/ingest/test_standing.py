"""Permanent redirects and 410s, night by night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest import standing
from ingest.sources import Fetched, FetchState, Hints, SourceOutcome, SourceSpec
from ingest.standing import Standing, is_spared, standing_after, status_of
from notes.errors import FetchError, ParseError, RefusedError, UnaskedError

SPEC = SourceSpec(key="lab", kind="rss", url="https://lab.example/feed")
NIGHT = datetime(2026, 2, 20, 3, tzinfo=UTC)
NEW, NEWER = "https://new.example/feed", "https://newer.example/feed"
NEW_HERE = Standing()
GONE = "answered 410 (gone for good) on 2 nights in a row"


def answered(moved_to: str = "") -> SourceOutcome:
    return SourceOutcome(SPEC, Fetched((), FetchState(), True, (), "", Hints(), moved_to), None, 0.1)


def failed(status: int | None, retry_after: float | None = None) -> SourceOutcome:
    return SourceOutcome(SPEC, None, FetchError("no", status=status, retry_after=retry_after), 0.1)


OK, MOVED, MOVED_ON, GONE_410, DOWN, SILENT = (
    answered(),
    answered(NEW),
    answered(NEWER),
    failed(410),
    failed(503),
    failed(None),
)
WEB_PAGE = SourceOutcome(SPEC, None, ParseError("a web page"), 0.1)
REFUSED = SourceOutcome(SPEC, None, RefusedError("private"), 0.1)


def after(*outcomes: SourceOutcome, start: Standing = NEW_HERE, apart: timedelta = timedelta(days=1)) -> Standing:
    now, last, failures, found = NIGHT, None, 0, start
    for outcome in outcomes:
        failures = 0 if outcome.error is None else failures + 1
        found = standing_after(found, outcome, now=now, last_tried=last, failures=failures)
        now, last = now + apart, now
    return found


ADOPTED = Standing(adopted=NEW)


@pytest.mark.parametrize(
    ("outcomes", "start", "expected"),
    [
        pytest.param((OK,), Standing(), Standing(), id="well"),
        pytest.param((MOVED,), Standing(), Standing(moved_to=NEW, moved_count=1), id="moved-once"),
        pytest.param((MOVED, MOVED), Standing(), Standing(moved_to=NEW, moved_count=2), id="moved-twice"),
        pytest.param((MOVED, MOVED, MOVED), Standing(), ADOPTED, id="moved-on-three-nights"),
        pytest.param((MOVED, MOVED, OK), Standing(), Standing(), id="came-back"),
        pytest.param((MOVED, MOVED, OK, MOVED), Standing(), Standing(moved_to=NEW, moved_count=1), id="anew"),
        pytest.param((MOVED, MOVED, MOVED_ON), Standing(), Standing(moved_to=NEWER, moved_count=1), id="elsewhere"),
        pytest.param((MOVED, SILENT, MOVED, DOWN, MOVED), Standing(), ADOPTED, id="failures-between-count-not"),
        pytest.param((OK, OK), ADOPTED, ADOPTED, id="an-adopted-address-stays"),
        pytest.param((MOVED,), ADOPTED, ADOPTED, id="it-is-no-news-where-it-is"),
        pytest.param((MOVED_ON,) * 2, ADOPTED, Standing(NEW, NEWER, 2), id="an-adopted-one-moves-on"),
        pytest.param((MOVED_ON,) * 3, ADOPTED, Standing(NEWER), id="and-is-adopted-there"),
        pytest.param((DOWN, SILENT), ADOPTED, ADOPTED, id="an-adopted-address-may-fail-twice"),
        pytest.param((DOWN, SILENT, WEB_PAGE), ADOPTED, Standing(), id="not-three-times"),
        pytest.param((answered("https://x/" + "y" * 3000),) * 5, Standing(), Standing(), id="an-address-without-end"),
        pytest.param((answered("http://lab.example/feed"),) * 5, Standing(), Standing(), id="without-encryption"),
        pytest.param((GONE_410,), Standing(), Standing(gone_count=1), id="gone-once"),
        pytest.param((GONE_410, GONE_410), Standing(), Standing(gone_count=2, disabled=GONE), id="gone-twice"),
        pytest.param((GONE_410, OK, GONE_410), Standing(), Standing(gone_count=1), id="gone-and-back"),
        pytest.param((GONE_410, DOWN, GONE_410), Standing(), Standing(gone_count=1), id="another-answer-between"),
        pytest.param((GONE_410, WEB_PAGE, GONE_410), Standing(), Standing(gone_count=1), id="a-web-page-between"),
        pytest.param(
            (GONE_410, SILENT, GONE_410), Standing(), Standing(gone_count=2, disabled=GONE), id="silence-between"
        ),
        pytest.param((GONE_410, REFUSED), Standing(), Standing(gone_count=1), id="a-refusal-is-ours"),
        pytest.param((GONE_410,), ADOPTED, Standing(NEW, gone_count=1), id="an-adopted-address-is-gone"),
        pytest.param((GONE_410, GONE_410), ADOPTED, Standing(), id="the-configured-one-is-asked-again"),
    ],
)
def test_night_by_night(outcomes, start, expected):
    assert after(*outcomes, start=start) == expected


@pytest.mark.parametrize("outcome", [MOVED, GONE_410], ids=["moved", "gone"])
def test_an_afternoon_of_trying_is_one_night(outcome):
    found = after(*[outcome] * 9, apart=timedelta(hours=1))
    assert (found.adopted, found.disabled) == ("", "")
    assert found.moved_count + found.gone_count == 1


def test_control_with_one_night_a_single_redirect_moves_a_source(monkeypatch):
    monkeypatch.setattr(standing, "NIGHTS_TO_ADOPT", 2)
    assert after(MOVED, MOVED).adopted == NEW


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (OK, (304, None)),
        (failed(429, 60.0), (429, 60.0)),
        (SILENT, (None, None)),
        (WEB_PAGE, (200, None)),
        (REFUSED, (None, None)),
    ],
    ids=["ok", "429", "silent", "web-page", "refused"],
)
def test_status(outcome, expected):
    assert status_of(outcome) == expected


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (OK, False),
        (failed(429, 60.0), False),
        (REFUSED, False),
        (SourceOutcome(SPEC, None, UnaskedError("no key"), 0.0), False),
        (SourceOutcome(SPEC, None, UnaskedError("not asked", status=429, retry_after=60.0), 0.0), True),
    ],
    ids=["ok", "429", "refused", "no-key", "spared"],
)
def test_spared(outcome, expected):
    assert is_spared(outcome) is expected
