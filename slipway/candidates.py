"""The entries of a batch, put together where they are one work beyond doubt, and the names by which it may be known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from notes import likeness
from notes.fold import fold
from notes.identity import content_hash, item_key
from notes.model import Item, SourceType, blocks_text

__all__ = [
    "TELLING_TEXT",
    "Candidate",
    "candidates",
    "doi_key",
    "folded",
    "is_certain",
    "names",
    "sketch_of",
    "standing",
    "telling_hash",
]

TELLING_TEXT = 80  # characters from which on nobody writes the same text under the same title twice
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Entries of a batch that are one work beyond doubt: they share key and title, or a key that is certain.

    ``shared`` says that other entries of the batch bear the same key; ``guids`` are those that no other entry bears,
    ``dois`` those that no entry of another title bears; ``text`` is the content hash of the entry to be stored, empty
    where it tells too little.
    """

    entries: tuple[Item, ...]
    mark: str
    shared: bool
    guids: frozenset[str]
    dois: frozenset[str]
    text: str

    @property
    def key(self) -> str:
        """The key that its entries share."""
        return self.entries[0].key

    @property
    def is_paper(self) -> bool:
        """Whether it has an arXiv id, by which papers are told apart even under one title and abstract."""
        return self.key.startswith("arxiv:")

    @property
    def own_keys(self) -> tuple[str, ...]:
        """The keys that are the candidate's alone, even where its address is shared."""
        first = self.entries[0]
        return (*(_guid_key(item) for item in self.entries if item.external_id in self.guids), _place_key(first))


def candidates(batch: Sequence[Item]) -> list[Candidate]:
    """The candidates of a batch, in the order of their first entries."""
    groups: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    bearers: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for item in batch:
        mark = _mark(item)
        group = (item.key, "" if is_certain(item.key) else mark)
        groups[group].append(item)
        bearers[item.external_id].add(group)
        titles[item.doi].add(mark)
    guids = {guid for guid, groups_with_it in bearers.items() if guid and len(groups_with_it) == 1}
    # A DOI over several titles is the journal's or the proceedings'.
    dois = {doi for doi, marks in titles.items() if doi and len(marks) == 1}
    times = Counter(key for key, _ in groups)
    return [
        Candidate(
            tuple(entries),
            mark,
            times[key] > 1,
            frozenset({item.external_id for item in entries} & guids),
            frozenset({item.doi for item in entries} & dois),
            telling_hash(max(entries, key=standing)),
        )
        for (key, mark), entries in groups.items()
    ]


def names(item: Item) -> tuple[str, ...]:
    """Every key under which the entry may be stored; some may be empty."""
    by_doi = (doi_key(item.doi),) if item.doi else ()
    return (item.key, *by_doi) if is_certain(item.key) else (item.key, _guid_key(item), _place_key(item), *by_doi)


def doi_key(doi: str) -> str:
    """The key of an entry whose address is the DOI's."""
    return item_key(arxiv_id="", url=f"https://doi.org/{doi}", guid="", source="", title="", text="")


def is_certain(key: str) -> bool:
    """Whether a key names one work whatever a feed does: a paper's id, or a hash of the content."""
    return key.startswith(("arxiv:", "hash:"))


def folded(title: str) -> str:
    """The title as it is compared."""
    return " ".join(fold(title).split())


def standing(item: Item) -> tuple[bool, int, datetime]:
    """Of several entries for one work, the arXiv record stands best, then the later version, then the later date."""
    return item.source_type is SourceType.ARXIV, item.arxiv_version, item.updated or item.published or _LONG_AGO


def telling_hash(item: Item) -> str:
    """The content hash where title and text are enough to know the work by, else empty."""
    is_telling = len(" ".join(blocks_text(item.blocks).split())) >= TELLING_TEXT
    return item.content_hash if is_telling and folded(item.title) else ""


def sketch_of(item: Item) -> str:
    """The item's sketch, see :mod:`notes.likeness`."""
    return _sketch(item.title, blocks_text(item.blocks)[: likeness.MAX_CHARACTERS])


# A batch is looked at twice: when the store gathers what is known, and when the plan is made.
_sketch = lru_cache(maxsize=2_048)(likeness.sketch)


def _mark(item: Item) -> str:
    """What a reader would tell the entry by: its title, or its text where it has none."""
    return folded(item.title) or item.content_hash


def _guid_key(item: Item) -> str:
    return f"guid:{item.source}:{item.external_id}" if item.external_id else ""


def _place_key(item: Item) -> str:
    """A key for one of several entries at the same address; it holds while the title does."""
    return f"hash:{content_hash(_mark(item), item.key).partition(':')[2]}"
