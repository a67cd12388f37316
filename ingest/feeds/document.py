"""Feeds of every format, from bytes to items: RSS, Atom and RDF by feedparser, JSON Feed, and arXiv's API replies.

:func:`parse` is a pure function of its arguments; it opens nothing and asks nobody, so it may run in any process.
The way: bytes → text in the right encoding → a text without what makes feedparser raise or stall → entries → items.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from ingest.arxiv import atom as arxiv_atom
from ingest.feeds import jsonfeed, quickfeed
from ingest.feeds.hints import document_hints
from ingest.feeds.mending import ASTRAY, ENTRY, made_sound, without_torn_end
from ingest.reading import html
from ingest.reading.dates import read_moment
from ingest.reading.encoding import decode
from ingest.reading.entries import RawEntry, build_items
from ingest.reading.text import one_line
from ingest.sources import Hints
from notes.errors import ParseError
from notes.model import Item
from notes.text.likeness import sketches_of

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.sources import SourceSpec

__all__ = ["ParsedFeed", "parse"]

MAX_ENTRIES = jsonfeed.MAX_ENTRIES
# Of a document that only feedparser reads: it takes more than ten times as long.
MAX_LENIENT_ENTRIES = 5_000

_WEB_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_PLACE = re.compile(r"<unknown>:([0-9]+):([0-9]+): ")
_HARMLESS = {"CharacterEncodingOverride", "NonXMLContentType"}
_SILENT = Hints()
_TORN = "the entry that the document breaks off in was left out"


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A document's items in its own order, the feed's title, what was amiss, and what it says of its rhythm.

    ``sketches`` holds that of each item where they were asked for, else it is empty.
    """

    items: tuple[Item, ...]
    title: str
    warnings: tuple[str, ...]
    hints: Hints = _SILENT
    sketches: tuple[str, ...] = ()


def parse(
    body: bytes, *, spec: SourceSpec, base_url: str, now: datetime, content_type: str = "", sketches: bool = False
) -> ParsedFeed:
    """The items of a feed document.

    ``base_url`` is where it came from: relative addresses are seen from there. ``now`` (aware) is what
    dates are held against. ``sketches`` says whether to draw them, which takes about a quarter of the time that
    reading does. Raises ParseError (or FetchError for arXiv's error feed) where the document is no feed;
    no other exception. A damaged feed gives what can be read, and warnings.
    """
    if arxiv_atom.looks_like_reply(body):
        page = arxiv_atom.parse_api(body, spec=spec, now=now)
        return ParsedFeed(page.items, "arXiv", page.warnings)
    text, _, trouble = decode(body, content_type)
    if not text.strip():
        raise ParseError("the document is empty")
    read = jsonfeed.read if jsonfeed.looks_like_json(text) else _read_xml
    title, entries, warnings = read(text, base_url)
    if trouble:
        warnings = (trouble, *warnings)
    capped = _capped(MAX_ENTRIES, len(entries) - MAX_ENTRIES)
    items, faults = build_items(entries[:MAX_ENTRIES], spec, feed_title=title, now=now)
    drawn = sketches_of(items) if sketches else ()
    return ParsedFeed(items, title, (*warnings, *capped, *faults), document_hints(text), drawn)


def _capped(cap: int, left_out: int) -> tuple[str, ...]:
    return (f"entries beyond the first {cap} left out: {left_out}",) if left_out > 0 else ()


def _within_cap(text: str, cap: int) -> tuple[str, tuple[str, ...]]:
    """The document without the entries beyond ``cap``, which no parser then sees, and a word on how many they are."""
    if len(text) <= cap * len("<item>") or text.count("<") <= cap:
        return text, ()
    starts = ENTRY.finditer(text)
    first = next(islice(starts, cap, None), None)
    if first is None:
        return text, ()
    left_out = 1 + sum(1 for _ in starts)
    last = text.rfind(f"</{first[1]}")
    end = text.find(">", last) + 1 if last > first.start() else text.rfind("/>", first.start()) + 2
    return text[: first.start()] + text[max(end, first.end()) :], _capped(cap, left_out)


