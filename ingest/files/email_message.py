"""Mails as entries: newsletters that were saved to disk (RFC 5322, RFC 2045 to 2049).

The standard library takes the message apart; text is read by :mod:`ingest.reading.encoding`, whatever the labels say: GBK goes
under the name of GB2312, and Big5 under no name at all. What only a mailbox needs is left out: invisible preheaders, pixels
that tell of the reading, and the lines by which one leaves the list, since their links speak for the reader.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from html import escape
from pathlib import PurePath
from typing import TYPE_CHECKING

from lxml import etree

from ingest.articles.saved_page import entry_of_page
from ingest.articles.webpage import tree
from ingest.files.leaving import drop_leaving
from ingest.files.mail_text import header_text, part_text
from ingest.files.plain_letter import as_markup
from ingest.files.unseen import drop_unseen
from ingest.reading.dates import read_moment
from ingest.reading.entries import RawEntry
from ingest.reading.links import absolute
from notes.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

__all__ = ["read", "read_mailbox"]

Read = tuple[str, tuple[RawEntry, ...], tuple[str, ...]]

MAX_PARTS = 100
MAX_MAILS = 2_000
# What is shorter says "see attached".
_SHORT_NOTE = 200
_NESTING = re.compile(rb"boundary\s*=|content-type:\s*message/", re.IGNORECASE)
_POSTMARK = re.compile(rb"^From [^\n]*\r?\n", re.MULTILINE)
_ESCAPED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_FIELDS = ("from", "subject", "date", "message-id", "content-type")
_FORWARDED = re.compile(r"^(?:(?:fwd?|wg|tr|转发|轉寄|转寄|轉發)\s*[:：]\s*)+", re.IGNORECASE)
_LIST_ID = re.compile(r"^(.*?)<([^<>]+)>\s*$", re.DOTALL)


def read(body: bytes, name: str, *, now: datetime) -> Read:
    """The sender's title, the entries of a mail and of those attached to it, and what was amiss.

    A mail has its Message-ID as external id. Raises ParseError for what is no mail, or nests without end.
    """
    if len(_NESTING.findall(body)) > MAX_PARTS:
        raise ParseError(f"the mail has more than {MAX_PARTS} parts")
    message = _parsed(body)
    if not any(field in message for field in _FIELDS):
        raise ParseError("the document is no mail", hint="save the mail with its headers")
    entries = tuple(_entries(message, name, now))
    if not entries:
        raise ParseError("the mail holds no text")
    return _source_title(message), entries, ()


def read_mailbox(body: bytes, name: str, *, now: datetime) -> Read:
    """The same of each mail of a mailbox (RFC 4155); a mail in trouble is a warning, and one title is theirs or none's."""
    mails = [part for part in _POSTMARK.split(body) if part.strip()]
    titles: list[str] = []
    entries: list[RawEntry] = []
    warnings: list[str] = []
    for number, mail in enumerate(mails[:MAX_MAILS], start=1):
        try:
            title, found, _ = read(_ESCAPED_FROM.sub(rb"\1", mail), f"{name}#{number}", now=now)
        except ParseError as error:
            warnings.append(f"mail {number}: {error.message}")
            continue
        titles.append(title)
        entries.extend(found)
    if len(mails) > MAX_MAILS:
        warnings.append(f"mails beyond the first {MAX_MAILS} left out: {len(mails) - MAX_MAILS}")
    return titles[0] if len(set(titles)) == 1 else "", tuple(entries), tuple(warnings)


def _parsed(body: bytes) -> Message:
    try:
        # The newer policy parses each header as it is asked for: it raises on some, and reads GB2312 by the letter.
        return message_from_bytes(body, policy=compat32)
    except Exception as error:  # it raises whatever it stumbles over
        raise ParseError(f"the mail cannot be read: {type(error).__name__}") from error


def _entries(message: Message, name: str, now: datetime) -> Iterator[RawEntry]:
    parts = list(_parts(message))
    attached = [part for part in parts if part.get_content_type() == "message/rfc822"]
    own = _entry(message, [part for part in parts if part not in attached], name, now)
    if own is not None and not (attached and len(own.body) < _SHORT_NOTE):
        yield own
    for number, part in enumerate(attached, start=1):
        for inner in _within(part)[:1]:
            yield from _entries(inner, f"{name}/{number}", now)


def _parts(message: Message) -> Iterator[Message]:
    """The parts in order, without those of attached mails, at most ``MAX_PARTS``."""
    waiting, seen = [message], 0
    while waiting and seen < MAX_PARTS:
        part = waiting.pop()
        seen += 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(reversed(_within(part)))
        else:
            yield part


def _within(part: Message) -> list[Message]:
    """The messages that the part is made of; the payload of any other would be decoded by its own label, which may raise."""
    inner = part.get_payload() if part.is_multipart() else ()
    return [one for one in inner if isinstance(one, Message)]


def _entry(message: Message, parts: list[Message], name: str, now: datetime) -> RawEntry | None:
    shown = [part for part in parts if part.get_content_disposition() != "attachment"]
    pages = [text for part in shown if part.get_content_type() == "text/html" and (text := part_text(part)).strip()]
    plain = [text for part in shown if part.get_content_type() == "text/plain" and (text := part_text(part)).strip()]
    address = _address(message)
    if pages and (snapshot := header_text(message, "snapshot-content-location")):
        return entry_of_page(pages[0], name, address=absolute(snapshot), now=now)[1]
    body = "".join(map(_without_leaving, pages)) if pages else as_markup("\n\n".join(plain))
    if not body.strip():
        return None
    date = header_text(message, "date")
    published = read_moment(date)
    return RawEntry(
        external_id=header_text(message, "message-id").strip("<> ") or name,
        link=address,
        title=escape(_FORWARDED.sub("", header_text(message, "subject")) or PurePath(name).stem, quote=False),
        body=body,
        base_url=address,
        authors=(_sender(message),),
        published=published,
        has_bad_date=bool(date) and published is None,
    )


def _address(message: Message) -> str:
    """Where the mail stands on the web (RFC 5064), if it says so."""
    return absolute(header_text(message, "archived-at").strip("<> "))


def _sender(message: Message) -> str:
    name, _, address = header_text(message, "from").partition("<")
    return name.strip(" \"'") or address.strip(" >")


def _source_title(message: Message) -> str:
    """The list's own name (RFC 2919), else the sender's, else what the list is called among machines."""
    found = _LIST_ID.match(header_text(message, "list-id"))
    named = found[1].strip(" \"'") if found else ""
    post = header_text(message, "list-post").strip("<> ").removeprefix("mailto:").partition("?")[0]
    return named or _sender(message) or (found[2].strip() if found else "") or post


def _without_leaving(page: str) -> str:
    """The page without what is not seen, and without the lines by which one leaves the list."""
    root = tree(page)
    if root is None:
        return page
    drop_unseen(root)
    drop_leaving(root)
    return str(etree.tostring(root, encoding="unicode", method="html"))
