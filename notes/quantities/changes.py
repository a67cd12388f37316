"""Whether a figure tells how much better, not how good: a difference, a share that went, a factor."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notes.quantities.measures import Measure

__all__ = ["changes"]

_VERB = (
    r"(?:reduc|increas|decreas|improv|lower|cut|sav|boost|gain|drop|declin|shrink|slash|rais|accelerat|speed"
    r"|enhanc|advanc|degrad"
    r"|outperform|surpass|exceed|beat|fall|fell|rise|rose|grow|grew|lift|elevat|trail|lag|lead|improves upon)"
)
_NOUN = (
    r"(?:improvements?|gains?|increases?|increments?|decreases?|reductions?|drops?|declines?|boosts?|margins?"
    r"|leads?|advantages?"
    r"|savings?|speed-?ups?|uplifts?|rises?|jumps?|growth|degradations?|enhancements?|deteriorations?"
    r"|differences?|gaps?|acceleration"
    r"|(?:performance|accuracy|quality) loss(?:es)?|lifts?|fewer|less)"
)
_HAN_CHANGE = (
    r"(?:提升|提高|增[加长長]|上升|下降|降低|减少|減少|缩短|縮短|[节節][省约約]|加快|改善|高出|[领領]先|压缩|壓縮|削[减減]"
    r"|多出|提速|[降少快涨跌])了?\s?$"
)
# Ahead of the figure: a noun of change that it belongs to, with what changed in between.
_OF_NOUN = re.compile(
    rf"\b{_NOUN} [(\[$~+]*$|\b(?:improvements?|gains?|reductions?|increases|drops)\b[^:.;]{{0,60}}: [$~+]*$"
    rf"|\b{_NOUN}(?: \([^()]*\))?(?:,? (?:in|on|of|for|over|to|across|by|as|up|ranging|averaging|at|relative"
    rf"|absolute|around|about"
    rf"|reach\w*|exceeding|was|is|were|are|being|(?:from"
    rf"|between)(?= \$?$)))(?: [\w@/'’.^{{}}$\\-]+){{0,6}}? ?[(\[$~+:]*\s?[$~+]*$",
    re.IGNORECASE,
)
# What the figure became, or what it is: no change, whatever was said before.
_IS_SCORE = re.compile(
    r"\b(?:to|at|achiev\w*|attain\w*|reach\w*|obtain\w*|scor\w*|while|and|but|with only|using|from|than|vs\.?|versus)"
    r"(?: (?:only|just|a|an|the|nearly))*[ $~(]*$",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\bby (?:(?:an?|the) )?(?:(?:[\w-]+ ){0,2}?(?:average|margin|mean|total|median|maximum|minimum|additional"
    r"|further|relative"
    r"|absolute|factor|amount|significant|substantial|full|whole|impressive|notable|remarkable|large) (?:of )?"
    r"|\w+ly )?[(\[$~+]*$",
    re.IGNORECASE,
)
# "Achieves success rates by 97%", "chosen by 58% of users": no change.
_NO_CHANGE_BY = re.compile(
    r"\b(?:used|adopted|preferred|chosen|reported|shared|held|owned|covered|cited|endorsed"
    r"|selected)(?: \w+ly)? by [^,;]{0,12}$",
    re.IGNORECASE,
)
_ACHIEVED = re.compile(r"\b(?:achiev|attain|reach|obtain)\w*\b([^,;]*)$", re.IGNORECASE)
_CHANGE_WORD = re.compile(rf"\b(?:{_VERB}\w*|{_NOUN}|better|higher|lower|faster|superior\w*)\b", re.IGNORECASE)
_AFTER_VERB = re.compile(
    rf"\b(?!outperform|surpass|exceed|beat|lag|trail|lead){_VERB}\w*(?: (?!to\b|from\b|at\b|with\b|on\b|and\b"
    rf"|in\b|for\b|is\b|are\b|was\b|has\b|scor|solv|reach|achiev|attain|obtain"
    r"|get\b|gets\b|hit|pass|perform|answer|more\b|of\b|only\b|using\b|than\b)[\w'-]+){0,3} [$~]*$",
    re.IGNORECASE,
)
_BETWEEN = (
    r"(?: (?!under\b|when\b|against\b|despite\b|after\b|before\b|without\b|during\b|via\b|through\b|with\b|and\b"
    r"|at\b|in\b|on\b|using\b|of\b|is\b|to\b|for\b|over\b|while\b|by\b|than\b|compared\b|or\b|from\b|across\b)"
    r"[\w@/()-]+){0,4}?"
)
_BEFORE_NOUN = re.compile(
    rf"\s?\$?\s?(?:\((?:relative|absolute)\)|(?:relative|absolute)(?:ly)?\b)|[\s$}})]*(?: [A-Z][\w@-]*)?[- ]?(?:less"
    rf"|fewer|more|lower|higher|faster|slower|cheaper|better|worse|smaller|larger"
    rf"|longer|shorter|greater|reduced|improved)\b|[\s$}}]*?(?:{_BETWEEN})[- ](?:{_NOUN}|loss(?:es)? (?:in"
    rf"|of))\b(?! (?:rate|function|curve)s?\b)"
    r"|\s?\$?(?: (?:in|on) [\w-]+)? (?:over|above|beyond|ahead of) (?:the |its |our "
    r"|all )?(?:[\w-]+ ){0,3}?(?:baselines?|methods?|state"
    r"|SOTA|prior|previous|existing|best|strong\w*|vanilla|standard|approaches|second|next|original|counterparts?)\b"
    r"|[\s$]*(?:[↑↓]|\\(?:up|down)arrow)"
    r"|\s?的?(?:相对|相對|绝对|絕對|平均|性能)?(?:提升|提高|增[长長幅]|下降|降[低幅]|减少|減少|改[进進]|提速|增益)",
)
_SIGNED = re.compile(r"\+\s?[$~]*$|[(\[]\s?\$?[-−–↑↓]\s?$|[↑↓]\s?$")
_DIFFERENCE = re.compile(r"percentage|pp|p\.p|pt|%[ -]?p|百分[点點]|-point")
_MARKUP = re.compile(r"(?:\\(?:text|math)\w{2}\{|\*\*)$")
_REACHING = re.compile(
    r"\b(?:improvement|gain|increase|decrease|reduction|drop|enhancement|boost)s?\b[^.;:]{0,40}\breach(?:es|ed|ing)? [$~]*$"
    r"|\bby [^,;.]{0,30}\branging (?:from|between) $",
    re.IGNORECASE,
)
_FURTHER = re.compile(r"\b(?:additional|further|extra) [$~]*$")
_PEOPLE_WHO = re.compile(
    r" of (?:[\w-]+ ){0,2}(?:users|participants|people|respondents|developers|students|experts|annotators)"
)
# "Improvement of 12.2% and precision of 25%": the second says what it is.
_OWN_MEASURE = re.compile(r"\bof [$~]*$")
_LIST_GAP = 60
_HAN = re.compile(_HAN_CHANGE)
_OTHER_MATTER = re.compile(
    r"[;；]|reach|achiev|attain|scor|where|reduc|cut|improv|speed|cost|faster|fewer|less|while|降|成本|提速"
    r"|\bfrom\b|\b(?:with|under|using|at)\b|, \w+ing\b|节省|節省|同时|同時|而",
    re.IGNORECASE,
)
# "over 16% and 11% F1 score improvements", "a 3.6% BLEU-4 and 3.8% F1 improvement": the noun belongs to both.
_JOINS = re.compile(r"\$?(?:,|/| and| or|、|和|,? and)\s?[$~+]*(?:over |up to )?[$~+]*")
_JOINS_NAMED = re.compile(r"(?:(?: [A-Z@][\w@.-]*){1,2}| (?:in|on|for) [A-Z][\w@.-]*),? and (?:up to |over )?")
_SAID_AGAIN = re.compile(r"(?: [A-Z][\w@-]*)? \(|,? or ")
_ASIDE = re.compile(r" \([^()]*\)")
_ARTICLE = re.compile(r"\b(?:an?|the) (?:[a-z]+ )?$")
_TO = re.compile(r"\bto\b|[至到]")


def changes(sentence: str, found: Sequence[Measure], starts: Sequence[int]) -> list[bool]:
    """For each figure of ``sentence``, with its bound beginning at ``starts``, whether it tells a difference or a factor."""
    told = [_is_change(sentence, measure, start) for measure, start in zip(found, starts, strict=True)]
    for place in range(1, len(found)):
        told[place] = told[place] or (found[place].is_score and _is_listed(sentence, found, starts, told, place))
    for place in reversed(range(1, len(found))):
        gap = sentence[found[place - 1].end : starts[place]]
        joined = _JOINS.fullmatch(gap) or (
            _JOINS_NAMED.fullmatch(gap) and _ARTICLE.search(sentence, max(0, starts[place - 1] - 20), starts[place - 1])
        )
        same = found[place].unit == found[place - 1].unit and found[place - 1].is_score
        told[place - 1] = told[place - 1] or bool(told[place] and same and joined)
    return told


def _is_listed(
    sentence: str, found: Sequence[Measure], starts: Sequence[int], told: Sequence[bool], place: int
) -> bool:
    """Whether the figure goes on with a change that is told before it: "28% (11.43 points) and 27% (11.21 points)"."""
    if told[place - 1] and _SAID_AGAIN.fullmatch(sentence, found[place - 1].end, starts[place]):
        return True
    for earlier in reversed(range(max(0, place - 2), place)):
        if found[earlier].unit == found[place].unit:
            gap = _ASIDE.sub("", sentence[found[earlier].end : starts[place]])
            return told[earlier] and _goes_on(gap)
    return False


def _goes_on(gap: str) -> bool:
    """Whether the figure after ``gap`` goes on with what the one before it tells: "by 5% on A and 3% on B"."""
    if _OWN_MEASURE.search(gap) and not _CHANGE_WORD.search(gap):
        return False
    return (
        len(gap) <= _LIST_GAP
        and "(" not in gap.removeprefix(" (")
        and not _OTHER_MATTER.search(gap)
        and not _TO.search(gap)
    )


def _is_change(sentence: str, measure: Measure, start: int) -> bool:
    if not measure.is_score or measure.unit == "x":
        return measure.unit == "x"
    if _says_so(sentence, measure):
        return True
    head = _MARKUP.sub("", sentence[max(0, start - 110) : start])
    if sentence.startswith("short of", start) or _PEOPLE_WHO.match(sentence, measure.end):
        return False
    if _BY.search(head):
        return not _NO_CHANGE_BY.search(head) and not _is_achieved(head)
    if _OF_NOUN.search(head) and _IS_SCORE.search(head):
        return _REACHING.search(head) is not None
    return any(rule.search(head) for rule in (_HAN, _FURTHER, _REACHING, _OF_NOUN, _AFTER_VERB))


def _says_so(sentence: str, measure: Measure) -> bool:
    """Whether the figure itself, its sign or what follows it says that it is a change: points, +5%, 5% better."""
    return bool(
        _DIFFERENCE.search(measure.text)
        or _BEFORE_NOUN.match(sentence, measure.end)
        or _SIGNED.search(sentence, max(0, measure.start - 6), measure.start)
    )


def _is_achieved(head: str) -> bool:
    """Whether the figure is what was reached, and no word of change stands between."""
    achieved = _ACHIEVED.search(head)
    return achieved is not None and not _CHANGE_WORD.search(achieved.group(1))
