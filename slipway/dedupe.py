"""Which entries of a fetched batch are works that are known already, and which text of a work stands best.

An entry is the same work as another when they share, in this order, the key (arXiv id, canonical URL, guid, content
hash; see :mod:`notes.identity`), the source's own id with an agreeing title, the DOI, title and text word for word,
or, as a last resort, a title and text that are alike (:mod:`slipway.kindred`): so a work that moved to another address
or feed is not met twice, and one that was dismissed stays so.
Three things keep entries apart that only look alike: a guid that a feed gives to several entries proves nothing, an
address that one feed gives to several entries (a changelog, a home page) names none of them, and a text of a few words
("Weekly links") may well be written again.

Pure: the store gathers what is known, :func:`plan` decides, the store writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from notes.likeness import bands
from notes.model import Item, ItemStatus, SourceType
from slipway.candidates import Candidate, candidates, names, sketch_of, standing, telling_hash
from slipway.kindred import Face, Kindred, Target
from slipway.known import Box, KnownItem, KnownSighting

__all__ = [
    "KnownItem",
    "KnownSighting",
    "Work",
    "candidate_bands",
    "candidate_dois",
    "candidate_keys",
    "candidate_texts",
    "plan",
]


@dataclass(frozen=True, slots=True)
class Work:
    """A distinct work of a batch.

    ``item`` is its best text under the key by which it is stored, ``known`` the stored item's id or None for a new one,
    ``sightings`` the entries to remember as sightings, ``refresh`` whether the stored text gives way to ``item``.
    ``sketch`` is that of ``item`` where it is to be stored, else empty.
    """

    item: Item
    known: int | None
    sightings: tuple[Item, ...]
    refresh: bool = False
    sketch: str = ""


def candidate_keys(batch: Iterable[Item]) -> frozenset[str]:
    """Every key under which an entry of the batch may be stored."""
    return frozenset(key for item in batch for key in names(item) if key)


def candidate_dois(batch: Iterable[Item]) -> frozenset[str]:
    """The DOIs by which an entry of the batch may be known."""
    return frozenset(item.doi for item in batch) - {""}


def candidate_texts(batch: Iterable[Item]) -> frozenset[str]:
    """The content hashes by which an entry of the batch may be known."""
    return frozenset(telling_hash(item) for item in batch) - {""}


def candidate_bands(batch: Sequence[Item], known: Iterable[KnownItem] = ()) -> frozenset[str]:
    """The bands by which an entry of the batch may be known that none of ``known`` is by name or word for word."""
    box = Box.of(known)
    unknown = (one for one in candidates(batch) if not (box.match(one) or box.by_content(one)))
    return frozenset(band for one in unknown for item in one.entries for band in bands(sketch_of(item)))


def plan(batch: Sequence[Item], known: Iterable[KnownItem]) -> tuple[Work, ...]:
    """The distinct works of a batch from one source, in the order of their first entries.

    ``known`` holds at least the items stored under :func:`candidate_keys` or with one of :func:`candidate_texts` or
    :func:`candidate_dois`, those that share one of :func:`candidate_bands`, and those that the source has called by an
    external id of the batch. Once the plan is carried out, a plan for the same batch has nothing to do.
    """
    box = Box.of(known)
    found = candidates(batch)
    named = _named(found, box)
    likened = _likened(named, box)
    works = _works(_moved(named, likened), box)
    # Likeness is no equivalence: what it brings together has to come together again, or stays apart.
    return works if not likened or _is_done(found, Box.of(_carried_out(works, box))) else _works(named, box)


def _named(found: Sequence[Candidate], box: Box) -> list[tuple[Candidate, Target]]:
    """Where each candidate goes by its names and its text word for word.

    Those that nothing names but their text all go where the first goes that has it: one known by name, else a paper,
    else any. A second plan for the batch, which knows them all by name, must come to the same end.
    """
    rows: list[tuple[int, Candidate, Target]] = []
    for candidate in found:
        named = box.match(candidate)
        known = named or box.by_content(candidate)
        rank = 2 if candidate.is_paper else 1 if named else 3
        rows.append((rank, candidate, known.id if known else _new_key(candidate, box)))
    by_text: dict[str, Target] = {}
    for _, candidate, target in sorted(rows, key=itemgetter(0)):
        by_text.setdefault(candidate.text, target)
    return [
        (candidate, by_text[candidate.text] if candidate.text and rank == 3 else target)
        for rank, candidate, target in rows
    ]


def _new_key(candidate: Candidate, box: Box) -> str:
    taken = candidate.shared or candidate.key in box.by_key
    return candidate.own_keys[0] if taken else candidate.key


def _likened(named: Sequence[tuple[Candidate, Target]], box: Box) -> Mapping[Target, Target]:
    """Where the works that would be new go instead: to a stored item of the same story, or an earlier new one."""
    fresh: dict[str, list[Candidate]] = {}
    for candidate, target in named:
        if isinstance(target, str):
            fresh.setdefault(target, []).append(candidate)
    kindred = Kindred()
    if fresh:
        for item in box.by_id.values():
            kindred.add(_known_face(item), item.id)
    likened: dict[Target, Target] = {}
    for key, members in fresh.items():
        face = _new_face(key, members)
        # A paper is stored under its id: there its later versions look for it.
        if not face.is_paper and (same := kindred.of(face)) is not None:
            likened[key] = same
        else:
            kindred.add(face, key)
    return likened


def _new_face(key: str, members: Sequence[Candidate]) -> Face:
    item = _best([entry for candidate in members for entry in candidate.entries])
    return Face(sketch_of(item), item.published, key.startswith("arxiv:"), item.doi, is_ours=True)


def _known_face(item: KnownItem) -> Face:
    return Face(item.sketch, item.published, item.is_paper, item.doi, is_ours=bool(item.sightings))


def _moved(
    named: Iterable[tuple[Candidate, Target]], likened: Mapping[Target, Target]
) -> list[tuple[Candidate, Target]]:
    return [(candidate, likened.get(target, target)) for candidate, target in named]


def _is_done(found: Sequence[Candidate], box: Box) -> bool:
    """Whether a plan for the same entries has nothing left to do."""
    named = _named(found, box)
    works = _works(_moved(named, _likened(named, box)), box)
    return all(work.known is not None and not work.sightings and not work.refresh for work in works)


def _carried_out(works: Iterable[Work], box: Box) -> Iterator[KnownItem]:
    """What is stored once a plan is carried out."""
    stored = dict(box.by_id)
    for work in works:
        number = max(stored, default=0) + 1 if work.known is None else work.known
        before = stored.get(number)
        item = _stored(work, number) if before is None or work.refresh else before
        seen = tuple(KnownSighting(entry.external_id, entry.url, entry.title) for entry in work.sightings)
        stored[number] = replace(item, sightings=(*(before.sightings if before else ()), *seen))
    yield from stored.values()


def _stored(work: Work, number: int) -> KnownItem:
    item = work.item
    return KnownItem(
        id=number,
        key=item.key,
        source=item.source,
        source_type=item.source_type,
        arxiv_version=item.arxiv_version,
        doi=item.doi,
        content_hash=item.content_hash,
        sketch=work.sketch,
        published=item.published,
        tags=item.tags,
    )


def _works(placed: Iterable[tuple[Candidate, Target]], box: Box) -> tuple[Work, ...]:
    entries: dict[Target, list[Item]] = {}
    for candidate, target in placed:
        entries.setdefault(target, []).extend(candidate.entries)
    return tuple(_work(target, found, box) for target, found in entries.items())


def _work(target: Target, entries: Sequence[Item], box: Box) -> Work:
    best = _best(entries)
    if isinstance(target, str):
        return Work(replace(best, key=target), None, _unseen(entries, ()), sketch=sketch_of(best))
    known = box.by_id[target]
    tags = tuple(dict.fromkeys((*best.tags, *known.tags)))
    # Entries have found the item by its DOI; they must find it again.
    item = replace(best, key=known.key, tags=tags, doi=known.doi or best.doi)
    refresh = _outranks(best, known)
    return Work(item, target, _unseen(entries, known.sightings), refresh, sketch_of(best) if refresh else "")


def _best(entries: Sequence[Item]) -> Item:
    """The entry whose text stands, with the DOI that any of them has."""
    best = max(entries, key=standing)
    doi = best.doi or next((item.doi for item in entries if item.doi), "")
    return best if doi == best.doi else replace(best, doi=doi)


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
