"""What the match of a rule says: the value and unit of a figure, or that it is none after all."""

from __future__ import annotations

import re
from collections.abc import Callable

from notes.quantities.metrics import metric_unit, physical_unit
from notes.quantities.numerals import number, scale

__all__ = [
    "Reading",
    "in_unit",
    "metric",
    "model_size",
    "noun",
    "part_of",
    "plain",
    "scaled",
    "scaled_value",
    "score",
    "tenths",
    "times",
    "times_faster",
]

_LEAST_SCORE = 10
_SMALLEST_COUNT = 5
# 4K videos and 7B models are large, not many.
_SIZE = re.compile(r"[1248][kK] (?:\w+ )?(?:images|videos|clips)|[\d.,]+[BM] .*(?:models|LLMs|agents)")
_DIMENSION = re.compile(r"(?:x|×|\\times)\s?\$?\s?$")

_UNIT_FOLLOWS = re.compile(r"(?:,? (?:and )?\d+\.\d+){1,6}\s?(?:\\?%|percent|points|pp\b)")
_CUT_TO = re.compile(r"\b(?:reduc|decreas|cut|shr[iu]nk|lower|only|just|compress)\w*\b(?:[^,.;]|\.\d)*$", re.IGNORECASE)
_MEASURED_BEFORE = re.compile(
    r"\b(?:errors?|latenc(?:y|ies)|distance(?= error)|(?:Chamfer|Hausdorff) distance|delays?|run-?times?|times?"
    r"|speeds?|throughputs?|deviations?|overheads?|bit-?rates?"
    r"|footprints?|memory|accuracy|runs?|running|takes?|taking|within|faster|slower|achiev\w*|reach\w*|attain\w*"
    r"|reduc\w*"
    r"|improv\w*|requir\w+|consum\w+|inference|processing|incur\w*|maintain\w*|average|mean|as low as"
    r"|as little as|MAE|RMSE"
    r"|MPJPE|HD95|vs\.?)\b(?:[^.;]|\.\d)*$|\bin (?:only |just |under |less than |about |approximately |around )?$",
    re.IGNORECASE,
)
_MEASURED_AFTER = re.compile(
    r"\s?\$?\s?\)?(?: of)?(?: [a-z-]+)?(?: faster\b| slower\b| less\b| more\b| per (?:frame|image|sample|query"
    r"|step|token|scene|case"
    r"|iteration|video|page|slice|volume)\b| on (?:an? |the )?(?:single )?(?:[\w-]+ ){0,3}?(?:GPUs?|CPUs?|RTX"
    r"|NVIDIA|Nvidia|A100|H100)\b"
    r"| errors?\b| latency\b| (?:inference|speed|throughput|processing|real-time)\b| (?:decrease|reduction"
    r"|improvement|increase|RMSE|MAE)\b| vs\b|/(?:frame|image|sample|query|step|token)\b)",
)
_OF_MATERIAL = re.compile(
    r"(?:[- ](?:long|of (?:\w+ )?(?:speech|audio|video|videos|data|footage|training|recording|recordings|music"
    r"|text)|clips?|videos?"
    r"|windows?|segments?|resolution|intervals?|wavelengths?|cameras?|sequences?|audio|footage|GPUs?|samples?"
    r"|spacing|frames|grid"
    r"|away|deep|tall|high|wide|range|horizons?|history|bands?|imagery|images?|pixels?|ground|spatial"
    r"|memory (?:card|GPU)|sessions?|durations?)\b)"
)

Reading = Callable[["re.Match[str]", str], "tuple[float, str] | None"]


def scaled_value(match: re.Match[str], text: str) -> float:
    """The match's number times the scale that follows it, after a range's upper end if there is one."""
    tail = re.compile(r"[\d,.\s$\\%–—~～to至到-]*?(?=\s?[kKMBT百千十万萬亿億]|[ -](?:thou|mill|bill|trill))").match(
        text, match.end("number"), match.end()
    )
    factor, _ = scale(text, tail.end() if tail else match.end("number"))
    return float(number(match["number"]) * factor)


def plain(unit: str) -> Reading:
    """A number in ``unit``, as it stands."""
    return lambda match, _: (float(number(match["number"])), unit)


def scaled(unit: str) -> Reading:
    """A number in ``unit`` times the scale behind it: 10B."""
    return lambda match, text: (scaled_value(match, text), unit)


def noun(match: re.Match[str], text: str) -> tuple[float, str] | None:
    """A count of the noun that the match names; none where it is few, a size or a dimension."""
    value, noun = scaled_value(match, text), match["noun"]
    if value < _SMALLEST_COUNT or _SIZE.fullmatch(match.group()) or _DIMENSION.search(text, 0, match.start()):
        return None
    return value, noun


def times(match: re.Match[str], _: str) -> tuple[float, str] | None:
    """A factor."""
    value = float(number(match["number"]))
    return (value, "x") if 1 < value < 10**7 else None


def times_faster(match: re.Match[str], text: str) -> tuple[float, str] | None:
    """How much faster, where a speed-up was told before: "speed-ups (up to 9 times on ...)"."""
    before = text[max(0, match.start() - 60) : match.start()]
    return times(match, text) if re.search(r"speed-?up|acceler|faster|reduc|improv|compress", before) else None


def tenths(match: re.Match[str], _: str) -> tuple[float, str] | None:
    """成 as a percentage."""
    return float(number(match["number"]) * 10), "%"


def model_size(match: re.Match[str], text: str) -> tuple[float, str] | None:
    """Parameters, unless the size is the last word of a model's name (Llama 3 8B, Mistral 7B)."""
    named = re.search(r"(?:[A-Z][A-Za-z]*[A-Za-z\d.-]*|\d(?:\.\d)?) $", text[: match.start()])
    opens = re.search(
        r"(?:^|[.!?] )(?:A|An|The|Our|With|Using|At|From|For|Only|This|These|Both|Smaller|Larger|Compact"
        r"|Small|Large) $",
        text[: match.start()],
    )
    return None if named and not opens else (scaled_value(match, text), "params")


def score(match: re.Match[str], _: str) -> tuple[float, str] | None:
    """A score of no metric; a small whole one is a mark of a rubric."""
    value = float(number(match["number"]))
    return (value, "points") if "." in match["number"] or value >= _LEAST_SCORE else None


def metric(match: re.Match[str], text: str) -> tuple[float, str] | None:
    """A score in the metric that the match names."""
    value = float(number(match["number"]))
    # "Dice of 83.2, 87.4 and 84.5%", "accuracy by 4.92 and 8.79 percentage points": the last one tells the unit.
    if 1900 <= value <= 2100 or (value > 1 and _UNIT_FOLLOWS.match(text, match.end("number"))):
        return None
    return value, metric_unit(match["metric"])


def in_unit(match: re.Match[str], text: str) -> tuple[float, str] | None:
    """A time, length or rate that was measured: the words around it tell it from a length of the material."""
    start, end = match.span()
    if _OF_MATERIAL.match(text, end) or not (
        _MEASURED_AFTER.match(text, end) or _MEASURED_BEFORE.search(text, max(0, start - 70), start)
    ):
        return None
    return float(number(match["number"])), physical_unit(match["unit"])


def part_of(match: re.Match[str], text: str) -> tuple[float, str] | None:
    """1/6 as a factor, where something is cut to it or costs so much of another."""
    value = float(number(match["number"]))
    said = _CUT_TO.search(text, max(0, match.start() - 60), match.start()) or re.match(
        r" (?:of|the) ", text[match.end() :]
    )
    return (value, "x") if said and 2 < value <= 1000 else None
