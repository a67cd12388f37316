"""arXiv's daily announcement as RSS (https://info.arxiv.org/help/rss.html): new papers, cross-lists, replacements."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.arxiv import fields as arxiv_fields
from ingest.arxiv.announcing import KINDS, leading
from ingest.reading.dates import read_moment
from ingest.reading.entries import RawEntry, build_items
from ingest.reading.text import one_line
from notes import identity
from notes.errors import ParseError
from notes.model import PaperVersion
from notes.versions import merged

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.sources import SourceSpec
    from notes.model import Item

__all__ = ["RSS_CAP", "Announcement", "parse_announcement"]

# The feed ends here, however many papers were announced.
RSS_CAP = 2_000

_DC = "{http://purl.org/dc/elements/1.1/}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_TYPE = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*(?P<type>[\w-]+)")


@dataclass(frozen=True, slots=True)
class Announcement:
    """One day's papers, each once, in the feed's order; ``entries`` is how many the feed holds. Empty on days of rest."""

    items: tuple[Item, ...]
    entries: int
    warnings: tuple[str, ...]

    @property
    def newest(self) -> datetime | None:
        """The day that the feed is of: midnight, US Eastern."""
        return max((item.updated for item in self.items if item.updated), default=None)

    @property
    def is_cut(self) -> bool:
        """Whether the feed is as long as it can be, so that papers may be missing."""
        return self.entries >= RSS_CAP


def parse_announcement(body: bytes, *, spec: SourceSpec, now: datetime) -> Announcement:
    """The papers of the feed, with :attr:`~notes.model.Item.announced` and the version that each announces.

    Raises ParseError where the body is no RSS of arXiv. A feed that was cut short gives the papers that are whole.
    """
    channel, warnings = _channel(body)
    nodes = list(channel.iterchildren("item"))
    entries = [_entry(node) for node in nodes]
    known = [entry for entry in entries if identity.arxiv_id(entry.external_id)]
    if len(known) < len(entries):
        warnings = (*warnings, f"entries without an arXiv id left out: {len(entries) - len(known)}")
    items, trouble = build_items(_each_once(known), spec, feed_title="arXiv", now=now)
    return Announcement(tuple(_told(item) for item in items), len(nodes), warnings + trouble)


def _channel(body: bytes) -> tuple[Any, tuple[str, ...]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError) as error:
        raise ParseError(f"arXiv's feed is no XML: {error}") from error
    channel = root.find("channel") if root is not None and root.tag == "rss" else None
    if channel is None:
        raise ParseError("arXiv's reply is no RSS feed", hint="check the categories of this source")
    return channel, (f"the feed is not well-formed: {parser.error_log[0].message}",) if parser.error_log else ()


def _entry(node: Any) -> RawEntry:
    written = _text(node, "pubDate")
    published = read_moment(written)
    return RawEntry(
        external_id=_text(node, "guid").strip() or _text(node, "link").strip(),
        link=_text(node, "link").strip(),
        title=arxiv_fields.untexed(_text(node, "title")),
        body=arxiv_fields.untexed(_text(node, "description")),
        plain=True,
        is_record=True,
        authors=arxiv_fields.authors(_text(node, f"{_DC}creator")),
        categories=arxiv_fields.categories(child.text or "" for child in node.iterchildren("category")),
        published=published,
        doi=_text(node, f"{_ARXIV}DOI"),
        comment=arxiv_fields.comment(_text(node, f"{_ARXIV}comment"), _text(node, f"{_ARXIV}journal_reference")),
        announced=_announced(node),
        has_bad_date=bool(written.strip()) and published is None,
    )


def _announced(node: Any) -> str:
    said = _TYPE.match(_text(node, "description"))
    names = (one_line(_text(node, f"{_ARXIV}announce_type")), said["type"] if said else "")
    return next((name.lower() for name in names if name.lower() in KINDS), "")


def _each_once(entries: list[RawEntry]) -> list[RawEntry]:
    """One entry for each paper, with the categories of all."""
    found: dict[str, RawEntry] = {}
    for entry in entries:
        base, _ = identity.arxiv_id(entry.external_id) or ("", 0)
        found[base] = _both(found[base], entry) if base in found else entry
    return list(found.values())


def _both(one: RawEntry, other: RawEntry) -> RawEntry:
    better = max(one, other, key=_standing)
    # A cross-list may begin with the category that it was listed in, not with the primary one.
    first, second = sorted((one, other), key=lambda entry: entry.announced in ("cross", "replace-cross"))
    categories = tuple(dict.fromkeys((*first.categories, *second.categories)))
    return better._replace(categories=categories, announced=leading(one.announced, other.announced))


def _standing(entry: RawEntry) -> tuple[int, int]:
    """Of several entries of a paper that of the latest version stands best, then the announcement that says most."""
    _, version = identity.arxiv_id(entry.external_id) or ("", 0)
    return version, -KINDS.index(entry.announced) if entry.announced else -len(KINDS)


def _told(item: Item) -> Item:
    # The day of the announcement: the submission was days before, as API and OAI-PMH will tell.
    log = (PaperVersion(item.arxiv_version, item.published),) if item.arxiv_version else ()
    # That of a replacement says nothing of when the paper appeared.
    published = item.published if item.arxiv_version <= 1 else None
    return replace(item, versions=merged(log), updated=item.published, published=published)


def _text(node: Any, tag: str) -> str:
    child = node.find(tag)
    return "" if child is None else "".join(child.itertext())
