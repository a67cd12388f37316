"""Sentences of English and Chinese prose: where they end, what they do, which of them tell the whole.

Everything here is verbatim: a sentence is a stretch of the text with its line breaks made spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from notes import cues
from notes.language import cjk_share
from notes.measures import measures
from notes.model import KeySentence, Role

__all__ = ["key_sentences", "role", "split", "stands_alone", "tidy"]

_CLOSING = "\"'”’」』）)\\]】》*_$}"
_END = re.compile(rf"(?:[。！？；]+|[!?]+|\.+|…+)[{_CLOSING}]*(?:\[\d+(?:[,–-] ?\d+)*\])?")
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
_PAIRS = ("()", "（）", "[]", "【】", "「」", "『』", "“”", "《》")
_OWN_LIMITS_FROM = 0.5
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
    if mark in "。！？；":
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
    """What ``sentence`` does, told by its cue words and figures; ``CONTEXT`` when nothing tells."""
    return _role(sentence, _scores(sentence))


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
    return bare.endswith((".", "!", "。", "！", "；")) and not bare.endswith(("..", "[.", "…."))


def _has_fair_length(sentence: str) -> bool:
    if cjk_share(sentence) > 0.3:
        return _MIN_CHINESE_CHARACTERS <= len(sentence) <= _MAX_CHINESE_CHARACTERS
    return _MIN_ENGLISH_WORDS <= len(_WORD.findall(sentence)) <= _MAX_ENGLISH_WORDS


def tidy(sentence: str) -> str:
    """``sentence`` without an opening such as "Specifically," or "此外，" where what remains still reads as a sentence.

    The result is always a verbatim end of ``sentence``: it is left whole where the rest would begin in lower case.
    """
    match = _OPENING.match(sentence)
    return sentence[match.end() :] if match and len(sentence) > match.end() else sentence


def key_sentences(text: str, *, limit: int = 4) -> tuple[KeySentence, ...]:
    """At most ``limit`` sentences of ``text`` that tell problem, approach, result and limitation, in reading order.

    Each is a sentence of :func:`split`. A result with figures goes before one without. Where the text tells none of
    these, its first sentences that stand alone are given as ``CONTEXT``.
    """
    ranked = sorted(_candidates(text), key=lambda each: (-each.score, each.position))
    chosen = _first_of_each_role(ranked)[:limit]
    # What room is left goes to further results: they are what a reader comes for.
    more = [each for each in ranked if each not in chosen and each.role is Role.RESULT and each.measured]
    chosen += more[: max(0, min(limit - len(chosen), 1))]
    if not chosen:
        chosen = sorted(ranked, key=lambda each: each.position)[: min(limit, 2)]
    return tuple(KeySentence(each.text, each.role) for each in sorted(chosen, key=lambda each: each.position))


class _Candidate:
    """A sentence with its place, role and worth."""

    __slots__ = ("measured", "position", "role", "score", "text")

    def __init__(self, text: str, position: int, total: int) -> None:
        self.text = text
        self.position = position
        self.measured = _scores(text)
        place = position / max(1, total - 1)
        its_role = _role(text, self.measured)
        # An abstract opens with what others lack and closes with what it lacks itself.
        self.role = Role.PROBLEM if its_role is Role.LIMITATION and place < _OWN_LIMITS_FROM else its_role
        self.score = _worth(text, self.role, self.measured, place)


def _candidates(text: str) -> list[_Candidate]:
    sentences = split(text)
    first_places = {sentence: position for position, sentence in reversed(list(enumerate(sentences)))}
    return [
        _Candidate(sentence, position, len(sentences))
        for sentence, position in first_places.items()
        if stands_alone(sentence)
    ]


def _worth(sentence: str, its_role: Role, measured: int, place: float) -> float:
    """How well ``sentence`` tells its role; ``place`` is where it stands, 0 first to 1 last."""
    worth = min(cues.count(sentence, its_role), 3) * 1.0
    if its_role is Role.RESULT:
        return worth + 2.0 * min(measured, 3) + place
    if its_role is Role.LIMITATION:
        return worth + place
    return worth + (1.0 - place)


def _first_of_each_role(ranked: Iterable[_Candidate]) -> list[_Candidate]:
    best: dict[Role, _Candidate] = {}
    for each in ranked:
        best.setdefault(each.role, each)
    return [best[each] for each in (Role.RESULT, Role.APPROACH, Role.PROBLEM, Role.LIMITATION) if each in best]
