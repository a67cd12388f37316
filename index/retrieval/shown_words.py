"""The query's words as they stand in a passage: plural, traditional, full width, upper case."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from index.words.tokens import is_ideographic, runs, tokens_of
from notes.text.fold import fold

__all__ = ["shown_words"]

_MOST = 40


def shown_words(text: str, tokens: Collection[str]) -> tuple[str, ...]:
    """The words of ``text`` that give one of ``tokens``, each once, in reading order.

    Of ideographs the longest stretches that pairs cover; a single one only when its pairs are not looked for.
    """
    singles = {token for token in tokens if len(token) == 1 and is_ideographic(token)}
    pairs = {token for token in tokens if len(token) == 2 and is_ideographic(token[0])}
    lone = singles - set("".join(pairs))
    known, found = frozenset(tokens), dict[str, None]()
    # A text says most of its words more than once.
    for run, ideographs in {(run, ideographs): None for _, run, ideographs in runs(text)}:
        if ideographs:
            found.update(dict.fromkeys(_stretches(run, pairs, lone)))
        elif not known.isdisjoint(tokens_of(run)):
            found[run] = None
        if len(found) >= _MOST:
            break
    return tuple(found)[:_MOST]


def _stretches(run: str, pairs: Collection[str], lone: Collection[str]) -> Iterator[str]:
    folded: Sequence[str] = fold(run)
    if len(folded) != len(run):  # one character can become several
        folded = [fold(character) for character in run]
    covered = [character in lone for character in folded]
    for at, (one, other) in enumerate(pairwise(folded)):
        if one + other in pairs:
            covered[at] = covered[at + 1] = True
    if not any(covered):
        return
    start = None
    for at, is_covered in enumerate([*covered, False]):
        if is_covered and start is None:
            start = at
        elif not is_covered and start is not None:
            yield run[start:at]
            start = None
