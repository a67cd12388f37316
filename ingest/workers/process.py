"""One worker process: how it is started, asked, and ended. See :mod:`ingest.workers.parser`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys

from ingest.workers.answers import MAX_ANSWER, Answer, unpacked
from ingest.workers.watch import Watch
from ingest.workers.workbench import HEAD_BYTES, announced, answer_to, framed
from notes.errors import ParseError

__all__ = ["Worker"]

_START_S = 60.0
# More than a pipe holds, and than most answers have.
_AT_ONCE = 2**17
_END_S = 2.0  # from the end of its pipe to its own
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from ingest.workers.workbench import serve; serve(int(sys.argv[2]), float(sys.argv[3]))"
)


class Worker:
    """One process and its two pipes; of one thread at a time.

    ``served`` counts its documents. Whoever finds that it should not have another sets ``may_go_on`` to False, and nobody sets
    it back: what it answered is taken apart while it may be at the next document.
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
        self.served = 0
        self.may_go_on = True
        self._watch = watch
        self._is_late = False
        self._is_ready = False
        self._asked = 0
        self._unread = b""

    def ask(self, request: bytes, seconds: float) -> bytes | None:
        """The worker's answer within so many seconds, as it was sent; None where there is none."""
        if not self._is_ready:
            self._is_ready = self._exchange(None, _START_S) is not None
        sent = self._exchange(request, seconds) if self._is_ready else None
        self.served += 1
        if sent is None or self._is_late:
            self.may_go_on = False
        return sent

    def told(self, sent: bytes | None, seconds: float, what: str, kind: str) -> Answer:
        """What was sent, taken apart; where there is none, an answer that says so of the document ``what``."""
        if sent is None:
            return Answer(None, self._fault(seconds, what), is_worn=True, is_spent=not self._is_late)
        answer = unpacked(sent, what, kind)
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

    def _exchange(self, request: bytes | None, seconds: float) -> bytes | None:
        """The next frame after the request, or None where the process dies or is killed over it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._watch.begin(seconds, self._overdue)
        try:
            if request is not None:
                self._asked += 1
                _write(self._process.stdin.fileno(), framed(request))
            sent = self._frame(self._process.stdout.fileno())
            return sent and self._checked(sent)
        except OSError:
            return None
        finally:
            self._watch.end(self._overdue)

    def _frame(self, pipe: int) -> bytes | None:
        """The next frame, or None where the pipe ends before it is whole; one of more than may be sent is empty."""
        received = self._unread
        if len(received) < HEAD_BYTES:
            received += _read(pipe, _AT_ONCE, HEAD_BYTES - len(received))
        length = announced(received)
        if length is None or length > MAX_ANSWER:
            return None if length is None else b""
        end = HEAD_BYTES + length
        # What was sent unasked is found out by its number.
        sent, self._unread = received[HEAD_BYTES:end], received[end:]
        if len(sent) < length:
            sent += _read(pipe, length - len(sent), length - len(sent))
        return sent if len(sent) == length else None

    def _checked(self, sent: bytes) -> bytes | None:
        """The answer, if it is that to the last request; a worker that gives another one is ended."""
        answer = answer_to(self._asked, sent)
        if answer is None:
            self._process.kill()
        return answer

    def _overdue(self) -> None:
        self._is_late = True
        with contextlib.suppress(OSError):
            self._process.kill()

    def _code(self) -> int:
        """How the process ended; one that closed its pipe and goes on is ended."""
        try:
            return self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _fault(self, seconds: float, what: str) -> ParseError:
        if self._is_late and self._is_ready:
            return ParseError(
                f"{what} took more than {seconds:g} seconds to read", hint="the document is broken, or very large"
            )
        if self._is_late:
            return ParseError("the process to parse in did not start in time")
        if not self._is_ready:
            return ParseError(f"the process to parse in {_ending(self._code())} before it began")
        return ParseError(f"{what} cannot be read: the parser {_ending(self._code())} over it")


def _write(pipe: int, sent: bytes) -> None:
    """Writes all of it. Raises OSError where nobody reads."""
    left = memoryview(sent)
    while left:
        left = left[os.write(pipe, left) :]


def _read(pipe: int, most: int, least: int) -> bytes:
    """So many bytes; fewer than ``least`` where the pipe ends before."""
    received = os.read(pipe, min(most, _AT_ONCE))
    if len(received) >= least or not received:
        return received
    gathered = bytearray(received)
    while len(gathered) < least and (more := os.read(pipe, min(most - len(gathered), _AT_ONCE))):
        gathered += more
    return bytes(gathered)


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    with contextlib.suppress(ValueError):
        return f"died of {signal.Signals(-code).name}"
    return f"died of signal {-code}"
