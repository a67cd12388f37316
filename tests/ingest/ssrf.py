"""A world for the SSRF tests: addresses that may and may not be fetched, and the ways that lead to them."""

from __future__ import annotations

import ipaddress
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.web.client import HttpClient, Limits
from ingest.web.guard import Resolver
from notes.errors import SourceError
from tests.dialing import Dialer, audited, dialing, is_public
from tests.serving import ScriptedServer, redirect

__all__ = ["IS_FULL", "PUBLIC", "PUBLIC_V6", "START", "Net", "Row", "bad_addresses", "networked", "rows", "share_of"]

PUBLIC = "93.184.215.14"
PUBLIC_V6 = "2606:4700:4700::1111"
# Where the hops before the last stand: no row leads there, so that each other connection is one too many.
START = "93.184.215.98"
_STARTS = ("start.example.com", "middle.example.com")

# Every row by every way takes a minute: SLIPWAY_SSRF=full. Otherwise each row takes some of them.
IS_FULL = os.environ.get("SLIPWAY_SSRF") == "full"

_REFUSED = """
http://127.0.0.1/ http://127.1.2.3/feed http://0.0.0.0/ http://10.0.0.1/ http://172.16.0.1/ http://192.168.1.1/ http://[::1]/
http://169.254.169.254/latest/meta-data/ http://100.100.100.200/ http://168.63.129.16/ http://198.18.0.7/ http://224.0.0.1/
http://255.255.255.255/ http://192.0.2.1/ http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[fe80::1]/
http://[fd00:ec2::254]/ http://[64:ff9b::127.0.0.1]/ http://[64:ff9b::a9fe:a9fe]/ http://[2002:7f00:1::]/ http://[3fff::1]/
http://[ff02::1]/ http://[fec0::1]/ http://[::127.0.0.1]/ http://[64:ff9b:1::1]/ http://[2001:db8::1]/ http://[fe80::1%25eth0]/
http://2130706433/ http://0x7f000001/ http://0177.0.0.1/ http://127.1/ http://127.0.1/ http://0x7f.1/ http://%31%32%37.0.0.1/
http://①②⑦.⓪.⓪.①/ http://१२७.०.०.१/ http://127。0。0。1/ http://localhost/ http://localhost./ http://LOCALHOST/
http://a.localhost/ http://printer.local/ http://router.lan/ http://metadata.google.internal/ http://intranet/ http://a.onion/
http://feeds.example.org:22/ http://feeds.example.org:6379/ http://feeds.example.org:0/ http://feeds.example.org:99999/
http://u:p@feeds.example.org/ http://feeds.example.org@127.0.0.1/ http://127.0.0.1#@feeds.example.org/
http://127.0.0.1\\@feeds.example.org/ http:\\\\127.0.0.1\\ http:/127.0.0.1/ //127.0.0.1/ file:///etc/passwd gopher://127.0.0.1:6379/_
ftp://feeds.example.org/ javascript:alert(1) data:text/xml,<rss/> unix:/var/run/docker.sock dict://127.0.0.1:11211/
""".split()
_ALLOWED = """
http://1.1.1.1/ https://9.9.9.9/feed http://[2606:4700:4700::1111]/ http://feeds.example.org/rss https://feeds.example.org:8443/
http://feeds.example.org./feed http://中国.example.org/feed https://127.0.0.1.example.org/ http://feeds.example.org/?u=http://127.0.0.1/
http://172.32.0.1/ http://100.128.0.1/ http://[64:ff9b::5db8:d70e]/
""".split()


@dataclass(frozen=True)
class Row:
    """An address, what its name resolves to, and whether it may be fetched."""

    url: str
    is_allowed: bool
    resolves_to: tuple[str, ...] = (PUBLIC,)


def rows() -> list[Row]:
    """The own table, and where SLIPWAY_DATA is set the shared one's; its rows on redirects are ways, not addresses."""
    own = [Row(url, False) for url in _REFUSED] + [Row(url, True) for url in _ALLOWED]
    shared = [_row(found) for found in _shared() if "redirects_to" not in found and "resolves_to_then" not in found]
    return [*own, *shared]


def share_of(found: Sequence[Row], turn: int, of: int) -> Sequence[Row]:
    """Each ``of``-th row from the ``turn``-th on; all where the whole matrix is asked for."""
    return found if IS_FULL else found[turn % of :: of]


def bad_addresses() -> list[str]:
    """Every address that no name may lead to, of both tables."""
    found = [address for row in rows() for address in row.resolves_to]
    for row in rows():
        found.extend([] if row.is_allowed else _literal(row.url))
    return [address for address in dict.fromkeys(found) if not is_public(address)]


def _shared() -> list[dict[str, Any]]:
    root = os.environ.get("SLIPWAY_DATA", "")
    if not root:
        return []
    lines = (Path(root) / "security" / "ssrf.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def _row(found: dict[str, Any]) -> Row:
    return Row(found["url"], found["expect"] == "allow", tuple(found.get("resolves_to", (PUBLIC,))))


def _literal(url: str) -> list[str]:
    host = url.partition("://")[2].partition("/")[0]
    try:
        return [str(ipaddress.ip_address(host.removeprefix("[").removesuffix("]")))]
    except ValueError:
        return []


@dataclass
class Net:
    """A world where the starts lead to one address and every other name where the current row says."""

    dialer: Dialer
    world: ScriptedServer
    row: Row = field(default_factory=lambda: Row("", is_allowed=False))
    requests: int = 0
    by_controls: int = 0

    def resolve(self, host: str, port: int) -> Sequence[str]:
        return (START,) if host in _STARTS else self.row.resolves_to

    def reached_by_control(self, at_least: int) -> int:
        """How many connections to the canary a control has just made, with the guard off."""
        self.by_controls += (reached := self.dialer.canary.reached(at_least))
        return reached

    def client(self, resolver: Resolver | None = None, **limits: Any) -> HttpClient:
        return HttpClient(
            Limits(**{"retries": 0, "pause_s": 0, **limits}), sleep=lambda _: None, resolver=resolver or self.resolve
        )

    def get(self, row: Row, *, by: tuple[int, ...] = (), allow: tuple[str, ...] = ()) -> tuple[set[str], str]:
        """The addresses dialled on the way to a row, by redirects of these statuses, and the name of what was raised."""
        self.row = row
        self.requests += 1
        self.world.requests.clear()
        places = [f"http://{_STARTS[n % 2]}/{n}" for n in range(len(by))]
        follow = [*places, located(row.url)]
        self.world.routes = {f"/{n}": redirect(follow[n + 1], status) for n, status in enumerate(by)}
        trouble = ""
        try:
            self.client().get((places or [row.url])[0], allow=allow)
        except SourceError as error:
            trouble = type(error).__name__
        return {address for address, _ in self.dialer.take()}, trouble


def located(url: str) -> str:
    """An address as a Location header holds it: its bytes, one letter each."""
    return url.encode("utf-8", "replace").decode("latin-1")


@contextmanager
def networked() -> Iterator[Net]:
    """The world, and at the end what Python says of all connections: they went to its server, and no name was asked for."""
    with ScriptedServer() as world, dialing(world) as dialer, audited() as audit:
        yield (net := Net(dialer, world))
    assert len(audit.connected) == dialer.total
    assert {str(name) for name in audit.looked_up if not _literal(f"http://{name}/")} == set()
    if IS_FULL:
        reached = dialer.canary.total - net.by_controls
        print(
            f"\n{net.requests:,} requests, {dialer.total:,} connections, {reached} of them to refused addresses", end=""
        )
        print(f" (beside {net.by_controls} that the controls made with the guard off)")
