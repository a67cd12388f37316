# ruff: noqa: PTH109
"""The client's side: hand the command line over, and write what comes back.

Nothing is written before the whole answer is there, so that at any trouble the command can still be run here, the cold way,
as if no server had been asked. Imports next to nothing: ``_socket`` instead of ``socket`` saves 15 ms.
"""

from __future__ import annotations

import _socket
import os
import sys
import time

from slipway.warm.protocol import ACCEPTED, COLD, ERR, EXIT, MAX_ANSWER, MAX_REQUEST, OUT, SHOWN, WORLD, request, stamp

__all__ = ["ask"]

BEGIN_WITHIN = 0.25
"""Seconds for the server to begin; a server that is busy with somebody else is not waited for."""
ANSWER_WITHIN = 20.0


class _NoAnswerError(Exception):
    """The server is dead, busy, another one, or talks nonsense."""


def ask(words: list[str], config: str, path: str) -> int | None:
    """The exit code of the command that the server at ``path`` ran, its output written; None: run it here."""
    try:
        frames = _answer(words, config, path)
        code = _exit_code(frames)
    except (OSError, ValueError, _NoAnswerError) as trouble:
        if os.environ.get("SLIPWAY_DEBUG"):
            os.write(2, f"slipway: the server at {path} was not used: {trouble}\n".encode(errors="replace"))
        return None
    return _write(frames, code)


def _answer(words: list[str], config: str, path: str) -> list[tuple[bytes, bytes]]:
    deadline = time.monotonic() + BEGIN_WITHIN
    talk = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        talk.settimeout(BEGIN_WITHIN)
        talk.connect(path)
        _check_owner(talk)
        message = request(_fields(words, config))
        if len(message) > MAX_REQUEST:
            raise _NoAnswerError("too long a command line")
        talk.sendall(message)
        return _frames(talk, deadline)
    finally:
        talk.close()


def _check_owner(talk: _socket.socket) -> None:
    """The folder is closed to others already; where the system tells who is at the other end, that is asked as well."""
    if sys.platform == "linux":
        credentials = talk.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
        if int.from_bytes(credentials[4:8], sys.byteorder) != os.geteuid():
            raise _NoAnswerError("another user's")


def _fields(words: list[str], config: str) -> list[str]:
    shown = [f"{name}={os.environ[name]}" for name in SHOWN if name in os.environ]
    world = [os.environ.get(name, "") for name in WORLD]
    streams = [_stream(sys.stdout), _stream(sys.stderr)]
    size = [str(cells) for cells in _size()]
    return [stamp(), config, os.getcwd(), *world, *size, *streams[0], *streams[1], str(len(shown)), *shown, *words]


def _size() -> tuple[int, int]:
    """Columns and lines as :func:`shutil.get_terminal_size` would tell them, which takes two milliseconds to import."""
    try:
        seen: tuple[int, int] = os.get_terminal_size(1)
    except OSError:
        seen = 0, 0
    named = os.environ.get("COLUMNS", ""), os.environ.get("LINES", "")
    columns, lines = (int(cells) if cells.isdecimal() else 0 for cells in named)
    return columns or seen[0] or 80, lines or seen[1] or 24


def _stream(stream: object) -> list[str]:
    encoding, errors = getattr(stream, "encoding", None), getattr(stream, "errors", None)
    if not encoding or not errors:
        raise _NoAnswerError("a standard stream is closed")
    return [encoding, errors, "tty" if stream.isatty() else ""]  # type: ignore[attr-defined]


def _frames(talk: _socket.socket, deadline: float) -> list[tuple[bytes, bytes]]:
    """The frames up to the one that ends the answer."""
    received, at = bytearray(), 0
    frames: list[tuple[bytes, bytes]] = []
    while not frames or frames[-1][0] not in (EXIT, COLD):
        while len(received) - at < 5 or len(received) - at - 5 < int.from_bytes(received[at + 1 : at + 5], "big"):
            _receive(talk, received, deadline)
        size = int.from_bytes(received[at + 1 : at + 5], "big")
        frames.append((bytes(received[at : at + 1]), bytes(received[at + 5 : at + 5 + size])))
        at += 5 + size
        if frames[-1][0] == ACCEPTED:
            deadline = time.monotonic() + ANSWER_WITHIN
    return frames


def _receive(talk: _socket.socket, received: bytearray, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise _NoAnswerError("it takes too long")
    talk.settimeout(left)
    some = talk.recv(1 << 18)
    if not some:
        raise _NoAnswerError("it hung up")
    received += some
    if len(received) > MAX_ANSWER + 64:
        raise _NoAnswerError("too long an answer")


def _exit_code(frames: list[tuple[bytes, bytes]]) -> int:
    kind, payload = frames[-1]
    if kind == COLD:
        raise _NoAnswerError(payload.decode(errors="replace"))
    if {kind for kind, _ in frames} - {ACCEPTED, OUT, ERR, EXIT}:
        raise _NoAnswerError("it talks nonsense")
    code = int(payload)
    if not 0 <= code <= 255:
        raise _NoAnswerError("it talks nonsense")
    return code


def _write(frames: list[tuple[bytes, bytes]], code: int) -> int:
    try:
        for kind, payload in frames:
            if kind in (OUT, ERR):
                _write_all(1 if kind == OUT else 2, payload)
    except BrokenPipeError:
        return 0  # the reader has seen enough, as in slipway.cli.main
    return code


def _write_all(stream: int, payload: bytes) -> None:
    left = memoryview(payload)
    while left:
        left = left[os.write(stream, left) :]
