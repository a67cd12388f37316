"""The entries of a batch, put together where they are one work beyond doubt, and the names by which it may be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import NamedTuple
from unicodedata import east_asian_width

from notes.identity import content_hash, item_key
from notes.model import Item, SourceType, blocks_text
from notes.text.fold import fold
from notes.text.likeness import sketch_of

__all__ = [
    "TELLING_TEXT",
    "Batch",
    "Candidate",
    "doi_key",
    "folded",
    "is_certain",
    "named_paper",
    "standing",
]

# Columns from which on nobody writes the same text under the same title twice; a Chinese character has two.
TELLING_TEXT = 80
_NONE: frozenset[str] = frozenset()
_PAPER = "arxiv:"
_CERTAIN = (_PAPER, "hash:")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Entries of a batch that are one work beyond doubt: they share key and title, or a key that is certain.

    ``shared`` says that other entries of the batch bear the same key; ``guids`` are those that no other entry bears,
    ``dois`` those that no entry of another title bears; ``text`` is the content hash of the entry to be stored, empty
    where it tells too little; ``own_keys`` are keys that are the candidate's alone, even where its address is shared.
    """

    entries: tuple[Item, ...]
    mark: str
    shared: bool
    guids: frozenset[str]
    dois: frozenset[str]
    text: str
    own_keys: tuple[str, ...]

    @property
    def key(self) -> str:
        """The key that its entries share."""
        return self.entries[0].key

    @property
    def is_paper(self) -> bool:
        """Whether it has an arXiv id, by which papers are told apart even under one title and abstract."""
        return len(self.entries[0].key) > len(_PAPER) and self.entries[0].key.startswith(_PAPER)

    @property
    def arxiv_id(self) -> str:
        """The arXiv id by which it is known; empty when it is no paper."""
        return named_paper(self.key)


@dataclass(frozen=True, slots=True)
class Batch:
    """The entries of a fetch, read once: what they are put together to, and every name by which they may be known.

    ``keys`` are those under which an entry may be stored, ``texts`` the content hashes that tell a work, ``guids`` what the
    source calls its entries, ``dois`` and ``papers`` the DOIs and arXiv ids by which one may be known. ``are_apart`` says that
    no two entries share a name or a text by which they could be one work.
    """

    items: tuple[Item, ...]
    found: tuple[Candidate, ...]
    keys: frozenset[str]
    texts: frozenset[str]
    guids: frozenset[str]
    dois: frozenset[str]
    papers: frozenset[str]
    are_apart: bool
    drawn: dict[int, str | None]

    @classmethod
    def of(cls, items: Iterable[Item], sketches: Sequence[str] = ()) -> Batch:
        """The batch of these entries; its candidates are in the order of their first entries.

        ``sketches`` are those of the entries, in their order, where somebody has drawn them already.
        """
        entries = [_Entry.of(item) for item in items]
        found = _alone(entries) or tuple(_put_together(entries))
        every = tuple([entry.item for entry in entries])
        papers = {named_paper(item.key) for item in every if item.key.startswith(_PAPER)}
        return cls(
            items=every,
            found=found,
            keys=_without_blank(chain.from_iterable([entry.names() for entry in entries])),
            texts=_without_blank([entry.text for entry in entries]),
            guids=_without_blank([item.external_id for item in every]),
            dois=_without_blank([item.doi for item in every]),
            papers=frozenset(papers) - {""},
            are_apart=_are_apart(found),
            drawn=dict(zip(map(id, every), sketches or repeat(None), strict=False)),
        )

    def sketch(self, item: Item) -> str:
        """The sketch of an entry, drawn once."""
        drawn = self.drawn.get(id(item))
        if drawn is None:
            drawn = sketch_of(item)
            # Only of what lives as long as the batch: another object may come to have the same id.
            if id(item) in self.drawn:
                self.drawn[id(item)] = drawn
        return drawn


def _without_blank(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names) - {""}


class _Entry(NamedTuple):
    """An entry with what it is told by: ``mark`` is what a reader would tell it by, ``text`` its telling content hash.

    ``group`` is what entries share that are one work beyond doubt; of the keys some may be empty.
    """

    item: Item
    mark: str
    text: str
    group: tuple[str, str]
    guid_key: str
    place_key: str

    @classmethod
    def of(cls, item: Item) -> _Entry:
        title, key, guid = folded(item.title), item.key, item.external_id
        mark = title or item.content_hash
        text = item.content_hash if title and _has_telling_text(item) else ""
        guid_key = f"guid:{item.source}:{guid}" if guid else ""
        if is_certain(key):
            return cls(item, mark, text, (key, ""), guid_key, "")
        return cls(item, mark, text, (key, mark), guid_key, _place_key(mark, key))

    def names(self) -> tuple[str, ...]:
        """Every key under which the entry may be stored; some may be empty."""
        item = self.item
        by_doi = doi_key(item.doi) if item.doi else ""
        return (item.key, self.guid_key, self.place_key, by_doi) if self.place_key else (item.key, by_doi)

    def own_key(self, own_guids: Collection[str]) -> tuple[str, ...]:
        """The key by its guid, where that names it alone: an address in a guid's place is also that of the next entry there."""
        guid = self.item.external_id
        return (self.guid_key,) if guid in own_guids and guid != self.item.url else ()


