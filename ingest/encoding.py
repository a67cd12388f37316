"""From the bytes of a document to its text: which encoding it is in, whatever it says.

Labels are looked up in a table of character sets, never handed to a codec by name: ``rot13``, ``punycode`` and
``unicode_escape`` are codecs too. Valid UTF-8 beyond ASCII outranks a label, since no other text looks like it by
chance. Chinese feeds that say nothing, or say the wrong thing, are told by their most frequent characters; where even
those are missing the letters are replaced and the loss is reported: mojibake that looks like text never is.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

__all__ = ["Decoded", "decode"]

_LABELS = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "cp936", "gb-2312", "gb_2312-80", "ms936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "big5hkscs", "x-x-big5", "cn-big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932", "ms_kanji"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601", "cp949", "windows-949"), "cp949"),
    **dict.fromkeys(
        ("iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "us-ascii", "ascii", "cp1252", "windows-1252"),
        "cp1252",
    ),
    **{f"windows-{n}": f"cp{n}" for n in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)},
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{name: name for name in ("euc-jp", "iso-2022-jp", "koi8-r", "koi8-u", "utf-16", "utf-16le", "utf-16be")},
    "utf-8": "utf-8",
    "utf8": "utf-8",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED_UTF16 = {b"<\x00": "utf-16-le", b"{\x00": "utf-16-le", b"\x00<": "utf-16-be", b"\x00{": "utf-16-be"}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_ESCAPED_SETS = {"iso-2022-jp"}
# The commonest characters of running Chinese text, simplified and traditional.
_FREQUENT = frozenset("的一是不了在人有我他这中大来上个国到说们为子和地出时年得你这為這個們來說對會時後學過與")
_LOST = "\ufffd"


class Decoded(NamedTuple):
    """The text of a document, the encoding it was read in, and '' or what was lost on the way."""

    text: str
    encoding: str
    trouble: str


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The document's text; never raises. Order: byte order mark, UTF-8 that is valid, the labels, a guess."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _certain(body[len(mark) :], encoding)
    if unmarked := _UNMARKED_UTF16.get(body[:2]):
        return _certain(body, unmarked)
    labels = _labels(body, content_type)
    if (text := _strictly(body, "utf-8")) is not None and not (_ESCAPED_SETS & set(labels) and b"\x1b" in body):
        return Decoded(text, "utf-8", "")
    for encoding in labels:
        if encoding != "utf-8" and (text := _strictly(body, encoding)) is not None:
            return Decoded(text, encoding, "")
    return _guess(body, labels)


def _labels(body: bytes, content_type: str) -> list[str]:
    named = [match[1] for match in [_CHARSET.search(content_type)] if match]
    if match := _DECLARED.match(body[:400]):
        named.append(match[1].decode("ascii"))
    return [_LABELS[name.lower()] for name in named if name.lower() in _LABELS]


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return None


def _certain(body: bytes, encoding: str) -> Decoded:
    text = body.decode(encoding, "replace")
    return Decoded(text.lstrip("\ufeff"), encoding, _loss(text))


def _guess(body: bytes, labels: list[str]) -> Decoded:
    """UTF-8 with losses, or the labelled or Chinese encoding in which frequent characters turn up and few are lost."""
    damaged = body.decode("utf-8", "replace")
    if not _is_mostly_lost(damaged):
        return Decoded(damaged, "utf-8", _loss(damaged))
    readings = [(name, body.decode(name, "replace")) for name in dict.fromkeys([*labels, "gb18030", "big5hkscs"])]
    name, text = max(readings, key=lambda reading: _evidence(reading[1]))
    if _evidence(text) <= 0:
        return Decoded(damaged, "utf-8", _loss(damaged))
    return Decoded(text, name, _loss(text) or f"the encoding is not the one declared; read as {name}")


def _evidence(text: str) -> int:
    return sum(character in _FREQUENT for character in text) - text.count(_LOST)


def _is_mostly_lost(text: str) -> bool:
    beyond = [character for character in text if character > "\x7f"]
    return sum(character == _LOST for character in beyond) > len(beyond) / 2


def _loss(text: str) -> str:
    lost = text.count(_LOST)
    return f"{lost} characters could not be read in the document's encoding" if lost else ""
