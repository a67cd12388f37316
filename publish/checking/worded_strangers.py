"""Names in small letters in a sentence of another's words: "zephyrion-lm", "acme bench", "the university of brellin".

Their spelling tells nothing, so a word in small letters is taken for one where the notes do not have it, and it is either no word
of a general vocabulary or stands where a name stands: before "bench" or "labs", after "called". In a Chinese sentence every Latin
word stands where a name stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from notes.model import VaultNote
from notes.text.fold import fold
from notes.text.keyphrases import STOPWORDS
from notes.text.language import cjk_share
from publish.checking.worded_names import ORDINARY, texts
from publish.checking.worded_vocabulary import TERMS, is_unknown

__all__ = ["strange_word"]

_WORD = re.compile(r"(?<![\w.’'/-])[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?![\w/]|[.’'-]\w)")
_HEADS = (
    r"bench|benchmarks?|leaderboard|corpus|suite|labs?|inc|corp|institute|university|consortium|foundation|team"
    r"|group|startup"
)
_BEFORE_HEAD = re.compile(
    rf"[ -](?:{_HEADS})\b|, an? (?:\w+ ){{0,2}}(?:framework|library|tool|model|method|system|agent|product|company|startup)\b"
)
_NAMING = re.compile(r"\b(?:called|named|dubbed|branded|nicknamed|(?:university|institute) of) $")
_MARKS = re.compile(r"-(?:lm|llm|vl|vla|bench|net|gpt|chat|coder|instruct|mini|pro|flash|nano|turbo|v\d+|r\d+|\d+b)$")
_STEM = 5
_ENDING = 3  # letters
_LONGEST = 60  # letters of a word whose end may differ: all beginnings of a word of a megabyte fit no memory
_SHORT = 3
_IN_CHINESE = frozenset("agent agents app apps bug bugs chat demo issue issues plugin prompt prompts web".split())
_ADJECTIVES = tuple("ing ed al ic ous ive ary ble ical ful est er ian ese ist tion s ity".split())
_MODIFIERS = frozenset(
    """
    blind broad chat chip core coverage desktop diverse dozen entire every expert formal german french british chinese
    house japanese joint lead level life lone major math maths mobile more multi-turn native office own phone product
    project prose quality rare red resource retrieval route school science second session side single site smaller
    speed start support talk third tiny tool trust university web world young
    """.split()
)


def strange_word(text: str, named: Sequence[VaultNote]) -> str:
    """The first word in small letters that seems to be a name and stands in none of the notes; empty where there is none."""
    held = frozenset[str]().union(*(_held(one) for note in named for one in texts(note)))
    is_chinese = cjk_share(text) > 0
    for found in _WORD.finditer(text):
        word = found[0]
        # Of a word of the notes the end may differ: freezes, freezing.
        is_theirs = word[: max(_STEM, len(word) - _ENDING)] in held and len(word) > _STEM and not _MARKS.search(word)
        if word in held or (not is_chinese and is_theirs):
            continue
        parts = [part for part in word.split("-") if part not in held]
        is_marked = bool(parts) and _MARKS.search(word) is not None
        if (
            is_marked
            or any(map(is_unknown, parts))
            or (is_chinese and any(not _is_common(part) for part in parts))
            or (_stands_as_name(text, found.start(), found.end()) and not _is_plain(word))
        ):
            return word
    return ""


def _is_plain(word: str) -> bool:
    """Whether it is so ordinary that it stands before "team" or "benchmark" without being its name."""
    last = word.rpartition("-")[2]
    return last in ORDINARY or last in STOPWORDS or last in TERMS or last in _MODIFIERS or last.endswith(_ADJECTIVES)


def _is_common(word: str) -> bool:
    """Whether a Latin word may stand in a Chinese sentence without being a name."""
    return len(word) < _SHORT or any(word in common for common in (TERMS, ORDINARY, STOPWORDS, _IN_CHINESE))


def _stands_as_name(text: str, start: int, end: int) -> bool:
    return _BEFORE_HEAD.match(text, end) is not None or _NAMING.search(text, max(0, start - 24), start) is not None


@lru_cache(maxsize=512)
def _held(text: str) -> frozenset[str]:
    found = re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", fold(text))
    parts = [part for word in found for part in word.split("-")]
    stems = [word[:at] for word in (*found, *parts) for at in range(_STEM, min(len(word), _LONGEST))]
    return frozenset((*found, *parts, *stems))