def _read_xml(text: str, base_url: str) -> tuple[str, tuple[RawEntry, ...], tuple[str, ...]]:
    if _WEB_PAGE.match(text[:4096]):
        # The remedy stands in the message: the report of a night shows no other.
        raise ParseError("the document is a web page, not a feed; `slipway source add` with its address finds the feed")
    begun = text.lstrip()
    within, capped = _within_cap(begun, MAX_ENTRIES)
    if plain := quickfeed.read(within, base_url):
        title, entries = plain
        return html.text(title), tuple(entries), capped if begun == text else (ASTRAY, *capped)
    return _read_leniently(text, base_url)


def _read_leniently(text: str, base_url: str) -> tuple[str, tuple[RawEntry, ...], tuple[str, ...]]:
    """The title, the entries and the faults of whatever feedparser makes something of."""
    text, capped = _within_cap(text, MAX_LENIENT_ENTRIES)
    whole = without_torn_end(text)
    sound, warnings = made_sound(whole)
    warnings = (*capped, *warnings)
    document = _feedparser(sound, base_url)
    if not document.get("version") and not document["entries"]:
        raise ParseError("the document is no feed", hint="look at the address in a browser")
    if whole != text:
        warnings = (*warnings, _TORN)
    elif document.get("bozo") and type(fault := document["bozo_exception"]).__name__ not in _HARMLESS:
        fault_said = _PLACE.sub(r"line \1, column \2: ", one_line(str(fault)))
        warnings = (*warnings, f"the document is not well-formed: {fault_said}")
    title = html.text(dict.get(document["feed"], "title") or "")
    return title, tuple(_entry(entry, base_url) for entry in document["entries"]), warnings


def _feedparser(text: str, base_url: str) -> Any:
    """What feedparser reads in the text, given as UTF-8 in a stream: a ``str`` that looks like a path it would open."""
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8", "content-location": base_url}
    body = io.BytesIO(text.encode())
    try:
        return feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # it raises whatever it stumbles over: ten code sites
        what = f"{type(error).__name__}: {one_line(str(error))[:200]}"
        raise ParseError(f"the document cannot be read: {what}") from error


def _entry(entry: Any, base_url: str) -> RawEntry:
    # dict.get: feedparser's own get answers "updated" with "published", under a warning.
    def text(key: str) -> str:
        return str(dict.get(entry, key) or "")

    published = read_moment(text("published"), dict.get(entry, "published_parsed")) if text("published") else None
    updated = read_moment(text("updated"), dict.get(entry, "updated_parsed")) if text("updated") else None
    created = read_moment(text("created"), dict.get(entry, "created_parsed")) if text("created") else None
    written = text("published") or text("updated") or text("created")
    body, base = _body(entry)
    return RawEntry(
        external_id=text("id"),
        link=text("feedburner_origlink") or text("link"),
        title=text("title"),
        body=body,
        is_record=text("id").startswith("oai:arXiv.org:"),
        base_url=base or base_url,
        authors=_authors(entry),
        categories=tuple(dict.fromkeys(str(tag["term"]) for tag in dict.get(entry, "tags") or () if tag["term"])),
        published=published or created,
        updated=updated,
        doi=text("prism_doi") or text("dc_identifier"),
        comment=text("arxiv_comment"),
        announced=text("arxiv_announce_type"),
        has_bad_date=bool(written) and not (published or updated or created),
    )


def _body(entry: Any) -> tuple[str, str]:
    """The markup of the entry's text, and its base: the content, unless the summary has more to say."""
    summary = dict.get(entry, "summary_detail") or {}
    candidates = [*(dict.get(entry, "content") or ()), summary]
    textual = [part for part in candidates if _is_text(str(part.get("type") or "text/html"))]
    best: Any = max(textual, key=lambda part: len(part.get("value") or ""), default={})
    return str(best.get("value") or ""), str(best.get("base") or "")


def _is_text(media_type: str) -> bool:
    return media_type.startswith("text/") or "html" in media_type


def _authors(entry: Any) -> tuple[str, ...]:
    people = dict.get(entry, "authors") or ()
    names = tuple(str(person["name"]) for person in people if person.get("name"))
    return names or (str(dict.get(entry, "author") or ""),)
