"""Which phrases tell of the same development: one line of a table, though each is a finding of its own.

Phrases that the same texts hold are one finding already (:func:`index.trends.things.families`). What is left may still be many
words for one thing: "reasoning traces", "reasoning chains" and "reasoning process" of 2025 are held by texts of their own and
rise together. Two phrases go together where half of the texts of the rarer hold the other, or where they share a word and a
seventh of its texts do, five times as many as two phrases of their numbers would share by chance. The first takes the others
in, and nobody else does: a chain from one to the next would end where nothing is shared.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.trends.things import Phrase

__all__ = ["leaders"]

_MOSTLY = 0.5  # of the texts of the rarer phrase
_PARTLY, _BEYOND_CHANCE = 0.15, 5.0  # for phrases with a word in common
_LEAST = 3  # texts in common


def leaders(phrases: Sequence[Phrase], texts: int) -> dict[str, str]:
    """For each of the ``phrases`` of so many ``texts``, the first of those that tell of the same; of most it is itself."""
    first: list[tuple[Phrase, frozenset[int]]] = []
    found: dict[str, str] = {}
    for phrase in phrases:
        rows = frozenset(phrase.rows)
        lead = next((one for one, held in first if _together(phrase, rows, one, held, texts)), None)
        if lead is None:
            first.append((phrase, rows))
        found[phrase.text] = lead.text if lead else phrase.text
    return found


def _together(one: Phrase, rows: frozenset[int], other: Phrase, held: frozenset[int], texts: int) -> bool:
    shared, rarer = len(rows & held), min(len(rows), len(held))
    if shared < _LEAST:
        return False
    if shared >= _MOSTLY * rarer:
        return True
    related = bool(set(one.key) & set(other.key))
    return related and shared >= _PARTLY * rarer and shared * texts >= _BEYOND_CHANCE * len(rows) * len(held)
