"""Whose figure a row of the table shows: a system that its sentence names as the one measured, else the work itself.

A name ahead of a figure may be many other things: people, a statistic, a test, one of several that share the figure, what the
work is compared with. A work that examines others (a benchmark, an evaluation) scores nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from notes.links.linking import names_in
from notes.model import Figure, Role
from notes.quantities.measures import METRIC
from notes.text.fold import fold
from publish.sources.brief import Story
from publish.sources.evidence import normalise, source_text
from publish.sources.extract import clause_around

__all__ = ["is_of_another", "system_of"]

# The work's own model, whose score it is: "our AgentFounder-30B"; "our approach on the PDDL dataset" names none.
_OUR_SYSTEM = re.compile(
    r"\b[Oo]ur (?:(?!(?:on|in|to|at|of|for|from|with|using|over|and|via|by|that)\b)[a-z]+ ){0,3}(?P<name>[A-Z][\w.+-]*)"
)
_OWN_SUBJECT = re.compile(
    r"\b(?:we|our|its?)\b|\b(?:the|this) (?:[\w-]+ ){0,2}(?:method|approach|model|framework|system|agents?|algorithm|pipeline)\b"
    r"|[\u3400-\u9fff]",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"(?:humans?|people|physicians|clinicians)(?: \w+)?|人类|人類|人工", re.IGNORECASE)
_STATISTIC = re.compile(r"SD|SE|SEM|CI|IQR")
_OF_A_MEASURE = r"(?:rate|score|accuracy|error|ratio|index|deviation|kappa|agreement|similarity|precision|recall)s?"
# "Models like A and B reach 85%", "A and B reach 67% and 62% respectively": which of them, the name alone does not say.
_SHARED = re.compile(
    r"(?<!\bon )(?<!\bin )(?<!\bof )(?<!\bto )(?<!\bfor )(?<!\bover )(?<!\bthan )(?<!\bwith )(?<![\w.-])"
    r"[A-Z][\w.+-]*(?: [\w.+-]+){0,2}(?:,? and (?:the )?(?:[a-z]+ )?|\s?[、和与與]\s?)$"
)
_LATTER = re.compile(r"\bthe (?:latter|former)\b|后者|後者|前者", re.IGNORECASE)
_TORN = re.compile(r"[\w.\u00b2\u00b3\u00b9\u2070-\u209f-]$|\b[A-Z]{2,}\. $")
_TESTS = re.compile(r"[\d.%\s–~+-]*\)\s(?:tasks?|benchmarks?|data ?sets?|splits?|subsets?)\b")
# "Across 36 universal MMEB tasks": how many of it there are says that it is no system.
_COUNTED = re.compile(
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|all|both) (?:(?![a-z-]+s |that )[a-z-]+ ){0,3}$"
)
_SET_AGAINST = re.compile(
    r"(?:\bvs\.?|\bversus|\bagainst|\bcompared (?:to|with)|[对對]比|相比)\s?[~(（]?$", re.IGNORECASE
)
# What it was before: "from 55% to 2.2%", "6.2% → 9.6%".
_CHANGED_FROM = re.compile(r"(?:\bfrom|[从從由]|自)\s?(?:\w+ ){0,2}[~(]?$", re.IGNORECASE)
_TO = re.compile(r"[^,;.]{0,40}?(?:\bto\b|→|到|至)|[^,;.。，]{0,12}(?:提|升|降|增|减|減)")
_ARROW = re.compile(r"\s?(?:→|->|\\rightarrow|\$\\rightarrow\$)\s?\d")
_BOUND = re.compile(r"\b(?:oracle|upper bound|access to)\b[^,;]{0,40}$|上界[^，；]{0,12}$", re.IGNORECASE)
_WITH = re.compile(r"\s?(?:\w+ ){0,2}with\b")
_VARIANT = re.compile(
    r"(?:the|its|an?|our) (?:[\w.-]+ ){0,2}(?:variant|version|counterpart|one|toolkit)s?\b", re.IGNORECASE
)
_IS_TEST = re.compile(
    r"\b(?:benchmark\w*|exam\b|leaderboard|data ?set\b|corpus\b)|评测|評測|测评|測評|基准|基準", re.IGNORECASE
)
_EXAMINES = re.compile(
    r"\b(?:evaluati(?:ng|on)\b|assess(?:ing|ment)|prob(?:e|ing)|measuring|examining|closer look|how (?:well|far))|[?？]\s*$"
    r"|评估|評估",
    re.IGNORECASE,
)
_TEST_NAME = re.compile(r"(?:Bench|QA|Eval|Arena|Gym|MMLU)[\w+-]*$")
_OTHERS_DO = re.compile(
    r"\b(?:models?|[MV]*LLMs?|VLMs?|LMs|baselines?|backbones|participants|humans|experts|annotators)"
    r"\b,?"
    r"(?: (?!\w+ing\b)[\w.-]+){0,3}?,? (?:\w+ly |still |only )*"
    r"(?:achiev|reach|scor|attain|obtain|perform|retain|drop)(?!ing)\w*\b",
)


def system_of(story: Story, figure: Figure, benchmarks: frozenset[str]) -> str:
    """Whose figure it is: what the sentence says, else the work itself where it tells its result and names no other.

    ``benchmarks`` are the folded names of what is measured on. Empty where the words leave it open.
    """
    told = _told(figure)
    if _SET_AGAINST.search(told.removesuffix(figure.text)):
        return ""
    if figure.system and not _PEOPLE.fullmatch(figure.system):
        return _named(story, figure, told, benchmarks)
    if figure.system and not figure.change:
        return ""  # people's own; by how far a work is ahead of them is the work's
    # What follows the figure is what it is compared with.
    ours = {found["name"] for found in _OUR_SYSTEM.finditer(told)}.intersection(names_in(told))
    ours = {name for name in ours if not METRIC.fullmatch(name)}
    if len(ours) == 1 and not {fold(name) for name in ours} & benchmarks:
        return ours.pop()
    if not story.name or fold(story.name) in benchmarks or _examines(story):
        return ""
    return story.name if _is_of_the_work(story, figure, told, benchmarks) else ""


def is_of_another(figure: Figure) -> bool:
    """Whether it is what the work started from, or what it is held against: no result of anybody's."""
    told = _told(figure)
    ahead, after = told.removesuffix(figure.text), figure.sentence[len(told) :]
    if _ARROW.match(after) or _BOUND.search(ahead):
        return True
    return _CHANGED_FROM.search(ahead) is not None and _TO.match(after) is not None


