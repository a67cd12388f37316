"""The clause of a sentence that holds a figure, word for word, where it reads well by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notes.text.hedges import is_hedged
from publish.sources.dealing import breaks_list

__all__ = ["clause_around"]

_PAIRS = ("()", "（）", "[]", "「」", "“”")
_CLAUSE_END = re.compile(r"[,;:—](?=\s)|[，；：。！？]|\.(?=\s|$)|——")
_CONJUNCTION = re.compile(r"[,;:—](?=\s)|\s(?:and|but|while|whereas|with|which|that)\s|\.$")
_DANGLING = re.compile(
    r"(?:and|or|but|which|that|who|with|in|on|by|using|at|from|for|over|under|despite|compared|although|while|when|where|whose|of|to|than)\b",
    re.IGNORECASE,
)
# What a clause of Chinese cannot begin with when its subject stood before the cut.
_CHINESE_DANGLING = re.compile(
    r"[将將使并並而且则則比较較该該这這此]|其(?![中他次])|从而|從而|进而|進而|以及|[显顯]著?[高低优優大小多少]于|[远遠]?[高低优優]于"
)
_BROKEN_OFF = re.compile(
    r"\b(?:compared|together|along|as|than|and|or|the|of|to|by|vs|versus|with|in|on|for)$|[后後时時的与與和及而为為以使将將]$",
    re.IGNORECASE,
)
_HAS_VERB = re.compile(r"\b[a-z]+(?:s|ed|ing)\b|\b(?:is|are|was|were|has|have|win|beat|set|can|cut)\b|[\u3400-\u9fff]")
# "…, Claude, achieves only 38.6%": a verb whose subject stands before the cut.
_VERB_FIRST = re.compile(
    r"(?:only |also |even |thus |\w+ly )?(?:achiev|reach|attain|improv|reduc|outperform|surpass|exceed|yield|deliver|obtain|scor"
    r"|produc|gain|boost|increas|lower|accelerat|match|enabl|maintain|requir|rais|beat|show|demonstrat|remain|drop)e?[sd]\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:show|demonstrat|reveal|find|found|indicat|suggest|report|observ|confirm|prov|verif|see|note)\w*$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\w+ing\b")
# "increasing its accuracy to 32%": whose, stands before the cut.
_OF_ANOTHER = re.compile(r"\w+ing (?:its|their)\b")
_LIST_GOES_ON = re.compile(r"\s?(?:[,、，]|and|和|與|与)+\s?(?:and )?[\d$~]|\s(?:and|和|與|与)\s?[+−-]\d")
# On what, or with what, a figure was reached: cut off, it is claimed of everything.
_PLACE = re.compile(
    r"(?:On|Across|For|In|Under|With|Using|At|When) (?=[^,;:]*(?:[A-Z\d]|benchmark|dataset|task|setting|suite|test))"
    r"[^,;:]{2,60},\s|(?:After|Without|Given) [^,;:]{2,60},\s"
)
_CONDITION = re.compile(r"After|Without|Given")
_ENDS_ON_FIGURE = re.compile(r"\d[^,;:]{0,40}$")
_LIST_MARK = re.compile(r"\((?:\d|[ivx]{1,4}|[a-h])\)\s+")
_SHORTEST_CLAUSE = 12
_LONGEST_CLAUSE = 110
_LONGEST_WITH_SUBJECT = 135
_MUCH_SHORTER = 0.8  # than its sentence, or the clause says the whole of it again


def clause_around(sentence: str, part: str) -> str:
    """The clause of a sentence that holds a part, word for word; the whole sentence when no shorter one reads well.

    Of a sentence that may take its part back (:mod:`notes.text.hedges`) always the whole.

    A clause reads well when it is neither tiny nor nearly the whole, keeps its brackets together, neither begins with a
    preposition nor breaks off, and does not break a list of figures.
    """
    at = sentence.find(part)
    cuts = (_CLAUSE_END, _CONJUNCTION) if at >= 0 and not is_hedged(sentence) else ()
    for cut in cuts:
        clause = _between(sentence, [match.span() for match in cut.finditer(sentence)], at, at + len(part))
        if _reads_well(clause, sentence) and not breaks_list(clause, sentence):
            return _with_place(clause, sentence)
    return sentence


def _with_place(clause: str, sentence: str) -> str:
    """The clause with the place that the sentence opens on, where it comes right after it and both are of fair length."""
    place = _PLACE.match(sentence)
    if place is None or not sentence[place.end() :].startswith(clause):
        return clause
    whole = sentence[: place.end() + len(clause)]
    if len(whole) >= len(sentence) - 1:
        return sentence if _CONDITION.match(place[0]) else clause
    return whole if len(whole) <= _LONGEST_WITH_SUBJECT else clause


def _reads_well(clause: str, sentence: str) -> bool:
    balanced = all(clause.count(pair[0]) == clause.count(pair[1]) for pair in _PAIRS)
    longest = _LONGEST_WITH_SUBJECT if "," in clause else _LONGEST_CLAUSE
    fits = _SHORTEST_CLAUSE <= len(clause) <= min(longest, _MUCH_SHORTER * len(sentence))
    rest = sentence[sentence.find(clause) + len(clause) :]
    whole = (
        not _DANGLING.match(clause)
        and not _CHINESE_DANGLING.match(clause)
        and not _OF_ANOTHER.match(clause)
        and not _BROKEN_OFF.search(clause)
        and not _LIST_GOES_ON.match(rest)
    )
    return balanced and fits and whole and _HAS_VERB.search(clause) is not None


def _between(sentence: str, marks: Sequence[tuple[int, int]], at: int, end: int) -> str:
    starts = [0, *(stop for begin, stop in marks if stop <= at and _may_start(sentence, begin, stop))]
    start = max(starts)
    if sentence[:start].rstrip()[-1:] in (",", "，") and _VERB_FIRST.match(sentence[start:].lstrip()):
        # The subject stands before an apposition or a relative clause: from where the whole clause begins.
        start = max(place for place in starts if sentence[:place].rstrip()[-1:] not in (",", "，"))
    if mark := _LIST_MARK.match(sentence, start) or _LIST_MARK.match(sentence, start + 1):
        start = mark.end()
    stop = min(
        (begin for begin, after in marks if begin >= end and _may_stop(sentence, begin, after)), default=len(sentence)
    )
    return sentence[start:stop].strip().rstrip(",;:，；：。.—")


def _may_stop(sentence: str, begin: int, stop: int) -> bool:
    """Whether a clause may end before a mark: before an "and" only where another clause follows, not the rest of this one."""
    if sentence[begin:stop].strip() != "and":
        return True
    after = sentence[stop:].lstrip()
    return any(rule.match(after) for rule in (_GOES_ON, _VERB_FIRST))


def _may_start(sentence: str, begin: int, stop: int) -> bool:
    """Whether a clause may begin after a mark: not where a subject is torn in two or a relative clause loses its noun."""
    mark, before, after = sentence[begin:stop].strip(), sentence[:begin].rstrip(), sentence[stop:].lstrip()
    if mark == "," and after[:1].isdigit() and _ENDS_ON_FIGURE.search(before):
        return False
    if mark == "and":
        return before.endswith(",") or any(rule.match(after) for rule in (_GOES_ON, _VERB_FIRST))
    if mark == "that":
        return _SAYS.search(before) is not None
    return mark != "which"
