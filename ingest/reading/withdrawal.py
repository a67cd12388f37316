"""Whether an arXiv record says of itself that it was withdrawn, in the words of authors and of arXiv's administrators."""

from __future__ import annotations

import re

from notes.model import Item, SourceType

__all__ = ["is_withdrawn"]

_PAPER = r"(?:(?:this|the|our) (?:[\w-]+ )?(?:paper|article|submission|manuscript|work|preprint|version|report|note)|it|this)"
_STATES = r"(?:has|have|had) (?:now |since )?been|(?:is|are) (?:now )?being|is|was|are"
_ADVERB = r"(?:now |temporarily |hereby |voluntarily )?"
# ICLR's papers, and drugs, are withdrawn too.
_NOT_ELSEWHERE = r"(?! (?:[\w-]+ )?(?:from|at|drugs?)\b(?! (?:the )?arxiv))"
_SAID = re.compile(
    rf"(?:{_PAPER} (?:{_STATES}|should be|must be|needs to be) {_ADVERB}withdrawn\b{_NOT_ELSEWHERE}"
    rf"|(?:we|i|(?:the )?authors?(?:\(s\))?) (?:[\w-]+ ){{0,4}}?withdr(?:aw|awn|ew|awing)"
    rf"(?! {_PAPER} from\b(?! (?:the )?arxiv))(?: {_PAPER}\b|\W*$| (?:due to|because|as|since)\b))",
    re.IGNORECASE,
)
_BY_AUTHORS = re.compile(
    r"withdrawn by (?:the )?(?:authors?|arxiv|submitter)|withdrawn from (?:the )?arxiv", re.IGNORECASE
)
_BARE = re.compile(
    rf"(?:(?:paper|article|submission|manuscript|preprint) )?(?:(?:{_STATES}) )?{_ADVERB}withdrawn"
    r"(?:\W*$|\s*[(;:,-]| (?:by|due|because|as|for|since|until|pending|temporarily|in order)\b)",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"(?<=[.;:!?])\s+|(?<=[)\]])\s+(?=[A-Z])|\s[–—-]+\s")
# An abstract of these characters is no abstract.
_SHORT = 200


def is_withdrawn(item: Item) -> bool:
    """Whether an arXiv record says of itself that it was withdrawn; such a paper is not to be promoted.

    A comment says so in any clause; an abstract in its first words, for papers are written about withdrawals.
    """
    if item.source_type != SourceType.ARXIV:
        return False
    if any(map(_tells, _clauses(item.comment))):
        return True
    clauses = _clauses(item.text[:2_000])
    if len(item.text) <= _SHORT:
        return any(_SAID.match(clause) or _BARE.match(clause) for clause in clauses)
    return bool(clauses) and (_SAID.match(clauses[0]) is not None)


def _clauses(text: str) -> list[str]:
    return [stripped for clause in _CLAUSES.split(text) if (stripped := clause.strip(" \n\t\"'([*"))]


def _tells(clause: str) -> bool:
    return any((_SAID.search(clause), _BARE.match(clause), _BY_AUTHORS.search(clause)))
