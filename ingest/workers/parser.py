"""Parsing where it can be stopped: in processes of its own, each document under a limit of time and of memory.

::

    take a worker                        # start one where there is none, or one has to wait for long
    send (function, arguments)           # it may still be at the document before
    receive (value | error)              # a clock runs, and kills the worker when it is over
    killed, or dead of itself            # an error of this document alone: the others get a new worker

A worker is a ``python -c`` at the other end of two pipes, no child of :mod:`multiprocessing`: that one would run the
user's main program again, leave semaphores behind, and die noisily of Ctrl-C. It keeps apart what breaks by accident
(stalls, memory, crashes of C code); it is no jail for code that means harm.
"""

from __future__ import annotations

import os
import pickle
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from ingest.workers.answers import Answer, given_by, is_well
from ingest.workers.crew import Crew, end_all
from ingest.workers.process import AT_ONCE, Worker
from ingest.workers.watch import Watch
from ingest.workers.workbench import unforeseen
from notes.errors import SourceError

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from ingest.feeds.document import ParsedFeed
    from ingest.sources import SourceSpec

__all__ = ["InProcess", "Parser", "ParserLimits", "Parses"]


@dataclass(frozen=True, slots=True)
class ParserLimits:
    """What one document may take: ``seconds`` of wall clock, ``memory_mb`` beyond what a fresh worker needs.

    ``workers`` processes at most; 0 is one for each core, but no more than two. There is one more while a document is asked
    of again that met its end in a used one. Where the system knows no limit of memory (Windows), only the one of time holds.
    """

    seconds: float = 20.0
    memory_mb: int = 1024
    workers: int = 0

    @property
    def processes(self) -> int:
        """How many workers there are at most."""
        return self.workers or min(2, os.cpu_count() or 1)


class Parses(Protocol):
    """Who parses documents: :class:`Parser` in processes of its own, or :class:`InProcess`."""

    def parse(
        self,
        body: bytes,
        *,
        spec: SourceSpec,
        base_url: str,
        now: datetime,
        content_type: str = "",
        sketches: bool = False,
    ) -> ParsedFeed:
        """What :func:`ingest.feeds.document.parse` gives. Raises SourceError, and nothing else."""

    def call(self, function: Callable[..., Any], /, *arguments: Any, what: str, **keywords: Any) -> Any:
        """What the function gives; ``what`` names the document in errors. Raises SourceError, and nothing else."""


class _Parsing:
    """What both have in common: a feed is parsed by a call like any other."""

    def parse(
        self,
        body: bytes,
        *,
        spec: SourceSpec,
        base_url: str,
        now: datetime,
        content_type: str = "",
        sketches: bool = False,
    ) -> ParsedFeed:
        """The items of a feed document, as :func:`ingest.feeds.document.parse` reads them. Raises SourceError."""
        from ingest.feeds.document import parse

        what = base_url or str(spec.path or spec.key)
        feed: ParsedFeed = self.call(
            parse,
            body,
            spec=spec,
            base_url=base_url,
            now=now,
            content_type=content_type,
            sketches=sketches,
            what=what,
        )
        return feed

    def call(self, function: Callable[..., Any], /, *arguments: Any, what: str, **keywords: Any) -> Any:
        raise NotImplementedError


class InProcess(_Parsing):
    """Parses right here, where nothing can be stopped: for tests."""

    def call(self, function: Callable[..., Any], /, *arguments: Any, what: str, **keywords: Any) -> Any:
        """What the function gives. Raises SourceError, which stands for any other exception too."""
        try:
            return function(*arguments, **keywords)
        except SourceError:
            raise
        except Exception as error:
            raise unforeseen(error, what) from error


class Parser(_Parsing):
    """A few worker processes, started when a document needs one; threads may share it.

    Ends them when it is closed, is left as a context, is forgotten, or the program ends; after a
    close it may be used again.
    """

    def __init__(self, limits: ParserLimits | None = None) -> None:
        self.limits = limits or ParserLimits()
        self._crew = Crew(self.limits.processes, partial(Worker, self.limits.memory_mb, self.limits.seconds, Watch()))
        self._asked_again = Lock()
        self._finalizer = weakref.finalize(self, end_all, self._crew.alive)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the workers, each when it has done the documents that it has."""
        self._crew.close()

    def call(self, function: Callable[..., Any], /, *arguments: Any, what: str, **keywords: Any) -> Any:
        """What the function gives, called in a worker; it is known by its name, and what goes in is pickled.

        What comes out is plain values and tuples of them, or what the function's annotation says, if that is a kind of
        value that :mod:`ingest.workers.answers` knows. ``what`` names the document in errors. Raises SourceError: the
        function's own, or ParseError for any other exception, for too much time or memory, and for a worker that died.
        """
        try:
            request = pickle.dumps((function, arguments, keywords, what))
        except Exception as error:
            raise unforeseen(error, what) from error
        answer = self._answered(request, what, given_by(function))
        if answer.error is not None:
            raise answer.error
        return answer.value

    def _answered(self, request: bytes, what: str, kind: str) -> Answer:
        """The answer; a document that met its end in a used worker is asked of a fresh one, once.

        What came before may have left the used one short of memory, or damaged, or may have been what it died of.
        """
        worker = self._crew.take()
        is_back = False
        try:
            sent = worker.ask(request, self.limits.seconds)
            if sent.body is not None and worker.may_go_on and is_well(sent.body):
                # The next document need not wait until this one's answer is taken apart.
                self._crew.give(worker)
                is_back = True
            answer = worker.told(sent, self.limits.seconds, what, kind)
        finally:
            if not is_back:
                self._crew.give(worker)
        return self._asked_anew(request, what, kind) if answer.is_spent and not sent.is_first else answer

    def _asked_anew(self, request: bytes, what: str, kind: str) -> Answer:
        with self._asked_again:
            worker = self._crew.fresh()
            try:
                return worker.told(worker.ask(request, self.limits.seconds), self.limits.seconds, what, kind)
            finally:
                self._crew.give(worker, AT_ONCE)
