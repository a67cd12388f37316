"""OPML, the list of feeds that readers exchange: read whatever a program wrote, written as version 2.0 says.

Read by its tags, not by an XML parser: of the document only the outlines matter, programs write ``&`` and ``<`` bare, and
without a parser there is no declaration of entities to explode and no tree to fill the memory. http://opml.org/spec2.opml
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from ingest.reading.encoding import decode
from ingest.reading.links import absolute
from ingest.reading.text import cut, one_line
from notes.errors import ParseError
from notes.text.few import first_few
from notes.text.slug import tag

__all__ = ["MAX_OPML", "MAX_OUTLINES", "Opml", "Outline", "read_opml", "write_opml"]

MAX_OPML: Final = 10_000_000
"""Bytes of a document."""
MAX_OUTLINES: Final = 20_000
"""Feeds of a document."""
_MAX_TAGS = 100_000
_MAX_LEVELS = 6
_MAX_TITLE = 300
_MAX_CATEGORIES = 20

_START = re.compile(r"<(?:opml|body|outline)[\s>/]", re.IGNORECASE)
# Possessive, so that a tag that never ends is given up after one look; bounded, so that no tag is large.
_TAG = re.compile(
    r"<(/?)([A-Za-z][\w:.-]{0,40})"
    r"((?:[^\"'<>]{1,1000}+|\"[^\"]{0,5000}\"|'[^']{0,5000}'){0,200}+)>"
)
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.-]{0,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_BEGIN = re.compile(r"<(?=[A-Za-z/!?])")
_SKIPPED = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_FEED_TYPES = {"rss", "atom"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of a list; ``tags`` are first the folders that it lies in (``tech/ai``), then its categories."""

    url: str
    title: str
    tags: tuple[str, ...] = ()
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Opml:
    """A list of feeds, in its order, and what was amiss with the document."""

    outlines: tuple[Outline, ...]
    warnings: tuple[str, ...] = ()


def read_opml(body: bytes) -> Opml:
    """The feeds of an OPML document of any version and encoding, damaged or not. Raises ParseError when it holds none."""
    if len(body) > MAX_OPML:
        raise ParseError(f"the document is larger than {MAX_OPML:,} bytes")
    text, _, trouble = decode(body)
    start = _START.search(text)
    if start is None:
        raise ParseError("the document is no OPML", hint="export the list of your feed reader as OPML")
    outlines: list[Outline] = []
    wrong: list[str] = []
    extra = 0
    for attributes, folders in _feeds(text, start.start()):
        outline = _outline(attributes, folders) if "xmlurl" in attributes else None
        if outline is None:
            wrong.append(_name(attributes) or cut(one_line(attributes.get("xmlurl", "")), _MAX_TITLE))
        elif len(outlines) < MAX_OUTLINES:
            outlines.append(outline)
        else:
            extra += 1
    if not outlines:
        raise ParseError("the document names no feed", hint="an outline of a feed has the attribute xmlUrl")
    told = (
        f"feeds without an address of the web left out: {_counted(wrong)}" if wrong else "",
        f"feeds beyond the first {MAX_OUTLINES} left out: {extra}" if extra else "",
    )
    return Opml(tuple(outlines), tuple(filter(None, (trouble, *told))))


def write_opml(title: str, outlines: Sequence[Outline]) -> str:
    """OPML 2.0: a feed lies in the folders that its first tag names, and carries all its tags as categories."""
    root = _Folder()
    for outline in outlines:
        root.place(outline)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<opml version="2.0">\n<head>\n  <title>{escape(one_line(title))}</title>\n</head>\n<body>\n'
        f"{''.join(root.lines(1))}</body>\n</opml>\n"
    )


def _counted(names: Sequence[str]) -> str:
    """How many there are, and the first few that have a name."""
    known = list(filter(None, names))
    return f"{len(names)} ({first_few(known)})" if known else str(len(names))


