"""Whose figure it is: the system that the sentence speaks of, the work itself where it says "our method", or people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notes.quantities.benchmark_names import is_benchmark_name, measured_names
from notes.quantities.measures import METRIC, Measure
from notes.quantities.names import SHAPE, Name, does_something, ends_phrase, names_of_title
from notes.text import cues

__all__ = ["Owners", "own_name", "owners_in"]

# "Muon 约为 AdamW 的 2 倍": the name is the measure, not what is measured.
_TIMES_OF = re.compile(r"[A-Za-z0-9]\s?的\s?$")
# People who were measured: "human evaluation" and "human resources" are none.
_PEOPLE = re.compile(
    r"\b(?:humans|human (?:experts?|performance|participants|annotators?|baselines?)|people|physicians|clinicians)\b"
    r"|人类|人類|人工",
    re.IGNORECASE,
)
# 达到人类的 60%, 人类水平的 60%: what is told is how near the work came to them.
_SHARE_OF_PEOPLE = re.compile(
    r"(?:(?:[达達]到|相[当當][于於]|[约約仅僅只][为為有是])了?人[类類]|人[类類](?:水[平準准]|表[现現]|成[绩績]))的\s?[约約]?\s?$"
)
_COMPARED = re.compile(
    r"(?:\b(?:than|over|versus|vs\.?|against|to|with|unlike|outperform\w*|surpass\w*|exceed\w*"
    r"|beat\w*|baseline|like|including|by|from|using|via|of|based on|on top of)\s?(?:the )?|超越|超过|超過|优于|優於"
    r"|相比|比|基于|基於)$",
    re.IGNORECASE,
)
# "Capability of A, with 62% on B", "models trained by A": the work may stand behind these, not behind a comparison.
_SET_AGAINST = re.compile(
    r"\b(?:than|over|versus|vs\.?|against|unlike|outperform\w*|surpass\w*|exceed\w*|beat\w*|baseline|including"
    r"|without|compared (?:to|with)"
    r"|from|besides|such as|like)\s?(?:the )?$",
    re.IGNORECASE,
)
_AFTER_BY = re.compile(
    rf"\s?(?:\w+ ){{0,2}}(?:for|by"
    rf"|with)\s(?:the )?(?:[a-z-]+ ){{0,3}}?((?=[\w.-]*[A-Z]){SHAPE})(?! (?:tasks?|on)\b)"
)
_BASELINE = re.compile(
    r"(?:\b(?:compared (?:to|with)|vs\.?|versus|against|from(?! [\d.,]+\\?%? to\b)|instead of|as opposed to"
    r"|relative to)\s?(?:[\w'’.+-]+ ){0,3}"
    r"|\b(?:over|than|baselines?)\s(?:of )?(?:(?!by\b)[\w'’.+-]+ ){1,4}|\bbaselines? (?:of |at )?"
    r"|相比|相较|相較|對比|对比|而非|[从從])\s?[(~$=]*$",
    re.IGNORECASE,
)
_MARGIN = re.compile(r"\bby\b|\bwith\b|\bon\b|相比|提升|高出|领先|領先")
_BESIDE = re.compile(r"\s?[:：(（]\s?[~$+]?| (?:at|with) (?=[\d.]+\s?\\?%\))")
_SCORE = re.compile(
    (
        r"[- ](?:scores?|values?|metric|error|loss)\b(?! \d| (?:only|up|above|below|over) )|\s?(?:分数"
        r"|分數|得分|指标|指標)"
    ),
    re.IGNORECASE,
)
_THING = (
    r"(?:method|model|approach|framework|system|algorithm|pipeline|solution|architecture|network|agent|technique"
    r"|strategy|detector"
    r"|classifier|tool|scheme|pipeline)"
)
_OURS = re.compile(
    rf"\b(?:our (?:proposed |final |full |best |\d+B )?|the proposed |(?:[Tt]his"
    rf"|[Tt]he) proposed )(?:(?!base)[\w-]+ ){{0,2}}?{_THING}s?\b"
    rf"|我们的?(?:方法|模型|系统)|我們的?(?:方法|模型|系統)|所提出?的?(?:方法|模型|框架)",
    re.IGNORECASE,
)
_ITS = re.compile(r"\bits?\b(?! (?:is|was|has been) )")
_SHOWN_BY = re.compile(
    r"\b(?:experiment\w*|evaluation\w*|results?|tests?|testing|stud(?:y|ies)|analys[ei]s|benchmarking"
    r"|comparisons?)\b[^.;]*$",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(r"(?: \([^()]{1,40}\))?, (?:thereby |thus )?\w+ing\b")
_SHOWS = re.compile(
    r"(?: data ?sets?| benchmarks?)?(?: \w+ly)? (?:show|demonstrat|reveal|indicat|confirm|suggest|validat)"
)
# Another subject that does something between the work's name and the figure.
_ANOTHER = re.compile(
    r"\b(?:baselines?|models?|methods?|LLMs?|MLLMs?|VLMs?|approaches|systems|humans?|participants|experts?"
    r"|users)\s(?:can |\w+ly |still |only )*"
    r"(?:achiev|reach|scor|attain|fail|struggl|drop|obtain|show|solv|get|perform|exhibit|suffer)|\bwhereas\b"
    r"|\bdown from\b",
    re.IGNORECASE,
)
_WHILE_ANOTHER = re.compile(
    r"\b(?:while|whereas|but|and) [A-Z][\w.-]+ (?:\w+ly )?(?:demonstrat|achiev|show|reach|attain|obtain|yield"
    r"|scor|gets?|exhibit|perform)"
)
_NAMED = re.compile(
    r"\b(?:propos|introduc|present|develop|design|releas)\w*\b(?P<long>(?:(?! (?:for|on|in|to|that|which|using"
    r"|based|via|by|of|with)\b)[^.;()]){0,110}?)"
    rf" \((?P<short>{SHAPE})\)"
    rf"|\b(?:called|named|dubbed|termed)\s(?:the )?(?P<called>{SHAPE})"
)
_NAMED_PLAINLY = re.compile(
    rf"\b[Ww]e (?:\w+ )?(?:propose|introduce|present|develop|release) (?:the )?(?P<plain>{SHAPE})(?=[,. ])"
    rf"|\((?P<short_of>{SHAPE})\)(?= (?:\w+ )?(?:is|was) (?:proposed|developed|introduced|presented)\b)"
    # From the first letter of a word: else quadratic.
    r"|(?<![A-Za-z0-9_])(?<![A-Za-z0-9_][-+@'’])"
    rf"(?P<head>{SHAPE})(?= (?:is|, a|is a) (?:proposed|introduced|presented|novel|new)\b)"
)


_IS_ABOUT = re.compile(r"\b(?:for|of|on|in|with|to|using|from|by|via|and)\s$")
_IN_BRACKET = re.compile(
    r"(?<!\bon )(?<!\bin )(?<!\bfor )(?<!\bthe )\b(?P<name>[A-Z][\w.+-]*[A-Z0-9])(?: [a-z]+)? \(\s?[~$]*$"
)
_LONGEST_BRACKET = 120  # characters of a name and its bracket before the figure in it
_KINDS = ("short", "called"), ("plain", "short_of", "head")
_INNER_CAPITAL = re.compile(r"^\S*[a-z0-9][A-Z]\S*$|^[A-Z]{3,}[\w-]*$")


@dataclass(frozen=True, slots=True)
class Owners:
    """Who may own the figures of a sentence: the work (``own``, where the sentence names it or says "our") and others."""

    own: tuple[Name, ...]
    named: tuple[Name, ...]

    @property
    def all(self) -> tuple[Name, ...]:
        """Every name in reading order."""
        return tuple(sorted({*self.own, *self.named}, key=lambda name: name.start))

    def of(self, sentence: str, measure: Measure, before: int) -> str:
        """Whose figure ``measure`` is: people named right before it, its subject, a name after "for", else the work.

        What a figure is compared with ("against 63.44% for C2P-CLIP") has no subject ahead of it; ``before`` is where
        the figure ahead of it ends.
        """
        gap = sentence[max(before, measure.start - 40) : measure.start]
        people = _PEOPLE.search(gap[-24:])
        if people and not _SHARE_OF_PEOPLE.search(gap):
            return people.group()
        compared = _BASELINE.search(gap) is not None or self._is_of_another(sentence, measure)
        subject = "" if compared else self._subject(sentence, measure, before)
        after = _AFTER_BY.match(sentence, measure.end)
        if not subject and after and any(name.start == after.start(1) for name in self.named):
            return next(name.text for name in self.named if name.start == after.start(1))
        if (
            subject
            and _TIMES_OF.search(sentence, 0, measure.start)
            and sentence[: measure.start].rstrip(" 的").endswith(subject)
        ):
            return ""
        return "" if compared else subject or self._work(sentence, measure)

    def _is_of_another(self, sentence: str, measure: Measure) -> bool:
        """Whether the figure is in the brackets of a name that is none of these: "conventional CNN (58.3%)"."""
        bracket = _IN_BRACKET.search(sentence, max(0, measure.start - _LONGEST_BRACKET), measure.start)
        if not bracket or METRIC.search(bracket["name"]):
            return False
        return not any(name.start <= bracket.start("name") < name.end for name in self.all)

    def _subject(self, sentence: str, measure: Measure, before: int) -> str:
        """The last name ahead of the figure that does something; none when another name stands between them."""
        ahead = tuple(name for name in self.all if name.end <= measure.start and not METRIC.fullmatch(name.text))
        doing = [name for name in ahead if _acts(sentence, name, measure)]
        if not doing:
            return ""
        if _WHILE_ANOTHER.search(sentence, doing[-1].end, measure.start):
            return ""
        between = [name for name in ahead if name.start > max(doing[-1].end, before)]
        clear = not between or _MARGIN.search(sentence, between[-1].end, measure.start)
        return doing[-1].text if clear else ""

    def _work(self, sentence: str, measure: Measure) -> str:
        """The work, where the sentence speaks of it ahead of the figure and of no other system."""
        own = [name for name in self.own if name.end <= measure.start]
        if not own or _SET_AGAINST.search(sentence, max(0, own[-1].start - 30), own[-1].start):
            return ""
        others = [name for name in self.named if name.end <= measure.start and not METRIC.fullmatch(name.text)]
        strange = any(name.text not in own[-1].text and own[-1].text not in name.text for name in others)
        another = any(rule.search(sentence, own[-1].end, measure.start) for rule in (_ANOTHER, _WHILE_ANOTHER))
        return "" if strange or another else own[-1].text


def own_name(sentences: Sequence[str], *, title: str) -> str:
    """The name of the work that ``sentences`` tell of: the title's lead, or what they say they introduce; ``""`` if none."""
    lead, colon, _ = title.replace("：", ":").partition(":")
    lead = next((name for name in names_of_title(title) if colon and lead.strip().endswith(name) and name), "")
    if (
        lead
        and not _IS_ABOUT.search(title.partition(lead)[0])
        and (_INNER_CAPITAL.search(lead) or any(lead in sentence for sentence in sentences))
    ):
        return "" if is_benchmark_name(lead, title=title) else lead
    for sentence in sentences:
        for name in _introduced(sentence):
            proper = {each.text for side in measured_names(name) for each in side}
            if name in proper and not is_benchmark_name(name, title=""):
                return name
    return ""


