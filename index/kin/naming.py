"""The names by which one text may mention another, and how rare each is: a title of common words is mentioned everywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from notes.links.common_words import COMMON_WORDS
from notes.links.mentions import forms, is_one_word, names_it, smooth

if TYPE_CHECKING:
    from index.texts.documents import Document
    from index.words.lexicon import Lexicon
    from notes.links.edges import Linkable

__all__ = ["NO_MENTION", "Mention", "mentions_of"]

_TELLING_ONE_WORD = 2 / 3  # one word is said without meaning a note: it has to be rarer to count as a mention


@dataclass(frozen=True, slots=True)
class Mention:
    """How rare the rarest name is by which one of two texts may mention the other, and the rarest that surely does."""

    rarity: float = 0.0
    heard: float = 0.0
    form: str = ""

    def or_by(self, rarity: float, heard: float, form: str) -> Mention:
        """This, or the mention by another name where that is the rarer."""
        told = max((self.heard, self.form), (heard, form if heard else ""))
        return Mention(max(self.rarity, rarity), *told)


NO_MENTION = Mention()


def mentions_of(
    documents: Sequence[Document], linkables: Mapping[str, Linkable], lexicon: Lexicon, rows: frozenset[int]
) -> defaultdict[int, dict[int, Mention]]:
    """For each of ``rows``, who mentions it or whom it mentions."""
    texts = _Texts(documents)
    found: defaultdict[int, dict[int, Mention]] = defaultdict(dict)
    for form, owners, holders in _held_forms(documents, linkables, lexicon, rows):
        rarity = _rarity(len(holders), len(documents))
        heard = _heard(form, rarity)
        for holder in holders if rows & set(owners) else [row for row in holders if row in rows]:
            if rarity <= 0 or not names_it(texts.smooth(holder), form):
                continue
            for owner in owners:
                for one, other in ((owner, holder), (holder, owner)):
                    if one in rows and one != other:
                        found[one][other] = found[one].get(other, NO_MENTION).or_by(rarity, heard, form)
    return found


def _held_forms(
    documents: Sequence[Document], linkables: Mapping[str, Linkable], lexicon: Lexicon, rows: frozenset[int]
) -> Iterator[tuple[str, list[int], list[int]]]:
    """Each name that may be mentioned in a pair with one of ``rows``: its notes' rows, and those of texts with all its words."""
    suspects: Collection[int] = range(len(documents))
    if len(rows) < len(documents):
        names = {row: linkables[document.id].names for row, document in enumerate(documents)}
        suspects = rows | lexicon.named_in(sorted(rows), {row: told for row, told in names.items() if told})
    owners: defaultdict[str, list[int]] = defaultdict(list)
    for row in sorted(suspects):
        for form in forms((documents[row].title, *linkables[documents[row].id].names)):
            owners[form].append(row)
    for form, named in sorted(owners.items()):
        holders = lexicon.holding(form)
        if holders is not None and len(holders):
            yield form, named, holders.tolist()


def _heard(form: str, rarity: float) -> float:
    """What of a name's rarity counts as a mention; a common word, and one word that many say, only hint at the note."""
    doubtful = form in COMMON_WORDS or (is_one_word(form) and rarity < _TELLING_ONE_WORD)
    return 0.0 if doubtful else rarity


def _rarity(holders: int, documents: int) -> float:
    """1 for a name that no text has but its own note's, 0 for one that all have."""
    # As if so many other notes were without it: in a small vault nothing is known to be rare.
    unseen = 50
    return log((documents + unseen) / (1 + holders)) / log(documents + unseen)


class _Texts:
    """The texts as names are looked for in them, each made so once."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._smooth: dict[int, str] = {}

    def smooth(self, row: int) -> str:
        if row not in self._smooth:
            self._smooth[row] = smooth(self._documents[row].whole)
        return self._smooth[row]
