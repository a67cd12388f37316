"""The socket's side of the server: many callers, of whom none can hold up the others for longer than an answer takes.

One thread waits for all of them; requests are answered one after the other, each in milliseconds. A caller has
``REQUEST_WITHIN`` seconds to say what it wants and ``TAKEN_WITHIN`` to take the answer, and of more than ``MOST_CALLERS``
the one that has waited longest is dropped. A client that is dropped goes the cold way.
"""

from __future__ import annotations

import os
import selectors
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from slipway.warm.asked import StrangeRequestError, announced
from slipway.warm.protocol import ACCEPTED, frame

__all__ = ["Server"]

REQUEST_WITHIN = 1.0
TAKEN_WITHIN = 10.0
MOST_CALLERS = 64


class _Caller:
    """A connection: what it has said so far, or what it has still to be told; ``until`` is when its time is over."""

    def __init__(self, talk: socket.socket) -> None:
        self.talk = talk
        self.said = bytearray()
        self.to_tell = memoryview(b"")
        self.until = time.monotonic() + REQUEST_WITHIN


class Server:
    """Answers requests on a listening socket until :meth:`stop`, which any thread may call."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._callers: dict[socket.socket, _Caller] = {}
        self._woken, self._waker = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        listener.setblocking(False)
        for waited in (listener, self._woken):
            self._selector.register(waited, selectors.EVENT_READ)

    def stop(self) -> None:
        """Have :meth:`run` return after the answer it is at."""
        with suppress(OSError):
            self._waker.send(b"x")

    def run(self, answer: Callable[[bytearray], bytes]) -> None:
        """Give every request to ``answer`` and send what comes of it; returns once stopped, with all connections closed."""
        try:
            while self._turn(answer):
                pass
        finally:
            for caller in list(self._callers.values()):
                self._drop(caller)
            self._selector.close()
            for ours in (self._listener, self._woken, self._waker):
                ours.close()

    def _turn(self, answer: Callable[[bytearray], bytes]) -> bool:
        """Wait for whatever comes first and see to it; False when it is the end."""
        ready = [key.fileobj for key, _ in self._selector.select(self._patience())]
        if self._woken in ready:
            return False
        if self._listener in ready:
            self._welcome()
        for talk in ready:
            if caller := self._callers.get(talk):  # type: ignore[call-overload]
                self._attend(caller, answer)
        now = time.monotonic()
        for caller in [one for one in self._callers.values() if one.until < now]:
            self._drop(caller)
        return True

    def _patience(self) -> float | None:
        """Seconds until somebody's time is over; None, for ever, while nobody is there."""
        ends = [caller.until for caller in self._callers.values()]
        return max(0.0, min(ends) - time.monotonic()) + 0.001 if ends else None

    def _welcome(self) -> None:
        with suppress(OSError):  # nobody any more
            while True:
                talk, _ = self._listener.accept()
                if _is_ours(talk):
                    self._admit(talk)
                else:
                    talk.close()

    def _admit(self, talk: socket.socket) -> None:
        if len(self._callers) >= MOST_CALLERS:
            self._drop(next(iter(self._callers.values())))
        talk.setblocking(False)
        self._callers[talk] = _Caller(talk)
        self._selector.register(talk, selectors.EVENT_READ)

    def _attend(self, caller: _Caller, answer: Callable[[bytearray], bytes]) -> None:
        try:
            if caller.to_tell:
                self._tell(caller)
            else:
                self._hear(caller, answer)
        except (OSError, StrangeRequestError):
            self._drop(caller)

    def _hear(self, caller: _Caller, answer: Callable[[bytearray], bytes]) -> None:
        some = caller.talk.recv(1 << 16)
        caller.said += some
        size = announced(caller.said)
        if not some or (size is not None and len(caller.said) > size):
            raise StrangeRequestError("half a request, or more than one")
        if size == len(caller.said):
            caller.talk.send(frame(ACCEPTED))
            caller.to_tell = memoryview(answer(caller.said))
            caller.until = time.monotonic() + TAKEN_WITHIN
            self._selector.modify(caller.talk, selectors.EVENT_WRITE)
            self._tell(caller)

    def _tell(self, caller: _Caller) -> None:
        with suppress(BlockingIOError):
            while caller.to_tell:
                caller.to_tell = caller.to_tell[caller.talk.send(caller.to_tell) :]
        if not caller.to_tell:
            self._drop(caller)

    def _drop(self, caller: _Caller) -> None:
        if self._callers.pop(caller.talk, None):
            self._selector.unregister(caller.talk)
            caller.talk.close()


def _is_ours(talk: socket.socket) -> bool:
    """Whether this user is at the other end, where the system can tell; the folder of the socket is closed to others anyway."""
    if sys.platform != "linux":
        return True
    credentials = talk.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return int.from_bytes(credentials[4:8], sys.byteorder) == os.geteuid()
