"""The rules by which a number with its unit is read: each a pattern and what it says.

Sizes and counts are read as well as scores: which a figure is, its unit tells (:func:`notes.quantities.metrics.is_result`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from notes.quantities.metrics import METRIC_NAME, PHYSICAL
from notes.quantities.numerals import CHINESE, FOLDS, LITERAL, ORDINAL_FRACTIONS, WORD
from notes.quantities.readings import (
    Reading,
    in_unit,
    metric,
    model_size,
    noun,
    part_of,
    plain,
    scaled,
    score,
    tenths,
    times,
    times_faster,
)

__all__ = ["ANY_NUMBER", "AT_NUMBER", "RULES"]

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
_GAIN = r"(?:gain|improvement|increase|boost|drop|decrease|reduction|lead|advantage|margin|rise|jump)"
_ABOUT = (
    r"(?:only |just |approximately |about |around |roughly |nearly |almost |up to |over |above |below |under "
    r"|at least |at most "
    r"|more than |less than |as (?:high|low|much|little) as |[~≈<>] ?|\\(?:approx|sim|geq?|leq?) ?)+"
)
_FREE = LITERAL.replace("(?<![A-Za-z0-9_.])", "")
_SCORES = (
    r"(?:[- ](?:scores?|values?|coefficients?|index|metric|accuracy|rates?|error"
    r"|errors))?(?: \(\$?[A-Za-z][\w$^{}-]*\))?"
    r"(?: scores?| values?)?"
)
_MOVED = r"(?:,? (?:is |was |were |has |have |been |further |significantly )*[a-z]+(?:ed|s|es|ing|en|ose|ell|rew))?"
_IS = (
    rf"(?: of up to| of|:| is| was| =|=| to| up to| by| reach(?:es|ed|ing)| exceed(?:s|ing)| averag(?:es"
    rf"|ing))* ?\(?(?:{_ABOUT})?"
    r"\$?(?:=|:)? ?[+]?"
)
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


def _rules() -> Iterator[tuple[re.Pattern[str], Reading]]:
    """The rules in order of precedence: where two meet, the earlier wins, and the longer of one rule."""
    percent = r"\s?\$?\s?(?:\\?%|percent\b|per cent\b)"
    no_confidence = r"(?!\s?(?:confidence|CI\b|CIs\b|credible|prediction interval|置信))"
    points = (
        r"(?:\s?\$?\s?\\?%[ -]?p(?:oints?|p|ts?)?\b|\s?percent(?:age)?[ -]points?\b|\s?(?:pp|ppts?|p\.p\.|pts)\b"
        r"|\s?[个個]百分[点點]"
        rf"|[- ]points?\b(?= (?:absolute |relative |\w+ )?{_GAIN})|(?<=\d\.\d)[ -]points?\b|(?<=\d\.\d\d)[ -]points?\b"
        r"|[- ]points?\b(?= (?:of|in|on|over|above|below|higher|lower|better|ahead) ))"
    )
    # "+20 CoNLL-F1 points": the metric stands between.
    named_points = rf"(?: (?:{METRIC_NAME}|(?:[A-Z][\w+]*-)?F1|Elo|[A-Za-z+]+))?[- ]points?\b"
    yield re.compile(rf"{_NUMBER}\$?{points}"), plain("points")
    yield (
        re.compile(
            rf"(?:(?<=by )|(?<=by up to )|(?<=by over )|(?<=by about )|(?<=by nearly )|(?<=by \$)|(?<=\+)"
            rf"|(?<=gain of )|(?<=gains of )"
            rf"|(?<=improvement of )|(?<=improvements of )|(?<=increase of )|(?<=drop of )){_NUMBER}\$?{named_points}"
        ),
        plain("points"),
    )
    yield re.compile(rf"{_NUMBER}{percent}{no_confidence}"), plain("%")
    yield re.compile(rf"(?P<number>{WORD}) (?:percent|per cent)\b", re.IGNORECASE), plain("%")
    yield re.compile(rf"百分之(?P<number>{LITERAL}|{CHINESE})"), plain("%")
    yield re.compile(rf"(?P<number>{LITERAL}|[二三四五六七八九两兩])成(?=[的以左，。、；,]|$)"), tenths
    yield (
        re.compile(
            rf"(?P<number>{LITERAL}|(?<![数數几幾成]){CHINESE})(?:\s?(?:-|–|~|至"
            rf"|到)\s?(?:{LITERAL.replace('(?<![A-Za-z0-9_.])', '')}|{CHINESE}))?\s?[多余餘]?倍(?!增|率|数|數)"
        ),
        times,
    )
    yield re.compile(rf"(?P<number>{LITERAL}|{CHINESE})分之[一1]"), times
    yield (
        re.compile(
            rf"\b(?:one|an?|1)[- ](?P<number>(?!half|third|quarter)(?:{ORDINAL_FRACTIONS}))(?= (?:of|the|as)\b)",
            re.IGNORECASE,
        ),
        times,
    )
    yield (
        re.compile(
            rf"{_NUMBER}\s?\$?\s?(?:\$?\\times\b\$?|×|[xX](?![A-Za-z0-9])|[- ]?fold\b(?![- ](?:cross"
            r"|CV)))(?!\s?\$?\s?(?:\d|\\?[A-Z]|10\^))"
        ),
        times,
    )
    yield re.compile(rf"{_NUMBER}(?: |-)times(?= (?:\w+ )?{_BETTER})"), times
    yield (
        re.compile(rf"(?P<metric>\bby (?:an? )?(?:[a-z]+ )?factors? of (?:{_ABOUT})?\$?)(?P<number>{LITERAL})"),
        times,
    )
    yield (
        re.compile(
            rf"(?P<metric>\b[Ss]peed-?ups?(?: ratios?"
            rf"| factors?)? of (?:{_ABOUT})?\$?)(?P<number>{LITERAL})(?!\s?\\?%|[\d.]|\s?\$?\s?\\?%)"
        ),
        times,
    )
    yield re.compile(rf"(?<=up to ){_NUMBER} times\b"), times_faster
    yield re.compile(r"(?<![\w.])(?P<number>\d+\.\d+) times\b"), times
    yield re.compile(r"(?<![\d/.\w])1/(?P<number>\d{1,4})(?![\d/.]\d|/)"), part_of
    yield (
        re.compile(
            (
                r"(?<!\bis )(?<!\bare )\b(?!(?:two|three"
                rf"|four)[- ]?fold\s?[.:;,])(?P<number>{FOLDS})[- ]?fold\b(?![- ](?:cross|CV))"
            ),
            re.IGNORECASE,
        ),
        times,
    )
    yield re.compile(rf"(?P<number>{WORD}) times(?= {_BETTER.replace('|the', '')})", re.IGNORECASE), times
    yield (
        re.compile(rf"(?<![>\\$])\${_NUMBER}\+?(?:\s?[MBKT]\b|\s(?:million|billion|trillion)\b)\+?(?!\$)"),
        scaled("USD"),
    )
    yield re.compile(rf"{_SCALED}\s?美元"), scaled("USD")
    yield re.compile(rf"{_SCALED}(?:[- ]|\s?[个個]\s?)?(?:{_ADJECTIVE}?tokens?\b|tokens?)"), scaled("tokens")
    yield re.compile(rf"(?P<number>{LITERAL})[kKM]\+?(?=[- ]?(?:context|上下文|的上下文))"), scaled("tokens")
    yield (
        re.compile(rf"{_SCALED}(?:[- ]|\s?[个個]\s?|\s?的)?(?:{_ADJECTIVE}{{0,2}}param(?:eter)?s?\b|参数|參數)"),
        scaled("params"),
    )
    yield (
        re.compile(
            rf"(?P<number>{LITERAL})[BM]\+?(?={_MORE_SIZES}[- ]?(?:{_ADJECTIVE}{{0,2}}(?:models?|scale|LLMs?"
            rf"|VLMs?|MLLMs?"
            r"|LM|version|variant)\b|模型|级|級|规模|規模|参数|參數))"
        ),
        model_size,
    )
    no_unit = (
        rf"(?![A-Za-z])(?!\s?\$?\s?(?:\\?%|[x×]\b|\\times|dB\b|{PHYSICAL})|[- ]\w*(?:points?|percent|fold|times"
        rf"|shot|way|class|bits?)\b)"
        rf"(?! to \$?\d[\d.]*[- ]bits?\b)(?! ?(?:to|-|–) ?\d[\d.]* ?{PHYSICAL})"
    )
    yield (
        re.compile(rf"(?P<metric>{METRIC_NAME}){_SCORES}{_IS}(?P<number>{LITERAL}){no_unit}"),
        metric,
    )
    yield (
        re.compile(rf"(?P<metric>{METRIC_NAME}){_SCORES}{_MOVED} from \$?(?P<number>{LITERAL})(?= to \$?\d){no_unit}"),
        metric,
    )
    yield (
        re.compile(rf"(?P<metric>{METRIC_NAME}){_SCORES}{_MOVED} from \$?{_FREE} to \$?(?P<number>{LITERAL}){no_unit}"),
        metric,
    )
    yield re.compile(rf"(?P<number>{LITERAL})\$?[ -](?P<metric>{METRIC_NAME}|dB)\b(?!@)"), metric
    yield re.compile(r"(?P<number>(?<![\w.])\d+\.\d+)\$? (?P<metric>AP)\b"), metric
    yield re.compile(rf"(?P<metric>\b[Ss]cores? \()(?P<number>\d+\.\d+){no_unit}"), plain("points")
    yield (
        re.compile(r"(?P<metric>(?<![A-Za-z\\])(?:r|ρ|\\rho)) ?(?:=|>|\\geq?|≥) ?\$?(?P<number>0\.\d+)(?![\d%])"),
        plain("r"),
    )
    yield re.compile(r"(?<![\w.])(?P<number>\d{1,2}(?:\.\d+)?)(?:st|nd|rd|th) percentile\b"), plain("percentile")
    yield re.compile(rf"(?P<metric>\b[Ll]oss) of (?:{_ABOUT})?(?P<number>\d+\.\d+){no_unit}"), plain("loss")
    yield (
        re.compile(rf"(?P<metric>\bscores? of (?:{_ABOUT})?\$?)(?P<number>{LITERAL}){no_unit}"),
        score,
    )
    yield re.compile(rf"{_NUMBER}\$?\s?(?:\\,|\\ |~)?\s?(?:\\text\{{)?(?P<unit>{PHYSICAL})"), in_unit
    yield re.compile(rf"(?P<metric>(?<=[(\[ ]\+))(?P<number>\d+\.\d+){no_unit}(?![-–/]\d)"), plain("points")
    yield (
        re.compile(
            rf"(?P<metric>(?:scores?"
            rf"|rates?){_MOVED} from \$?)(?P<number>{LITERAL})(?= to \$?\d[\d.]*(?!\s?\$?\s?(?:\\?%|[x×]|to))){no_unit}"
        ),
        plain("points"),
    )
    yield (
        re.compile(rf"(?P<metric>(?:scores?|rates?){_MOVED} from \$?{_FREE} to \$?)(?P<number>{LITERAL}){no_unit}"),
        plain("points"),
    )
    yield (
        re.compile(r"(?P<metric>(?<=[ ,]))(?P<number>(?<![.\d])\d+\.\d+)(?= (?:points )?on (?:the )?[A-Z][\w-]*)"),
        plain("points"),
    )
    yield (
        re.compile(
            r"(?P<metric>scor(?:e|es|ed|ing)|reach(?:es|ed|ing)?|attain(?:s|ed|ing)?|achiev(?:es|ed|ing)|得分"
            r"|达到"
            r"|達到)\s?(?:(?:an? )?(?:\w+ )?(?:score )?of )?(?P<number>(?<![.\d])\d+\.\d+)(?= (?:points )?(?:on"
            r"|in|at)\b|分)"
        ),
        plain("points"),
    )
    yield re.compile(rf"{_SCALED} (?:{_ADJECTIVE}){{0,3}}?(?P<noun>{_COUNTED})\b"), noun
    yield re.compile(rf"{_SCALED}\s?(?P<noun>[{_CLASSIFIER}])(?![牌称稱字片目额額词詞前列单單])"), noun
    yield (
        re.compile(
            rf"{_SCALED}\s?[个個种種类類张張条條家款](?:[\u4e00-\u9fff]{{0,4}}?)(?P<noun>{_HAN_COUNTED})(?!{_HAN_HEAD})"
        ),
        noun,
    )
    yield re.compile(rf"{_SCALED}\s?(?P<noun>轮|輪|步|小时|小時)(?![骤驟])"), noun


RULES = tuple(_rules())
"""In order of precedence."""

AT_NUMBER = (_NO_YEAR, f"(?P<number>{LITERAL})", "(?:(?<=by )", f"(?<=up to ){_NUMBER}")
"""How the patterns of those begin that match nowhere but where a number in digits begins."""

# A quick look that spares most sentences the rules.
ANY_NUMBER = re.compile(rf"\d|[百分十]之|倍|成|{WORD}|(?:{ORDINAL_FRACTIONS})\b", re.IGNORECASE)
