"""Sentences that a model could send, written by hand over sample notes: lies of every kind, and what a good editor would write.

``tests/data/worded``: ``notes.json`` (notes about works that we made up; the others are those of
:mod:`tests.publish.newsroom`), ``lies*.tsv`` (kind, notes, sentence) and ``honest*.tsv`` (notes, sentence), paraphrases and
translations in the three languages. They were written in four rounds, each when the rules of the round before were done; those of
``*-held*`` are the last (:attr:`Sentence.is_held_out`), by which little was mended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from notes.model import Claim, SourceType, VaultNote
from publish.checking.checker import examine
from publish.post.assignment import Assignment, Part
from publish.sources.brief import stories
from publish.writers.answer import read_answer
from publish.writers.prompt import prompt_for
from tests.publish import newsroom

FOLDER = Path(__file__).parents[1] / "data/worded"
LANGUAGES = {"en": "en", "hans": "zh-Hans", "hant": "zh-Hant"}


@dataclass(frozen=True)
class Sentence:
    """A sentence with the names of its notes; ``kind`` is that of the lie, or the language of an honest one."""

    kind: str
    notes: tuple[str, ...]
    text: str
    is_held_out: bool = False

    @property
    def claim(self) -> Claim:
        return Claim(self.text, tuple(note(name).id for name in self.notes), writer="a-model")

    def by_id(self) -> dict[str, VaultNote]:
        """Its notes."""
        return {one.id: one for one in map(note, self.notes)}

    def refusal(self) -> str:
        """Why the checker refuses it; empty when it does not."""
        return examine(self.claim, self.by_id())

    def refusal_at_the_door(self) -> str:
        """Why the model writer does not let it in, as a part of a post in its language; empty when it does."""
        told = stories([note(name) for name in self.notes], (), (), language=self.kind)
        part = Part.STORY if len(told) == 1 else Part.INTRODUCTION
        prompt = prompt_for(Assignment(part=part, stories=told, most=8, language=self.kind), audience="", size=12_000)
        assert prompt is not None
        document = {"sentences": [{"text": self.text, "notes": list(prompt.names)}]}
        return "; ".join(read_answer(json.dumps(document), prompt).refused)


@cache
def note(name: str) -> VaultNote:
    """A note by its short name."""
    documents = json.loads((FOLDER / "notes.json").read_text(encoding="utf-8"))
    if name not in documents:
        found: VaultNote = getattr(newsroom, name.upper())
        return found
    told = documents[name]
    return newsroom.vault_note(
        50 + list(documents).index(name),
        told["title"],
        told["text"],
        source=told["source"],
        kind=SourceType(told["kind"]),
        authors=tuple(told["authors"]),
        arxiv_id=f"2602.2{list(documents).index(name):04}" if told["kind"] == "arxiv" else "",
    )


def lies() -> tuple[Sentence, ...]:
    """Every lie."""
    return tuple(_lies())


def honest() -> tuple[Sentence, ...]:
    """Every honest sentence."""
    return tuple(_honest())


def _lies() -> Iterator[Sentence]:
    for name, is_held_out in (("lies.tsv", False), ("lies-held.tsv", True)):
        for line in _lines(name):
            kind, names, text = line.split("\t")
            yield Sentence(kind, tuple(names.split(",")), text, is_held_out)


def _honest() -> Iterator[Sentence]:
    for short, lang in LANGUAGES.items():
        for name, is_held_out in ((f"honest-{short}.tsv", False), (f"honest-held-{short}.tsv", True)):
            for line in _lines(name):
                names, text = line.split("\t")
                yield Sentence(lang, tuple(names.split(",")), text, is_held_out)


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()
