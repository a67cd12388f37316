"""What is stored, as the plan for a batch looks at it, and which stored item an entry names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from notes.model import ItemStatus, SourceType
from notes.text.likeness import same_story, sketch_of
from notes.text.titles import Title
from slipway.sameness.candidates import Batch, Candidate, doi_key, folded, is_certain, standing
from slipway.sameness.kindred import Face, are_unlike, have_one_text, is_moved

__all__ = ["Box", "KnownItem", "KnownSighting", "Strangers", "face_of", "has_bare_title"]


@dataclass(frozen=True, slots=True)
class KnownSighting:
    """A sighting that is stored, made by the source of the batch."""

    external_id: str
    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What the decision needs of a stored item; ``sightings`` are those by the source of the batch.

    ``arxiv_id`` names the paper that it is, also where it came as a post and is stored under another key; ``sketch`` is
    what :mod:`notes.text.likeness` remembers of title and text. ``other_keys`` are those, of the batch's, of other addresses
    at which it was met, by whichever source.
    """

    id: int
    key: str
    status: ItemStatus = ItemStatus.INBOX
    source_type: SourceType = SourceType.RSS
    arxiv_id: str = ""
    arxiv_version: int = 0
    doi: str = ""
    content_hash: str = ""
    sketch: str = ""
    published: datetime | None = None
    tags: tuple[str, ...] = ()
    sightings: tuple[KnownSighting, ...] = ()
    other_keys: tuple[str, ...] = ()

    @property
    def is_paper(self) -> bool:
        """Whether it is known to be a paper on arXiv."""
        return bool(self.arxiv_id) or self.key.startswith("arxiv:")


@dataclass(frozen=True, slots=True)
class Strangers:
    """Stored items that nothing names, of which only the sketches are at hand, by id: most share a band by chance.

    ``meet`` fetches whole those that turn out to be kin.
    """

    sketches: Mapping[int, str]
    meet: Callable[[Collection[int]], Iterable[KnownItem]]


