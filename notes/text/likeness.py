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
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from notes.model import Item, blocks_text
from notes.text.sampling import SAMPLE, SHORT, Sample, sample, samples
from notes.text.shingles import MAX_CHARACTERS, words
from notes.text.sketch_form import HASH_BYTES, VERSION, is_sketch
from notes.text.titles import LEAST_WEIGHT, Title

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

BODY_BANDS, LEAD_BANDS = 8, 3
NEAR_TITLE = 0.75
EDITED, NEARLY_ALL, RETITLED = 0.5, 0.8, 0.9  # resemblance that a text needs, as titles agree less
BRIEF, TELLING, RETOLD, TEASER = 8, 20, 40, 60  # shingles
FEW_WORDS = 3
_BARE = "0,0,0"  # no words at either end that are no part of the title, and no series
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
    said, width = words(text)
    return _sketched(Title.of(title, sites), said, sample(said, width))


def sketch_of(item: Item) -> str:
    """The sketch of an item, whose site is told by its source's title and its address."""
    return sketches_of((item,))[0]


def sketches_of(items: Sequence[Item]) -> tuple[str, ...]:
    """The sketches of many items, drawn at once."""
    read = [words(blocks_text(item.blocks)[:MAX_CHARACTERS]) for item in items]
    drawn = zip(items, read, samples(read), strict=True)
    return tuple([_sketched(Title.of(item.title, _sites(item)), said, of_it) for item, (said, _), of_it in drawn])


def _sites(item: Item) -> tuple[str, str]:
    return item.source_title, _host(item.url)


def _sketched(name: Title, said: list[int], text: Sample) -> str:
    if not name.words and not text.different:
        return ""
    vocabulary = set(said)
    places = [said.index(word) if word in vocabulary else -1 for word in (crc32(word.encode()) for word in name.words)]
    return (
        f"{VERSION}|{name.front},{name.back},{int(name.is_series)}|{text.different}|{text.lead}|{text.smallest}"
        f"|{' '.join(name.words)}|{len(said)}|{','.join(map(str, places))}|{text.vocabulary}"
    )


def _host(url: str) -> str:
    """The host of an address, lower case, with its port; empty where there is none."""
    return url.partition("://")[2].partition("/")[0].casefold()


def _numbers(written: str, size: str = "I") -> tuple[int, ...]:
    packed = a2b_base64(written)
    return struct.unpack(f">{len(packed) // struct.calcsize(size)}{size}", packed)


def _beginning(written: str, count: int) -> bytes:
    """The bytes of the first hashes, without reading the others: three hashes are sixteen characters."""
    return a2b_base64(written[: 16 * -(-count // 3)])[: HASH_BYTES * count]


# Only of the few that come as far as this: all words of both texts.
@lru_cache(maxsize=512)
def _vocabulary(written: str) -> frozenset[int]:
    return frozenset(_numbers(written, "H"))


def _fields(written: str) -> list[str]:
    """The parts of a sketch; none where it is empty or of another version."""
    fields = written.split("|")
    return fields if len(fields) == 9 and fields[0] == VERSION else []


def _title(fields: list[str]) -> Title:
    front, back, is_series = map(int, fields[1].split(","))
    return Title(tuple(fields[5].split()), front, back, bool(is_series))


@lru_cache(maxsize=4_096)
def _read(written: str) -> _Sketch | None:
    """The sketch as it was written; None where it is empty or of another version."""
    fields = _fields(written)
    if not fields:
        return None
    lead, body = _numbers(fields[3]), _numbers(fields[4])
    title = _title(fields)
    places = dict(zip(title.words, map(int, fields[7].split(",")), strict=True)) if title.words else {}
    return _Sketch(title, int(fields[2]), frozenset(lead), frozenset(body), int(fields[6]), places, fields[8])


# The bands of a new item are asked for when it is looked for, when it is compared and when it is stored.
@lru_cache(maxsize=4_096)
def bands(written: str) -> tuple[str, ...]:
    """The keys by which likely kin are found: two sketches that share none are taken for different stories."""
    fields = _fields(written)
    if not fields:
        return ()
    titles = sorted([f"t{crc32(form.encode()):08x}" for form in _forms(fields)])
    # Two at a time, for the first words of many texts are the same.
    first = _beginning(fields[3], LEAD_BANDS + 1)
    openings = pairwise(struct.unpack(f">{len(first) // HASH_BYTES}I", first))
    leads = [f"l{(3 * one ^ other) & 0xFFFFFFFF:08x}" for one, other in openings]
    smallest = _beginning(fields[4], BODY_BANDS)
    bodies = f"b{smallest.hex('/', HASH_BYTES).replace('/', '/b')}".split("/") if smallest else ()
    return tuple(dict.fromkeys((*titles, *leads, *bodies)))


def _forms(fields: list[str]) -> Collection[str]:
    """The title's forms where it is a name."""
    if fields[1] == _BARE and fields[5].isascii():
        # Nearly every one: its words, with nothing before or after them.
        words = fields[5].split()
        return ("".join(words),) if len(words) >= LEAST_WEIGHT else ()
    title = _title(fields)
    return title.forms if title.is_name else ()


def kinship(one: str, other: str) -> Kinship:
    """How near two sketches are; symmetric, and NONE where either is empty."""
    ours, theirs = _read(one), _read(other)
    if ours is None or theirs is None or ours.title.is_bare or theirs.title.is_bare:
        return Kinship.NONE
    if ours.title.is_same(theirs.title):
        return _under_one_title(ours, theirs)
    return _under_two_titles(ours, theirs)


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
    shared, share = _inclusion(ours, theirs)
    is_excerpt = shared >= 8 and share >= 0.8
    if resemblance < EDITED and not is_excerpt:
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


def _inclusion(ours: _Sketch, theirs: _Sketch) -> tuple[int, float]:
    """How many sampled shingles of the shorter opening the other has, and which share of them."""
    shared = len(ours.opening & theirs.opening)
    return shared, shared / max(1, min(len(ours.opening), len(theirs.opening)))


def same_story(one: str, other: str) -> bool:
    """Whether two sketches are of one story by what they say themselves."""
    return kinship(one, other) >= Kinship.STORY
