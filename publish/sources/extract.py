"""What a writer takes from the notes of one work: verbatim sentences by role, and figures with their sentence.

Only sentences that stand alone and report are taken (:mod:`publish.sources.addressed`), never more than a handful of each note:
the post leads to its sources, it does not stand in for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from notes.model import Figure, Role, VaultNote
from notes.quantities import figures
from notes.quantities.measures import is_result, may_hold_number
from notes.text import cues, sentences
from publish.sources.addressed import is_report
from publish.sources.clauses import clause_around
from publish.sources.evidence import normalise, source_text
from publish.sources.findings import announces, does, finds_limits, is_broken, of_others
from publish.sources.leading import CONTRAST, asked, background, lead_in
from publish.sources.quote import Quote, quote_of
from publish.sources.reading import nearness
from publish.sources.retelling import points_back, without_opening

__all__ = [
    "Quote",
    "StoryFigure",
    "clause_around",
    "figures_of",
    "is_measured",
    "is_review",
    "is_scored",
    "quotes_of",
    "reports_of",
]

_MOST_SENTENCES = 80  # of an article that are looked at
_MOST_FIGURES = 12
_ORDER = (Role.CONTEXT, Role.PROBLEM, Role.APPROACH, Role.RESULT, Role.LIMITATION)
_SECONDS = {Role.APPROACH: 1, Role.RESULT: 1}  # sentences of a role beyond the best one
_ELABORATED = (Role.APPROACH, Role.CONTEXT)  # what may follow an idea to explain it
# A last sentence that praises the work's future is no limit of it.
_PROMISE = re.compile(
    r"\b(?:foundation|basis|pave|promising|inspire|opens? (?:up )?new|avenue|direction|address|overcom"
    r"|mitigat|alleviat|resolv|remed|agenda|roadmap|establish)\w*\b|奠定|指明|铺平|鋪平",
    re.IGNORECASE,
)
_REVIEW = re.compile(
    r"\bmeta-?(?:analy|stud)|\bsystematic(?:ally)? review|\b(?:a|this|our) survey\b|: a survey|\bsurvey of\b"
    r"|元分析|荟萃分析|薈萃分析|综述|綜述",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"(?:for (?:example|instance)|as an example),? ", re.IGNORECASE)
# The first of several steps, of which the others are not told.
_HELPS = re.compile(r"(?:Fortunately|Luckily)\b|幸而|幸好|所幸")
_LATER = re.compile(
    # A later step, or how others go about it.
    r"(?:[^,]{1,60}, )?(?:[\w.-]+ ){1,4}then [a-z]+\b|(?:Subsequently|Next|Finally|Then),? "
    r"|(?:Prior|Previous|Existing|Current|Conventional|Traditional) [a-z]"
)
_FIRST_STEP = re.compile(
    r"(?:[^,]{1,60}, )?(?:[\w.-]+ ){1,4}(?<!the )(?<!a )first (?!time\b|to\b|ever\b)[a-z]+\b|In the first (?:stage|step|phase)\b"
)
_LONG = 330  # characters; a sentence beyond is left to its source where a shorter one tells the role as well


@dataclass(frozen=True, slots=True)
class StoryFigure:
    """A figure, and the note whose text holds it."""

    figure: Figure
    note_id: str


def quotes_of(notes: Sequence[VaultNote], language: str) -> tuple[Quote, ...]:
    """The sentences that tell the work of ``notes`` (best note first), by role in reading order, each once."""
    nearest = sorted(notes, key=lambda note: nearness(note.lang, language))
    by_note = [_candidates(note) for note in nearest]
    told = _without_echo([quote for role in _ORDER if role is not Role.CONTEXT for quote in _best_of(role, by_note)])
    if not told:
        return tuple(_best_of(Role.CONTEXT, by_note)[:1])
    return (*background(told, by_note), *lead_in(told, by_note), *asked(told, nearest), *told)


def reports_of(notes: Sequence[VaultNote], language: str, wanted: Callable[[str], bool] = bool) -> tuple[Quote, ...]:
    """The wanted sentences of the notes that report and stand alone, those that the reader reads best first, in reading order."""
    nearest = sorted(notes, key=lambda note: nearness(note.lang, language))
    return tuple(
        quote_of(sentence, Role.CONTEXT, note, place[sentence])
        for note in nearest
        for place in (_places(source_text(note)),)
        for sentence in _reports(source_text(note))
        if wanted(sentence) and sentences.stands_alone(sentence)
    )


def figures_of(notes: Sequence[VaultNote], quotes: Sequence[Quote]) -> tuple[StoryFigure, ...]:
    """The figures of the work, most telling first: of a named benchmark, measured rather than sizes, in a quoted sentence."""
    quoted = {normalise(quote.text) for quote in quotes}
    found: dict[tuple[float, str, str], tuple[tuple[int, ...], StoryFigure]] = {}
    for place, note in enumerate(notes):
        for position, figure in enumerate(_found_in(note)):
            outside = not any(normalise(figure.sentence).endswith(one) for one in quoted)
            rank = (outside, not figure.benchmark, not is_measured(figure), place, position)
            key = (figure.value, figure.unit, figure.benchmark.casefold())
            if key not in found or rank < found[key][0]:
                found[key] = (rank, StoryFigure(figure, note.id))
    ranked = sorted(found.values(), key=lambda one: one[0])
    return tuple(one for _, one in ranked[:_MOST_FIGURES])


def is_measured(figure: Figure) -> bool:
    """Whether the figure is a score, a share, a difference or a factor, and not a size or a count."""
    return is_result(figure.unit)


def is_review(notes: Sequence[VaultNote], quotes: Sequence[Quote]) -> bool:
    """Whether the work surveys other works."""
    return any(
        _REVIEW.search(text) for text in (*(note.title for note in notes), *(quote.text for quote in quotes[:2]))
    )


@lru_cache(maxsize=512)
def _reports(text: str) -> tuple[str, ...]:
    """The sentences of a text that report."""
    split = sentences.split(text)[:_MOST_SENTENCES]
    return tuple(filter(_is_sound, split))


def _is_sound(sentence: str) -> bool:
    return is_report(sentence) and not is_broken(sentence)


@lru_cache(maxsize=512)
def _places(text: str) -> dict[str, int]:
    """Where each sentence of a text stands among all of them."""
    return {sentence: place for place, sentence in reversed([*enumerate(sentences.split(text)[:_MOST_SENTENCES])])}


def _candidates(note: VaultNote) -> list[Quote]:
    """The sentences of a note worth quoting: the best of each role first, then others of the roles that may have a second."""
    text = source_text(note)
    reports, place = _reports(text), _places(text)
    read = zip(reports, sentences.roles([*map(_bare, reports)], title=note.title), strict=True)
    by_themselves = {sentence: _told(sentence, role) for sentence, role in read}
    roles = _key_roles(reports, note.title)
    for sentence in _elaborations(by_themselves, [text for text, role in roles.items() if role is Role.APPROACH]):
        roles.setdefault(sentence, Role.APPROACH)
    for sentence in _examples(by_themselves):
        roles.setdefault(sentence, Role.RESULT)
    for sentence, role in by_themselves.items():
        if sentences.stands_alone(_bare(sentence)):
            roles.setdefault(sentence, role)
    quotes = [
        quote_of(sentence, role, note, place[sentence]) for sentence, role in roles.items() if does(sentence, role)
    ]
    idea = next((quote.position for quote in quotes if quote.role is Role.APPROACH), None)
    return _without_steps([quote for quote in quotes if _in_place(quote, idea)])


def _without_steps(quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes without the steps of the idea, where the text goes through them: one of several tells nothing."""
    ideas = [quote for quote in quotes if quote.role is Role.APPROACH]
    step = next((quote.position for quote in ideas[1:] if _FIRST_STEP.match(quote.text)), None)
    later = [quote for quote in ideas[1:] if (step is not None and quote.position >= step) or _LATER.match(quote.text)]
    return [quote for quote in quotes if quote not in later]


