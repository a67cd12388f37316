"""A web page that was saved to disk: one entry, with the article as its text and the address that it came from."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from ingest.articles.extraction import main_markup
from ingest.articles.webpage import facts, looks_like_page, page_text, tree
from ingest.reading.entries import RawEntry
from notes.errors import ParseError

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["entry_of_page", "read"]


def read(body: bytes, name: str, *, now: datetime) -> tuple[str, tuple[RawEntry, ...], tuple[str, ...]]:
    """The site's name, the page's one entry, and what was amiss. Raises ParseError for what is no page."""
    site, entry = entry_of_page(page_text(body), name, now=now)
    return site, (entry,), ()


def entry_of_page(text: str, name: str, *, address: str = "", now: datetime) -> tuple[str, RawEntry]:
    """The site's name and the entry of a page; ``address`` is believed where the page does not say its own.

    A page without an address is known by its file's ``name``. Where no article is found, all that is seen is kept.
    """
    root = tree(text) if looks_like_page(text) else None
    if root is None:
        raise ParseError("the document is no web page, or too large for one", hint="save the page once more")
    known = facts(text, root, now=now)
    url = known.url or address
    entry = RawEntry(
        external_id=url or name,
        link=url,
        title=known.title or PurePath(name).stem,
        body=main_markup(root, url, known.title) or text,
        base_url=url,
        authors=known.authors,
        published=known.published,
    )
    return known.site, entry
