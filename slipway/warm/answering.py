"""Run a client's command line in this process, as if it were the client's."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from slipway.entry import is_served
from slipway.warm.asked import Asked, StrangeRequestError, Stream, read
from slipway.warm.captured import GoCold, Output, Unreadable, captured
from slipway.warm.keeping import Code, Kept
from slipway.warm.protocol import COLD, ERR, EXIT, OUT, SHOWN, WORLD, frame, stamp

__all__ = ["Answering"]

# The second is made of words that stand in many texts: their lists are long, and shared by other queries.
_WARM_UP = (
    ("search", "--json", "-n", "1", "warm up"),
    ("search", "--explain", "how large language models learn to reason from data, images and human feedback"),
)

_MOST_YOUNG = 10_000
"""Objects that are made before those that are new are looked through: more than one answer has at a time."""


class Answering:
    """Answers requests for one configuration, one after the other: streams, folder and environment are the process's."""

    def __init__(self, kept: Kept, say: Callable[[str], None]) -> None:
        self._kept = kept
        self._say = say
        self._code = Code()
        self._outdated = self._code.changed()

    def warm_up(self) -> None:
        """Search in both forms, so that the first client finds everything imported, open and in memory."""
        plain = Stream("utf-8", "replace", terminal=False)
        for words in _WARM_UP:
            asked = Asked(
                "", "", str(Path.cwd()), (), "80", "24", plain, plain, {}, ("--config", str(self._kept.path), *words)
            )
            # Without an index this is a usage error like any other: there will be one later.
            with suppress(GoCold, Exception):
                self._run(asked)
        # What is there now stays: no later collection need look through it.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_MOST_YOUNG, *gc.get_threshold()[1:])

    def answer(self, message: bytes | bytearray) -> bytes:
        """The frames that answer a request, with the word to go the cold way for all that is not for this server."""
        try:
            asked = read(message)
            self._check(asked)
            return self._run(asked)
        except (GoCold, StrangeRequestError, Exception) as reason:  # noqa: BLE001 - a bug is told where it is run again: by the client
            return frame(COLD, f"{type(reason).__name__}: {reason}".encode(errors="replace"))

    def close(self) -> None:
        """Release what is kept."""
        self._kept.close()

    def _check(self, asked: Asked) -> None:
        if asked.stamp != stamp():
            raise GoCold("another Slipway or another Python")
        if not is_served(list(asked.words)):
            raise GoCold("only searches that need no terminal are answered")
        if asked.config != str(self._kept.path):
            raise GoCold("another configuration")
        if asked.world != tuple(os.environ.get(name, "") for name in WORLD):
            raise GoCold(f"one of {', '.join(WORLD)} is another one")
        if not self._outdated and self._code.changed():
            self._outdated = True
            self._say("Slipway was changed on disk: no more answers until `slipway serve` is started anew")
        if self._outdated:
            raise GoCold("its code is older than that on disk")

    def _run(self, asked: Asked) -> bytes:
        from slipway.cli import main

        output = Output()
        with _in_place_of(asked, output):
            try:
                main(asked.words, kept=self._kept)
            except SystemExit as leave:
                code = leave.code
        return output.frames() + frame(EXIT, str(code).encode())


@contextmanager
def _in_place_of(asked: Asked, output: Output) -> Iterator[None]:
    """Streams, folder and environment of the client, as far as they show in what a command writes."""
    before = sys.stdin, sys.stdout, sys.stderr, {name: os.environ.get(name) for name in (*SHOWN, "COLUMNS", "LINES")}
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(asked.cwd)
        _set({name: asked.shown.get(name) for name in SHOWN} | {"COLUMNS": asked.columns, "LINES": asked.lines})
        sys.stdin = Unreadable()
        sys.stdout, sys.stderr = captured(OUT, output, asked.out), captured(ERR, output, asked.err)
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before[:3]
        _set(before[3])
        os.fchdir(here)
        os.close(here)


def _set(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
