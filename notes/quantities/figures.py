"""Figures of a text: what was measured, on which benchmark, by which system.

Precision goes before recall: a figure that is missed can be read in the note, one that is wrong is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from notes.model import Figure
from notes.quantities.measures import METRIC, Measure, measures
from notes.quantities.names import (
    LISTED,
    SHAPE,
    Name,
    antecedents,
    does_something,
    ends_phrase,
    is_benchmark_name,
    measured_names,
    with_part,
)
from notes.quantities.numbers import numbers_rest_on, values
from notes.text import cues
from notes.text.hedges import bound, is_hedged
from notes.text.sentences import split

__all__ = ["find", "numbers_rest_on", "values"]

_PEOPLE = re.compile(
    r"\b(?:humans?|human (?:experts?|performance|participants|baseline)|people|physicians|clinicians)\b|人类|人類|人工",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"(?:\b(?:than|over|versus|vs\.?|against|to|with|unlike|outperform\w*|surpass\w*|exceed\w*"
    r"|beat\w*|baseline|like|including|by|from|using|via|of)\s?(?:the )?|超越|超过|超過|优于|優於"
    r"|相比|比|基于|基於)$",
    re.IGNORECASE,
)
_AFTER_BY = re.compile(
    rf"\s?(?:\w+ ){{0,2}}(?:for|by"
    rf"|with)\s(?:the )?(?:[a-z-]+ ){{0,3}}?((?=[\w.-]*[A-Z]){SHAPE})(?! (?:tasks?|on)\b)"
)
_BASELINE = re.compile(
    r"(?:\b(?:compared (?:to|with)|vs\.?|versus|against|from(?! [\d.,]+\\?%? to\b)|instead of|as opposed to"
    r"|relative to)\s?(?:[\w'’.+-]+ ){0,3}"
    r"|\b(?:over|than|baselines?)\s(?:of )?(?:[\w'’.+-]+ ){1,4}|\bbaselines? (?:of |at )?"
    r"|相比|相较|相較|对比|對比|而非|[从從])\s?[(~$=]*$",
    re.IGNORECASE,
)
_MARGIN = re.compile(r"\bby\b|\bwith\b|\bon\b|相比|提升|高出|领先|領先")
_BESIDE = re.compile(r"\s?[:：(（]\s?[~$+]?")
_LIST_GAP = 32
_ON_GAP = 60
_OTHER_MATTER = re.compile(
    r"[;；]|reach|achiev|attain|scor|where|reduc|cut|improv|speed|cost|faster|fewer|less|while|降|成本|提速"
    r"|节省|節省|同时|同時|而",
    re.IGNORECASE,
)
_NEXT_TO = re.compile(r"\s?(?:to|and|vs\.?|versus|→|/|\(|,|至|到|提升到|提升至|提高到|提高至|和)\s?[+$~]?")
_SCORE = re.compile(
    (
        r"[- ](?:scores?|values?|metric|error|loss)\b(?! \d| (?:only|up|above|below|over) )|\s?(?:分数"
        r"|分數|得分|指标|指標)"
    ),
    re.IGNORECASE,
)
# A figure is bound to a benchmark within its clause only: a wrong one is worse than none.
_CLAUSE_END = re.compile(r"[;；。:：]|[,，、](?!\d)|\b(?:whereas|while|than|and|but)\b")
_FIGURE_ON = re.compile(r"\b(?:on|across|over|in|for|at|of)\b|[(（]|在|于|於")
_FRONTED_COMMA = re.compile(r"(?:\s?[\w-]+){0,4}?\s?[上中里裡]?[,，]|[^,，;；。]{0,12}[上中里裡]?[,，]")
_FRONT = re.compile(
    r"(?:^|[;；。,，:：(（]\s?|\b(?:whereas|while|and|but)\s)(?:(?:on|across|in|over)\b|在|於|于)[^,，;；。]{0,40}$",
    re.IGNORECASE,
)
# What bounds a figure is a part of it: "over 95%" is not 95%.
_BOUND_AFTER = re.compile(r"\s?(?:以[上下内內]|左右)|\+| or (?:more|less|higher|lower|fewer|above|better)\b")
# What follows is how far a figure strays.
_STRAYS = re.compile(r"(?:±|\\pm|\+\s?/\s?[-−–]|正负|正負)[\s${}]*$")

_CHANGE_VERB = (
    r"(?:reduc|increas|decreas|improv|lower|cut|sav|boost|gain|drop|declin|shrink|slash|rais|accelerat|speed"
    r"|outperform|surpass|exceed)"
)
_CHANGED_BY = re.compile(
    rf"(?<!used )(?<!adopted )(?<!preferred )(?<!chosen )(?<!reported )\bby (?:an? )?(?:[\w-]+ )?$"
    rf"|\b{_CHANGE_VERB}\w*(?: (?!to\b|from\b|at\b|with\b|on\b|and\b|in\b|for\b|is\b|are\b|was\b|has\b|scor|solv|reach|achiev"
    r"|attain|obtain|get|hit|pass|perform|answer)[\w'-]+){0,3} $|\+$"
    r"|(?:提升|提高|增[加长長]|上升|下降|降低|减少|減少|缩短|縮短|[节節][省约約]|加快|改善|高出|[领領]先|压缩|壓縮|削[减減]"
    r"|多出|提速|[降少快涨跌])了?\s?$",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\s?\(?relative\b|[- ](?:less|fewer|more|lower|higher|faster|slower|cheaper|better|worse|smaller|larger|longer"
    r"|shorter|greater)\b|[- ](?:(?!with\b|and\b|at\b|in\b|on\b|using\b|of\b|is\b|to\b|for\b)[\w-]+ ){0,2}?(?:reduction"
    r"|improvement|increase|decrease|gain|boost|drop|decline|speed-?up|saving|growth|uplift)s?\b"
    r"|\s?的?(?:相对|相對|绝对|絕對|平均|性能)?(?:提升|提高|增[长長幅]|下降|降[低幅]|减少|減少|改[进進]|提速|增益)",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(r"percentage|pp|p\.p|百分[点點]|-point")
_PEOPLE_WHO = re.compile(
    r" of (?:[\w-]+ ){0,2}(?:users|participants|people|respondents|developers|students|experts|annotators)"
)


def find(text: str, *, title: str = "") -> tuple[Figure, ...]:
    """The figures of ``text`` in reading order, each with its sentence as :func:`notes.text.sentences.split` gives it.

    ``Figure.text`` is verbatim (LaTeX's backslash stays) and ``value`` in its own unit: 89.9 of ``89.9%``, 90 of
    ``90x`` and of ``one ninetieth``, 1e10 of ``10B``, the lower end of a range. ``title`` tells the work's own name,
    so that a name made of plain words ("Thinking States") can be a system too, and so can the "it" that stands for it.
    What bounds a figure ("over 95%", 超过 95%) is in its text. In a sentence that may take them back
    (:func:`notes.text.hedges.is_hedged`) figures are neither anyone's nor on any benchmark; after ± there is none.
    """
    sentences = split(text)
    told = zip(sentences, antecedents(sentences, title=title), strict=True)
    return tuple(figure for sentence, work in told for figure in _find_in(sentence, title, work))


def _find_in(sentence: str, title: str, work: str) -> Iterator[Figure]:
    found = tuple(one for one in measures(sentence) if not _STRAYS.search(sentence, 0, one.start))
    if not found:
        return
    if is_hedged(sentence):
        yield from (_unbound(sentence, measure) for measure in found)
        return
    benchmarks, named = measured_names(sentence, title=title)
    systems = (*_work_in(sentence, title, work), *named)
    on = _in_order(sentence, found, benchmarks) or _benchmarks_of(sentence, found, benchmarks)
    before, change = 0, False
    last: Measure | None = None
    for measure, benchmark in zip(found, on, strict=True):
        system = _system(sentence, measure, systems, before)
        before = measure.end
        start, end = _bounded(sentence, measure)
        between = sentence[last.end : measure.start] if last and last.unit == measure.unit else None
        listed = change and between is not None and _is_listed(between)
        change = listed or _is_change(sentence, measure, start)
        last = measure
        yield Figure(sentence[start:end], measure.value, measure.unit, sentence, benchmark, system, change)


def _work_in(sentence: str, title: str, work: str) -> tuple[Name, ...]:
    """The work where the sentence speaks of it as "it" or "the model": a name, though not written out."""
    place = cues.work_pronoun(sentence) if work and not is_benchmark_name(work, title=title) else None
    return (Name(work, *place),) if place else ()


def _unbound(sentence: str, measure: Measure) -> Figure:
    start, end = _bounded(sentence, measure)
    change = _is_change(sentence, measure, start)
    return Figure(sentence[start:end], measure.value, measure.unit, sentence, change=change)


def _bounded(sentence: str, measure: Measure) -> tuple[int, int]:
    """Where the figure stands with the words that bound it: "over", 以上."""
    before = bound(sentence[: measure.start], "")
    after = _BOUND_AFTER.match(sentence, measure.end)
    start = sentence.rindex(before, 0, measure.start) if before else measure.start
    return start, after.end() if after else measure.end


def _is_listed(between: str) -> bool:
    """Whether the figure after ``between`` goes on with what the one before it tells: "by 5% on A and 3% on B"."""
    return len(between) <= _LIST_GAP and not _OTHER_MATTER.search(between) and not re.search(r"\bto\b|[至到]", between)


def _is_change(sentence: str, measure: Measure, start: int) -> bool:
    """Whether the figure (with its bound from ``start``) tells how much better, not how good: a difference or a factor."""
    if not measure.is_score or measure.unit == "x":
        return measure.unit == "x"
    if _DIFFERENCE.search(measure.text) or _CHANGED.match(sentence, measure.end):
        return True
    return _CHANGED_BY.search(sentence[max(0, start - 60) : start]) is not None and not _PEOPLE_WHO.match(
        sentence, measure.end
    )


def _in_order(sentence: str, found: tuple[Measure, ...], benchmarks: tuple[Name, ...]) -> tuple[str, ...]:
    """The benchmarks of the figures where the sentence says "respectively"; empty where it does not."""
    if len(benchmarks) < 2 or not re.search(r"\brespectively\b|分别|分別", sentence):
        return ()
    names = tuple(name.text for name in benchmarks)
    return names if len(names) == len(found) else ("",) * len(found)


def _benchmarks_of(sentence: str, found: tuple[Measure, ...], benchmarks: tuple[Name, ...]) -> list[str]:
    """The benchmark of each figure: the nearest one, or that of the figure it is listed with."""
    ends = [0, *(measure.end for measure in found)]
    starts = [*(measure.start for measure in found), len(sentence)]
    on = [
        _benchmark(sentence, measure, benchmarks, ends[position], starts[position + 1])
        for position, measure in enumerate(found)
    ]
    for position in range(1, len(found)):
        gap = sentence[ends[position] : starts[position]]
        alike = found[position].is_score and found[position].unit == found[position - 1].unit
        if not on[position] and alike and len(gap) <= _LIST_GAP and not _OTHER_MATTER.search(gap):
            on[position] = on[position - 1]
        if not on[position - 1] and alike and _NEXT_TO.fullmatch(gap):
            on[position - 1] = on[position]
    return on


def _benchmark(sentence: str, measure: Measure, benchmarks: tuple[Name, ...], before: int, after: int) -> str:
    """The benchmark nearest to the figure with no other figure between; one after it before one ahead of it."""
    if not measure.is_score:
        return ""
    beside = [name for name in benchmarks if _BESIDE.fullmatch(sentence, name.end, measure.start)]
    if beside:
        return beside[-1].text
    following = next((name for name in benchmarks if measure.end <= name.start < after), None)
    if following and _is_measured_on(sentence[measure.end : following.start]):
        return "" if _in_list(sentence, following, benchmarks) else with_part(sentence, following)
    preceding = [name for name in benchmarks if before <= name.end <= measure.start]
    if not preceding or (before and _is_measured_on(sentence[before : preceding[-1].start])):
        return ""
    return _preceding(sentence, measure, preceding[-1], benchmarks)


def _is_measured_on(gap: str) -> bool:
    """Whether ``gap``, from a figure to a benchmark, says that the one was measured on the other."""
    return len(gap) <= _ON_GAP and _FIGURE_ON.search(gap) is not None and not _CLAUSE_END.search(gap)


def _preceding(sentence: str, measure: Measure, name: Name, benchmarks: tuple[Name, ...]) -> str:
    """The benchmark ahead of the figure: in its clause, or in front of it ("On B, ...")."""
    start = name.end
    if _FRONT.search(sentence, 0, name.start) and (comma := _FRONTED_COMMA.match(sentence, start, measure.start)):
        start = comma.end()
    if _CLAUSE_END.search(sentence, start, measure.start) or _in_list(sentence, name, benchmarks):
        return ""
    return with_part(sentence, name)


def _in_list(sentence: str, name: Name, benchmarks: tuple[Name, ...]) -> bool:
    """Whether ``name`` is one of several benchmarks that are told together: no figure belongs to one of them alone."""
    pairs = ((other.end, name.start) if other.end <= name.start else (name.end, other.start) for other in benchmarks)
    return any(LISTED.fullmatch(sentence, end, start) for end, start in pairs if start > end)


def _system(sentence: str, measure: Measure, systems: tuple[Name, ...], before: int) -> str:
    """Whose figure it is: people named right before it, a name after "for", else the subject of the clause.

    What a figure is compared with ("against 63.44% for C2P-CLIP") has no subject ahead of it.
    """
    gap = sentence[max(before, measure.start - 40) : measure.start]
    if people := _PEOPLE.search(gap[-24:]):
        return people.group()
    named_after = _AFTER_BY.match(sentence, measure.end)
    if named_after and any(name.start == named_after.start(1) for name in systems):
        return named_after.group(1)
    if _BASELINE.search(gap):
        return ""
    return _subject(sentence, measure, tuple(name for name in systems if name.end <= measure.start), before)


def _subject(sentence: str, measure: Measure, ahead: tuple[Name, ...], before: int) -> str:
    """The last name ahead of the figure that does something; none when another name stands between them."""
    doing = [name for name in ahead if _acts(sentence, name, measure)]
    if not doing:
        return ""
    between = [name for name in ahead if name.start > max(doing[-1].end, before)]
    clear = not between or _MARGIN.search(sentence, between[-1].end, measure.start)
    return doing[-1].text if clear else ""


def _acts(sentence: str, name: Name, measure: Measure) -> bool:
    if _COMPARED.search(sentence, max(0, name.start - 24), name.start):
        return False
    if METRIC.search(name.text) or _SCORE.match(sentence, name.end):
        return False
    beside = _BESIDE.fullmatch(sentence, name.end, measure.start) and ends_phrase(sentence, measure.end)
    # "A reports 37% and B 50%" leaves the verb out.
    elliptic = sentence[name.end : measure.start] == " " and measure.unit == "%"
    return bool(beside or elliptic or does_something(sentence, name))
