"""Runs ``slipway`` and kills it with SIGKILL at the n-th event that changes something on disk.

Events are seen from outside, by Python's audit hook (links, renames, exchanges, removals, folders) and SQLAlchemy's commit event, so that the code under
test knows nothing of it. ``python killer.py N args...``; N = 0 only counts and prints the number to standard error at the end.
"""

from __future__ import annotations

import os
import signal
import sys

LETHAL = {"os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "slipway.rename"}


def main() -> None:
    wanted, seen = int(sys.argv[1]), 0
    armed = True

    def strike(*_args) -> None:
        nonlocal seen
        if armed:
            seen += 1
            if seen == wanted:
                os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, args) -> None:
        if event in LETHAL and "__pycache__" not in str(args):
            strike()

    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    event.listen(Engine, "commit", strike)
    sys.addaudithook(hook)
    from slipway.cli import main as slipway

    try:
        slipway(sys.argv[2:])
    finally:
        armed = False
        print(f"events={seen}", file=sys.stderr)


main()
