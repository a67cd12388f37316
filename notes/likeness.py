"""Whether two entries are the same story, judged from small sketches of their titles and texts.

A sketch holds the title's words and two samples of the text's shingles (runs of words, or of Chinese characters): the
lead, where an excerpt and the full article agree, and the smallest hashes of the whole, whose overlap estimates the
resemblance of the two sets (Broder 1997; the k minimum values of Bar-Yossef et al. 2002). The text itself is not
needed again.

datasketch keeps MinHash and an LSH index, and was weighed: it brings numpy into the ground layer, hashes each shingle
under 128 permutations (milliseconds for an article, against a tenth here), and its index would be a second store beside
the database. One sorted sample and a table of bands do the same with ``zlib.crc32``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import islice, pairwise
from zlib import crc32

from notes.fold import fold
from notes.titles import Title, tokens

__all__ = ["Kinship", "bands", "kinship", "same_story", "sketch"]

VERSION = "1"
MAX_WORDS = 700  # of a text; what is the same so far is the same
MAX_CHARACTERS = 5_000
LEAD = 64  # shingles
SAMPLE = 48
RUN, HAN_RUN = 5, 8  # words, characters of a shingle: shorter ones are phrases that half of all papers begin with
BODY_BANDS, LEAD_BANDS = 8, 3
NEAR_TITLE = 0.75
EDITED, NEARLY_ALL, RETITLED = 0.5, 0.8, 0.9  # resemblance that a text needs, as titles agree less
BRIEF, TELLING, RETOLD, TEASER = 8, 20, 40, 60  # shingles
_DIGITS = 7  # hex digits of a hash: 28 bits
_HAN = re.compile(r"[\u3400-\u9fff]")
TAIL = 400  # characters in which a syndicator's footer stands
_FOOTERS = (
    *("appeared first on", "first appeared on", "originally published ", "read more", "read the full", "read full"),
    *("continue reading", "view original", "view this post", "comments url:", "article url:", "submitted by /u/"),
    *("阅读原文", "阅读全文", "阅读更多", "继续阅读", "查看原文", "点击查看", "本文首发", "本文转载"),
)
# arXiv's own feed begins so; the API and those who copy from it do not.
_HEADER = re.compile(r"\A\s*arxiv:\S+ announce type: \S+\s*(?:abstract:\s*)?|\A\s*(?:abstract|摘要)\s*[:：.]?\s*")


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
    """``shingles`` counts the different ones of the text, ``lead`` samples its first ones in order, ``body`` all, smallest first.

    ``opening`` and ``sample`` are the two as sets.
    """

    title: Title
    shingles: int
    lead: tuple[str, ...]
    body: tuple[str, ...]
    opening: frozenset[str]
    sample: frozenset[str]


def sketch(title: str, text: str) -> str:
    """What is needed to judge likeness later: about 600 characters; empty where there is neither title nor text."""
    name = Title.of(title)
    hashes = _hashes(text)
    if not name.words and not hashes:
        return ""
    lead = [mixed for mixed in hashes[:LEAD] if mixed & 1]
    different = sorted(set(hashes))
    marks = f"{name.front},{name.back},{int(name.is_series)}"
    return "|".join(
        (VERSION, marks, str(len(different)), _hexed(lead), _hexed(different[:SAMPLE]), " ".join(name.words))
    )


def _hashes(text: str) -> list[int]:
    """The hashes of the text's shingles, in order."""
    head = _HEADER.sub("", fold(text[:MAX_CHARACTERS]))
    words = tokens(head[: _footer(head)])[:MAX_WORDS]
    # Four Chinese characters are two words, and many a phrase.
    width = HAN_RUN if 2 * len(_HAN.findall("".join(words[:100]))) > min(100, len(words)) else RUN
    encoded = " ".join(words).encode().split()
    runs = zip(*(islice(encoded, start, None) for start in range(width)), strict=False)
    return [crc32(run) >> 32 - 4 * _DIGITS for run in map(b" ".join, runs)]


def _footer(head: str) -> int:
    """Where a syndicator's footer begins."""
    start = max(len(head) // 3, len(head) - TAIL)
    found = [place for words in _FOOTERS if (place := head.find(words, start)) >= 0]
    if not found:
        return len(head)
    first = min(found)
    # "The post TITLE appeared first on SITE."
    before = head.rfind("the post ", start, first)
    return before if before >= 0 else first


def _hexed(hashes: list[int]) -> str:
    return ("%07x" * len(hashes)) % tuple(hashes)


@lru_cache(maxsize=16_384)
def _read(written: str) -> _Sketch | None:
    """The sketch as it was written; None where it is empty or of another version."""
    fields = written.split("|")
    if len(fields) != 6 or fields[0] != VERSION:
        return None
    front, back, is_series = map(int, fields[1].split(","))
    title = Title(tuple(fields[5].split()), front, back, bool(is_series))
    lead, body = _unhexed(fields[3]), _unhexed(fields[4])
    return _Sketch(title, int(fields[2]), lead, body, frozenset(lead), frozenset(body))


def _unhexed(written: str) -> tuple[str, ...]:
    return tuple(written[start : start + _DIGITS] for start in range(0, len(written), _DIGITS))


def bands(written: str) -> tuple[str, ...]:
    """The keys by which likely kin are found: two sketches that share none are taken for different stories."""
    found = _read(written)
    if found is None:
        return ()
    titles = sorted({f"t{crc32(form.encode()):08x}" for form in found.title.forms}) if found.title.is_name else []
    # Two at a time, for the first words of many texts are the same.
    leads = [f"l{crc32(f'{first}{second}'.encode()):08x}" for first, second in pairwise(found.lead[: LEAD_BANDS + 1])]
    return tuple(dict.fromkeys((*titles, *leads, *(f"b{mixed}" for mixed in found.body[:BODY_BANDS]))))


def kinship(one: str, other: str) -> Kinship:
    """How near two sketches are; symmetric, and NONE where either is empty."""
    ours, theirs = _read(one), _read(other)
    if ours is None or theirs is None:
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
    shared, share = _inclusion(ours, theirs)
    if ours.title.is_series or theirs.title.is_series:
        # "Weekly links: read them here" is written each week.
        if shorter >= TELLING and (resemblance >= 0.8 or (shared >= 12 and share >= 0.9)):
            return Kinship.STORY
    elif shorter >= BRIEF and (resemblance >= 0.25 or (shared >= 4 and share >= 0.5)):
        return Kinship.STORY
    if is_telling and shorter < TEASER:
        return Kinship.TITLE
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
    if agreed.parted:
        return Kinship.NONE
    if agreed.one_holds_the_other and agreed.share >= NEAR_TITLE:
        return Kinship.STORY
    # A word put for another is how a template is filled in: "Opus is now available", "Sonnet is now available".
    is_near = agreed.share >= NEAR_TITLE
    least = NEARLY_ALL if is_near and shorter >= TEASER else RETITLED
    return Kinship.STORY if resemblance >= least and (is_near or shorter >= RETOLD) else Kinship.NONE


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