@dataclass(frozen=True, slots=True)
class Box:
    """The stored items, by id, by key, by their other keys, by arXiv id, by what the batch's source calls them, by DOI and text.

    ``strangers`` are those, by id, of which only the sketch is known so far.
    """

    by_id: dict[int, KnownItem]
    by_key: Mapping[str, KnownItem]
    by_other_key: Mapping[str, tuple[KnownItem, ...]]
    by_arxiv_id: Mapping[str, KnownItem]
    by_guid: Mapping[str, tuple[KnownItem, ...]]
    by_doi: Mapping[str, tuple[KnownItem, ...]]
    by_text: Mapping[str, tuple[KnownItem, ...]]
    strangers: dict[int, str]
    fetch: Callable[[Collection[int]], Iterable[KnownItem]] | None

    @classmethod
    def of(cls, known: Iterable[KnownItem], strangers: Strangers | None = None) -> Box:
        """The box of these items."""
        items = sorted(known, key=lambda item: item.id)
        by_other_key: defaultdict[str, tuple[KnownItem, ...]] = defaultdict(tuple)
        by_guid: defaultdict[str, tuple[KnownItem, ...]] = defaultdict(tuple)
        by_doi: defaultdict[str, tuple[KnownItem, ...]] = defaultdict(tuple)
        by_text: defaultdict[str, tuple[KnownItem, ...]] = defaultdict(tuple)
        for item in items:
            by_doi[item.doi] += (item,)
            by_text[item.content_hash] += (item,)
            for key in item.other_keys:
                by_other_key[key] += (item,)
            for sighting in item.sightings:
                by_guid[sighting.external_id] += (item,)
        return cls(
            by_id={item.id: item for item in items},
            by_key={item.key: item for item in items},
            by_other_key=by_other_key,
            by_arxiv_id={item.arxiv_id: item for item in reversed(items) if item.arxiv_id},
            by_guid=by_guid,
            by_doi=by_doi,
            by_text=by_text,
            strangers=dict(strangers.sketches) if strangers else {},
            fetch=strangers.meet if strangers else None,
        )

    def meet(self, ids: Collection[int]) -> list[KnownItem]:
        """Strangers with these ids, as items that are known: as nothing names them, they are found by their ids alone."""
        met = list(self.fetch(ids)) if self.fetch else []
        for item in met:
            del self.strangers[item.id]
            self.by_id[item.id] = item
        return met

    def has_none_of(self, batch: Batch) -> bool:
        """Whether no stored item bears a name or a telling text of the batch, so that none of its entries is matched."""
        pairs = (
            (batch.keys, self.by_key),
            (batch.keys, self.by_other_key),
            (batch.texts, self.by_text),
            (batch.guids, self.by_guid),
            (batch.dois, self.by_doi),
            (batch.papers, self.by_arxiv_id),
        )
        return not self.by_id or all(names.isdisjoint(known) for names, known in pairs)

    def match(self, candidate: Candidate) -> KnownItem | None:
        """The stored item that is the same work by name: its key, its arXiv id, its guid, its address or its DOI."""
        if not self.by_id:
            return None
        if is_certain(candidate.key):
            by_id = self.by_key.get(candidate.key) or self.by_arxiv_id.get(candidate.arxiv_id)
            return by_id or self._by_guid(candidate) or self._by_doi(candidate)
        *guid_keys, place_key = candidate.own_keys
        by_own_guid = next((self.by_key[key] for key in guid_keys if key in self.by_key), None)
        # The address comes last of what the source itself says: it is the one of these that entries share.
        by_source = by_own_guid or self._by_guid(candidate) or self.by_key.get(place_key)
        return by_source or self._at_address(candidate) or self._by_doi(candidate)

    def by_content(self, candidate: Candidate) -> KnownItem | None:
        """The stored item with the same title and text at its time, the earliest if there are several."""
        found = self.by_text.get(candidate.text, ()) if candidate.text else ()
        return next((item for item in found if _is_moved(candidate, item)), None)

    def _by_guid(self, candidate: Candidate) -> KnownItem | None:
        for guid in sorted(candidate.guids):
            for found in self.by_guid.get(guid, ()):
                if candidate.is_paper and found.is_paper:
                    continue
                if any(seen.external_id == guid and _marked(seen, found) == candidate.mark for seen in found.sightings):
                    return found
        return None

    def _by_doi(self, candidate: Candidate) -> KnownItem | None:
        at_their_addresses = (self.by_key.get(doi_key(doi)) for doi in candidate.dois)
        bearers = [item for doi in candidate.dois for item in self.by_doi.get(doi, ())]
        fitting = (
            item for item in (*at_their_addresses, *bearers) if item and not (candidate.is_paper and item.is_paper)
        )
        return min(fitting, key=lambda item: item.id, default=None)

    def _at_address(self, candidate: Candidate) -> KnownItem | None:
        stored = self._stored_at(candidate)
        elsewhere = self.by_other_key.get(candidate.key, ())
        # The text there is another source's: what this one edits under its guid would be lost, so only the title shows it,
        # and that of a page filled anew each week does not.
        shown = next(
            chain(
                (found for found in stored if _was_shown(candidate, found)),
                (found for found in elsewhere if _bore_title(candidate, found) and not _is_another(candidate, found)),
            ),
            None,
        )
        if shown or candidate.shared:
            return shown
        if found := next((found for found in stored if not _is_another(candidate, found)), None):
            return found
        # What several works were met at names none of them.
        (met,) = elsewhere if len(elsewhere) == 1 else (None,)
        return met if met and not (_is_another(candidate, met) or _tells_another(candidate, met)) else None

    def _stored_at(self, candidate: Candidate) -> list[KnownItem]:
        """What is stored under the address, and what else the source has shown there with no other name."""
        under_key = [self.by_key[candidate.key]] if candidate.key in self.by_key else []
        nameless = {item.url for item in candidate.entries if item.url and item.external_id == item.url}
        return [*under_key, *(found for url in sorted(nameless) for found in self.by_guid.get(url, ()))]


