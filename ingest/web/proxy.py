"""Which proxy a request goes through: none unless the configuration says so.

What a proxy takes away: it resolves the names itself, so that a name that leads elsewhere for the proxy than for us
cannot be caught. What is still judged: the address as it is written, its port, names of the local network, and the
answers of our own resolver where it has any. The proxy's own address is the one private address that is opened, and only
to speak to it as a proxy.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from notes.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.web.guard import Target

__all__ = ["Proxies", "Proxy", "proxies_of"]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9._:-]+")


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy; ``authorization`` is the value of Proxy-Authorization, a secret that no text form of it shows."""

    scheme: str
    host: str
    port: int
    authorization: str = field(default="", repr=False)

    @property
    def place(self) -> str:
        """Host and port, for messages."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxy of each scheme, and the hosts that are reached without (``except_for``, as in NO_PROXY)."""

    by_scheme: Mapping[str, Proxy] = field(default_factory=dict)
    except_for: str = ""

    def proxy_for(self, target: Target) -> Proxy | None:
        """The proxy that a request to ``target`` goes through, if any."""
        proxy = self.by_scheme.get(target.scheme)
        if proxy is None or any(_is_meant(entry.strip().lower(), target) for entry in self.except_for.split(",")):
            return None
        return proxy


def proxies_of(setting: str) -> Proxies:
    """What the setting ``proxy`` means: '' none, ``environment`` what HTTP_PROXY and its like say, else an address.

    HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY are read now and not again. Raises ConfigError on an address that is
    none, without showing it: it may hold a password.
    """
    if not setting:
        return Proxies()
    if setting != "environment":
        proxy = _proxy(setting, "proxy")
        return Proxies({"http": proxy, "https": proxy})
    from urllib.request import getproxies_environment

    found: dict[str, str] = getproxies_environment()
    named = {scheme: (scheme if scheme in found else "all") for scheme in _DEFAULT_PORTS}
    return Proxies(
        {
            # There it is often host and port alone.
            scheme: _proxy(found[name] if "://" in found[name] else f"http://{found[name]}", f"{name.upper()}_PROXY")
            for scheme, name in named.items()
            if name in found
        },
        found.get("no", ""),
    )


def _proxy(address: str, where: str) -> Proxy:
    try:
        parts = urlsplit(address.strip())
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        kind = "a SOCKS proxy" if scheme.startswith("socks") else "no address of an HTTP proxy"
        raise ConfigError(f"{where}: {kind}", hint="give http://host:port or https://host:port")
    return Proxy(scheme, host, port or _DEFAULT_PORTS[scheme], _basic(parts.username, parts.password))


def _basic(user: str | None, password: str | None) -> str:
    if user is None:
        return ""
    return "Basic " + b64encode(f"{unquote(user)}:{unquote(password or '')}".encode()).decode("ascii")


def _is_meant(entry: str, target: Target) -> bool:
    """Whether an entry of NO_PROXY (``*``, a domain, an address, a range; a port may follow) holds the target."""
    if not entry:
        return False
    if entry == "*" or (target.is_literal and _holds(entry, target.host)):
        return True
    name, _, port = entry.removeprefix("*").removeprefix(".").partition(":")
    is_named = target.host == name or target.host.endswith(f".{name}")
    return bool(name) and is_named and port in {"", str(target.port)}


def _holds(entry: str, address: str) -> bool:
    try:
        return ip_address(address) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return False
