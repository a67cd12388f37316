"""What a file has beside its bytes: its mode, its extended attributes, its other names."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

__all__ = ["copy_attributes", "lock"]


def copy_attributes(source: Path, copy: Path) -> None:
    """Give ``copy`` the mode and the extended attributes of ``source``, as far as the system lets us; raises OSError."""
    copy.chmod(stat.S_IMODE(source.stat().st_mode))
    if not hasattr(os, "listxattr"):  # Python knows them on Linux alone
        return
    with contextlib.suppress(OSError):  # a file system that has none
        for name in os.listxattr(source):
            with contextlib.suppress(OSError):  # those of the system's security may be closed to us
                os.setxattr(copy, name, os.getxattr(source, name))


def lock(place: Path) -> str:
    """Why the file at ``place``, which must be no link, may not be replaced by another; empty when it may.

    A file of other names would be parted from them.
    """
    try:
        status = place.stat()
    except OSError:  # whoever writes will say
        return ""
    if not status.st_mode & stat.S_IWUSR:
        return "it is write-protected"
    return "it has other names (hard links), which would part from it" if status.st_nlink > 1 else ""
