# ruff: noqa: PTH120
"""What client and server say to each other: length-prefixed, and limited both ways.

A request is ``MAGIC``, four bytes of length (big-endian), and fields that are separated by NUL, which no argument, path or
variable can hold. No JSON: arguments need not be Unicode, and the client would pay 15 ms to import it. An answer is a
sequence of frames, each one byte of kind, four of length, and its bytes::

    A           the server has begun; without it in time the client goes the cold way
    O bytes     standard output
    E bytes     standard error
    X number    the end, with the exit code
    C reason    the end: the client is to do this itself
"""

from __future__ import annotations

import os
import sys

import slipway

__all__ = [
    "ACCEPTED",
    "COLD",
    "ERR",
    "EXIT",
    "HEADER",
    "MAGIC",
    "MAX_ANSWER",
    "MAX_REQUEST",
    "OUT",
    "SHOWN",
    "WORLD",
    "frame",
    "request",
    "stamp",
]

MAGIC = b"slipway1"
HEADER = len(MAGIC) + 4
ACCEPTED, OUT, ERR, EXIT, COLD = b"A", b"O", b"E", b"X", b"C"
MAX_REQUEST = 1 << 20
MAX_ANSWER = 64 << 20

# How an answer looks; the server takes them from the client for the time of the request.
SHOWN = ("NO_COLOR", "FORCE_COLOR", "TERM", "LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "SLIPWAY_CONFIG", "PAGER")
# Where models and folders are found; a client to whom they mean something else is none of this server's.
WORLD = ("HOME", "HF_HOME", "HF_HUB_CACHE")


def stamp() -> str:
    """Which Slipway under which Python: both sides must be the same one."""
    python = f"{sys.hexversion:x} {sys.prefix} {sys.getfilesystemencoding()}"
    return f"{slipway.__version__} {os.path.dirname(slipway.__file__)} {python}"


def request(fields: list[str]) -> bytes:
    """The bytes of a request; its fields are those that :func:`slipway.warm.asked.read` takes apart."""
    body = b"\0".join(map(os.fsencode, fields))
    return MAGIC + len(body).to_bytes(4, "big") + body


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """One frame of an answer."""
    return kind + len(payload).to_bytes(4, "big") + payload
