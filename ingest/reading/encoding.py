"""From the bytes of a document to its text: which encoding it is in, whatever it says.

Labels are looked up in a table of character sets, never handed to a codec by name: ``rot13``, ``punycode`` and
``unicode_escape`` are codecs too. Valid UTF-8 beyond ASCII outranks a label, since no other text looks like it by
chance. East Asian feeds that say nothing, or say the wrong thing, are told by the characters that are frequent in their
language, Russian ones by its commonest letters, West European ones by accented letters that stand alone among ASCII. Where
even those are missing the letters are replaced and the loss is reported: mojibake that looks like text never is.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

__all__ = ["Decoded", "decode"]

_LABELS = {
    **dict.fromkeys(
        ("gb2312", "gbk", "gb18030", "x-gbk", "cp936", "gb-2312", "gb_2312", "gb_2312-80", "ms936"), "gb18030"
    ),
    **dict.fromkeys(("euc-cn", "x-euc-cn", "chinese", "csgb2312"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "big5hkscs", "x-x-big5", "cn-big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932", "ms_kanji"), "cp932"),
    **dict.fromkeys(
        ("euc-kr", "euc_kr", "euckr", "ks_c_5601-1987", "ksc5601", "korean", "cp949", "windows-949"), "cp949"
    ),
    **dict.fromkeys(("euc-jp", "euc_jp", "eucjp", "x-euc-jp", "ujis"), "euc-jp"),
    **dict.fromkeys(("ucs-2", "unicode", "iso-10646-ucs-2"), "utf-16"),
    **dict.fromkeys(
        ("iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "us-ascii", "ascii", "cp1252", "windows-1252"),
        "cp1252",
    ),
    **{f"windows-{n}": f"cp{n}" for n in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)},
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{name: name for name in ("iso-2022-jp", "koi8-r", "koi8-u", "utf-16", "utf-16le", "utf-16be")},
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
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_ESCAPED = re.compile(rb"\x1b\$[@B]")
# The commonest characters of running text, by the encodings it comes in: Chinese of both scripts, Japanese, Korean.
_CHINESE = frozenset("的一是不了在人有我他这中大来上个国到说们为子和地出时年得你這為個來們說對會時後學過與")
_KANA = frozenset(map(chr, range(0x3041, 0x30FB)))
_KOREAN = frozenset("이다는의을에가를고하지한로은대기사도리어자시정인으나부수보해서스일제있습니")
_FREQUENT = {
    **dict.fromkeys(("gb18030", "big5hkscs"), _CHINESE),
    **dict.fromkeys(("euc-jp", "cp932", "iso-2022-jp"), _KANA),
    "cp949": _KOREAN,
}
# So many of the letters beyond ASCII are frequent in a text that is read rightly; by chance it is one in fifty.
_SHARES = {"gb18030": 0.07, "big5hkscs": 0.07, "cp949": 0.15, "euc-jp": 0.3, "cp932": 0.3}
# Ten letters make up two thirds of a Russian text; of bytes that are something else, a seventh.
_RUSSIAN = frozenset("оеаинтсрвл")
_WESTERN = frozenset("éèêëàâäáãåçîïíìñôöóòõøùûüúßæœÉÈÀÁÄÖÓÜÚÅØÇÑ•€£§©®°·¿¡")
# Quotes and dashes stand next to letters.
_BEYOND = re.compile(r"[^\x00-\x7f’‘“”«»–—…\xa0]+")
_FEWEST = 4
_HEAD = 1_024
_TELLING = 20_000
_LOST = "\ufffd"
_MISDECLARED = "the encoding is not the one declared"
_UNDECLARED = "no encoding is declared"


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
    if unmarked := _unmarked_utf16(body[:_HEAD]):
        return _certain(body, unmarked)
    if b"\x1b" in body and _ESCAPED.search(body) and (text := _strictly(body, "iso-2022-jp")) is not None:
        return Decoded(text, "iso-2022-jp", "")
    if (text := _strictly(body, "utf-8")) is not None:
        return Decoded(text, "utf-8", "")
    labels = _labels(body, content_type)
    for encoding in labels:
        if encoding != "utf-8" and (text := _strictly(body, encoding)) is not None:
            return _doubted(body, Decoded(text, encoding, ""))
    return _guess(body, labels, told=_MISDECLARED if _declared(body, content_type) else _UNDECLARED)


def _unmarked_utf16(head: bytes) -> str:
    """The order of the bytes where there is ASCII in two bytes each among the first characters; else ''.

    Some Chinese characters have a byte of nothing on the other side (U+4E00), so the greater number tells.
    """
    first, second = head[0::2].count(0), head[1::2].count(0)
    more, less = max(first, second), min(first, second)
    if more < max(2, len(head) // 64) or 4 * less > more:
        return ""
    return "utf-16-le" if second > first else "utf-16-be"


def _doubted(body: bytes, labelled: Decoded) -> Decoded:
    """What the label says, unless the text makes no sense so and good sense in another East Asian encoding.

    These accept nearly every bytes: that a text can be read in one says little.
    """
    if _is_telling(labelled.text, labelled.encoding, fewest=1):
        return labelled
    readings = [(name, text) for name in _SHARES if (text := _strictly(body, name)) is not None]
    for name, text in sorted(readings, key=lambda reading: -_evidence(reading[1], reading[0])):
        if _is_telling(text, name, fewest=_FEWEST):
            return Decoded(text, name, f"{_MISDECLARED}; read as {name}")
    return labelled


def _labels(body: bytes, content_type: str) -> list[str]:
    return [_LABELS[name.lower()] for name in _declared(body, content_type) if name.lower() in _LABELS]


def _declared(body: bytes, content_type: str) -> list[str]:
    """What is said of the encoding, known or not: by whoever sent the document, and by itself."""
    named = [match[1] for match in [_CHARSET.search(content_type)] if match]
    if match := _DECLARED.match(body[:400]):
        named.append(match[1].decode("ascii"))
    return named


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return None


def _certain(body: bytes, encoding: str) -> Decoded:
    text = body.decode(encoding, "replace")
    return Decoded(text.lstrip("\ufeff"), encoding, _loss(text))


def _guess(body: bytes, labels: list[str], told: str) -> Decoded:
    """UTF-8 with losses, or the labelled or East Asian encoding in which frequent characters turn up and few are lost.

    ``told`` says why it had to be guessed.
    """
    damaged = body.decode("utf-8", "replace")
    if not _is_mostly_lost(damaged):
        return Decoded(damaged, "utf-8", _loss(damaged))
    if alphabetic := _alphabetic(body, told):
        return alphabetic
    readings = [(name, body.decode(name, "replace")) for name in dict.fromkeys([*labels, *_SHARES])]
    name, text = max(readings, key=lambda reading: _evidence(reading[1], reading[0]))
    if _evidence(text, name) <= 0:
        return Decoded(damaged, "utf-8", _loss(damaged))
    return Decoded(text, name, _loss(text) or f"{told}; read as {name}")


def _alphabetic(body: bytes, told: str) -> Decoded | None:
    """The text in one byte for each letter, where it makes sense as Russian, or as West European."""
    for name, is_sensible in (("cp1251", _is_russian), ("koi8-r", _is_russian), ("cp1252", _is_western)):
        text = _strictly(body, name)
        if text is not None and is_sensible(text[:_TELLING]):
            return Decoded(text, name, f"{told}; read as {name}")
    return None


def _is_russian(text: str) -> bool:
    beyond = [character for character in text if character > "\x7f"]
    return len(beyond) >= _FEWEST and sum(map(_RUSSIAN.__contains__, beyond)) >= len(beyond) / 2


def _is_western(text: str) -> bool:
    """Whether accented letters and dashes stand one by one among ASCII; East Asian ones would come in pairs."""
    runs = _BEYOND.findall(text)
    single = sum(len(run) == 1 and run in _WESTERN for run in runs)
    return single >= 0.95 * len(runs)


def _evidence(text: str, encoding: str) -> float:
    """How much speaks for the reading: frequent characters of its language, as often as they are to be expected."""
    head = text[:_TELLING]
    frequent = _FREQUENT.get(encoding, _CHINESE)
    return sum(map(frequent.__contains__, head)) * 0.07 / _SHARES.get(encoding, 0.07) - head.count(_LOST)


def _is_telling(text: str, encoding: str, *, fewest: int) -> bool:
    """Whether the text has as many frequent characters of the encoding's language as one that is read rightly."""
    frequent = _FREQUENT.get(encoding)
    if frequent is None:
        return False
    beyond = [character for character in text[:_TELLING] if character > "\x7f"]
    found = sum(map(frequent.__contains__, beyond))
    return found >= max(fewest, _SHARES.get(encoding, 0.3) * len(beyond))


def _is_mostly_lost(text: str) -> bool:
    beyond = [character for character in text if character > "\x7f"]
    return sum(character == _LOST for character in beyond) > len(beyond) / 2


def _loss(text: str) -> str:
    lost = text.count(_LOST)
    return f"{lost} characters could not be read in the document's encoding" if lost else ""