def _is_moved(candidate: Candidate, found: KnownItem) -> bool:
    """Whether a stored item with the candidate's title and text is the same work under another name."""
    stored = Face("", found.published, found.is_paper, found.doi, is_ours=bool(found.sightings))
    urls = {sighting.url for sighting in found.sightings}
    # Where the source has shown it at this address it is no other, whenever that was.
    if not (candidate.is_paper and found.is_paper) and any(item.url in urls for item in candidate.entries):
        return True
    return is_moved(face_of(candidate), stored, is_bare=has_bare_title(candidate))


def face_of(candidate: Candidate) -> Face:
    """What of a candidate is compared where its text is known to be the same."""
    told = max(candidate.entries, key=standing)
    doi = told.doi or next((item.doi for item in candidate.entries if item.doi), "")
    return Face("", told.published, candidate.is_paper, doi, is_ours=True)


def has_bare_title(candidate: Candidate) -> bool:
    """Whether its title is none of a work: a version, a date."""
    return Title.of(candidate.entries[0].title).is_bare


def _marked(sighting: KnownSighting, found: KnownItem) -> str:
    return folded(sighting.title) or found.content_hash


def _was_shown(candidate: Candidate, found: KnownItem) -> bool:
    """Whether the source has shown the stored item under such a guid or title before."""
    guids = _names(candidate)
    return any(sighting.external_id in guids for sighting in found.sightings) or _bore_title(candidate, found)


def _bore_title(candidate: Candidate, found: KnownItem) -> bool:
    """Whether the source has shown the stored item under such a title before."""
    return any(_marked(sighting, found) == candidate.mark for sighting in found.sightings)


def _names(candidate: Candidate) -> frozenset[str]:
    """The candidate's own guids. Where a feed gives none the address stands for it, which says nothing of its own.

    In a web search it says all there is to say: titles and snippets are cut to what was asked for.
    """
    addresses = {item.url for item in candidate.entries if item.source_type is not SourceType.WEB}
    return candidate.guids - addresses


def _is_another(candidate: Candidate, found: KnownItem) -> bool:
    """Whether an entry at a known address is another work than the one stored there, under another title.

    Only the same source can say so, by another date (or none) and another text. Where there are guids, and those differ
    too, the text has to speak against it, for some feeds make up new guids on each fetch; where there are none, the text
    has to speak for it, and an edited text does not.
    """
    published = candidate.entries[0].published
    if not found.sightings or (published is not None and published == found.published):
        return False
    best = max(candidate.entries, key=standing)
    if best.content_hash == found.content_hash or best.source_type is SourceType.WEB:
        return False
    drawn = sketch_of(best)
    if not _has_names(candidate, found):
        # Without a title nothing would find it again.
        return bool(folded(best.title)) and are_unlike(drawn, found.sketch)
    if published is None or found.published is None:
        return not have_one_text(drawn, found.sketch)
    # Under one notice a page shows issue after issue: with dates of their own, their titles tell them apart.
    return not same_story(drawn, found.sketch)


def _tells_another(candidate: Candidate, found: KnownItem) -> bool:
    """Whether an entry at an address where another source once met the stored item has a text of its own, of something else.

    The address may be that of a page which changes: to lose a story there would be worse than to have one twice.
    """
    return are_unlike(sketch_of(max(candidate.entries, key=standing)), found.sketch)


def _has_names(candidate: Candidate, found: KnownItem) -> bool:
    """Whether the source gives guids, now and when it showed the stored item."""
    return bool(_names(candidate)) and all(seen.external_id not in ("", seen.url) for seen in found.sightings)
