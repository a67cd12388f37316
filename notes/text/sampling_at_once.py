"""What sketches keep of many texts, read at once by numpy: bit for bit what :mod:`notes.text.sampling` reads one by one.

The words of texts in ASCII are hashed at once, too. A CRC is linear: that of a word is the exclusive or of what each of its
bytes contributes, by how many bytes are behind it, and of what as many bytes of zero have.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain, pairwise
from typing import Any
from zlib import crc32

import numpy as np

from notes.text.sampling import LEAD, SAMPLE, SHORT, Reading, Sample, hashes_of, written
from notes.text.shingles import FACTORS, HASH_BITS, LOWEST_BIT, MAX_WORDS, RUN, hashed, plain_words

__all__ = ["readings_at_once"]

Numbers = np.ndarray[Any, np.dtype[Any]]

_HASHES = (1 << HASH_BITS) - 1
_PLACE_BITS = MAX_WORDS.bit_length()
_LONGEST = 32  # bytes of a word that is hashed with the others; a power of two
_BLANK = 32


def readings_at_once(heads: Sequence[str], titles: Sequence[Sequence[str]]) -> list[Reading]:
    """What is to be kept of the texts, given by what tells of them (:func:`notes.text.shingles.telling`), and their titles."""
    found: dict[int, Reading] = {}
    plain = [place for place, head in enumerate(heads) if head.isascii()]
    found.update(_read(plain, *_hashed([plain_words(heads[place]) for place in plain]), RUN, titles))
    others = {place: hashed(head) for place, head in enumerate(heads) if not head.isascii()}
    for width in sorted({width for _, width in others.values()}):
        places = [place for place, (_, its) in others.items() if its == width]
        said = [others[place][0] for place in places]
        words = np.array(list(chain.from_iterable(said)), dtype=np.uint64)
        found.update(_read(places, words, np.array(list(map(len, said))), width, titles))
    return [found[place] for place in range(len(heads))]


def _read(
    places: list[int], words: Numbers, lengths: Numbers, width: int, titles: Sequence[Sequence[str]]
) -> list[tuple[int, Reading]]:
    """The readings of the texts at these places, whose words stand one after the other."""
    if not places:
        return []
    owners = np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)
    spots = np.arange(len(words)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    stand = _found([titles[place] for place in places], owners << np.uint64(HASH_BITS) | words, spots)
    drawn = _sampled(words, owners, spots, len(lengths), width)
    return list(zip(places, map(Reading, lengths.tolist(), stand, drawn), strict=True))


# ---- the hashes of words


@cache
def _contributions() -> tuple[Numbers, Numbers]:
    """What each byte gives, by how many are behind it, blanks nothing; and what so many bytes of zero have."""
    zeros = [crc32(bytes(count)) for count in range(_LONGEST + 1)]
    of_bytes = [
        [0 if byte == _BLANK else crc32(bytes([byte, *bytes(behind)])) ^ zeros[behind + 1] for byte in range(256)]
        for behind in range(_LONGEST)
    ]
    return np.array(list(chain.from_iterable(of_bytes)), dtype=np.uint32), np.array(zeros, dtype=np.uint32)


def _hashed(texts: Sequence[bytes]) -> tuple[Numbers, Numbers]:
    """The hashes of the texts' words, between which there are blanks only, and how many of them each text has."""
    signs = np.frombuffer(b" ".join((b"", *texts, b"")), np.uint8)
    is_blank = signs == _BLANK
    edges = np.flatnonzero(is_blank[1:] != is_blank[:-1]) + 1
    firsts, ends = edges[::2], edges[1::2]
    # One blank before each text, too.
    counts = np.diff(np.searchsorted(firsts, np.cumsum([0, *[len(text) + 1 for text in texts]])))
    if not len(firsts):
        return np.zeros(0, dtype=np.uint64), counts
    hashes = _sums(signs, firsts, ends)
    if counts.max() > MAX_WORDS:
        hashes = hashes[np.arange(len(hashes)) - np.repeat(np.cumsum(counts) - counts, counts) < MAX_WORDS]
        counts = np.minimum(counts, MAX_WORDS)
    return hashes.astype(np.uint64), counts


