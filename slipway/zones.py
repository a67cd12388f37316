"""The user's time zone."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from notes.errors import UsageError

__all__ = ["known_zone", "local_zone"]


def known_zone(name: str) -> str:
    """The name, if it is an IANA zone; raises UsageError."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"{name!r} is no IANA time zone", hint="write for example Asia/Hong_Kong") from None


def local_zone() -> str:
    """This machine's IANA zone: ``TZ``, else where ``/etc/localtime`` points, else UTC."""
    named = os.environ.get("TZ", "").removeprefix(":")
    linked = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")[2]
    for name in filter(None, (named, linked)):
        try:
            return known_zone(name)
        except UsageError:
            continue
    return "UTC"
