"""What earlier posts told: their works and their sentences, so that no post tells again what a reader has read.

A post is remembered as its file in the vault stands; who deletes a post lets it be told again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from notes.model import VaultNote
from notes.text.fold import fold
from notes.text.sentences import split

__all__ = ["Told", "folded", "latest_of", "said_before", "told_by"]


@dataclass(frozen=True, slots=True)
class Told:
    """An earlier post: its day, the ids of the notes that it names, its sentences, :func:`folded`, and what links to it hold."""

    post_id: str
    date: date
    note_ids: tuple[str, ...]
    sentences: tuple[str, ...]
    target: str = ""


def told_by(post: VaultNote) -> Told:
    """What the file of a post tells; of one without a day nothing is known to be old."""
    lines = (line for line in post.text.splitlines() if line.strip())
    sentences = (sentence for line in lines for sentence in split(line))
    ids = (target.rsplit("/", 1)[-1] for target in post.wikilinks)
    day = post.created or date.min
    told = tuple(dict.fromkeys(map(folded, sentences)))
    return Told(post.id, day, tuple(dict.fromkeys(ids)), told, post.path.removesuffix(".md"))


def said_before(earlier: Iterable[Told]) -> frozenset[str]:
    """All sentences of earlier posts, :func:`folded`."""
    return frozenset(sentence for told in earlier for sentence in told.sentences)


def folded(sentence: str) -> str:
    """A sentence as it is compared: without case, script and the small figures that lead to the sources."""
    return fold(" ".join(sentence.translate(_REFERENCES).split()))


_REFERENCES = dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻\u2009"))


def latest_of(note_ids: Sequence[str], earlier: Iterable[Told]) -> Told | None:
    """The latest post that names any of the notes; of one day the one with the greatest id."""
    wanted = set(note_ids)
    holding = [told for told in earlier if wanted.intersection(told.note_ids)]
    return max(holding, key=lambda told: (told.date, told.post_id), default=None)
