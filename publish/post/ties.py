"""How a work stands to the notes of the vault: builds on one, is compared with one, disagrees with one, shares its terms.

A relation is read where the work's own text names the other work (:mod:`publish.post.named`); a contradiction also from two
figures for one system on one benchmark. Of a name without such words the post says only that it is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from notes.links.linking import names_in
from notes.markup import inert
from notes.model import Figure, Link, LinkKind, Relation, VaultNote
from notes.quantities.names import KNOWN_NAME
from notes.text.fold import fold
from notes.text.language import cjk_share
from publish.post.draft import Draft
from publish.post.named import Titles, related
from publish.post.phrase import Phrase, Span, Statement, fill, fixed, joined, outside
from publish.post.telling import short_label, shown_title
from publish.sources.brief import Story, Tie
from publish.sources.extract import figures_of
from publish.sources.works import short_name
from publish.wording.words import Words

__all__ = ["common_terms", "tie_words", "tied"]

_MOST = 3
_MEANING = "close in meaning"  # a reason of links that names no term
_MOST_TERMS = 2
_LONGEST_TERM = 30
_TERM_SPLIT = re.compile(r"\s*[,，、;；·]\s*")
_PROSE = re.compile(
    r"\b(?:future|research|approach(?:es)?|methods?|results?|performance|existing|novel|evaluations?|experiments?|content"
    r"|creation|applications?|layers?|success rates?|fine-?tun\w+|meticulous\w*|constituent|state-of-the-art)\b"
    r"|-(?:augmented|based|driven|enhanced|guided|aware|powered)$|^open-source\b|^(?:textual|production) [a-z]+$"
    r"|^(?:(?:foundation|base|multimodal|multi-modal|generative|language|video|vision-language|large|deep|neural|learning|captioning)"
    r" )+models?$"
    # What ends on no noun: "physically plausible", "meticulously curate".
    r"|(?<!vari)(?:(?<!t)able|ible|ly|ous|ful|ative|ize|curate)$",
    re.IGNORECASE,
)
_FIELD = re.compile(r"AI|ML|NLP|LLMs?|VLMs?|MLLMs?")  # of which every second paper is
_SHORT = re.compile(r"[A-Z][A-Za-z\d]{0,3}[A-Z\d]s?")  # RL, CoT, DiT, T2V
_COMPOUND = re.compile(r"[A-Z][a-z]+(?:-[A-Za-z][a-z]+)+")  # Test-Time is no subject
_EXACT = re.compile(r"[\d.]")  # nothing such as "over" before the number
_CLOSE = 0.42  # from here on what two notes share is worth a word
_MOST_PAIRS, _COMMON = 10, 0.02
_ACRONYM = re.compile(r"[A-Z][A-Za-z]?[A-Z]+s?")


@dataclass(frozen=True, slots=True)
class _Told:
    """A tie in the reader's words: the field of the words that tells it, the note it leads to, what fills its places.

    ``relation`` is the sentence that it rests on, where one of the work's own does.
    """

    word: str
    note_id: str
    places: tuple[tuple[str, Phrase], ...] = ()
    relation: Relation | None = None


_ORDER = (
    "tie_same",
    "tie_figure",
    "tie_disagrees",
    "tie_builds",
    "tie_compares",
    "tie_measured",
    "tie_applied",
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
    draft: Draft,
    story: Story,
    known: Mapping[str, VaultNote],
    common: AbstractSet[str] = frozenset(),
    titles: Titles | None = None,
) -> Statement | None:
    """To which notes of the vault the work is tied, and how; nothing where all that can be said is that they are close.

    ``common`` are terms too common to tell anything (:func:`common_terms`), ``titles`` the titles of ``known``. The sentences in
    which the work names the others are the statement's proof.
    """
    words = draft.words
    by_name = {one.to: one for one in related(story, known, titles or Titles(known))}
    ties = {tie.note_id: tie for tie in story.ties if tie.note_id in known}
    found = [
        *(_relation(story, tie, known[tie.note_id], words, common, by_name.get(tie.note_id)) for tie in ties.values()),
        *(_by_name(one) for one in by_name.values() if one.to not in ties),
    ]
    told = sorted((one for one in found if one), key=lambda one: _ORDER.index(one.word))[:_MOST]
    if not told:
        return None
    alike: dict[tuple[str, tuple[tuple[str, Phrase], ...]], list[Phrase]] = {}
    for one in told:
        alike.setdefault((one.word, one.places), []).append(_linked(known[one.note_id], story, words))
    parts: list[Span] = []
    for (word, places), linked in alike.items():
        parts.extend(fixed(words.semicolon) if parts else ())
        # In Chinese no second 與 beside the one of the relation.
        names = joined(words, linked, open_ended=words.lang != "en")
        parts.extend(fill(getattr(words, word), name=names, **dict(places)))
    ids = (*story.note_ids, *(one.note_id for one in told))
    proof = tuple(one.relation for one in told if one.relation)
    return Statement((*parts, *fixed(words.stop)), ids, cited=True, relations=proof)


def tie_words(tie: Tie, words: Words) -> Phrase:
    """On what a tie rests, in the reader's words."""
    if tie.kind is LinkKind.SAME_WORK:
        return fixed(words.vault_same)
    if tie.kind is LinkKind.CITES:
        return fixed(words.vault_cites)
    shown = [outside(term) for term in _shared(tie)]
    return fill(words.vault_shared, names=joined(words, shown)) if shown else fixed(words.vault_close)


