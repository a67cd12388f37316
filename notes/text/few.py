"""Of many names the first few, and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["first_few"]

_MOST = 5


def first_few(names: Sequence[str]) -> str:
    """``a, b, c``; of more than five the first, and how many are left: ``a, b, c, d, e and 7 more``."""
    left = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {left} more" if left > 0 else "")
