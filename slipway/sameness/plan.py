"""Which entries of a fetched batch are works that are known already, and which text of a work stands best.

An entry is the same work as another when they share, in this order, the key (arXiv id, canonical URL, guid, content
hash; see :mod:`notes.identity`), the source's own id with an agreeing title, the DOI, title and text word for word,
or, as a last resort, a title and text that are alike (:mod:`slipway.sameness.kindred`): so a work that moved to another address
or feed is not met twice, and one that was dismissed stays so.
Three things keep entries apart that only look alike: a guid that a feed gives to several entries proves nothing, an
address that one feed gives to several entries (a changelog, a home page) names none of them, and a text of a few words
("Weekly links") may well be written again, as may a longer one that opens a thread each month.

Pure: the store gathers what is known, :func:`plan` decides, the store writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from operator import itemgetter
from typing import Any

from notes.model import Item, ItemStatus, SourceType
from notes.text.likeness import bands
from slipway.sameness.candidates import Batch, Candidate, named_paper, standing
from slipway.sameness.kindred import Face, Kindred, Target
from slipway.sameness.known import Box, KnownItem, KnownSighting, Strangers
from slipway.sameness.naming import KNOWN, PAPER, UNNAMED, Way

__all__ = ["ADDRESS", "KnownItem", "KnownSighting", "Strangers", "Work", "candidate_bands", "plan"]

ADDRESS = "url:"
"""How the keys begin under which a work may be known beside its own."""


@dataclass(frozen=True, slots=True)
class Work:
    """A distinct work of a batch.

    ``item`` is its best text under the key by which it is stored, ``known`` the stored item's id or None for a new one,
    ``sightings`` the entries to remember as sightings, ``refresh`` whether the stored text gives way to ``item``.
    ``sketch`` is that of ``item`` where it is to be stored, else empty. ``other_keys`` are to be remembered beside the key: of
    addresses that the sightings add, and that name no other work.
    """

    item: Item
    known: int | None
    sightings: tuple[Item, ...]
    refresh: bool = False
    sketch: str = ""
    other_keys: tuple[str, ...] = ()


def candidate_bands(batch: Batch, known: Iterable[KnownItem] = ()) -> frozenset[int]:
    """The bands by which an entry of the batch may be known that none of ``known`` is by name or word for word."""
    box = Box.of(known)
    unknown: Iterable[Candidate] = batch.found
    if box.by_id:
        unknown = (one for one in unknown if not (box.match(one) or box.by_content(one)))
    return frozenset(chain.from_iterable([bands(batch.sketch(item)) for one in unknown for item in one.entries]))


def plan(batch: Batch, known: Iterable[KnownItem], strangers: Strangers | None = None) -> tuple[Work, ...]:
    """The distinct works of a batch from one source, in the order of their first entries.

    ``known`` holds at least the items that bear a name or a telling text of the batch (its ``keys``, ``guids``, ``dois``,
    ``papers`` and ``texts``), and together with ``strangers`` those that share one of :func:`candidate_bands`. Once the plan
    is carried out, a plan for the same batch has nothing to do.
    """
    box = Box.of(known, strangers)
    # So it is with nearly every batch of a source that is new: nothing names its entries, and nothing is like them.
    if batch.are_apart and box.has_none_of(batch):
        unnamed: list[tuple[Candidate, Target]] = [(one, one.key) for one in batch.found]
        if not _likened(unnamed, batch, box):
            return tuple(_new_work(one.entries[0], batch) for one in batch.found)
    named = _named(batch, box)
    likened = _likened(named, batch, box)
    works = _works(_moved(named, likened), batch, box)
    # Likeness is no equivalence: what it brings together has to come together again, or stays apart.
    if likened and not _is_done(works, batch, box):
        works = _works(named, batch, box)
    # So with DOIs, of which a work may have two and keeps one, with texts, which tell a work only in its time, and with a
    # text that gives way to another.
    in_doubt = (
        _is_any_doi_shared(batch.found) or _is_any_told_by_text(named, box) or any(work.refresh for work in works)
    )
    in_doubt = in_doubt or any(work.sightings and _other_keys(work, box) for work in works)
    if in_doubt and not _is_done(works, batch, box):
        works = _works(_named(batch, box, strictly=True), batch, box)
        # And with other addresses, which a source may contradict once it has shown the work itself.
        if box.by_other_key and not _is_done(works, batch, box):
            works = _works(_named(batch, replace(box, by_other_key={}), strictly=True), batch, box)
    return works


def _other_keys(work: Work, box: Box) -> tuple[str, ...]:
    """The other keys by which a work may have been found."""
    return box.by_id[work.known].other_keys if work.known is not None else ()


def _new_work(item: Item, batch: Batch) -> Work:
    return Work(item, None, (item,), sketch=batch.sketch(item))


def _named(batch: Batch, box: Box, *, strictly: bool = False) -> list[tuple[Candidate, Target]]:
    """Where each candidate goes by its names and its text word for word; ``strictly``: only by what is known of its names.

    Those that nothing names but DOI or text all go where the first goes that has it: one known by name, else a paper,
    else any. A second plan for the batch, which knows them all by name, must come to the same end.
    """
    rows: list[tuple[int, int, KnownItem | None]] = []
    for place, candidate in enumerate(batch.found):
        named = box.match(candidate)
        rank = PAPER if candidate.is_paper else KNOWN if named else UNNAMED
        rows.append((rank, place, named or (None if strictly else box.by_content(candidate))))
    way = Way(box, strictly=strictly)
    ranked = sorted(rows, key=itemgetter(0, 1))
    targets = {place: way.taken(batch.found[place], known, rank) for rank, place, known in ranked}
    return [(candidate, targets[place]) for place, candidate in enumerate(batch.found)]


def _is_any_doi_shared(found: Iterable[Candidate]) -> bool:
    times = Counter(doi for candidate in found for doi in candidate.dois)
    return any(number > 1 for number in times.values())


def _is_any_told_by_text(named: Sequence[tuple[Candidate, Target]], box: Box) -> bool:
    """Whether candidates come together, or to what is stored, by no name of theirs."""
    met = len({target for _, target in named}) < len(named)
    return met or any(isinstance(target, int) and not box.match(candidate) for candidate, target in named)


def _likened(named: Sequence[tuple[Candidate, Target]], batch: Batch, box: Box) -> Mapping[Target, Target]:
    """Where the works that would be new go instead: to a stored item of the same story, or an earlier new one."""
    fresh: dict[str, list[Candidate]] = {}
    for candidate, target in named:
        if isinstance(target, str):
            fresh.setdefault(target, []).append(candidate)
    best = {
        key: _best([entry for candidate in members for entry in candidate.entries]) for key, members in fresh.items()
    }
    kindred = _stored_kindred(box, [batch.sketch(item) for item in best.values()])
    if not kindred.shared:
        return {}
    likened: dict[Target, Target] = {}
    for key, item in best.items():
        if kindred.is_alone(sketch := batch.sketch(item)):
            continue
        face = _new_face(key, item, sketch)
        # A paper is stored under its id: there its later versions look for it.
        if not face.is_paper and (same := kindred.of(face)) is not None:
            likened[key] = same
        else:
            kindred.add(face, key)
    return likened


def _stored_kindred(box: Box, drawn: Sequence[str]) -> Kindred:
    """What is stored, by id, to be compared with works of these sketches."""
    stored = {item.id: item.sketch for item in box.by_id.values()} | box.strangers

    def meet(ids: Collection[int]) -> Iterable[tuple[int, Face]]:
        return [(item.id, _known_face(item)) for item in box.meet(ids)]

    kindred = Kindred.among([*stored.values(), *drawn], meet)
    if kindred.shared:
        for item_id in sorted(stored):
            if kindred.is_alone(stored[item_id]):
                continue
            if item_id in box.by_id:
                kindred.add(_known_face(box.by_id[item_id]), item_id)
            else:
                kindred.add_stranger(stored[item_id], item_id)
    return kindred


def _new_face(key: str, item: Item, sketch: str) -> Face:
    return Face(sketch, item.published, key.startswith("arxiv:"), item.doi, is_ours=True)


def _known_face(item: KnownItem) -> Face:
    return Face(item.sketch, item.published, item.is_paper, item.doi, is_ours=bool(item.sightings))


def _moved(
    named: Iterable[tuple[Candidate, Target]], likened: Mapping[Target, Target]
) -> list[tuple[Candidate, Target]]:
    return [(candidate, likened.get(target, target)) for candidate, target in named]


def _is_done(planned: Iterable[Work], batch: Batch, before: Box) -> bool:
    """Whether a plan for the same entries has nothing left to do once this one is carried out."""
    strangers = Strangers(before.strangers, before.fetch) if before.fetch else None
    box = Box.of(_carried_out(planned, before), strangers)
    named = _named(batch, box)
    works = _works(_moved(named, _likened(named, batch, box)), batch, box)
    return all(work.known is not None and not work.sightings and not work.refresh for work in works)


def _carried_out(works: Iterable[Work], box: Box) -> Iterator[KnownItem]:
    """What is stored once a plan is carried out."""
    stored = dict(box.by_id)
    numbers = count(max((*stored, *box.strangers), default=0) + 1)
    for work in works:
        number = next(numbers) if work.known is None else work.known
        before = stored.get(number)
        item = _stored(work, number) if before is None or work.refresh else _identified(before, work)
        seen = tuple(KnownSighting(entry.external_id, entry.url, entry.title) for entry in work.sightings)
        stored[number] = replace(
            item,
            sightings=(*(before.sightings if before else ()), *seen),
            other_keys=(*(before.other_keys if before else ()), *work.other_keys),
        )
    yield from stored.values()


def _identified(item: KnownItem, work: Work) -> KnownItem:
    return replace(item, arxiv_id=item.arxiv_id or work.item.arxiv_id)


def _stored(work: Work, number: int) -> KnownItem:
    item = work.item
    return KnownItem(
        id=number,
        key=item.key,
        source_type=item.source_type,
        arxiv_id=item.arxiv_id,
        arxiv_version=item.arxiv_version,
        doi=item.doi,
        content_hash=item.content_hash,
        sketch=work.sketch,
        published=item.published,
        tags=item.tags,
    )


def _works(placed: Iterable[tuple[Candidate, Target]], batch: Batch, box: Box) -> tuple[Work, ...]:
    entries: dict[Target, list[Item]] = {}
    shared: set[str] = set()
    for candidate, target in placed:
        entries.setdefault(target, []).extend(candidate.entries)
        if candidate.shared:
            shared.add(candidate.key)
    works = [_work(target, found, batch, box) for target, found in entries.items()]
    # Nearly always there is no sighting, or it has the work's own key.
    return tuple(
        _with_other_keys(work, shared, box)
        if work.sightings and (len(work.sightings) > 1 or work.sightings[0].key != work.item.key)
        else work
        for work in works
    )


def _with_other_keys(work: Work, shared: Collection[str], box: Box) -> Work:
    """The work with the keys of the addresses that it is met at for the first time, where these are no others' as well."""
    ours = {work.item.key, *_other_keys(work, box)}
    found = {entry.key for entry in work.sightings if entry.key.startswith(ADDRESS)} - ours.union(shared)
    told = sorted(key for key in found if key not in box.by_key)
    return replace(work, other_keys=tuple(told)) if told else work


