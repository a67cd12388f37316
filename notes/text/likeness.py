"""Whether two entries are the same story, judged from small sketches of their titles and texts.

A sketch holds the title's words and two samples of the text's shingles (runs of words, or of Chinese characters): the
lead, where an excerpt and the full article agree, and the smallest hashes of the whole, whose overlap estimates the
resemblance of the two sets (Broder 1997; the k minimum values of Bar-Yossef et al. 2002). Against templates, whose texts
differ by little more than a name, it also holds where the text speaks of the title's words, and which words the text has.
The text itself is not needed again.

datasketch keeps MinHash and an LSH index, and was weighed: it hashes each shingle
under 128 permutations (milliseconds for an article, against some hundredths here), and its index would be a second store
beside the database. One sorted sample and a table of bands do the same with ``zlib.crc32``.
"""

from __future__ import annotations

import struct
from binascii import a2b_base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from zlib import crc32

from notes.model import Item, blocks_text
from notes.text.bands import bands, title_in
from notes.text.sampling import SAMPLE, SHORT, Reading, reading, readings
from notes.text.shingles import MAX_CHARACTERS
from notes.text.sketch_form import VERSION, fields_of, is_sketch
from notes.text.titles import Title

__all__ = [
    "MAX_CHARACTERS",
    "Kinship",
    "bands",
    "is_sketch",
    "kinship",
    "same_story",
    "sketch",
    "sketch_of",
    "sketches_of",
]

NEAR_TITLE = 0.75
EDITED, NEARLY_ALL, RETITLED = 0.5, 0.8, 0.9  # resemblance that a text needs, as titles agree less
BRIEF, TELLING, RETOLD, TEASER = 8, 20, 40, 60  # shingles
FEW_WORDS = 3
_UNDRESSED = "0,0,"  # no words at either end that are no part of the title
_LITTLE = frozenset(
    "a an and are as at by for from how in is it its new of on or our that the their this to via we what when where which"
    " who why will with you your".split()
) | frozenset("的了和与在是之及为对于其有")


class Kinship(IntEnum):
    """What title and text say of two entries, by rising certainty."""

    NONE = 0
    NAME = 1
    """They bear the same name of a few words and have no text to compare: only the same moment makes them one."""
    TITLE = 2
    """They bear the same telling title, and their texts say neither yes nor no: nearness in time has to."""
    STORY = 3
    """Title and text agree."""
    COPY = 4
    """The same title over the same text, a few words apart."""


@dataclass(frozen=True, slots=True)
class _Sketch:
    """``shingles`` counts the different ones of the text, ``opening`` samples its first ones, ``sample`` all.

    ``length`` is that of the text in words, ``places`` where each of the title's words first stands there (-1: nowhere),
    ``vocabulary`` all its words as they are written in the sketch.
    """

    title: Title
    shingles: int
    opening: frozenset[int]
    sample: frozenset[int]
    length: int
    places: Mapping[str, int]
    vocabulary: str


def sketch(title: str, text: str, sites: Iterable[str] = ()) -> str:
    """What is needed to judge likeness later: some 1,000 characters; empty where there is neither title nor text.

    ``sites`` are names of the site, its title and its host, with which it may end its titles.
    """
    name = Title.of(title, sites)
    return _sketched(name, reading(text, name.words))


def sketch_of(item: Item) -> str:
    """The sketch of an item, whose site is told by its source's title and its address."""
    return sketches_of((item,))[0]


def sketches_of(items: Sequence[Item]) -> tuple[str, ...]:
    """The sketches of many items, drawn at once."""
    names = [Title.of(item.title, _sites(item)) for item in items]
    read = readings([blocks_text(item.blocks)[:MAX_CHARACTERS] for item in items], [name.words for name in names])
    return tuple(map(_sketched, names, read))


def _sites(item: Item) -> tuple[str, str]:
    return item.source_title, _host(item.url)


