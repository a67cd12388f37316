"""Kills the process that it is armed in with SIGKILL at the n-th event that changes something on disk.

Events are seen from outside, by Python's audit hook (links, renames, exchanges, removals, folders) and SQLAlchemy's commit event, so that the code under
test knows nothing of it. With n = 0 it only counts, and prints the number to standard error at the end.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys

__all__ = ["arm"]

LETHAL = {"os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "slipway.rename"}


def arm(wanted: int) -> None:
    """From here on events count, until Python ends."""
    seen, armed = 0, True

    def strike(*_args) -> None:
        nonlocal seen
        if armed:
            seen += 1
            if seen == wanted:
                os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, args) -> None:
        if event in LETHAL and "__pycache__" not in str(args):
            strike()

    def disarm() -> None:
        nonlocal armed
        armed = False
        print(f"events={seen}", file=sys.stderr)

    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    event.listen(Engine, "commit", strike)
    sys.addaudithook(hook)
    atexit.register(disarm)
