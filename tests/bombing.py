"""Bombs: answers that are small to send and large to hold, and a process of its own that takes them and is weighed.

A peak of memory never falls, and a process started by a large one may inherit its peak: so each weighing is a process
of its own, started by a small shell, and what counts is how far it rises above the same process on a harmless
document. The parsers' worker processes are weighed too.
"""

from __future__ import annotations

import gzip
import json
import os
import shlex
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from typing import Any, Self

__all__ = ["Bomber", "Weight", "compressed", "deflated_blanks", "weigh"]

MIB = 2**20


# ---- what is sent


def head(*headers: str, status: str = "200 OK") -> bytes:
    """The head of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: application/rss+xml", *headers, "", ""]).encode()


def compressed(plain: bytes, encoding: str, *, times: int = 1) -> bytes:
    """An answer whose body is gzip, ``times`` times over, under the coding that the header names."""
    for _ in range(times):
        plain = gzip.compress(plain, 6, mtime=0)
    return head(f"Content-Encoding: {encoding}" if encoding else "X: y", f"Content-Length: {len(plain)}") + plain


def deflated_blanks(mebibytes: int, wbits: int) -> Iterator[bytes]:
    """A compressed stream of so many MiB of blanks; made once and repeated, so that its checksum is missing."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    start = packer.compress(b" " * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    yield start
    yield from repeat(again, mebibytes - 1)


class Bomber:
    """Answers each path with the bytes of its bomb, an iterable or a function of one; ``sent`` counts bytes by path."""

    def __init__(self, bombs: Mapping[str, Callable[[], Iterable[bytes]]]) -> None:
        self.bombs = bombs
        self.sent: dict[str, int] = {}
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                name = connection.recv(65_536).split(b" ")[1].decode().strip("/").partition("?")[0]
                for chunk in self.bombs[name]():
                    connection.sendall(chunk)
                    self.sent[name] = self.sent.get(name, 0) + len(chunk)
            except (OSError, IndexError, KeyError):
                return


# ---- who takes it


@dataclass(frozen=True)
class Weight:
    """Peaks in MiB, of the process and of the largest of its workers, and what came of each bomb."""

    here: float
    workers: float
    told: tuple[str, ...]

    def above(self, base: Weight) -> float:
        """How far both peaks rise above those of ``base``, together."""
        return max(self.here - base.here, 0.0) + max(self.workers - base.workers, 0.0)


def weigh(door: str, places: list[str], *, undo: str = "", **limits: Any) -> Weight:
    """The peaks of a process that takes these through a door; ``undo`` names a defence to leave out."""
    task = {"door": door, "places": places, "undo": undo, "limits": limits}
    program = [sys.executable, "-c", "from tests.bombing import take; take()", json.dumps(task)]
    # A shell that must wait, and so cannot become the program, whose peak then starts at nothing.
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shlex.join(program)}; exit $?"],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    return Weight(said["here"] / 1024, said["workers"] / 1024, tuple(said["told"]))


def take() -> None:
    """The far end of :func:`weigh`."""
    import resource

    from ingest.workers.parser import Parser
    from notes.errors import SourceError

    task = json.loads(sys.argv[1])
    _undo(task["undo"])
    told = []
    with Parser() as parser:
        # Ready before the first bomb, as a night's is: a worker started later would inherit this process's peak.
        parser.call(len, b"", what="")
        for place in task["places"]:
            try:
                told.append(str(_DOORS[task["door"]](place, parser, task["limits"]))[:200])
            except SourceError as error:
                told.append(f"{type(error).__name__}: {error.message[:200]}")
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"here": _peak(), "workers": workers, "told": told}))


def _peak() -> int:
    """The most KiB that this program ever had; ``ru_maxrss`` also counts what its parent had when it started it."""
    import resource

    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(status.read_text().partition("VmHWM:")[2].split()[0])


def _client(limits: dict[str, Any]) -> Any:
    from ingest.web.client import HttpClient, Limits

    return HttpClient(Limits(**{"retries": 0, "pause_s": 0, "total_s": 20, **limits}))


def _feed(place: str, parser: Any, limits: dict[str, Any]) -> str:
    from datetime import UTC, datetime

    from ingest.fetch import fetch_one
    from ingest.sources import FetchState, SourceSpec
    from ingest.web.client import Pace

    spec = SourceSpec("bomb", "rss", place, allow=("loopback",))
    now = datetime(2026, 2, 20, 12, tzinfo=UTC)
    fetched = fetch_one(spec, FetchState(), client=_client(limits), pace=Pace(0), parser=parser, now=now)
    letters = sum(len(item.title) + len(item.text) for item in fetched.items)
    return f"{len(fetched.items)} items, {letters} letters"


def _article(place: str, parser: Any, limits: dict[str, Any]) -> str:
    from datetime import UTC, datetime

    from ingest.articles.linked import Link, fetch_linked

    client = _client({**limits, "allow": ["loopback"]})
    now = datetime(2026, 2, 20, 12, tzinfo=UTC)
    (outcome,) = fetch_linked(
        [Link(1, place)], client=client, parser=parser, now=now, workers=1, budget_s=60, pause_s=0
    )
    return outcome.trouble or f"an article of {len(str(outcome.article))} letters"


