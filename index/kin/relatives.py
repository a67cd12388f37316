"""Which notes belong with which, best first: all signals of a pair on one scale.

A pair's score is ``1 - exp(-x)``, where x adds up, each in units in which 1 is as close as texts get:

- the closeness of the texts by their words, in any language (:mod:`index.words.lexicon`), not clipped above;
- half of that by their vectors, where the model knows both languages (:mod:`index.models.calibration`);
- half of the squared rarity of a title, file name or alias by which one text mentions the other: a title of common words is
  mentioned everywhere and says nothing (one word counts for the order only, unless it is rare and no common word);
- half for an address that both point to, and a quarter of the rarity of the deepest folder that the user has put both into.

The weights are few and round; ``python -m benchmarks links`` says what they find, and what others find that were chosen without
the vault they are tried on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, Any

from index.kin.naming import NO_MENTION, mentions_of
from index.kin.pair_signals import PairSignals, joined
from index.words.lexicon import LATIN_SCALE
from notes.links.hard_edges import shared_addresses

if TYPE_CHECKING:
    from index.models.embedder import Embedder, Vectors
    from index.texts.documents import Document
    from index.words.lexicon import Lexicon
    from notes.links.edges import Linkable

__all__ = ["Kin", "Relative", "Weights"]

_CANDIDATES = 2  # as a multiple of k
_DIGITS = 4
_FIRM = 2  # a mention's rarity is squared
_TELLING = 0.5  # a name less rare than that is no reason to give
_TWIN = 0.6  # two texts of that cosine say the same
_TWINS_AT_MOST = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal adds to x at its fullest, beside 1 for the words."""

    dense: float = 0.5
    mention: float = 0.5
    address: float = 0.5
    folder: float = 0.25


@dataclass(frozen=True, slots=True)
class Relative:
    """A note that belongs with another.

    ``score`` in [0, 1) orders the relatives; ``closeness`` in [0, 1] is that of the texts, mentions and addresses alone, on the
    scale on which a threshold means the same for every model and language. ``mention`` is the name under which one text mentions
    the other, ``address`` one that both point to; each may be empty.
    """

    id: str
    score: float
    closeness: float
    mention: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class _Bond:
    """What binds two notes beside their texts: x units, without the folder; ``firm`` without words that may mean no note."""

    weight: float
    firm: float
    mention: str
    address: str


_NO_BOND = _Bond(0.0, 0.0, "", "")


