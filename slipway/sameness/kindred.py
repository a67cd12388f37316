"""Which stored item tells the same story as a new entry, where no name says so: by likeness, and only in its time.

Two sources may tell one story; one source hardly tells it twice, and what looks so is mostly the next of a series. Two
papers are two, however alike, and two DOIs likewise. What lies a month apart is another story under an old title.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from notes.text.bands import BODY, LEAD, MOST_OF_BODY, all_bands, bands, kind_of
from notes.text.likeness import Kinship, kinship

__all__ = ["SAME_DAYS", "Face", "Kindred", "Target", "are_one", "are_unlike", "have_one_text", "is_moved"]

MOST_APART = timedelta(days=30)
SAME_DAYS = timedelta(days=2)  # dates without a time, and time zones, put one moment on two days
SAME_MOMENT = timedelta(minutes=1)
MOST_COMPARED = 24
ONE_TEXT, UNLIKE_TEXT = 0.75, 0.25  # resemblance of one text, a few words apart, and of two
ONE_LEAD = 2  # bands of the opening

Target = int | str
"""The id of the stored item that an entry is, or the key under which it will be stored."""


@dataclass(frozen=True, slots=True)
class Face:
    """What of an entry or a stored item is compared; ``is_ours`` says that the batch's source has shown it."""

    sketch: str
    published: datetime | None = None
    is_paper: bool = False
    doi: str = ""
    is_ours: bool = False


def are_one(one: Face, other: Face) -> Kinship:
    """How surely the two are one story; NONE when they are not to be taken for one."""
    if (one.is_paper and other.is_paper) or (one.doi and other.doi and one.doi != other.doi):
        return Kinship.NONE
    apart = abs(one.published - other.published) if one.published and other.published else None
    if apart is not None and apart > MOST_APART:
        return Kinship.NONE
    if one.is_ours and other.is_ours and (apart is None or apart > SAME_DAYS):
        return Kinship.NONE
    found = kinship(one.sketch, other.sketch)
    same_days = apart is not None and apart <= (SAME_MOMENT if found is Kinship.NAME else SAME_DAYS)
    if one.is_ours and other.is_ours:
        return found if found is Kinship.COPY and same_days else Kinship.NONE
    # A post about a paper bears its title: only the abstract itself makes it the paper.
    by_title = same_days and not (one.is_paper or other.is_paper or one.doi or other.doi)
    return found if found >= Kinship.STORY or by_title else Kinship.NONE


def is_moved(one: Face, other: Face, *, is_bare: bool = False) -> bool:
    """Whether two of one title and text, word for word, are one work under two names.

    A thread that opens each month under the same words is another one each time. ``is_bare``: the title tells no work
    (``v1.2.0``), and only its own source may show it again, at the same moment.
    """
    if (one.is_paper and other.is_paper) or (one.doi and other.doi and one.doi != other.doi):
        return False
    is_one_source = one.is_ours and other.is_ours
    if is_bare and not is_one_source:
        return False
    most = SAME_MOMENT if is_bare else SAME_DAYS if is_one_source else MOST_APART
    return not (one.published and other.published) or abs(one.published - other.published) <= most


def have_one_text(one: str, other: str) -> bool:
    """Whether two sketches are of one text, a few words apart, whatever the titles; False where it is of a few words."""
    ours, theirs = _of_text(one, BODY), _of_text(other, BODY)
    return min(len(ours), len(theirs)) >= MOST_OF_BODY and _resemblance(ours, theirs) >= ONE_TEXT


def are_unlike(one: str, other: str) -> bool:
    """Whether two sketches are of texts that neither begin alike nor share much; False where one has hardly a text."""
    ours, theirs = _of_text(one, BODY), _of_text(other, BODY)
    if not ours or not theirs or len(_of_text(one, LEAD) & _of_text(other, LEAD)) >= ONE_LEAD:
        return False
    return _resemblance(ours, theirs) < UNLIKE_TEXT


def _of_text(sketch: str, kind: int) -> frozenset[int]:
    """The bands of the whole text (its smallest hashes) or of its opening, without those of the title."""
    return frozenset(band for band in all_bands(sketch) if kind_of(band) == kind)


def _resemblance(ours: frozenset[int], theirs: frozenset[int]) -> float:
    """The Jaccard index of two texts as their smallest hashes estimate it, in [0, 1]; all are of one kind."""
    smallest = sorted(ours | theirs)[:MOST_OF_BODY]
    return sum(band in ours and band in theirs for band in smallest) / len(smallest)


Meet = Callable[[Collection[int]], Iterable[tuple[int, "Face"]]]
"""Fetches the faces of stored items with these ids."""


@dataclass(frozen=True, slots=True)
class Kindred:
    """Works in the order in which they are to be preferred, found by the bands of their sketches.

    ``shared`` holds the bands that more than one of them has: the others, nearly all, lead nowhere. ``strangers`` are the
    places of stored items of which nothing but the sketch is known, until ``meet`` fetches those that are kin by it.
    """

    shared: frozenset[int]
    meet: Meet | None = None
    faces: list[tuple[Face, Target]] = field(default_factory=list)
    by_band: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    strangers: set[int] = field(default_factory=set)

    @classmethod
    def among(cls, sketches: Iterable[str], meet: Meet | None = None) -> Kindred:
        """Room for works with these sketches."""
        all_bands = list(chain.from_iterable(map(bands, sketches)))
        if len(set(all_bands)) == len(all_bands):
            return cls(frozenset())
        return cls(frozenset([band for band, number in Counter(all_bands).items() if number > 1]), meet)

    def add(self, face: Face, work: Target) -> None:
        """Let a work be found."""
        for band in self.shared.intersection(bands(face.sketch)):
            self.by_band[band].append(len(self.faces))
        self.faces.append((face, work))

    def add_stranger(self, sketch: str, item_id: int) -> None:
        """Let a stored item be found of which nothing but the sketch is known."""
        self.strangers.add(len(self.faces))
        self.add(Face(sketch), item_id)

    def is_alone(self, sketch: str) -> bool:
        """Whether no other work has any of its bands."""
        return self.shared.isdisjoint(bands(sketch))

    def of(self, face: Face) -> Target | None:
        """The work that is most surely the same story, the first added of several; None when there is none."""
        near = self._nearest(face.sketch)
        if self.strangers and not self.strangers.isdisjoint(near):
            self._introduce(face.sketch, self.strangers.intersection(near))
            # Those that are strangers still are no kin, whatever else there is to them.
            near = [place for place in near if place not in self.strangers]
        if not near:
            return None
        kin, place = max((are_one(face, self.faces[place][0]), -place) for place in near)
        return self.faces[-place][1] if kin else None

    def _introduce(self, sketch: str, places: Iterable[int]) -> None:
        """Fetch those of these strangers that are kin to a sketch."""
        kin = {
            work: place
            for place in places
            if kinship(sketch, (found := self.faces[place])[0].sketch) and isinstance(work := found[1], int)
        }
        if kin and self.meet:
            for item_id, face in self.meet(kin):
                self.faces[kin[item_id]] = (face, item_id)
            self.strangers.difference_update(kin.values())

    def _nearest(self, sketch: str) -> list[int]:
        """The places of those that share most bands: a phrase that everybody uses brings many that share one."""
        telling = self.shared.intersection(bands(sketch))
        met = Counter([place for band in telling for place in self.by_band.get(band, ())])
        return sorted(met, key=lambda place: (-met[place], place))[:MOST_COMPARED]
