"""The text of a mail's headers and parts, whatever character set they name (RFC 2047, RFC 2045)."""

from __future__ import annotations

import binascii
import quopri
import re
from typing import TYPE_CHECKING

from ingest.articles.webpage import page_text
from ingest.reading.encoding import decode
from ingest.reading.text import clean, one_line

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["header_text", "part_text", "unworded"]

MAX_HEADER = 4_000
_WORD = re.compile(r"=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([bq])\?([^?]{0,4000})\?=", re.IGNORECASE | re.ASCII)
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_SWITCHED = re.compile(rb"\x1b\$[@B]")
# What mailers write when nobody told them.
_NO_LABEL = {"", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "default", "binary", "8bit"}


def header_text(message: Message, name: str) -> str:
    """The first header of that name as one line, decoded; '' where there is none."""
    raw = next((value for field, value in message.raw_items() if field.lower() == name), "")
    text = str(raw)[:MAX_HEADER]
    octets = text.encode("utf-8", "surrogateescape") if _is_octets(text) else b""
    return one_line(unworded(decode(octets).text if octets else text))


def unworded(text: str) -> str:
    """The text with its encoded words read; white space between two of them is none (RFC 2047 §6.2).

    Neighbours of one character set are read as one, since some mailers divide them amid a character.
    """
    pieces: list[tuple[str, bytes | str]] = []
    position = 0
    for word in _WORD.finditer(text):
        between = text[position : word.start()]
        position = word.end()
        charset, octets = word[1].lower(), _octets(word[2].lower(), word[3])
        if pieces and not between.strip() and pieces[-1][0] == charset:
            before = pieces.pop()[1]
            assert isinstance(before, bytes)
            octets = before + octets
        elif between.strip() or not pieces:
            pieces.append(("", between))
        pieces.append((charset, octets))
    pieces.append(("", text[position:]))
    return "".join(piece if isinstance(piece, str) else _read(piece, charset) for charset, piece in pieces)


def part_text(part: Message) -> str:
    """The text of a part, unpacked and decoded; what the part says of itself is believed last."""
    try:
        octets = part.get_payload(decode=True)
        label = (part.get_content_charset() or "").lower()
    except Exception:  # noqa: BLE001 - the standard library raises on some labels and encodings
        return ""
    if not isinstance(octets, bytes):
        return ""
    if part.get_content_type() == "text/html" and label in _NO_LABEL and not _SWITCHED.search(octets):
        return page_text(octets)
    return clean(_read(octets, label))


def _octets(encoding: str, text: str) -> bytes:
    if encoding == "q":
        return quopri.decodestring(text.replace(" ", "_").encode("utf-8", "replace"), header=True)
    digits = _NOT_BASE64.sub("", text)
    try:
        return binascii.a2b_base64(digits[: len(digits) - (len(digits) % 4 == 1)] + "===")
    except binascii.Error:
        return b""


def _read(octets: bytes, label: str) -> str:
    if label in _NO_LABEL and _SWITCHED.search(octets):
        label = "iso-2022-jp"
    return decode(octets, "" if label in _NO_LABEL else f"text/plain; charset={label}").text


def _is_octets(text: str) -> bool:
    """Whether the header holds bytes beyond ASCII, which the parser keeps as lone surrogates."""
    return any("\udc80" <= character <= "\udcff" for character in text)
