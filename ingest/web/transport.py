"""The one place where sockets are opened: connections to checked addresses only, under one deadline.

httpx's time limits hold for one operation each, so that a server may drip a byte for each and hold a request for
hours; and it resolves names itself, after any check made before. Hence connections of our own below httpx, through
httpcore and h11, its engines: the name is resolved, the guard judges every answer, the connection goes to the very address
judged, and each read and write gets no more than what is left until the deadline. TLS still checks the certificate
against the name. httpx's client, pool and models stay out of the way: they took two thirds of the time of a request.
What goes wrong is told in httpx's exceptions.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import httpcore
import httpx

from ingest.web import plainhead
from ingest.web.exchange import Exchange, Written
from ingest.web.guard import Allowance, Resolver, Target, addresses_of, refusal, system_resolver
from ingest.web.opening import Begun, Opening
from ingest.web.proxy import Proxies, Proxy
from ingest.web.resolve import Lookups
from ingest.web.sockets import Sockets
from ingest.web.stream import Limit, LimitedStream
from notes.errors import FetchError

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

__all__ = ["Answer", "Request", "Transport"]

# The order matters: the first that fits is taken. A connect error says that nothing was sent.
_HTTPX_ERRORS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.TimeoutException, httpx.ReadTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.NetworkError, httpx.ReadError),
    (httpcore.ProtocolError, httpx.RemoteProtocolError),
)
# Behind a proxy our own resolver often knows nothing of the world; it is not waited for long.
_PROXIED_LOOKUP_S = 2.0

Headers = Sequence[tuple[str, str]]
_CLOSE = ("connection", "close")


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent; ``headers`` without Host, Content-Length and Connection, those first that are ``shared`` by many."""

    target: Target
    headers: Headers
    method: str = "GET"
    content: bytes = b""
    shared: plainhead.Texts = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back: ``headers`` in lower case, repeated ones joined by commas; ``chunks`` is read once, as sent."""

    status: int
    headers: dict[str, str]
    chunks: Iterator[bytes]


class Transport:
    """Sends requests, each over a connection of its own, only to what the guard lets through.

    ``clock`` gives monotonic seconds; ``connect_s`` bounds a lookup and each attempt at a connection, ``read_s``
    each read and write. Holds no connection between requests: threads may share it.
    """

    def __init__(
        self,
        *,
        resolver: Resolver = system_resolver,
        clock: Callable[[], float] = time.monotonic,
        proxies: Proxies | None = None,
        connect_s: float = 10.0,
        read_s: float = 20.0,
    ) -> None:
        self._lookups = Lookups(resolver)
        self._clock = clock
        self._proxies = proxies or Proxies()
        self._connect_s = connect_s
        self._read_s = read_s

    @contextmanager
    def send(
        self,
        request: Request,
        allowed: Allowance,
        deadline: float,
        *,
        read_s: float | None = None,
        begun: Begun | None = None,
    ) -> Iterator[Answer]:
        """The answer while its body is read; the connection is closed after.

        ``deadline`` is the moment of the clock beyond which everything times out; ``begun`` the exchange where it has begun
        by :meth:`opening`. Raises httpx.TransportError, RefusedError, and FetchError where the name is unknown or the
        proxy refuses.
        """
        limit = Limit(deadline, self._clock)
        with _AS_HTTPX_ERRORS:
            if begun is None:
                route, received = self._route(request.target, allowed, limit), None
                stream = self._connection(request.target, route, limit)
            else:
                route = _DIRECT
                opened, received = begun.taken()
                stream = LimitedStream(opened, limit)
            try:
                exchange = Exchange(stream, self._read_s if read_s is None else read_s)
                status, headers = _asked(exchange, request, route.proxy, received)
                limit.has_answer()
                yield Answer(status, headers, exchange.body())
            finally:
                stream.close()

    def opening(self, request: Request, allowed: Allowance, total_s: float) -> Opening | None:
        """What begins the exchange without blocking, up to ``total_s`` seconds; None where h11 or a proxy is asked."""
        sent = _plain(request)
        if sent is None or self._proxies.proxy_for(request.target) is not None:
            return None
        return Opening(
            target=request.target,
            request=sent,
            allowed=allowed,
            lookups=self._lookups,
            begin=_SOCKETS.begin,
            tls=_tls,
            connect_s=self._connect_s,
            read_s=self._read_s,
            total_s=total_s,
            clock=self._clock,
        )

    def _route(self, target: Target, allowed: Allowance, limit: Limit) -> _Route:
        """Where the connection goes: to the target's judged addresses, or to the proxy's, which the user named."""
        proxy = self._proxies.proxy_for(target)
        left = limit.within(self._connect_s, httpcore.ConnectTimeout)
        if proxy is None:
            return _Route(addresses_of(target, allowed, self._lookups.within(left)), target.port)
        try:
            found = addresses_of(target, allowed, self._lookups.within(min(left, _PROXIED_LOOKUP_S)))
        except FetchError:
            found = ()
        if any(refusal(address) for address in found):
            # The user's own network, opened by name: the proxy has no business there.
            return _Route(found, target.port)
        return _Route(self._proxy_addresses(proxy, limit), proxy.port, proxy)

    def _proxy_addresses(self, proxy: Proxy, limit: Limit) -> tuple[str, ...]:
        left = limit.within(self._connect_s, httpcore.ConnectTimeout)
        if Target(proxy.scheme, proxy.host, proxy.port, "/").is_literal:
            return (proxy.host,)
        try:
            return tuple(self._lookups.within(left)(proxy.host, proxy.port))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the proxy {proxy.place} cannot be resolved: {error}") from error

    def _connection(self, target: Target, route: _Route, limit: Limit) -> LimitedStream:
        stream = _connected(route, self._connect_s, limit)
        try:
            if route.proxy is not None:
                stream = self._through_proxy(stream, route.proxy, target)
            if target.scheme == "https":
                stream = stream.start_tls(_tls(), target.host, self._connect_s)
        except BaseException:
            stream.close()
            raise
        return stream

    def _through_proxy(self, stream: LimitedStream, proxy: Proxy, target: Target) -> LimitedStream:
        """The connection as far as the proxy takes it: to the target for https, to itself for http."""
        if proxy.scheme == "https":
            stream = stream.start_tls(_tls(), proxy.host, self._connect_s)
        if target.scheme == "http":
            return stream
        url = httpcore.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target=target.authority)
        headers = _bytes([("host", target.authority), *_authorization(proxy)])
        asking = httpcore.Request("CONNECT", url, headers=headers, extensions={"timeout": {"read": self._connect_s}})
        status = httpcore.HTTP11Connection(url.origin, stream).handle_request(asking).status
        if not 200 <= status < 300:
            hint = "the proxy asks for a password" if status == 407 else ""
            raise FetchError(f"the proxy {proxy.place} answered {status} for {target.authority}", hint=hint)
        return stream


@dataclass(frozen=True, slots=True)
class _Route:
    """Addresses that may be connected to, in order; ``proxy`` where they are a proxy's."""

    addresses: Sequence[str]
    port: int
    proxy: Proxy | None = None


