"""A sentence of a note as it goes into a post: word for word, with its role, its figures and its place."""

from __future__ import annotations

from dataclasses import dataclass

from notes.model import Role, SourceType, VaultNote
from notes.text import sentences
from publish.sources.emphasis import bold_parts

__all__ = ["Quote", "quote_of"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a note, word for word.

    ``figures`` are those in it as written, with the range or list that each ends; ``position`` is its place among all sentences
    of the text; ``paper`` tells that the text is a paper's, so that its "we" are the authors.
    """

    text: str
    role: Role
    note_id: str
    lang: str
    figures: tuple[str, ...] = ()
    position: int = 0
    paper: bool = False

    def follows(self, other: Quote | None) -> bool:
        """Whether the sentence comes right after another one in the same text."""
        return other is not None and (self.note_id, self.position - 1) == (other.note_id, other.position)


def quote_of(sentence: str, role: Role, note: VaultNote, position: int) -> Quote:
    """The sentence at ``position`` of a note's text, without a label or an opening that it can do without."""
    tidied = sentences.tidy(sentence)
    text = sentence if tidied[:1].islower() else tidied
    is_paper = bool(note.arxiv_id) or note.source_type == SourceType.ARXIV
    return Quote(text, role, note.id, note.lang, bold_parts(text), position, is_paper)
