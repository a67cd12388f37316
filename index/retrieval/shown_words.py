"""The query's words as they stand in a passage: plural, traditional, full width, upper case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from index.words.tokens import is_ideographic, runs, tokens_of
from notes.text.fold import fold

__all__ = ["shown_words"]

_MOST = 40
_JOINTS = "-.'"
_SIGNED = {"plusplus": "++", "sharp": "#"}


def shown_words(text: str, tokens: Collection[str]) -> tuple[str, ...]:
    """The words of ``text`` that give one of ``tokens``, each once, in reading order.

    Of ideographs the longest stretches that pairs cover; a single one only when its pairs are not looked for.
    """
    singles = {token for token in tokens if len(token) == 1 and is_ideographic(token)}
    pairs = {token for token in tokens if len(token) == 2 and is_ideographic(token[0])}
    lone = singles - set("".join(pairs))
    known, found = frozenset(tokens), dict[str, None]()
    # What cannot give a token need not be taken apart. A text says most of its words more than once.
    pieces = _promising(text, known) if text.isascii() else (text,)
    for run, ideographs in {(run, ideographs): None for piece in pieces for _, run, ideographs in runs(piece)}:
        if ideographs:
            found.update(dict.fromkeys(_stretches(run, pairs, lone)))
        elif not known.isdisjoint(tokens_of(run)):
            found[run] = None
        if len(found) >= _MOST:
            break
    return tuple(found)[:_MOST]


def _promising(text: str, tokens: Iterable[str]) -> Iterator[str]:
    """What stands between blanks in ASCII ``text`` and can give one of the tokens, in reading order: no word holds a blank.

    A token is how a part of a word begins, but for a last ``y`` (``studies``) and for the signs of ``C++``; or it is all
    parts of a word joined, and so every word with several is promising.
    """
    lowered, starts = text.lower(), set[int]()
    for beginning in {beginning for token in tokens for beginning in _beginnings(token)}:
        at = lowered.find(beginning)
        while at >= 0:
            if not lowered[at - 1 : at].isalnum():
                starts.add(lowered.rfind(" ", 0, at) + 1)
            at = lowered.find(beginning, at + 1)
    for joint in _JOINTS:
        at = text.find(joint)
        while at >= 0:
            if text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum():
                starts.add(text.rfind(" ", 0, at) + 1)
            at = text.find(joint, at + 1)
    for start in sorted(starts):
        yield text[start:].partition(" ")[0]


def _beginnings(token: str) -> Iterator[str]:
    yield token[:-1] if token.endswith("y") and len(token) > 1 else token
    if signs := _SIGNED.get(token[1:]):
        yield token[0] + signs


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