def _told(figure: Figure) -> str:
    """The sentence as far as the figure."""
    return figure.sentence[: figure.sentence.find(figure.text) + len(figure.text)]


def _named(story: Story, figure: Figure, told: str, benchmarks: frozenset[str]) -> str:
    """The system that the sentence names, where it is one and the figure its alone."""
    name = figure.system
    if fold(name) in benchmarks or _is_measure(name, story) or (story.owns(name) and _is_test(story)):
        return ""
    at = told.rfind(name)
    if at < 0:  # named behind the figure: "94% for A", but "11% with A" is what the work makes of A
        return "" if _WITH.match(figure.sentence, len(told)) and not story.owns(name) else name
    ahead, between = told[:at], told[at + len(name) :]
    if _TORN.search(ahead):
        return story.name if fold(name) in fold(story.name) else ""
    if _is_one_of_several(ahead, between) or _TESTS.match(figure.sentence, at + len(name) + 2):
        return ""
    clause = clause_around(figure.sentence, figure.text)
    # Of which part of the work it is, only the clause says.
    return story.name if name not in clause and _VARIANT.match(clause) else name


def _is_one_of_several(ahead: str, between: str) -> bool:
    """Whether a name shares what is told with those ahead of it, or another subject stands between it and the figure."""
    return any(rule.search(ahead) for rule in (_SHARED, _COUNTED)) or any(
        rule.search(between) for rule in (_LATTER, _OTHERS_DO)
    )


def _is_measure(name: str, story: Story) -> bool:
    """Whether a name is that of a score: known as one, or spelled out as one in the text of the work."""
    if METRIC.fullmatch(name) or _STATISTIC.fullmatch(name):
        return True
    spelled = re.compile(rf"\b{_OF_A_MEASURE} \({re.escape(name)}\)", re.IGNORECASE)
    return any(spelled.search(source_text(note)) for note in story.notes)


def _is_test(story: Story) -> bool:
    """Whether the work is what others are measured on."""
    return bool(_TEST_NAME.search(story.name)) or any(_IS_TEST.search(note.title) for note in story.notes)


def _examines(story: Story) -> bool:
    """Whether the work looks at what others do: the figures without a name are theirs."""
    return _is_test(story) or any(_EXAMINES.search(note.title) for note in story.notes)


def _is_of_the_work(story: Story, figure: Figure, told: str, benchmarks: frozenset[str]) -> bool:
    if fold(story.name) in fold(told):
        since = told[fold(told).rfind(fold(story.name)) :]
        return not _OTHERS_DO.search(since) and _others(story, told) <= _words_of(benchmarks)
    if _OTHERS_DO.search(told):
        return False
    results = [normalise(quote.text) for quote in story.told(Role.RESULT)]
    is_result = any(normalise(figure.sentence).endswith(one) for one in results) and bool(_OWN_SUBJECT.search(told))
    return is_result and _others(story, figure.sentence) <= _words_of([fold(figure.benchmark)])


def _others(story: Story, text: str) -> set[str]:
    """The names in a text besides the work's own."""
    return {fold(name) for name in names_in(text)} - {fold(name) for name in names_in(story.name)}


def _words_of(benchmarks: Iterable[str]) -> set[str]:
    """The names of benchmarks whole and word by word, as a text is read: AIME of AIME 2024."""
    return {part for name in benchmarks for part in (name, *name.split())}
