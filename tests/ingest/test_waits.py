"""Generators that wait for sockets and futures, all in one thread."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from ingest.web.waits import Polled, Selected, Steps, Wait, Waits

FAR = 1e12
READY = [Polled, Selected]


@pytest.fixture(params=READY)
def waits(request: pytest.FixtureRequest) -> Iterator[Waits[object]]:
    running: Waits[object] = Waits(time.monotonic, request.param)
    yield running
    running.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def reading(connection: socket.socket, until: float = FAR) -> Steps[object]:
    try:
        yield Wait(connection, selectors.EVENT_READ, until)
    except TimeoutError:
        return "late"
    return connection.recv(10)


def test_what_waits_for_nothing_has_ended(waits: Waits[object]) -> None:
    def steps() -> Steps[object]:
        return "done"
        yield

    waits.begin(begun := steps())
    assert (waits.ended(), len(waits)) == ([(begun, "done")], 0)


def test_several_end_as_they_can(waits: Waits[object]) -> None:
    pairs = [socket.socketpair() for _ in range(3)]
    steps = [reading(ours) for ours, _ in pairs]
    for one in steps:
        waits.begin(one)
    for number in (2, 0, 1):
        pairs[number][1].send(b"%d" % number)
        assert waits.ended() == [(steps[number], b"%d" % number)]
    for one in pairs:
        one[0].close()
        one[1].close()


def test_who_takes_too_long_is_told_so_and_keeps_nobody_waiting(
    waits: Waits[object], pair: tuple[socket.socket, socket.socket]
) -> None:
    other, far = socket.socketpair()
    with other, far:
        waits.begin(late := reading(pair[0], time.monotonic() + 0.05))
        waits.begin(patient := reading(other))
        assert waits.ended() == [(late, "late")]
        far.send(b"x")
        assert waits.ended() == [(patient, b"x")]


def test_what_came_in_time_counts_though_it_is_looked_at_late(
    waits: Waits[object], pair: tuple[socket.socket, socket.socket]
) -> None:
    waits.begin(steps := reading(pair[0], time.monotonic() + 0.02))
    pair[1].send(b"x")
    time.sleep(0.05)
    assert waits.ended() == [(steps, b"x")]


def test_a_future_is_waited_for(waits: Waits[object]) -> None:
    answer: Future[str] = Future()

    def steps() -> Steps[object]:
        yield Wait(answer, 0, FAR)
        return answer.result(0)

    waits.begin(begun := steps())
    teller = threading.Timer(0.02, answer.set_result, ["found"])
    teller.start()
    found: list[tuple[Steps[object], object]] = []
    while not found:
        found = waits.ended()
    teller.join()
    assert found == [(begun, "found")]


def test_another_thread_ends_the_wait(waits: Waits[object]) -> None:
    waker = threading.Timer(0.02, waits.wake)
    waker.start()
    assert waits.ended() == []
    waker.join()


def test_closing_gives_up_what_waits(pair: tuple[socket.socket, socket.socket]) -> None:
    told = []

    def steps() -> Steps[object]:
        try:
            yield Wait(pair[0], selectors.EVENT_READ, FAR)
        finally:
            told.append("closed")

    waits: Waits[object] = Waits(time.monotonic)
    waits.begin(steps())
    waits.close()
    waits.wake()
    assert told == ["closed"]


def test_one_that_waits_on_may_wait_anew(waits: Waits[object], pair: tuple[socket.socket, socket.socket]) -> None:
    """Also when it was told that it took too long."""

    def steps() -> Steps[object]:
        try:
            yield Wait(pair[0], selectors.EVENT_READ, time.monotonic() + 0.01)
        except TimeoutError:
            yield Wait(pair[0], selectors.EVENT_WRITE, FAR)
        try:
            yield Wait(pair[0], selectors.EVENT_READ, time.monotonic() + 0.01)
        except TimeoutError:
            return "late twice"
        return "in time"

    waits.begin(begun := steps())
    found: list[tuple[Steps[object], object]] = []
    while not found:
        found = waits.ended()
    assert found == [(begun, "late twice")]


def test_one_that_fails_is_gone_on_with(waits: Waits[object], pair: tuple[socket.socket, socket.socket]) -> None:
    waits.begin(begun := reading(pair[0]))
    pair[1].close()
    assert waits.ended() == [(begun, b"")]


def test_a_bug_is_loud(waits: Waits[object]) -> None:
    def steps() -> Steps[object]:
        raise ZeroDivisionError
        yield

    with pytest.raises(ZeroDivisionError):
        waits.begin(steps())