def _connected(route: _Route, connect_s: float, limit: Limit) -> LimitedStream:
    failure: Exception = httpcore.ConnectError("no address")
    for address in route.addresses:
        left = limit.within(connect_s, httpcore.ConnectTimeout)
        try:
            opened = _SOCKETS.connect_tcp if route.proxy is None else _TO_PROXIES.connect_tcp
            return LimitedStream(opened(address, route.port, left), limit)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            failure = error
    if route.proxy is None:
        raise failure
    raise type(failure)(f"the proxy {route.proxy.place}: {failure}") from failure


_SOCKETS = Sockets()
# TLS to a proxy, and within it TLS to the target: httpcore knows how.
_TO_PROXIES = httpcore.SyncBackend()


# By the address that the opening judged.
_DIRECT = _Route((), 0)


def _asked(
    exchange: Exchange, request: Request, proxy: Proxy | None, received: bytes | None
) -> tuple[int, dict[str, str]]:
    """Sends the request, unless something of the answer was ``received``; the status and the headers of the answer."""
    plain = None if proxy is not None or received is not None else _plain(request)
    return exchange.ask(partial(_written, request, proxy), plain, received)


def _plain(request: Request) -> bytes | None:
    """What is sent where nothing of it is out of the common; else None."""
    if request.method != "GET" or request.content:
        return None
    return plainhead.request(request.target.path, request.target.place, (*request.headers, _CLOSE), request.shared)


def _written(request: Request, proxy: Proxy | None) -> Written:
    target, headers = request.target, [("host", request.target.place), *request.shared, *request.headers, _CLOSE]
    if request.content:
        headers.append(("content-length", str(len(request.content))))
    line = target.path
    if proxy is not None and target.scheme == "http":
        # The whole address for a proxy that is to fetch it (RFC 9112 §3.2.2).
        line = target.url
        headers.extend(_authorization(proxy))
    return Written(request.method, line.encode("ascii"), _bytes(headers), request.content)


def _authorization(proxy: Proxy) -> Headers:
    return [("proxy-authorization", proxy.authorization)] if proxy.authorization else []


def _bytes(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode()) for name, value in headers]


@cache
def _tls() -> ssl.SSLContext:
    # Making one takes 29 ms, and it serves every connection alike.
    context = httpx.create_ssl_context(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])
    return context


class _AsHttpxErrors:
    """A context that tells httpcore's exceptions as httpx's. A class: a generator takes three times as long."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            return
        for theirs, ours in _HTTPX_ERRORS:
            if isinstance(error, theirs):
                raise ours(str(error) or type(error).__name__) from error


_AS_HTTPX_ERRORS = _AsHttpxErrors()
