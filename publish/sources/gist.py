"""What a work is, in a few words of its own source: "a framework that renders long texts into images".

Sources say it where they introduce the work ("we propose Glyph, a framework that …"; "RLM is a …"; 提出了一种…的方法). The words
are a stretch of one sentence, word for word, that reads by itself; where no sentence has such a stretch there is no gist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notes.links.linking import names_in
from notes.links.mentions import has_name
from notes.model import Role
from notes.text.fold import fold
from notes.text.hedges import is_hedged
from publish.sources.extract import Quote
from publish.sources.retelling import points_back, speaks_of_itself

__all__ = ["Gist", "gist_of"]

_LONGEST, _LEAST_WORDS = 150, 3
_LONGEST_HAN, _LEAST_HAN = 48, 6
_VERBS = (
    r"propos(?:e|es|ed|ing)|introduc(?:e|es|ed|ing)|present(?:s|ed|ing)?|develop(?:s|ed|ing)?|releas(?:e|es|ed|ing)"
    r"|design(?:s|ed)?|build|built|creat(?:e|es|ed)|devis(?:e|es|ed)|describ(?:e|es)|announc(?:e|es|ed|ing)|call(?:s|ed)?"
    r"|construct(?:s|ed)?|curat(?:e|es|ed)|pioneer(?:s|ed)?|launch(?:es|ed|ing)?|contribut(?:e|es)|establish(?:es|ed)?"
)
_INTRODUCES = re.compile(rf"\b(?:{_VERBS})\s+(?!and\b|or\b|to\b|in\b|by\b|for\b)(?=\S)")
_IS_A = re.compile(r"\b(?:is|are) (?P<rest>(?:an?|the first|the)\s.*)$")
# What the name stands for may come between: "Dr.LLM, Dynamic routing of Layers for LLMs, a framework that …".
_APPOSITION = re.compile(
    r"^(?P<name>[^,;:—]{1,90}?),(?: [^,;:—]{1,60},)??\s+(?P<gist>(?:an?|the|our|one of|which)\s+\S.*)$"
)
_DETERMINED = re.compile(r"^(?:an?|the|two|three|four|five|six|seven)\s", re.IGNORECASE)
_COLON = re.compile(r"^(?P<name>[^,;:—]{1,90}?)(?::| —)\s+(?P<gist>(?:an?|the)\s+\S.*)$")
_CHINESE = re.compile(
    r"(?:提出|推出|发布|發布|介绍|介紹|设计|設計|构建|構建|开发|開發|建立)了?(?P<rest>[^，,。；;：:]{6,48})"
)
_CUTS = (
    re.compile(
        r"(?:, (?=\w+ing\b|which\b|that\b|while\b|and\b|with\b|where\b|including\b|as\b)|;\s| -{1,3} |—| – |:\s|, e\.g\.)"
    ),
    re.compile(r", "),
    re.compile(
        r" (?:to|for|by|through|via|with|that|which|from|using|based on|in|across|under|covering|comprising|spanning) "
    ),
)
_NAMED_THING = re.compile(r"the [A-Z]")
_NAMED_PART = re.compile(r"[^,;]{0,60}?\((?:[A-Z][\w.+-]*[A-Z][\w.+-]*)\)")  # "a Visual Resolution Router (ViR)"
_DANGLES = re.compile(r"\b(?:a|an|the|of|to|and|or|by|for|in|on|with|from|as|that|which|its|their|our)$", re.IGNORECASE)
# A participle whose object was cut off, or an object whose verb was.
_OPEN_END = re.compile(
    r"[a-z](?:ed|ing|en)$|[a-z]-[a-z]+$|(?<!-)\b(?:enabl|allow|caus|mak|help|requir|lett)ing (?:the |an? )?[\w-]+$",
    re.IGNORECASE,
)
_LIST_GOES_ON = re.compile(r"^, (?:[\w-]+,? ){0,6}?(?:and|or)\b")
_FIRST_STEP = re.compile(r"\b(?:that|which) first [a-z]+s\b")
_DIGIT = re.compile(r"\d|百分之")
_PAIRS = ("()", "[]", "“”", "（）", "「」", "《》")


@dataclass(frozen=True, slots=True)
class Gist:
    """A stretch of a sentence of a note, word for word."""

    text: str
    note_id: str
    lang: str


def gist_of(name: str, quotes: Sequence[Quote]) -> Gist | None:
    """What the sentences of a work say that it is; ``name`` is the work's short name, empty where it has none."""
    ideas = [quote for quote in quotes if quote.role is Role.APPROACH]
    naming = [quote for quote in quotes if name and quote.role is not Role.PROBLEM and _names(quote.text, name)]
    # What a later sentence introduces without the work's name is a part of it.
    for quote in (*naming, *ideas[:1]):
        told = name if quote in naming else ""
        for text in _stretches(quote.text, told):
            if (
                _reads(text)
                and not _is_taken_back(quote.text, text, name)
                and not _is_called(text, name)
                and not (name and not told and _is_of_another(quote.text, text))
            ):
                return Gist(text, quote.note_id, quote.lang)
    return None


