"""The word of the index that is most like a misspelt one: few letters changed, left out, put in, or two that changed places."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from string import ascii_lowercase
from typing import TYPE_CHECKING, Final

from index.retrieval.shown_words import shown_words
from index.words.tokens import stem
from notes.text.fold import fold

if TYPE_CHECKING:
    from index.retrieval.shelf import Shelf

__all__ = ["edits", "nearest_word"]

_SHORTEST = 5
"""Letters of a word that can be misspelt; of four letters one other is another word."""

_LONG = 8
"""Letters from which on two slips are believed instead of one."""

_BEGINNING = 2  # letters: what begins so is compared whole; of them, one slip is looked for by trying them all
_TRIED = 5  # tokens of those that are near
_READ = 5  # passages in which the word is looked for as it stands
_ENDINGS: Final = ("", "s", "e", "es", "ed", "ing")


def nearest_word(shelf: Shelf, word: str) -> str:
    """The word like ``word`` (folded) that stands in most passages of those with fewest slips, as it stands; empty for none."""
    if len(word) < _SHORTEST or not word.isalpha():  # of names with digits, such as versions, each is another
        return ""
    most = 2 if len(word) >= _LONG else 1
    found = sorted((slips, -count, token) for token, count, slips in _near(shelf, word, most) if slips <= most)
    for _, _, token in found[:_TRIED]:
        # A token may be the stem of another form, or of words that are written as one: what is told is like what was typed.
        if (spelt := _as_it_stands(shelf, token, word)) and edits(word, spelt, most) <= most:
            return spelt
    return ""


def edits(one: str, other: str, most: int) -> int:
    """How many letters are changed, left out, put in, or changed places with the next; ``most + 1`` for more than ``most``.

    Optimal string alignment (Damerau 1964): no letter is touched twice.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, line = list[int](), list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        following = [row]
        for column, facing in enumerate(other, 1):
            cost = min(line[column] + 1, following[-1] + 1, line[column - 1] + (letter != facing))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == facing:
                cost = min(cost, before[column - 2] + 1)
            following.append(cost)
        if min(following) > most:
            return most + 1
        before, line = line, following
    return min(line[-1], most + 1)


def _near(shelf: Shelf, word: str, most: int) -> Iterator[tuple[str, int, int]]:
    """Tokens with the number of their passages and of slips from the word; the token may be the word's stem."""
    letters = {*word}
    for token, count in {**dict(shelf.counted(word[:_BEGINNING], len(word), most)), **_front(shelf, word)}.items():
        # A cheap look before a thorough one: each letter that the word lacks is a slip.
        if len({*token} - letters) <= most:
            yield token, count, min(edits(word, token + ending, most) for ending in _ENDINGS)


def _front(shelf: Shelf, word: str) -> dict[str, int]:
    """The tokens there are with one slip among the first letters."""
    first, rest, behind = word[0], word[1:], word[2:]
    tried = [rest, first + behind, word[1] + first + behind, first + word[2] + word[1] + word[3:]]
    for letter in ascii_lowercase:
        tried += [letter + rest, letter + word, first + letter + behind, first + letter + rest]
    return {term.token: term.count for term in shelf.terms(_stems(tried))}


def _stems(words: Iterable[str]) -> Iterator[str]:
    return (stem(word) for word in words)


def _as_it_stands(shelf: Shelf, token: str, word: str) -> str:
    """The token as a text spells it, where several do the one most like ``word``."""
    rows = shelf.connection.execute(
        "SELECT d.title, p.text, p.headings, d.about FROM words CROSS JOIN passages p ON p.id = words.rowid"
        " CROSS JOIN documents d ON d.id = p.document_id WHERE words MATCH ? ORDER BY words.rowid LIMIT ?",
        (f'"{token}"', _READ),
    )
    spelt = {
        fold(shown)
        for title, text, headings, about in rows
        for shown in shown_words("\n".join((title, text, headings, *json.loads(about))), {token})
    }
    return min(spelt, key=lambda shown: (edits(word, shown, len(word)), shown[-1] != word[-1], shown), default=token)
