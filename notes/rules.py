r"""The include and exclude rules of a source: which entries it is read for, and which it may keep.

A rule is a word or a phrase, and is looked for in title, text, authors and categories. White space, case, full width
and the script of Chinese make no difference; a Latin word is found as a whole word, a Chinese one anywhere, since
Chinese has no spaces. ``title:``, ``text:``, ``author:``, ``category:`` or ``url:`` before it looks in one place only
(in addresses, words are found anywhere); what is one of these but for a slip, ``titel:``, is a fault. Between slashes
stands a regular expression: ``title:/\bv?\d+\.\d+\b/``.

Regular expressions are the user's own, but run on whatever a feed sends, and Python's engine takes exponential time on
``(a+)+$`` and cubic time on an honest ``.*foo.*bar``. RE2 takes time in proportion to the text, whatever the pattern and
the text; for that it knows no look-around and no back-references, and says so when the configuration is read.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from notes.errors import ConfigError
from notes.text.fold import fold

if TYPE_CHECKING:
    from notes.model import Item

__all__ = ["MAX_RULE", "MAX_RULES", "MAX_TEXT", "PLACES", "Rule", "kept_out", "read_rule", "rule_faults"]

MAX_RULE: Final = 500
"""Characters of one rule."""
MAX_RULES: Final = 1_000
"""Rules of one list."""
MAX_TEXT: Final = 200_000
"""Characters of an item's text that the rules look at."""

PLACES: Final = ("title", "text", "author", "category", "url")

_PREFIX = re.compile(rf"\s*({'|'.join(PLACES)})\s*[:：]", re.IGNORECASE)
_OTHER_PREFIX = re.compile(r"\s*([a-z]{3,12})\s*[:：]", re.IGNORECASE)
_EXPRESSION = re.compile(r"/(.+)/", re.DOTALL)
# Scripts that write words without spaces between them: Han, kana, Hangul (whose particles cling), Thai, Lao, Khmer, Burmese.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
_SPACED_LETTER = rf"[^\W_{_UNSPACED}]"
_RE2_MEMORY = 8 << 20
# Every rule of a list looks at the same few texts.
_folded = lru_cache(maxsize=32)(fold)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: ``written`` as the user wrote it, ``place`` one of ``PLACES`` or '' for all but the address."""

    written: str
    place: str
    finds: Callable[[str], bool]

    def matches(self, item: Item) -> bool:
        """Whether the item has what the rule looks for."""
        return any(self.finds(text) for text in _texts(item, self.place))


def kept_out(item: Item, include: Sequence[str], exclude: Sequence[str]) -> str:
    """Why the rules keep the item out, '' when they let it in.

    At least one rule of ``include`` has to match, where there is any, and none of ``exclude``. Raises ConfigError on a
    rule that cannot be read; the configuration is checked for these before any fetch.
    """
    for written in exclude:
        if read_rule(written).matches(item):
            return f"exclude: {written.strip()}"
    if include and not any(read_rule(written).matches(item) for written in include):
        return "include: no rule matches"
    return ""


@lru_cache(maxsize=2 * MAX_RULES)
def read_rule(written: str) -> Rule:
    """The rule in ``written``; raises ConfigError with what is wrong with it."""
    if len(written) > MAX_RULE:
        raise ConfigError(f"the rule {written[:40]!r}… is longer than {MAX_RULE} characters")
    prefix = _PREFIX.match(written)
    if prefix is None and (other := _OTHER_PREFIX.match(written)) and (meant := _meant(other[1].lower())):
        raise ConfigError(
            f"the rule {written!r} looks nowhere in particular: did you mean {meant + ':'!r}?",
            hint=f"one of {', '.join(PLACES)} may go before the colon; as a text of its own it is found by /{other[1]}:/",
        )
    place = prefix[1].lower() if prefix else ""
    sought = (written[prefix.end() :] if prefix else written).strip()
    if expression := _EXPRESSION.fullmatch(sought):
        return Rule(written, place, _by_expression(expression[1], written))
    if not fold(sought).strip():
        raise ConfigError(f"the rule {written!r} names nothing to look for")
    return Rule(written, place, _by_words(sought, anywhere=place == "url"))


def rule_faults(rules: Sequence[str]) -> tuple[str, ...]:
    """What is wrong with the rules of one list, in its order; empty when all can be read."""
    if len(rules) > MAX_RULES:
        return (f"more than {MAX_RULES} rules",)
    faults = []
    for written in rules:
        try:
            read_rule(written)
        except ConfigError as error:
            faults.append(f"{error.message}; {error.hint}" if error.hint else error.message)
    return tuple(faults)


def _meant(word: str) -> str:
    """The place whose name this is with a slip of the keyboard, or in the plural; '' for a word of its own."""
    for place in PLACES:
        is_swapped = sorted(word) == sorted(place)
        is_near = len(place) > 4 and word[0] == place[0] and difflib.SequenceMatcher(None, word, place).ratio() > 0.8
        if is_swapped or is_near or word == f"{place}s":
            return place
    return "category" if word == "categories" else ""


def _texts(item: Item, place: str) -> tuple[str, ...]:
    """The texts that a rule of this place looks through."""
    if place == "title":
        return (item.title,)
    if place == "text":
        return (item.text[:MAX_TEXT],)
    if place == "author":
        return item.authors
    if place == "category":
        return (*item.categories, *item.tags)
    if place == "url":
        return (item.url,)
    return (item.title, *item.authors, *item.categories, *item.tags, item.text[:MAX_TEXT])


def _by_words(sought: str, *, anywhere: bool) -> Callable[[str], bool]:
    words = fold(sought).split()
    pattern = r"\s+".join(map(re.escape, words))
    if not anywhere:
        pattern = f"{_edge(words[0][0], '(?<!{})')}{pattern}{_edge(words[-1][-1], '(?!{})')}"
    search = re.compile(pattern).search
    return lambda text: search(_folded(text)) is not None


def _edge(character: str, look: str) -> str:
    """Where the phrase begins or ends in a letter of a spaced script, no such letter may go on."""
    return look.format(_SPACED_LETTER) if re.match(_SPACED_LETTER, character) else ""


def _by_expression(pattern: str, written: str) -> Callable[[str], bool]:
    # Imported late: few sources have an expression, and the light commands read the configuration too.
    import re2

    options: Any = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _RE2_MEMORY
    try:
        search = re2.compile(pattern, options).search
    except re2.error as error:
        told = error.args[0] if error.args else ""
        why = told.decode(errors="replace") if isinstance(told, bytes) else str(told)
        raise ConfigError(
            f"the rule {written!r} is no regular expression: {why}",
            hint="RE2's syntax: no look-around, no back-references; \\w and \\b know ASCII letters, \\pL all",
        ) from error
    # Lone surrogates cannot be encoded; what a feed sends is cleaned of them, what the user's own files hold may not be.
    return lambda text: search(text.encode("utf-8", "replace")) is not None
