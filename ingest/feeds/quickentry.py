"""One entry of a feed that is plain, read as feedparser reads it: the same fields, or :class:`Unusual`.

feedparser is a machine with many states; what is plain is what meets few of them. An element is either read here by
feedparser's rule for it (named in the comments after its source, version 6.0), or known to change nothing that
Slipway reads, or unusual.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.feeds.quickrules import (
    Unusual,
    attributes,
    based,
    check_inert,
    content_of,
    joined,
    name_of,
    repaired,
    text_of,
)
from ingest.reading.dates import read_usual
from ingest.reading.entries import RawEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from xml.etree.ElementTree import Element

__all__ = ["entry_of"]

MAX_PERSON = 300
MAX_CATEGORIES = 100

_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_SEMICOLON = re.compile(r"&([A-Za-z0-9_]+);")
_HTML_TYPES = frozenset({"html", "xhtml", "text/html", "application/xhtml+xml"})
_PERSON_PARTS = frozenset({"name", "email", "uri", "url", "homepage"})
_SOURCE_PARTS = frozenset(
    "id title updated published link author contributor subtitle rights generator icon logo category".split()
)


def entry_of(item: Element, named: Callable[[str], str], base: str, base_url: str) -> RawEntry:
    """The entry that an ``item`` or ``entry`` element is.

    ``named`` gives a tag's name as feedparser has it (``dc:creator``, lower case), ``base`` is what addresses
    are seen from, ``base_url`` the same for an entry without text. Raises Unusual.
    """
    if item.keys():
        base = based(item, base)
    reader = _Reader(named, base, item.get(_ABOUT, ""))
    reader.read(item, depth=1)
    return reader.entry(base_url)


class _Reader:
    """The fields of one entry as they come, each by the rule of the feedparser handler that its comment names."""

    __slots__ = (
        *(
            "_authors",
            "_base",
            "_categories",
            "_contents",
            "_has_content",
            "_has_summary",
            "_link",
            "_named",
            "_people",
        ),
        *("_summary", "_texts", "_title", "_title_at", "_title_depth"),
    )

    def __init__(self, named: Callable[[str], str], base: str, about: str) -> None:
        self._named = named
        self._base = base
        self._texts: dict[str, str] = {"id": about} if about else {}
        self._link: str | None = None
        self._title = ""
        self._title_at: int | None = None
        self._title_depth = -1
        self._contents: list[tuple[str, str]] = []
        self._summary: tuple[str, str] | None = None
        self._has_summary = False
        self._has_content = False
        self._people: list[str] = []
        self._authors = ""
        self._categories: list[str] = []

    def read(self, parent: Element, depth: int) -> None:
        """Takes in the children of an element, in their order."""
        named, handlers = self._named, _HANDLERS
        for child in parent:
            name = named(child.tag)
            handler = handlers.get(name)
            if handler is None:
                check_inert(child, name, named)
            else:
                handler(self, child, name, depth)

    def entry(self, base_url: str) -> RawEntry:
        """What was read, put together as :mod:`ingest.feeds.document` does it with feedparser's entries."""
        text = self._texts.get
        published, updated, created = _moment(text("published")), _moment(text("updated")), _moment(text("created"))
        body, base = self._longest()
        written = text("published") or text("updated") or text("created")
        external_id = text("id", "")
        return RawEntry(
            external_id=external_id,
            link=text("feedburner:origlink") or self._link or "",
            title=self._title,
            body=body,
            is_record=external_id.startswith("oai:arXiv.org:"),
            base_url=base or base_url,
            authors=tuple(filter(None, self._people)) or (self._authors,),
            categories=tuple(category for category in dict.fromkeys(self._categories) if category),
            published=published or created,
            updated=updated,
            doi=text("prism:doi") or text("dc:identifier") or "",
            comment=text("arxiv:comment", ""),
            announced=text("arxiv:announce_type", ""),
            has_bad_date=bool(written) and not (published or updated or created),
        )

    def _longest(self) -> tuple[str, str]:
        """The text that has most to say, and what its addresses are seen from."""
        if self._contents:
            return max((*self._contents, self._summary or ("", "")), key=_length)
        return self._summary or ("", "")

    def take_title(self, element: Element, name: str, depth: int) -> None:
        """_start_title, _end_title: the first that says something, of those least deep (media:title never closes)."""
        value = content_of(element, self._base)[0]
        is_open = not -1 < self._title_depth <= depth
        if is_open and (self._title_at is None or depth <= self._title_at):
            self._title, self._title_at = value, depth
        if value and name != "media:title":
            self._title_depth = depth

    def take_link(self, element: Element, name: str, depth: int) -> None:
        """_start_link: an address in ``href`` counts where it is an alternate in HTML, one as text always."""
        given = attributes(element)
        if "url" in given or "uri" in given or len(element):
            raise Unusual(name)
        if "href" not in given:
            text = (element.text or "").strip()
            text = repaired(joined(self._base, text)) if text else ""
            self._link = _SEMICOLON.sub(r"&\1", text.replace("&amp;", "&")) if "&" in text else text
        elif not given["href"]:
            raise Unusual(name)
        elif given.get("rel", "alternate").lower() == "alternate":
            kind = given.get("type", "text/html").lower()
            if kind in _HTML_TYPES:
                self._link = joined(self._base, given["href"])

    def take_id(self, element: Element, name: str, depth: int) -> None:
        """_start_guid, _end_guid: a permalink is an address, and the entry's where there is none yet."""
        is_link = attributes(element).get("ispermalink", "true") == "true"
        if len(element):
            raise Unusual(name)
        text = (element.text or "").strip()
        value = repaired(joined(self._base, text) if text and is_link else text)
        self._texts["id"] = value
        if is_link and self._link is None:
            self._link = value

    def take_summary(self, element: Element, name: str, depth: int) -> None:
        """_start_description, _start_summary: a second one counts as content."""
        if self._has_summary and not self._has_content:
            self.take_content(element, name, depth)
        else:
            self._summary = content_of(element, self._base)
            self._has_summary = True

    def take_content(self, element: Element, name: str, depth: int) -> None:
        """_start_content, _start_content_encoded."""
        self._has_content = self._has_summary = True
        self._contents.append(content_of(element, self._base))

    def take_author(self, element: Element, name: str, depth: int) -> None:
        """_start_author, _sync_author_detail: a person's parts, or a text with a name and an address."""
        attributes(element)
        if len(element):
            self._people.append(self._person(element))
            self._authors = self._people[-1]
            return
        text = text_of(element)
        if len(text) > MAX_PERSON:
            raise Unusual(name)
        self._authors = text
        self._people.append(name_of(text))

    def take_category(self, element: Element, name: str, depth: int) -> None:
        """_start_category, _end_category: the term, and the text where there is one."""
        self._categories += [attributes(element).get("term", ""), text_of(element)]
        if len(self._categories) > 2 * MAX_CATEGORIES:
            raise Unusual(name)

    def take_keywords(self, element: Element, name: str, depth: int) -> None:
        """_end_itunes_keywords, _end_media_keywords."""
        if element.keys():
            raise Unusual(name)
        self._categories += [term.strip() for term in text_of(element).split(",")]
        if len(self._categories) > 2 * MAX_CATEGORIES:
            raise Unusual(name)

    def take_text(self, element: Element, name: str, depth: int) -> None:
        """Whatever has one text: the last one counts."""
        if element.keys() and name not in _DATES:
            raise Unusual(name)
        self._texts[_DATES.get(name, name)] = text_of(element)

    def take_source(self, element: Element, name: str, depth: int) -> None:
        """_start_source: whence an aggregator has the entry; what it holds is the source's."""
        for child in element:
            part = self._named(child.tag)
            if part not in _SOURCE_PARTS or (len(child) and part not in {"author", "contributor"}):
                raise Unusual(name)
            self._person_parts(child)
        self._title_depth = -1

    def take_contributor(self, element: Element, name: str, depth: int) -> None:
        """_start_contributor: a person of whom nothing is read."""
        self._person_parts(element)

    def take_media(self, element: Element, name: str, depth: int) -> None:
        """media:group and media:content do nothing; what they hold counts as the entry's."""
        for child in element:
            if not self._named(child.tag).startswith("media:"):
                raise Unusual(name)
        self.read(element, depth + 1)

    def _person(self, element: Element) -> str:
        """A person's name (_end_name: as it stands). Raises Unusual for an address that would stand in its stead."""
        parts = self._person_parts(element)
        if not parts.get("name") and (
            parts.get("email") or (element.text or "").strip() or any(child.tail for child in element)
        ):
            raise Unusual("author")
        return parts.get("name", "")

    def _person_parts(self, element: Element) -> dict[str, str]:
        """The parts of a person. Raises Unusual for any that are not usual."""
        parts = {}
        for child in element:
            part = self._named(child.tag)
            if len(child) or child.keys() or part not in _PERSON_PARTS:
                raise Unusual(part)
            parts[part] = (child.text or "").strip()
        return parts


