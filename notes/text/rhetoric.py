"""What each sentence of an article does, told by cue words, by its place and by the work's own name together.

Abstracts keep an order: what is wrong, what is done about it, what came of it, what is left. The labels of a text
are the best way through that order (Viterbi), so that a sentence without any cue gets the role of its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from notes.model import Role
from notes.quantities.measures import measures
from notes.quantities.names import names_of_title, place_in_head, proper_names
from notes.text import cues

__all__ = ["Reading", "label", "read", "unlabelled"]

_LABELS = {
    Role.PROBLEM: r"(?:the )?(?:problem|motivation|challenge)|问题|問題|难题|難題|痛点|痛點|挑战|挑戰|目的",
    Role.APPROACH: r"(?:the )?(?:methods?|approach|idea|objectives?|aims?)|(?:核心)?(?:方法|思路|做法|方案)",
    Role.RESULT: r"(?:the |main |key )?(?:results?|findings?)|(?:主要)?(?:结果|結果|成绩|成績|效果|发现|發現)|结论|結論",
    Role.LIMITATION: r"(?:the |open |two |three |main |the main )?(?:limitations?|limits|caveats?|cautions|questions|points)"
    r"|局限性?|限制|不足(?:之处|之處)?|短板",
    Role.CONTEXT: r"background|背景",
}
_LABEL = re.compile(
    r"(?:\*\*)?(?:" + "|".join(f"(?P<{each.value}>{words})" for each, words in _LABELS.items()) + r")"
    r"(?:\*\*)?\s?[:：](?:\*\*)?\s?",
    re.IGNORECASE,
)

_STRONG_APPROACH = re.compile(
    r"\bwe (?:\w+ly )?(?:then |also |further |first |therefore |thus |here )?(?:propose|introduce|present|develop"
    r"|design|build|construct|create|devise|release)\b|\b(?:this|the present) (?:\w+ ){0,2}(?:paper|work|study|article"
    r"|report|thesis|survey|review|tutorial|post|essay) (?!shows?|finds?|found|is organi)\w+"
    r"|\bin this (?:paper|work|study|article|report|thesis|survey|letter|review)\b|\b(?:is|are) (?:proposed|introduced)\b"
    r"|提出|推出|本文|本研究|本论文|本論文",
    re.IGNORECASE,
)
# How a report of another's work says "we propose".
_OTHERS_DO = re.compile(
    r"(?:\w+ ){0,2}(?:the|their|its|this|our) (?:[\w-]+ ){0,2}?(?:authors?|researchers|team|group|pipeline|method"
    r"|framework|approach|remed(?:y"
    r"|ies)|proposal|tool|study|idea|key|insight)\b"
    r"|(?:作者|研究者|研究人员|研究人員|团队|團隊|.{0,12}(?:团队|團隊))(?!认为|認為)"
    r"|(?:the )?[A-Z][\w-]+(?:['’]s)? (?:researchers|team|group|report|study|system|tool)\b|the first is an? \w+"
    r"|the (?:post|paper) \w+s\b"
    r"|方法(?:分|是|的核心)|in \w+(?: \w+)? one\b",
    re.IGNORECASE,
)
_TOLD_LATER = re.compile(
    r"\b(?:the authors (?:suspect|read|call|sort|conclude|admit)|作者(?:认为|認為))", re.IGNORECASE
)
_PRAISE = re.compile(
    r"\b(?:has|have) (?:\w+ly )?(?:become|emerged|shown|demonstrated|achieved|revolutioni[sz]ed|attracted|gained"
    r"|garnered|made|seen|transformed|advanced)\b|\b(?:is|are) (?:\w+ly )?(?:an? )?(?:vital|essential|crucial|critical"
    r"|important|fundamental|key|widely|central|increasingly)\b|\bplays?\b|\bpromising\b|日益|广泛|廣泛|重要",
    re.IGNORECASE,
)
_LACK = re.compile(
    r"\b(?:but|yet|however|cannot|without|seldom|rarely|slow|dear|few|nobody|not|no longer|no|limits?|limited|little"
    r"|loses?|forgets?|fails?|poor(?:ly)?|scarce|wrong|noisy|silent|mostly|remains?|less|harder?|insufficient|neglects?"
    r"|ignores?|relies|rely|needs?|requires?|too|only)\b|却|卻|不|难|難|慢|贵|貴|缺|没有|沒有|破坏|破壞|负担|負擔|崩",
    re.IGNORECASE,
)
_OPEN_ENDED = re.compile(
    r"\b(?:is|are|was|were|has|have) (?:still |yet )?(?:not|never|left) (?:yet |been )?(?:\w+ )?(?:studied|covered"
    r"|reported|tried|included|trained|measured|tested|shown|published|open|combined|for later)\b|\bare left\b"
    r"|\bremains? (?:\w+ ){0,3}(?:open|unclear|dispute|hard)|\bstays? hard\b|\bis (?:left )?open\b|\bout of reach\b"
    r"|\bnarrow sample\b|\bgained? little\b|\b(?:the|its) (?:price|risk|limits?) (?:is|are|were)\b|\bis slow\b"
    r"|\bnobody (?:can|knows)\b|\bsays little\b|\bcovers? (?:only )?(?:what|mathematics|places)\b|\bonly what\b"
    r"|\bneither can\b|\bwhether\b.{0,80}\b(?:open|question|reported|left)\b"
    r"|\bstill (?:ends?|needs?|have|has)\b|\btests stop\b|\bmodest\b|\bwould need\b"
    r"|\bmust (?:be|exist)\b|\bhas a price\b|\bcoarse\b|\bhas to be checked\b|\bhave to be (?:checked|counted)\b"
    r"|\bis (?:small|static|simulation)\b|\b(?:are|is) (?:small|short)\b|\bworks? (?:well )?only\b|\bnot trivial\b"
    r"|\blimit it\b|\bfuture (?:research|studies|directions?)\b|\bwe discuss\b.{0,60}\blimits?\b"
    r"|未知|未有|还没有|還沒有|尚待|仍待|只在|不清楚|争论|爭論|限于|限於|规模不大|規模不大|补不上|得不到|依赖|依賴|有限",
    re.IGNORECASE,
)
# Remarks that set the work beside others: true, but not what came of it.
_REMARK = re.compile(
    r"\b(?:the paper is <|paper:|code is at|next to|complements?|stands beside|supports [A-Z]|later\b.{0,40}\breports?"
    r"|in agreement with|in line with|compared with (?:[A-Z][\w-]+ )+the|has since become|grounding scores such as"
    r"|would pair|shares a theme|the message|an early example|documents the|depends? on the same|such as the"
    r"|many later|nearly everything|an earlier paper|code (?:is|and|will)|our code|available at"
    r"|half a year later|we (?:also )?(?:discuss|hope)|note that)\b"
    r"|https?://|后续的|後續的|论文见|論文見|代码见|程式碼見|与.{1,20}互补|值得跟进|值得跟進",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"\b(?:the best (?:of|tested|model|result)|ahead of|comes? (?:close|out)|leads? (?:other|earlier|to)|beats?"
    r"|outranks?|wins?|better (?:overall|than)|(?:did|does|do) [\d. %]*better|the outcome|reached|falls? below|less often"
    r"|without loss|comparable (?:to|with)|competitive|superior|effectiveness|hallucinate less|helps?|evidence that"
    r"|most others|suggests?|shows?|at the level of|on a level with|in (?:the |our )?experiments|by a factor of"
    r"|reach(?:es|ed)?|do(?:es)? better|shortens?|saves?|keeps? the quality)\b"
    r"|结果|結果|结论|結論|相当|相若|胜过|勝過|更(?:快|好|准|稳)",
    re.IGNORECASE,
)
_OWN_DEED = re.compile(r"(?:[\w ]{1,20}, )?we (?!acknowledge|caution|note|leave)\w+", re.IGNORECASE)
_IN_HEAD = 60
_NEAR = 24
_FEWEST = 4
# Where in a text limits of its own begin to be likely, and problems of others cease to be.
_EARLY, _LATE = 0.45, 0.6

_BEFORE, _PROBLEM, _APPROACH, _RESULT, _LIMITATION, _AFTER = range(6)
_ROLE_OF = (Role.CONTEXT, Role.PROBLEM, Role.APPROACH, Role.RESULT, Role.LIMITATION, Role.CONTEXT)
_NEVER = -1000.0
_START = (-0.1, 0.0, -0.5, -1.0, -3.0, _NEVER)
# What it costs to go from one (row) to the next (column), in the order of the constants above.
_STEPS = (
    (0.0, 0.0, 0.0, -0.8, -1.5, _NEVER),
    (-0.3, 0.0, 0.0, -0.8, -1.5, _NEVER),
    (_NEVER, -2.5, 0.0, 0.0, -0.5, 0.0),
    (_NEVER, -3.0, -0.7, 0.0, 0.0, 0.0),
    (_NEVER, -3.0, -2.0, -0.8, 0.0, -0.2),
    (_NEVER, -3.0, -1.0, -0.3, -0.2, 0.0),
)
_CERTAIN = 100.0
# From here on the sentence itself speaks for its role, whatever its place.
_TOLD = (_NEVER, 1.6, 1.3, 0.9, 1.2, _NEVER)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence does in its text, how well it tells each role, and how many scores it holds.

    ``told`` says whether something in the sentence itself, not its place alone, speaks for its role.
    """

    role: Role
    worth: dict[Role, float]
    measured: int
    told: bool


