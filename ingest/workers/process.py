"""One worker process: how it is started, asked, and ended. See :mod:`ingest.workers.parser`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from threading import Lock
from typing import NamedTuple

from ingest.workers.answers import MAX_ANSWER, Answer, unpacked
from ingest.workers.watch import Watch
from ingest.workers.workbench import HEAD_BYTES, NUMBER_BYTES, announced, answer_to, framed
from notes.errors import ParseError

__all__ = ["AT_ONCE", "Sent", "Worker"]

AT_ONCE = 4
"""How many may ask a worker at a time."""
QUICK_S = 0.05
_START_S = 60.0
# More than a pipe holds, and than most answers have.
_READ_BYTES = 2**17
_END_S = 2.0  # from the end of its pipe to its own
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from ingest.workers.workbench import serve; serve(int(sys.argv[2]), float(sys.argv[3]))"
)


class Sent(NamedTuple):
    """What came of a request: the answer as it was sent, or None; whether the time was over, and whether it was the first."""

    body: bytes | None
    is_late: bool
    is_first: bool


class Worker:
    """One process and its two pipes; threads may share it: it answers one after the other, in the order in which they ask.

    ``is_ready`` tells that it has begun to serve, ``is_quick`` that its last answer was not waited for, or not for long. Whoever
    finds that it should not have another document sets ``may_go_on`` to False, and nobody sets it back: what it
    answered is taken apart while it may be at the next document.
    """

    def __init__(self, memory_mb: int, seconds: float, watch: Watch) -> None:
        # -P: nothing is imported from the folder that the program happens to run in, unless the program does so too.
        path = json.dumps([str(place) for place in sys.path])
        command = [sys.executable, "-P", "-c", _BOOT, path, str(memory_mb), str(seconds)]
        self._process = subprocess.Popen(  # noqa: S603  # this very Python
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Ctrl-C is for the program; it ends its workers itself.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.may_go_on = True
        self.is_ready = False
        self.is_quick = False
        self._watch = watch
        self._asking = Lock()
        self._asked = 0
        # Of the last that asked: free once its answer is read.
        self._last = Lock()
        self._unread = b""
        self._is_out_of_step = False

    def ask(self, request: bytes, seconds: float) -> Sent:
        """The worker's answer, for which it may take so many seconds from when it has answered the one before."""
        late = _Late(self._process)
        mine = Lock()
        mine.acquire()
        try:
            with self._asking:
                self._asked += 1
                number, before, self._last = self._asked, self._last, mine
                # The worker may still be at those before.
                most = AT_ONCE * seconds if before.locked() else seconds
                is_sent = self._are_made_ready(late) and self._is_written(request, most, late)
            with before:
                begun = time.monotonic()
                body = self._answer(number, seconds, late) if is_sent else None
                self.is_quick = time.monotonic() - begun < QUICK_S
        except BaseException:
            # Also after Ctrl-C in the midst of an answer: the rest of it must not meet the next document.
            self.may_go_on = False
            self._process.kill()
            raise
        finally:
            mine.release()
        if body is None or late.is_over:
            self.may_go_on = False
        return Sent(body, late.is_over, number == 1)

    def told(self, sent: Sent, seconds: float, what: str, kind: str) -> Answer:
        """What was sent, taken apart; where there is none, an answer that says so of the document ``what``."""
        if sent.body is None:
            return Answer(
                None, self._fault(seconds, what, is_late=sent.is_late), is_worn=True, is_spent=not sent.is_late
            )
        answer = unpacked(sent.body, what, kind)
        if answer.is_worn:
            self.may_go_on = False
        return answer

    def end(self) -> None:
        """Kills the process, and waits until it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            # Closing flushes what the dead one has not read.
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def _are_made_ready(self, late: _Late) -> bool:
        """Whether the process has begun; waits until it has."""
        if not self.is_ready:
            with self._watched(_START_S, late), contextlib.suppress(OSError):
                self.is_ready = self._checked(0, self._frame()) is not None
        return self.is_ready

    def _is_written(self, request: bytes, seconds: float, late: _Late) -> bool:
        """Whether the process takes the request in so many seconds."""
        assert self._process.stdin is not None
        with self._watched(seconds, late):
            return _is_written(self._process.stdin.fileno(), framed(request))

    def _answer(self, number: int, seconds: float, late: _Late) -> bytes | None:
        with self._watched(seconds, late), contextlib.suppress(OSError):
            # What is left of something else is nobody's answer.
            return None if self._is_out_of_step else self._checked(number, self._frame())
        return None

    @contextlib.contextmanager
    def _watched(self, seconds: float, late: _Late) -> Iterator[None]:
        self._watch.begin(seconds, late)
        try:
            yield
        finally:
            self._watch.end(late)

    def _frame(self) -> bytes | None:
        """The next frame, or None where the pipe ends before it is whole; one of more than may be sent is empty."""
        assert self._process.stdout is not None
        pipe, received = self._process.stdout.fileno(), self._unread
        if len(received) < HEAD_BYTES:
            received += _read(pipe, _READ_BYTES, HEAD_BYTES - len(received))
        length = announced(received)
        if length is None or length > NUMBER_BYTES + MAX_ANSWER:
            return None if length is None else b""
        end = HEAD_BYTES + length
        # What was sent unasked is found out by its number.
        sent, self._unread = received[HEAD_BYTES:end], received[end:]
        if len(sent) < length:
            sent += _read(pipe, length - len(sent), length - len(sent))
        return sent if len(sent) == length else None

    def _checked(self, number: int, sent: bytes | None) -> bytes | None:
        """The answer, if it is that to the request of that number; a worker that gives another one, or too much, is ended."""
        answer = answer_to(number, sent) if sent else sent
        if sent is not None and not answer:
            self._is_out_of_step = True
            self._process.kill()
        return answer

    def _code(self) -> int:
        """How the process ended; one that closed its pipe and goes on is ended."""
        try:
            return self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _fault(self, seconds: float, what: str, *, is_late: bool) -> ParseError:
        if is_late and self.is_ready:
            return ParseError(
                f"{what} took more than {seconds:g} seconds to read", hint="the document is broken, or very large"
            )
        if is_late:
            return ParseError("the process to parse in did not start in time")
        if not self.is_ready:
            return ParseError(f"the process to parse in {_ending(self._code())} before it began")
        return ParseError(f"{what} cannot be read: the parser {_ending(self._code())} over it")


class _Late:
    """Kills a process when its time is over, and tells whether it was."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.is_over = False
        self._process = process

    def __call__(self) -> None:
        self.is_over = True
        with contextlib.suppress(OSError):
            self._process.kill()


def _is_written(pipe: int, sent: bytes) -> bool:
    """Whether somebody takes all of it."""
    left = memoryview(sent)
    with contextlib.suppress(OSError):
        while left:
            left = left[os.write(pipe, left) :]
    return not left


def _read(pipe: int, most: int, least: int) -> bytes:
    """So many bytes; fewer than ``least`` where the pipe ends before."""
    received = os.read(pipe, min(most, _READ_BYTES))
    if len(received) >= least or not received:
        return received
    gathered = bytearray(received)
    while len(gathered) < least and (more := os.read(pipe, min(most - len(gathered), _READ_BYTES))):
        gathered += more
    return bytes(gathered)


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    with contextlib.suppress(ValueError):
        return f"died of {signal.Signals(-code).name}"
    return f"died of signal {-code}"
