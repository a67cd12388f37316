"""The Atom feed of posts and trend reports (RFC 4287)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from notes.markup.inert import one_line
from publish.site.clean import printable
from publish.site.pages import Page, SiteSettings, address
from publish.sources.tex import plain_title

__all__ = ["feed"]

_NAMESPACE = "http://www.w3.org/2005/Atom"
_XML_LANG = "xml:lang"


def feed(pages: Sequence[Page], bodies: Mapping[str, str], settings: SiteSettings, url: str) -> bytes:
    """The feed of ``pages`` (newest first, each with a day); ``bodies`` is their HTML with absolute links, by path.

    Ids are tag URIs (RFC 4151) made of the host, the day on which the page first came out and the note's id, so that they
    outlive every slug. A day has no time of day in the vault: entries carry its midnight, UTC.
    """
    root = ET.Element("feed", {"xmlns": _NAMESPACE, _XML_LANG: settings.language})
    _add(root, "title", one_line(settings.title))
    if settings.description:
        _add(root, "subtitle", one_line(settings.description))
    _add(root, "id", url)
    _add(root, "updated", _midnight(max((page.day for page in pages if page.day), default=date(1970, 1, 1))))
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{url}feed.xml"})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": url})
    _add(ET.SubElement(root, "author"), "name", one_line(settings.author) or one_line(settings.title))
    _add(root, "generator", "Slipway")
    for page in pages:
        _entry(root, page, bodies[page.path], url)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + bytes(ET.tostring(root, encoding="utf-8")) + b"\n"


def _entry(root: ET.Element, page: Page, body: str, url: str) -> None:
    begun, day = page.begun, page.day
    assert begun is not None
    assert day is not None
    entry = ET.SubElement(root, "entry", {_XML_LANG: page.lang})
    _add(entry, "title", plain_title(page.title))
    _add(entry, "id", f"tag:{urlsplit(url).hostname},{begun.isoformat()}:{quote(page.note.id)}")
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": url + address(page.path)})
    _add(entry, "published", _midnight(begun))
    _add(entry, "updated", _midnight(day))
    for tag in page.note.tags:
        ET.SubElement(entry, "category", {"term": one_line(tag)})
    if page.description:
        _add(entry, "summary", page.description)
    content = ET.SubElement(entry, "content", {"type": "html"})
    content.text = printable(body)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = printable(text)


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
