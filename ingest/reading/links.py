"""Addresses as a feed writes them, made absolute and harmless to keep.

An address here is only text: nothing is fetched because a feed named it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit, urlunsplit

__all__ = ["MAX_URL", "absolute", "distinct", "is_finished"]

MAX_URL = 2048
# A run of one kind of characters ends where another kind begins: nothing of it is given back (``*+``).
_ONE_FINISHED = (
    r"https?://[A-Za-z0-9][A-Za-z0-9.-]{0,252}+(?:/(?!\.)[A-Za-z0-9_%~+,=&:!*'()@$.-]*+)*+"
    r"(?:\?[A-Za-z0-9_%~+,=&:!*'()@$/.-]++)?+(?:#[A-Za-z0-9_%~+,=&:!*'()@$/.-]++)?+"
)
_FINISHED = re.compile(_ONE_FINISHED)
_ALL_FINISHED = re.compile(rf"(?:{_ONE_FINISHED}\n)*+")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def is_finished(href: str) -> bool:
    """Whether the address is absolute and plain, so that :func:`absolute` and urljoin give it back as it is."""
    return len(href) <= MAX_URL and _FINISHED.fullmatch(href) is not None


def absolute(href: str, base: str = "") -> str:
    """The http(s) address that ``href`` names seen from ``base``, without user name and password; else ''.

    White space inside is percent-encoded, white space round it dropped. An address with control characters,
    of another scheme, without a host, or longer than ``MAX_URL`` characters is no address: cutting one short would
    make another one of it.
    """
    if is_finished(href):
        return href
    href = href.strip()
    if not href or _FORBIDDEN.search(href) or len(href) > MAX_URL:
        return ""
    try:
        parts = urlsplit(urljoin(base, href))
        parts.port  # noqa: B018  # raises on a port that is no number
        path = urlsplit(urljoin("https://host/", parts.path)).path if "/." in parts.path else parts.path
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    netloc = parts.netloc.rpartition("@")[2]
    return re.sub(r"\s", "%20", urlunsplit(parts._replace(netloc=netloc, path=path)))


def distinct(hrefs: Iterable[str], base: str = "") -> list[str]:
    """The different addresses that the ``hrefs`` name (:func:`absolute`), in their order."""
    hrefs = list(dict.fromkeys(hrefs))
    lines = "\n".join((*hrefs, ""))
    # Most texts have a few plain ones, which need no look at each; and none of these is longer than all.
    if len(lines) <= MAX_URL and lines.count("\n") == len(hrefs) and _ALL_FINISHED.fullmatch(lines):
        return hrefs
    found = (absolute(href, base) for href in hrefs)
    return list(dict.fromkeys(address for address in found if address))
