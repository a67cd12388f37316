"""Fetching one document over HTTP: guarded, bounded in time and size, patient with servers that ask for it."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx

from ingest.web.errand import Errand, lowered, opened
from ingest.web.guard import Allowance, Resolver, Target, allowance, system_resolver, target_of
from ingest.web.inflate import gunzipped, is_gzip, limited
from ingest.web.limiter import ARXIV_PAUSE_S, ArxivTurns, Turns, is_arxiv
from ingest.web.proxy import proxies_of
from ingest.web.response import Hop, Response
from ingest.web.transport import Answer, Request, Transport
from notes.errors import FetchError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType
    from typing import Self

    from ingest.web.opening import Begun, Opening

__all__ = ["Hop", "HttpClient", "Limits", "Pace", "Response"]

_REDIRECTS = {301, 302, 303, 307, 308}
_REDIRECTS_THAT_KEEP_THE_METHOD = {307, 308}
# A 304 has none (RFC 9110 §15.4.5), and what a redirect's says is for people.
_BODY_UNREAD = _REDIRECTS | {304}
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how much, how often, and how the network is reached. Times in seconds.

    ``total_s`` bounds one attempt with all its redirects. ``retries`` are attempts after the first, with
    pauses of ``backoff_s``, twice that, and so on, or what the server's Retry-After says up to ``retry_after_max_s``.
    ``pause_s`` is the least time between the starts of two requests to one host, ``arxiv_pause_s`` the same to arXiv.
    ``max_bytes`` counts before and after unpacking.

    ``proxy`` is '' for none, whatever the environment says; ``environment``; or an address (see
    :func:`ingest.web.proxy.proxies_of`). ``allow`` opens address ranges to every request, redirects and links among them:
    it is for those who sit behind a TUN proxy that answers every name with 198.18.0.0/15. What then stands behind
    such an address only that proxy knows. Names of the local network it does not open; a source's own ``allow`` does.
    """

    connect_s: float = 10.0
    read_s: float = 20.0
    total_s: float = 60.0
    max_bytes: int = 16 * 2**20
    max_redirects: int = 5
    retries: int = 2
    backoff_s: float = 1.0
    retry_after_max_s: float = 60.0
    pause_s: float = 0.2
    arxiv_pause_s: float = ARXIV_PAUSE_S
    user_agent: str = "Slipway (feed reader)"
    proxy: str = field(default="", repr=False)
    allow: tuple[str, ...] = ()


@dataclass(slots=True)
class Pace:
    """Keeps the starts of requests ``pause_s`` apart; for one lane, which is one thread's."""

    pause_s: float
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _last: float | None = field(default=None, init=False)

    def wait(self) -> None:
        """Returns when the next request may start."""
        if self._last is not None and (left := self._last + self.pause_s - self.clock()) > 0:
            self.sleep(left)
        self._last = self.clock()

    def turn(self) -> Self:
        """Entered around a request; a lane is one thread's, so that nobody else's request need be kept out."""
        return self

    def __enter__(self) -> None:
        self.wait()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass


