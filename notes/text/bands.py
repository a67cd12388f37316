"""The bands of a sketch: whole numbers, of which two sketches that may tell one story share at least one.

A band's kind stands above its lower 32 bits, which are a hash: of a form of the title, of two shingles that the text begins
with, or of one of the smallest shingles of all. Numbers take half the room of texts in a database's index, and half the time.

Texts that are told one story have most of their shingles in common, so that a few of the smallest are enough to find one by
the other: with twice as many not one more of 22,800 repeats in the shared data is found (``benchmarks/repeats.py``).
"""

from __future__ import annotations

import struct
from binascii import a2b_base64
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from notes.text.sketch_form import HASH_BYTES, fields_of
from notes.text.titles import LEAST_WEIGHT, Title

__all__ = ["BODY", "LEAD", "MOST_OF_BODY", "TITLE", "all_bands", "bands", "kind_of", "title_in"]

BODY_BANDS, LEAD_BANDS = 4, 2
MOST_OF_BODY, MOST_OF_LEAD = 8, 3
TITLE, LEAD, BODY = 0, 1, 2
"""The kinds of bands."""
_HASH_BITS = 8 * HASH_BYTES
_HASHES = (1 << _HASH_BITS) - 1
_OF_LEAD, _OF_BODY = LEAD << _HASH_BITS, BODY << _HASH_BITS
_BARE = "0,0,0"  # no words at either end that are no part of the title, and no series
_ALL = {count: struct.Struct(f">{count}I").unpack for count in range(max(MOST_OF_BODY, MOST_OF_LEAD + 1) + 1)}


# The bands of a new item are asked for when it is looked for, when it is compared and when it is stored.
@lru_cache(maxsize=4_096)
def bands(written: str) -> tuple[int, ...]:
    """The keys by which likely kin are found: two sketches that share none are taken for different stories."""
    return _bands(written, LEAD_BANDS, BODY_BANDS)


def all_bands(written: str) -> tuple[int, ...]:
    """More of them, which tell also how near two texts are: stored sketches were found by these before there were fewer."""
    return _bands(written, MOST_OF_LEAD, MOST_OF_BODY)


def _bands(written: str, of_lead: int, of_body: int) -> tuple[int, ...]:
    fields = fields_of(written)
    if not fields:
        return ()
    opening, smallest, name = fields[3], fields[4], fields[5]
    if fields[1] == _BARE and name.isascii():
        # Nearly every title: its words, with nothing before or after them.
        words = name.split()
        found = [crc32("".join(words).encode())] if len(words) >= LEAST_WEIGHT else []
    else:
        title = title_in(fields)
        found = sorted([crc32(form.encode()) for form in title.forms]) if title.is_name else []
    # Two hashes at a time, for the first words of many texts are the same.
    found += [_OF_LEAD | ((3 * one ^ other) & _HASHES) for one, other in pairwise(_first(opening, of_lead + 1))]
    found += [_OF_BODY | one for one in _first(smallest, of_body)]
    return tuple(dict.fromkeys(found))


def kind_of(band: int) -> int:
    """What a band is of: :data:`TITLE`, :data:`LEAD` or :data:`BODY`."""
    return band >> _HASH_BITS


def title_in(fields: list[str]) -> Title:
    """The title in the parts of a sketch."""
    front, back, is_series = map(int, fields[1].split(","))
    return Title(tuple(fields[5].split()), front, back, bool(is_series))


def _first(written: str, count: int) -> tuple[int, ...]:
    """The first hashes, without reading the others: three hashes are sixteen characters."""
    packed = a2b_base64(written[: 16 * -(-count // 3)])[: HASH_BYTES * count]
    return _ALL[len(packed) // HASH_BYTES](packed)
