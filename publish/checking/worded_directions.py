"""Which way the figures of a sentence in another's words go: up or down, better or worse, reached or not, as its notes tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from notes.model import VaultNote
from notes.quantities.numbers import located
from notes.text import sentences
from publish.sources.evidence import source_text

__all__ = ["tells_otherwise"]

_UP = re.compile(
    r"\b(?:increas|rais|rise|rising|rose|grow|grew|higher|more|climb)\w*\b|增加|增長|增长|上升|提高|升高|增大|更高|更多|多出|[升涨漲][到至]|上[涨漲]|攀升|飙升|飆升|高[了出]|比[^，。；]{1,16}?高(?!效)",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:reduc|decreas|cut|cuts|cutting|lower|drop|fall|fell|declin|shrink|shrank|fewer|less|sav(?:e|es|ed|ing)|slash)\w*\b"
    r"|降低|減少|减少|下降|降至|縮短|缩短|節省|节省|節約|节约|更低|更少|減半|减半|壓縮|压缩|[降跌][到至]|低[了出]|比[^，。；]{1,16}?低|下跌",
    re.IGNORECASE,
)
_BETTER = re.compile(
    r"\b(?:improv|gain|boost|outperform|surpass|enhanc|exceed|beat)\w*\b|提升|改善|改進|改进|超越|超過|超过|優於|优于|勝過|胜过",
    re.IGNORECASE,
)
_WORSE = re.compile(
    r"\b(?:degrad|worsen|deteriorat|los(?:e|es|t|ing|s)\b)\w*|惡化|恶化|退化|變差|变差",
    re.IGNORECASE,
)
# What says that something else stays as it is.
_UNCHANGED = re.compile(
    r"(?:没有|沒有)(?:明显|明顯|显著|顯著)?(?:变化|變化|(?:下降|损失|損失|降低|变差|變差)(?!\s?[\d到至了]))"
    r"|\b(?:does|do|did) not (?:change|suffer|drop(?! (?:by|to)))\b"
)
_NOT = re.compile(
    r"\b(?:not(?! only| just| merely)|never|cannot|fails? to|failed to|unable to|no longer)\b|n['’]t\b"
    r"|未能|沒有|没有|並未|并未|並非|并非|無法|无法|不能|不會|不会|未達|未达",
    re.IGNORECASE,
)
# A denial without "not".
_FAILS = re.compile(r"\bfails?\b(?! to)|不起作用|失效|[无無]效|不[适適]用|行不通", re.IGNORECASE)
_FROM_TO = re.compile(r"\bfrom .{1,32} to \W?\d|[从從由].{1,24}[到至为為]\s?\W?\d", re.IGNORECASE)
_OTHERWISE = "a figure that its notes tell the other way round"
_OPPOSED = ((_UP, _DOWN), (_DOWN, _UP), (_BETTER, _WORSE), (_WORSE, _BETTER))


def tells_otherwise(text: str, named: Sequence[VaultNote]) -> str:
    """Why a sentence with a figure says the contrary of all sentences of its notes that hold the figure; empty when not."""
    values = {round(value, 9) for _, _, value in located(text)}
    evidence = {value: [one for note in named for one in _holding({value}, source_text(note))] for value in values}
    every = [one for held in evidence.values() for one in held]
    if not every:
        return ""
    told = _UNCHANGED.sub(" ", text)
    denied = {_NOT.search(one) is not None for one in every}
    fails = _FAILS.search(told) is not None or any(_FAILS.search(one) for one in every)
    if denied == {_NOT.search(told) is None} and not (fails and True in denied):
        return _OTHERWISE
    # Of a change each of its two figures tells which way it goes.
    apart = [held for held in evidence.values() if held] if _FROM_TO.search(text) else [every]
    return _OTHERWISE if any(_is_turned(text, held) for held in apart) else ""


def _is_turned(text: str, evidence: Sequence[str]) -> bool:
    """Whether the sentence goes one way, and all that holds one of its figures only the other."""
    return any(
        side.search(text)
        and not contrary.search(text)
        and not any(side.search(one) for one in evidence)
        and all(contrary.search(one) for one in evidence)
        for side, contrary in _OPPOSED
    )


def _holding(values: set[float], text: str) -> Iterator[str]:
    for sentence in sentences.split(text):
        if any(round(value, 9) in values for _, _, value in _located(sentence)):
            yield sentence


@lru_cache(maxsize=4096)
def _located(sentence: str) -> tuple[tuple[int, int, float], ...]:
    return located(sentence)
