"""One turn at arXiv for the whole machine: one connection, and one request in three seconds, over all processes.

https://info.arxiv.org/help/api/tou.html counts API, RSS and OAI-PMH together. The turn is a lock file, held until the
answer's last byte is read; a stamp beside it says when the last turn ended. Both lie in the user's cache folder:
XDG_RUNTIME_DIR, made for such files, is missing under cron and goes away with the login.
"""

from __future__ import annotations

import errno
import os
import stat
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from notes.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from filelock import BaseFileLock

__all__ = ["ARXIV_PAUSE_S", "ArxivTurns", "Turns", "cache_folder", "is_arxiv"]

ARXIV_PAUSE_S = 3.0

# A turn is one answer long: who holds it for this long hangs, or was stopped.
_PATIENCE_S = 600.0
_POLL_S = 0.05
# Who had the last turn sleeps a little longer than the others, so that two that both want many alternate.
_COURTESY_S = 2 * _POLL_S


class Turns(Protocol):
    """What says when the next request may start: a lane's own pace, or the machine's turns at arXiv."""

    def turn(self) -> AbstractContextManager[None]:
        """Entered around a request and the reading of its answer."""


def is_arxiv(host: str) -> bool:
    """Whether a host is one of arXiv's, for which one limit holds in common."""
    host = host.lower().rstrip(".")
    return host == "arxiv.org" or host.endswith(".arxiv.org")


def cache_folder() -> Path:
    """Where all runs of one user find one another: ``$XDG_CACHE_HOME/slipway``, else ``~/.cache/slipway``.

    Raises RuntimeError where the user has no home.
    """
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (given if given.is_absolute() else Path.home() / ".cache") / "slipway"


class ArxivTurns:
    """The turns at arXiv, shared by threads through this object and by processes through the lock file.

    From the end of one answer to the start of the next request pass at least ``pause_s`` seconds, by the wall clock
    ``now``, which all processes read; a stamp that cannot be, or a clock that was set, costs one pause at most.
    Where the folder cannot be written, only this object's own requests are paced, and ``trouble`` says so.
    """

    def __init__(
        self,
        pause_s: float = ARXIV_PAUSE_S,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        folder: Path | None = None,
    ) -> None:
        self.pause_s = pause_s
        self.trouble = ""
        self._sleep = sleep
        self._now = now
        self._folder = folder
        self._here = threading.Lock()
        self._lock: BaseFileLock | None = None
        self._mine = ""

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The one turn. Raises FetchError when another process keeps it for ten minutes."""
        with self._here:
            self._open()
            self._wait()
            try:
                # Also at the start: a process that is killed has asked all the same.
                self._stamp()
                yield
            finally:
                self._stamp()
                self._release()

    def _open(self) -> None:
        if self._lock is not None or self.trouble:
            return
        from filelock import FileLock

        try:
            self._folder = self._folder or cache_folder()
            self._folder.mkdir(parents=True, exist_ok=True)
            # Threads are kept apart by `_here`, and the turn may end in another than it began in.
            self._lock = FileLock(self._folder / "arxiv.lock", timeout=0, thread_local=False)
        except (OSError, RuntimeError) as error:
            self._go_alone(error)

    def _go_alone(self, error: Exception) -> None:
        self._lock = None
        self.trouble = f"requests to arXiv are paced for this process alone, since no lock can be kept: {error}"

    def _wait(self) -> None:
        """Returns with the turn held and the pause over. The pause is slept without the turn, so that others see it."""
        slept_off = None
        while True:
            self._acquire()
            last = self._last()
            left = self._left(last)
            # What was slept off counts by the sleep, not by the clock, which may have been set meanwhile.
            if left <= 0 or last == slept_off:
                return
            self._release()
            self._sleep(left + (_COURTESY_S if last == self._mine and self._lock is not None else 0.0))
            slept_off = last

    def _acquire(self) -> None:
        waited = 0.0
        while not self._is_ours():
            if waited >= _PATIENCE_S:
                raise FetchError(
                    f"another process has kept the turn at arXiv for {_PATIENCE_S / 60:.0f} minutes",
                    hint=f"see whether a run hangs; the lock is {self._folder}/arxiv.lock",
                )
            self._sleep(_POLL_S)
            waited += _POLL_S

    def _is_ours(self) -> bool:
        from filelock import Timeout

        if self._lock is None:
            return True
        try:
            self._lock.acquire()
        except Timeout:
            return False
        except (OSError, NotImplementedError) as error:  # a file system without locks
            self._go_alone(error)
        return True

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()

    def _last(self) -> str:
        """The stamp of the last turn: of any process, or of this object where it goes alone; empty for none."""
        if self._lock is None or self._folder is None:
            return self._mine
        try:
            # An empty one was being written by a process that was killed.
            with _plain_file(self._folder / "arxiv.stamp", os.O_RDONLY) as file:
                return file.read(100).decode("ascii", "replace") or "unknown"
        except FileNotFoundError:
            return self._mine
        except OSError as error:
            self._release()
            self._go_alone(error)
            return self._mine

    def _left(self, stamp: str) -> float:
        """Seconds until the pause after the turn of ``stamp`` is over; a whole pause where it cannot be right."""
        if not stamp:
            return 0.0
        try:
            ended = float(stamp.partition(" ")[0])
        except ValueError:
            return self.pause_s
        left = ended + self.pause_s - self._now()
        return left if left <= self.pause_s else self.pause_s  # noqa: FURB136 - NaN is less than nothing

    def _stamp(self) -> None:
        # With the process's number no two stamps are the same.
        self._mine = f"{self._now():.6f} {os.getpid()}"
        if self._lock is None or self._folder is None:
            return
        try:
            with _plain_file(self._folder / "arxiv.stamp", os.O_WRONLY | os.O_CREAT) as file:
                file.truncate()
                file.write(self._mine.encode("ascii"))
        except OSError as error:
            self._release()
            self._go_alone(error)


def _plain_file(path: Path, access: int) -> BinaryIO:
    """The file itself, open: not what a link points to, nor a pipe, which would keep the turn for ever."""
    number = os.open(path, access | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o600)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, "no regular file", str(path))
    return os.fdopen(number, "wb" if access & os.O_WRONLY else "rb")