def _sums(signs: Numbers, firsts: Numbers, ends: Numbers) -> Numbers:
    """The CRC-32 of each word, that begins and ends there."""
    of_bytes, zeros = _contributions()
    lengths = ends - firsts
    # From the blank before the first word on; how many bytes are behind one is of interest as far as a word is long.
    start = int(firsts[0]) - 1
    places = np.resize(np.arange(256, dtype=np.uint8), len(signs))[start:]
    last = np.repeat((ends - 1).astype(np.uint8), np.diff(firsts - 1, append=len(signs)))
    behind = (last - places & _LONGEST - 1).astype(np.uint16)
    until = np.bitwise_xor.accumulate(of_bytes.take(behind << 8 | signs[start:]))
    # All before a word's end, without all before its beginning.
    hashes: Numbers = until[ends - 1 - start] ^ until[firsts - 1 - start] ^ zeros[np.minimum(lengths, _LONGEST)]
    for place in np.flatnonzero(lengths > _LONGEST).tolist():
        hashes[place] = crc32(signs[firsts[place] : ends[place]].tobytes())
    return hashes


# ---- where the title's words stand


def _found(titles: Sequence[Sequence[str]], words: Numbers, spots: Numbers) -> list[list[int]]:
    """Where each word of each title first stands in its text; ``words`` are hashes below the number of their text."""
    asked = [number << HASH_BITS | word for number, title in enumerate(titles) for word in hashes_of(title)]
    keys = np.array(asked, dtype=np.uint64)
    bits = np.uint64(_PLACE_BITS)
    known = np.sort(words << bits | spots.astype(np.uint64))
    at = np.searchsorted(known, keys << bits)
    known = np.append(known, ~np.uint64(0))[at]
    stand = np.where(known >> bits == keys, (known & np.uint64((1 << _PLACE_BITS) - 1)).astype(np.int64), -1).tolist()
    ends = np.cumsum([0, *map(len, titles)]).tolist()
    return [stand[start:end] for start, end in pairwise(ends)]


# ---- samples


def _sampled(words: Numbers, owners: Numbers, spots: Numbers, count: int, width: int) -> list[Sample]:
    """The samples of so many texts: all their words in one array, and beside it whose each is and where it stands."""
    runs = max(len(words) - width + 1, 0)
    sums = np.zeros(runs, dtype=np.uint64)
    for place in range(width):
        sums += words[place : place + runs] * np.uint64(FACTORS[place])
    hashes = sums >> np.uint64(LOWEST_BIT) & np.uint64(_HASHES)
    # A run that begins in one text and ends in the next is none.
    is_run = owners[:runs] == owners[width - 1 :][:runs]
    is_lead = is_run & (spots[:runs] < LEAD) & (hashes & np.uint64(1) == 1)
    different = _cut(*_distinct(owners[:runs][is_run], hashes[is_run]), ">u4", count)
    leads = _cut(owners[:runs][is_lead], hashes[is_lead], ">u4", count)
    vocabularies = _cut(*_distinct(owners, words & np.uint64(SHORT)), ">u2", count)
    return [
        Sample(len(all_) // 4, written(lead), written(all_[: 4 * SAMPLE]), written(short))
        for all_, lead, short in zip(different, leads, vocabularies, strict=True)
    ]


def _distinct(owners: Numbers, hashes: Numbers) -> tuple[Numbers, Numbers]:
    """The different hashes of each owner, rising, and beside each whose it is."""
    both = owners << np.uint64(HASH_BITS) | hashes
    both.sort()
    # What np.unique does, which looks for the same ones by their hashes, and takes longer.
    both = both[np.diff(both, prepend=~both[:1]) != 0]
    return both >> np.uint64(HASH_BITS), both & np.uint64(_HASHES)


def _cut(owners: Numbers, hashes: Numbers, form: str, count: int) -> list[bytes]:
    """The hashes of each of so many owners, who stand in their order, as bytes of that form."""
    packed = hashes.astype(form).tobytes()
    size = np.dtype(form).itemsize
    ends = (np.searchsorted(owners, np.arange(count + 1, dtype=np.uint64)) * size).tolist()
    return [packed[start:end] for start, end in pairwise(ends)]
