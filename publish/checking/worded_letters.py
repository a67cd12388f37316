"""Disguises in a sentence of another's words: what names, figures and quotes could be written in to pass for none.

The other rules know names by Latin letters, figures by the numerals that are read, quotes by the usual marks. So letters beyond
Latin and Chinese, numerals of other kinds, amounts that no figure tells and signs that are in no common use stand only where
the notes have them so; other quotation marks, and a quotation that does not end, stand never.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from notes.model import VaultNote
from notes.text.fold import fold, to_simplified
from publish.checking.worded_names import texts

__all__ = ["disguise"]

_HAN = "\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PLAIN = rf"A-Za-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\uff10-\uff19{_HAN}"
# Of a word with a letter beyond these all that is joined to it, but Chinese, which has no blanks.
_RUN = re.compile(rf"[^\W{_HAN}]*[^\W{_PLAIN}][^\W{_HAN}]*")
_WORD = re.compile(rf"[^\W{_HAN}]+")
_SIGN = re.compile(r"[^\w\s!-/:-@\[-`{-~·•–—−…‘’“”«»×÷±≈≤≥≠→°‰€£¥§®™′″，。、；：？！（）《》「」『』～％＋－＝／]")
_PAIRS = re.compile(r"“[^“”]*”|「[^「」]*」|『[^『』]*』|«[^«»]*»|《[^《》]*》")
_MARKS = re.compile("[“”「」『』«»《》„‟‚‛‹›〈〉〝-〟＂＇﹁-﹄❛-❞]")
_ADDRESS = re.compile(r"[A-Za-z0-9][。．｡․][A-Za-z]|\w//+\w|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_AMOUNT = re.compile(
    r"\bdozens?\b|\borders? of magnitude\b|\b(?:quadrupl|quintupl|sextupl|septupl|octupl|decupl)"
    r"|\b(?:tens|hundreds|thousands|millions|billions|trillions)\b"
    r"|数量级|[廿卅卌]|(?<!参)[数几][十百千万亿]+|翻了?[两三四五几]番|[壹贰叁肆伍陆柒捌玖][壹贰叁肆伍陆柒捌玖拾佰仟%％倍成个]"
)
_SAME_AMOUNT: dict[str, tuple[str, ...]] = {"数量级": ("order of magnitude", "orders of magnitude")}
_SAME_AMOUNT |= dict.fromkeys(_SAME_AMOUNT["数量级"], ("数量级", *_SAME_AMOUNT["数量级"]))


def disguise(text: str, named: Sequence[VaultNote]) -> str:
    """Why a sentence worded by a model may hide something; empty when it does not."""
    if text.isascii() and not text[:1].islower() and not (_ADDRESS.search(text) or _AMOUNT.search(text.lower())):
        return ""
    if found := _MARKS.search(_without_pairs(text)):
        return f"quotation marks of another kind, or without their other half: {found[0]}"
    held = [unicodedata.normalize("NFC", one) for note in named for one in texts(note)]
    strange = next(_strange(text, held), "")
    return f"what stands in none of its notes so: {strange}" if strange else ""


def _strange(text: str, held: Sequence[str]) -> Iterator[str]:
    known = frozenset(_bare(run[0]) for one in held for run in _WORD.finditer(one))
    first = _WORD.match(text)
    runs = [run[0] for run in _RUN.finditer(text)] + ([first[0]] if first and first[0][0].islower() else [])
    yield from (run for run in runs if _bare(run) not in known)
    yield from (found[0] for found in _SIGN.finditer(text) if not any(found[0] in one for one in held))
    yield from (found[0] for found in _ADDRESS.finditer(text) if not any(found[0] in one for one in held))
    folded = [to_simplified(fold(one)) for one in held]
    for found in _AMOUNT.finditer(to_simplified(text.lower())):
        ways = (found[0], *_SAME_AMOUNT.get(found[0], ()))
        if not any(way in one for way in ways for one in folded):
            yield found[0]


def _without_pairs(text: str) -> str:
    while (shorter := _PAIRS.sub(" ", text)) != text:
        text = shorter
    return text


def _bare(run: str) -> str:
    """CO₂ is CO2, whatever the case."""
    return unicodedata.normalize("NFKC", run).casefold()