def _work(target: Target, entries: Sequence[Item], batch: Batch, box: Box) -> Work:
    best = _best(entries)
    if isinstance(target, str):
        item = best if best.key == target else replace(best, key=target)
        return Work(item, None, _unseen(entries, ()), sketch=batch.sketch(best))
    known = box.by_id[target]
    # Entries have found the item by its DOI; they must find it again.
    merged: dict[str, Any] = {"key": known.key, "tags": _merged(best.tags, known.tags), "doi": known.doi or best.doi}
    is_same = all(getattr(best, name) == value for name, value in merged.items())
    item = best if is_same else replace(best, **merged)
    refresh = _outranks(best, known)
    return Work(item, target, _unseen(entries, known.sightings), refresh, batch.sketch(best) if refresh else "")


def _merged(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    return ours if ours == theirs else tuple(dict.fromkeys((*ours, *theirs)))


def _best(entries: Sequence[Item]) -> Item:
    """The entry whose text stands, with the DOI and the arXiv id that any of them has."""
    best = max(entries, key=standing) if len(entries) > 1 else entries[0]
    if len(entries) == 1 and (best.arxiv_id or not named_paper(best.key)):
        return best
    doi = best.doi or next((item.doi for item in entries if item.doi), "")
    paper = best.arxiv_id or next((paper for item in entries if (paper := named_paper(item.key))), "")
    return best if (doi, paper) == (best.doi, best.arxiv_id) else replace(best, doi=doi, arxiv_id=paper)


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