def _bare(sentence: str) -> str:
    """The sentence as a post may tell it, less its opening; one that objects keeps the word that says so."""
    return sentence if CONTRAST.match(sentence) else without_opening(sentence)


def _told(sentence: str, role: Role) -> Role:
    """The role in a post: limits of what was tested are a result, what others do is no idea, an unnamed problem is background."""
    if role is Role.LIMITATION and finds_limits(sentence):
        return Role.RESULT
    if role is Role.APPROACH and of_others(sentence):
        role = Role.PROBLEM
    says_so = any(cues.count(sentence, each) for each in (Role.PROBLEM, Role.LIMITATION)) and not _HELPS.match(sentence)
    return Role.CONTEXT if role is Role.PROBLEM and not says_so else role


def _key_roles(reports: Sequence[str], title: str) -> dict[str, Role]:
    """The key sentences of a text with their roles."""
    whole = {sentences.tidy(_bare(sentence)): sentence for sentence in reversed(reports)}
    roles: dict[str, Role] = {}
    for key in sentences.key_sentences("\n\n".join(map(_bare, reports)), limit=len(_ORDER), title=title):
        sentence = whole.get(key.text)
        if sentence is not None:
            roles[sentence] = _told(sentence, key.role)
    return roles


def _in_place(quote: Quote, idea: int | None) -> bool:
    """Whether the sentence stands where its role belongs: problems lead to the idea, results and limits follow it."""
    if quote.role is Role.LIMITATION and _PROMISE.search(quote.text):
        return False
    if idea is None or quote.role in (Role.APPROACH, Role.CONTEXT):
        return True
    return quote.position < idea if quote.role is Role.PROBLEM else quote.position > idea


