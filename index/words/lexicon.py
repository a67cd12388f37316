"""TF-IDF over the tokens of :mod:`index.words.tokens`: how close two texts are by their words, in any language.

Characters and bigrams carry Chinese, where the bundled model is blind: they find the other half of a Chinese document at
R@1 0.46, that model at 0.09. A word of the title weighs more than one of the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.models.calibration import Scale, is_ideographic_language
from index.words.token_counts import IDEOGRAPHIC, SINGLE, content_tokens, count_words, word_code

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.models.embedder import Vectors
    from index.storage.cache import IndexCache
    from index.texts.documents import Document

__all__ = ["LATIN_SCALE", "Lexicon", "content_tokens", "lexical_scale"]

LATIN_SCALE = Scale(0.055, 0.35)
_IDEOGRAPHIC_SCALE = Scale(0.045, 0.28)

_COMMON_SHARE = 0.3
_COMMON_AT_LEAST = 30
_UNSEEN_DOCUMENTS = 50  # a few documents say little about how rare a word is: as if so many others were without it
_ONE_IDEOGRAPH = 0.5  # single characters find what bigrams miss, and bring unrelated texts near: half a voice
_INTEREST_IN_TEXT = 0.6  # an interest whose words all stand in the text, but not in the title
_TITLE = 0.4  # how much a title, taken as a text of its own, adds to the text


def lexical_scale(lang: str, other: str) -> Scale:
    """The scale for TF-IDF cosines between texts of two languages.

    Of random pairs of English abstracts nine in ten lie below 0.055, the nearest of 600 has a median of 0.15, notes linked by
    hand in a vault have 0.16. Of random Chinese ones 99 in a hundred lie below 0.055, two halves of one have 0.25.
    """
    return _IDEOGRAPHIC_SCALE if is_ideographic_language(lang) and is_ideographic_language(other) else LATIN_SCALE


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``rows`` is a sparse ``(n, terms)`` matrix of L2-normalised TF-IDF weights, ``by_term`` its transpose.

    ``titles`` is the same of the titles alone; ``idf`` is that of each term, ``codes`` the terms' numbers.
    """

    documents: tuple[Document, ...]
    rows: Any
    by_term: Any
    titles: Any
    idf: Vectors
    codes: NDArray[np.uint32]

    @classmethod
    def of(cls, documents: Sequence[Document], cache: IndexCache | None = None) -> Lexicon:
        """The lexicon of ``documents``; words in more than three in ten of them (and 30) count for nothing.

        Rarity is counted among documents of the same script, or each Chinese word would be rare in an English vault.
        With a cache the texts are tokenised once, not every night.
        """
        import numpy as np
        from scipy.sparse import csr_matrix

        counted = count_words(documents, cache)
        ends = np.cumsum([0, *(len(words.codes) for words in counted)])
        said = np.concatenate([np.zeros(0, dtype="<u4"), *(words.codes for words in counted)])
        codes, columns = np.unique(said, return_inverse=True)
        codes = codes if len(codes) else np.zeros(1, dtype="<u4")  # texts that say nothing still make a table
        shape = (len(counted), len(codes))
        often = np.concatenate([np.zeros(0), *(words.counts for words in counted)]).astype(np.float32)
        titled = np.concatenate([np.zeros(0), *(words.titled for words in counted)]).astype(np.float32)
        idf = _idf(csr_matrix((often, columns, ends), shape), (codes & IDEOGRAPHIC) > 0)
        weights = (idf * np.where(codes & SINGLE, _ONE_IDEOGRAPH, 1.0)).astype(np.float32)[columns]
        texts = _normalised(csr_matrix(((1 + np.log(np.maximum(often, 1))) * weights, columns, ends), shape))
        titles = _normalised(csr_matrix((titled * weights, columns, ends), shape))
        rows = _normalised((texts + _TITLE * titles).tocsr()).astype(np.float32)
        rows.eliminate_zeros()
        return cls(tuple(documents), rows, rows.T.tocsr(), titles, idf, codes)

    def cosines(self, rows: Sequence[int]) -> Vectors:
        """``(len(rows), n)`` float32: the cosine of each of ``rows`` with every document."""
        product: Vectors = (self.rows[list(rows)] @ self.by_term).toarray()
        return product

    def rarity(self, phrase: str) -> float:
        """The mean idf of a phrase's tokens; 0 when they tell nothing or are in too many documents."""
        tokens = content_tokens(phrase)
        return sum(self._idf_of(token) for token in tokens) / len(tokens) if tokens else 0.0

    def holding(self, phrase: str) -> NDArray[np.int32] | None:
        """The rows of the documents that have all telling words of ``phrase``; None when none of them tells anything here."""
        import numpy as np

        columns = self._columns(phrase)
        if columns is None:
            return np.zeros(0, dtype=np.int32)
        held = sorted((self._rows_with(column) for column in columns), key=len)
        if not held:
            return None
        common = held[0]
        for others in held[1:]:
            place = np.minimum(np.searchsorted(others, common), len(others) - 1)
            common = common[others[place] == common]
        return common

    def named_in(self, rows: Sequence[int], names: Mapping[int, Sequence[str]]) -> frozenset[int]:
        """The documents of which some text among ``rows`` may hold the title, or one of ``names``: all its telling words."""
        import numpy as np

        said = self.rows[list(rows)]
        said.data[:] = 1.0
        titles = self.titles.copy()
        titles.data[:] = (titles.data > 0).astype(np.float32)
        titles.eliminate_zeros()
        held = (titles @ said.T).tocoo()
        lengths = np.diff(titles.indptr)
        found = set(held.row[held.data >= lengths[held.row]].tolist())
        there = frozenset(said.indices.tolist())
        for row, called in names.items():
            if any((columns := self._columns(name)) is not None and there.issuperset(columns) for name in called):
                found.add(row)
        return frozenset(found)

    def coverage(self, text: str) -> Vectors:
        """``(n,)`` float32 in [0, 1]: the share of the words of ``text``, weighted by rarity, that each document holds.

        Squared, since half of an interest's words are no interest, and whole only when the title has them.
        """
        import numpy as np

        wanted = {
            column: self.idf[column] for token in content_tokens(text) if (column := self._column(token)) is not None
        }
        unknown = sum(float(self.idf.max()) for token in set(content_tokens(text)) if self._column(token) is None)
        total = float(sum(wanted.values())) + unknown
        if not wanted or total == 0:
            return np.zeros(len(self.documents), dtype=np.float32)
        columns, worth = list(wanted), np.array(list(wanted.values()), dtype=np.float32)
        held = ((self.by_term[columns].T > 0).astype(np.float32) @ worth) / total
        titled = ((self.titles.tocsc()[:, columns] > 0).astype(np.float32) @ worth) / total
        covered: Vectors = (_INTEREST_IN_TEXT * held**2 + (1 - _INTEREST_IN_TEXT) * titled**2).astype(np.float32)
        return covered

    def _columns(self, phrase: str) -> list[int] | None:
        """The columns of the telling words of ``phrase``; None when one of them stands in no document."""
        columns = [self._column(token) for token in dict.fromkeys(content_tokens(phrase))]
        if None in columns:
            return None
        return [column for column in columns if column is not None and self.idf[column] > 0]

    def _column(self, token: str) -> int | None:
        import numpy as np

        code = word_code(token)
        place = int(np.searchsorted(self.codes, code))
        return place if place < len(self.codes) and int(self.codes[place]) == code else None

    def _idf_of(self, token: str) -> float:
        column = self._column(token)
        return 0.0 if column is None else float(self.idf[column])

    def _rows_with(self, column: int) -> NDArray[np.int32]:
        found: NDArray[np.int32] = self.by_term.indices[self.by_term.indptr[column] : self.by_term.indptr[column + 1]]
        return found


def _normalised(rows: Any) -> Any:
    """The rows of a sparse matrix with the length 1, but those of length 0.

    To the bit what sklearn.preprocessing.normalize gives, whose import takes longer than all that ``slipway related`` does.
    """
    import numpy as np

    counts = np.diff(rows.indptr)
    squares = np.bincount(np.repeat(np.arange(len(counts)), counts), rows.data * rows.data, minlength=len(counts))
    lengths = np.sqrt(np.where(squares == 0, 1.0, squares))
    scaled = rows.copy()
    scaled.data = (rows.data / np.repeat(lengths, counts)).astype(rows.dtype)
    return scaled


def _idf(counts: Any, ideographic: NDArray[np.bool_]) -> Vectors:
    """Of each column its idf among the documents of its script; 0 for what is too common to tell anything."""
    import numpy as np

    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.zeros(counts.shape[1], dtype=np.float32)
    for script in (ideographic, ~ideographic):
        documents = int((np.diff(counts[:, script].indptr) > 0).sum())
        telling = script & (frequency <= max(_COMMON_AT_LEAST, _COMMON_SHARE * documents))
        idf[telling] = np.log((documents + _UNSEEN_DOCUMENTS) / (1 + frequency[telling]))
    return idf
