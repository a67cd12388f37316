"""The server in a thread of its own, beside whatever else the process does."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from notes.errors import SlipwayError

if TYPE_CHECKING:
    from slipway.warm.server import Server

__all__ = ["answered"]

# A single query is a product of one vector: threads that have to be woken for it cost more than they bring.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_ENDS_WITHIN = 10.0

_TURN = 0.0005
"""Seconds for which a thread may keep Python's lock while another wants it.

Encoding a query is hundreds of short products, after each of which the look-up of words may have the lock: at the usual
5 ms an answer took a third longer on busy cores.
"""


@contextmanager
def answered(config: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Answer searches over the configuration while inside; raises SlipwayError when that cannot be done here.

    ``say`` tells the user what happens; it must not write to ``sys.stderr`` as it stands at that moment, which may be a client's.
    """
    if os.name != "posix":
        raise SlipwayError("this system has no Unix sockets")
    from slipway.warm.listening import bound
    from slipway.warm.server import Server

    for name in _THREADS:
        os.environ.setdefault(name, "1")
    with ExitStack() as inside:
        try:
            path, listener = inside.enter_context(bound(config))
        except OSError as error:
            raise SlipwayError(f"no socket can be made: {error}") from error
        server = Server(listener)
        thread = threading.Thread(target=_answer, args=(server, listener, config, path, say), daemon=True)
        thread.start()
        inside.callback(thread.join, _ENDS_WITHIN)
        inside.callback(server.stop)
        yield


def _answer(server: Server, listener: socket.socket, config: Path, path: Path, say: Callable[[str], None]) -> None:
    """The thread: everything that is kept is opened, used and closed in it, as SQLite wants."""
    from slipway.warm.answering import Answering
    from slipway.warm.keeping import Kept

    sys.setswitchinterval(_TURN)
    with closing(Answering(Kept(config), say)) as answering:
        answering.warm_up()
        # Only now: whoever came earlier was refused at once, and did not wait for a model to load.
        listener.listen(128)
        say(f"answering searches on {path}")
        server.run(answering.answer)