def _sketched(name: Title, read: Reading) -> str:
    text = read.sample
    if not name.words and not text.different:
        return ""
    return (
        f"{VERSION}|{name.front},{name.back},{int(name.is_series)}|{text.different}|{text.lead}|{text.smallest}"
        f"|{' '.join(name.words)}|{read.length}|{','.join(map(str, read.places))}|{text.vocabulary}"
    )


def _host(url: str) -> str:
    """The host of an address, lower case, with its port; empty where there is none."""
    return url.partition("://")[2].partition("/")[0].casefold()


def _numbers(written: str, size: str = "I") -> tuple[int, ...]:
    packed = a2b_base64(written)
    return struct.unpack(f">{len(packed) // struct.calcsize(size)}{size}", packed)


# Only of the few that come as far as this: all words of both texts.
@lru_cache(maxsize=512)
def _vocabulary(written: str) -> frozenset[int]:
    return frozenset(_numbers(written, "H"))


@dataclass(frozen=True, slots=True)
class _Outline:
    """What shows of most pairs that they are two: ``name`` is the title where nothing stands around it, None else."""

    name: str | None
    shingles: int
    opening: frozenset[int]
    sample: frozenset[int]


@lru_cache(maxsize=4_096)
def _outline(written: str) -> _Outline | None:
    """The outline of a sketch; None where it is empty or of another version."""
    fields = fields_of(written)
    if not fields:
        return None
    name = "".join(fields[5].split()) if fields[1].startswith(_UNDRESSED) else None
    return _Outline(name, int(fields[2]), frozenset(_numbers(fields[3])), frozenset(_numbers(fields[4])))


@lru_cache(maxsize=1_024)
def _read(written: str) -> _Sketch | None:
    """The sketch as it was written; None where it is empty or of another version."""
    fields, outline = fields_of(written), _outline(written)
    if outline is None:
        return None
    title = title_in(fields)
    places = dict(zip(title.words, map(int, fields[7].split(",")), strict=True)) if title.words else {}
    return _Sketch(title, outline.shingles, outline.opening, outline.sample, int(fields[6]), places, fields[8])


def kinship(one: str, other: str) -> Kinship:
    """How near two sketches are; symmetric, and NONE where either is empty."""
    if _are_two(one, other):
        return Kinship.NONE
    ours, theirs = _read(one), _read(other)
    if ours is None or theirs is None or ours.title.is_bare or theirs.title.is_bare:
        return Kinship.NONE
    if ours.title.is_same(theirs.title):
        return _under_one_title(ours, theirs)
    return _under_two_titles(ours, theirs)


def _are_two(one: str, other: str) -> bool:
    """Whether it shows at a glance that two sketches are of two stories: so are nearly all that share a band by chance.

    They bear two titles, and even if all common hashes were among the smallest the texts would not resemble each other.
    """
    ours, theirs = _outline(one), _outline(other)
    if ours is None or theirs is None:
        return True
    if ours.name is None or theirs.name is None or ours.name == theirs.name:
        return False
    if min(ours.shingles, theirs.shingles) < TELLING:
        return True
    common = len(ours.sample & theirs.sample)
    if common / (min(SAMPLE, len(ours.sample) + len(theirs.sample) - common) or 1) >= EDITED:
        return False
    return not _is_excerpt(*_inclusion(ours, theirs))


def _under_one_title(ours: _Sketch, theirs: _Sketch) -> Kinship:
    shorter = min(ours.shingles, theirs.shingles)
    resemblance = _resemblance(ours, theirs)
    is_telling = ours.title.is_telling and theirs.title.is_telling
    if shorter >= TELLING and resemblance >= 0.9 and is_telling:
        return Kinship.COPY
    if shorter >= TELLING and not (ours.sample & theirs.sample or ours.opening & theirs.opening):
        return Kinship.NONE
    shared, share = _inclusion(ours, theirs)
    if ours.title.is_series or theirs.title.is_series:
        # "Weekly links: read them here" is written each week.
        if shorter >= TELLING and (resemblance >= 0.8 or (shared >= 12 and share >= 0.9)):
            return Kinship.STORY
    elif shorter >= BRIEF and (resemblance >= 0.25 or (shared >= 4 and share >= 0.5)):
        return Kinship.STORY
    if is_telling and shorter < TEASER:
        return Kinship.TITLE if _may_agree(ours, theirs) else Kinship.NONE
    is_silent = shorter == 0 or resemblance >= 0.9
    return Kinship.NAME if is_silent and ours.title.is_name and theirs.title.is_name else Kinship.NONE


