"""Work that is done beside other work, where both leave Python's lock alone for most of the time: SQLite's and BLAS's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Thread
from typing import TypeVar

__all__ = ["ahead"]

T = TypeVar("T")


@contextmanager
def ahead(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Do ``work`` in a thread of its own while inside; what is yielded waits for it and gives or raises what came of it.

    Several may wait, and the work of another thread may be one of them.
    Nothing goes on afterwards, however the block is left: what ``work`` uses may be closed then.
    """
    results: list[T] = []
    troubles: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as trouble:  # noqa: BLE001 - raised again where it is waited for
            troubles.append(trouble)

    thread = Thread(target=run, name="ahead")
    try:
        thread.start()
    except RuntimeError:  # no more threads are to be had
        yield cache(work)
        return

    def result() -> T:
        thread.join()
        if troubles:
            raise troubles[0]
        return results[0]

    try:
        yield result
    finally:
        thread.join()
