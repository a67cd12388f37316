"""A web page as bytes: its text in the right encoding, its tree, and what its head says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.reading.dates import is_plausible, read_moment
from ingest.reading.encoding import decode
from ingest.reading.links import absolute
from ingest.reading.text import clean, cut, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

__all__ = ["MAX_PAGE", "PageFacts", "facts", "looks_like_page", "page_text", "tree"]

MAX_PAGE = 4_000_000
MAX_FACT = 2_000
_HEAD = 4_096
_BEGINNING = 65_536
# More elements than this are no article, and extraction takes time for each.
MAX_ELEMENTS = 30_000

_PAGE = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|article|main|div|p)(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE
)
_META_CHARSET = re.compile(rb"""<meta\b[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# Browsers write the first, SingleFile the second.
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(\S{1,2048}?)\s*-->", re.IGNORECASE)
_SINGLE_FILE = re.compile(r"<!--\s*Page saved with SingleFile\s+url:\s*(\S{1,2048})", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));?")
_DATE_NAMES = (
    *("article:published_time", "datepublished", "og:article:published_time", "og:published_time"),
    *("citation_publication_date", "citation_online_date", "citation_date", "dc.date.issued", "dcterms.created"),
    *("dc.date", "dcterms.date", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish_date", "date"),
)
_TITLE_NAMES = ("citation_title", "og:title", "twitter:title", "dc.title")
_AUTHOR_NAMES = ("citation_author", "author", "article:author", "dc.creator", "parsely-author", "byl")
_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_SITE_TAIL = re.compile(r"\s+[|·•—–-]\s+|\s*[_｜丨]\s*")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says of itself; '' or None for what it does not say.

    ``url`` is where it was saved from, else its canonical address; ``lang`` the page's own label.
    """

    title: str = ""
    url: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    site: str = ""
    lang: str = ""


def looks_like_page(text: str) -> bool:
    """Whether the text holds what an HTML document begins with, so that a PDF under a false name is none."""
    return _PAGE.search(text[:_BEGINNING]) is not None


def page_text(body: bytes, content_type: str = "") -> str:
    """The page's text, at most ``MAX_PAGE`` characters; a ``<meta charset>`` counts where the header names none."""
    if "charset" not in content_type.lower() and (named := _META_CHARSET.search(body[:_HEAD])):
        content_type = f"text/html; charset={named[1].decode('ascii')}"
    return clean(decode(body, content_type).text[:MAX_PAGE])


def tree(text: str) -> Any:
    """The page's tree, or None where there is nothing, or more than ``MAX_ELEMENTS`` elements.

    libxml2 itself ends a tree that nests deeper than 256 elements.
    """
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, collect_ids=False, encoding="utf-8"
    )
    try:
        root = lxml_html.document_fromstring(_REFERENCE.sub(_sound, text).encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return root if sum(1 for _ in root.iter()) <= MAX_ELEMENTS else None


def _sound(reference: re.Match[str]) -> str:
    """A reference to a character, '' where it is none of XML's: lxml reads it from a page, and raises when it is moved."""
    digits = reference[1] or reference[2]
    code = int(digits, 16 if reference[1] else 10) if len(digits) < 10 else 0
    is_one = code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return reference[0] if is_one else ""


def facts(text: str, root: Any, *, now: datetime) -> PageFacts:
    """What the page's head says; ``now`` (aware) is what dates are held against."""
    named = _metas(root)
    site = named.get("og:site_name", "")
    saved = _SAVED_FROM.search(text[:_HEAD]) or _SINGLE_FILE.search(text[:_HEAD])
    return PageFacts(
        title=_title(root, named, site),
        url=absolute(saved[1]) if saved and absolute(saved[1]) else _canonical(root, named),
        authors=_authors(root),
        published=next((d for d in _dates(text, root, named) if d and is_plausible(d, now)), None),
        site=site,
        lang=one_line(root.get("lang") or "")[:35],
    )


def _metas(root: Any) -> dict[str, str]:
    """The contents of the page's meta elements by name, property or itemprop in lower case; the first one counts."""
    named: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower()
        if name and (content := one_line((meta.get("content") or "")[:MAX_FACT])):
            named.setdefault(name, content)
    return named


def _title(root: Any, named: dict[str, str], site: str) -> str:
    for name in _TITLE_NAMES:
        if name in named:
            return _without_site(named[name], site)
    own = next((one_line(title.text_content()[:MAX_FACT]) for title in root.iter("title")), "")
    headings = [one_line(heading.text_content()[:MAX_FACT]) for heading in root.iter("h1")]
    if len(headings) == 1 and headings[0] and headings[0] in own:
        return headings[0]
    return _without_site(own, site) or next(filter(None, headings), "")


def _without_site(title: str, site: str) -> str:
    """The title without the site's name at its end: ``A story | The Paper``."""
    if site and title.endswith(site) and title != site:
        head = title[: -len(site)]
        divided = _SITE_TAIL.search(head, max(len(head) - 5, 0))
        return head[: divided.start()] if divided else title
    return title


def _canonical(root: Any, named: dict[str, str]) -> str:
    links = (link.get("href", "") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical")
    return next((address for href in (*links, named.get("og:url", "")) if (address := absolute(href))), "")


def _authors(root: Any) -> tuple[str, ...]:
    for wanted in _AUTHOR_NAMES:
        found = [
            one_line((meta.get("content") or "")[:MAX_FACT])
            for meta in root.iter("meta")
            if (meta.get("name") or meta.get("property") or "").lower() == wanted
        ]
        # Some sites name the author's page there.
        if names := [cut(name, 200) for name in found if name and not name.startswith(("http://", "https://"))]:
            return tuple(dict.fromkeys(names))[:100]
    return ()


def _dates(text: str, root: Any, named: dict[str, str]) -> Iterator[datetime | None]:
    """The dates that may be that of publication, the surest first."""
    yield from (read_moment(named[name]) for name in _DATE_NAMES if name in named)
    if found := _LD_DATE.search(text):
        yield read_moment(found[1])
    for element in root.iter("time"):
        yield read_moment((element.get("datetime") or "")[:64])
