"""What a topic is about: the phrases that its texts share and other texts do not.

A phrase weighs ``p log(p / q)²`` with ``p`` and ``q`` the shares of texts that hold it inside and outside the topic. It is
class-based TF-IDF (c-TF-IDF, Grootendorst 2022) over key phrases, with texts counted instead of words, so that no single one
names a topic, and with the lift squared, so that ``language models`` does not name every one. Texts of one work count half as
often as texts of several, and a topic's name is made of its field's phrases: a work's own name stands in it only where most
texts tell of it. A name is one phrase of several words where there is one; a second part stands only where it tells as much,
or where another topic has the same name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from math import ceil, log

from index.themes.phrase_ties import TopicPhrase, apart, goes_with, is_fragment, is_lone, is_other, says_more
from index.themes.topic_phrases import Held, Key, Phrases, Text, words_of
from index.themes.topic_words import is_discipline, is_thing, is_weak
from notes.quantities.names import proper_names
from notes.text.fold import to_simplified
from notes.text.language import cjk_share, is_chinese
from notes.text.slug import slugify
from notes.text.traditional import to_traditional

__all__ = ["Text", "Wording", "free_id", "name_of", "names_of", "wordings"]

_LENGTH = {1: 1.0, 2: 1.8, 3: 1.8}
_TITLE_COUNTS = 2.0  # what a text is called says more than what it mentions
_RARE_OUTSIDE = 0.02  # below this share outside it matters no more how rare
_LEAST_SHARE = 0.12  # of a topic's texts that must hold a term, and at least two
_LEAST_OF_FIELD = 0.06  # the same of a field's
_FIELD_SHARE = 1 / 3  # of a topic's texts that must hold what names it, if any phrase is so common, and at least three
_TINY = 4  # texts up to which two are enough
_MOST = 0.5  # the share above which a topic is about one work
_COMMON = 1.5  # how much it counts that few works of a topic hold a phrase
_INSTEAD = 0.5  # of the most telling phrase's score that another must have to stand in for it
_WORDS_COUNT = 0.5  # of what a phrase's words tell, that counts for it
_PRINTED = 0.25  # what a phrase counts that no title holds, where one that only titles hold counts one more
_WORD = 0.35  # what a single word counts beside 1.3 of a phrase
_SECOND_SHARE = 0.4  # of the first part's score that the second must have to stand in the name
_LONE_SHARE = 0.5  # of a topic's texts that must hold a single word that names it, where no two titles do
_FIELD_WORKS = 4  # a capitalised word that so many works hold is no name of one of them
_LOOKED_AT = 60  # phrases of a topic that may name it
_SLUG_BYTES = 60


@dataclass(frozen=True, slots=True)
class Wording:
    """How a topic is put into words.

    The one or two ``parts`` of its name, its ``terms``, most telling first, and its ``names`` by language.
    """

    parts: tuple[str, ...]
    terms: tuple[str, ...]
    names: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The name in the language of most of its texts."""
        return name_of(self.parts)


@dataclass(frozen=True, slots=True)
class _Group:
    """A topic to be named.

    Its texts, how many of them there are, whether most are Chinese, whether it is a field of topics, its
    phrases most telling first.
    """

    keys: Sequence[str]
    size: int
    chinese: bool
    wide: bool
    weighed: Sequence[TopicPhrase]


def wordings(
    groups: Sequence[Sequence[str]],
    texts: Mapping[str, Text],
    *,
    wide: bool = False,
    taken: Collection[str] = (),
    own: Sequence[Collection[str]] = (),
    read: dict[str, Held] | None = None,
) -> list[Wording]:
    """The words for each group: parts of a name, terms up to eight; neither is ever empty.

    A phrase counts that enough of a group's texts hold, fewer where it is ``wide``, a field of topics. No two groups have the
    same name, nor has one a name of ``taken`` that is not among its ``own`` of last night: the later is told by what tells
    next to that, at worst with a number.
    ``read`` holds phrases of texts that were read before, and gets the others.
    """
    known, least = Phrases.of(texts, read), _LEAST_OF_FIELD if wide else _LEAST_SHARE
    used, found = set(map(_plain, taken)), list[Wording]()
    for keys, its in zip_longest(groups, own[: len(groups)], fillvalue=()):
        inside = [key for key in keys if key in texts]
        chinese = 2 * sum(is_chinese(texts[key][2]) for key in inside) > len(keys)
        group = _Group(inside, len(keys), chinese, wide, _weighed(inside, len(keys), known, least))
        words = _wording(group, known, used - set(map(_plain, its)), keys)
        found.append(words)
        used.update(map(_plain, {words.name, *(name for _, name in words.names)}))
    return found


