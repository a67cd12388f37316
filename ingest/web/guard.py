"""Which addresses may be fetched: the public ones, unless a source's own settings open a private range.

Three checks, none enough alone: the address as it is written (:func:`target_of`), every address that its name
resolves to (:func:`addresses_of`), and the connection itself, which goes to the address that was checked
(:mod:`ingest.web.transport`), so that a second answer of the resolver cannot differ. Each redirect passes all three anew.

The table is our own: ``ipaddress.is_global`` calls NAT64 and 6to4 forms of loopback, multicast, ``3fff::1`` and
168.63.129.16 global. Sources: IANA's special-purpose registries for IPv4 and IPv6, RFC 6890, RFC 9637.
"""

from __future__ import annotations

import re
import socket
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from ingest.web.remedies import NO_NAME, NO_PORT, way_to, way_to_name
from ingest.web.spelling import ascii_name, parts_of, refused
from notes.errors import ConfigError, FetchError

__all__ = [
    "ALLOWANCES",
    "Allowance",
    "Resolver",
    "Target",
    "addresses_of",
    "allowance",
    "refusal",
    "system_resolver",
    "target_of",
]

Address = IPv4Address | IPv6Address
Allowance = tuple[IPv4Network | IPv6Network, ...]
Resolver = Callable[[str, int], Sequence[str]]

ALLOWANCES = {
    "loopback": ("127.0.0.0/8", "::1/128"),
    "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
    "fake-ip": ("198.18.0.0/15",),
}
"""Words that stand for ranges in a source's ``allow``; ``fake-ip`` is what TUN proxies answer for every name."""

_REFUSED_V4 = {
    "this network": ("0.0.0.0/8",),
    "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    "shared (carrier-grade NAT)": ("100.64.0.0/10",),
    "loopback": ("127.0.0.0/8",),
    "link-local": ("169.254.0.0/16",),
    "special purpose": ("192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24"),
    "documentation": ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),
    "benchmarking, or a proxy's made-up answer": ("198.18.0.0/15",),
    "multicast": ("224.0.0.0/4",),
    "reserved": ("240.0.0.0/4",),
    # Azure's wire server: it looks public and is always local.
    "a cloud's own service": ("168.63.129.16/32",),
}
_REFUSED_V6 = {
    "special purpose": ("2001::/23", "2620:4f:8000::/48", "5f00::/16"),
    "documentation": ("2001:db8::/32", "3fff::/20"),
    "6to4": ("2002::/16",),
}
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_V6_NAMES = {
    "loopback": IPv6Network("::1/128"),
    "private": IPv6Network("fc00::/7"),
    "link-local": IPv6Network("fe80::/10"),
    "multicast": IPv6Network("ff00::/8"),
}
# None overlaps another: where the last one that begins before an address does not hold it, none does.
_TABLE_V4 = sorted((IPv4Network(net), why) for why, nets in _REFUSED_V4.items() for net in nets)
_STARTS_V4 = [int(net.network_address) for net, _ in _TABLE_V4]
_ENDS_V4 = [int(net.broadcast_address) for net, _ in _TABLE_V4]
_TABLE_V6 = [(IPv6Network(net), why) for why, nets in _REFUSED_V6.items() for net in nets]

_WEB_PORTS = {"http": 80, "https": 443}
# Services that answer to HTTP by accident or by design and are no feeds; below 1024 only the web's own two ports pass.
_OTHER_SERVICES = frozenset(
    (
        *(1433, 1521, 1723, 1883, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3306, 3389, 4369, 5060, 5432, 5601, 5672),
        *(5900, 5901, 5984, 5985, 5986, *range(6000, 6064), 6379, 6443, 6660),
        *(*range(6665, 6670), 6697, 7001, 8086, 8500),
        *(9042, 9092, 9200, 9300, 10250, 10255, 11211, 15672, 25565, 27017, 27018, 27019, 28017, 50070),
    )
)
_LOCAL_ZONES = frozenset(
    ("localhost", "local", "localdomain", "localdomain4", "localdomain6", "lan", "home", "intranet", "internal")
) | frozenset(("private", "corp", "svc", "arpa", "test", "invalid", "onion", "alt"))
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# As :mod:`ipaddress` itself writes one.
_DOTTED = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!\Z)|\Z)){4}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: ``host`` is lower-case ASCII without brackets, ``path`` holds the query too."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """Host, and port where it is not the scheme's own: what stands in the Host header."""
        return self.authority.removesuffix(f":{_WEB_PORTS[self.scheme]}")

    @property
    def authority(self) -> str:
        """Host and port: what a proxy is asked to connect to."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_literal(self) -> bool:
        """Whether the host is an IP address: no name ends in a number."""
        return ":" in self.host or (self.host[-1].isdigit() and self.host.replace(".", "").isdigit())

    @property
    def url(self) -> str:
        """The address, whole again, as it goes over the wire."""
        return f"{self.scheme}://{self.place}{self.path}"

    def is_same_place(self, other: Target) -> bool:
        """Whether ``other`` is on this host and port, or the https of it: what a source's allowance extends to."""
        upgraded = (self.scheme, self.port, other.scheme, other.port) == ("http", 80, "https", 443)
        return self.host == other.host and (self.port == other.port or upgraded)


