"""Which texts are nearest to which, as topics look at it: by vectors, by words, and by the links between notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from index.kin.neighbours import neighbours
from index.themes.communities import NEAREST, Edge, Ties
from index.words.lexicon import Lexicon

if TYPE_CHECKING:
    from index.models.embedder import Embedder, Vectors
    from index.texts.documents import Document

__all__ = ["nearness"]

_FAR = 0.3  # a closeness below which two texts that the model can read have nothing to do with each other
_FEW_WORDS_SHARED = 0.08  # the same for two that it cannot read: words alone seldom come closer


def nearness(
    documents: Sequence[Document],
    vectors: Vectors,
    embedder: Embedder,
    edges: Iterable[Edge] = (),
    *,
    lexicon: Lexicon | None = None,
) -> Callable[[Sequence[str]], Ties]:
    """A function that gives the nearest of the documents that it is asked for; ``edges`` are links, which count as they are.

    ``vectors`` ``(n, dim)`` are the rows of ``documents``.
    """
    known = {document.id for document in documents}
    drawn: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for one, other, closeness in edges:
        if one in known and other in known and one != other:
            drawn[one][other] = drawn[other][one] = max(closeness, drawn[one].get(other, 0.0))
    held: list[Lexicon] = [lexicon] if lexicon is not None else []

    def near(asked: Sequence[str]) -> Ties:
        if asked and not held:
            held.append(Lexicon.of(documents))
        found = (
            neighbours(documents, vectors, embedder, of=asked, k=NEAREST, lexicon=held[0], why=False) if asked else {}
        )
        ties = {}
        for key, others in found.items():
            close = {
                one.id: one.closeness
                for one in others
                if one.closeness >= (_FAR if one.dense is not None else _FEW_WORDS_SHARED)
            }
            for other, closeness in drawn.get(key, {}).items():
                close[other] = max(closeness, close.get(other, 0.0))
            ties[key] = sorted(close.items(), key=lambda tie: (-tie[1], tie[0]))
        return ties

    return near