def label(sentence: str) -> Role | None:
    """The role that a sentence gives itself in its first word (``结果：``, ``Limitation:``), if it does."""
    match = _LABEL.match(sentence)
    return Role(match.lastgroup) if match and match.lastgroup else None


def unlabelled(sentence: str) -> str:
    """``sentence`` without the label that it begins with; a verbatim end of it."""
    match = _LABEL.match(sentence)
    return sentence[match.end() :] if match else sentence


def read(sentences: Sequence[str], *, title: str = "") -> tuple[Reading, ...]:
    """How each of the ``sentences`` of one text, in their order, reads; ``title`` tells the work's own name."""
    return _read(tuple(sentences), title)


@lru_cache(maxsize=256)  # the writers ask for roles and for key sentences of one text
def _read(sentences: tuple[str, ...], title: str) -> tuple[Reading, ...]:
    heads = list(_heads(sentences, names_of_title(title)))
    # A text of few sentences is the beginning of an abstract rather than the whole of one.
    last = max(_FEWEST, len(sentences) - 1)
    emitted = [
        _emissions(each, position / last, head)
        for position, (each, head) in enumerate(zip(sentences, heads, strict=True))
    ]
    states = _best_way([scores for scores, _ in emitted])
    return tuple(_reading(state, *each) for state, each in zip(states, emitted, strict=True))


