"""Which of the hits of a search are about the query: a search always finds something, and who gathers notes wants no chance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.retrieval.reply import Hit

__all__ = ["about"]

_CLOSE_ENOUGH = 0.5  # of the best hit's score: what is found below it shares a word and little else
_LEAST = 0.15  # a share of what the query is worth, below which a hit is chance
_CHINESE_WORD = re.compile(r"[\u3400-\u9fff]{2}")


def about(query: str, hits: Sequence[Hit]) -> list[Hit]:
    """Those of ``hits`` that are about ``query``, in their order."""
    best = max((hit.score for hit in hits), default=0.0)
    enough = max(_LEAST, _CLOSE_ENOUGH * best)
    return [hit for hit in hits if hit.score >= enough and _tells(query, hit.terms)]


def _tells(query: str, terms: Sequence[str]) -> bool:
    """Whether a hit holds more of a Chinese query than single characters, of which most texts hold some."""
    return not _CHINESE_WORD.search(query) or any(len(term) > 1 for term in terms)
