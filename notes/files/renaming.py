"""The two renames that Python lacks: two files change places, and a file moves only to where none is.

Linux has renameat2 (man 2 rename, since 3.15), macOS renamex_np. Some file systems refuse the one or the other (exFAT,
many network shares); Windows cannot exchange, and its plain rename never replaces.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["move_new", "swap"]

_AT_FDCWD: Final = -100
_NOREPLACE, _EXCHANGE = (4, 2) if sys.platform == "darwin" else (1, 2)
_CANNOT: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM})


def swap(one: Path, other: Path) -> bool:
    """Let the two files change places in one step; False when this system or file system cannot, and nothing has changed.

    Raises OSError for what it refuses for another reason, FileNotFoundError when one of them is gone.
    """
    return _rename(one, other, _EXCHANGE)


def move_new(source: Path, place: Path) -> bool:
    """Move a file to where none is; False when this system or file system cannot tell, and nothing has changed.

    Raises FileExistsError when there is one, OSError for what it refuses for another reason.
    """
    if os.name == "nt":
        source.rename(place)
        return True
    return _rename(source, place, _NOREPLACE)


def _rename(one: Path, other: Path, how: int) -> bool:
    rename = _system_call()
    if rename is None:
        return False
    sys.audit("slipway.rename", str(one), str(other), how)
    if rename(os.fsencode(one), os.fsencode(other), how) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


@cache
def _system_call() -> Callable[[bytes, bytes, int], int] | None:
    """The system's own rename with flags, or nothing."""
    try:
        system = ctypes.CDLL(None, use_errno=True)
        call = system.renamex_np if sys.platform == "darwin" else system.renameat2
    except (OSError, AttributeError, TypeError):  # TypeError is Windows' word for a library without a name
        return None
    call.restype = ctypes.c_int
    if sys.platform == "darwin":
        call.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint)
        return lambda one, other, how: int(call(one, other, how))
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return lambda one, other, how: int(call(_AT_FDCWD, one, _AT_FDCWD, other, how))
