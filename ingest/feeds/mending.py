"""A feed's document made into one that feedparser reads without raising or stalling, and without an entry torn in two."""

from __future__ import annotations

import re
from collections import deque
from html import entities, escape

from notes.errors import ParseError

__all__ = ["ASTRAY", "ENTRY", "made_sound", "without_torn_end"]

MAX_PERSON = 8_000
MAX_UNCLOSED = 200
MAX_CATEGORIES = 500
ASTRAY = "text before the beginning of the feed was left out"
ENTRY = re.compile(r"<((?:[\w.-]{1,40}:)?(?:item|entry))(?=[\s/<>])")
"""How an entry begins, the name of its element as the first group."""
_HEAD = 65_536

_FEED_START = re.compile(r"<\?xml\b|<(?:[\w.-]{1,40}:)?(?:rss|feed|RDF)\b")
_ANY_ELEMENT = re.compile(r"<[A-Za-z]")
_MISC = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));?")
_STRAY = re.compile(
    r"(?P<cdata><!\[CDATA\[.*?(?:\]\]>|\Z))|&(?:(?P<name>[A-Za-z][A-Za-z0-9]{0,31});|(?!#))|<(?![A-Za-z_/!?])",
    re.DOTALL,
)
_XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_PERSON = re.compile(
    r"(<((?:[\w.-]{1,40}:)?(?:author|creator|managingEditor|webMaster|publisher|contributor|owner|name|email))"
    rf"(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[)?)([^<\]]{{{MAX_PERSON}}})[^<\]]*",
    re.IGNORECASE,
)
_ENTRY_OR_CATEGORY = re.compile(
    r"<(?:item|entry)\b"
    r"|<(category|(?:dc|media|itunes):(?:subject|category|keywords))\b[^<>]*"
    r"(?:/>|>(?:<!\[CDATA\[.{0,2000}?\]\]>|[^<]){0,2000}</\1\s*>)",
    re.IGNORECASE | re.DOTALL,
)
# Extensions that nothing here reads and that make feedparser raise: kurtmckee/feedparser issue 599.
_UNREAD = re.compile(r"</?(?:gml|georss|psc):[^<>]*>")
_ENTRY_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>")
_FEED_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_FEED_AT_END = re.compile(_FEED_END.pattern + r"\s*\Z", re.IGNORECASE)
_LITERAL = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_CLOSING = re.compile(r"</([\w.:-]{1,80})\s*>\s*(?:<[^<>]*)?\Z")
_CLOSING_TAIL = 300


def without_torn_end(text: str) -> str:
    """The document without an entry that it breaks off in: half an entry would take the place of the whole one.

    It comes in when it is whole; where feeds have their newest entries first, it was read long ago. One that has got as far
    as the element that closes the entry before is whole.
    """
    if _FEED_AT_END.search(text[-_CLOSING_TAIL:]):
        return text
    # A post on feeds shows their tags: in CDATA they begin and end nothing.
    plain = _LITERAL.sub(lambda literal: "." * len(literal[0]), text)
    closed = deque(_ENTRY_END.finditer(plain), maxlen=1)
    last = deque(ENTRY.finditer(plain, closed[0].end() if closed else 0), maxlen=1)
    if not last or _FEED_END.search(plain, last[0].end()):
        return text
    closing = _closing_element(plain, closed[0].start()) if closed else ""
    return text if closing and closing == _closing_element(plain, len(plain)) else text[: last[0].start()]


def _closing_element(text: str, end: int) -> str:
    """The name of the element whose end is the last whole thing before ``end``; empty where something else is."""
    found = _CLOSING.search(text[max(0, end - _CLOSING_TAIL) : end])
    return found[1] if found else ""


def made_sound(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without what makes feedparser raise or stall, and a word on each thing taken out."""
    warnings = []
    if text[:1].isspace() or _leads_astray(text):
        warnings.append(ASTRAY)
    text = _without_prolog(text)
    if text.count("<!--") - text.count("-->") > MAX_UNCLOSED:
        # feedparser takes n² steps over n unclosed comments.
        raise ParseError("the document holds comments without end")
    for what, change in (
        ("characters that XML forbids", lambda text: _CONTROLS.sub("", text)),
        ("references to characters that do not exist", lambda text: _REFERENCE.sub(_sound_reference, text)),
        ("stray ampersands, angle brackets and entities", _mended),
        ("names too long to be one", lambda text: _PERSON.sub(r"\1\3", text)),
        (f"categories of an entry beyond {MAX_CATEGORIES}", _with_few_categories),
    ):
        before, text = text, change(text)
        if text != before:
            warnings.append(f"{what} were {'mended' if change is _mended else 'left out'}")
    return _UNREAD.sub("", text), tuple(warnings)


def _leads_astray(text: str) -> bool:
    start = _FEED_START.search(text[:_HEAD])
    return bool(start and text[: start.start()].strip() and not _MISC.match(text) and not _is_doctype(text))


def _is_doctype(text: str) -> bool:
    return text[:9].upper() == "<!DOCTYPE"


def _without_prolog(text: str) -> str:
    """The document from its root element on.

    With the prolog go the declarations of entities: 20,000 uses of one that holds 50 kB are a gigabyte, and one with
    a backslash makes feedparser raise. Entities of HTML are known without a declaration.
    """
    position = 0
    while misc := _MISC.match(text, position):
        position = misc.end()
    rest = text[position:].lstrip()
    start = _FEED_START.search(rest[:_HEAD]) or (_ANY_ELEMENT.search(rest) if _is_doctype(rest) else None)
    return rest[start.start() :] if start else rest


def _mended(text: str) -> str:
    """The text with ``&`` and ``<`` escaped where they begin nothing, and HTML's entities as characters.

    XML knows neither; feedparser's second parser does, but takes n² steps over n of them.
    """
    return _STRAY.sub(_mend, text)


def _mend(match: re.Match[str]) -> str:
    name = match["name"]
    if match["cdata"] or name in _XML_ENTITIES:
        return match[0]
    if match[0] == "<":
        return "&lt;"
    character = entities.html5.get(f"{name};", "") if name else ""
    return escape(character) if character else f"&amp;{match[0][1:]}"


def _with_few_categories(text: str) -> str:
    """At most ``MAX_CATEGORIES`` for each entry: feedparser looks through all it has for each new one."""
    seen = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal seen
        seen = seen + 1 if match[1] else 0
        return match[0] if seen <= MAX_CATEGORIES else ""

    return _ENTRY_OR_CATEGORY.sub(kept, text)


def _sound_reference(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    code = int(digits, 16 if match[1] else 10) if len(digits) < 10 else 0x110000
    is_character = code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return match[0] if is_character else ""
