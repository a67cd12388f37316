"""Measured figures in a sentence: numbers with the unit that makes them one.

Years, dates, ids, versions, sections and citations have no such unit and so are no figures; digits inside
names are masked before anything is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from notes.quantities.numbers import mask_names
from notes.quantities.numerals import CHINESE, FOLDS, LITERAL, ORDINAL_FRACTIONS, WORD, halfwidth, number, scale

__all__ = ["LONGEST_SENTENCE", "METRIC", "Measure", "measures"]


LONGEST_SENTENCE = 2000
"""In characters; no prose has a longer one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure at ``start`` to ``end`` of its sentence; ``value`` is the lower end where it is a range."""

    text: str
    value: float
    unit: str
    start: int
    end: int

    @property
    def is_score(self) -> bool:
        """Whether it tells how well something does, not how large or how many."""
        return self.unit in {"%", "points", "x", "dB"} or METRIC.fullmatch(self.unit) is not None


_TO = r"(?:\s?\$?\s?(?:-{1,2}|–|—|~|～|to|至|到)\s?\$?\s?)"
_UPPER = rf"(?:(?:\s?\\?%)?{_TO}(?:\d[\d,]*(?:\.\d+)?))?"
# A year is never the low end of a range: "lifts AIME 2025 to 74.9%".
_NO_YEAR = rf"(?!(?:19|20)\d\d{_TO}\d{{1,3}}(?![\d,]))"
# "From 68.0 to 74.9%" is a change: no range, but what it was (where that has its own unit) and what it became.
_SPANNING = "".join(rf"(?<!{verb} from )" for verb in ("range", "ranges", "ranged", "ranging", "varies", "varying"))
_FROM = rf"(?:(?<=from ){_SPANNING}|(?<=[从從])|(?<=[从從] ))(?=[\d,.]+\s?\\?%?\s?(?:to\b|至|到))"
_NUMBER = rf"{_NO_YEAR}(?:(?P<change>{_FROM})|(?!{_FROM}))(?P<number>{LITERAL})(?(change)|{_UPPER})"
_SCALED = (
    rf"{_NO_YEAR}(?P<number>{LITERAL}){_UPPER}(?:\s?[kKMBT](?![A-Za-z])|[ -](?:thousand|million|billion"
    r"|trillion)\b|\s?[百千十]?[万萬亿億千])?\+?"
)
_BETTER = (
    r"(?:more|less|fewer|higher|lower|larger|smaller|faster|slower|cheaper|better|greater|longer"
    r"|shorter|as\b|the\b|that of|speed|"
    r"reduction|improvement|increase|higher|decrease|over|compared)"
)
_COUNTED = (
    r"(?:studies|papers|articles|publications|tasks|datasets|benchmarks|languages|models|LLMs"
    r"|participants|users|patients|students|people|"
    r"developers|respondents|subjects|experts|annotators|images|videos|clips|questions|problems"
    r"|samples|examples|instances|pairs|prompts|"
    r"hours|GPU[- ]hours|GPUs|H100s|A100s|episodes|trajectories|documents|domains|environments"
    r"|categories|classes|repositories|projects|"
    r"conversations|dialogues|sentences|queries|interviews|countries|institutions|trials|scenes|scenarios|"
    r"agents|robots|tools|APIs|benchmark instances|iterations|organizations|organisations|companies"
    r"|customers|vulnerabilities|species|sources|feeds)"
)
# Words that end the noun phrase a count belongs to: "12 and the tasks" counts no tasks.
_ADJECTIVE = (
    r"(?:(?!(?:and|or|of|the|in|on|to|for|with|by|as|at|from|is|are|was|than|percent|times|points?"
    r"|per|out|based)\b)[A-Za-z][\w/'’-]* )"
)
_METRIC = (
    r"(?<![A-Za-z])(?:(?:macro|micro|weighted|mean|average)[- ])?(?:F1|F-score|BLEU(?:-\d)?"
    r"|ROUGE(?:-[L\d])?|METEOR|CIDEr|mIoU|IoU|Dice|mAP|AUC|AUROC|AUPRC|"
    r"PSNR|SSIM|LPIPS|[a-z]?FID|FVD|WER|CER|BERTScore|nDCG(?:@\d+)?|MRR|Elo|PESQ|STOI|MOS|"
    r"(?:Pearson|Spearman)(?: correlation)?|Cohen's kappa|accuracy|precision|recall|perplexity|pass@\d+|pass rate)"
)
METRIC = re.compile(_METRIC)
"""A metric's name as a whole."""