def _is_taken_back(sentence: str, stretch: str, name: str) -> bool:
    """Whether the sentence denies or doubts what it introduces: by any word where a figure is told, else by words around it.

    "A benchmark that tests whether agents can recover" asks no doubt of the benchmark.
    """
    if _DIGIT.search(stretch):
        return is_hedged(sentence)
    # A name may be spelled like a condition: IF-VidCap.
    around = sentence.replace(stretch, " ", 1)
    return is_hedged(around.replace(name, " ") if name else around)


def _is_of_another(sentence: str, stretch: str) -> bool:
    """Whether the words before a stretch name a system, or the stretch is a name, and so another than the work."""
    before = sentence[: sentence.find(stretch)]
    return bool(names_in(before)) or any(rule.match(stretch) for rule in (_NAMED_THING, _NAMED_PART))


def _is_called(text: str, name: str) -> bool:
    """Whether a text begins with the name, its article aside: "the Tool Decathlon (dubbed Toolathlon)"."""
    return bool(name) and _DETERMINED.sub("", fold(text)).startswith(_DETERMINED.sub("", fold(name)))


def _names(text: str, name: str) -> bool:
    """Whether the text has the name: as it stands, or in any capitals where it is of several words or a system's."""
    if has_name(text, name):
        return True
    if len(name.split()) > 1:
        return fold(name) in fold(text)
    return bool(names_in(name)) and has_name(fold(text), fold(name))


def _stretches(sentence: str, name: str) -> Iterator[str]:
    """Stretches that may tell what the work is, best first, each cut to a fair length."""
    if found := _CHINESE.search(sentence):
        yield found["rest"]
        return
    body = sentence.rstrip(" .!")
    for found in _INTRODUCES.finditer(body):
        yield from _of_introduction(body[found.end() :], name)
    opening = body[: len(name) + 60]
    if name and name in opening and (found := _IS_A.search(body)) and found.start() <= len(name) + 60:
        yield _cut(found["rest"])


def _of_introduction(rest: str, name: str) -> Iterator[str]:
    for rule in (_APPOSITION, _COLON):
        found = rule.match(rest)
        if found and _DETERMINED.match(found["name"]) and not _is_called(found["name"], name):
            break  # "a new system called X, which …": the whole of it
        if found and (not name or _names(found["name"], name)):
            yield from _short_of(found["gist"])
    if _DETERMINED.match(rest) and (not name or _names(rest, name)):
        yield _cut(rest)


def _short_of(text: str) -> Iterator[str]:
    """The text cut to a fair length; then only what stands before its first aside, where what follows leans on others."""
    yield _cut(text)
    if aside := _CUTS[0].search(text):
        yield text[: aside.start()].strip(" ,;:—-")


def _cut(text: str) -> str:
    """The text up to the last of its joints that leaves a fair length."""
    text = text.strip(" ,;:—-")
    if len(text) <= _LONGEST:
        return text
    for cut in _CUTS:
        places = [found.start() for found in cut.finditer(text) if found.start() <= _LONGEST]
        for place in reversed(places):
            part = text[:place].strip(" ,;:—-")
            if _is_whole(part) and not _OPEN_END.search(part) and not _goes_on(part, text[place:]):
                return part
    return text


def _goes_on(part: str, rest: str) -> bool:
    """Whether a cut tears a list, the end off "from … to …", or the second step off the first."""
    torn = rest.startswith(" to ") and " from " in part
    return _LIST_GOES_ON.match(rest) is not None or torn or _FIRST_STEP.search(part) is not None


def _is_whole(text: str) -> bool:
    return (
        len(text.split()) > _LEAST_WORDS
        and not _DANGLES.search(text)
        and all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS)
    )


def _reads(text: str) -> bool:
    if "$" in text or "\\" in text:
        return False
    if re.search(r"[\u3400-\u9fff]", text):
        return _LEAST_HAN <= len(text) <= _LONGEST_HAN and not points_back(text)
    return len(text) <= _LONGEST and _is_whole(text) and not points_back(text) and not speaks_of_itself(text)
