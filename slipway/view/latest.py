"""A thread that does the latest of what it is asked: what was overtaken while it worked is never begun."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Latest"]

T = TypeVar("T")


class Latest(Generic[T]):
    """``work`` is called for one request at a time, ``end`` once at the end, all in one thread of its own.

    Neither may raise. A request that waits is replaced by the next.
    """

    def __init__(self, name: str, work: Callable[[T], None], end: Callable[[], None]) -> None:
        self._work, self._end = work, end
        self._changed = threading.Condition()
        self._waiting: list[T] = []
        self._open = True
        # A model may take seconds to load: whoever leaves meanwhile does not wait for it.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def ask(self, request: T) -> None:
        """Do this next, and nothing that was asked before and has not begun. Returns at once."""
        with self._changed:
            self._waiting = [request]
            self._changed.notify()

    def ask_after(self, request: T) -> None:
        """Do this when nothing else waits; what was asked since goes before."""
        with self._changed:
            if not self._waiting:
                self._waiting = [request]
                self._changed.notify()

    def close(self, seconds: float = 1.0) -> None:
        """Begin nothing more, and wait so long for what goes on."""
        with self._changed:
            self._waiting, self._open = [], False
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        while (request := self._next()) is not None:
            self._work(request)
        self._end()

    def _next(self) -> T | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or not self._open)
            return self._waiting.pop() if self._waiting else None
