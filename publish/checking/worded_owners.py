"""Whose a figure is: "A reaches 90, B 80" told as "B reaches 90" holds no name and no figure that its note does not have.

In both sentences each figure is given those whose it may be: systems by their names, measures and parties by what they are called
in either language (:mod:`publish.checking.worded_concepts`). A figure that its notes give to others, while the one that the
sentence gives it to has figures of its own there, is told of the wrong one. Where the notes leave open whose it is, it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from notes.model import VaultNote
from notes.quantities.numbers import located
from notes.text import sentences
from notes.text.fold import to_simplified
from publish.checking.worded_concepts import MEASURES, PARTIES, found_concepts
from publish.checking.worded_names import bare, holds, located_names, names, stands
from publish.checking.worded_vocabulary import is_unknown
from publish.sources.evidence import source_text
from publish.sources.readable import readable

__all__ = ["belongs_to_another", "scores_less"]

_CLAUSE = re.compile(r"[;；。:：]|,\s|，|、(?=[A-Za-z])|\s(?:while|whereas|but|where)\s|而(?=直接|只|仅|在|教|学)")
_AT = re.compile(
    r"(?:\b(?:on|across|over|at|in|for|under|of the)\s(?:(?:the|an?|single|one)\s){0,2}|在\s?)$", re.IGNORECASE
)
_HERE = re.compile(r"^\s?(?:上|中|里|裡|基准|基準|测试集|測試集|benchmark|dataset|\()")
_FOR = re.compile(
    r"^\s?\\?(?:%|percent|points?|个百分点)?\s?(?:for|by|with|in|of|to"
    r"|(?:below|above|over|lower than|higher than)(?: that of)?|\()\s?(?:the\s|its\s)?$",
    re.IGNORECASE,
)
_MOST = 1_000_000  # larger are sizes and amounts, which are told of everything: a 3B student
_OF = re.compile(r"\s?(?:%|percent)? of (?:the |its )?(?:[a-z]+ )?")
_DEALT = re.compile(r"分别|分別|\brespectively\b")
_YEARS, _YEAR_DIGITS = range(1900, 2101), 4
_MARKED = re.compile(r"[“「]([\u4e00-\u9fff]{1,8})[”」]")
_COMPARED = re.compile(r"比|\b(?:than|against|versus)\b")
_LESS_IS_BETTER = re.compile(
    r"\b(?:error|latenc|cost|loss|time|second|minute|perplex|distance|hallucinat|rate of fail|energy|memory|took|takes?)"
    r"|误差|誤差|错误|錯誤|延迟|延遲|成本|费用|費用|损失|損失|耗时|耗時|困惑度|幻觉|幻覺",
    re.IGNORECASE,
)
_START, _END = itemgetter(0), itemgetter(1)
_CLOSE = 80  # characters behind a number within which its owner follows
_AHEAD = re.compile(
    r"\b(?:beat|outperform|surpass|exceed|better|higher|ahead|above|against|than|from|over|prefer|compared|close to|versus|vs)\w*"
    r"|优于|超过|超越|高于|低于|高出|领先|相比|击败|胜过|比|接近|不如",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Owned:
    """A number of a sentence, where it starts, whose it is by what stands next to it, and whose it may be; by group.

    ``named`` is shared by the numbers of a sentence: where each of its names first ended. What was named ahead of the number
    may own it, unless it ``is_anew``.
    """

    value: float
    owners: Mapping[str, frozenset[str]]
    start: int
    is_anew: bool
    named: Mapping[str, Mapping[str, int]]

    def may_be_of(self, group: str, own: frozenset[str]) -> bool:
        ends = self.named[group]
        return not self.is_anew and any(ends[name] <= self.start for name in own if name in ends)


def belongs_to_another(text: str, named: Sequence[VaultNote]) -> str:
    """Why a figure of the sentence is told of the wrong one; empty when each may be told so."""
    told = _owned(text)
    if not any(owners for one in told for owners in one.owners.values()):
        return ""
    return next((reason for one in told if (reason := _is_elsewhere(one, named))), "")


def _is_elsewhere(told: _Owned, named: Sequence[VaultNote]) -> str:
    owners = told.owners["name"]
    if owners:
        bearing = [note for note in named if any(_knows(note, owner) for owner in owners)]
        if bearing and not any(_tells(note, told.value) for note in bearing):
            return f"a figure of another work: {told.value:g} of {min(owners)}"
    for group, own in told.owners.items():
        if own and not any(_may_be(told.value, group, own, note) for note in named if _tells(note, told.value)):
            return f"a figure of another {group}: {told.value:g} of {min(own)}"
    return ""


def _knows(note: VaultNote, owner: str) -> bool:
    return stands(owner, holds(note)) or (not owner.isascii() and owner in to_simplified(source_text(note)))


def _tells(note: VaultNote, value: float) -> bool:
    return any(one.value == value for owned in _sentences(note) for one in owned)


def _may_be(value: float, group: str, own: frozenset[str], note: VaultNote) -> bool:
    """Whether the note leaves room for the figure to be of one of ``own``."""
    every = _sentences(note)
    holding = [owned for owned in every if any(one.value == value for one in owned)]
    given = [one.owners[group] for owned in holding for one in owned if one.value == value]
    rivals = {owner for owned in every for one in owned if one.value != value for owner in one.owners[group]}
    # Only one that has figures of its own there is known to be another.
    if not own <= {bare(rival) for rival in rivals} | rivals:
        return True
    left_open = (one for owned in holding for one in owned if one.value == value and not one.owners[group])
    if any(owners & own for owners in given) or any(one.may_be_of(group, own) for one in left_open):
        return True
    if any(not owners for owners in given):
        is_subject = group == "name" and not own.isdisjoint(_subjects(readable(note.title), source_text(note)))
        return is_subject or not _is_told_apart(value, group, own, holding)
    return False


@lru_cache(maxsize=512)
def _subjects(title: str, text: str) -> frozenset[str]:
    """What the note is about, so that a figure that nobody is named with is its: names of its title, and any that come again."""
    told = Counter(bare(name) for name in (*names(text), *(name for _, _, name in _marked(to_simplified(text)))))
    return frozenset((*map(bare, names(title)), *(name for name, times in told.items() if times > 1)))


def _is_told_apart(value: float, group: str, own: frozenset[str], holding: Sequence[tuple[_Owned, ...]]) -> bool:
    """Whether each sentence with the figure either does not know the owner or gives it another figure."""
    return all(
        not any(one.owners[group] & own for one in owned)
        or any(one.owners[group] & own and one.value != value for one in owned)
        for owned in holding
    )


def _sentences(note: VaultNote) -> tuple[tuple[_Owned, ...], ...]:
    return _read(readable(note.title), source_text(note))


@lru_cache(maxsize=512)
def _read(title: str, text: str) -> tuple[tuple[_Owned, ...], ...]:
    return tuple(owned for one in (title, *sentences.split(text)) if (owned := _owned(one)))


@lru_cache(maxsize=2048)
def _owned(text: str) -> tuple[_Owned, ...]:
    """The numbers of a sentence in the order in which they stand."""
    numbers = sorted(
        (start, end, round(value, 9)) for start, end, value in located(text) if _is_result(text, start, end, value)
    )
    if not numbers:
        return ()
    plain = to_simplified(text)
    groups = {
        "name": sorted((start, end, bare(name)) for start, end, name in (*_systems(plain), *_marked(plain))),
        "measure": sorted(found_concepts(text, MEASURES)),
        "party": sorted(found_concepts(text, PARTIES)),
    }
    named = {
        group: {name: end for _, end, name in sorted(tokens, key=_END, reverse=True)}
        for group, tokens in groups.items()
    }
    is_dealt = _DEALT.search(plain) is not None
    clauses = [found.span() for found in _CLAUSE.finditer(plain)]
    return tuple(
        _Owned(
            value,
            {group: _of(plain, numbers, at, tokens, clauses, is_dealt=is_dealt) for group, tokens in groups.items()},
            start,
            _is_anew(plain, numbers, at),
            named,
        )
        for at, (start, _, value) in enumerate(numbers)
    )


def _marked(text: str) -> Iterator[tuple[int, int, str]]:
    """Chinese names, which stand in quotation marks."""
    yield from ((found.start(), found.end(), found[1]) for found in _MARKED.finditer(text))


def _is_result(text: str, start: int, end: int, value: float) -> bool:
    """No year, and none of the large numbers."""
    return value < _MOST and not (end - start == _YEAR_DIGITS and value in _YEARS and "." not in text[start:end])


def _systems(text: str) -> Iterator[tuple[int, int, str]]:
    """Names that are not the place where something was measured."""
    for start, end, name in located_names(text):
        # A capital at the head of a sentence is no name's alone: "Throughput rises".
        if start == 0 and name.isalpha() and name[1:].islower() and not is_unknown(name.lower()):
            continue
        if not _AT.search(text, max(0, start - 16), start) and not _HERE.match(text[end : end + 12]):
            yield start, end, name


def _is_anew(text: str, numbers: Sequence[tuple[int, int, float]], at: int) -> bool:
    """Whether a number after another is compared with somebody else."""
    return at > 0 and _COMPARED.search(text, numbers[at - 1][1], numbers[at][0]) is not None


def scores_less(one: str, other: str, named: Sequence[VaultNote]) -> bool:
    """Whether the notes give figures to both, side by side, and ``one`` (bare names) always the smaller where more is better."""
    less: list[bool] = []
    for note in named:
        for sentence in sentences.split(source_text(note)):
            is_list = not (_LESS_IS_BETTER.search(sentence) or _AHEAD.search(sentence))
            owned = _owned(sentence) if is_list else ()
            ones = [figure.value for figure in owned if figure.owners["name"] == {one}]
            others = [figure.value for figure in owned if figure.owners["name"] == {other}]
            if len(ones) == len(others) == 1:
                less.append(ones[0] < others[0])
    return bool(less) and all(less)


def _of(
    text: str,
    numbers: Sequence[tuple[int, int, float]],
    at: int,
    tokens: Sequence[tuple[int, int, str]],
    clauses: Sequence[tuple[int, int]],
    *,
    is_dealt: bool,
) -> frozenset[str]:
    """Whose the number is: of what stands between the number before it and it, or follows it closely."""
    start, end, _ = numbers[at]
    since = numbers[at - 1][1] if at else 0
    until = numbers[at + 1][0] if at + 1 < len(numbers) else len(text)
    if is_dealt and len(tokens) == len(numbers) > 1:
        return frozenset({tokens[at][2]})
    behind = [(text[end : token[0]], token[2]) for token in _within(tokens, end, min(until, end + _CLOSE))]
    if of := [name for between, name in behind if _OF.fullmatch(between)]:
        return frozenset({of[0]})
    between = [token for token in _within(tokens, since, start) if token[1] <= start]
    if between:
        nearest = _clause_start(text, clauses, start)
        close = [token for token in between if token[0] >= nearest] or between
        return frozenset(_leading(text, close, start))
    after = [name for between, name in behind if _FOR.match(between)]
    return frozenset(after[:1])


def _within(tokens: Sequence[tuple[int, int, str]], start: int, stop: int) -> Sequence[tuple[int, int, str]]:
    """Those that begin from ``start`` to before ``stop``, of tokens in reading order."""
    return tokens[bisect_left(tokens, start, key=_START) : bisect_left(tokens, stop, key=_START)]


def _leading(text: str, close: Sequence[tuple[int, int, str]], start: int) -> Iterator[str]:
    """All of them, but of a comparison only who is ahead."""
    first = close[0]
    if len(close) > 1 and text[start - 1 : start] in "(（":
        yield close[-1][2]
    elif len(close) > 1 and _AHEAD.search(text, first[1], close[1][0]):
        yield first[2]
    else:
        yield from (token[2] for token in close)


def _clause_start(text: str, clauses: Sequence[tuple[int, int]], before: int) -> int:
    """Where the clause begins in which the text stands before a place; that place itself opens none."""
    count = bisect_right(clauses, before, key=_END)
    if count and clauses[count - 1][1] == before and text[before - 1] in "、而":
        count -= 1
    return clauses[count - 1][1] if count else 0
