"""Many waits in one thread: what is to be done once a socket can be read is written as a generator that yields the wait.

A thread for each of some hundred short exchanges spends more time on handing Python's lock to the next one than on its own
work. asyncio would do the same as this, for as much again as an exchange costs; and epoll wants two calls of the system
for each wait, where for as few sockets as wait here at a time poll is told of them all with the one that waits.
"""

from __future__ import annotations

import select
import selectors
import socket
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import suppress
from math import inf
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

__all__ = ["Polled", "Selected", "Steps", "Wait", "Waits"]

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


class _Ready(Protocol):
    """Which of some sockets, known by their numbers, can be read or written."""

    def register(self, number: int, event: int) -> None: ...
    def unregister(self, number: int) -> None: ...
    def wait(self, seconds: float) -> list[int]: ...
    def close(self) -> None: ...


class Polled:
    """By poll."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._masks = {selectors.EVENT_READ: select.POLLIN, selectors.EVENT_WRITE: select.POLLOUT}
        self.unregister = self._poll.unregister

    def register(self, number: int, event: int) -> None:
        """Look at the socket from now on."""
        self._poll.register(number, self._masks[event])

    def wait(self, seconds: float) -> list[int]:
        """Those that are ready, or have failed."""
        return [number for number, _ in self._poll.poll(seconds * 1000)]

    def close(self) -> None:
        """Nothing is held."""


class Selected:
    """By what the system has: Windows knows no poll."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self.close = self._selector.close

    def register(self, number: int, event: int) -> None:
        """Look at the socket from now on."""
        self._selector.register(number, event)

    def unregister(self, number: int) -> None:
        """Do not look at it any more."""
        self._selector.unregister(number)

    def wait(self, seconds: float) -> list[int]:
        """Those that are ready, or have failed."""
        return [key.fd for key, _ in self._selector.select(seconds)]


class Waits(Generic[T]):
    """Keeps generators going, in one thread; only :meth:`wake` is for the others. ``clock`` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float], ready: Callable[[], _Ready] | None = None) -> None:
        self._clock = clock
        self._ready = (ready or (Polled if hasattr(select, "poll") else Selected))()
        self._bell, self._rope = socket.socketpair()
        for end in (self._bell, self._rope):
            end.setblocking(False)
        self._ready.register(self._bell.fileno(), selectors.EVENT_READ)
        self._is_rung = False
        self._at_sockets: dict[int, tuple[Steps[T], float]] = {}
        self._at_futures: dict[Steps[T], tuple[Future[Any], float]] = {}
        # None of those that wait has less patience.
        self._soonest = inf
        self._done: deque[tuple[Steps[T], T]] = deque()

    def __len__(self) -> int:
        return len(self._at_sockets) + len(self._at_futures)

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
        if self._is_rung:
            return
        self._is_rung = True
        # A full pipe says that it was told already, a closed one that nobody waits any more.
        with suppress(OSError):
            self._rope.send(b"\0")

    def close(self) -> None:
        """Give up what still waits."""
        waiting = [*(steps for steps, _ in self._at_sockets.values()), *self._at_futures]
        self._at_sockets.clear()
        self._at_futures.clear()
        for steps in waiting:
            steps.close()
        self._ready.close()
        self._bell.close()
        self._rope.close()

    def _wait(self) -> None:
        for number in self._ready.wait(min(max(self._soonest - self._clock(), 0.0), _LONGEST_S)):
            if (waiting := self._at_sockets.pop(number, None)) is not None:
                self._ready.unregister(number)
                self._go_on(waiting[0])
            else:
                self._heard()
        if self._soonest <= self._clock():
            self._give_up_late()

    def _heard(self) -> None:
        with suppress(BlockingIOError):
            self._bell.recv(4096)
        # Whoever rings from now on has done before what is looked at below and by the caller.
        self._is_rung = False
        for steps, (future, _) in list(self._at_futures.items()):
            if future.done():
                del self._at_futures[steps]
                self._go_on(steps)

    def _give_up_late(self) -> None:
        now = self._clock()
        late = [steps for steps, (_, until) in self._at_futures.items() if until <= now]
        for steps in late:
            del self._at_futures[steps]
        for number, (steps, until) in list(self._at_sockets.items()):
            if until <= now:
                del self._at_sockets[number]
                self._ready.unregister(number)
                late.append(steps)
        # Whoever is told below may wait anew, and is counted by that.
        left = (*self._at_sockets.values(), *self._at_futures.values())
        self._soonest = min((until for _, until in left), default=inf)
        for steps in late:
            self._go_on(steps, TimeoutError("timed out"))

    def _go_on(self, steps: Steps[T], trouble: Exception | None = None) -> None:
        try:
            on, event, until = next(steps) if trouble is None else steps.throw(trouble)
        except StopIteration as end:
            self._done.append((steps, end.value))
            return
        self._soonest = min(self._soonest, until)
        if isinstance(on, Future):
            self._at_futures[steps] = (on, until)
            on.add_done_callback(lambda _: self.wake())
        else:
            number = on.fileno()
            self._ready.register(number, event)
            self._at_sockets[number] = (steps, until)
