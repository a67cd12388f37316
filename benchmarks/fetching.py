"""1,000 feeds of 30 entries over loopback, all new and then all unchanged (304): Slipway's fetch stage against reader.

Both store what they fetch in SQLite on the same disk, with the same number of workers, from the same server (a process of
its own) whose every feed is at an address of its own, 127.x.y.z. Rounds alternate; each is a new process with a new
database; the median counts. ``SLIPWAY_FEEDS``, ``SLIPWAY_ROUNDS`` and ``SLIPWAY_WORKERS`` change the size.

The share of parsing is of the processor time (for Slipway that of its worker processes, start included; for reader that of
its calls of feedparser). Needs reader: ``pip install slipway[bench]``.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

FEEDS = int(os.environ.get("SLIPWAY_FEEDS", "1000"))
ROUNDS = int(os.environ.get("SLIPWAY_ROUNDS", "3"))
WORKERS = int(os.environ.get("SLIPWAY_WORKERS", "8"))
ENTRIES = 30
NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)

SYLLABLES = (
    "ba be bi co da de di el en fa ga ho in ka la le li ma me mi na ne no or pa ra re ri sa se si ta te ti to un va ve vi za"
).split()
# As many words as a few blogs use, the common ones often.
COMMON = (
    "the of and to in a is that for it with as on by from at this are be an which or was we not have has can".split()
)
ITEM = """<item><title>{title}</title><link>https://blog{feed}.example.org/{day}/{slug}</link>
<guid isPermaLink="false">blog{feed}-{number}</guid><pubDate>{moment:%a, %d %b %Y %H:%M:%S} +0000</pubDate>
<dc:creator>A. Writer {feed}</dc:creator><category>agents</category><category>notes</category>
<description><![CDATA[{paragraphs}]]></description></item>
"""
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Blog {feed}</title>
<link>https://blog{feed}.example.org/</link><description>What blog {feed} is about.</description>
{items}</channel></rss>
"""


def prose(seed: str, count: int) -> list[str]:
    """So many words, every third a common one; the same for the same seed."""
    stream = hashlib.shake_128(seed.encode()).digest(4 * count)
    words = []
    for at in range(0, len(stream), 4):
        first, second, third, kind = stream[at : at + 4]
        rare = "".join(SYLLABLES[byte % len(SYLLABLES)] for byte in (first, second, third)[: 2 + first % 2])
        words.append(COMMON[second % len(COMMON)] if kind % 3 == 0 else rare)
    return words


def feed(number: int) -> bytes:
    """A blog's feed: entries of four paragraphs with a link each, none like another; about 30 kB."""
    items = []
    for entry in range(ENTRIES):
        words = prose(f"{number}/{entry}", 130)
        title = f"{' '.join(words[:7]).capitalize()} {number}.{entry}"
        paragraphs = "".join(
            f"<p>{' '.join(words[at : at + 25]).capitalize()}, as <a href='https://site{at}.example.net/{number}/{entry}'>"
            f"{words[at]}</a> says &amp; <em>shows</em>.</p>"
            for at in (10, 40, 70, 100)
        )
        moment = NOW - timedelta(hours=9 * entry)
        slug = "-".join(words[:7])
        items.append(
            ITEM.format(
                feed=number,
                number=entry,
                title=title,
                slug=slug,
                moment=moment,
                day=f"{moment:%Y/%m/%d}",
                paragraphs=paragraphs,
            )
        )
    return FEED.format(feed=number, items="".join(items)).encode()


def addresses(port: int) -> list[str]:
    """One for each feed, each another host to whoever asks."""
    return [f"http://127.{1 + n // 62500}.{n // 250 % 250}.{n % 250 + 1}:{port}/{n}.xml" for n in range(FEEDS)]


# ---- the server


def serve(channel: Connection) -> None:
    """Answers for ever, one request after the other: 200 with an ETag, or 304 to whom has it.

    A loop over bare sockets, since with two cores half of what a server costs is missing to those who are measured.
    """
    replies = {}
    for number in range(FEEDS):
        body = feed(number)
        tag = hashlib.sha256(body).hexdigest()[:16].encode()
        head = b'HTTP/1.1 %s\r\nETag: "%s"\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n'
        full = head % (b"200 OK", tag) + b"Content-Length: %d\r\n\r\n" % len(body) + body
        replies[b"/%d.xml" % number] = (tag, full, head % (b"304 Not Modified", tag) + b"\r\n")

    with socket.create_server(("0.0.0.0", 0), backlog=1024) as listening:  # all of 127.0.0.0/8
        # Whoever writes slowly, or reads slowly, keeps nobody waiting: connections come with their requests, where the
        # system can do that, and a whole feed finds room in the buffer.
        if sys.platform == "linux":
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 5)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**18)
        channel.send(listening.getsockname()[1])
        while True:
            connection, _ = listening.accept()
            with connection:
                answer_one(connection, replies)


def answer_one(connection: socket.socket, replies: Mapping[bytes, tuple[bytes, bytes, bytes]]) -> None:
    """Answers the one request of a connection; says nothing where none comes."""
    received = b""
    while b"\r\n\r\n" not in received:
        if not (more := connection.recv(65_536)):
            return
        received += more
    tag, full, unchanged = replies[received.split(b" ", 2)[1]]
    connection.sendall(unchanged if tag in received else full)