def _discovery(place: str, parser: Any, limits: dict[str, Any]) -> str:
    from ingest.feeds.discovery import discover

    return f"{len(discover(place, client=_client(limits), parser=parser, allow=('loopback',)))} feeds"


def _opml(place: str, parser: Any, limits: dict[str, Any]) -> str:
    from ingest.feeds.opml import MAX_OPML, read_opml

    with Path(place).open("rb") as file:
        return f"{len(read_opml(file.read(MAX_OPML + 1)).outlines)} feeds"


def _unguarded_xml(place: str, parser: Any, limits: dict[str, Any]) -> str:
    """A parser that believes every entity, as libxml2 and expat did before they counted: what the others are held against."""
    text = Path(place).read_text(encoding="utf-8")
    value = text.partition('<!ENTITY a "')[2].partition('"')[0]
    return f"{len(text.replace('&a;', value))} letters"


_DOORS: dict[str, Callable[[str, Any, dict[str, Any]], str]] = {
    "feed": _feed,
    "article": _article,
    "discovery": _discovery,
    "opml": _opml,
    "unguarded": _unguarded_xml,
}


def _undo(defence: str) -> None:
    """Leaves one defence out, for the controls."""
    if defence == "head":
        from ingest.web import exchange, stream

        exchange._MAX_HEAD = stream._MAX_HEADS = 2**40
    elif defence == "ratio":
        from ingest.web import inflate

        inflate._MAX_RATIO = 2_000


# ---- what is weighed


def http_bombs() -> dict[str, Callable[[], Iterable[bytes]]]:
    """Answers that are bombs below any document."""
    gib = 1024
    chunked = head("Transfer-Encoding: chunked")
    twice = compressed(b" " * 64 * MIB, "gzip, gzip", times=2)
    thrice = compressed(b" " * 64 * MIB, "gzip", times=3)
    return {
        "gzip": lambda: chain([head("Content-Encoding: gzip")], deflated_blanks(gib, 31)),
        "gzip-undeclared": lambda: chain([head()], deflated_blanks(gib, 31)),
        "deflate": lambda: chain([head("Content-Encoding: deflate")], deflated_blanks(gib, 15)),
        "deflate-raw": lambda: chain([head("Content-Encoding: deflate")], deflated_blanks(gib, -15)),
        "brotli": lambda: chain([head("Content-Encoding: br")], repeat(b"\xff" * MIB)),
        "zstd": lambda: chain([head("Content-Encoding: zstd")], repeat(b"\xff" * MIB)),
        "gzip-gzip": lambda: [twice],
        "gzip-in-gzip": lambda: [compressed(b" " * 64 * MIB, "gzip", times=2)],
        "gzip-three-times": lambda: [thrice],
        "gzip-within-the-cap": lambda: [compressed(b" " * 15 * MIB, "gzip")],
        "two-headers": lambda: [head("Content-Encoding: gzip", "Content-Encoding: gzip") + b"\x1f\x8b" * 100],
        "endless": lambda: chain([head()], repeat(b"<item/>" * 10_000)),
        "endless-chunks": lambda: chain([chunked], repeat(b"10000\r\n" + b" " * 0x10000 + b"\r\n")),
        "two-byte-chunks": lambda: chain([chunked], repeat(b"2\r\nab\r\n" * 8192)),
        "huge-chunk": lambda: chain([chunked, b"ffffffffffff\r\n"], repeat(b" " * MIB)),
        "chunk-extension": lambda: chain([chunked, b"1;"], repeat(b"x" * MIB)),
        "trailers": lambda: chain([chunked, b"1\r\nx\r\n0\r\n"], repeat(b"X-Trailer: y\r\n" * 10_000)),
        "headers": lambda: chain([head()[:-2]], repeat(b"X-Header: y\r\n" * 10_000)),
        # It ends where the control has been heavy for long, however slow the machine is.
        "long-header": lambda: chain([head()[:-2], b"X-Header: "], repeat(b"y" * MIB, 192)),
        "status-line": lambda: chain([b"HTTP/1.1 200 "], repeat(b"O" * MIB)),
        "continue": lambda: repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        "length-lies": lambda: chain([head("Content-Length: 999999999999999")], repeat(b" " * MIB)),
        "redirect-body": lambda: chain([head("Location: /gzip", status="302 Found")], repeat(b" " * MIB)),
        "redirect-loop": lambda: [head("Location: /redirect-loop", "Content-Length: 0", status="301 Moved")],
        "redirect-grows": lambda: [head(f"Location: /redirect-grows?{'x' * 60_000}", status="308 Moved")],
    }


def drips() -> dict[str, Callable[[], Iterable[bytes]]]:
    """Answers that never end; they come one byte at a time."""
    from time import sleep

    def slowly(start: bytes, byte: bytes) -> Iterator[bytes]:
        yield start
        while True:
            sleep(0.01)
            yield byte

    return {
        "drip-body": lambda: slowly(head(), b" "),
        "drip-header": lambda: slowly(b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        "drip-chunks": lambda: slowly(head("Transfer-Encoding: chunked"), b"1\r\nx\r\n"),
    }
