"""Relevance: how much a slip is the user's, and by which of their interests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from index.kin.neighbours import Neighbour, embed_documents, similarity_to
from index.taste.answers import Answer
from index.taste.interests import LOOSE
from index.taste.seeds import Near as Close
from index.taste.seeds import Seeds, Subject
from index.taste.taste import Judgement, Taste
from notes.judging.quality import Near
from notes.model import Slip, VaultNote
from slipway.app import App
from slipway.learning import GivenAnswer
from slipway.library import Holding, item_id, slip_document
from slipway.stages.shelf import NOTHING, Citations, Shelf

if TYPE_CHECKING:
    from index.models.embedder import Vectors
    from index.texts.documents import Document

__all__ = ["Relevance", "Told"]

SECOND_HAND = 0.9  # how much of a work's relevance passes to those who tell of it
_WORTH_SAYING = 0.1


@dataclass(frozen=True, slots=True)
class Told:
    """How relevant a slip is and why, to which topic, how many answers tell of that, and how close it is to stated interests."""

    value: float
    why: str
    topic: str = ""
    answers: int = 0
    interests: tuple[Near, ...] = ()


class Relevance:
    """What the user's interests and answers make of the shelf."""

    def __init__(self, app: App, shelf: Shelf, answers: Sequence[GivenAnswer]) -> None:
        self._app, self._shelf, self._bar = app, shelf, app.config.promote.closeness
        self._answered = _subjects(app, [answer.slip for answer in answers])
        given = [
            Answer(
                subject=self._answered[answer.slip.id],
                kept=answer.kept,
                age=answer.days,
                weight=answer.weight,
                asked=answer.asked,
            )
            for answer in answers
            if answer.slip.id in self._answered
        ]
        self._taste = Taste.learn(self._seeds(), given, app.embedder)

    def of(
        self,
        names: Sequence[str],
        near: Mapping[str, Sequence[Neighbour]],
        cited: Mapping[str, Citations],
    ) -> dict[str, Told]:
        """What is told of each of these slips, whose neighbours are ``near`` and whose citations are ``cited``."""
        shelf, stated = self._shelf, self._stated
        subjects = [_of_holding(shelf.library.inbox[name], self._vector(name)) for name in names]
        close = {name: {one.id: one.closeness for one in near.get(name, ())} for name in names}
        judged = self._taste.judge(subjects, close, stated)
        known = {
            name: self._known(name) for name in {other for one in names for other in cited.get(one, NOTHING).works}
        }
        known |= {one.id: one.relevance for one in judged}
        topics = self._topics(subjects, close, stated)
        return {
            one.id: self._told(one, topic, cited.get(one.id, NOTHING), known)
            for one, topic in zip(judged, topics, strict=True)
        }

    def topics(self, slips: Sequence[Slip]) -> Counter[str]:
        """How many of these slips belong to each topic."""
        return Counter(filter(None, self._topics(tuple(_subjects(self._app, slips).values()))))

    def _told(self, one: Judgement, topic: str, cited: Citations, known: Mapping[str, float]) -> Told:
        value, why = one.relevance, one.reason if max(one.relevance, abs(one.effect)) >= _WORTH_SAYING else ""
        work = max(cited.works, key=lambda other: (known[other], other), default="")
        # A post in another language is as relevant as the paper it tells of, whatever its words; answers count for it as well.
        # A list of addresses tells of none of them.
        second_hand = SECOND_HAND * known[work] * cited.share + one.effect if work else 0.0
        if self._taste.has_seeds and second_hand > value:
            named = f"[[{work}]]" if work in self._shelf.library.notes else work
            value, why = min(1.0, second_hand), f"tells of {named}"
        stated = self._stated.get(one.id, {})
        interests = tuple(Near(name, value) for name, value in stated.items())
        return Told(value, why, topic, self._answers_on[topic], interests)

    def _known(self, name: str) -> float:
        """How relevant a cited work is: a note wholly, a slip as much as it was when it was judged."""
        if name in self._shelf.library.notes:
            return 1.0
        slip = self._shelf.library.inbox[name].slip
        return 0.0 if slip is None else slip.parts.get("relevance", 0.0)

    def _vector(self, name: str) -> Vectors:
        vector: Vectors = self._shelf.vectors[self._shelf.row_of[name]]
        return vector

    def _seeds(self) -> Seeds:
        notes = sorted(self._shelf.library.notes.values(), key=lambda one: (str(one.document.created or ""), one.id))
        return Seeds(
            stated=tuple((one.name, one.wording) for one in self._app.config.interests),
            notes=tuple(_of_holding(one, self._vector(one.id)) for one in notes),
            library=tuple(self._shelf.papers),
            topics={name: topic.name for topic in self._app.store.topics() for name in topic.note_ids},
        )

    @cached_property
    def _stated(self) -> dict[str, dict[str, float]]:
        """For each document by name of interest how close it is, on the scale of all documents together."""
        stated = self._app.config.interests
        if not stated:
            return {}
        texts = [one.wording for one in stated]
        shelf = self._shelf
        measured = similarity_to(texts, shelf.documents, shelf.vectors, self._app.embedder, lexicon=shelf.lexicon)
        return {
            name: {one.name: value for one, value in zip(stated, values, strict=True)}
            for name, values in measured.items()
        }

    @cached_property
    def _answers_on(self) -> Counter[str]:
        return Counter(filter(None, self._topics(tuple(self._answered.values()))))

    def _topics(self, subjects: Sequence[Subject], near: Close | None = None, stated: Close | None = None) -> list[str]:
        """The topic of each: the interest it matches best, of those that have a name; empty where it matches none."""
        named = [column for column, one in enumerate(self._taste.interests.all) if one.name != LOOSE]
        if not subjects or not named:
            return [""] * len(subjects)
        closeness = self._taste.interests.match(subjects, near, stated).closeness[:, named]
        best = [named[int(place)] for place in closeness.argmax(axis=1)]
        names = (self._taste.interests.all[column].name for column in best)
        return [name if value >= self._bar else "" for name, value in zip(names, closeness.max(axis=1), strict=True)]


def _subjects(app: App, slips: Sequence[Slip]) -> dict[int, Subject]:
    """The slips as subjects, by number; one that became a note goes by the note's id. Without those the model cannot read."""
    documents = [slip_document(slip, slip.note_id or item_id(slip), app.config.zone) for slip in slips]
    vectors = embed_documents(app.cache, app.embedder, documents)
    return {
        slip.id: _of_slip(slip, document, vector)
        for slip, document, vector in zip(slips, documents, vectors, strict=True)
        if vector.any()
    }


def _of_holding(holding: Holding, vector: Vectors) -> Subject:
    if holding.slip is not None:
        return _of_slip(holding.slip, holding.document, vector)
    authors = holding.file.authors if isinstance(holding.file, VaultNote) else ()
    return Subject(document=holding.document, vector=vector, authors=authors)


def _of_slip(slip: Slip, document: Document, vector: Vectors) -> Subject:
    item = slip.item
    return Subject(
        document=document,
        vector=vector,
        authors=item.authors,
        categories=item.categories,
        comment=item.comment,
        references=item.references,
    )