def _alone(entries: Sequence[_Entry]) -> tuple[Candidate, ...]:
    """Each entry as a candidate of its own, where that can be seen at once: its key and guid are its own, and none has a DOI.

    That is nearly every batch; empty where it is not so. It comes to what :func:`_put_together` comes to.
    """
    keys = {entry.item.key for entry in entries}
    guids = {entry.item.external_id for entry in entries}
    if len(keys) < len(entries) or len(guids) < len(entries) or any(entry.item.doi for entry in entries):
        return ()
    return tuple([_candidate_alone(entry) for entry in entries])


def _candidate_alone(entry: _Entry) -> Candidate:
    item, guid = entry.item, entry.item.external_id
    # A guid's own key goes before that of the place.
    own_keys = (entry.guid_key, entry.place_key) if guid and guid != item.url else (entry.place_key,)
    return Candidate((item,), entry.group[1], False, frozenset((guid,) if guid else ()), _NONE, entry.text, own_keys)


def _put_together(entries: Sequence[_Entry]) -> Iterator[Candidate]:
    groups: dict[tuple[str, str], list[_Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.group, []).append(entry)
    bearers = Counter(guid for guid, _ in {(entry.item.external_id, entry.group) for entry in entries})
    guids = {guid for guid, number in bearers.items() if guid and number == 1}
    # A DOI over several titles is the journal's or the proceedings'.
    titles = Counter(doi for doi, _ in {(entry.item.doi, entry.mark) for entry in entries if entry.item.doi})
    dois = {doi for doi, number in titles.items() if number == 1}
    times = Counter(key for key, _ in groups)
    for (key, title), members in groups.items():
        first = members[0]
        own_guids = frozenset([entry.item.external_id for entry in members if entry.item.external_id in guids])
        yield Candidate(
            entries=tuple([entry.item for entry in members]),
            mark=title,
            shared=times[key] > 1,
            guids=own_guids,
            dois=frozenset([entry.item.doi for entry in members if entry.item.doi in dois]),
            text=max(members, key=lambda entry: standing(entry.item)).text if len(members) > 1 else first.text,
            own_keys=(*chain.from_iterable(entry.own_key(own_guids) for entry in members), first.place_key),
        )


def _are_apart(found: Sequence[Candidate]) -> bool:
    """Whether candidates share no name and no text by which two of them could be one work."""
    if any(len(one.entries) > 1 or one.shared or (one.is_paper and not one.entries[0].arxiv_id) for one in found):
        return False
    dois = [doi for one in found for doi in one.dois]
    texts = [one.text for one in found if one.text]
    return len(set(dois)) == len(dois) and len(set(texts)) == len(texts)


def doi_key(doi: str) -> str:
    """The key of an entry whose address is the DOI's."""
    return item_key(arxiv_id="", url=f"https://doi.org/{doi}", guid="", source="", title="", text="")


def named_paper(key: str) -> str:
    """The arXiv id in a key; empty when it names no paper."""
    return key.removeprefix(_PAPER) if key.startswith(_PAPER) else ""


def is_certain(key: str) -> bool:
    """Whether a key names one work whatever a feed does: a paper's id, or a hash of the content."""
    return key.startswith(_CERTAIN)


def folded(title: str) -> str:
    """The title as it is compared."""
    return " ".join(fold(title).split())


def standing(item: Item) -> tuple[bool, int, datetime]:
    """Of several entries for one work, the arXiv record stands best, then the later version, then the later date."""
    return item.source_type is SourceType.ARXIV, item.arxiv_version, item.updated or item.published or _LONG_AGO


def _has_telling_text(item: Item) -> bool:
    """Whether the text, under a title, is enough to know the work by."""
    # Most begin with a paragraph that is enough.
    first = item.blocks[0].text[: 4 * TELLING_TEXT] if item.blocks else ""
    return _is_telling(first) or _is_telling(blocks_text(item.blocks))


def _is_telling(text: str) -> bool:
    if 2 * len(text) < TELLING_TEXT:
        return False
    # Most are so without a look at all of it.
    return _columns(text[: 2 * TELLING_TEXT]) >= TELLING_TEXT or _columns(text) >= TELLING_TEXT


def _columns(text: str) -> int:
    """How many columns the text takes with white space made single, or as many as are enough."""
    plain = " ".join(text.split())
    if plain.isascii() or len(plain) >= TELLING_TEXT:
        return len(plain)
    return len(plain) + sum(east_asian_width(char) in "WF" for char in plain)


def _place_key(mark: str, key: str) -> str:
    """A key for one of several entries at the same address; it holds while the title does."""
    return f"hash:{content_hash(mark, key).partition(':')[2]}"
