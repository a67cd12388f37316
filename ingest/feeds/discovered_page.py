"""What an address leads to: a feed, or a web page and the feeds that it names. Pure, for a process that can be killed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from ingest.reading import html
from ingest.reading.encoding import decode
from ingest.reading.links import absolute

__all__ = ["PageLink", "Sight", "look_at"]

MAX_PAGE: Final = 2_000_000
MAX_ELEMENTS: Final = 10_000
MAX_LINKS: Final = 100
_HEAD: Final = 65_536

_FEED_TYPES = {
    "application/rss+xml": "rss",
    "application/x-rss+xml": "rss",
    "application/rdf+xml": "rss",
    "application/atom+xml": "atom",
    "application/x.atom+xml": "atom",
    "application/feed+json": "json",
}
# Types that say nothing by themselves: WordPress gives its API's address as application/json.
_VAGUE_TYPES = {"text/xml", "application/xml", "application/json"}
_WEB_PAGE = re.compile(r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b")
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(rss|feed|rdf)(?=[\s>/])")
_ENTRIES = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]")
_TITLE = re.compile(r"<title[^<>]{0,200}>\s*(?:<!\[CDATA\[(.{0,2000}?)\]\]>|([^<]{0,2000}))\s*</title>", re.DOTALL)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"(?:^|[/._-])(?:rss2?|atom|feeds?|rdf)(?:[._-]?(?:xml|json|rss|atom|php|rdf|1|2))?/?$|/index\.(?:xml|rdf)$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed=|format=(?:rss|atom|feed)|type=(?:rss|atom)|rss=)", re.IGNORECASE)
_FEED_WORD = re.compile(r"(?<![a-z])(?:rss|atom|feed)(?![a-z])|[订訂][阅閱]", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|评论|評論|コメント|留言", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link of a page that may lead to a feed; ``kind`` is ``rss``, ``atom``, ``json`` or '' when unknown.

    ``declared`` says that the page itself calls it its feed, ``comments`` that it carries readers' words.
    """

    url: str
    title: str
    kind: str
    declared: bool
    comments: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """What a document is: a feed of ``kind`` with its ``title``, or (``kind`` empty) a page with ``links`` to feeds."""

    kind: str
    title: str
    links: tuple[PageLink, ...] = ()


def look_at(body: bytes, url: str, content_type: str = "") -> Sight:
    """What the document at ``url`` is. Reads at most ``MAX_PAGE`` characters; never raises on what it holds."""
    # UTF-32, which no web page is in, comes out of the decoder with zeros between its letters.
    text = decode(body, _with_charset(body, content_type)).text[:MAX_PAGE].replace("\0", "")
    if text.lstrip("\ufeff \t\r\n")[:1] == "{":
        return _json_feed(text)
    head = text[:_HEAD]
    kind = _xml_kind(head)
    return Sight(kind, _xml_title(head)) if kind else _page(text, url)


def _with_charset(body: bytes, content_type: str) -> str:
    """The content type, with the encoding that a page names in itself where the server names none."""
    if "charset" in content_type.lower() or not (named := _CHARSET.search(body[:4096])):
        return content_type
    return f"{content_type or 'text/html'}; charset={named[1].decode('ascii')}"


def _json_feed(text: str) -> Sight:
    try:
        feed = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return Sight("", "")
    if not isinstance(feed, dict) or "jsonfeed.org/version/" not in str(feed.get("version", ""))[:200]:
        return Sight("", "")
    return Sight("json", html.text(str(feed.get("title") or "")))


def _xml_kind(head: str) -> str:
    lowered = head.lower()
    root = None if _WEB_PAGE.match(lowered) else _ROOT.search(lowered)
    if root is None or (root[1] == "rdf" and "purl.org/rss" not in head and "netscape.com/rdf" not in head):
        return ""
    return "atom" if root[1] == "feed" else "rss"


def _xml_title(head: str) -> str:
    entries = _ENTRIES.search(head)
    title = _TITLE.search(head, 0, entries.start() if entries else len(head))
    return html.text(title[1] or title[2] or "") if title else ""


def _page(text: str, url: str) -> Sight:
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
    except etree.LxmlError:
        root = None
    if root is None:
        return Sight("", "")
    base = _base(root, url)
    elements = islice(root.iter("link", "a"), MAX_ELEMENTS)
    found = [link for element in elements if (link := _link(element, base))]
    links: dict[str, PageLink] = {}
    for link in found:
        if link.url not in links or link.declared > links[link.url].declared:
            links[link.url] = link
    return Sight("", html.text(str(root.findtext(".//title") or "")), tuple(links.values())[:MAX_LINKS])


def _base(root: Any, url: str) -> str:
    named = root.find(".//base[@href]")
    return (absolute(named.get("href"), url) if named is not None else "") or url


def _link(element: Any, base: str) -> PageLink | None:
    address = _address(element.get("href") or "", base)
    if not address:
        return None
    title = html.text(element.get("title") or (_words(element) if element.tag == "a" else ""))
    comments = bool(_COMMENTS.search(title) or _COMMENTS.search(urlsplit(address).path))
    kind = _FEED_TYPES.get((element.get("type") or "").partition(";")[0].strip().lower(), "")
    if element.tag == "link":
        return PageLink(address, title, kind, True, comments) if _is_declared(element, kind, address) else None
    if kind or _looks_like_feed(address) or _FEED_WORD.search(title[:40]):
        return PageLink(address, "" if _FEED_WORD.fullmatch(title) else title[:100], kind, False, comments)
    return None


def _address(href: str, base: str) -> str:
    """The address of a link; ``feed:`` is an old scheme for the address of a feed (feed://host/path, feed:https://…)."""
    plain = re.sub(r"^\s*feed:(?://(?=[^/])(?!https?:)|(?=https?:))", "", href[:2100], flags=re.IGNORECASE)
    if plain != href[:2100] and not re.match(r"https?:", plain, re.IGNORECASE):
        plain = f"https://{plain}"
    return absolute(plain, base)


def _is_declared(element: Any, kind: str, address: str) -> bool:
    roles = (element.get("rel") or "").lower().split()
    if not {"alternate", "feed"} & set(roles) or "stylesheet" in roles:
        return False
    vague = (element.get("type") or "").strip().lower() in _VAGUE_TYPES
    return bool(kind) or "feed" in roles or (vague and _looks_like_feed(address))


def _looks_like_feed(address: str) -> bool:
    parts = urlsplit(address)
    return bool(_FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query))


def _words(anchor: Any) -> str:
    return "".join(anchor.itertext())[:200]
