"""The socket file: made where only this user can reach it, one server to a configuration, gone when the server is."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from notes.errors import SlipwayError
from slipway.warm.place import folders, is_private, name_of

__all__ = ["AnsweredAlreadyError", "bound"]

_LONGEST_FOLDER = 80
"""Bytes; with the name in it, a socket's address has at most 108, on macOS 104 (unix(7), unix(4))."""


class AnsweredAlreadyError(SlipwayError):
    """Another process is the server of this configuration."""


@contextmanager
def bound(config: Path) -> Iterator[tuple[Path, socket.socket]]:
    """The socket's path and the socket, not listening yet; AnsweredAlreadyError, or OSError when there is no place for it."""
    socket_path = _private_folder() / f"{name_of(str(config))}.sock"
    with _alone(socket_path.with_suffix(".lock"), config):
        # Ours is the lock, so whoever left this file is dead.
        socket_path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(str(socket_path))
            socket_path.chmod(0o600)
            yield socket_path, listener
        finally:
            listener.close()
            with suppress(OSError):
                socket_path.unlink()


def _private_folder() -> Path:
    for name in folders():
        if len(os.fsencode(name)) > _LONGEST_FOLDER:
            continue
        with suppress(OSError):
            os.mkdir(name, 0o700)  # noqa: PTH102 - Path.mkdir would take the umask's word for the mode of parents
        if is_private(name):
            return Path(name)
    raise SlipwayError(
        f"no place for a socket: {' and '.join(folders())} must be folders of yours that nobody else may enter"
    )


@contextmanager
def _alone(lock_path: Path, config: Path) -> Iterator[None]:
    """Hold the lock that goes with the socket: a file may outlive its server, a lock does not."""
    descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnsweredAlreadyError(
                f"searches over {config} are answered already, by process {_said(descriptor)}",
                hint="one server is enough; end that one to start another",
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _said(descriptor: int) -> str:
    said = os.pread(descriptor, 20, 0)
    return said.decode() if said.isdigit() else "(unknown)"
