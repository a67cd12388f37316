"""On which benchmark a figure was measured. A wrong benchmark is worse than none, so a figure is bound within its clause only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notes.quantities.benchmark_names import LISTED, with_part
from notes.quantities.measures import Measure
from notes.quantities.names import Name

__all__ = ["benchmarks_of"]

_BESIDE = re.compile(r"\s?[:：(（]\s?[~$+]?")
_LIST_GAP = 32
_ON_GAP = 60
_OTHER_MATTER = re.compile(
    r"[;；]|reach|achiev|attain|scor|where|reduc|cut|improv|speed|cost|faster|fewer|less|while|降|成本|提速"
    r"|节省|節省|同时|同時|而",
    re.IGNORECASE,
)
_NEXT_TO = re.compile(r"\s?(?:to|and|vs\.?|versus|→|/|\(|,|至|到|提升到|提升至|提高到|提高至|和)\s?[+$~]?")
_CLAUSE_END = re.compile(r"[;；。:：]|[,，、](?!\d)|\b(?:whereas|while|than|and|but)\b")
_FIGURE_ON = re.compile(r"\b(?:on|across|over|in|for|at|of)\b|[(（]|在|于|於")
_FRONTED_COMMA = re.compile(r"\s?(?:[\w-]+(?:\s[\w-]+){0,3})?\s?[上中里裡]?[,，]|[^,，;；。]{0,12}[上中里裡]?[,，]")
_FRONT = re.compile(
    r"(?:^|[;；。,，:：(（]\s?|\b(?:whereas|while|and|but)\s)(?:(?:(?:evaluated |tested )?on|across|in|over|for)\b|在"
    r"|於|于)[^,，;；。]{0,40}$",
    re.IGNORECASE,
)
# What follows from the figure on the same benchmark: "90% on A, which surpasses the second by 2%", "1.1 mm on A (39% better)".
_GOES_ON = re.compile(
    r"(?:,? (?:which |thereby |thus |and )?(?:surpass|outperform|exceed|improv|beat)(?:s|es|ing"
    r"|e)?\b[^,;.()]{0,60}\b| \()[a $~+]*"
)
_ELSEWHERE = re.compile(r"[;；。]|\b(?:on|across|whereas|while)\b|在|於|于")
_AFTER_NAME = re.compile(r"(?: (?:data ?sets?|benchmarks?|test sets?|corpus|leaderboard))?")
# "Nordland, Oxford, and NuScenes": names of plain words go before it in the list.
_AFTER_ANOTHER = re.compile(r"(?:on|across|the|,) [A-Z][\w-]*(?:, and|,| and) (?:the )?$")
_RESPECTIVELY = re.compile(r"\brespectively\b|分别|分別")


def benchmarks_of(sentence: str, found: tuple[Measure, ...], benchmarks: tuple[Name, ...]) -> Sequence[str]:
    """The benchmark of each figure of ``sentence``, empty where none is told or several share the figure."""
    return _in_order(sentence, found, benchmarks) or _by_place(sentence, found, benchmarks)


def _in_order(sentence: str, found: tuple[Measure, ...], benchmarks: tuple[Name, ...]) -> tuple[str, ...]:
    """The benchmarks of the figures where the sentence says "respectively"; empty where it does not."""
    if len(benchmarks) < 2 or not _RESPECTIVELY.search(sentence):
        return ()
    names = iter(name.text for name in benchmarks)
    scores = sum(measure.is_score for measure in found)
    if len(benchmarks) != scores:
        return ("",) * len(found)
    return tuple(next(names) if measure.is_score else "" for measure in found)


def _by_place(sentence: str, found: tuple[Measure, ...], benchmarks: tuple[Name, ...]) -> list[str]:
    """The benchmark of each figure: the nearest one, that of the figure it is listed with, or the one in front of all."""
    ends = [0, *(measure.end for measure in found)]
    starts = [*(measure.start for measure in found), len(sentence)]
    on = [
        _benchmark(sentence, measure, benchmarks, ends[position], starts[position + 1])
        for position, measure in enumerate(found)
    ]
    for position in range(1, len(found)):
        gap = sentence[ends[position] : starts[position]]
        alike = found[position].is_score and found[position].unit == found[position - 1].unit
        # "90% for A, 80% for the other": what stands between them is the first one's alone.
        apart = bool(on[position - 1]) and on[position - 1] in gap
        if not on[position] and alike and not apart and len(gap) <= _LIST_GAP and not _OTHER_MATTER.search(gap):
            on[position] = on[position - 1]
        if not on[position - 1] and alike and _NEXT_TO.fullmatch(gap):
            on[position - 1] = on[position]
        if not on[position] and found[position].is_score:
            on[position] = _carried(sentence, found[position], benchmarks, on[position - 1])
    front = _in_front(sentence, benchmarks)
    return [on[place] or _fronted(sentence, each, front, benchmarks) for place, each in enumerate(found)]


def _carried(sentence: str, measure: Measure, benchmarks: tuple[Name, ...], last: str) -> str:
    """The benchmark ``last`` of the figure before, where the sentence goes on from it to what that means."""
    ahead = [name for name in benchmarks if name.end <= measure.start]
    if not ahead or not last or ahead[-1].text != last:
        return ""
    after = _AFTER_NAME.match(sentence, ahead[-1].end)
    return last if after and _GOES_ON.fullmatch(sentence, after.end(), measure.start) else ""


def _in_front(sentence: str, benchmarks: tuple[Name, ...]) -> Name | None:
    """The one benchmark in front of a sentence or clause: "For the B dataset, ..."."""
    fronted = [
        name
        for name in benchmarks
        if _FRONT.search(sentence, 0, name.start) and _FRONTED_COMMA.match(sentence, name.end)
    ]
    return fronted[0] if len(fronted) == 1 and not _in_list(sentence, fronted[0], benchmarks) else None


def _fronted(sentence: str, measure: Measure, front: Name | None, benchmarks: tuple[Name, ...]) -> str:
    """The benchmark in front, for a figure of its clause that no other place claims."""
    if front is None or not measure.is_score or front.end > measure.start:
        return ""
    comma = _FRONTED_COMMA.match(sentence, front.end)
    between = sentence[comma.end() if comma else front.end : measure.start]
    other = any(front.end < name.start for name in benchmarks)
    return "" if other or _ELSEWHERE.search(between) else front.text


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
    if any(LISTED.fullmatch(sentence, end, start) for end, start in pairs if start > end):
        return True
    return _AFTER_ANOTHER.search(sentence, 0, name.start) is not None
