"""Which entries of a fetched batch are works that are known already, and which text of a work stands best.

An entry is the same work as another when they share, in this order, the key (arXiv id, canonical URL, guid, content
hash; see :mod:`notes.identity`), the source's own id with an agreeing title, or, as a last resort, title and text
word for word: so a work that moved to another address or feed is not met twice, and one that was dismissed stays so.
Three things keep entries apart that only look alike: a guid that a feed gives to several entries proves nothing, an
address that one feed gives to several entries (a changelog, a home page) names none of them, and a text of a few words
("Weekly links") may well be written again.

Pure: the store gathers what is known, :func:`plan` decides, the store writes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import itemgetter

from notes.fold import fold
from notes.identity import content_hash
from notes.model import Item, ItemStatus, SourceType, blocks_text

__all__ = ["KnownItem", "KnownSighting", "Work", "candidate_keys", "candidate_texts", "plan"]

TELLING_TEXT = 80  # characters from which on nobody writes the same text under the same title twice
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KnownSighting:
    """A sighting that is stored, made by the source of the batch."""

    external_id: str
    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What the decision needs of a stored item; ``sightings`` are those by the source of the batch."""

    id: int
    key: str
    status: ItemStatus = ItemStatus.INBOX
    source_type: SourceType = SourceType.RSS
    arxiv_version: int = 0
    content_hash: str = ""
    published: datetime | None = None
    tags: tuple[str, ...] = ()
    sightings: tuple[KnownSighting, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A distinct work of a batch.

    ``item`` is its best text under the key by which it is stored, ``known`` the stored item's id or None for a new one,
    ``sightings`` the entries to remember as sightings, ``refresh`` whether the stored text gives way to ``item``.
    """

    item: Item
    known: int | None
    sightings: tuple[Item, ...]
    refresh: bool = False


def candidate_keys(batch: Iterable[Item]) -> frozenset[str]:
    """Every key under which an entry of the batch may be stored."""
    return frozenset(key for item in batch for key in _keys(item) if key)


def candidate_texts(batch: Iterable[Item]) -> frozenset[str]:
    """The content hashes by which an entry of the batch may be known."""
    return frozenset(_text(item) for item in batch) - {""}


def _text(item: Item) -> str:
    """The content hash where title and text are enough to know the work by, else empty."""
    is_telling = len(" ".join(blocks_text(item.blocks).split())) >= TELLING_TEXT
    return item.content_hash if is_telling and _folded(item.title) else ""


def _keys(item: Item) -> tuple[str, ...]:
    return (item.key,) if _is_certain(item.key) else (item.key, _guid_key(item), _place_key(item))


def plan(batch: Sequence[Item], known: Iterable[KnownItem]) -> tuple[Work, ...]:
    """The distinct works of a batch from one source, in the order of their first entries.

    ``known`` holds at least the items stored under :func:`candidate_keys` or with one of :func:`candidate_texts`, and
    those that the source has called by an external id of the batch. Once the plan is carried out, a plan for the same
    batch has nothing to do.
    """
    box = _Box.of(known)
    entries: dict[int | str, list[Item]] = {}
    for candidate, target in _targets(_candidates(batch), box):
        entries.setdefault(target, []).extend(candidate.entries)
    return tuple(_work(target, found, box) for target, found in entries.items())


def _targets(candidates: Sequence[_Candidate], box: _Box) -> Iterator[tuple[_Candidate, int | str]]:
    """The id of the stored item that each candidate is, or the key under which it will be stored.

    Those that nothing names but their text all go where the first goes that has it: one known by name, else a paper,
    else any. A second plan for the batch, which knows them all by name, must come to the same end.
    """
    rows: list[tuple[int, _Candidate, int | str]] = []
    for candidate in candidates:
        named = box.match(candidate)
        found = named or box.by_content(candidate)
        rank = 2 if candidate.is_paper else 1 if named else 3
        rows.append((rank, candidate, found.id if found else _new_key(candidate, box)))
    by_text: dict[str, int | str] = {}
    for _, candidate, target in sorted(rows, key=itemgetter(0)):
        by_text.setdefault(candidate.text, target)
    for rank, candidate, target in rows:
        yield candidate, by_text[candidate.text] if candidate.text and rank == 3 else target


def _mark(item: Item) -> str:
    """What a reader would tell the entry by: its title, or its text where it has none."""
    return _folded(item.title) or item.content_hash


def _folded(title: str) -> str:
    return " ".join(fold(title).split())


def _guid_key(item: Item) -> str:
    return f"guid:{item.source}:{item.external_id}" if item.external_id else ""


def _place_key(item: Item) -> str:
    """A key for one of several entries at the same address; it holds while the title does."""
    return f"hash:{content_hash(_mark(item), item.key).partition(':')[2]}"


def _is_certain(key: str) -> bool:
    """Whether a key names one work whatever a feed does: a paper's id, or a hash of the content."""
    return key.startswith(("arxiv:", "hash:"))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Entries of a batch that are one work beyond doubt: they share key and title, or a key that is certain.

    ``shared`` says that other entries of the batch bear the same key; ``guids`` are those that no other entry bears,
    ``text`` is the content hash of the entry to be stored, empty where it tells too little.
    """

    entries: tuple[Item, ...]
    mark: str
    shared: bool
    guids: frozenset[str]
    text: str

    @property
    def key(self) -> str:
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


def _candidates(batch: Sequence[Item]) -> list[_Candidate]:
    groups: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    bearers: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for item in batch:
        group = (item.key, "" if _is_certain(item.key) else _mark(item))
        groups[group].append(item)
        bearers[item.external_id].add(group)
    own = {guid for guid, groups_with_it in bearers.items() if guid and len(groups_with_it) == 1}
    times = Counter(key for key, _ in groups)
    return [
        _Candidate(
            tuple(entries),
            mark,
            times[key] > 1,
            frozenset({item.external_id for item in entries} & own),
            _text(max(entries, key=_standing)),
        )
        for (key, mark), entries in groups.items()
    ]


@dataclass(frozen=True, slots=True)
class _Box:
    """The stored items, by id, by key, by what the batch's source calls them and by content hash."""

    by_id: Mapping[int, KnownItem]
    by_key: Mapping[str, KnownItem]
    by_guid: Mapping[str, tuple[KnownItem, ...]]
    by_text: Mapping[str, tuple[KnownItem, ...]]

    @classmethod
    def of(cls, known: Iterable[KnownItem]) -> _Box:
        items = sorted(known, key=lambda item: item.id)
        by_guid: defaultdict[str, tuple[KnownItem, ...]] = defaultdict(tuple)
        by_text: defaultdict[str, tuple[KnownItem, ...]] = defaultdict(tuple)
        for item in items:
            by_text[item.content_hash] += (item,)
            for sighting in item.sightings:
                by_guid[sighting.external_id] += (item,)
        return cls({item.id: item for item in items}, {item.key: item for item in items}, by_guid, by_text)

    def match(self, candidate: _Candidate) -> KnownItem | None:
        """The stored item that is the same work by name: its key, its guid or its address."""
        if _is_certain(candidate.key):
            return self.by_key.get(candidate.key)
        *guid_keys, place_key = candidate.own_keys
        by_own_guid = next((self.by_key[key] for key in guid_keys if key in self.by_key), None)
        # The address comes last: it is the one of these that entries share.
        return by_own_guid or self._by_guid(candidate) or self.by_key.get(place_key) or self._at_address(candidate)

    def by_content(self, candidate: _Candidate) -> KnownItem | None:
        """The stored item with the same title and text, the earliest if there are several."""
        found = self.by_text.get(candidate.text, ()) if candidate.text else ()
        return next((item for item in found if not (candidate.is_paper and item.key.startswith("arxiv:"))), None)

    def _by_guid(self, candidate: _Candidate) -> KnownItem | None:
        for guid in sorted(candidate.guids):
            for found in self.by_guid.get(guid, ()):
                if any(seen.external_id == guid and _marked(seen, found) == candidate.mark for seen in found.sightings):
                    return found
        return None

    def _at_address(self, candidate: _Candidate) -> KnownItem | None:
        found = self.by_key.get(candidate.key)
        if found is None or _was_shown(candidate, found):
            return found
        return None if candidate.shared or _is_another(candidate, found) else found


def _marked(sighting: KnownSighting, found: KnownItem) -> str:
    return _folded(sighting.title) or found.content_hash


def _was_shown(candidate: _Candidate, found: KnownItem) -> bool:
    """Whether the source has shown the stored item under such a guid or title before."""
    return any(
        sighting.external_id in candidate.guids or _marked(sighting, found) == candidate.mark
        for sighting in found.sightings
    )


def _is_another(candidate: _Candidate, found: KnownItem) -> bool:
    """Whether an entry at a known address is another work than the one stored there.

    Only the same source can say so, by another guid, another title and another date: an entry that was edited keeps
    one of them.
    """
    named = bool(found.sightings) and all(sighting.external_id for sighting in found.sightings)
    published = candidate.entries[0].published
    dated_alike = published is not None and published == found.published
    return named and bool(candidate.guids) and not dated_alike


def _new_key(candidate: _Candidate, box: _Box) -> str:
    taken = candidate.shared or candidate.key in box.by_key
    return candidate.own_keys[0] if taken else candidate.key


def _work(target: int | str, entries: Sequence[Item], box: _Box) -> Work:
    best = max(entries, key=_standing)
    if isinstance(target, str):
        return Work(replace(best, key=target), None, _unseen(entries, ()))
    known = box.by_id[target]
    tags = tuple(dict.fromkeys((*best.tags, *known.tags)))
    item = replace(best, key=known.key, tags=tags)
    return Work(item, target, _unseen(entries, known.sightings), _outranks(best, known))


def _standing(item: Item) -> tuple[bool, int, datetime]:
    """Of several entries for one work, the arXiv record stands best, then the later version, then the later date."""
    return item.source_type is SourceType.ARXIV, item.arxiv_version, item.updated or item.published or _LONG_AGO


def _outranks(item: Item, known: KnownItem) -> bool:
    """Whether the stored text gives way: to arXiv's record while in the inbox, to a later version also as a note."""
    if item.source_type is not SourceType.ARXIV or known.status not in (ItemStatus.INBOX, ItemStatus.PROMOTED):
        return False
    if item.arxiv_version > known.arxiv_version:
        return True
    return known.source_type is not SourceType.ARXIV and known.status is ItemStatus.INBOX


def _unseen(entries: Sequence[Item], sightings: Sequence[KnownSighting]) -> tuple[Item, ...]:
    """The entries that are sightings of their own: by guid, and where a feed makes up guids, by address and title."""
    guids = {sighting.external_id for sighting in sightings}
    places = {(sighting.url, sighting.title) for sighting in sightings}
    unseen = []
    for item in entries:
        if item.external_id not in guids and (item.url, item.title) not in places:
            unseen.append(item)
            guids.add(item.external_id)
            places.add((item.url, item.title))
    return tuple(unseen)
