"""How a sketch is written: see :mod:`notes.text.likeness`."""

from __future__ import annotations

import re

__all__ = ["HASH_BYTES", "MAX_LENGTH", "VERSION", "fields_of", "is_sketch"]

VERSION = "2"
HASH_BYTES = 4
MAX_LENGTH = 16_384  # the longest that is drawn has a quarter of that
_BASE64 = "([A-Za-z0-9+/]*={0,2})"
_FORM = re.compile(
    rf"(?:{VERSION}\|\d{{1,6}},\d{{1,6}},[01]\|\d{{1,9}}\|{_BASE64}\|{_BASE64}\|([^|\0]*)\|\d{{1,9}}"
    rf"\|((?:-?\d{{1,9}}(?:,-?\d{{1,9}})*)?)\|{_BASE64})?",
    re.ASCII,
)


def is_sketch(written: str) -> bool:
    """Whether it reads like what :func:`notes.text.likeness.sketch` writes: anything else may raise where it is compared."""
    # To look at one takes three hundred bytes of memory for each of its places.
    form = _FORM.fullmatch(written) if len(written) <= MAX_LENGTH else None
    if form is None:
        return False
    lead, sample, words, places, vocabulary = form.groups("")
    if len(words.split()) != places.count(",") + bool(places):
        return False
    return not (_odd_bytes(lead, HASH_BYTES) or _odd_bytes(sample, HASH_BYTES) or _odd_bytes(vocabulary, 2))


def fields_of(written: str) -> list[str]:
    """The parts of a sketch; none where it is empty or of another version."""
    fields = written.split("|")
    return fields if len(fields) == 9 and fields[0] == VERSION else []


def _odd_bytes(written: str, size: int) -> bool:
    """Whether the text, which has base64's characters only, is of other than whole numbers of so many bytes each."""
    whole, rest = divmod(len(written), 4)
    return rest != 0 or (3 * whole - written.count("=", -2)) % size != 0
