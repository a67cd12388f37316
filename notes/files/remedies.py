"""What helps where a disk takes nothing more: full, mounted to be read only, closed to us, broken."""

from __future__ import annotations

import errno
from pathlib import Path

__all__ = ["remedy_of"]

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})
_CLOSED = frozenset({errno.EACCES, errno.EPERM})
# As SQLite words them: its errors carry no number before Python 3.11, and SQLAlchemy's never.
_WORDS = (("is full", errno.ENOSPC), ("readonly", errno.EROFS), ("disk i/o", errno.EIO))


def remedy_of(error: Exception, place: Path) -> str:
    """What to do about an OSError, or an error of SQLite's, over a file at ``place`` or below."""
    number = error.errno if isinstance(error, OSError) else _number_of(str(error))
    if number in _FULL:
        return f"make room on the disk that holds {place}, then run it again: what is missing is made up for"
    if number == errno.EROFS:
        return f"{place} may only be read: see how its disk is mounted and who may write there, then run it again"
    if number in _CLOSED:
        return f"see who may write in {place}, then run it again"
    if number == errno.EIO:
        return f"see whether the disk that holds {place} is full, was taken out or fails, and have a backup at hand"
    return "check rights and room; `slipway doctor` looks at all places"


def _number_of(message: str) -> int | None:
    told = message.lower()
    return next((number for words, number in _WORDS if words in told), None)
