"""All sources of a night: one lane for each host, lanes side by side, each source's trouble its own.

::

    lanes = group(specs by host)              # arXiv's hosts share one
    in each of some threads, for each lane that is left:
        for each source of it, one after the other:
            put outcome(fetched | error)      # a SourceError is a value
            a 429 that names a time           # spares the rest of the lane
    yield outcomes as they come               # anything else is a bug, and is raised
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC
from queue import SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.arxiv.night import fetch_arxiv
from ingest.feeds.hints import header_hints, joined
from ingest.sources import ARXIV_API, Fetched, FetchState, Hints, SourceOutcome, SourceSpec
from ingest.web.client import HttpClient, Limits, Pace, Response
from ingest.web.guard import Resolver, system_resolver
from ingest.web.limiter import Turns, is_arxiv
from ingest.workers.parser import Parser, Parses
from notes.errors import FetchError, SourceError, UnaskedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ingest.feeds.document import ParsedFeed

__all__ = ["fetch_all", "fetch_one"]

# No host is called so.
_ARXIV_LANE = "arXiv"
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1024}")
_TAIL_BYTES, _USUAL_TAIL = 16_384, 64
_TOGETHER_S = 0.005
_ROOT_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)\b|(?:/|</channel\s*)>\Z", re.IGNORECASE)


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
    iterator lets each lane finish the source it is at, and starts no other.
    """
    client = HttpClient(limits, sleep=sleep, resolver=resolver)
    with (
        nullcontext(parser) if parser is not None else Parser() as parses,
        ThreadPoolExecutor(max_workers=max(workers, 1), thread_name_prefix="fetch") as pool,
    ):
        lanes = _lanes(specs)
        run = _Run(client, parses, states, now, deque(lanes), SimpleQueue(), threading.Event())
        futures = [pool.submit(run.lanes_left) for _ in range(min(max(workers, 1), len(lanes)))]
        try:
            for future in futures:
                future.add_done_callback(run.finished)
            yield from run.outcomes(len(futures), on_done)
        finally:
            run.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def fetch_one(
    spec: SourceSpec, state: FetchState, *, client: HttpClient, pace: Turns, now: datetime, parser: Parses
) -> Fetched:
    """One source's documents, read. Raises SourceError."""
    if spec.kind == "file":
        from ingest.files.folder import fetch_path

        return fetch_path(spec, state, now=now, max_bytes=client.limits.max_bytes, parser=parser)
    if spec.kind == "websearch":
        from ingest.search.websearch import fetch_websearch

        return fetch_websearch(spec, state, client=client, pace=pace, now=now)
    if spec.kind == "arxiv":
        return fetch_arxiv(spec, state, client=client, pace=pace, now=now)
    return _fetch_feed(spec, state, client=client, pace=pace, now=now, parser=parser)


def _fetch_feed(
    spec: SourceSpec, state: FetchState, *, client: HttpClient, pace: Turns, now: datetime, parser: Parses
) -> Fetched:
    response = client.get(spec.url, headers=_conditions(state), allow=spec.allow, pace=pace).require_ok()
    hints, moved_to = header_hints(response.headers, now=now), response.moved_permanently_to
    if response.status == 304:
        return Fetched((), _confirmed(response, state), True, (), response.url, hints, moved_to)
    digest = hashlib.sha256(response.body).hexdigest()
    # They belong to the address that was asked; behind a redirect they would be held against another document.
    remembered = FetchState(body_sha256=digest) if response.hops else _remembered(response, digest)
    if digest == state.body_sha256:
        return Fetched((), remembered, True, (), response.url, hints, moved_to)
    content_type = response.headers.get("content-type", "")
    # What a new source sends is new; of an old one it is an entry or two, and their sketches are drawn when they are stored.
    feed = parser.parse(
        response.body,
        spec=spec,
        base_url=response.url,
        content_type=content_type,
        now=now,
        sketches=state.last_ok is None,
    )
    hints = joined(hints, feed.hints)
    doubt = _doubt(response.body, feed, state, hints, now)
    # Validators stand for "this was read whole"; the old ones make the next night ask anew.
    kept = state if doubt else remembered
    return Fetched(feed.items, kept, False, feed.warnings + doubt, response.url, hints, moved_to, feed.sketches)


def _doubt(body: bytes, feed: ParsedFeed, state: FetchState, hints: Hints, now: datetime) -> tuple[str, ...]:
    """Why the document may not be all there was to read, as a warning; empty when it may be believed."""
    if not feed.items and state.body_sha256 and now.astimezone(UTC).weekday() not in hints.skip_days:
        return ("the feed holds no entries any more; what it held before is kept",)
    if not _is_whole(body):
        return ("the document breaks off before its end; it is asked for anew next time",)
    return ()


def _is_whole(body: bytes) -> bool:
    """Whether the document ends as it should: a connection closed early looks, without a length, like an end.

    What stands behind the root's end (a cache's comment, a script of the host) is let pass; ``CHANNEL`` is the root of
    CDF. The bytes of UTF-16 are read
    without their zeros.
    """
    tail = body[-_TAIL_BYTES:].replace(b"\0", b"").rstrip()
    return tail.endswith((b"}", b"]")) or bool(_ROOT_END.search(tail[-_USUAL_TAIL:]) or _ROOT_END.search(tail))