def _under_two_titles(ours: _Sketch, theirs: _Sketch) -> Kinship:
    """The text has to say it, the more so the less the titles agree; what tells parts of a series apart forbids it."""
    shorter = min(ours.shingles, theirs.shingles)
    if shorter < TELLING or not (ours.sample & theirs.sample or ours.opening & theirs.opening):
        return Kinship.NONE
    resemblance = _resemblance(ours, theirs)
    if resemblance < EDITED and not _is_excerpt(*_inclusion(ours, theirs)):
        return Kinship.NONE
    agreed = ours.title.agreement(theirs.title)
    if agreed.parted or not (_may_be(ours, theirs) and _may_be(theirs, ours)):
        return Kinship.NONE
    if agreed.one_holds_the_other and agreed.share >= NEAR_TITLE:
        return Kinship.STORY
    # A word put for another is how a template is filled in: "Opus is now available", "Sonnet is now available".
    is_near = agreed.share >= NEAR_TITLE
    least = NEARLY_ALL if is_near and shorter >= TEASER else RETITLED
    if resemblance < least or not (is_near or shorter >= RETOLD):
        return Kinship.NONE
    names = (
        (ours.title.only(theirs.title), theirs.title.only(ours.title))
        if is_near
        else (ours.title.core, theirs.title.core)
    )
    return Kinship.STORY if _is_spoken_of(ours, names[0]) or _is_spoken_of(theirs, names[1]) else Kinship.NONE


def _may_agree(ours: _Sketch, theirs: _Sketch) -> bool:
    """Whether two texts have a word in common that their title's and everybody's are not; or one has hardly any."""
    if min(ours.length, theirs.length) < FEW_WORDS:
        return True
    usual = frozenset(crc32(word.encode()) & SHORT for word in (*_LITTLE, *ours.title.words))
    return bool((_vocabulary(ours.vocabulary) & _vocabulary(theirs.vocabulary)) - usual)


def _may_be(one: _Sketch, other: _Sketch) -> bool:
    """Whether the other text speaks of what the first one's title names, as far as it goes."""
    words = one.title.only(other.title)
    told = [word for word in words if word not in _LITTLE and 0 <= one.places[word] < other.length]
    said = _vocabulary(other.vocabulary) if told else frozenset()
    return all(crc32(word.encode()) & SHORT in said for word in told)


def _is_spoken_of(one: _Sketch, words: Iterable[str]) -> bool:
    """Whether the text says half of these words: a text that says none may stand under any title."""
    telling = [word for word in words if word not in _LITTLE]
    return 2 * sum(one.places[word] >= 0 for word in telling) >= len(telling)


def _resemblance(ours: _Sketch, theirs: _Sketch) -> float:
    """The estimated Jaccard index of the two texts' shingles, in [0, 1]."""
    common = ours.sample & theirs.sample
    if not common:
        return 0.0
    smallest = sorted(ours.sample | theirs.sample)[:SAMPLE]
    return sum(1 for mixed in common if mixed <= smallest[-1]) / len(smallest)


def _inclusion(ours: _Sketch | _Outline, theirs: _Sketch | _Outline) -> tuple[int, float]:
    """How many sampled shingles of the shorter opening the other has, and which share of them."""
    shared = len(ours.opening & theirs.opening)
    return shared, shared / max(1, min(len(ours.opening), len(theirs.opening)))


def _is_excerpt(shared: int, share: float) -> bool:
    return shared >= 8 and share >= 0.8


def same_story(one: str, other: str) -> bool:
    """Whether two sketches are of one story by what they say themselves."""
    return kinship(one, other) >= Kinship.STORY
