"""How a work stands to the notes of the vault: builds on one, is compared with one, disagrees with one, shares its terms.

A relation is read where the work's own text names the other work, by the words around the name; a contradiction also from two
figures for one system on one benchmark. Of a name without such words the post says only that it is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from notes.links.linking import names_in
from notes.links.mentions import has_name
from notes.markup import inert
from notes.model import Figure, Link, LinkKind, VaultNote
from notes.text.fold import fold
from notes.text.language import cjk_share
from notes.text.sentences import split
from publish.post.draft import Draft
from publish.post.phrase import Phrase, Span, Statement, fill, fixed, joined, outside
from publish.post.telling import short_label, shown_title
from publish.sources.brief import Story, Tie
from publish.sources.evidence import source_text
from publish.sources.extract import figures_of
from publish.sources.works import short_name
from publish.wording.words import Words

__all__ = ["common_terms", "tie_words", "tied"]

_MOST = 3
_MEANING = "close in meaning"  # a reason of links that names no term
_MOST_TERMS = 2
_LONGEST_TERM = 30
_BEFORE, _AFTER = 90, 50  # characters round a name in which words tell the relation
_TERM_SPLIT = re.compile(r"\s*[,，、;；·]\s*")
_PROSE = re.compile(
    r"\b(?:future|research|approach(?:es)?|methods?|results?|performance|existing|novel|evaluations?|experiments?|content"
    r"|creation|applications?|layers?|success rates?|fine-?tun\w+|meticulous\w*|constituent|state-of-the-art)\b"
    r"|^(?:(?:foundation|base|multimodal|multi-modal|generative|language|video|vision-language|large|deep|neural|learning|captioning)"
    r" )+models?$"
    # What ends on no noun: "physically plausible", "meticulously curate".
    r"|(?<!vari)(?:(?<!t)able|ible|ly|ous|ful|ative|ize|curate)$",
    re.IGNORECASE,
)
_FIELD = re.compile(r"AI|ML|NLP|LLMs?|VLMs?|MLLMs?")  # of which every second paper is
_SHORT = re.compile(r"[A-Z][A-Za-z\d]{0,3}[A-Z\d]s?")  # RL, CoT, DiT, T2V
_EXACT = re.compile(r"[\d.]")  # nothing such as "over" before the number
_CLOSE = 0.42  # from here on what two notes share is worth a word
_MOST_PAIRS, _COMMON = 10, 0.02
_ACRONYM = re.compile(r"[A-Z][A-Za-z]?[A-Z]+s?")

# Over folded text, simplified; the name stands where the pattern has N.
_RELATIONS = (
    (
        "tie_disagrees",
        re.compile(
            r"(?:contrary to|contradict\w*|refut\w*|disput\w*|overturn\w*|(?:at odds|in conflict|inconsistent) with"
            r"|disagree\w* with|fail\w* to (?:replicate|reproduce)|cannot (?:replicate|reproduce)"
            r"|challeng\w+ the (?:claim|finding|result|view)\w* of"
            r"|call\w* into question)[^.;]{0,60}N|N[^.;]{0,30}(?:does not hold|is refuted|could not be (?:reproduced|replicated))"
            r"|(?:与|和)[^，。；]{0,10}N[^，。；]{0,10}(?:相反|相左|矛盾|不符|不一致)|(?:反驳|推翻|质疑|否定)[^，。；]{0,12}N"
        ),
    ),
    (
        "tie_builds",
        re.compile(
            r"(?:buil(?:d|ds|t|ding) (?:up)?on(?: top of)?|based on|extend(?:s|ing)?|on top of|initiali[sz]ed (?:from|with)"
            r"|fine-?tun(?:e|es|ed|ing)|adapt(?:s|ed|ing)?|derived from|upgraded version of|successor (?:to|of)|follow-up to"
            r"|instantiated (?:on|with)|plugged into|applied to|backbone(?:s)? (?:such as|like|of)|variant of)[^.;]{0,40}N"
            r"|(?:基于|建立在|沿用|扩展|改进自|微调|继承)[^，。；]{0,12}N|N[^，。；]{0,8}(?:的基础上|的升级|的后续)"
        ),
    ),
    (
        "tie_compares",
        re.compile(
            r"(?:outperform\w*|surpass\w*|exceed\w*|beat\w*|better than|compar\w+ (?:to|with|against)|than|over|against"
            r"|versus|vs\.?|relative to|improv\w+ (?:up)?on|baselines?(?: such as| like|,)?|competitors?|rival\w*|match\w*"
            r"|prior|existing|unlike|in contrast to)[^.;]{0,60}N|N[^.;]{0,30}(?:by \d|baseline)"
            r"|(?:优于|超过|超越|胜过|高于|相比|对比|比|不同于|媲美)[^，。；]{0,12}N"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class _Relation:
    """A tie in the reader's words: the field of the words that tells it, and what fills its places."""

    word: str
    tie: Tie
    places: tuple[tuple[str, Phrase], ...] = ()


