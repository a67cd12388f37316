"""A clock that ends what takes too long: one thread for all, where a timer for each document would start one for each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["Watch"]

_FOREVER = float("inf")


class Watch:
    """Calls what it was given once its time is over, unless it was told in time that there is no need."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._until: dict[Callable[[], None], float] = {}
        self._is_awake = False
        self._wakes_at = _FOREVER

    def begin(self, seconds: float, overdue: Callable[[], None]) -> None:
        """Call ``overdue`` after so many seconds, from another thread; one call for each such callable at a time."""
        moment = time.monotonic() + seconds
        with self._changed:
            self._until[overdue] = moment
            if not self._is_awake:
                threading.Thread(target=self._watch, name="watch", daemon=True).start()
                self._is_awake = True
            elif moment < self._wakes_at:
                self._changed.notify()

    def end(self, overdue: Callable[[], None]) -> None:
        """There is no need to call it any more; once this returns, it is not called."""
        with self._changed:
            self._until.pop(overdue, None)

    def _watch(self) -> None:
        """Sleeps from moment to moment; ends where none is left, so that what is forgotten keeps no thread."""
        with self._changed:
            while self._until:
                now = time.monotonic()
                for overdue in [each for each, moment in self._until.items() if moment <= now]:
                    del self._until[overdue]
                    overdue()
                self._wakes_at = min(self._until.values(), default=now)
                if self._until:
                    self._changed.wait(self._wakes_at - now)
            self._is_awake = False
            self._wakes_at = _FOREVER
