"""The far end of :mod:`ingest.workers.parser`: what runs inside a worker process.

A frame is eight bytes of length and what it is of. A request is a pickle of ``(function, arguments, keywords, what)``, an
answer what :mod:`ingest.workers.answers` makes of it, which is none, behind the number of its request in eight bytes: should
something else find its way into the pipe, the next document is not taken for what it is not.
"""

from __future__ import annotations

import gc
import os
import pickle
import struct
import sys
from pathlib import Path
from typing import IO

from ingest.workers.answers import Answer, given_by, packed
from notes.errors import ParseError, SourceError

__all__ = [
    "HEAD_BYTES",
    "NUMBER_BYTES",
    "announced",
    "answer_to",
    "framed",
    "numbered",
    "read_frame",
    "serve",
    "unforeseen",
    "write_frame",
]

_LENGTH = _NUMBER = struct.Struct("<Q")
HEAD_BYTES, NUMBER_BYTES = _LENGTH.size, _NUMBER.size
# Memory that leaks or is scattered goes with the process.
_DOCUMENTS = 1_000
_MIB = 2**20


def serve(memory_mb: int, seconds: float) -> None:
    """Answers requests from standard input on standard output until there are no more."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not fall between the answers.
    os.dup2(2, 1)
    # Where numpy is loaded later on, its libraries would set memory aside for each core, of which the bound knows nothing;
    # a number that the user has set is meant for work that needs more than one.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    _make_ready()
    # What is loaded stays; and a document's values seldom form rings, so that looking for these can wait.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    # Once glibc has seen so large a block go, it no longer gives a document's memory back, only to ask for it again.
    bytes(8 * _MIB)
    _confine(memory_mb)
    write_frame(answers, numbered(0, b"ready"))
    served = 0
    while (request := read_frame(requests)) is not None:
        served += 1
        _alarm(2 * seconds + 5)
        write_frame(answers, numbered(served, _answer(request, is_last=served >= _DOCUMENTS)))
        _alarm(0)


def read_frame(stream: IO[bytes], most: int | None = None) -> bytes | None:
    """The next frame, or None where the stream ends before it is whole; one of more than ``most`` bytes is empty."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if most is not None and length > most:
        # Reading would set aside as much as was announced.
        return b""
    body = stream.read(length)
    return body if len(body) == length else None


def framed(body: bytes) -> bytes:
    """One frame, to be sent in one go."""
    return _LENGTH.pack(len(body)) + body


def announced(received: bytes) -> int | None:
    """How many bytes the frame has that begins so, behind its head; None where the head is not whole."""
    return _LENGTH.unpack_from(received)[0] if len(received) >= HEAD_BYTES else None


def write_frame(stream: IO[bytes], body: bytes) -> None:
    """Sends one frame. Raises OSError where nobody reads."""
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def numbered(number: int, body: bytes) -> bytes:
    """The answer to the request of that number, the first of which is 1."""
    return _NUMBER.pack(number) + body


def answer_to(number: int, sent: bytes) -> bytes | None:
    """What was sent without its number; None where it is no answer to the request of that number."""
    return sent[_NUMBER.size :] if sent[: _NUMBER.size] == _NUMBER.pack(number) else None


def unforeseen(error: BaseException, what: str) -> ParseError:
    """The error of one document that stands for an exception of whatever kind."""
    told = " ".join(str(error).split())[:200]
    return ParseError(f"{what or 'the document'} cannot be read: {type(error).__name__}{': ' if told else ''}{told}")


def _answer(request: bytes, *, is_last: bool) -> bytes:
    what = ""
    try:
        function, arguments, keywords, what = pickle.loads(request)  # noqa: S301  # our own parent wrote it
        return packed(Answer(function(*arguments, **keywords), is_worn=is_last), given_by(function))
    except SourceError as error:
        answer = Answer(None, error, is_worn=is_last)
    except MemoryError:
        fault = ParseError(f"{what or 'the document'} needs more memory than a document may have")
        answer = Answer(None, fault, is_worn=True, is_spent=True)
    except BaseException as error:  # noqa: BLE001  # SystemExit too: a library may call exit
        answer = Answer(None, unforeseen(error, what), is_worn=is_last)
    return packed(answer)


def _make_ready() -> None:
    """Loads what nearly every document needs, so that the limits count documents and not imports."""
    import ingest.feeds.document
    import ingest.reading.html
    from notes.text import language

    language.detect(ingest.reading.html.text("The <b>first</b> is the slowest. \u4e00"))
    ingest.reading.html.blocks("<ul><li>So here too.</li></ul>")


def _confine(memory_mb: int) -> None:
    """Bounds the process's memory where the system can: what it has now, and ``memory_mb`` more."""
    try:
        import resource
    except ImportError:
        return
    for limit, bound in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, _size() + memory_mb * _MIB)):
        try:
            hard = resource.getrlimit(limit)[1]
            resource.setrlimit(limit, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))
        except (ValueError, OSError):  # macOS knows the name of the limit, and not always the limit
            continue


def _size() -> int:
    """The bytes of address space in use; a generous guess where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 4096 * _MIB


def _alarm(seconds: float) -> None:
    """Ends this process should its parent be gone, and nobody left to kill it when it stalls; 0: all is well."""
    import signal

    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