_GAIN = r"(?:gain|improvement|increase|boost|drop|decrease|reduction|lead|advantage|margin|rise|jump)"
_CLASSIFIER = "项項篇位名份场場"
_HAN_COUNTED = (
    "参数|參數|任务|任務|语言|語言|模型|数据集|資料集|數據集|样本|樣本|问题|問題|图像|圖像|图片|圖片"
    "|视频|影片|用户|用戶|学生|學生|患者|病例|案例|国家|國家"
    "|论文|論文|研究|实验|實驗|类别|類別|场景|場景|步骤|步驟|基准|基準|专家|專家|项目|項目|文档|文檔"
    "|工具|领域|領域|城市|企业|企業"
)
# What makes the noun before it a part of its own name: 14 个语言模型 are models, not languages.
_HAN_HEAD = (
    r"[大小]?(?:模型|数据集|資料集|數據集|任务|任務|基准|基準|工具|问题|問題|样本|樣本|场景|場景"
    r"|类别|類別|项目|項目|领域|領域)"
)
# "3B, 9B and 27B models": the noun belongs to all of them.
_MORE_SIZES = r"(?:(?:[,、，/]\s?| )(?:(?:and|or) |[和与與及或]\s?)?\d+(?:\.\d+)?[BM]){0,6}"
_RATIO = re.compile(r"\d[:：]$")

_SMALLEST_COUNT = 5
# 4K videos and 7B models are large, not many.
_SIZE = re.compile(r"[1248][kK] (?:\w+ )?(?:images|videos|clips)|[\d.,]+[BM] .*(?:models|LLMs|agents)")
_DIMENSION = re.compile(r"(?:x|×|\\times)\s?\$?\s?$")

_Reading = Callable[["re.Match[str]", str], "tuple[float, str] | None"]


def _value(match: re.Match[str], text: str) -> float:
    """The match's number times the scale that follows it, after a range's upper end if there is one."""
    tail = re.compile(r"[\d,.\s$\\%–—~～to至到-]*?(?=\s?[kKMBT百千十万萬亿億]|[ -](?:thou|mill|bill|trill))").match(
        text, match.end("number"), match.end()
    )
    factor, _ = scale(text, tail.end() if tail else match.end("number"))
    return float(number(match["number"]) * factor)


def _plain(unit: str) -> _Reading:
    return lambda match, _: (float(number(match["number"])), unit)


def _scaled(unit: str) -> _Reading:
    return lambda match, text: (_value(match, text), unit)


def _noun(match: re.Match[str], text: str) -> tuple[float, str] | None:
    value, noun = _value(match, text), match["noun"]
    if value < _SMALLEST_COUNT or _SIZE.fullmatch(match.group()) or _DIMENSION.search(text, 0, match.start()):
        return None
    return value, noun


def _times(match: re.Match[str], _: str) -> tuple[float, str] | None:
    value = float(number(match["number"]))
    return (value, "x") if 1 < value < 10**7 else None


def _tenths(match: re.Match[str], _: str) -> tuple[float, str] | None:
    return float(number(match["number"]) * 10), "%"


def _model_size(match: re.Match[str], text: str) -> tuple[float, str] | None:
    """Parameters, unless the size is the last word of a model's name (Llama 3 8B, Mistral 7B)."""
    named = re.search(r"(?:[A-Z][A-Za-z]*[A-Za-z\d.-]*|\d(?:\.\d)?) $", text[: match.start()])
    opens = re.search(
        r"(?:^|[.!?] )(?:A|An|The|Our|With|Using|At|From|For|Only|This|These|Both|Smaller|Larger|Compact"
        r"|Small|Large) $",
        text[: match.start()],
    )
    return None if named and not opens else (_value(match, text), "params")


def _metric(match: re.Match[str], _: str) -> tuple[float, str] | None:
    value = float(number(match["number"]))
    unit = match["metric"]
    return (value, unit if any(c.isupper() for c in unit) else unit.lower()) if not 1900 <= value <= 2100 else None


