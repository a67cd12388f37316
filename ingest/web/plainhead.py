"""A fast way through an exchange that is plain: a request without a body, the answer that nothing has changed, or a document.

:func:`request` writes exactly what h11 would, :func:`unchanged` and :func:`document` read exactly what h11 would, or they
give None and h11 is asked; they never guess. A night asks some hundreds of feeds and mostly hears 304: h11's checks and
states took a third of that.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["Document", "Texts", "document", "request", "unchanged"]

_NAME = rb"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_VALUE = rb"(?:[!-~](?:[ -~]*[!-~])?)?"
_PLAIN_NAME, _PLAIN_VALUE, _PLAIN_TARGET = (re.compile(plain.decode()) for plain in (_NAME, _VALUE, rb"[!-~]+"))
# Blanks are not given back (``*+``), nor lines: for n of them before a byte that is not plain, n² ways would be tried.
_HEAD = rb"HTTP/1\.[01] %s(?: [ -~]*)?((?:\r\n%s:[ \t]*+%s[ \t]*+(?=\r\n))*+)\r\n\r\n"
_UNCHANGED, _DOCUMENT = (re.compile(_HEAD % (status, _NAME, _VALUE)) for status in (b"304", b"200"))
# As many digits as no document has bytes.
_LENGTH = re.compile(r"[0-9]{1,15}")
# What tells where a message ends: h11 has rules of its own for these.
_FRAMING = frozenset(("content-length", "transfer-encoding"))
_WRITTEN_BY_US = _FRAMING | {"host"}

Texts = tuple[tuple[str, str], ...]


def request(target: str, place: str, own: Texts, shared: Texts = ()) -> bytes | None:
    """A GET of the host at ``place``, without a body, as it goes over the wire; None where it is not plain.

    Of the headers ``shared`` stand first: they are the same for many requests, and are written out once.
    """
    common, mine = _common_lines(shared), _lines(own)
    if common is None or mine is None or not (_PLAIN_TARGET.fullmatch(target) and _PLAIN_VALUE.fullmatch(place)):
        return None
    return f"GET {target} HTTP/1.1\r\nhost: {place}\r\n{common}{mine}\r\n".encode()


def _lines(headers: Texts) -> str | None:
    """The headers as they go over the wire; None where one is not plain."""
    lines = ""
    for name, value in headers:
        if not (_PLAIN_NAME.fullmatch(name) and _PLAIN_VALUE.fullmatch(value)) or name.lower() in _WRITTEN_BY_US:
            return None
        lines += f"{name}: {value}\r\n"
    return lines


_common_lines = lru_cache(maxsize=16)(_lines)


def unchanged(received: bytes) -> dict[str, str] | None:
    """The headers of a 304 by their names, as :func:`ingest.web.response.headers_by_name` has them.

    None where the answer is not plain or its head was not received whole, and for any other.
    """
    found = _UNCHANGED.match(received)
    headers = None if found is None else _by_name(found[1])
    return headers if headers is not None and _FRAMING.isdisjoint(headers) else None


class Document(NamedTuple):
    """A 200: its headers by their names, how many bytes its body has, and those that were received."""

    headers: dict[str, str]
    length: int
    begun: bytes


def document(received: bytes) -> Document | None:
    """A 200 that says how long it is; None where it is not plain or its head was not received whole, and for any other."""
    found = _DOCUMENT.match(received)
    headers = {} if found is None else _by_name(found[1])
    length = headers.get("content-length", "")
    if found is None or "transfer-encoding" in headers or not _LENGTH.fullmatch(length):
        return None
    return Document(headers, int(length), received[found.end() :])


def _by_name(fields: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in fields.decode("ascii").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip(" \t")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