def _introduced(sentence: str) -> Iterator[str]:
    """What the sentence may call the work it introduces, the likeliest first."""
    for pattern, kinds in zip((_NAMED, _NAMED_PLAINLY), _KINDS, strict=True):
        for match in pattern.finditer(sentence):
            name = next(match[kind] for kind in kinds if match[kind])
            if pattern is _NAMED_PLAINLY or not match["short"] or _stands_for(match["short"], match["long"]):
                yield name


def _stands_for(short: str, long: str) -> bool:
    """Whether the short name begins as one of the first words of ``long`` does: GVD of "Guiding Video Diffusion"."""
    return any(word[0].lower() == short[0].lower() for word in long.split()[:4])


def owners_in(sentence: str, named: tuple[Name, ...], *, work: str, spoken_of: str) -> Owners:
    """Who may own a figure of ``sentence``: ``named`` systems, and the ``work`` where it is named or called ours.

    ``spoken_of`` is the work that an "it" stands for here (:func:`notes.quantities.names.antecedents`).
    """
    named = tuple(name for name in named if not METRIC.fullmatch(name.text) and "@" not in name.text)
    own = [name for name in named if work and _is_work(name.text, work)]
    place = cues.work_pronoun(sentence) if spoken_of else None
    if place:
        own.append(Name(spoken_of, *place))
    elif spoken_of and spoken_of == work:
        own += [Name(work, *match.span()) for match in _ITS.finditer(sentence)][:1]
    if work:
        own += [Name(work, *match.span()) for match in _OURS.finditer(sentence) if not _overlaps(match, named)]
    return Owners(tuple(sorted(own, key=lambda name: name.start)), named)


def _is_work(name: str, work: str) -> bool:
    """Whether ``name`` is the work's, or its last word: R1V2 of Skywork R1V2."""
    return name == work or work.endswith(f" {name}")


def _overlaps(match: re.Match[str], names: Sequence[Name]) -> bool:
    """Whether the phrase holds a name of its own: "our GPT-4 model" is not the work."""
    return any(match.start() < name.end and name.start < match.end() for name in names)


def _acts(sentence: str, name: Name, measure: Measure) -> bool:
    if _COMPARED.search(sentence, max(0, name.start - 24), name.start):
        return False
    if METRIC.search(name.text) or _SCORE.match(sentence, name.end):
        return False
    # What was reached belongs to the subject of the sentence, not to the name it is compared with last.
    if _PARTICIPLE.match(sentence, name.end):
        return False
    if _SHOWS.match(sentence, name.end) and _SHOWN_BY.search(sentence, 0, name.start):
        return False
    beside = _BESIDE.fullmatch(sentence, name.end, measure.start) and ends_phrase(sentence, measure.end)
    # "A reports 37% and B 50%" leaves the verb out.
    elliptic = sentence[name.end : measure.start] == " " and measure.unit == "%"
    return bool(beside or elliptic or does_something(sentence, name))