_ORDER = (
    "tie_same",
    "tie_figure",
    "tie_disagrees",
    "tie_builds",
    "tie_compares",
    "tie_names",
    "tie_named",
    "tie_cites",
    "tie_shared",
    "tie_close",
)


def common_terms(links: Iterable[Link]) -> frozenset[str]:
    """Terms that so many pairs of notes share that they tell no two of them, folded."""
    held = Counter(term for link in links if link.src < link.dst for term in map(fold, _terms(link.why)))
    most = max(_MOST_PAIRS, _COMMON * sum(1 for link in links if link.src < link.dst))
    return frozenset(term for term, number in held.items() if number > most)


def tied(
    draft: Draft, story: Story, known: Mapping[str, VaultNote], common: AbstractSet[str] = frozenset()
) -> Statement | None:
    """To which notes of the vault the work is tied, and how; nothing where all that can be said is that they are close.

    ``common`` are terms too common to tell anything (:func:`common_terms`).
    """
    words = draft.words
    found = [_relation(story, tie, known[tie.note_id], words, common) for tie in story.ties if tie.note_id in known]
    told = sorted((one for one in found if one), key=lambda one: _ORDER.index(one.word))[:_MOST]
    if not told:
        return None
    alike: dict[tuple[str, tuple[tuple[str, Phrase], ...]], list[Phrase]] = {}
    for one in told:
        alike.setdefault((one.word, one.places), []).append(_linked(known[one.tie.note_id], story, words))
    parts: list[Span] = []
    for (word, places), linked in alike.items():
        parts.extend(fixed(words.semicolon) if parts else ())
        # In Chinese no second 與 beside the one of the relation.
        names = joined(words, linked, open_ended=words.lang != "en")
        parts.extend(fill(getattr(words, word), name=names, **dict(places)))
    ids = (*story.note_ids, *(one.tie.note_id for one in told))
    return Statement((*parts, *fixed(words.stop)), ids, cited=True)


def tie_words(tie: Tie, words: Words) -> Phrase:
    """On what a tie rests, in the reader's words."""
    if tie.kind is LinkKind.SAME_WORK:
        return fixed(words.vault_same)
    if tie.kind is LinkKind.CITES:
        return fixed(words.vault_cites)
    shown = [outside(term) for term in _shared(tie)]
    return fill(words.vault_shared, names=joined(words, shown)) if shown else fixed(words.vault_close)


def _relation(story: Story, tie: Tie, other: VaultNote, words: Words, common: AbstractSet[str]) -> _Relation | None:
    if tie.kind is LinkKind.SAME_WORK:
        return _Relation("tie_same", tie)
    if told := _other_figure(story, other):
        own, theirs = told
        what = outside(f"{own.system} · {own.benchmark}")
        return _Relation(
            "tie_figure", tie, (("what", what), ("own", outside(own.text)), ("other", outside(theirs.text)))
        )
    if word := _named(story, other):
        return _Relation(word, tie)
    if tie.kind is LinkKind.CITES:
        return _Relation("tie_cites", tie)
    return _by_terms(story, tie, other, words, common)


def _by_terms(story: Story, tie: Tie, other: VaultNote, words: Words, common: AbstractSet[str]) -> _Relation | None:
    """What a tie of shared terms tells: the other note names the work, or both are on a subject."""
    shared = _shared(tie, common)
    own = [term for term in shared if _is_name_of(term, story.name)]
    if own and not _is_namesake(other, story):
        return _Relation("tie_named", tie)
    shared = [term for term in shared if term not in own]
    terms = [outside(term) for term in shared]
    if terms and tie.score >= _CLOSE:
        return _Relation("tie_shared", tie, (("terms", joined(words, terms)),))
    return None if other.source_type else _Relation("tie_close", tie)


def _is_name_of(term: str, name: str) -> bool:
    """Whether a term is the name of a work or the name within it: mHC of "DeepSeek mHC"."""
    return bool(name) and (fold(term) == fold(name) or (term in name.split() and term in names_in(term)))


