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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log

from index.themes.topic_phrases import Key, Phrases, Text, is_cut, words_of
from index.themes.topic_words import is_thing, is_weak
from notes.quantities.names import proper_names
from notes.text.fold import to_simplified
from notes.text.language import is_chinese
from notes.text.slug import slugify
from notes.text.traditional import to_traditional

__all__ = ["Text", "Wording", "free_id", "name_of", "wordings"]

_MOST_TERMS = 8
_LENGTH = {1: 1.0, 2: 1.8, 3: 1.8}
_TITLE_COUNTS = 2.0  # what a text is called says more than what it mentions
_RARE_OUTSIDE = 0.02  # below this share outside it matters no more how rare
_LEAST_SHARE = 0.12  # of a topic's texts that must hold a term, and at least two
_FIELD_SHARE = 1 / 3  # of a topic's texts that must hold what names it, if any phrase is so common, and at least three
_TINY = 4  # texts up to which two are enough
_MOST = 0.5  # the share above which a topic is about one work
_SECOND_SHARE = 0.4  # of the first part's score that the second must have to stand in the name
_TOGETHER = 1 / 3  # of the rarer phrase's texts that must hold the other as well
_LONE_SHARE = 0.5  # of a topic's texts that must hold a single word that names it, where no two titles do
_FIELD_WORKS = 4  # a capitalised word that so many works hold is no name of one of them
_SAME_STEM = 4  # letters: routing, router
_FRAGMENT = 0.7  # of a phrase's texts that hold a longer one with it, from which it is only part of that
_LOOKED_AT = 60  # phrases of a topic that may name it
_WHOLE = 0.25  # of a word's texts that hold a phrase with it, from which the phrase says it better
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
class _Phrase:
    """A phrase of a topic: how much it tells, which of the topic's texts and how many works and titles hold it."""

    weight: float
    text: str
    key: Key
    holders: frozenset[str]
    works: int
    titles: int

    @property
    def notes(self) -> int:
        """How many texts hold it."""
        return len(self.holders)


@dataclass(frozen=True, slots=True)
class _Group:
    """A topic to be named: its texts, how many of them there are, whether most are Chinese, its phrases most telling first."""

    keys: Sequence[str]
    size: int
    chinese: bool
    weighed: Sequence[_Phrase]


def wordings(
    groups: Sequence[Sequence[str]],
    texts: Mapping[str, Text],
    *,
    least: float = _LEAST_SHARE,
    taken: Collection[str] = (),
) -> list[Wording]:
    """The words for each group: parts of a name, terms up to eight; neither is ever empty.

    A phrase counts that the share ``least`` of a group's texts holds. Of two groups with the same name, or with one of ``taken``,
    the later gets a second part where it has one.
    """
    known = Phrases.of(texts)
    used, found = set(map(_plain, taken)), list[Wording]()
    for keys in groups:
        inside = [key for key in keys if key in texts]
        chinese = 2 * sum(is_chinese(texts[key][2]) for key in inside) > len(keys)
        group = _Group(inside, len(keys), chinese, _weighed(inside, len(keys), known, least))
        found.append(_wording(group, known, used, keys))
        used.update(map(_plain, {found[-1].name, *(name for _, name in found[-1].names)}))
    return found


def name_of(parts: Sequence[str]) -> str:
    """A name that reads well: the parts, each beginning with a capital unless its first word is a name."""
    return " · ".join(map(_capital, parts))


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


def _weighed(inside: Sequence[str], size: int, known: Phrases, least: float) -> list[_Phrase]:
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
        _Phrase(weight, known.spelling(phrase, inside), phrase, holders, told, titles)
        for weight, phrase, holders, told, titles in found
    ]


def _wording(group: _Group, known: Phrases, used: Collection[str], keys: Sequence[str]) -> Wording:
    group = _uncut(group, known)
    parts = _parts(group, known.names, used, chinese=group.chinese)
    terms = _apart([*parts, *group.weighed])
    if not terms:
        title = next((known.texts[key][0] for key in group.keys if known.texts[key][0]), keys[0])
        return Wording((title,), (title,))
    shown = tuple(part.text for part in parts or terms[:1])
    return Wording(shown, tuple(term.text for term in terms), tuple(_names(group, known.names, used)))


def _uncut(group: _Group, known: Phrases) -> _Group:
    """Without the Chinese phrases that are cut out of longer words."""
    whole = [one for one in group.weighed if one.weight][:_LOOKED_AT]
    if all(one.text.isascii() for one in whole):
        return _Group(group.keys, group.size, group.chinese, group.weighed)
    read = [to_simplified(f"{known.texts[key][0]}。{known.texts[key][1]}") for key in group.keys]
    kept = [one for one in whole if one.text.isascii() or not is_cut(one.key, read)]
    return _Group(group.keys, group.size, group.chinese, kept)


def _names(group: _Group, names: Collection[str], used: Collection[str]) -> Iterator[tuple[str, str]]:
    """The name by language, where the phrases of the language's texts give one."""
    english = _parts(_only(group, ascii_only=True), names, used, chinese=False)
    if english:
        yield "en", name_of([part.text for part in english])
    chinese = _parts(_only(group, ascii_only=False), names, used, chinese=True)
    if chinese:
        name = to_simplified(name_of([part.text for part in chinese]))
        yield "zh-Hans", name
        yield "zh-Hant", to_traditional(name)


