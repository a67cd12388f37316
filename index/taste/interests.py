"""What the user cares about: several separate interests, and how close something is to each of them.

The interests that the configuration states, the topics of the vault's notes, and clusters of the papers of a library. An item is
as relevant as the interest it matches best: averaged interests match nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from index.kin.neighbours import similarity_to
from index.models.calibration import dense_scale
from index.taste.clusters import clusters
from index.taste.seeds import Near, Seeds, Subject
from index.themes.topic_names import name_of, wordings

if TYPE_CHECKING:
    from index.models.embedder import Embedder, Vectors

__all__ = ["LOOSE", "Interest", "Interests", "Match"]


_MARKS = re.compile(
    r"\[\[|\]\]|;"
)  # what links and what parts reasons: names are made of foreign text and stand in these
LOOSE = "your notes"
"""The interest of all notes that belong to no topic."""

_SECOND_COUNTS = 0.3  # a second paper nearby makes it likelier that the first is no accident
_CENTRAL = 5
_SAME_INTEREST = 0.4  # median closeness of the central papers from which a cluster bears the name of a stated interest


@dataclass(frozen=True, slots=True)
class Interest:
    """One interest: ``kind`` is ``stated``, ``notes`` or ``library``; ``members`` are places among the seeds' subjects."""

    name: str
    kind: str
    members: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """How close subjects are to the interests.

    ``closeness`` is ``(n, interests)`` in [0, 1]; ``nearest`` gives for each subject the id of the closest seed, or nothing.
    """

    closeness: Vectors
    nearest: tuple[str, ...]

    def best(self) -> Vectors:
        """``(n,)``: the closeness to the interest that matches best; 0 where there is none."""
        import numpy as np

        best: Vectors = self.closeness.max(axis=1, initial=0.0).astype(np.float32)
        return best


