"""Addresses of databases."""

from __future__ import annotations

from pathlib import Path

__all__ = ["sqlite_path"]


def sqlite_path(url: str) -> Path | None:
    """The file of ``sqlite:///path``, None for any other database.

    All that follows is the path as it stands: a folder may be called ``100%`` or ``what?``.
    """
    scheme, _, path = url.partition(":///")
    return Path(path) if scheme == "sqlite" and path else None
