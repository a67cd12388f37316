"""Under which name a tag stands in a text.

The name is the tag's last level (``rl`` of ``ml/rl``), read without regard to case, hyphens, blanks, a plural's s and the script
of Chinese: ``reinforcement-learning`` stands in "Reinforcement learning", ``強化學習`` in 强化学习.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from notes.text.fold import fold

__all__ = ["beginnings", "key", "name_of", "named", "occurrences"]

_OFTEN = 2
_LONG = 3000  # characters of text for which one use more is asked
_READ_AT_MOST = 12_000
_SHORT = 3  # Latin letters up to which a name must be written in capitals: RL, but not go
_TOKEN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]|[^\W_\u3400-\u4dbf\u4e00-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def key(tag: str) -> str:
    """By what two spellings are one tag: folded, hyphens, underscores and blanks dropped, levels apart by ``/``."""
    return "/".join("".join(_TOKEN.findall(fold(level))) for level in tag.split("/"))


def name_of(tag: str) -> str:
    """The form in which a tag, or a phrase, is looked for in a text."""
    return "".join(_singular(token) for token in _TOKEN.findall(fold(tag.rpartition("/")[2])))


def _singular(word: str) -> str:
    if len(word) > _SHORT and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def beginnings(names: Collection[str]) -> frozenset[str]:
    """The beginnings of all names, by which most places of a text are left at once."""
    return frozenset(name[:length] for name in names for length in range(1, len(name) + 1))


def occurrences(text: str, names: Collection[str], begun: Collection[str]) -> Counter[str]:
    """How often each of ``names`` stands in the text as whole words; ``begun`` are their :func:`beginnings`."""
    tokens = [(_singular(fold(token)), token) for token in _TOKEN.findall(text[:_READ_AT_MOST])]
    found: Counter[str] = Counter()
    for at, (first, written) in enumerate(tokens):
        joined, end = first, at
        while joined in begun:
            if joined in names and _is_meant(joined, written):
                found[joined] += 1
            end += 1
            if end == len(tokens):
                break
            joined += tokens[end][0]
    return found


def _is_meant(name: str, written: str) -> bool:
    """Whether a name that is found is no other word: a short one is meant where it is written in capitals (RL, LLMs)."""
    return len(name) > _SHORT or _HAN.match(name) is not None or written.removesuffix("s").isupper()


def named(title: str, text: str, names: Collection[str], begun: Collection[str] = ()) -> dict[str, bool]:
    """Which of ``names`` tell what a note is about, and whether its title says so.

    The title holds them, or the text does at least twice, in long texts more often. Title's first, then by how often.
    """
    if not names:
        return {}
    begun = begun or beginnings(names)
    titled, said = occurrences(title, names, begun), occurrences(text, names, begun)
    often = _OFTEN + min(len(text), _READ_AT_MOST) // _LONG
    found = [name for name in titled.keys() | said.keys() if name in titled or said[name] >= often]
    found.sort(key=lambda name: (name not in titled, -titled[name] - said[name], name))
    return {name: name in titled for name in found}
