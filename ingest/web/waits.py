"""Many waits in one thread: what is to be done once a socket can be read is written as a generator that yields the wait.

A thread for each of some hundred short exchanges spends more time on handing Python's lock to the next one than on its own
work. asyncio would do the same as this, for as much again as an exchange costs.
"""

from __future__ import annotations

import selectors
import socket
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import suppress
from math import inf
from typing import Any, Generic, NamedTuple, TypeVar

__all__ = ["Steps", "Wait", "Waits"]

T = TypeVar("T")
# The system knows no longer waits than some days.
_LONGEST_S = 3600.0


class Wait(NamedTuple):
    """Until a socket can be read or written (``event``, of :mod:`selectors`), or a future is done; at most until a moment."""

    on: socket.socket | Future[Any]
    event: int
    until: float


Steps = Generator[Wait, None, T]
"""Yields what it waits for, is thrown a TimeoutError where that took too long, and returns its result."""


class Waits(Generic[T]):
    """Keeps generators going, in one thread; only :meth:`wake` is for the others. ``clock`` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._selector = selectors.DefaultSelector()
        self._bell, self._rope = socket.socketpair()
        for end in (self._bell, self._rope):
            end.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._waiting: dict[Steps[T], Wait] = {}
        self._done: deque[tuple[Steps[T], T]] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def begin(self, steps: Steps[T]) -> None:
        """Take one up, as far as its first wait."""
        self._go_on(steps)

    def ended(self) -> list[tuple[Steps[T], T]]:
        """Those that ended, with what they returned; waits until something happens, be it a call of :meth:`wake`."""
        if not self._done:
            self._wait()
        ended = list(self._done)
        self._done.clear()
        return ended

    def wake(self) -> None:
        """End the wait, from any thread."""
        # A full pipe says that it was told already, a closed one that nobody waits any more.
        with suppress(OSError):
            self._rope.send(b"\0")

    def close(self) -> None:
        """Give up what still waits."""
        for steps in list(self._waiting):
            self._forget(steps)
            steps.close()
        self._selector.close()
        self._bell.close()
        self._rope.close()

    def _wait(self) -> None:
        soonest = min((wait.until for wait in self._waiting.values()), default=inf)
        ready = self._selector.select(min(max(soonest - self._clock(), 0.0), _LONGEST_S))
        for key, _ in ready:
            if key.data is None:
                self._heard()
            else:
                self._forget(key.data)
                self._go_on(key.data)
        if self._clock() >= soonest:
            self._give_up_late()

    def _heard(self) -> None:
        with suppress(BlockingIOError):
            self._bell.recv(4096)
        for steps, wait in list(self._waiting.items()):
            if isinstance(wait.on, Future) and wait.on.done():
                self._forget(steps)
                self._go_on(steps)

    def _give_up_late(self) -> None:
        now = self._clock()
        for steps in [steps for steps, wait in self._waiting.items() if wait.until <= now]:
            self._forget(steps)
            self._go_on(steps, TimeoutError("timed out"))

    def _go_on(self, steps: Steps[T], trouble: Exception | None = None) -> None:
        try:
            wait = next(steps) if trouble is None else steps.throw(trouble)
        except StopIteration as end:
            self._done.append((steps, end.value))
            return
        self._waiting[steps] = wait
        if isinstance(wait.on, Future):
            wait.on.add_done_callback(lambda _: self.wake())
        else:
            self._selector.register(wait.on, wait.event, steps)

    def _forget(self, steps: Steps[T]) -> None:
        wait = self._waiting.pop(steps)
        if isinstance(wait.on, socket.socket):
            self._selector.unregister(wait.on)
