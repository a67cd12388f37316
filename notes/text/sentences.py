"""Sentences of English and Chinese prose: where they end, what they do, which of them tell the whole.

Everything here is verbatim: a sentence is a stretch of the text with its line breaks made spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from notes.model import KeySentence, Role
from notes.quantities.measures import measures
from notes.quantities.names import antecedents
from notes.text import cues
from notes.text.language import cjk_share
from notes.text.rhetoric import label, read, unlabelled

__all__ = ["key_sentences", "refers_to_work", "role", "roles", "split", "stands_alone", "tidy"]

_CLOSING = "\"'”’」』）)\\]】》*_$}"
_END = re.compile(rf"(?:[。！？]+|[!?]+|\.+|…+)[{_CLOSING}]*(?:\[\d+(?:[,–-] ?\d+)*\])?")
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*\n\s*")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\u3041-\u30ff]")
# Never the end of a sentence, whatever follows.
_SHORTENED = """
e.g i.e cf vs viz resp approx ca fig figs eq eqs eqn sec secs ref refs tab tabs ch def thm lem prop cor alg no
nos vol pp dr prof mr mrs ms st mt sr gen sen rep rev hon messrs w.r.t a.k.a dept univ est incl excl esp ed eds
al.s i.i.d s.t
"""
_ABBREVIATIONS = frozenset(_SHORTENED.split())
# The end of one only when the next word can open a sentence.
_DOUBTFUL = re.compile(r"(?:et al|etc|inc|ltd|corp|co|jr|u\.s|u\.k|e\.u|ph\.d|m\.sc|a\.m|p\.m|[a-z])$", re.IGNORECASE)
_OPENING_WORDS = """
we our this these that those the it its they their in to for however here a an as by with while when although
from on such there both first second finally moreover furthermore unlike using results experiments specifically
"""
_OPENERS = frozenset(_OPENING_WORDS.split())
_LIST_NUMBER = re.compile(r"(?:^|\s)\(?\d{1,2}$")
_NEXT = re.compile(r"([A-Z][a-z]*)(?:['’][a-z]+)?(?=\s)")
_PLAIN_END = re.compile(r"(?:[a-z]{3}|[%)])$")
# All that a list's number, an "et al" or a plain end take, with a blank on either side.
_TAIL = 6
_WORD = re.compile(r"[A-Za-z][\w'’-]*")

_FIGURE_WORTH = 1.0
# What the first place alone is worth to a problem.
_PLAIN = 1.2
# From here on a sentence says what is done, not what is wrong.
_PROPOSES = 1.0
# From here on a sentence that tells an approach names the work or says "we propose".
_NAMED = 2.0
_PAIRS = ("()", "（）", "[]", "【】", "「」", "『』", "“”", "《》")
_MAX_ENGLISH_WORDS = 60
# Of nothing in particular; with a cue, with a score ("It reaches 52.1% on WebArena.").
_MIN_ENGLISH_WORDS = (7, 6, 4)
_MAX_CHINESE_CHARACTERS = 180
_MIN_CHINESE_CHARACTERS = 10


def split(text: str) -> tuple[str, ...]:
    """The sentences of ``text`` in order, stripped, white space made single spaces; nothing else is lost.

    Blank lines end a sentence. Abbreviations (``et al.``, ``e.g.``, ``Fig.``), decimals, versions and initials do not.
    """
    paragraphs = (" ".join(paragraph.split()) for paragraph in _BLANK_LINE.split(text))
    return tuple(sentence for paragraph in paragraphs for sentence in _split_paragraph(paragraph))


def _split_paragraph(paragraph: str) -> Iterator[str]:
    start = looked = 0
    is_chinese = False
    for end in _END.finditer(paragraph):
        if not is_chinese and _HAN.match(paragraph, end.end()):
            is_chinese = _HAN.search(paragraph, looked, end.start()) is not None
            looked = end.start()
        if _ends(paragraph, start, end, is_chinese=is_chinese):
            yield paragraph[start : end.end()].strip()
            start = looked = end.end()
            is_chinese = False
    if rest := paragraph[start:].strip():
        yield rest


def _ends(paragraph: str, start: int, end: re.Match[str], *, is_chinese: bool) -> bool:
    """Whether the mark ends what begins at ``start``, which ``is_chinese`` where Han characters stand in it.

    What stands before and behind is looked at by place: a copy of it for each mark would take the square of the time.
    """
    stop, after = end.span()
    mark = paragraph[stop]
    if not paragraph[start : min(stop, start + 2)].strip():
        return False
    if mark in "。！？":
        return True
    if after < len(paragraph) and paragraph[after] != " ":
        return _ends_without_space(paragraph[max(start, stop - _TAIL) : stop], paragraph, after, is_chinese=is_chinese)
    behind = paragraph.find(" ", after + 1)
    following = paragraph[after + 1 : behind if behind > 0 else None]
    return _opens(following) and (mark != "." or _is_full_stop(paragraph, start, stop, following))


def _ends_without_space(tail: str, paragraph: str, after: int, *, is_chinese: bool) -> bool:
    """Chinese typed with ASCII stops, and English that forgot the space before a plain opener (methods.This)."""
    if _HAN.match(paragraph, after):
        return is_chinese and not _LIST_NUMBER.search(tail)
    opener = _NEXT.match(paragraph, after)
    return opener is not None and opener.group(1).lower() in _OPENERS and bool(_PLAIN_END.search(tail))


def _opens(word: str) -> bool:
    """Whether ``word`` can be the first of a sentence: not lower case, unless it is a name such as iGRPO."""
    bare = word.lstrip("\"'“‘「『（([*_$\\")
    return not bare or not bare[0].islower() or any(character.isupper() or character.isdigit() for character in bare)


def _is_full_stop(paragraph: str, start: int, stop: int, following: str) -> bool:
    tail = paragraph[max(start, stop - _TAIL) : stop]
    filled = stop - (paragraph[stop - 1] == " ")
    last = paragraph[max(start, paragraph.rfind(" ", start, filled) + 1) : filled].lstrip("(（[“\"'").lower()
    if last in _ABBREVIATIONS or (stop - start <= _TAIL and _LIST_NUMBER.fullmatch(tail.strip())):
        return False
    doubtful = _DOUBTFUL.fullmatch(last) or tail.lower().endswith("et al")
    return not doubtful or not following or following.lower().strip(",;:") in _OPENERS


def role(sentence: str) -> Role:
    """What ``sentence`` alone does, told by its label, its cue words and figures; ``CONTEXT`` when nothing tells."""
    return label(sentence) or _role(sentence, _scores(sentence))


def _scores(sentence: str) -> int:
    return sum(measure.is_score for measure in measures(sentence))


def _role(sentence: str, measured: int) -> Role:
    found = {each: cues.count(sentence, each) for each in Role}
    if not any(found.values()) and cues.is_recipe(sentence):
        return Role.APPROACH
    if found[Role.APPROACH] and not (measured and found[Role.RESULT]):
        found[Role.APPROACH] += 1
    found[Role.RESULT] += bool(measured and (found[Role.RESULT] or not any(found.values())))
    if found[Role.LIMITATION]:
        found[Role.PROBLEM if cues.is_about_others(sentence) else Role.LIMITATION] += found[Role.PROBLEM] + 1
    best = max(_PREFERENCE, key=lambda each: found[each])
    return best if found[best] else Role.CONTEXT


# Ties go to the rarer cue.
_PREFERENCE = (Role.LIMITATION, Role.APPROACH, Role.RESULT, Role.PROBLEM)


def stands_alone(sentence: str, *, subject_known: bool = False) -> bool:
    """Whether ``sentence`` reads without its neighbours: whole, balanced, of fair length, no "These" or 这些 first.

    With ``subject_known`` (what is told around it names the work) a score may be told of "it": see :func:`refers_to_work`.
    """
    return (
        _is_whole(sentence)
        and _has_fair_length(sentence)
        and (not cues.opens_in_the_air(sentence) or (subject_known and refers_to_work(sentence)))
        and all(sentence.count(pair[0]) == sentence.count(pair[1]) for pair in _PAIRS)
        and sentence.count('"') % 2 == 0
    )


def refers_to_work(sentence: str) -> bool:
    """Whether a score is told of "it", "the model", 它, 該方法; :func:`notes.quantities.names.antecedents` says what that is."""
    return cues.work_pronoun(sentence) is not None and _scores(sentence) > 0


def _is_whole(sentence: str) -> bool:
    bare = sentence.rstrip(_CLOSING + "\\")
    return bare.endswith((".", "!", "。", "！")) and not bare.endswith(("..", "[.", "…."))


def _has_fair_length(sentence: str) -> bool:
    if cjk_share(sentence) > 0.3:
        return _MIN_CHINESE_CHARACTERS <= len(sentence) <= _MAX_CHINESE_CHARACTERS
    words = len(_WORD.findall(sentence))
    plain, cued, scored = _MIN_ENGLISH_WORDS
    if words >= plain:
        return words <= _MAX_ENGLISH_WORDS
    is_cued = words >= cued and any(cues.count(sentence, each) for each in Role)
    return is_cued or (words >= scored and _scores(sentence) > 0)


def tidy(sentence: str) -> str:
    """``sentence`` without a label ("结果：", "Problem:") or an opening such as "Specifically," or "此外，".

    The result is always a verbatim end of ``sentence``: it is left whole where the rest would begin in lower case.
    """
    rest = unlabelled(sentence)
    rest = rest[match.end() :] if (match := cues.OPENING.match(rest)) else rest
    return rest if rest and not rest[0].islower() else sentence


def roles(text_sentences: Sequence[str], *, title: str = "") -> tuple[Role, ...]:
    """What each sentence of one text does: by its cue words, its place in the text and the work's own name.

    ``text_sentences`` are all sentences of the text in order, ``title`` its title (it tells the work's name). A
    sentence that names its role (``结果：``, ``Limitation:``) has that role for sure. Sentences that only lead in or
    remark are ``CONTEXT``.
    """
    return tuple(reading.role for reading in read(text_sentences, title=title))


def key_sentences(text: str, *, limit: int = 5, title: str = "") -> tuple[KeySentence, ...]:
    """At most ``limit`` sentences of ``text`` that tell problem, approach, result and limitation, in reading order.

    At most one of each, and two results. Each is what :func:`tidy` leaves of a sentence of :func:`split`, so it is
    verbatim. A result with figures goes before one without. Where the text tells no role, its first sentences that
    stand alone are given as ``CONTEXT``. ``title`` helps to find the sentence that introduces the work.
    """
    candidates = _candidates(text, title)
    approach = _approach(candidates)
    after = [each for each in candidates if approach is None or each.position > approach.position]
    results = sorted((each for each in after if each.does(Role.RESULT)), key=_by_worth(Role.RESULT))
    chosen = [*results[:1], approach, _problem(candidates, approach), _best(Role.LIMITATION, after)]
    kept = [each for each in chosen if each is not None][: max(0, limit)]
    kept += [each for each in results[1:2] if each.measured and len(kept) < limit]
    if not any(each is not None for each in chosen):
        kept = [each.in_role(Role.CONTEXT) for each in candidates if each.alone][: max(0, min(limit, 2))]
    return tuple(KeySentence(each.text, each.role) for each in sorted(kept, key=lambda each: each.position))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence with its place and what it does; ``alone`` is false where it leans on the sentence before."""

    text: str
    position: int
    role: Role
    worth: Mapping[Role, float]
    measured: int
    told: bool
    alone: bool

    def does(self, role: Role) -> bool:
        return self.role is role and self.told

    def in_role(self, role: Role) -> _Candidate:
        return replace(self, role=role)


def _by_worth(role: Role) -> Callable[[_Candidate], tuple[int, float, int]]:
    bonus = _FIGURE_WORTH if role is Role.RESULT else 0.0
    rank = _rank_of_approach if role is Role.APPROACH else lambda each: int(not each.alone)
    return lambda each: (rank(each), -each.worth[role] - bonus * min(each.measured, 3), each.position)


def _rank_of_approach(each: _Candidate) -> int:
    """Last what a work wants to show; before it what leans on the sentence ahead or is a mere recipe."""
    is_bare = each.worth[Role.APPROACH] < _NAMED and cues.is_recipe(each.text)
    return 2 if cues.is_thesis(each.text) else int(is_bare or not each.alone)


def _best(role: Role, candidates: Sequence[_Candidate]) -> _Candidate | None:
    return min((each for each in candidates if each.does(role)), key=_by_worth(role), default=None)


def _approach(candidates: Sequence[_Candidate]) -> _Candidate | None:
    """The best approach; one that only its place tells does where the text goes on to results or limits."""
    if told := _best(Role.APPROACH, candidates):
        return told
    goes_on = any(each.does(Role.RESULT) or each.does(Role.LIMITATION) for each in candidates)
    placed = (each for each in candidates if goes_on and each.alone and each.role is Role.APPROACH)
    return min(placed, key=_by_worth(Role.APPROACH), default=None)


def _problem(candidates: Sequence[_Candidate], approach: _Candidate | None) -> _Candidate | None:
    """The sentence ahead of the approach that tells best what is wrong; in an abstract its plain first one will do."""
    if approach is None:
        return _best(Role.PROBLEM, candidates)
    ahead = [each for each in candidates if each.position < approach.position]
    leading = [
        each
        for each in ahead
        if each.role in (Role.PROBLEM, Role.CONTEXT)
        and each.worth[Role.APPROACH] < max(_PROPOSES, each.worth[Role.PROBLEM])
    ]
    best = min(leading, key=_by_worth(Role.PROBLEM), default=None)
    # Two sentences have no order to tell from.
    is_enough = best is not None and (len(candidates) > 2 or best.worth[Role.PROBLEM] > _PLAIN)
    return best.in_role(Role.PROBLEM) if best and is_enough else None


def _candidates(text: str, title: str) -> list[_Candidate]:
    sentences = split(text)
    seen: set[str] = set()
    found = []
    told = zip(sentences, read(sentences, title=title), antecedents(sentences, title=title), strict=True)
    for position, (sentence, reading, work) in enumerate(told):
        tidied = tidy(sentence)
        known = bool(work) and reading.role is Role.RESULT
        alone = all(stands_alone(each, subject_known=known) for each in {sentence, tidied})
        if sentence not in seen and (alone or _leans(sentence, reading.role)):
            worth, measured = reading.worth, reading.measured
            found.append(_Candidate(tidied, position, reading.role, worth, measured, reading.told, alone))
        seen.add(sentence)
    return found


def _leans(sentence: str, its_role: Role) -> bool:
    """Whether a sentence that does not stand alone still may be quoted: a question first, or "To this end, we ..."."""
    if its_role in (Role.PROBLEM, Role.CONTEXT):
        asked = sentence.rstrip(_CLOSING)
        return asked.endswith(("?", "？")) and stands_alone(asked[:-1] + ("。" if asked[-1] == "？" else "."))
    if its_role is Role.APPROACH and cues.tells_this_method(sentence):
        return _is_whole(sentence) and _has_fair_length(sentence)
    opening = cues.leans_on(sentence)
    return opening > 0 and stands_alone(sentence[opening:])