def _conditions(state: FetchState) -> dict[str, str]:
    """The headers of a conditional GET (RFC 9110 §13.1); servers let the ETag outrank the date."""
    pairs = (("if-none-match", state.etag), ("if-modified-since", state.last_modified))
    return {name: value for name, value in pairs if value}


def _remembered(response: Response, digest: str) -> FetchState:
    """The validators of a document that was read."""
    return FetchState(
        etag=_validator(response, "etag"), last_modified=_validator(response, "last-modified"), body_sha256=digest
    )


def _confirmed(response: Response, asked: FetchState) -> FetchState:
    """What a 304 leaves: the validators that were sent, which alone stand for entries that were read.

    Below an ETag, which outranks it, the date may be a new one (RFC 9111 §4.3.4). Raises FetchError for a 304 that
    nobody asked for: there is nothing read that it could stand for.
    """
    if not _conditions(asked) or not asked.body_sha256:
        raise FetchError(f"{response.url} answered 304 to a request without a condition", status=304)
    fresh = _validator(response, "last-modified") if asked.etag else ""
    return FetchState(etag=asked.etag, last_modified=fresh or asked.last_modified, body_sha256=asked.body_sha256)


def _validator(response: Response, name: str) -> str:
    value = response.headers.get(name, "")
    # It is sent back one day: nothing that breaks a header is kept.
    return value if _VALIDATOR.fullmatch(value) else ""


def _lanes(specs: Sequence[SourceSpec]) -> list[tuple[str, list[SourceSpec]]]:
    """The sources by the name of their lane."""
    lanes: dict[str, list[SourceSpec]] = {}
    for spec in specs:
        lanes.setdefault(_lane_of(spec), []).append(spec)
    # The longest lane first: it is what the night waits for.
    return sorted(lanes.items(), key=lambda lane: len(lane[1]), reverse=True)


def _lane_of(spec: SourceSpec) -> str:
    if spec.kind == "file":
        return f"file:{spec.key}"
    try:
        host = urlsplit(spec.url or ARXIV_API).hostname or ""
    except ValueError:
        host = spec.url
    # The limit of one request in three seconds holds for API, RSS and OAI together.
    if is_arxiv(host):
        return _ARXIV_LANE
    return f"{_ARXIV_LANE} {host}" if spec.kind == "arxiv" else host


def _refusal(outcome: SourceOutcome) -> FetchError | None:
    """The error by which a host asks for fewer requests, for some time: its other sources are spared for this run."""
    error = outcome.error
    is_one = isinstance(error, FetchError) and error.status == 429 and error.retry_after is not None
    return error if is_one and isinstance(error, FetchError) else None


def _spared(spec: SourceSpec, refusal: FetchError) -> SourceOutcome:
    told = "was not asked: its host wants fewer requests"
    return SourceOutcome(spec, None, UnaskedError(told, status=429, retry_after=refusal.retry_after), 0.0)


@dataclass(frozen=True, slots=True)
class _Run:
    """What the lanes of one night share."""

    client: HttpClient
    parser: Parses
    states: Mapping[str, FetchState]
    now: datetime
    lanes: deque[tuple[str, list[SourceSpec]]]
    queue: SimpleQueue[SourceOutcome | Future[None]]
    stop: threading.Event

    def lanes_left(self) -> None:
        """One thread's work: lane after lane, until none is left."""
        while not self.stop.is_set():
            try:
                name, specs = self.lanes.popleft()
            except IndexError:
                return
            self.lane(name, specs)

    def lane(self, name: str, specs: list[SourceSpec]) -> None:
        """One host's sources, one after the other."""
        limits = self.client.limits
        at_arxiv = name.startswith(_ARXIV_LANE)
        pace = self.client.arxiv if at_arxiv else Pace(limits.pause_s, self.client.sleep, self.client.clock)
        refusal: FetchError | None = None
        for spec in specs:
            if self.stop.is_set():
                return
            outcome = self._outcome(spec, pace) if refusal is None else _spared(spec, refusal)
            refusal = refusal or _refusal(outcome)
            self.queue.put(outcome)

    def finished(self, future: Future[None]) -> None:
        """Tells the caller that a thread has ended, well or with a bug."""
        self.queue.put(future)

    def outcomes(self, threads: int, on_done: Callable[[SourceOutcome], None] | None) -> Iterator[SourceOutcome]:
        """What the lanes put, until all threads have ended."""
        while threads:
            if self.queue.empty():
                # To be woken for each of them takes longer than to look at them: some are let come together.
                time.sleep(_TOGETHER_S)
            arrived = self.queue.get()
            if isinstance(arrived, Future):
                arrived.result()
                threads -= 1
                continue
            if on_done is not None:
                on_done(arrived)
            yield arrived

    def _outcome(self, spec: SourceSpec, pace: Turns) -> SourceOutcome:
        started = self.client.clock()
        fetched, trouble = None, None
        try:
            state = self.states.get(spec.key, FetchState())
            fetched = fetch_one(spec, state, client=self.client, pace=pace, now=self.now, parser=self.parser)
        except SourceError as error:
            trouble = error
        if fetched is not None and pace is self.client.arxiv and self.client.arxiv.trouble:
            fetched = replace(fetched, warnings=(*fetched.warnings, self.client.arxiv.trouble))
        return SourceOutcome(spec, fetched, trouble, self.client.clock() - started)