def name_of(parts: Sequence[str]) -> str:
    """A name that reads well: the parts, each beginning with a capital unless its first word is a name."""
    return " · ".join(map(_capital, parts))


def names_of(name: str) -> dict[str, str]:
    """A topic's name by the language that it is in, Chinese in both scripts: what a topic is called that keeps its name."""
    if cjk_share(name) > 0:
        return {"zh-Hans": to_simplified(name), "zh-Hant": to_traditional(name)}
    return {"en": name}


def free_id(name: str, taken: Collection[str]) -> str:
    """An id for a topic of this name that is not taken."""
    slug = slugify(name, _SLUG_BYTES)
    ids = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
    return next(key for key in ids if key not in taken)


def _plain(name: str) -> str:
    """A name without its number: of two topics one may not be called Point cloud and the other Point clouds."""
    return name.casefold().removesuffix("s")


def _capital(term: str) -> str:
    return term if re.search("[A-Z]", term.partition(" ")[0]) else term[:1].upper() + term[1:]


def _weighed(inside: Sequence[str], size: int, known: Phrases, least: float) -> list[TopicPhrase]:
    """The phrases that enough of a group's texts hold, most telling first."""
    others = max(1, len(known.held) - len(inside))
    counts = Counter(phrase for key in inside for phrase in known.held[key])
    found = []
    for phrase, count in counts.items():
        if count >= max(2, least * size):
            holders = [key for key in inside if phrase in known.held[key]]
            titles = sum(phrase in known.titled[key] for key in holders)
            told = len({known.works[key] for key in holders})
            outside = _RARE_OUTSIDE + (known.everywhere[phrase] - count) / others
            lift = max(0.0, log(count / len(inside) / outside))
            share = (count + (_TITLE_COUNTS - 1) * titles) / len(inside) * (1 + told / count) / 2
            weight = share * lift**2 * _LENGTH[min(3, words_of(phrase))]
            found.append((weight, phrase, frozenset(holders), told, titles))
    found.sort(key=lambda one: (-one[0], -words_of(one[1]), one[1]))
    return [
        TopicPhrase(weight, *known.spelling(phrase, inside), phrase, holders, told, titles)
        for weight, phrase, holders, told, titles in found
    ]


def _wording(group: _Group, known: Phrases, used: Collection[str], keys: Sequence[str]) -> Wording:
    group = _uncut(group, known)
    parts = _parts(group, known, used, chinese=group.chinese)
    terms = apart([*parts, *group.weighed])
    if not terms:
        title = next((known.texts[key][0] for key in group.keys if known.texts[key][0]), keys[0])
        return Wording(_numbered([title], used), (title,))
    shown = _numbered([part.shown for part in parts or terms[:1]], used)
    return Wording(shown, tuple(term.text for term in terms), tuple(_names(group, known, used)))


def _numbered(parts: Sequence[str], used: Collection[str]) -> tuple[str, ...]:
    """The parts, the last one with a number where nothing else tells a topic from another of this name."""
    named = (parts, *([*parts[:-1], f"{parts[-1]} ({number})"] for number in range(2, len(used) + 3)))
    return next(tuple(one) for one in named if _plain(name_of(one)) not in used)


def _uncut(group: _Group, known: Phrases) -> _Group:
    """Without the Chinese phrases that are cut out of longer words, or fit any topic."""
    if all(one.text.isascii() for one in group.weighed):
        return group
    kept = [
        one for one in group.weighed if one.text.isascii() or (is_thing(one.text) and not known.edges.is_cut(one.key))
    ]
    return replace(group, weighed=kept)


