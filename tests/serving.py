"""A real HTTP server on loopback that follows a script: what it answers to each path, and what it was asked."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

__all__ = ["Reply", "Request", "ScriptedServer", "gzipped", "redirect"]


@dataclass(frozen=True)
class Request:
    """What the server was asked; header names in lower case, ``at`` in monotonic seconds."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at: float
    method: str = "GET"
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """One answer.

    ``body`` may be an endless iterable of chunks; ``interval_s`` is slept between them (a ``bytes`` body then goes out
    byte by byte). A reply with ``etag`` or ``last_modified`` turns into a 304 for a request that names it.
    ``content_length`` lies about the length; ``stall_s`` is slept before anything is said; ``hang_up`` closes without
    an answer.
    """

    body: bytes | Iterable[bytes] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/rss+xml"
    etag: str = ""
    last_modified: str = ""
    interval_s: float = 0.0
    stall_s: float = 0.0
    content_length: int | None = None
    hang_up: bool = False

    def answers_304(self, request: Request) -> bool:
        asked_tag, asked_date = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
        if asked_tag is not None:
            return bool(self.etag) and asked_tag == self.etag
        return bool(self.last_modified) and asked_date == self.last_modified


Script = Reply | Sequence[Reply] | Callable[[Request], Reply]


def redirect(to: str, status: int = 302) -> Reply:
    """A redirect to ``to``, as it stands."""
    return Reply(status=status, headers={"Location": to})


def gzipped(body: bytes, *, times: int = 1, declared: str = "gzip") -> Reply:
    """A body packed ``times`` times, under the content coding ``declared``."""
    for _ in range(times):
        body = gzip.compress(body, mtime=0)
    return Reply(body, headers={"Content-Encoding": declared} if declared else {})


class ScriptedServer:
    """Answers on 127.0.0.1 by its ``routes``: a reply, a list of replies (the last one repeats), or a function.

    A path without a route is a 404. ``requests`` holds what was asked, in order; ``connections`` counts those accepted.
    With ``tls`` it speaks HTTPS.
    """

    def __init__(self, routes: Mapping[str, Script] | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Script] = dict(routes or {})
        self.requests: list[Request] = []
        self.connections = 0
        self._lock = threading.Lock()
        self._httpd = _Httpd(("127.0.0.1", 0), _handler_for(self))
        self._httpd.scripted = self
        self._httpd.tls = tls
        self._thread = threading.Thread(target=self._httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._httpd.shutdown()
        self._httpd.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return self._httpd.server_address[1]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of ``path`` here, under any name that leads here."""
        return f"http://{host}:{self.port}{path}"

    def count(self, path: str) -> int:
        """How often ``path`` was asked for."""
        return sum(request.path == path for request in self.requests)

    def reply_to(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            turn = self.count(request.path) - 1
        script = self.routes.get(request.path, Reply(b"not here", status=404))
        if isinstance(script, Reply):
            return script
        return script(request) if callable(script) else script[min(turn, len(script) - 1)]


class _Httpd(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    scripted: ScriptedServer
    tls: ssl.SSLContext | None = None

    def get_request(self) -> Any:
        accepted = super().get_request()
        self.scripted.connections += 1
        return accepted

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the connection's own thread: a client that says nothing holds up no other.
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        with self.tls.wrap_socket(request, server_side=True) as safe:
            super().finish_request(safe, client_address)

    def handle_error(self, *_: object) -> None:
        """Clients that leave early are what the tests are about."""


def _handler_for(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            request = Request(parts.path, query, headers, time.monotonic(), self.command, body)
            self.close_connection = True
            reply = server.reply_to(request)
            time.sleep(reply.stall_s)
            if reply.hang_up:
                return
            self._send(reply, is_304=reply.answers_304(request))

        do_POST = do_GET

        def _send(self, reply: Reply, *, is_304: bool) -> None:
            self.send_response(304 if is_304 else reply.status)
            self._send_headers(reply, is_304=is_304)
            if is_304:
                return
            for chunk in _chunks(reply):
                self.wfile.write(chunk)
                self.wfile.flush()
                time.sleep(reply.interval_s)

        def _send_headers(self, reply: Reply, *, is_304: bool) -> None:
            named = {"Content-Type": reply.content_type, "ETag": reply.etag, "Last-Modified": reply.last_modified}
            length = reply.content_length
            if length is None and isinstance(reply.body, bytes):
                length = len(reply.body)
            if length is not None and not is_304:
                named["Content-Length"] = str(length)
            for name, value in {**named, **reply.headers, "Connection": "close"}.items():
                if value:
                    self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    return Handler


def _chunks(reply: Reply) -> Iterator[bytes]:
    if not isinstance(reply.body, bytes):
        yield from reply.body
    elif reply.interval_s:
        yield from (reply.body[i : i + 1] for i in range(len(reply.body)))
    else:
        yield reply.body
