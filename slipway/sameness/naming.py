"""Where the entries of a batch go by their names: to a stored item, or together under one new key."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from slipway.sameness.candidates import Candidate
from slipway.sameness.kindred import Target, is_moved
from slipway.sameness.known import Box, KnownItem, face_of, has_bare_title

__all__ = ["KNOWN", "PAPER", "UNNAMED", "Way"]

KNOWN, PAPER, UNNAMED = 1, 2, 3
"""In which order candidates are placed: those known by name, papers, and those that only DOI or text may tell."""


@dataclass(frozen=True, slots=True)
class Way:
    """Places the candidates of a batch one after the other, in the order of their ranks.

    ``papers`` holds the stored items that turn out to be a paper: no second one goes there. ``strictly``: candidates of
    the batch do not find each other.
    """

    box: Box
    strictly: bool = False
    by_doi: dict[str, Target] = field(default_factory=dict)
    by_text: defaultdict[str, list[tuple[Candidate, Target]]] = field(default_factory=lambda: defaultdict(list))
    papers: set[int] = field(default_factory=set)

    def taken(self, candidate: Candidate, known: KnownItem | None, rank: int) -> Target:
        """Where the candidate goes; ``known`` is the stored item that its names or its text give."""
        target = self._target(candidate, known, rank)
        if not self.strictly:
            self._remember(candidate, target)
        if candidate.is_paper and isinstance(target, int):
            self.papers.add(target)
        return target

    def _remember(self, candidate: Candidate, target: Target) -> None:
        if candidate.text:
            self.by_text[candidate.text].append((candidate, target))
        for doi in candidate.dois:
            self.by_doi.setdefault(doi, target)

    def _target(self, candidate: Candidate, known: KnownItem | None, rank: int) -> Target:
        if known and rank == KNOWN:
            return known.id
        itself: Target = known.id if known else _new_key(candidate, self.box)
        by_doi = next((self.by_doi[doi] for doi in sorted(candidate.dois) if doi in self.by_doi), None)
        if candidate.is_paper:
            wanted = (itself, by_doi) if known else (by_doi,)
            return next((one for one in wanted if one is not None and self._may_be(one, candidate)), candidate.key)
        return by_doi if by_doi is not None else self._by_text(candidate, itself)

    def _by_text(self, candidate: Candidate, itself: Target) -> Target:
        """Where the first has gone that has the candidate's title and text, at its time."""
        placed = self.by_text.get(candidate.text, ())
        if not placed:
            return itself
        face, is_bare = face_of(candidate), has_bare_title(candidate)
        return next((target for other, target in placed if is_moved(face, face_of(other), is_bare=is_bare)), itself)

    def _may_be(self, target: Target, paper: Candidate) -> bool:
        """Whether a stored item is the paper, or no paper so far."""
        if not isinstance(target, int):
            return False
        item = self.box.by_id[target]
        if paper.key == item.key or paper.arxiv_id == item.arxiv_id:
            return True
        return not item.is_paper and target not in self.papers


def _new_key(candidate: Candidate, box: Box) -> str:
    taken = candidate.shared or candidate.key in box.by_key
    return candidate.own_keys[0] if taken else candidate.key
