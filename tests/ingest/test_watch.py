"""The clock of the workers."""

from __future__ import annotations

import threading
import time

from ingest.workers.watch import Watch

SOON, LATE = 0.05, 60.0


def test_what_takes_too_long_is_ended() -> None:
    over = threading.Event()
    Watch().begin(SOON, over.set)
    assert over.wait(10)


def test_what_is_done_in_time_is_left_alone() -> None:
    watch, over, next_one = Watch(), threading.Event(), threading.Event()
    watch.begin(20 * SOON, over.set)  # long enough for the next line also where others have the processor
    watch.end(over.set)
    watch.begin(21 * SOON, next_one.set)
    assert next_one.wait(10)
    assert not over.is_set()


def test_a_shorter_time_does_not_wait_for_a_longer_one() -> None:
    watch, late, soon = Watch(), threading.Event(), threading.Event()
    watch.begin(LATE, late.set)
    time.sleep(SOON)  # the thread sleeps until the later one by now
    watch.begin(SOON, soon.set)
    assert soon.wait(10)
    assert not late.is_set()


def test_no_thread_stays_where_nothing_is_left() -> None:
    watch, over = Watch(), threading.Event()
    before = threading.active_count()
    watch.begin(SOON, over.set)
    assert over.wait(10)
    deadline = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before
    again = threading.Event()
    watch.begin(SOON, again.set)
    assert again.wait(10)
