"""Fetching one document over HTTP: guarded, bounded in time and size, patient with servers that ask for it."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx

from ingest.guard import Allowance, Resolver, Target, allowance, system_resolver, target_of
from ingest.inflate import gunzipped, is_gzip, limited
from ingest.transport import GuardedTransport
from notes.errors import ConfigError, FetchError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["HttpClient", "Limits", "Pace", "Response"]

_REDIRECTS = {301, 302, 303, 307, 308}
_WORTH_A_RETRY = {408, 425, 429, 500, 502, 503, 504}
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_HINTS = {
    401: "the source asks for a password",
    403: "the source refuses programs, or this address",
    404: "the feed has moved or is gone",
    410: "the feed is gone for good: remove the source",
    429: "the source asks for fewer requests",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how much, how often. Times in seconds.

    ``total_s`` bounds one attempt with all its redirects. ``retries`` are attempts after the first, with
    pauses of ``backoff_s``, twice that, and so on, or what the server's Retry-After says up to ``retry_after_max_s``.
    ``pause_s`` is the least time between the starts of two requests to one host, ``arxiv_pause_s`` the same to arXiv.
    ``max_bytes`` counts before and after unpacking.
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
    arxiv_pause_s: float = 3.0
    user_agent: str = "Slipway (feed reader)"


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


@dataclass(frozen=True, slots=True)
class Response:
    """An answer with its body unpacked; ``headers`` have lower-case names, ``url`` is the one that answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asked to wait (RFC 9110 §10.2.3), if it did."""
        return _seconds(self.headers.get("retry-after", ""), self.headers.get("date", ""))

    def require_ok(self) -> Response:
        """The response itself when it is a 200 or a 304; else raises FetchError."""
        if self.status in {200, 203, 304}:
            return self
        raise FetchError(
            f"{self.url} answered {self.status}",
            hint=_HINTS.get(self.status, ""),
            status=self.status,
            retry_after=self.retry_after,
        )


class HttpClient:
    """Fetches documents. Holds no connection and no state between requests, so that threads may share it."""

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
        self._resolver = resolver

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        allow: tuple[str, ...] = (),
        pace: Pace | None = None,
    ) -> Response:
        """The answer, of whatever status, after redirects and retries; a body under ``max_bytes``.

        Raises RefusedError where the guard says no, at any hop, and FetchError where no answer came or the
        body is too large or damaged.
        """
        pace = pace or Pace(0.0, self.sleep, self.clock)
        allowed = _opened(allow)
        for attempt in range(self.limits.retries + 1):
            is_last = attempt == self.limits.retries
            pause = self.limits.backoff_s * 2**attempt
            try:
                response = self._attempt(url, dict(headers or {}), allowed, pace)
            except httpx.TransportError as error:
                if is_last:
                    raise _no_answer(url, error) from error
            else:
                pause = max(pause, response.retry_after or 0.0)
                if is_last or response.status not in _WORTH_A_RETRY or pause > self.limits.retry_after_max_s:
                    return response
            self.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, url: str, headers: dict[str, str], allowed: Allowance, pace: Pace) -> Response:
        """One way through the redirects, under one deadline."""
        deadline = self.clock() + self.limits.total_s
        first = target = target_of(url, allowed)
        for _ in range(self.limits.max_redirects + 1):
            # What the user opened for a source is not opened for whomever it points to.
            open_here = allowed if first.is_same_place(target) else ()
            pace.wait()
            response = self._request(target, headers, open_here, deadline)
            if response.status not in _REDIRECTS:
                return response
            target = _next_hop(response, first, allowed)
        raise FetchError(f"{first.url} redirects more than {self.limits.max_redirects} times")

    def _request(self, target: Target, headers: dict[str, str], allowed: Allowance, deadline: float) -> Response:
        sent = {"user-agent": self.limits.user_agent, "accept": _ACCEPT, "accept-encoding": "gzip, deflate", **headers}
        timeout = httpx.Timeout(self.limits.read_s, connect=self.limits.connect_s).as_dict()
        request = httpx.Request("GET", target.url, headers=sent, extensions={"timeout": timeout})
        # The transport itself, without httpx's client: that one looks into redirects even where it follows none, and
        # raises on what they hold.
        with (
            GuardedTransport(
                allowed=allowed, deadline=deadline, resolver=self._resolver, clock=self.clock
            ) as transport,
            closing(transport.handle_request(request)) as answer,
        ):
            received = {name.lower(): value for name, value in answer.headers.items()}
            body = b"" if answer.status_code in _REDIRECTS else self._body(answer)
            return Response(answer.status_code, received, body, target.url)

    def _body(self, answer: httpx.Response) -> bytes:
        body = limited(answer.iter_raw(), answer.headers.get("content-encoding", ""), self.limits.max_bytes)
        # Files that are gzip by themselves, and servers that pack without saying so.
        return gunzipped(body, self.limits.max_bytes) if is_gzip(body) else body


def _opened(allow: tuple[str, ...]) -> Allowance:
    try:
        return allowance(allow)
    except ConfigError as error:
        # The configuration is checked before any night; here it is one source's trouble, not the night's.
        raise RefusedError(error.message, hint=error.hint) from error


def _next_hop(response: Response, first: Target, allowed: Allowance) -> Target:
    location = response.headers.get("location", "").strip(" \t")
    if not location:
        raise FetchError(f"{response.url} redirects to nowhere", status=response.status)
    try:
        url = urljoin(response.url, location.replace(" ", "%20"))
    except ValueError as error:
        raise FetchError(f"{response.url} redirects to no address: {error}", status=response.status) from error
    target = target_of(url, allowed)
    return target if first.is_same_place(target) else target_of(url)


def _no_answer(url: str, error: httpx.TransportError) -> FetchError:
    what = "took too long" if isinstance(error, httpx.TimeoutException) else "gave no answer"
    return FetchError(f"{url} {what}: {error}", hint="it is tried again next time")


def _seconds(retry_after: str, date: str) -> float | None:
    retry_after = retry_after.strip()
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        until = parsedate_to_datetime(retry_after)
        # Held against the server's own clock, which the date was made by.
        since = parsedate_to_datetime(date) if date else datetime.now(UTC)
        return max((until - since).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
