"""Whether a file is being written by another program, asked of the system before what is thought settled is unlinked."""

from __future__ import annotations

import sys

__all__ = ["is_being_written"]


def is_being_written(descriptor: int) -> bool:
    """Whether somebody has this open file open for writing; False where the system cannot tell.

    Linux grants a read lease only on a file that nobody has open for writing (man 2 fcntl, F_SETLEASE).
    """
    if sys.platform != "linux":
        return False
    import fcntl
    import signal

    try:
        # Breaking a lease sends SIGIO, which would end the process; SIGURG is ignored.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:  # somebody else's file, or a file system without leases
        return False
    return False
