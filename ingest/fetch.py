"""All sources of a night: one lane for each host, lanes side by side, each source's trouble its own.

::

    lanes = group(specs by host)                  # arXiv's hosts share one
    one thread keeps some of them going at a time
        one feed                                  # asked by that thread itself; what is no plain 304 goes on below
        any other lane: a thread of its own
            for each source of it, one after the other:
                put outcome(fetched | error)      # a SourceError is a value
                a 429 that names a time           # spares the rest of the lane
    yield outcomes as they come                   # anything else is a bug, and is raised
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ingest.one_source import fetch_one, fetched_unchanged, opening_of
from ingest.sources import ARXIV_API, Fetched, FetchState, SourceOutcome, SourceSpec
from ingest.web.client import HttpClient, Limits, Pace
from ingest.web.guard import Resolver, system_resolver
from ingest.web.limiter import Turns, is_arxiv
from ingest.web.opening import Begun
from ingest.web.spelling import ascii_name
from ingest.web.waits import Steps, Waits
from ingest.workers.parser import Parser, Parses
from notes.errors import FetchError, ParseError, SourceError, UnaskedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

__all__ = ["fetch_all", "fetch_one"]

# No host is called so.
_ARXIV_LANE = "arXiv"
_TOGETHER_S = 0.005
_NOTHING_KNOWN = FetchState()
# As most addresses are written: to take them apart by all rules takes ten times as long.
_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]*[a-z0-9-])(?::[0-9]{1,5})?/")


def fetch_all(  # noqa: PLR0913 - what a night rests on, each by name
    specs: Sequence[SourceSpec],
    states: Mapping[str, FetchState],
    *,
    limits: Limits,
    now: datetime,
    workers: int = 8,
    sleep: Callable[[float], None] = time.sleep,
    resolver: Resolver = system_resolver,
    parser: Parses | None = None,
    on_done: Callable[[SourceOutcome], None] | None = None,
) -> Iterator[SourceOutcome]:
    """The outcome of each source, as it is done, in no certain order.

    ``states`` holds what is remembered, by key; ``now`` (aware) is what dates are held against. Documents are parsed by
    ``parser``, or in worker processes that live as long as this call. ``on_done`` is called in the caller's thread, before
    the outcome is given. An exception that is no SourceError is a bug and is raised here. Closing the
    iterator breaks off what is under way, and starts no other source.
    """
    client = HttpClient(limits, sleep=sleep, resolver=resolver)
    with (
        nullcontext(parser) if parser is not None else Parser() as parses,
        closing(Waits[Begun | None](client.clock)) as waits,
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="fetch") as keeper,
    ):
        run = _Run(client, parses, states, now, max(workers, 1), deque(_lanes(specs)), waits)
        try:
            keeper.submit(run.keep_going).add_done_callback(run.queue.put)
            yield from run.outcomes(on_done)
        finally:
            run.stop.set()
            client.give_up()
            waits.wake()


class _Lane(NamedTuple):
    """One host's sources."""

    name: str
    specs: list[SourceSpec]


def _lanes(specs: Sequence[SourceSpec]) -> list[_Lane]:
    lanes: dict[str, list[SourceSpec]] = {}
    for spec in specs:
        lanes.setdefault(_lane_of(spec), []).append(spec)
    # The longest lane first: it is what the night waits for.
    return [_Lane(*lane) for lane in sorted(lanes.items(), key=lambda lane: len(lane[1]), reverse=True)]


def _lane_of(spec: SourceSpec) -> str:
    if spec.kind == "file":
        return f"file:{spec.key}"
    url = spec.url or ARXIV_API
    plain = _PLAIN_HOST.match(url)
    host = plain[1] if plain else _spelled_out(url)
    # The limit of one request in three seconds holds for API, RSS and OAI together.
    if is_arxiv(host):
        return _ARXIV_LANE
    return f"{_ARXIV_LANE} {host}" if spec.kind == "arxiv" else host


def _spelled_out(url: str) -> str:
    """The host of an address, the same however it is spelled; where it has none, it is nobody else's either."""
    host = ""
    try:
        host = urlsplit(url).hostname or ""
        # With the root's dot it is the same host, and so it is under its name in ASCII.
        return str(ip_address(host)) if ":" in host else ascii_name(host).rstrip(".")
    except ValueError:
        return host or url


def _refusal(outcome: SourceOutcome) -> FetchError | None:
    """The error by which a host asks for fewer requests, for some time: its other sources are spared for this run."""
    error = outcome.error
    is_one = isinstance(error, FetchError) and error.status == 429 and error.retry_after is not None
    return error if is_one and isinstance(error, FetchError) else None


def _check_own(fetched: Fetched, spec: SourceSpec) -> None:
    """Raise ParseError where not all items are the source's own: a parser that was taken over may have made them up."""
    if any(item.source != spec.key for item in fetched.items):
        raise ParseError(f"{spec.url or spec.path or spec.key} cannot be read: the parser gave items of another source")