def _rules() -> Iterator[tuple[re.Pattern[str], _Reading]]:
    """The rules in order of precedence: where two meet, the earlier wins, and the longer of one rule."""
    percent = r"\s?\$?\s?(?:\\?%|percent\b|per cent\b)"
    no_confidence = r"(?!\s?(?:confidence|CI\b|CIs\b|credible|prediction interval|置信))"
    points = (
        r"(?:\s?(?:\\?%|percentage)[ -]points?\b|\s?(?:pp|ppts?|p\.p\.)\b|\s?[个個]百分[点點]"
        rf"|[- ]points?\b(?= (?:\w+ )?{_GAIN})|(?<=\d\.\d) points?\b)"
    )
    yield re.compile(rf"{_NUMBER}\$?{points}"), _plain("points")
    yield re.compile(rf"(?:(?<=by )|(?<=by up to )|(?<=\+)){_NUMBER} points?\b"), _plain("points")
    yield re.compile(rf"{_NUMBER}{percent}{no_confidence}"), _plain("%")
    yield re.compile(rf"(?P<number>{WORD}) (?:percent|per cent)\b", re.IGNORECASE), _plain("%")
    yield re.compile(rf"百分之(?P<number>{LITERAL}|{CHINESE})"), _plain("%")
    yield re.compile(rf"(?P<number>{LITERAL}|[二三四五六七八九两兩])成(?=[的以左，。、；,]|$)"), _tenths
    yield (
        re.compile(
            rf"(?P<number>{LITERAL}|(?<![数數几幾成]){CHINESE})(?:\s?(?:-|–|~|至"
            rf"|到)\s?(?:{LITERAL.replace('(?<![A-Za-z0-9_.])', '')}|{CHINESE}))?\s?[多余餘]?倍(?!增|率|数|數)"
        ),
        _times,
    )
    yield re.compile(rf"(?P<number>{LITERAL}|{CHINESE})分之[一1]"), _times
    yield (
        re.compile(
            rf"\b(?:one|an?|1)[- ](?P<number>(?!half|third|quarter)(?:{ORDINAL_FRACTIONS}))(?= (?:of|the|as)\b)",
            re.IGNORECASE,
        ),
        _times,
    )
    yield (
        re.compile(
            rf"{_NUMBER}\s?\$?\s?(?:\$?\\times\b\$?|×|[xX](?![A-Za-z0-9])|[- ]?fold\b(?![- ](?:cross"
            r"|CV)))(?!\s?\$?\s?(?:\d|\\?[A-Z]|10\^))"
        ),
        _times,
    )
    yield re.compile(rf"{_NUMBER}(?: |-)times(?= (?:\w+ )?{_BETTER})"), _times
    yield (
        re.compile(
            (
                r"(?<!\bis )(?<!\bare )\b(?!(?:two|three"
                rf"|four)[- ]?fold\s?[.:;,])(?P<number>{FOLDS})[- ]?fold\b(?![- ](?:cross|CV))"
            ),
            re.IGNORECASE,
        ),
        _times,
    )
    yield re.compile(rf"(?P<number>{WORD}) times(?= {_BETTER.replace('|the', '')})", re.IGNORECASE), _times
    yield (
        re.compile(rf"(?<![>\\$])\${_NUMBER}\+?(?:\s?[MBKT]\b|\s(?:million|billion|trillion)\b)\+?(?!\$)"),
        _scaled("USD"),
    )
    yield re.compile(rf"{_SCALED}\s?美元"), _scaled("USD")
    yield re.compile(rf"{_SCALED}(?:[- ]|\s?[个個]\s?)?(?:{_ADJECTIVE}?tokens?\b|tokens?)"), _scaled("tokens")
    yield re.compile(rf"(?P<number>{LITERAL})[kKM]\+?(?=[- ]?(?:context|上下文|的上下文))"), _scaled("tokens")
    yield (
        re.compile(rf"{_SCALED}(?:[- ]|\s?[个個]\s?|\s?的)?(?:{_ADJECTIVE}{{0,2}}param(?:eter)?s?\b|参数|參數)"),
        _scaled("params"),
    )
    yield (
        re.compile(
            rf"(?P<number>{LITERAL})[BM]\+?(?={_MORE_SIZES}[- ]?(?:{_ADJECTIVE}{{0,2}}(?:models?|scale|LLMs?|VLMs?|MLLMs?"
            r"|LM|version|variant)\b|模型|级|級|规模|規模|参数|參數))"
        ),
        _model_size,
    )
    yield (
        re.compile(
            rf"(?P<metric>{_METRIC})(?: scores?| values?| coefficients?)?(?: \([A-Za-z]+\))?(?: of|:| is| =|="
            rf"| to| at| up to)* ?(?P<number>{LITERAL})(?!\s?\\?%|\s?[x×]|[BMkK]\b| \w*(?:points|percent))"
        ),
        _metric,
    )
    yield re.compile(rf"(?P<number>{LITERAL})[ -](?P<metric>{_METRIC}|dB)\b(?!@)"), _metric
    yield (
        re.compile(r"(?P<metric>(?<=[ ,]))(?P<number>(?<![.\d])\d+\.\d+)(?= (?:points )?on (?:the )?[A-Z][\w-]*)"),
        _plain("points"),
    )
    yield (
        re.compile(
            r"(?P<metric>scor(?:e|es|ed|ing)|reach(?:es|ed|ing)?|attain(?:s|ed|ing)?|achiev(?:es|ed|ing)|得分"
            r"|达到"
            r"|達到)\s?(?:(?:an? )?(?:\w+ )?(?:score )?of )?(?P<number>(?<![.\d])\d+\.\d+)(?= (?:points )?(?:on"
            r"|in|at)\b|分)"
        ),
        _plain("points"),
    )
    yield re.compile(rf"{_SCALED} (?:{_ADJECTIVE}){{0,3}}?(?P<noun>{_COUNTED})\b"), _noun
    yield re.compile(rf"{_SCALED}\s?(?P<noun>[{_CLASSIFIER}])(?![牌称稱字片目额額词詞前列单單])"), _noun
    yield (
        re.compile(
            rf"{_SCALED}\s?[个個种種类類张張条條家款](?:[\u4e00-\u9fff]{{0,4}}?)(?P<noun>{_HAN_COUNTED})(?!{_HAN_HEAD})"
        ),
        _noun,
    )
    yield re.compile(rf"{_SCALED}\s?(?P<noun>轮|輪|步|小时|小時)(?![骤驟])"), _noun


