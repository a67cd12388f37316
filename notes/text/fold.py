"""One form for texts that are to be compared: compatibility forms, case and Chinese script folded away.

The table of traditional characters is kept here (:mod:`notes.text.hanzi`, from OpenCC's Apache-licensed data). The
libraries that could be had instead are zhconv (GPL), hanziconv (unmaintained, its table is not OpenCC's) and
opencc-python-reimplemented (thirty times slower than one ``str.translate``, and phrases gain nothing in search).
"""

from __future__ import annotations

import re
from functools import cache
from unicodedata import normalize

from notes.text.hanzi import PAIRS

__all__ = ["fold", "to_simplified"]

# What a reader does not see must not part two equal words: soft hyphens, joiners, bidi marks, byte order marks.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff]")
# Simplified Chinese keeps both characters of each pair, Hong Kong and Taiwan choose differently between them.
_SPELLINGS = str.maketrans("著瞭祇衹藉", "着了只只借")


@cache
def _table() -> dict[int, str]:
    return {ord(hant): hans for hant, hans in zip(PAIRS[::2], PAIRS[1::2], strict=True)}


def to_simplified(text: str) -> str:
    """``text`` with each traditional Chinese character replaced by its simplified one; as long as ``text``."""
    return text.translate(_table())


def fold(text: str) -> str:
    """``text`` as it is compared and searched: NFKC, case folded, full width made half, simplified Chinese.

    Invisible characters are dropped. ``fold(fold(text)) == fold(text)``; the length may change.
    """
    if text.isascii():
        return text.lower()
    visible = normalize("NFKC", _INVISIBLE.sub("", text))
    # Case folding can undo the normal form (U+0345 for one), and the normal form bring upper case back.
    folded = normalize("NFKC", normalize("NFKC", visible.casefold()).casefold())
    return _INVISIBLE.sub("", folded).translate(_table()).translate(_SPELLINGS)