def _spared(spec: SourceSpec, refusal: FetchError) -> SourceOutcome:
    told = "was not asked: its host wants fewer requests"
    return SourceOutcome(spec, None, UnaskedError(told, status=429, retry_after=refusal.retry_after), 0.0)


@dataclass(frozen=True, slots=True)
class _Run:
    """What the lanes of one night share, and the thread that keeps ``at_once`` of them going."""

    client: HttpClient
    parser: Parses
    states: Mapping[str, FetchState]
    now: datetime
    at_once: int
    lanes: deque[_Lane]
    waits: Waits[Begun | None]
    queue: SimpleQueue[SourceOutcome | Future[None]] = field(default_factory=SimpleQueue)
    stop: threading.Event = field(default_factory=threading.Event)
    _begun: dict[Steps[Begun | None], _Lane] = field(default_factory=dict)
    _handed: set[Future[None]] = field(default_factory=set)

    def outcomes(self, on_done: Callable[[SourceOutcome], None] | None) -> Iterator[SourceOutcome]:
        """What the lanes put, until the thread that keeps them going has ended."""
        while True:
            if self.queue.empty():
                # To be woken for each of them takes longer than to look at them: some are let come together.
                time.sleep(_TOGETHER_S)
            arrived = self.queue.get()
            if isinstance(arrived, Future):
                arrived.result()
                return
            if on_done is not None:
                on_done(arrived)
            yield arrived

    def keep_going(self) -> None:
        """One thread's work: lane after lane, until none is left."""
        with ThreadPoolExecutor(max_workers=self.at_once, thread_name_prefix="lane") as pool:
            try:
                while not self.stop.is_set() and (self.lanes or self._begun or self._handed):
                    self._turn(pool)
            finally:
                # After a bug the other lanes stop where they are.
                self.stop.set()

    def _turn(self, pool: ThreadPoolExecutor) -> None:
        """Fill the free places, wait until something has come of one, and see what."""
        while self.lanes and len(self._begun) + len(self._handed) < self.at_once:
            lane = self.lanes.popleft()
            if not self._is_begun(lane):
                self._hand(pool, lane)
        for steps, begun in self.waits.ended():
            lane = self._begun.pop(steps)
            if begun is None or not self._is_unchanged(lane, begun):
                self._hand(pool, lane, begun)
        for future in [future for future in self._handed if future.done()]:
            self._handed.remove(future)
            future.result()

    def _hand(self, pool: ThreadPoolExecutor, lane: _Lane, begun: Begun | None = None) -> None:
        future = pool.submit(self._lane, lane, begun)
        self._handed.add(future)
        future.add_done_callback(lambda _: self.waits.wake())

    def _is_begun(self, lane: _Lane) -> bool:
        """Whether the lane is one feed, that is now asked for without a thread of its own."""
        (spec, *more) = lane.specs
        try:
            opening = None if more else opening_of(spec, self._state(spec), self.client)
        except SourceError:
            # It is raised again where it belongs.
            return False
        if opening is not None:
            self._begun[steps := opening.steps()] = lane
            self.waits.begin(steps)
        return opening is not None

    def _is_unchanged(self, lane: _Lane, begun: Begun) -> bool:
        """Whether the feed has not changed, as is then told."""
        (spec,) = lane.specs
        fetched = fetched_unchanged(begun, self._state(spec), now=self.now)
        if fetched is not None:
            self.queue.put(SourceOutcome(spec, fetched, None, self.client.clock() - begun.started))
        return fetched is not None

    def _lane(self, lane: _Lane, begun: Begun | None) -> None:
        """One host's sources, one after the other, in a thread of its own; the first exchange may have begun."""
        at_arxiv = lane.name.startswith(_ARXIV_LANE)
        pace = self.client.arxiv if at_arxiv else Pace(self.client.limits.pause_s, self.client.sleep, self.client.clock)
        refusal: FetchError | None = None
        with nullcontext() if begun is None else closing(begun):
            for spec in lane.specs:
                if self.stop.is_set():
                    return
                outcome = self._outcome(spec, pace, begun) if refusal is None else _spared(spec, refusal)
                refusal, begun = refusal or _refusal(outcome), None
                self.queue.put(outcome)

    def _outcome(self, spec: SourceSpec, pace: Turns, begun: Begun | None) -> SourceOutcome:
        started = self.client.clock() if begun is None else begun.started
        fetched, trouble = None, None
        try:
            fetched = fetch_one(
                spec,
                self._state(spec),
                client=self.client,
                pace=pace,
                now=self.now,
                parser=self.parser,
                begun=begun,
            )
            _check_own(fetched, spec)
        except SourceError as error:
            fetched, trouble = None, error
        if fetched is not None and pace is self.client.arxiv and self.client.arxiv.trouble:
            fetched = replace(fetched, warnings=(*fetched.warnings, self.client.arxiv.trouble))
        return SourceOutcome(spec, fetched, trouble, self.client.clock() - started)

    def _state(self, spec: SourceSpec) -> FetchState:
        return self.states.get(spec.key, _NOTHING_KNOWN)