_RULES = tuple(_rules())
# A quick look that spares most sentences the rules.
_ANY_NUMBER = re.compile(rf"\d|[百分十]之|倍|成|{WORD}|(?:{ORDINAL_FRACTIONS})\b", re.IGNORECASE)


def measures(sentence: str) -> tuple[Measure, ...]:
    """The measured figures of ``sentence`` in reading order: percentages, points, factors, sizes, counts, scores.

    A sentence of more than 2,000 characters is a table or an attack, and holds none.
    ``unit`` is ``%``, ``points``, ``x``, ``params``, ``tokens``, ``USD``, a metric (``F1``) or the counted noun.
    """
    if len(sentence) > LONGEST_SENTENCE or not _ANY_NUMBER.search(sentence):
        return ()
    whole = halfwidth(sentence)
    text = mask_names(whole)
    found: list[Measure] = []
    for pattern, read in _RULES:
        for match in pattern.finditer(whole):
            start, end = _span(match)
            masked = text[match.start("number") : match.end("number")].isspace() or _RATIO.search(
                text, max(0, match.start("number") - 2), match.start("number")
            )
            taken = any(start < other.end and other.start < end for other in found)
            if not masked and not taken and (reading := read(match, whole)):
                found.append(Measure(sentence[start:end], *reading, start, end))
    return tuple(sorted(found, key=lambda each: each.start))


def _span(match: re.Match[str]) -> tuple[int, int]:
    """The figure as a reader would quote it: of a score the number alone, of a count its noun too."""
    if "metric" in match.groupdict():
        return match.span("number")
    quoted = match.group().rstrip()
    # The dollar that closes a formula belongs to the figure only when the one that opens it does.
    if quoted.endswith("$") and quoted.count("$") % 2:
        quoted = quoted[:-1]
    return match.start(), match.start() + len(quoted)
