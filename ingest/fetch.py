"""All sources of a night: one lane for each host, lanes side by side, each source's trouble its own.

::

    lanes = group(specs by host)              # arXiv's hosts share one
    for each lane, in a pool of threads:
        for each source of it, one after the other:
            put outcome(fetched | error)      # a SourceError is a value
    yield outcomes as they come               # anything else is a bug, and is raised
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.arxiv import fetch_arxiv
from ingest.client import HttpClient, Limits, Pace, Response
from ingest.feeds import parse
from ingest.files import fetch_file
from ingest.guard import Resolver, system_resolver
from ingest.sources import ARXIV_API, Fetched, FetchState, SourceOutcome, SourceSpec
from notes.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

__all__ = ["fetch_all", "fetch_one"]

# No host is called so.
_ARXIV_LANE = "arXiv"
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1024}")


def fetch_all(
    specs: Sequence[SourceSpec],
    states: Mapping[str, FetchState],
    *,
    limits: Limits,
    now: datetime,
    workers: int = 8,
    sleep: Callable[[float], None] = time.sleep,
    resolver: Resolver = system_resolver,
    on_done: Callable[[SourceOutcome], None] | None = None,
) -> Iterator[SourceOutcome]:
    """The outcome of each source, as it is done, in no certain order.

    ``states`` holds what is remembered, by key; ``now`` (aware) is what dates are held against. ``on_done``
    is called in the caller's thread, before the outcome is given. An exception that is no SourceError is a bug and is
    raised here. Closing the iterator lets each lane finish the source it is at, and starts no other.
    """
    client = HttpClient(limits, sleep=sleep, resolver=resolver)
    run = _Run(client, states, now, SimpleQueue(), threading.Event())
    with ThreadPoolExecutor(max_workers=max(workers, 1), thread_name_prefix="fetch") as pool:
        futures = [pool.submit(run.lane, lane) for lane in _lanes(specs)]
        try:
            for future in futures:
                future.add_done_callback(run.finished)
            yield from run.outcomes(len(futures), on_done)
        finally:
            run.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def fetch_one(spec: SourceSpec, state: FetchState, *, client: HttpClient, pace: Pace, now: datetime) -> Fetched:
    """One source's documents, read. Raises SourceError."""
    if spec.kind == "file":
        return fetch_file(spec, state, now=now, max_bytes=client.limits.max_bytes)
    if spec.kind == "arxiv":
        return fetch_arxiv(spec, state, client=client, pace=pace, now=now)
    return _fetch_feed(spec, state, client=client, pace=pace, now=now)


def _fetch_feed(spec: SourceSpec, state: FetchState, *, client: HttpClient, pace: Pace, now: datetime) -> Fetched:
    response = client.get(spec.url, headers=_conditions(state), allow=spec.allow, pace=pace).require_ok()
    if response.status == 304:
        return Fetched((), _remembered(response, state.body_sha256, state), True, (), response.url)
    digest = hashlib.sha256(response.body).hexdigest()
    remembered = _remembered(response, digest, FetchState())
    if digest == state.body_sha256:
        return Fetched((), remembered, True, (), response.url)
    content_type = response.headers.get("content-type", "")
    feed = parse(response.body, spec=spec, base_url=response.url, content_type=content_type, now=now)
    return Fetched(feed.items, remembered, False, feed.warnings, response.url)


def _conditions(state: FetchState) -> dict[str, str]:
    """The headers of a conditional GET (RFC 9110 §13.1); servers let the ETag outrank the date."""
    pairs = (("if-none-match", state.etag), ("if-modified-since", state.last_modified))
    return {name: value for name, value in pairs if value}


def _remembered(response: Response, digest: str, before: FetchState) -> FetchState:
    """The validators of this answer; a 304 keeps those it does not name anew (RFC 9111 §4.3.4)."""
    return FetchState(
        etag=_validator(response, "etag") or before.etag,
        last_modified=_validator(response, "last-modified") or before.last_modified,
        body_sha256=digest,
    )


def _validator(response: Response, name: str) -> str:
    value = response.headers.get(name, "")
    # It is sent back one day: nothing that breaks a header is kept.
    return value if _VALIDATOR.fullmatch(value) else ""


def _lanes(specs: Sequence[SourceSpec]) -> list[list[SourceSpec]]:
    lanes: dict[str, list[SourceSpec]] = {}
    for spec in specs:
        lanes.setdefault(_lane_of(spec), []).append(spec)
    # The longest lane first: it is what the night waits for.
    return sorted(lanes.values(), key=len, reverse=True)


def _lane_of(spec: SourceSpec) -> str:
    if spec.kind == "file":
        return f"file:{spec.key}"
    try:
        host = urlsplit(spec.url or ARXIV_API).hostname or ""
    except ValueError:
        host = spec.url
    if _is_arxiv(host):
        return _ARXIV_LANE
    return f"{_ARXIV_LANE} {host}" if spec.kind == "arxiv" else host


def _is_arxiv(host: str) -> bool:
    # The limit of one request in three seconds holds for API, RSS and OAI together.
    return host == "arxiv.org" or host.endswith(".arxiv.org")


@dataclass(frozen=True, slots=True)
class _Run:
    """What the lanes of one night share."""

    client: HttpClient
    states: Mapping[str, FetchState]
    now: datetime
    queue: SimpleQueue[SourceOutcome | Future[None]]
    stop: threading.Event

    def lane(self, specs: list[SourceSpec]) -> None:
        """One host's sources, one after the other."""
        limits = self.client.limits
        is_arxiv = _lane_of(specs[0]).startswith(_ARXIV_LANE)
        pace = Pace(limits.arxiv_pause_s if is_arxiv else limits.pause_s, self.client.sleep, self.client.clock)
        for spec in specs:
            if self.stop.is_set():
                return
            self.queue.put(self._outcome(spec, pace))

    def finished(self, future: Future[None]) -> None:
        """Tells the caller that a lane has ended, well or with a bug."""
        self.queue.put(future)

    def outcomes(self, lanes: int, on_done: Callable[[SourceOutcome], None] | None) -> Iterator[SourceOutcome]:
        """What the lanes put, until all have ended."""
        while lanes:
            arrived = self.queue.get()
            if isinstance(arrived, Future):
                arrived.result()
                lanes -= 1
                continue
            if on_done is not None:
                on_done(arrived)
            yield arrived

    def _outcome(self, spec: SourceSpec, pace: Pace) -> SourceOutcome:
        started = self.client.clock()
        fetched, trouble = None, None
        try:
            fetched = fetch_one(
                spec, self.states.get(spec.key, FetchState()), client=self.client, pace=pace, now=self.now
            )
        except SourceError as error:
            trouble = error
        return SourceOutcome(spec, fetched, trouble, self.client.clock() - started)
