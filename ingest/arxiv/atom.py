"""Replies of the arXiv API (https://info.arxiv.org/help/api/user-manual.html), read as the Atom that they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.arxiv import fields as arxiv_fields
from ingest.reading.dates import read_moment
from ingest.reading.entries import RawEntry, build_items
from ingest.reading.text import one_line
from notes.errors import FetchError, ParseError
from notes.model import PaperVersion
from notes.versions import merged

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.sources import SourceSpec
    from notes.model import Item

__all__ = ["ApiPage", "looks_like_reply", "parse_api"]

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_REPLY = re.compile(rb"<(?:\w+:)?id>\s*https?://(?:export\.)?arxiv\.org/(?:abs/|api/)")
_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class ApiPage:
    """One reply: its papers, how many the whole search has (``total``), and where this page starts (``start``)."""

    items: tuple[Item, ...]
    total: int
    start: int
    warnings: tuple[str, ...]


def looks_like_reply(body: bytes) -> bool:
    """Whether the document is a reply of the API: an Atom feed whose ids are arXiv's."""
    head = body[:_HEAD]
    return b"http://www.w3.org/2005/Atom" in head and b"<rss" not in head and _REPLY.search(head) is not None


def parse_api(body: bytes, *, spec: SourceSpec, now: datetime) -> ApiPage:
    """The papers of one reply, in its order.

    Raises FetchError with arXiv's own words for the error feed (a paper called "Error", status 200 or 400), ParseError
    where the body is no Atom feed. A reply that was cut short gives the papers that are whole, and a warning.
    """
    root, warnings = _tree(body)
    nodes = list(root.iter(f"{_ATOM}entry"))
    if reason := _error(nodes):
        raise FetchError(f"arXiv refused the search: {reason}", hint="check the query of this source")
    items, trouble = build_items([_entry(node) for node in nodes], spec, feed_title="arXiv", now=now)
    items = tuple(replace(item, versions=_versions(item)) for item in items)
    start, total = _number(root, "startIndex"), _number(root, "totalResults")
    return ApiPage(items, total, start, warnings + trouble)


def _tree(body: bytes) -> tuple[Any, tuple[str, ...]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError) as error:
        raise ParseError(f"arXiv's reply is no XML: {error}") from error
    if root is None or root.tag != f"{_ATOM}feed":
        raise ParseError("arXiv's reply is no Atom feed")
    faults = len(parser.error_log)
    return root, (f"the reply is not well-formed: {parser.error_log[0].message}",) if faults else ()


def _error(nodes: list[Any]) -> str:
    for node in nodes:
        if re.match(r"https?://(?:export\.)?arxiv\.org/api/errors", _text(node, f"{_ATOM}id")):
            return one_line(_text(node, f"{_ATOM}summary")) or "no reason given"
    return ""


def _entry(node: Any) -> RawEntry:
    written = [_text(node, f"{_ATOM}{name}") for name in ("published", "updated")]
    published, updated = (read_moment(text) for text in written)
    return RawEntry(
        external_id=_text(node, f"{_ATOM}id").strip(),
        link=_text(node, f"{_ATOM}id").strip(),
        title=arxiv_fields.untexed(_text(node, f"{_ATOM}title")),
        body=arxiv_fields.untexed(_text(node, f"{_ATOM}summary")),
        plain=True,
        is_record=True,
        authors=tuple(
            arxiv_fields.untexed(one_line(_text(author, f"{_ATOM}name")))
            for author in node.iterchildren(f"{_ATOM}author")
        ),
        has_authors_apart=True,
        categories=_categories(node),
        published=published,
        updated=updated,
        doi=_text(node, f"{_ARXIV}doi"),
        comment=_comment(node),
        has_bad_date=any(text and not moment for text, moment in zip(written, (published, updated), strict=True)),
    )


def _comment(node: Any) -> str:
    return arxiv_fields.comment(_text(node, f"{_ARXIV}comment"), _text(node, f"{_ARXIV}journal_ref"))


def _categories(node: Any) -> tuple[str, ...]:
    """The categories, the primary one first."""
    primary = (child.get("term", "") for child in node.iterchildren(f"{_ARXIV}primary_category"))
    others = (child.get("term", "") for child in node.iterchildren(f"{_ATOM}category"))
    return arxiv_fields.categories([*primary, *others])


def _versions(item: Item) -> tuple[PaperVersion, ...]:
    """What the API tells of the version log: when the first was submitted and when the last."""
    if not item.arxiv_version:
        return ()
    last = PaperVersion(item.arxiv_version, item.updated, item.comment)
    return merged((last,), (PaperVersion(1, item.published),) if item.published else ())


def _text(node: Any, tag: str) -> str:
    child = node.find(tag)
    return "" if child is None else "".join(child.itertext())


def _number(root: Any, name: str) -> int:
    text = _text(root, f"{_SEARCH}{name}").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