def _feeds(text: str, position: int) -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
    """The attributes of each outline that is a feed or says so, and the names of the folders round it."""
    open_outlines: list[str] = []
    for is_end, written in _outlines(text, position):
        if is_end:
            del open_outlines[-1:]
            continue
        attributes = _attributes(written)
        is_feed = "xmlurl" in attributes
        if is_feed or "htmlurl" in attributes or attributes.get("type", "").lower() in _FEED_TYPES:
            yield attributes, tuple(filter(None, open_outlines))[:_MAX_LEVELS]
        if not written.rstrip().endswith("/"):
            open_outlines.append("" if is_feed else _name(attributes))


def _outlines(text: str, position: int) -> Iterator[tuple[bool, str]]:
    """The tags of outlines: whether it is an end tag, and its attributes as they are written."""
    for _ in range(_MAX_TAGS):
        begin = _BEGIN.search(text, position)
        if begin is None:
            return
        position = begin.start()
        mark = next((mark for mark in _SKIPPED if text.startswith(mark, position)), "")
        if mark:
            position = text.find(_SKIPPED[mark], position)
            if position < 0:
                return
            continue
        found = _TAG.match(text, position)
        position = found.end() if found else position + 1
        if found and found[2].lower() == "outline":
            yield bool(found[1]), found[3]


def _attributes(written: str) -> dict[str, str]:
    """The attributes by lower-case name; some programs write the address of a feed as ``url``."""
    found = {name.lower(): unescape(double or single) for name, double, single in _ATTRIBUTE.findall(written)}
    if "url" in found and found.get("type", "").lower() in _FEED_TYPES:
        found.setdefault("xmlurl", found["url"])
    return found


def _name(attributes: dict[str, str]) -> str:
    return cut(one_line(attributes.get("title") or attributes.get("text") or ""), _MAX_TITLE)


def _outline(attributes: dict[str, str], folders: tuple[str, ...]) -> Outline | None:
    url = absolute(re.sub(r"^feed:(?://)?(?=https?:)|^feed:(?=//)", "", attributes["xmlurl"].strip()), "https://")
    if not url:
        return None
    categories = (part.strip().strip("/") for part in attributes.get("category", "").split(","))
    tags = tuple(dict.fromkeys(filter(None, (tag("/".join(folders)), *map(tag, categories)))))
    lang = attributes.get("language", "").strip()
    return Outline(url, _name(attributes), tags[:_MAX_CATEGORIES], lang if _LANGUAGE.fullmatch(lang) else "")


@dataclass
class _Folder:
    """A folder being filled: feeds and folders, in the order in which they came."""

    content: list[Outline | str] = field(default_factory=list)
    folders: dict[str, _Folder] = field(default_factory=dict)

    def place(self, outline: Outline) -> None:
        """Put a feed into the folders of its first tag."""
        folder = self
        for name in filter(None, (outline.tags[0] if outline.tags else "").split("/")[:_MAX_LEVELS]):
            if name not in folder.folders:
                folder.content.append(name)
                folder.folders[name] = _Folder()
            folder = folder.folders[name]
        folder.content.append(outline)

    def lines(self, depth: int) -> Iterator[str]:
        """The folder's content as lines of XML."""
        indent = "  " * depth
        for one in self.content:
            if isinstance(one, Outline):
                yield f"{indent}<outline {_written(one)}/>\n"
            else:
                yield f"{indent}<outline text={_quoted(one)}>\n"
                yield from self.folders[one].lines(depth + 1)
                yield f"{indent}</outline>\n"


def _written(outline: Outline) -> str:
    title = cut(one_line(outline.title), _MAX_TITLE) or outline.url
    given = {"type": "rss", "text": title, "title": title, "xmlUrl": outline.url}
    given |= {"category": ",".join(f"/{one}" for one in outline.tags), "language": outline.lang}
    return " ".join(f"{name}={_quoted(value)}" for name, value in given.items() if value)


def _quoted(text: str) -> str:
    return quoteattr(one_line(text))