# ---- the two that are measured, each in a process of its own


def slipway_side(port: int, folder: Path) -> dict[str, float]:
    from slipway.app import App
    from slipway.config import load_config
    from slipway.stages.fetch import fetch

    sources = "".join(f'[[sources]]\nkey = "s{n}"\nurl = "{url}"\n' for n, url in enumerate(addresses(port)))
    settings = f'timezone = "UTC"\n[fetch]\nworkers = {WORKERS}\nallow = ["127.0.0.0/8"]\n'
    (folder / "slipway.toml").write_text(settings + sources)
    with App(load_config(folder / "slipway.toml"), FixedClock(), Silent()) as app:
        app.store.describe()
        cold, first = timed(lambda: fetch(app, at_once=True))
        warm, second = timed(lambda: fetch(app, at_once=True))
    assert first.counts["new"] == FEEDS * ENTRIES, (first.counts, first.warnings[:3])
    assert second.counts["unchanged"] == FEEDS, (second.counts, second.warnings[:3])
    parsing = cold["children"]
    busy = parsing + cold["self"]
    return {
        "cold": cold["wall"],
        "warm": warm["wall"],
        "busy": busy,
        "busy_warm": warm["self"],
        "parsing": parsing / busy,
    }


class FixedClock:
    def now(self) -> datetime:
        return NOW

    def today(self) -> date:
        return NOW.date()


class Silent:
    def progress(self, label: str) -> Callable[[int, int], None]:
        return lambda done, total: None

    def warn(self, message: str) -> None:
        print(message)


def reader_side(port: int, folder: Path) -> dict[str, float]:
    from reader import make_reader
    from reader._parser import feedparser as its_parser

    feedparser = its_parser.feedparser  # type: ignore[attr-defined]

    parse, spent = feedparser.parse, []

    def watched(*arguments: Any, **keywords: Any) -> Any:
        started = time.thread_time()
        try:
            return parse(*arguments, **keywords)
        finally:
            spent.append(time.thread_time() - started)

    feedparser.parse = watched
    reader = make_reader(str(folder / "reader.sqlite"))
    for url in addresses(port):
        reader.add_feed(url)
    cold, _ = timed(lambda: reader.update_feeds(workers=WORKERS, scheduled=False))
    share = sum(spent) / cold["self"]
    warm, _ = timed(lambda: reader.update_feeds(workers=WORKERS, scheduled=False))
    counts = reader.get_entry_counts()
    assert counts.total == FEEDS * ENTRIES, counts
    assert len(spent) == FEEDS
    return {
        "cold": cold["wall"],
        "warm": warm["wall"],
        "busy": cold["self"],
        "busy_warm": warm["self"],
        "parsing": share,
    }


def timed(work: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """Seconds of wall clock, of this process's processor time, and of that of processes that ended meanwhile."""
    wall, own, before = time.perf_counter(), time.process_time(), os.times()
    result = work()
    # The system counts in hundredths of a second what os.times tells: too coarse for what takes a few tenths.
    own = time.process_time() - own
    after = os.times()
    children = after.children_user + after.children_system - before.children_user - before.children_system
    return {"wall": time.perf_counter() - wall, "self": own, "children": children}, result


# ---- the rounds


def measured(side: str, port: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.fetching", side, str(port), folder]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    sides = ["slipway", "reader"] if importlib.util.find_spec("reader") else ["slipway"]
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    port = ours.recv()
    try:
        rounds = [{side: measured(side, port) for side in sides} for _ in range(ROUNDS)]
    finally:
        server.kill()
        server.join()
    report(sides, rounds)


def report(sides: list[str], rounds: list[dict[str, dict[str, float]]]) -> None:
    print(f"{FEEDS:,} feeds of {ENTRIES} entries, {len(feed(0)):,} bytes each, {WORKERS} workers, {ROUNDS} rounds\n")
    print("| | all new, s | feeds/s | processor, s | parsing's share | all 304, s | feeds/s | processor, s |")
    print("|---|---|---|---|---|---|---|---|")
    middle = {side: {key: median(one[side][key] for one in rounds) for key in rounds[0][side]} for side in sides}
    for side in sides:
        one = middle[side]
        name = side if side == "slipway" else f"reader {importlib.metadata.version('reader')}"
        print(
            f"| {name} | {one['cold']:.1f} | {FEEDS / one['cold']:.0f} | {one['busy']:.1f} | {one['parsing']:.0%} "
            f"| {one['warm']:.2f} | {FEEDS / one['warm']:.0f} | {one['busy_warm']:.2f} |"
        )
    if len(sides) < 2:
        print("\nreader is not installed: pip install 'slipway[bench]' to compare")
        return
    cold, warm, busy, idle = (
        middle["reader"][key] / middle["slipway"][key] for key in ("cold", "warm", "busy", "busy_warm")
    )
    print(
        f"\nAll new: {cold:.1f} times reader's throughput, {busy:.1f} times by processor time. "
        f"All 304: {warm:.1f} times, {idle:.1f} times by processor time."
    )


if __name__ == "__main__":
    side = {"slipway": slipway_side, "reader": reader_side}[sys.argv[1]]
    print(json.dumps(side(int(sys.argv[2]), Path(sys.argv[3]))))