def _length(part: tuple[str, str]) -> int:
    return len(part[0])


def _moment(text: str | None) -> datetime | None:
    try:
        return read_usual(text) if text else None
    except (ValueError, OverflowError):
        raise Unusual(text) from None


_DATES = {
    **dict.fromkeys(("pubdate", "published", "issued", "dcterms:issued"), "published"),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc:date", "dcterms:modified"), "updated"),
    **dict.fromkeys(("created", "dcterms:created"), "created"),
}
_HANDLERS: Mapping[str, Callable[[_Reader, Element, str, int], None]] = {
    **dict.fromkeys(("title", "dc:title", "media:title"), _Reader.take_title),
    "link": _Reader.take_link,
    **dict.fromkeys(("guid", "id"), _Reader.take_id),
    **dict.fromkeys(
        ("description", "dc:description", "media:description", "summary", "itunes:summary"), _Reader.take_summary
    ),
    **dict.fromkeys(("content", "content:encoded"), _Reader.take_content),
    **dict.fromkeys(("author", "managingeditor", "dc:creator", "dc:author", "itunes:author"), _Reader.take_author),
    **dict.fromkeys(("category", "keywords", "dc:subject", "media:category"), _Reader.take_category),
    **dict.fromkeys(("itunes:keywords", "media:keywords"), _Reader.take_keywords),
    **dict.fromkeys(_DATES, _Reader.take_text),
    **dict.fromkeys(
        ("feedburner:origlink", "prism:doi", "dc:identifier", "arxiv:comment", "arxiv:announce_type"), _Reader.take_text
    ),
    "source": _Reader.take_source,
    "contributor": _Reader.take_contributor,
    **dict.fromkeys(("media:group", "media:content"), _Reader.take_media),
}
