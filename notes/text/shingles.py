"""The words of a text and its shingles (runs of words, or of Chinese characters), as hashes."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from zlib import crc32

from notes.text.fold import fold
from notes.text.titles import tokens

__all__ = [
    "FACTORS",
    "HASH_BITS",
    "LOWEST_BIT",
    "MAX_CHARACTERS",
    "MAX_WORDS",
    "RUN",
    "hashed",
    "plain_words",
    "shingles",
    "telling",
    "words",
]

MAX_WORDS = 700  # of a text; what is the same so far is the same
MAX_CHARACTERS = 5_000
RUN, HAN_RUN = 5, 8  # words, characters of a shingle: shorter ones are phrases that half of all papers begin with
_LANE = 64  # bits of a shingle's sum
HASH_BITS, LOWEST_BIT = 32, 16  # of it that are its hash: the middle is mixed best
# Any odd numbers of 28 bits: eight products with a word's hash of 32 do not fill a lane.
FACTORS = tuple(crc32(b"factor %d" % place) >> 4 | 1 for place in range(HAN_RUN))
_HASHES = int.from_bytes(((1 << HASH_BITS) - 1).to_bytes(_LANE // 8, "little") * MAX_WORDS, "little")
_NO_WORD = bytes(byte if chr(byte) in "0123456789abcdefghijklmnopqrstuvwxyz" else 32 for byte in range(256))
_TYPOGRAPHY = ("’", "‘", "“", "”", "–", "—", "…", "\u00a0")
_HAN = re.compile(r"[\u3400-\u9fff]")
TAIL = 400  # characters in which a syndicator's footer stands
_FOOTERS = (
    *("appeared first on", "first appeared on", "originally published ", "read more", "read the full", "read full"),
    *("continue reading", "view original", "view this post", "comments url:", "article url:", "submitted by /u/"),
    *("阅读原文", "阅读全文", "阅读更多", "继续阅读", "查看原文", "点击查看", "本文首发", "本文转载"),
)
_FOOTER_WORDS = ("appeared", "originally p", "read", "view ", " url:", "submitted by")  # one of them in each in English
# arXiv's own feed begins so; the API and those who copy from it do not.
_HEADER = re.compile(r"\A\s*arxiv:\S+ announce type: \S+\s*(?:abstract:\s*)?|\A\s*(?:abstract|摘要)\s*[:：.]?\s*")


def words(text: str) -> tuple[list[int], int]:
    """The hashes of the text's words, and how many of them make a shingle."""
    return hashed(telling(text))


def telling(text: str) -> str:
    """The beginning of the text, folded, without what others than its author put before and after it."""
    head = fold(_plain(text[:MAX_CHARACTERS]))
    # Not sub, which would try it at each character.
    head = head[header.end() :] if (header := _HEADER.match(head)) else head
    return head[: _footer(head)]


def plain_words(head: str) -> bytes:
    """The words of folded ASCII, with blanks between them and round them."""
    return head.encode().translate(_NO_WORD, b"'")


def hashed(head: str) -> tuple[list[int], int]:
    """The hashes of the words of what :func:`telling` gives, and how many of them make a shingle."""
    if head.isascii():
        return [*map(crc32, plain_words(head).split()[:MAX_WORDS])], RUN
    found = tokens(head)[:MAX_WORDS]
    # Four Chinese characters are two words, and many a phrase.
    width = HAN_RUN if 2 * len(_HAN.findall("".join(found[:100]))) > min(100, len(found)) else RUN
    return [*map(crc32, " ".join(found).encode().split())], width


def _plain(text: str) -> str:
    """The text with typographic signs as ASCII has them, which is quicker to fold: between words they tell nothing."""
    if not text.isascii():
        for sign in _TYPOGRAPHY:
            text = text.replace(sign, "'" if sign == "’" else " ")
    return text


def shingles(hashes: Sequence[int], width: int) -> list[int]:
    """The hashes of all runs of ``width`` words: ``hashes``, the words' own, each times the factor of its place, summed.

    One great number holds a word's hash in each lane, so that all runs are summed at once.
    """
    count = len(hashes) - width + 1
    if count < 1:
        return []
    lanes = int.from_bytes(struct.pack(f"<{len(hashes)}Q", *hashes), "little")
    sums = sum((lanes >> _LANE * place) * FACTORS[place] for place in range(width))
    size = len(hashes) * _LANE // 8
    return list(struct.unpack(f"<{len(hashes)}Q", (sums >> LOWEST_BIT & _HASHES).to_bytes(size, "little"))[:count])


def _footer(head: str) -> int:
    """Where a syndicator's footer begins."""
    start = max(len(head) // 3, len(head) - TAIL)
    tail = head[start:]
    if tail.isascii() and not any(word in tail for word in _FOOTER_WORDS):
        return len(head)
    found = [place for words in _FOOTERS if (place := tail.find(words)) >= 0]
    if not found:
        return len(head)
    first = start + min(found)
    # "The post TITLE appeared first on SITE."
    before = head.rfind("the post ", start, first)
    return before if before >= 0 else first
