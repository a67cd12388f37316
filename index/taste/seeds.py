"""What is judged and learnt from: slips, notes and papers of a library, with their words as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zlib import crc32

from index.texts.documents import Document
from index.words.lexicon import content_tokens

if TYPE_CHECKING:
    from index.models.embedder import Vectors

__all__ = ["TERMS", "Near", "Seeds", "Subject"]

Near = Mapping[str, Mapping[str, float]]
"""For ids of subjects the ids of notes and library papers near them, with closeness in [0, 1] (:mod:`index.kin.neighbours`)."""

TERMS = 2**18
"""How many numbers there are for terms; some share one, which the classifiers do not mind."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Anything that is judged or learnt from: a slip, a note, a paper of a library.

    ``vector`` is ``(dim,)`` float32, L2-normalised, of the whole document; ``comment`` is arXiv's comments line, ``references``
    the addresses that the text links to.
    """

    document: Document
    vector: Vectors
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    comment: str = ""
    references: tuple[str, ...] = ()

    @cached_property
    def terms(self) -> tuple[Any, Any]:
        """What its words say: ``(k,)`` numbers of terms, ascending, and how often each occurs.

        Terms are tokens and pairs of neighbours, the title's and the comment's again under their own names. A term's number is a
        hash, so that no vocabulary need be kept.
        """
        import numpy as np

        numbers = np.fromiter((crc32(term.encode()) % TERMS for term in self._terms()), dtype=np.int32)
        return np.unique(numbers, return_counts=True)

    def _terms(self) -> Iterator[str]:
        title, body = content_tokens(self.document.title), content_tokens(self.document.text)
        yield from title
        yield from body
        yield from (f"{one} {other}" for one, other in pairwise(body) if one.isascii() and other.isascii())
        yield from (f"title:{one}" for one in title)
        yield from (f"comment:{one}" for one in content_tokens(self.comment))
        yield from (f"category:{one}" for one in self.categories)
        if self.document.source:
            yield f"source:{self.document.source}"


@dataclass(frozen=True, kw_only=True)
class Seeds:
    """What is known before the first answer.

    ``stated`` holds name and wording of the configured interests, ``topics`` the topic's name of those notes that have one.
    """

    stated: tuple[tuple[str, str], ...] = ()
    notes: tuple[Subject, ...] = ()
    library: tuple[Subject, ...] = ()
    topics: Mapping[str, str] = field(default_factory=dict)
