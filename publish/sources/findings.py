"""Whether a sentence does what its place in a text lets it be read as: a result is a finding, a limit says so.

And whether it can be shown at all.
"""

from __future__ import annotations

import re

from notes.model import Role
from notes.quantities import figures
from notes.quantities.measures import is_result
from notes.text import cues
from publish.sources.readable import has_markup

__all__ = ["announces", "does", "finds", "finds_limits", "is_aside", "is_broken", "of_others", "only_tests"]

# What was made or done for the work, which is no finding whatever it improves.
_DOES = re.compile(
    r"\b(?:we|the authors|this (?:paper|work)) (?:\w+ly )?(?:then |also |further |first |instead |therefore )?"
    r"(?:pioneer|employ|adopt|design|construct|introduc|us(?:e|ing)\b|utili[sz]e|leverag|appl|propos|develop|integrat|buil[dt]"
    r"|train|curat|outlin|collect|creat|formulat|combin|incorporat|provid|present|devis|implement|study|carefully|releas|offer)",
    re.IGNORECASE,
)
# What a work does besides, or as the first of several things.
_ASIDE = re.compile(
    r"\b(?:also|further|additionally|first) (?:releas|introduc|propos|present|provid|defin|construct|develop|design|build"
    r"|contribut)\w*",
    re.IGNORECASE,
)
# What tells of the limits of others, or of both sides of something, admits none.
_NO_LIMIT = re.compile(
    r"\b(?:insights? into|contributes? (?:to|an?)|(?:capabilities|strengths|abilities|advantages|potential)"
    r" and (?:the )?limitations)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(r"(?:Existing|Prior|Previous|Conventional|Traditional|Fortunately|Luckily)\b")
_AIM = re.compile(
    r"\b(?:challenge|goal|idea|insight|aim) (?:is|was)\b|\b(?:we|authors) (?:believe|hope|expect|envision|anticipate)\b",
    re.IGNORECASE,
)
_FINDS = re.compile(
    r"(?<!\bto )\b(?:demonstrat|show|expos|uncover|outperform|surpass|exceed|achiev|reveal|find(?:s|ing|ings)?\b"
    r"|found\b|observ|reach|attain|match|rival"
    r"|yield|state-of-the-art|SOTA|superior|competitive|confirm|discover|suggest|indicat|improves?\b|improved|reduces?\b|wins?\b"
    r"|perform\w* better|(?:better|faster|fewer|lower|higher)\b[^.;]{0,60}\b(?:than|compared)|exhibit|excel"
    r"|generali[sz]e[sd]?\b|solve[sd]?\b|(?:establish\w*|sets?) (?:a |the )?new|enjoy|underperform|lags?\b"
    r"|degrad|prefer|remain|conclude that|boost|raises?\b|narrow|increases?\b|increased|decreas|drops?\b|struggl|fails?\b)",
    re.IGNORECASE,
)
# 随后…再…最后进行: how it was done, in the place of what came of it.
_PROCEDURE = re.compile(r"[随隨][后後]|接[着著]|最[后後](?:再|进行|進行|对|對|用|将|將)|首先|先[^，。]{1,20}再")
_FINDS_CHINESE = re.compile(
    r"[达達]到|[优優][于於]|超[过過越出](?!\s?[\d,]+\s?[轮輪次步])|提[升高]|降低|下降|[减減]少|[缩縮]短|表明|[显顯]示|[证證][明实實]|[发發][现現]|取得|[胜勝]|相[当當若]|持平|高出"
    r"|[结結][果论論]|[准準][确確]率"
)
# 采用……, 设计了……: what was made or done, where a problem or a finding was looked for; and the words that tell one all the same.
_DEED_CHINESE = re.compile(
    r"^(?:[^，。；]{0,24}?(?:[设設][计計]|提出|建立|[构構]建|[开開]展)了|(?:[采採]用|利用|[运運]用|借助|[根依][据據]|通[过過]|基[于於])(?!.{0,30}[难難]))"
)
_REPORTS_CHINESE = re.compile(
    r"表明|[显顯]示|[证證][明实實]|(?<!交叉)[验驗][证證](?!方法)|有效|[较較]好|[发發][现現]|[优優][于於]|超[过過]|[达達]到|可[达達]|高[达達]|提[升高]了|降低了|[减減]少了|[缩縮]短了|取得"
    r"|[准準][确確]率|[为為]\s?[\d.]+\s?[%％]|[胜勝]|能[够夠]|可以|可[实實][现現]|符合|一致"
)
_LACKS_CHINESE = re.compile(
    r"[为為]了?[解克]|[针針][对對]|[难難]|不足|缺|[问問][题題]|瓶[颈頸]|[无無]法|不能|[较較]差|[严嚴]重|挑[战戰]"
)
# The limits of what was tested are a finding, those of the work are its limits.
_FINDS_LIMITS = re.compile(
    r"\b(?:reveal|expos|uncover|diagnos|highlight|identif|underscor|demonstrat|show)\w*\b[^.;]{0,200}"
    r"\b(?:limitations?|shortcomings?|weakness\w*|discrepanc\w+|challeng\w+|gaps?|fail\w*|struggl\w*)\b",
    re.IGNORECASE,
)
_OWN_LIMITS = re.compile(
    r"\b(?:limitation|shortcoming|weakness)\w* of (?:our|this|the proposed)\b"
    r"|\bour (?:method|approach|model|framework|system|work)\b",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_RELEASES = re.compile(
    r"\b(?:code|data|dataset|models?|weights|benchmark|checkpoints?)\b[^.]{0,60}\b(?:(?:publicly |freely |openly )?available"
    r"|released|open-?sourced)\b",
    re.IGNORECASE,
)
_TESTS = re.compile(
    r"(?:we|the authors|they) (?:\w+ly |also |then |first )*(?:evaluat|test|benchmark|validat|assess|conduct|perform|compar|verif"
    r"|experiment)\w*",
    re.IGNORECASE,
)
# A list that is announced and not given.
_ANNOUNCES = re.compile(
    r"\b(?:two|three|four|five|six|several|the following) (?:[\w-]+ ){0,3}(?:stages|steps|findings|contributions|components"
    r"|modules|phases|parts|innovations|insights|aspects|observations|principles|challenges|strategies|techniques|designs)[.:]?$"
)
# A verb without its subject, as in the lines of a change log or a sentence that its author left unfinished.
_SUBJECTLESS = re.compile(
    r"(?:Begins|Starts|Consists|Enables|Allows|Introduces|Proposes|Provides|Presents|Uses|Achieves|Addresses|Leverages|Employs"
    r"|Fixes|Fixed|Adds|Added|Removes|Removed|Supports|Improves|Reduces|Outperforms) (?!and\b|or\b|of\b)"
)
_UNSET = re.compile(
    r"\$[^$]*(?:\\[A-Za-z]|\$\{)|\$\{|[a-z]{2}- (?!(?:and|or|to|nor|versus|vs|as|but|than|by|on|in)\b)[a-z]{2}"
)


# Where a field stands is no result: "A growing number of testbeds have boosted …".
_SETTING = re.compile(
    r"(?:\w+, )?(?:a (?:growing|large|wide) (?:number|body|range) of|in recent years"
    r"|recent (?:advances|progress|years|works?|studies)"
    r"|the (?:rapid|recent|growing|rise|advent|emergence)\b|with the (?:rapid|recent|growing|rise|advent))",
    re.IGNORECASE,
)
# How others do it and where they fail stands before the idea, whatever it is read as.
_OTHERS_DO = re.compile(
    r"(?:(?:\w+|despite [^,]{1,60}|(?:while|though) [^,]{1,80}), |but |yet )?(?:most |many |the )?"
    r"(?:existing|current|prior|previous|conventional|traditional) (?:[\w-]+ ){1,5}"
    r"(?:(?:typically|often|usually|still|mainly|primarily|mostly|largely|only|either) )*"
    r"(?:struggl\w+|fail|suffer|fac(?:e|ing)|neglect|overlook|rely|relies|regulate|lack|focus|ignore|require|assume|treat|remain"
    r"|are (?:limited|constrained|restricted))\b",
    re.IGNORECASE,
)
_OF_US = re.compile(r"\b(?:we|our|the authors)\b", re.IGNORECASE)


def of_others(sentence: str) -> bool:
    """Whether a sentence tells how others go about it, and no more: "Existing methods struggle with …"."""
    return _OTHERS_DO.match(sentence) is not None and _OF_US.search(sentence) is None


def does(sentence: str, role: Role) -> bool:
    """Whether a sentence does what it was read as: a result tells what came of the work, a limit says so."""
    if role is Role.RESULT:
        return not _RELEASES.search(sentence) and _is_finding(sentence)
    if role is Role.LIMITATION:
        if _RELEASES.search(sentence) or _NO_LIMIT.search(sentence) or _OF_OTHERS.match(sentence):
            return False
        return cues.count(sentence, role) > 0 or not _DOES.search(sentence)
    if role is Role.PROBLEM and _DEED_CHINESE.search(sentence):
        return _LACKS_CHINESE.search(sentence) is not None
    return True


def _is_finding(sentence: str) -> bool:
    """Whether a sentence tells what was found: it says so, or it holds a measured figure and tells of nothing made."""
    if _HAN.search(sentence):
        if _DEED_CHINESE.search(sentence):
            return _REPORTS_CHINESE.search(sentence) is not None
        return _PROCEDURE.search(sentence) is None or finds(sentence)
    if _AIM.search(sentence) or _SETTING.match(sentence):
        return False
    measured = any(is_result(figure.unit) for figure in figures.find(sentence))
    return finds(sentence) or (measured and _DOES.search(sentence) is None)


def finds_limits(sentence: str) -> bool:
    """Whether a sentence finds the limits of something else than the work: of the models that a benchmark tests."""
    return _FINDS_LIMITS.search(sentence) is not None and _OWN_LIMITS.search(sentence) is None


def is_aside(sentence: str) -> bool:
    """Whether a sentence tells what a work does besides ("we also release …"), or only its first step."""
    return _ASIDE.search(sentence) is not None


def announces(sentence: str) -> bool:
    """Whether a sentence ends on a list that only the next ones give: "organizes memory into three stages."."""
    return _ANNOUNCES.search(sentence) is not None


def finds(sentence: str) -> bool:
    """Whether a sentence says in so many words that something was found or reached."""
    return (_FINDS_CHINESE if _HAN.search(sentence) else _FINDS).search(sentence) is not None


def only_tests(sentence: str) -> bool:
    """Whether a sentence only says that a work was tested, and neither what it is nor what came of it."""
    return _TESTS.match(sentence) is not None and _FINDS.search(sentence) is None


def is_broken(sentence: str) -> bool:
    """Commands of TeX that nobody sets, a word torn by the end of a line ("comprehen- sive"), a list's bare mark, no subject."""
    torn = has_markup(sentence) or _UNSET.search(sentence) is not None or "(-) " in sentence
    return torn or _SUBJECTLESS.match(sentence) is not None
