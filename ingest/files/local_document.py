"""A document that lies on the user's disk, read by what its name says it is: feed, saved page, or mail."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from ingest.articles import saved_page
from ingest.feeds import document as feeds
from ingest.files import email_message
from ingest.reading.entries import build_items

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.sources import SourceSpec

__all__ = ["SUFFIXES", "read_local"]

_FEEDS = (".xml", ".rss", ".atom", ".rdf", ".json")
_PAGES = (".html", ".htm", ".xhtml")
_MAILS = (".eml", ".mhtml", ".mht")
_MAILBOXES = (".mbox",)
SUFFIXES = (*_FEEDS, *_PAGES, *_MAILS, *_MAILBOXES)


def read_local(body: bytes, name: str, spec: SourceSpec, now: datetime) -> feeds.ParsedFeed:
    """The items of the document called ``name``; what is of no known kind is read as a feed.

    A saved page is one item, a mail one or more (those attached to it are told apart). Raises ParseError.
    """
    suffix = PurePath(name.lower().removesuffix(".gz")).suffix
    if suffix in _PAGES:
        title, entries, warnings = saved_page.read(body, name, now=now)
    elif suffix in _MAILS:
        title, entries, warnings = email_message.read(body, name, now=now)
    elif suffix in _MAILBOXES:
        title, entries, warnings = email_message.read_mailbox(body, name, now=now)
    else:
        return feeds.parse(body, spec=spec, base_url="", now=now)
    items, faults = build_items(entries, spec, feed_title=title, now=now)
    return feeds.ParsedFeed(items, title, warnings + faults)
