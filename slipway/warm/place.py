# ruff: noqa: PTH109, PTH111, PTH113, PTH117, PTH118, PTH120
"""Where the socket of a configuration's server lies; only ``os`` is imported, since every search passes here.

A folder of the user's own, which nobody else may enter, holds one socket per configuration, named by a checksum of the
configuration's path: a path of its own would soon be longer than the 108 bytes that a socket's address may have.
"""

from __future__ import annotations

import os
import stat

__all__ = ["config_of", "folders", "is_private", "name_of", "socket_of"]

CONFIG_NAME = "slipway.toml"


def config_of(named: str | None) -> str | None:
    """The configuration file that :func:`slipway.config.find_config` would find, or None."""
    given = named or os.environ.get("SLIPWAY_CONFIG")
    try:
        if given:
            path = os.path.realpath(os.path.expanduser(given))
            return path if os.path.isfile(path) else None
        folder = os.getcwd()
    except (OSError, ValueError):
        return None
    while not os.path.isfile(path := os.path.join(folder, CONFIG_NAME)):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return None
    return path


def folders() -> list[str]:
    """Where the folder of sockets may lie, the better place first; the server may have been started in another session."""
    user = f"/tmp/slipway-{os.geteuid()}"  # noqa: S108 - used only when it is ours and closed to others
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return [f"{runtime}/slipway", user] if os.path.isabs(runtime) else [user]


def is_private(folder: str) -> bool:
    """Whether this is a folder, no link to one, that belongs to this user and that nobody else may enter."""
    try:
        status = os.lstat(folder)
    except (OSError, ValueError):
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077


def name_of(config: str) -> str:
    """The name of a configuration's socket: FNV-1a of 64 bits, as hashlib would take longer to import than to search."""
    checksum = 0xCBF29CE484222325
    for byte in os.fsencode(config):
        checksum = ((checksum ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{checksum:016x}"


def socket_of(config: str) -> str | None:
    """The socket on which this user's server of the configuration may be listening, or None."""
    name = f"{name_of(config)}.sock"
    for folder in folders():
        path = f"{folder}/{name}"
        try:
            status = os.lstat(path)
        except (OSError, ValueError):
            continue
        if stat.S_ISSOCK(status.st_mode) and status.st_uid == os.geteuid() and is_private(folder):
            return path
    return None