def _reading(state: int, scores: tuple[float, ...], measured: int) -> Reading:
    worth = dict(zip(_ROLE_OF[1:5], scores[1:5], strict=True))
    return Reading(_ROLE_OF[state], worth, measured, scores[state] >= _TOLD[state])


def _heads(sentences: Sequence[str], own: Sequence[str]) -> Iterator[float]:
    """How surely each sentence opens with the work's own name; the first sentence that does so introduces it."""
    heads = [unlabelled(sentence)[:_IN_HEAD] for sentence in sentences]
    places = [place_in_head(own, head) for head in heads]
    is_named = any(place >= 0 for place in places[: 1 + len(places) // 2])
    told = ""
    for sentence, head, place in zip(sentences, heads, places, strict=True):
        if place >= 0:
            yield 2.4 if place < _NEAR else 1.6
        else:
            yield (0.9 if is_named else 1.7) if told and _opens_with_new_name(head, told) else 0.0
        told += sentence


def _opens_with_new_name(head: str, told: str) -> bool:
    names = proper_names(head) if head[:1].isalpha() else ()
    return bool(names) and names[0].start == 0 and names[0].text not in told


@dataclass(frozen=True, slots=True)
class _Signs:
    """What is seen in one sentence: its place (0 first, 1 last), its name and scores, and the cues of each role."""

    sentence: str
    place: float
    head: float
    measured: int
    cued: dict[Role, int]
    is_proposal: bool
    is_own_deed: bool
    is_outcome: bool
    is_remark: bool
    is_praise: bool
    is_recipe: bool


def _signs(sentence: str, place: float, head: float) -> _Signs:
    return _Signs(
        sentence,
        place,
        head,
        sum(measure.is_score for measure in measures(sentence)),
        {role: min(2, cues.count(sentence, role)) for role in _ROLE_OF[1:5]},
        _STRONG_APPROACH.search(sentence) is not None,
        _OWN_DEED.match(sentence) is not None,
        _OUTCOME.search(sentence) is not None,
        _REMARK.search(sentence) is not None,
        _PRAISE.search(sentence) is not None,
        cues.is_recipe(sentence),
    )


def _emissions(sentence: str, place: float, head: float) -> tuple[tuple[float, ...], int]:
    signs = _signs(sentence, place, head)
    remark = 0.4 + 1.4 * place * signs.is_remark
    scores = (0.6, _problem(signs), _approach(signs), _result(signs), _limitation(signs), remark)
    sure = label(sentence)
    if sure is None:
        return scores, signs.measured
    return tuple(score + _CERTAIN * (_ROLE_OF[at] is sure) for at, score in enumerate(scores)), signs.measured


def _problem(signs: _Signs) -> float:
    sentence, place = signs.sentence, signs.place
    lack = 0.5 * min(2, len(_LACK.findall(sentence))) if place < _LATE else 0.0
    others = 1.2 * bool(signs.cued[Role.LIMITATION]) if place < _LATE else -2.0
    asks = 0.8 * sentence.rstrip('"”」').endswith(("?", "？"))
    praise = 0.9 * signs.is_praise
    done = 1.5 * signs.is_proposal + 1.0 * signs.is_own_deed + 0.6 * signs.measured + 0.8 * signs.head
    return lack + others + 0.9 * signs.cued[Role.PROBLEM] + asks - praise - done + 1.2 * max(0.0, 1 - 2.5 * place)


def _approach(signs: _Signs) -> float:
    place = signs.place
    told = 1.0 * signs.cued[Role.APPROACH] + 1.5 * signs.is_proposal
    others = 1.4 * (_OTHERS_DO.match(signs.sentence) is not None and not _TOLD_LATER.search(signs.sentence))
    # A recipe is told of the work, but no better than by the sentence that names it.
    told += 1.0 * (signs.is_recipe and not (told or others or signs.head))
    named = signs.head * (1.0 if place < 0.7 else 0.3) - 1.2 * (signs.is_praise and not told)
    is_result = (signs.cued[Role.RESULT] or signs.is_outcome) and told < 2
    place_worth = 0.8 - 1.6 * abs(place - 0.3) - 1.0 * (place > 0.7)
    return told + others + named + place_worth - 1.2 * (signs.measured > 0) - 1.2 * bool(is_result)


def _result(signs: _Signs) -> float:
    found = 1.0 * signs.cued[Role.RESULT] + 0.7 * signs.is_outcome + 1.2 * min(2, signs.measured)
    return found + 0.7 * signs.place - 0.8 * (signs.place < 0.15) - 3.0 * signs.is_remark - 1.5 * signs.is_recipe


def _limitation(signs: _Signs) -> float:
    sentence, cued = signs.sentence, signs.cued[Role.LIMITATION]
    if signs.place < _EARLY:
        return -2.0 + 1.5 * cued
    told = 1.5 * cued + 1.3 * min(2, len(_OPEN_ENDED.findall(sentence)))
    others = 0.8 * (bool(cued) and cues.is_about_others(sentence))
    told += 2.0 * cues.is_main_limitation(sentence)
    return told - others - 1.5 * (signs.is_own_deed or signs.is_proposal) + 0.8 * (signs.place - 0.5)


def _best_way(emitted: Sequence[tuple[float, ...]]) -> list[int]:
    """The states of the dearest way through the text (Viterbi); of equals the earlier state."""
    if not emitted:
        return []
    worth = [start + score for start, score in zip(_START, emitted[0], strict=True)]
    came_from: list[list[int]] = []
    for scores in emitted[1:]:
        before = [max(range(6), key=lambda state: worth[state] + _STEPS[state][at]) for at in range(6)]
        worth = [worth[state] + _STEPS[state][at] + scores[at] for at, state in enumerate(before)]
        came_from.append(before)
    way = [max(range(6), key=lambda state: worth[state])]
    for before in reversed(came_from):
        way.append(before[way[-1]])
    return way[::-1]
