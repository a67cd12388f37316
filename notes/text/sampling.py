"""What a sketch keeps of a text's words: samples of its shingles, and its vocabulary, as hashes in base64.

One text is read in plain Python. Of a feed's entries all are read at once by numpy (:mod:`notes.text.sampling_at_once`), in a
tenth of the time; both give the same, bit for bit. numpy is loaded for that only by a process that reads so many that they
pay for it.
"""

from __future__ import annotations

import struct
from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from itertools import count
from typing import NamedTuple
from zlib import crc32

from notes.text.shingles import hashed, shingles, telling

__all__ = [
    "FEW",
    "LEAD",
    "SAMPLE",
    "SHORT",
    "UNPAID",
    "Reading",
    "Sample",
    "hashes_of",
    "reading",
    "readings",
    "sample",
    "written",
]

LEAD = 64  # shingles
SAMPLE = 48
SHORT = 0xFFFF  # of a word's hash
FEW = 4  # texts that are read sooner one by one
UNPAID = 40  # batches that are read sooner one text after the other than numpy is loaded
_batches = count()


class Sample(NamedTuple):
    """``different`` counts the shingles; ``lead``, ``smallest`` and ``vocabulary`` are base64 of big-endian hashes.

    ``lead`` has the odd ones of the first :data:`LEAD` shingles, ``smallest`` the :data:`SAMPLE` smallest of all, rising, and
    ``vocabulary`` the low 16 bits of each word, rising.
    """

    different: int
    lead: str
    smallest: str
    vocabulary: str


class Reading(NamedTuple):
    """A text's ``length`` in words, the ``places`` where each of its title's words first stands (-1: nowhere), its sample."""

    length: int
    places: list[int]
    sample: Sample


def reading(text: str, title: Iterable[str]) -> Reading:
    """What is to be kept of a text under a title of these words."""
    return _read(*hashed(telling(text)), title)


def _read(said: list[int], width: int, title: Iterable[str]) -> Reading:
    vocabulary = set(said)
    places = [said.index(word) if word in vocabulary else -1 for word in hashes_of(title)]
    return Reading(len(said), places, sample(said, width))


def hashes_of(title: Iterable[str]) -> list[int]:
    """The hashes of a title's words."""
    return [crc32(word.encode()) for word in title]


def sample(said: Sequence[int], width: int) -> Sample:
    """The sample of a text, given as the hashes of its words; a shingle is a run of ``width`` of them."""
    hashes = shingles(said, width)
    different = sorted(set(hashes))
    lead = [each for each in hashes[:LEAD] if each & 1]
    vocabulary = sorted({word & SHORT for word in said})
    return Sample(len(different), _packed(lead, "I"), _packed(different[:SAMPLE], "I"), _packed(vocabulary, "H"))


def _packed(hashes: Sequence[int], size: str) -> str:
    return written(struct.pack(f">{len(hashes)}{size}", *hashes))


def written(packed: bytes) -> str:
    """The bytes in base64."""
    return b2a_base64(packed, newline=False).decode()


def readings(texts: Sequence[str], titles: Sequence[Sequence[str]]) -> list[Reading]:
    """What is to be kept of many texts, each under a title of these words."""
    if len(texts) < FEW or next(_batches) < UNPAID or not _has_numpy():
        return list(map(reading, texts, titles))
    from notes.text.sampling_at_once import readings_at_once

    return readings_at_once(list(map(telling, texts)), titles)


@cache
def _has_numpy() -> bool:
    # Where memory is bounded its libraries may find no room, and raise what they please.
    with suppress(Exception):
        import numpy  # noqa: F401, ICN001 - it is loaded here, and used elsewhere

        return True
    return False
