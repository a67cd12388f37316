"""Names looked up within a time: ``getaddrinfo`` knows no limit but the system's own.

A dead resolver holds its caller for half a minute and more, and nothing can interrupt it. So a lookup runs in a thread
that nobody waits for longer than the request has left; what still hangs then ends by itself, and so many may hang at
once that a night is not stopped and a machine not filled.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.web.guard import Resolver

__all__ = ["Lookups", "TooManyLookupsError"]


class TooManyLookupsError(TimeoutError):
    """No place was free for another lookup."""


class Lookups:
    """Asks ``resolver``, from at most ``at_once`` threads of its own."""

    def __init__(self, resolver: Resolver, at_once: int = 32) -> None:
        self._resolver = resolver
        self._free = threading.BoundedSemaphore(at_once)

    def within(self, seconds: float) -> Resolver:
        """A resolver that raises TimeoutError (an OSError) where no answer has come after ``seconds``."""
        return lambda host, port: self._answer(host, port, seconds)

    def begun(self, host: str, port: int, *, patience_s: float = 0.0) -> Future[Sequence[str]]:
        """A lookup under way. Raises TooManyLookupsError where none can be begun within ``patience_s``, and OSError."""
        if not self._free.acquire(timeout=max(patience_s, 0.0)):
            raise TooManyLookupsError("too many lookups hang: the resolver is dead")
        answer: Future[Sequence[str]] = Future()
        try:
            threading.Thread(target=self._look_up, args=(host, port, answer), name="resolve", daemon=True).start()
        except RuntimeError as error:
            self._free.release()
            raise OSError(f"no thread for the lookup: {error}") from error
        return answer

    def _answer(self, host: str, port: int, seconds: float) -> Sequence[str]:
        started = time.monotonic()
        answer = self.begun(host, port, patience_s=seconds)
        try:
            return answer.result(max(seconds - (time.monotonic() - started), 0.0))
        except TimeoutError as error:
            raise TimeoutError(f"the resolver gave no answer in {seconds:.1f} s") from error

    def _look_up(self, host: str, port: int, answer: Future[Sequence[str]]) -> None:
        # The place is free before anybody hears of the answer: whoever does may want it.
        try:
            found = self._resolver(host, port)
        except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
            self._free.release()
            answer.set_exception(error)
        else:
            self._free.release()
            answer.set_result(found)
