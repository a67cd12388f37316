"""When a source is asked again: a pure decision, over what it said, how it fared, and its own rhythm.

::

    asked and answered    wait = the longest of
                              the configured interval
                              what headers and document say        at most the time between two posts, a day to a week
                              a tenth of the time between two posts   at most three days
                          then past the days and hours it asks to be left alone
    failed                wait = interval, twice that, four times … thirty days
    failed, Retry-After   wait = what the server named, a quarter of an hour at least; each time it says so again
                          twice the last wait, up to what the failure alone would cost
    arXiv                 the next announcement, if that is later

Never sooner than fifteen minutes, and a little later for each source (up to four percent, by a hash of key and day), so that
a thousand readers that start at the full hour do not come back at one.

Why these caps. A year's ``max-age`` stands on many a static site whose owner posts daily: what a server says is believed for
one day, and longer (a week at most) only where the feed itself is seen to be that slow. A tenth of the time between
two posts means that no post is later than by a tenth of the time it took to come. Thirty days of back-off
are twelve requests a year to a host that is dead, and a month at most until one that came back is found.
What a server asks for by Retry-After holds for everybody (``not_before``); our own patience only for the nightly run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from ingest.sources import Hints, SourceSpec

__all__ = ["ASKED_TO_WAIT", "Due", "due_after_failure", "due_after_success", "is_due", "rhythm_of"]

HOUR_S, DAY_S = 3600.0, 86_400.0
SOONEST_S = 900.0
HINTS_DAY_S = DAY_S
HINTS_CAP_S = 7 * DAY_S
RHYTHM_SHARE = 0.1
RHYTHM_CAP_S = 3 * DAY_S
BACK_OFF_CAP_S = 30 * DAY_S
RETRY_AFTER_CAP_S = 7 * DAY_S
JITTER = 0.04

SLACK_SHARE = 0.1
SLACK_CAP_S = 6 * HOUR_S
CLOCK_FAULT_S = HOUR_S
OVERDUE_DAYS = 3
# What is no estimate of ours but a date that somebody gave: nothing is asked before it.
STRICT = frozenset({"Retry-After", "skipDays", "arXiv announcement"})
# The server named a time: the second, where our own patience is the longer.
ASKED_TO_WAIT = frozenset({"Retry-After", "asked to wait"})

MIN_DATED = 4
NEWEST = 20
EASTERN = ZoneInfo("America/New_York")
# The announcement of a day is out at midnight; arXiv's own pages ask programs to leave the first minutes alone.
ANNOUNCED = time(0, 30)


@dataclass(frozen=True, slots=True)
class Due:
    """The moment (aware, UTC) from which a source may be asked again, and the word for what set it.

    ``not_before`` is the one that the server named, if it did: nobody asks before it, also not by hand.
    """

    at: datetime
    reason: str
    not_before: datetime | None = None


def due_after_success(spec: SourceSpec, *, now: datetime, hints: Hints, rhythm_s: float | None = None) -> Due:
    """When a source that answered is due; ``rhythm_s`` is the time between two of its posts, None when unknown.

    An interval of 0 asks at every run, but for a Retry-After.
    """
    waits = {} if spec.kind == "file" else _waits(spec, now, hints, rhythm_s)
    if not any(waits.values()):
        return Due(now, "every run")
    longest = max(waits, key=waits.__getitem__)
    at = now + timedelta(seconds=_spread(waits[longest], spec.key, now))
    due = Due(at, longest, _not_before(now, waits["Retry-After"]))
    if not spec.interval_s:
        return due
    return _announced(due, now) if spec.kind == "arxiv" else _outside_skipped(due, hints, now)


def _waits(spec: SourceSpec, now: datetime, hints: Hints, rhythm_s: float | None) -> dict[str, float]:
    """The seconds that each reason asks for; of equals the first counts."""
    asked_to_wait = _asked_to_wait(hints.retry_after_s)
    if not spec.interval_s:
        return {"Retry-After": asked_to_wait}
    return {
        "Retry-After": asked_to_wait,
        "interval": max(spec.interval_s, SOONEST_S),
        "rhythm": min((rhythm_s or 0.0) * RHYTHM_SHARE, RHYTHM_CAP_S),
        "hints": min(_freshness(hints, now), _believed(rhythm_s)),
    }


def due_after_failure(
    spec: SourceSpec, *, now: datetime, failures: int, retry_after_s: float | None = None, waited_s: float = 0.0
) -> Due:
    """When a source that failed is due; ``failures`` counts those in a row, this one included.

    The first costs nothing but the usual wait (an hour at least), each further one doubles it up to thirty days. Where the
    server names a time, that counts; ``waited_s`` is what it had by such a word been given last time, of which it
    gets twice.
    """
    if spec.kind == "file":
        return Due(now, "every run")
    base = max(spec.interval_s, HOUR_S)
    back_off = min(base * 2.0 ** min(max(failures - 1, 0), 20), max(BACK_OFF_CAP_S, spec.interval_s))
    asked_to_wait = _asked_to_wait(retry_after_s)
    if not asked_to_wait:
        return Due(now + timedelta(seconds=_spread(back_off, spec.key, now)), "back-off")
    patience = min(max(SOONEST_S, 2 * waited_s), back_off)
    reason = "Retry-After" if asked_to_wait >= patience else "asked to wait"
    at = now + timedelta(seconds=_spread(max(asked_to_wait, patience), spec.key, now))
    return Due(at, reason, _not_before(now, asked_to_wait))


def is_due(
    now: datetime,
    next_due: datetime | None,
    *,
    reason: str = "",
    last_tried: datetime | None = None,
    skip_days: frozenset[int] = frozenset(),
) -> bool:
    """Whether a source may be asked.

    A night that starts a little earlier than the last one (03:00:01 after 03:00:07, or after a change to summer time)
    counts: a tenth of the wait, six hours at most, is given away, except where somebody named a date. A clock that was set
    back makes due what was asked "in the future": a year's wait must not come of one night under a wrong date.
    A day that the source skips is heeded until it is three days overdue: for a reader that runs on that day only.
    """
    if next_due is None:
        return True
    since = last_tried or now
    if since > now + timedelta(seconds=CLOCK_FAULT_S):
        return True
    if now.astimezone(UTC).weekday() in skip_days and now < next_due + timedelta(days=OVERDUE_DAYS):
        return False
    wait_s = (next_due - since).total_seconds()
    slack_s = 0.0 if reason in STRICT else min(max(wait_s, 0.0) * SLACK_SHARE, SLACK_CAP_S)
    return now + timedelta(seconds=slack_s) >= next_due


def rhythm_of(published: Iterable[datetime | None], now: datetime) -> float | None:
    """The seconds between two posts, by the newest twenty dates: the median gap, or the silence since if that is longer.

    None where fewer than four different dates tell. Dates in the future tell nothing.
    """
    dates = sorted({moment for moment in published if moment is not None and moment <= now}, reverse=True)[:NEWEST]
    if len(dates) < MIN_DATED:
        return None
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(dates)]
    return max(median(gaps), (now - dates[0]).total_seconds())


def _freshness(hints: Hints, now: datetime) -> float:
    """The longest wait that headers or document speak of; 0 when they say nothing."""
    until_expiry = (hints.expires - now).total_seconds() if hints.expires else 0.0
    return max(hints.max_age_s or 0.0, until_expiry, hints.ttl_s or 0.0, HINTS_CAP_S if hints.no_more else 0.0)


def _believed(rhythm_s: float | None) -> float:
    """How long a hint is believed at most."""
    return min(max(rhythm_s or 0.0, HINTS_DAY_S), HINTS_CAP_S)


def _asked_to_wait(retry_after_s: float | None) -> float:
    return min(max(retry_after_s, 0.0), RETRY_AFTER_CAP_S) if retry_after_s else 0.0


def _not_before(now: datetime, asked_to_wait_s: float) -> datetime | None:
    return now + timedelta(seconds=asked_to_wait_s) if asked_to_wait_s else None


def _spread(wait_s: float, key: str, now: datetime) -> float:
    digest = hashlib.sha256(f"{key}\0{now.date().isoformat()}".encode(errors="surrogatepass")).digest()
    return wait_s * (1 + JITTER * int.from_bytes(digest[:4], "big") / 2**32)


def _announced(due: Due, now: datetime) -> Due:
    """Not before arXiv's next announcement: midnight in New York, Monday to Friday."""
    day = now.astimezone(EASTERN).date()
    for ahead in range(8):
        moment = datetime.combine(day + timedelta(days=ahead), ANNOUNCED, EASTERN)
        if moment.weekday() < 5 and moment.astimezone(UTC) > now:
            at = moment.astimezone(UTC)
            return replace(due, at=at, reason="arXiv announcement") if at > due.at else due
    raise AssertionError("eight days hold a Monday")


def _outside_skipped(due: Due, hints: Hints, now: datetime) -> Due:
    """Moved to the next hour in which the source does not ask to be left alone.

    skipHours were made against readers that come every hour. One that comes once a day, and comes in a skipped hour, has no
    other: so a wait of twenty hours or more heeds the days only, and so does a source that skips every hour.
    """
    if not hints.skip_days and not hints.skip_hours and due.at.tzinfo is UTC:
        return due
    days = hints.skip_days if len(hints.skip_days) < 7 else frozenset[int]()
    often = (due.at - now).total_seconds() < 20 * HOUR_S
    hours = hints.skip_hours if often and len(hints.skip_hours) < 24 else frozenset[int]()
    at, reason = due.at.astimezone(UTC), due.reason
    while at.weekday() in days or at.hour in hours:
        is_day = at.weekday() in days
        ahead = timedelta(days=1) if is_day else timedelta(hours=1)
        at = at.replace(hour=0 if is_day else at.hour, minute=0, second=0, microsecond=0) + ahead
        reason = "skipDays" if is_day or reason == "skipDays" else "skipHours"
    return replace(due, at=at, reason=due.reason if due.reason in STRICT else reason)