def _only(group: _Group, *, ascii_only: bool) -> _Group:
    kept = [one for one in group.weighed if one.text.isascii() == ascii_only]
    return _Group(group.keys, group.size, group.chinese, kept)


def _parts(group: _Group, names: Collection[str], used: Collection[str], *, chinese: bool) -> list[_Phrase]:
    """The one or two phrases that tell the field of a group: telling, common, of one script, apart in meaning."""
    size = group.size
    common = 2 if size <= _TINY else max(3, ceil(size * _FIELD_SHARE))
    score = {one.text: one.weight * min(1.0, one.works / common) * _readable(one, size) for one in group.weighed}
    things = [one for one in group.weighed if one.weight and is_thing(one.text) and _tells(one, size, names)]
    things = things[:_LOOKED_AT]
    things = [one for one in things if not _is_lone(one) or one.titles > 1 or one.notes >= _LONE_SHARE * size]
    whole = [one for one in things if not any(_is_fragment(one, other) for other in things)]
    whole.sort(key=lambda one: (one.text.isascii() == chinese, _is_lone(one), -score[one.text], one.text))
    if not whole:
        return []
    first = whole[0]
    others = [one for one in whole[1:] if _is_other(one, first)]
    others = [one for one in others if not _is_lone(one)]
    equal = [one for one in others if score[one.text] >= _SECOND_SHARE * score[first.text] and _goes_with(one, first)]
    # A word that the texts write in a phrase is told by the phrase: GUI grounding.
    longer = [one for one in things if _says_more(one, first)]
    if longer:
        return [longer[0], *(other for other in equal if _is_other(other, longer[0]))][:2]
    if not equal and _plain(name_of([first.text])) in used:
        equal = others[:1]
    return [first, *equal[:1]]


def _says_more(one: _Phrase, word: _Phrase) -> bool:
    """Whether a phrase of two words holds ``word`` and is written in so many of its texts that it tells the field better."""
    pair = one.text.split(" ")
    return len(pair) == 2 and word.text in pair and one.notes >= _WHOLE * word.notes


def _is_lone(phrase: _Phrase) -> bool:
    """Whether a phrase is a single word of everyday English, which tells a field less well than any term."""
    word = phrase.text
    return word.isascii() and " " not in word and "-" not in word and word[1:].islower()


def _is_fragment(one: _Phrase, other: _Phrase) -> bool:
    """Whether ``one`` is seldom met outside ``other``: recursive language, recursive language models."""
    if one.text == other.text:
        return False
    if one.text.isascii():
        inside = f" {one.key} " in f" {other.key} " or f" {one.text} " in f" {other.text} "
        return inside and other.notes >= (_WHOLE if _is_lone(one) else _FRAGMENT) * one.notes
    return one.key in other.key and other.notes >= _FRAGMENT * one.notes


def _goes_with(one: _Phrase, first: _Phrase) -> bool:
    """Whether a phrase is a companion of another and not of other texts of the topic."""
    return len(one.holders & first.holders) >= _TOGETHER * min(one.notes, first.notes)


def _is_other(one: _Phrase, other: _Phrase) -> bool:
    if not one.text.isascii() and set(one.key) & set(other.key):
        return False
    same_stem = one.text.isascii() and one.text[:_SAME_STEM].lower() == other.text[:_SAME_STEM].lower()
    return not same_stem and one.text.isascii() == other.text.isascii() and len(_apart([one, other])) == 2


def _readable(phrase: _Phrase, size: int) -> float:
    """What a phrase's form counts: one word tells less of a field than two, unless titles hold it."""
    if words_of(phrase.text) > 1:
        return 1.3 * (1 + phrase.titles / size)
    return 0.8 * (1 + phrase.titles / size) if phrase.titles else 0.5


def _tells(phrase: _Phrase, size: int, names: Collection[str]) -> bool:
    """Whether a phrase tells the field: most titles hold it, or texts of several works do and it names none of them."""
    if phrase.titles > _MOST * size:
        return True
    named = phrase.works < _FIELD_WORKS and phrase.text.split()[-1].lower() in names
    return phrase.works > 1 and not named and not is_weak(phrase.text) and not proper_names(phrase.text)


def _apart(weighed: Iterable[_Phrase]) -> list[_Phrase]:
    """The first eight of which no two share a word and none is short for another."""
    chosen: list[_Phrase] = []
    for one in weighed:
        if not any(
            set(one.key.split()) & set(other.key.split()) or one.key in other.key or _is_short_for(one.text, other.text)
            for other in chosen
        ):
            chosen.append(one)
        if len(chosen) == _MOST_TERMS:
            break
    return chosen


def _is_short_for(text: str, other: str) -> bool:
    """Whether one abbreviates the other: RAG, retrieval-augmented generation; PLMs, pre-trained language models."""
    short, long = sorted((text.removesuffix("s"), other.removesuffix("s")), key=len)
    initials = "".join(word[0] for word in re.split(r"[\s-]+", long) if word).lower()
    return short.isupper() and (_in_turn(short.lower(), initials) or _in_turn(initials, short.lower()))


def _in_turn(short: str, long: str) -> bool:
    """Whether the letters of ``short``, at least two, come in ``long`` in their order."""
    rest = iter(long)
    return len(short) > 1 and all(letter in rest for letter in short)