def _elaborations(reports: Mapping[str, Role], ideas: Sequence[str]) -> list[str]:
    """The sentences right after an idea that explain it and can be read without what lies between."""
    following = [after for before, after in pairwise(reports) if before in ideas]
    return [one for one in following if reports[one] in _ELABORATED and sentences.stands_alone(one)]


def _examples(reports: Mapping[str, Role]) -> list[str]:
    """The sentences that give a result its figure: "For example, it gains 9% …" right after what it is an example of."""
    following = [after for before, after in pairwise(reports) if reports[before] is Role.RESULT]
    return [one for one in following if _EXAMPLE.match(one) and any(map(is_measured, figures.find(one)))]


def _best_of(role: Role, by_note: Iterable[Sequence[Quote]]) -> list[Quote]:
    """The sentences of a role from the first note that has any: two tongues are not mixed within a role."""
    held = [of_role for candidates in by_note if (of_role := [quote for quote in candidates if quote.role is role])]
    if role is Role.RESULT:
        # A result in another tongue with its figure tells more than one without.
        held.sort(key=lambda of_role: not any(is_scored(quote) for quote in of_role))
    return sorted(_chosen(role, held[0]), key=lambda quote: quote.position) if held else []


def _chosen(role: Role, candidates: Sequence[Quote]) -> list[Quote]:
    """The best sentence of a role and what may stand beside it; what points back only right after what it points to."""
    standing = sorted(candidates, key=lambda quote: _leans(quote) and role is not Role.APPROACH)
    chosen = list(standing[:1])
    for quote in standing[1:]:
        if len(chosen) > _SECONDS.get(role, 0):
            break
        if _may_follow(quote, chosen):
            chosen.append(quote)
    return chosen


def _leans(quote: Quote) -> bool:
    """Whether a sentence points to what its section does not say: "this framework" of a result is the work."""
    if _EXAMPLE.match(quote.text):
        return True
    return points_back(quote.text, of_work=quote.role in (Role.RESULT, Role.LIMITATION))


def _may_follow(quote: Quote, chosen: Sequence[Quote]) -> bool:
    after = any(quote.follows(one) for one in chosen)
    if quote.role is Role.RESULT and any(is_scored(one) for one in chosen) and not _is_finding(quote):
        return False
    return (after or not _leans(quote)) and len(quote.text) <= _LONG and not announces(quote.text)


def _is_finding(quote: Quote) -> bool:
    return bool(quote.figures) or sentences.role(quote.text) is Role.RESULT


def is_scored(quote: Quote) -> bool:
    """Whether the sentence holds a measured figure."""
    return any(is_measured(figure) for figure in figures.find(quote.text))


def _without_echo(told: Sequence[Quote]) -> list[Quote]:
    """The sentences without those whose figures another one tells: results first, then the order of reading."""
    said: set[float] = set()
    kept: list[Quote] = []
    for quote in sorted(told, key=lambda quote: (quote.role is not Role.RESULT, -len(quote.figures))):
        values = {figure.value for figure in figures.find(quote.text)}
        if not values or not values <= said:
            kept.append(quote)
        said |= values
    return [quote for quote in told if quote in kept]


def _found_in(note: VaultNote) -> list[Figure]:
    # Of a day's notes the figures are counted, and most sentences hold none.
    counted = filter(may_hold_number, sentences.split(source_text(note))[:_MOST_SENTENCES])
    return [one for sentence in filter(_is_sound, counted) for one in figures.find(sentence, title=note.title)]
