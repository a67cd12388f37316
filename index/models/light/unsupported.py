"""What the light ways cannot do: the signal to try the next one."""

from __future__ import annotations

__all__ = ["UnsupportedError"]


class UnsupportedError(Exception):
    """This model cannot be run in this way; the text says why. Never leaves ``index.models``."""
