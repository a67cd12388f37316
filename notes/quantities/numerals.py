"""How numbers are spelled in English and Chinese: digits, words, numerals, scales, the names of fractions."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product

__all__ = ["CHINESE", "FOLDS", "LITERAL", "ORDINAL_FRACTIONS", "WORD", "halfwidth", "number", "scale"]

LITERAL = r"(?<![A-Za-z0-9_.])(?<!\d,)(?:\d{1,3}(?:,\d{3}){1,6}(?!\d)|\d{1,18})(?:\.\d{1,18})?(?!\.?\d)"
"""A number in digits, with or without thousands separators; never a part of a word or of a longer number."""

_DIGITS = {
    character: value
    for value, alike in enumerate(("零〇", "一壹", "二两兩贰貳", "三叁", "四", "五", "六", "七", "八", "九"))
    for character in alike
}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
CHINESE = f"[{''.join(_DIGITS)}{''.join(_TENS)}]{{1,16}}(?:[点點][{''.join(_DIGITS)}]{{1,8}})?"
"""A number in Chinese numerals."""

_SMALL_WORDS = """
zero one two three four five six seven eight nine ten
eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
"""
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL, _BY_TEN = _SMALL_WORDS.split(), _TENS_WORDS.split()
_WORDS = {word: value for value, word in enumerate(_SMALL)} | {word: 10 * n for n, word in enumerate(_BY_TEN, 2)}
_WORDS["hundred"] = 100
_SCALES = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_SCALES |= {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SCALES |= {"千": 1000} | {
    small + large: (_TENS[small] if small else 1) * _TENS[large]
    for small, large in product(("", "十", "百", "千", "万", "萬"), ("万", "萬", "亿", "億"))
}
_ONES = "|".join(_SMALL[1:10])
WORD = (
    rf"\b(?:(?:{'|'.join(_BY_TEN)})(?:[- ](?:{_ONES}))?"
    rf"|{'|'.join(sorted(_SMALL[1:], key=len, reverse=True))})(?: hundred)?\b"
)
"""A number in English words, one to ninety-nine or so many hundred."""

FOLDS = "|".join([*_SMALL[2:13], *_BY_TEN, "hundred", "thousand"])
"""The words that "fold" is joined to, as an alternation."""

_ORDINALS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9}
_ORDINALS |= {"tenth": 10, "twelfth": 12, "fifteenth": 15, "hundredth": 100, "thousandth": 1000, "millionth": 10**6}
_ORDINALS |= {f"{word[:-1]}ieth": 10 * n for n, word in enumerate(_BY_TEN, 2)}
_ORDINALS |= {"halves": 2, "quarters": 4}
ORDINAL_FRACTIONS = "|".join(sorted(_ORDINALS, key=len, reverse=True))
"""The names of fractions, as an alternation."""

_SCALE_AFTER = re.compile(
    r"[kKMBT](?![A-Za-z0-9])|[ -]?(?:thousand|million|billion|trillion)\b|\s?[十百千万萬]?[万萬亿億]|\s?千(?!米|克|瓦)"
)
_HALFWIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def halfwidth(text: str) -> str:
    """``text`` with full-width ASCII made half; as long as ``text``."""
    return text.translate(_HALFWIDTH)


def number(text: str) -> Decimal:
    """The value of a literal, an English number word or Chinese numerals; of an ordinal fraction its denominator."""
    plain = text.strip().lower()
    if plain[0].isdigit() and plain[0].isascii():
        return Decimal(plain.replace(",", ""))
    if ordinal := _ORDINALS.get(plain) or _ORDINALS.get(plain.removesuffix("s")):
        return Decimal(ordinal)
    return Decimal(_english(plain)) if plain.isascii() else _chinese(plain)


def _english(words: str) -> int:
    total = 0
    for word in re.split(r"[\s-]+", words):
        if word in _SCALES or word == "hundred":
            total = max(total, 1) * (_WORDS.get(word) or _SCALES[word])
        else:
            total += _WORDS.get(word, 0)
    return total


def _chinese(numerals: str) -> Decimal:
    whole, _, fraction = numerals.replace("點", "点").partition("点")
    value = Decimal(_chinese_integer(whole))
    if fraction:
        value += Decimal("0." + "".join(str(_DIGITS[each]) for each in fraction))
    return value


def _chinese_integer(numerals: str) -> int:
    for unit in ("亿", "億", "万", "萬", "千", "百", "十"):
        if unit in numerals:
            many, _, rest = numerals.rpartition(unit)
            return (_chinese_integer(many) if many else 1) * _TENS[unit] + _rest(rest, _TENS[unit])
    return int("".join(str(_DIGITS[each]) for each in numerals) or "0")


def _rest(numerals: str, unit: int) -> int:
    """What follows ``unit``: in 三万五 the five stands for thousands; in 百十 the ten for itself."""
    if len(numerals) == 1 and numerals not in "零〇" and numerals in _DIGITS and unit > 10:
        return _DIGITS[numerals] * unit // 10
    return _chinese_integer(numerals)


def scale(text: str, end: int) -> tuple[int, int]:
    """The factor that the letters or words at ``end`` of ``text`` give the number before, and where they end."""
    match = _SCALE_AFTER.match(text, end)
    return (_SCALES[match.group().strip(" -")], match.end()) if match else (1, end)
