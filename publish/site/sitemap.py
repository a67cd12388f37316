"""``sitemap.xml`` (sitemaps.org, version 0.9) and ``robots.txt``."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from publish.site.pages import Page, address

__all__ = ["robots", "sitemap"]

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What one file may hold; beyond it the protocol asks for an index of maps.
_MOST_ADDRESSES = 50_000


def sitemap(files: Iterable[str], pages: Iterable[Page], url: str) -> bytes:
    """The map of every page among ``files`` (paths of the site); ``url`` is the site's address, with a last slash."""
    days = {page.path: page.day for page in pages}
    root = ET.Element("urlset", xmlns=_NAMESPACE)
    for file in sorted(path for path in files if path.endswith("index.html"))[:_MOST_ADDRESSES]:
        path = file.removesuffix("index.html")
        entry = ET.SubElement(root, "url")
        ET.SubElement(entry, "loc").text = url + address(path)
        if day := days.get(path):
            ET.SubElement(entry, "lastmod").text = day.isoformat()
    ET.indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + bytes(ET.tostring(root, encoding="utf-8")) + b"\n"


def robots(url: str) -> bytes:
    """Everybody may read everything; where the map is."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {url}sitemap.xml\n".encode()