class Interests:
    """The interests that follow from seeds; deterministic, ``all`` in the order of the columns of a Match."""

    def __init__(self, seeds: Seeds, embedder: Embedder) -> None:
        self.seeds, self._embedder = seeds, embedder
        self.subjects = (*seeds.notes, *seeds.library)
        stated = (Interest(name, "stated") for name, _ in seeds.stated)
        found = (*stated, *self._of_notes(), *self._of_library())
        self.all = tuple(replace(one, name=" ".join(_MARKS.sub(" ", one.name).split())) for one in found)

    def match(
        self, subjects: Sequence[Subject], near: Near | None = None, stated: Near | None = None, *, own: bool = True
    ) -> Match:
        """How close ``subjects`` are to each interest.

        ``near`` adds what :func:`index.kin.neighbours.neighbours` measured, which alone speaks for languages that the model
        does not know well; ``stated`` gives, by name, closeness to the stated interests where it was measured among more
        documents. With ``own`` False a note or library paper that is the subject itself does not count.
        """
        import numpy as np

        table = np.zeros((len(subjects), len(self.all)), dtype=np.float32)
        if not subjects or not self.all:
            return Match(table, ("",) * len(subjects))
        wordings_ = len(self.seeds.stated)
        table[:, :wordings_] = self._to_stated(subjects, stated)
        seeds = self._to_seeds(subjects, near or {})
        if not own:
            self._forget_own(subjects, seeds)
        for column in range(wordings_, len(self.all)):
            some = seeds[:, list(self.all[column].members)]
            table[:, column] = _joined(some)
        if not self.subjects:
            return Match(table, ("",) * len(subjects))
        closest = seeds.argmax(axis=1)
        told = seeds[np.arange(len(subjects)), closest]
        ids = tuple(self.subjects[at].document.id if value > 0 else "" for at, value in zip(closest, told, strict=True))
        return Match(np.round(table, 4), ids)

    def _to_stated(self, subjects: Sequence[Subject], stated: Near | None) -> Vectors:
        import numpy as np

        names = [name for name, _ in self.seeds.stated]
        if not names:
            return np.zeros((len(subjects), 0), dtype=np.float32)
        ids = [subject.document.id for subject in subjects]
        if stated is None:
            documents, vectors = [one.document for one in subjects], np.stack([one.vector for one in subjects])
            measured = similarity_to([text for _, text in self.seeds.stated], documents, vectors, self._embedder)
            return np.array([measured[key] for key in ids], dtype=np.float32)
        return np.array([[stated.get(key, {}).get(name, 0.0) for name in names] for key in ids], dtype=np.float32)

    def _to_seeds(self, subjects: Sequence[Subject], near: Near) -> Vectors:
        """``(n, seeds)``: the closeness of each subject to each note and library paper."""
        import numpy as np

        found = np.zeros((len(subjects), len(self.subjects)), dtype=np.float32)
        rows, columns = _by_language(subjects), _by_language(self.subjects)
        for lang, some in rows.items():
            for other, seeds in columns.items():
                if self._embedder.knows(lang) and self._embedder.knows(other):
                    scale = dense_scale(self._embedder, lang, other)
                    cosines = _stack(subjects, some) @ _stack(self.subjects, seeds).T
                    found[np.ix_(some, seeds)] = scale.closeness(cosines)
        self._to_unknown(subjects, near, found)
        place = {subject.document.id: at for at, subject in enumerate(self.subjects)}
        for row, subject in enumerate(subjects):
            for key, value in near.get(subject.document.id, {}).items():
                if key in place:
                    found[row, place[key]] = max(found[row, place[key]], value)
        return found

    def _to_unknown(self, subjects: Sequence[Subject], near: Near, found: Vectors) -> None:
        """Fill in, by words, what the model cannot compare and nobody measured."""
        from index.words.lexicon import Lexicon, lexical_scale

        blind = [at for at, one in enumerate(subjects) if self._is_blind(one) and one.document.id not in near]
        seeds = [at for at, one in enumerate(self.subjects) if self._is_blind(one)]
        if not blind or not seeds:
            return
        documents = [*(self.subjects[at].document for at in seeds), *(subjects[at].document for at in blind)]
        cosines = Lexicon.of(documents).cosines(range(len(seeds), len(documents)))[:, : len(seeds)]
        for row, at in enumerate(blind):
            for column, seed in enumerate(seeds):
                scale = lexical_scale(subjects[at].document.lang, self.subjects[seed].document.lang)
                found[at, seed] = scale.closeness(cosines[row, column])

    def _is_blind(self, subject: Subject) -> bool:
        return not self._embedder.knows(subject.document.lang)

    def _forget_own(self, subjects: Sequence[Subject], found: Vectors) -> None:
        for row, subject in enumerate(subjects):
            for column in self._own(subject):
                found[row, column] = 0.0

    def _own(self, subject: Subject) -> set[int]:
        """The places of the seeds that are the subject itself: the note that was made of it, its entry in a library."""
        names = subject.document.id, subject.document.text_hash
        return {place for name in names for place in self._places.get(name, ())}

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for at, seed in enumerate(self.subjects):
            for name in (seed.document.id, seed.document.text_hash):
                places.setdefault(name, []).append(at)
        return places

    def without(self, subjects: Sequence[Subject]) -> tuple[Subject, ...]:
        """The seeds that are none of ``subjects``."""
        own = {place for subject in subjects for place in self._own(subject)}
        return tuple(seed for at, seed in enumerate(self.subjects) if at not in own)

    def _of_notes(self) -> list[Interest]:
        """The topics of the notes by name; notes in no topic are together, as what else the vault holds."""
        by_topic: dict[str, list[int]] = {}
        for at, note in enumerate(self.seeds.notes):
            by_topic.setdefault(self.seeds.topics.get(note.document.id, ""), []).append(at)
        rest = by_topic.pop("", [])
        topics = [Interest(name, "notes", tuple(members)) for name, members in sorted(by_topic.items())]
        return [*topics, *([Interest(LOOSE, "notes", tuple(rest))] if rest else [])]

    def _of_library(self) -> list[Interest]:
        """Clusters of the library's papers, each named by its nearest stated interest or else by its terms."""
        papers, first = self.seeds.library, len(self.seeds.notes)
        if not papers:
            return []
        groups = clusters(_stack(papers, range(len(papers))))
        named = zip(groups, _names(papers, groups), strict=True)
        return [
            Interest(
                self._stated_name([papers[place] for place in group[:_CENTRAL]]) or name,
                "library",
                tuple(first + place for place in sorted(group)),
            )
            for group, name in named
        ]

    def _stated_name(self, central: Sequence[Subject]) -> str:
        """The stated interest that a cluster's most central papers are about; empty when there is none."""
        import numpy as np

        if not self.seeds.stated:
            return ""
        closeness = np.median(self._to_stated(central, None), axis=0)
        best = int(np.argmax(closeness))
        return self.seeds.stated[best][0] if closeness[best] >= _SAME_INTEREST else ""


def _joined(closeness: Vectors) -> Vectors:
    """``(n,)``: the closest member, and a little of the second."""
    import numpy as np

    if closeness.shape[1] == 1:
        return closeness[:, 0]
    top = np.partition(closeness, -2, axis=1)[:, -2:]
    joined: Vectors = top[:, 1] + _SECOND_COUNTS * top[:, 0] * (1 - top[:, 1])
    return joined


def _names(papers: Sequence[Subject], groups: Sequence[Sequence[int]]) -> list[str]:
    texts = {str(at): (one.document.title, one.document.title, one.document.lang) for at, one in enumerate(papers)}
    keyed = [[str(at) for at in group] for group in groups]
    return [f"your library: {name_of(one.parts)}" for one in wordings(keyed, texts)]


def _by_language(subjects: Sequence[Subject]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for at, subject in enumerate(subjects):
        rows.setdefault(subject.document.lang, []).append(at)
    return rows


def _stack(subjects: Sequence[Subject], rows: Any) -> Vectors:
    import numpy as np

    return np.stack([subjects[row].vector for row in rows])
