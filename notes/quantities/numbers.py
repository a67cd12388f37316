"""The numbers of a text by value, whatever their spelling, and whether a sentence's numbers stand in its evidence.

``58%``, ``58 percent``, ``0.58`` and ``百分之五十八`` are one and the same; so are ``90x``, ``90 times``,
``one ninetieth`` and ``九十分之一`` (a factor, whichever way it goes), and ``10B`` and ``100 亿``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from notes.quantities.numerals import CHINESE, FOLDS, LITERAL, ORDINAL_FRACTIONS, WORD, halfwidth, number, scale
from notes.text.fold import fold

__all__ = ["located", "mask_names", "numbers_rest_on", "values"]

_POWER_OF_TEN = re.compile(
    r"\s?(?:\\times|\\cdot|×|x)\s?10\s?\^\s?\{?\s?([-−]?\d{1,3})\s?\}?|[eE]([-+]?\d{1,3})(?![A-Za-z0-9])"
)
_PERCENT_AFTER = re.compile(
    r"(?:[ -]?(?:thousand|million)?\s?\$?\s?\\?%|[ -]?(?:percent|per cent|percentage points?|pct|pp"
    r"|ppts?)\b|\s?[个個]百分[点點])",
    re.IGNORECASE,
)
_UPPER_END = LITERAL.replace("(?<![A-Za-z0-9_.])", "")
_RANGE_TO = re.compile(rf"\s?(?:-|–|—|~|～|to|至|到)\s?{_UPPER_END}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_AND = re.compile(rf" and {_UPPER_END}")
_LITERAL = re.compile(LITERAL)
_ONE_OVER = re.compile(r"(?<![\d/.])1/(\d+)(?![\d/.]\d)")
_CHINESE_PART = re.compile(rf"({LITERAL}|{CHINESE})分之({LITERAL}|{CHINESE})")
_TENTHS = re.compile(
    rf"({LITERAL}|[二三四五六七八九两兩]|(?<=[约約近仅僅超到])一)成(?:([一二三四五六七八九])(?![种種个個]))?"
    r"(?![为為分果功本员員就立都熟长長型千名见見交效套品语語份因])"
)
_ENGLISH_PART = re.compile(
    rf"\b(?:(a|an|one|two|three|four|five|six|seven|eight|nine)[ -]?)?((?:{ORDINAL_FRACTIONS})s?)\b", re.IGNORECASE
)
_ENGLISH_NUMBER = re.compile(
    rf"{WORD}(?:[ -](?:thousand|million|billion|trillion))?|\b(?:a )?(?:hundred)\b", re.IGNORECASE
)
_FOLD_WORD = re.compile(rf"\b({FOLDS})[- ]?fold\b", re.IGNORECASE)
_FACTOR_WORDS = {2: r"\btwice\b|\bdoubl(?:e|es|ed|ing)\b|翻倍|翻番", 3: r"\b(?:thrice|tripl(?:e|es|ed|ing))\b"}
_HALVES = re.compile(r"\bhalv(?:e|es|ed|ing)\b|一半|\bhalf\b|减半|減半", re.IGNORECASE)
# A numeral before one of these counts something; elsewhere 一 and 三 are parts of words.
_COUNTS = "\\s?[倍个個项項篇位名种種类類条條款家轮輪步层層次年月日天周秒张張台门門大组組对對]"
_COUNTED_RANGE = re.compile(rf"(?:[到至]{CHINESE})?{_COUNTS}")
_CHINESE_NUMBER = re.compile(
    rf"(?<![数數几幾多上第统統零〇一二三四五六七八九十百千万萬亿億])({CHINESE})(?!分[点點之]|[零〇一二三四五六七八九十百千万萬亿億])"
)

_ASCII_DIGIT = re.compile("[0-9]")
_WORDS_NOT_NUMBERS = frozenset({"千万", "千萬", "万一", "萬一", "百万", "百萬"})

_NAME = re.compile(
    r"https?://[!-~]+|\barxiv:[!-~]+|\b10\.\d{4,9}/[!-~]+"
    r"|(?<![A-Za-z0-9])[A-Za-z\u0370-\u03ff][A-Za-z0-9_\u0370-\u03ff]*(?:\.\d+)*(?:[-–@'’][A-Za-z0-9_]+(?:\.\d+)*)*",
    re.IGNORECASE,
)


def mask_names(text: str) -> str:
    """``text``, as long as before, with spaces for names that hold digits: ``STEP3-VL-10B``, addresses, arXiv ids."""
    if text.isascii() and not _ASCII_DIGIT.search(text):
        return text
    return _NAME.sub(lambda match: " " * len(match.group()) if _has_digit(match.group()) else match.group(), text)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def values(text: str) -> tuple[float, ...]:
    """The value of every number in ``text``, in no order that matters; percentages as fractions, factors as such.

    Digits inside names (``GPT-4``, ``STEP3-VL-10B``) are not numbers. The sign is left aside: before a number a
    hyphen is a dash as often as a minus. "One" and 一 alone are pronouns and articles, not numbers.
    """
    return tuple(value for _, _, value in located(text))


@lru_cache(maxsize=2048)  # the checker asks for the numbers of one note's text again with each claim
def located(text: str) -> tuple[tuple[int, int, float], ...]:
    """The numbers of :func:`values` in the same order, each with where it starts and ends in ``text``."""
    masked = mask_names(halfwidth(text))
    found: list[tuple[int, int, Decimal]] = []
    for rule in (
        _one_over,
        _chinese_parts,
        _tenths,
        _english_parts,
        _fold_words,
        _factors,
        _literals,
        _english_numbers,
        _chinese_numbers,
    ):
        spans = list(rule(masked))
        found += spans
        masked = _blank(masked, spans)
    return tuple((start, end, float(value)) for start, end, value in found)


_Spans = Iterator[tuple[int, int, Decimal]]


def _blank(text: str, spans: Iterable[tuple[int, int, Decimal]]) -> str:
    characters = list(text)
    for start, end, _ in spans:
        characters[start:end] = " " * (end - start)
    return "".join(characters)


def _one_over(text: str) -> _Spans:
    return ((match.start(), match.end(), Decimal(match.group(1))) for match in _ONE_OVER.finditer(text))


def _chinese_parts(text: str) -> _Spans:
    for match in _CHINESE_PART.finditer(text):
        whole, part = number(match.group(1)), number(match.group(2))
        if whole:
            factor = part == 1 and whole != 100
            yield match.start(), match.end(), whole if factor and whole > 2 else part / whole


def _tenths(text: str) -> _Spans:
    for match in _TENTHS.finditer(text):
        yield (
            match.start(),
            match.end(),
            number(match.group(1)) / 10 + (number(match.group(2)) / 100 if match.group(2) else 0),
        )


def _english_parts(text: str) -> _Spans:
    for match in _ENGLISH_PART.finditer(text):
        count, part = (match.group(1) or "").lower(), match.group(2)
        if count in {"a", "an", "one"} and number(part) > 2:
            yield match.start(), match.end(), number(part)
        elif count not in {"", "a", "an", "one"}:
            yield match.start(), match.end(), number(count) / number(part)


def _fold_words(text: str) -> _Spans:
    return ((match.start(), match.end(), number(match.group(1))) for match in _FOLD_WORD.finditer(text))


def _factors(text: str) -> _Spans:
    for factor, words in _FACTOR_WORDS.items():
        yield from ((match.start(), match.end(), Decimal(factor)) for match in re.finditer(words, text, re.IGNORECASE))
    yield from ((match.start(), match.end(), Decimal("0.5")) for match in _HALVES.finditer(text))


def _literals(text: str) -> _Spans:
    position = 0
    while match := _LITERAL.search(text, position):
        value, position = _literal(text, match)
        yield match.start(), position, value


def _literal(text: str, match: re.Match[str]) -> tuple[Decimal, int]:
    value, end = Decimal(match.group().replace(",", "")), match.end()
    if power := _POWER_OF_TEN.match(text, end):
        exponent = int((power.group(1) or power.group(2)).replace("−", "-"))
        return value.scaleb(exponent), power.end()
    factor, end = scale(text, end)
    return _as_share(text, match.start(), end, value * factor)


def _as_share(text: str, start: int, end: int, value: Decimal) -> tuple[Decimal, int]:
    """``value`` as a fraction where a percent sign follows it or the upper end of its range, and where that sign ends."""
    if sign := _PERCENT_AFTER.match(text, end):
        return value / 100, sign.end()
    if _YEAR.fullmatch(text, start, end):
        return value, end
    between = _AND.match(text, end) if text.endswith("between ", 0, start) else None
    upper = between or _RANGE_TO.match(text, end)
    return (value / 100 if upper and _PERCENT_AFTER.match(text, upper.end()) else value), end


def _english_numbers(text: str) -> _Spans:
    for match in _ENGLISH_NUMBER.finditer(text):
        value = number(match.group().lower().removeprefix("a "))
        if value > 1:
            share, end = _as_share(text, match.start(), match.end(), value)
            yield match.start(), end, share


def _chinese_numbers(text: str) -> _Spans:
    for match in _CHINESE_NUMBER.finditer(text):
        numerals = match.group(1)
        value = number(numerals)
        counts = _COUNTED_RANGE.match(text, match.end()) or (len(numerals) > 1 and numerals not in _WORDS_NOT_NUMBERS)
        if value > 1 and counts:
            yield match.start(), match.end(), value


def numbers_rest_on(sentence: str, evidence: Iterable[str]) -> bool:
    """Whether each number of ``sentence`` occurs by value in one of the texts of ``evidence``.

    Names that hold digits must occur too, hyphens and spaces aside: ``GPT-5`` does not rest on ``GPT-4``.
    """
    missing = set(values(sentence))
    names = [_bare(name) for name in _NAME.findall(halfwidth(sentence)) if _has_digit(name)]
    for text in evidence:
        if missing:
            missing.difference_update(values(text))
        if names:
            written = _bare(text)
            names = [name for name in names if name not in written]
        if not missing and not names:
            break
    return not missing and not names


def _bare(text: str) -> str:
    return re.sub(r"[\s\-–_]+", "", fold(text))
