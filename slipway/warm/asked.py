"""A request as the server reads it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from slipway.warm.protocol import HEADER, MAGIC, MAX_REQUEST, SHOWN, WORLD

__all__ = ["Asked", "StrangeRequestError", "Stream", "announced", "read"]


class StrangeRequestError(Exception):
    """These bytes are no request of ours."""


@dataclass(frozen=True, slots=True)
class Stream:
    """How the client's standard output or error takes text, and whether it is a terminal."""

    encoding: str
    errors: str
    terminal: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A command line and the surroundings in which the client would have run it."""

    stamp: str
    config: str
    cwd: str
    world: tuple[str, ...]
    columns: str
    lines: str
    out: Stream
    err: Stream
    shown: Mapping[str, str]
    words: tuple[str, ...]


def announced(received: bytes | bytearray) -> int | None:
    """How many bytes the whole request has, None while that is not known; StrangeRequestError as soon as it is none."""
    if received[:HEADER][: len(MAGIC)] != MAGIC[: len(received)]:
        raise StrangeRequestError("no request")
    if len(received) < HEADER:
        return None
    size = int.from_bytes(received[len(MAGIC) : HEADER], "big")
    if size > MAX_REQUEST:
        raise StrangeRequestError(f"{size:,} bytes announced")
    return HEADER + size


def read(message: bytes | bytearray) -> Asked:
    """The request in a whole message; StrangeRequestError when its fields are not those of a client of this version."""
    try:
        fields = iter([os.fsdecode(field) for field in bytes(message[HEADER:]).split(b"\0")])
        return Asked(
            stamp=next(fields),
            config=next(fields),
            cwd=next(fields),
            world=tuple(islice(fields, len(WORLD))),
            columns=next(fields),
            lines=next(fields),
            out=Stream(next(fields), next(fields), next(fields) == "tty"),
            err=Stream(next(fields), next(fields), next(fields) == "tty"),
            shown=_shown(fields),
            words=tuple(fields),
        )
    except (StopIteration, ValueError) as error:
        raise StrangeRequestError("too few fields") from error


def _shown(fields: Iterator[str]) -> dict[str, str]:
    pairs = [next(fields).partition("=") for _ in range(min(int(next(fields)), len(SHOWN)))]
    return {name: value for name, _, value in pairs if name in SHOWN}
