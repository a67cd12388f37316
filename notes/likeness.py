"""Whether two entries are the same story, judged from small sketches of their titles and texts.

A sketch holds the title's words and two samples of the text's shingles (runs of words, or of Chinese characters): the
lead, where an excerpt and the full article agree, and the smallest hashes of the whole, whose overlap estimates the
resemblance of the two sets (Broder 1997; the k minimum values of Bar-Yossef et al. 2002). The text itself is not
needed again.

datasketch keeps MinHash and an LSH index, and was weighed: it brings numpy into the ground layer, hashes each shingle
under 128 permutations (milliseconds for an article, against some hundredths here), and its index would be a second store
beside the database. One sorted sample and a table of bands do the same with ``zlib.crc32``.
"""

from __future__ import annotations

import re
import struct
from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
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
_LANE, _HASH, _LOWEST = 64, 32, 16  # bits of a shingle's sum, of its hash, and below its hash: the middle is mixed best
# Any odd numbers of 28 bits: eight products with a word's hash of 32 do not fill a lane.
_FACTORS = tuple(crc32(b"factor %d" % place) >> 4 | 1 for place in range(HAN_RUN))
_HASHES = int.from_bytes(((1 << _HASH) - 1).to_bytes(_LANE // 8, "little") * MAX_WORDS, "little")
_NO_WORD = bytes(byte if chr(byte) in "0123456789abcdefghijklmnopqrstuvwxyz" else 32 for byte in range(256))
_TYPOGRAPHY = ("’", "‘", "“", "”", "–", "—", "…", "\u00a0")
_HAN = re.compile(r"[\u3400-\u9fff]")
TAIL = 400  # characters in which a syndicator's footer stands
_FOOTERS = (
    *("appeared first on", "first appeared on", "originally published ", "read more", "read the full", "read full"),
    *("continue reading", "view original", "view this post", "comments url:", "article url:", "submitted by /u/"),
    *("阅读原文", "阅读全文", "阅读更多", "继续阅读", "查看原文", "点击查看", "本文首发", "本文转载"),
)
_FOOTER_WORDS = ("appeared", "originally p", "read", "view ", " url:", "submitted by")  # one of them in each in English
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
    """``shingles`` counts the different ones of the text, ``opening`` samples its first ones, ``sample`` all."""

    title: Title
    shingles: int
    opening: frozenset[int]
    sample: frozenset[int]


def sketch(title: str, text: str) -> str:
    """What is needed to judge likeness later: about 500 characters; empty where there is neither title nor text."""
    name = Title.of(title)
    hashes = _hashes(text)
    if not name.words and not hashes:
        return ""
    lead = [mixed for mixed in hashes[:LEAD] if mixed & 1]
    different = sorted(set(hashes))
    marks = f"{name.front},{name.back},{int(name.is_series)}"
    return "|".join(
        (VERSION, marks, str(len(different)), _written(lead), _written(different[:SAMPLE]), " ".join(name.words))
    )


def _hashes(text: str) -> list[int]:
    """The hashes of the text's shingles, in order."""
    head = _HEADER.sub("", fold(_plain(text[:MAX_CHARACTERS])))
    head = head[: _footer(head)]
    if head.isascii():
        return _rolled(head.encode().translate(_NO_WORD, b"'").split()[:MAX_WORDS], RUN)
    words = tokens(head)[:MAX_WORDS]
    # Four Chinese characters are two words, and many a phrase.
    width = HAN_RUN if 2 * len(_HAN.findall("".join(words[:100]))) > min(100, len(words)) else RUN
    return _rolled(" ".join(words).encode().split(), width)


def _plain(text: str) -> str:
    """The text with typographic signs as ASCII has them, which is quicker to fold: between words they tell nothing."""
    if not text.isascii():
        for sign in _TYPOGRAPHY:
            text = text.replace(sign, "'" if sign == "’" else " ")
    return text


def _rolled(words: list[bytes], width: int) -> list[int]:
    """The hashes of all runs of ``width`` words: the words' own, each times the factor of its place, summed.

    One great number holds a word's hash in each lane, so that all runs are summed at once.
    """
    count = len(words) - width + 1
    if count < 1:
        return []
    lanes = int.from_bytes(struct.pack(f"<{len(words)}Q", *map(crc32, words)), "little")
    sums = sum((lanes >> _LANE * place) * _FACTORS[place] for place in range(width))
    size = len(words) * _LANE // 8
    return list(struct.unpack(f"<{len(words)}Q", (sums >> _LOWEST & _HASHES).to_bytes(size, "little"))[:count])


def _footer(head: str) -> int:
    """Where a syndicator's footer begins."""
    start = max(len(head) // 3, len(head) - TAIL)
    tail = head[start:]
    if tail.isascii() and not any(word in tail for word in _FOOTER_WORDS):
        return len(head)
    found = [place for words in _FOOTERS if (place := tail.find(words)) >= 0]
    if not found:
        return len(head)
    first = start + min(found)
    # "The post TITLE appeared first on SITE."
    before = head.rfind("the post ", start, first)
    return before if before >= 0 else first


def _written(hashes: list[int]) -> str:
    return b2a_base64(struct.pack(f">{len(hashes)}I", *hashes), newline=False).decode()


def _numbers(written: str) -> tuple[int, ...]:
    packed = a2b_base64(written)
    return struct.unpack(f">{len(packed) // 4}I", packed)


def _fields(written: str) -> list[str]:
    """The parts of a sketch; none where it is empty or of another version."""
    fields = written.split("|")
    return fields if len(fields) == 6 and fields[0] == VERSION else []


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
    return _Sketch(_title(fields), int(fields[2]), frozenset(lead), frozenset(body))


# The bands of a new item are asked for when it is looked for, when it is compared and when it is stored.
@lru_cache(maxsize=4_096)
def bands(written: str) -> tuple[str, ...]:
    """The keys by which likely kin are found: two sketches that share none are taken for different stories."""
    fields = _fields(written)
    if not fields:
        return ()
    title = _title(fields)
    titles = sorted({f"t{crc32(form.encode()):08x}" for form in title.forms}) if title.is_name else []
    # Two at a time, for the first words of many texts are the same.
    openings = pairwise(_numbers(fields[3])[: LEAD_BANDS + 1])
    leads = [f"l{(3 * first ^ second) & 0xFFFFFFFF:08x}" for first, second in openings]
    bodies = [f"b{mixed:08x}" for mixed in _numbers(fields[4])[:BODY_BANDS]]
    return tuple(dict.fromkeys((*titles, *leads, *bodies)))


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