class Kin:
    """Who belongs with whom among ``documents``.

    ``vectors`` ``(n, dim)`` and ``lexicon`` are those of the documents; ``linkables`` has one for each id.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        linkables: Mapping[str, Linkable],
        vectors: Vectors,
        embedder: Embedder,
        lexicon: Lexicon,
        weights: Weights | None = None,
    ) -> None:
        self._documents, self._linkables, self._lexicon = documents, linkables, lexicon
        self._weights = weights or Weights()
        self._row_of = {document.id: row for row, document in enumerate(documents)}
        self._signals = PairSignals(documents, vectors, embedder, lexicon)
        self._folders = _Folders(documents)

    def relatives(
        self, of: Sequence[str], *, k: int = 20, also: Mapping[str, Collection[str]] | None = None
    ) -> dict[str, tuple[Relative, ...]]:
        """The ``k`` best relatives of each id, best first, ties by id; and the ids ``also`` asks for, wherever they rank."""
        rows = [self._row_of[key] for key in of]
        if len(self._documents) < 2 or not rows:
            return dict.fromkeys(of, ())
        bonds = _bonds(self._documents, self._linkables, self._lexicon, rows, self._weights)
        found: dict[str, tuple[Relative, ...]] = {}
        for row, words, dense in self._signals.rough(rows):
            name = self._documents[row].id
            asked = {self._row_of[one] for one in (also or {}).get(name, ()) if one in self._row_of}
            rough = self._rough(row, words, dense, bonds[row])
            others = sorted({*_best(rough, _CANDIDATES * k + 1), *asked} - {row})
            measured = self._measured(row, others, words, bonds[row])
            wanted = {self._documents[other].id for other in asked}
            found[name] = tuple(
                one for rank, one in enumerate(measured) if one.score > 0 and (rank < k or one.id in wanted)
            )
        return found

    def diverse(self, relatives: Sequence[Relative]) -> tuple[Relative, ...]:
        """The relatives without those of which two better ones already say nearly the same: a list of copies tells nothing."""
        if len(relatives) <= _TWINS_AT_MOST:
            return tuple(relatives)
        mine = self._lexicon.rows[[self._row_of[one.id] for one in relatives]]
        alike = (mine @ mine.T).toarray() >= _TWIN
        kept: list[int] = []
        for at in range(len(relatives)):
            if sum(bool(alike[at, other]) for other in kept) < _TWINS_AT_MOST:
                kept.append(at)
        return tuple(relatives[at] for at in kept)

    def _rough(self, row: int, words: Vectors, dense: Vectors, bonds: Mapping[int, _Bond]) -> Vectors:
        near = self._folders.nearness(row)
        rough: Vectors = _by_words(words) + self._weights.dense * dense + self._weights.folder * near
        for other, bond in bonds.items():
            rough[other] += bond.weight
        return rough

    def _measured(self, row: int, others: Sequence[int], words: Vectors, bonds: Mapping[int, _Bond]) -> list[Relative]:
        """The pairs of a row measured exactly, to the last bit as if each were measured alone; best first."""
        import numpy as np

        dense, lexical = self._signals.exact(row, others, words[others])
        closeness, heard = joined(dense, lexical), np.maximum(0.0, np.nan_to_num(dense))
        near = self._folders.nearness(row)
        relatives = []
        for at, other in enumerate(others):
            bond = bonds.get(other, _NO_BOND)
            text = float(_by_words(words[other])) + self._weights.dense * float(heard[at])
            score = 1 - exp(-(text + bond.weight + self._weights.folder * float(near[other])))
            firm = 1 - (1 - float(closeness[at])) * exp(-bond.firm)
            told = round(score, _DIGITS), round(firm, _DIGITS), bond.mention, bond.address
            relatives.append(Relative(self._documents[other].id, *told))
        return sorted(relatives, key=lambda one: (-one.score, one.id))


def _by_words(cosines: Any) -> Any:
    """One line for all languages, so that relatives in two languages can be ranked together.

    It begins at 0: two short notes that belong together may share a single word.
    """
    return cosines / (LATIN_SCALE.high - LATIN_SCALE.low)


def _best(values: Vectors, count: int) -> list[int]:
    import numpy as np

    count = min(count, len(values))
    best: list[int] = np.argpartition(-values, count - 1)[:count].tolist()
    return best


# --- bonds beside the texts -------------------------------------------------------------------------------------------


def _bonds(
    documents: Sequence[Document],
    linkables: Mapping[str, Linkable],
    lexicon: Lexicon,
    rows: Sequence[int],
    weights: Weights,
) -> defaultdict[int, dict[int, _Bond]]:
    """For each of ``rows`` the rows bound to it by a mention either way or by an address."""
    mentions = mentions_of(documents, linkables, lexicon, frozenset(rows))
    addresses = shared_addresses([linkables[document.id] for document in documents])
    row_of = {document.id: row for row, document in enumerate(documents)}
    bonds: defaultdict[int, dict[int, _Bond]] = defaultdict(dict)
    for row in rows:
        shared = {row_of[other]: address for other, address in addresses.get(documents[row].id, {}).items()}
        for other in sorted({*mentions[row], *shared} - {row}):
            named, pointed = mentions[row].get(other, NO_MENTION), weights.address if other in shared else 0.0
            bonds[row][other] = _Bond(
                weights.mention * named.rarity**_FIRM + pointed,
                weights.mention * named.heard**_FIRM + pointed,
                named.form if named.heard >= _TELLING else "",
                shared.get(other, ""),
            )
    return bonds


class _Folders:
    """How much two notes are of one folder. Where Slipway lays its own notes says nothing."""

    def __init__(self, documents: Sequence[Document]) -> None:
        import numpy as np

        paths = [_folder(document) for document in documents]
        self._paths = paths
        sizes = Counter(path[:depth] for path in paths for depth in range(1, len(path) + 1))
        count = max(2, len(documents))
        self._rarity = {path: log(count / size) / log(count) for path, size in sizes.items()}
        self._number = {path: number for number, path in enumerate(sorted({*paths}))}
        self._of = np.array([self._number[path] for path in paths])

    def nearness(self, row: int) -> Vectors:
        """``(n,)`` in [0, 1]: the rarity of the deepest folder that each document shares with ``row``."""
        import numpy as np

        mine = self._paths[row]
        table = np.array([self._rarity.get(_common(mine, other), 0.0) for other in self._number], dtype=np.float32)
        near: Vectors = table[self._of]
        return near


def _folder(document: Document) -> tuple[str, ...]:
    return () if document.source_type else tuple(document.path.split("/")[:-1])


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    depth = next((at for at, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs), None)
    return one[: min(len(one), len(other))] if depth is None else one[:depth]
