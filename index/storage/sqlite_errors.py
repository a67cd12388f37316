"""What ``sqlite3`` raises for a file that is not as it was written.

Mostly ``sqlite3.Error``; but its message may quote the damaged file, and where that is no UTF-8 the driver fails to make
the message and raises ``UnicodeDecodeError`` in its place. Whoever reads a file that may be torn catches both.
"""

from __future__ import annotations

import sqlite3
from typing import Final, TypeAlias

__all__ = ["SQLITE_ERRORS", "SqliteError", "is_corruption", "is_trouble_with_the_disk", "message_of"]

SqliteError: TypeAlias = sqlite3.Error | UnicodeDecodeError
SQLITE_ERRORS: Final = (sqlite3.Error, UnicodeDecodeError)

# The driver's own word for a text that is no UTF-8; it comes without a code of SQLite's.
_NO_TEXT: Final = "Could not decode to UTF-8"


def is_corruption(error: SqliteError) -> bool:
    """Whether the file itself is at fault, and not a lock, a full disk or a statement."""
    if isinstance(error, UnicodeDecodeError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return str(error).startswith(_NO_TEXT)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_trouble_with_the_disk(error: sqlite3.Error) -> bool:
    """Whether the disk is full, broken or only to be read: no fault of the file, and none of ours."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    return code & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)


def message_of(error: SqliteError) -> str:
    """What SQLite said; what is no text in it is replaced."""
    return error.object.decode("utf-8", "replace") if isinstance(error, UnicodeDecodeError) else str(error)
