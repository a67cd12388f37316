"""A web of two hundred feeds on loopback, scripted for a year, with books of its own on what it gave and when it was asked.

Every name leads to this one server; what it answers follows from the host's name, the night, and the seed. Its books know
nothing of the reader:

* what a reader must have: the entries of every document that it was sent whole, and, that very night, of every
  document that it claims to hold by naming its validators and being answered 304;
* what a reader may do: see :mod:`tests.slipway.year_manners`.
"""

from __future__ import annotations

import random
import socketserver
import threading
import time
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Self

from tests.slipway.year_feeds import FIRST_NIGHT, Script, Source, Whole, rss
from tests.slipway.year_manners import Answer

__all__ = ["Web"]

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_PAGE = b"<!doctype html><html><head><title>Maintenance</title></head><body>Please log in</body></html>"


class Web:
    """The server and its books. ``night`` and ``now`` are set before each night; ``answers`` are those of the night."""

    def __init__(
        self, sources: list[Source], *, seed: int, nights: int, blackouts: frozenset[int] = frozenset()
    ) -> None:
        self.sources = {source.number: source for source in sources}
        self.script = Script(seed, nights)
        self.blackouts = blackouts
        self.night = 0
        self.true_now = FIRST_NIGHT
        self.answers: defaultdict[int, list[Answer]] = defaultdict(list)
        self.must_have: defaultdict[int, set[int]] = defaultdict(set)
        self.claimed: defaultdict[int, set[int]] = defaultdict(set)
        self.ever_sent: defaultdict[int, set[int]] = defaultdict(set)
        self.shown: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._server = _Tcp(("127.0.0.1", 0), _Handler)
        self._server.web = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def url(self, host: str) -> str:
        return f"http://{host}:{self.port}/feed"

    def begin(self, night: int) -> None:
        """The books of a new night."""
        self.night = night
        self.true_now = FIRST_NIGHT + night * DAY
        self.answers.clear()
        self.claimed.clear()

    # ---- answering

    def answer(self, host: str, headers: dict[str, str]) -> list[tuple[bytes, float]]:
        """The bytes to send, each with the pause after it; an empty list hangs up."""
        number = int("".join(filter(str.isdigit, host.partition(".")[0])))
        with self._lock:
            return self._answer(self.sources[number], host, headers)

    def _answer(self, source: Source, host: str, headers: dict[str, str]) -> list[tuple[bytes, float]]:
        trait, fault = source.trait, self.script.has_fault(source, self.night)
        if (status := self._refusal(source, fault=fault)) is not None:
            return self._say(source, host, status, "no network" if self.night in self.blackouts else trait)
        if host == f"portal{source.number}.example.com":
            return self._say(source, host, 200, "a portal", body=_PAGE)
        if trait.startswith("wait") and fault:
            return self._wait(source, host)
        if (to := self._elsewhere(source, host, fault=fault)) is not None:
            return to
        if trait == "web page" and fault:
            return self._say(source, host, 200, trait, body=_PAGE, etag='"page"')
        return self._send(source, host, headers, fault=fault)

    def _refusal(self, source: Source, *, fault: bool) -> int | None:
        """The status with which a source refuses tonight, 0 for silence; None when it does not."""
        if self.night in self.blackouts:
            return 0
        since = self.night - self.script.began(source)
        if source.trait == "errors" and fault:
            return random.Random(f"{self.night} {source.number}").choice((500, 502, 503, 404, 0))
        if source.trait == "dead for weeks" and 0 <= since < self.script.nights // 6:
            return 0
        is_gone = (source.trait == "gone" and since >= 0) or (source.trait == "gone once" and since == 0)
        return 410 if is_gone else None

    def _wait(self, source: Source, host: str) -> list[tuple[bytes, float]]:
        wait_s = random.Random(f"{self.night} {source.number}").choice((20, 7_200, 86_400 * 2, 86_400 * 400))
        given = str(wait_s)
        if source.trait == "wait until a date":
            # By the server's clock, which is years off; its Date header says so.
            given = format_datetime(self._clock_of(source) + timedelta(seconds=wait_s), usegmt=True)
        status = 429 if source.number % 2 else 503
        return self._say(source, host, status, source.trait, {"Retry-After": given}, retry_after_s=float(wait_s))

    def _clock_of(self, source: Source) -> datetime:
        is_off = source.trait in {"wait until a date", "skewed expires"}
        return self.true_now + timedelta(days=1500 if is_off else 0, hours=source.number % 5)

    def _elsewhere(self, source: Source, host: str, *, fault: bool) -> list[tuple[bytes, float]] | None:
        began, to, status = self.script.began(source), "", 301 if source.number % 2 else 308
        if source.trait in {"moved", "moved twice"} and host == source.host and self.night >= began:
            to = source.new_host
        elif source.trait == "moved twice" and host == source.new_host and self.night >= began + 12:
            to = source.newer_host
        elif source.trait == "found elsewhere" and host == source.host:
            to, status = source.new_host, 302
        elif source.trait == "captive portal" and fault:
            to = f"portal{source.number}.example.com"
        if not to:
            return None
        return self._say(source, host, status, source.trait, {"Location": self.url(to)})

    def _send(self, source: Source, host: str, headers: dict[str, str], *, fault: bool) -> list[tuple[bytes, float]]:
        number = sum(len(answers) for answers in self.answers.values()) + self.night * 1000
        whole = self.script.document(source, self.night, number if source.trait == "new guids" else 0)
        if source.trait == "emptied" and fault:
            empty = Whole(rss(source, [], stamp=""), frozenset(), '"empty"' if whole.etag else "", whole.last_modified)
            return self._document(source, host, headers, empty)
        if source.trait in {"drips", "cut short", "cut without a length", "cut in chunks"} and fault:
            self.ever_sent[source.number] |= whole.entries
            return self._damaged(source, host, whole)
        return self._document(source, host, headers, whole)

    def _damaged(self, source: Source, host: str, whole: Whole) -> list[tuple[bytes, float]]:
        """The document, but not all of it; its validators are those of the whole one."""
        # Without a length the reader has got a document, though a damaged one; with one it has got nothing.
        self._note(source, Answer(host, 200, is_feed=source.trait == "cut without a length"), source.trait)
        half = whole.body[: len(whole.body) * 2 // 3]
        length = {"Content-Length": str(len(whole.body))}
        if source.trait == "cut without a length":
            return [(self._head(source, 200, self._validators(whole)) + half, 0.0)]
        if source.trait == "cut in chunks":
            head = self._head(source, 200, {"Transfer-Encoding": "chunked"} | self._validators(whole))
            return [(head + f"{len(half):x}\r\n".encode() + half + b"\r\n", 0.0)]
        head = self._head(source, 200, length | self._validators(whole))
        if source.trait == "drips":
            return [(head, 0.0), *((half[n : n + 1], 0.05) for n in range(2_000))]
        return [(head + half, 0.0)]

    def _document(self, source: Source, host: str, headers: dict[str, str], whole: Whole) -> list[tuple[bytes, float]]:
        more = self._freshness(source)
        answered = Answer(host, 200, is_feed=True, max_age_s=float(more.pop("max-age-s", 0)))
        if self._asked_for(headers, whole):
            # Whoever names a document's validators says that it has read it.
            self.must_have[source.number] |= whole.entries
            self.claimed[source.number] |= whole.entries
            self._note(source, Answer(host, 304, is_feed=True, max_age_s=answered.max_age_s), "304")
            return [(self._head(source, 304, self._validators(whole) | more), 0.0)]
        self.must_have[source.number] |= whole.entries
        self.ever_sent[source.number] |= whole.entries
        self._note(source, answered, "a feed")
        length = {"Content-Length": str(len(whole.body))}
        return [(self._head(source, 200, length | self._validators(whole) | more) + whole.body, 0.0)]

    def _asked_for(self, headers: dict[str, str], whole: Whole) -> bool:
        """Whether the reader holds the document as it is now (RFC 9110 §13.2.2)."""
        if "if-none-match" in headers:
            return bool(whole.etag) and headers["if-none-match"] == whole.etag
        return bool(whole.last_modified) and headers.get("if-modified-since", "") == whole.last_modified

    def _validators(self, whole: Whole) -> dict[str, str]:
        return {"ETag": whole.etag, "Last-Modified": whole.last_modified}

    def _freshness(self, source: Source) -> dict[str, str]:
        if source.trait == "max-age":
            return {"Cache-Control": "public, max-age=64800", "max-age-s": "64800"}
        if source.trait.startswith("slow"):
            return {"Cache-Control": "max-age=31536000", "max-age-s": "86400"}
        if source.trait == "skewed expires":
            return {"Expires": format_datetime(self._clock_of(source) + 20 * HOUR, usegmt=True), "max-age-s": "72000"}
        return {}

    def _say(
        self,
        source: Source,
        host: str,
        status: int,
        what: str,
        more: dict[str, str] | None = None,
        *,
        body: bytes = b"",
        etag: str = "",
        retry_after_s: float | None = None,
    ) -> list[tuple[bytes, float]]:
        self._note(source, Answer(host, status, retry_after_s), what)
        if not status:
            return []
        named = {"Content-Length": str(len(body)), "ETag": etag} | (more or {})
        return [(self._head(source, status, named) + body, 0.0)]

    def _note(self, source: Source, answer: Answer, what: str) -> None:
        self.answers[source.number].append(answer)
        self.shown[f"{what} {answer.status}"] += 1

    def _head(self, source: Source, status: int, headers: dict[str, str]) -> bytes:
        date = format_datetime(self._clock_of(source), usegmt=True)
        named = {"Date": date, "Content-Type": "application/rss+xml", "Connection": "close"} | headers
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
        return f"HTTP/1.1 {status} Scripted\r\n{lines}\r\n".encode()


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    web: Web

    def handle_error(self, *_: object) -> None:
        """Readers that leave early are what this is about."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Tcp

    def handle(self) -> None:
        if not self.rfile.readline(65_536):
            return
        headers = {}
        while line := self.rfile.readline(65_536).strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        for part, pause_s in self.server.web.answer(headers["host"].partition(":")[0], headers):
            self.wfile.write(part)
            if pause_s:
                time.sleep(pause_s)