def _named(story: Story, other: VaultNote) -> str:
    """The relation that the work's text tells where it names the other; empty where it does not name it."""
    name = short_name(other.title)
    if not names_in(name) or (story.name and fold(name) == fold(story.name)):
        return ""
    told = ""
    for sentence in _naming(story.notes, name):
        at = sentence.find(name)
        around = f"{sentence[max(0, at - _BEFORE) : at]}\0{sentence[at + len(name) : at + len(name) + _AFTER]}"
        folded = fold(around).replace("\0", "N")
        found = next((word for word, rule in _RELATIONS if rule.search(folded)), "tie_names")
        told = min((told, found), key=_ORDER.index) if told else found
    return told


def _naming(notes: Sequence[VaultNote], name: str) -> Iterator[str]:
    """The sentences of the notes that hold a name as it stands."""
    for note in notes:
        text = source_text(note)
        if has_name(text, name):
            yield from (sentence for sentence in split(text) if has_name(sentence, name))


def _other_figure(story: Story, other: VaultNote) -> tuple[Figure, Figure] | None:
    """Two unequal scores for one system on one benchmark: the work's and the other note's."""
    own = {_measure(one.figure): one.figure for one in reversed(story.figures) if _is_score(one.figure)}
    if not own:
        return None
    for one in figures_of((other,), ()):
        mine = own.get(_measure(one.figure))
        if mine is not None and _is_score(one.figure) and _disagree(mine, one.figure):
            return mine, one.figure
    return None


def _disagree(one: Figure, other: Figure) -> bool:
    """Whether two exact scores differ by more than the rounding of the coarser: 92.61% and 92% say the same."""
    exact = all(_EXACT.match(figure.text) for figure in (one, other))
    decimals = min(len(str(figure.value).rstrip("0").partition(".")[2]) for figure in (one, other))
    return exact and abs(one.value - other.value) >= 10**-decimals


def _measure(figure: Figure) -> tuple[str, str, str]:
    return fold(figure.system), fold(figure.benchmark), figure.unit


def _is_score(figure: Figure) -> bool:
    return bool(figure.system and figure.benchmark) and not figure.change


def _shared(tie: Tie, common: AbstractSet[str] = frozenset()) -> list[str]:
    """The terms of a tie that say something, without short forms of each other; none where all are bare acronyms."""
    terms = list(names_in(tie.why)) if tie.kind is LinkKind.MENTIONS else [*filter(_tells, _terms(tie.why))]
    kept: list[str] = []
    for term in (one for one in terms if fold(one) not in common):
        if not any(
            _is_short_for(term, other) or _is_short_for(other, term) or _is_part_of(term, other) for other in kept
        ):
            kept.append(term)
    return kept[:_MOST_TERMS] if any(not _SHORT.fullmatch(term) for term in kept) else []


def _is_short_for(short: str, term: str) -> bool:
    """Whether the letters of an acronym begin the words of a term: RL of "reinforcement learning"."""
    words = re.split(r"[\s-]+", term.lower())
    initials = "".join(word[:1] for word in words)
    plain = short.lower().removesuffix("s")
    return _ACRONYM.fullmatch(short) is not None and len(words) > 1 and initials.startswith(plain[: len(words)])


def _is_part_of(term: str, other: str) -> bool:
    """Whether one of two terms holds the other: "Vision-Language" of "Vision-Language-Action"."""
    return fold(term) in fold(other) or fold(other) in fold(term)


def _is_namesake(note: VaultNote, story: Story) -> bool:
    """Whether another work goes by the name of this one."""
    return bool(story.name) and fold(short_name(note.title)) == fold(story.name)


def _linked(note: VaultNote, story: Story, words: Words) -> Phrase:
    """The note by its short name; a namesake by its whole title, or the work would seem to lead to itself."""
    shown = shown_title(note, words) if _is_namesake(note, story) else short_label(note, words)
    return (Span(shown, target=note.id),)


def _terms(why: str) -> list[str]:
    if why == _MEANING:
        return []
    listed = re.split(r"[:：]", inert.one_line(why))[-1].strip()
    terms = [term for term in _TERM_SPLIT.split(listed) if term]
    return terms if all(len(term) <= _LONGEST_TERM for term in terms) else []


def _tells(term: str) -> bool:
    """Whether a shared term says something alone: a name, a word of Chinese, or more than one word; not how papers talk."""
    if _PROSE.search(term) or _FIELD.fullmatch(term):
        return False
    # A model's or a test's number (GPT-4o, GSM8K) stands in works on anything.
    named = any(letter.isupper() for letter in term) and not any(letter.isdigit() for letter in term)
    return len(term.split()) > 1 or named or cjk_share(term) > 0
