"""The figures of a sentence in another's words: in the unit, on the benchmark and of the system of its notes.

That a number stands somewhere in a note is not enough for a sentence that a model worded: "doubles" does not rest on "2
datasets", 35 s not on 35 ms, and what a note tells of one benchmark is false of another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from notes.model import Figure, VaultNote
from notes.quantities.figures import find
from notes.quantities.numbers import located
from notes.text.fold import fold
from publish.sources.evidence import source_text
from publish.sources.readable import readable

__all__ = ["measures_otherwise"]


class _Kind(StrEnum):
    """What a number counts, as far as its spelling tells."""

    PLAIN = "number"
    SHARE = "%"
    FACTOR = "times"
    PARAMETERS = "parameters"
    TOKENS = "tokens"
    MILLISECONDS = "ms"
    SECONDS = "s"
    MINUTES = "min"
    HOURS = "h"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    DOLLARS = "USD"
    EUROS = "EUR"
    YUAN = "CNY"
    BYTES = "bytes"
    WATTS = "W"
    METRES = "m"


_SCALED = frozenset({_Kind.WATTS, _Kind.METRES})
_PREFIXES = {
    1e-3: re.compile(r"\s?(?:mW\b|milliw|毫|mm\b|millim)"),
    1e-2: re.compile(r"\s?(?:cm\b|centim|厘|公分)"),
    1e3: re.compile(r"\s?(?:k[Wm]\b|kilo|千瓦|公里|千米)"),
    1e6: re.compile(r"\s?(?:MW\b|megaw|兆瓦)"),
}
_BESIDE = re.compile(
    r"[\s-]?[A-Za-z%°.]{1,14},? (?:instead of|rather than|down from|up from|against|compared with|not|and|to|or) "
)
_LOOSE = frozenset({_Kind.PARAMETERS, _Kind.TOKENS})
"""What is often left out, as in "a 10B model"."""
_BY_VALUE = frozenset({_Kind.PLAIN, _Kind.SHARE, _Kind.FACTOR})
"""What a fraction may be spelled as: 0.58 and 58 %, a speed-up of 2.1 and 2.1 times."""
_AFTER = {
    _Kind.FACTOR: r"\s?-?(?:[x×](?![A-Za-z])|\$?\\times|times\b(?! (?:out|per|a )\b)|fold\b|倍)|-?fold\b",
    _Kind.PARAMETERS: r"[\s-]?(?:param(?:eter)?s?\b|个?個?参数|個?參數)",
    _Kind.TOKENS: r"[\s-]?(?:tokens?\b|个?词元|個?詞元|个?令牌)",
    _Kind.MILLISECONDS: r"[\s-]?(?:ms\b|msec\b|milliseconds?\b|毫秒)",
    _Kind.SECONDS: r"[\s-]?(?:s\b|secs?\b|seconds?\b|秒)",
    _Kind.MINUTES: r"[\s-]?(?:min\b|mins\b|minutes?\b|分钟|分鐘)",
    _Kind.HOURS: r"[\s-]?(?:h\b|hrs?\b|(?:[A-Z]\w*[\s-])?hours?\b|(?:个|個)?(?:小时|小時|钟头|鐘頭))",
    _Kind.DAYS: r"[\s-]?(?:days?\b|天|日(?!月))",
    _Kind.WEEKS: r"[\s-]?(?:weeks?\b|[周週](?![年期围圍末])|(?:个|個)?(?:星期|礼拜|禮拜)(?![一二三四五六日天]))",
    _Kind.MONTHS: r"[\s-]?(?:months?\b|[个個]月)",
    _Kind.YEARS: r"[\s-]?years?\b(?! \d)",
    _Kind.DOLLARS: r"\s?(?:USD\b|US dollars?\b|dollars?\b|cents?\b|美元|美金)",
    _Kind.EUROS: r"\s?(?:EUR\b|euros?\b|€|欧元|歐元)",
    _Kind.YUAN: r"\s?(?:CNY\b|RMB\b|yuan\b|元|人民币|人民幣)",
    _Kind.BYTES: r"\s?(?:[KMGT]i?B\b|(?:kilo|mega|giga|tera)?bytes?\b)",
    _Kind.WATTS: r"\s?(?:[kMm]?W\b|(?:kilo|mega|milli)?watts?\b|[毫千兆]?瓦)",
    _Kind.METRES: r"\s?(?:[cmk]?m\b|(?:centi|milli|kilo)?met(?:re|er)s?\b|(?:毫|厘|公)?[米尺])",
}
_UNIT = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _AFTER.items()))
_BEFORE = {
    _Kind.DOLLARS: r"(?:US)?\$\s?$",
    _Kind.EUROS: r"€\s?$",
    _Kind.YUAN: r"[¥￥]\s?$",
    _Kind.FACTOR: r"(?:factor of|speed-?ups? (?:of|by|to)|[x×]|加速比?(?:为|為|达|達)?)\s?\$?(?:up to |about |over )?$",
}
_LEAD = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _BEFORE.items()), re.IGNORECASE)
_SHARE = re.compile(
    r"%|percent|per cent|percentage|\bpct|\bpp|百分|成|hal[fv]|半|thirds|quarters|fifths", re.IGNORECASE
)
_FACTOR = re.compile(
    r"twice|doubl|tripl|thrice|fold|翻|1/|third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|hundredth|ieth|分之",
    re.IGNORECASE,
)
_LEAD_LENGTH = 32
_PER = {
    "thousand": r"\bper (?:thousand|1,?000|1k)\b|每[一1]?千",
    "ten thousand": r"\bper 10,?000\b|每[一1]?[万萬]",
    "million": r"\bper (?:million|1m)\b|每[一1]?百[万萬]",
    "billion": r"\bper (?:billion|1b)\b|每[一1]?十[亿億]",
    "second": r"\bper second\b|\btokens?/s\b|每秒",
    "minute": r"\bper minute\b|每分[钟鐘]",
    "hour": r"\bper hour\b|每[个個]?小[时時]",
    "day": r"\bper day\b|\bdaily\b|每[天日]",
}
_PERS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PER.items()}
_NOUNS = re.compile(
    r"[ -](?P<one>[A-Za-z]{3,})(?:[ -](?P<two>[A-Za-z]{3,}))?|\s?[个個项項篇条條款筆笔种種张張](?P<han>[\u3400-\u9fff]{2})"
)
_NO_NOUNS = frozenset("and are but for from has its the than that then times was were which while with".split())


def measures_otherwise(text: str, bearing: Sequence[VaultNote]) -> str:
    """Why a figure of the sentence is none of the notes ``bearing`` its names; empty when each is."""
    told = _kinds(text)
    if not told:
        return ""
    evidence = [one for note in bearing for one in _texts(note)]
    known = frozenset[tuple[float, _Kind]]().union(*(_kinds(one) | _elided(one) for one in evidence))
    for value, kind in sorted(told):
        if not any((value, other) in known for other in _Kind if _bears(value, kind, other)):
            if not any(value == held for held, _ in known):
                return f"a figure that stands with another name: {value:g}"
            return f"a figure that stands in another unit: {value:g} {kind.value}"
    return _is_per_others(text, bearing) or _counts_others(text, bearing) or _is_of_another(text, bearing)


def _is_per_others(text: str, bearing: Sequence[VaultNote]) -> str:
    """A price per thousand of one per million."""
    texts = [one for note in bearing for one in _texts(note)]
    for name, pattern in _PERS.items():
        if pattern.search(text) and not any(pattern.search(one) for one in texts):
            return f"a figure that stands in another unit: per {name}"
    return ""


def _bears(value: float, told: _Kind, stands: _Kind) -> bool:
    """Whether a number of one kind rests on the same number of the other."""
    if told is stands:
        return True
    if {told, stands} <= _BY_VALUE:
        return value != int(value)  # 58 % is 0.58, but 200 % is not 2
    if told is _Kind.PLAIN:
        return stands not in _BY_VALUE  # a unit may be left out, never put in
    return stands is _Kind.PLAIN and told in _LOOSE


@lru_cache(maxsize=4096)
def _kinds(text: str) -> frozenset[tuple[float, _Kind]]:
    found = ((start, end, value, _kind(text, start, end)) for start, end, value in located(text))
    return frozenset((round(value * _scale(text, end, kind), 9), kind) for _, end, value, kind in found)


@lru_cache(maxsize=4096)
def _elided(text: str) -> frozenset[tuple[float, _Kind]]:
    """Numbers whose unit stands with the number before them: 31 minutes instead of 52."""
    numbers = sorted((start, end, value, _kind(text, start, end)) for start, end, value in located(text))
    pairs = ((one, other) for one, other in pairwise(numbers) if _BESIDE.fullmatch(text, one[1], other[0]))
    return frozenset((round(other[2], 9), one[3]) for one, other in pairs if other[3] is _Kind.PLAIN)


def _scale(text: str, end: int, kind: _Kind) -> float:
    """Of watts and metres in thousands or thousandths."""
    if kind not in _SCALED:
        return 1.0
    return next((scale for scale, pattern in _PREFIXES.items() if pattern.match(text, end)), 1.0)


def _kind(text: str, start: int, end: int) -> _Kind:
    written = text[start:end]
    if _SHARE.search(written):
        return _Kind.SHARE
    if _FACTOR.search(written):
        return _Kind.FACTOR
    named = _UNIT.match(text, end) or _LEAD.search(text, max(0, start - _LEAD_LENGTH), start)
    return _Kind[named.lastgroup] if named and named.lastgroup else _Kind.PLAIN


def _counts_others(text: str, bearing: Sequence[VaultNote]) -> str:
    """A number of things of which the notes tell another number: "26 datasets" of "2 datasets with 26 models"."""
    stand = frozenset[tuple[float, str]]().union(*(_counted(one) for note in bearing for one in _texts(note)))
    nouns = {noun for _, noun in stand}
    for value in {value for value, _ in _counted(text)}:
        own = {noun for counted, noun in _counted(text) if counted == value}
        if own & nouns and not any((value, noun) in stand for noun in own):
            return f"a number of something else: {value:g} {min(own & nouns)}"
    return ""


@lru_cache(maxsize=4096)
def _counted(text: str) -> frozenset[tuple[float, str]]:
    """Whole numbers without a unit, each with the words that follow it."""
    found: set[tuple[float, str]] = set()
    for _, end, value in located(text):
        match = _NOUNS.match(text, end) if value == int(value) else None
        words = (match["han"],) if match and match["han"] else (match["one"], match["two"]) if match else ()
        found |= {(value, fold(word).removesuffix("s")) for word in words if word and word.lower() not in _NO_NOUNS}
    return frozenset(found)


def _texts(note: VaultNote) -> tuple[str, ...]:
    return (readable(note.title), source_text(note), *note.authors, note.source)


def _is_of_another(text: str, bearing: Sequence[VaultNote]) -> str:
    """A figure that its notes tell of other benchmarks or systems only, while they know the one that the sentence names."""
    told = [figure for figure in find(text) if figure.benchmark or figure.system]
    if not told:
        return ""
    held = [figure for note in bearing for figure in find(source_text(note), title=note.title)]
    for figure in told:
        # Which of several works a figure is of, is told more surely by what stands next to it (worded_owners).
        for part in ("benchmark", "system") if len(bearing) == 1 else ("benchmark",):
            if _is_elsewhere(figure, held, part):
                return f"a figure of another {part}: {figure.text} of {getattr(figure, part)}"
    return ""


def _is_elsewhere(figure: Figure, held: Sequence[Figure], part: str) -> bool:
    own = _bare(getattr(figure, part))
    if not own:
        return False
    same = {_bare(getattr(one, part)) for one in held if one.value == figure.value} - {""}
    others = {_bare(getattr(one, part)) for one in held} - {""}
    # A name of another's figure, or one that its very spelling tells and that the figure is not given to.
    marked = not figure.change and any(letter.isupper() for letter in getattr(figure, part)[1:])
    return bool(same) and (own in others or marked) and not any(own in one or one in own for one in same)


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(name))
