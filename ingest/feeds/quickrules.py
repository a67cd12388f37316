"""What makes a feed's element plain, and feedparser's small rules for the text of one.

See :mod:`ingest.feeds.quickfeed`. Names are feedparser's: ``dc:creator``, in lower case.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ingest.reading.links import is_finished

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

__all__ = ["Unusual", "attributes", "based", "check_inert", "content_of", "joined", "name_of", "repaired", "text_of"]

_XML = "{http://www.w3.org/XML/1998/namespace}"
_ABSOLUTE = re.compile(r"https?://[\w.-]+(?::[0-9]+)?(?:/[\w./~%+-]*)?", re.ASCII)
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)(/*)(.*?)")
_PLAIN_TYPES = frozenset({"text", "plain", "html", "text/plain", "text/html"})
_EMAIL = re.compile(
    r"(([a-zA-Z0-9\_\-\.\+]+)@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)|(([a-zA-Z0-9\-]+\.)+))([a-zA-Z]{2,4}|[0-9]{1,3})(\]?))"
    r"(\?subject=\S+)?"
)
# What feedparser takes for the characters of Windows-1252 that they were meant to be.
_CP1252 = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_MEANT = frozenset("base href lang rel type url uri ispermalink term scheme domain label mode text src version".split())
# Elements whose handlers in feedparser change what comes after them, or keys of its own.
_UNUSUAL = frozenset(
    "item entry channel feed rss image textinput body abstract fullitem tags where georssgeom authors links "
    "contributors enclosures date items url href license newlocation "
    "itunes:link itunes:owner itunes:category media:restriction".split()
)
_UNUSUAL_PREFIXES = frozenset({"xhtml", "psc", "gml", "georss"})
_READ_PREFIXES = frozenset({"itunes", "media", "dc", "dcterms", "content", "feedburner", "prism", "creativecommons"})


class Unusual(Exception):  # noqa: N818  # no error: the other parser is asked
    """The document has something that only feedparser's own code reads as feedparser does."""


def based(element: Element, base: str) -> str:
    """``base``, or what the element's ``xml:base`` makes of it. Raises Unusual where the element does more."""
    for name, value in element.attrib.items():
        lower = name.lower()
        if name == f"{_XML}base":
            if not _ABSOLUTE.fullmatch(value) or not base.startswith("http"):
                raise Unusual(name)
            base = joined(base, value)
        elif lower in {"base", "href", "lastmod"} or (
            name[0] == "{" and lower.endswith(("}base", "}href", "}lastmod"))
        ):
            raise Unusual(name)
    return base


def text_of(element: Element) -> str:
    """The text of an element without children. Raises Unusual where it has some."""
    if len(element):
        raise Unusual(element.tag)
    text = (element.text or "").strip()
    return text if text.isascii() else repaired(text)


def content_of(element: Element, base: str) -> tuple[str, str]:
    """The element's text and what its addresses are seen from. Raises Unusual for what is unpacked: XHTML, base64."""
    if element.keys():
        base = based(element, base)
        for name, value in element.attrib.items():
            local = name.rpartition("}")[2].lower()
            if local == "mode" or (local == "type" and (name[0] == "{" or value.lower() not in _PLAIN_TYPES)):
                raise Unusual(name)
    return text_of(element), base


def joined(base: str, address: str) -> str:
    """The address seen from ``base``, as feedparser joins them: '' where they cannot be."""
    if is_finished(address):
        return address
    try:
        return urljoin(base, _SLASHES.sub(r"\1\3", address))
    except ValueError:
        return ""


def check_inert(element: Element, name: str, named: Callable[[str], str]) -> None:
    """Raises Unusual where the element may change what Slipway reads, by itself or by what it holds."""
    prefix = name.rpartition(":")[0]
    if name in _UNUSUAL or prefix in _UNUSUAL_PREFIXES or (not prefix and "_" in name):
        raise Unusual(name)
    if len(element) and name == "media:community":
        # Stars and views, which YouTube counts.
        if any(len(child) or named(child.tag) not in {"media:starrating", "media:statistics"} for child in element):
            raise Unusual(name)
    elif len(element):
        for inner in element.iter():
            prefix = named(inner.tag).rpartition(":")[0]
            if not prefix or prefix in _READ_PREFIXES or prefix in _UNUSUAL_PREFIXES:
                raise Unusual(name)


def repaired(text: str) -> str:
    """The text after feedparser's repair of UTF-8 that was taken for Latin-1, and of Windows-1252 (mixin.py, pop)."""
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_CP1252)


def attributes(element: Element) -> dict[str, str]:
    """The attributes by lower-case name. Raises Unusual for a prefix before one that is read: feedparser may drop it."""
    found: dict[str, str] = {}
    for name, value in element.items():
        if name[0] == "{":
            if name.rpartition("}")[2].lower() in _MEANT and name != f"{_XML}lang":
                raise Unusual(name)
            continue
        if (lower := name.lower()) == "base":
            raise Unusual(name)
        found[lower] = value
    return found


def name_of(author: str) -> str:
    """_sync_author_detail: the name in a text that may hold an address too."""
    match = _EMAIL.search(author) if "@" in author else None
    if match is None:
        return author
    name = author.replace(match.group(0), "")
    for empty in ("()", "<>", "&lt;&gt;"):
        name = name.replace(empty, "")
    name = name.strip()
    return name.removeprefix("(").removesuffix(")").strip()