def _relation(
    story: Story, tie: Tie, other: VaultNote, words: Words, common: AbstractSet[str], named: Relation | None
) -> _Told | None:
    if tie.kind is LinkKind.SAME_WORK:
        return _Told("tie_same", other.id)
    if told := _other_figure(story, other):
        own, theirs = told
        what = outside(f"{own.system} · {own.benchmark}")
        return _Told(
            "tie_figure", other.id, (("what", what), ("own", outside(own.text)), ("other", outside(theirs.text)))
        )
    if named:
        return _by_name(named)
    if tie.kind is LinkKind.CITES:
        return _Told("tie_cites", other.id)
    return _by_terms(story, tie, other, words, common)


def _by_name(relation: Relation) -> _Told:
    return _Told(f"tie_{relation.kind.value}", relation.to, relation=relation)


def _by_terms(story: Story, tie: Tie, other: VaultNote, words: Words, common: AbstractSet[str]) -> _Told | None:
    """What a tie of shared terms tells: the other note names the work, or both are on a subject."""
    shared = _shared(tie, common)
    own = [term for term in shared if _is_name_of(term, story.name)]
    if own and not _is_namesake(other, story):
        return _Told("tie_named", other.id)
    shared = [term for term in shared if term not in own]
    terms = [outside(term) for term in shared]
    if terms and tie.score >= _CLOSE:
        return _Told("tie_shared", other.id, (("terms", joined(words, terms)),))
    return None if other.source_type else _Told("tie_close", other.id)


def _is_name_of(term: str, name: str) -> bool:
    """Whether a term is the name of a work or the name within it: mHC of "DeepSeek mHC"."""
    return bool(name) and (fold(term) == fold(name) or (term in name.split() and term in names_in(term)))


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
    if tie.kind is LinkKind.MENTIONS:
        terms = [one for one in names_in(tie.why) if not _PROSE.search(one) and not _COMPOUND.fullmatch(one)]
    else:
        terms = [*filter(_tells, _terms(tie.why))]
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
    if KNOWN_NAME.fullmatch(term):  # on which works on anything are measured
        return False
    # A model's or a test's number (GPT-4o, GSM8K) stands in works on anything.
    named = any(letter.isupper() for letter in term) and not any(letter.isdigit() for letter in term)
    return len(term.split()) > 1 or named or cjk_share(term) > 0
