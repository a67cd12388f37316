"""The interpreter as a stage wants it that makes values by the thousands while threads wait for their turn."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["busily"]

# How long, in seconds, a thread may keep the others from their turn. Those that fetch need it but for a moment, and the
# workers and the hosts wait for them.
TURN_S = 0.001


@contextmanager
def busily() -> Iterator[None]:
    """Has the garbage collector look less often, and threads take turns sooner; both as before when it is left."""
    before, turn = gc.get_threshold(), sys.getswitchinterval()
    # What is loaded stays, and is not looked at again and again; and what is made seldom forms rings.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    sys.setswitchinterval(TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        gc.set_threshold(*before)
        gc.unfreeze()
