"""What a sketch keeps of a text's words: samples of its shingles, and its vocabulary, as hashes in base64.

One text is sampled in plain Python. Of a feed's entries all are sampled at once by numpy, in a tenth of the time; both give the
same, bit for bit. numpy is loaded for that only by a process that draws so many that they pay for it.
"""

from __future__ import annotations

import struct
from binascii import b2a_base64
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from itertools import chain, count, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from notes.text.shingles import FACTORS, HASH_BITS, LOWEST_BIT, shingles

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.uint64]]

__all__ = ["FEW", "LEAD", "SAMPLE", "SHORT", "UNPAID", "Sample", "sample", "samples"]

LEAD = 64  # shingles
SAMPLE = 48
SHORT = 0xFFFF  # of a word's hash
FEW = 4  # texts that are sampled sooner one by one
UNPAID = 40  # batches that are sampled sooner one text after the other than numpy is loaded
_HASHES = (1 << HASH_BITS) - 1
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


def sample(said: Sequence[int], width: int) -> Sample:
    """The sample of a text, given as the hashes of its words; a shingle is a run of ``width`` of them."""
    hashes = shingles(said, width)
    different = sorted(set(hashes))
    lead = [each for each in hashes[:LEAD] if each & 1]
    vocabulary = sorted({word & SHORT for word in said})
    return Sample(len(different), _packed(lead, "I"), _packed(different[:SAMPLE], "I"), _packed(vocabulary, "H"))


def _packed(hashes: Sequence[int], size: str) -> str:
    return _written(struct.pack(f">{len(hashes)}{size}", *hashes))


def _written(packed: bytes) -> str:
    return b2a_base64(packed, newline=False).decode()


def samples(texts: Sequence[tuple[Sequence[int], int]]) -> list[Sample]:
    """The samples of many texts, each given as the hashes of its words and the width of its shingles."""
    if len(texts) < FEW or next(_batches) < UNPAID or not _has_numpy():
        return [sample(said, width) for said, width in texts]
    found: dict[int, Sample] = {}
    for width in sorted({width for _, width in texts}):
        places = [place for place, (_, its) in enumerate(texts) if its == width]
        found.update(zip(places, _sampled([texts[place][0] for place in places], width), strict=True))
    return [found[place] for place in range(len(texts))]


@cache
def _has_numpy() -> bool:
    # Where memory is bounded its libraries may find no room, and raise what they please.
    with suppress(Exception):
        import numpy  # noqa: F401, ICN001 - it is loaded here, and used below

        return True
    return False


def _sampled(texts: Sequence[Sequence[int]], width: int) -> list[Sample]:
    """The samples of texts whose shingles are of one width: all words in one array, beside it whose each is."""
    import numpy as np

    words = np.array(list(chain.from_iterable(texts)), dtype=np.uint64)
    lengths = np.array(list(map(len, texts)))
    owners = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths)
    places = np.arange(len(words)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    runs = max(len(words) - width + 1, 0)
    sums = np.zeros(runs, dtype=np.uint64)
    for place in range(width):
        sums += words[place : place + runs] * np.uint64(FACTORS[place])
    hashes = sums >> np.uint64(LOWEST_BIT) & np.uint64(_HASHES)
    # A run that begins in one text and ends in the next is none.
    is_run = owners[:runs] == owners[width - 1 :][:runs]
    is_lead = is_run & (places[:runs] < LEAD) & (hashes & np.uint64(1) == 1)
    of_runs, different = _distinct(owners[:runs][is_run], hashes[is_run])
    of_words, vocabulary = _distinct(owners, words & np.uint64(SHORT))
    found, rest = (
        _cut(of_runs, different, ">u4", len(texts)),
        (
            _cut(owners[:runs][is_lead], hashes[is_lead], ">u4", len(texts)),
            _cut(of_words, vocabulary, ">u2", len(texts)),
        ),
    )
    return [
        Sample(len(all_) // 4, _written(lead), _written(all_[: 4 * SAMPLE]), _written(short))
        for all_, lead, short in zip(found, *rest, strict=True)
    ]


def _distinct(owners: Numbers, hashes: Numbers) -> tuple[Numbers, Numbers]:
    """The different hashes of each owner, rising, and beside each whose it is."""
    import numpy as np

    both = owners << np.uint64(HASH_BITS) | hashes
    both.sort()
    # What np.unique does, which looks for the same ones by their hashes, and takes longer.
    both = both[np.diff(both, prepend=~both[:1]) != 0]
    return both >> np.uint64(HASH_BITS), both & np.uint64(_HASHES)


def _cut(owners: Numbers, hashes: Numbers, form: str, count: int) -> list[bytes]:
    """The hashes of each of so many owners, who stand in their order, as bytes of that form."""
    import numpy as np

    packed = hashes.astype(form).tobytes()
    size = np.dtype(form).itemsize
    ends = (np.searchsorted(owners, np.arange(count + 1, dtype=np.uint64)) * size).tolist()
    return [packed[start:end] for start, end in pairwise(ends)]