def allowance(allow: Sequence[str]) -> Allowance:
    """The ranges that an ``allow`` opens: CIDR ranges, addresses, or words of ``ALLOWANCES``.

    Raises ConfigError on anything else.
    """
    return _ranges(tuple(allow)) if allow else ()


@cache
def _ranges(allow: tuple[str, ...]) -> Allowance:
    try:
        return tuple(ip_network(net) for word in allow for net in ALLOWANCES.get(word, (word,)))
    except ValueError as error:
        known = ", ".join(ALLOWANCES)
        raise ConfigError(f"allow: {error}", hint=f"give a range such as 192.168.1.0/24, or one of {known}") from error


# Each address is judged as it is written, as it is answered, and by whoever asks again in the same night.
@lru_cache(maxsize=4_096)
def refusal(address: str, allowed: Allowance = ()) -> str:
    """Why ``address`` (an IP address as text) may not be connected to, or '' when it may."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "no address"
    judged = _judged(parsed)
    if isinstance(judged, IPv6Address) and judged.scope_id is not None:
        return "an address of one network link only"
    if any(judged.version == net.version and judged in net for net in allowed):
        return ""
    return _kind_v4(judged) if isinstance(judged, IPv4Address) else _kind_v6(judged)


def target_of(url: str, allowed: Allowance = (), *, local_names: bool | None = None) -> Target:
    """The address taken apart, when its form is one that every reader of URLs takes alike.

    http and https only; no user name, no control characters or spaces, no numbers for hosts but plain dotted or
    bracketed addresses, no name of a local zone or of a single label unless ``local_names`` (by default: where anything
    is allowed). Raises RefusedError.
    """
    are_local_names_open = bool(allowed) if local_names is None else local_names
    scheme, written, port, path = parts_of(url)
    host = _host(written, url, allowed, are_local_names_open=are_local_names_open)
    return Target(scheme, host, _port(scheme, port, url), path)


def addresses_of(target: Target, allowed: Allowance, resolver: Resolver) -> tuple[str, ...]:
    """The addresses to connect to, in the resolver's order, each of them allowed.

    One bad address among good ones refuses them all: a name that points into a private network is no feed's.
    Raises RefusedError, and FetchError where the name is unknown.
    """
    try:
        found = (target.host,) if target.is_literal else tuple(resolver(target.host, target.port))
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{target.host} cannot be resolved: {error}", hint="is the network up?") from error
    if not found:
        raise FetchError(f"{target.host} has no address")
    for address in found:
        if why := refusal(address, allowed):
            raise refused(f"{target.host} ({address})", why, way_to(address, why))
    return found


def system_resolver(host: str, port: int) -> tuple[str, ...]:
    """The addresses that the system's resolver gives, within its own time limits. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in found))


def _judged(address: Address) -> Address:
    """The IPv4 address inside a mapped or NAT64 one: that is where the packets go."""
    if isinstance(address, IPv6Address) and address.scope_id is None:
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _kind_v4(address: IPv4Address) -> str:
    at = bisect_right(_STARTS_V4, int(address)) - 1
    return _TABLE_V4[at][1] if at >= 0 and int(address) <= _ENDS_V4[at] else ""


def _kind_v6(address: IPv6Address) -> str:
    if address in _GLOBAL_UNICAST:
        return next((why for net, why in _TABLE_V6 if address in net), "")
    return next((why for why, net in _V6_NAMES.items() if address in net), "not a global unicast address")


def _host(written: str, url: str, allowed: Allowance, *, are_local_names_open: bool) -> str:
    if _DOTTED.fullmatch(written):
        return _judged_literal(written, url, allowed)
    if written.startswith("["):
        literal = written[1:-1]
    else:
        literal = written if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", written, re.ASCII) else ""
    if not literal:
        return _name(written, url, are_local_names_open=are_local_names_open)
    try:
        address = IPv6Address(literal) if written.startswith("[") else IPv4Address(literal)
    except ValueError as error:
        raise refused(url, f"the host is malformed: {error}") from error
    return _judged_literal(str(address), url, allowed)


def _judged_literal(address: str, url: str, allowed: Allowance) -> str:
    if why := refusal(address, allowed):
        raise refused(url, why, way_to(address, why))
    return address


def _name(written: str, url: str, *, are_local_names_open: bool) -> str:
    try:
        labels = ascii_name(written).removesuffix(".").split(".")
    except ValueError as error:
        raise refused(url, f"the host is malformed: {error}") from error
    if not all(_LABEL.fullmatch(label) for label in labels) or sum(map(len, labels)) + len(labels) > 254:
        raise refused(url, "the host is malformed")
    if _NUMBER.fullmatch(labels[-1]) or written.rstrip(".").rpartition(".")[2].isnumeric():
        # inet_aton reads 127.1, 0x7f.1 and 2130706433 as loopback, int() the digits of any script: and no name of the
        # net ends in a number.
        raise refused(url, "a number for a host", NO_NAME)
    if not are_local_names_open and (len(labels) == 1 or labels[-1] in _LOCAL_ZONES):
        raise refused(url, "a name of the local network", way_to_name(labels))
    return ".".join(labels)


def _port(scheme: str, written: str | None, url: str) -> int:
    port = int(written) if written else _WEB_PORTS[scheme]
    if port in {80, 443} or (1024 <= port <= 65535 and port not in _OTHER_SERVICES):
        return port
    raise refused(url, f"port {port} is another service's", NO_PORT)
