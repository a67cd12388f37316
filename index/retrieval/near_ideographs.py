"""The Chinese name that a misspelt one may be: one character wrong, missing, too many, or two that changed places.

Chinese has no spaces, and of most neighbours in a query some never met in any text without a slip. So a name is told only
when some text has all the rest of it around the slip, and only of short runs: a sentence is not taken for a name.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from index.words.tokens import tokenise
from notes.text.fold import fold

if TYPE_CHECKING:
    from index.retrieval.shelf import Shelf

__all__ = ["nearest_name"]

_SHORTEST, _LONGEST = 3, 8
"""Characters of a name. Of two nothing is left to know it by; of longer runs, words of a sentence stand beside each other that
no text has put there."""

_SHORTEST_CUT = 4
_OFTEN = 3  # passages with the same stretch, which is a word then, whatever stands beside it
_READ = 200  # passages in which one way of mending is looked for
_GRAMMAR = "的了在是和与及之等对其为以而也就都又或"
_ANY = f"(?![{_GRAMMAR}])[\u3400-\u4dbf\u4e00-\u9fff]"
_EDGE = re.compile(rf"[^\u3400-\u4dbf\u4e00-\u9fff]|[{_GRAMMAR}]|$")


class _Mending(NamedTuple):
    """One way to read the name: what stands before and behind the slip, and what may stand between."""

    before: str
    between: str
    behind: str


def nearest_name(shelf: Shelf, name: str) -> str:
    """The stretch of text like ``name`` (folded) that most passages have, as it stands; empty where none is, or too many are."""
    if not _SHORTEST <= len(name) <= _LONGEST:
        return ""
    seen: Counter[str] = Counter()
    apart: dict[str, bool] = {}
    spelt: dict[str, str] = {}
    for mending in dict.fromkeys(_mendings(name, _gaps(shelf, name))):
        for folded, stands, is_apart in _standing(shelf, mending, name):
            seen[folded] += 1
            apart[folded] = apart.get(folded, False) or is_apart
            spelt.setdefault(folded, stands)
    # What has all of the characters that were typed is the likelier name.
    whole = {folded: count for folded, count in seen.items() if not Counter(name) - Counter(folded)}
    likely = whole or seen
    best = min(likely, key=lambda folded: (-likely[folded], folded), default="")
    is_a_word = bool(best) and (seen[best] >= _OFTEN or apart[best])
    # Where many words begin so, none of them is known to be meant.
    return spelt[best] if is_a_word and 2 * likely[best] > sum(likely.values()) else ""


def _gaps(shelf: Shelf, name: str) -> frozenset[int]:
    """The places of characters that no text has beside the next one."""
    pairs = {at: one + other for at, (one, other) in enumerate(pairwise(name))}
    known = {term.token for term in shelf.terms(pairs.values())}
    return frozenset(at for at, pair in pairs.items() if pair not in known)


def _mendings(name: str, gaps: frozenset[int]) -> Iterator[_Mending]:
    """The ways to mend one slip that explain all the gaps."""
    length = len(name)
    if len(gaps) == 1:
        (at,) = gaps
        yield _Mending(name[: at + 1], _ANY, name[at + 1 :])
    for at in range(length):
        if gaps <= {at - 1, at}:
            yield _Mending(name[:at], _ANY, name[at + 1 :])
            if length >= _SHORTEST_CUT and 0 < at < length - 1:  # at an end the rest is found as it is
                yield _Mending(name[:at], "", name[at + 1 :])
        if gaps <= {at - 1, at, at + 1} and at + 1 < length:
            yield _Mending(name[:at], name[at + 1] + name[at], name[at + 2 :])


def _standing(shelf: Shelf, mending: _Mending, name: str) -> Iterator[tuple[str, str, bool]]:
    """What fits in passages that hold all the rest, once for each passage: folded, as it stands, and whether by itself.

    A stretch stands by itself where no other ideographs adjoin it: as a name in a list does, and half of a longer word does not.
    """
    pattern = re.compile(re.escape(mending.before) + mending.between + re.escape(mending.behind))
    for text in _passages(shelf, mending, len(name)):
        folded = fold(text)
        is_same_length = len(folded) == len(text)
        found: dict[str, tuple[int, bool]] = {}
        for match in pattern.finditer(folded):
            is_apart = bool(_EDGE.match(folded[match.end() :][:1]) and _EDGE.match(folded[: match.start()][-1:]))
            found[match[0]] = match.start(), is_apart or found.get(match[0], (0, False))[1]
        for stretch, (at, is_apart) in found.items():
            if stretch != name:
                yield stretch, text[at : at + len(stretch)] if is_same_length else stretch, is_apart


def _passages(shelf: Shelf, mending: _Mending, length: int) -> Iterator[str]:
    """Title, headings, text and names of passages in which the parts stand near each other."""
    fixed = mending.between if mending.between != _ANY else ""
    parts = [part for part in (mending.before, mending.behind, fixed) if part]
    # Each character and each pair is a token of the index, so a name has twice as many of them as characters.
    tokens = [token for part in parts for token in tokenise(part) if len(token) == min(2, len(part))]
    if not tokens:
        return
    quoted = " ".join(f'"{token}"' for token in dict.fromkeys(tokens))
    rows = shelf.connection.execute(
        "SELECT d.title, p.headings, p.text, d.about FROM words CROSS JOIN passages p ON p.id = words.rowid"
        " CROSS JOIN documents d ON d.id = p.document_id WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?",
        (f"NEAR({quoted}, {2 * length + 2})", _READ),
    )
    for title, headings, text, about in rows:
        yield "\n".join((title, headings, text, *json.loads(about)))
