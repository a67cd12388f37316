"""What is stored, as the plan for a batch looks at it, and which stored item an entry names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from notes.model import ItemStatus, SourceType
from slipway.candidates import Candidate, doi_key, folded, is_certain

__all__ = ["Box", "KnownItem", "KnownSighting"]


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
    what :mod:`notes.likeness` remembers of title and text.
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

    @property
    def is_paper(self) -> bool:
        """Whether it is known to be a paper on arXiv."""
        return bool(self.arxiv_id) or self.key.startswith("arxiv:")


@dataclass(frozen=True, slots=True)
class Box:
    """The stored items, by id, by key, by arXiv id, by what the batch's source calls them, by DOI and by content hash."""

    by_id: Mapping[int, KnownItem]
    by_key: Mapping[str, KnownItem]
    by_arxiv_id: Mapping[str, KnownItem]
    by_guid: Mapping[str, tuple[KnownItem, ...]]
    by_doi: Mapping[str, tuple[KnownItem, ...]]
    by_text: Mapping[str, tuple[KnownItem, ...]]

    @classmethod
    def of(cls, known: Iterable[KnownItem]) -> Box:
        """The box of these items."""
        items = sorted(known, key=lambda item: item.id)
        by_guid: defaultdict[str, tuple[KnownItem, ...]] = defaultdict(tuple)
        by_doi: defaultdict[str, tuple[KnownItem, ...]] = defaultdict(tuple)
        by_text: defaultdict[str, tuple[KnownItem, ...]] = defaultdict(tuple)
        for item in items:
            by_doi[item.doi] += (item,)
            by_text[item.content_hash] += (item,)
            for sighting in item.sightings:
                by_guid[sighting.external_id] += (item,)
        return cls(
            by_id={item.id: item for item in items},
            by_key={item.key: item for item in items},
            by_arxiv_id={item.arxiv_id: item for item in reversed(items) if item.arxiv_id},
            by_guid=by_guid,
            by_doi=by_doi,
            by_text=by_text,
        )

    def match(self, candidate: Candidate) -> KnownItem | None:
        """The stored item that is the same work by name: its key, its arXiv id, its guid, its address or its DOI."""
        if is_certain(candidate.key):
            by_id = self.by_key.get(candidate.key) or self.by_arxiv_id.get(candidate.arxiv_id)
            return by_id or self._by_guid(candidate) or self._by_doi(candidate)
        *guid_keys, place_key = candidate.own_keys
        by_own_guid = next((self.by_key[key] for key in guid_keys if key in self.by_key), None)
        # The address comes last of what the source itself says: it is the one of these that entries share.
        by_source = by_own_guid or self._by_guid(candidate) or self.by_key.get(place_key)
        return by_source or self._at_address(candidate) or self._by_doi(candidate)

    def by_content(self, candidate: Candidate) -> KnownItem | None:
        """The stored item with the same title and text, the earliest if there are several."""
        found = self.by_text.get(candidate.text, ()) if candidate.text else ()
        return next((item for item in found if not (candidate.is_paper and item.is_paper)), None)

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
        found = self.by_key.get(candidate.key)
        if found is None or _was_shown(candidate, found):
            return found
        return None if candidate.shared or _is_another(candidate, found) else found


def _marked(sighting: KnownSighting, found: KnownItem) -> str:
    return folded(sighting.title) or found.content_hash


def _was_shown(candidate: Candidate, found: KnownItem) -> bool:
    """Whether the source has shown the stored item under such a guid or title before."""
    return any(
        sighting.external_id in candidate.guids or _marked(sighting, found) == candidate.mark
        for sighting in found.sightings
    )


def _is_another(candidate: Candidate, found: KnownItem) -> bool:
    """Whether an entry at a known address is another work than the one stored there.

    Only the same source can say so, by another guid, another title and another date: an entry that was edited keeps
    one of them.
    """
    named = bool(found.sightings) and all(sighting.external_id for sighting in found.sightings)
    published = candidate.entries[0].published
    dated_alike = published is not None and published == found.published
    return named and bool(candidate.guids) and not dated_alike