class HttpClient:
    """Fetches documents. Holds no connection between requests, so that threads may share it.

    Raises ConfigError where ``limits.proxy`` or ``limits.allow`` cannot be read.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        resolver: Resolver = system_resolver,
    ) -> None:
        self.limits = limits or Limits()
        self.sleep = sleep
        self.clock = clock
        self.arxiv = ArxivTurns(self.limits.arxiv_pause_s, sleep=sleep)
        self._open_to_all = allowance(self.limits.allow)
        self._always = {"user-agent": self.limits.user_agent, "accept-encoding": "gzip, deflate"}
        self._for_documents = (*self._always.items(), ("accept", _ACCEPT))
        self._given_up = threading.Event()
        self._transport = Transport(
            resolver=resolver,
            clock=self._moment,
            proxies=proxies_of(self.limits.proxy),
            connect_s=self.limits.connect_s,
            read_s=self.limits.read_s,
        )

    def give_up(self) -> None:
        """Break off what is under way, from any thread: its time is over with the next bytes that come or fail to."""
        self._given_up.set()

    def _moment(self) -> float:
        return inf if self._given_up.is_set() else self.clock()

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        allow: tuple[str, ...] = (),
        pace: Turns | None = None,
        total_s: float | None = None,
        begun: Begun | None = None,
    ) -> Response:
        """The answer, of whatever status, after redirects and retries; a body under ``max_bytes``.

        ``allow`` opens ranges to this address and its redirects to the same place. Of ``headers`` only those of
        content negotiation and validation go along to another place. ``total_s`` stands for the limit of the same name
        and for ``read_s``. ``begun`` is the exchange with this address as :meth:`opening` began it. Raises RefusedError where
        the guard says no, at any hop, and FetchError where no answer came or the body is too large or damaged.
        """
        if begun is not None and (whole := begun.document(self.limits.max_bytes)) is not None:
            return whole
        sent = {"accept": _ACCEPT, **lowered(headers)}
        limit = self.limits.total_s if total_s is None else total_s
        errand = Errand(url, sent, opened(allow), self._pace(pace), limit, read_s=total_s, begun=begun)
        return self._settled(errand)

    def opening(self, url: str, *, headers: Mapping[str, str], allow: tuple[str, ...] = ()) -> Opening | None:
        """The steps to the first bytes of the answer to :meth:`get`; None where the way there is not a plain one.

        ``headers`` are conditions alone, in lower case. arXiv has its turns, and a proxy its own words. Raises RefusedError
        as :meth:`get` does.
        """
        allowed = opened(allow) + self._open_to_all
        target = target_of(url, allowed, local_names=bool(allow))
        if is_arxiv(target.host):
            return None
        request = Request(target, tuple(headers.items()), shared=self._for_documents)
        return self._transport.opening(request, allowed, self.limits.total_s)

    def post_json(
        self,
        url: str,
        document: Mapping[str, object],
        *,
        headers: Mapping[str, str] | None = None,
        allow: tuple[str, ...] = (),
        pace: Turns | None = None,
        total_s: float | None = None,
    ) -> Response:
        """The answer to a JSON document, of whatever status, under the guards of :meth:`get`.

        What was sent may have been paid for: it is sent again only where no connection was made, or where a 429 or 503
        names a time. Only a 307 or 308 to the same place is followed. ``total_s`` stands for the limit of the
        same name and for ``read_s``. Raises as :meth:`get`; no message holds ``headers`` or ``document``.
        """
        sent = {"accept": "application/json", "content-type": "application/json", **lowered(headers)}
        content = json.dumps(document, ensure_ascii=False).encode()
        limit = self.limits.total_s if total_s is None else total_s
        return self._settled(Errand(url, sent, opened(allow), self._pace(pace), limit, content, read_s=total_s))

    def _pace(self, pace: Turns | None) -> Turns:
        return pace or Pace(0.0, self.sleep, self.clock)

    def _settled(self, errand: Errand) -> Response:
        """The answer of the first attempt that is not worth another."""
        for attempt in range(self.limits.retries + 1):
            is_last = attempt == self.limits.retries
            pause = self.limits.backoff_s * 2**attempt
            try:
                response = self._attempt(errand)
            except httpx.TransportError as error:
                if is_last or self._given_up.is_set() or not errand.may_follow(error):
                    raise _no_answer(errand.url, error) from error
            else:
                pause = max(pause, response.retry_after or 0.0)
                if is_last or not errand.is_worth_more(response) or pause > self.limits.retry_after_max_s:
                    return response
            self.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, errand: Errand) -> Response:
        answered: list[int] = []
        try:
            return self._way(errand, answered)
        except RefusedError as error:
            # Only what was refused at once cost nobody a request.
            error.was_asked = bool(answered)
            raise

    def _way(self, errand: Errand, answered: list[int]) -> Response:
        """One way through the redirects, under one deadline; ``answered`` takes the statuses on the way."""
        deadline = self.clock() + errand.total_s if errand.begun is None else errand.begun.deadline
        allowed = errand.allowed + self._open_to_all
        first = target = target_of(errand.url, allowed, local_names=bool(errand.allowed))
        hops: list[Hop] = []
        while len(hops) <= self.limits.max_redirects:
            # What the user opened for a source is not opened for whomever it points to.
            open_here = allowed if first.is_same_place(target) else self._open_to_all
            asked = self.clock()
            # Whoever asks, and by whatever redirect: arXiv has one turn for the machine.
            with (self.arxiv if is_arxiv(target.host) else errand.pace).turn():
                # Waiting for others is not the server's slowness.
                deadline += self.clock() - asked
                response = self._exchange(errand, target, first, open_here, deadline)
            answered.append(response.status)
            if response.status not in _REDIRECTS:
                return Response(response.status, response.headers, response.body, response.url, tuple(hops))
            target = self._next_hop(errand, response, first, allowed)
            hops.append(Hop(response.status, target.url))
        raise FetchError(f"{first.url} redirects more than {self.limits.max_redirects} times")

    def _exchange(self, errand: Errand, target: Target, first: Target, allowed: Allowance, deadline: float) -> Response:
        request, begun = self._request(target, errand.headers_for(first, target), errand.content), errand.take_begun()
        with self._transport.send(request, allowed, deadline, read_s=errand.read_s, begun=begun) as answer:
            body = b"" if answer.status in _BODY_UNREAD else self._body(answer)
            return Response(answer.status, answer.headers, body, target.url)

    def _request(self, target: Target, headers: Mapping[str, str], content: bytes | None = None) -> Request:
        sent = {**self._always, **headers}
        return Request(target, tuple(sent.items()), "GET" if content is None else "POST", content or b"")

    def _body(self, answer: Answer) -> bytes:
        body = limited(answer.chunks, answer.headers.get("content-encoding", ""), self.limits.max_bytes)
        # Files that are gzip by themselves, and servers that pack without saying so.
        return gunzipped(body, self.limits.max_bytes) if is_gzip(body) else body

    def _next_hop(self, errand: Errand, response: Response, first: Target, allowed: Allowance) -> Target:
        location = response.headers.get("location", "").strip(" \t")
        if not location:
            raise FetchError(f"{response.url} redirects to nowhere", status=response.status)
        try:
            # Written out, since urljoin drops tabs, and what is left would be another address.
            url = urljoin(response.url, location.replace(" ", "%20").replace("\t", "%09"))
        except ValueError as error:
            raise FetchError(f"{response.url} redirects to no address: {error}", status=response.status) from error
        target = target_of(url, allowed, local_names=bool(errand.allowed))
        is_same_place = first.is_same_place(target)
        if errand.content is not None and not (is_same_place and response.status in _REDIRECTS_THAT_KEEP_THE_METHOD):
            raise FetchError(
                f"{response.url} redirects; what was sent is not sent on",
                hint="give the address that it redirects to, if you trust it",
                status=response.status,
            )
        return target if is_same_place else target_of(url, self._open_to_all, local_names=False)


def _no_answer(url: str, error: httpx.TransportError) -> FetchError:
    what = "took too long" if isinstance(error, httpx.TimeoutException) else "gave no answer"
    return FetchError(f"{url} {what}: {error}", hint="it is tried again next time")