def _names(group: _Group, known: Phrases, used: Collection[str]) -> Iterator[tuple[str, str]]:
    """The name by language, where the phrases of the language's texts give one."""
    english = _parts(_only(group, ascii_only=True), known, used, chinese=False)
    if english:
        yield "en", name_of(_numbered([part.shown for part in english], used))
    chinese = _parts(_only(group, ascii_only=False), known, used, chinese=True)
    if chinese:
        name = to_simplified(name_of(_numbered([part.shown for part in chinese], used)))
        yield "zh-Hans", name
        yield "zh-Hant", to_traditional(name)


def _only(group: _Group, *, ascii_only: bool) -> _Group:
    kept = [one for one in group.weighed if one.text.isascii() == ascii_only]
    return replace(group, weighed=kept)


def _parts(group: _Group, known: Phrases, used: Collection[str], *, chinese: bool) -> list[TopicPhrase]:
    """The one or two phrases that tell the field of a group: telling, common, of one script, apart in meaning."""
    size = group.size
    common = 2 if size <= _TINY else max(3, ceil(size * _FIELD_SHARE))
    weights = {one.key: one.weight for one in group.weighed if words_of(one.key) == 1}
    score = {
        one.text: _worth(one, weights) * min(1.0, one.works / common) ** _COMMON * _readable(one, size, known)
        for one in group.weighed
    }
    named = (one for one in group.weighed if is_thing(one.text) or (group.wide and is_discipline(one.text)))
    things = [one for one in named if one.weight and _tells(one, size, known.names)][:_LOOKED_AT]
    things = [one for one in things if not is_lone(one) or one.titles > 1 or one.notes >= _LONE_SHARE * size]
    whole = [one for one in things if not any(is_fragment(one, other) for other in things)]
    whole.sort(key=lambda one: (one.text.isascii() == chinese, -score[one.text], one.text))
    if not whole:
        return []
    first = whole[0]
    # Another topic that tells the same may have the name: then what else tells nearly as much names this one.
    fresh = [one for one in whole if not _is_used([one], used) and score[one.text] >= _INSTEAD * score[first.text]]
    first = fresh[0] if fresh and not is_lone(fresh[0]) else first
    others = [one for one in whole if one is not first and is_other(one, first) and not is_lone(one)]
    equal = [one for one in others if score[one.text] >= _SECOND_SHARE * score[first.text] and goes_with(one, first)]
    # A word that the texts write in a phrase is told by the phrase: GUI grounding.
    longer = [one for one in things if says_more(one, first)]
    ways = [[one, *(other for other in equal if is_other(other, one))][:2] for one in longer[:1]]
    ways += [[first, *equal[:1]], *([first, other] for other in others), *([other] for other in whole)]
    return next((parts for parts in ways if not _is_used(parts, used)), ways[0])


def _is_used(parts: Sequence[TopicPhrase], used: Collection[str]) -> bool:
    return _plain(name_of([part.shown for part in parts])) in used


def _worth(phrase: TopicPhrase, weights: Mapping[Key, float]) -> float:
    """How much a phrase tells, its words included: a topic of deepfakes is deepfake detection, not image detection."""
    words = phrase.key.split(" ") if phrase.text.isascii() else [phrase.key[:2], phrase.key[-2:]]
    return phrase.weight + _WORDS_COUNT * sum(weights.get(word, 0.0) for word in words if word != phrase.key)


def _readable(phrase: TopicPhrase, size: int, known: Phrases) -> float:
    """What a phrase's form counts: one word tells less of a field than two; what titles hold, here and elsewhere, tells more."""
    printed = (1 + phrase.titles / size) * (
        _PRINTED + (known.headlines[phrase.key] + 1) / (known.everywhere[phrase.key] + 2)
    )
    return printed * (_WORD if is_lone(phrase) or words_of(phrase.text) == 1 else 1.3)


def _tells(phrase: TopicPhrase, size: int, names: Collection[str]) -> bool:
    """Whether a phrase tells the field: most titles hold it, or texts of several works do and it names none of them."""
    if phrase.titles > _MOST * size:
        return True
    named = phrase.works < _FIELD_WORKS and phrase.text.split()[-1].lower() in names
    return phrase.works > 1 and not named and not is_weak(phrase.text) and not proper_names(phrase.text)
