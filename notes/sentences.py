"""Sentences of English and Chinese prose: where they end, what they do, which of them tell the whole.

Everything here is verbatim: a sentence is a stretch of the text with its line breaks made spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from notes import cues
from notes.language import cjk_share
from notes.measures import measures
from notes.model import KeySentence, Role
from notes.rhetoric import label, read, unlabelled

__all__ = ["key_sentences", "role", "roles", "split", "stands_alone", "tidy"]

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
_WORD = re.compile(r"[A-Za-z][\w'’-]*")

_OPENING = re.compile(
    r"(?:in (?:this|the present) (?:paper|work|study|article|report|post)|in our (?:paper|work|study)"
    r"|specifically|in particular|notably"
    r"|importantly|crucially|moreover|furthermore|additionally|in addition|however|therefore|thus"
    r"|hence|consequently|overall"
    r"|in summary|in conclusion|to summari[sz]e|finally|also|as a result),\s+(?=(?-i:[A-Z])|[\d\"“])"
    r"|(?:在?本文中?|(?:在)?本(?:研究|论文|論文|工作)中|具体(?:而言|来说)|具體(?:而言|來說)|此外|另外"
    r"|因此|所以|总之|總之|综上所述|綜上所述|最后|最後|同时|同時"
    r"|值得注意的是|更重要的是|更关键的是|更關鍵的是|然而|不过|不過)[,，]\s*",
    re.IGNORECASE,
)
# Openings that lean on what was said, though what follows them is whole.
_LEANING = re.compile(
    r"(?:to (?:this end|do so|do this|address (?:this|these)[^,]{0,30})|here|in response|thus|therefore|finally|first(?:ly)?"
    r"|second(?:ly)?|in addition|with this|in doing so|accordingly|as a result|instead|notably|为此|為此|最后|最後|对此|對此)"
    r"[,，] ?(?=(?:we|our|the|an?|results|experiments|[A-Z\u4e00-\u9fff])\b|[\u4e00-\u9fff])",
    re.IGNORECASE,
)
_THIS_METHOD = re.compile(
    r"(?:this|the (?:proposed|resulting)|our) (?:[\w-]+ ){0,3}(?:method|framework|approach|model|system|benchmark|dataset)\b",
    re.IGNORECASE,
)
_FIGURE_WORTH = 1.0
# What the first place alone is worth to a problem.
_PLAIN = 1.2
# From here on a sentence says what is done, not what is wrong.
_PROPOSES = 1.0
_PAIRS = ("()", "（）", "[]", "【】", "「」", "『』", "“”", "《》")
_MAX_ENGLISH_WORDS = 60
_MIN_ENGLISH_WORDS = 6
_MAX_CHINESE_CHARACTERS = 180
_MIN_CHINESE_CHARACTERS = 10


def split(text: str) -> tuple[str, ...]:
    """The sentences of ``text`` in order, stripped, white space made single spaces; nothing else is lost.

    Blank lines end a sentence. Abbreviations (``et al.``, ``e.g.``, ``Fig.``), decimals, versions and initials do not.
    """
    paragraphs = (" ".join(paragraph.split()) for paragraph in _BLANK_LINE.split(text))
    return tuple(sentence for paragraph in paragraphs for sentence in _split_paragraph(paragraph))


def _split_paragraph(paragraph: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(paragraph):
        if _ends(paragraph, start, end):
            yield paragraph[start : end.end()].strip()
            start = end.end()
    if rest := paragraph[start:].strip():
        yield rest


def _ends(paragraph: str, start: int, end: re.Match[str]) -> bool:
    before, after = paragraph[start : end.start()], paragraph[end.end() :]
    mark = end.group()[0]
    if not before.strip():
        return False
    if mark in "。！？":
        return True
    if after and not after[0].isspace():
        return _ends_without_space(before, after)
    following = after.split(maxsplit=1)[0] if after.strip() else ""
    return _opens(following) and (mark != "." or _is_full_stop(before, following))


def _ends_without_space(before: str, after: str) -> bool:
    """Chinese typed with ASCII stops, and English that forgot the space before a plain opener (methods.This)."""
    if _HAN.match(after):
        return bool(_HAN.search(before)) and not _LIST_NUMBER.search(before)
    opener = re.match(r"([A-Z][a-z]*)(?:['’][a-z]+)?(?=\s)", after)
    return opener is not None and opener.group(1).lower() in _OPENERS and bool(re.search(r"(?:[a-z]{3}|[%)])$", before))


def _opens(word: str) -> bool:
    """Whether ``word`` can be the first of a sentence: not lower case, unless it is a name such as iGRPO."""
    bare = word.lstrip("\"'“‘「『（([*_$\\")
    return not bare or not bare[0].islower() or any(character.isupper() or character.isdigit() for character in bare)


def _is_full_stop(before: str, following: str) -> bool:
    last = before.rsplit(maxsplit=1)[-1].lstrip("(（[“\"'").lower()
    if last in _ABBREVIATIONS or _LIST_NUMBER.fullmatch(before.strip()):
        return False
    doubtful = _DOUBTFUL.fullmatch(last) or before.lower().endswith("et al")
    return not doubtful or not following or following.lower().strip(",;:") in _OPENERS


def role(sentence: str) -> Role:
    """What ``sentence`` alone does, told by its label, its cue words and figures; ``CONTEXT`` when nothing tells."""
    return label(sentence) or _role(sentence, _scores(sentence))


def _scores(sentence: str) -> int:
    return sum(measure.is_score for measure in measures(sentence))


def _role(sentence: str, measured: int) -> Role:
    found = {each: cues.count(sentence, each) for each in Role}
    if found[Role.APPROACH] and not (measured and found[Role.RESULT]):
        found[Role.APPROACH] += 1
    if measured and (found[Role.RESULT] or not any(found.values())):
        found[Role.RESULT] += 1
    if found[Role.LIMITATION]:
        found[Role.PROBLEM if cues.is_about_others(sentence) else Role.LIMITATION] += found[Role.PROBLEM] + 1
    best = max(_PREFERENCE, key=lambda each: found[each])
    return best if found[best] else Role.CONTEXT


# Ties go to the rarer cue.
_PREFERENCE = (Role.LIMITATION, Role.APPROACH, Role.RESULT, Role.PROBLEM)


def stands_alone(sentence: str) -> bool:
    """Whether ``sentence`` reads without its neighbours: whole, balanced, of fair length, no "These" or 这些 first."""
    return (
        _is_whole(sentence)
        and _has_fair_length(sentence)
        and not cues.opens_in_the_air(sentence)
        and all(sentence.count(pair[0]) == sentence.count(pair[1]) for pair in _PAIRS)
        and sentence.count('"') % 2 == 0
    )


def _is_whole(sentence: str) -> bool:
    bare = sentence.rstrip(_CLOSING + "\\")
    return bare.endswith((".", "!", "。", "！")) and not bare.endswith(("..", "[.", "…."))


def _has_fair_length(sentence: str) -> bool:
    if cjk_share(sentence) > 0.3:
        return _MIN_CHINESE_CHARACTERS <= len(sentence) <= _MAX_CHINESE_CHARACTERS
    return _MIN_ENGLISH_WORDS <= len(_WORD.findall(sentence)) <= _MAX_ENGLISH_WORDS


def tidy(sentence: str) -> str:
    """``sentence`` without a label ("结果：", "Problem:") or an opening such as "Specifically," or "此外，".

    The result is always a verbatim end of ``sentence``: it is left whole where the rest would begin in lower case.
    """
    rest = unlabelled(sentence)
    if match := _OPENING.match(rest):
        rest = rest[match.end() :]
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


def _by_worth(role: Role) -> Callable[[_Candidate], tuple[bool, float, int]]:
    bonus = _FIGURE_WORTH if role is Role.RESULT else 0.0
    return lambda each: (not each.alone, -each.worth[role] - bonus * min(each.measured, 3), each.position)


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
    for position, (sentence, reading) in enumerate(zip(sentences, read(sentences, title=title), strict=True)):
        tidied = tidy(sentence)
        alone = stands_alone(sentence) and (tidied == sentence or stands_alone(tidied))
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
    if its_role is Role.APPROACH and _THIS_METHOD.match(sentence):
        return _is_whole(sentence) and _has_fair_length(sentence)
    opening = _LEANING.match(sentence)
    return opening is not None and stands_alone(sentence[opening.end() :])
