"""Who asks which worker: a few threads at a time ask each, so that it finds its next document when it is done with one.

To wait until a thread of the parent has its turn would take it longer than most documents do. Another worker costs as much as
fifty documents: it starts where somebody has to wait for long, or has to wait at all after so many that more are to come.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition

from ingest.workers.process import AT_ONCE, Worker
from notes.errors import ParseError

__all__ = ["MANY", "PATIENCE_S", "Crew", "end_all"]

PATIENCE_S = 0.1
MANY = 20
"""Documents that one worker has read, after which nobody is to wait where another may be started."""


class Crew:
    """At most ``most`` workers, made by ``start``; threads may share it. ``alive`` tells by how many each is asked."""

    def __init__(self, most: int, start: Callable[[], Worker]) -> None:
        self.alive: dict[Worker, int] = {}
        self._most = most
        self._start = start
        self._starting = 0
        self._is_closing = False
        self._answered = 0
        self._change = Condition()

    def take(self) -> Worker:
        """A worker to be asked by one thread more. Raises ParseError where none can be started."""
        with self._change:
            is_late = False
            while (worker := self._with_room()) is None and not self._may_start(is_late=is_late):
                was_ready = self._are_ready()
                is_late = not self._change.wait(PATIENCE_S) and was_ready
            if worker is not None:
                self.alive[worker] += 1
                return worker
            self._starting += 1
        return self._started(asked=1)

    def fresh(self) -> Worker:
        """A worker that nobody has asked, nor will until it is given back; for that time there may be one too many.

        Raises ParseError where none can be started.
        """
        with self._change:
            self._starting += 1
        return self._started(asked=AT_ONCE)

    def give(self, worker: Worker, asked: int = 1) -> None:
        """That a thread asks the worker no more; of a fresh one, ``asked`` is :data:`AT_ONCE`."""
        with self._change:
            self._answered += 1
            if worker in self.alive:
                self.alive[worker] -= asked
            # Where a fresh one would stay, another may be starting in the same place.
            crowd = len(self.alive) + (self._starting if asked > 1 else 0)
            if crowd > self._most and not self.alive.get(worker, 1):
                worker.may_go_on = False
            gone = self._dismissed()
            # All that wait, for what each of them waits for may not be what has come.
            self._change.notify_all() if gone or asked > 1 or self._is_closing else self._change.notify()
        for one in gone:
            one.end()

    def close(self) -> None:
        """End the workers, each when it has done what it was asked; more may be started afterwards."""
        with self._change:
            self._is_closing = True
            try:
                self._change.wait_for(lambda: not self._starting and not any(self.alive.values()))
                end_all(self.alive)
            finally:
                self._is_closing, self._answered = False, 0
                self._change.notify_all()

    def _with_room(self) -> Worker | None:
        for one in self._dismissed():
            one.end()
        if self._is_closing:
            return None
        # Nobody is to wait behind a slow document.
        with_room = [
            one for one, asked in self.alive.items() if one.may_go_on and asked < (AT_ONCE if one.is_quick else 1)
        ]
        # Nor for any where another worker has nothing to do.
        return min(with_room, key=self.alive.__getitem__, default=None)

    def _may_start(self, *, is_late: bool) -> bool:
        """Whether there is to be a worker more, now that somebody waits: the first one at once."""
        if self._is_closing or self._starting or len(self.alive) >= self._most:
            return False
        return is_late or self._answered >= MANY * len(self.alive)

    def _are_ready(self) -> bool:
        """Whether it is not for a worker's start that one waits."""
        return not self._starting and all(worker.is_ready for worker in self.alive)

    def _started(self, *, asked: int) -> Worker:
        worker: Worker | None = None
        try:
            worker = self._start()
        except (OSError, ValueError) as error:
            raise ParseError(f"no process to parse in can be started: {error}") from error
        finally:
            with self._change:
                # Not before: others may be looking through them.
                if worker is not None:
                    self.alive[worker] = asked
                self._starting -= 1
                self._change.notify_all()
        return worker

    def _dismissed(self) -> list[Worker]:
        """Takes out those that are to have no other document, and are asked by nobody."""
        gone = [worker for worker, asked in self.alive.items() if not asked and not worker.may_go_on]
        for worker in gone:
            del self.alive[worker]
        return gone


def end_all(workers: dict[Worker, int]) -> None:
    """End all of them."""
    while workers:
        workers.popitem()[0].end()
