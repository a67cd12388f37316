"""The interpreter as a stage wants it that makes values by the thousands."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["busily"]


@contextmanager
def busily() -> Iterator[None]:
    """Has the garbage collector look less often; as before when it is left."""
    before = gc.get_threshold()
    # What is loaded stays, and is not looked at again and again; and what is made seldom forms rings.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
