"""The words under which the user's answers are stored. Importing this module loads no SQL."""

from __future__ import annotations

__all__ = [
    "DELETE",
    "DISMISS",
    "EDIT",
    "INBOX",
    "KEEPING",
    "PAGE",
    "PROMOTE",
    "RESTORE",
    "VAULT",
    "WITHDRAWN",
]

PROMOTE, DISMISS, DELETE, RESTORE, EDIT = "promote", "dismiss", "delete", "restore", "edit"
INBOX, PAGE, VAULT = "inbox", "page", "vault"

KEEPING = frozenset({PROMOTE, RESTORE, EDIT})
"""The verdicts that say that an item was worth keeping; the others say that it was not."""

WITHDRAWN = "withdrawn"
"""Planned for a file that an undone promotion takes away again; no SHA-256 looks like it."""
